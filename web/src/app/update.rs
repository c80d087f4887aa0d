//! What each action does.

use super::{App, now_ms};
use crate::action::{Action, Tab};
use crate::panels::Tests;
use crate::text;
use crate::tour::STEPS;
use crate::worker::{Command, Find};
use keyway_core::ground::order::gather;
use keyway_core::sim::chronicle::Subject;
use keyway_core::sim::snapshot::Knobs;
use yew::prelude::*;

impl App {
    pub(super) fn on_action(&mut self, ctx: &Context<Self>, action: Action) -> bool {
        self.panels_ms = 0.0;
        self.stale = true;
        self.acted = true;
        match action {
            Action::TogglePlay => self.toggle_play(),
            Action::Step(by_s) => {
                self.clock.playing = false;
                let from = self.clock.seek_s.unwrap_or(self.clock.at_s);
                self.seek(from + by_s);
            }
            Action::Faster => self.clock.shift_speed(true),
            Action::Slower => self.clock.shift_speed(false),
            Action::Speed(speed) => self.clock.speed = speed,
            Action::Seek(t_s) => self.seek(t_s),
            Action::Find { back } => self.find(back),
            Action::FindWhat(what) => self.find = what,
            Action::SetProtected(on) => self.switch(ctx, |k| k.protected = on),
            Action::SetAttack(on) => self.switch(ctx, |k| k.attack = on),
            Action::ToggleProtected => self.switch(ctx, |k| k.protected = !k.protected),
            Action::ToggleAttack => self.switch(ctx, |k| k.attack = !k.attack),
            Action::VisibilityKm(km) => self.turn(|k| k.visibility_km = km),
            Action::RainMmH(rain) => self.turn(|k| k.rain_mm_h = rain),
            Action::HourUtc(hour) => self.turn(|k| k.hour_utc = hour),
            Action::EveKind(kind) => self.turn(|k| k.eve_kind = kind),
            Action::EveFraction(fraction) => self.turn(|k| k.eve_fraction = fraction),
            Action::EveLink(link) => self.turn(|k| k.eve_link = link),
            Action::BrokenLink(link) => self.turn(|k| k.broken_link = link),
            Action::Seed(seed) => self.reseed(seed),
            Action::NewSeed => {
                // Where the browser has no entropy to give, the next number does as well.
                let fresh = getrandom::u32().unwrap_or_else(|_| self.seed.unwrap_or(0) as u32 + 1);
                self.reseed(u64::from(fresh));
            }
            Action::OpenFile(file) => self.open_file(ctx, file),
            Action::ResetScenario => self.reset_scenario(),
            Action::Set(pointer, value) => self.set(&pointer, value),
            Action::Try(pointer, value) => self.try_value(pointer, value),
            Action::Preset(id) => self.preset(id),
            Action::BestLight(link) => self.clock.asks.push_back(Command::Best { link }),
            Action::Undo => self.undo(false),
            Action::Redo => self.undo(true),
            Action::Edit(edit) => self.edit(ctx, edit),
            Action::RunTests => self.run_tests(ctx),
            Action::Study(id) => self.run_study(ctx, id),
            Action::NextTheme => {
                self.theme = self.theme.next();
                self.theme.apply();
                self.map.restyle();
                if let Some(rival) = &self.rival {
                    rival.map.restyle();
                }
            }
            Action::SingleKeys(on) => self.single_keys.set(on),
            Action::Share => self.share(ctx),
            Action::Open(dialog) => self.dialog = Some(dialog),
            Action::CloseDialog => self.dialog = None,
            Action::Tab(tab) => self.open_tab(tab),
            Action::Floor(floor) => self.choices.floor = floor,
            Action::OnlyBad(on) => self.choices.only_bad = on,
            Action::LogKind(kind, on) => {
                self.choices.log_kinds.insert(kind, on);
            }
            Action::WholeLog => {
                (self.choices.floor, self.choices.only_bad) = (None, false);
                self.choices.log_kinds = gather(self.story.kinds.keys().map(|kind| (kind.clone(), true)));
            }
            Action::BlocksOf(link) => {
                self.choices.blocks_of = link;
                self.ask_look();
            }
            Action::Service(service) => {
                self.choices.service = Some(service);
                self.open_tab(Tab::Managers);
            }
            Action::BadMessages(on) => {
                self.choices.bad_messages = on;
                self.ask_look();
            }
            Action::ToggleLayer(layer) => {
                self.layers = self.layers.toggled(layer);
                self.map.set_layers(self.layers);
                if let Some(rival) = &self.rival {
                    rival.map.set_layers(self.layers);
                }
            }
            Action::ToggleTiles => {
                self.tiles = !self.tiles;
                self.map.set_tiles(self.tiles);
            }
            Action::Light(kind) => self.light(ctx, kind),
            Action::Follow(subject) => {
                self.subject = subject;
                self.ask_look();
                self.ask_dissect();
                self.write_address(now_ms());
            }
            Action::Pick(pick) => self.pick(pick),
            Action::FitMap => {
                self.follow = false;
                self.map.fit();
                if let Some(rival) = &self.rival {
                    rival.map.fit();
                }
            }
            Action::ToggleFollow => self.follow = !self.follow,
            Action::ToggleCompare => self.toggle_compare(ctx),
            Action::Story(step) => self.tell(step),
            Action::Save(what) => self.clock.asks.push_back(Command::Export(what)),
            Action::SaveSeries { json } => self.save_series(ctx, json),
            Action::SaveMap => self.save_map(ctx),
            Action::RestartWorker => {
                self.start_s = self.shot.t_s;
                self.restarts = 0;
                self.start_worker(ctx);
                super::set_state("loading");
            }
            Action::Reload => {
                self.write_address(now_ms());
                // offline.js moves over to the new build and loads the page again.
                if let Ok(event) = web_sys::Event::new("keyway:update-now") {
                    // It is cancelled by nobody.
                    let _ = gloo::utils::document().dispatch_event(&event);
                }
            }
            Action::Leave => {
                if self.lit.take().is_some() || self.pick.take().is_some() {
                    return true;
                }
                return self.on_action(
                    ctx,
                    if self.tour.is_some() { Action::Story(None) } else { Action::Follow(None) },
                );
            }
            Action::Say(said) => self.say(ctx, said.to_string()),
            Action::DismissNote => (self.note, self.note_timer) = (None, None),
        }
        true
    }

