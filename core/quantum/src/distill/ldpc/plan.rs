//! How a block is cut in frames and how much is said about each: what both ends work out alike before the first
//! message.

use super::code::{Code, Codes, Shape};
use super::decoder::Prior;
use crate::ground::{Bits, Rng, Streams};
use std::ops::Range;
use std::sync::Arc;

/// What both ends have agreed on for good.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Settings {
    /// Bits of a frame, about: a block is cut in equal frames of two thirds to one and a half times as many; a
    /// shorter block is one frame. 1 000 to 1 000 000. Short frames are decoded sooner, long ones leak less.
    pub frame_bits: u32,
    /// How much is said before it is known to be needed.
    pub margin: Margin,
    /// Passes over all checks before a frame is given up or more is asked for.
    pub iterations: u32,
    /// Questions about a frame before it is given up and told whole, by one more; 0: none is asked.
    pub rounds: u32,
}

/// How much is said of a frame at first.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Margin {
    /// Enough for nearly all: about one frame in thirty needs more.
    OneWay,
    /// As little as decodes every tenth time; the rest is asked for.
    Blind,
    /// This many times the entropy of the errors, 1 to 3.
    Times(f64),
}

impl Settings {
    /// Frames of 24 kbit, of which one to seven in a hundred need questions: the fastest. At error rates of 1, 2, 3, 5
    /// and 8 % it leaks 1.25, 1.19, 1.17, 1.15 and 1.13 times the entropy of the errors.
    pub const FAST: Self = Self { frame_bits: 24_576, margin: Margin::OneWay, iterations: 60, rounds: 12 };
    /// Frames of 100 kbit with questions: the least leak, 1.10, 1.09, 1.08, 1.08 and 1.07 times.
    pub const LONG: Self = Self { frame_bits: 102_400, margin: Margin::Blind, iterations: 150, rounds: 12 };
    /// Frames of 20 kbit with questions: little leak from short frames, 1.14, 1.11, 1.10, 1.09 and 1.08 times.
    pub const BLIND: Self = Self { frame_bits: 20_480, margin: Margin::Blind, iterations: 60, rounds: 12 };
}

/// What goes wrong at the door.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum Error {
    /// The block is empty or too long.
    #[error("a block of {len} bits: 1 to {} are reconciled", Plan::LONGEST)]
    Length {
        /// Its length.
        len: usize,
    },
    /// The error rate is out of range.
    #[error("an error rate of {qber}: 0 to {} are corrected", Plan::WORST_QBER)]
    Qber {
        /// The error rate.
        qber: f64,
    },
    /// The margin is out of range.
    #[error("{times} times the entropy of the errors: 1 to 3 are told")]
    Margin {
        /// [`Margin::Times`].
        times: f64,
    },
    /// A message or a block has another length than the plan says.
    #[error("{what} of {got} bits where {expected} were expected")]
    Bits {
        /// What had the wrong length.
        what: &'static str,
        /// Its length.
        got: usize,
        /// The length expected.
        expected: usize,
    },
    /// A question names a frame or a bit that may not be asked for.
    #[error("a question about bit {bit} of frame {frame}, which is none, or known already")]
    Question {
        /// Frame.
        frame: u32,
        /// Bit of the frame's word.
        bit: u32,
    },
    /// A message came that nothing had asked for.
    #[error("an answer without a question")]
    Unasked,
}

/// Where the bits of a frame stand in the word of a code.
#[derive(Clone, Debug)]
pub struct Layout {
    pub(super) code: Arc<Code>,
    /// Ones where the frame's bits stand, in order.
    pub(super) payload: Bits,
    /// Ones where Alice's random bits stand, which Bob does not know. No check holds two of them.
    pub(super) punctured: Bits,
    /// Where nothing or all is known before any answer.
    priors: Vec<(usize, Prior)>,
    /// Bits to ask for at least.
    least: usize,
}

