//! What the correcting side knows of the block in the order of one pass, or of one check.

use super::order::{Shuffle, Subset};
use zeroize::{Zeroize, Zeroizing};

/// All that is known of 64 positions, in one place: whatever a search looks at lies side by side.
#[derive(Clone, Copy, Debug, Default, Zeroize)]
struct Line {
    /// The own bits as they stand; zero outside the subset of a check.
    bits: u64,
    /// Positions before which the other side's parity is known, among them 0.
    cuts: u64,
    /// The other side's parities there.
    theirs: u64,
    /// Cuts at which a run starts whose parities differ.
    odd: u64,
}

/// The block as one pass or check sees it. The known parities cut it into runs; of each run it is known whether the
/// two sides' parities differ. A run never grows: every parity once known goes on helping (the "sub-block reuse" of
/// Martinez-Mateo et al. 2015).
#[derive(Clone, Debug)]
pub(super) struct View {
    kind: Kind,
    /// A line more than there are positions: the end of the last run is a cut too.
    lines: Zeroizing<Vec<Line>>,
    odd_count: u32,
    /// For each position the class of its run's length ([`class`]); empty where nobody weighs.
    class: Vec<u8>,
}

#[derive(Clone, Debug)]
enum Kind {
    Pass(Box<Shuffle>),
    Check(Subset),
}

impl View {
    /// A pass over a string; `weigh` keeps the lengths of runs at hand.
    pub(super) fn of_pass(shuffle: Shuffle, words: &[u64], weigh: bool) -> Self {
        let bits = Zeroizing::new(shuffle.lay(words));
        let class = if weigh { vec![0; 64 * bits.len()] } else { Vec::new() };
        Self::new(Kind::Pass(Box::new(shuffle)), bits.iter().copied(), class)
    }

    /// A check of a string.
    pub(super) fn of_check(subset: Subset, words: &[u64]) -> Self {
        Self::new(Kind::Check(subset), subset.of(words), Vec::new())
    }

    fn new(kind: Kind, bits: impl Iterator<Item = u64>, class: Vec<u8>) -> Self {
        let lines = bits.map(|bits| Line { bits, ..Line::default() }).chain([Line::default()]);
        let mut lines: Zeroizing<Vec<Line>> = Zeroizing::new(lines.collect());
        lines.iter_mut().take(1).for_each(|line| line.cuts = 1);
        Self { kind, lines, odd_count: 0, class }
    }

    /// The bits in this order.
    pub(super) fn words(&self) -> impl Iterator<Item = u64> {
        self.lines.iter().map(|line| line.bits).take(self.lines.len() - 1)
    }

    /// The bit at a position.
    #[inline]
    pub(super) fn from(&self, position: u32) -> u32 {
        match &self.kind {
            Kind::Pass(shuffle) => shuffle.from(position),
            Kind::Check(_) => position,
        }
    }

    /// Class of the run of this pass in which a bit lies.
    #[inline]
    pub(super) fn class(&self, x: u32) -> u8 {
        match &self.kind {
            Kind::Pass(shuffle) => self.class.get(shuffle.to(x) as usize).copied().unwrap_or(0),
            Kind::Check(_) => 0,
        }
    }

    /// The other side's parity before a cut.
    pub(super) fn theirs(&self, at: u32) -> bool {
        self.lines.get(at as usize / 64).is_some_and(|line| line.theirs >> (at % 64) & 1 == 1)
    }

    /// Learns the other side's parity before `at`, and tells from it and from that before the start of the run, an
    /// earlier cut, whether the two sides' bits differ in an odd number of places between.
    #[inline]
    pub(super) fn cut(&mut self, start: u32, theirs_start: bool, at: u32, theirs: bool) -> bool {
        let (first, last) = (start as usize / 64, at as usize / 64);
        let low = u64::MAX << (start % 64);
        let Some(line) = self.lines.get_mut(last) else { return false };
        line.cuts |= 1 << (at % 64);
        line.theirs |= u64::from(theirs) << (at % 64);
        let mut sum = line.bits & !(u64::MAX << (at % 64));
        if first == last {
            sum &= low;
        } else if let Some([one, middle @ ..]) = self.lines.get(first..last) {
            sum = middle.iter().fold(sum ^ (one.bits & low), |sum, line| sum ^ line.bits);
        }
        theirs_start ^ theirs ^ (sum.count_ones() % 2 == 1)
    }

