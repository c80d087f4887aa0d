//! The street map: centre lines joined into a graph of directed edges.
//!
//! Roads and roundabouts of a drawing touch without sharing points: an end is joined to whatever it comes within
//! [`SNAP_M`] of, and the road it touches is split there.

use crate::ground::order::sort_few;
use crate::ground::{GeoPoint, Plane, Point};
use serde::{Deserialize, Serialize};
use thiserror::Error;

/// Ends within this distance of a road are joined to it, metres.
pub const SNAP_M: f64 = 2.0;

/// One road as a scenario writes it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RoadSpec {
    /// Identifier.
    pub id: String,
    /// Name.
    pub name: String,
    /// Centre line, in the direction of travel where it is one-way.
    pub points: Vec<GeoPoint>,
    /// Only in the direction of its points.
    pub oneway: bool,
    /// Speed limit, metres a second.
    pub maxspeed_mps: f64,
    /// A closed ring, one-way (clockwise in the United Kingdom).
    pub roundabout: bool,
    /// Who may drive through.
    pub access: Access,
}

/// Who may drive through.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Access {
    /// Everyone.
    All,
    /// No through traffic.
    Service,
}

/// Why a map was refused.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{path}: {value}; expected {expected}")]
pub struct MapError {
    /// JSON path below the map.
    pub path: String,
    /// The value.
    pub value: String,
    /// What was expected.
    pub expected: String,
}

/// One direction of a piece of road between two junctions.
#[derive(Clone, Debug)]
pub struct Edge {
    /// Index of the road.
    pub road: usize,
    /// Junction that it starts from.
    pub from: usize,
    /// Junction that it leads to.
    pub to: usize,
    /// Points in the direction of travel.
    pub points: Vec<Point>,
    /// Length, metres.
    pub length_m: f64,
    /// Speed limit, metres a second.
    pub maxspeed_mps: f64,
    /// Through traffic is allowed.
    pub through: bool,
}

/// A place on an edge.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct OnEdge {
    /// Index of the edge.
    pub edge: usize,
    /// Metres from its start.
    pub s_m: f64,
}

/// The street map.
#[derive(Clone, Debug)]
pub struct Map {
    /// Degrees and metres.
    pub plane: Plane,
    /// The roads as written.
    pub roads: Vec<RoadSpec>,
    /// Directed edges.
    pub edges: Vec<Edge>,
}

impl Map {
    /// Checks the roads and joins them.
    ///
    /// # Errors
    /// [`MapError`] with the JSON path of the first fault.
    pub fn new(roads: &[RoadSpec]) -> Result<Self, MapError> {
        check(roads)?;
        let origin = roads[0].points[0];
        let plane = Plane::new(origin);
        let lines: Vec<Vec<Point>> =
            roads.iter().map(|r| r.points.iter().map(|p| plane.point_from_geo(*p)).collect()).collect();
        let mut junctions: Vec<Point> = Vec::new();
        let mut splits: Vec<Vec<(f64, usize)>> = vec![Vec::new(); roads.len()];
        for (r, line) in lines.iter().enumerate() {
            let length = length_m(line);
            for (end, s) in [(line[0], 0.0), (line[line.len() - 1], length)] {
                let junction =
                    junctions.iter().position(|j| j.distance_m(end) <= SNAP_M).unwrap_or_else(|| {
                        junctions.push(end);
                        junctions.len() - 1
                    });
                splits[r].push((s, junction));
                for (other, other_line) in lines.iter().enumerate().filter(|(other, _)| *other != r) {
                    let (distance, at) = project(other_line, end);
                    if distance <= SNAP_M {
                        splits[other].push((at, junction));
                    }
                }
            }
        }
        let mut edges = Vec::new();
        for (r, road) in roads.iter().enumerate() {
            let pieces = &mut splits[r];
            sort_few(pieces, |a, b| a.0.total_cmp(&b.0));
            for pair in pieces.windows(2) {
                let ((a, from), (b, to)) = (pair[0], pair[1]);
                if b - a < 0.5 {
                    continue; // the same junction, found from both sides
                }
                let points = cut(&lines[r], a, b);
                let edge = |from, to, points: Vec<Point>| Edge {
                    road: r,
                    from,
                    to,
                    length_m: length_m(&points),
                    points,
                    maxspeed_mps: road.maxspeed_mps,
                    through: road.access == Access::All,
                };
                if !road.oneway {
                    let mut back = points.clone();
                    back.reverse();
                    edges.push(edge(to, from, back));
                }
                edges.push(edge(from, to, points));
            }
        }
        Ok(Self { plane, roads: roads.to_vec(), edges })
    }

