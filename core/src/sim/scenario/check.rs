//! What of a scenario a type alone cannot say: ranges, places, names that must be known and names that must not be
//! borne twice.

use super::{File, ScenarioError};
use crate::ground::{GeoPoint, NodeId};
use crate::link;
use std::collections::BTreeMap;

/// The checks that a type alone cannot make.
pub(super) struct Check<'a>(pub(super) &'a File);

impl Check<'_> {
    pub(super) fn all(&self) -> Result<(), ScenarioError> {
        let f = self.0;
        range("until_s", f.until_s, 1.0, 86_400.0)?;
        range("clock.year", f64::from(f.clock.year), 1950.0, 2099.0)?;
        range("clock.day_of_year", f64::from(f.clock.day_of_year), 1.0, 366.0)?;
        range("clock.hour_utc", f.clock.hour_utc, 0.0, 24.0)?;
        let course = match f.weather {
            link::course::CourseParams::Script(_) => "weather.script",
            link::course::CourseParams::Climate(_) => "weather.climate",
        };
        f.weather.check().map_err(|e| refused(course, &e.field, &e.value, &e.expected))?;
        f.link_params.check().map_err(|e| refused("link_params", &e.field, &e.value, &e.expected))?;
        f.distill_params.check().map_err(|e| refused("distill_params", &e.field, &e.value, &e.expected))?;
        f.kmm.check().map_err(|e| refused("kmm", &e.field, &e.value, &e.expected))?;
        f.zap.check().map_err(|e| refused("zap", &e.field, &e.value, &e.expected))?;
        range("initial_pool_bits", f64::from(f.initial_pool_bits), 0.0, 1e9)?;
        self.map()?;
        self.network()?;
        self.street()
    }

    fn map(&self) -> Result<(), ScenarioError> {
        let map = &self.0.map;
        for (i, b) in map.buildings.iter().enumerate() {
            let path = format!("map.buildings[{i}]");
            range(&format!("{path}.height_m"), b.height_m, 0.0, 1_000.0)?;
            outline(&path, &b.points)?;
        }
        for (i, a) in map.areas.iter().enumerate() {
            outline(&format!("map.areas[{i}]"), &a.points)?;
        }
        unique("map.buildings", map.buildings.iter().map(|b| b.id.as_str()))
    }

    fn network(&self) -> Result<(), ScenarioError> {
        let f = self.0;
        unique("terminals", f.terminals.iter().map(|t| t.id.as_str()))?;
        unique("links", f.links.iter().map(|l| l.id.as_str()))?;
        unique("rsus", f.rsus.iter().map(|r| r.id.as_str()))?;
        for (i, t) in f.terminals.iter().enumerate() {
            place(&format!("terminals[{i}].position"), t.position)?;
            range(&format!("terminals[{i}].height_m"), t.height_m, 0.0, 1_000.0)?;
            let hosts = f
                .map
                .buildings
                .iter()
                .map(|b| b.id.as_str())
                .chain(f.map.areas.iter().map(|a| a.id.as_str()));
            known(&format!("terminals[{i}].host"), &t.host, "a building or area of `map`", hosts)?;
        }
        let terminal = |path: String, id: &NodeId| {
            known(&path, id.as_str(), "the id of a terminal", f.terminals.iter().map(|t| t.id.as_str()))
        };
        for (i, l) in f.links.iter().enumerate() {
            terminal(format!("links[{i}].a"), &l.a)?;
            terminal(format!("links[{i}].b"), &l.b)?;
            if l.a == l.b {
                return Err(value(&format!("links[{i}].b"), &l.b, "another terminal than `a`"));
            }
        }
        terminal("gateway.terminal".into(), &f.gateway.terminal)?;
        place("gateway.position", f.gateway.position)?;
        for (i, r) in f.rsus.iter().enumerate() {
            terminal(format!("rsus[{i}].terminal"), &r.terminal)?;
            if r.terminal == f.gateway.terminal {
                let path = format!("rsus[{i}].terminal");
                return Err(value(
                    &path,
                    format!("`{}`", r.terminal),
                    "another terminal than the gateway's: keys come over a link",
                ));
            }
            place(&format!("rsus[{i}].position"), r.position)?;
            range(&format!("rsus[{i}].range_m"), r.range_m, 1.0, 5_000.0)?;
        }
        for (i, fault) in f.hardware_faults.iter().enumerate() {
            let path = format!("hardware_faults[{i}]");
            range(&format!("{path}.t_s"), fault.t_s, 0.0, 86_400.0)?;
            range(&format!("{path}.cooler_health"), fault.cooler_health, 0.0, 1.0)?;
            let links = f.links.iter().map(|l| l.id.as_str());
            known(&format!("{path}.link"), fault.link.as_str(), "the id of a link", links)?;
            if let Some(qrng) = &fault.qrng {
                let of =
                    |e: link::ParamError| refused(&format!("{path}.qrng"), &e.field, &e.value, &e.expected);
                qrng.check().map_err(of)?;
            }
        }
        if let Some(e) = &f.eavesdropper {
            known(
                "eavesdropper.link",
                e.link.as_str(),
                "the id of a link",
                f.links.iter().map(|l| l.id.as_str()),
            )?;
            range("eavesdropper.fraction", e.fraction, 0.0, 1.0)?;
        }
        if let Some(id) = &f.broken_link {
            known("broken_link", id.as_str(), "the id of a link", f.links.iter().map(|l| l.id.as_str()))?;
        }
        Ok(())
    }

    fn street(&self) -> Result<(), ScenarioError> {
        let f = self.0;
        range("v2i.cpm_period_s", f.v2i.cpm_period_s, 0.1, 10.0)?;
        range("v2i.keys_per_s", f.v2i.keys_per_s, 0.0, 1_000.0)?;
        for (i, c) in f.cameras.iter().enumerate() {
            place(&format!("cameras[{i}].position"), c.position)?;
            range(&format!("cameras[{i}].heading_deg"), c.heading_deg, 0.0, 360.0)?;
            range(&format!("cameras[{i}].fov_deg"), c.fov_deg, 1.0, 360.0)?;
            range(&format!("cameras[{i}].range_m"), c.range_m, 1.0, 1_000.0)?;
            known(
                &format!("cameras[{i}].rsu"),
                &c.rsu,
                "the id of an RSU",
                f.rsus.iter().map(|r| r.id.as_str()),
            )?;
        }
        for (i, u) in f.road_users.iter().enumerate() {
            let path = format!("road_users[{i}]");
            range(&format!("{path}.speed_mps"), u.speed_mps, 0.1, 60.0)?;
            range(&format!("{path}.depart_s"), u.depart_s, 0.0, 86_400.0)?;
            known(
                &format!("{path}.kind"),
                &u.kind,
                "one of car, pedestrian, cyclist",
                ["car", "pedestrian", "cyclist"].into_iter(),
            )?;
            if u.points.len() < 2 {
                return Err(value(&format!("{path}.points"), u.points.len(), "at least two points"));
            }
            for (j, p) in u.points.iter().enumerate() {
                place(&format!("{path}.points[{j}]"), *p)?;
            }
        }
        let v = &f.vehicle;
        range("vehicle.depart_s", v.depart_s, 0.0, f.until_s)?;
        range("vehicle.belief_s", v.belief_s, 0.1, 600.0)?;
        range("vehicle.decision_m", v.decision_m, 1.0, 1_000.0)?;
        place("vehicle.start", v.start)?;
        place("vehicle.finish", v.finish)?;
        if let Some(a) = &f.attacker {
            place("attacker.position", a.position)?;
            range("attacker.range_m", a.range_m, 1.0, 5_000.0)?;
            range("attacker.start_s", a.start_s, 0.0, 86_400.0)?;
            range("attacker.end_s", a.end_s, a.start_s, 86_400.0)?;
            range("attacker.period_s", a.period_s, 0.05, 60.0)?;
            if a.objects.is_empty() || a.objects.len() > 64 {
                return Err(value("attacker.objects", a.objects.len(), "1 to 64 places"));
            }
            for (i, p) in a.objects.iter().enumerate() {
                place(&format!("attacker.objects[{i}]"), *p)?;
            }
        }
        let mut stations = BTreeMap::new();
        let all =
            f.rsus.iter().map(|r| r.station).chain([v.station]).chain(f.attacker.iter().map(|a| a.station));
        for station in all {
            if stations.insert(station, ()).is_some() {
                return Err(value("station", station, "a number that no other station bears"));
            }
        }
        Ok(())
    }
}

