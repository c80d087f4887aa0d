//! The address bar: what a link asks for, what of it is not understood, and what the bar says of the run as it stands.

use super::{App, Msg, Phase, now_ms};
use crate::share::{self, Link, Passed};
use crate::text;
use crate::worker::Command;
use keyway_core::sim::snapshot::Knobs;
use serde_json::Value;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use yew::prelude::*;

impl App {
    /// The scenario that a link makes of the built-in campus, where it changes it. What fits nothing there is passed
    /// over.
    pub(super) fn fitted(&self, link: &mut Link) -> Option<Value> {
        let changed = link.edit.take().and_then(|edit| {
            let read = share::unpack(&self.document.base, &edit);
            read.map_err(|why| link.passed.push(Passed::new("edit", &edit, why))).ok()
        });
        let scenario = changed.as_ref().unwrap_or(&self.document.base);
        let links = scenario.get("links").and_then(Value::as_array).map_or(0, Vec::len);
        if let Some(knobs) = &mut link.knobs {
            let no_link = |n: &u32| *n as usize >= links;
            let passed = |name, n: u32| Passed::new(name, &n.to_string(), text::link::of_links(links));
            if no_link(&knobs.eve_link) {
                link.passed.push(passed("evel", knobs.eve_link));
                knobs.eve_link = Knobs::default().eve_link;
            }
            if let Some(n) = knobs.broken_link.take_if(|n| no_link(n)) {
                link.passed.push(passed("broken", n));
            }
        }
        changed
    }

    /// Says which parts of the link are passed over. It stays until it is read.
    pub(super) fn say_passed(&mut self, passed: &[Passed], kept: bool) {
        if !passed.is_empty() {
            let parts = passed.iter().map(|p| (p.part.as_str(), p.expected.as_str()));
            (self.note, self.note_timer) = (Some(text::link::passed(parts, kept)), None);
        }
    }

    /// Another link was put into the address bar. One that says something else is another visit; one that is not
    /// understood leaves the run as it is.
    pub(super) fn on_link(&mut self) -> bool {
        let hash = share::read_hash();
        // What leads within the page says nothing of a run.
        if !hash.contains('=') || hash == self.said {
            return false;
        }
        let mut link = share::parse(&hash);
        let edit = link.edit.clone();
        let scenario = self.fitted(&mut link);
        if !link.passed.is_empty() {
            self.stay(&link.passed);
            return true;
        }
        match scenario.filter(|_| self.phase == Phase::Ready) {
            // Whether its changes make a scenario, the worker knows.
            Some(scenario) => {
                self.clock.asks.retain(|c| !matches!(c, Command::Check { .. }));
                self.clock.asks.push_back(Command::Check { scenario_json: scenario.to_string() });
                self.coming = edit;
            }
            None => visit_again(),
        }
        false
    }

    /// The worker has read the changes of the link that came; `false` where none came.
    pub(super) fn on_link_checked(&mut self, why: Option<&String>) -> bool {
        let Some(edit) = self.coming.take() else { return false };
        match why {
            None => visit_again(),
            Some(why) => self.stay(&[Passed::new("edit", &edit, text::link::edit_refused(why))]),
        }
        true
    }

    /// The run goes on, and the address bar says so again.
    fn stay(&mut self, passed: &[Passed]) {
        self.say_passed(passed, true);
        self.acted = true;
    }

    pub(super) fn write_address(&mut self, now_ms: f64) {
        self.address_ms = now_ms;
        self.acted = false;
        let Some(scene) = &self.scene else { return };
        let link = Link {
            seed: Some(scene.seed),
            knobs: Some(self.at_start(self.shot.knobs)),
            t_s: self.shot.t_s,
            speed: Some(self.clock.speed),
            tab: Some(self.tab),
            subject: self.subject.clone(),
            layers: Some(self.layers),
            map: self.map.place(),
            compare: self.rival.is_some(),
            story: self.tour,
            edit: self.running.as_ref().map(|now| now.edit().to_owned()),
            passed: Vec::new(),
        };
        self.said = share::write(&link);
        share::write_bar(&self.said);
    }

    /// Copies the link to this moment.
    pub(super) fn share(&mut self, ctx: &Context<Self>) {
        self.write_address(now_ms());
        if self.running.as_ref().is_some_and(|now| now.edit() == share::TOO_LARGE) {
            self.say(ctx, text::notes::LINK_TOO_LARGE.into());
            return;
        }
        let scope = ctx.link().clone();
        let window = gloo::utils::window();
        let href = window.location().href().unwrap_or_default();
        let promise = window.navigator().clipboard().write_text(&href);
        spawn_local(async move {
            let copied = JsFuture::from(promise).await.is_ok();
            scope.send_message(Msg::Note(if copied {
                text::notes::LINK_COPIED
            } else {
                text::notes::LINK_IN_BAR
            }));
        });
    }
}

/// The page begins anew with what the address bar says.
fn visit_again() {
    // A page that is being left does nothing more.
    let _ = gloo::utils::window().location().reload();
}
