//! Bit strings, packed 64 to a word, bit 0 lowest.

use zeroize::{Zeroize, ZeroizeOnDrop};

/// A string of bits. Unused bits of the last word are zero. It is wiped on drop and never printed.
#[derive(Clone, Default, PartialEq, Eq, Zeroize, ZeroizeOnDrop)]
pub struct Bits {
    words: Vec<u64>,
    len: usize,
}

impl std::fmt::Debug for Bits {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Bits({} bits)", self.len)
    }
}

impl Bits {
    /// `len` zeros.
    #[must_use]
    pub fn zeros(len: usize) -> Self {
        Self { words: vec![0; len.div_ceil(64)], len }
    }

    /// An empty string with room for `len` bits.
    #[must_use]
    pub fn with_capacity(len: usize) -> Self {
        Self { words: Vec::with_capacity(len.div_ceil(64)), len: 0 }
    }

    /// Number of bits.
    #[must_use]
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Bit `i`; false beyond the end.
    #[must_use]
    pub fn get(&self, i: usize) -> bool {
        self.words.get(i / 64).is_some_and(|w| w >> (i % 64) & 1 == 1)
    }

    /// Sets bit `i`; nothing happens beyond the end.
    pub fn set(&mut self, i: usize, bit: bool) {
        if i < self.len {
            let mask = 1u64 << (i % 64);
            if bit {
                self.words[i / 64] |= mask;
            } else {
                self.words[i / 64] &= !mask;
            }
        }
    }

    /// Turns bit `i` over; nothing happens beyond the end.
    pub fn flip(&mut self, i: usize) {
        if i < self.len {
            self.words[i / 64] ^= 1u64 << (i % 64);
        }
    }

    /// Appends a bit.
    pub fn push(&mut self, bit: bool) {
        self.push_word(u64::from(bit), 1);
    }

    /// Appends the low `count` bits of `word`, 64 at most.
    pub fn push_word(&mut self, word: u64, count: usize) {
        let count = count.min(64);
        if count == 0 {
            return;
        }
        let word = word & (u64::MAX >> (64 - count));
        match (self.len % 64, self.words.last_mut()) {
            (shift @ 1.., Some(last)) => {
                *last |= word << shift;
                if shift + count > 64 {
                    self.words.push(word >> (64 - shift));
                }
            }
            _ => self.words.push(word),
        }
        self.len += count;
    }

    /// Both; as long as the shorter.
    #[must_use]
    pub fn and(&self, other: &Self) -> Self {
        self.zip(other, |a, b| a & b)
    }

    /// One and not both; as long as the shorter.
    #[must_use]
    pub fn xor(&self, other: &Self) -> Self {
        self.zip(other, |a, b| a ^ b)
    }

    /// Every bit turned over.
    #[must_use]
    pub fn not(&self) -> Self {
        self.zip(self, |a, _| !a)
    }

    fn zip(&self, other: &Self, op: impl Fn(u64, u64) -> u64) -> Self {
        let len = self.len.min(other.len);
        let mut out = Self { words: Vec::with_capacity(len.div_ceil(64)), len };
        out.words.extend(self.words.iter().zip(&other.words).take(len.div_ceil(64)).map(|(a, b)| op(*a, *b)));
        out.mask_tail();
        out
    }

    /// The bits at which `mask` is set, in order. O(length / 64).
    #[must_use]
    pub fn pick(&self, mask: &Self) -> Self {
        let mut out = Self::with_capacity(mask.count_ones());
        for (word, mask) in self.words.iter().zip(&mask.words) {
            out.push_word(compress(*word, *mask), mask.count_ones() as usize);
        }
        out
    }

    /// The bits in another order: bit i of the result is bit `order[i]`, false beyond the end.
    #[must_use]
    pub fn gather(&self, order: &[u32]) -> Self {
        let mut out = Self::with_capacity(order.len());
        for chunk in order.chunks(64) {
            let word = chunk.iter().rev().fold(0, |word, &i| word << 1 | u64::from(self.get(i as usize)));
            out.push_word(word, chunk.len());
        }
        out
    }

