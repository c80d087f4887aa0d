//! Photons that run along the beams, at a pace that follows the key rate, and keys that are relayed from roof to roof.

use super::canvas::{Pen, Projection};
use keyway_core::sim::snapshot::{Beam, LinkState, Scene, Snapshot};

/// Pixels between photons.
const SPACING_PX: f64 = 46.0;
/// How long a relayed key takes on the screen for each hop, seconds.
const HOP_S: f64 = 0.45;
/// Keys shown on their way at once.
const RELAYS: usize = 6;

/// Photons and relayed keys.
#[derive(Debug, Default)]
pub struct Beams {
    /// How far each link's photons have come, pixels.
    phase_px: Vec<f64>,
    relays: Vec<Pulse>,
    seen: Vec<String>,
}

#[derive(Debug)]
struct Pulse {
    path: Vec<u32>,
    born_s: f64,
}

/// Pixels a second: 14 at 100 bit/s, 74 at 100 kbit/s.
fn pace(link: &LinkState) -> f64 {
    14.0 + 20.0 * (libm::log10(link.key_rate_bps.max(100.0)) - 2.0).clamp(0.0, 3.0)
}

impl Beams {
    /// New keys on their way begin to travel.
    pub fn take(&mut self, shot: &Snapshot, motion_s: f64) {
        for relay in &shot.relays {
            if self.relays.len() < RELAYS && relay.path.len() > 1 && !self.seen.contains(&relay.key_id) {
                self.relays.push(Pulse { path: relay.path.clone(), born_s: motion_s });
            }
        }
        self.seen = shot.relays.iter().map(|r| r.key_id.clone()).collect();
    }

    /// Nothing is on its way any more.
    pub fn jump(&mut self) {
        self.relays.clear();
    }

    /// Draws; `passed_s` is how long the picture has moved since the last time.
    pub fn draw(&mut self, pen: &Pen<'_>, at: &Projection, scene: &Scene, shot: &Snapshot, passed_s: f64) {
        self.phase_px.resize(scene.links.len(), 0.0);
        let roof = |i: u32| scene.terminals.get(i as usize).map(|t| at.at(t.position));
        pen.c.begin_path();
        for ((place, link), phase) in scene.links.iter().zip(&shot.links).zip(&mut self.phase_px) {
            let (Some(a), Some(b)) = (roof(place.a), roof(place.b)) else { continue };
            if link.beam != Beam::Emitting {
                continue;
            }
            *phase = (*phase + passed_s * pace(link)) % SPACING_PX;
            let length = libm::hypot(b.0 - a.0, b.1 - a.1);
            let mut along = *phase;
            while along < length {
                let f = along / length;
                pen.arc((a.0 + (b.0 - a.0) * f, a.1 + (b.1 - a.1) * f), 2.3);
                along += SPACING_PX;
            }
        }
        pen.fill(&pen.palette.quantum, 1.0);
    }

    /// Draws the relayed keys.
    pub fn draw_relays(&mut self, pen: &Pen<'_>, at: &Projection, scene: &Scene, motion_s: f64) {
        let roof = |i: u32| scene.terminals.get(i as usize).map(|t| at.at(t.position));
        self.relays.retain(|p| (motion_s - p.born_s) < HOP_S * (p.path.len() as f64 - 1.0) + 0.2);
        for pulse in &self.relays {
            let hops = (motion_s - pulse.born_s) / HOP_S;
            let hop = (hops as usize).min(pulse.path.len().saturating_sub(2));
            let f = (hops - hop as f64).clamp(0.0, 1.0);
            let (Some(a), Some(b)) = (
                pulse.path.get(hop).copied().and_then(roof),
                pulse.path.get(hop + 1).copied().and_then(roof),
            ) else {
                continue;
            };
            pen.polyline([a, (a.0 + (b.0 - a.0) * f, a.1 + (b.1 - a.1) * f)].into_iter());
            pen.stroke(&pen.palette.quantum, 5.0, 0.35);
            let (x, y) = (a.0 + (b.0 - a.0) * f, a.1 + (b.1 - a.1) * f);
            pen.polyline([(x, y - 6.0), (x + 6.0, y), (x, y + 6.0), (x - 6.0, y), (x, y - 6.0)].into_iter());
            pen.fill(&pen.palette.quantum, 1.0);
            pen.stroke(&pen.palette.land, 1.5, 1.0);
        }
    }
}
