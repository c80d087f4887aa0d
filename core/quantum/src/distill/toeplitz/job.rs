//! What is computed in one go, with the instructions of a path.

use super::division::{self, Steps};
use super::field::{Element, Factor, Factors};
use super::square::Square;

/// A job.
pub enum Job<'a> {
    /// The product of a square Toeplitz matrix with a vector.
    Square(Square<'a>),
    /// Adds the sum of the products of `t` and `x`, word by word, to `sum`. Only where words are polynomials.
    #[cfg_attr(
        not(target_arch = "x86_64"),
        allow(dead_code, reason = "only carry-less multiplication reads it")
    )]
    Row { sum: &'a mut Element, t: &'a [u64], x: &'a [u64] },
    /// One level of butterflies.
    Level(Level<'a>),
    /// See [`division::divide`].
    Divide { data: &'a mut [Element], high: usize, low: usize, steps: Steps },
    /// See [`division::rows`].
    Rows { data: &'a mut [Element], steps: Steps },
    /// Adds the products of `a` and `b`, element by element, to `sum`.
    Products { sum: &'a mut [Element], a: &'a [Element], b: &'a [Element] },
}

/// A level of a transform: blocks of twice `half` elements; the first has number `first`.
pub struct Level<'a> {
    pub data: &'a mut [Element],
    pub half: usize,
    pub first: usize,
    pub kind: Kind,
}

impl Job<'_> {
    /// Does what is plain additions, compiled for the caller's instructions, or hands the job back.
    #[inline(always)]
    pub fn additions(self) -> Option<Self> {
        match self {
            Self::Divide { data, high, low, steps } => division::divide(data, high, low, steps),
            // Each order of steps that occurs, known to the compiler: it keeps a row in registers.
            Self::Rows { data, steps: Steps { swapped: false, reversed: false } } => {
                division::rows(data, Steps { swapped: false, reversed: false })
            }
            Self::Rows { data, steps: Steps { swapped: true, reversed: false } } => {
                division::rows(data, Steps { swapped: true, reversed: false })
            }
            Self::Rows { data, .. } => division::rows(data, Steps { swapped: true, reversed: true }),
            other => return Some(other),
        }
        None
    }
}

impl Level<'_> {
    /// Calls `f` with each block's factor and the (p, q) of [`Kind`].
    #[inline(always)]
    pub fn each(self, mut f: impl FnMut(Factor, &mut [Element], &mut [Element])) {
        let mut factors = Factors::from(self.first);
        for block in self.data.chunks_exact_mut(2 * self.half) {
            let (low, high) = block.split_at_mut(self.half);
            let (p, q) = if self.kind == Kind::Forward { (low, high) } else { (high, low) };
            f(factors.step(), p, q);
        }
    }
}

/// What a butterfly with the factor c does to the halves of a block, where p, q are low, high for `Forward` and
/// high, low for the two others.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// p += c q, then q += p: evaluation.
    Forward,
    /// p += c q, then q += p: the transpose of interpolation.
    Dual,
    /// q += p, then p += c q: the transpose of evaluation.
    Back,
}
