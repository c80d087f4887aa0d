//! The side whose bits stand: it answers questions, each once, and counts what it has told.

use super::Order;
use super::question::{MAX_CHECKS, MAX_PASSES, Questions, Refused, block_ends, middle};
use super::words::{self, BitQueue};
use crate::ground::Bits;
use zeroize::Zeroizing;

/// What one pass or check has told of the string, and can tell.
#[derive(Clone, Debug)]
struct Laid {
    /// Parities of the bits before each position.
    prefix: Zeroizing<Vec<u64>>,
    /// Positions asked for.
    asked: Vec<u64>,
}

impl Laid {
    fn new(words: impl Iterator<Item = u64>, count: usize) -> Self {
        Self { prefix: Zeroizing::new(words::prefixes(words, count)), asked: vec![0; count + 1] }
    }
}

/// The side whose bits stand (Alice). It trusts nothing that it is asked: no parity is told twice, so
/// [`Answerer::leak_bits`] is the number of distinct parities told.
#[derive(Clone, Debug)]
pub struct Answerer {
    order: Order,
    /// The string, spread.
    words: Zeroizing<Vec<u64>>,
    passes: Vec<Laid>,
    /// The checks asked for; laid out when a search enters one.
    checks: Vec<Option<Laid>>,
    /// The last cuts: their view, and of each the known position before it, itself and the next known one. While only
    /// the middles are known, `located` is false.
    view: u8,
    runs: Vec<[u32; 3]>,
    located: bool,
    leak_bits: u64,
}

impl Answerer {
    /// The answerer of `bits`; where it is not as long as the block of `order`, it is cut or filled up with zeros.
    #[must_use]
    pub fn new(order: Order, bits: &Bits) -> Self {
        Self {
            order,
            words: Zeroizing::new(order.spread().lay(&order.fit(bits))),
            passes: Vec::new(),
            checks: Vec::new(),
            view: 0,
            runs: Vec::new(),
            located: true,
            leak_bits: 0,
        }
    }

    /// Parities told so far: bits leaked.
    #[must_use]
    pub fn leak_bits(&self) -> u64 {
        self.leak_bits
    }

    /// No batch of true questions about the block takes more bytes: the code of cuts spends at most 3 bits a position,
    /// and has that only where it asks for all of them.
    #[must_use]
    pub fn longest(&self) -> usize {
        16 + self.order.positions() as usize / 2
    }

    /// The parities asked for, one bit a question in the order of the questions.
    ///
    /// # Errors
    /// [`Refused::OutOfTurn`] where a pass or check does not follow the last one or is unknown;
    /// [`Refused::Position`] where a position lies outside the block or was asked for before; [`Refused::Count`]
    /// where the halves do not fit the last cuts, or nothing is asked for. Nothing is told then, and the block should
    /// be given up: part of the questions may count as asked.
    pub fn answer(&mut self, questions: &Questions) -> Result<Bits, Refused> {
        let answers = match questions {
            Questions::Blocks { pass, size, wide } => self.blocks(*pass, *size, *wide),
            Questions::Checks { first, count } => self.checks(*first, *count),
            Questions::Cuts { view, at } => self.cuts(*view, at),
            Questions::Halves { before } => self.halves(before),
        }?;
        // Only a pass of a single block has no question; whoever asks for nothing else wants to talk for ever.
        if answers.is_empty() && !matches!(questions, Questions::Blocks { .. }) {
            return Err(Refused::Count);
        }
        self.leak_bits += answers.len() as u64;
        Ok(answers)
    }

    /// Distinct parities told, counted afresh.
    #[cfg(test)]
    pub(super) fn distinct(&self) -> u64 {
        let laid = self.passes.iter().chain(self.checks.iter().flatten());
        let cuts: u32 = laid.flat_map(|laid| &laid.asked).map(|word| word.count_ones()).sum();
        u64::from(cuts) + self.checks.len() as u64
    }

