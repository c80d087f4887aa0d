//! Where two words differ, from the difference of their syndromes.

use super::code::Code;
use super::degrees;
use super::kernel::{self, NAT, SUREST, Update, Work};
use crate::ground::Bits;
use zeroize::Zeroizing;

/// Belief of a bit that is known: with all its messages it still fits 16 bits.
const PINNED: i16 = 6_000;
const _: () = assert!(PINNED as usize + degrees::MOST * SUREST as usize <= i16::MAX as usize);

/// What is known of a bit before any check is looked at, other than the error rate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Prior {
    /// Nothing: the bit was punctured.
    Unknown,
    /// It is the same in both words, or (true) it differs.
    Known(bool),
}

/// A word found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// Ones where the two words differ. Its syndrome is the one asked for.
    pub errors: Bits,
    /// Passes over all checks.
    pub iterations: u32,
}

/// Where a decoding in vain stopped: what it believes and what its checks last said, two bytes for each.
#[derive(Clone)]
pub struct Progress {
    beliefs: Zeroizing<Vec<i16>>,
    messages: Zeroizing<Vec<i16>>,
}

impl Progress {
    /// Memory it takes, bytes.
    #[must_use]
    pub fn bytes(&self) -> usize {
        2 * (self.beliefs.len() + self.messages.len())
    }
}

impl std::fmt::Debug for Progress {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Progress").finish_non_exhaustive()
    }
}

/// Decodes one frame after another; its memory is used again.
#[derive(Clone)]
pub struct Decoder {
    update: Update,
    circulant: usize,
    /// Each column twice over, [`kernel::stride`] apart.
    beliefs: Zeroizing<Vec<i16>>,
    messages: Zeroizing<Vec<i16>>,
    parity: Zeroizing<Vec<i16>>,
    /// Parities that did not hold in the last pass.
    wrong: i32,
}

impl std::fmt::Debug for Decoder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Decoder").finish_non_exhaustive()
    }
}

impl Default for Decoder {
    fn default() -> Self {
        Self {
            update: kernel::best(),
            circulant: 64,
            beliefs: Zeroizing::default(),
            messages: Zeroizing::default(),
            parity: Zeroizing::default(),
            wrong: 0,
        }
    }
}

/// Who has not brought the number of wrong parities below this share of what it was so many iterations ago gives up: he
/// would rarely succeed, and asking is cheaper. Frames of 20 kbit with questions took 1.7 times as many iterations when
/// they were given ten iterations without a new least, at the same leak; frames of 100 kbit twice as many.
const PROGRESS: f64 = 0.85;
/// As many.
const PATIENCE: usize = 4;

/// Parts of an iteration after each of which the word may be found, once an eighth of the parities or fewer are wrong.
const LOOKS: usize = 8;

impl Decoder {
    /// Looks for the likeliest word with this syndrome, where bits are one with probability `qber` unless `priors`, by
    /// position, say more; in at most `most` iterations.
    ///
    /// # Errors
    /// The iterations spent in vain; [`Decoder::least_sure`] then says what would have helped.
    pub fn decode(
        &mut self,
        code: &Code,
        syndrome: &Bits,
        qber: f64,
        priors: impl IntoIterator<Item = (usize, Prior)>,
        most: u32,
    ) -> Result<Found, u32> {
        self.start(code, syndrome, qber, priors);
        self.run(code, most)
    }

    /// Goes on from where it stopped in vain, with the same code, syndrome and `qber`, once more is known: `told`, each
    /// bit once. Of the bits in `punctured` nothing was known before. Blocks with questions take a fifth fewer iterations
    /// so than if each decoding began anew.
    ///
    /// # Errors
    /// The iterations spent in vain, as [`Decoder::decode`].
    pub fn go_on(
        &mut self,
        code: &Code,
        syndrome: &Bits,
        qber: f64,
        (from, told, punctured): (Progress, &[(usize, Prior)], &Bits),
        most: u32,
    ) -> Result<Found, u32> {
        let shape = code.shape();
        let z = usize::from(shape.circulant);
        if from.beliefs.len() != usize::from(shape.columns) * kernel::stride(z)
            || from.messages.len() != code.entries() * z
        {
            return Err(0);
        }
        self.circulant = z;
        (self.beliefs, self.messages) = (from.beliefs, from.messages);
        self.expect(code, syndrome);
        for &(bit, prior) in told.iter().filter(|(bit, _)| *bit < shape.bits()) {
            let before = if punctured.get(bit) { 0 } else { belief(qber) };
            let at = place(bit, z);
            let now = self.beliefs[at] - before + pinned(prior);
            self.beliefs[at] = now;
            self.beliefs[at + z] = now;
        }
        self.run(code, most)
    }

    /// Takes out what a decoding in vain came to; to be given back to [`Decoder::go_on`].
    #[must_use]
    pub fn take(&mut self) -> Progress {
        Progress { beliefs: std::mem::take(&mut self.beliefs), messages: std::mem::take(&mut self.messages) }
    }

    /// Parities that did not hold when the last decoding stopped.
    #[must_use]
    pub fn wrong(&self) -> usize {
        self.wrong.max(0) as usize
    }

