//! The quantum hardware of one link: it emits while its pool wants keys and the beam holds, and stands by while
//! the pool is full.

use super::channel::{Channel, Conditions};
use super::params::Params;
use super::law::Law;
use super::records::Detections;
use super::sampler::{Drawer, Memory};
use crate::ground::{BlockId, LinkId, Output, Rng, SimDuration, SimTime};
use serde::Serialize;

/// What a link does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum State {
    /// Pulses are sent.
    Emitting,
    /// The pool is full.
    Standby,
    /// The air is too thick for the tracking to hold the beam, or something stands in it.
    Lost,
}

/// What the hardware is told.
#[derive(Clone, Debug)]
pub enum Input {
    /// The weather or an eavesdropper has changed.
    Conditions(Conditions),
    /// Whether the pool wants keys.
    Demand(bool),
    /// The time of a `WakeAt` has come.
    Wake,
}

/// The detections of one block, both sides.
#[derive(Clone, Debug)]
pub struct Block {
    /// Its identifier.
    pub id: BlockId,
    /// Both parties' records.
    pub detections: Detections,
}

/// What happened on floor 1.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub enum Event {
    /// The link changed what it does.
    StateChanged {
        /// From.
        from: State,
        /// To.
        to: State,
    },
    /// A block's worth of pulses has been sent.
    BlockReady {
        /// The block.
        block: BlockId,
        /// Pulses sent.
        pulses: u64,
        /// Pulses detected.
        clicks: u64,
        /// Loss of the channel, detector not counted, dB, in the last slot.
        loss_db: f64,
        /// Time from the first to the last pulse, seconds.
        duration_s: f64,
    },
}

/// One link's hardware, both ends.
#[derive(Clone, Debug)]
pub struct Link {
    id: LinkId,
    params: Params,
    range_m: f64,
    rng: Rng,
    drawer: Drawer,
    memory: Memory,
    channel: Channel,
    conditions: Conditions,
    demand: bool,
    state: State,
    /// A slot is under way and ends at this time.
    slot_end: Option<SimTime>,
    block: Detections,
    block_seq: u32,
}

/// What the hardware says; it sends no messages itself.
pub type LinkOutput = Output<(), (), Block, Event>;

impl Link {
    /// A link of `range_m` metres that stands by until it is told of demand.
    #[must_use]
    pub fn new(id: LinkId, params: &Params, range_m: f64, conditions: Conditions, mut rng: Rng) -> Self {
        let channel = Channel::new(params, range_m, &conditions);
        Self {
            drawer: Drawer::new(params, false),
            memory: Memory::new(&mut rng),
            id,
            params: params.clone(),
            range_m,
            rng,
            channel,
            conditions,
            demand: false,
            state: State::Standby,
            slot_end: None,
            block: Detections::default(),
            block_seq: 0,
        }
    }

    /// The channel as it stands.
    #[must_use]
    pub fn channel(&self) -> &Channel {
        &self.channel
    }

    /// What the link does.
    #[must_use]
    pub fn state(&self) -> State {
        self.state
    }

    /// See [`crate::ground::io`]. A change of conditions holds from the next slot on.
    pub fn handle(&mut self, now: SimTime, input: Input, out: &mut Vec<LinkOutput>) {
        match input {
            Input::Conditions(conditions) => {
                self.conditions = conditions;
                self.channel = Channel::new(&self.params, self.range_m, &self.conditions);
            }
            Input::Demand(demand) => self.demand = demand,
            Input::Wake => {
                if self.slot_end.is_none_or(|end| now < end) {
                    return;
                }
                self.slot_end = None;
                self.end_slot(out);
            }
        }
        self.settle(now, out);
    }

    /// Brings the state in line with demand and weather and starts a slot where light is sent.
    fn settle(&mut self, now: SimTime, out: &mut Vec<LinkOutput>) {
        let lost = self.conditions.blocked || self.conditions.visibility_km < 0.05;
        let state = if lost {
            State::Lost
        } else if self.demand {
            State::Emitting
        } else {
            State::Standby
        };
        if state != self.state {
            out.push(Output::Event(Event::StateChanged { from: self.state, to: state }));
            self.state = state;
        }
        if state == State::Emitting && self.slot_end.is_none() {
            let end = now + SimDuration::from_secs(self.params.slot_s);
            self.slot_end = Some(end);
            out.push(Output::WakeAt(end));
        }
    }

    fn end_slot(&mut self, out: &mut Vec<LinkOutput>) {
        if self.state != State::Emitting {
            return;
        }
        let pulses = (self.params.source.pulse_rate_hz * self.params.slot_s) as u64;
        let law = Law::new(&self.params, &self.channel, self.channel.mean_collected, 0.0);
        self.drawer.slot(&law, pulses, &mut self.memory, &mut self.rng, &mut self.block);
        if self.block.pulses < self.params.block_pulses {
            return;
        }
        let detections = std::mem::take(&mut self.block);
        let id = BlockId { link: self.id.clone(), seq: self.block_seq };
        self.block_seq += 1;
        out.push(Output::Event(Event::BlockReady {
            block: id.clone(),
            pulses: detections.pulses,
            clicks: detections.clicks() as u64,
            loss_db: self.channel.loss_db(),
            duration_s: detections.pulses as f64 / self.params.source.pulse_rate_hz,
        }));
        out.push(Output::Deliver(Block { id, detections }));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ground::Streams;

    #[test]
    fn it_emits_on_demand_stands_by_and_loses_the_beam() {
        let clear = Conditions::default();
        let mut link = Link::new("a-b".into(), &Params::default(), 200.0, clear.clone(), Streams::new(1).stream("x"));
        let mut out = Vec::new();
        link.handle(SimTime::ZERO, Input::Demand(true), &mut out);
        assert_eq!(link.state(), State::Emitting);
        let mut blocks = 0;
        for _ in 0..16 {
            let Some(wake) =
                out.iter().rev().find_map(|o| if let Output::WakeAt(t) = o { Some(*t) } else { None })
            else {
                break;
            };
            out.clear();
            link.handle(wake, Input::Wake, &mut out);
            blocks += out.iter().filter(|o| matches!(o, Output::Deliver(_))).count();
        }
        assert_eq!(blocks, 1, "16 slots of 0.25 s at 1 MHz are one block of 4 million pulses");
        link.handle(
            SimTime::from_secs(5.0),
            Input::Conditions(Conditions { visibility_km: 0.01, ..clear.clone() }),
            &mut out,
        );
        assert_eq!(link.state(), State::Lost);
        link.handle(SimTime::from_secs(6.0), Input::Conditions(clear.clone()), &mut out);
        link.handle(SimTime::from_secs(6.0), Input::Demand(false), &mut out);
        assert_eq!(link.state(), State::Standby);
        link.handle(
            SimTime::from_secs(7.0),
            Input::Conditions(Conditions { blocked: true, ..clear.clone() }),
            &mut out,
        );
        assert_eq!(link.state(), State::Lost);
    }
}
