//! The places of a step of the causal chain, lit: rings of violet about what it happened at.

use super::canvas::{Pen, Projection};
use keyway_core::ground::GeoPoint;
use keyway_core::sim::chronicle::Spot;
use keyway_core::sim::snapshot::Scene;

/// Lit places.
#[derive(Debug, Default)]
pub struct Lit {
    places: Vec<GeoPoint>,
    lines: Vec<(GeoPoint, GeoPoint)>,
    car: bool,
}

impl Lit {
    /// Finds the places.
    pub fn light(&mut self, scene: &Scene, spots: &[Spot]) {
        *self = Self::default();
        let roof = |i: u32| scene.terminals.get(i as usize).map(|t| t.position);
        let mut path: Vec<GeoPoint> = Vec::new();
        for spot in spots {
            match spot {
                Spot::Link(id) => {
                    if let Some(link) = scene.links.iter().find(|l| l.id == *id)
                        && let (Some(a), Some(b)) = (roof(link.a), roof(link.b))
                    {
                        self.lines.push((a, b));
                        self.places.extend([a, b]);
                    }
                }
                Spot::Terminal(id) => {
                    if let Some(place) = scene.terminals.iter().find(|t| t.id == *id) {
                        path.push(place.position);
                    }
                }
                Spot::Station(n) => {
                    let rsu = scene.rsus.iter().find(|r| r.station == *n).map(|r| r.position);
                    // Who is no honest unit is the attacker.
                    self.places.extend(rsu.or(scene.attacker.as_ref().map(|a| a.position)));
                }
                Spot::Gateway => self.places.extend(scene.gateway.as_ref().map(|g| g.position)),
                Spot::Car => self.car = true,
            }
        }
        self.lines.extend(path.windows(2).map(|w| (w[0], w[1])));
        self.places.extend(path);
    }

    /// Draws them; `car` is where the car is shown.
    pub fn draw(&self, pen: &Pen<'_>, at: &Projection, car: Option<GeoPoint>) {
        for (a, b) in &self.lines {
            pen.polyline([at.at(*a), at.at(*b)].into_iter());
            pen.stroke(&pen.palette.quantum, 9.0, 0.3);
        }
        for place in self.places.iter().copied().chain(car.filter(|_| self.car)) {
            pen.circle(at.at(place), 15.0);
            pen.stroke(&pen.palette.quantum, 3.0, 0.9);
        }
    }
}
