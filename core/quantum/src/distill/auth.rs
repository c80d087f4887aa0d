//! Authentication of the classical channel.
//!
//! A round's messages are vouched for after Wegman and Carter (1981): a universal hash whose key is kept, and a pad that is
//! used once (tag recycling; Portmann 2014). The hash is Poly1305 (Bernstein 2005): the tag is h_r(message) + pad mod
//! 2^128. A forger who sees one tag succeeds with probability at most 8 ceil(L/16) / 2^106 for L bytes, 2^-87 for a
//! megabyte.
//!
//! Pads come in pairs, one for each direction. They are made by the link itself, of the first bits of its keys, and are
//! no key that anybody is handed: no demand for data takes them. Whoever can make rounds fail can make them dwindle (key
//! exhaustion; Price, Rarity and Erven 2020). Against this each side proves who it is, by HMAC-SHA-256 over both sides'
//! nonces under a key of the installation, before any pad is spent; and where no pair is left, a round is sealed by
//! ML-DSA-65 signatures ([`super::signature`]) and refills the pool.

use super::message::{Nonce, Proof, Seal, Side, TAG_BYTES, Tag};
use super::params::{REFILL_PAIRS, UNDER_WAY};
use super::signature::Identity;
use crate::ground::order::gather;
use hmac::{Hmac, KeyInit, Mac};
use poly1305::Poly1305;
use poly1305::universal_hash::UniversalHash;
use sha2::Sha256;
use std::collections::BTreeMap;
use subtle::ConstantTimeEq;
use zeroize::{Zeroize, ZeroizeOnDrop};

/// Bits of a pair of pads.
pub const PAIR_BITS: usize = 2 * 8 * TAG_BYTES;

/// Pairs of lower numbers that a seal leaves in place: as many as the rounds under way can spend and make.
const BEHIND: usize = UNDER_WAY * (2 + REFILL_PAIRS as usize);

/// The hash without a pad: for verification, where the hash itself is public.
#[must_use]
pub fn universal_hash(key: &[u8; TAG_BYTES], message: &[u8]) -> Tag {
    tag(key, &[0; TAG_BYTES], message)
}

fn tag(hash_key: &[u8; TAG_BYTES], pad: &[u8; TAG_BYTES], message: &[u8]) -> Tag {
    let mut key = [0; 32];
    key[..16].copy_from_slice(hash_key);
    key[16..].copy_from_slice(pad);
    let mut mac = Poly1305::new(&key.into());
    key.zeroize();
    // Whole blocks take the crate's fast way, the rest its general one.
    let (blocks, rest) = message.as_chunks::<TAG_BYTES>();
    mac.update(poly1305::Block::cast_slice_from_core(blocks));
    let out = mac.compute_unpadded(rest);
    out.into()
}

/// The two pads of a round: Alice's and Bob's.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct Pair([[u8; TAG_BYTES]; 2]);

/// One side's authentication secrets.
#[derive(Clone)]
pub struct Authenticator {
    side: Side,
    secrets: Secrets,
    pairs: BTreeMap<u32, Pair>,
    identity: Option<Identity>,
}

/// What is kept for good.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
struct Secrets {
    hash_key: [u8; TAG_BYTES],
    proof_key: [u8; 32],
}

impl std::fmt::Debug for Authenticator {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Authenticator({:?}, {} pairs)", self.side, self.pairs.len())
    }
}

impl Authenticator {
    /// One side of what both were given at installation: the key of the hash, that of the proofs, and pairs of pads,
    /// numbered from 0. With an `identity` rounds can do without pads.
    #[must_use]
    pub fn new(
        side: Side,
        hash_key: [u8; TAG_BYTES],
        proof_key: [u8; 32],
        pairs: impl IntoIterator<Item = [[u8; TAG_BYTES]; 2]>,
        identity: Option<Identity>,
    ) -> Self {
        Self {
            side,
            secrets: Secrets { hash_key, proof_key },
            pairs: gather((0..).zip(pairs.into_iter().map(Pair))),
            identity,
        }
    }

    /// The end that it belongs to.
    #[must_use]
    pub fn side(&self) -> Side {
        self.side
    }

    /// Pairs of pads left.
    #[must_use]
    pub fn pairs_left(&self) -> u32 {
        self.pairs.len() as u32
    }