fn refused(group: &str, field: &str, v: &str, expected: &str) -> ScenarioError {
    value(&format!("{group}.{field}"), v, expected)
}

fn value(path: &str, value: impl ToString, expected: &str) -> ScenarioError {
    ScenarioError::Value { path: path.into(), value: value.to_string(), expected: expected.into() }
}

fn range(path: &str, x: f64, min: f64, max: f64) -> Result<(), ScenarioError> {
    if x >= min && x <= max { Ok(()) } else { Err(value(path, x, &format!("a number from {min} to {max}"))) }
}

fn place(path: &str, p: GeoPoint) -> Result<(), ScenarioError> {
    let good = (-180.0..=180.0).contains(&p.lon) && (-85.0..=85.0).contains(&p.lat);
    if good {
        Ok(())
    } else {
        Err(value(path, format!("[{}, {}]", p.lon, p.lat), "[longitude -180 to 180, latitude -85 to 85]"))
    }
}

fn outline(path: &str, points: &[GeoPoint]) -> Result<(), ScenarioError> {
    if points.len() < 3 {
        return Err(value(&format!("{path}.points"), points.len(), "at least three points"));
    }
    points.iter().enumerate().try_for_each(|(i, p)| place(&format!("{path}.points[{i}]"), *p))
}

fn known<'a>(
    path: &str,
    id: &str,
    what: &str,
    mut ids: impl Iterator<Item = &'a str>,
) -> Result<(), ScenarioError> {
    if ids.any(|x| x == id) { Ok(()) } else { Err(value(path, format!("`{id}`"), what)) }
}

fn unique<'a>(path: &str, ids: impl Iterator<Item = &'a str>) -> Result<(), ScenarioError> {
    let mut seen = BTreeMap::new();
    for (i, id) in ids.enumerate() {
        if let Some(first) = seen.insert(id, i) {
            return Err(value(
                &format!("{path}[{i}].id"),
                format!("`{id}`"),
                &format!("an id that {path}[{first}] does not bear"),
            ));
        }
    }
    Ok(())
}
