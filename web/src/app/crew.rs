//! Workers beside the run's own, for what takes its time: tests and the parts of studies. Each takes the next job when it
//! is free; when there is none left, all are let go.

use super::{App, Msg, workers};
use crate::worker::{Command, Reply, SimWorker};
use gloo::timers::callback::Timeout;
use gloo::worker::WorkerBridge;
use keyway_core::studies::Report;
use std::collections::VecDeque;
use yew::prelude::*;

/// A job whose worker says nothing for longer than this has stopped, milliseconds.
const SILENCE_MS: u32 = 300_000;
/// No more workers than this, whatever the machine has: each holds the whole core.
const MOST: usize = 7;

/// The workers, and what they have to do.
#[derive(Default)]
pub struct Crew {
    members: Vec<Member>,
    jobs: VecDeque<Command>,
    study: Option<Parts>,
    /// Runs out when a worker has died.
    timer: Option<Timeout>,
}

struct Member {
    bridge: WorkerBridge<SimWorker>,
    busy: bool,
}

/// A study under way.
struct Parts {
    id: String,
    /// How far each part has come, 0 to 1.
    done: Vec<f64>,
    reports: Vec<Option<Report>>,
}

impl Parts {
    fn new(id: String, parts: u32) -> Self {
        let parts = parts.max(1) as usize;
        Self { id, done: vec![0.0; parts], reports: vec![None; parts] }
    }

    /// How far the whole has come.
    fn share(&self) -> f64 {
        self.done.iter().sum::<f64>() / self.done.len() as f64
    }

    /// Keeps a part; the whole, once it is there.
    fn put(&mut self, part: u32, report: Report) -> Option<Report> {
        if let Some(place) = self.reports.get_mut(part as usize) {
            *place = Some(report);
        }
        if self.reports.iter().any(Option::is_none) {
            return None;
        }
        self.reports.iter_mut().filter_map(Option::take).reduce(Report::join)
    }
}

/// How many workers a machine of so many threads has for so many jobs: one thread is the page's and its run's.
fn size(threads: f64, jobs: usize) -> usize {
    let free = if threads >= 2.0 { threads as usize - 1 } else { 1 };
    free.min(MOST).min(jobs)
}

impl App {
    /// Gives these jobs to whoever is free.
    pub(super) fn work(&mut self, ctx: &Context<Self>, jobs: impl IntoIterator<Item = Command>) {
        self.crew.jobs.extend(jobs);
        let busy = self.crew.members.iter().filter(|m| m.busy).count();
        for member in self.crew.members.len()..size(workers::threads(), busy + self.crew.jobs.len()) {
            let generation = self.generation;
            let bridge = workers::spawn(ctx, move |reply| Msg::Worked(generation, member, reply));
            self.crew.members.push(Member { bridge, busy: false });
        }
        for member in self.crew.members.iter_mut().filter(|m| !m.busy) {
            let Some(job) = self.crew.jobs.pop_front() else { break };
            member.bridge.send(job);
            member.busy = true;
        }
        let scope = ctx.link().clone();
        self.crew.timer = Some(Timeout::new(SILENCE_MS, move || scope.send_message(Msg::CrewSilent)));
    }

    /// Begins a study, part by part.
    pub(super) fn run_study(&mut self, ctx: &Context<Self>, id: String) {
        let Some(seed) = self.seed.filter(|_| self.papers.running.is_none()) else { return };
        let parts = self.papers.studies.iter().find(|s| s.id == id).map_or(1, |s| s.parts);
        let scenario_json = self.running_json();
        let job = |part| Command::Study { id: id.clone(), part, scenario_json: scenario_json.clone(), seed };
        self.crew.study = Some(Parts::new(id.clone(), parts));
        self.work(ctx, (0..parts).map(job));
        self.papers.stopped = None;
        self.papers.running = Some((id, 0.0));
    }

    /// A worker of the crew answered.
    pub(super) fn on_worked(&mut self, ctx: &Context<Self>, member: usize, reply: Reply) -> bool {
        let free = !matches!(reply, Reply::Progress { .. });
        match reply {
            Reply::Test(row) => {
                self.tests.put(row);
                self.tests.running = self.tests.running.saturating_sub(1);
            }
            Reply::Progress { part, done } => {
                let Some(study) = &mut self.crew.study else { return false };
                study.done.iter_mut().skip(part as usize).take(1).for_each(|share| *share = done);
                self.papers.running = Some((study.id.clone(), study.share()));
            }
            Reply::Report { part, report } => {
                if let Some(whole) = self.crew.study.as_mut().and_then(|s| s.put(part, *report)) {
                    (self.crew.study, self.papers.running) = (None, None);
                    self.papers.reports.insert(whole.study.clone(), whole);
                }
            }
            Reply::Refused { why, .. } => {
                self.papers.stopped = Some(why);
                self.dismiss();
                return true;
            }
            _ => return false,
        }
        if let Some(member) = self.crew.members.get_mut(member).filter(|_| free) {
            member.busy = false;
        }
        self.work(ctx, []);
        if self.crew.members.iter().all(|m| !m.busy) {
            self.dismiss();
        }
        true
    }

    /// Lets all of them go, whatever they are at.
    pub(super) fn dismiss(&mut self) {
        self.crew = Crew::default();
        (self.tests.running, self.papers.running) = (0, None);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_thread_is_left_to_the_run() {
        let sizes = [(f64::NAN, 9), (1.0, 9), (2.0, 9), (4.0, 9), (4.0, 2), (64.0, 12), (4.0, 0)];
        assert_eq!(sizes.map(|(threads, jobs)| size(threads, jobs)), [1, 1, 1, 3, 2, MOST, 0]);
    }

    #[test]
    fn a_study_is_whole_when_its_last_part_is_there() {
        let report = |what: &str| {
            let table = keyway_core::studies::Table { title: what.into(), columns: vec![], rows: vec![] };
            Report { study: "s".into(), seed: 1, claims: vec![], tables: vec![table], plots: vec![] }
        };
        let mut parts = Parts::new("s".into(), 3);
        assert!(parts.put(2, report("c")).is_none() && parts.put(0, report("a")).is_none());
        assert!(parts.put(9, report("none of it")).is_none());
        let whole = parts.put(1, report("b")).unwrap();
        assert_eq!(whole.tables.iter().map(|t| &t.title[..]).collect::<Vec<_>>(), ["a", "b", "c"]);
        (parts.done[0], parts.done[2]) = (1.0, 0.5);
        assert_eq!(parts.share(), 0.5);
    }
}
