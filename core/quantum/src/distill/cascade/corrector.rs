//! The side that corrects its bits by the other side's parities.

use super::Order;
use super::order::{Shuffle, Subset};
use super::plan::{Plan, Sizes};
use super::question::{MAX_CHECKS, MAX_PASSES, Questions, Refused, block_ends, middle};
use super::search::{Search, UNWEIGHED, narrow};
use super::view::View;
use super::weights::{Factors, Known, Scales, Step};
use super::words;
use crate::ground::Bits;
use zeroize::Zeroizing;

/// A subset that has been checked.
#[derive(Clone, Debug)]
struct Check {
    subset: Subset,
    /// The other side's parity.
    theirs: bool,
    /// Whether the two sides' parities differ; once a search has entered, `view` knows.
    odd: bool,
    view: Option<Box<View>>,
}

/// The side that corrects its bits by the other side's parities (Bob). Without I/O: [`Corrector::start`] gives the
/// first questions, [`Corrector::answer`] takes the parities and gives the next. It asks for at most one parity a
/// position and view and turns no bit twice, so it ends whatever it is told.
#[derive(Clone, Debug)]
pub struct Corrector {
    plan: Plan,
    order: Order,
    /// How the string was spread before the first pass.
    spread: Shuffle,
    /// Expected rate of errors, and the part of it that the first pass leaves.
    qber: f64,
    residual: f64,
    passes: Vec<View>,
    checks: Vec<Check>,
    /// Errors that checks have found: each makes one check worthless for the end.
    found_by_checks: u8,
    /// The view that is searched: a pass, or [`MAX_PASSES`] and a check.
    searched: u8,
    searches: Vec<Search>,
    /// Positions at which searches have ended.
    found: Vec<u32>,
    /// The cuts asked for.
    at: Vec<u32>,
    /// Of each search that had more than two bits at the last cut, whether it goes on before that; `None` where no cut
    /// of this view was the last that was asked for.
    before: Option<Bits>,
    scales: Scales,
    factors: Option<Box<[Factors; 2]>>,
    /// Bits corrected.
    turned: Vec<u64>,
    asked: Option<Asked>,
    contradiction: bool,
    corrected: u64,
    leak_bits: u64,
    round_trips: u32,
}

/// What the parities that are awaited are for.
#[derive(Clone, Copy, Debug)]
enum Asked {
    Blocks { pass: u8, size: u32, wide: u32 },
    Checks { first: u8, count: u8 },
    Cuts,
}

impl Corrector {
    /// A corrector of `bits` (made as long as the block of `order`) with an expected error rate `qber` (0 to 0.5). The
    /// rate sets the blocks of the first pass; those of later passes follow what the first has shown.
    #[must_use]
    pub fn new(order: Order, bits: &Bits, qber: f64, plan: &Plan) -> Self {
        let plan = plan.bounded();
        let spread = order.spread();
        let words = Zeroizing::new(spread.lay(&order.fit(bits)));
        let first = View::of_pass(order.shuffle(0), &words, plan.weigh > 0);
        let lowest = 0.5 / f64::from(order.bits().max(1));
        // A rate that is no number counts as none.
        let qber = if qber > lowest { qber.min(0.5) } else { lowest };
        Self {
            qber,
            residual: qber,
            order,
            spread,
            passes: vec![first],
            checks: Vec::new(),
            found_by_checks: 0,
            searched: 0,
            searches: Vec::new(),
            found: Vec::new(),
            at: Vec::new(),
            before: None,
            scales: Scales::default(),
            factors: None,
            turned: vec![0; order.words()],
            asked: None,
            contradiction: false,
            corrected: 0,
            leak_bits: 0,
            round_trips: 0,
            plan,
        }
    }

    /// The bits as they stand.
    #[must_use]
    pub fn bits(&self) -> Bits {
        let len = self.order.bits() as usize;
        let mut bits = Bits::with_capacity(len);
        let words = Zeroizing::new(self.spread.unlay(&self.words()));
        for (i, word) in words.iter().enumerate() {
            bits.push_word(*word, (len - 64 * i).min(64));
        }
        bits
    }

    fn words(&self) -> Zeroizing<Vec<u64>> {
        first_words(&self.passes)
    }

    /// Parities asked for and answered: bits leaked.
    #[must_use]
    pub fn leak_bits(&self) -> u64 {
        self.leak_bits
    }

    /// Bits corrected.
    #[must_use]
    pub fn corrected(&self) -> u64 {
        self.corrected
    }

    /// Batches of questions asked.
    #[must_use]
    pub fn round_trips(&self) -> u32 {
        self.round_trips
    }

    /// The first questions; `None` where the block is empty.
    pub fn start(&mut self) -> Option<Questions> {
        if self.order.bits() == 0 || self.round_trips > 0 { None } else { self.go_on() }
    }

