//! The key management module of one trusted node, after Kosmatos, Stavdas and Lord ("Design and Implementation of the
//! QKD Control and Management Layers for Access Network Deployments"). The comments name the step of its Figure 2.

use super::control::{Role, ServiceOrder, ServiceRequest, ToController};
use super::event::Event;
use super::params::Params;
use super::store::{KEY_BITS, Pool};
use crate::ground::order::gather;
use crate::ground::secret::KEY_BYTES;
use crate::ground::{
    KeyId, LinkId, NodeId, Output, RelayedKey, SaeId, SecretKey, ServiceId, SimDuration, SimTime,
};
use std::collections::BTreeMap;

/// Where a KMM sends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum To {
    /// The controller.
    Controller,
    /// Another KMM.
    Peer(NodeId),
}

/// What a KMM sends.
#[derive(Clone, Debug, PartialEq)]
pub enum Message {
    /// To the controller.
    Control(ToController),
    /// To another KMM.
    Peer(PeerMessage),
}

/// Between KMMs: the words of the Kx interface (ITU-T Q.4163): key relay, key supply notification and its answer.
#[derive(Clone, Debug, PartialEq)]
pub enum PeerMessage {
    /// Key relay, from a hop's master to its slave (steps 6 and 7): the keys of the hop that are taken, and behind the
    /// first hop the end-to-end keys under them (X xor Y).
    Relay {
        /// The service.
        service: ServiceId,
        /// End-to-end key identifiers: those of the first hop.
        keys: Vec<KeyId>,
        /// This hop's keys.
        hop_keys: Vec<KeyId>,
        /// The end-to-end keys under this hop's keys; empty on the first hop, where both are the same.
        wrapped: Vec<[u8; KEY_BYTES]>,
    },
    /// Key relay completion notification, from the destination to the source.
    Supplied {
        /// The service.
        service: ServiceId,
        /// The keys that the far SAE now holds.
        keys: Vec<KeyId>,
    },
    /// A node on the way could not go on.
    Rejected {
        /// The service.
        service: ServiceId,
        /// The keys.
        keys: Vec<KeyId>,
        /// No key was used: the source may put its own back.
        unused: bool,
        /// The link that lacked keys.
        link: LinkId,
    },
}

/// A key for an application (step 8).
#[derive(Clone, Debug)]
pub struct Delivery {
    /// Who gets it.
    pub sae: SaeId,
    /// Who holds the same.
    pub peer_sae: SaeId,
    /// The key.
    pub key: RelayedKey,
}

/// What a KMM is told.
#[derive(Clone, Debug)]
pub enum Input {
    /// The QKD module of a link hands over keys (step 2).
    QkdKeys(LinkId, Vec<SecretKey>),
    /// An SAE of this node asks for a service (steps 3 and 4).
    Request(ServiceRequest),
    /// The controller's order (step 5).
    Order(ServiceOrder),
    /// A message of another KMM.
    Peer(NodeId, PeerMessage),
    /// The time of a `WakeAt` has come: an allocation cycle.
    Wake,
}

/// What a KMM says.
pub type KmmOutput = Output<To, Message, Delivery, Event>;

/// A service as one node sees it.
#[derive(Clone, Debug)]
struct Service {
    order: ServiceOrder,
    /// Keys owed by now, at the source.
    credit: f64,
    starved: bool,
    /// Keys that the far end has not confirmed yet, at the source.
    pending: BTreeMap<KeyId, (SimTime, SecretKey)>,
}

/// The key management module of one trusted node.
#[derive(Clone, Debug)]
pub struct Kmm {
    node: NodeId,
    params: Params,
    pools: BTreeMap<LinkId, Pool>,
    services: BTreeMap<ServiceId, Service>,
    next_cycle: Option<SimTime>,
}

impl Kmm {
    /// A module with an empty pool for each of its links.
    #[must_use]
    pub fn new(node: NodeId, params: &Params, links: impl IntoIterator<Item = (LinkId, NodeId)>) -> Self {
        let pools = gather(links.into_iter().map(|(link, peer)| {
            let pool = Pool::new(link.clone(), peer, params.pool_capacity_bits, params.reserve_bits);
            (link, pool)
        }));
        Self { node, params: params.clone(), pools, services: BTreeMap::new(), next_cycle: None }
    }

    /// The pool of a link.
    #[must_use]
    pub fn pool(&self, link: &LinkId) -> Option<&Pool> {
        self.pools.get(link)
    }

