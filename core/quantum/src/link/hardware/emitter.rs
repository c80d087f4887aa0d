//! How warm the light source is, and whether it may emit.
//!
//! The source's semiconductors are cooled electrically, and a controller that cools them wrongly stresses them to
//! failure: a photon-emitting part of the trial failed so (Fowler et al. 2023, section 6.2). Here an interlock stops
//! emission before the emitter leaves its rated range, lets it emit again only when it has been stable for a while and
//! its cooler can carry the load, and the cooler never works past its rating ([`super::thermal`]).

use super::thermal::{EmitterParams, Thermal};
use crate::ground::{SimDuration, SimTime};
use serde::{Deserialize, Serialize};

/// The cooler counts as able to carry its load again below this share of its limit: hysteresis.
const LOAD_RESUME: f64 = 0.95;

/// What the source's temperature control does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum EmitterState {
    /// The cooler is off; the emitter goes to the temperature of the air.
    Off,
    /// On its way to the set point, or not there long enough.
    Stabilising,
    /// It may emit.
    Ready,
    /// It came near the end of its rated range and may not emit until it is stable again.
    Interlocked,
}

/// What the emitter's temperature does next by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Due {
    EnterBand,
    LeaveBand,
    Settled,
    Interlock,
}

/// One emitter with its cooler, controller and interlock. Its owner steps it ([`super::terminal`]).
#[derive(Clone, Debug)]
pub struct Emitter {
    thermal: Thermal,
    at: SimTime,
    state: EmitterState,
    /// Within tolerance since then.
    stable_since: Option<SimTime>,
}

impl Emitter {
    /// An emitter as warm as the air, switched off.
    #[must_use]
    pub fn new(params: &EmitterParams, air_c: f64) -> Self {
        Self {
            thermal: Thermal {
                params: params.clone(),
                temperature_c: air_c,
                air_c,
                cooler_health: 1.0,
                powered: false,
                emitting: false,
            },
            at: SimTime::ZERO,
            state: EmitterState::Off,
            stable_since: None,
        }
    }

    /// An emitter that has been held at its set point and may emit.
    #[must_use]
    pub fn ready(params: &EmitterParams, air_c: f64) -> Self {
        let mut emitter = Self { state: EmitterState::Ready, ..Self::new(params, air_c) };
        (emitter.thermal.temperature_c, emitter.thermal.powered) = (params.set_point_c, true);
        emitter
    }

    /// What the temperature control does.
    #[must_use]
    pub fn state(&self) -> EmitterState {
        self.state
    }

    /// Temperature at the last step, degrees Celsius.
    #[must_use]
    pub fn temperature_c(&self) -> f64 {
        self.thermal.temperature_c
    }

    /// Temperature at `now`, which must not lie behind the next thing due, degrees Celsius.
    #[must_use]
    pub fn temperature_at_c(&self, now: SimTime) -> f64 {
        self.thermal.flow(now.since(self.at).as_secs())
    }

    /// Whether light leaves and its heat flows.
    #[must_use]
    pub fn emitting(&self) -> bool {
        self.thermal.emitting
    }

    /// Share of its limit at which the cooler would work at the set point with the source emitting (or, in the cold,
    /// heating without it): above 1 it cannot hold the set point.
    #[must_use]
    pub fn cooler_load(&self) -> f64 {
        self.thermal.cooler_load()
    }

    /// The hottest or coldest the emitter would get if everything stayed as it is, degrees Celsius.
    #[must_use]
    pub fn end_temperature_c(&self) -> f64 {
        self.thermal.flow(1e9)
    }

    /// What the world does from now on: the air's temperature and the cooler's health.
    pub(super) fn set_world(&mut self, air_c: f64, cooler_health: f64) {
        self.thermal.air_c = air_c;
        self.thermal.cooler_health = cooler_health;
        self.rejudge();
    }

    /// Switches the cooler; off, nothing may be emitted.
    pub(super) fn set_power(&mut self, on: bool) {
        let was_on = self.state != EmitterState::Off;
        if on && !was_on {
            self.state = EmitterState::Stabilising;
            self.thermal.powered = true;
            self.rejudge();
        } else if !on && was_on {
            self.state = EmitterState::Off;
            self.stable_since = None;
            (self.thermal.powered, self.thermal.emitting) = (false, false);
        }
    }

