//! Which instructions compute: found out when the program runs.

use super::basis::{self, Steps};
use super::field::{Element, Factor, Factors};
use super::halving::Square;
use super::portable;

/// What is computed in one go with the instructions of a path.
pub enum Job<'a> {
    /// Adds the product of a square Toeplitz matrix with a vector.
    Square(Square<'a>),
    /// One level of butterflies.
    Level(Level<'a>),
    /// See [`basis::divide`].
    Divide { data: &'a mut [Element], high: usize, low: usize, steps: Steps },
    /// See [`basis::rows`].
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
            Self::Divide { data, high, low, steps } => basis::divide(data, high, low, steps),
            // Each order of steps that occurs, known to the compiler: it keeps a row in registers.
            Self::Rows { data, steps: Steps { swapped: false, reversed: false } } => {
                basis::rows(data, Steps { swapped: false, reversed: false })
            }
            Self::Rows { data, steps: Steps { swapped: true, reversed: false } } => {
                basis::rows(data, Steps { swapped: true, reversed: false })
            }
            Self::Rows { data, .. } => basis::rows(data, Steps { swapped: true, reversed: true }),
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

/// The instructions used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Path {
    /// Those of every machine, and of WebAssembly.
    Portable,
    /// Carry-less multiplication (PCLMULQDQ), one product at a time.
    #[cfg(target_arch = "x86_64")]
    One,
    /// VPCLMULQDQ on 256 bits.
    #[cfg(target_arch = "x86_64")]
    Two,
    /// VPCLMULQDQ on 512 bits.
    #[cfg(target_arch = "x86_64")]
    Four,
    /// The code of `Two` and `Four` with their multiplication put together of single ones, for machines without.
    #[cfg(all(test, target_arch = "x86_64"))]
    TwoTested,
    #[cfg(all(test, target_arch = "x86_64"))]
    FourTested,
}

impl Path {
    /// The fastest this machine has.
    pub fn best() -> Self {
        #[cfg(target_arch = "x86_64")]
        for path in [Self::Four, Self::Two, Self::One] {
            if path.is_here() {
                return path;
            }
        }
        Self::Portable
    }

    /// Whether this machine has the instructions.
    #[cfg(any(test, target_arch = "x86_64"))]
    pub fn is_here(self) -> bool {
        #[cfg(target_arch = "x86_64")]
        {
            let one = is_x86_feature_detected!("pclmulqdq") && is_x86_feature_detected!("avx2");
            let wide = is_x86_feature_detected!("avx512f") && is_x86_feature_detected!("avx512bw");
            match self {
                Self::Portable => true,
                Self::One => one,
                Self::Two => one && is_x86_feature_detected!("vpclmulqdq"),
                Self::Four => one && wide && is_x86_feature_detected!("vpclmulqdq"),
                #[cfg(test)]
                Self::TwoTested => one,
                #[cfg(test)]
                Self::FourTested => one && wide,
            }
        }
        #[cfg(not(target_arch = "x86_64"))]
        {
            self == Self::Portable
        }
    }

    /// Words of the side of a square that is not halved any more.
    pub fn leaf(self) -> usize {
        match self {
            Self::Portable => portable::LEAF,
            #[cfg(target_arch = "x86_64")]
            Self::One => 16,
            #[cfg(target_arch = "x86_64")]
            Self::Two => 32,
            #[cfg(target_arch = "x86_64")]
            Self::Four => 64,
            #[cfg(all(test, target_arch = "x86_64"))]
            Self::TwoTested => 32,
            #[cfg(all(test, target_arch = "x86_64"))]
            Self::FourTested => 64,
        }
    }

    /// What such a square costs, in elements of a transform's level. Measured for `Portable` (as WebAssembly) and
    /// `One`, estimated for the others; a wrong figure costs time only.
    pub fn leaf_cost(self) -> u64 {
        match self {
            Self::Portable => 330,
            #[cfg(target_arch = "x86_64")]
            Self::One => 70,
            #[cfg(target_arch = "x86_64")]
            _ => 190 * (self.leaf() as u64 / 32).pow(2),
        }
    }

    /// Whether squares are computed by polynomial products: then each word of the vector is mirrored and the matrix
    /// moves up by a bit, so that 64 rows are the high word of one product and the low word of the next.
    pub fn multiplies(self) -> bool {
        self != Self::Portable
    }

    /// Does the job.
    #[allow(unsafe_code)]
    pub fn run(self, job: Job<'_>) {
        #[cfg(target_arch = "x86_64")]
        {
            use super::carryless::{four, one, two};
            debug_assert!(self.is_here());
            // SAFETY: `best`, and in the tests the caller, has asked `is_here` for the features these functions need.
            unsafe {
                match self {
                    Self::Portable => portable::run(job),
                    Self::One => one::run(job),
                    Self::Two => two::run(job),
                    Self::Four => four::run(job),
                    #[cfg(test)]
                    Self::TwoTested => super::carryless::two_tested::run(job),
                    #[cfg(test)]
                    Self::FourTested => super::carryless::four_tested::run(job),
                }
            }
        }
        #[cfg(not(target_arch = "x86_64"))]
        portable::run(job);
    }
}
