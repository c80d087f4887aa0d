//! What is detected in a slot over which the channel is constant.
//!
//! Two ways to draw it, one law. [`Sampler::PerPulse`] looks at every pulse: one 32-bit draw decides whether it
//! clicks. [`Sampler::PerBlock`] goes from click to click: without a memory between gates the number of clicks is
//! binomial and each falls into its category on its own; with dead time or afterpulses, or where the gates' numbers
//! are asked for, the gap to the next click is geometric, drawn digit by digit in base 64 (the digits of a geometric
//! number are independent), at a cost that does not grow with the gap. Dead time ends and afterpulses come where
//! they do in both; no approximation sets them apart.

use super::alias::{Alias, CELLS};
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
        let table = Alias::new(&law.weights);
        if self.kind == Sampler::PerBlock
            && !self.positions
            && self.blind_gates == 0
            && self.afterpulse == 0.0
        {
            draw_categories(&table, sample::binomial(rng, pulses, law.any), rng, out);
        } else {
            match self.kind {
                Sampler::PerPulse => {
                    let mut each = EachPulse::new(law.any);
                    self.walk(law, &table, end, memory, rng, out, |nature, from, to| {
                        each.next(nature, from, to)
                    });
                }
                Sampler::PerBlock => {
                    let gaps = Gaps::new(law.any);
                    self.walk(law, &table, end, memory, rng, out, |nature, from, to| {
                        gaps.next(nature, from, to)
                    });
                }
            }
        }
        memory.gate = end;
    }

    /// From click to click, which `next` finds; an afterpulse may come before.
    #[expect(clippy::too_many_arguments, reason = "the parts of one loop, entered at two places above")]
    fn walk(
        &self,
        law: &Law,
        table: &Alias,
        end: u64,
        memory: &mut Memory,
        rng: &mut Rng,
        out: &mut Detections,
        mut next: impl FnMut(&mut NatureRng, u64, u64) -> Option<u64>,
    ) {
        let mut at = memory.gate.max(memory.blind_until);
        if self.afterpulse > 0.0 {
            self.walk_with_afterpulses(law, table, at, end, memory, rng, out, next);
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
        draw_categories(table, count, rng, out);
    }

    #[expect(clippy::too_many_arguments, reason = "as above")]
    fn walk_with_afterpulses(
        &self,
        law: &Law,
        table: &Alias,
        mut at: u64,
        end: u64,
        memory: &mut Memory,
        rng: &mut Rng,
        out: &mut Detections,
        mut next: impl FnMut(&mut NatureRng, u64, u64) -> Option<u64>,
    ) {
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
fn draw_categories(table: &Alias, count: u64, rng: &mut Rng, out: &mut Detections) {
    let mut left = count;
    while left > 0 {
        let count = left.min(64);
        left -= count;
        // Byte p of `eight` is bit p of eight categories; plane p gathers 64 of them.
        let mut planes = [0u64; 6];
        for from in (0..count).step_by(8) {
            let eight =
                (0..(count - from).min(8)).fold(0, |e, i| e | SPREAD[table.draw(rng) as usize % CELLS] << i);
            for (plane, byte) in planes.iter_mut().zip(eight.to_le_bytes()) {
                *plane |= u64::from(byte) << from;
            }
        }
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

/// Draws the gap to the next click.
struct Gaps {
    /// The gap's digits in base 64, lowest first, but for the highest.
    digits: Vec<Alias>,
    /// Probability, in 64 bits, that the highest digit is one more.
    more: u64,
}

impl Gaps {
    fn new(any: f64) -> Self {
        let log_silent = libm::log1p(-any.clamp(0.0, 1.0));
        let (mut digits, mut step) = (Vec::new(), 1.0);
        // A run of `step` gates without a click has probability e^(step log_silent); at one half or less, few more
        // follow. Gaps of 2⁴⁸ gates and more do not happen in a slot.
        while libm::exp(log_silent * step) > 0.5 && digits.len() < 8 {
            digits.push(Alias::new(&std::array::from_fn(|i| libm::exp(log_silent * step * i as f64))));
            step *= 64.0;
        }
        Self { digits, more: (libm::exp(log_silent * step) * 18_446_744_073_709_551_616.0) as u64 }
    }

    fn next(&self, rng: &mut NatureRng, from: u64, to: u64) -> Option<u64> {
        if self.digits.len() == 8 || from >= to {
            return None;
        }
        let (mut gap, mut shift) = (0u64, 0u32);
        for digit in &self.digits {
            gap += digit.draw(rng) << shift;
            shift += 6;
        }
        let most = (to - from) >> shift;
        let mut top = 0u64;
        while top <= most && rng.next_u64() < self.more {
            top += 1;
        }
        let gate = from.checked_add(gap)?.checked_add(top << shift)?;
        (gate < to).then_some(gate)
    }
}

#[cfg(test)]
#[path = "sampler_tests.rs"]
mod tests;
