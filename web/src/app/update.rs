//! What each action does.

use super::{App, Msg, Tests, now_ms};
use crate::action::{Action, Tab};
use crate::text;
use crate::worker::{Command, SimWorker};
use gloo::worker::Spawnable;
use keyway_core::sim::snapshot::Knobs;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use yew::prelude::*;

/// Scenario files larger than this are not read, bytes.
const FILE_BYTES: f64 = 10e6;

impl App {
    pub(super) fn on_action(&mut self, ctx: &Context<Self>, action: Action) -> bool {
        self.panels_ms = 0.0;
        self.stale = true;
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
            Action::SetProtected(on) => self.switch(ctx, |k| k.protected = on),
            Action::SetAttack(on) => self.switch(ctx, |k| k.attack = on),
            Action::ToggleProtected => self.switch(ctx, |k| k.protected = !k.protected),
            Action::ToggleAttack => self.switch(ctx, |k| k.attack = !k.attack),
            Action::VisibilityKm(km) => self.turn(|k| k.visibility_km = km),
            Action::EveFraction(fraction) => self.turn(|k| k.eve_fraction = fraction),
            Action::EveLink(link) => self.turn(|k| k.eve_link = link),
            Action::Seed(seed) => self.reseed(seed),
            Action::NewSeed => {
                // Where the browser has no entropy to give, the next number does as well.
                let fresh = getrandom::u32().unwrap_or_else(|_| self.seed.unwrap_or(0) as u32 + 1);
                self.reseed(u64::from(fresh));
            }
            Action::OpenFile(file) => self.open_file(ctx, file),
            Action::BuiltIn => {
                self.trying = Some(String::new());
                (self.seed, self.knobs) = (None, None);
                self.load(None);
            }
            Action::RunTests => self.run_tests(ctx),
            Action::NextTheme => {
                self.theme = self.theme.next();
                self.theme.apply();
                self.map.restyle();
            }
            Action::Share => self.share(ctx),
            Action::Open(dialog) => self.dialog = Some(dialog),
            Action::CloseDialog => self.dialog = None,
            Action::Tab(tab) => self.tab = tab,
            Action::Floor(floor) => self.floor = floor,
            Action::OnlyBad(on) => self.only_bad = on,
            Action::ToggleLayer(layer) => {
                self.layers = self.layers.toggled(layer);
                self.map.set_layers(self.layers);
            }
            Action::Light(kind) => self.light(kind),
            Action::FitMap => {
                self.follow = false;
                self.map.fit();
            }
            Action::ToggleFollow => self.follow = !self.follow,
            Action::RestartWorker => {
                self.start_s = self.shot.t_s;
                self.start_worker(ctx);
                super::set_state("loading");
            }
            Action::DismissNote => (self.note, self.note_timer) = (None, None),
        }
        true
    }

    fn toggle_play(&mut self) {
        self.clock.playing = !self.clock.playing;
        if self.clock.playing && self.shot.finished && self.clock.seek_s.is_none() {
            self.clock.seek(0.0);
        }
        if !self.clock.playing {
            self.write_address(now_ms());
        }
    }

    fn seek(&mut self, t_s: f64) {
        self.clock.seek(t_s.clamp(0.0, self.until_s()));
    }

    /// One of the two big switches: the run begins again.
    fn switch(&mut self, ctx: &Context<Self>, set: impl FnOnce(&mut Knobs)) {
        let old = self.knobs.unwrap_or(self.shot.knobs);
        let mut knobs = old;
        set(&mut knobs);
        if knobs == old {
            return;
        }
        self.knobs = Some(knobs);
        self.clock.playing = true;
        let json = self.source.json.clone();
        self.load(json);
        self.say(ctx, text::restarted(knobs.protected, knobs.attack));
    }

    /// A slider of the laboratory: it acts at once, on the run as it stands.
    fn turn(&mut self, set: impl FnOnce(&mut Knobs)) {
        let mut knobs = self.clock.knobs.or(self.knobs).unwrap_or(self.shot.knobs);
        set(&mut knobs);
        self.turned = true;
        self.knobs = Some(knobs);
        self.clock.knobs = Some(knobs);
        self.story.forget_after(self.shot.t_s, self.until_s());
    }

    fn reseed(&mut self, seed: u64) {
        if self.seed != Some(seed) {
            self.seed = Some(seed);
            self.tests = Tests::default();
            let json = self.source.json.clone();
            self.load(json);
        }
    }

    fn open_file(&mut self, ctx: &Context<Self>, file: web_sys::File) {
        let name = file.name();
        if file.size() > FILE_BYTES {
            self.source.refused = Some(format!("{name}: larger than 10 MB"));
            return;
        }
        let scope = ctx.link().clone();
        spawn_local(async move {
            let text = JsFuture::from(file.text()).await.map_err(|_| "could not be read".to_string());
            let text = text.and_then(|t| t.as_string().ok_or_else(|| "is not text".to_string()));
            scope.send_message(Msg::File(name, text));
        });
    }

    fn run_tests(&mut self, ctx: &Context<Self>) {
        if self.tests.running > 0 {
            return;
        }
        let Some(seed) = self.seed else { return };
        let (scope, generation) = (ctx.link().clone(), self.generation);
        let bridge = SimWorker::spawner()
            .callback(move |reply| scope.send_message(Msg::Tested(generation, Box::new(reply))))
            .with_loader(true)
            .spawn("worker_loader.js");
        for test in 1..=4 {
            bridge.send(Command::RunTest { scenario_json: self.source.json.clone(), seed, test });
        }
        self.tests.rows = Default::default();
        self.tests.running = 4;
        self.tester = Some(bridge);
        self.watch_tester(ctx);
        if crate::theme::narrow() {
            self.tab = Tab::Tests;
        }
    }

    fn share(&mut self, ctx: &Context<Self>) {
        self.write_address(now_ms());
        let (own_file, scope) = (self.source.json.is_some(), ctx.link().clone());
        let window = gloo::utils::window();
        let href = window.location().href().unwrap_or_default();
        let promise = window.navigator().clipboard().write_text(&href);
        spawn_local(async move {
            let copied = JsFuture::from(promise).await.is_ok();
            let said = match (copied, own_file) {
                (true, false) => text::LINK_COPIED,
                (true, true) => text::LINK_OWN_FILE,
                (false, _) => text::LINK_IN_BAR,
            };
            scope.send_message(Msg::Note(said));
        });
    }

    /// A step of the causal chain was chosen, or chosen again.
    fn light(&mut self, kind: String) {
        if self.lit.as_ref() == Some(&kind) {
            self.lit = None;
            return;
        }
        self.tab = match kind.as_str() {
            "block" | "sifted" | "secret" => Tab::Light,
            "key" | "relay" => Tab::Keys,
            "session" | "tag" => Tab::Trust,
            _ if crate::theme::narrow() => Tab::Log,
            _ => self.tab,
        };
        self.lit = Some(kind);
    }
}
