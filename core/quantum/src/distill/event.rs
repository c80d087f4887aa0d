//! What happened on floor 2.

use super::finite_key::KeyLength;
use super::trace::Line;
use crate::ground::{Authentication, BlockId, KeyId, LinkId};
use serde::{Deserialize, Serialize};
use std::fmt;

/// An event of one party.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Event {
    /// Bases and intensities have been compared.
    Sifted {
        /// The block.
        block: BlockId,
        /// Detections.
        detections: u32,
        /// Bits in the key basis.
        key_bits: u32,
        /// Bits in the check basis, all disclosed.
        check_bits: u32,
        /// Error rate of the check basis, 0 to 1.
        qber_z: f64,
    },
    /// The two strings are equal, as far as parities tell.
    Reconciled {
        /// The block.
        block: BlockId,
        /// Error rate of the key basis, 0 to 1.
        qber_x: f64,
        /// Parities disclosed.
        leak_bits: u32,
        /// Leak over the Shannon limit n h(QBER).
        efficiency: f64,
        /// Questions and answers.
        round_trips: u32,
    },
    /// A key was made, hashed and authenticated.
    Distilled {
        /// The block.
        block: BlockId,
        /// The finite-key bound.
        bound: KeyLength,
        /// Secret bits.
        secret_bits: u32,
        /// Bits kept back as pads for tags to come.
        pad_bits: u32,
        /// Bits under a whole key at the end, discarded.
        discarded_bits: u32,
        /// Pairs of pads left.
        pairs_left: u32,
        /// What vouched for the round.
        authentication: Authentication,
        /// The keys.
        keys: Vec<KeyId>,
        /// What was said.
        trace: Vec<Line>,
    },
    /// The block gave nothing.
    Dropped {
        /// The block.
        block: BlockId,
        /// Why.
        why: DropReason,
        /// Pairs of pads left on the side that dropped it.
        pairs_left: u32,
        /// What was said.
        trace: Vec<Line>,
    },
    /// Bytes came that are no message.
    Refused {
        /// The link.
        link: LinkId,
        /// How many.
        bytes: u32,
    },
}

/// Why a block was dropped.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub enum DropReason {
    /// Error rate over the limit.
    Qber {
        /// What was found, 0 to 1.
        qber: f64,
        /// The limit.
        limit: f64,
    },
    /// The finite-key bound leaves no bit.
    NoKeyLeft {
        /// Phase error rate that the bound allows for, 0 to 1.
        phase_error: f64,
    },
    /// The strings differ after reconciliation.
    Unequal,
    /// A seal is wrong: somebody changed a message, or is not who he should be.
    BadSeal,
    /// No pad is left for a seal, and signatures are not allowed.
    NoPad,
    /// The other side did not prove who it is.
    Unproven,
    /// The other side dropped it.
    Peer,
    /// The other side fell silent.
    Timeout,
    /// Newer blocks came before it was done, more than a side has under way at once.
    Overtaken,
    /// A message makes no sense.
    Malformed,
}

impl fmt::Display for DropReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Qber { qber, limit } => {
                write!(f, "QBER {:.1} % is over the limit of {:.0} %", qber * 100.0, limit * 100.0)
            }
            Self::NoKeyLeft { phase_error } => {
                write!(
                    f,
                    "too few or too noisy detections for a key (phase error up to {:.0} %)",
                    phase_error * 100.0
                )
            }
            Self::Unequal => f.write_str("the two strings differ after reconciliation"),
            Self::BadSeal => {
                f.write_str("a seal does not verify: a message was changed, or somebody else made it")
            }
            Self::Unproven => f.write_str("the other side did not prove who it is"),
            Self::NoPad => f.write_str("no pad is left to authenticate with"),
            Self::Peer => f.write_str("the other side dropped it"),
            Self::Timeout => f.write_str("the other side fell silent"),
            Self::Overtaken => f.write_str("too many newer blocks came before it was done"),
            Self::Malformed => f.write_str("a message made no sense"),
        }
    }
}
