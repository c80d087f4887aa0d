//! A car and its driver: it keeps to limits and bends, follows the planned way, and plans again when a message that it
//! believes says that the way is blocked.

use super::map::{Map, point_at};
use super::route::Route;
use crate::ground::{GeoPoint, MessageId, Point, SimDuration, SimTime};
use serde::{Deserialize, Serialize};

/// Acceleration, m/s² (comfortable).
const ACCELERATION: f64 = 1.5;
/// Braking, m/s² (comfortable).
const BRAKING: f64 = 2.5;
/// Sideways acceleration in bends, m/s².
const LATERAL: f64 = 2.0;
/// Distance between two points of the speed profile, metres.
const PROFILE_M: f64 = 2.0;
/// Distance of the car from the centre line of a road, to the left, metres.
pub const LANE_OFFSET_M: f64 = 1.7;

/// What happened to a car.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Event {
    /// It started.
    Departed {
        /// Length of the planned way, metres.
        planned_m: f64,
    },
    /// A message made the driver believe that there is something ahead.
    BeliefFormed {
        /// The message.
        message: MessageId,
        /// Objects that it showed.
        objects: u32,
    },
    /// A belief was not renewed.
    BeliefLapsed {
        /// Seconds that it held.
        held_s: f64,
    },
    /// There is another way, and the driver takes it.
    Replanned {
        /// Its length from here, metres.
        length_m: f64,
    },
    /// There is no other way: the driver goes back to the start of the way and tries again.
    TurnedBack {
        /// The last message that said so.
        message: MessageId,
        /// Where the way is believed to be blocked, metres ahead.
        blocked_ahead_m: f64,
        /// The new way's length from here, metres.
        length_m: f64,
    },
    /// It is where it was going.
    Arrived {
        /// Metres driven.
        driven_m: f64,
    },
}

/// Where a car goes, as a scenario says it.
#[derive(Clone, Debug, PartialEq)]
pub struct Plan {
    /// Start.
    pub start: GeoPoint,
    /// Way points.
    pub via: Vec<GeoPoint>,
    /// Goal.
    pub finish: GeoPoint,
    /// When it starts.
    pub depart: SimTime,
    /// A belief lapses after this time.
    pub belief: SimDuration,
    /// The driver decides when a blocked place is this near, metres along the way.
    pub decision_m: f64,
    /// Share of the limit that this driver drives, 0 to 1.
    pub pace: f64,
}

/// What the driver believes.
#[derive(Clone, Debug)]
struct Belief {
    message: MessageId,
    since: SimTime,
    until: SimTime,
    places: Vec<Point>,
}

/// A car.
#[derive(Clone, Debug)]
pub struct Vehicle {
    plan: Plan,
    route: Route,
    profile: Vec<f64>,
    s_m: f64,
    speed_mps: f64,
    driven_m: f64,
    planned_m: f64,
    departed: bool,
    arrived: Option<SimTime>,
    belief: Option<Belief>,
    /// The car is off its plan until this arc length of its route.
    off_plan_until_m: Option<f64>,
    left_plan: bool,
    /// The way driven, as pieces on and off the plan.
    trace: Vec<(bool, Vec<Point>)>,
}

impl Vehicle {
    /// A car at the start of a way that the map has (the scenario has checked it).
    #[must_use]
    pub fn new(map: &Map, plan: Plan) -> Self {
        let route = map.route_via(plan.start, &plan.via, plan.finish).unwrap_or_default();
        let profile = profile(&route, plan.pace);
        let start = route.points.first().copied().unwrap_or_default();
        Self {
            planned_m: route.length_m,
            plan,
            route,
            profile,
            s_m: 0.0,
            speed_mps: 0.0,
            driven_m: 0.0,
            departed: false,
            arrived: None,
            belief: None,
            off_plan_until_m: None,
            left_plan: false,
            trace: vec![(false, vec![start])],
        }
    }

