//! What a picture needs: plain data, no behaviour, all in WGS84 degrees. [`Scene`] is what does not move and is
//! sent once; [`Snapshot`] is one instant. Both go to the page through a worker, so they are self-describing
//! plain structs (no tagged or flattened serde forms).

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

/// One instant of the run.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "js", derive(tsify::Tsify))]
pub struct Snapshot {
    /// Simulated seconds since the start.
    pub t_s: f64,
    /// The run is over (arrived, or the end of the time).
    pub finished: bool,
    /// The switches as they stand.
    pub knobs: Knobs,
    /// Sun and weather, as far as the switches do not say them.
    pub sky: SkyState,
    /// Links, in the order of [`Scene::links`].
    pub links: Vec<LinkState>,
    /// Key pools, one a link, in the same order.
    pub pools: Vec<PoolState>,
    /// Road-side units, in the order of [`Scene::rsus`].
    pub rsus: Vec<RsuState>,
    /// The compromised road-side unit is transmitting.
    pub attack_active: bool,
    /// The research vehicle.
    pub car: CarState,
    /// Scripted road users: where, and which way they face.
    pub road_users: Vec<RoadUserState>,
    /// What the last messages showed: objects on the map.
    pub objects: Vec<ObjectState>,
    /// Messages now on the air or just received.
    pub flights: Vec<Flight>,
    /// Keys relayed or delivered in the last second.
    pub relays: Vec<RelayFlight>,
    /// The device private network.
    pub dpn: DpnState,
    /// Counts so far.
    pub counts: Counts,
}

/// Sun and weather now. Visibility and rain are switches: see [`Knobs`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "js", derive(tsify::Tsify))]
pub struct SkyState {
    /// Hour of the day in UTC, 0 to 24.
    pub hour_utc: f64,
    /// Elevation of the sun over the horizon, degrees, -90 to 90; below -18 it is night.
    pub sun_elevation_deg: f64,
    /// Share of the sky that is covered, 0 to 1.
    pub cloud: f64,
    /// Mean wind, metres a second.
    pub wind_mps: f64,
    /// Gusts, metres a second.
    pub gust_mps: f64,
    /// Temperature of the air, degrees Celsius.
    pub temperature_c: f64,
    /// Snow as water, millimetres an hour.
    pub snow_mm_h: f64,
}

/// What a visitor can turn while the run goes on.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "js", derive(tsify::Tsify))]
pub struct Knobs {
    /// Messages are believed only with a valid tag.
    pub protected: bool,
    /// The compromised road-side unit may transmit.
    pub attack: bool,
    /// Meteorological visibility, kilometres.
    pub visibility_km: f64,
    /// Rain, millimetres an hour, 0 to 300.
    pub rain_mm_h: f64,
    /// Hour of the day in UTC at which the run began, 0 to 24: it places the sun.
    pub hour_utc: f64,
    /// What an eavesdropper does on the link `eve_link`.
    pub eve_kind: EveKind,
    /// How much of it, 0 to 1; see [`EveKind`]. 0 is none.
    pub eve_fraction: f64,
    /// Index of the link with the eavesdropper, in [`Scene::links`].
    pub eve_link: u32,
    /// Index of a link whose beam is blocked, where one is.
    pub broken_link: Option<u32>,
}

impl Default for Knobs {
    fn default() -> Self {
        Self {
            protected: true,
            attack: true,
            visibility_km: 20.0,
            rain_mm_h: 0.0,
            hour_utc: 12.0,
            eve_kind: EveKind::InterceptResend,
            eve_fraction: 0.0,
            eve_link: 0,
            broken_link: None,
        }
    }
}

/// What an eavesdropper does, and what its measure of 0 to 1 is a share of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "js", derive(tsify::Tsify))]
pub enum EveKind {
    /// Measures pulses in a random basis and sends them on as found: share of the pulses.
    #[default]
    InterceptResend,
    /// The same, always in the key basis X.
    InterceptX,
    /// The same, always in the check basis Z.
    InterceptZ,
    /// The same, half-way between the two.
    InterceptBreidbart,
    /// Keeps a photon where there are two: share of the pulses.
    PhotonNumberSplitting,
    /// Takes light with a beam splitter: share of the light.
    BeamSplitting,
    /// Shines into the receiver: share of ten million counts a second.
    Jamming,
    /// Takes the beam and answers in the receiver's place, without its secrets: yes above 0.
    Impersonation,
}

impl EveKind {
    /// All of them, in the order of their list.
    pub const ALL: [Self; 8] = [
        Self::InterceptResend,
        Self::InterceptX,
        Self::InterceptZ,
        Self::InterceptBreidbart,
        Self::PhotonNumberSplitting,
        Self::BeamSplitting,
        Self::Jamming,
        Self::Impersonation,
    ];

