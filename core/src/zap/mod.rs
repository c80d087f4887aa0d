//! Floor 4, trust: PUF, fuzzy extractor, enrolment, join, device private network, message protection.
//!
//! The zero-trust authentication protocol of Fowler et al. 2023 is unpublished. This one is in its manner, from what the
//! paper says of it: keys from the KMM, devices identified by their silicon, a gateway with its own key store, a device
//! private network that vehicles join.

pub mod device;
pub mod dpn;
pub mod event;
pub mod fuzzy;
pub mod gateway;
pub mod join;
pub mod params;
pub mod puf;

pub use device::{Dau, Device};
pub use dpn::{EpochKey, Member, Opened, Reject};
pub use event::{Event, JoinRefusal};
pub use gateway::Gateway;
pub use params::Params;
