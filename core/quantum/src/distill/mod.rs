//! Floor 2, keys out of light: sifting, estimation, reconciliation, verification, amplification, authentication.

pub mod asymptotic;
pub mod auth;
pub mod cascade;
pub mod estimate;
pub mod event;
pub mod finite_key;
pub mod ldpc;
pub mod message;
pub mod params;
pub mod party;
pub mod reconcile;
pub mod round;
pub mod sift;
pub mod signature;
pub mod single_photon;
pub mod toeplitz;
pub mod trace;

pub use auth::Authenticator;
pub use estimate::Statistics;
pub use event::{DropReason, Event};
pub use message::{Message, Side};
pub use params::Params;
pub use party::{Distilled, HalfRecord, Input, Party, PartyOutput, Rules};
pub use signature::Identity;