    /// Its name in a scenario, a link and an option.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::InterceptResend => "intercept_resend",
            Self::InterceptX => "intercept_x",
            Self::InterceptZ => "intercept_z",
            Self::InterceptBreidbart => "intercept_breidbart",
            Self::PhotonNumberSplitting => "photon_number_splitting",
            Self::BeamSplitting => "beam_splitting",
            Self::Jamming => "jamming",
            Self::Impersonation => "impersonation",
        }
    }

    /// The one of this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

/// What a link's quantum hardware does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "js", derive(tsify::Tsify))]
pub enum Beam {
    /// Photons are sent.
    #[default]
    Emitting,
    /// The pool is full: the link stands by.
    Standby,
    /// No light gets through, or the last block was dropped for its error rate.
    Down,
}

/// What keeps a link's hardware from sending, where something does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "js", derive(tsify::Tsify))]
pub enum Hold {
    /// Nothing does.
    #[default]
    None,
    /// The trackers have lost the beam.
    Lost,
    /// The terminals turn to each other or scan for each other.
    Acquiring,
    /// They are put away from bad weather.
    Stowed,
    /// The source is not at its temperature, or its interlock holds it.
    SourceHeld,
    /// The random number generator fails its tests.
    NoRandomness,
}

/// A link now.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "js", derive(tsify::Tsify))]
pub struct LinkState {
    /// What it does.
    pub beam: Beam,
    /// What keeps it from sending.
    pub hold: Hold,
    /// Loss of the channel, dB, detector not counted: the mean over the fading.
    pub loss_db: f64,
    /// The same at this instant.
    pub loss_now_db: f64,
    /// Where the light goes, dB: spread, turbulence, pointing, scattering, absorption, rain or snow, tap, optics,
    /// detector, gate (the order of `link::channel::LossKind`).
    pub budget_db: [f64; 10],
    /// Refractive index structure parameter along the link, m^(-2/3).
    pub cn2_m23: f64,
    /// Variance of the collected intensity relative to its mean squared, by scintillation alone.
    pub scintillation: f64,
    /// Sky light that the detectors count, counts a second.
    pub background_hz: f64,
    /// Temperature of the emitter, degrees Celsius.
    pub emitter_c: f64,
    /// Share of its limit that the emitter's cooler works at; infinite without a cooler.
    pub cooler_load: f64,
    /// Alarms of the hardware that stand: wind, rain, snow, beacon lost, scans failed, cooler at its limit, source
    /// interlocked (the order of `link::control::Alarm`).
    pub hardware_alarms: [bool; 7],
    /// Probability that a detector clicks in a gate without signal.
    pub noise_per_gate: f64,
    /// Error rate of the last block in the key basis, 0 to 1; not a number before the first.
    pub qber: f64,
    /// Secret bits per second over the last block while emitting.
    pub key_rate_bps: f64,
    /// Detections per second over the last block.
    pub clicks_hz: f64,
    /// Blocks made.
    pub blocks: u32,
    /// Blocks dropped.
    pub dropped: u32,
    /// The last block was dropped (eavesdropper or too few detections).
    pub alarm: bool,
    /// Pairs of one-time pads that its sender has left to seal rounds with.
    pub pairs_left: u32,
    /// The link has an eavesdropper now.
    pub eavesdropped: bool,
    /// Something stands in its beam.
    pub broken: bool,
}

/// A key pool now. Both ends hold the same; this is the end with fewer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "js", derive(tsify::Tsify))]
pub struct PoolState {
    /// Bits held.
    pub level_bits: f64,
    /// Capacity, bits.
    pub capacity_bits: f64,
    /// What data cannot touch, bits.
    pub reserve_bits: f64,
    /// Filling, bit/s, over the last ten seconds.
    pub in_bps: f64,
    /// Draining, bit/s, over the last ten seconds.
    pub out_bps: f64,
}

/// A road-side unit now.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "js", derive(tsify::Tsify))]
pub struct RsuState {
    /// It is a member of the device private network with a valid epoch key.
    pub in_dpn: bool,
    /// Epoch that it tags with.
    pub epoch: u32,
    /// CPMs sent.
    pub cpm_sent: u32,
}

/// The research vehicle.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "js", derive(tsify::Tsify), tsify(missing_as_null))]
pub struct CarState {
    /// Where.
    pub position: Option<GeoPoint>,
    /// Degrees clockwise from north.
    pub heading_deg: f64,
    /// Speed, m/s.
    pub speed_mps: f64,
    /// Driven so far, metres.
    pub driven_m: f64,
    /// The way that it means to go from here.
    pub route: Vec<GeoPoint>,
    /// The way driven off the plan (red); several pieces where it left the plan more than once.
    pub diverted: Vec<Vec<GeoPoint>>,
    /// The way driven on the plan.
    pub driven: Vec<GeoPoint>,
    /// It has left its planned way at least once.
    pub left_plan: bool,
    /// It believes now that its way is blocked.
    pub believes_blocked: bool,
    /// It is a member of the device private network.
    pub in_dpn: bool,
    /// It has arrived, at this time in seconds.
    pub arrived_s: Option<f64>,
}

