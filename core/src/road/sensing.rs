//! Who sees and who hears: cameras, radio, and the scripted road users that there are to be seen.

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
        // Most of what there is is too far away, and that is soon known.
        self.position.distance_m(p) <= self.range_m && {
            let off = (self.position.bearing_deg(p) - self.heading_deg + 540.0) % 360.0 - 180.0;
            off.abs() <= self.fov_deg / 2.0
        }
    }
}

/// A road user that follows a line and gets in nobody's way.
#[derive(Clone, Debug, PartialEq)]
pub struct RoadUser {
    /// Identifier.
    pub id: String,
    /// `car`, `pedestrian`, `cyclist`.
    pub kind: String,
    /// Speed, m/s.
    pub speed_mps: f64,
    /// When it starts.
    pub depart: SimTime,
    /// The line's points, each with its arc length, metres.
    line: Vec<(f64, Point)>,
}

impl RoadUser {
    /// One that starts at `depart` and follows the line through `points` at `speed_mps`.
    #[must_use]
    pub fn new(id: &str, kind: &str, points: &[Point], speed_mps: f64, depart: SimTime) -> Self {
        let mut line: Vec<(f64, Point)> = Vec::with_capacity(points.len());
        for point in points {
            let at_m = line.last().map_or(0.0, |(before_m, before)| before_m + before.distance_m(*point));
            line.push((at_m, *point));
        }
        Self { id: id.into(), kind: kind.into(), speed_mps, depart, line }
    }

    /// Where it is and which way it faces, degrees clockwise from north; `None` before it starts and after it has gone.
    /// Takes the logarithm of the line's points: a run asks this of each road user at each instant that is shown.
    #[must_use]
    pub fn pose(&self, now: SimTime) -> Option<(Point, f64)> {
        if now < self.depart {
            return None;
        }
        let s_m = now.since(self.depart).as_secs() * self.speed_mps;
        // The first point that it has not yet passed; the piece of the line before that is where it is.
        let next = self.line.partition_point(|(at_m, _)| *at_m < s_m).max(1);
        let ((from_m, from), (to_m, to)) = (self.line.get(next - 1)?, self.line.get(next)?);
        let t = if to_m > from_m { (s_m - from_m) / (to_m - from_m) } else { 0.0 };
        Some((from.lerp(*to, t), from.bearing_deg(*to)))
    }
}

/// Time on the air: 6 Mbit/s in a 10 MHz channel (IEEE 802.11p), and 1 ms to get hold of it and to pass it up.
#[must_use]
pub fn air_time(bytes: usize) -> SimDuration {
    SimDuration(1_000_000 + bytes as u64 * 8 * 1_000 / 6)
}
