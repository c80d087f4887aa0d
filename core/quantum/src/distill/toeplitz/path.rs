//! Which instructions compute: found out when the program runs.

use super::job::Job;
use super::portable;

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
            Self::Portable => 205,
            #[cfg(target_arch = "x86_64")]
            Self::One => 53,
            #[cfg(target_arch = "x86_64")]
            _ => 120 * (self.leaf() as u64 / 32).pow(2),
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
