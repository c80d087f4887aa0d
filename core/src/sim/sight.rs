//! Where a scenario's links stand, what stands between their ends, and where the sun is.

use super::scenario::{Building, Link, Scenario};
use crate::ground::{NodeId, Point};
use crate::link::sky::{Sun, unix_s};
use crate::link::surroundings::Site;
use crate::link::weather::sun::Start;

/// A building in the way of a beam.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Obstruction {
    /// Name of the building.
    pub building: String,
    /// Its height, metres.
    pub building_m: f64,
    /// Height of the beam where it is lowest over the building, metres.
    pub beam_m: f64,
}

impl Scenario {
    /// Place and height of a terminal, metres.
    fn roof(&self, id: &NodeId) -> (Point, f64) {
        let terminal = self.file.terminals.iter().find(|t| t.id == *id);
        terminal.map_or((Point::default(), 0.0), |t| (self.map.plane.point_from_geo(t.position), t.height_m))
    }

    /// Length of a link, metres.
    pub(super) fn range_m(&self, link: &Link) -> f64 {
        let ((a, ha), (b, hb)) = (self.roof(&link.a), self.roof(&link.b));
        let flat = a.distance_m(b);
        (flat * flat + (ha - hb) * (ha - hb)).sqrt()
    }

    /// Height and direction of link `i`.
    pub(super) fn site(&self, i: usize) -> Site {
        let link = &self.file.links[i];
        let ((a, ha), (b, hb)) = (self.roof(&link.a), self.roof(&link.b));
        Site { height_m: (ha + hb) / 2.0, bearing_deg: a.bearing_deg(b) }
    }

    /// Place and time of a run that starts at `hour_utc`.
    pub(super) fn start(&self, hour_utc: f64) -> Start {
        let (clock, origin) = (self.file.clock, self.map.plane.geo_from_point(Point::default()));
        let unix_s = unix_s(clock.year, clock.day_of_year, hour_utc);
        Start { latitude_deg: origin.lat, longitude_deg: origin.lon, unix_s }
    }

    /// The sun over the campus at an hour (UTC) of the scenario's day.
    #[must_use]
    pub fn sun_at(&self, hour_utc: f64) -> Sun {
        self.start(hour_utc).sun(0.0)
    }

    /// The building that stands furthest into the beam of `link`, if one does. The ends' own hosts do not count: the
    /// terminals stand on them.
    pub(super) fn obstruction(&self, link: &Link) -> Option<Obstruction> {
        let ((a, ha), (b, hb)) = (self.roof(&link.a), self.roof(&link.b));
        let hosts: Vec<&str> = self
            .file
            .terminals
            .iter()
            .filter(|t| t.id == link.a || t.id == link.b)
            .map(|t| t.host.as_str())
            .collect();
        let of = |building: &Building| {
            let outline: Vec<Point> =
                building.points.iter().map(|p| self.map.plane.point_from_geo(*p)).collect();
            let (from, to) = crossing(a, b, &outline)?;
            let beam_m = (ha + (hb - ha) * from).min(ha + (hb - ha) * to);
            (beam_m < building.height_m).then(|| Obstruction {
                building: building.name.clone(),
                building_m: building.height_m,
                beam_m,
            })
        };
        let buildings = self.file.map.buildings.iter().filter(|b| !hosts.contains(&b.id.as_str()));
        let depth = |o: &Obstruction| o.building_m - o.beam_m;
        buildings.filter_map(of).max_by(|x, y| depth(x).total_cmp(&depth(y)))
    }
}

/// The part of the way from `a` to `b`, as shares of it, between the first and the last time that it is inside or at
/// the edge of an outline.
fn crossing(a: Point, b: Point, outline: &[Point]) -> Option<(f64, f64)> {
    let (dx, dy) = (b.x_m - a.x_m, b.y_m - a.y_m);
    let mut shares: Vec<f64> = Vec::new();
    let mut inside = false;
    for (p, q) in outline.iter().zip(outline.iter().cycle().skip(1)) {
        let (ex, ey) = (q.x_m - p.x_m, q.y_m - p.y_m);
        let (px, py) = (p.x_m - a.x_m, p.y_m - a.y_m);
        let det = dx * ey - dy * ex;
        if det != 0.0 {
            // a + t d = p + u e.
            let (t, u) = ((px * ey - py * ex) / det, (px * dy - py * dx) / det);
            if (0.0..=1.0).contains(&t) && (0.0..=1.0).contains(&u) {
                shares.push(t);
            }
        }
        // Whether `a` is inside: edges to the right of it are crossed an odd number of times.
        if (p.y_m > a.y_m) != (q.y_m > a.y_m) && a.x_m < p.x_m + (a.y_m - p.y_m) / ey * ex {
            inside = !inside;
        }
    }
    if inside {
        shares.push(0.0);
        // Odd: the way ends inside.
        if shares.len() % 2 == 1 {
            shares.push(1.0);
        }
    } else if shares.len() == 1 {
        shares.push(1.0);
    }
    let first = shares.iter().copied().reduce(f64::min)?;
    let last = shares.iter().copied().reduce(f64::max)?;
    Some((first, last))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SQUARE: [(f64, f64); 4] = [(10.0, -5.0), (20.0, -5.0), (20.0, 5.0), (10.0, 5.0)];

    fn at(x_m: f64, y_m: f64) -> Point {
        Point { x_m, y_m }
    }

    #[test]
    fn a_way_is_inside_between_its_crossings() {
        let square = SQUARE.map(|(x, y)| at(x, y));
        assert_eq!(crossing(at(0.0, 0.0), at(40.0, 0.0), &square), Some((0.25, 0.5)));
        assert_eq!(crossing(at(15.0, 0.0), at(35.0, 0.0), &square), Some((0.0, 0.25)));
        assert_eq!(crossing(at(12.0, 0.0), at(18.0, 0.0), &square), Some((0.0, 1.0)));
        assert_eq!(crossing(at(0.0, 0.0), at(15.0, 0.0), &square).map(|s| s.0), Some(10.0 / 15.0));
        assert_eq!(crossing(at(0.0, 20.0), at(40.0, 20.0), &square), None);
        assert_eq!(crossing(at(0.0, 0.0), at(5.0, 0.0), &square), None);
    }

    #[test]
    fn each_beam_of_the_campus_is_free() {
        let scenario = Scenario::warwick();
        for link in &scenario.file.links {
            assert_eq!(scenario.obstruction(link), None, "{}", link.id);
        }
    }
}