    fn blocks(&mut self, pass: u8, size: u32, wide: u32) -> Result<Bits, Refused> {
        if usize::from(pass) != self.passes.len() || pass >= MAX_PASSES || size == 0 {
            return Err(Refused::OutOfTurn);
        }
        let words = Zeroizing::new(self.order.shuffle(pass).lay(&self.words));
        let mut laid = Laid::new(words.iter().copied(), self.order.words());
        let mut answers = BitQueue::new(0);
        for end in block_ends(pass, size, wide, self.order.positions()) {
            words::insert(&mut laid.asked, end);
            answers.push(words::get(&laid.prefix, end), true);
        }
        self.passes.push(laid);
        Ok(answers.bits())
    }

    fn checks(&mut self, first: u8, count: u8) -> Result<Bits, Refused> {
        let end = first.checked_add(count).filter(|end| *end <= MAX_CHECKS).ok_or(Refused::OutOfTurn)?;
        if usize::from(first) != self.checks.len() {
            return Err(Refused::OutOfTurn);
        }
        self.checks.resize_with(usize::from(end), || None);
        Ok(self.order.check(first, count, &self.words).into_iter().map(|(_, parity)| parity).collect())
    }

    fn cuts(&mut self, view: u8, at: &[u32]) -> Result<Bits, Refused> {
        if at.len() >= self.order.positions() as usize {
            return Err(Refused::Position);
        }
        self.runs.clear();
        self.runs.extend(at.iter().map(|x| [0, *x, 0]));
        (self.view, self.located) = (view, false);
        self.tell()
    }

    fn halves(&mut self, before: &Bits) -> Result<Bits, Refused> {
        let positions = self.order.positions();
        let mut runs = std::mem::take(&mut self.runs);
        if !self.located {
            let asked = &self.laid(self.view)?.asked;
            for [start, at, end] in &mut runs {
                *start = words::at_or_before(asked, *at - 1); // told before, so above 0
                *end = words::after(asked, *at, positions);
            }
        }
        self.located = true;
        let (mut i, mut kept) = (0, 0);
        for k in 0..runs.len() {
            let Some([start, at, end]) = runs.get(k).copied() else { break };
            // Of two bits it makes no difference on which side the search has ended.
            let side = before.get(i);
            i += usize::from(end - start > 2);
            let (start, end) = (words::select(side, start, at), words::select(side, at, end));
            if let Some(slot) = runs.get_mut(kept) {
                *slot = [start, middle(start, end), end];
            }
            kept += usize::from(end - start > 1);
        }
        runs.truncate(kept);
        self.runs = runs;
        if i == before.len() { self.tell() } else { Err(Refused::Count) }
    }

    fn laid(&mut self, view: u8) -> Result<&mut Laid, Refused> {
        let laid = match view.checked_sub(MAX_PASSES) {
            None => self.passes.get_mut(usize::from(view)),
            Some(number) => self.checks.get_mut(usize::from(number)).map(|laid| {
                laid.get_or_insert_with(|| {
                    Laid::new(self.order.subset(number).of(&self.words), self.order.words())
                })
            }),
        };
        laid.ok_or(Refused::OutOfTurn)
    }

    /// Tells the parities before the middles of the runs.
    fn tell(&mut self) -> Result<Bits, Refused> {
        let inside = 1..self.order.positions();
        let runs = std::mem::take(&mut self.runs);
        let laid = self.laid(self.view)?;
        let mut answers = Bits::with_capacity(runs.len());
        for batch in runs.chunks(64) {
            let mut word = 0;
            for (i, [_, x, _]) in batch.iter().enumerate() {
                if !inside.contains(x) || !words::insert(&mut laid.asked, *x) {
                    return Err(Refused::Position);
                }
                word |= u64::from(words::get(&laid.prefix, *x)) << i;
            }
            answers.push_word(word, batch.len());
        }
        self.runs = runs;
        Ok(answers)
    }
}