    /// The places on edges nearest to a point: both directions of a two-way road.
    #[must_use]
    pub fn nearest(&self, point: Point) -> Vec<OnEdge> {
        let all: Vec<(f64, OnEdge)> = (0..self.edges.len())
            .map(|edge| {
                let (distance, s_m) = project(&self.edges[edge].points, point);
                (distance, OnEdge { edge, s_m })
            })
            .collect();
        let best = all.iter().map(|(d, _)| *d).fold(f64::INFINITY, f64::min);
        if best > 50.0 {
            return Vec::new();
        }
        all.into_iter().filter(|(d, _)| *d < best + 0.01).map(|(_, at)| at).collect()
    }
}

fn check(roads: &[RoadSpec]) -> Result<(), MapError> {
    let refuse = |path: String, value: String, expected: &str| {
        Err(MapError { path, value, expected: expected.into() })
    };
    if roads.is_empty() {
        return refuse("roads".into(), "[]".into(), "at least one road");
    }
    for (i, road) in roads.iter().enumerate() {
        if road.points.len() < 2 {
            return refuse(
                format!("roads[{i}].points"),
                road.points.len().to_string(),
                "at least two points",
            );
        }
        for (j, p) in road.points.iter().enumerate() {
            if !((-180.0..=180.0).contains(&p.lon) && (-85.0..=85.0).contains(&p.lat)) {
                let value = format!("[{}, {}]", p.lon, p.lat);
                return refuse(
                    format!("roads[{i}].points[{j}]"),
                    value,
                    "[longitude -180 to 180, latitude -85 to 85]",
                );
            }
            let from = roads[0].points[0];
            if (p.lon - from.lon).abs() > 0.5 || (p.lat - from.lat).abs() > 0.5 {
                let value = format!("[{}, {}]", p.lon, p.lat);
                return refuse(
                    format!("roads[{i}].points[{j}]"),
                    value,
                    "a place within half a degree of the first",
                );
            }
        }
        if !(0.5..=60.0).contains(&road.maxspeed_mps) {
            return refuse(
                format!("roads[{i}].maxspeed_mps"),
                road.maxspeed_mps.to_string(),
                "a number from 0.5 to 60",
            );
        }
        if let Some(first) = roads[..i].iter().position(|r| r.id == road.id) {
            return refuse(
                format!("roads[{i}].id"),
                format!("`{}`", road.id),
                &format!("an id that roads[{first}] does not bear"),
            );
        }
    }
    Ok(())
}

/// Length of a line, metres.
#[must_use]
pub fn length_m(line: &[Point]) -> f64 {
    line.windows(2).map(|w| w[0].distance_m(w[1])).sum()
}

/// Distance of a point from a line, and the arc length of the nearest place.
#[must_use]
pub fn project(line: &[Point], p: Point) -> (f64, f64) {
    let (mut best, mut at, mut s) = (f64::INFINITY, 0.0, 0.0);
    for w in line.windows(2) {
        let (dx, dy) = (w[1].x_m - w[0].x_m, w[1].y_m - w[0].y_m);
        let length = w[0].distance_m(w[1]);
        let t = if length > 0.0 {
            (((p.x_m - w[0].x_m) * dx + (p.y_m - w[0].y_m) * dy) / (length * length)).clamp(0.0, 1.0)
        } else {
            0.0
        };
        let distance = p.distance_m(w[0].lerp(w[1], t));
        if distance < best {
            (best, at) = (distance, s + t * length);
        }
        s += length;
    }
    (best, at)
}

/// The part of a line between two arc lengths.
#[must_use]
pub fn cut(line: &[Point], from: f64, to: f64) -> Vec<Point> {
    let mut out = vec![point_at(line, from).0];
    let mut s = 0.0;
    for w in line.windows(2) {
        s += w[0].distance_m(w[1]);
        if s > from + 1e-6 && s < to - 1e-6 {
            out.push(w[1]);
        }
    }
    out.push(point_at(line, to).0);
    out
}

/// The point at an arc length (clamped to the line) and the direction there, degrees clockwise from north.
#[must_use]
pub fn point_at(line: &[Point], s_m: f64) -> (Point, f64) {
    let mut left = s_m.max(0.0);
    for (i, w) in line.windows(2).enumerate() {
        let length = w[0].distance_m(w[1]);
        if left <= length || i + 2 == line.len() {
            let t = if length > 0.0 { (left / length).min(1.0) } else { 0.0 };
            return (w[0].lerp(w[1], t), w[0].bearing_deg(w[1]));
        }
        left -= length;
    }
    (line.first().copied().unwrap_or_default(), 0.0)
}