    /// Where it is (on the left of the centre line) and which way it faces, degrees clockwise from north.
    #[must_use]
    pub fn pose(&self) -> (Point, f64) {
        let (p, heading) = point_at(&self.route.points, self.s_m);
        let left = (heading - 90.0).to_radians();
        let offset = Point {
            x_m: p.x_m + LANE_OFFSET_M * libm::sin(left),
            y_m: p.y_m + LANE_OFFSET_M * libm::cos(left),
        };
        (offset, heading)
    }

    /// Speed, m/s.
    #[must_use]
    pub fn speed_mps(&self) -> f64 {
        self.speed_mps
    }
    /// Metres driven.
    #[must_use]
    pub fn driven_m(&self) -> f64 {
        self.driven_m
    }
    /// Length of the planned way, metres.
    #[must_use]
    pub fn planned_m(&self) -> f64 {
        self.planned_m
    }
    /// When it arrived.
    #[must_use]
    pub fn arrived(&self) -> Option<SimTime> {
        self.arrived
    }
    /// Whether it ever left its plan.
    #[must_use]
    pub fn left_plan(&self) -> bool {
        self.left_plan
    }
    /// Whether the driver believes in something ahead now.
    #[must_use]
    pub fn believes(&self) -> bool {
        self.belief.is_some()
    }
    /// The way from here.
    #[must_use]
    pub fn way_ahead(&self) -> Vec<Point> {
        super::map::cut(&self.route.points, self.s_m, self.route.length_m)
    }
    /// The way driven: pieces, each with whether it was off the plan.
    #[must_use]
    pub fn trace(&self) -> &[(bool, Vec<Point>)] {
        &self.trace
    }

    /// A message that the car believes shows objects at these places.
    pub fn believe(&mut self, now: SimTime, message: MessageId, places: &[Point], events: &mut Vec<Event>) {
        // Only what lies on the way ahead matters to the driver.
        if places.is_empty() || self.route.first_blocked(self.s_m, places).is_none() {
            return;
        }
        if self.belief.is_none() {
            events.push(Event::BeliefFormed { message, objects: places.len() as u32 });
        }
        let since = self.belief.as_ref().map_or(now, |b| b.since);
        self.belief = Some(Belief { message, since, until: now + self.plan.belief, places: places.to_vec() });
    }

    /// Lets `dt` pass.
    pub fn step(&mut self, map: &Map, now: SimTime, dt: SimDuration, events: &mut Vec<Event>) {
        if self.arrived.is_some() || now < self.plan.depart {
            return;
        }
        if !std::mem::replace(&mut self.departed, true) {
            events.push(Event::Departed { planned_m: self.planned_m });
        }
        if let Some(belief) = self.belief.take_if(|b| now >= b.until) {
            events.push(Event::BeliefLapsed { held_s: now.since(belief.since).as_secs() });
        }
        self.decide(map, events);
        self.drive(dt.as_secs());
        if self.s_m >= self.route.length_m - 0.5 {
            self.arrived = Some(now);
            events.push(Event::Arrived { driven_m: self.driven_m });
        }
    }

    fn decide(&mut self, map: &Map, events: &mut Vec<Event>) {
        let Some(belief) = &self.belief else { return };
        let Some(blocked_ahead_m) = self.route.first_blocked(self.s_m, &belief.places) else { return };
        if blocked_ahead_m > self.plan.decision_m {
            return;
        }
        let here = map.nearest(point_at(&self.route.points, self.s_m).0);
        // The car faces one way: only the edges of its route.
        let here: Vec<_> = here.into_iter().filter(|at| self.route.edges.contains(&at.edge)).collect();
        let place = |p: GeoPoint| map.nearest(map.plane.point_from_geo(p));
        let finish = place(self.plan.finish);
        if let Ok(route) = map.route(&[here.clone(), finish.clone()], &belief.places) {
            self.left_plan = true;
            self.off_plan_until_m = Some(f64::INFINITY);
            events.push(Event::Replanned { length_m: route.length_m });
            self.follow(route);
            return;
        }
        let rest_m = self.route.length_m - self.s_m;
        let again: Vec<Vec<_>> = [
            vec![here, place(self.plan.start)],
            self.plan.via.iter().map(|p| place(*p)).collect(),
            vec![finish],
        ]
        .concat();
        // Back to the start the way is planned as if all were free behind the blocked place.
        if let Ok(route) = map.route(&again, &[]) {
            let leaves = route.first_blocked(0.0, &belief.places).is_none_or(|m| m > blocked_ahead_m + 1.0);
            if leaves {
                self.left_plan = true;
                self.off_plan_until_m = Some((route.length_m - rest_m).max(0.0));
                let length_m = route.length_m;
                events.push(Event::TurnedBack { message: belief.message, blocked_ahead_m, length_m });
                self.follow(route);
            }
        }
    }

