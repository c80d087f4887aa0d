//! The orders in which the passes see the bits and the subsets that the checks cover: public, made from a seed, and
//! cheap to lay a string out in.

use super::words;
use crate::ground::{Bits, Rng, Streams};
use zeroize::Zeroizing;

/// How the bits of a block are shuffled between passes; the same at both ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Order {
    len: u32,
    seed: u64,
}

impl Order {
    /// Longest block, in bits: positions and sums of both ends stay within 32 bits.
    pub const MAX_BITS: usize = 1 << 28;

    /// The orders of a block of `len` bits that a public seed gives. Of a block longer than [`Order::MAX_BITS`] the
    /// bits beyond are left out.
    #[must_use]
    pub fn new(len: usize, seed: u64) -> Self {
        Self { len: len.min(Self::MAX_BITS) as u32, seed }
    }

    /// Bits of the block.
    #[must_use]
    pub fn bits(self) -> u32 {
        self.len
    }

    /// Positions of a pass: as many as the bits and, up to whole words, zeros that nobody asks about alone.
    pub(super) fn positions(self) -> u32 {
        self.len.div_ceil(64) * 64
    }

    /// Words of a pass.
    pub(super) fn words(self) -> usize {
        self.len.div_ceil(64) as usize
    }

    /// The words of a string, made as long as the block.
    pub(super) fn fit(self, bits: &Bits) -> Zeroizing<Vec<u64>> {
        let mut words = Zeroizing::new(bits.words().to_vec());
        words.resize(self.words(), 0);
        if let (Some(last), 1..) = (words.last_mut(), self.len % 64) {
            *last &= (1 << (self.len % 64)) - 1;
        }
        words
    }

    fn stream(self, what: &str, number: u8) -> Rng {
        Streams::new(self.seed).stream(&format!("cascade/{what}/{number}"))
    }

    /// The subset that a check covers.
    pub(super) fn subset(self, number: u8) -> Subset {
        Subset { start: self.stream("check", number / SERIES).next_u64(), steps: number % SERIES }
    }

    /// The subsets that checks cover, and the parity of a string in each.
    pub(super) fn check(self, first: u8, count: u8, words: &[u64]) -> Vec<(Subset, bool)> {
        let mut states: Vec<u64> = Vec::new();
        (first..first.saturating_add(count))
            .map(|number| {
                let subset = self.subset(number);
                if states.is_empty() || subset.steps == 0 {
                    states = (0..words.len()).map(|i| subset.word(i)).collect();
                } else {
                    states.iter_mut().for_each(|state| *state = xorshift(*state));
                }
                let sum = words.iter().zip(&states).fold(0, |sum, (word, state)| sum ^ (word & state));
                (subset, sum.count_ones() % 2 == 1)
            })
            .collect()
    }

    /// How the string is spread before the first pass, so that errors which came together (on a fading link they do)
    /// do not fall into the same blocks.
    pub(super) fn spread(self) -> Shuffle {
        let kept: Vec<u32> = (0..self.words() as u32).collect();
        self.turned(kept.clone(), kept, &mut self.stream("spread", 0))
    }

    fn turned(self, to: Vec<u32>, from: Vec<u32>, rng: &mut Rng) -> Shuffle {
        Shuffle { to, from, shift: std::array::from_fn(|_| rng.below(self.words() as u64) as u32) }
    }

    /// The shuffle of a pass; pass 0 keeps the order.
    pub(super) fn shuffle(self, pass: u8) -> Shuffle {
        if pass == 0 {
            return Shuffle { to: Vec::new(), from: Vec::new(), shift: [0; 64] };
        }
        let mut rng = self.stream("order", pass);
        let from = rng.permutation(self.words() as u32);
        let mut to = vec![0; from.len()];
        for (position, &i) in (0..).zip(&from) {
            if let Some(slot) = to.get_mut(i as usize) {
                *slot = position;
            }
        }
        self.turned(to, from, &mut rng)
    }
}

/// Checks whose subsets are made from one another.
const SERIES: u8 = 32;

/// A step of a linear generator of full period (Marsaglia 2003, the triple 13, 7, 17).
#[inline]
fn xorshift(mut word: u64) -> u64 {
    word ^= word << 13;
    word ^= word >> 7;
    word ^ word << 17
}

/// A random half of the bits. Each word comes from a counter (SplitMix64, Steele, Lea and Flood 2014) and, from check to
/// check of a series, takes one step of [`xorshift`]. The step's characteristic polynomial is irreducible, as its
/// period is full; so the parities of any one set of errors in the checks of a series are independent fair coins if
/// the words of the first are. The subsets are public: all they must not do is agree with the errors.
#[derive(Clone, Copy, Debug)]
pub(super) struct Subset {
    start: u64,
    steps: u8,
}

