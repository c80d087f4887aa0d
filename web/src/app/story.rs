//! What the page remembers of a run besides the newest instant: the log, its marks on the time bar, and the levels
//! of the pools for their sparklines.

use crate::shared::Shared;
use keyway_core::sim::snapshot::{LogLine, Snapshot};
use std::collections::BTreeSet;

/// Lines kept on the page.
const LINES: usize = 500;
/// Marks a time bar can hold.
pub const MARKS: f64 = 240.0;
/// Points of a sparkline, and their spacing in simulated seconds.
const POINTS: usize = 60;
const EVERY_S: f64 = 1.0;

/// The memory of a run.
#[derive(Clone, Debug, Default)]
pub struct Story {
    /// The log as it is shown.
    pub log: Shared<Vec<LogLine>>,
    /// Places on the time bar, 0 to [`MARKS`], with an attack, a loss or a refusal.
    pub marks: Shared<BTreeSet<u16>>,
    /// Times and, for each pool, its level (0 to 1).
    pub levels: Shared<Vec<(f64, Vec<f32>)>>,
    fresh: Vec<LogLine>,
    reset: bool,
    samples: Vec<(f64, Vec<f32>)>,
}

impl Story {
    /// An instant and its log lines came.
    pub fn take(&mut self, shot: &Snapshot, mut lines: Vec<LogLine>, reset: bool) {
        if reset {
            self.fresh.clear();
            self.reset = true;
        }
        self.fresh.append(&mut lines);
        self.samples.retain(|(t, _)| *t < shot.t_s - 1e-6);
        if self.samples.last().is_none_or(|(t, _)| shot.t_s - t >= EVERY_S) {
            let level = |p: &keyway_core::sim::snapshot::PoolState| {
                if p.capacity_bits > 0.0 { (p.level_bits / p.capacity_bits) as f32 } else { 0.0 }
            };
            self.samples.push((shot.t_s, shot.pools.iter().map(level).collect()));
            let over = self.samples.len().saturating_sub(POINTS);
            self.samples.drain(..over);
        }
    }

    /// The visitor turned a switch: what came later is no longer so.
    pub fn forget_after(&mut self, t_s: f64, until_s: f64) {
        let last = (t_s / until_s.max(1.0) * MARKS) as u16;
        self.marks = Shared::new(self.marks.iter().copied().filter(|m| *m <= last).collect());
    }

    /// Brings what is shown up to date, a few times a second.
    pub fn refresh(&mut self, until_s: f64) {
        self.levels = Shared::new(self.samples.clone());
        if self.fresh.is_empty() && !self.reset {
            return;
        }
        let mut log = if self.reset { Vec::new() } else { self.log.to_vec() };
        self.reset = false;
        let bins: BTreeSet<u16> = self
            .fresh
            .iter()
            .filter(|l| l.bad)
            .map(|l| (l.t_s / until_s.max(1.0) * MARKS) as u16)
            .filter(|m| !self.marks.contains(m))
            .collect();
        if !bins.is_empty() {
            self.marks = Shared::new(self.marks.union(&bins).copied().collect());
        }
        log.append(&mut self.fresh);
        let over = log.len().saturating_sub(LINES);
        log.drain(..over);
        self.log = Shared::new(log);
    }
}
