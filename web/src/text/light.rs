//! The panel of the light, and a link's state wherever it is told.

use keyway_core::sim::snapshot::{Beam, Hold, LinkState};
use std::fmt::Display;

pub const TAB: &str = "Light";
pub const TIP: &str = "What the light does on each link";

pub const SENDING: &str = "sending";
pub const STANDING_BY: &str = "enough keys, standing by";
pub const NO_LIGHT: &str = "no light";
pub const BLOCKED: &str = "beam blocked";
pub const LOST: &str = "beam lost";
pub const ACQUIRING: &str = "looking for its beam";
pub const STOWED: &str = "put away from the weather";
pub const NO_RANDOMNESS: &str = "no key: its random numbers fail their tests";
pub const SOURCE_HELD: &str = "source held: not at its temperature";
pub const DROPPED: &str = "last block dropped";
pub const EAVESDROPPED: &str = "eavesdropped";
pub const EVE_DROPPED: &str = "eavesdropped: blocks dropped";

pub const CAPTION: &str = "Quantum links";
pub const LINK: &str = "Link";
pub const ERRORS: &str = "errors";
pub const KEY: &str = "key";
pub const KEY_TIP: &str = "Secret bits made a second while the link sends";
pub const LOSS: &str = "loss";
pub const LOSS_TIP: &str = "Light lost between the telescopes, in decibels: the mean, and with its fading now. The detector is not counted";
pub const CLICKS: &str = "clicks";
pub const CLICKS_TIP: &str = "Photons detected a second";

/// Where the light goes.
pub const BUDGET: &str = "Where the light is lost";
/// What takes it, in the order of its way (`link::channel::LossKind`).
pub const PARTS: [&str; 10] = [
    "spread of the beam",
    "turbulence",
    "pointing",
    "haze or fog",
    "molecules",
    "rain or snow",
    "eavesdropper's tap",
    "receiver's optics",
    "detector",
    "outside the gate",
];

/// The figures of one link.
pub const DETAIL: &str = "In figures";
pub const CHOOSE: &str = "Link whose figures are shown";
pub const STATE: &str = "state";
pub const LOSS_MEAN: &str = "loss, mean";
pub const LOSS_NOW: &str = "loss now";
pub const CN2: &str = "Cn²";
pub const CN2_TIP: &str =
    "Refractive index structure parameter: how strongly air of unequal warmth bends the light";
pub const SCINTILLATION: &str = "scintillation index";
pub const SCINTILLATION_TIP: &str =
    "Variance of the collected light by turbulence, relative to its mean squared";
pub const BACKGROUND_TIP: &str = "Sky light that the detectors count, a second";
pub const EMITTER_TIP: &str = "Temperature of the emitter: it may send only near its set point";
pub const COOLER_TIP: &str = "How hard the cooler works to hold it, as a share of what it can";
pub const BACKGROUND: &str = "sky light";
pub const NOISE: &str = "noise per gate";
pub const NOISE_TIP: &str =
    "Probability that a detector clicks in a gate without signal: dark counts, sky light, jamming";
pub const UNDER_WAY: &str = "blocks under way";
pub const UNDER_WAY_TIP: &str =
    "Blocks whose light is there and whose key is not yet; each end holds sixteen at most";
pub const PADS: &str = "pairs of pads";
pub const PADS_TIP: &str = "One-time pads left to seal rounds of distilling with: each round costs a pair and a good one brings it back";
pub const EMITTER: &str = "source";
pub const COOLER: &str = "its cooler";
pub const ALARMS: &str = "alarms";
pub const NO_ALARMS: &str = "none";
pub const NO_COOLER: &str = "no cooler";

/// Alarms of the hardware, in the order of `link::control::Alarm`.
pub const ALARM_WORDS: [&str; 7] = [
    "gusts over the limit",
    "rain over the limit",
    "snow over the limit",
    "beacon lost",
    "several scans found nothing",
    "cooler at its limit",
    "interlock holds the source",
];

/// A part of the loss in figures.
pub fn part(word: impl Display, db: f64) -> String {
    format!("{word} {db:.2} dB")
}

/// Under the mean of a loss: what it is now.
pub fn now(loss: impl Display) -> String {
    format!("now {loss}")
}

/// Whose figures stand in the legend of the losses.
pub fn figures_of(link: impl Display) -> String {
    format!("in figures: {link}")
}

/// A refractive index structure parameter with its unit.
pub fn cn2(figure: impl Display) -> String {
    format!("{figure} m^(−2/3)")
}

/// How hard a cooler works.
pub fn cooler(share: impl Display) -> String {
    format!("at {share}")
}

/// A link's blocks and length.
pub fn blocks(made: u32, dropped: u32, range_m: f64) -> String {
    format!("{made} blocks made, {dropped} dropped; {range_m:.0} m")
}

/// A link's state in words, and whether they are bad news.
pub fn link_words(link: &LinkState) -> (&'static str, bool) {
    let held = match link.hold {
        Hold::None => None,
        Hold::Lost | Hold::Acquiring if link.broken => Some(BLOCKED),
        Hold::Lost => Some(LOST),
        Hold::Acquiring => Some(ACQUIRING),
        Hold::Stowed => Some(STOWED),
        Hold::SourceHeld => Some(SOURCE_HELD),
        Hold::NoRandomness => Some(NO_RANDOMNESS),
    };
    match (held, link.eavesdropped, link.alarm, link.beam) {
        (Some(held), ..) => (held, true),
        (None, true, true, _) => (EVE_DROPPED, true),
        (None, true, false, _) => (EAVESDROPPED, true),
        (None, false, true, _) => (DROPPED, true),
        (.., Beam::Emitting) => (SENDING, false),
        (.., Beam::Standby) => (STANDING_BY, false),
        (.., Beam::Down) if link.broken => (BLOCKED, true),
        (.., Beam::Down) => (NO_LIGHT, true),
    }
}

/// The alarms of a link's hardware in words.
pub fn alarm_words(link: &LinkState) -> String {
    let words = link.hardware_alarms.iter().zip(ALARM_WORDS);
    let raised: Vec<&str> = words.filter(|(on, _)| **on).map(|(_, word)| word).collect();
    if raised.is_empty() { NO_ALARMS.into() } else { raised.join(", ") }
}