    /// Adds a pair made by the link itself. A number that is taken keeps its pads.
    pub fn refill(&mut self, number: u32, pads: [[u8; TAG_BYTES]; 2]) {
        self.pairs.entry(number).or_insert(Pair(pads));
    }

    /// That `side` speaks, of block `block`, to one who has chosen the other nonce.
    #[must_use]
    pub fn proof(&self, side: Side, block: u32, nonces: [&Nonce; 2]) -> Proof {
        let mut block_key = [0; 64]; // HMAC's key, padded to a block of SHA-256
        block_key[..32].copy_from_slice(&self.secrets.proof_key);
        let mut mac = Hmac::<Sha256>::new(&block_key.into());
        block_key.zeroize();
        mac.update(&[side as u8]);
        mac.update(&block.to_le_bytes());
        nonces.iter().for_each(|nonce| mac.update(*nonce));
        let whole: [u8; 32] = mac.finalize().into_bytes().into();
        std::array::from_fn(|i| whole[i])
    }

    /// Whether the other side of the link can have made this proof, in constant time.
    #[must_use]
    pub fn proven(&self, block: u32, nonces: [&Nonce; 2], claimed: &Proof) -> bool {
        let other = if self.side == Side::Alice { Side::Bob } else { Side::Alice };
        self.proof(other, block, nonces).ct_eq(claimed).into()
    }

    /// Alice's seal on a round, and what she will check Bob's with. The pair is spent whatever becomes of the round:
    /// Bob may have used his half. Where none is left she signs, if she can. `None` where she can do neither.
    pub fn seal(&mut self, round: &[u8]) -> Option<(Seal, Awaited)> {
        if let Some((number, pair)) = self.pairs.pop_first() {
            let seal = Seal::Pad { pair: number, tag: tag(&self.secrets.hash_key, &pair.0[0], round) };
            return Some((seal, Awaited::Pad(number, pair)));
        }
        let identity = self.identity.as_ref()?;
        Some((Seal::Signature(identity.sign(Side::Alice, round)), Awaited::Signature))
    }

    /// Bob's answer to Alice's seal: his own, if hers is right. A wrong one costs no pad, since it says nothing of it:
    /// n tries succeed with n times the probability of one. Pairs of lower numbers may belong to rounds that are still under
    /// way; of those the lowest go that are more than such rounds can need, since Alice has spent them long ago.
    pub fn countersign(&mut self, round: &[u8], seal: &Seal) -> Option<Seal> {
        match seal {
            Seal::Pad { pair: number, tag: claimed } => {
                let pair = self.pairs.get(number)?.clone();
                if !bool::from(tag(&self.secrets.hash_key, &pair.0[0], round).ct_eq(claimed)) {
                    return None;
                }
                self.pairs.remove(number);
                while self.pairs.range(..number).nth(BEHIND).is_some() {
                    self.pairs.pop_first();
                }
                Some(Seal::Pad { pair: *number, tag: tag(&self.secrets.hash_key, &pair.0[1], round) })
            }
            Seal::Signature(signature) => {
                let identity = self.identity.as_ref()?;
                identity
                    .verify(Side::Alice, round, signature)
                    .then(|| Seal::Signature(identity.sign(Side::Bob, round)))
            }
        }
    }

    /// Whether Bob's seal is right.
    #[must_use]
    pub fn closes(&self, round: &[u8], awaited: &Awaited, seal: &Seal) -> bool {
        match (awaited, seal) {
            (Awaited::Pad(number, pair), Seal::Pad { pair: claimed, tag: theirs }) => {
                number == claimed && tag(&self.secrets.hash_key, &pair.0[1], round).ct_eq(theirs).into()
            }
            (Awaited::Signature, Seal::Signature(signature)) => {
                self.identity.as_ref().is_some_and(|i| i.verify(Side::Bob, round, signature))
            }
            _ => false,
        }
    }
}

/// How Alice will check Bob's seal.
#[derive(Clone)]
pub enum Awaited {
    /// By his half of the pair of this number.
    Pad(u32, Pair),
    /// By his public key.
    Signature,
}

impl std::fmt::Debug for Awaited {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Pad(number, _) => write!(f, "Pad({number})"),
            Self::Signature => f.write_str("Signature"),
        }
    }
}

#[cfg(test)]
#[path = "auth_tests.rs"]
mod tests;
