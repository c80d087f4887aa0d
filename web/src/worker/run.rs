//! A run inside the worker: the world, its checkpoints, what is known of it, and the history of its switches. Going
//! back restores the nearest checkpoint and steps on from there; the same seed and the same switches at the same
//! times give the same run, so what the visitor sees again is what was there before.

use super::checkpoints::{Checkpoints, EPS_S};
use super::{Find, Fresh, KindCount, Kinds, Mark, MarkKind};
use keyway_core::ground::SimTime;
use keyway_core::sim::snapshot::{Knobs, LogLine, Scene, Snapshot};
use keyway_core::sim::trace::Digest;
use keyway_core::sim::{Chronicle, Record, Scenario, World, series};
use keyway_core::studies::best::{self, Advice};
use keyway_core::studies::rates::F_EC;
use std::collections::BTreeMap;

/// One slice of simulated time between two looks at the clock, seconds.
const SLICE_S: f64 = 0.1;
/// More records than this lose their oldest quarter. On the built-in campus three quarters of an hour, and 20 MB.
const RECORDS: usize = 120_000;
/// More log lines than this lose their oldest quarter.
const LOG_LINES: usize = 40_000;
/// Lines of each kind sent when the page's log starts anew: what comes in floods does not wash away what is rare.
const TAIL_EACH: usize = 60;

/// A run.
pub(super) struct Run {
    /// The page's number of it.
    pub id: u32,
    scenario: Scenario,
    seed: u64,
    world: World,
    /// Where the world stands, as asked.
    t_s: f64,
    checkpoints: Checkpoints,
    /// The switches over time; the first holds from 0.
    switches: Vec<(f64, Knobs)>,
    /// Everything up to here is in what follows.
    known_s: f64,
    records: Vec<Record>,
    /// The oldest have gone.
    lost_records: bool,
    lost_digest: Digest,
    log: Vec<LogLine>,
    /// More lines than this lose their oldest quarter; so many are lost so far, and so many of each kind.
    keep_lines: usize,
    lost_lines: usize,
    lost_kinds: Kinds,
    chronicle: Chronicle,
    samples: Vec<(f64, Vec<f32>)>,
    marks: Vec<Mark>,
    /// Samples and marks that the page has.
    sent: (usize, usize),
    fresh: Vec<Record>,
}

impl Run {
    pub fn new(id: u32, scenario: Scenario, seed: u64, switches: Vec<(f64, Knobs)>) -> Self {
        let knobs = switches.first().map_or_else(|| scenario.knobs(), |(_, knobs)| *knobs);
        let switches = if switches.is_empty() { vec![(0.0, knobs)] } else { switches };
        let world = World::new(&scenario, seed, knobs);
        Self {
            id,
            seed,
            t_s: 0.0,
            checkpoints: Checkpoints::new(&world),
            switches,
            known_s: 0.0,
            records: Vec::new(),
            lost_records: false,
            lost_digest: Digest::default(),
            log: Vec::new(),
            keep_lines: LOG_LINES,
            lost_lines: 0,
            lost_kinds: Kinds::new(),
            chronicle: Chronicle::new(&world.scene()),
            samples: vec![(0.0, series::sample(&world.snapshot()))],
            marks: Vec::new(),
            sent: (0, 0),
            fresh: Vec::new(),
            scenario,
            world,
        }
    }

    pub fn scene(&self) -> Scene {
        self.world.scene()
    }

    pub fn snapshot(&self) -> Snapshot {
        self.world.snapshot()
    }

    pub fn scenario(&self) -> &Scenario {
        &self.scenario
    }

    pub fn seed(&self) -> u64 {
        self.seed
    }

    pub fn chronicle(&self) -> &Chronicle {
        &self.chronicle
    }

    /// What this link should send over its channel as it stands.
    pub fn best(&self, link: u32) -> Option<Advice> {
        let channel = self.world.channel(link as usize)?;
        best::best(self.scenario.link_params(), self.scenario.distill_params(), channel, F_EC)
    }

    /// Everything that happened up to where the world stands.
    pub fn records(&self) -> &[Record] {
        let now = SimTime::from_secs(self.t_s + EPS_S);
        &self.records[..self.records.partition_point(|r| r.t <= now)]
    }

    /// The time of the first record there is, seconds, where earlier ones have gone.
    pub fn records_from_s(&self) -> Option<f64> {
        self.records.first().filter(|_| self.lost_records).map(|r| r.t.as_secs())
    }

    /// The digest of what comes before them; `None` where the world stands before the first there is.
    pub fn digest_before(&self) -> Option<Digest> {
        let known = self.records.first().is_none_or(|r| r.t <= self.now());
        (known || !self.lost_records).then(|| self.lost_digest.clone())
    }

