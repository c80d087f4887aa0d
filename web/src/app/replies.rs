//! What the worker's answers do to the page.

use super::{App, Phase};
use crate::document::Document;
use crate::panels::{Dissected, Tests};
use crate::share::Passed;
use crate::shared::Shared;
use crate::text;
use crate::worker::{Command, Frame, Loaded, PROTOCOL, Reply};
use keyway_core::ground::MessageId;
use keyway_core::sim::chronicle::Subject;
use keyway_core::studies::table2;
use yew::prelude::*;

impl App {
    pub(super) fn on_reply(&mut self, ctx: &Context<Self>, reply: Reply) -> bool {
        match reply {
            Reply::Hello { protocol, .. } if protocol != PROTOCOL => {
                self.break_with(text::notes::OTHER_BUILD.into())
            }
            Reply::Hello { built_in, studies, .. } => {
                self.papers.studies = studies;
                self.on_hello(&built_in)
            }
            Reply::Loaded(loaded) => loaded.run == self.asked_run && self.on_loaded(ctx, *loaded),
            Reply::Frame(frame) => frame.run == self.run && self.on_shot(*frame),
            Reply::Refused { run, why } => run == self.asked_run && self.on_refused(why),
            Reply::Found { t_s, searched_s, exhausted } => self.on_found(ctx, t_s, searched_s, exhausted),
            Reply::Dissected { message, bytes, fields } => {
                self.clock.answered();
                self.dissected = Some(Shared::new(Dissected { message, bytes, fields }));
                true
            }
            Reply::File { name, text } => {
                self.clock.answered();
                self.on_export(ctx, &name, &text)
            }
            Reply::Best { link, advice } => {
                self.clock.answered();
                self.on_advice(link, advice);
                true
            }
            Reply::Checked(why) => {
                self.clock.answered();
                if !self.on_link_checked(why.as_ref())
                    && let Some((_, wrong)) = &mut self.trying
                {
                    *wrong = why;
                }
                true
            }
            Reply::Followed { .. } | Reply::Test(_) | Reply::Progress { .. } | Reply::Report { .. } => false,
        }
    }

    /// The worker is there: the run that a link asked for, or the one that stood when the last worker died.
    fn on_hello(&mut self, built_in: &str) -> bool {
        if self.document.now().is_null() {
            // The worker wrote it itself.
            self.document = Document::new(serde_json::from_str(built_in).unwrap_or_default());
            let mut link = std::mem::take(&mut self.link);
            if let Some(scenario) = self.fitted(&mut link) {
                self.document.put(scenario);
            }
            self.knobs = link.knobs;
            self.say_passed(&link.passed, false);
            self.link = link;
            self.load();
        } else {
            self.load_switched(self.switches.clone());
        }
        false
    }

    fn on_loaded(&mut self, ctx: &Context<Self>, loaded: Loaded) -> bool {
        let Loaded { run, scene, snapshot, channels } = loaded;
        let fresh = self.scene.as_ref().is_none_or(|old| **old != *scene);
        if self.run != 0 && fresh {
            self.tests = Tests::default();
        }
        self.run = run;
        self.phase = Phase::Ready;
        if self.own {
            self.refused = None;
            self.running = self.document.running();
        }
        self.seed = Some(scene.seed);
        self.knobs = Some(snapshot.knobs);
        self.switches = std::mem::take(&mut self.asked_switches);
        if self.switches.is_empty() {
            self.switches.push((0.0, snapshot.knobs));
        }
        self.turned = self.switches.len() > 1;
        self.ready_ms.get_or_insert_with(super::now_ms);
        self.story = super::Story::of(channels);
        self.clock.restart();
        if fresh {
            self.scene = Some(Shared::new(*scene));
            self.pick = None;
        }
        self.map.jump();
        self.dissected = None;
        self.show(Shared::new(*snapshot), true);
        self.ask_look();
        self.ask_dissect();
        if self.start_s > 0.0 {
            self.clock.seek(std::mem::take(&mut self.start_s));
        }
        if let Some(scene) = &self.scene
            && let Err(why) = self.map.set_scene(scene)
        {
            self.say(ctx, text::map::bad(why));
        }
        if let Some(place) = self.link.map.take() {
            self.map.go(place);
        }
        if std::mem::take(&mut self.link.compare) {
            self.start_rival(ctx);
        } else {
            self.load_rival();
        }
        if let Some(step) = self.link.story.take() {
            self.tell(Some(step));
        }
        self.editor_follows();
        self.story.refresh();
        true
    }

