//! How a link's two parties distil. Checked once, at the scenario's door.

use super::reconcile::Choice;
use crate::ground::SimDuration;
use crate::link::params::{ParamError, within};
use serde::{Deserialize, Serialize};

/// Blocks that a side has under way at most; the oldest makes room for a new one.
pub const UNDER_WAY: usize = 16;

/// New pairs of pads that a block makes at most beside the one that replaces its own.
pub(super) const REFILL_PAIRS: u32 = 8;

/// Parameters of distillation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Params {
    /// Secrecy: a key differs from an ideal one by at most this, 1e-30 to 1e-3.
    pub eps_sec: f64,
    /// Correctness: the two sides' keys differ with at most this probability, 1e-30 to 1e-3.
    pub eps_cor: f64,
    /// A block over this error rate is dropped, 0.01 to 0.25: 11 % is where no key is left of an ideal source (Shor and
    /// Preskill 2000).
    pub qber_limit: f64,
    /// How differing bits are found.
    pub reconciliation: Choice,
    /// Whether each side proves who it is before a pad is spent.
    pub prove_peer: bool,
    /// Pairs of pads that both sides hold from installation and fill up to, 0 to 4096.
    pub reserve_pairs: u32,
    /// Whether a round without pads is sealed by signatures; else it is dropped.
    pub signatures: bool,
    /// One-way delay of the classical channel, milliseconds, 0.001 to 1 000.
    pub delay_ms: f64,
    /// Share of the classical messages that are lost, 0 to 0.5.
    pub loss: f64,
    /// A block that is not done after this time is dropped, seconds, 0.1 to 60.
    pub timeout_s: f64,
}

impl Default for Params {
    fn default() -> Self {
        Self {
            eps_sec: 1e-9,
            eps_cor: 1e-15,
            qber_limit: 0.11,
            reconciliation: Choice::Auto,
            prove_peer: true,
            reserve_pairs: 32,
            signatures: true,
            delay_ms: 2.0,
            loss: 0.0,
            timeout_s: 3.0,
        }
    }
}

impl Params {
    /// Checks every field.
    ///
    /// # Errors
    /// [`ParamError`] for the first field out of its range.
    pub fn check(&self) -> Result<(), ParamError> {
        within("eps_sec", self.eps_sec, 1e-30, 1e-3)?;
        within("eps_cor", self.eps_cor, 1e-30, 1e-3)?;
        within("qber_limit", self.qber_limit, 0.01, 0.25)?;
        within("reserve_pairs", f64::from(self.reserve_pairs), 0.0, 4_096.0)?;
        within("delay_ms", self.delay_ms, 0.001, 1_000.0)?;
        within("loss", self.loss, 0.0, 0.5)?;
        within("timeout_s", self.timeout_s, 0.1, 60.0)
    }

    /// One-way delay of the classical channel.
    #[must_use]
    pub fn delay(&self) -> SimDuration {
        SimDuration::from_secs(self.delay_ms * 1e-3)
    }

    /// How long an answer is waited for before a message is sent again: twice the round trip, and some for the work.
    #[must_use]
    pub(super) fn patience(&self) -> SimDuration {
        SimDuration::from_secs(4e-3 * self.delay_ms + 0.02)
    }

    /// How long a block may take.
    #[must_use]
    pub(super) fn timeout(&self) -> SimDuration {
        SimDuration::from_secs(self.timeout_s)
    }
}
