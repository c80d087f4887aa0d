//! Single keys. None acts while a field, a menu or a dialog has the focus, or with Ctrl, Alt or Meta held. Those of one
//! character can be switched off (WCAG 2.2, 2.1.4): who dictates or rests a hand on the keys would set them off.

use crate::action::{Action, Dialog};
use gloo::utils::window;
use std::cell::Cell;
use std::rc::Rc;
use wasm_bindgen::JsCast;
use web_sys::{Element, KeyboardEvent};

/// Where the choice is kept.
const KEY: &str = "keyway-single-keys";
const OFF: &str = "off";

/// Whether keys of one character act: one switch for the page and for what listens.
#[derive(Clone, Debug)]
pub struct SingleKeys(Rc<Cell<bool>>);

impl SingleKeys {
    /// The choice kept in this browser.
    pub fn stored() -> Self {
        let kept = window().local_storage().ok().flatten().and_then(|s| s.get_item(KEY).ok().flatten());
        Self(Rc::new(Cell::new(kept.as_deref() != Some(OFF))))
    }

    /// They act.
    pub fn on(&self) -> bool {
        self.0.get()
    }

    /// Switches them and keeps the choice. A browser without storage only forgets it.
    pub fn set(&self, on: bool) {
        self.0.set(on);
        if let Ok(Some(store)) = window().local_storage() {
            let _ = if on { store.remove_item(KEY) } else { store.set_item(KEY, OFF) };
        }
    }
}

/// What a key asks for; `single` tells whether those of one character act.
pub fn action(event: &KeyboardEvent, single: bool) -> Option<Action> {
    if (event.ctrl_key() || event.meta_key()) && !event.alt_key() && !busy(event) {
        return match (event.key().to_lowercase().as_str(), event.shift_key()) {
            ("z", false) => Some(Action::Undo),
            ("z", true) | ("y", _) => Some(Action::Redo),
            _ => None,
        };
    }
    if event.ctrl_key() || event.alt_key() || event.meta_key() || event.is_composing() || busy(event) {
        return None;
    }
    let key = event.key();
    if !single && key.chars().count() == 1 {
        return None;
    }
    Some(match key.as_str() {
        " " => Action::TogglePlay,
        "." => Action::Step(0.5),
        "," => Action::Step(-0.5),
        "ArrowRight" => Action::Step(10.0),
        "ArrowLeft" => Action::Step(-10.0),
        "]" => Action::Faster,
        "[" => Action::Slower,
        "Home" => Action::Seek(0.0),
        "p" => Action::ToggleProtected,
        "a" => Action::ToggleAttack,
        "t" => Action::RunTests,
        "c" => Action::FitMap,
        "f" => Action::ToggleFollow,
        "n" => Action::Find { back: false },
        "b" => Action::Find { back: true },
        "v" => Action::ToggleCompare,
        "s" => Action::Story(Some(0)),
        "e" => Action::Open(Dialog::Export),
        "Escape" => Action::Leave,
        "?" => Action::Open(Dialog::Shortcuts),
        _ => return None,
    })
}

/// Something that wants the key for itself has the focus.
fn busy(event: &KeyboardEvent) -> bool {
    let Some(target) = event.target().and_then(|t| t.dyn_into::<Element>().ok()) else { return false };
    let wants = match event.key().as_str() {
        // A button takes the space bar; the map and the tabs take the arrows.
        " " => "input:not([type=range]), select, textarea, button, a, summary, dialog, [role=button]",
        "ArrowRight" | "ArrowLeft" | "Home" => {
            "input, select, textarea, dialog, .leaflet-container, [role=tab], .log"
        }
        _ => "input:not([type=range]):not([type=checkbox]), select, textarea, dialog, [contenteditable]",
    };
    target.closest(wants).ok().flatten().is_some()
}