    fn run(&mut self, code: &Code, most: u32) -> Result<Found, u32> {
        let rows = usize::from(code.shape().rows);
        let few = (code.shape().checks() / 8) as i32;
        let every = rows.div_ceil(LOOKS);
        self.wrong = 0;
        let mut before = i32::MAX;
        // What was wrong after each of the last iterations.
        let mut past = [i32::MAX; PATIENCE];
        for iteration in 1..=most {
            self.wrong = 0;
            for (row, (first, edges)) in code.rows().enumerate() {
                let mut work =
                    Work { beliefs: &mut self.beliefs, messages: &mut self.messages, parity: &self.parity };
                self.wrong += (self.update)(&mut work, self.circulant, row, first, edges);
                // Each row held when it was looked at; what later rows changed is seen only in the whole.
                let look = row + 1 == rows && self.wrong <= few || (row + 1) % every == 0 && before <= few;
                if look && self.holds(code) {
                    return Ok(Found { errors: self.word(), iterations: iteration });
                }
            }
            let then = std::mem::replace(&mut past[iteration as usize % PATIENCE], self.wrong);
            if f64::from(self.wrong) >= PROGRESS * f64::from(then) {
                return Err(iteration);
            }
            before = self.wrong;
        }
        Err(most)
    }

    /// Whether the word as it is believed to be has the syndrome asked for.
    fn holds(&self, code: &Code) -> bool {
        let holds =
            |(row, (_, edges))| kernel::holds(&self.beliefs, &self.parity, self.circulant, row, edges);
        code.rows().enumerate().all(holds)
    }

    fn start(
        &mut self,
        code: &Code,
        syndrome: &Bits,
        qber: f64,
        priors: impl IntoIterator<Item = (usize, Prior)>,
    ) {
        let shape = code.shape();
        let z = usize::from(shape.circulant);
        self.circulant = z;
        refill(&mut self.beliefs, usize::from(shape.columns) * kernel::stride(z), belief(qber));
        refill(&mut self.messages, code.entries() * z, 0);
        self.expect(code, syndrome);
        for (bit, prior) in priors.into_iter().filter(|(bit, _)| *bit < shape.bits()) {
            let at = place(bit, z);
            self.beliefs[at] = pinned(prior);
            self.beliefs[at + z] = pinned(prior);
        }
    }

    /// The syndrome to be found.
    fn expect(&mut self, code: &Code, syndrome: &Bits) {
        refill(&mut self.parity, code.shape().checks(), 0);
        for (parities, word) in self.parity.chunks_mut(64).zip(syndrome.words()) {
            for (i, parity) in (0..).zip(parities) {
                *parity = -((word >> i & 1) as i16);
            }
        }
    }

    /// The bits of the last word, `candidates` only, about which it is least sure: `count` of them in ascending order.
    #[must_use]
    pub fn least_sure(&self, count: usize, candidates: &Bits) -> Vec<u32> {
        let z = self.circulant;
        // Size of the belief, then position: one order, whatever the machine.
        let mut order: Vec<u64> = Vec::with_capacity(candidates.len());
        for (word, bit) in candidates.words().iter().zip((0..).step_by(64)) {
            let Some(beliefs) = self.beliefs.get(place(bit, z)..) else { break };
            let mut left = *word;
            while let Some(belief) =
                (left != 0).then(|| beliefs.get(left.trailing_zeros() as usize)).flatten()
            {
                let bit = bit as u64 + u64::from(left.trailing_zeros());
                order.push(u64::from(belief.unsigned_abs()) << 32 | bit);
                left &= left - 1;
            }
        }
        if count < order.len() {
            order.select_nth_unstable(count);
            order.truncate(count);
        }
        let mut bits: Vec<u32> = order.into_iter().map(|o| o as u32).collect();
        bits.sort_unstable();
        bits
    }

    fn word(&self) -> Bits {
        let mut out = Bits::with_capacity(self.beliefs.len() / 2);
        for column in self.beliefs.chunks(kernel::stride(self.circulant)) {
            for word in column[..self.circulant].chunks_exact(64) {
                out.push_word((0..).zip(word).fold(0, |w, (i, b)| w | u64::from(*b < 0) << i), 64);
            }
        }
        out
    }
}

/// What is believed of a bit that differs with this probability.
fn belief(qber: f64) -> i16 {
    let qber = qber.clamp(1e-4, 0.4999);
    (NAT * libm::log((1.0 - qber) / qber)).round() as i16
}

fn pinned(prior: Prior) -> i16 {
    match prior {
        Prior::Unknown => 0,
        Prior::Known(false) => PINNED,
        Prior::Known(true) => -PINNED,
    }
}

/// Where the belief of a bit stands first.
fn place(bit: usize, z: usize) -> usize {
    bit / z * kernel::stride(z) + bit % z
}

/// `len` times `value`, in the memory at hand where it is enough: what is given back is wiped first.
fn refill(of: &mut Zeroizing<Vec<i16>>, len: usize, value: i16) {
    if of.capacity() < len {
        *of = Zeroizing::new(vec![value; len]);
    } else {
        of.clear();
        of.resize(len, value);
    }
}
