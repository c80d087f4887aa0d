//! Floor 1, light: what is sent, what the air and an eavesdropper do to it, what is detected.
//!
//! BB84 over a rooftop link of 50 m to 2 km. Geometry, air and sky make a [`Channel`]; it fades in time as the mounts
//! tremble and the air moves. Source, channel and eavesdropper make the [`Law`] of a pulse, from which detections are
//! drawn. The hardware points, tracks, cools its source and stows itself; a block gathers slots until it is long
//! enough to be distilled.

pub mod air;
mod alias;
pub mod beam;
mod bessel;
pub mod channel;
pub mod climate;
pub mod cn2;
pub mod collection;
pub mod control;
pub mod course;
pub mod emitter;
pub mod eve;
pub mod fading;
pub mod hardware;
pub mod health;
pub mod law;
pub mod params;
pub mod photon;
pub mod pointing;
pub mod qrng;
pub mod range;
pub mod records;
pub mod sampler;
pub mod sky;
pub mod sun;
pub mod surroundings;
pub mod terminal;
pub mod thermal;
pub mod turbulence;
pub mod weather;

pub use channel::{Channel, Conditions};
pub use eve::Attack;
pub use hardware::{Block, Event, Input, Link, LinkOutput, State};
pub use law::Law;
pub use params::{ParamError, Params};
pub use records::{AliceRecords, BobRecords, Detections};
