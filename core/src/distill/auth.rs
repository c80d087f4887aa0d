//! Authentication of the classical channel after Wegman and Carter (1981): a universal hash whose key is kept, and
//! a pad that is used once.
//!
//! The hash is Poly1305 (Bernstein 2005): the tag is h_r(message) + pad mod 2^128. A forger who sees one tag succeeds
//! with probability at most 8 ceil(L/16) / 2^106 for L bytes, 2^-87 for a megabyte.

use poly1305::Poly1305;
use poly1305::universal_hash::KeyInit;
use std::collections::BTreeMap;
use subtle::ConstantTimeEq;
use zeroize::{Zeroize, ZeroizeOnDrop};

/// Bytes of a tag, a pad and a hash key.
pub const TAG_BYTES: usize = 16;

/// A tag.
pub type Tag = [u8; TAG_BYTES];

/// The hash without a pad: for verification, where the hash itself is public.
#[must_use]
pub fn universal_hash(key: &[u8; TAG_BYTES], message: &[u8]) -> Tag {
    tag(key, &[0; TAG_BYTES], message)
}

fn tag(hash_key: &[u8; TAG_BYTES], pad: &[u8; TAG_BYTES], message: &[u8]) -> Tag {
    let mut key = [0; 32];
    key[..16].copy_from_slice(hash_key);
    key[16..].copy_from_slice(pad);
    let out = Poly1305::new(&key.into()).compute_unpadded(message);
    key.zeroize();
    out.into()
}

/// One side's authentication secrets: the kept hash key and the pads that are left, each under its number.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct Authenticator {
    hash_key: [u8; TAG_BYTES],
    #[zeroize(skip)]
    pads: BTreeMap<u32, [u8; TAG_BYTES]>,
}

impl std::fmt::Debug for Authenticator {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Authenticator({} pads)", self.pads.len())
    }
}

impl Authenticator {
    /// From a secret that both sides were given at installation: the hash key, then pads numbered from 0.
    #[must_use]
    pub fn new(hash_key: [u8; TAG_BYTES], pads: impl IntoIterator<Item = [u8; TAG_BYTES]>) -> Self {
        Self { hash_key, pads: (0..).zip(pads).collect() }
    }

    /// Pads left.
    #[must_use]
    pub fn pads_left(&self) -> u32 {
        self.pads.len() as u32
    }

    /// The number of the next pad, if one is left.
    #[must_use]
    pub fn next_pad(&self) -> Option<u32> {
        self.pads.keys().next().copied()
    }

    /// Adds a pad made by the link itself. A number that is taken keeps its pad.
    pub fn refill(&mut self, number: u32, pad: [u8; TAG_BYTES]) {
        self.pads.entry(number).or_insert(pad);
    }

    /// Tags a message with pad `number`, which is used up by it. `None` where that pad is gone.
    pub fn sign(&mut self, number: u32, message: &[u8]) -> Option<Tag> {
        let mut pad = self.pads.remove(&number)?;
        let out = tag(&self.hash_key, &pad, message);
        pad.zeroize();
        Some(out)
    }

    /// Checks a tag in constant time and uses up its pad, whatever comes out.
    pub fn verify(&mut self, number: u32, message: &[u8], claimed: &Tag) -> bool {
        self.sign(number, message).is_some_and(|ours| ours.ct_eq(claimed).into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 8439, section 2.5.2.
    #[test]
    fn the_hash_is_poly1305() {
        let r =
            [0x85, 0xd6, 0xbe, 0x78, 0x57, 0x55, 0x6d, 0x33, 0x7f, 0x44, 0x52, 0xfe, 0x42, 0xd5, 0x06, 0xa8];
        let s =
            [0x01, 0x03, 0x80, 0x8a, 0xfb, 0x0d, 0xb2, 0xfd, 0x4a, 0xbf, 0xf6, 0xaf, 0x41, 0x49, 0xf5, 0x1b];
        let expected =
            [0xa8, 0x06, 0x1d, 0xc1, 0x30, 0x51, 0x36, 0xc6, 0xc2, 0x2b, 0x8b, 0xaf, 0x0c, 0x01, 0x27, 0xa9];
        assert_eq!(tag(&r, &s, b"Cryptographic Forum Research Group"), expected);
    }

    #[test]
    fn a_pad_serves_once() {
        let mut a = Authenticator::new([7; 16], [[1; 16], [2; 16]]);
        let mut b = a.clone();
        let t = a.sign(0, b"hello").unwrap();
        assert!(b.verify(0, b"hello", &t));
        assert!(a.sign(0, b"again").is_none() && !b.verify(0, b"hello", &t));
        let t = a.sign(1, b"hello").unwrap();
        assert!(!b.verify(1, b"hellO", &t));
        assert_eq!((a.pads_left(), b.pads_left()), (0, 0));
    }
}
