//! The variants of the protocol: how large the blocks of each pass are, and how the end is checked.

use super::question::{MAX_CHECKS, MAX_PASSES};

/// A published variant, or one of ours. All use every parity once known, in every pass, and none asks for a parity
/// that follows from others.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Variant {
    /// Brassard and Salvail (1994): 4 passes, k1 = 0.73 / Q, each next twice as long.
    Original,
    /// Yan, Peng, Lin, Jiang, Liu and Guo (2008): 10 passes, k1 = 0.8 / Q, k2 = 5 k1, then halves of the block.
    Yan,
    /// Martinez-Mateo, Pacher, Peev, Ciurana and Martin (2015), block lengths of option 7: 14 passes, k1 the power of
    /// two from 1 / Q up, k2 = 4 k1, then halves of the block.
    Martinez,
    /// Two passes and random checks: little work and few round trips.
    #[default]
    Fast,
    /// Two passes of longer blocks, weighed searches (see `weights`) and random checks: the least leak.
    Thrifty,
}

/// What a correcting side does. The fields of a variant's plan may be changed.
#[derive(Clone, Debug, PartialEq)]
pub struct Plan {
    /// Sizes of blocks as this variant has them.
    pub variant: Variant,
    /// Passes, 1 to 16.
    pub passes: u8,
    /// Parities of random subsets that must agree in the end beyond those that found errors, 0 to 64: wrong bits are
    /// left with a probability of about 2^-checks at most, if there were any.
    pub checks: u8,
    /// Errors expected in a block of the first pass (`Fast` and `Thrifty`).
    pub first: f64,
    /// Errors expected in a block of the second pass (`Fast` and `Thrifty`), above 0.
    pub second: f64,
    /// Longest run that is searched by weight, in bits, up to 65,536; 0 for never.
    pub weigh: u32,
}

impl From<Variant> for Plan {
    fn from(variant: Variant) -> Self {
        let plan = Self { variant, passes: 2, checks: 0, first: 0.0, second: 0.0, weigh: 0 };
        match variant {
            Variant::Original => Self { passes: 4, ..plan },
            Variant::Yan => Self { passes: 10, ..plan },
            Variant::Martinez => Self { passes: 14, ..plan },
            Variant::Fast => Self { checks: 11, first: 0.75, second: 1.5, ..plan },
            Variant::Thrifty => Self { checks: 11, first: 1.2, second: 3.0, weigh: 32, ..plan },
        }
    }
}

/// The sizes of a pass's blocks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Sizes {
    /// Bits of a block.
    pub size: u32,
    /// Leading blocks that are twice as long.
    pub wide: u32,
}

impl Plan {
    /// The plan within its bounds.
    pub(super) fn bounded(&self) -> Self {
        Self {
            variant: self.variant,
            passes: self.passes.clamp(1, MAX_PASSES),
            checks: self.checks.min(MAX_CHECKS / 2),
            first: self.first,
            second: self.second,
            weigh: self.weigh.min(1 << 16),
        }
    }

    /// The blocks of a pass over `positions` positions, where `qber` is the rate of errors and `residual` what is left
    /// of it.
    pub(super) fn sizes(&self, pass: u8, positions: u32, qber: f64, residual: f64) -> Sizes {
        let errors = |errors: f64| (errors / qber).ceil().clamp(1.0, f64::from(positions)) as u32;
        let size = match (self.variant, pass) {
            (Variant::Original, _) => errors(0.73).saturating_mul(1 << pass),
            (Variant::Yan, 0) => errors(0.8),
            (Variant::Yan, 1) => errors(0.8).saturating_mul(5),
            (Variant::Martinez, 0) => errors(1.0).next_power_of_two(),
            (Variant::Martinez, 1) => errors(1.0).next_power_of_two().saturating_mul(4),
            (Variant::Fast | Variant::Thrifty, 0) => {
                // Halving wastes nothing only on powers of two: the right mean comes from a mixture of two of them.
                let mean = (self.first / qber).clamp(1.0, f64::from(positions));
                let size = 1 << (mean as u32).ilog2();
                let blocks = f64::from(positions) / mean;
                let wide = (f64::from(positions) / f64::from(size) - blocks).max(0.0) as u32;
                return Sizes { size, wide };
            }
            (Variant::Fast | Variant::Thrifty, 1) => {
                (self.second / residual).clamp(1.0, f64::from(positions)) as u32
            }
            _ => positions / 2,
        };
        Sizes { size: size.clamp(1, positions.max(1)), wide: 0 }
    }
}
