//! The scenario as the visitor changes it: knobs, presets, files, undo. Each change is tried at once; what is refused
//! is said, and the run before it goes on.

use super::{App, Msg};
use crate::text;
use crate::worker::Command;
use keyway_core::sim::settings;
use keyway_core::studies::best::Advice;
use serde_json::{Value, json};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use yew::prelude::*;

/// Scenario files larger than this are not read, bytes.
const FILE_BYTES: f64 = 10e6;

impl App {
    /// The document has changed: what stands in it runs, from 0.
    pub(super) fn try_document(&mut self) {
        // What is under way is about another scenario.
        self.dismiss();
        self.papers.reports.clear();
        self.advice = None;
        self.load();
    }

    /// What the worker found best for a link: one change of the scenario.
    pub(super) fn on_advice(&mut self, link: u32, advice: Option<Advice>) {
        // What is refused does not run, and the advice is for what does.
        if self.refused.is_some() {
            return;
        }
        if let Some(a) = &advice {
            let mut doc = self.document.now().clone();
            let source =
                json!({ "mu": a.mu, "mu_probability": a.mu_probability, "brightness": a.brightness });
            // A file that leaves fields out has their defaults: they stay left out.
            json_patch::merge(&mut doc, &json!({ "link_params": { "p_x": a.p_x, "source": source } }));
            self.document.put(doc);
            self.try_document();
        }
        self.advice = Some((link, advice));
    }

    /// A knob of the scenario while it is typed.
    pub(super) fn try_value(&mut self, pointer: String, value: Value) {
        let mut doc = self.document.now().clone();
        if let Some(place) = doc.pointer_mut(&pointer) {
            *place = value;
            self.clock.asks.retain(|c| !matches!(c, Command::Check { .. }));
            self.clock.asks.push_back(Command::Check { scenario_json: doc.to_string() });
            self.trying = Some((pointer, None));
        }
    }

    /// One knob of the scenario.
    pub(super) fn set(&mut self, pointer: &str, value: Value) {
        self.trying = None;
        // What acts at once stands in both places: the file's value is that of the start.
        if let (Some(knobs), Some(x)) = (self.knobs, value.as_f64()) {
            let mut knobs = self.at_start(knobs);
            match pointer {
                "/weather/script/start/visibility_km" => knobs.visibility_km = x,
                "/weather/script/start/rain_mm_h" => knobs.rain_mm_h = x,
                "/clock/hour_utc" => knobs.hour_utc = x,
                _ => {}
            }
            self.knobs = Some(knobs);
        }
        self.document.set(pointer, value);
        self.try_document();
    }

    pub(super) fn preset(&mut self, id: &str) {
        let Some(preset) = settings::PRESETS.iter().find(|p| p.id == id) else { return };
        let mut value = (*self.document.base).clone();
        for (pointer, json) in preset.changes {
            // A test of the core reads each preset.
            if let (Some(place), Ok(new)) = (value.pointer_mut(pointer), serde_json::from_str(json)) {
                *place = new;
            }
        }
        self.document.put(value);
        let (protected, attack) = (self.shot.knobs.protected, self.shot.knobs.attack);
        self.begin_with_its_own_switches(protected, attack);
    }

    /// Runs the document with the switches that stand in it, but for the two big ones.
    fn begin_with_its_own_switches(&mut self, protected: bool, attack: bool) {
        let mut value = self.document.now().clone();
        if let Some(on) = value.pointer_mut("/protected") {
            *on = protected.into();
        }
        if let Some(on) = value.pointer_mut("/attacker/on") {
            *on = attack.into();
        }
        if value != *self.document.now() {
            self.document.replace(value);
        }
        self.knobs = None;
        self.clock.playing |= self.all_finished() && !crate::theme::reduced_motion();
        self.try_document();
    }

    pub(super) fn undo(&mut self, forth: bool) {
        let moved = if forth { self.document.redo() } else { self.document.undo() };
        if moved {
            self.knobs = None;
            self.try_document();
            self.editor_follows();
        }
    }

    pub(super) fn reset_scenario(&mut self) {
        let base = (*self.document.base).clone();
        self.document.put(base);
        self.knobs = None;
        self.try_document();
        self.editor_follows();
    }

    pub(super) fn open_file(&mut self, ctx: &Context<Self>, file: web_sys::File) {
        let name = file.name();
        if file.size() > FILE_BYTES {
            self.refused = Some(format!("{name}: {}", text::notes::FILE_TOO_LARGE));
            return;
        }
        let scope = ctx.link().clone();
        spawn_local(async move {
            let read = JsFuture::from(file.text()).await.map_err(|_| text::notes::FILE_UNREAD.to_string());
            let read = read.and_then(|t| t.as_string().ok_or_else(|| text::notes::FILE_NO_TEXT.to_string()));
            scope.send_message(Msg::File(name, read));
        });
    }

    pub(super) fn on_file(&mut self, name: &str, file: Result<String, String>) -> bool {
        let read = file.and_then(|t| serde_json::from_str::<Value>(&t).map_err(text::notes::file_no_json));
        match read {
            // Another format, or another kind of file: there is nothing in it to mend here.
            Ok(value) if value.get("version") != self.document.base.get("version") => {
                let found = value.get("version").map_or_else(|| "missing".into(), ToString::to_string);
                let expected =
                    self.document.base.get("version").map_or_else(String::new, ToString::to_string);
                self.refused = Some(text::notes::file_version(name, found, expected));
            }
            Ok(value) => {
                self.document.put(value);
                (self.seed, self.knobs) = (None, None);
                self.try_document();
            }
            Err(why) => self.refused = Some(format!("{name}: {why}")),
        }
        true
    }
}
