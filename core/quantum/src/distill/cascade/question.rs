//! What the correcting side asks, and how the questions travel.
//!
//! Each question is a place to cut the block at: the answer is the parity of all bits before it, in the order of a pass
//! or within the subset of a check. The parity of a run is then that of its two ends, one new bit for one new end. The
//! cuts of a batch ascend, so what is sent are the gaps, in units of the power of two that divides them all, by a
//! Golomb-Rice code (Rice 1979) fitted to the batch.

use super::Order;
use crate::ground::Bits;

/// Passes that an order has.
pub const MAX_PASSES: u8 = 16;

/// Checks that an order has.
pub const MAX_CHECKS: u8 = 128;

/// A batch of questions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Questions {
    /// The parities of the blocks of a new pass. That of the last block follows from the parity of the whole string,
    /// which the first pass tells, and is not asked for in later ones.
    Blocks {
        /// Pass, from 0; one after the other.
        pass: u8,
        /// Bits of a block, at least 1; the last may be shorter.
        size: u32,
        /// Number of leading blocks that are twice as long.
        wide: u32,
    },
    /// The parities of new random subsets.
    Checks {
        /// Number of the first, from 0; one after the other.
        first: u8,
        /// Number of subsets.
        count: u8,
    },
    /// The parities of the bits before these positions.
    Cuts {
        /// The pass in whose order positions count, or [`MAX_PASSES`] and the number of a check.
        view: u8,
        /// Positions in ascending order, none twice, each in 1..the block's length in whole words.
        at: Vec<u32>,
    },
    /// The parities of the bits before the middles of runs that the last cuts have left: for each last cut, in order,
    /// that had more than one bit on either side up to the next known position, whether its search goes on before it.
    /// Where it goes on in a single bit, it has ended, and no question follows.
    Halves {
        /// One bit a search.
        before: Bits,
    },
}

/// The middle of a run of at least two bits.
pub(super) fn middle(start: u32, end: u32) -> u32 {
    start + (end - start).div_ceil(2)
}

/// Why a message of reconciliation is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// A pass or check does not follow the last one, or is unknown; or an answer came to no question.
    #[error("a pass, a check or an answer comes out of turn")]
    OutOfTurn,
    /// A position.
    #[error("a position is asked for twice, or lies outside the block")]
    Position,
    /// The number of answers.
    #[error("there are not as many parities as questions")]
    Count,
    /// The parities.
    #[error("no string has these parities")]
    Contradiction,
    /// The bytes.
    #[error("the bytes are no batch of questions")]
    Malformed,
}

/// Where the blocks of a pass end whose parities are asked for, in order.
pub(super) fn block_ends(pass: u8, size: u32, wide: u32, positions: u32) -> impl Iterator<Item = u32> {
    let (mut end, mut block) = (0u32, 0u32);
    std::iter::from_fn(move || {
        if end >= positions || size == 0 {
            return None;
        }
        end = end.saturating_add(if block < wide { size.saturating_mul(2) } else { size }).min(positions);
        block += 1;
        (end < positions || pass == 0).then_some(end)
    })
}

const BLOCKS: u8 = 0;
const CHECKS: u8 = 1;
const CUTS: u8 = 2;
const HALVES: u8 = 3;

/// Set where every position in units is odd, and its lowest bit left out.
const ODD: u8 = 0x80;

impl Questions {
    /// The bytes that travel: a byte for the kind, then its fields. Of cuts: the view, the number of the positions'
    /// common zeros (and whether all are odd), the number of low bits in a code word, the count, the code words.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        match self {
            Self::Blocks { pass, size, wide } => {
                let mut bytes = vec![BLOCKS, *pass];
                bytes.extend_from_slice(&size.to_le_bytes());
                bytes.extend_from_slice(&wide.to_le_bytes());
                bytes
            }
            Self::Checks { first, count } => vec![CHECKS, *first, *count],
            Self::Cuts { view, at } => encode_cuts(*view, at),
            Self::Halves { before } => {
                let mut bytes = vec![HALVES];
                bytes.extend_from_slice(&(before.len() as u32).to_le_bytes());
                bytes.extend(before.words().iter().flat_map(|word| word.to_le_bytes()));
                bytes.truncate(5 + before.len().div_ceil(8));
                bytes
            }
        }
    }

    /// The questions that `bytes` hold. Needs no more memory than 32 times the bytes.
    ///
    /// # Errors
    /// [`Refused::Malformed`] where the bytes end early, go on, or say something beyond the bounds of the fields.
    /// Whether the questions fit the block is for [`super::Answerer::answer`] to see.
    pub fn decode(bytes: &[u8]) -> Result<Self, Refused> {
        match bytes {
            [BLOCKS, pass, fields @ ..] => {
                let (size, rest) = number(fields).ok_or(Refused::Malformed)?;
                match number(rest) {
                    Some((wide, [])) if size > 0 => Ok(Self::Blocks { pass: *pass, size, wide }),
                    _ => Err(Refused::Malformed),
                }
            }
            [CHECKS, first, count] => Ok(Self::Checks { first: *first, count: *count }),
            [CUTS, view, units, low, rest @ ..] => {
                let (count, code) = number(rest).ok_or(Refused::Malformed)?;
                let at = decode_cuts(*units, *low, count, code).ok_or(Refused::Malformed)?;
                Ok(Self::Cuts { view: *view, at })
            }
            [HALVES, rest @ ..] => {
                let (len, rest) = number(rest).ok_or(Refused::Malformed)?;
                let last = rest.last().copied().unwrap_or(0);
                if rest.len() != (len as usize).div_ceil(8) || len % 8 != 0 && last >> (len % 8) != 0 {
                    return Err(Refused::Malformed);
                }
                Ok(Self::Halves { before: Bits::from_bytes(rest, len as usize) })
            }
            _ => Err(Refused::Malformed),
        }
    }
}