    /// See [`crate::ground::io`].
    pub fn handle(&mut self, now: SimTime, input: Input, out: &mut Vec<KmmOutput>) {
        match input {
            Input::QkdKeys(link, keys) => self.store(&link, keys, out),
            Input::Request(request) => {
                out.push(Output::Event(Event::Requested(request.clone())));
                out.push(Output::Send(To::Controller, Message::Control(ToController::Request(request))));
            }
            Input::Order(order) => self.create_service(now, order, out),
            Input::Peer(_, PeerMessage::Relay { service, keys, hop_keys, wrapped }) => {
                self.relay(service, keys, &hop_keys, &wrapped, out);
            }
            Input::Peer(_, PeerMessage::Supplied { service, keys }) => self.supplied(service, &keys, out),
            Input::Peer(_, PeerMessage::Rejected { service, keys, unused, link }) => {
                self.rejected(service, &keys, unused, link, out);
            }
            Input::Wake => {
                if self.next_cycle.is_some_and(|at| now >= at) {
                    self.cycle(now, out);
                }
            }
        }
    }

    fn store(&mut self, link: &LinkId, keys: Vec<SecretKey>, out: &mut Vec<KmmOutput>) {
        let (Some(pool), Some(first)) = (self.pools.get_mut(link), keys.first()) else { return };
        let (block, offered) = (first.provenance.block.clone(), keys.len() as u32);
        let stored = pool.store(keys);
        out.push(Output::Event(Event::KeysStored {
            block,
            stored,
            refused: offered - stored,
            level_bits: pool.level_bits(),
        }));
    }

    fn create_service(&mut self, now: SimTime, order: ServiceOrder, out: &mut Vec<KmmOutput>) {
        out.push(Output::Event(Event::ServiceCreated {
            service: order.service,
            request: order.request.clone(),
            role: order.role,
            hops: order.hops,
        }));
        let source = order.role == Role::Source;
        self.services
            .insert(order.service, Service { order, credit: 2.0, starved: false, pending: BTreeMap::new() });
        if source && self.next_cycle.is_none() {
            let at = now + SimDuration::from_secs(self.params.allocation_cycle_s);
            self.next_cycle = Some(at);
            out.push(Output::WakeAt(at));
        }
    }

    /// One allocation cycle: each service of which this node is the source gets the keys that it is owed.
    fn cycle(&mut self, now: SimTime, out: &mut Vec<KmmOutput>) {
        let at = now + SimDuration::from_secs(self.params.allocation_cycle_s);
        self.next_cycle = Some(at);
        out.push(Output::WakeAt(at));
        let timeout = SimDuration::from_secs(self.params.supply_timeout_s);
        for (&id, service) in &mut self.services {
            if service.order.role != Role::Source {
                continue;
            }
            // Given up: the far end may hold them, but nobody here will use them.
            service.pending.retain(|_, (since, _)| now.since(*since) < timeout);
            let rate = service.order.request.keys_per_s;
            // A service that could not be served for long does not drain the pool at once when it can.
            service.credit =
                (service.credit + rate * self.params.allocation_cycle_s).min((4.0 * rate).max(2.0));
            let n = service.credit.floor() as u32;
            let Some((next, link)) = service.order.next.clone() else { continue };
            let Some(pool) = self.pools.get_mut(&link) else { continue };
            if n == 0 {
                continue;
            }
            let Some(keys) = pool.take(n, self.node < next) else {
                starve(service, id, &link, pool.available(), n, out);
                continue;
            };
            service.credit -= f64::from(n);
            let ids: Vec<KeyId> = keys.iter().map(|k| k.id).collect();
            out.push(Output::Event(Event::Allocated { service: id, link, keys: ids.clone() }));
            service.pending.extend(keys.into_iter().map(|k| (k.id, (now, k))));
            let message =
                PeerMessage::Relay { service: id, keys: ids.clone(), hop_keys: ids, wrapped: Vec::new() };
            out.push(Output::Send(To::Peer(next), Message::Peer(message)));
        }
    }

