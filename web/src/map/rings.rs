//! Messages: a ring grows from the sender; where it reaches the car it becomes a tick or a cross. Radio is too quick
//! to see, so a ring takes its own time, and of the many messages only a few are shown at once.

use super::canvas::{Pen, Projection};
use keyway_core::ground::GeoPoint;
use keyway_core::ground::order::sort_few;
use keyway_core::sim::snapshot::{Flight, Snapshot, Verdict};

/// A ring's life, seconds.
const LIFE_S: f64 = 0.9;
/// The sign at the car stays this long after, seconds.
const SIGN_S: f64 = 0.6;
/// A sender shows at most one ring in this time, seconds.
const PAUSE_S: f64 = 1.6;
/// Rings at once.
const RINGS: usize = 10;

/// The rings.
#[derive(Debug, Default)]
pub struct Rings {
    rings: Vec<Ring>,
}

#[derive(Debug)]
struct Ring {
    sender: String,
    from: GeoPoint,
    to: Option<GeoPoint>,
    range_m: f64,
    verdict: Option<Verdict>,
    faked: bool,
    born_s: f64,
}

impl Rings {
    /// New messages begin to spread.
    pub fn take(&mut self, shot: &Snapshot, motion_s: f64) {
        // The attacker's first, then those that reached the car.
        let order = |f: &Flight| (!f.faked, f.verdict.is_none());
        let mut flights: Vec<&Flight> = shot.flights.iter().collect();
        sort_few(&mut flights, |a, b| order(a).cmp(&order(b)));
        for f in flights {
            let sender = f.message.split('/').next().unwrap_or_default();
            let pause_s = if f.faked { LIFE_S } else { PAUSE_S };
            let busy = self.rings.iter().any(|r| r.sender == sender && motion_s - r.born_s < pause_s);
            if !busy && (f.faked || self.rings.len() < RINGS) {
                self.rings.push(Ring {
                    sender: sender.into(),
                    from: f.from,
                    to: f.to.filter(|_| f.verdict.is_some()),
                    range_m: f.range_m,
                    verdict: f.verdict,
                    faked: f.faked,
                    born_s: motion_s,
                });
            }
        }
    }

    /// Nothing is on the air any more.
    pub fn jump(&mut self) {
        self.rings.clear();
    }

    /// Draws them; `car` is where the car is shown.
    pub fn draw(&mut self, pen: &Pen<'_>, at: &Projection, car: Option<(f64, f64)>, motion_s: f64) {
        self.rings.retain(|r| motion_s - r.born_s < LIFE_S.max(PAUSE_S) + SIGN_S);
        for ring in &self.rings {
            let age_s = motion_s - ring.born_s;
            let centre = at.at(ring.from);
            let reach = ring.range_m * at.px_per_m;
            let f = age_s / LIFE_S;
            if f < 1.0 {
                let colour = if ring.faked { &pen.palette.bad } else { &pen.palette.radio };
                pen.dash(if ring.faked { &[6.0, 5.0] } else { &[] });
                pen.circle(centre, 6.0 + (reach - 6.0).max(0.0) * f);
                pen.stroke(colour, if ring.faked { 2.2 } else { 1.4 }, 0.75 * (1.0 - f));
                pen.dash(&[]);
            }
            let (Some(to), Some(verdict)) = (ring.to.map(|p| at.at(p)), ring.verdict) else { continue };
            let reached_s =
                LIFE_S * (libm::hypot(to.0 - centre.0, to.1 - centre.1) / reach.max(1.0)).min(1.0);
            let since_s = age_s - reached_s;
            if let Some(car) = car.filter(|_| (0.0..SIGN_S).contains(&since_s)) {
                sign(pen, car, verdict, ring.faked, since_s / SIGN_S);
            }
        }
    }
}

/// A tick where it was believed, a cross where not, in a circle that closes on the car.
fn sign(pen: &Pen<'_>, (x, y): (f64, f64), verdict: Verdict, faked: bool, f: f64) {
    let colour = if verdict == Verdict::Accepted && !faked { &pen.palette.good } else { &pen.palette.bad };
    let alpha = 0.9 * (1.0 - f);
    pen.circle((x, y), 26.0 - 10.0 * f);
    pen.stroke(colour, 2.0, alpha);
    let (sx, sy) = (x + 16.0, y - 18.0);
    match verdict {
        Verdict::Accepted => {
            pen.polyline([(sx - 5.0, sy), (sx - 1.0, sy + 4.0), (sx + 6.0, sy - 5.0)].into_iter());
        }
        Verdict::Rejected => {
            pen.polyline([(sx - 5.0, sy - 5.0), (sx + 5.0, sy + 5.0)].into_iter());
            pen.extend([(sx + 5.0, sy - 5.0), (sx - 5.0, sy + 5.0)].into_iter());
        }
    }
    pen.stroke(colour, 2.6, alpha);
}
