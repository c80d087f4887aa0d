//! The world: all state machines, the queue that carries their messages, and the switches.
//!
//! This file holds the clock and hands each task to its floor; `optics`, `keys`, `trust` and `street` beside it say what
//! that floor does with it, `view` draws the picture.

use super::event::Event;
use super::ledger::Ledger;
use super::queue::Queue;
use super::scenario::Scenario;
use super::snapshot::{Counts, Knobs};
use super::trace::Record;
use super::{keys, optics, street, trust};
use crate::ground::{NodeId, SimDuration, SimTime, Streams};
use crate::kmm::PeerMessage;
use crate::kmm::control::{ServiceOrder, ToController};
use crate::zap;
use std::sync::Arc;

/// One-way delay of the wired network between rooftops, gateway and controller.
pub(super) const WIRED: SimDuration = SimDuration::from_millis(2);

/// Something that is due.
#[derive(Clone, Debug)]
pub(super) enum Task {
    LinkWake(usize),
    Distill(usize, optics::End, Arc<[u8]>),
    DistillWake(usize, optics::End),
    Kmm(NodeId, NodeId, PeerMessage),
    KmmOrder(NodeId, ServiceOrder),
    KmmWake(NodeId),
    Controller(NodeId, ToController),
    Gateway(usize, Vec<u8>),
    GatewayWake,
    Device(usize, zap::device::Input),
    CpmDue(usize),
    AttackDue,
    Arrives(Arc<street::OnAir>),
    CarTick,
    Weather,
    HardwareFault(usize),
    Sun,
    Rates,
}

/// A world under way. Cloning it makes a checkpoint: both go on alike.
#[derive(Clone, Debug)]
pub struct World {
    pub(super) scenario: Arc<Scenario>,
    pub(super) streams: Streams,
    pub(super) seed: u64,
    pub(super) knobs: Knobs,
    pub(super) now: SimTime,
    pub(super) finished: bool,
    pub(super) queue: Queue<Task>,
    pub(super) optics: optics::Optics,
    pub(super) keys: keys::Keys,
    pub(super) trust: trust::Trust,
    pub(super) street: street::Street,
    pub(super) ledger: Ledger,
    pub(super) counts: Counts,
    pub(super) protection_started: bool,
    /// Events since the last drain.
    pub(super) records: Vec<Record>,
}

impl World {
    /// A world at its start.
    #[must_use]
    pub fn new(scenario: &Scenario, seed: u64, knobs: Knobs) -> Self {
        let streams = Streams::new(seed);
        let mut world = Self {
            optics: optics::Optics::new(scenario, &streams, seed, &knobs),
            keys: keys::Keys::new(scenario),
            trust: trust::Trust::new(scenario, &streams),
            street: street::Street::new(scenario, &streams),
            scenario: Arc::new(scenario.clone()),
            streams,
            seed,
            knobs,
            now: SimTime::ZERO,
            finished: false,
            queue: Queue::default(),
            ledger: Ledger::default(),
            counts: Counts::default(),
            protection_started: false,
            records: Vec::new(),
        };
        world.event(Event::Knobs(knobs));
        world.enrolments();
        world.install_keys();
        world.start_street();
        world.await_weather();
        for (i, fault) in scenario.file.hardware_faults.iter().enumerate() {
            world.queue.push(SimTime::from_secs(fault.t_s), Task::HardwareFault(i));
        }
        world.queue.push(SimTime::ZERO + optics::SUN, Task::Sun);
        world.queue.push(SimTime::ZERO, Task::Rates);
        world.start_protection();
        world
    }

    /// Simulated seconds since the start.
    #[must_use]
    pub fn now_s(&self) -> f64 {
        self.now.as_secs()
    }

    /// Whether the run is over: the car has arrived, or the scenario's time is up.
    #[must_use]
    pub fn finished(&self) -> bool {
        self.finished
    }

    /// Length of the planned way, metres.
    #[must_use]
    pub fn planned_m(&self) -> f64 {
        self.street.planned_m()
    }

    /// Goes on to `t_s` (or to the end of the run) and appends what happened, in order of time. How the time is cut
    /// into calls does not matter.
    pub fn step_until(&mut self, t_s: f64, out: &mut Vec<Record>) {
        let end = SimTime::from_secs(self.scenario.until_s());
        let until = SimTime::from_secs(t_s).min(end);
        while !self.finished {
            let Some((at, task)) = self.queue.pop_due(until) else { break };
            self.now = at;
            self.carry_out(task);
        }
        if !self.finished {
            self.now = self.now.max(until);
            self.finished = self.now >= end;
        }
        out.append(&mut self.records);
    }

    /// Turns the switches now.
    pub fn set_knobs(&mut self, knobs: Knobs) {
        if knobs == self.knobs {
            return;
        }
        self.knobs = knobs;
        self.event(Event::Knobs(knobs));
        self.conditions_changed();
        self.start_protection();
    }

    /// Services and joins begin when protection is first switched on; off, they go on, but nothing is checked.
    fn start_protection(&mut self) {
        if self.knobs.protected && !std::mem::replace(&mut self.protection_started, true) {
            self.request_services();
            self.start_devices();
        }
    }

    pub(super) fn event(&mut self, event: Event) {
        self.records.push(Record { t: self.now, event });
    }

    fn carry_out(&mut self, task: Task) {
        match task {
            Task::LinkWake(link) => self.link_wakes(link),
            Task::Distill(link, end, message) => self.distill_hears(link, end, message),
            Task::DistillWake(link, end) => self.distill_wakes(link, end),
            Task::Kmm(to, from, message) => self.kmm_hears(&to, from, message),
            Task::KmmOrder(to, order) => self.kmm_ordered(&to, order),
            Task::KmmWake(node) => self.kmm_wakes(&node),
            Task::Controller(from, message) => self.controller_hears(from, message),
            Task::Gateway(device, bytes) => self.gateway_hears(device, bytes),
            Task::GatewayWake => self.gateway_wakes(),
            Task::Device(device, input) => self.device_hears(device, input),
            Task::CpmDue(rsu) => self.rsu_sends(rsu),
            Task::AttackDue => self.attacker_sends(),
            Task::Arrives(message) => self.car_hears(&message),
            Task::CarTick => self.car_drives(),
            Task::Weather => self.weather_changes(),
            Task::HardwareFault(i) => self.hardware_breaks(i),
            Task::Sun => {
                self.conditions_changed();
                self.queue.push(self.now + optics::SUN, Task::Sun);
            }
            Task::Rates => {
                self.keys.note_rates();
                self.queue.push(self.now + SimDuration::from_millis(1_000), Task::Rates);
            }
        }
    }
}