    /// Asks for emission; only a ready source emits.
    pub(super) fn set_emitting(&mut self, on: bool) {
        self.thermal.emitting = on && self.state == EmitterState::Ready;
        self.rejudge();
    }

    /// What the temperature does next by itself, and when.
    pub(super) fn due(&self) -> Option<(SimTime, Due)> {
        let p = &self.thermal.params;
        let (due, in_s) = match self.state {
            EmitterState::Off => return None,
            EmitterState::Ready => {
                let (low, high) = p.interlock_c();
                let edge = if self.thermal.rate(self.thermal.temperature_c) > 0.0 { high } else { low };
                (Due::Interlock, self.thermal.time_to(edge)?)
            }
            EmitterState::Stabilising | EmitterState::Interlocked => {
                let rising = self.thermal.rate(self.thermal.temperature_c) > 0.0;
                let (lower, upper) = (p.set_point_c - p.tolerance_k, p.set_point_c + p.tolerance_k);
                let Some(since) = self.stable_since else {
                    let edge = if rising { lower } else { upper };
                    return Some((later(self.at, self.thermal.time_to(edge)?)?, Due::EnterBand));
                };
                let leaves = self.thermal.time_to(if rising { upper } else { lower });
                let settled = self
                    .carries_its_load()
                    .then(|| (since + SimDuration::from_secs(p.settle_s)).since(self.at).as_secs());
                match (settled, leaves) {
                    (Some(s), Some(l)) if l < s => (Due::LeaveBand, l),
                    (Some(s), _) => (Due::Settled, s),
                    (None, l) => (Due::LeaveBand, l?),
                }
            }
        };
        Some((later(self.at, in_s)?, due))
    }

    /// Moves to `to`, which must not lie behind what is due.
    pub(super) fn step(&mut self, to: SimTime) {
        self.thermal.temperature_c = self.temperature_at_c(to);
        self.at = self.at.max(to);
    }

    /// Carries out what was due.
    pub(super) fn fire(&mut self, due: Due) {
        match due {
            Due::EnterBand => self.stable_since = Some(self.at),
            Due::LeaveBand => self.stable_since = None,
            Due::Settled => self.state = EmitterState::Ready,
            Due::Interlock => self.interlock(),
        }
    }

    fn interlock(&mut self) {
        self.state = EmitterState::Interlocked;
        self.thermal.emitting = false;
        self.stable_since = None;
    }

    /// Brings interlock and tolerance in line with the temperature after a change of anything else.
    fn rejudge(&mut self) {
        let p = &self.thermal.params;
        let off_k = (self.thermal.temperature_c - p.set_point_c).abs();
        let (low, high) = p.interlock_c();
        match self.state {
            EmitterState::Off => {}
            EmitterState::Ready => {
                if self.thermal.temperature_c <= low || self.thermal.temperature_c >= high {
                    self.interlock();
                }
            }
            EmitterState::Stabilising | EmitterState::Interlocked => {
                // A crossing is due at a whole nanosecond: what lies that near the edge counts as inside.
                let stable = off_k <= p.tolerance_k * (1.0 + 1e-9);
                self.stable_since = stable.then(|| self.stable_since.unwrap_or(self.at));
            }
        }
    }

    fn carries_its_load(&self) -> bool {
        self.cooler_load() < if self.state == EmitterState::Interlocked { LOAD_RESUME } else { 1.0 }
    }

    /// Whether an alarm of a cooler at its limit stands, given that it stood or not.
    pub(super) fn cooler_at_limit(&self, stood: bool) -> bool {
        self.state != EmitterState::Off && self.cooler_load() > if stood { LOAD_RESUME } else { 1.0 }
    }
}

/// `at` plus `in_s`, rounded up; `None` for what lies beyond a century.
fn later(at: SimTime, in_s: f64) -> Option<SimTime> {
    (in_s < 3e9).then(|| at + SimDuration((in_s * 1e9).ceil() as u64))
}

#[cfg(test)]
#[path = "emitter_tests.rs"]
mod tests;
