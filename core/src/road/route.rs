//! Ways through the street map: least time, one-way roads kept, no turning in the road, no short cut over service roads,
//! around what is believed to be blocked.

use super::map::{Map, OnEdge, length_m, project};
use crate::ground::{GeoPoint, Point};
use petgraph::algo::astar;
use petgraph::graph::{DiGraph, NodeIndex};
use petgraph::visit::EdgeRef;
use thiserror::Error;

/// A believed obstacle blocks a way that passes within this distance of it, metres.
pub const BLOCKS_WITHIN_M: f64 = 6.0;

/// No way was found.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum RouteError {
    /// A point is not near a road.
    #[error("no road within 50 m of [{0}, {1}]")]
    OffRoad(String, String),
    /// Nothing joins two points.
    #[error("no way from point {0} to point {1} of the route")]
    NoWay(usize, usize),
}

/// A way to drive.
#[derive(Clone, Debug, Default)]
pub struct Route {
    /// Its line.
    pub points: Vec<Point>,
    /// The speed limit on each stretch between two points, metres a second.
    pub limits_mps: Vec<f64>,
    /// Length, metres.
    pub length_m: f64,
    /// The edges, in order.
    pub edges: Vec<usize>,
}

impl Route {
    fn push(&mut self, points: &[Point], limit: f64) {
        for &p in points {
            match self.points.last() {
                Some(last) if last.distance_m(p) < 0.05 => {}
                Some(last) => {
                    self.length_m += last.distance_m(p);
                    self.points.push(p);
                    self.limits_mps.push(limit);
                }
                None => self.points.push(p),
            }
        }
    }

    /// Metres along the way from `from_m` to the first of these places that it passes within [`BLOCKS_WITHIN_M`] of.
    #[must_use]
    pub fn first_blocked(&self, from_m: f64, places: &[Point]) -> Option<f64> {
        let ahead = super::map::cut(&self.points, from_m, self.length_m);
        places
            .iter()
            .map(|p| project(&ahead, *p))
            .filter(|(distance, _)| *distance <= BLOCKS_WITHIN_M)
            .map(|(_, s)| s)
            .min_by(f64::total_cmp)
    }
}

impl Map {
    /// The way from `start` over `via` to `finish`.
    ///
    /// # Errors
    /// [`RouteError`] where a point lies off the roads or nothing joins two of them.
    pub fn route_via(
        &self,
        start: GeoPoint,
        via: &[GeoPoint],
        finish: GeoPoint,
    ) -> Result<Route, RouteError> {
        let points: Vec<GeoPoint> = [&[start], via, &[finish]].concat();
        let mut places = Vec::new();
        for p in &points {
            let near = self.nearest(self.plane.point_from_geo(*p));
            if near.is_empty() {
                return Err(RouteError::OffRoad(p.lon.to_string(), p.lat.to_string()));
            }
            places.push(near);
        }
        self.route(&places, &[])
    }

    /// The way over these places in order, each given as the edges that it may be reached on, around blocked places.
    ///
    /// # Errors
    /// [`RouteError::NoWay`].
    pub fn route(&self, places: &[Vec<OnEdge>], blocked: &[Point]) -> Result<Route, RouteError> {
        let search = Search::new(self, blocked);
        let mut route = Route::default();
        let mut at: Vec<OnEdge> = places.first().cloned().unwrap_or_default();
        for (i, goals) in places.iter().enumerate().skip(1) {
            let legs = at.iter().flat_map(|from| goals.iter().map(move |to| (*from, *to)));
            let best = legs
                .filter_map(|(from, to)| search.leg(from, to).map(|(time, edges)| (time, edges, from, to)))
                .min_by(|a, b| a.0.total_cmp(&b.0));
            let (_, edges, from, to) = best.ok_or(RouteError::NoWay(i - 1, i))?;
            let last = edges.len() - 1;
            for (j, &e) in edges.iter().enumerate() {
                let edge = &self.edges[e];
                let a = if j == 0 { from.s_m } else { 0.0 };
                let b = if j == last { to.s_m } else { edge.length_m };
                if b > a {
                    route.push(&super::map::cut(&edge.points, a, b), edge.maxspeed_mps);
                }
                if route.edges.last() != Some(&e) {
                    route.edges.push(e);
                }
            }
            at = vec![to];
        }
        route.length_m = length_m(&route.points);
        Ok(route)
    }
}

