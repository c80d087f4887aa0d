//! A run inside the worker: the world, its checkpoints, what is known of it, and the history of its switches. Going
//! back restores the nearest checkpoint and steps on from there; the same seed and the same switches at the same
//! times give the same run, so what the visitor sees again is what was there before.

use super::checkpoints::{Checkpoints, EPS_S};
use super::log::Log;
use super::{Find, Fresh, KindCount, Mark, MarkKind};
use keyway_core::ground::SimTime;
use keyway_core::sim::reel::Reel;
use keyway_core::sim::snapshot::{Knobs, LogLine, Scene, Snapshot};
use keyway_core::sim::trace::Digest;
use keyway_core::sim::{Chronicle, Record, Scenario, World, series};
use keyway_core::studies::best::{self, Advice};
use keyway_core::studies::rates::F_EC;

/// One slice of simulated time between two looks at the clock, seconds.
const SLICE_S: f64 = 0.1;
/// So many records are kept. On the built-in campus three quarters of an hour, and 5 MB.
const RECORDS: usize = 120_000;
/// So many log lines are kept. On the built-in campus a little longer, and less than 2 MB.
const LOG_LINES: usize = 80_000;

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
    records: Reel<Record>,
    /// Of those that have gone.
    lost_digest: Digest,
    log: Log,
    chronicle: Chronicle,
    /// When the series were last sampled, seconds.
    sampled_s: f64,
    /// What became known and the page has not got yet: it keeps these, not the worker.
    unsent: Fresh,
    fresh: Vec<Record>,
}