impl Layout {
    /// Lays out `bits` bits of which the other side is to learn `leak` bits, neither more nor less.
    fn new(bits: usize, leak: usize, codes: &mut Codes, rng: &mut Rng) -> Self {
        // About 190 columns and no fewer than 24 rows: enough for a mix of degrees, few enough for wide circulants.
        let circulant =
            ((bits / 190 + 32) / 64).min(leak / 24 / 64).max(bits.div_ceil(900 * 64)).clamp(1, 128);
        let z = circulant * 64;
        let least = |bits: usize, columns: usize| bits.div_ceil(z).max(columns);
        let rows = least(leak, 3);
        // Random bits fill up what the syndrome has more than is to be learnt.
        let columns = least(bits + (rows * z).saturating_sub(leak).min(z - 1), rows.max(7) + 1);
        let shape = Shape { circulant: z as u16, columns: columns as u16, rows: rows as u16 };
        let code = codes.get(shape);
        let spare = shape.bits().saturating_sub(bits);
        let wanted = (rows * z).saturating_sub(leak).min(z - 1).min(spare);
        let punctured = puncture(&code, wanted, rng);
        let mut taken = punctured.clone();
        let mut priors: Vec<_> =
            (0..taken.len()).filter(|&at| taken.get(at)).map(|at| (at, Prior::Unknown)).collect();
        while priors.len() < spare {
            let at = rng.below(shape.bits() as u64) as usize;
            if !taken.get(at) {
                taken.set(at, true);
                priors.push((at, Prior::Known(false)));
            }
        }
        Self { payload: taken.not(), punctured, priors, code, least: (leak / 50).clamp(8, 20) }
    }

    /// Bits of the frame.
    #[must_use]
    pub fn bits(&self) -> usize {
        self.payload.count_ones()
    }

    /// Bits of its syndrome.
    #[must_use]
    pub fn syndrome_bits(&self) -> usize {
        self.code.shape().checks()
    }

    /// What its syndrome tells of the frame's bits: the random bits hide as many of its own, since each of them
    /// stands in a check with no other and so can be worked out from syndrome and frame (Elkouss, Martinez-Mateo and
    /// Martin 2011; Martinez-Mateo, Elkouss and Martin 2012). It is what was aimed at, but for frames of fewer than
    /// some 1 000 bits: 129 at least.
    #[must_use]
    pub fn leak_bits(&self) -> usize {
        self.syndrome_bits() - self.punctured.count_ones()
    }

    /// What is known before any answer.
    pub(super) fn priors(&self) -> impl Iterator<Item = (usize, Prior)> {
        self.priors.iter().copied()
    }

    /// Bits to ask for where decoding stopped with `wrong` parities, after so many questions: the further from a word
    /// the more, and more again where questions have not helped. Found by trial in frames of 20 and 100 kbit: fewer
    /// bits tell less in more rounds, more bits the other way round.
    pub(super) fn missing(&self, wrong: usize, rounds: u32) -> usize {
        (self.least + wrong * 3 / 50) * (3 + rounds as usize) / 3
    }
}

/// Up to `wanted` bits by lot, no two of them in one check (Elkouss, Martinez-Mateo and Martin 2012, untainted
/// puncturing).
fn puncture(code: &Code, wanted: usize, rng: &mut Rng) -> Bits {
    let len = code.shape().bits();
    let (mut punctured, mut touched, mut count) = (Bits::zeros(len), Bits::zeros(code.shape().checks()), 0);
    for _ in 0..40 * wanted {
        if count == wanted {
            break;
        }
        let bit = rng.below(len as u64) as usize;
        if code.checks_of(bit).all(|c| !touched.get(c)) {
            code.checks_of(bit).for_each(|c| touched.set(c, true));
            punctured.set(bit, true);
            count += 1;
        }
    }
    punctured
}

/// A block's frames.
#[derive(Clone, Debug)]
pub struct Plan {
    pub(super) settings: Settings,
    pub(super) qber: f64,
    pub(super) len: usize,
    /// Frames of one size and those a bit longer.
    layouts: [Arc<Layout>; 2],
    frames: usize,
}

impl Plan {
    /// Bits of a block at most.
    pub const LONGEST: usize = 1 << 27;
    /// Error rate up to which a plan is made.
    pub const WORST_QBER: f64 = 0.2;

