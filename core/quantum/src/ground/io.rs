//! What a state machine says. Every protocol of the core is sans-I/O: it owns no clock, socket or thread and has
//!
//! ```text
//! fn handle(&mut self, now: SimTime, input: Input, out: &mut Vec<Output<To, Message, Delivery, Event>>)
//! ```
//!
//! The contract: the caller passes every input with a `now` that never goes back, carries out all of `out` after
//! each call, and calls again with the machine's wake input at (or after) the latest `WakeAt`.

use super::time::SimTime;

/// One thing that a state machine wants done or known.
#[derive(Clone, Debug, PartialEq)]
pub enum Output<To, Message, Delivery, Event> {
    /// Carry this message to that peer.
    Send(To, Message),
    /// Call again at this time.
    WakeAt(SimTime),
    /// Hand this to the floor above.
    Deliver(Delivery),
    /// This happened.
    Event(Event),
}
