//! Between two places that the simulation gives, a thing glides and turns: it is shown one interval late and never
//! guessed ahead.

use keyway_core::ground::GeoPoint;

/// Farther than this in one interval is a jump, degrees (about 150 m).
const JUMP_DEG: f64 = 0.001_4;
/// An interval longer than this is not stretched over, seconds of simulated time.
const LONGEST_S: f64 = 1.0;

/// Where something is, and which way it faces.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pose {
    pub place: GeoPoint,
    /// Degrees clockwise from north.
    pub heading_deg: f64,
}

/// A thing that glides.
#[derive(Clone, Copy, Debug)]
pub struct Glide {
    from: Pose,
    to: Pose,
    since_s: f64,
    span_s: f64,
}

impl Glide {
    pub fn new(pose: Pose, t_s: f64) -> Self {
        Self { from: pose, to: pose, since_s: t_s, span_s: 0.0 }
    }

    /// At `t_s` it is said to be here.
    pub fn take(&mut self, pose: Pose, t_s: f64) {
        if pose == self.to {
            return;
        }
        let (dx, dy) = (pose.place.lon - self.to.place.lon, pose.place.lat - self.to.place.lat);
        if t_s < self.since_s || libm::hypot(dx, dy) > JUMP_DEG {
            *self = Self::new(pose, t_s);
            return;
        }
        self.from = self.shown(t_s);
        self.span_s = (t_s - self.since_s).min(LONGEST_S);
        (self.to, self.since_s) = (pose, t_s);
    }

    /// Where it is shown at `t_s`.
    pub fn shown(&self, t_s: f64) -> Pose {
        let f = if self.span_s > 1e-9 { ((t_s - self.since_s) / self.span_s).clamp(0.0, 1.0) } else { 1.0 };
        let mut turn = (self.to.heading_deg - self.from.heading_deg) % 360.0;
        if turn > 180.0 {
            turn -= 360.0;
        } else if turn < -180.0 {
            turn += 360.0;
        }
        let (a, b) = (self.from.place, self.to.place);
        Pose {
            place: GeoPoint { lon: a.lon + (b.lon - a.lon) * f, lat: a.lat + (b.lat - a.lat) * f },
            heading_deg: self.from.heading_deg + turn * f,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pose(lat: f64, heading_deg: f64) -> Pose {
        Pose { place: GeoPoint { lon: 0.0, lat }, heading_deg }
    }

    #[test]
    fn it_glides_and_turns_the_short_way() {
        let mut glide = Glide::new(pose(0.0, 350.0), 0.0);
        glide.take(pose(1e-4, 10.0), 1.0);
        let half = glide.shown(1.5);
        assert!((half.place.lat - 0.5e-4).abs() < 1e-12);
        assert!((half.heading_deg - 360.0).abs() < 1e-9);
        assert_eq!(glide.shown(9.0).place.lat, 1e-4);
    }

    #[test]
    fn it_jumps_when_wound() {
        let mut glide = Glide::new(pose(0.0, 0.0), 5.0);
        glide.take(pose(1e-4, 0.0), 1.0);
        assert_eq!(glide.shown(1.0).place.lat, 1e-4);
        glide.take(pose(0.5, 0.0), 2.0);
        assert_eq!(glide.shown(2.0).place.lat, 0.5);
    }
}