    /// A step of the chain is opened, or closed again. What is open stays what it is: the chain no longer follows the
    /// newest message.
    fn light(&mut self, ctx: &Context<Self>, kind: String) {
        let shut = std::mem::take(&mut self.lit_only);
        self.lit = (shut || self.lit.as_ref() != Some(&kind)).then_some(kind);
        let message = self
            .trace
            .steps
            .iter()
            .find_map(|s| s.subject.clone().filter(|s| matches!(s, Subject::Message(_))));
        if self.lit.is_some() && self.subject.is_none() && message.is_some() {
            self.on_action(ctx, Action::Follow(message));
        }
    }

    fn toggle_play(&mut self) {
        self.clock.playing = !self.clock.playing;
        if self.clock.playing && self.all_finished() && self.clock.seek_s.is_none() {
            self.clock.seek(0.0);
        }
        if !self.clock.playing {
            self.write_address(now_ms());
        }
    }

    fn seek(&mut self, t_s: f64) {
        self.clock.seek(t_s.clamp(0.0, self.until_s()));
    }

    fn find(&mut self, back: bool) {
        self.clock.playing = false;
        let from_s = self.clock.seek_s.unwrap_or(self.shot.t_s);
        self.clock.asks.retain(|c| !matches!(c, Command::Find { .. }));
        self.clock.asks.push_back(Command::Find { what: self.find.clone(), from_s, back });
    }

    fn open_tab(&mut self, tab: Tab) {
        self.tab = tab;
        self.ask_look();
        if let Some(button) = gloo::utils::document().get_element_by_id(&format!("tab-{}", tab.panel().id)) {
            let into = web_sys::ScrollIntoViewOptions::new();
            into.set_block(web_sys::ScrollLogicalPosition::Nearest);
            into.set_inline(web_sys::ScrollLogicalPosition::Nearest);
            button.scroll_into_view_with_scroll_into_view_options(&into);
        }
    }

    /// One of the two big switches: the run begins again.
    fn switch(&mut self, ctx: &Context<Self>, set: impl FnOnce(&mut Knobs)) {
        let old = self.knobs.unwrap_or(self.shot.knobs);
        let mut knobs = old;
        set(&mut knobs);
        if knobs == old {
            return;
        }
        knobs = self.at_start(knobs);
        self.knobs = Some(knobs);
        self.clock.playing |= self.all_finished() && !crate::theme::reduced_motion();
        self.load();
        self.say(ctx, text::notes::restarted(knobs.protected, knobs.attack));
    }

