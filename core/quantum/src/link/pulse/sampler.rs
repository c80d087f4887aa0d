//! What is detected in a slot over which the channel is constant.
//!
//! Two ways to draw it, one law. [`Sampler::PerPulse`] looks at every pulse: one 32-bit draw decides whether it
//! clicks. [`Sampler::PerBlock`] goes from click to click: without a memory between gates the number of clicks is
//! binomial and each falls into its category on its own; with dead time or afterpulses, or where the gates' numbers
//! are asked for, the gap to the next click is geometric, drawn from tables at a cost that does not grow with the gap
//! (see `Gaps`). Dead time ends and afterpulses come where they do in both; no approximation sets them apart.

use super::alias::{Alias, CELLS, Direct};
use super::law::Law;
use super::records::Detections;
use crate::ground::rng::NatureRng;
use crate::ground::{Rng, sample};
use crate::link::params::{BasisChoice, Detector, Params, Sampler};

/// What goes on from slot to slot: the detectors' memory and the stream that decides which gates click. (What was sent
/// and found in them is drawn from the link's own stream.)
#[derive(Clone, Debug)]
pub struct Memory {
    nature: NatureRng,
    /// Number of the next gate.
    gate: u64,
    /// Gates before this one are blind.
    blind_until: u64,
    /// Afterpulses to come: gate and detector, soonest first.
    afterpulses: Vec<(u64, u8)>,
}

impl Memory {
    /// Detectors that are ready, before the first gate.
    #[must_use]
    pub fn new(rng: &mut Rng) -> Self {
        Self { nature: NatureRng::from_stream(rng), gate: 0, blind_until: 0, afterpulses: Vec::new() }
    }
}

/// Draws the detections of slots; it keeps what does not change from slot to slot.
#[derive(Clone, Debug)]
pub struct Drawer {
    kind: Sampler,
    positions: bool,
    /// Gates after a click in which no detector listens.
    blind_gates: u64,
    afterpulse: f64,
    /// Mean of the exponential wait of a trapped carrier, in gates.
    wait_gates: f64,
    passive: bool,
}

impl Drawer {
    /// A drawer for the hardware of `params`; `positions` asks for the gate of each detection.
    #[must_use]
    pub fn new(params: &Params, positions: bool) -> Self {
        let Detector { afterpulse_probability, afterpulse_time_ns, .. } = params.detector;
        let gate_rate = params.source.pulse_rate_hz * 1e-9;
        Self {
            kind: params.sampler,
            positions,
            blind_gates: params.blind_gates(),
            afterpulse: afterpulse_probability,
            wait_gates: afterpulse_time_ns * gate_rate,
            passive: params.receiver.basis_choice == BasisChoice::Passive,
        }
    }

    /// Draws the detections of `pulses` pulses of law `law` and appends them to `out`.
    ///
    /// O(pulses) pulse by pulse, O(detections) else.
    pub fn slot(&self, law: &Law, pulses: u64, memory: &mut Memory, rng: &mut Rng, out: &mut Detections) {
        out.pulses += pulses;
        let end = memory.gate + pulses;
        if self.kind == Sampler::PerBlock
            && !self.positions
            && self.blind_gates == 0
            && self.afterpulse == 0.0
        {
            draw_categories(law, sample::binomial(rng, pulses, law.any), rng, out);
        } else {
            match self.kind {
                Sampler::PerPulse => {
                    let mut each = EachPulse::new(law.any);
                    self.walk(law, end, memory, rng, out, |nature, from, to| each.next(nature, from, to));
                }
                Sampler::PerBlock => {
                    let gaps = Gaps::new(law.any);
                    if gaps.digits.is_empty() && self.afterpulse == 0.0 {
                        let count = self.run(&gaps, law.any, end, memory, out);
                        draw_categories(law, count, rng, out);
                    } else {
                        self.walk(law, end, memory, rng, out, |nature, from, to| gaps.next(nature, from, to));
                    }
                }
            }
        }
        memory.gate = end;
    }

