//! What the two parties say over the classical channel, and its bytes. Eve hears it all; only the seals keep her from
//! changing it.
//!
//! A message is its version, a byte, and then the fields of [`Message`] in the order given here, as postcard writes them:
//! whole numbers as LEB128 varints, byte strings with their length before them, variants by their number.

use crate::ground::{Authentication, Bits};
use serde::{Deserialize, Serialize};
use thiserror::Error;

/// First byte of every message.
pub const VERSION: u8 = 1;

/// No message is longer, bytes: 10⁷ detections a block at most.
pub const MAX_BYTES: usize = 1 << 25;

/// Bytes of a tag, a pad and a hash key.
pub const TAG_BYTES: usize = 16;

/// A tag.
pub type Tag = [u8; TAG_BYTES];

/// A proof of who speaks: the first half of an HMAC-SHA-256.
pub type Proof = [u8; 16];

/// An end of a link.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// Who sends the photons.
    Alice,
    /// Who finds them.
    Bob,
}

/// What closes a round in one direction.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Seal {
    /// A Wegman-Carter tag.
    Pad {
        /// Number of the pair of pads.
        pair: u32,
        /// The tag.
        tag: Tag,
    },
    /// An ML-DSA-65 signature.
    Signature(#[serde(with = "serde_bytes")] Vec<u8>),
}

impl Seal {
    /// What it rests on.
    #[must_use]
    pub fn authentication(&self) -> Authentication {
        match self {
            Self::Pad { .. } => Authentication::OneTimePad,
            Self::Signature(_) => Authentication::Signature,
        }
    }
}

/// A way of reconciliation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Method {
    /// Cascade with two passes ([`super::cascade::Variant::Fast`]).
    Cascade,
    /// Cascade that weighs where to cut ([`super::cascade::Variant::Thrifty`]): the least is told.
    CascadeThrifty,
    /// Cascade as Brassard and Salvail (1994) have it.
    CascadeOriginal,
    /// Cascade as Yan et al. (2008) have it.
    CascadeYan,
    /// Cascade as Martinez-Mateo et al. (2015) have it.
    CascadeMartinez,
    /// Low-density parity checks, most frames in one message ([`super::ldpc::Settings::FAST`]).
    Ldpc,
    /// The same with more questions and less leak ([`super::ldpc::Settings::BLIND`]).
    LdpcBlind,
    /// The same in long frames ([`super::ldpc::Settings::LONG`]).
    LdpcLong,
}

/// Kind of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Bob's bases.
    Sift,
    /// Alice's bases.
    SiftReply,
    /// Bob's first question.
    Begin,
    /// Bob's further questions.
    Ask,
    /// Alice's answers.
    Answer,
    /// Bob's hash.
    Verify,
    /// Alice's seal.
    Confirm,
    /// Bob's seal.
    Close,
    /// The block is dropped.
    Drop,
    /// Any of them, said again for want of an answer.
    Again,
}

/// A number that its side uses once.
pub type Nonce = [u8; 16];

/// Bits as they travel.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WireBits {
    /// Number of bits.
    pub len: u32,
    /// The bits, lowest first.
    #[serde(with = "serde_bytes")]
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
    /// Number of the block on this link.
    pub block: u32,
    /// Number of the message within the block, from 0: Bob's are even, Alice's odd.
    pub step: u32,
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
        /// Bob's number for the proofs of this block.
        nonce: Nonce,
    },
    /// Alice: her bases, intensities, the Z bits of matching detections, and the public seed of reconciliation.
    SiftReply {
        /// One bit a detection.
        bases: WireBits,
        /// Index of the intensity: a plane of its low bits, a plane of its high ones.
        intensities: [WireBits; 2],
        /// One bit a detection with both in Z.
        z_bits: WireBits,
        /// Public seed.
        seed: u64,
        /// Alice's number for the proofs of this block.
        nonce: Nonce,
        /// That she is Alice.
        proof: Proof,
    },
    /// Bob: how he wants to reconcile, and his first question.
    Begin {
        /// That he is Bob.
        proof: Proof,
        /// The way of reconciliation.
        method: Method,
        /// The question, in the bytes of that way.
        #[serde(with = "serde_bytes")]
        question: Vec<u8>,
    },
    /// Bob: a question of reconciliation, in the bytes of its way.
    Ask(#[serde(with = "serde_bytes")] Vec<u8>),
    /// Alice: the answer.
    Answer(WireBits),
    /// Bob: reconciliation is done; a universal hash of his bits.
    Verify {
        /// Public key of the hash.
        hash_key: Tag,
        /// The hash.
        hash: Tag,
        /// Bits that he corrected.
        corrected: u32,
    },
    /// Alice: the hashes agree; the key's length, the seed of privacy amplification, and her seal on all that she has
    /// said and heard.
    Confirm {
        /// Bits of the key.
        length: u32,
        /// How many pairs of pads its first bits become.
        pairs: u32,
        /// Public seed of the Toeplitz matrix.
        seed: WireBits,
        /// Her seal.
        seal: Seal,
    },
    /// Bob: his seal on all that he has said and heard.
    Close(Seal),
    /// Either: the block is dropped. Nothing vouches for it, and it can do no more than silence would.
    Drop,
}

/// Why bytes are no message.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum DecodeError {
    /// Longer than any message.
    #[error("{0} bytes; expected at most {MAX_BYTES}")]
    TooLong(usize),
    /// Another version, or nothing at all.
    #[error("version {0:?}; expected {VERSION}")]
    Version(Option<u8>),
    /// The fields do not follow each other as they should.
    #[error("fields: {0}")]
    Fields(postcard::Error),
    /// Bytes are left after the last field.
    #[error("{0} bytes after the last field; expected none")]
    Trailing(usize),
}

