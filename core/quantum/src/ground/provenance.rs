//! Where a key comes from, which goes with it wherever it goes.

use super::id::BlockId;
use serde::{Deserialize, Serialize};

/// What vouched for the messages of the round that made a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Authentication {
    /// Wegman-Carter tags under one-time pads: holds against any computer.
    OneTimePad,
    /// ML-DSA-65 signatures (FIPS 204), for want of pads: holds if nobody could forge one while the round lasted.
    Signature,
    /// Nobody: the key was put in at installation.
    Installation,
}

/// The history of a secret key.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Provenance {
    /// The block that it was distilled from.
    pub block: BlockId,
    /// It differs from an ideal key by at most this (composable; Lim et al. 2014), 0 to 1.
    pub eps_sec: f64,
    /// Both ends hold different keys with at most this probability, 0 to 1.
    pub eps_cor: f64,
    /// Error rate of the block's key basis, 0 to 1.
    pub qber: f64,
    /// Bits that reconciliation and verification disclosed of the whole block.
    pub leak_bits: u64,
    /// What vouched for the round.
    pub authentication: Authentication,
}

impl Provenance {
    /// That of a key put in at installation in the place of `block`: nothing of it was ever disclosed.
    #[must_use]
    pub fn installation(block: BlockId) -> Self {
        Self {
            block,
            eps_sec: 0.0,
            eps_cor: 0.0,
            qber: 0.0,
            leak_bits: 0,
            authentication: Authentication::Installation,
        }
    }
}