    /// Takes the answers to the last questions and gives the next; `None` when all is done. The strings may differ
    /// even then, with a probability that the plan's checks set: compare a hash of them.
    ///
    /// # Errors
    /// [`Refused::OutOfTurn`] where nothing was asked, [`Refused::Count`] where there are not as many answers as
    /// questions, [`Refused::Contradiction`] where no string has the parities told: somebody has changed a message.
    pub fn answer(&mut self, parities: &Bits) -> Result<Option<Questions>, Refused> {
        let right = match self.asked.take().ok_or(Refused::OutOfTurn)? {
            Asked::Blocks { pass, size, wide } => self.take_blocks(pass, size, wide, parities),
            Asked::Checks { first, count } => self.take_checks(first, count, parities),
            Asked::Cuts => self.take_cuts(parities),
        };
        if !right {
            return Err(Refused::Count);
        }
        self.leak_bits += parities.len() as u64;
        let next = self.go_on();
        if self.contradiction { Err(Refused::Contradiction) } else { Ok(next) }
    }

    fn take_blocks(&mut self, pass: u8, size: u32, wide: u32, parities: &Bits) -> bool {
        let positions = self.order.positions();
        // The parity of the whole block is known from the first pass.
        let whole = self.passes.first().is_some_and(|view| view.theirs(positions));
        let Some(view) = self.passes.last_mut() else { return false };
        let (mut start, mut told, mut count) = (0, false, 0);
        for end in block_ends(pass, size, wide, positions) {
            let next = parities.get(count);
            view.compare(start, told, end, next);
            (start, told) = (end, next);
            count += 1;
        }
        if pass == 0 {
            let odd = f64::from(view.odd_count());
            self.estimate(odd, count as f64);
        } else {
            view.compare(start, told, positions, whole);
        }
        count == parities.len()
    }

    /// Corrects the expected error rate by the number of odd blocks: of blocks of k bits at rate Q the part
    /// (1 - (1 - 2Q)^k) / 2 is odd (Gallager 1962).
    fn estimate(&mut self, odd: f64, blocks: f64) {
        let (part, len) = (odd / blocks, f64::from(self.order.bits()));
        let spread = 1.5 * (part * (1.0 - part) / blocks).sqrt();
        // Towards one half all rates look alike.
        let rate = |part: f64| (1.0 - libm::pow(1.0 - 2.0 * part.clamp(0.0, 0.49), blocks / len)) / 2.0;
        let highest = if part + spread < 0.49 { rate(part + spread) } else { 0.5 };
        self.qber = self.qber.max(rate(part - spread)).min(highest).max(0.5 / len);
        self.residual = (self.qber - odd / len).max(0.1 * self.qber);
    }

    fn take_checks(&mut self, first: u8, count: u8, parities: &Bits) -> bool {
        let checks = self.order.check(first, count, &self.words());
        self.checks.extend(checks.into_iter().enumerate().map(|(i, (subset, own))| {
            let theirs = parities.get(i);
            Check { subset, theirs, odd: theirs ^ own, view: None }
        }));
        parities.len() == usize::from(count)
    }

    fn take_cuts(&mut self, parities: &Bits) -> bool {
        if parities.len() != self.at.len() {
            return false;
        }
        let view = match self.searched.checked_sub(MAX_PASSES) {
            None => self.passes.get_mut(usize::from(self.searched)),
            Some(i) => self.checks.get_mut(usize::from(i)).and_then(|check| check.view.as_deref_mut()),
        };
        let Some(view) = view else { return false };
        self.before = Some(narrow(view, &self.at, parities, &mut self.searches, &mut self.found));
        self.correct();
        true
    }

    /// Corrects the bits at which searches have ended.
    fn correct(&mut self) {
        let check = self.searched.checked_sub(MAX_PASSES).map(usize::from);
        let mut found = std::mem::take(&mut self.found);
        for position in found.drain(..) {
            let x = match check {
                None => {
                    self.passes.get(usize::from(self.searched)).map_or(position, |view| view.from(position))
                }
                Some(_) => position,
            };
            // With true parities every search ends at an error: no bit is turned twice, nor one past the end.
            if self.spread.from(x) >= self.order.bits() || !words::insert(&mut self.turned, x) {
                self.contradiction = true;
                return;
            }
            self.corrected += 1;
            self.found_by_checks = self.found_by_checks.saturating_add(u8::from(check.is_some()));
            for (i, view) in self.passes.iter_mut().enumerate() {
                view.flip(x, i == usize::from(self.searched));
            }
            for (i, other) in self.checks.iter_mut().enumerate() {
                match &mut other.view {
                    Some(view) => view.flip(x, check == Some(i)),
                    None => other.odd ^= other.subset.holds(x),
                }
            }
        }
        self.found = found;
    }

