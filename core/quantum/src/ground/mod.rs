//! Floor 0, the ground: what every floor stands on.
//!
//! Simulated time, identifiers, named random streams, exact samplers, bit strings, secrets, plane geometry and
//! the carrier that takes messages from one state machine to another. Nothing here knows a photon or a car.

pub mod bits;
pub mod carrier;
pub mod figures;
pub mod geo;
pub mod id;
pub mod io;
pub mod order;
pub mod provenance;
pub mod rng;
pub mod sample;
pub mod secret;
pub mod time;

pub use bits::Bits;
pub use geo::{GeoPoint, Plane, Point};
pub use id::{BlockId, DeviceId, KeyId, LinkId, MessageId, NodeId, SaeId, ServiceId, StationId};
pub use io::Output;
pub use provenance::{Authentication, Provenance};
pub use rng::{Rng, Streams};
pub use secret::{DerivedKey, RelayedKey, SecretKey, SessionKey, SiftedBits};
pub use time::{START_UNIX_S, SimDuration, SimTime};
