//! Where two words differ, from the difference of their syndromes.

use super::code::Code;
use super::kernel::{self, NAT, Update, Work};
use crate::ground::Bits;
use zeroize::Zeroizing;

/// Belief of a bit that is known: no sum of messages outweighs it.
const PINNED: i16 = 8_000;

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

/// Decodes one frame after another; its memory is used again.
#[derive(Clone)]
pub struct Decoder {
    update: Update,
    circulant: usize,
    /// Each column twice over, [`kernel::stride`] apart.
    beliefs: Zeroizing<Vec<i16>>,
    messages: Zeroizing<Vec<i16>>,
    parity: Zeroizing<Vec<i16>>,
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
        }
    }
}

/// Iterations without fewer parities wrong than ever before, after which there is no hope.
const PATIENCE: u32 = 10;

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
        let (mut fewest, mut since) = (i32::MAX, 0);
        for iteration in 1..=most {
            let mut wrong = 0;
            let mut work =
                Work { beliefs: &mut self.beliefs, messages: &mut self.messages, parity: &self.parity };
            for (row, (first, edges)) in code.rows().enumerate() {
                wrong += (self.update)(&mut work, self.circulant, row, first, edges);
            }
            // Each row held when it was looked at; what later rows changed is seen only in the whole.
            if wrong == 0 {
                let errors = self.word();
                if code.syndrome(&errors) == *syndrome {
                    return Ok(Found { errors, iterations: iteration });
                }
            }
            since = if wrong < fewest { 0 } else { since + 1 };
            fewest = fewest.min(wrong);
            if since >= PATIENCE {
                return Err(iteration);
            }
        }
        Err(most)
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
        let qber = qber.clamp(1e-4, 0.4999);
        let belief = (NAT * libm::log((1.0 - qber) / qber)).round() as i16;
        refill(&mut self.beliefs, usize::from(shape.columns) * kernel::stride(z), belief);
        refill(&mut self.messages, code.entries() * z, 0);
        refill(&mut self.parity, shape.checks(), 0);
        for (i, parity) in self.parity.iter_mut().enumerate() {
            *parity = -i16::from(syndrome.get(i));
        }
        for (bit, prior) in priors.into_iter().filter(|(bit, _)| *bit < shape.bits()) {
            let belief = match prior {
                Prior::Unknown => 0,
                Prior::Known(false) => PINNED,
                Prior::Known(true) => -PINNED,
            };
            let at = place(bit, z);
            self.beliefs[at] = belief;
            self.beliefs[at + z] = belief;
        }
    }

    /// The bits of the last word, `candidates` only, about which it is least sure: `count` of them in ascending order.
    #[must_use]
    pub fn least_sure(&self, count: usize, candidates: &Bits) -> Vec<u32> {
        let z = self.circulant;
        let mut order: Vec<(u16, u32)> = (0..candidates.len())
            .filter(|&i| candidates.get(i))
            .filter_map(|i| {
                let belief = self.beliefs.get(place(i, z))?;
                Some((belief.unsigned_abs(), i as u32))
            })
            .collect();
        if count < order.len() {
            order.select_nth_unstable(count);
            order.truncate(count);
        }
        let mut bits: Vec<u32> = order.into_iter().map(|o| o.1).collect();
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