/// The line graph: a node is a directed edge of the map, so that turning round in the road can be left out.
struct Search<'a> {
    map: &'a Map,
    graph: DiGraph<usize, ()>,
    /// Where a believed obstacle stands on each edge, metres from its start.
    blocked: Vec<Vec<f64>>,
}

impl<'a> Search<'a> {
    fn new(map: &'a Map, places: &[Point]) -> Self {
        let blocked = map
            .edges
            .iter()
            .map(|e| {
                places
                    .iter()
                    .map(|p| project(&e.points, *p))
                    .filter(|(d, _)| *d <= BLOCKS_WITHIN_M)
                    .map(|(_, s)| s)
                    .collect()
            })
            .collect();
        let mut graph = DiGraph::new();
        for e in 0..map.edges.len() {
            graph.add_node(e);
        }
        for (i, a) in map.edges.iter().enumerate() {
            for (j, b) in map.edges.iter().enumerate() {
                let turns_round = a.road == b.road && a.from == b.to && !map.roads[a.road].roundabout;
                if a.to == b.from && !turns_round && i != j {
                    graph.add_edge(NodeIndex::new(i), NodeIndex::new(j), ());
                }
            }
        }
        Self { map, graph, blocked }
    }

    fn free(&self, edge: usize, from: f64, to: f64) -> bool {
        self.blocked[edge].iter().all(|s| *s < from || *s > to)
    }

    /// Time and edges from one place to another; `None` where there is no way.
    fn leg(&self, from: OnEdge, to: OnEdge) -> Option<(f64, Vec<usize>)> {
        let edges = &self.map.edges;
        if from.edge == to.edge && to.s_m >= from.s_m {
            let time = (to.s_m - from.s_m) / edges[to.edge].maxspeed_mps;
            return self.free(to.edge, from.s_m, to.s_m).then(|| (time, vec![to.edge]));
        }
        if !self.free(from.edge, from.s_m, edges[from.edge].length_m) || !self.free(to.edge, 0.0, to.s_m) {
            return None;
        }
        let ends = [edges[from.edge].road, edges[to.edge].road];
        let cost = |e: usize| {
            let edge = &edges[e];
            let whole = e == to.edge || self.free(e, 0.0, edge.length_m);
            let allowed = edge.through || ends.contains(&edge.road);
            if whole && allowed { edge.length_m / edge.maxspeed_mps } else { f64::INFINITY }
        };
        let (start, goal) = (NodeIndex::new(from.edge), NodeIndex::new(to.edge));
        // Back to the same edge behind the car: any way round, starting from what follows it.
        let starts: Vec<NodeIndex> =
            if from.edge == to.edge { self.graph.neighbors(start).collect() } else { vec![start] };
        let found = starts.into_iter().filter_map(|first| {
            let head = if first == start { 0.0 } else { cost(first.index()) };
            let (time, path) = astar(
                &self.graph,
                first,
                |n| n == goal,
                |e| self.graph.edge_endpoints(e.id()).map_or(f64::INFINITY, |(_, b)| cost(b.index())),
                |_| 0.0,
            )?;
            (time + head).is_finite().then_some((time + head, first, path))
        });
        let (time, first, path) = found.min_by(|a, b| a.0.total_cmp(&b.0))?;
        let mut edges: Vec<usize> = path.into_iter().map(|n| n.index()).collect();
        if first != start {
            edges.insert(0, from.edge);
        }
        Some((time, edges))
    }
}