    /// A slider of the laboratory: it acts at once, on the run as it stands.
    fn turn(&mut self, set: impl FnOnce(&mut Knobs)) {
        let mut knobs = self.clock.knobs.or(self.knobs).unwrap_or(self.shot.knobs);
        set(&mut knobs);
        self.turned = true;
        self.knobs = Some(knobs);
        self.clock.knobs = Some(knobs);
        self.turn_rival();
    }

    /// A turned switch goes to the worker, which stands at the instant that is shown.
    pub(super) fn note_turned(&mut self, knobs: Knobs) {
        let now_s = self.shot.t_s;
        self.switches.retain(|(t, _)| *t <= now_s);
        self.switches.push((now_s, knobs));
        self.story.forget_after(now_s, self.until_s());
        self.turn_standby(now_s);
    }

    /// These switches as a run begins with them: where the weather has changed by its own course, the next run begins
    /// with that of this one's start.
    pub(super) fn at_start(&self, knobs: Knobs) -> Knobs {
        match self.switches.first() {
            Some((_, start)) if !self.turned => {
                Knobs { visibility_km: start.visibility_km, rain_mm_h: start.rain_mm_h, ..knobs }
            }
            _ => knobs,
        }
    }

    fn reseed(&mut self, seed: u64) {
        if self.seed != Some(seed) {
            self.knobs = self.knobs.map(|k| self.at_start(k));
            self.seed = Some(seed);
            self.dismiss();
            self.tests = Tests::default();
            self.papers.reports.clear();
            self.load();
        }
    }

    fn run_tests(&mut self, ctx: &Context<Self>) {
        if self.tests.running > 0 {
            return;
        }
        let Some(seed) = self.seed else { return };
        let scenario_json = self.running_json();
        self.work(
            ctx,
            (1..=4).map(|test| Command::RunTest { scenario_json: scenario_json.clone(), seed, test }),
        );
        self.tests.rows = Default::default();
        self.tests.running = 4;
        if crate::theme::narrow() {
            self.open_tab(Tab::Tests);
        }
    }

    /// A step of the story: the run, the panel and the map as it wants them.
    pub(super) fn tell(&mut self, at: Option<usize>) {
        self.tour = at.filter(|i| *i < STEPS.len());
        let Some(step) = self.tour.and_then(|i| STEPS.get(i)) else {
            self.end_story();
            return;
        };
        if self.before_tour.is_none() {
            self.before_tour = Some((self.document.now().clone(), self.shot.knobs, self.shot.t_s));
        }
        let mut fresh = !self.document.untouched();
        if fresh {
            let base = (*self.document.base).clone();
            self.document.put(base);
        }
        let knobs = step.knobs();
        fresh |= self.turned || self.shot.knobs != knobs || self.refused.is_some();
        self.knobs = Some(knobs);
        (self.subject, self.pick, self.lit) = (None, None, step.lit.map(Into::into));
        self.lit_only = true;
        self.follow = step.follow;
        if !step.follow {
            self.map.fit();
        }
        self.clock.speed = step.speed;
        self.clock.playing = !crate::theme::reduced_motion();
        if fresh {
            self.start_s = step.at_s.max(1e-3);
            self.load();
        } else {
            self.clock.seek(step.at_s);
        }
        self.open_tab(step.tab);
        self.dialog = None;
    }

    /// What stood before the story stands again.
    fn end_story(&mut self) {
        (self.lit, self.follow) = (None, false);
        if let Some((document, knobs, t_s)) = self.before_tour.take() {
            self.document.put(document);
            self.knobs = Some(knobs);
            self.start_s = t_s;
            self.load();
        }
    }

    /// Which events the visitor jumps between, in words: floor, kind, only bad news.
    pub(super) fn findable() -> [(&'static str, Find); 8] {
        let find = |floor: &str, kind: &str, bad| Find { floor: floor.into(), kind: kind.into(), bad };
        [
            (text::time::TURN, find("road", "", false)),
            (text::time::FAKE, find("its", "", true)),
            (text::time::LOSS, find("kmm", "", true)),
            (text::time::BEAM, find("link", "", true)),
            (text::time::BLOCK, find("distill", "distilled", false)),
            (text::time::DROPPED, find("distill", "dropped", false)),
            (text::time::EPOCH, find("zap", "epoch", false)),
            (text::time::JOIN, find("zap", "joined", false)),
        ]
    }
}