    fn on_shot(&mut self, frame: Frame) -> bool {
        let until_s = self.until_s();
        if frame.snapshot.t_s > self.died_s + super::workers::PASSED_S {
            self.restarts = 0;
        }
        if let Some(seen) = frame.seen {
            let now_ms = super::now_ms();
            let held =
                self.subject.is_none() && self.clock.playing && now_ms - self.trace_ms < super::TRACE_MS;
            if !held || frame.reset || self.trace.steps.is_empty() {
                self.trace = Shared::new(seen.trace);
                self.trace_ms = now_ms;
            }
            self.view = seen.view.map(Shared::new);
            self.kept_from_s = seen.kept_from_s;
        }
        self.story.learn(frame.fresh, until_s);
        let shot = Shared::new(*frame.snapshot);
        self.story.take(&shot, frame.log, frame.reset, frame.tally);
        self.show(shot, frame.reset);
        if self.phase == Phase::Ready
            && let Some(command) = self.clock.hurry(super::now_ms())
            && let Some(worker) = &self.worker
        {
            worker.send(command);
        }
        false
    }

    fn show(&mut self, shot: Shared<keyway_core::sim::snapshot::Snapshot>, reset: bool) {
        let was_finished = self.shot.finished;
        if reset {
            self.map.jump();
        }
        self.clock.shown(shot.t_s, shot.finished);
        self.map.take(shot.clone());
        if self.clock.knobs.is_none() {
            self.knobs = Some(shot.knobs);
        }
        self.shot = shot;
        self.stale = true;
        if self.shot.finished && !was_finished && self.clock.playing && self.clock.seek_s.is_none() {
            if let Some(scene) = self.scene.as_ref().filter(|_| !self.turned) {
                // It has no digest: the page sees pictures, not the events.
                self.tests.put(table2::row(&self.shot, scene.planned_m, String::new()));
            }
            self.write_address(super::now_ms());
        }
        if self.all_finished() && self.clock.playing && self.clock.seek_s.is_none() {
            self.clock.playing = false;
            self.panels_ms = 0.0;
        }
    }

    /// A scenario was refused: the old run goes on.
    fn on_refused(&mut self, why: String) -> bool {
        self.clock.answered();
        if self.run == 0 {
            // Nothing runs yet: the built-in campus does, and the reason is kept.
            if self.document.untouched() || self.refused.is_some() {
                return self.break_with(why);
            }
            let passed = Passed { part: "edit".into(), expected: text::link::edit_refused(&why) };
            self.link.passed.push(passed);
            self.say_passed(&self.link.passed.clone(), false);
            self.refused = Some(why);
            self.load_built_in();
            return true;
        }
        self.refused = Some(why);
        self.seed = self.scene.as_ref().map(|s| s.seed);
        self.knobs = Some(self.shot.knobs);
        true
    }

    fn on_found(&mut self, ctx: &Context<Self>, t_s: Option<f64>, searched_s: f64, exhausted: bool) -> bool {
        self.clock.answered();
        match t_s {
            Some(t_s) => self.clock.seek(t_s),
            None if exhausted => {
                // The search may have left the world elsewhere.
                self.clock.seek(self.shot.t_s);
                let said = if searched_s > 0.0 { text::notes::NOT_FOUND } else { text::notes::NONE_BEFORE };
                self.say(ctx, said.into());
            }
            None => {
                self.say(ctx, text::notes::searching(searched_s));
                let from_s = self.shot.t_s;
                self.clock.asks.push_back(Command::Find { what: self.find.clone(), from_s, back: false });
            }
        }
        true
    }

    /// The picked message's bits.
    pub(super) fn ask_dissect(&mut self) {
        let picked: Option<MessageId> = match &self.subject {
            Some(Subject::Message(id)) => Some(*id),
            _ => None,
        };
        match picked {
            Some(id) => self.clock.asks.push_back(Command::Dissect(id)),
            None => self.dissected = None,
        }
    }
}
