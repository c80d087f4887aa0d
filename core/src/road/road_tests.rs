use super::map::{length_m, point_at};
use super::*;
use crate::ground::{GeoPoint, MessageId, Point, SimDuration, SimTime, StationId};
use proptest::prelude::*;

fn campus() -> (Map, serde_json::Value) {
    let file: serde_json::Value =
        serde_json::from_str(include_str!("../../../static/scenarios/warwick.json")).unwrap();
    let roads: Vec<RoadSpec> = serde_json::from_value(file["map"]["roads"].clone()).unwrap();
    (Map::new(&roads).unwrap(), file)
}

fn plan(file: &serde_json::Value) -> Plan {
    let point = |v: &serde_json::Value| serde_json::from_value::<GeoPoint>(v.clone()).unwrap();
    let v = &file["vehicle"];
    Plan {
        start: point(&v["start"]),
        via: v["via"].as_array().unwrap().iter().map(point).collect(),
        finish: point(&v["finish"]),
        depart: SimTime::from_secs(5.0),
        belief: SimDuration::from_secs(6.0),
        decision_m: v["decision_m"].as_f64().unwrap(),
        pace: 1.0,
    }
}

/// Drives to the end; the way is said to be blocked until `blocked_until_s`.
fn drive(blocked_until_s: f64) -> (Vehicle, Vec<Event>, f64) {
    let (map, file) = campus();
    let mut car = Vehicle::new(&map, plan(&file));
    let places: Vec<_> = file["attacker"]["objects"]
        .as_array()
        .unwrap()
        .iter()
        .map(|p| map.plane.point_from_geo(serde_json::from_value(p.clone()).unwrap()))
        .collect();
    let (mut now, dt, mut events) = (SimTime::ZERO, SimDuration::from_millis(100), Vec::new());
    let message = MessageId { station: StationId(1), seq: 0 };
    while car.arrived().is_none() && now < SimTime::from_secs(1_500.0) {
        now += dt;
        if now < SimTime::from_secs(blocked_until_s) {
            car.believe(now, message, &places, &mut events);
        }
        car.step(&map, now, dt, &mut events);
        assert!(car.speed_mps() <= 13.5);
    }
    let at = now.as_secs();
    (car, events, at)
}

#[test]
fn the_planned_way_is_the_papers_two_kilometres() {
    let (car, events, at_s) = drive(0.0);
    assert!((car.planned_m() - 2_000.0).abs() < 20.0, "{} m", car.planned_m());
    assert!((car.driven_m() - car.planned_m()).abs() < 2.0);
    assert!((190.0..300.0).contains(&at_s), "{at_s} s");
    assert!(!car.left_plan() && matches!(events.last(), Some(Event::Arrived { .. })));
}

#[test]
fn a_driver_who_believes_the_exit_blocked_laps_the_one_way_system_and_tries_again() {
    let (car, events, _) = drive(330.0);
    assert!(car.left_plan());
    let back = events.iter().filter(|e| matches!(e, Event::TurnedBack { .. })).count();
    assert_eq!(back, 1, "{events:?}");
    let lap = car.driven_m() - car.planned_m();
    assert!((lap - 1_810.6).abs() < 40.0, "{lap} m");
    assert!(events.iter().any(|e| matches!(e, Event::BeliefLapsed { .. })));
}

#[test]
fn a_way_never_runs_against_a_one_way_road() {
    let (map, _) = campus();
    let places: Vec<_> = map.roads.iter().map(|r| r.points[r.points.len() / 2]).collect();
    let mut found = 0;
    for a in &places {
        for b in &places {
            let Ok(route) = map.route_via(*a, &[], *b) else { continue };
            found += 1;
            for pair in route.edges.windows(2) {
                assert_eq!(map.edges[pair[0]].to, map.edges[pair[1]].from, "a way jumps");
            }
        }
    }
    assert!(found > 300, "{found} ways");
    for (r, road) in map.roads.iter().enumerate().filter(|(_, r)| r.oneway) {
        let start = map.plane.point_from_geo(road.points[0]);
        let first = map
            .edges
            .iter()
            .filter(|e| e.road == r && e.points.last().is_some_and(|p| p.distance_m(start) < 0.1));
        assert!(road.roundabout || first.count() == 0, "{} is driven both ways", road.id);
    }
}

proptest! {
    /// A road user is where its line is after the way it has gone, on corners and points said twice too.
    #[test]
    fn a_road_user_is_where_its_line_says(
        corners in prop::collection::vec((-40_i32..40, -40_i32..40), 2..30),
        speed_mps in 0.1..60.0,
        wait_s in 0.0..20.0,
        passed_s in 0.0..60.0,
    ) {
        let line: Vec<Point> =
            corners.iter().map(|(x, y)| Point { x_m: f64::from(*x), y_m: f64::from(*y) }).collect();
        let depart = SimTime::from_secs(wait_s);
        let user = RoadUser::new("u", "car", &line, speed_mps, depart);
        let now = depart + SimDuration::from_secs(passed_s);
        let s_m = now.since(depart).as_secs() * speed_mps;
        // What rounding says of the very end is its own affair.
        prop_assume!((s_m - length_m(&line)).abs() > 1e-6);
        match user.pose(now) {
            None => prop_assert!(s_m > length_m(&line)),
            Some((p, _)) => prop_assert!(p.distance_m(point_at(&line, s_m).0) < 1e-6),
        }
        prop_assert!(wait_s == 0.0 || user.pose(SimTime::ZERO).is_none());
        let (first, heading_deg) = point_at(&line, 0.0);
        prop_assert_eq!(user.pose(depart), Some((first, heading_deg)));
    }
}
