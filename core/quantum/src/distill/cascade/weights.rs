//! Where an odd run is best cut: at the place that an error lies before as likely as behind.
//!
//! A bit lies in one run of every pass. If `size` bits share an even run and each is wrong with probability `rate`, one
//! of them is wrong in odds of `rate tanh(rate (size - 1))`, near enough: the others must then hold an odd number of
//! errors. So a bit in a short even run is almost surely right, and a bit alone in its run is right for certain.
//! Halving by these weights instead of by length makes each question worth nearly a whole bit; where one bit alone
//! can be wrong no question is needed.

use super::order::Subset;
use super::view::View;
use zeroize::Zeroizing;

/// The factor, up to a constant, that its run in one pass gives to the odds of a bit, by class.
#[derive(Clone, Debug)]
pub(super) struct Factors([u32; 256]);

/// The factor of a bit in a very long run.
const ONE: f64 = 65_535.0;

impl Factors {
    /// Factors where each bit of a run is wrong with probability `rate` as far as the other passes tell.
    pub(super) fn new(rate: f64) -> Self {
        Self(std::array::from_fn(|class| match class {
            0 | 1 => 0,
            _ => {
                let size = if class < 64 { class as f64 } else { 68.0 + 8.0 * (class - 64) as f64 };
                (ONE * libm::tanh(rate * (size - 1.0))).max(1.0) as u32
            }
        }))
    }

    #[inline]
    fn of(&self, view: &View, x: u32) -> u32 {
        self.0.get(usize::from(view.class(x))).copied().unwrap_or(0)
    }
}

/// Sums of weights along the runs that are searched now.
#[derive(Clone, Debug, Default)]
pub(super) struct Scales {
    /// For every run weighed, a sum more than it has bits.
    sums: Zeroizing<Vec<u32>>,
}

/// Where to go on in an odd run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// Ask for the parity before this position, inside the run.
    Ask(u32),
    /// The bit at this position is wrong.
    Found(u32),
}

impl Scales {
    /// Forgets all runs.
    pub(super) fn clear(&mut self) {
        self.sums.clear();
    }

    /// Weighs the bits of a run, 65,536 bits at most; returns where its sums begin.
    pub(super) fn weigh(&mut self, run: std::ops::Range<u32>, weight: impl Fn(u32) -> u32) -> u32 {
        let at = self.sums.len() as u32;
        let mut sum = 0u32;
        self.sums.push(0);
        self.sums.extend(run.map(|position| {
            sum = sum.wrapping_add(weight(position));
            sum
        }));
        at
    }

    /// The best step in `size` bits from position `start`, whose sums begin at `at`; `None` where all weigh nothing.
    pub(super) fn step(&self, at: u32, start: u32, size: u32) -> Option<Step> {
        let sums = self.sums.get(at as usize..=(at + size) as usize)?;
        let (low, high) = (*sums.first()?, *sums.last()?);
        if high <= low || size < 2 {
            return None;
        }
        let middle = low + (high - low) / 2;
        // The bit in which the middle lies: its sum is the first beyond.
        let bit = sums.partition_point(|sum| *sum <= middle) as u32 - 1;
        let (before, behind) = (*sums.get(bit as usize)?, *sums.get(bit as usize + 1)?);
        if before == low && behind == high {
            return Some(Step::Found(start + bit));
        }
        let nearer = behind - middle < middle - before;
        Some(Step::Ask(start + (bit + u32::from(nearer)).clamp(1, size - 1)))
    }
}

/// What is known of the bits of a view.
#[derive(Clone, Copy, Debug)]
pub(super) struct Known<'a> {
    /// The passes.
    pub passes: &'a [View],
    /// The factors of the first two of them.
    pub factors: Option<&'a [Factors; 2]>,
    /// The subset where the view is a check.
    pub subset: Option<Subset>,
}

impl Known<'_> {
    /// Weighs a run of a view by what the first two passes know of its bits; returns where its sums begin.
    pub(super) fn weigh(self, scales: &mut Scales, view: u8, run: std::ops::Range<u32>) -> u32 {
        let ([first, second, ..], Some([f, g])) = (self.passes, self.factors) else {
            return scales.weigh(run, |_| 1);
        };
        let both = |x| (f.of(first, x) * g.of(second, x)).div_ceil(1 << 16);
        match (self.subset, view) {
            // The run itself says the same of all its bits: what counts is the other pass.
            (None, 0) => scales.weigh(run, |x| g.of(second, x)),
            (None, 1) => scales.weigh(run, |position| f.of(first, second.from(position))),
            (None, _) => {
                let pass = self.passes.get(usize::from(view));
                scales.weigh(run, |position| both(pass.map_or(position, |pass| pass.from(position))))
            }
            (Some(subset), _) => scales.weigh(run, |x| if subset.holds(x) { both(x) } else { 0 }),
        }
    }
}
