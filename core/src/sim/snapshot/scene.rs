//! What stands still.

use crate::ground::GeoPoint;
use serde::{Deserialize, Serialize};

/// Everything that stands still.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "js", derive(tsify::Tsify), tsify(missing_as_null, large_number_types_as_bigints))]
pub struct Scene {
    /// Name of the scenario.
    pub name: String,
    /// What the scenario is and what of it is assumed, for "About this campus".
    pub about: String,
    /// The run ends here at the latest, seconds.
    pub until_s: f64,
    /// The run's seed.
    pub seed: u64,
    /// Road centre lines.
    pub roads: Vec<Line>,
    /// Building outlines.
    pub buildings: Vec<Area>,
    /// Car parks, water, wood, squares; `kind` says which.
    pub areas: Vec<Area>,
    /// Rooftop terminals: trusted nodes.
    pub terminals: Vec<Place>,
    /// Quantum links, as pairs of indices into `terminals`.
    pub links: Vec<SceneLink>,
    /// Road-side units, the compromised one not among them.
    pub rsus: Vec<SceneRsu>,
    /// Cameras.
    pub cameras: Vec<SceneCamera>,
    /// Scripted road users.
    pub road_users: Vec<SceneUser>,
    /// The compromised road-side unit.
    pub attacker: Option<Place>,
    /// The gateway beside the V2I systems controller.
    pub gateway: Option<Place>,
    /// The planned (green) way.
    pub planned_route: Vec<GeoPoint>,
    /// Length of the planned way, metres.
    pub planned_m: f64,
}

/// A named line.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "js", derive(tsify::Tsify))]
pub struct Line {
    /// Identifier.
    pub id: String,
    /// Name.
    pub name: String,
    /// Class: `main`, `loop`, `service`, `roundabout`.
    pub kind: String,
    /// Points.
    pub points: Vec<GeoPoint>,
}

/// A named outline.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "js", derive(tsify::Tsify))]
pub struct Area {
    /// Identifier.
    pub id: String,
    /// Name.
    pub name: String,
    /// `building`, `carpark`, `water`, `wood`, `plaza`, `campus`.
    pub kind: String,
    /// Height in metres, 0 where flat.
    pub height_m: f64,
    /// Outline.
    pub points: Vec<GeoPoint>,
}

/// A named point.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "js", derive(tsify::Tsify))]
pub struct Place {
    /// Identifier.
    pub id: String,
    /// Name.
    pub name: String,
    /// Where.
    pub position: GeoPoint,
}

/// A quantum link.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "js", derive(tsify::Tsify))]
pub struct SceneLink {
    /// Identifier.
    pub id: String,
    /// Short names of its ends, as "NAIC – Engineering".
    pub name: String,
    /// Index of one end in `terminals`.
    pub a: u32,
    /// Index of the other end.
    pub b: u32,
    /// Range, metres.
    pub range_m: f64,
}

/// A road-side unit.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "js", derive(tsify::Tsify))]
pub struct SceneRsu {
    /// Identifier.
    pub id: String,
    /// Name.
    pub name: String,
    /// Station number.
    pub station: u32,
    /// Where.
    pub position: GeoPoint,
    /// Radio range, metres.
    pub range_m: f64,
    /// Index in `terminals` of the rooftop behind it.
    pub terminal: u32,
}

/// A scripted road user.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "js", derive(tsify::Tsify))]
pub struct SceneUser {
    /// Identifier.
    pub id: String,
    /// `car`, `pedestrian`, `cyclist`.
    pub kind: String,
}

/// A camera.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "js", derive(tsify::Tsify))]
pub struct SceneCamera {
    /// Identifier.
    pub id: String,
    /// Where.
    pub position: GeoPoint,
    /// Direction of view, degrees clockwise from north.
    pub heading_deg: f64,
    /// Full angle of view, degrees.
    pub fov_deg: f64,
    /// How far it sees, metres.
    pub range_m: f64,
}
