//! The log of a run: its lines, packed but for the newest, and how many there were of each kind.

use super::{Find, KindCount, Kinds};
use keyway_core::sim::reel::{PIECE, Reel};
use keyway_core::sim::snapshot::LogLine;
use std::collections::VecDeque;
use std::ops::Range;

/// Lines of each kind sent when the page's log starts anew: what comes in floods does not wash away what is rare.
const TAIL_EACH: u32 = 60;

/// Lines of the same floor and name, all good news or all bad.
struct Kind {
    floor: String,
    name: String,
    bad: bool,
}

impl Kind {
    fn is_of(&self, line: &LogLine) -> bool {
        self.bad == line.bad && self.name == line.kind && self.floor == line.floor
    }
}

/// The lines, the oldest of which go once there are too many.
pub(super) struct Log {
    lines: Reel<LogLine>,
    /// In the order in which they came.
    kinds: Vec<Kind>,
    /// Of each piece of the lines, how many are of each kind, so that none is unpacked in vain.
    pieces: VecDeque<Vec<u32>>,
    /// The same of what has gone.
    lost: Vec<u32>,
}

impl Log {
    /// An empty one that keeps so many lines.
    pub fn new(room: usize) -> Self {
        Self { lines: Reel::new(room), kinds: Vec::new(), pieces: VecDeque::new(), lost: Vec::new() }
    }

    /// Adds the newest line.
    pub fn push(&mut self, line: LogLine) {
        let known = self.kinds.iter().position(|k| k.is_of(&line));
        let kind = known.unwrap_or_else(|| {
            let (floor, name) = (line.floor.clone(), line.kind.clone());
            self.kinds.push(Kind { floor, name, bad: line.bad });
            self.kinds.len() - 1
        });
        if self.lines.len() / PIECE == self.pieces.len() {
            self.pieces.push_back(Vec::new());
        }
        if let Some(piece) = self.pieces.back_mut() {
            add(piece, kind, 1);
        }
        if !self.lines.push(line).is_empty() {
            let gone = self.pieces.pop_front().unwrap_or_default();
            gone.iter().enumerate().for_each(|(kind, n)| add(&mut self.lost, kind, *n));
        }
    }

    /// Lines that are kept.
    pub fn len(&self) -> usize {
        self.lines.len()
    }

    /// Older lines that have gone.
    pub fn gone(&self) -> usize {
        self.lines.gone()
    }

    /// How many of the lines are not later than `t_s`, seconds.
    pub fn until(&self, t_s: f64) -> usize {
        self.lines.until(t_s)
    }

    /// These lines.
    pub fn range(&self, range: Range<usize>) -> Vec<LogLine> {
        self.lines.iter(range).collect()
    }

    /// Forgets all but the first `len` lines.
    pub fn truncate(&mut self, len: usize) {
        if len >= self.len() {
            return;
        }
        self.lines.truncate(len);
        self.pieces.truncate(len / PIECE);
        let cut = self.count(len / PIECE, len);
        self.pieces.push_back(cut);
    }

    /// How many lines of each kind there were up to the first `len` lines; where these are lost, none.
    pub fn tally(&self, len: usize) -> Vec<KindCount> {
        let whole = len / PIECE;
        let mut all = if len == 0 { Vec::new() } else { self.lost.clone() };
        for piece in self.pieces.iter().take(whole).chain([&self.count(whole, len)]) {
            piece.iter().enumerate().for_each(|(kind, n)| add(&mut all, kind, *n));
        }
        let mut kinds = Kinds::new();
        for (kind, lines) in self.kinds.iter().zip(all).filter(|(_, lines)| *lines > 0) {
            *kinds.entry((kind.floor.clone(), kind.name.clone())).or_default() += lines;
        }
        kinds.into_iter().map(|(kind, lines)| KindCount { kind, lines }).collect()
    }

    /// The newest lines of each kind among the first `len`, oldest first.
    pub fn tail(&self, len: usize) -> Vec<LogLine> {
        let mut seen = vec![0; self.kinds.len()];
        let mut lines = Vec::new();
        for n in (0..len.div_ceil(PIECE)).rev() {
            let enough = |(kind, n): (usize, &u32)| *n == 0 || seen[kind] >= TAIL_EACH;
            if self.pieces.get(n).is_none_or(|piece| piece.iter().enumerate().all(enough)) {
                continue;
            }
            let piece = self.lines.piece(n);
            for line in piece.iter().take(len - n * PIECE).rev() {
                let Some(kind) = self.kinds.iter().position(|k| k.is_of(line)) else { continue };
                seen[kind] += 1;
                if seen[kind] <= TAIL_EACH {
                    lines.push(line.clone());
                }
            }
        }
        lines.reverse();
        lines
    }

    /// The time of the first line of this sort from the `from`th on, seconds.
    pub fn next(&self, what: &Find, from: usize) -> Option<f64> {
        let mut pieces = (from / PIECE..self.pieces.len()).filter(|n| self.holds(*n, what));
        pieces.find_map(|n| {
            let piece = self.lines.piece(n);
            piece.iter().skip(from.saturating_sub(n * PIECE)).find(|l| wanted(what, l)).map(|l| l.t_s)
        })
    }

    /// The time of the last line of this sort among the first `len`, seconds.
    pub fn last(&self, what: &Find, len: usize) -> Option<f64> {
        let mut pieces = (0..len.div_ceil(PIECE)).rev().filter(|n| self.holds(*n, what));
        pieces.find_map(|n| {
            let piece = self.lines.piece(n);
            piece.iter().take(len - n * PIECE).rfind(|l| wanted(what, l)).map(|l| l.t_s)
        })
    }

    /// There is a line of this sort in the `n`th piece.
    fn holds(&self, n: usize, what: &Find) -> bool {
        let of = |kind: &Kind| {
            (what.floor.is_empty() || kind.floor == what.floor)
                && (what.kind.is_empty() || kind.name == what.kind)
                && (!what.bad || kind.bad)
        };
        self.pieces.get(n).is_some_and(|piece| self.kinds.iter().zip(piece).any(|(k, n)| *n > 0 && of(k)))
    }

    /// How many lines of the `n`th piece are of each kind, up to the first `len` of all.
    fn count(&self, n: usize, len: usize) -> Vec<u32> {
        let mut count = Vec::new();
        let inside = len.saturating_sub(n * PIECE);
        if inside > 0 {
            for line in self.lines.piece(n).iter().take(inside) {
                if let Some(kind) = self.kinds.iter().position(|k| k.is_of(line)) {
                    add(&mut count, kind, 1);
                }
            }
        }
        count
    }
}

fn wanted(what: &Find, line: &LogLine) -> bool {
    (what.floor.is_empty() || line.floor == what.floor)
        && (what.kind.is_empty() || line.kind == what.kind)
        && (!what.bad || line.bad)
}

/// Adds to the count of a kind.
fn add(counts: &mut Vec<u32>, kind: usize, n: u32) {
    if counts.len() <= kind {
        counts.resize(kind + 1, 0);
    }
    counts[kind] += n;
}
