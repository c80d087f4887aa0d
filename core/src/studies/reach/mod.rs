//! How far a rooftop link reaches: secret key by distance, visibility, hour, turbulence and source, in an endless block
//! and in one of the protocol's length.

mod published;
mod report;

use super::budget::conditions;
use super::rates::{F_EC, Rates};
use crate::link::params::SourceKind;
use crate::link::{Channel, Conditions, Params};
use crate::sim::Scenario;
use serde::Serialize;

pub(super) use report::report;

/// Name of the study.
pub const ID: &str = "reach";

/// Distances, metres.
pub const RANGES_M: [f64; 13] =
    [50.0, 100.0, 150.0, 200.0, 300.0, 400.0, 500.0, 700.0, 1_000.0, 1_250.0, 1_500.0, 1_750.0, 2_000.0];
/// Visibilities, kilometres: thick and moderate fog, the end of fog, mist, haze, clear, very clear.
pub const VISIBILITIES_KM: [f64; 7] = [0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0];
/// Hours, UTC: day and night.
pub const HOURS_UTC: [f64; 2] = [12.0, 0.0];
/// Structure parameters with which clear air is looked at as well, m^(-2/3): still air, then from a quiet night to noon
/// over hot ground.
pub const CN2_M23: [f64; 5] = [0.0, 1e-15, 1e-14, 1e-13, 1e-12];
/// Sources.
pub const SOURCES: [SourceKind; 3] = [SourceKind::Decoy, SourceKind::SinglePhoton, SourceKind::Ideal];

/// One link of the study.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Point {
    /// Distance, metres.
    pub range_m: f64,
    /// Visibility, kilometres.
    pub visibility_km: f64,
    /// Hour of the scenario's day, UTC.
    pub hour_utc: f64,
    /// Refractive index structure parameter, m^(-2/3).
    pub cn2_m23: f64,
    /// It is the hour's own, and not set for comparison.
    pub cn2_of_hour: bool,
    /// What sends the pulses.
    pub source: SourceKind,
    /// Loss of the channel, the receiver's optics included and its detectors not, dB.
    pub loss_db: f64,
    /// Error rate of the sifted bits, 0 to 1.
    pub qber: f64,
    /// Secret bits a second, endless block.
    pub skr_asymptotic_bps: f64,
    /// Secret bits a second, blocks of the scenario's length.
    pub skr_finite_bps: f64,
}

/// Every link: all distances, visibilities and hours with the hour's own turbulence, and all distances and structure
/// parameters in the clearest air at the first hour, each with the three sources. The hardware is the scenario's.
/// `progress` is told the share done.
#[must_use]
pub fn points(scenario: &Scenario, progress: &mut dyn FnMut(f64)) -> Vec<Point> {
    let hardware = sources(scenario.link_params());
    let mut airs = Vec::new();
    for hour_utc in HOURS_UTC {
        for visibility_km in VISIBILITIES_KM {
            airs.push((hour_utc, true, conditions(scenario, hour_utc, visibility_km, 0.0)));
        }
    }
    let clear = conditions(scenario, HOURS_UTC[0], VISIBILITIES_KM[VISIBILITIES_KM.len() - 1], 0.0);
    for cn2_m23 in CN2_M23 {
        airs.push((HOURS_UTC[0], false, Conditions { cn2_m23, ..clear.clone() }));
    }
    let mut points = Vec::new();
    for (i, (hour_utc, cn2_of_hour, air)) in airs.iter().enumerate() {
        for range_m in RANGES_M {
            points.extend(hardware.iter().map(|params| point(params, range_m, *hour_utc, *cn2_of_hour, air)));
        }
        progress((i + 1) as f64 / airs.len() as f64);
    }
    points
}

/// The same hardware with each of the sources.
fn sources(params: &Params) -> [Params; 3] {
    SOURCES.map(|kind| {
        let mut params = params.clone();
        params.source.kind = kind;
        params
    })
}

fn point(params: &Params, range_m: f64, hour_utc: f64, cn2_of_hour: bool, air: &Conditions) -> Point {
    let channel = Channel::new(params, range_m, air);
    let rates = Rates::new(params, &channel, F_EC);
    Point {
        range_m,
        visibility_km: air.air.visibility_km,
        hour_utc,
        cn2_m23: air.cn2_m23,
        cn2_of_hour,
        source: params.source.kind,
        loss_db: channel.loss_db(),
        qber: rates.qber,
        skr_asymptotic_bps: rates.skr_asymptotic_bps,
        skr_finite_bps: rates.skr_finite_bps,
    }
}

/// The study's outcome as its command prints it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Outcome {
    /// [`ID`].
    pub study: &'static str,
    /// Every link.
    pub points: Vec<Point>,
}

/// All points under the study's name.
#[must_use]
pub fn outcome(scenario: &Scenario) -> Outcome {
    Outcome { study: ID, points: points(scenario, &mut |_| ()) }
}