    /// Where the world stands.
    pub fn now(&self) -> SimTime {
        SimTime::from_secs(self.t_s + EPS_S)
    }

    /// The run is over.
    pub fn finished(&self) -> bool {
        self.world.finished()
    }

    /// Simulated seconds.
    pub fn now_s(&self) -> f64 {
        self.t_s
    }

    /// What the page has not got yet.
    pub fn take_fresh(&mut self) -> Fresh {
        let fresh = Fresh {
            samples: self.samples[self.sent.0..].to_vec(),
            marks: self.marks[self.sent.1..].to_vec(),
        };
        self.sent = (self.samples.len(), self.marks.len());
        fresh
    }

    /// The visitor turned a switch: the future that was computed with the old ones is forgotten.
    pub fn set_knobs(&mut self, knobs: Knobs) {
        let now = self.t_s;
        self.checkpoints.forget_from(now);
        self.switches.retain(|(t, _)| *t < now - EPS_S);
        self.switches.push((now, knobs));
        self.log.truncate(self.log.partition_point(|l| l.t_s <= now + EPS_S));
        self.samples.truncate(self.samples.partition_point(|(t, _)| *t <= now + EPS_S));
        self.marks.truncate(self.marks.partition_point(|m| m.t_s <= now + EPS_S));
        self.sent = (self.sent.0.min(self.samples.len()), self.sent.1.min(self.marks.len()));
        let known = self.records.partition_point(|r| r.t <= self.now());
        if known < self.records.len() {
            self.records.truncate(known);
            let first = self.records.first().map_or(self.now(), |r| r.t);
            let from = if self.lost_records { first } else { SimTime::ZERO };
            self.chronicle = Chronicle::known_from(&self.world.scene(), from);
            self.records.iter().for_each(|r| self.chronicle.note(r));
        }
        self.known_s = self.known_s.min(now);
        self.world.set_knobs(knobs);
        if now == 0.0 {
            self.checkpoints = Checkpoints::new(&self.world);
        }
    }

    /// Steps on towards `to_s` while `go_on` says so; the lines logged on the way.
    pub fn advance(&mut self, to_s: f64, go_on: impl FnMut() -> bool) -> Vec<LogLine> {
        let first = self.line_after(self.t_s) + self.lost_lines;
        self.step(to_s, go_on);
        // On the way the oldest lines may have gone.
        let first = first.saturating_sub(self.lost_lines).min(self.log.len());
        let end = self.line_after(self.t_s).max(first);
        self.log[first..end].to_vec()
    }

    /// Jumps towards `t_s` while `go_on` says so; the last lines before where it came to.
    pub fn seek(&mut self, t_s: f64, go_on: impl FnMut() -> bool) -> Vec<LogLine> {
        let nearest = self.checkpoints.before(t_s);
        if let Some((at_s, world)) = nearest.filter(|(at_s, _)| t_s < self.t_s - EPS_S || *at_s > self.t_s) {
            (self.t_s, self.world) = (at_s, world.clone());
        }
        self.step(t_s, go_on);
        self.tail()
    }

    /// The newest lines of each kind up to where the world stands, oldest first.
    fn tail(&self) -> Vec<LogLine> {
        let mut seen = BTreeMap::new();
        let newest = self.log[..self.line_after(self.t_s)].iter().rev().filter(|line| {
            let lines: &mut usize = seen.entry((&line.floor, &line.kind)).or_default();
            *lines += 1;
            *lines <= TAIL_EACH
        });
        let mut lines: Vec<LogLine> = newest.cloned().collect();
        lines.reverse();
        lines
    }

    /// How many lines of each kind there were up to where the world stands; of a time whose lines are lost, none.
    pub fn tally(&self) -> Vec<KindCount> {
        let known = &self.log[..self.line_after(self.t_s)];
        let mut kinds = if known.is_empty() { Kinds::new() } else { self.lost_kinds.clone() };
        count(&mut kinds, known);
        kinds.into_iter().map(|(kind, lines)| KindCount { kind, lines }).collect()
    }

