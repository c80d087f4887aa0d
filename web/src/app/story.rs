//! What the page remembers of a run besides the newest instant: the log, its marks on the time bar, and the series.

use crate::bars::MARKS;
use crate::charts::Series;
use crate::shared::Shared;
use crate::worker::{Fresh, KindCount, Kinds, Mark, MarkKind};
use keyway_core::ground::order::gather;
use keyway_core::sim::series::Channel;
use keyway_core::sim::snapshot::{LogLine, Snapshot};
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

/// With more lines than this on the page, only the newest of each kind stay: what comes in floods does not wash away
/// what is rare.
const LINES: usize = 3_000;
const LINES_EACH: usize = 120;
/// Points of a sparkline, and their spacing in simulated seconds.
const POINTS: usize = 60;
const EVERY_S: f64 = 1.0;

/// The charts follow each so manyth refreshment of the panels.
const CHARTS_EACH: u32 = 4;
/// Until there are so many samples, they follow each.
const FIRST: usize = 20;

/// The memory of a run.
#[derive(Clone, Debug, Default)]
pub struct Story {
    /// The log as it is shown.
    pub log: Shared<Vec<Rc<LogLine>>>,
    /// How many lines of each kind there were, those that are no longer kept too.
    pub kinds: Shared<Kinds>,
    /// Places on the time bar, 0 to [`MARKS`], with what happened there.
    pub marks: Shared<BTreeSet<(u16, MarkKind)>>,
    /// Times and, for each pool, its level (0 to 1).
    pub levels: Shared<Vec<(f64, Vec<f32>)>>,
    /// All series of the known run.
    pub series: Shared<Series>,
    fresh: Vec<Rc<LogLine>>,
    log_due: bool,
    kinds_now: Kinds,
    reset: bool,
    levels_now: Vec<(f64, Vec<f32>)>,
    series_now: Series,
    series_stale: bool,
    refreshed: u32,
}

impl Story {
    /// A run that begins.
    pub fn of(channels: Vec<Channel>) -> Self {
        let series_now = Series { channels, samples: Vec::new() };
        Self { series_now, series_stale: true, ..Self::default() }
    }

    /// An instant and its log lines came.
    pub fn take(&mut self, shot: &Snapshot, lines: Vec<LogLine>, reset: bool, tally: Vec<KindCount>) {
        if reset {
            self.fresh.clear();
            self.reset = true;
            self.kinds_now = gather(tally.into_iter().map(|k| (k.kind, k.lines)));
        } else {
            for line in &lines {
                *self.kinds_now.entry((line.floor.clone(), line.kind.clone())).or_default() += 1;
            }
        }
        self.fresh.extend(lines.into_iter().map(Rc::new));
        self.levels_now.retain(|(t, _)| *t < shot.t_s - 1e-6);
        if self.levels_now.last().is_none_or(|(t, _)| shot.t_s - t >= EVERY_S) {
            let level = |p: &keyway_core::sim::snapshot::PoolState| {
                if p.capacity_bits > 0.0 { (p.level_bits / p.capacity_bits) as f32 } else { 0.0 }
            };
            self.levels_now.push((shot.t_s, shot.pools.iter().map(level).collect()));
            let over = self.levels_now.len().saturating_sub(POINTS);
            self.levels_now.drain(..over);
        }
    }

    /// What the worker has come to know.
    pub fn learn(&mut self, fresh: Fresh, until_s: f64) {
        if !fresh.samples.is_empty() {
            self.series_now.samples.extend(fresh.samples.into_iter().map(|(t, v)| (t, v.into())));
            self.series_stale = true;
        }
        let bins: BTreeSet<_> = gather(fresh.marks.iter().map(|m| (bin(m, until_s), m.kind)));
        if !bins.is_subset(&self.marks) {
            self.marks = Shared::new(gather(self.marks.union(&bins).copied()));
        }
    }

    /// Another worker tells everything again.
    pub fn learn_anew(&mut self) {
        self.series_now.samples.clear();
    }

    /// The visitor turned a switch: what came later is no longer so.
    pub fn forget_after(&mut self, t_s: f64, until_s: f64) {
        let last = (t_s / until_s.max(1.0) * MARKS) as u16;
        self.marks = Shared::new(gather(self.marks.iter().copied().filter(|(m, _)| *m <= last)));
        self.series_now.samples.retain(|(t, _)| *t <= t_s + 1e-6);
        self.series_stale = true;
    }

    /// Brings everything up to date, the series too.
    pub fn refresh_all(&mut self) {
        self.refresh();
        self.series = Shared::new(self.series_now.clone());
    }

    /// Brings what is shown up to date, a few times a second; the log follows.
    pub fn refresh(&mut self) {
        self.levels = Shared::new(self.levels_now.clone());
        // Charts are dear to draw: with the first samples, and then once a second.
        self.refreshed += 1;
        let due = self.refreshed.is_multiple_of(CHARTS_EACH) || self.series.samples.len() < FIRST;
        if due && std::mem::take(&mut self.series_stale) {
            self.series = Shared::new(self.series_now.clone());
        }
        self.log_due = true;
    }

    /// Brings the log up to date, where the rest of what is shown has been since; whether anything has changed.
    pub fn refresh_log(&mut self) -> bool {
        if !std::mem::take(&mut self.log_due) || (self.fresh.is_empty() && !self.reset) {
            return false;
        }
        let mut log = if self.reset { Vec::new() } else { self.log.to_vec() };
        self.reset = false;
        log.append(&mut self.fresh);
        if log.len() > LINES {
            thin(&mut log);
        }
        self.log = Shared::new(log);
        self.kinds = Shared::new(self.kinds_now.clone());
        true
    }
}

/// Of each kind the newest lines stay.
fn thin(log: &mut Vec<Rc<LogLine>>) {
    let mut kept: BTreeMap<(String, String), usize> = BTreeMap::new();
    log.reverse();
    log.retain(|line| {
        let lines = kept.entry((line.floor.clone(), line.kind.clone())).or_default();
        *lines += 1;
        *lines <= LINES_EACH
    });
    log.reverse();
}

fn bin(mark: &Mark, until_s: f64) -> u16 {
    (mark.t_s / until_s.max(1.0) * MARKS) as u16
}