    fn follow(&mut self, route: Route) {
        let last = self.trace.last().and_then(|(_, points)| points.last().copied());
        self.trace.push((true, last.into_iter().collect()));
        self.profile = profile(&route, self.plan.pace);
        self.route = route;
        self.s_m = 0.0;
    }

    fn drive(&mut self, dt_s: f64) {
        let allowed = self.profile_at(self.s_m + self.speed_mps * dt_s);
        let fastest = self.speed_mps + ACCELERATION * dt_s;
        let slowest = (self.speed_mps - 2.0 * BRAKING * dt_s).max(0.0);
        self.speed_mps = allowed.min(fastest).max(slowest);
        let step_m = (self.speed_mps * dt_s).min(self.route.length_m - self.s_m);
        self.s_m += step_m;
        self.driven_m += step_m;
        let (p, _) = point_at(&self.route.points, self.s_m);
        if self.off_plan_until_m.is_some_and(|until| self.s_m >= until) {
            self.off_plan_until_m = None;
            self.trace.push((false, vec![p]));
        }
        if let Some((_, points)) = self.trace.last_mut()
            && points.last().is_none_or(|last| last.distance_m(p) >= 3.0)
        {
            points.push(p);
        }
    }

    fn profile_at(&self, s_m: f64) -> f64 {
        let i = (s_m / PROFILE_M) as usize;
        self.profile.get(i).or(self.profile.last()).copied().unwrap_or(0.0)
    }
}

/// The speed that is allowed at each place of a way: limit, bends, and room to brake for what follows; a slow end.
fn profile(route: &Route, pace: f64) -> Vec<f64> {
    let n = (route.length_m / PROFILE_M) as usize + 1;
    let heading: Vec<f64> = (0..=n).map(|i| point_at(&route.points, i as f64 * PROFILE_M).1).collect();
    let mut limit_at = Vec::with_capacity(n);
    let (mut segment, mut end) = (0, 0.0);
    for i in 0..n {
        let s = i as f64 * PROFILE_M;
        while segment < route.limits_mps.len() && (segment == 0 && end == 0.0 || s > end) {
            end += route.points[segment].distance_m(route.points[segment + 1]);
            segment += 1;
        }
        limit_at.push(route.limits_mps.get(segment.saturating_sub(1)).copied().unwrap_or(0.0) * pace);
    }
    for i in 0..n {
        // Radius from the turn over 8 m: drawings have corners where roads have bends.
        let (a, b) = (heading[i.saturating_sub(2)], heading[(i + 2).min(n)]);
        let turn = ((b - a + 540.0) % 360.0 - 180.0).abs().to_radians();
        if turn > 1e-3 {
            limit_at[i] = limit_at[i].min((LATERAL * 4.0 * PROFILE_M / turn).sqrt().max(2.5));
        }
    }
    for i in (0..n.saturating_sub(1)).rev() {
        let reach = limit_at[i + 1] * limit_at[i + 1] + 2.0 * BRAKING * PROFILE_M;
        limit_at[i] = limit_at[i].min(reach.sqrt());
    }
    limit_at
}
