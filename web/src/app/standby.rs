//! The standby: a worker that follows the run a little behind its own worker, with the same scenario, seed and switches,
//! and takes its place where it dies. The same switches at the same times give the same run, so it holds checkpoints, log
//! and chain just as the dead one did, and no secret has ever left a worker.

use super::{App, Msg, Phase, workers};
use crate::text;
use crate::worker::{Command, PROTOCOL, Reply, SimWorker, Start};
use gloo::worker::WorkerBridge;
use yew::prelude::*;

/// A page that has run for so long gets one: its start is not held up, and it is soon over. Milliseconds.
const AFTER_MS: f64 = 4_000.0;
/// It follows when the run is so far ahead, simulated seconds.
const BEHIND_S: f64 = 2.0;
/// It rests so long between two slices, twice as long as one takes: a third of a thread is enough for it. Milliseconds.
const REST_MS: f64 = 24.0;

/// The standby.
pub struct Standby {
    bridge: WorkerBridge<SimWorker>,
    /// Its number among the page's workers.
    pub generation: u32,
    /// It holds this run, as far as it has come.
    run: u32,
    /// Simulated seconds.
    known_s: f64,
    /// When the request under way was sent.
    waiting_ms: Option<f64>,
    /// It rests until then.
    rests_ms: f64,
}

impl Standby {
    fn ask(&mut self, command: Command, now_ms: f64) {
        self.bridge.send(command);
        self.waiting_ms = Some(now_ms);
    }
}

impl App {
    /// Keeps the standby close behind the run.
    pub(super) fn drive_standby(&mut self, ctx: &Context<Self>, now_ms: f64) {
        // While others work, theirs is the thread that is free.
        if self.phase != Phase::Ready || self.tests.running > 0 || self.papers.running.is_some() {
            return;
        }
        let Some(standby) = &mut self.standby else {
            if self.ready_ms.is_some_and(|t_ms| now_ms - t_ms > AFTER_MS) && workers::threads() >= 2.0 {
                self.generations += 1;
                let generation = self.generations;
                let bridge = workers::spawn(ctx, move |reply| Msg::Reply(generation, reply));
                let mut standby =
                    Standby { bridge, generation, run: 0, known_s: 0.0, waiting_ms: None, rests_ms: 0.0 };
                standby.ask(Command::Hello, now_ms);
                self.standby = Some(standby);
            }
            return;
        };
        if workers::silent(standby.waiting_ms, self.doubt_ms, now_ms) {
            self.dismiss_standby(now_ms);
            return;
        }
        if standby.waiting_ms.is_some() || now_ms < standby.rests_ms {
            return;
        }
        if standby.run != self.run {
            let scenario_json = self.running.as_ref().map(ToString::to_string);
            (standby.run, standby.known_s) = (self.run, 0.0);
            let (run, seed, switches) = (self.run, self.seed, self.switches.clone());
            standby.ask(Command::Load(Start { run, scenario_json, seed, switches }), now_ms);
            return;
        }
        let to_s = self.shot.t_s;
        if to_s - standby.known_s > BEHIND_S {
            standby.ask(Command::Follow { switches: self.switches.clone(), to_s }, now_ms);
        }
    }

    /// A switch was turned at `t_s`: what the standby knows of later is not so.
    pub(super) fn turn_standby(&mut self, t_s: f64) {
        if let Some(standby) = &mut self.standby {
            standby.known_s = standby.known_s.min(t_s);
        }
    }

    /// The standby with this number answered.
    pub(super) fn on_standby(&mut self, generation: u32, reply: &Reply) {
        let now_ms = super::now_ms();
        let Some(standby) = self.standby.as_mut().filter(|s| s.generation == generation) else { return };
        standby.waiting_ms = None;
        standby.rests_ms = now_ms + REST_MS;
        match reply {
            Reply::Followed { known_s } => standby.known_s = *known_s,
            Reply::Hello { protocol, .. } if *protocol == PROTOCOL => {}
            Reply::Loaded(_) => {}
            // A worker of another build, or one that makes something else of the run.
            _ => self.dismiss_standby(now_ms),
        }
    }

    /// Another comes later.
    fn dismiss_standby(&mut self, now_ms: f64) {
        (self.standby, self.doubt_ms, self.ready_ms) = (None, None, Some(now_ms));
    }

    /// The run's worker has died: the standby goes on where the run stood, if it holds it.
    pub(super) fn take_over(&mut self, ctx: &Context<Self>) -> bool {
        let Some(standby) = self.standby.take().filter(|s| s.run == self.run && s.known_s > 0.0) else {
            return false;
        };
        let now_ms = super::now_ms();
        self.dismiss();
        self.ready_ms = Some(now_ms);
        self.generation = standby.generation;
        let t_s = self.clock.resume(now_ms);
        standby.bridge.send(Command::Follow { switches: self.switches.clone(), to_s: standby.known_s });
        standby.bridge.send(Command::Seek { t_s });
        self.worker = Some(standby.bridge);
        // What it came to know it has told nobody.
        self.story.learn_anew();
        self.ask_look();
        self.ask_dissect();
        self.say(ctx, text::notes::taken_over_at(self.shot.t_s));
        true
    }
}
