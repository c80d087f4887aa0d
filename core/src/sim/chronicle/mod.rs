//! What is known of a run from its event stream alone: every block, key, service, epoch, message and turn of the
//! drive, tied together by their identifiers. It stands outside the world and decides nothing; the causal chain
//! ([`Trace`]) and the pictures of each floor ([`Look`]) are read from it, at any time of the run.
//!
//! A floor that reports a new event adds it to `note` below and shows it in its own file here.

mod blocks;
mod devices;
mod drive;
mod key;
mod memory;
mod messages;
mod services;
mod steps;
mod subject;
#[cfg(test)]
mod tests;
mod trace;

pub use blocks::{BlockView, BlocksView};
pub use devices::{DeviceView, EpochView, TrustView};
pub use drive::{StreetView, TurnView};
pub use messages::{MessageView, MessagesView};
pub use services::{ControlView, LinkUse, ManagersView, ServiceView, StepView};
pub use subject::{BadSubject, Subject};
pub use trace::{Detail, Other, Spot, Standing, Step, Trace};

use super::event::Event;
use super::snapshot::{Scene, SceneLink};
use super::trace::Record;
use crate::ground::order::gather;
use crate::ground::{BlockId, DeviceId, KeyId, LinkId, MessageId, NodeId, ServiceId, SimTime, StationId};
use crate::kmm::control::{Role, ServiceRequest};
use crate::{distill, kmm, link, road, sdn, zap};
use key::{Hop, Key, add};
use memory::{Older, Room, Tally};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Something with its time.
pub(super) type At<T> = (SimTime, T);

/// Which floor's picture is wanted, and of what.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Look {
    /// The blocks of a link, newest first; all links where `None`.
    Blocks(Option<String>),
    /// Key management: one service's nine steps.
    Managers(Option<ServiceId>),
    /// The controller: paths and how much each link carries.
    Control,
    /// Devices, epochs and the private network's own log.
    Trust,
    /// Messages that the car heard, newest first; `only_bad` leaves out honest ones that were believed.
    Messages {
        /// Only faked or dropped ones.
        only_bad: bool,
    },
    /// The drive.
    Street,
}

/// What [`Chronicle::look`] gives.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum View {
    /// See [`Look::Blocks`].
    Blocks(BlocksView),
    /// See [`Look::Managers`].
    Managers(ManagersView),
    /// See [`Look::Control`].
    Control(ControlView),
    /// See [`Look::Trust`].
    Trust(TrustView),
    /// See [`Look::Messages`].
    Messages(MessagesView),
    /// See [`Look::Street`].
    Street(StreetView),
}

/// One photon block, from light to keys.
#[derive(Clone, Debug, Default)]
struct Block {
    ready: Option<At<link::Event>>,
    sifted: Option<At<distill::Event>>,
    reconciled: Option<At<distill::Event>>,
    /// Distilled or dropped.
    ended: Option<At<distill::Event>>,
    /// Keys stored and refused, at one end of the link.
    stored: Option<At<(u32, u32)>>,
}

impl Block {
    fn keys(&self, at: SimTime) -> &[KeyId] {
        match known(&self.ended, at) {
            Some(distill::Event::Distilled { keys, .. }) => keys,
            _ => &[],
        }
    }
}

/// One key distribution service.
#[derive(Clone, Debug, Default)]
struct Service {
    request: Option<At<ServiceRequest>>,
    path: Option<At<Vec<NodeId>>>,
    orders: Vec<At<(NodeId, Role)>>,
    /// When steps 6, 7 and 8 happened.
    steps: [Tally; 3],
    newest: Option<KeyId>,
    starved: Vec<At<Option<LinkId>>>,
}

/// One epoch of the device private network.
#[derive(Clone, Debug)]
struct Epoch {
    started: SimTime,
    root: KeyId,
    members: u32,
    taken: Vec<At<DeviceId>>,
    left_out: Vec<At<DeviceId>>,
}

/// One device.
#[derive(Clone, Debug, Default)]
struct Device {
    enrolled: Option<SimTime>,
    asked: Vec<SimTime>,
    joined: Option<SimTime>,
    refused: Vec<At<zap::JoinRefusal>>,
    epochs: Vec<At<u32>>,
    left_out: Vec<At<u32>>,
}

/// One message.
#[derive(Clone, Debug)]
struct Message {
    sent: SimTime,
    claims: StationId,
    objects: u32,
    bytes: u32,
    under: Option<(u32, KeyId)>,
    faked: bool,
    heard: Option<At<Heard>>,
}