    /// Looks for a line of the log after (or before) `from_s`, stepping on while `go_on` says so. Its time, how far was
    /// looked, and whether there is nowhere left to look. The world may stand elsewhere afterwards.
    pub fn find(
        &mut self,
        what: &Find,
        from_s: f64,
        back: bool,
        go_on: impl FnMut() -> bool,
    ) -> (Option<f64>, f64, bool) {
        let wanted = |l: &&LogLine| {
            (what.floor.is_empty() || l.floor == what.floor)
                && (what.kind.is_empty() || l.kind == what.kind)
                && (!what.bad || l.bad)
        };
        if back {
            let before = &self.log[..self.log.partition_point(|l| l.t_s < from_s - EPS_S)];
            return (before.iter().rfind(wanted).map(|l| l.t_s), 0.0, true);
        }
        let after = |log: &[LogLine]| {
            let first = log.partition_point(|l| l.t_s <= from_s + EPS_S);
            log[first..].iter().find(wanted).map(|l| l.t_s)
        };
        if let Some(t_s) = after(&self.log) {
            return (Some(t_s), t_s, false);
        }
        let frontier = self.known_s;
        self.seek(frontier, || true);
        self.step(self.scenario.until_s(), go_on);
        let ended = self.world.finished() || self.t_s + EPS_S >= self.scenario.until_s();
        (after(&self.log), self.known_s, ended)
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
            self.world.step_until(next, &mut self.fresh);
            self.t_s = next;
            self.keep();
            if let Some((_, knobs)) = self.switches.iter().find(|(t, _)| (t - next).abs() <= EPS_S) {
                self.world.set_knobs(*knobs);
            }
            self.checkpoints.keep(self.t_s, &self.world);
            if !go_on() {
                break;
            }
        }
    }

    /// Keeps what was not known before.
    fn keep(&mut self) {
        let known = self.known_s;
        if self.t_s <= known + EPS_S {
            self.fresh.clear();
            return;
        }
        let old = SimTime::from_secs((known - EPS_S).max(0.0));
        for record in self.fresh.drain(..).filter(|r| known == 0.0 || r.t > old) {
            self.chronicle.note(&record);
            if let Some(line) = record.log_line() {
                self.marks.extend(mark(&line));
                self.log.push(line);
            }
            self.records.push(record);
        }
        self.known_s = self.t_s;
        let due = self.samples.last().is_none_or(|(t, _)| self.t_s >= t + series::EVERY_S - EPS_S);
        if due || self.world.finished() {
            self.samples.push((self.t_s, series::sample(&self.world.snapshot())));
        }
        if self.log.len() > self.keep_lines {
            count(&mut self.lost_kinds, &self.log[..self.keep_lines / 4]);
            self.log.drain(..self.keep_lines / 4);
            self.lost_lines += self.keep_lines / 4;
        }
        if self.records.len() > RECORDS {
            self.records.drain(..RECORDS / 4).for_each(|r| self.lost_digest.add(&r));
            self.lost_records = true;
        }
    }
}

/// Adds lines to the count of their kinds.
fn count(kinds: &mut Kinds, lines: &[LogLine]) {
    for line in lines {
        // Most kinds are there already: no name is copied for them.
        match kinds.iter_mut().find(|((floor, kind), _)| *floor == line.floor && *kind == line.kind) {
            Some((_, lines)) => *lines += 1,
            None => {
                kinds.insert((line.floor.clone(), line.kind.clone()), 1);
            }
        }
    }
}

/// What of the log is marked on the time line.
fn mark(line: &LogLine) -> Option<Mark> {
    let kind = match (line.floor.as_str(), line.kind.as_str(), line.bad) {
        ("its", _, true) => MarkKind::Dropped,
        ("road", _, true) => MarkKind::Fooled,
        ("link" | "distill" | "kmm" | "sdn" | "zap", _, true) => MarkKind::Lost,
        ("road", "arrived", _) | ("zap", "joined", _) => MarkKind::Good,
        _ => return None,
    };
    Some(Mark { t_s: line.t_s, kind })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_log_that_loses_its_oldest_lines_goes_on() {
        let scenario = Scenario::warwick();
        let mut run = Run::new(1, scenario, 1, Vec::new());
        run.keep_lines = 200;
        let mut last_s = 0.0;
        for i in 1..=60 {
            let lines = run.advance(f64::from(i), || true);
            assert!(run.log.len() <= 200 && lines.iter().all(|l| l.t_s > last_s - 0.2), "at {i} s");
            last_s = f64::from(i);
        }
        assert!(run.lost_lines > 200);
        // Back to where the lines are gone, and on again.
        assert!(run.seek(5.0, || true).len() <= 200);
        // Rare kinds are not washed away by frequent ones, and the lost are counted.
        let all = run.seek(60.0, || true);
        let counted: u32 = run.tally().iter().map(|k| k.lines).sum();
        assert_eq!(counted as usize, run.log.len() + run.lost_lines);
        assert!(all.len() <= run.log.len() && all.windows(2).all(|w| w[0].t_s <= w[1].t_s));
        assert!(!run.advance(62.0, || true).is_empty());
    }
}
