//! The compromised road-side unit: a mask and a word, louder while it transmits.

use super::leaf::{Picked, Surface, Tip, picked};
use super::links::icon_of;
use crate::action::{Action, Pick};
use crate::text;
use keyway_core::sim::snapshot::{Scene, Snapshot};
use leaflet::{Map, Marker};

/// The attacker.
pub struct Attacker {
    sign: Option<(Marker, Option<Tip>)>,
    _surface: Surface,
    _pick: Option<Picked>,
}

const MASK: &str = r#"<svg viewBox="0 0 24 24" aria-hidden="true"><circle cx="12" cy="12" r="11"/><path class="mask" d="M5 8.6C8.4 6.6 15.6 6.6 19 8.6C19.4 14 16 17.4 12 17.4S4.6 14 5 8.6ZM7.4 10.6C8.4 12.6 10.2 12.6 11 11.2C9.8 10.2 8.6 10 7.4 10.6ZM16.6 10.6C15.6 12.6 13.8 12.6 13 11.2C14.2 10.2 15.4 10 16.6 10.6Z"/></svg>"#;

impl Attacker {
    pub fn new(map: &Map, scene: &Scene, act: &yew::Callback<Action>) -> Self {
        let surface = Surface::new(map, "attacker", 430);
        let sign = scene.attacker.as_ref().map(|a| {
            let sign = surface.sign(a.position, "attacker", MASK, text::map::ATTACKER, &a.name);
            let tip = Tip::bind(&sign, &a.name, "", false);
            (sign, tip)
        });
        let pick = sign.as_ref().map(|(sign, _)| picked(sign, act, Pick::Attacker));
        Self { sign, _surface: surface, _pick: pick }
    }

    /// Brings the attacker to this instant.
    pub fn update(&self, shot: &Snapshot) {
        let Some((sign, tip)) = &self.sign else { return };
        let said = match (shot.knobs.attack, shot.attack_active) {
            (_, true) => text::map::ATTACKER_SENDS,
            (true, false) => text::map::ATTACKER_WAITS,
            (false, false) => text::map::ATTACKER_QUIET,
        };
        if let Some(tip) = tip {
            tip.say(said);
        }
        if let Some(icon) = icon_of(sign) {
            // `toggle` fails only on an empty name.
            let _ = icon.class_list().toggle_with_force("active", shot.attack_active);
            let _ = icon.class_list().toggle_with_force("off", !shot.knobs.attack);
        }
    }
}