/// What the car made of a message.
#[derive(Clone, Debug)]
struct Heard {
    rejected: Option<String>,
    bytes: Vec<u8>,
}

/// Everything known of a run.
#[derive(Clone, Debug, Default)]
pub struct Chronicle {
    /// The ends of each link.
    links: BTreeMap<LinkId, (NodeId, NodeId)>,
    blocks: BTreeMap<BlockId, Block>,
    keys: BTreeMap<KeyId, Key>,
    services: BTreeMap<ServiceId, Service>,
    requests: Vec<At<ServiceRequest>>,
    epochs: BTreeMap<u32, Epoch>,
    starved_epochs: Vec<SimTime>,
    devices: BTreeMap<DeviceId, Device>,
    messages: BTreeMap<MessageId, Message>,
    heard: Vec<At<MessageId>>,
    drive: Vec<At<road::Event>>,
    /// Lines in the manner of the testbed's own log, of the joins.
    joins: Vec<At<Vec<String>>>,
    /// How much is kept, and how much there may be before that is seen to.
    room: Room,
    limit: Room,
    kept_from: SimTime,
    older: Older,
}

/// What was known by `at`.
fn known<T>(fact: &Option<At<T>>, at: SimTime) -> Option<&T> {
    fact.as_ref().filter(|(t, _)| *t <= at).map(|(_, fact)| fact)
}

impl Chronicle {
    /// Nothing is known yet but what does not move.
    #[must_use]
    pub fn new(scene: &Scene) -> Self {
        let node = |i: u32| scene.terminals.get(i as usize).map(|t| NodeId::from(t.id.as_str()));
        let ends = |l: &SceneLink| Some((LinkId::from(l.id.as_str()), (node(l.a)?, node(l.b)?)));
        Self { links: gather(scene.links.iter().filter_map(ends)), ..Self::default() }
    }

    /// Takes the next record; records come in order of time. Of a long run the oldest is forgotten: see
    /// [`Self::kept_from`].
    pub fn note(&mut self, record: &Record) {
        let t = record.t;
        match &record.event {
            Event::Link { event, .. } => {
                if let link::Event::BlockReady { block, .. } = event {
                    self.blocks.entry(block.clone()).or_default().ready = Some((t, event.clone()));
                }
            }
            Event::Distill { event, .. } => self.note_distilled(t, event),
            Event::Kmm { node, event } => self.note_keys(t, node, event),
            Event::Sdn(sdn::Event::PathComputed { service, path }) => {
                let path = path.clone();
                self.services.entry(*service).or_default().path = Some((t, path));
            }
            Event::Zap(event) => self.note_trust(record, event),
            Event::CpmSent { message, claims, objects, bytes, under, faked } => {
                let (claims, objects, bytes, under, faked) = (*claims, *objects, *bytes, *under, *faked);
                let sent = Message { sent: t, claims, objects, bytes, under, faked, heard: None };
                self.messages.insert(*message, sent);
            }
            Event::CpmReceived { message, rejected, heard, .. } => {
                let rejected = rejected.as_ref().map(ToString::to_string);
                self.hears(t, *message, Heard { rejected, bytes: heard.clone() });
            }
            Event::CpmMalformed { message } => {
                let rejected = Some("it is no CPM".to_owned());
                self.hears(t, *message, Heard { rejected, bytes: Vec::new() });
            }
            Event::Road(event) => self.drive.push((t, event.clone())),
            Event::Sdn(_) | Event::Knobs(_) | Event::Weather(_) | Event::Silenced { .. } => {}
        }
        self.tidy(t);
    }

    fn hears(&mut self, t: SimTime, id: MessageId, heard: Heard) {
        if let Some(message) = self.messages.get_mut(&id) {
            message.heard = Some((t, heard));
            self.heard.push((t, id));
        }
    }

    /// Both parties of a block report; the first report of each thing counts.
    fn note_distilled(&mut self, t: SimTime, event: &distill::Event) {
        use distill::Event as E;
        let (E::Sifted { block: id, .. }
        | E::Reconciled { block: id, .. }
        | E::Distilled { block: id, .. }
        | E::Dropped { block: id, .. }) = event
        else {
            return; // bytes that are no message are of no block
        };
        let block = self.blocks.entry(id.clone()).or_default();
        let fact = match event {
            E::Sifted { .. } => &mut block.sifted,
            E::Reconciled { .. } => &mut block.reconciled,
            _ => &mut block.ended,
        };
        fact.get_or_insert_with(|| (t, event.clone()));
        if let E::Distilled { keys, .. } = event {
            for key in keys {
                self.keys.entry(*key).or_default().block = Some(id.clone());
            }
        }
    }

