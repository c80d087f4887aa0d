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
        match (self.len % 64, self.words.last_mut()) {
            (shift @ 1.., Some(last)) => *last |= u64::from(bit) << shift,
            _ => self.words.push(u64::from(bit)),
        }
        self.len += 1;
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
        let shift = from % 64;
        for (i, word) in out.words.iter_mut().enumerate() {
            let low = self.words.get(from / 64 + i).copied().unwrap_or(0) >> shift;
            let high = if shift == 0 {
                0
            } else {
                self.words.get(from / 64 + i + 1).copied().unwrap_or(0) << (64 - shift)
            };
            *word = low | high;
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