    /// Takes up a new run, from a cut to a new one, by the other side's parities before both.
    #[inline]
    pub(super) fn compare(&mut self, from: u32, theirs_from: bool, to: u32, theirs_to: bool) {
        let odd = self.cut(from, theirs_from, to, theirs_to);
        if let Some(line) = self.lines.get_mut(from as usize / 64) {
            line.odd |= u64::from(odd) << (from % 64);
        }
        self.odd_count += u32::from(odd);
        if self.weighs() {
            self.classify(from, to);
        }
    }

    /// Whether the lengths of runs are noted.
    pub(super) fn weighs(&self) -> bool {
        !self.class.is_empty()
    }

    /// Notes the length of a run.
    #[inline]
    pub(super) fn classify(&mut self, from: u32, to: u32) {
        if let Some(run) = self.class.get_mut(from as usize..to as usize) {
            run.fill(class(to - from));
        }
    }

    /// Turns a bit over. The run that holds it changes its parity, unless a search has just found the bit here.
    #[inline]
    pub(super) fn flip(&mut self, x: u32, found_here: bool) {
        let position = match &self.kind {
            Kind::Pass(shuffle) => shuffle.to(x),
            Kind::Check(subset) if subset.holds(x) => x,
            Kind::Check(_) => return,
        };
        let mut i = position as usize / 64;
        let Some(line) = self.lines.get_mut(i) else { return };
        line.bits ^= 1 << (position % 64);
        if found_here {
            return;
        }
        // The nearest cut at or before; position 0 is one.
        let mut cuts = line.cuts & (u64::MAX >> (63 - position % 64));
        while cuts == 0 && i > 0 {
            i -= 1;
            cuts = self.lines.get(i).map_or(0, |line| line.cuts);
        }
        if let Some(line) = self.lines.get_mut(i) {
            let start = cuts.checked_ilog2().unwrap_or(0);
            line.odd ^= 1 << start;
            let odd = (line.odd >> start & 1) as u32;
            self.odd_count = (self.odd_count + odd).saturating_sub(1 - odd);
        }
    }

    /// Runs whose parities differ.
    pub(super) fn odd_count(&self) -> u32 {
        self.odd_count
    }

    /// Hands every such run to a search, in order, as start, end and the other side's parity before the start. When the
    /// searches are done the runs are even.
    pub(super) fn take_odd(&mut self, mut take: impl FnMut(u32, u32, bool)) {
        let end = 64 * (self.lines.len() as u32 - 1);
        let mut left = std::mem::take(&mut self.odd_count);
        for i in 0..self.lines.len() {
            let Some(line) = self.lines.get_mut(i) else { break };
            let (mut odd, line) = (std::mem::take(&mut line.odd), *line);
            while odd != 0 {
                let start = odd.trailing_zeros();
                odd &= odd - 1;
                let mut next = line.cuts & (u64::MAX - 1) << start;
                let mut k = i;
                while next == 0 && k + 1 < self.lines.len() {
                    k += 1;
                    next = self.lines.get(k).map_or(0, |line| line.cuts);
                }
                let to = (64 * k as u32 + next.trailing_zeros()).min(end);
                take(64 * i as u32 + start, to, line.theirs >> start & 1 == 1);
                left = left.saturating_sub(1);
            }
            if left == 0 {
                break;
            }
        }
    }
}

/// Class of a run's length: exact below 64, in eights above, everything from 1,592 bits alike.
#[inline]
fn class(size: u32) -> u8 {
    if size < 64 { size as u8 } else { (64 + (size - 64) / 8).min(255) as u8 }
}