impl Run {
    pub fn new(id: u32, scenario: Scenario, seed: u64, switches: Vec<(f64, Knobs)>) -> Self {
        let knobs = switches.first().map_or_else(|| scenario.knobs(), |(_, knobs)| *knobs);
        let switches = if switches.is_empty() { vec![(0.0, knobs)] } else { switches };
        let mut world = World::new(&scenario, seed, knobs);
        switches.iter().skip(1).filter(|(t, _)| *t <= EPS_S).for_each(|(_, knobs)| world.set_knobs(*knobs));
        Self {
            id,
            seed,
            t_s: 0.0,
            checkpoints: Checkpoints::new(&world),
            switches,
            known_s: 0.0,
            records: Reel::new(RECORDS),
            lost_digest: Digest::default(),
            log: Log::new(LOG_LINES),
            chronicle: Chronicle::new(&world.scene()),
            sampled_s: 0.0,
            unsent: Fresh { samples: vec![(0.0, series::sample(&world.snapshot()))], marks: Vec::new() },
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
    pub fn records(&self) -> impl Iterator<Item = Record> + '_ {
        self.records.iter(0..self.records.until(self.now().as_secs()))
    }

    /// The time of the first record there is, seconds, where earlier ones have gone.
    pub fn records_from_s(&self) -> Option<f64> {
        self.records.first_s().filter(|_| self.records.gone() > 0)
    }

    /// The digest of what comes before them; `None` where the world stands before the first there is.
    pub fn digest_before(&self) -> Option<Digest> {
        let known = self.records_from_s().is_none_or(|t_s| t_s <= self.now().as_secs());
        known.then(|| self.lost_digest.clone())
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
        std::mem::take(&mut self.unsent)
    }

    /// The visitor turned a switch: the future that was computed with the old ones is forgotten. Whoever turns the same
    /// switches at the same times has the same run, so those turned at one instant are all kept, in their order.
    pub fn set_knobs(&mut self, knobs: Knobs) -> Vec<LogLine> {
        self.switches.retain(|(t, _)| *t <= self.t_s + EPS_S);
        self.switches.push((self.t_s, knobs));
        if self.t_s == 0.0 {
            let told = std::mem::take(&mut self.unsent.samples);
            self.begin_again();
            self.unsent.samples = told.into_iter().filter(|(t, _)| *t <= EPS_S).collect();
            return Vec::new();
        }
        self.checkpoints.forget_from(self.t_s);
        self.forget_future();
        let first = self.log.len();
        self.turn(knobs);
        self.log.range(first.min(self.log.len())..self.log.len())
    }

    /// Goes on towards `to_s` with these switches over time, while `go_on` says so, as a run beside this one does; what
    /// was computed with others is forgotten. Up to where everything is known, seconds.
    pub fn follow(&mut self, switches: &[(f64, Knobs)], to_s: f64, go_on: impl FnMut() -> bool) -> f64 {
        let alike = self.switches.iter().zip(switches).take_while(|(a, b)| a == b).count();
        let (ours, theirs) = (self.switches.get(alike), switches.get(alike));
        match (ours.map(|s| s.0), theirs.map(|s| s.0)) {
            (None, None) => {}
            (None, Some(at_s)) if at_s > self.known_s + EPS_S => self.switches = switches.to_vec(),
            (ours_s, Some(at_s)) if alike > 0 && at_s > 0.0 && ours_s.is_none_or(|t| t > at_s) => {
                self.switches.truncate(alike);
                self.checkpoints.forget_from(at_s);
                if let Some((from_s, world)) = self.checkpoints.before(at_s) {
                    (self.t_s, self.world) = (from_s, world.clone());
                }
                self.step(at_s, || true);
                self.forget_future();
                self.switches = switches.to_vec();
                for (_, knobs) in switches.iter().skip(alike).filter(|(t, _)| (t - at_s).abs() <= EPS_S) {
                    self.turn(*knobs);
                }
            }
            _ => {
                self.switches = switches.to_vec();
                self.begin_again();
            }
        }
        self.step(to_s, go_on);
        self.known_s
    }

    fn begin_again(&mut self) {
        let switches = std::mem::take(&mut self.switches);
        *self = Self::new(self.id, self.scenario.clone(), self.seed, switches);
    }

    /// Turns the world's switches where it stands, at the end of what is known, and keeps what that alone brings about.
    fn turn(&mut self, knobs: Knobs) {
        self.world.set_knobs(knobs);
        self.world.step_until(self.t_s, &mut self.fresh);
        self.note_fresh(None);
    }

    /// What was known beyond where the world stands is not so.
    fn forget_future(&mut self) {
        let now = self.t_s;
        self.log.truncate(self.log.until(now + EPS_S));
        self.unsent.samples.retain(|(t, _)| *t <= now + EPS_S);
        self.unsent.marks.retain(|m| m.t_s <= now + EPS_S);
        self.sampled_s = self.sampled_s.min(now);
        let known = self.records.until(self.now().as_secs());
        if known < self.records.len() {
            self.records.truncate(known);
            let first = self.records.iter(0..1).next().map_or(self.now(), |r| r.t);
            let from = if self.records.gone() > 0 { first } else { SimTime::ZERO };
            self.chronicle = Chronicle::known_from(&self.world.scene(), from);
            self.records.iter(0..known).for_each(|r| self.chronicle.note(&r));
        }
        self.known_s = self.known_s.min(now);
    }

    /// Steps on towards `to_s` while `go_on` says so; the lines logged on the way.
    pub fn advance(&mut self, to_s: f64, go_on: impl FnMut() -> bool) -> Vec<LogLine> {
        let first = self.line_after(self.t_s) + self.log.gone();
        self.step(to_s, go_on);
        // On the way the oldest lines may have gone.
        let first = first.saturating_sub(self.log.gone()).min(self.log.len());
        let end = self.line_after(self.t_s).max(first);
        self.log.range(first..end)
    }

    /// Jumps towards `t_s` while `go_on` says so; the last lines before where it came to.
    pub fn seek(&mut self, t_s: f64, go_on: impl FnMut() -> bool) -> Vec<LogLine> {
        let nearest = self.checkpoints.before(t_s);
        if let Some((at_s, world)) = nearest.filter(|(at_s, _)| t_s < self.t_s - EPS_S || *at_s > self.t_s) {
            (self.t_s, self.world) = (at_s, world.clone());
        }
        self.step(t_s, go_on);
        self.log.tail(self.line_after(self.t_s))
    }

    /// How many lines of each kind there were up to where the world stands; of a time whose lines are lost, none.
    pub fn tally(&self) -> Vec<KindCount> {
        self.log.tally(self.line_after(self.t_s))
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
        if back {
            return (self.log.last(what, self.log.until(from_s - EPS_S)), 0.0, true);
        }
        let first = self.log.until(from_s + EPS_S);
        if let Some(t_s) = self.log.next(what, first) {
            return (Some(t_s), t_s, false);
        }
        let first = first + self.log.gone();
        let frontier = self.known_s;
        self.seek(frontier, || true);
        self.step(self.scenario.until_s(), go_on);
        let ended = self.world.finished() || self.t_s + EPS_S >= self.scenario.until_s();
        (self.log.next(what, first.saturating_sub(self.log.gone())), self.known_s, ended)
    }

    /// Index of the first line later than `t_s`; at the frontier, behind everything.
    fn line_after(&self, t_s: f64) -> usize {
        if t_s >= self.known_s - EPS_S {
            return self.log.len();
        }
        self.log.until(t_s + EPS_S)
    }

    fn step(&mut self, to_s: f64, mut go_on: impl FnMut() -> bool) {
        while self.t_s + EPS_S < to_s && !self.world.finished() {
            let mut next = (self.t_s + SLICE_S).min(to_s);
            if let Some((t, _)) = self.switches.iter().find(|(t, _)| *t > self.t_s + EPS_S) {
                next = next.min(*t);
            }
            self.world.step_until(next, &mut self.fresh);
            self.t_s = next;
            for (_, knobs) in self.switches.iter().filter(|(t, _)| (t - next).abs() <= EPS_S) {
                self.world.set_knobs(*knobs);
                self.world.step_until(next, &mut self.fresh);
            }
            self.keep();
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
        self.note_fresh((known > 0.0).then(|| SimTime::from_secs((known - EPS_S).max(0.0))));
        self.known_s = self.t_s;
        if self.t_s >= self.sampled_s + series::EVERY_S - EPS_S || self.world.finished() {
            self.sampled_s = self.t_s;
            self.unsent.samples.push((self.t_s, series::sample(&self.world.snapshot())));
        }
    }

    /// Keeps the records later than `after`.
    fn note_fresh(&mut self, after: Option<SimTime>) {
        for record in self.fresh.drain(..).filter(|r| after.is_none_or(|t| r.t > t)) {
            self.chronicle.note(&record);
            if let Some(line) = record.log_line() {
                self.unsent.marks.extend(mark(&line));
                self.log.push(line);
            }
            self.records.push(record).iter().for_each(|r| self.lost_digest.add(r));
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
    use keyway_core::sim::reel::PIECE;

    #[test]
    fn a_log_that_loses_its_oldest_lines_goes_on() {
        let scenario = Scenario::warwick();
        let mut run = Run::new(1, scenario, 1, Vec::new());
        run.log = Log::new(200);
        let mut last_s = 0.0;
        for i in 1..=60 {
            let lines = run.advance(f64::from(i), || true);
            assert!(run.log.len() <= 200 + PIECE && lines.iter().all(|l| l.t_s > last_s - 0.2), "at {i} s");
            last_s = f64::from(i);
        }
        assert!(run.log.gone() > 200);
        // Back to where the lines are gone, and on again.
        assert!(run.seek(5.0, || true).len() <= 200);
        // Rare kinds are not washed away by frequent ones, and the lost are counted.
        let all = run.seek(60.0, || true);
        let counted: u32 = run.tally().iter().map(|k| k.lines).sum();
        assert_eq!(counted as usize, run.log.len() + run.log.gone());
        assert!(all.len() <= run.log.len() && all.windows(2).all(|w| w[0].t_s <= w[1].t_s));
        assert!(!run.advance(62.0, || true).is_empty());
    }

    /// Steps to `to_s`, and what the page is told on the way.
    fn told(run: &mut Run, to_s: f64) -> (Vec<LogLine>, Fresh) {
        let lines = run.advance(to_s, || true);
        (lines, run.take_fresh())
    }

    #[test]
    fn what_is_packed_is_what_was_reported() {
        let mut run = Run::new(1, Scenario::warwick(), 1, Vec::new());
        let (lines, fresh) = told(&mut run, 40.0);
        let mut records = Vec::new();
        World::new(&run.scenario, 1, run.scenario.knobs()).step_until(40.0, &mut records);
        assert!(run.records().eq(records.iter().cloned()));
        assert!(lines.into_iter().eq(records.iter().filter_map(Record::log_line)));
        assert!(fresh.samples.len() > 70 && fresh.samples.windows(2).all(|w| w[0].0 < w[1].0));
        // Each is told once, and the worker keeps none of them.
        assert_eq!(run.take_fresh().samples.len() + run.take_fresh().marks.len(), 0);
    }

    /// The two know the same, and stand at the same time.
    fn assert_same(a: &Run, b: &Run) {
        assert!(a.records().eq(b.records()));
        assert_eq!(a.log.range(0..a.log.len()), b.log.range(0..b.log.len()));
        assert_eq!(a.tally(), b.tally());
        let trace = |run: &Run| format!("{:?}", run.chronicle.trace(None, run.now()));
        assert_eq!(trace(a), trace(b));
    }

    #[test]
    fn switches_turned_at_one_instant_again_and_again_are_all_part_of_the_run() {
        for at_s in [0.0, 20.0] {
            let mut run = Run::new(1, Scenario::warwick(), 1, Vec::new());
            told(&mut run, 40.0);
            let knobs = run.snapshot().knobs;
            for visibility_km in [5.0, 1.0, 0.5] {
                run.seek(at_s, || true);
                run.set_knobs(Knobs { visibility_km, ..knobs });
                run.set_knobs(Knobs { visibility_km, rain_mm_h: 3.0, ..knobs });
                told(&mut run, at_s + visibility_km);
            }
            told(&mut run, 40.0);
            let mut again = Run::new(1, Scenario::warwick(), 1, run.switches.clone());
            told(&mut again, 40.0);
            assert_same(&run, &again);
            let mut beside = Run::new(1, Scenario::warwick(), 1, run.switches[..2].to_vec());
            for to_s in [10.0, 30.0, 40.0] {
                beside.follow(&run.switches, to_s, || true);
            }
            assert_same(&run, &beside);
        }
    }

    #[test]
    fn a_switch_turned_in_the_past_makes_what_follows_anew() {
        let start = Run::new(1, Scenario::warwick(), 1, Vec::new());
        let knobs = Knobs { protected: false, ..start.snapshot().knobs };
        let mut turned = start;
        told(&mut turned, 50.0);
        turned.seek(20.0, || true);
        turned.set_knobs(knobs);
        assert!(turned.records().all(|r| r.t.as_secs() <= 20.1) && turned.log.len() > 0);
        told(&mut turned, 50.0);
        // As a worker that died would be brought back: the same switches at the same times.
        let mut again = Run::new(1, Scenario::warwick(), 1, turned.switches.clone());
        told(&mut again, 50.0);
        assert_same(&turned, &again);
        // And as one beside it that was behind, or ahead of the turn.
        for behind_s in [0.0, 12.0, 35.0] {
            let mut beside = Run::new(1, Scenario::warwick(), 1, vec![turned.switches[0]]);
            beside.follow(&[turned.switches[0]], behind_s, || true);
            assert_eq!(beside.follow(&turned.switches, 50.0, || true), 50.0);
            assert_same(&turned, &beside);
        }
        // And what is looked for is found where it is.
        let what = Find { floor: "zap".into(), kind: "joined".into(), bad: false };
        let (found, ..) = turned.find(&what, 0.0, false, || true);
        let joins = turned.log.range(0..turned.log.len()).into_iter().filter(|l| l.kind == "joined");
        let times: Vec<f64> = joins.map(|l| l.t_s).collect();
        assert!(times.len() > 1 && found == times.first().copied());
        assert_eq!(turned.find(&what, 50.0, true, || true).0, times.last().copied());
    }
}
