//! The testbed: trusted nodes in a row, each with its real key management module, a real controller, and around them
//! what the paper emulates too: QKD drivers that push keys, and an application at each end.
//!
//! The study stands outside and sees everything: it keeps its own copy of each key that a driver made and of each
//! message between the modules, and judges by these.

use crate::ground::order::sort_few;
use crate::ground::secret::KEY_BYTES;
use crate::ground::{
    BlockId, KeyId, LinkId, NodeId, Output, Provenance, RelayedKey, Rng, SaeId, SecretKey, SimDuration,
    SimTime, Streams,
};
use crate::kmm::control::{ServiceRequest, ToController};
use crate::kmm::{self, Kmm, PeerMessage};
use crate::sdn::{self, Controller};
use aes_gcm::aead::{Aead, KeyInit};
use aes_gcm::{Aes256Gcm, Nonce};
use std::collections::BTreeMap;
use std::sync::Arc;

/// One way between two nodes, or a node and the controller. The paper gives none; this is a wired campus network.
const WIRED: SimDuration = SimDuration::from_millis(2);
/// One way inside a node: driver, application and module stand in one rack.
const LOCAL: SimDuration = SimDuration::from_millis(1);
/// How often a driver pushes keys.
const PUSH: SimDuration = SimDuration::from_millis(1_000);

/// What is set up and for how long it runs.
#[derive(Clone, Debug, PartialEq)]
pub struct Setup {
    /// Trusted nodes in the row, 2 to 26; they are called A, B, C and so on.
    pub nodes: u8,
    /// What the service is to deliver, keys of 32 bytes a second.
    pub keys_per_s: f64,
    /// Keys that each driver pushes once a second while both ends have room.
    pub driver_keys_per_s: u32,
    /// When the application asks, seconds.
    pub ask_s: f64,
    /// When it ends, seconds; messages under way still arrive.
    pub until_s: f64,
    /// The driver of this link (0 is A-B) stops at this time in seconds.
    pub stop: Option<(u8, f64)>,
}

/// What was done. The order is of no meaning.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Act {
    /// A pair of QKD modules made keys.
    Made,
    /// A driver pushed keys to a module.
    Pushed,
    /// A module stored keys that no service owns yet.
    Stored,
    /// The application asked its SAE for a secure connection.
    Asked,
    /// The SAE asked its module for a service.
    Requested,
    /// The module passed that on to the controller.
    Forwarded,
    /// The controller told a module its role.
    Ordered,
    /// A module created the service.
    Created,
    /// The master took keys out of the common store for the service.
    Allocated,
    /// The master of the first hop told its slave which keys.
    Told,
    /// The master of a later hop told its slave which keys, with the end-to-end keys under them.
    Relayed,
    /// The far end answered that it has the keys.
    Answered,
    /// A module gave its SAE keys.
    Given,
    /// A message under a delivered key came to the other SAE and was opened there.
    Opened,
}

/// How often one did this to the other, and when first.
#[derive(Clone, Debug, PartialEq)]
pub struct Tally {
    /// What.
    pub act: Act,
    /// Who.
    pub from: String,
    /// To whom.
    pub to: String,
    /// When first.
    pub first: SimTime,
    /// Place of that first time among the first times of the run, from 0.
    pub rank: u32,
    /// How often.
    pub count: u32,
}

/// A key relay message as it went over the wire.
#[derive(Clone, Debug)]
pub struct Wire {
    /// The hop: 0 is A-B.
    pub hop: u8,
    /// End-to-end keys.
    pub keys: Vec<KeyId>,
    /// The hop's keys.
    pub hop_keys: Vec<KeyId>,
    /// What was sent of key bytes.
    pub wrapped: Vec<[u8; KEY_BYTES]>,
}

