//! The scenario: one JSON file that describes a world. This is the door where it is parsed and checked; inside,
//! nothing is checked a second time. Errors name the JSON path, the value and what was expected.

use super::snapshot::{Area, EveKind, Knobs};
use crate::ground::{GeoPoint, LinkId, NodeId, Streams};
use crate::{kmm, link, road, zap};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use thiserror::Error;

/// The version of the schema that is read here.
pub const VERSION: u32 = 1;

/// Why a scenario file was refused.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ScenarioError {
    /// Not JSON, an unknown or missing field, or a wrong type.
    #[error("{path}: {message}")]
    Syntax {
        /// JSON path, as `links[2].a`.
        path: String,
        /// What the parser says, with line and column.
        message: String,
    },
    /// A schema version that is not read here.
    #[error("version: {found} is not known; expected {VERSION}")]
    Version {
        /// What the file says.
        found: String,
    },
    /// A value out of its range, or a name that nothing bears.
    #[error("{path}: {value}; expected {expected}")]
    Value {
        /// JSON path.
        path: String,
        /// The value.
        value: String,
        /// What was expected.
        expected: String,
    },
}

/// A checked scenario.
#[derive(Clone, Debug)]
pub struct Scenario {
    pub(super) file: File,
    pub(super) map: road::Map,
}

/// The file as it is written. Coordinates are `[longitude, latitude]` in WGS84 degrees.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct File {
    pub version: u32,
    pub name: String,
    pub about: String,
    pub seed: u64,
    pub until_s: f64,
    pub protected: bool,
    /// When the run begins: the sun follows from it.
    #[serde(default)]
    pub clock: Clock,
    pub weather: link::course::CourseParams,
    pub map: MapFile,
    pub terminals: Vec<Terminal>,
    pub links: Vec<Link>,
    pub link_params: link::Params,
    pub kmm: kmm::Params,
    pub initial_pool_bits: u32,
    pub gateway: Gateway,
    pub zap: zap::Params,
    pub rsus: Vec<Rsu>,
    pub v2i: V2i,
    pub cameras: Vec<Camera>,
    pub vehicle: Vehicle,
    pub road_users: Vec<RoadUser>,
    pub attacker: Option<Attacker>,
    pub eavesdropper: Option<Eavesdropper>,
    /// What breaks, and when.
    #[serde(default)]
    pub hardware_faults: Vec<HardwareFault>,
    /// A link whose beam is blocked from the start.
    #[serde(default)]
    pub broken_link: Option<LinkId>,
}

#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Clock {
    pub year: u32,
    /// Day of the year, 1 to 366.
    pub day_of_year: u32,
    /// Hour of the day in UTC at the start, 0 to 24.
    pub hour_utc: f64,
}

