//! Keyway's lower floors: from single photons to secret keys. They are the hot part of the pipeline, a crate of their own
//! so that the page can have them compiled for speed and all else for size.
//!
//! The floors stand in the order of the `mod` lines below, and a floor uses only floors above its own line:
//!
//! * [`ground`]: simulated time, identifiers, named random streams, secrets, the carrier of messages.
//! * [`link`]: light. What a rooftop sends, what the air and an eavesdropper do to it, what is detected.
//! * [`distill`]: two parties make equal secret keys from what was detected, and prove how secret they are.

pub mod ground;
pub mod link;
pub mod distill;