/// What a run left behind.
#[derive(Clone, Debug, Default)]
pub struct Run {
    /// What was done, in order of the first times.
    pub tallies: Vec<Tally>,
    /// Keys at the near SAE and at the far SAE, with the time of each.
    pub given: [Vec<(SimTime, RelayedKey)>; 2],
    /// The keys that each link's driver made.
    pub made: Vec<BTreeMap<KeyId, SecretKey>>,
    /// Every key relay message.
    pub wires: Vec<Wire>,
    /// When the source's module ran its allocation.
    pub cycles: Vec<SimTime>,
    /// Level of each link's pool at its master's end: seconds and bits at each change.
    pub levels: Vec<Vec<(f64, f64)>>,
    /// Bits ever taken from each link's pool, at its master's and at its slave's end.
    pub taken_bits: Vec<[u64; 2]>,
    /// Messages that the far SAE could not open.
    pub unreadable: u32,
    /// When the service first had to go without.
    pub starved: Option<SimTime>,
}

enum Task {
    Push(usize),
    Ask,
    Kmm(usize, kmm::Input),
    Controller(NodeId, ToController),
    Data(KeyId, Vec<u8>),
}

struct Bed {
    setup: Setup,
    now: SimTime,
    tasks: BTreeMap<(SimTime, u64), Task>,
    entered: u64,
    kmms: Vec<Kmm>,
    controller: Controller,
    drivers: Vec<Rng>,
    pushes: Vec<u32>,
    messages: u32,
    run: Run,
}

/// Runs a testbed. `tick` is told the simulated second each time that the drivers push.
#[must_use]
pub fn run(setup: &Setup, seed: u64, tick: &mut dyn FnMut(f64)) -> Run {
    let setup = Setup { nodes: setup.nodes.clamp(2, 26), ..setup.clone() };
    let streams = Streams::new(seed);
    let links = usize::from(setup.nodes) - 1;
    let reach = (0..links).map(|i| (link(i), node(i), node(i + 1), 0.0));
    let mut bed = Bed {
        now: SimTime::ZERO,
        tasks: BTreeMap::new(),
        entered: 0,
        kmms: (0..=links).map(|i| module(i, links)).collect(),
        controller: Controller::new(reach),
        drivers: (0..links).map(|i| streams.stream(&format!("driver/{}", link(i)))).collect(),
        pushes: vec![0; links],
        messages: 0,
        run: Run {
            made: vec![BTreeMap::new(); links],
            levels: vec![vec![(0.0, 0.0)]; links],
            ..Run::default()
        },
        setup,
    };
    (0..links).for_each(|i| bed.push(SimDuration(0), Task::Push(i)));
    bed.push(SimDuration::from_secs(bed.setup.ask_s), Task::Ask);
    let until = SimTime::from_secs(bed.setup.until_s);
    while let Some(((at, _), task)) = bed.tasks.pop_first() {
        let starts_something = matches!(task, Task::Push(_) | Task::Ask | Task::Kmm(_, kmm::Input::Wake));
        if at > until && starts_something {
            continue;
        }
        bed.now = at;
        if matches!(task, Task::Push(0)) {
            tick(at.as_secs());
        }
        bed.carry_out(task);
        bed.note_levels();
    }
    let bits = |at: usize, i: usize| bed.kmms[at].pool(&link(i)).map_or(0, |pool| pool.out_bits);
    bed.run.taken_bits = (0..links).map(|i| [bits(i, i), bits(i + 1, i)]).collect();
    sort_few(&mut bed.run.tallies, |a, b| a.rank.cmp(&b.rank));
    bed.run
}

/// The module of node `i`: the paper names no reserve, so services may take every key.
fn module(i: usize, links: usize) -> Kmm {
    let params = kmm::Params { reserve_bits: 0, ..kmm::Params::default() };
    let before = i.checked_sub(1).map(|j| (link(j), node(j)));
    let after = (i < links).then(|| (link(i), node(i + 1)));
    Kmm::new(node(i), &params, before.into_iter().chain(after))
}

/// A, B, C and so on.
fn letter(i: usize) -> char {
    char::from(b'A' + i as u8)
}

fn node(i: usize) -> NodeId {
    NodeId::from(letter(i).to_string().as_str())
}

/// The name of the link behind node `i`: 0 is A-B.
#[must_use]
pub fn link(i: usize) -> LinkId {
    LinkId::from(format!("{}-{}", letter(i), letter(i + 1)).as_str())
}

fn kmm_of(i: usize) -> String {
    format!("KMM({})", letter(i))
}

