//! The panel of the light, and a link's state wherever it is told.

use std::fmt::Display;

pub const TAB: &str = "Light";
pub const TIP: &str = "What the light does on each link";

pub const SENDING: &str = "sending";
pub const STANDING_BY: &str = "pool full, standing by";
pub const NO_LIGHT: &str = "no light";
pub const BLOCKED: &str = "beam blocked";
pub const DROPPED: &str = "last block dropped";
pub const EAVESDROPPED: &str = "eavesdropped";
pub const EVE_DROPPED: &str = "eavesdropped: blocks dropped";

pub const CAPTION: &str = "Quantum links";
pub const LINK: &str = "Link";
pub const ERRORS: &str = "errors";
pub const KEY: &str = "key";
pub const KEY_TIP: &str = "Secret bits made a second while the link sends";
pub const LOSS: &str = "loss";
pub const LOSS_TIP: &str = "Light lost between the telescopes, in decibels; the detector is not counted";
pub const CLICKS: &str = "clicks";
pub const CLICKS_TIP: &str = "Photons detected a second";

/// Where the light goes.
pub const BUDGET: &str = "Where the light is lost";
pub const SPREAD: &str = "spread of the beam";
pub const AIR: &str = "air";
pub const OPTICS: &str = "optics";
pub const DETECTOR: &str = "detector";

/// A part of the loss in figures.
pub fn part(word: impl Display, db: f64) -> String {
    format!("{word} {db:.2} dB")
}

/// A link's blocks and length.
pub fn blocks(made: u32, dropped: u32, range_m: f64) -> String {
    format!("{made} blocks made, {dropped} dropped; {range_m:.0} m")
}
