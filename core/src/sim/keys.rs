//! The world's key management: floor 3, its modules and the controller.

use super::event::Event;
use super::scenario::Scenario;
use super::world::{Task, WIRED, World};
use crate::ground::order::gather;
use crate::ground::secret::KEY_BYTES;
use crate::ground::{BlockId, KeyId, LinkId, NodeId, Output, Provenance, SaeId, SecretKey};
use crate::kmm::control::{ServiceOrder, ServiceRequest, ToController};
use crate::kmm::{self, Kmm, PeerMessage};
use crate::sdn::{self, Controller};
use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

/// The block number that keys bear which both ends were installed with.
pub(super) const INSTALLED: u32 = u32::MAX;
/// Rates are over this many seconds.
const RATE_S: usize = 10;
/// The gateway's SAE.
pub(super) const GATEWAY: &str = "gateway";

/// All modules and the controller.
#[derive(Clone, Debug)]
pub(super) struct Keys {
    pub kmms: BTreeMap<NodeId, Kmm>,
    controller: Controller,
    links: Vec<(LinkId, NodeId, NodeId)>,
    /// Bits in and out of each link's pool, once a second.
    rates: Vec<VecDeque<(u64, u64)>>,
}

impl Keys {
    pub fn new(scenario: &Scenario) -> Self {
        let file = &scenario.file;
        let links: Vec<(LinkId, NodeId, NodeId)> =
            file.links.iter().map(|l| (l.id.clone(), l.a.clone(), l.b.clone())).collect();
        let kmm = |node: &NodeId| {
            let own = links.iter().filter_map(|(link, a, b)| {
                if a == node {
                    Some((link.clone(), b.clone()))
                } else {
                    (b == node).then(|| (link.clone(), a.clone()))
                }
            });
            (node.clone(), Kmm::new(node.clone(), &file.kmm, own))
        };
        let reach = file.links.iter().map(|l| (l.id.clone(), l.a.clone(), l.b.clone(), scenario.range_m(l)));
        Self {
            kmms: gather(file.terminals.iter().map(|t| kmm(&t.id))),
            controller: Controller::new(reach),
            rates: vec![VecDeque::new(); links.len()],
            links,
        }
    }

    /// The pool of a link, at the end that holds less.
    pub fn pool(&self, link: usize) -> Option<&kmm::Pool> {
        let (id, a, b) = self.links.get(link)?;
        let at = |node| self.kmms.get(node).and_then(|k: &Kmm| k.pool(id));
        [at(a), at(b)].into_iter().flatten().min_by_key(|p| p.level_bits())
    }

    pub fn note_rates(&mut self) {
        for link in 0..self.links.len() {
            let now = self.pool(link).map_or((0, 0), |p| (p.in_bits, p.out_bits));
            self.rates[link].push_back(now);
            if self.rates[link].len() > RATE_S + 1 {
                self.rates[link].pop_front();
            }
        }
    }

    /// Filling and draining of a link's pool over the last ten seconds, bit/s.
    pub fn rates_bps(&self, link: usize) -> (f64, f64) {
        let Some(history) = self.rates.get(link) else { return (0.0, 0.0) };
        let (Some(first), Some(last)) = (history.front(), history.back()) else { return (0.0, 0.0) };
        let seconds = (history.len() - 1).max(1) as f64;
        let rate = |a: u64, b: u64| b.saturating_sub(a) as f64 / seconds;
        (rate(first.0, last.0), rate(first.1, last.1))
    }
}

impl World {
    /// Both ends of each link are given the same keys before the run.
    pub(super) fn install_keys(&mut self) {
        let n = self.scenario.file.initial_pool_bits / kmm::store::KEY_BITS;
        for link in 0..self.keys.links.len() {
            let (id, a, b) = self.keys.links[link].clone();
            let mut rng = self.streams.stream(&format!("install/{id}/pool"));
            let from = Arc::new(Provenance::installation(BlockId { link: id.clone(), seq: INSTALLED }));
            let keys: Vec<SecretKey> = (0..n)
                .map(|i| {
                    let mut bytes = [0; KEY_BYTES];
                    rng.fill(&mut bytes);
                    SecretKey::new(
                        KeyId::derive(&[b"installed", id.as_str().as_bytes(), &i.to_le_bytes()]),
                        from.clone(),
                        bytes,
                    )
                })
                .collect();
            for node in [a, b] {
                self.kmm_input(&node, kmm::Input::QkdKeys(id.clone(), keys.clone()));
            }
            self.settle_demand(link);
        }
    }