    /// Does all that the known parities allow, then asks.
    fn go_on(&mut self) -> Option<Questions> {
        while !self.contradiction {
            if !self.searches.is_empty() {
                if let Some(questions) = self.step() {
                    return Some(self.ask(Asked::Cuts, questions));
                }
            } else if !self.search_passes() {
                if let Some((asked, questions)) = self.next_pass() {
                    return Some(self.ask(asked, questions));
                }
                if !self.search_checks() {
                    let (asked, questions) = self.next_checks()?;
                    return Some(self.ask(asked, questions));
                }
            }
        }
        None
    }

    fn ask(&mut self, asked: Asked, questions: Questions) -> Questions {
        self.asked = Some(asked);
        self.round_trips += 1;
        questions
    }

    /// Takes up all searches of the first pass that has any; false where all passes are even. In one pass no two
    /// searches are after the same error, and those of earlier passes are shorter.
    fn search_passes(&mut self) -> bool {
        self.scales.clear();
        self.before = None;
        let odd = (0..).zip(&mut self.passes).find(|(_, view)| view.odd_count() > 0);
        let Some((i, view)) = odd else { return false };
        self.searched = i;
        Search::take_all(view, &mut self.searches);
        true
    }

    /// Takes up the searches of the first check that has any; false where all checks are even.
    fn search_checks(&mut self) -> bool {
        for (i, check) in (MAX_PASSES..).zip(&mut self.checks) {
            if check.odd && check.view.is_none() {
                let mut view = View::of_check(check.subset, &first_words(&self.passes));
                view.compare(0, false, self.order.positions(), check.theirs);
                check.view = Some(Box::new(view));
            }
            if let Some(view) = check.view.as_mut().filter(|view| view.odd_count() > 0) {
                self.searched = i;
                Search::take_all(view, &mut self.searches);
                return true;
            }
        }
        false
    }

    /// Every search's next cut; `None` where no search needs to ask.
    fn step(&mut self) -> Option<Questions> {
        let weigh = if self.factors.is_some() { self.plan.weigh } else { 0 };
        let halved = self.searches.iter().all(|search| search.end - search.start > weigh.max(1));
        self.at.clear();
        if halved {
            self.at.extend(self.searches.iter().map(|search| middle(search.start, search.end)));
        } else {
            self.step_by_weight(weigh);
        }
        let before = self.before.take().filter(|_| halved);
        (!self.at.is_empty()).then(|| match before {
            Some(before) => Questions::Halves { before },
            None => Questions::Cuts { view: self.searched, at: self.at.clone() },
        })
    }

    fn step_by_weight(&mut self, weigh: u32) {
        let subset = self.searched.checked_sub(MAX_PASSES).and_then(|i| self.checks.get(usize::from(i)));
        let known = Known {
            passes: &self.passes,
            factors: self.factors.as_deref(),
            subset: subset.map(|check| check.subset),
        };
        self.searches.retain_mut(|search| {
            let (start, size) = (search.start, search.end - search.start);
            let mut step = if size < 2 { Step::Found(start) } else { Step::Ask(middle(start, search.end)) };
            if size <= weigh {
                if search.sums == UNWEIGHED {
                    let run = start..search.end;
                    search.sums = known.weigh(&mut self.scales, self.searched, run);
                }
                step = self.scales.step(search.sums, start, size).unwrap_or(step);
            }
            match step {
                Step::Ask(at) => self.at.push(at),
                Step::Found(position) => self.found.push(position),
            }
            matches!(step, Step::Ask(_))
        });
        self.correct();
    }

    /// Lays out the next pass and asks for its blocks.
    fn next_pass(&mut self) -> Option<(Asked, Questions)> {
        // The first pass is laid out from the start.
        let pass = if self.round_trips == 0 { 0 } else { self.passes.len() as u8 };
        if pass >= self.plan.passes {
            return None;
        }
        if pass > 0 {
            let weigh = self.plan.weigh > 0;
            let view = View::of_pass(self.order.shuffle(pass), &self.words(), weigh && pass == 1);
            self.passes.push(view);
            if weigh && pass == 1 {
                self.factors = Some(Box::new([Factors::new(self.qber), Factors::new(self.residual)]));
            }
        }
        let Sizes { size, wide } = self.plan.sizes(pass, self.order.positions(), self.qber, self.residual);
        Some((Asked::Blocks { pass, size, wide }, Questions::Blocks { pass, size, wide }))
    }

    /// Asks for as many checks as are still needed.
    fn next_checks(&mut self) -> Option<(Asked, Questions)> {
        let first = self.checks.len() as u8;
        let needed = match self.plan.checks {
            0 => 0,
            checks => checks.saturating_add(self.found_by_checks).min(MAX_CHECKS),
        };
        let count = needed.checked_sub(first).filter(|count| *count > 0)?;
        Some((Asked::Checks { first, count }, Questions::Checks { first, count }))
    }
}

/// The string as it stands, in the order of the first pass.
fn first_words(passes: &[View]) -> Zeroizing<Vec<u64>> {
    Zeroizing::new(passes.first().map_or(Vec::new(), |view| view.words().collect()))
}
