//! The scenario: one JSON file that describes a world. This is the door where it is parsed and checked; inside,
//! nothing is checked a second time. Errors name the JSON path, the value and what was expected.

mod check;
mod place;

use super::snapshot::{Area, EveKind, Knobs};
use crate::ground::{GeoPoint, LinkId, NodeId, Streams};
use crate::{distill, kmm, link, road, zap};
use check::Check;
use serde::{Deserialize, Serialize};
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
    /// How the two ends of each link distil.
    #[serde(default)]
    pub distill_params: distill::Params,
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
        let file: File = serde_json::from_str(text).map_err(|e| {
            let path = place::path_at(text, e.line(), e.column());
            syntax(path.unwrap_or_else(|| "file".into()), e.to_string())
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

    /// How the two ends of its links distil.
    #[must_use]
    pub fn distill_params(&self) -> &distill::Params {
        &self.file.distill_params
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
