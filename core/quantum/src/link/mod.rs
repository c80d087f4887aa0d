//! Floor 1, light: what is sent, what the air and an eavesdropper do to it, what is detected.
//!
//! BB84 over a rooftop link of 50 m to 2 km. Geometry, air and sky make a [`Channel`]; it fades in time as the mounts
//! tremble and the air moves. Source, channel and eavesdropper make the [`Law`] of a pulse, from which detections are
//! drawn. The hardware points, tracks, cools its source and stows itself; a block gathers slots until it is long
//! enough to be distilled.

pub mod channel;
mod hardware;
pub mod params;
mod path;
mod pulse;
pub mod weather;

pub use channel::{Channel, Conditions};
pub use hardware::link::{Block, Event, Input, Link, LinkOutput, State};
pub use hardware::{control, emitter, health, pointing, qrng, terminal, thermal};
pub use params::{ParamError, Params};
pub use path::{air, beam, cn2, collection, fading, sky, surroundings, turbulence};
pub use pulse::eve::Attack;
pub use pulse::law::Law;
pub use pulse::records::{AliceRecords, BobRecords, Detections};
pub use pulse::{eve, photon, sampler};
pub use weather::{climate, course};
