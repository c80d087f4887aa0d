//! The two ends: Alice, who tells parities of her bits, and Bob, who corrects his.

use super::decoder::{Decoder, Prior, Progress};
use super::plan::{Error, Layout, Plan};
use crate::ground::{Bits, Rng};
use std::ops::Range;
use std::sync::Arc;

/// Bits of a frame's word whose values are asked for.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Question {
    /// Frame, from 0.
    pub frame: u32,
    /// Positions in the word, ascending. None: all of the frame's own bits that were not told yet.
    pub bits: Vec<u32>,
}

/// The side whose bits count.
#[derive(Clone, Debug)]
pub struct Sender {
    plan: Plan,
    /// The word of each frame: its bits and random ones.
    words: Vec<Bits>,
    /// Which bits of it may still be asked for.
    open: Vec<Bits>,
    /// Bits leaked: of the syndromes less the punctured ones, and each bit told since.
    pub leak_bits: u64,
}

impl Sender {
    /// A sender of `bits`. `secret` gives the values of the punctured bits, which nobody else may foresee.
    ///
    /// # Errors
    /// [`Error::Bits`] if the block is not as long as the plan says.
    pub fn new(plan: &Plan, bits: &Bits, secret: &mut Rng) -> Result<Self, Error> {
        of_length("a block", bits, plan.bits())?;
        let mut words = Vec::with_capacity(plan.frames().len());
        for (range, layout) in plan.frames() {
            let random: Bits = {
                let mut random = Bits::with_capacity(layout.punctured.count_ones());
                let count = layout.punctured.count_ones();
                (0..count).step_by(64).for_each(|i| random.push_word(secret.next_u64(), count - i));
                random
            };
            let payload = bits.slice(range.start, range.end).spread(&layout.payload);
            words.push(payload.xor(&random.spread(&layout.punctured)));
        }
        let open = plan.frames().map(|(_, l)| l.payload.xor(&l.punctured)).collect();
        Ok(Self { plan: plan.clone(), words, open, leak_bits: plan.leak_bits() })
    }

    /// The first message: the syndromes of all frames.
    #[must_use]
    pub fn syndrome(&self) -> Bits {
        let mut out = Bits::with_capacity(self.plan.syndrome_bits());
        for ((_, layout), word) in self.plan.frames().zip(&self.words) {
            append(&mut out, &layout.code.syndrome(word));
        }
        out
    }

    /// The bits asked for, in the order of the questions. Each counts as leaked; none is told twice.
    ///
    /// # Errors
    /// [`Error::Question`], and nothing is told or counted.
    pub fn answer(&mut self, questions: &[Question]) -> Result<Bits, Error> {
        let (mut out, mut open) = (Bits::default(), self.open.clone());
        let layouts: Vec<&Layout> = self.plan.frames().map(|(_, layout)| layout).collect();
        for question in questions {
            let frame = question.frame as usize;
            let whole = match layouts.get(frame) {
                Some(layout) if question.bits.is_empty() => untold(&open[frame], layout),
                _ => Vec::new(),
            };
            if question.bits.is_empty() && whole.is_empty() {
                return Err(Error::Question { frame: question.frame, bit: 0 });
            }
            for &bit in question.bits.iter().chain(&whole) {
                let Some((open, word)) = open.get_mut(frame).zip(self.words.get(frame)) else {
                    return Err(Error::Question { frame: question.frame, bit });
                };
                if !open.get(bit as usize) {
                    return Err(Error::Question { frame: question.frame, bit });
                }
                open.set(bit as usize, false);
                out.push(word.get(bit as usize));
            }
        }
        self.open = open;
        self.leak_bits += out.len() as u64;
        Ok(out)
    }
}

/// What Bob does next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// He asks Alice.
    Ask(Vec<Question>),
    /// Every frame is corrected or given up.
    Done,
}

