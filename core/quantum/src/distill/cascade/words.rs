//! Strings and sets of bits as plain words: prefix parities, the nearest member to either side, the transpose; and two
//! small tools without branches. Positions beyond the end read as zero and take no part.

use crate::ground::Bits;

/// Bit `x` of the result is the parity of the bits before `x`, for every `x` up to the length.
pub(super) fn prefixes(words: impl Iterator<Item = u64>, count: usize) -> Vec<u64> {
    let mut out = Vec::with_capacity(count + 1);
    let mut before = 0u64; // all ones after an odd number of ones
    for word in words.take(count) {
        // Each step doubles the reach of the sum; the shift below leaves the bit itself out.
        let mut sum = word;
        for reach in [1, 2, 4, 8, 16, 32] {
            sum ^= sum << reach;
        }
        out.push((sum << 1) ^ before);
        before ^= 0u64.wrapping_sub(sum >> 63);
    }
    out.push(before);
    out
}

/// Whether `x` is a member.
#[inline]
pub(super) fn get(words: &[u64], x: u32) -> bool {
    words.get(x as usize / 64).is_some_and(|word| word >> (x % 64) & 1 == 1)
}

/// Puts `x` in; false where it was in before, or lies beyond the end.
#[inline]
pub(super) fn insert(words: &mut [u64], x: u32) -> bool {
    words.get_mut(x as usize / 64).is_some_and(|word| {
        let fresh = *word >> (x % 64) & 1 == 0;
        *word |= 1 << (x % 64);
        fresh
    })
}

/// The greatest member up to `x`; 0 where there is none.
#[inline]
pub(super) fn at_or_before(words: &[u64], x: u32) -> u32 {
    let mut i = x as usize / 64;
    let mut word = words.get(i).map_or(0, |word| word & (u64::MAX >> (63 - x % 64)));
    while word == 0 && i > 0 {
        i -= 1;
        word = words.get(i).copied().unwrap_or(0);
    }
    if word == 0 { 0 } else { i as u32 * 64 + word.ilog2() }
}

/// The least member after `x`; `end` where there is none before it.
#[inline]
pub(super) fn after(words: &[u64], x: u32, end: u32) -> u32 {
    let start = x + 1;
    let mut i = start as usize / 64;
    let mut word = words.get(i).map_or(0, |word| word & (u64::MAX << (start % 64)));
    while word == 0 {
        i += 1;
        match words.get(i) {
            Some(next) => word = *next,
            None => return end,
        }
    }
    end.min(i as u32 * 64 + word.trailing_zeros())
}

/// Rows become columns: bit c of row r changes places with bit r of row c, by halves (Warren, Hacker's Delight, 2012,
/// 7-3).
pub(super) fn transpose(rows: &mut [u64; 64]) {
    let (mut half, mut mask) = (32, u64::MAX >> 32);
    while half > 0 {
        for group in rows.chunks_exact_mut(2 * half) {
            let (upper, lower) = group.split_at_mut(half);
            for (a, b) in upper.iter_mut().zip(lower) {
                let moved = ((*a >> half) ^ *b) & mask;
                *a ^= moved << half;
                *b ^= moved;
            }
        }
        half /= 2;
        mask ^= mask << half;
    }
}

/// `a` if `first`, otherwise `b`, without a branch.
#[inline]
pub(super) fn select(first: bool, a: u32, b: u32) -> u32 {
    b ^ ((a ^ b) & 0u32.wrapping_sub(u32::from(first)))
}

/// Bits appended one by one, or not, without a branch on either.
#[derive(Debug)]
pub(super) struct BitQueue {
    bits: Bits,
    word: u64,
    count: u32,
}

impl BitQueue {
    /// An empty queue with room for `len` bits.
    pub(super) fn new(len: usize) -> Self {
        Self { bits: Bits::with_capacity(len), word: 0, count: 0 }
    }

    /// Appends `bit` if `really`.
    #[inline]
    pub(super) fn push(&mut self, bit: bool, really: bool) {
        self.word |= u64::from(bit & really) << self.count;
        self.count += u32::from(really);
        if self.count == 64 {
            self.bits.push_word(self.word, 64);
            (self.word, self.count) = (0, 0);
        }
    }

    /// The bits.
    pub(super) fn bits(mut self) -> Bits {
        self.bits.push_word(self.word, self.count as usize);
        self.bits
    }
}
