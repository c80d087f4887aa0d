//! Quantum links: violet, wider with the key rate, dashed while standing by, outlined in vermilion with a word when
//! someone listens in. What sends no key is grey, and its form says why: dotted without light, dashes and dots while
//! the terminals look for each other, two stubs at the roofs while they are put away, thin while the source is held.

use super::leaf::{Picked, Surface, Tip, element_of, named_path, picked};
use crate::action::{Action, Pick};
use crate::format::{decibels, percent, rate};
use crate::text;
use gloo::events::EventListener;
use keyway_core::ground::GeoPoint;
use keyway_core::sim::snapshot::{Beam, Hold, LinkState, Scene, Snapshot};
use leaflet::{Map, Marker, Polyline};
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

/// The links.
pub struct Links {
    pub surface: Surface,
    links: Vec<Link>,
    roofs: Vec<Roof>,
    _picks: Vec<Picked>,
    _keys: Vec<EventListener>,
}

struct Link {
    outline: Polyline,
    glow: Polyline,
    beam: Polyline,
    word: Marker,
    tip: Option<Tip>,
}

struct Roof {
    tip: Option<Tip>,
    links: Vec<usize>,
}

/// A rooftop terminal.
const DIAMOND: &str =
    r#"<svg viewBox="0 0 24 24" aria-hidden="true"><path d="M12 5.6L18.4 12L12 18.4L5.6 12Z"/></svg>"#;

impl Links {
    pub fn new(map: &Map, scene: &Scene, act: &yew::Callback<Action>) -> Self {
        let (mut picks, mut keys) = (Vec::new(), Vec::new());
        let surface = Surface::new(map, "links", 420);
        let place = |i: u32| scene.terminals.get(i as usize).map(|t| t.position);
        let mut links = Vec::new();
        for (n, link) in scene.links.iter().enumerate() {
            let (Some(a), Some(b)) = (place(link.a), place(link.b)) else { continue };
            let line = [a, b];
            let outline = surface.line(&line, "beam-outline", false);
            let glow = surface.line(&line, "beam-glow", false);
            let beam = surface.line(&line, "beam", false);
            let touch = surface.line(&line, "beam-touch", true);
            picks.push(picked(&touch, act, Pick::Link(n as u32)));
            keys.extend(named_path(&touch, &text::map::link(&link.name), act, Pick::Link(n as u32)));
            let middle = GeoPoint { lon: (a.lon + b.lon) / 2.0, lat: (a.lat + b.lat) / 2.0 };
            let word = surface.sign(middle, "eve-word", "", text::map::EAVESDROPPED, "");
            links.push(Link { outline, glow, beam, word, tip: Tip::bind(&touch, &link.name, "", true) });
        }
        let roofs = scene.terminals.iter().enumerate().map(|(i, t)| {
            let alt = text::map::rooftop(&t.name);
            let sign = surface.sign(t.position, "roof", DIAMOND, &t.name, &alt);
            picks.push(picked(&sign, act, Pick::Terminal(i as u32)));
            let its = |l: &keyway_core::sim::snapshot::SceneLink| l.a as usize == i || l.b as usize == i;
            let links = (0..scene.links.len()).filter(|n| its(&scene.links[*n])).collect();
            Roof { tip: Tip::bind(&sign, &t.name, "", false), links }
        });
        let roofs = roofs.collect();
        Self { links, roofs, surface, _picks: picks, _keys: keys }
    }

    /// Brings the links to this instant.
    pub fn update(&self, shot: &Snapshot) {
        for (link, state) in self.links.iter().zip(&shot.links) {
            link.update(state);
        }
        for roof in &self.roofs {
            let states = || roof.links.iter().filter_map(|i| shot.links.get(*i));
            let sending = states().filter(|l| l.beam == Beam::Emitting).count();
            let sum: f64 = states().filter(|l| l.beam == Beam::Emitting).map(|l| l.key_rate_bps).sum();
            if let Some(tip) = &roof.tip {
                tip.say(&text::map::roof_tip(sending, roof.links.len(), rate(sum)));
            }
        }
    }
}

/// The class of a beam that sends no key.
pub fn held_class(hold: Hold) -> &'static str {
    match hold {
        Hold::None | Hold::Lost => "down",
        Hold::Acquiring => "down acquiring",
        Hold::Stowed => "down stowed",
        Hold::SourceHeld | Hold::NoRandomness => "down held",
    }
}

/// Width of a beam in pixels: 1.4 at 100 bit/s or less, 4.4 at 100 kbit/s or more.
fn width_px(state: &LinkState) -> f64 {
    let decades = libm::log10(state.key_rate_bps.max(1.0)) - 2.0;
    1.4 + decades.clamp(0.0, 3.0)
}

impl Link {
    fn update(&self, state: &LinkState) {
        let (beam, width) = match state.beam {
            Beam::Emitting => ("sending", width_px(state)),
            Beam::Standby => ("standby", 1.4),
            Beam::Down => (held_class(state.hold), 1.8),
        };
        let eve = if state.eavesdropped { " eve" } else { "" };
        restyle(&self.beam, &format!("beam {beam}{eve}"), Some(width));
        restyle(&self.glow, &format!("beam-glow {beam}{eve}"), None);
        restyle(&self.outline, &format!("beam-outline{eve}"), None);
        if let Some(word) = icon_of(&self.word) {
            // `toggle` fails only on an empty name.
            let _ = word.class_list().toggle_with_force("shown", state.eavesdropped);
        }
        if let Some(tip) = &self.tip {
            tip.say(&text::map::link_tip(
                text::light::link_words(state).0,
                rate(state.key_rate_bps),
                percent(state.qber, 1),
                text::of_mean(decibels(state.loss_now_db), decibels(state.loss_db)),
            ));
        }
    }
}

/// The element of a marker, once it is on the map.
pub fn icon_of(marker: &Marker) -> Option<HtmlElement> {
    js_sys::Reflect::get(marker, &"_icon".into()).ok()?.dyn_into().ok()
}

fn restyle(path: &Polyline, class: &str, width_px: Option<f64>) {
    let Some(element) = element_of(path) else { return };
    set(&element, "class", class);
    // Stubs are hundredths of the beam, whatever its length on the screen; other dashes are pixels.
    if class.contains("stowed") {
        set(&element, "pathLength", "100");
    } else if element.has_attribute("pathLength") {
        // Fails only on an impossible name.
        let _ = element.remove_attribute("pathLength");
    }
    if let Some(width) = width_px {
        set(&element, "style", &format!("stroke-width:{width:.1}px"));
    }
}

fn set(element: &Element, name: &str, value: &str) {
    if element.get_attribute(name).as_deref() != Some(value) {
        // `set_attribute` fails only on an impossible name.
        let _ = element.set_attribute(name, value);
    }
}