/// A frame on Bob's side.
#[derive(Clone, Debug)]
struct Frame {
    /// His word, with zeros for what he does not know.
    word: Bits,
    /// The difference of the syndromes.
    syndrome: Bits,
    /// Bits that he may still ask for.
    open: Bits,
    /// Bits that he was told: whether his differ.
    told: Vec<(usize, Prior)>,
    state: State,
    rounds: u32,
    /// Where decoding stopped, and how many bits he had been told then. Clones share it.
    progress: Option<(Arc<Progress>, usize)>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum State {
    Waiting,
    Asked(Vec<u32>),
    Corrected,
    Failed,
}

/// The side that corrects its bits.
#[derive(Clone, Debug)]
pub struct Corrector {
    plan: Plan,
    frames: Vec<Frame>,
    started: bool,
    /// Bits leaked, counted as Alice counts them.
    pub leak_bits: u64,
    /// Errors corrected.
    pub corrected: u64,
    /// Passes over all checks of a frame, summed over the frames.
    pub iterations: u64,
    /// Questions that were answered.
    pub rounds: u32,
}

impl Corrector {
    /// A corrector of `bits`.
    ///
    /// # Errors
    /// [`Error::Bits`] if the block is not as long as the plan says.
    pub fn new(plan: &Plan, bits: &Bits) -> Result<Self, Error> {
        of_length("a block", bits, plan.bits())?;
        let frame = |(range, layout): (Range<usize>, &Layout)| Frame {
            word: bits.slice(range.start, range.end).spread(&layout.payload),
            syndrome: Bits::default(),
            open: layout.payload.xor(&layout.punctured),
            told: Vec::new(),
            state: State::Waiting,
            rounds: 0,
            progress: None,
        };
        let frames = plan.frames().map(frame).collect();
        let leak_bits = plan.leak_bits();
        Ok(Self {
            plan: plan.clone(),
            frames,
            started: false,
            leak_bits,
            corrected: 0,
            iterations: 0,
            rounds: 0,
        })
    }

    /// Takes Alice's first message.
    ///
    /// # Errors
    /// [`Error::Bits`] if it has another length than the plan says, [`Error::Unasked`] if it came before.
    pub fn start(&mut self, syndromes: &Bits, decoder: &mut Decoder) -> Result<Step, Error> {
        of_length("a syndrome", syndromes, self.plan.syndrome_bits())?;
        if std::mem::replace(&mut self.started, true) {
            return Err(Error::Unasked);
        }
        let mut from = 0;
        for ((_, layout), frame) in self.plan.frames().zip(&mut self.frames) {
            let to = from + layout.syndrome_bits();
            frame.syndrome = layout.code.syndrome(&frame.word).xor(&syndromes.slice(from, to));
            from = to;
        }
        Ok(self.decode(decoder))
    }

    /// Takes Alice's answer to the last questions.
    ///
    /// # Errors
    /// [`Error::Unasked`] if none are open, [`Error::Bits`] if it does not have a bit for each bit asked for.
    pub fn answer(&mut self, answer: &Bits, decoder: &mut Decoder) -> Result<Step, Error> {
        let asked = |f: &Frame| if let State::Asked(bits) = &f.state { bits.len() } else { 0 };
        let expected: usize = self.frames.iter().map(asked).sum();
        if expected == 0 {
            return Err(Error::Unasked);
        }
        of_length("an answer", answer, expected)?;
        let mut next = 0;
        for frame in &mut self.frames {
            if let State::Asked(bits) = &frame.state {
                for &bit in bits {
                    let bit = bit as usize;
                    frame.told.push((bit, Prior::Known(answer.get(next) != frame.word.get(bit))));
                    frame.open.set(bit, false);
                    next += 1;
                }
                frame.state = State::Waiting;
            }
        }
        self.leak_bits += expected as u64;
        self.rounds += 1;
        Ok(self.decode(decoder))
    }

    /// Memory for frames that go on where they stopped, bytes; those beyond it start again.
    const KEPT: usize = 1 << 24;

