//! Reconciliation by Cascade (Brassard and Salvail 1994), as an interactive protocol in batches: all searches of a
//! pass go on side by side, so that a round trip serves hundreds of them.

use crate::ground::{Bits, Streams};
use std::collections::{BTreeMap, BTreeSet};

/// A run of positions of one pass's order: the parity of its bits is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
pub struct Range {
    /// Pass, from 0.
    pub pass: u8,
    /// First position.
    pub start: u32,
    /// One past the last position.
    pub end: u32,
}

/// Passes of the original protocol.
pub const PASSES: u8 = 4;

/// The order of the bits in the second pass, shuffled by a public seed; each later pass shuffles once more in the
/// same way. The powers of a random permutation bring two bits together as rarely as fresh permutations do.
#[derive(Clone, Debug)]
pub struct Order {
    /// `from[position]` is a position in the pass before.
    from: Vec<u32>,
}

impl Order {
    /// The order of `len` bits, the same at both ends.
    #[must_use]
    pub fn new(len: usize, seed: u64) -> Self {
        Self { from: Streams::new(seed).stream("cascade/order").permutation(len as u32) }
    }

    /// `to[position]` is the position in the next pass.
    fn inverse(&self) -> Vec<u32> {
        let mut to = vec![0; self.from.len()];
        for (position, &i) in (0..).zip(&self.from) {
            to[i as usize] = position;
        }
        to
    }
}

/// A string laid out in the order of every pass, so that a parity reads whole words.
#[derive(Clone, Debug)]
pub struct Laid {
    passes: Vec<Bits>,
}

impl Laid {
    /// Lays out `bits`.
    #[must_use]
    pub fn new(bits: &Bits, order: &Order) -> Self {
        let passes = std::iter::successors(Some(bits.clone()), |before| Some(before.gather(&order.from)));
        Self { passes: passes.take(usize::from(PASSES)).collect() }
    }

    /// Parity of the bits of a range; positions beyond the end count as zero.
    #[must_use]
    pub fn parity(&self, range: Range) -> bool {
        let pass = self.passes.get(usize::from(range.pass));
        pass.is_some_and(|bits| bits.parity(range.start as usize, range.end as usize))
    }
}

/// The side that corrects its bits by the other side's parities.
#[derive(Clone, Debug)]
pub struct Corrector {
    order: Order,
    /// The inverse of the order.
    to: Vec<u32>,
    bits: Laid,
    block: [u32; PASSES as usize],
    len: u32,
    pass: u8,
    /// `known[pass][end]`: the other side's parity of the range that ends there. Blocks are always halved at the
    /// same places, so no two ranges of a pass that are asked for end at the same position.
    known: Vec<Vec<Option<bool>>>,
    /// Blocks whose parities differ now, and searches inside them.
    odd: BTreeSet<Range>,
    /// Searches under way: the smallest odd range found so far in each top block.
    searches: BTreeMap<Range, Range>,
    asked: Vec<Range>,
    /// Parities asked for: bits leaked.
    pub leak_bits: u64,
    /// Bits corrected.
    pub corrected: u64,
    /// Round trips.
    pub round_trips: u32,
}

impl Corrector {
    /// A corrector of `bits` with an expected error rate `qber`: first block 0.73 / QBER bits (Brassard and Salvail
    /// 1994), doubled with each pass.
    #[must_use]
    pub fn new(order: Order, bits: &Bits, qber: f64) -> Self {
        let first = (0.73 / qber.clamp(0.001, 0.3)).ceil() as u32;
        let len = bits.len() as u32;
        let block = std::array::from_fn(|pass| (first << pass).clamp(1, len.max(1)));
        Self {
            bits: Laid::new(bits, &order),
            to: order.inverse(),
            order,
            block,
            len,
            pass: 0,
            known: vec![vec![None; len as usize + 1]; usize::from(PASSES)],
            odd: BTreeSet::new(),
            searches: BTreeMap::new(),
            asked: Vec::new(),
            leak_bits: 0,
            corrected: 0,
            round_trips: 0,
        }
    }

    /// The bits as they stand.
    #[must_use]
    pub fn bits(&self) -> &Bits {
        &self.bits.passes[0] // laid out with at least the first pass
    }

    /// The first question: the parities of the first pass's blocks.
    pub fn start(&mut self) -> Vec<Range> {
        self.ask_pass()
    }

