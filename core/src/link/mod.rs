//! Floor 1, light: what is sent, what the air and an eavesdropper do to it, what is detected.
//!
//! Weak coherent BB84 with two decoys over a rooftop link. The channel is constant over a slot; a block gathers
//! slots until it is long enough to be distilled. Turbulence and pointing are not in the model yet: the mean
//! transmittance stands for the channel.

pub mod air;
mod alias;
pub mod beam;
mod bessel;
pub mod channel;
pub mod cn2;
pub mod collection;
pub mod eve;
pub mod fading;
pub mod hardware;
pub mod law;
pub mod params;
pub mod photon;
pub mod records;
pub mod sampler;
pub mod sky;
pub mod turbulence;

pub use channel::{Channel, Conditions};
pub use eve::Attack;
pub use hardware::{Block, Event, Input, Link, LinkOutput, State};
pub use law::Law;
pub use params::{ParamError, Params};
pub use records::{AliceRecords, BobRecords, Detections};