fn number(bytes: &[u8]) -> Option<(u32, &[u8])> {
    let (first, rest) = bytes.split_first_chunk()?;
    Some((u32::from_le_bytes(*first), rest))
}

fn encode_cuts(view: u8, at: &[u32]) -> Vec<u8> {
    let (any, all) = at.iter().fold((0, u32::MAX), |(any, all), x| (any | x, all & x));
    let zeros = any.trailing_zeros().min(31);
    let odd = all >> zeros & 1 == 1 && !at.is_empty();
    let units = zeros + u32::from(odd);
    // The best number of low bits is near the logarithm of the mean gap.
    let mean = at.last().map_or(0, |last| (last >> units) / at.len() as u32);
    let low = mean.max(1).ilog2();
    let mut bytes = Vec::with_capacity(16 + at.len() * (low as usize + 3) / 8);
    bytes.extend_from_slice(&[CUTS, view, zeros as u8 | if odd { ODD } else { 0 }, low as u8]);
    bytes.extend_from_slice(&(at.len() as u32).to_le_bytes());
    // Code words gather in `word`, of which `full` bits are in use, fewer than 32.
    let (mut word, mut full, mut next) = (0u64, 0, 0);
    let mut push = |code: u32, count: u32| {
        word |= u64::from(code) << full;
        full += count;
        if full >= 32 {
            bytes.extend_from_slice(&(word as u32).to_le_bytes());
            word >>= 32;
            full -= 32;
        }
        (word as u32, full)
    };
    let mut left = (0, 0);
    for x in at {
        let unit = x >> units;
        let gap = unit.wrapping_sub(next);
        next = unit + 1;
        // As many zeros as the gap has in its high part, a one, the low part.
        let (mut high, tail) = (gap >> low, gap & !(u32::MAX << low));
        if high + 1 + low <= 32 {
            left = push(((u64::from(tail) << 1 | 1) << high) as u32, high + 1 + low);
        } else {
            while high > 31 {
                push(0, 32);
                high -= 32;
            }
            push(1 << high, high + 1);
            left = push(tail, low);
        }
    }
    let (word, full) = left;
    bytes.extend(word.to_le_bytes().iter().take(full.div_ceil(8) as usize));
    bytes
}

fn decode_cuts(units: u8, low: u8, count: u32, code: &[u8]) -> Option<Vec<u32>> {
    let (zeros, odd) = (u32::from(units & !ODD), u32::from(units & ODD != 0));
    let len = 8 * code.len();
    // Every code word has one bit at least and `low` more.
    if zeros > 31 || low > 31 || count as usize > len / (usize::from(low) + 1) {
        return None;
    }
    let code = Bits::from_bytes(code, len);
    // The 64 bits from a place on; zeros beyond the end.
    let words = code.words();
    let window = |at: usize| {
        let word = |i: usize| words.get(i).copied().unwrap_or(0);
        word(at / 64) >> (at % 64) | (word(at / 64 + 1) << 1) << (63 - at % 64)
    };
    let mut at = Vec::with_capacity(count as usize);
    let (mut place, mut next) = (0, 0u64);
    for _ in 0..count {
        let mut high = 0u64;
        let mut bits = window(place);
        while bits as u32 == 0 {
            place += 32;
            high += 32;
            if place >= len {
                return None;
            }
            bits = window(place);
        }
        let run = bits.trailing_zeros(); // below 32
        let tail = bits >> run >> 1 & !(u64::MAX << low);
        place += run as usize + 1 + usize::from(low);
        let unit = next + ((high + u64::from(run)) << low) + tail;
        next = unit + 1;
        let x = (unit << odd | u64::from(odd)) << zeros;
        at.push(u32::try_from(x).ok().filter(|x| *x as usize <= Order::MAX_BITS)?);
    }
    // What is left fills the last byte, with zeros.
    (place <= len && len - place < 8 && window(place) == 0).then_some(at)
}
