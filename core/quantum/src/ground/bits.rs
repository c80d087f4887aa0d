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

/// A mask with more ones than this in a word of 64 is worked through by its zeros.
const FULL: u32 = 48;

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

    /// The bits at which `mask` is set, in order. O(ones of the mask).
    #[must_use]
    pub fn pick(&self, mask: &Self) -> Self {
        let mut out = Self::with_capacity(mask.count_ones());
        for (word, mask) in self.words.iter().zip(&mask.words) {
            let count = mask.count_ones();
            let mut picked = 0;
            if count > FULL {
                // What is not picked is cut out, from the highest down.
                picked = *word;
                let mut left = !mask;
                while left != 0 {
                    let below = u64::MAX >> 1 >> left.leading_zeros();
                    picked = picked & below | picked >> 1 & !below;
                    left &= below;
                }
            } else {
                let mut left = *mask;
                for at in 0..count {
                    picked |= (word >> left.trailing_zeros() & 1) << at;
                    left &= left - 1;
                }
            }
            out.push_word(picked, count as usize);
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
            let count = mask.count_ones() as usize;
            let bits = self.word_at(next);
            if count > FULL as usize {
                // Room is made where the mask has none, from the lowest up.
                *word = bits;
                let mut left = !mask;
                while left != 0 {
                    let below = (1 << left.trailing_zeros()) - 1;
                    *word = *word & below | *word << 1 & !(below << 1 | 1);
                    left &= left - 1;
                }
            } else {
                let mut left = *mask;
                for at in 0..count {
                    *word |= (bits >> at & 1) << left.trailing_zeros();
                    left &= left - 1;
                }
            }
            next += count;
        }
        out
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

    /// Bits `from..from + 64`, zeros beyond the end.
    fn word_at(&self, from: usize) -> u64 {
        let word = |i: usize| self.words.get(i).copied().unwrap_or(0);
        let (i, shift) = (from / 64, from % 64);
        if shift == 0 { word(i) } else { word(i) >> shift | word(i + 1) << (64 - shift) }
    }

    /// Bits `from..to` (clamped to the length) as a new string.
    #[must_use]
    pub fn slice(&self, from: usize, to: usize) -> Self {
        let to = to.min(self.len);
        let mut out = Self::zeros(to.saturating_sub(from));
        for (word, at) in out.words.iter_mut().zip((from..).step_by(64)) {
            *word = self.word_at(at);
        }
        out.mask_tail();
        out
    }

    /// The bits as bytes, bit 0 lowest in byte 0.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes: Vec<u8> = self.words.iter().flat_map(|w| w.to_le_bytes()).collect();
        bytes.truncate(self.len.div_ceil(8));
        bytes
    }

    /// `len` bits from bytes laid as by [`Bits::to_bytes`]; missing bytes are zero.
    #[must_use]
    pub fn from_bytes(bytes: &[u8], len: usize) -> Self {
        let mut out = Self::zeros(len);
        for (i, word) in out.words.iter_mut().enumerate() {
            for (j, &b) in bytes.iter().skip(i * 8).take(8).enumerate() {
                *word |= u64::from(b) << (8 * j);
            }
        }
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
