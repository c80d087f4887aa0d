//! The fuzzy extractor: the same key from noisy reads (Dodis, Reyzin and Smith 2004, code-offset construction).
//!
//! Inner code: repetition of 5; outer code: the perfect binary Golay code (23, 12, 7). At 5 % of noise an inner
//! symbol fails with probability 10 p³ (1-p)² + ... = 1.2e-3, a Golay word with C(23, 4) 1.2e-3⁴ = 1.7e-8, and one of
//! the 22 words with 4e-7. 2 530 cells carry 264 bits; at full min-entropy of the cells 264 bits remain when the
//! helper data is public, so the 256-bit key has full entropy; biased cells would want more of them.

use crate::ground::{Bits, DerivedKey, Rng};
use hkdf::Hkdf;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use subtle::ConstantTimeEq;
use zeroize::Zeroize;

const REPEAT: usize = 5;
const WORDS: usize = 22;
const WORD_BITS: usize = 23;
const DATA_BITS: usize = 12;

/// Cells that one key takes.
pub const CELLS: usize = WORDS * WORD_BITS * REPEAT;

/// The Golay code's generator polynomial x¹¹ + x⁹ + x⁷ + x⁶ + x⁵ + x + 1.
const GENERATOR: u32 = 0b1010_1110_0011;

/// Public data by which the same chip finds its key again. It carries a tag, so a changed one is noticed (Boyen 2004).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HelperData {
    offset: Bits,
    tag: [u8; 32],
}

/// The root secret of a device.
#[derive(Clone, PartialEq, Eq)]
pub struct RootKey(DerivedKey);

impl std::fmt::Debug for RootKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("RootKey")
    }
}

impl RootKey {
    /// A key for one purpose: HKDF-SHA-256 (RFC 5869).
    #[must_use]
    pub fn derive(&self, purpose: &str) -> DerivedKey {
        derive(self.0.expose(), purpose.as_bytes())
    }
}

/// HKDF-SHA-256 of `secret` for `info`.
#[must_use]
pub fn derive(secret: &[u8], info: &[u8]) -> DerivedKey {
    let mut out = [0; 32];
    // 32 bytes are one block: expand cannot refuse them.
    let _ = Hkdf::<Sha256>::new(Some(b"keyway"), secret).expand(info, &mut out);
    DerivedKey::new(out)
}

/// Enrols a read: a fresh random codeword hidden by it, and the key of that codeword's data.
#[must_use]
pub fn enrol(read: &Bits, rng: &mut Rng) -> (RootKey, HelperData) {
    let data: Vec<u16> = (0..WORDS).map(|_| rng.below(1 << DATA_BITS) as u16).collect();
    let code = encode(&data);
    let offset = (0..CELLS).map(|i| code.get(i) ^ read.get(i)).collect();
    let root = root_of(&data);
    let tag = tag(&root, &offset);
    (root, HelperData { offset, tag })
}

/// Finds the key again from a noisy read; `None` where the read is of another chip, too noisy, or the helper data
/// was changed.
#[must_use]
pub fn reproduce(read: &Bits, helper: &HelperData) -> Option<RootKey> {
    let noisy: Bits = (0..CELLS).map(|i| helper.offset.get(i) ^ read.get(i)).collect();
    let root = root_of(&decode(&noisy));
    let good: bool = tag(&root, &helper.offset).ct_eq(&helper.tag).into();
    good.then_some(root)
}

fn root_of(data: &[u16]) -> RootKey {
    let mut bytes: Vec<u8> = data.iter().flat_map(|d| d.to_le_bytes()).collect();
    let root = RootKey(derive(&bytes, b"puf root"));
    bytes.zeroize();
    root
}

fn tag(root: &RootKey, offset: &Bits) -> [u8; 32] {
    mac(root.derive("helper data").expose(), &offset.to_bytes())
}

/// HMAC-SHA-256.
#[must_use]
pub fn mac(key: &[u8; 32], message: &[u8]) -> [u8; 32] {
    // HMAC fills a short key with zeros to the hash's block (RFC 2104).
    let mut block = [0; 64];
    block[..32].copy_from_slice(key);
    let mut mac = Hmac::<Sha256>::new(&block.into());
    block.zeroize();
    mac.update(message);
    mac.finalize().into_bytes().into()
}

fn encode(data: &[u16]) -> Bits {
    let mut out = Bits::with_capacity(CELLS);
    for &word in data {
        let code = u32::from(word) << 11 | remainder(u32::from(word) << 11);
        for bit in 0..WORD_BITS {
            for _ in 0..REPEAT {
                out.push(code >> bit & 1 == 1);
            }
        }
    }
    out
}

fn decode(noisy: &Bits) -> Vec<u16> {
    let table = error_table();
    (0..WORDS)
        .map(|w| {
            let mut word = 0u32;
            for bit in 0..WORD_BITS {
                let at = (w * WORD_BITS + bit) * REPEAT;
                let ones = (at..at + REPEAT).filter(|&i| noisy.get(i)).count();
                word |= u32::from(ones > REPEAT / 2) << bit;
            }
            let fixed = word ^ table[remainder(word) as usize];
            (fixed >> 11) as u16
        })
        .collect()
}

/// Remainder of a polynomial of up to 23 terms by the generator: the syndrome.
fn remainder(mut word: u32) -> u32 {
    for shift in (11..WORD_BITS).rev() {
        if word >> shift & 1 == 1 {
            word ^= GENERATOR << (shift - 11);
        }
    }
    word
}

/// The error of each of the 2048 syndromes: the code is perfect, each is one of up to three wrong bits.
fn error_table() -> Vec<u32> {
    let mut table = vec![0; 1 << 11];
    for a in 0..WORD_BITS {
        for b in a..WORD_BITS {
            for c in b..WORD_BITS {
                let error = 1u32 << a | 1 << b | 1 << c;
                table[remainder(error) as usize] = error;
            }
        }
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ground::Streams;
    use crate::zap::puf::{NOISE_5_PERCENT, Puf};

    #[test]
    fn the_code_is_perfect_and_corrects_three_errors() {
        let table = error_table();
        let distinct: std::collections::BTreeSet<u32> = table.iter().copied().collect();
        assert_eq!(distinct.len(), 2048);
        let code = 0b1011_0111_0010u32 << 11 | remainder(0b1011_0111_0010 << 11);
        for error in table {
            assert_eq!((code ^ error) ^ error_table()[remainder(code ^ error) as usize], code);
        }
    }

    #[test]
    fn a_chip_finds_its_key_again_and_no_other_does() {
        let mut rng = Streams::new(4).stream("enrol");
        for i in 0..40 {
            let mut chip = Puf::new(CELLS, NOISE_5_PERCENT, Streams::new(i).stream("chip"));
            let mut other = Puf::new(CELLS, NOISE_5_PERCENT, Streams::new(i).stream("other"));
            let (root, helper) = enrol(&chip.read(), &mut rng);
            for _ in 0..20 {
                assert_eq!(reproduce(&chip.read(), &helper), Some(root.clone()));
            }
            assert_eq!(reproduce(&other.read(), &helper), None);
        }
    }

    #[test]
    fn changed_helper_data_gives_no_key() {
        let mut chip = Puf::new(CELLS, NOISE_5_PERCENT, Streams::new(9).stream("chip"));
        let (_, mut helper) = enrol(&chip.read(), &mut Streams::new(9).stream("enrol"));
        helper.offset.flip(100);
        assert_eq!(reproduce(&chip.read(), &helper), None);
    }
}
