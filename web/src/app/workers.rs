//! The page's workers: how they are started, what they are asked, and what is done where one dies.

use super::{App, Msg, Phase, now_ms, set_state};
use crate::text;
use crate::worker::{Command, Reply, SimWorker, Start};
use gloo::worker::{Spawnable, WorkerBridge};
use keyway_core::sim::snapshot::Knobs;
use yew::prelude::*;

/// A worker that dies is replaced by itself so often in a row.
pub const RESTARTS: u32 = 2;
/// A run that has come so far from where its last worker died has passed what killed it, simulated seconds.
pub(super) const PASSED_S: f64 = 5.0;

/// A worker that is silent for longer than this has died, milliseconds.
const SILENCE_MS: f64 = 10_000.0;
/// So long, where an error was reported that no worker's answer told of: its worker answers nothing any more. Milliseconds.
const DOUBT_MS: f64 = 1_000.0;

/// A worker that has not answered what was sent to it then has died; `doubt_ms` is when an error was last reported.
pub(super) fn silent(sent_ms: Option<f64>, doubt_ms: Option<f64>, now_ms: f64) -> bool {
    sent_ms.is_some_and(|sent_ms| {
        let doubted =
            doubt_ms.is_some_and(|t_ms| now_ms - t_ms < SILENCE_MS && now_ms - t_ms.max(sent_ms) > DOUBT_MS);
        now_ms - sent_ms > SILENCE_MS || doubted
    })
}

/// Another worker; its answers come as these messages.
pub(super) fn spawn(
    ctx: &Context<App>,
    message: impl Fn(Box<Reply>) -> Msg + 'static,
) -> WorkerBridge<SimWorker> {
    let scope = ctx.link().clone();
    SimWorker::spawner()
        .callback(move |reply| scope.send_message(message(Box::new(reply))))
        .with_loader(true)
        .spawn("worker_loader.js")
}

/// How many threads the machine says that it has.
pub(super) fn threads() -> f64 {
    gloo::utils::window().navigator().hardware_concurrency()
}

impl App {
    pub(super) fn start_worker(&mut self, ctx: &Context<Self>) {
        self.generations += 1;
        self.generation = self.generations;
        self.phase = Phase::Starting;
        (self.standby, self.ready_ms) = (None, None);
        self.dismiss();
        let generation = self.generation;
        let bridge = spawn(ctx, move |reply| Msg::Reply(generation, reply));
        bridge.send(Command::Hello);
        self.worker = Some(bridge);
        self.clock.restart();
        self.clock.sent(now_ms());
    }

    /// Begins a run with the document, seed and switches as they stand.
    pub(super) fn load(&mut self) {
        self.restarts = 0;
        self.load_switched(self.knobs.map(|k| (0.0, k)).into_iter().collect());
    }

    pub(super) fn load_built_in(&mut self) {
        self.asked_run += 1;
        (self.own, self.seed) = (false, None);
        self.asked_switches.clear();
        let start = Start { run: self.asked_run, ..Start::default() };
        self.send(Command::Load(start));
    }

    pub(super) fn load_switched(&mut self, switches: Vec<(f64, Knobs)>) {
        self.asked_run += 1;
        self.own = true;
        let (run, seed, scenario_json) = (self.asked_run, self.seed, self.document.json());
        // Where it is refused, the old run goes on as it was.
        self.clock.asks.clear();
        self.asked_switches.clone_from(&switches);
        self.send(Command::Load(Start { run, scenario_json, seed, switches }));
    }

    /// The text of the scenario that runs; `None` for the built-in campus.
    pub(super) fn running_json(&self) -> Option<String> {
        self.running.as_ref().map(|now| now.text().to_owned())
    }

    pub(super) fn send(&mut self, command: Command) {
        if let Some(worker) = &self.worker {
            worker.send(command);
            self.clock.sent(now_ms());
        }
    }

    /// What is looked at has changed.
    pub(super) fn ask_look(&mut self) {
        let look = (self.tab.panel().look)(&self.choices);
        let ask = Command::Look { subject: self.subject.clone(), look };
        // Only the newest wish counts.
        self.clock.asks.retain(|c| !matches!(c, Command::Look { .. }));
        self.clock.asks.push_back(ask);
        self.view = None;
    }

    /// A worker that is silent is dead: the standby takes up the run where it stood, or another steps there anew.
    pub(super) fn worker_died(&mut self, ctx: &Context<Self>) -> bool {
        self.doubt_ms = None;
        let starting = self.phase == Phase::Starting;
        if starting || self.restarts >= RESTARTS {
            return self
                .break_with(if starting { text::notes::NO_HELLO } else { text::notes::NO_ANSWER }.into());
        }
        self.restarts += 1;
        self.died_s = self.shot.t_s;
        if self.take_over(ctx) {
            return true;
        }
        self.start_s = self.shot.t_s;
        self.say(ctx, text::notes::restarted_at(self.start_s));
        self.start_worker(ctx);
        true
    }

    pub(super) fn break_with(&mut self, why: String) -> bool {
        self.phase = Phase::Broken(why);
        (self.worker, self.standby) = (None, None);
        self.dismiss();
        self.rival = None;
        set_state("error");
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_worker_is_waited_for_less_long_once_an_error_was_reported() {
        let at = |sent_ms, doubt_ms, now_ms| silent(sent_ms, doubt_ms, now_ms);
        assert!(!at(None, Some(0.0), 1e6), "nothing was asked");
        assert!(!at(Some(0.0), None, 9_000.0) && at(Some(0.0), None, 11_000.0));
        assert!(!at(Some(0.0), Some(5_000.0), 5_500.0) && at(Some(0.0), Some(5_000.0), 6_500.0));
        // What is asked of a dead worker is not answered either.
        assert!(!at(Some(5_000.0), Some(1_000.0), 5_500.0) && at(Some(5_000.0), Some(1_000.0), 6_500.0));
        // An old error was another's.
        assert!(!at(Some(50_000.0), Some(1_000.0), 55_000.0));
    }
}