impl Default for Clock {
    /// Noon of the day that the trial's log shows: 12 July.
    fn default() -> Self {
        Self { year: 2022, day_of_year: 193, hour_utc: 12.0 }
    }
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct MapFile {
    pub roads: Vec<road::RoadSpec>,
    pub buildings: Vec<Building>,
    pub areas: Vec<PlainArea>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Building {
    pub id: String,
    pub name: String,
    pub height_m: f64,
    pub points: Vec<GeoPoint>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PlainArea {
    pub id: String,
    pub kind: String,
    pub name: String,
    pub points: Vec<GeoPoint>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Terminal {
    pub id: NodeId,
    pub name: String,
    pub position: GeoPoint,
    pub height_m: f64,
    /// The building or car park that it stands on.
    pub host: String,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Link {
    pub id: LinkId,
    pub a: NodeId,
    pub b: NodeId,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Gateway {
    pub id: String,
    pub name: String,
    pub position: GeoPoint,
    pub terminal: NodeId,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Rsu {
    pub id: String,
    pub name: String,
    pub station: u32,
    pub position: GeoPoint,
    pub range_m: f64,
    pub mount: String,
    pub terminal: NodeId,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct V2i {
    /// A road-side unit sends a CPM this often, seconds.
    pub cpm_period_s: f64,
    /// Payloads are encrypted as well as tagged.
    pub encrypt: bool,
    /// Keys a second that each road-side unit's service asks for.
    pub keys_per_s: f64,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Camera {
    pub id: String,
    pub position: GeoPoint,
    pub heading_deg: f64,
    pub fov_deg: f64,
    pub range_m: f64,
    /// The road-side unit that sends what it sees.
    pub rsu: String,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Vehicle {
    pub id: String,
    pub station: u32,
    pub start: GeoPoint,
    pub via: Vec<GeoPoint>,
    pub finish: GeoPoint,
    pub depart_s: f64,
    pub belief_s: f64,
    /// The driver decides this far before a blocked place's junction, metres.
    pub decision_m: f64,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RoadUser {
    pub id: String,
    pub kind: String,
    pub points: Vec<GeoPoint>,
    pub speed_mps: f64,
    pub depart_s: f64,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Attacker {
    pub id: String,
    pub name: String,
    pub station: u32,
    /// The sender that its messages claim to be.
    pub claims_station: u32,
    pub position: GeoPoint,
    pub range_m: f64,
    pub start_s: f64,
    pub end_s: f64,
    pub period_s: f64,
    pub objects: Vec<GeoPoint>,
    /// The attack is on when the scenario is loaded.
    pub on: bool,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Eavesdropper {
    pub link: LinkId,
    /// What it does.
    #[serde(default)]
    pub kind: EveKind,
    /// How much of it, 0 to 1: see [`EveKind`].
    pub fraction: f64,
}

/// From `t_s` on a link's hardware is like this; a later entry mends it or makes it worse.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct HardwareFault {
    pub t_s: f64,
    pub link: LinkId,
    /// Share of the source's cooling that is left, 0 to 1.
    #[serde(default = "whole")]
    pub cooler_health: f64,
    /// What is wrong with the random number generator.
    #[serde(default)]
    pub qrng: Option<link::qrng::Fault>,
}

fn whole() -> f64 {
    1.0
}

impl Scenario {
    /// The built-in Warwick campus.
    ///
    /// # Panics
    /// Never: a test parses the same text.
    #[must_use]
    pub fn warwick() -> Self {
        // Proven by the test `the_built_in_campus_is_good`.
        Self::from_json(include_str!("../../../static/scenarios/warwick.json")).expect("built in and tested")
    }

    /// Reads and checks a scenario.
    ///
    /// # Errors
    /// [`ScenarioError`] with the JSON path, the value and what was expected.
    pub fn from_json(text: &str) -> Result<Self, ScenarioError> {
        let syntax = |path: String, message: String| ScenarioError::Syntax { path, message };
        let value: serde_json::Value =
            serde_json::from_str(text).map_err(|e| syntax("file".into(), format!("not JSON: {e}")))?;
        // The version first: a file of another version has other fields.
        match value.get("version") {
            Some(v) if v.as_u64() == Some(u64::from(VERSION)) => {}
            Some(v) => return Err(ScenarioError::Version { found: v.to_string() }),
            None => return Err(syntax("version".into(), format!("missing; expected {VERSION}"))),
        }
        let de = &mut serde_json::Deserializer::from_str(text);
        let file: File = serde_path_to_error::deserialize(de).map_err(|e| {
            let path = e.path().to_string();
            let path = if path == "." { "file".into() } else { path };
            syntax(path, e.into_inner().to_string())
        })?;
        Check(&file).all()?;
        let map = road::Map::new(&file.map.roads).map_err(|e| ScenarioError::Value {
            path: format!("map.{}", e.path),
            value: e.value,
            expected: e.expected,
        })?;
        map.route_via(file.vehicle.start, &file.vehicle.via, file.vehicle.finish).map_err(|e| {
            ScenarioError::Value {
                path: "vehicle".into(),
                value: e.to_string(),
                expected: "a way from start over via to finish on the roads".into(),
            }
        })?;
        let scenario = Self { file, map };
        for (i, link) in scenario.file.links.iter().enumerate() {
            if let Some(o) = scenario.obstruction(link) {
                return Err(ScenarioError::Value {
                    path: format!("links[{i}]"),
                    value: format!("passes {:.1} m above ground at {}", o.beam_m, o.building),
                    expected: format!("a free line of sight: that building is {:.1} m high", o.building_m),
                });
            }
        }
        Ok(scenario)
    }

    /// The scenario as a file, every default written out.
    #[must_use]
    pub fn to_json(&self) -> String {
        // Plain structs with text keys and finite numbers: serialising cannot fail.
        serde_json::to_string_pretty(&self.file).unwrap_or_default()
    }

    /// Its name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.file.name
    }

    /// Its own seed.
    #[must_use]
    pub fn seed(&self) -> u64 {
        self.file.seed
    }

    /// The hardware of its links.
    #[must_use]
    pub fn link_params(&self) -> &link::Params {
        &self.file.link_params
    }

    /// The run ends here at the latest, seconds.
    #[must_use]
    pub fn until_s(&self) -> f64 {
        self.file.until_s
    }

    /// The switches as the file sets them.
    #[must_use]
    pub fn knobs(&self) -> Knobs {
        let f = &self.file;
        let eve = f.eavesdropper.as_ref();
        let weather = self.weather_course(f.seed).at(0.0);
        Knobs {
            protected: f.protected,
            attack: f.attacker.as_ref().is_some_and(|a| a.on),
            visibility_km: weather.visibility_km,
            rain_mm_h: weather.rain_mm_h,
            hour_utc: f.clock.hour_utc,
            eve_kind: eve.map_or(EveKind::default(), |e| e.kind),
            eve_fraction: eve.map_or(0.0, |e| e.fraction),
            eve_link: eve.and_then(|e| f.links.iter().position(|l| l.id == e.link)).unwrap_or(0) as u32,
            broken_link: f
                .broken_link
                .as_ref()
                .and_then(|id| f.links.iter().position(|l| l.id == *id))
                .map(|i| i as u32),
        }
    }

    /// The weather's course in a run of this seed.
    pub(super) fn weather_course(&self, seed: u64) -> link::course::Course {
        self.file.weather.course(&self.start(self.file.clock.hour_utc), Streams::new(seed).stream("weather"))
    }

    pub(super) fn areas(&self) -> Vec<Area> {
        let plain = |a: &PlainArea| Area {
            id: a.id.clone(),
            name: a.name.clone(),
            kind: a.kind.clone(),
            height_m: 0.0,
            points: a.points.clone(),
        };
        self.file.map.areas.iter().map(plain).collect()
    }
}

/// The checks that a type alone cannot make.
struct Check<'a>(&'a File);

impl Check<'_> {
    fn all(&self) -> Result<(), ScenarioError> {
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