fn sae_of(i: usize) -> String {
    format!("SAE({})", letter(i))
}

impl Bed {
    fn push(&mut self, after: SimDuration, task: Task) {
        self.tasks.insert((self.now + after, self.entered), task);
        self.entered += 1;
    }

    fn tally(&mut self, act: Act, from: String, to: String) {
        let known = self.run.tallies.iter_mut().find(|t| t.act == act && t.from == from && t.to == to);
        if let Some(tally) = known {
            tally.count += 1;
            return;
        }
        let rank = self.run.tallies.len() as u32;
        self.run.tallies.push(Tally { act, from, to, first: self.now, rank, count: 1 });
    }

    /// The last node.
    fn far(&self) -> usize {
        self.kmms.len() - 1
    }

    fn carry_out(&mut self, task: Task) {
        match task {
            Task::Push(link) => self.driver_pushes(link),
            Task::Ask => self.application_asks(),
            Task::Kmm(at, input) => self.module_hears(at, input),
            Task::Controller(from, message) => self.controller_hears(from, message),
            Task::Data(id, sealed) => self.far_sae_hears(id, &sealed),
        }
    }

    /// Steps 1 and 2: both ends of a link get the same fresh keys.
    fn driver_pushes(&mut self, i: usize) {
        self.push(PUSH, Task::Push(i));
        let stopped = self
            .setup
            .stop
            .is_some_and(|(link, t_s)| usize::from(link) == i && self.now >= SimTime::from_secs(t_s));
        let room = |at: usize| self.kmms[at].pool(&link(i)).is_some_and(kmm::Pool::wants_keys);
        if stopped || !room(i) || !room(i + 1) {
            return;
        }
        let seq = self.pushes[i];
        self.pushes[i] += 1;
        let id = link(i);
        let from = Arc::new(Provenance::installation(BlockId { link: id.clone(), seq }));
        let keys: Vec<SecretKey> = (0..self.setup.driver_keys_per_s)
            .map(|n| {
                let mut bytes = [0; KEY_BYTES];
                self.drivers[i].fill(&mut bytes);
                let key = [b"driver", id.as_str().as_bytes(), &seq.to_le_bytes(), &n.to_le_bytes()];
                SecretKey::new(KeyId::derive(&key), from.clone(), bytes)
            })
            .collect();
        self.run.made[i].extend(keys.iter().map(|key| (key.id, key.clone())));
        self.tally(Act::Made, format!("QKD modules {id}"), format!("driver {id}"));
        for end in [i, i + 1] {
            self.push(LOCAL, Task::Kmm(end, kmm::Input::QkdKeys(id.clone(), keys.clone())));
        }
    }

    /// Steps 3 and 4.
    fn application_asks(&mut self) {
        let far = self.far();
        self.tally(Act::Asked, format!("application({})", letter(0)), sae_of(0));
        let request = ServiceRequest {
            source_sae: SaeId::from(sae_of(0).as_str()),
            destination_sae: SaeId::from(sae_of(far).as_str()),
            source: node(0),
            destination: node(far),
            keys_per_s: self.setup.keys_per_s,
        };
        self.push(LOCAL, Task::Kmm(0, kmm::Input::Request(request)));
    }

    fn module_hears(&mut self, at: usize, input: kmm::Input) {
        let own = kmm_of(at);
        match &input {
            kmm::Input::QkdKeys(link, _) => self.tally(Act::Pushed, format!("driver {link}"), own.clone()),
            kmm::Input::Request(_) => self.tally(Act::Requested, sae_of(at), own.clone()),
            kmm::Input::Order(_) => self.tally(Act::Ordered, "Controller".into(), own.clone()),
            kmm::Input::Peer(from, message) => self.note_peer(from, at, message),
            kmm::Input::Wake => {}
        }
        let woken = matches!(input, kmm::Input::Wake);
        let mut out = Vec::new();
        self.kmms[at].handle(self.now, input, &mut out);
        for output in out {
            match output {
                Output::WakeAt(time) => {
                    if woken {
                        self.run.cycles.push(self.now);
                    }
                    self.push(time.since(self.now), Task::Kmm(at, kmm::Input::Wake));
                }
                Output::Send(kmm::To::Controller, kmm::Message::Control(message)) => {
                    self.push(WIRED, Task::Controller(node(at), message));
                }
                Output::Send(kmm::To::Peer(to), kmm::Message::Peer(message)) => {
                    if let Some(to) = (0..self.kmms.len()).find(|&i| node(i) == to) {
                        self.push(WIRED, Task::Kmm(to, kmm::Input::Peer(node(at), message)));
                    }
                }
                Output::Send(..) => {}
                Output::Deliver(delivery) => self.sae_gets(at, delivery.key),
                Output::Event(event) => self.note_event(&own, &event),
            }
        }
    }

