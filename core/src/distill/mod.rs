//! Floor 2, keys out of light: sifting, estimation, reconciliation, verification, amplification, authentication.

pub mod asymptotic;
pub mod auth;
pub mod cascade;
pub mod event;
pub mod finite_key;
pub mod message;
pub mod party;
pub mod sift;
pub mod single_photon;
pub mod toeplitz;

pub use auth::Authenticator;
pub use event::{DropReason, Event};
pub use message::Message;
pub use party::{Distilled, HalfRecord, Input, Party, PartyOutput, Rules};