    pub(super) fn keys_from_light(&mut self, link: usize, node: &NodeId, keys: Vec<SecretKey>) {
        let id = self.keys.links[link].0.clone();
        self.kmm_input(node, kmm::Input::QkdKeys(id, keys));
    }

    /// The gateway asks for a key service to the rooftop unit behind each road-side unit.
    pub(super) fn request_services(&mut self) {
        let scenario = self.scenario.clone();
        let file = &scenario.file;
        for rsu in &file.rsus {
            let request = ServiceRequest {
                source_sae: SaeId::from(GATEWAY),
                destination_sae: rooftop_unit(&rsu.id),
                source: file.gateway.terminal.clone(),
                destination: rsu.terminal.clone(),
                keys_per_s: file.v2i.keys_per_s,
            };
            self.kmm_input(&file.gateway.terminal, kmm::Input::Request(request));
        }
    }

    pub(super) fn kmm_hears(&mut self, to: &NodeId, from: NodeId, message: PeerMessage) {
        self.kmm_input(to, kmm::Input::Peer(from, message));
    }

    pub(super) fn kmm_ordered(&mut self, to: &NodeId, order: ServiceOrder) {
        self.kmm_input(to, kmm::Input::Order(order));
    }

    pub(super) fn kmm_wakes(&mut self, node: &NodeId) {
        self.kmm_input(node, kmm::Input::Wake);
    }

    fn kmm_input(&mut self, node: &NodeId, input: kmm::Input) {
        let mut out = Vec::new();
        let now = self.now;
        let Some(kmm) = self.keys.kmms.get_mut(node) else { return };
        kmm.handle(now, input, &mut out);
        for output in out {
            match output {
                Output::WakeAt(at) => self.queue.push(at, Task::KmmWake(node.clone())),
                Output::Send(kmm::To::Controller, kmm::Message::Control(message)) => {
                    self.queue.push(now + WIRED, Task::Controller(node.clone(), message));
                }
                Output::Send(kmm::To::Peer(to), kmm::Message::Peer(message)) => {
                    self.queue.push(now + WIRED, Task::Kmm(to, node.clone(), message));
                }
                Output::Send(..) => {}
                Output::Deliver(delivery) => {
                    self.counts.keys_delivered += 1;
                    self.ledger.delivered(now, delivery.key.id, delivery.key.service);
                    self.key_for_trust(delivery);
                }
                Output::Event(event) => self.event(Event::Kmm { node: node.clone(), event }),
            }
        }
        for link in 0..self.keys.links.len() {
            let (_, a, b) = &self.keys.links[link];
            if a == node || b == node {
                self.settle_demand(link);
            }
        }
    }

    /// A link makes keys while either of its ends wants them.
    fn settle_demand(&mut self, link: usize) {
        let (id, a, b) = &self.keys.links[link];
        let wants =
            |node| self.keys.kmms.get(node).and_then(|k| k.pool(id)).is_some_and(kmm::Pool::wants_keys);
        let wanted = wants(a) || wants(b);
        self.demand(link, wanted);
    }

    pub(super) fn controller_hears(&mut self, from: NodeId, message: ToController) {
        let mut out = Vec::new();
        let now = self.now;
        self.keys.controller.handle(now, sdn::Input::FromKmm(from, message), &mut out);
        for output in out {
            match output {
                Output::Send(node, order) => self.queue.push(now + WIRED, Task::KmmOrder(node, order)),
                Output::Event(event) => {
                    if let sdn::Event::PathComputed { service, path } = &event {
                        self.ledger.paths.insert(*service, path.clone());
                    }
                    self.event(Event::Sdn(event));
                }
                Output::WakeAt(_) | Output::Deliver(()) => {}
            }
        }
    }
}

/// The SAE of the rooftop unit behind a road-side unit.
pub(super) fn rooftop_unit(rsu: &str) -> SaeId {
    SaeId::from(format!("rooftop/{rsu}").as_str())
}
