//! Keyway's pipeline: the life of one key, from single photons to a car's decision.
//!
//! (The tour of the floors is completed as they are joined; the order of the `mod` lines is the order of the floors.)

pub mod ground;
pub mod link;
pub mod distill;
pub mod kmm;
pub mod sdn;
pub mod zap;
pub mod its;
pub mod road;
pub mod sim;
pub mod studies;
