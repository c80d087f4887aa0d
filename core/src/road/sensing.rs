//! Who sees and who hears: cameras, radio, and the scripted road users that there are to be seen.

use super::map::{length_m, point_at};
use crate::ground::{Point, SimDuration, SimTime};

/// A camera on a mast.
#[derive(Clone, Debug, PartialEq)]
pub struct Camera {
    /// Where.
    pub position: Point,
    /// Direction of view, degrees clockwise from north.
    pub heading_deg: f64,
    /// Full angle of view, degrees.
    pub fov_deg: f64,
    /// How far it sees, metres.
    pub range_m: f64,
}

impl Camera {
    /// Whether a point is in view. Nothing hides anything yet.
    #[must_use]
    pub fn sees(&self, p: Point) -> bool {
        let off = (self.position.bearing_deg(p) - self.heading_deg + 540.0) % 360.0 - 180.0;
        self.position.distance_m(p) <= self.range_m && off.abs() <= self.fov_deg / 2.0
    }
}

/// A road user that follows a line and gets in nobody's way.
#[derive(Clone, Debug, PartialEq)]
pub struct RoadUser {
    /// Identifier.
    pub id: String,
    /// `car`, `pedestrian`, `cyclist`.
    pub kind: String,
    /// The line.
    pub points: Vec<Point>,
    /// Speed, m/s.
    pub speed_mps: f64,
    /// When it starts.
    pub depart: SimTime,
}

impl RoadUser {
    /// Where it is and which way it faces; `None` before it starts and after it has gone.
    #[must_use]
    pub fn pose(&self, now: SimTime) -> Option<(Point, f64)> {
        if now < self.depart {
            return None;
        }
        let s_m = now.since(self.depart).as_secs() * self.speed_mps;
        (s_m <= length_m(&self.points)).then(|| point_at(&self.points, s_m))
    }
}

/// Time on the air: 6 Mbit/s in a 10 MHz channel (IEEE 802.11p), and 1 ms to get hold of it and to pass it up.
#[must_use]
pub fn air_time(bytes: usize) -> SimDuration {
    SimDuration(1_000_000 + bytes as u64 * 8 * 1_000 / 6)
}