    fn note_peer(&mut self, from: &NodeId, at: usize, message: &PeerMessage) {
        let act = match message {
            PeerMessage::Relay { keys, hop_keys, wrapped, .. } => {
                let (keys, hop_keys, wrapped) = (keys.clone(), hop_keys.clone(), wrapped.clone());
                let act = if wrapped.is_empty() { Act::Told } else { Act::Relayed };
                self.run.wires.push(Wire { hop: (at as u8).saturating_sub(1), keys, hop_keys, wrapped });
                act
            }
            PeerMessage::Supplied { .. } => Act::Answered,
            PeerMessage::Rejected { .. } => return,
        };
        self.tally(act, format!("KMM({from})"), kmm_of(at));
    }

    fn note_event(&mut self, own: &str, event: &kmm::Event) {
        let act = match event {
            kmm::Event::KeysStored { .. } => Act::Stored,
            kmm::Event::ServiceCreated { .. } => Act::Created,
            kmm::Event::Allocated { .. } => Act::Allocated,
            kmm::Event::Starved { .. } => {
                self.run.starved.get_or_insert(self.now);
                return;
            }
            _ => return,
        };
        self.tally(act, own.into(), own.into());
    }

    /// Steps 4 and 5.
    fn controller_hears(&mut self, from: NodeId, message: ToController) {
        self.tally(Act::Forwarded, format!("KMM({from})"), "Controller".into());
        let mut out = Vec::new();
        self.controller.handle(self.now, sdn::Input::FromKmm(from, message), &mut out);
        for output in out {
            if let Output::Send(to, order) = output
                && let Some(to) = (0..self.kmms.len()).find(|&i| node(i) == to)
            {
                self.push(WIRED, Task::Kmm(to, kmm::Input::Order(order)));
            }
        }
    }

    /// Step 8; the near SAE, which is given a key last, uses it at once (step 9).
    fn sae_gets(&mut self, at: usize, key: RelayedKey) {
        self.tally(Act::Given, kmm_of(at), sae_of(at));
        if at == 0 {
            self.messages += 1;
            let text = format!("message {} over the classical link", self.messages);
            if let Ok(sealed) = cipher(&key).encrypt(&once(), text.as_bytes()) {
                self.push(WIRED, Task::Data(key.id, sealed));
            }
        }
        self.run.given[usize::from(at != 0)].push((self.now, key));
    }

    fn far_sae_hears(&mut self, id: KeyId, sealed: &[u8]) {
        let key = self.run.given[1].iter().rev().find(|(_, key)| key.id == id);
        let opened = key.and_then(|(_, key)| cipher(key).decrypt(&once(), sealed).ok());
        if opened.is_some_and(|text| text.starts_with(b"message ")) {
            self.tally(Act::Opened, sae_of(0), sae_of(self.far()));
        } else {
            self.run.unreadable += 1;
        }
    }

    fn note_levels(&mut self) {
        for i in 0..self.run.levels.len() {
            let level = self.kmms[i].pool(&link(i)).map_or(0.0, |pool| f64::from(pool.level_bits()));
            if self.run.levels[i].last().is_some_and(|(_, last)| *last != level) {
                self.run.levels[i].push((self.now.as_secs(), level));
            }
        }
    }
}

fn cipher(key: &RelayedKey) -> Aes256Gcm {
    Aes256Gcm::new(key.expose().into())
}

/// Each key seals one message, so its nonce may be the same for all.
fn once() -> Nonce<aes_gcm::aead::consts::U12> {
    [0; 12].into()
}
