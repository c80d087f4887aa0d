//! The two labels that move: what the car makes of the newest faked message, and what the pointer is on.

use crate::text;
use keyway_core::sim::snapshot::{Snapshot, Verdict};
use std::cell::Cell;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

/// A callout stays this long after its message, seconds on the screen.
const STAY_S: f64 = 1.8;
/// Height of the bars over the map's lower edge in the wide layout, pixels.
pub const BARS_PX: f64 = 200.0;
/// Its distance from what it is about, pixels.
const AWAY_PX: (f64, f64) = (24.0, 16.0);

/// A label on the map.
pub struct Callout {
    element: HtmlElement,
    head: Element,
    said: Element,
    /// Its size with what it says now, pixels.
    size: Cell<(f64, f64)>,
    until_s: f64,
}

impl Callout {
    /// Makes it, hidden.
    pub fn new(container: &HtmlElement, class: &str) -> Option<Self> {
        let document = gloo::utils::document();
        let element: HtmlElement = document.create_element("div").ok()?.dyn_into().ok()?;
        let (head, said) = (document.create_element("b").ok()?, document.create_element("span").ok()?);
        element.set_class_name(&format!("callout {class}"));
        element.set_attribute("aria-hidden", "true").ok()?;
        element.append_child(&head).ok()?;
        element.append_child(&said).ok()?;
        container.append_child(&element).ok()?;
        let size = Cell::default();
        let callout = Self { element, head, said, size, until_s: f64::NEG_INFINITY };
        callout.place(None, (0.0, 0.0));
        Some(callout)
    }

    /// Takes the newest faked message that reached the car.
    pub fn take(&mut self, shot: &Snapshot, motion_s: f64) {
        let faked = shot.flights.iter().filter(|f| f.faked && f.verdict.is_some());
        let Some(flight) = faked.min_by(|a, b| a.age_s.total_cmp(&b.age_s)) else { return };
        self.until_s = motion_s + STAY_S;
        let said = match flight.verdict {
            Some(Verdict::Accepted) => text::map::BELIEVED.to_string(),
            _ if shot.dpn.epoch > 0 => text::map::dropped_in(shot.dpn.epoch),
            _ => text::map::DROPPED.to_string(),
        };
        self.say(&text::map::fake(&flight.message), &said);
    }

    /// Sets its two lines.
    pub fn say(&self, head: &str, said: &str) {
        let mut fresh = false;
        for (element, text) in [(&self.head, head), (&self.said, said)] {
            if element.text_content().as_deref() != Some(text) {
                element.set_text_content(Some(text));
                fresh = true;
            }
        }
        if fresh {
            self.size.set((f64::from(self.element.offset_width()), f64::from(self.element.offset_height())));
        }
    }

    /// Shows it beside the car while it lasts.
    pub fn draw(&self, car: Option<(f64, f64)>, size: (f64, f64), motion_s: f64) {
        self.place(car.filter(|_| motion_s <= self.until_s), size);
    }

    /// Nothing to say any more.
    pub fn jump(&mut self) {
        self.until_s = f64::NEG_INFINITY;
    }

    /// Puts it at a point, inside the map, or hides it.
    pub fn place(&self, at: Option<(f64, f64)>, (width, height): (f64, f64)) {
        // The chain and the time bar lie over the lower edge in the wide layout.
        let height = height - if crate::theme::narrow() { 0.0 } else { BARS_PX };
        let style = self.element.style();
        // A style property that a browser does not take leaves the label where it was.
        let Some((x, y)) = at else {
            let _ = style.set_property("visibility", "hidden");
            return;
        };
        let own = self.size.get();
        let beside = |at: f64, away: f64, own: f64, end: f64| {
            if at + away + own > end { at - away - own } else { at + away }
        };
        let (left, top) = (beside(x, AWAY_PX.0, own.0, width), beside(y, AWAY_PX.1, own.1, height));
        let _ = style
            .set_property("transform", &format!("translate({:.0}px,{:.0}px)", left.max(8.0), top.max(8.0)));
        let _ = style.set_property("visibility", "visible");
    }
}

impl Drop for Callout {
    fn drop(&mut self) {
        self.element.remove();
    }
}
