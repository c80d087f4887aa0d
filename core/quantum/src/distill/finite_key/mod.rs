//! How long a key a finite block gives.
//!
//! Each bound has its file and starts from what was counted: [`lim2014`] with two decoys, [`rusca2018`] with one,
//! [`super::single_photon`] without a laser. [`block`] says what would be counted over a stated channel, and [`optimise`]
//! finds what to send there.
//!
//! ```
//! use keyway_quantum::distill::asymptotic::Channel;
//! use keyway_quantum::distill::finite_key::{Block, Bound, Choice, Coincidence};
//!
//! let block = Block {
//!     bound: Bound::Lim2014,
//!     channel: Channel { eta: 0.01, y0: 1e-6, e_d: 0.01 },
//!     coincidence: Coincidence::Coin,
//!     pulses: 1e11,
//!     f_ec: 1.16,
//!     eps_sec: 1e-10,
//!     eps_cor: 1e-15,
//! };
//! let choice = Choice { mu: vec![0.5, 0.1, 0.0], p: vec![0.7, 0.2, 0.1], p_x: 0.9 };
//! let key = block.key_length(&choice)?;
//! assert_eq!(key.length.floor(), 125_173_084.0);
//! let best = block.best(0.0)?.expect("this channel gives a key");
//! assert!(best.key.length > key.length);
//! # Ok::<(), keyway_quantum::distill::finite_key::ParameterError>(())
//! ```

pub mod block;
pub mod entropy;
pub mod lim2014;
pub mod optimise;
pub mod rusca2018;
mod statistics;

pub use block::{Block, Bound, Choice, Coincidence, Expected, ParameterError};
pub use entropy::entropy;
pub use lim2014::{Observed, key_length};
pub use optimise::Best;
pub use statistics::KeyLength;

#[cfg(test)]
mod golden_tests;
#[cfg(test)]
mod law_tests;