    /// Takes the answers to the last question and asks the next; empty when all passes are done.
    pub fn answer(&mut self, parities: &[bool]) -> Vec<Range> {
        let asked = std::mem::take(&mut self.asked);
        for (range, parity) in asked.into_iter().zip(parities) {
            self.known[usize::from(range.pass)][range.end as usize] = Some(*parity);
            let top = self.top(range);
            if top == range && self.bits.parity(range) != *parity {
                self.odd.insert(range);
            }
        }
        loop {
            // Parities that contradict each other (somebody changed a message) must not keep this going for ever;
            // the verification that follows sees the difference.
            if self.corrected > u64::from(self.len / 4) {
                return Vec::new();
            }
            let questions = self.search();
            if !questions.is_empty() {
                return self.ask(questions);
            }
            if self.odd.is_empty() {
                self.pass += 1;
                if self.pass >= PASSES {
                    return Vec::new();
                }
                return self.ask_pass();
            }
        }
    }

    /// Goes on with every search as far as known parities lead; returns the parities that are missing.
    fn search(&mut self) -> Vec<Range> {
        let mut questions = Vec::new();
        // A search in one pass may correct a bit that lies in a range of another: each odd block is looked at
        // once a round, and what a correction changes is seen in the next.
        for top in self.odd.clone() {
            if !self.odd.contains(&top) {
                continue;
            }
            let mut range = self.searches.get(&top).copied().unwrap_or(top);
            loop {
                if range.end - range.start == 1 {
                    self.searches.remove(&top);
                    self.correct(range);
                    break;
                }
                let left = Range { end: range.start + (range.end - range.start).div_ceil(2), ..range };
                let Some(parity) = self.known[usize::from(left.pass)][left.end as usize] else {
                    self.searches.insert(top, range);
                    questions.push(left);
                    break;
                };
                let odd = self.bits.parity(left) != parity;
                range = if odd { left } else { Range { start: left.end, ..range } };
            }
        }
        questions
    }

    fn correct(&mut self, range: Range) {
        self.corrected += 1;
        let mut position = range.start;
        for _ in 0..range.pass {
            position = self.order.from[position as usize];
        }
        for (pass, bits) in (0..).zip(&mut self.bits.passes) {
            if pass > 0 {
                position = self.to[position as usize];
            }
            bits.flip(position as usize);
            if pass > self.pass {
                continue;
            }
            let top = block_of(self.block, self.len, pass, position);
            // The block's parity has turned, and a search inside it may have lost its error: start it again.
            self.searches.remove(&top);
            if !self.odd.remove(&top) {
                self.odd.insert(top);
            }
        }
    }

    fn block_of(&self, pass: u8, position: u32) -> Range {
        block_of(self.block, self.len, pass, position)
    }

    fn top(&self, range: Range) -> Range {
        self.block_of(range.pass, range.start)
    }

    fn ask_pass(&mut self) -> Vec<Range> {
        let size = self.block[usize::from(self.pass)];
        let blocks = (0..self.len.div_ceil(size)).map(|b| self.block_of(self.pass, b * size)).collect();
        self.ask(blocks)
    }

    fn ask(&mut self, ranges: Vec<Range>) -> Vec<Range> {
        self.leak_bits += ranges.len() as u64;
        self.round_trips += 1;
        self.asked.clone_from(&ranges);
        ranges
    }
}

/// The block of a pass that holds a position, for blocks of these sizes over `len` bits.
fn block_of(sizes: [u32; PASSES as usize], len: u32, pass: u8, position: u32) -> Range {
    let size = sizes[usize::from(pass)];
    let start = position / size * size;
    Range { pass, start, end: (start + size).min(len) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::distill::finite_key::entropy;

    #[test]
    fn it_corrects_and_its_leak_is_counted() {
        for (seed, qber) in [(1u64, 0.01), (2, 0.03), (3, 0.05), (4, 0.10)] {
            let len = 50_000;
            let mut rng = Streams::new(seed).stream("bits");
            let truth: Bits = (0..len).map(|_| rng.chance(0.5)).collect();
            let noisy: Bits = (0..len).map(|i| truth.get(i) ^ rng.chance(qber)).collect();
            let errors = truth.distance(&noisy);
            let order = Order::new(len, 77);
            let mut corrector = Corrector::new(order.clone(), &noisy, qber);
            let truth_laid = Laid::new(&truth, &order);
            let mut questions = corrector.start();
            while !questions.is_empty() {
                let answers: Vec<bool> = questions.iter().map(|r| truth_laid.parity(*r)).collect();
                questions = corrector.answer(&answers);
            }
            assert_eq!(truth.distance(corrector.bits()), 0, "QBER {qber}");
            assert_eq!(corrector.corrected as usize, errors);
            let efficiency = corrector.leak_bits as f64 / (len as f64 * entropy(errors as f64 / len as f64));
            assert!((1.0..1.25).contains(&efficiency), "QBER {qber}: {efficiency}");
        }
    }
}
