//! The laboratory.

use std::fmt::Display;

pub const TAB: &str = "Laboratory";
pub const TIP: &str = "Every knob of the scenario";

pub const NOW: &str = "Now";
pub const UNDO: &str = "Undo";
pub const UNDO_TIP: &str = "The last change of the scenario back (Ctrl+Z)";
pub const REDO: &str = "Redo";
pub const REDO_TIP: &str = "and forth again (Ctrl+Shift+Z)";
pub const RESET: &str = "Reset";
pub const RESET_TIP: &str = "The built-in campus as it was";
pub const MEND: &str = "The run before it goes on until this is mended.";
pub const PRESETS: &str = "Presets";
pub const NOTE: &str = "Visibility, eavesdropper and broken beam act at once. Another seed or scenario begins from \
     00:00.0. The same seed always gives the same run.";

/// Floors that have knobs, with their words.
pub const FLOORS: [(&str, &str); 6] = [
    ("link", "Light"),
    ("kmm", "Key management"),
    ("zap", "Trust"),
    ("its", "Messages"),
    ("road", "Street and attacker"),
    ("sim", "Run"),
];

/// What acts at once.
pub const VISIBILITY: &str = "Visibility";
pub const EVE: &str = "Eavesdropper measures";
pub const EVE_ON: &str = "on";
pub const BROKEN: &str = "Blocked beam";
pub const NONE_BROKEN: &str = "none";
pub const SEED: &str = "Seed";
pub const ANOTHER_SEED: &str = "Another";

/// The file and the map's editor.
pub const SCENARIO: &str = "Scenario";
pub const OPEN: &str = "Open a file…";
pub const SAVE: &str = "Save";
pub const EDIT: &str = "Edit on the map";
pub const EDIT_DONE: &str = "Done editing";

/// A knob's way back.
pub const AS_IT_WAS: &str = "As it was";

/// What a visibility is called (international visibility code, shortened).
pub fn weather(km: f64) -> &'static str {
    match km {
        k if k < 0.2 => "dense fog",
        k if k < 1.0 => "fog",
        k if k < 4.0 => "mist",
        k if k < 10.0 => "haze",
        k if k < 23.0 => "clear",
        _ => "very clear",
    }
}

/// How many photons are listened to.
pub fn of_photons(percent: impl Display) -> String {
    format!("{percent} of the photons")
}

/// The scenario as it stands is refused.
pub fn not_running(why: impl Display) -> String {
    format!("Not running: {why}")
}

/// Knobs of a floor that are not as they were.
pub fn changed(n: usize) -> String {
    format!("{n} changed")
}

/// The button that sets a knob back.
pub fn reset_knob(knob: impl Display) -> String {
    format!("{knob} as it was")
}

/// A knob's slider.
pub fn slider(knob: impl Display) -> String {
    format!("{knob}, slider")
}