    /// Decodes the frames that wait, and says what is missing.
    fn decode(&mut self, decoder: &mut Decoder) -> Step {
        let mut questions = Vec::new();
        let (settings, qber) = (self.plan.settings, self.plan.qber);
        let kept = |f: &Frame| f.progress.as_ref().map_or(0, |p| p.0.bytes());
        let mut room = Self::KEPT.saturating_sub(self.frames.iter().map(kept).sum());
        for (number, ((_, layout), frame)) in (0..).zip(self.plan.frames().zip(&mut self.frames)) {
            if frame.state != State::Waiting {
                continue;
            }
            let (code, syndrome) = (&layout.code, &frame.syndrome);
            let found = if let Some((progress, told)) = frame.progress.take() {
                room += progress.bytes();
                let told = (Arc::unwrap_or_clone(progress), &frame.told[told..], &layout.punctured);
                decoder.go_on(code, syndrome, qber, told, settings.iterations)
            } else {
                let priors = layout.priors().chain(frame.told.iter().copied());
                decoder.decode(code, syndrome, qber, priors, settings.iterations)
            };
            match found {
                Ok(found) => {
                    self.iterations += u64::from(found.iterations);
                    self.corrected += found.errors.and(&layout.payload).count_ones() as u64;
                    frame.word = frame.word.xor(&found.errors);
                    frame.state = State::Corrected;
                }
                Err(iterations) => {
                    self.iterations += u64::from(iterations);
                    // Who has asked often enough gives the frame up, and has it told, for the rest of the block.
                    let last = frame.rounds == settings.rounds;
                    let bits = if last {
                        untold(&frame.open, layout)
                    } else {
                        decoder.least_sure(layout.missing(decoder.wrong(), frame.rounds), &frame.open)
                    };
                    if settings.rounds == 0 || frame.rounds > settings.rounds || bits.is_empty() {
                        frame.state = State::Failed;
                        continue;
                    }
                    if !last {
                        let progress = decoder.take();
                        if let Some(left) = room.checked_sub(progress.bytes()) {
                            room = left;
                            frame.progress = Some((Arc::new(progress), frame.told.len()));
                        }
                    }
                    frame.rounds += 1;
                    let asked = if last { Vec::new() } else { bits.clone() };
                    questions.push(Question { frame: number, bits: asked });
                    frame.state = State::Asked(bits);
                }
            }
        }
        if questions.is_empty() { Step::Done } else { Step::Ask(questions) }
    }

    /// The block as it stands: corrected frames equal Alice's (but for what the verification that follows finds),
    /// others are as they were.
    #[must_use]
    pub fn bits(&self) -> Bits {
        let mut out = Bits::with_capacity(self.plan.bits());
        for ((_, layout), frame) in self.plan.frames().zip(&self.frames) {
            append(&mut out, &frame.word.pick(&layout.payload));
        }
        out
    }

    /// Which bits of the block lie in frames that could not be corrected: where no questions are asked, or answers were
    /// false. They count as leaked all the same; both ends
    /// drop them, or the block.
    pub fn failed(&self) -> impl Iterator<Item = Range<usize>> {
        let failed = |frame: &Frame| frame.state == State::Failed;
        self.plan.frames().zip(&self.frames).filter(move |(_, f)| failed(f)).map(|((range, _), _)| range)
    }
}

/// Where the frame's own bits stand that were not told yet, ascending.
fn untold(open: &Bits, layout: &Layout) -> Vec<u32> {
    let own = open.and(&layout.payload);
    (0..own.len()).filter(|&bit| own.get(bit)).map(|bit| bit as u32).collect()
}

fn append(to: &mut Bits, from: &Bits) {
    for (word, at) in from.words().iter().zip((0..from.len()).step_by(64)) {
        to.push_word(*word, from.len() - at);
    }
}

fn of_length(what: &'static str, bits: &Bits, expected: usize) -> Result<(), Error> {
    if bits.len() == expected { Ok(()) } else { Err(Error::Bits { what, got: bits.len(), expected }) }
}