    /// The inverse of [`Bits::pick`]: these bits in order where `mask` is set, zero elsewhere.
    #[must_use]
    pub fn spread(&self, mask: &Self) -> Self {
        let mut out = Self::zeros(mask.len);
        let mut next = 0;
        for (word, mask) in out.words.iter_mut().zip(&mask.words) {
            *word = expand(self.word_at(next), *mask);
            next += mask.count_ones() as usize;
        }
        out
    }

    /// 64 bits from bit `from` on; zeros beyond the end.
    fn word_at(&self, from: usize) -> u64 {
        let word = |i: usize| self.words.get(i).copied().unwrap_or(0);
        let (i, shift) = (from / 64, from % 64);
        // In two steps, since a shift by 64 is none.
        word(i) >> shift | word(i + 1) << 1 << (63 - shift)
    }

    /// The words; unused bits of the last are zero.
    #[must_use]
    pub fn words(&self) -> &[u64] {
        &self.words
    }

    /// Parity of bits `from..to`, clamped to the length: true where the number of ones is odd. O((to - from) / 64).
    #[must_use]
    pub fn parity(&self, from: usize, to: usize) -> bool {
        let to = to.min(self.len);
        if from >= to {
            return false;
        }
        let (first, last) = (from / 64, (to - 1) / 64);
        let mut sum = 0;
        for word in &self.words[first..=last] {
            sum ^= word;
        }
        // What the first and the last word hold outside the range is taken out again.
        sum ^= self.words[first] & !(u64::MAX << (from % 64));
        sum ^= self.words[last] & !(u64::MAX >> (63 - (to - 1) % 64));
        sum.count_ones() % 2 == 1
    }

    /// Number of ones.
    #[must_use]
    pub fn count_ones(&self) -> usize {
        self.words.iter().map(|w| w.count_ones() as usize).sum()
    }

    /// Bits `from..to` (clamped to the length) as a new string.
    #[must_use]
    pub fn slice(&self, from: usize, to: usize) -> Self {
        let to = to.min(self.len);
        let mut out = Self::zeros(to.saturating_sub(from));
        for (i, word) in out.words.iter_mut().enumerate() {
            *word = self.word_at(from + 64 * i);
        }
        out.mask_tail();
        out
    }

    /// The bits as bytes, bit 0 lowest in byte 0.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(8 * self.words.len());
        self.words.iter().for_each(|word| bytes.extend_from_slice(&word.to_le_bytes()));
        bytes.truncate(self.len.div_ceil(8));
        bytes
    }

    /// `len` bits from bytes laid as by [`Bits::to_bytes`]; missing bytes are zero.
    #[must_use]
    pub fn from_bytes(bytes: &[u8], len: usize) -> Self {
        let mut out = Self::zeros(len);
        let (whole, rest) = bytes.as_chunks();
        let last = rest.iter().rev().fold(0, |word, byte| word << 8 | u64::from(*byte));
        let words = whole.iter().map(|bytes| u64::from_le_bytes(*bytes)).chain([last]);
        out.words.iter_mut().zip(words).for_each(|(word, from)| *word = from);
        out.mask_tail();
        out
    }

    /// Number of places at which the two differ, over the shorter length.
    #[must_use]
    pub fn distance(&self, other: &Self) -> usize {
        let len = self.len.min(other.len);
        (0..len.div_ceil(64))
            .map(|i| {
                let mut x = self.words[i] ^ other.words[i];
                if i == len / 64 && !len.is_multiple_of(64) {
                    x &= (1u64 << (len % 64)) - 1;
                }
                x.count_ones() as usize
            })
            .sum()
    }

    fn mask_tail(&mut self) {
        if let (false, Some(last)) = (self.len.is_multiple_of(64), self.words.last_mut()) {
            *last &= (1u64 << (self.len % 64)) - 1;
        }
    }
}

/// For each power of two from 1 to 32, the bits of `mask` that [`compress`] moves down by so many places (Warren, Hacker's
/// Delight, 2nd ed. 2013, section 7-4): a bit moves by as many places as there are zeros of the mask below it.
#[inline(always)]
fn moves(mut mask: u64) -> [u64; 6] {
    let mut zeros = !mask << 1;
    std::array::from_fn(|i| {
        // Whether the number of zeros that are left below a place is odd.
        let odd = (0..6).fold(zeros, |sum, step| sum ^ sum << (1 << step));
        let moved = odd & mask;
        mask = mask ^ moved | moved >> (1 << i);
        zeros &= !odd;
        moved
    })
}

