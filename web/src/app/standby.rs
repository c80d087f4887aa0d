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
/// It rests so long between two slices where there is time for it, twice as long as one takes: a third of a thread is
/// enough for it. Where a frame of the screen was late, or the run is, twice as long as the last time, and at most so long;
/// where none was, half as long. Milliseconds.
const REST_MS: (f64, f64) = (24.0, 400.0);
/// A frame that comes later than this after the one before was late: a screen of 60 a second has gone without one.
/// Milliseconds.
const LATE_FRAME_MS: f64 = 25.0;

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
    /// How long it rests after a slice.
    rest_ms: f64,
    /// Since its last slice the page or the run has gone short of time.
    short: bool,
}

impl Standby {
    fn ask(&mut self, command: Command, now_ms: f64) {
        self.bridge.send(command);
        self.waiting_ms = Some(now_ms);
    }

    /// A slice is done.
    fn rest(&mut self, now_ms: f64) {
        self.rest_ms = rest_after(self.rest_ms, std::mem::take(&mut self.short));
        (self.waiting_ms, self.rests_ms) = (None, now_ms + self.rest_ms);
    }
}

/// How long it rests after a slice, after the last one it rested `rest_ms`; `short` of time was the page meanwhile.
fn rest_after(rest_ms: f64, short: bool) -> f64 {
    let (least_ms, most_ms) = REST_MS;
    (if short { rest_ms * 2.0 } else { rest_ms / 2.0 }).clamp(least_ms, most_ms)
}

impl App {
    /// Keeps the standby close behind the run, in time that neither the screen nor the run misses; the last frame of the
    /// screen was `passed_ms` before this one.
    pub(super) fn drive_standby(&mut self, ctx: &Context<Self>, now_ms: f64, passed_ms: f64) {
        // While others work, theirs is the thread that is free.
        if self.phase != Phase::Ready || self.tests.running > 0 || self.papers.running.is_some() {
            return;
        }
        let Some(standby) = &mut self.standby else {
            if self.ready_ms.is_some_and(|t_ms| now_ms - t_ms > AFTER_MS) && workers::threads() >= 2.0 {
                self.generations += 1;
                let generation = self.generations;
                let bridge = workers::spawn(ctx, move |reply| Msg::Reply(generation, reply));
                let mut standby = Standby {
                    bridge,
                    generation,
                    run: 0,
                    known_s: 0.0,
                    waiting_ms: None,
                    rests_ms: 0.0,
                    rest_ms: REST_MS.0,
                    short: false,
                };
                standby.ask(Command::Hello, now_ms);
                self.standby = Some(standby);
            }
            return;
        };
        standby.short |= passed_ms > LATE_FRAME_MS || self.clock.late();
        if workers::silent(standby.waiting_ms, self.doubt_ms, now_ms) {
            self.dismiss_standby(now_ms);
            return;
        }
        if standby.waiting_ms.is_some() || now_ms < standby.rests_ms {
            return;
        }
        if standby.run != self.run {
            let scenario_json = self.running.as_ref().map(|now| now.text().to_owned());
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
        standby.rest(now_ms);
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_rests_longer_while_time_is_short_and_comes_back() {
        let after =
            |slices: &[bool]| slices.iter().fold(REST_MS.0, |rest_ms, short| rest_after(rest_ms, *short));
        assert_eq!(after(&[false, false]), REST_MS.0);
        assert_eq!(after(&[true, true, false]), 2.0 * REST_MS.0);
        assert_eq!(after(&[true; 20]), REST_MS.1);
        assert_eq!(after(&[[true; 20], [false; 20]].concat()), REST_MS.0);
    }
}
