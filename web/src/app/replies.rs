//! What the worker's answers do to the page.

use super::{App, Phase, Tests};
use crate::shared::Shared;
use crate::text;
use crate::worker::{PROTOCOL, Reply};
use keyway_core::sim::snapshot::{LogLine, Scene, Snapshot};
use keyway_core::studies::table2;
use yew::prelude::*;

impl App {
    pub(super) fn on_reply(&mut self, ctx: &Context<Self>, reply: Reply) -> bool {
        match reply {
            Reply::Hello { protocol } if protocol != PROTOCOL => self.break_with(text::OTHER_BUILD.into()),
            Reply::Hello { .. } => {
                let json = self.source.json.clone();
                self.load(json);
                false
            }
            Reply::Loaded { run, scene, snapshot } => {
                run == self.run && self.on_loaded(ctx, *scene, *snapshot)
            }
            Reply::Frame { run, snapshot, log, reset } => {
                run == self.run && self.on_shot(Shared::new(*snapshot), log, reset)
            }
            Reply::Refused { run, why } => run == self.run && self.on_refused(why),
            Reply::Test(_) => false,
        }
    }

    fn on_loaded(&mut self, ctx: &Context<Self>, scene: Scene, snapshot: Snapshot) -> bool {
        let fresh = self.scene.as_ref().is_none_or(|old| **old != scene);
        if let Some(json) = self.trying.take() {
            self.source.json = (!json.is_empty()).then_some(json);
            self.source.refused = None;
            self.tests = Tests::default();
        }
        self.phase = Phase::Ready;
        self.turned = false;
        self.seed = Some(scene.seed);
        self.knobs = Some(snapshot.knobs);
        self.story = super::Story::default();
        self.clock.restart();
        if fresh {
            self.scene = Some(Shared::new(scene));
        }
        let shot = Shared::new(snapshot);
        self.map.jump();
        self.on_shot(shot, Vec::new(), true);
        if self.start_s > 0.0 {
            self.clock.seek(std::mem::take(&mut self.start_s));
        }
        self.write_address(super::now_ms());
        if let Some(scene) = &self.scene
            && let Err(why) = self.map.set_scene(scene)
        {
            self.say(ctx, format!("{}{why}", text::BAD_MAP));
        }
        self.story.refresh(self.until_s());
        true
    }

    fn on_shot(&mut self, shot: Shared<Snapshot>, log: Vec<LogLine>, reset: bool) -> bool {
        let was_finished = self.shot.finished;
        if reset {
            self.map.jump();
        }
        self.clock.shown(shot.t_s, shot.finished);
        self.story.take(&shot, log, reset);
        self.map.take(shot.clone());
        if self.clock.knobs.is_none() {
            self.knobs = Some(shot.knobs);
        }
        self.shot = shot;
        self.stale = true;
        if self.shot.finished && self.clock.playing && self.clock.seek_s.is_none() {
            self.clock.playing = false;
            if !was_finished
                && !self.turned
                && let Some(scene) = &self.scene
            {
                // It has no digest: the page sees pictures, not the events.
                let row = table2::row(&self.shot, scene.planned_m, String::new());
                self.tests.put(row);
            }
            self.write_address(super::now_ms());
            self.panels_ms = 0.0;
        }
        false
    }

    fn on_refused(&mut self, why: String) -> bool {
        if self.trying.take().is_none() {
            return self.break_with(why);
        }
        // The old run is still in the worker: go on with it under its own number.
        self.source.refused = Some(why);
        self.seed = self.scene.as_ref().map(|s| s.seed);
        let json = self.source.json.clone();
        self.knobs = Some(self.shot.knobs);
        self.start_s = self.shot.t_s;
        self.load(json);
        true
    }

    pub(super) fn on_tested(&mut self, ctx: &Context<Self>, reply: Reply) -> bool {
        if let Reply::Test(row) = reply {
            self.tests.put(row);
        }
        self.tests.running = self.tests.running.saturating_sub(1);
        if self.tests.running == 0 {
            (self.tester, self.tester_timer) = (None, None);
        } else {
            self.watch_tester(ctx);
        }
        true
    }

    pub(super) fn on_file(&mut self, _: &Context<Self>, name: &str, text: Result<String, String>) -> bool {
        match text {
            Ok(json) => {
                self.trying = Some(json.clone());
                (self.seed, self.knobs) = (None, None);
                self.load(Some(json));
            }
            Err(why) => self.source.refused = Some(format!("{name}: {why}")),
        }
        true
    }
}
