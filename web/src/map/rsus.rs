//! Road-side units with their radio range, and the gateway.

use super::leaf::{Picked, Surface, Tip, at, picked};
use super::links::icon_of;
use crate::action::{Action, Pick};
use crate::text;
use keyway_core::sim::snapshot::{Scene, Snapshot};
use leaflet::{Circle, CircleOptions, Map, Marker};

/// The road-side units.
pub struct Rsus {
    pub ranges: Surface,
    pub signs: Surface,
    rsus: Vec<(Marker, Option<Tip>, f64)>,
    _picks: Vec<Picked>,
}

const TRIANGLE: &str = r#"<svg viewBox="0 0 24 24" aria-hidden="true"><path d="M12 5L18 16H6Z"/></svg>"#;
const SQUARE: &str =
    r#"<svg viewBox="0 0 24 24" aria-hidden="true"><path d="M7 7H17V17H7ZM10 10V14H14V10Z"/></svg>"#;

impl Rsus {
    pub fn new(map: &Map, scene: &Scene, act: &yew::Callback<Action>) -> Self {
        let mut picks = Vec::new();
        let (ranges, signs) = (Surface::new(map, "ranges", 405), Surface::new(map, "rsus", 425));
        let rsus = scene.rsus.iter().enumerate().map(|(i, r)| {
            let options = CircleOptions::new();
            options.set_radius(r.range_m);
            options.set_class_name("range".into());
            options.set_interactive(false);
            options.set_pane("ranges".into());
            Circle::new_with_options(&at(r.position), &options).add_to_layer_group(&ranges.group);
            let sign = signs.sign(r.position, "rsu", TRIANGLE, "", &r.name);
            picks.push(picked(&sign, act, Pick::Rsu(i as u32)));
            let tip = Tip::bind(&sign, &r.name, "", false);
            (sign, tip, r.range_m)
        });
        let rsus = rsus.collect();
        if let Some(gateway) = &scene.gateway {
            let sign = signs.sign(gateway.position, "gateway", SQUARE, "", &gateway.name);
            picks.push(picked(&sign, act, Pick::Gateway));
            Tip::bind(&sign, &gateway.name, text::map::GATEWAY_TIP, false);
        }
        Self { ranges, signs, rsus, _picks: picks }
    }

    /// Brings the road-side units to this instant.
    pub fn update(&self, shot: &Snapshot) {
        for ((sign, tip, range_m), state) in self.rsus.iter().zip(&shot.rsus) {
            if let Some(tip) = tip {
                let member =
                    if state.in_dpn { text::map::member(state.epoch) } else { text::map::NO_MEMBER.into() };
                tip.say(&text::map::rsu_tip(member, state.cpm_sent, *range_m));
            }
            if let Some(icon) = icon_of(sign) {
                // `toggle` fails only on an empty name.
                let _ = icon.class_list().toggle_with_force("outside", !state.in_dpn);
            }
        }
    }
}
