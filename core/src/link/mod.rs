//! Floor 1, light: what is sent, what the air and an eavesdropper do to it, what is detected.
//!
//! Weak coherent BB84 with two decoys over a rooftop link. The channel is constant over a slot; a block gathers
//! slots until it is long enough to be distilled. Turbulence and pointing are not in the model yet: the mean
//! transmittance stands for the channel.

pub mod channel;
pub mod climate;
pub mod control;
pub mod course;
pub mod emitter;
pub mod hardware;
pub mod health;
pub mod params;
pub mod pointing;
pub mod qrng;
pub mod range;
pub mod sample;
pub mod sun;
pub mod terminal;
pub mod thermal;
pub mod weather;

pub use channel::{Channel, Conditions};
pub use hardware::{Block, Event, Input, Link, LinkOutput, State};
pub use params::{ParamError, Params};
pub use sample::{AliceRecords, BobRecords, Detections};
