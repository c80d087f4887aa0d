//! The page's workers: how they are started, what they are asked, and what is done where one dies.

use super::{App, Msg, Phase, now_ms, set_state};
use crate::text;
use crate::worker::{Command, SimWorker, Start};
use gloo::worker::Spawnable;
use keyway_core::sim::snapshot::Knobs;
use yew::prelude::*;

/// A worker that dies is started again by itself so often in a row.
const RESTARTS: u32 = 2;

impl App {
    pub(super) fn start_worker(&mut self, ctx: &Context<Self>) {
        self.generation += 1;
        self.phase = Phase::Starting;
        self.dismiss();
        let (scope, generation) = (ctx.link().clone(), self.generation);
        let bridge = SimWorker::spawner()
            .callback(move |reply| scope.send_message(Msg::Reply(generation, Box::new(reply))))
            .with_loader(true)
            .spawn("worker_loader.js");
        bridge.send(Command::Hello);
        self.worker = Some(bridge);
        self.clock.restart();
        self.clock.sent(now_ms());
    }

    /// Begins a run with the document, seed and switches as they stand.
    pub(super) fn load(&mut self) {
        self.load_switched(self.knobs.map(|k| (0.0, k)).into_iter().collect());
    }

    pub(super) fn load_built_in(&mut self) {
        self.asked_run += 1;
        (self.own, self.seed) = (false, None);
        let start = Start { run: self.asked_run, ..Start::default() };
        self.send(Command::Load(start));
    }

    pub(super) fn load_switched(&mut self, switches: Vec<(f64, Knobs)>) {
        self.asked_run += 1;
        self.own = true;
        let (run, seed, scenario_json) = (self.asked_run, self.seed, self.document.json());
        // Where it is refused, the old run goes on as it was.
        self.clock.asks.clear();
        self.send(Command::Load(Start { run, scenario_json, seed, switches }));
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

    /// A worker that is silent is dead: another takes up the run where it stood.
    pub(super) fn worker_died(&mut self, ctx: &Context<Self>) -> bool {
        let starting = self.phase == Phase::Starting;
        if starting || self.restarts >= RESTARTS {
            return self
                .break_with(if starting { text::notes::NO_HELLO } else { text::notes::NO_ANSWER }.into());
        }
        self.restarts += 1;
        self.start_s = self.shot.t_s;
        self.say(ctx, text::notes::restarted_at(self.start_s));
        self.start_worker(ctx);
        true
    }

    pub(super) fn break_with(&mut self, why: String) -> bool {
        self.phase = Phase::Broken(why);
        self.worker = None;
        self.dismiss();
        self.rival = None;
        set_state("error");
        true
    }
}
