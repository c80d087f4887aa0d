//! The machines on the roofs: mounts and trackers, the source's cooling and its interlock, the random number generator,
//! and the link that they make together.

pub mod control;
pub mod emitter;
pub mod health;
pub mod link;
pub mod pointing;
pub mod qrng;
pub mod terminal;
pub mod thermal;