impl Subset {
    /// The members among bits `64 i..64 i + 64`.
    #[inline]
    pub(super) fn word(self, i: usize) -> u64 {
        let mut word = self.start.wrapping_add((i as u64 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15));
        word = (word ^ (word >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        word = (word ^ (word >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (0..self.steps).fold(word ^ (word >> 31), |word, _| xorshift(word))
    }

    /// Whether a bit is a member.
    pub(super) fn holds(self, x: u32) -> bool {
        self.word(x as usize / 64) >> (x % 64) & 1 == 1
    }

    /// The members of a string, zeros elsewhere.
    pub(super) fn of(self, words: &[u64]) -> impl Iterator<Item = u64> {
        words.iter().enumerate().map(move |(i, word)| word & self.word(i))
    }
}

/// A shuffle that moves whole words: the words are permuted, then the 64 planes (the bits of one place in all words)
/// are turned against each other, each by a random number of words, as in a quasi-cyclic code (Fossorier 2004). Bits
/// of one word end in 64 unrelated words; their places within the word stay. Where a bit goes takes one look into a
/// small table, and a string is laid out without touching single bits.
#[derive(Clone, Debug)]
pub(super) struct Shuffle {
    /// Where a word goes before the turn; empty for the identity.
    to: Vec<u32>,
    /// Its inverse.
    from: Vec<u32>,
    /// Words by which each plane is turned.
    shift: [u32; 64],
}

impl Shuffle {
    /// The position of a bit.
    #[inline]
    pub(super) fn to(&self, x: u32) -> u32 {
        let Some(word) = self.to.get(x as usize / 64) else { return x };
        let (count, turned) = (self.to.len() as u32, word + self.shift[x as usize % 64]);
        (if turned >= count { turned - count } else { turned }) * 64 + x % 64
    }

    /// The bit at a position.
    #[inline]
    pub(super) fn from(&self, position: u32) -> u32 {
        let (word, shift) = (position / 64, self.shift[position as usize % 64]);
        let turned = if word >= shift { word - shift } else { word + self.from.len() as u32 - shift };
        self.from.get(turned as usize).map_or(position, |word| word * 64 + position % 64)
    }

    /// A string in the order of the pass.
    pub(super) fn lay(&self, words: &[u64]) -> Vec<u64> {
        if self.from.is_empty() {
            return words.to_vec();
        }
        turn(&pick(words, &self.from), &self.shift)
    }

    /// The string that [`Shuffle::lay`] has laid out.
    pub(super) fn unlay(&self, laid: &[u64]) -> Vec<u64> {
        if self.to.is_empty() {
            return laid.to_vec();
        }
        let count = self.to.len() as u32;
        let back = self.shift.map(|shift| (count - shift) % count);
        pick(&Zeroizing::new(turn(laid, &back)), &self.to).to_vec()
    }
}

/// The words at these places.
fn pick(words: &[u64], places: &[u32]) -> Zeroizing<Vec<u64>> {
    Zeroizing::new(places.iter().map(|&i| words.get(i as usize).copied().unwrap_or(0)).collect())
}

/// Turns each plane of a string forward by a number of words less than it has.
fn turn(words: &[u64], shifts: &[u32; 64]) -> Vec<u64> {
    let count = words.len();
    let rows = count.div_ceil(64);
    // planes[place * rows + i]: bits of one place in words 64 i.. of the string.
    let mut planes = Zeroizing::new(vec![0u64; 64 * rows]);
    let mut square = Zeroizing::new([0u64; 64]);
    for (i, part) in words.chunks(64).enumerate() {
        square.fill(0);
        square.iter_mut().zip(part).for_each(|(row, word)| *row = *word);
        words::transpose(&mut square);
        planes.iter_mut().skip(i).step_by(rows).zip(square.iter()).for_each(|(word, row)| *word = *row);
    }
    // A plane twice over: any turn of it is a run of that.
    let mut twice = Zeroizing::new(vec![0u64; 2 * rows + 1]);
    for (plane, &shift) in planes.chunks_exact_mut(rows).zip(shifts) {
        twice.fill(0);
        twice[..rows].copy_from_slice(plane);
        for (i, word) in plane.iter().enumerate() {
            let at = count + 64 * i;
            twice[at / 64] |= word << (at % 64);
            twice[at / 64 + 1] |= (word >> 1) >> (63 - at % 64);
        }
        let skip = count - shift as usize;
        for (i, word) in plane.iter_mut().enumerate() {
            let at = skip / 64 + i;
            let next = twice.get(at + 1).copied().unwrap_or(0);
            *word = twice.get(at).copied().unwrap_or(0) >> (skip % 64) | (next << 1) << (63 - skip % 64);
        }
    }
    let mut out = Vec::with_capacity(64 * rows);
    for i in 0..rows {
        planes.iter().skip(i).step_by(rows).zip(square.iter_mut()).for_each(|(word, row)| *row = *word);
        words::transpose(&mut square);
        out.extend_from_slice(&*square);
    }
    out.truncate(count);
    out
}