/// A scripted road user now.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "js", derive(tsify::Tsify))]
pub struct RoadUserState {
    /// Index into [`Scene::road_users`].
    pub user: u32,
    /// Where.
    pub position: GeoPoint,
    /// Degrees clockwise from north.
    pub heading_deg: f64,
}

/// What the car made of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "js", derive(tsify::Tsify))]
pub enum Verdict {
    /// Believed (with a valid tag, or unprotected).
    Accepted,
    /// Dropped.
    Rejected,
}

/// An object that a message showed to the car.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "js", derive(tsify::Tsify))]
pub struct ObjectState {
    /// Where.
    pub position: GeoPoint,
    /// It is not there: made up by the attacker.
    pub faked: bool,
    /// What the car made of it.
    pub verdict: Verdict,
    /// Seconds since the message.
    pub age_s: f64,
}

/// A message on its way.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "js", derive(tsify::Tsify), tsify(missing_as_null))]
pub struct Flight {
    /// `station/number`.
    pub message: String,
    /// Sender's place.
    pub from: GeoPoint,
    /// Receiver's place, where one received it.
    pub to: Option<GeoPoint>,
    /// Radio range, metres.
    pub range_m: f64,
    /// Seconds since it was sent.
    pub age_s: f64,
    /// Verdict at the car, where it received it.
    pub verdict: Option<Verdict>,
    /// Sent by the attacker.
    pub faked: bool,
}

/// A key on its way.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "js", derive(tsify::Tsify))]
pub struct RelayFlight {
    /// key_ID.
    pub key_id: String,
    /// Indices into [`Scene::terminals`], in order.
    pub path: Vec<u32>,
    /// Seconds since.
    pub age_s: f64,
}

/// The device private network.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "js", derive(tsify::Tsify))]
pub struct DpnState {
    /// Current epoch; 0 before the first.
    pub epoch: u32,
    /// Members with the current key.
    pub members: u32,
    /// Devices enrolled.
    pub enrolled: u32,
    /// The key has expired and no new one came: protected messages are not sent.
    pub expired: bool,
}

/// Counts since the start. Receptions are counted at the research vehicle.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "js", derive(tsify::Tsify), tsify(large_number_types_as_bigints))]
pub struct Counts {
    /// CPMs sent by honest stations.
    pub cpm_sent: u32,
    /// CPMs sent by the attacker.
    pub cpm_fake_sent: u32,
    /// Receptions of honest CPMs believed.
    pub cpm_accepted: u32,
    /// Receptions of faked CPMs believed.
    pub cpm_fake_accepted: u32,
    /// Receptions dropped.
    pub cpm_rejected: u32,
    /// Keys delivered to applications.
    pub keys_delivered: u32,
    /// Secret bits distilled.
    pub secret_bits: u64,
}

/// One line of the log, in plain words.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "js", derive(tsify::Tsify))]
pub struct LogLine {
    /// Seconds.
    pub t_s: f64,
    /// `link`, `distill`, `kmm`, `sdn`, `zap`, `its`, `road`, `sim`.
    pub floor: String,
    /// Name of the event.
    pub kind: String,
    /// What happened, in plain words.
    pub text: String,
    /// An attack, a loss, a refusal.
    pub bad: bool,
    /// The same as the system's own log would have it, line by line; empty where it has none. See
    /// [`super::listing`].
    pub listing: Vec<String>,
}

/// One row of the four tests of Fowler et al. 2023, Table 2.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "js", derive(tsify::Tsify))]
pub struct TestRow {
    /// 1 to 4.
    pub test: u32,
    /// Protection on.
    pub zap: bool,
    /// Faked CPMs transmitted.
    pub fake_cpm: bool,
    /// `planned` or `diverted` (or `stranded` where the car never arrived).
    pub outcome: String,
    /// Length of the planned way, metres.
    pub planned_m: f64,
    /// Driven, metres.
    pub driven_m: f64,
    /// Later than test 1, seconds.
    pub delay_s: f64,
    /// CPMs sent by honest stations.
    pub cpm_sent: u32,
    /// CPMs sent by the attacker.
    pub cpm_fake_sent: u32,
    /// Receptions of faked CPMs believed by the car.
    pub cpm_fake_accepted: u32,
    /// Receptions dropped by the car.
    pub cpm_rejected: u32,
    /// SHA-256 of the run's event stream.
    pub digest: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_eavesdropper_is_named_as_a_scenario_names_it() {
        for kind in EveKind::ALL {
            assert_eq!(serde_json::to_value(kind).unwrap(), kind.name());
            assert_eq!(EveKind::named(kind.name()), Some(kind));
        }
        assert_eq!(EveKind::named("tickling"), None);
    }
}