    /// From click to click where no gap has digits and no afterpulse comes before: in batches, without a branch that
    /// hangs on what is drawn. Gives the number of clicks.
    fn run(&self, gaps: &Gaps, any: f64, end: u64, memory: &mut Memory, out: &mut Detections) -> u64 {
        if self.positions {
            let cycle = 1.0 / any + self.blind_gates as f64;
            out.gates.reserve(((end - memory.gate) as f64 / cycle) as usize);
        }
        let mut at = memory.gate.max(memory.blind_until);
        memory.blind_until = at;
        let (mut count, mut batch) = (0, [0; BATCH]);
        while at < end {
            let mut len = 0;
            for _ in 0..BATCH / 2 {
                let random = memory.nature.next_u64();
                for half in [(random >> 32) as u32, random as u32] {
                    let gap = gaps.steps.draw_from(half, &mut memory.nature);
                    // A gap beyond the table is a stretch without a click, which the next draw goes on from.
                    let click = u64::from(gap < BEYOND);
                    batch[len % BATCH] = at + gap;
                    len += click as usize;
                    at += gap + click * (1 + self.blind_gates);
                }
            }
            // What is drawn beyond the end of the slot never was.
            let clicks = &batch[..len.min(BATCH)];
            let clicks = &clicks[..clicks.partition_point(|gate| *gate < end)];
            if let Some(last) = clicks.last() {
                memory.blind_until = last + 1 + self.blind_gates;
            }
            count += clicks.len() as u64;
            if self.positions {
                out.gates.extend_from_slice(clicks);
            }
        }
        count
    }

    /// From click to click, which `next` finds; an afterpulse may come before.
    fn walk(
        &self,
        law: &Law,
        end: u64,
        memory: &mut Memory,
        rng: &mut Rng,
        out: &mut Detections,
        mut next: impl FnMut(&mut NatureRng, u64, u64) -> Option<u64>,
    ) {
        let mut at = memory.gate.max(memory.blind_until);
        if self.afterpulse > 0.0 {
            self.walk_with_afterpulses(law, at, end, memory, rng, out, next);
            return;
        }
        let mut count = 0;
        while let Some(gate) = next(&mut memory.nature, at, end) {
            count += 1;
            if self.positions {
                out.gates.push(gate);
            }
            at = gate + 1 + self.blind_gates;
        }
        memory.blind_until = at;
        draw_categories(law, count, rng, out);
    }

    #[expect(clippy::too_many_arguments, reason = "the parts of one loop, entered at one place above")]
    fn walk_with_afterpulses(
        &self,
        law: &Law,
        mut at: u64,
        end: u64,
        memory: &mut Memory,
        rng: &mut Rng,
        out: &mut Detections,
        mut next: impl FnMut(&mut NatureRng, u64, u64) -> Option<u64>,
    ) {
        let table = Alias::new(&law.weights);
        let forced: Vec<Alias> = law.forced.iter().map(Alias::new).collect();
        while at < end {
            // Carriers that were freed while nothing listened make no click.
            let late = memory.afterpulses.partition_point(|(gate, _)| *gate < at);
            memory.afterpulses.drain(..late);
            let pending = memory.afterpulses.first().copied().filter(|(gate, _)| *gate < end);
            let until = pending.map_or(end, |(gate, _)| gate);
            let (gate, category) = match (next(&mut memory.nature, at, until), pending) {
                (Some(gate), _) => (gate, table.draw(rng)),
                (None, Some((gate, detector))) => {
                    (gate, forced.get(usize::from(detector)).map_or(0, |f| f.draw(rng)))
                }
                (None, None) => break,
            };
            out.push_planes(std::array::from_fn(|p| category >> p & 1), 1);
            if self.positions {
                out.gates.push(gate);
            }
            at = gate + 1 + self.blind_gates;
            memory.blind_until = at;
            if rng.chance(self.afterpulse) {
                let gate = at + (sample::exponential(rng) * self.wait_gates) as u64;
                let z = if self.passive { (category >> 1 & 2) as u8 } else { 0 };
                let place = memory.afterpulses.partition_point(|(g, _)| *g <= gate);
                memory.afterpulses.insert(place, (gate, z | (category >> 3 & 1) as u8));
            }
        }
    }
}

/// Draws `count` categories.
fn draw_categories(law: &Law, count: u64, rng: &mut Rng, out: &mut Detections) {
    // Of a random word come six categories.
    const AT_ONCE: u64 = 60;
    let table = Direct::new(&law.weights);
    let mut left = count;
    while left > 0 {
        let count = left.min(AT_ONCE);
        left -= count;
        // Byte p of `six` is bit p of six categories; plane p gathers all.
        let mut planes = [0u64; 6];
        for from in (0..count).step_by(6) {
            let (random, mut six) = (rng.next_u64(), 0);
            let mut add = |shift| {
                six = six << 1 | SPREAD[table.draw(random >> shift, rng) as usize % CELLS];
            };
            add(0);
            add(Direct::BITS);
            add(2 * Direct::BITS);
            add(3 * Direct::BITS);
            add(4 * Direct::BITS);
            add(5 * Direct::BITS);
            for (plane, byte) in planes.iter_mut().zip(six.to_le_bytes()) {
                *plane |= u64::from(byte) << from;
            }
        }
        // What is too much of the last six, `push_planes` leaves out.
        out.push_planes(planes, count as usize);
    }
}

