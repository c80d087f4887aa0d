//! A run inside the worker: the world, its checkpoints, its log and the history of its switches. Going back
//! restores the nearest checkpoint and steps on from there; the same seed and the same switches at the same times
//! give the same run, so what the visitor sees again is what was there before.

use keyway_core::sim::snapshot::{Knobs, LogLine, Scene, Snapshot};
use keyway_core::sim::{Record, Scenario, World};

/// One slice of simulated time between two looks at the clock, seconds.
const SLICE_S: f64 = 0.1;
/// Simulated seconds between checkpoints, at first.
const CHECKPOINT_S: f64 = 5.0;
/// More checkpoints than this are thinned to half.
const CHECKPOINTS: usize = 96;
/// More log lines than this lose their oldest quarter.
const LOG_LINES: usize = 40_000;
/// Lines sent when the page's log starts anew.
const LOG_TAIL: usize = 400;
/// Simulated times nearer than this are the same.
const EPS_S: f64 = 1e-6;

/// A world that stood here.
struct Checkpoint {
    t_s: f64,
    world: World,
}

/// A run.
pub(super) struct Run {
    /// The page's number of it.
    pub id: u32,
    world: World,
    /// Where the world stands, as asked.
    t_s: f64,
    /// In order of time; the first stands at 0.
    checkpoints: Vec<Checkpoint>,
    every_s: f64,
    /// The switches over time; the first holds from 0.
    switches: Vec<(f64, Knobs)>,
    log: Vec<LogLine>,
    /// Everything up to here is in `log`.
    known_s: f64,
    records: Vec<Record>,
}

impl Run {
    pub fn new(id: u32, scenario: &Scenario, seed: u64, knobs: Knobs) -> Self {
        let world = World::new(scenario, seed, knobs);
        Self {
            id,
            t_s: 0.0,
            checkpoints: vec![Checkpoint { t_s: 0.0, world: world.clone() }],
            every_s: CHECKPOINT_S,
            switches: vec![(0.0, knobs)],
            log: Vec::new(),
            known_s: 0.0,
            records: Vec::new(),
            world,
        }
    }

    pub fn scene(&self) -> Scene {
        self.world.scene()
    }

    pub fn snapshot(&self) -> Snapshot {
        self.world.snapshot()
    }

    /// The visitor turned a switch: the future that was computed with the old ones is forgotten.
    pub fn set_knobs(&mut self, knobs: Knobs) {
        let now = self.t_s;
        self.checkpoints.retain(|c| c.t_s <= now + EPS_S && (c.t_s < now - EPS_S || c.t_s == 0.0));
        self.switches.retain(|(t, _)| *t < now - EPS_S);
        self.switches.push((now, knobs));
        self.log.truncate(self.log.partition_point(|l| l.t_s <= now + EPS_S));
        self.known_s = self.known_s.min(now);
        self.world.set_knobs(knobs);
        if now == 0.0 {
            self.checkpoints = vec![Checkpoint { t_s: 0.0, world: self.world.clone() }];
        }
    }

    /// Steps on towards `to_s` while `go_on` says so; the lines logged on the way.
    pub fn advance(&mut self, to_s: f64, go_on: impl FnMut() -> bool) -> Vec<LogLine> {
        let first = self.line_after(self.t_s);
        self.step(to_s, go_on);
        let end = self.line_after(self.t_s).max(first);
        self.log[first..end].to_vec()
    }

    /// Jumps towards `t_s` while `go_on` says so; the last lines before where it came to.
    pub fn seek(&mut self, t_s: f64, go_on: impl FnMut() -> bool) -> Vec<LogLine> {
        let nearest = self.checkpoints.iter().rfind(|c| c.t_s <= t_s + EPS_S);
        if let Some(c) = nearest.filter(|c| t_s < self.t_s - EPS_S || c.t_s > self.t_s) {
            (self.t_s, self.world) = (c.t_s, c.world.clone());
        }
        self.step(t_s, go_on);
        let end = self.line_after(self.t_s);
        self.log[end.saturating_sub(LOG_TAIL)..end].to_vec()
    }

    /// Index of the first line later than `t_s`; at the frontier, behind everything.
    fn line_after(&self, t_s: f64) -> usize {
        if t_s >= self.known_s - EPS_S {
            return self.log.len();
        }
        self.log.partition_point(|l| l.t_s <= t_s + EPS_S)
    }

    fn step(&mut self, to_s: f64, mut go_on: impl FnMut() -> bool) {
        while self.t_s + EPS_S < to_s && !self.world.finished() {
            let mut next = (self.t_s + SLICE_S).min(to_s);
            if let Some((t, _)) = self.switches.iter().find(|(t, _)| *t > self.t_s + EPS_S) {
                next = next.min(*t);
            }
            self.world.step_until(next, &mut self.records);
            self.t_s = next;
            self.keep_log();
            if let Some((_, knobs)) = self.switches.iter().find(|(t, _)| (t - next).abs() <= EPS_S) {
                self.world.set_knobs(*knobs);
            }
            self.keep_checkpoint();
            if !go_on() {
                break;
            }
        }
    }

    fn keep_log(&mut self) {
        let known = self.known_s;
        if self.t_s <= known + EPS_S {
            self.records.clear();
            return;
        }
        let lines = self.records.drain(..).filter_map(|r| r.log_line());
        self.log.extend(lines.filter(|l| known == 0.0 || l.t_s > known - EPS_S));
        self.known_s = self.t_s;
        if self.log.len() > LOG_LINES {
            self.log.drain(..LOG_LINES / 4);
        }
    }

    fn keep_checkpoint(&mut self) {
        let last_s = self.checkpoints.last().map_or(0.0, |c| c.t_s);
        if self.t_s < last_s + self.every_s - EPS_S {
            return;
        }
        self.checkpoints.push(Checkpoint { t_s: self.t_s, world: self.world.clone() });
        if self.checkpoints.len() > CHECKPOINTS {
            let mut keep = false;
            self.checkpoints.retain(|_| {
                keep = !keep;
                keep
            });
            self.every_s *= 2.0;
        }
    }
}