/// The bits of `word` at which `mask` is set, at the low end.
#[inline(always)]
fn compress(word: u64, mask: u64) -> u64 {
    moves(mask).into_iter().zip(0..6).fold(word & mask, |word, (moved, i)| {
        let bits = word & moved;
        word ^ bits | bits >> (1 << i)
    })
}

/// The low bits of `word` in order where `mask` is set.
fn expand(word: u64, mask: u64) -> u64 {
    let spread = moves(mask).into_iter().zip(0..6).rev().fold(word, |word, (moved, i)| {
        let up = word << (1 << i);
        word & !moved | up & moved
    });
    spread & mask
}

impl FromIterator<bool> for Bits {
    fn from_iter<I: IntoIterator<Item = bool>>(iter: I) -> Self {
        let iter = iter.into_iter();
        let mut out = Self::with_capacity(iter.size_hint().0);
        for bit in iter {
            out.push(bit);
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn picking_and_spreading_agree_with_single_bits(pairs in proptest::collection::vec(any::<(bool, bool)>(), 0..300)) {
            let (bits, mask): (Bits, Bits) = (pairs.iter().map(|p| p.0).collect(), pairs.iter().map(|p| p.1).collect());
            let picked = bits.pick(&mask);
            prop_assert_eq!(&picked, &pairs.iter().filter(|p| p.1).map(|p| p.0).collect::<Bits>());
            prop_assert_eq!(picked.spread(&mask), bits.and(&mask));
            prop_assert_eq!(bits.xor(&mask), pairs.iter().map(|p| p.0 ^ p.1).collect::<Bits>());
            prop_assert_eq!(bits.not().count_ones(), pairs.len() - bits.count_ones());
            let backwards: Vec<u32> = (0..pairs.len() as u32).rev().collect();
            prop_assert_eq!(bits.gather(&backwards), pairs.iter().rev().map(|p| p.0).collect::<Bits>());
        }

        #[test]
        fn picking_and_spreading_agree_where_masks_are_nearly_full(
            words in proptest::collection::vec(any::<(u64, u64, u64, u64)>(), 1..6),
            short in 0usize..64,
        ) {
            let len = 64 * words.len() - short;
            let all = |word: fn(&(u64, u64, u64, u64)) -> u64| -> Bits {
                (0..len).map(|i| word(&words[i / 64]) >> (i % 64) & 1 == 1).collect()
            };
            // One bit in eight is not in the mask.
            let (bits, mask) = (all(|w| w.0), all(|w| w.1 | w.2 | w.3));
            let picked = bits.pick(&mask);
            prop_assert_eq!(&picked, &(0..len).filter(|&i| mask.get(i)).map(|i| bits.get(i)).collect::<Bits>());
            prop_assert_eq!(picked.spread(&mask), bits.and(&mask));
            prop_assert_eq!(bits.pick(&Bits::zeros(len).not()), bits);
        }

        #[test]
        fn words_are_appended_bit_by_bit(words in proptest::collection::vec((any::<u64>(), 0usize..=64), 0..9)) {
            let (mut whole, mut single) = (Bits::default(), Bits::default());
            for (word, count) in words {
                whole.push_word(word, count);
                (0..count).for_each(|i| single.push(word >> i & 1 == 1));
            }
            prop_assert_eq!(whole, single);
        }

        #[test]
        fn bytes_and_slices_agree_with_single_bits(bits in proptest::collection::vec(any::<bool>(), 0..300), a in 0usize..300, b in 0usize..300) {
            let packed: Bits = bits.iter().copied().collect();
            prop_assert_eq!(Bits::from_bytes(&packed.to_bytes(), bits.len()), packed.clone());
            let (a, b) = (a.min(b).min(bits.len()), a.max(b).min(bits.len()));
            let slice = packed.slice(a, b);
            prop_assert_eq!(slice, bits[a..b].iter().copied().collect::<Bits>());
            prop_assert_eq!(packed.parity(a, b), bits[a..b].iter().filter(|bit| **bit).count() % 2 == 1);
        }
    }
}