    /// A slave takes the keys that the master of the hop before named; a relay goes on, a destination delivers.
    fn relay(
        &mut self,
        id: ServiceId,
        keys: Vec<KeyId>,
        hop_keys: &[KeyId],
        wrapped: &[[u8; KEY_BYTES]],
        out: &mut Vec<KmmOutput>,
    ) {
        let Some(service) = self.services.get(&id) else { return };
        let order = &service.order;
        let Some((_, link)) = order.previous.clone() else { return };
        let source = To::Peer(order.request.source.clone());
        let reject = |link: LinkId, unused: bool, keys: Vec<KeyId>| {
            Output::Send(
                source.clone(),
                Message::Peer(PeerMessage::Rejected { service: id, keys, unused, link }),
            )
        };
        let first_hop = wrapped.is_empty();
        let held = self.pools.get_mut(&link).and_then(|pool| pool.take_ids(hop_keys));
        let Some(held) =
            held.filter(|held| first_hop || (held.len() == wrapped.len() && held.len() == keys.len()))
        else {
            out.push(reject(link, first_hop, keys));
            return;
        };
        let end_to_end: Vec<[u8; KEY_BYTES]> = if first_hop {
            held.iter().map(|k| *k.expose()).collect()
        } else {
            held.iter().zip(wrapped).map(|(y, c)| xor(y.expose(), c)).collect()
        };
        let Some((next, next_link)) = order.next.clone() else {
            self.deliver(id, keys, &end_to_end, out);
            return;
        };
        let n = keys.len() as u32;
        let Some(own) = self.pools.get_mut(&next_link).and_then(|pool| pool.take(n, self.node < next)) else {
            if first_hop {
                // Nothing was said of these keys yet but their names: they can be used another time.
                if let Some(pool) = self.pools.get_mut(&link) {
                    pool.put_back(held, order.previous.as_ref().is_some_and(|(p, _)| *p < self.node));
                }
            }
            out.push(reject(next_link, first_hop, keys));
            return;
        };
        let wrapped = end_to_end.iter().zip(&own).map(|(x, y)| xor(x, y.expose())).collect();
        let hop_ids: Vec<KeyId> = own.iter().map(|k| k.id).collect();
        out.push(Output::Event(Event::Relayed {
            service: id,
            from: link,
            to: next_link,
            keys: keys.clone(),
            hop_keys: hop_ids.clone(),
        }));
        let message = PeerMessage::Relay { service: id, keys, hop_keys: hop_ids, wrapped };
        out.push(Output::Send(To::Peer(next), Message::Peer(message)));
    }

    fn deliver(
        &mut self,
        id: ServiceId,
        keys: Vec<KeyId>,
        bytes: &[[u8; KEY_BYTES]],
        out: &mut Vec<KmmOutput>,
    ) {
        let Some(service) = self.services.get(&id) else { return };
        let (request, hops) = (&service.order.request, service.order.hops);
        for (&key, bytes) in keys.iter().zip(bytes) {
            let key = RelayedKey::new(key, id, hops, *bytes);
            give(&request.destination_sae, &request.source_sae, key, out);
        }
        let message = Message::Peer(PeerMessage::Supplied { service: id, keys });
        out.push(Output::Send(To::Peer(request.source.clone()), message));
    }

    /// The far end holds the keys: now the near end gets them too.
    fn supplied(&mut self, id: ServiceId, keys: &[KeyId], out: &mut Vec<KmmOutput>) {
        let Some(service) = self.services.get_mut(&id) else { return };
        if std::mem::take(&mut service.starved) {
            out.push(Output::Event(Event::Recovered { service: id }));
        }
        let (request, hops) = (service.order.request.clone(), service.order.hops);
        for key in keys {
            if let Some((_, secret)) = service.pending.remove(key) {
                let key = RelayedKey::new(*key, id, hops, *secret.expose());
                give(&request.source_sae, &request.destination_sae, key, out);
            }
        }
    }

    fn rejected(
        &mut self,
        id: ServiceId,
        keys: &[KeyId],
        unused: bool,
        link: LinkId,
        out: &mut Vec<KmmOutput>,
    ) {
        let Some(service) = self.services.get_mut(&id) else { return };
        let taken: Vec<SecretKey> =
            keys.iter().filter_map(|k| service.pending.remove(k)).map(|(_, k)| k).collect();
        let n = taken.len() as u32;
        service.credit += f64::from(n);
        starve(service, id, &link, 0, n, out);
        if let (true, Some((next, first))) = (unused, &service.order.next)
            && let Some(pool) = self.pools.get_mut(first)
        {
            pool.put_back(taken, self.node < *next);
        }
    }
}

fn starve(
    service: &mut Service,
    id: ServiceId,
    link: &LinkId,
    have: u32,
    want: u32,
    out: &mut Vec<KmmOutput>,
) {
    if !std::mem::replace(&mut service.starved, true) {
        let (have_bits, want_bits) = (have * KEY_BITS, want * KEY_BITS);
        out.push(Output::Event(Event::Starved { service: id, link: link.clone(), have_bits, want_bits }));
    }
}

fn give(sae: &SaeId, peer_sae: &SaeId, key: RelayedKey, out: &mut Vec<KmmOutput>) {
    out.push(Output::Event(Event::Delivered {
        service: key.service,
        sae: sae.clone(),
        key: key.id,
        hops: key.hops,
    }));
    out.push(Output::Deliver(Delivery { sae: sae.clone(), peer_sae: peer_sae.clone(), key }));
}

fn xor(a: &[u8; KEY_BYTES], b: &[u8; KEY_BYTES]) -> [u8; KEY_BYTES] {
    std::array::from_fn(|i| a[i] ^ b[i])
}

#[cfg(test)]
#[path = "module_tests.rs"]
mod tests;