/// Bit p of a category at bit 8 p.
const SPREAD: [u64; CELLS] = {
    let mut spread = [0; CELLS];
    let mut i = 0;
    while i < CELLS {
        let mut p = 0;
        while p < 6 {
            spread[i] |= (i as u64 >> p & 1) << (8 * p);
            p += 1;
        }
        i += 1;
    }
    spread
};

/// Draws made at a time, and looked at at a time.
const WORDS: usize = 128;
const GLANCE: usize = 16;

/// Looks at one pulse after the other.
struct EachPulse {
    /// The click's probability in 64 bits: its high half decides almost always.
    high: u32,
    low: u32,
    words: [u32; WORDS],
    used: usize,
}

impl EachPulse {
    fn new(any: f64) -> Self {
        // 1 - 2⁻⁶⁴ and above is one: no pulse of this floor clicks so surely.
        let threshold = (any.clamp(0.0, 1.0) * 18_446_744_073_709_551_616.0) as u64;
        Self { high: (threshold >> 32) as u32, low: threshold as u32, words: [0; WORDS], used: WORDS }
    }

    /// The first gate from `from` on, before `to`, that clicks.
    fn next(&mut self, rng: &mut NatureRng, from: u64, to: u64) -> Option<u64> {
        let mut gate = from;
        while gate < to {
            if self.used == WORDS {
                rng.fill_words(&mut self.words);
                self.used = 0;
            }
            let take = (GLANCE - self.used % GLANCE).min((to - gate) as usize);
            let run = &self.words[self.used..self.used + take];
            // All of a glance at once: most hold no click.
            let any = run.iter().fold(false, |any, word| any | (*word <= self.high));
            match any.then(|| run.iter().position(|word| *word <= self.high)).flatten() {
                None => {
                    self.used += take;
                    gate += take as u64;
                }
                Some(i) => {
                    self.used += i + 1;
                    gate += i as u64 + 1;
                    if run[i] < self.high || (rng.next_u64() as u32) < self.low {
                        return Some(gate - 1);
                    }
                }
            }
        }
        None
    }
}

/// Cells of the table of steps; its last number stands for all from there on.
const STEPS: usize = 256;
const BEYOND: u64 = STEPS as u64 - 1;

/// Gaps drawn at a time.
const BATCH: usize = 64;

/// Draws the gap to the next click.
///
/// A geometric number has no memory: its digits are independent, and what is left of it beyond any number has its law
/// again. So a gap that is short in the mean is one draw from a table whose last number stands for all that is longer
/// and asks for another draw; a long one is such a number of steps and digits in base 64 below it.
struct Gaps {
    /// The low digits, lowest first.
    digits: Vec<Alias>,
    /// The number of steps of 64^digits gates.
    steps: Alias<STEPS>,
}

impl Gaps {
    fn new(any: f64) -> Self {
        // The probability of n gates without a click is e^(n log_silent).
        let mut log_silent = libm::log1p(-any.clamp(0.0, 1.0 - f64::EPSILON));
        let mut digits = Vec::new();
        // Where half of the gaps are too long for the table, a digit more costs less. Gaps of 2⁴⁸ gates and more do
        // not happen in a slot.
        while libm::exp(log_silent * BEYOND as f64) > 0.5 && digits.len() < 8 {
            digits.push(Alias::new(&std::array::from_fn(|i| libm::exp(log_silent * i as f64))));
            log_silent *= 64.0;
        }
        let fine: [f64; 16] = std::array::from_fn(|i| libm::exp(log_silent * i as f64));
        let coarse: [f64; STEPS / 16] = std::array::from_fn(|i| libm::exp(log_silent * 16.0 * i as f64));
        let click = -libm::expm1(log_silent);
        let steps = std::array::from_fn(|n| {
            fine[n % 16] * coarse[n / 16] * if n < BEYOND as usize { click } else { 1.0 }
        });
        Self { digits, steps: Alias::new(&steps) }
    }

    /// The first gate from `from` on, before `to`, that clicks.
    fn next(&self, rng: &mut NatureRng, from: u64, to: u64) -> Option<u64> {
        if self.digits.len() == 8 || from >= to {
            return None;
        }
        let shift = 6 * self.digits.len();
        let mut steps = 0u64;
        loop {
            let more = self.steps.draw(rng);
            steps += more;
            if more < BEYOND {
                break;
            }
            if steps > (to - from) >> shift {
                return None;
            }
        }
        let gap = self.digits.iter().rev().fold(steps, |gap, digit| gap << 6 | digit.draw(rng));
        from.checked_add(gap).filter(|gate| *gate < to)
    }
}

#[cfg(test)]
#[path = "sampler_tests.rs"]
mod tests;
