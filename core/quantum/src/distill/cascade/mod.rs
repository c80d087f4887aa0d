//! Reconciliation by Cascade (Brassard and Salvail 1994): one side corrects its bits by parities that it asks the other
//! for. Both sides are state machines without I/O, and all searches of a pass go on side by side, so that a round trip
//! serves hundreds of them.
//!
//! [`Corrector::start`] gives the first [`Questions`]; they travel as bytes; [`Answerer::answer`] gives one parity for
//! each; [`Corrector::answer`] takes these and gives the next questions, until there are none. Both must hold the same
//! [`Order`]. What was told is counted on both sides, [`Answerer::leak_bits`] by the one that tells.
//!
//! What keeps the leak near n h(Q), beyond the protocol as published:
//!
//! - The string is spread first, so that errors which came together cost no more than others.
//! - Every parity once known cuts its pass for good, and the parity of a pass's last block, which follows from those of
//!   the first pass, is never asked for.
//! - First blocks are powers of two in a mixture that meets the best mean length, so that halving loses nothing.
//! - Blocks of the second pass follow the number of errors that the first has left, not the rate first guessed.
//! - Short runs are cut where an error lies before as likely as behind, by what the other passes know of each bit
//!   ([`Variant::Thrifty`], see `weights`).
//! - The end is checked by parities of random subsets, as in BICONF (Bennett et al. 1992), one by one as many as the
//!   wanted certainty needs.

mod answerer;
mod corrector;
mod order;
mod plan;
mod question;
mod search;
mod view;
mod weights;
mod words;

#[cfg(test)]
mod tests;

pub use answerer::Answerer;
pub use corrector::Corrector;
pub use order::Order;
pub use plan::{Plan, Variant};
pub use question::{MAX_CHECKS, MAX_PASSES, Questions, Refused};
