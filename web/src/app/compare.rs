//! Two runs side by side: the page's own and its rival, with the same scenario and seed and the protection the other
//! way about. The rival has a worker of its own and keeps step with the page's run.

use super::{App, Msg, now_ms, workers};
use crate::map::MapHandle;
use crate::shared::Shared;
use crate::text;
use crate::worker::{Command, Reply, SimWorker, Start};
use gloo::worker::WorkerBridge;
use keyway_core::sim::snapshot::{Knobs, Scene, Snapshot};
use yew::prelude::*;

/// Times nearer than this are the same, seconds.
const EPS_S: f64 = 1e-3;
/// A larger gap is jumped, seconds.
const JUMP_S: f64 = 20.0;

/// The other run.
pub struct Rival {
    worker: WorkerBridge<SimWorker>,
    generation: u32,
    pub scene: Option<Shared<Scene>>,
    pub shot: Shared<Snapshot>,
    pub map: MapHandle,
    /// When the request under way was sent.
    waiting_ms: Option<f64>,
    /// How often in a row its worker died.
    restarts: u32,
    /// Where it goes on its own, once the page's run is over.
    want_s: f64,
    knobs: Option<Knobs>,
}

impl App {
    /// The rival's switches.
    fn rival_knobs(&self) -> Knobs {
        let knobs = self.knobs.unwrap_or(self.shot.knobs);
        Knobs { protected: !knobs.protected, ..knobs }
    }

    pub(super) fn toggle_compare(&mut self, ctx: &Context<Self>) {
        if self.rival.take().is_none() {
            self.start_rival(ctx);
        }
        self.map.fit_soon();
    }

    pub(super) fn start_rival(&mut self, ctx: &Context<Self>) {
        self.generations += 1;
        let generation = self.generations;
        let worker = workers::spawn(ctx, move |reply| Msg::Rival(generation, reply));
        let restarts = self.rival.as_ref().map_or(0, |r| r.restarts);
        let map = self.rival.take().map_or_else(MapHandle::default, |r| r.map);
        map.set_layers(self.layers);
        self.rival = Some(Rival {
            worker,
            generation,
            scene: None,
            shot: Shared::default(),
            map,
            waiting_ms: None,
            restarts,
            want_s: 0.0,
            knobs: None,
        });
        self.map.fit_soon();
        self.load_rival();
    }

    /// The rival begins anew, with what the page's run has now.
    pub(super) fn load_rival(&mut self) {
        let switches: Vec<_> =
            self.switches.iter().map(|(t, k)| (*t, Knobs { protected: !k.protected, ..*k })).collect();
        let switches = if switches.is_empty() { vec![(0.0, self.rival_knobs())] } else { switches };
        let (seed, scenario_json) = (self.seed, self.running_json());
        if let Some(rival) = &mut self.rival {
            (rival.waiting_ms, rival.want_s, rival.knobs) = (Some(now_ms()), 0.0, None);
            rival.map.jump();
            rival.worker.send(Command::Load(Start { run: 0, scenario_json, seed, switches }));
        }
    }

    /// The page's switches were turned: so are the rival's.
    pub(super) fn turn_rival(&mut self) {
        let knobs = self.rival_knobs();
        if let Some(rival) = &mut self.rival {
            rival.knobs = Some(knobs);
        }
    }

    /// Keeps the rival in step.
    pub(super) fn drive_rival(&mut self, ctx: &Context<Self>, passed_s: f64) {
        let now_ms = now_ms();
        if self.rival.as_ref().is_some_and(|r| workers::silent(r.waiting_ms, self.doubt_ms, now_ms)) {
            self.rival_died(ctx);
        }
        let (at_s, finished) = (self.shot.t_s, self.shot.finished);
        let alone = finished && self.clock.seek_s.is_none();
        let (speed, playing) = (self.clock.speed, self.clock.playing);
        let Some(rival) = &mut self.rival else { return };
        if rival.waiting_ms.is_some() || rival.scene.is_none() {
            return;
        }
        if let Some(knobs) = rival.knobs.take() {
            rival.worker.send(Command::Knobs(knobs));
            rival.waiting_ms = Some(now_ms);
            return;
        }
        let here_s = rival.shot.t_s;
        rival.want_s = match (alone, playing) {
            (true, true) => rival.want_s.max(at_s).max(here_s.min(rival.want_s)) + passed_s * speed,
            (true, false) => rival.want_s.max(at_s),
            (false, _) => at_s,
        };
        let to_s = rival.want_s;
        let command = if to_s > here_s + EPS_S && !rival.shot.finished && to_s - here_s < JUMP_S {
            Command::Advance { to_s }
        } else if to_s < here_s - EPS_S || (to_s > here_s + EPS_S && !rival.shot.finished) {
            Command::Seek { t_s: to_s }
        } else {
            return;
        };
        rival.worker.send(command);
        rival.waiting_ms = Some(now_ms);
    }

    /// A rival that is silent is dead: another steps to where the page's run stands.
    fn rival_died(&mut self, ctx: &Context<Self>) {
        let Some(rival) = &mut self.rival else { return };
        self.doubt_ms = None;
        rival.restarts += 1;
        if rival.restarts > workers::RESTARTS {
            self.rival = None;
            self.map.fit_soon();
            return self.say(ctx, text::notes::NO_RIVAL.into());
        }
        self.start_rival(ctx);
        self.say(ctx, text::notes::RIVAL_AGAIN.into());
    }

    pub(super) fn on_rival(&mut self, generation: u32, reply: Reply) -> bool {
        let Some(rival) = self.rival.as_mut().filter(|r| r.generation == generation) else { return false };
        rival.waiting_ms = None;
        match reply {
            Reply::Loaded(loaded) => {
                let scene = Shared::new(*loaded.scene);
                let same = rival.scene.as_ref().is_some_and(|s| **s == *scene);
                if !same {
                    // A map that cannot be drawn was said of the page's own.
                    let _ = rival.map.set_scene(&scene);
                    rival.scene = Some(scene);
                }
                rival.shot = Shared::new(*loaded.snapshot);
                rival.map.take(rival.shot.clone());
                self.stale = true;
                true
            }
            Reply::Frame(frame) => {
                if frame.reset {
                    rival.map.jump();
                }
                rival.restarts = 0;
                rival.shot = Shared::new(*frame.snapshot);
                rival.map.take(rival.shot.clone());
                self.stale = true;
                false
            }
            _ => false,
        }
    }

    /// Both runs are over, or there is only one and it is.
    pub(super) fn all_finished(&self) -> bool {
        self.shot.finished && self.rival.as_ref().is_none_or(|r| r.shot.finished)
    }
}
