//! The carrier of messages between state machines, and its fault wrappers.
//!
//! A carrier only says when (and whether, and in what shape) a message arrives; the simulator queues it. Faults
//! are wrappers of the same trait, each with its own random stream (the manner of smoltcp's `FaultInjector`).

use super::rng::Rng;
use super::time::{SimDuration, SimTime};

/// Takes a message and says what arrives and when.
pub trait Carrier<M> {
    /// Appends to `arrivals` each copy that will arrive, with its time, not before `now`.
    fn carry(&mut self, now: SimTime, message: M, arrivals: &mut Vec<(SimTime, M)>);
}

/// Everything arrives, after a fixed time.
#[derive(Clone, Debug)]
pub struct FixedDelay {
    /// One-way delay.
    pub delay: SimDuration,
}

impl<M> Carrier<M> for FixedDelay {
    fn carry(&mut self, now: SimTime, message: M, arrivals: &mut Vec<(SimTime, M)>) {
        arrivals.push((now + self.delay, message));
    }
}

/// Loses and duplicates messages of the carrier inside it.
#[derive(Clone, Debug)]
pub struct FaultInjector<C> {
    /// The carrier underneath.
    pub inner: C,
    /// Its own random stream.
    pub rng: Rng,
    /// Probability that a message is lost.
    pub loss: f64,
    /// Probability that a message arrives twice.
    pub duplicate: f64,
}

impl<M: Clone, C: Carrier<M>> Carrier<M> for FaultInjector<C> {
    fn carry(&mut self, now: SimTime, message: M, arrivals: &mut Vec<(SimTime, M)>) {
        if self.rng.chance(self.loss) {
            return;
        }
        if self.rng.chance(self.duplicate) {
            self.inner.carry(now, message.clone(), arrivals);
        }
        self.inner.carry(now, message, arrivals);
    }
}