    fn note_keys(&mut self, t: SimTime, node: &NodeId, event: &kmm::Event) {
        use kmm::Event as E;
        match event {
            E::KeysStored { block, stored, refused, .. } => {
                let block = self.blocks.entry(block.clone()).or_default();
                block.stored.get_or_insert((t, (*stored, *refused)));
            }
            E::Requested(request) => self.requests.push((t, request.clone())),
            E::ServiceCreated { service, request, role, .. } => {
                let asked = self.requests.iter().find(|(_, r)| r == request).cloned();
                let entry = self.services.entry(*service).or_default();
                entry.orders.push((t, (node.clone(), *role)));
                entry.request = entry.request.take().or(asked);
            }
            E::Allocated { service, link, keys } => {
                for key in keys {
                    self.keys.entry(*key).or_default().allocated = Some((t, (*service, link.clone())));
                }
                let entry = self.services.entry(*service).or_default();
                entry.steps[0].push(t);
                entry.newest = keys.last().copied().or(entry.newest);
            }
            E::Relayed { service, from, to, keys, hop_keys } => {
                for (key, hop_key) in keys.iter().zip(hop_keys) {
                    let (node, from, to, hop_key) = (node.clone(), from.clone(), to.clone(), *hop_key);
                    self.keys.entry(hop_key).or_default().spent_on = Some((t, *key));
                    let hops = &mut self.keys.entry(*key).or_default().hops;
                    add(hops, (t, Hop { node, from, to, hop_key }));
                }
                self.services.entry(*service).or_default().steps[1].push(t);
            }
            E::Delivered { service, sae, key, hops } => {
                add(&mut self.keys.entry(*key).or_default().delivered, (t, (sae.clone(), *hops)));
                self.services.entry(*service).or_default().steps[2].push(t);
            }
            E::Starved { service, link, .. } => {
                self.services.entry(*service).or_default().starved.push((t, Some(link.clone())));
            }
            E::Recovered { service } => {
                self.services.entry(*service).or_default().starved.push((t, None));
            }
        }
    }

    fn note_trust(&mut self, record: &Record, event: &zap::Event) {
        use zap::Event as E;
        let t = record.t;
        match event {
            E::Enrolled { device } => self.device(device).enrolled = Some(t),
            E::JoinRequested { device } => self.device(device).asked.push(t),
            E::Joined { device } => self.device(device).joined = Some(t),
            E::JoinRefused { device, why } => self.device(device).refused.push((t, *why)),
            E::EpochStarted { epoch, root, members } => {
                let (root, members) = (*root, *members);
                let (taken, left_out) = (Vec::new(), Vec::new());
                self.epochs.insert(*epoch, Epoch { started: t, root, members, taken, left_out });
                self.keys.entry(root).or_default().epoch = Some((t, *epoch));
            }
            E::EpochTaken { device, epoch } => {
                self.device(device).epochs.push((t, *epoch));
                if let Some(epoch) = self.epochs.get_mut(epoch) {
                    epoch.taken.push((t, device.clone()));
                }
            }
            E::LeftOut { device, epoch } => {
                self.device(device).left_out.push((t, *epoch));
                if let Some(epoch) = self.epochs.get_mut(epoch) {
                    epoch.left_out.push((t, device.clone()));
                }
            }
            E::KeyStarved { .. } => self.starved_epochs.push(t),
        }
        let lines = super::listing::lines(t, &record.event);
        if !lines.is_empty() {
            self.joins.push((t, lines));
        }
    }

    fn device(&mut self, id: &DeviceId) -> &mut Device {
        self.devices.entry(id.clone()).or_default()
    }

    /// A floor's picture as it was at `at`.
    #[must_use]
    pub fn look(&self, look: &Look, at: SimTime) -> View {
        match look {
            Look::Blocks(link) => View::Blocks(self.blocks_view(link.as_deref(), at)),
            Look::Managers(service) => View::Managers(self.managers_view(*service, at)),
            Look::Control => View::Control(self.control_view(at)),
            Look::Trust => View::Trust(self.trust_view(at)),
            Look::Messages { only_bad } => View::Messages(self.messages_view(*only_bad, at)),
            Look::Street => View::Street(self.street_view(at)),
        }
    }

    /// The packet of a message as the car heard it, from its GeoNetworking header on; `None` where it did not.
    #[must_use]
    pub fn heard(&self, message: MessageId) -> Option<&[u8]> {
        self.messages.get(&message)?.heard.as_ref().map(|(_, h)| h.bytes.as_slice())
    }
}
