//! Single keys. None acts while a field, a menu or a dialog has the focus, or with Ctrl, Alt or Meta held.

use crate::action::{Action, Dialog};
use wasm_bindgen::JsCast;
use web_sys::{Element, KeyboardEvent};

/// What a key asks for.
pub fn action(event: &KeyboardEvent) -> Option<Action> {
    if (event.ctrl_key() || event.meta_key()) && !event.alt_key() && !busy(event) {
        return match (event.key().to_lowercase().as_str(), event.shift_key()) {
            ("z", false) => Some(Action::Undo),
            ("z", true) | ("y", _) => Some(Action::Redo),
            _ => None,
        };
    }
    if event.ctrl_key() || event.alt_key() || event.meta_key() || busy(event) {
        return None;
    }
    Some(match event.key().as_str() {
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
        _ => "input:not([type=range]):not([type=checkbox]), select, textarea, dialog",
    };
    target.closest(wants).ok().flatten().is_some()
}
