//! What the hardware control of a pair of terminals is set to, is told and says ([`super::terminal`]).

use super::emitter::EmitterState;
use super::pointing::PointingParams;
use super::thermal::EmitterParams;
use crate::ground::Output;
use crate::link::params::ParamError;
use crate::link::params::within;
use serde::{Deserialize, Serialize};

/// Weather that terminals are put away from, with hysteresis: an alarm is raised above its limit and cleared below
/// `resume_share` of it; they come out when all has been clear for `calm_s`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct StowParams {
    /// Gusts, metres a second, 1 to 100.
    pub wind_mps: f64,
    /// Rain, millimetres an hour, 0.1 to 1000.
    pub rain_mm_h: f64,
    /// Snow as water, millimetres an hour, 0.1 to 1000.
    pub snow_mm_h: f64,
    /// Share of a limit below which its alarm clears, 0.1 to 1.
    pub resume_share: f64,
    /// Time without alarm before the terminals come out, seconds, 1 to 86 400.
    pub calm_s: f64,
}

impl Default for StowParams {
    /// A gale (Beaufort 8 begins at 17.2 m/s); the limits of a housing that is not entirely weatherproof are assumed.
    fn default() -> Self {
        Self { wind_mps: 17.2, rain_mm_h: 10.0, snow_mm_h: 2.0, resume_share: 0.7, calm_s: 120.0 }
    }
}

impl StowParams {
    /// Checks every field.
    ///
    /// # Errors
    /// [`ParamError`] for the first field out of its range.
    pub fn check(&self) -> Result<(), ParamError> {
        within("wind_mps", self.wind_mps, 1.0, 100.0)?;
        within("rain_mm_h", self.rain_mm_h, 0.1, 1_000.0)?;
        within("snow_mm_h", self.snow_mm_h, 0.1, 1_000.0)?;
        within("resume_share", self.resume_share, 0.1, 1.0)?;
        within("calm_s", self.calm_s, 1.0, 86_400.0)
    }
}

/// A pair of terminals.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TerminalParams {
    /// Motors, beacon, acquisition.
    pub pointing: PointingParams,
    /// The source's temperature.
    pub emitter: EmitterParams,
    /// The weather they stand.
    pub stow: StowParams,
    /// The cooler stays on so long after the last demand, seconds, 1 to 86 400: each cycle of heat ages the source.
    pub cooler_idle_s: f64,
}

impl Default for TerminalParams {
    fn default() -> Self {
        Self {
            pointing: PointingParams::default(),
            emitter: EmitterParams::default(),
            stow: StowParams::default(),
            cooler_idle_s: 600.0,
        }
    }
}

impl TerminalParams {
    /// Checks every field.
    ///
    /// # Errors
    /// [`ParamError`] for the first field out of its range, with its path.
    pub fn check(&self) -> Result<(), ParamError> {
        let under = |part: &str, e: ParamError| ParamError { field: format!("{part}.{}", e.field), ..e };
        self.pointing.check().map_err(|e| under("pointing", e))?;
        self.emitter.check().map_err(|e| under("emitter", e))?;
        self.stow.check().map_err(|e| under("stow", e))?;
        within("cooler_idle_s", self.cooler_idle_s, 1.0, 86_400.0)
    }
}

/// What the world does to a pair of terminals. What lies out of range counts as the nearest value in it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Environment {
    /// Temperature of the air, degrees Celsius, -40 to 60.
    pub air_c: f64,
    /// Gusts, metres a second.
    pub wind_mps: f64,
    /// Rain, millimetres an hour.
    pub rain_mm_h: f64,
    /// Snow as water, millimetres an hour.
    pub snow_mm_h: f64,
    /// Received beacon over the tracker's threshold once the terminals point at each other, dB; any number.
    pub beacon_margin_db: f64,
    /// Something stands in the beam.
    pub blocked: bool,
    /// Share of the thermo-electric cooler's heat flow that is left, 0 to 1: what age or a fault takes.
    pub cooler_health: f64,
}

/// A sheltered roof on a clear day.
pub const FAIR: Environment = Environment {
    air_c: 15.0,
    wind_mps: 3.0,
    rain_mm_h: 0.0,
    snow_mm_h: 0.0,
    beacon_margin_db: 10.0,
    blocked: false,
    cooler_health: 1.0,
};

impl Environment {
    /// Whether a tracker sees the other's beacon with at least `over_db` to spare.
    #[must_use]
    pub fn beacon_seen(&self, over_db: f64) -> bool {
        !self.blocked && self.beacon_margin_db >= over_db
    }

    /// Every number in its range; what is not a number becomes the lower end.
    #[must_use]
    pub fn clamped(self) -> Self {
        let within = |x: f64, min: f64, max: f64| x.max(min).min(max);
        Self {
            air_c: within(self.air_c, -40.0, 60.0),
            wind_mps: within(self.wind_mps, 0.0, 100.0),
            rain_mm_h: within(self.rain_mm_h, 0.0, 1_000.0),
            snow_mm_h: within(self.snow_mm_h, 0.0, 1_000.0),
            cooler_health: within(self.cooler_health, 0.0, 1.0),
            ..self
        }
    }
}

/// Where the terminals point.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Pointing {
    /// Put away from bad weather, or not yet out.
    Stowed,
    /// Turning towards the other roof.
    Slewing,
    /// Scanning the cone in which the other must be.
    Acquiring,
    /// Held on the other's beacon.
    Tracking,
    /// Waiting before the next scan.
    Lost,
}

/// Something that is wrong as long as it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Alarm {
    /// Gusts over the limit; stowed.
    Wind,
    /// Rain over the limit; stowed.
    Rain,
    /// Snow over the limit; stowed.
    Snow,
    /// The beacon was lost and is not found again.
    BeaconLost,
    /// Several scans in a row have found nothing.
    AcquisitionFailed,
    /// The cooler could not hold the set point with the source emitting.
    CoolerAtLimit,
    /// The interlock keeps the source from emitting.
    SourceInterlocked,
}

/// What happened to the hardware.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Event {
    /// The terminals do something else.
    PointingChanged {
        /// From.
        from: Pointing,
        /// To.
        to: Pointing,
    },
    /// The source's temperature control does something else.
    SourceChanged {
        /// From.
        from: EmitterState,
        /// To.
        to: EmitterState,
    },
    /// An alarm was raised or has cleared.
    Alarm {
        /// Which.
        alarm: Alarm,
        /// Raised, else cleared.
        raised: bool,
    },
}

/// Whether the source may send pulses from now on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EmissionPermit(pub bool);

/// What the control is told.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Input {
    /// The world has changed.
    Environment(Environment),
    /// Whether pulses are wanted.
    Demand(bool),
    /// The time of a `WakeAt` has come; the first one starts the machine.
    Wake,
}

/// What the control says; it delivers each change of the permit to emit.
pub type TerminalOutput = Output<(), (), EmissionPermit, Event>;
