//! What becomes of a pulse: its photons, what an eavesdropper does to them, the law of what is detected, the samplers that
//! draw from it, and both ends' records.

mod alias;
pub mod eve;
pub mod law;
pub mod photon;
pub mod records;
pub mod sampler;