impl Message {
    /// The bytes that are sent and that the seals cover.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        // Postcard refuses only sequences of unknown length; there are none.
        postcard::to_extend(self, vec![VERSION]).unwrap_or_default()
    }

    /// The message in these bytes.
    ///
    /// # Errors
    /// [`DecodeError`]; no bytes make it panic or take more memory than a few times their length.
    pub fn decode(bytes: &[u8]) -> Result<Self, DecodeError> {
        if bytes.len() > MAX_BYTES {
            return Err(DecodeError::TooLong(bytes.len()));
        }
        let Some((&VERSION, fields)) = bytes.split_first() else {
            return Err(DecodeError::Version(bytes.first().copied()));
        };
        match postcard::take_from_bytes(fields) {
            Ok((message, [])) => Ok(message),
            Ok((_, rest)) => Err(DecodeError::Trailing(rest.len())),
            Err(e) => Err(DecodeError::Fields(e)),
        }
    }
}

/// The block that these bytes name, whether or not they are a message; `None` where they do not come so far.
#[must_use]
pub fn block_of(bytes: &[u8]) -> Option<u32> {
    let (&VERSION, fields) = bytes.split_first()? else { return None };
    postcard::take_from_bytes(fields).ok().map(|(block, _)| block)
}

impl Body {
    /// Its kind, for a trace.
    #[must_use]
    pub fn kind(&self) -> Kind {
        match self {
            Self::Sift { .. } => Kind::Sift,
            Self::SiftReply { .. } => Kind::SiftReply,
            Self::Begin { .. } => Kind::Begin,
            Self::Ask(_) => Kind::Ask,
            Self::Answer(_) => Kind::Answer,
            Self::Verify { .. } => Kind::Verify,
            Self::Confirm { .. } => Kind::Confirm,
            Self::Close(_) => Kind::Close,
            Self::Drop => Kind::Drop,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn bits(bytes: &[u8]) -> WireBits {
        WireBits { len: 8 * bytes.len() as u32, bytes: bytes.to_vec() }
    }

    /// One of each, with its bytes in hexadecimal: what any other program must read and write.
    #[test]
    fn golden_vectors() {
        let message = |step, body| Message { block: 300, step, body };
        let tag = [0x11; 16];
        let golden = [
            (
                message(
                    0,
                    Body::Sift {
                        bases: bits(&[0xA5]),
                        z_bits: WireBits { len: 4, bytes: vec![9] },
                        nonce: tag,
                    },
                ),
                format!("01ac0200000801a5040109{}", "11".repeat(16)),
            ),
            (
                message(
                    1,
                    Body::SiftReply {
                        bases: bits(&[1]),
                        intensities: [bits(&[2]), bits(&[3])],
                        z_bits: bits(&[]),
                        seed: 128,
                        nonce: tag,
                        proof: tag,
                    },
                ),
                format!("01ac020101080101080102080103000080 01{}", "11".repeat(32)).replace(' ', ""),
            ),
            (
                message(2, Body::Begin { proof: tag, method: Method::Cascade, question: vec![7, 8] }),
                format!("01ac020202{}00020708", "11".repeat(16)),
            ),
            (message(4, Body::Ask(vec![1])), "01ac0204030101".into()),
            (message(3, Body::Answer(bits(&[]))), "01ac0203040000".into()),
            (
                message(6, Body::Verify { hash_key: tag, hash: tag, corrected: 5 }),
                format!("01ac020605{}05", "11".repeat(32)),
            ),
            (
                message(
                    7,
                    Body::Confirm {
                        length: 512,
                        pairs: 1,
                        seed: bits(&[0xFF]),
                        seal: Seal::Pad { pair: 3, tag },
                    },
                ),
                format!("01ac0207068004010801ff0003{}", "11".repeat(16)),
            ),
            (message(8, Body::Close(Seal::Signature(vec![1, 2]))), "01ac02080701020102".into()),
            (message(9, Body::Drop), "01ac020908".into()),
        ];
        for (message, hex) in golden {
            let bytes = message.encode();
            let ours: String = bytes.iter().map(|b| format!("{b:02x}")).collect();
            assert_eq!(ours, hex, "{:?}", message.body.kind());
            assert_eq!(Message::decode(&bytes), Ok(message));
        }
    }

    #[test]
    fn what_is_no_message_says_why() {
        assert_eq!(Message::decode(&[]), Err(DecodeError::Version(None)));
        assert_eq!(Message::decode(&[2, 0, 0, 8]), Err(DecodeError::Version(Some(2))));
        assert_eq!(Message::decode(&[1, 0, 0, 8, 0]), Err(DecodeError::Trailing(1)));
        assert!(matches!(Message::decode(&[1, 0, 0, 99]), Err(DecodeError::Fields(_))));
        // A length of 4 GiB that is not there.
        assert!(matches!(
            Message::decode(&[1, 0, 0, 3, 0xFF, 0xFF, 0xFF, 0xFF, 0x0F]),
            Err(DecodeError::Fields(_))
        ));
        assert_eq!(WireBits { len: 9, bytes: vec![0] }.bits(), None);
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_without_harm(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let versioned: Vec<u8> = std::iter::once(VERSION).chain(bytes.iter().copied()).collect();
            for bytes in [bytes, versioned] {
                if let Ok(message) = Message::decode(&bytes) {
                    prop_assert_eq!(Message::decode(&message.encode()), Ok(message));
                }
            }
        }
    }
}
