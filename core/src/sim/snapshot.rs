//! What a picture needs: plain data, no behaviour, all in WGS84 degrees. [`Scene`] is what does not move and is
//! sent once; [`Snapshot`] is one instant; [`Knobs`] is what can be turned meanwhile. All go to the page through a worker,
//! so they are self-describing plain structs (no tagged or flattened serde forms).

mod knobs;
mod scene;

pub use knobs::{EveKind, Knobs};
pub use scene::{Area, Line, Place, Scene, SceneCamera, SceneLink, SceneRsu, SceneUser};

use crate::ground::GeoPoint;
use serde::{Deserialize, Serialize};

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
    /// Blocks that its sender has under way: their light is there, their key is not yet.
    pub under_way: u32,
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
