//! What the two parties say over the classical channel. Eve hears it all; only the tags keep her from changing it.

use super::auth::Tag;
use super::cascade::Range;
use crate::ground::{Bits, BlockId};
use serde::{Deserialize, Serialize};

/// Bits as they travel.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WireBits {
    /// Number of bits.
    pub len: u32,
    /// The bits, lowest first.
    pub bytes: Vec<u8>,
}

impl From<&Bits> for WireBits {
    fn from(bits: &Bits) -> Self {
        Self { len: bits.len() as u32, bytes: bits.to_bytes() }
    }
}

impl WireBits {
    /// The bits; `None` where the length is not that of the bytes.
    #[must_use]
    pub fn bits(&self) -> Option<Bits> {
        let len = self.len as usize;
        (self.bytes.len() == len.div_ceil(8)).then(|| Bits::from_bytes(&self.bytes, len))
    }
}

/// One message about one block.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    /// The block.
    pub block: BlockId,
    /// What is said.
    pub body: Body,
}

/// The bodies, in the order of the protocol.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Body {
    /// Bob: his bases (1 = Z), and the bits of his Z detections in order.
    Sift {
        /// One bit a detection.
        bases: WireBits,
        /// One bit a detection in Z.
        z_bits: WireBits,
    },
    /// Alice: her bases, intensities, the Z bits of matching detections, and the public seed of the
    /// order of reconciliation.
    SiftReply {
        /// One bit a detection.
        bases: WireBits,
        /// Index of the intensity: a plane of its low bits, a plane of its high ones.
        intensities: [WireBits; 2],
        /// One bit a detection with both in Z.
        z_bits: WireBits,
        /// Public seed.
        order_seed: u64,
    },
    /// Bob: parities asked for.
    Ask(Vec<Range>),
    /// Alice: the parities.
    Answer(WireBits),
    /// Bob: reconciliation is done; a universal hash of his bits.
    Verify {
        /// Public key of the hash.
        hash_key: Tag,
        /// The hash.
        hash: Tag,
        /// Bits that he corrected.
        corrected: u32,
        /// Parities that he asked for.
        leak_bits: u32,
    },
    /// Alice: the hashes agree; the key's length, the seed of privacy amplification, and the tag over all that she
    /// has said and heard.
    Confirm {
        /// Bits of the key.
        length: u32,
        /// Public seed of the Toeplitz matrix.
        seed: WireBits,
        /// Number of the pad under this tag; Bob's reply takes the next.
        pad: u32,
        /// The tag.
        tag: Tag,
    },
    /// Bob: his tag over all that he has said and heard.
    Close {
        /// The tag.
        tag: Tag,
    },
}

impl Message {
    /// The bytes that are sent and that the tags cover.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        // Postcard refuses only sequences of unknown length; there are none.
        postcard::to_stdvec(self).unwrap_or_default()
    }
}