    /// The plan for `len` sifted bits with an error rate of about `qber`. `seed` is public; it says which bits are
    /// punctured and shortened. Both ends must give the same numbers: only then do they make the same plan.
    ///
    /// # Errors
    /// [`Error::Length`], [`Error::Qber`] and [`Error::Margin`].
    pub fn new(
        len: usize,
        qber: f64,
        settings: Settings,
        seed: u64,
        codes: &mut Codes,
    ) -> Result<Self, Error> {
        if !(1..=Self::LONGEST).contains(&len) {
            return Err(Error::Length { len });
        }
        if !(0.0..=Self::WORST_QBER).contains(&qber) {
            return Err(Error::Qber { qber });
        }
        if let Margin::Times(times) = settings.margin
            && !(1.0..=3.0).contains(&times)
        {
            return Err(Error::Margin { times });
        }
        let qber = qber.max(LEAST_QBER);
        let size = settings.frame_bits.clamp(1_000, 1_000_000) as usize;
        let frames = ((len + size / 2) / size).max(1);
        let mut layout = |bits: usize, name: &str| {
            let leak = leak_aimed_at(bits, qber, settings.margin);
            Arc::new(Layout::new(bits, leak, codes, &mut Streams::new(seed).stream(name)))
        };
        let short = layout(len / frames, "ldpc/layout");
        let long =
            if len.is_multiple_of(frames) { short.clone() } else { layout(len / frames + 1, "ldpc/layout") };
        Ok(Self { settings, qber, len, layouts: [short, long], frames })
    }

    /// Bits of the block.
    #[must_use]
    pub fn bits(&self) -> usize {
        self.len
    }

    /// The frames: which bits of the block each holds, and how.
    pub fn frames(&self) -> impl ExactSizeIterator<Item = (Range<usize>, &Layout)> {
        (0..self.frames).map(|i| {
            let range = i * self.len / self.frames..(i + 1) * self.len / self.frames;
            let layout = &self.layouts[usize::from(range.len() > self.len / self.frames)];
            (range, &**layout)
        })
    }

    /// Bits of the message that Alice sends first: the syndromes of all frames, one after another.
    #[must_use]
    pub fn syndrome_bits(&self) -> usize {
        self.frames().map(|(_, l)| l.syndrome_bits()).sum()
    }

    /// What that message tells of the block, bits.
    #[must_use]
    pub fn leak_bits(&self) -> u64 {
        self.frames().map(|(_, l)| l.leak_bits() as u64).sum()
    }
}

/// Below this error rate as much is said as at it: the code would have too few checks.
const LEAST_QBER: f64 = 0.002;

/// Entropy of one bit that is one with probability `q`, and its variance (Tomamichel, Martinez-Mateo, Pacher and Elkouss
/// 2017, eq. 3).
fn entropy_and_variance(q: f64) -> (f64, f64) {
    let odds = libm::log2((1.0 - q) / q);
    (-libm::log2(1.0 - q) + q * odds, q * (1.0 - q) * odds * odds)
}

/// Bits that a frame's syndrome is to tell; no more than it has.
fn leak_aimed_at(bits: usize, qber: f64, margin: Margin) -> usize {
    let (entropy, variance) = entropy_and_variance(qber);
    let n = bits as f64;
    // The threshold of the codes, and the spread of the number of errors: n h + sqrt(n v) x, as in the bound for
    // any code. Both factors are found by trial, questions included, from 1 to 8 %: in frames of 24 kbit so that 1.25
    // times the entropy is told at 1 % and that decoding takes about as long at all error rates; in blind ones of 20 and
    // 100 kbit so that little is told for the time that it takes.
    let spread = |times: f64, deviations: f64| times * n * entropy + deviations * (n * variance).sqrt();
    let leak = match margin {
        Margin::OneWay => spread(1.08, 3.2),
        Margin::Blind => spread(1.05, 0.25),
        Margin::Times(times) => spread(times, 0.0),
    };
    (libm::ceil(leak) as usize).min(bits)
}
