//! What a block's messages were: how many, how large, when, and what they told.

use super::message::{Body, Kind, Side};
use crate::ground::SimTime;
use serde::{Deserialize, Serialize};

/// Messages of one kind that followed each other, answers between them left aside.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Line {
    /// What they are.
    pub kind: Kind,
    /// Whether Alice says them.
    pub by_alice: bool,
    /// How many.
    pub messages: u32,
    /// Their bytes in all.
    pub bytes: u32,
    /// Bits of the key that they told.
    pub leak_bits: u32,
    /// When the first was said or heard, seconds after the block's start on this side.
    pub from_s: f64,
    /// And the last.
    pub to_s: f64,
}

/// A trace under way.
#[derive(Clone, Debug)]
pub struct Trace {
    start: SimTime,
    alice: bool,
    lines: Vec<Line>,
    repeated: u32,
    repeated_bytes: u32,
}

impl Trace {
    pub(super) fn new(start: SimTime, side: Side) -> Self {
        Self { start, alice: side == Side::Alice, lines: Vec::new(), repeated: 0, repeated_bytes: 0 }
    }

    /// This side has said something that tells so many bits.
    pub(super) fn said(&mut self, now: SimTime, body: &Body, bytes: usize, leak_bits: u64) {
        self.note(now, self.alice, body, bytes, leak_bits);
    }

    /// This side has heard something for the first time.
    pub(super) fn heard(&mut self, now: SimTime, body: &Body, bytes: usize) {
        self.note(now, !self.alice, body, bytes, 0);
    }

    /// This side has said something again.
    pub(super) fn again(&mut self, bytes: usize) {
        self.repeated += 1;
        self.repeated_bytes = self.repeated_bytes.saturating_add(bytes as u32);
    }

    fn note(&mut self, now: SimTime, by_alice: bool, body: &Body, bytes: usize, leak_bits: u64) {
        let (kind, t_s) = (body.kind(), now.since(self.start).as_secs());
        // Questions and answers take turns: each goes on with its own line.
        let last = self.lines.iter_mut().rev().take(2).find(|l| (l.kind, l.by_alice) == (kind, by_alice));
        if let Some(line) = last {
            line.messages += 1;
            line.bytes = line.bytes.saturating_add(bytes as u32);
            line.leak_bits = line.leak_bits.saturating_add(leak_bits as u32);
            line.to_s = t_s;
        } else {
            let (bytes, leak_bits) = (bytes as u32, leak_bits as u32);
            self.lines.push(Line { kind, by_alice, messages: 1, bytes, leak_bits, from_s: t_s, to_s: t_s });
        }
    }

    /// The lines, what this side has said again as the last.
    #[must_use]
    pub(super) fn lines(&self) -> Vec<Line> {
        let mut lines = self.lines.clone();
        if self.repeated > 0 {
            let to_s = lines.last().map_or(0.0, |l| l.to_s);
            lines.push(Line {
                kind: Kind::Again,
                by_alice: self.alice,
                messages: self.repeated,
                bytes: self.repeated_bytes,
                leak_bits: 0,
                from_s: 0.0,
                to_s,
            });
        }
        lines
    }
}
