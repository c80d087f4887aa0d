//! The laboratory.

use keyway_core::sim::snapshot::EveKind;
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
pub const NOTE: &str = "Visibility, rain, hour, eavesdropper and blocked beam act at once. Another seed or scenario begins from \
     00:00.0. The same seed always gives the same run.";

/// Floors that have knobs, with their words.
pub const FLOORS: [(&str, &str); 7] = [
    ("link", "Light"),
    ("distill", "Distilling"),
    ("kmm", "Key management"),
    ("zap", "Trust"),
    ("its", "Messages"),
    ("road", "Street and attacker"),
    ("sim", "Run"),
];

/// What acts at once.
pub const VISIBILITY: &str = "Visibility";
pub const RAIN: &str = "Rain";
pub const HOUR: &str = "Starts at";
pub const EVE_ON: &str = "Eavesdropper on";
pub const EVE_KIND: &str = "What she does";
pub const EVE: &str = "How much";
pub const NO_EVE: &str = "nobody listens";
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

/// Intensities and bases of a link.
pub const BEST_LIGHT_FOR: &str = "Intensities and bases for";
pub const BEST_LIGHT: &str = "Find the best";
pub const BEST_LIGHT_TIP: &str =
    "Those that give this link the longest key of a block, as the weather is now";

/// No choice is better.
pub fn no_better_light(link: impl Display) -> String {
    format!("{link}: no other choice gives a longer key of a block of this length, as the weather is now.")
}

/// What gives the longest key: rates before and after, and what is sent.
pub fn best_light(link: impl Display, (now, best): (String, String), light: String, p_x: String) -> String {
    format!(
        "{link}: {best} of secret key instead of {now}. {light}Key basis {p_x} at each end. Undo brings back what was."
    )
}

/// What a source with decoys sends: mean photons and shares of the pulses.
pub fn best_decoys(
    (mu1, p1): (f64, impl Display),
    (mu2, p2): (f64, impl Display),
    p3: impl Display,
) -> String {
    format!("Signal {mu1} photons in {p1} of the pulses, decoy {mu2} in {p2}, vacuum in {p3}. ")
}

/// What a single-photon source sends.
pub fn best_brightness(photons: f64) -> String {
    format!("Brightness {photons} photons. ")
}

/// A knob's way back.
pub const AS_IT_WAS: &str = "As it was";

/// What an eavesdropper does, in a list to choose from.
pub fn eve_kind(kind: EveKind) -> &'static str {
    match kind {
        EveKind::InterceptResend => "measures, either basis",
        EveKind::InterceptX => "measures, key basis",
        EveKind::InterceptZ => "measures, check basis",
        EveKind::InterceptBreidbart => "measures between bases",
        EveKind::PhotonNumberSplitting => "splits photon numbers",
        EveKind::BeamSplitting => "splits the beam",
        EveKind::Impersonation => "answers in Bob's place",
        EveKind::Jamming => "jams the receiver",
    }
}

/// What such an eavesdropper gains, and what gives her away.
pub fn eve_signature(kind: EveKind) -> &'static str {
    match kind {
        EveKind::InterceptResend => {
            "Intercept-resend: she measures photons and sends on what she found. She guesses the basis wrong half of the time, so a quarter of what she takes turns out wrong, \
             in both bases."
        }
        EveKind::InterceptX => {
            "Intercept-resend in the key basis: the key itself shows no error; half of what she takes is wrong in the check \
             basis, which is why that is measured too."
        }
        EveKind::InterceptZ => {
            "Intercept-resend in the check basis: the checks show no error, and half of what she takes is wrong in the key."
        }
        EveKind::InterceptBreidbart => {
            "Intercept-resend in the Breidbart basis: she knows each bit with 85 %, and a quarter of what she takes is wrong \
             in both bases."
        }
        EveKind::Impersonation => {
            "Impersonation: she takes the whole beam and answers in the receiver's place. She cannot prove to be him, so \
             each block is dropped at her first word; without that proof each round would cost a pair of pads."
        }
        EveKind::PhotonNumberSplitting => {
            "Photon-number splitting: she keeps one photon of two, and blocks single ones so that the signal looks as it \
             did. No bit is wrong, but the weaker decoy pulses arrive too seldom: no key is left."
        }
        EveKind::BeamSplitting => {
            "Beam splitting: it looks like loss and makes no error. The key gets shorter, and nothing of it is known to her."
        }
        EveKind::Jamming => {
            "Jamming: she learns nothing. Noise drowns the signal, errors rise to one half, and blocks are dropped."
        }
    }
}

/// How much of it.
pub fn eve_share(kind: EveKind, percent: impl Display, counts: impl Display) -> String {
    match kind {
        EveKind::BeamSplitting => format!("{percent} of the light"),
        EveKind::Jamming => format!("{counts} at the receiver"),
        _ => format!("{percent} of the pulses"),
    }
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
