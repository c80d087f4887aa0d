//! Weather that makes itself: regimes that follow each other by chance, and what varies within them.
//!
//! A hidden Markov chain in continuous time goes from clear to cloudy to rain and so on, with exponential stays.
//! Visibility, rain, wind, cloud and the deviation of the temperature are mean-reverting (Ornstein and Uhlenbeck
//! 1930), the first three by their logarithm, so that they are log-normal; the regime sets their means. They are
//! known at the points of a time grid, where their updates are exact in law for any spacing, and straight in between;
//! so the weather at an instant does not depend on which instants were asked for.

use super::sun::{Start, warmth};
use super::{Fog, NUMBERS, Snow, Weather, between, humidity_percent};
use crate::ground::Rng;
use crate::ground::sample::{exponential, normal};
use crate::link::params::ParamError;
use crate::link::params::within;
use serde::{Deserialize, Serialize};

/// Below this temperature precipitation falls as snow, degrees Celsius: the mean threshold of the northern hemisphere
/// (Jennings et al. 2018).
pub const SNOW_BELOW_C: f64 = 1.0;

/// A kind of weather.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Regime {
    /// Little cloud.
    Clear,
    /// Much cloud, dry.
    Cloudy,
    /// Rain, or snow where it is cold.
    Rain,
    /// Fog.
    Fog,
    /// Snow from cold air, or rain where it is warm.
    Snow,
}

/// All regimes, in their order.
pub const REGIMES: [Regime; 5] = [Regime::Clear, Regime::Cloudy, Regime::Rain, Regime::Fog, Regime::Snow];

/// Means that a regime sets.
struct Means {
    visibility_km: f64,
    visibility_sigma: f64,
    wind_factor: f64,
    warmer_k: f64,
    /// Log-odds of a covered sky.
    cloud_logit: f64,
    /// How near the dew point the air is brought, 0 to 1.
    moist: f64,
}

impl Regime {
    /// Medians and spreads within a regime. Assumed, of the order that lowland England has.
    fn means(self) -> Means {
        let m = |visibility_km, visibility_sigma, wind_factor, warmer_k, cloud_logit, moist| Means {
            visibility_km,
            visibility_sigma,
            wind_factor,
            warmer_k,
            cloud_logit,
            moist,
        };
        match self {
            Self::Clear => m(30.0, 0.3, 0.8, 0.0, -2.0, 0.0),
            Self::Cloudy => m(18.0, 0.4, 1.0, -0.5, 1.5, 0.2),
            Self::Rain => m(12.0, 0.4, 1.5, -2.0, 3.0, 0.85),
            Self::Fog => m(0.25, 0.6, 0.35, -1.0, 0.5, 0.985),
            Self::Snow => m(6.0, 0.5, 1.2, -3.0, 3.0, 0.9),
        }
    }
}

/// What varies within a regime: time constant and spread.
struct Variable {
    tau_s: f64,
    sigma: f64,
}

/// Places of the latent variables.
const LOG_VISIBILITY: usize = 0;
const LOG_RAIN: usize = 1;
const LOG_WIND: usize = 2;
const TURN: usize = 3;
const WARMER: usize = 4;
const CLOUD_LOGIT: usize = 5;
const MOIST: usize = 6;
const LATENT: usize = 7;

/// Climate of a place in a season.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ClimateParams {
    /// Lowest temperature of an undisturbed day, degrees Celsius, -35 to 45.
    pub lowest_c: f64,
    /// Highest, degrees Celsius, the lowest to 50.
    pub highest_c: f64,
    /// Dew point of the dry regimes, degrees Celsius, -40 to 35.
    pub dew_point_c: f64,
    /// Median of the mean wind, metres a second, 0.1 to 20.
    pub wind_mps: f64,
    /// Where the wind mostly comes from, degrees, 0 to 360.
    pub wind_from_deg: f64,
    /// Median of the rain while it rains, millimetres an hour, 0.01 to 50.
    pub rain_mm_h: f64,
    /// Spread of its natural logarithm, 0 to 2.
    pub rain_sigma: f64,
    /// Mean stay in each regime, hours, 0.1 to 1000: clear, cloudy, rain, fog, snow.
    pub stay_h: [f64; 5],
    /// Probability of the next regime (column) after each (row); rows sum to 1, none follows itself.
    pub next: [[f64; 5]; 5],
    /// Spacing of the grid, seconds, 1 to 3600.
    pub step_s: f64,
}

impl Default for ClimateParams {
    /// July on the campus. Stays and jumps are assumed; they give 7.6 % of rain with 0.99 mm/h in the mean, that is
    /// 650 mm a year, and 1 % of fog.
    fn default() -> Self {
        Self {
            lowest_c: 12.0,
            highest_c: 22.0,
            dew_point_c: 11.0,
            wind_mps: 3.5,
            wind_from_deg: 225.0,
            rain_mm_h: 0.6,
            rain_sigma: 1.0,
            stay_h: [7.0, 7.0, 1.7, 2.5, 3.0],
            next: [
                [0.0, 0.95, 0.0, 0.05, 0.0],
                [0.45, 0.0, 0.53, 0.02, 0.0],
                [0.15, 0.85, 0.0, 0.0, 0.0],
                [0.6, 0.4, 0.0, 0.0, 0.0],
                [0.0, 1.0, 0.0, 0.0, 0.0],
            ],
            step_s: 60.0,
        }
    }
}

impl ClimateParams {
    /// January on the campus: colder, more fog (3.6 % of the time), some snow (1.9 %). Assumed as well.
    #[must_use]
    pub fn winter() -> Self {
        Self {
            lowest_c: 0.5,
            highest_c: 6.5,
            dew_point_c: 1.0,
            wind_mps: 4.2,
            stay_h: [6.0, 9.0, 2.2, 4.0, 3.0],
            next: [
                [0.0, 0.9, 0.0, 0.1, 0.0],
                [0.3, 0.0, 0.55, 0.08, 0.07],
                [0.12, 0.85, 0.0, 0.0, 0.03],
                [0.4, 0.6, 0.0, 0.0, 0.0],
                [0.1, 0.8, 0.1, 0.0, 0.0],
            ],
            ..Self::default()
        }
    }

    /// Checks every field.
    ///
    /// # Errors
    /// [`ParamError`] for the first field out of its range.
    pub fn check(&self) -> Result<(), ParamError> {
        within("lowest_c", self.lowest_c, -35.0, 45.0)?;
        within("highest_c", self.highest_c, self.lowest_c, 50.0)?;
        within("dew_point_c", self.dew_point_c, -40.0, 35.0)?;
        within("wind_mps", self.wind_mps, 0.1, 20.0)?;
        within("wind_from_deg", self.wind_from_deg, 0.0, 360.0)?;
        within("rain_mm_h", self.rain_mm_h, 0.01, 50.0)?;
        within("rain_sigma", self.rain_sigma, 0.0, 2.0)?;
        within("step_s", self.step_s, 1.0, 3_600.0)?;
        for i in 0..5 {
            within(&format!("stay_h[{i}]"), self.stay_h[i], 0.1, 1_000.0)?;
            for j in 0..5 {
                let most = if i == j { 0.0 } else { 1.0 };
                within(&format!("next[{i}][{j}]"), self.next[i][j], 0.0, most)?;
            }
            let sum: f64 = self.next[i].iter().sum();
            within(&format!("next[{i}], its sum"), sum, 1.0 - 1e-9, 1.0 + 1e-9)?;
        }
        Ok(())
    }

    /// Share of the time in each regime in the long run: visits of the jump chain times the mean stay (Norris 1997,
    /// theorem 3.5.3).
    #[must_use]
    pub fn shares(&self) -> [f64; 5] {
        let mut visits = [0.2; 5];
        // Half a step of the chain at a time, so that a chain that alternates settles as well.
        for _ in 0..2_000 {
            let was = visits;
            for (j, v) in visits.iter_mut().enumerate() {
                *v = 0.5 * was[j] + 0.5 * (0..5).map(|i| was[i] * self.next[i][j]).sum::<f64>();
            }
        }
        let sum: f64 = (0..5).map(|i| visits[i] * self.stay_h[i]).sum();
        std::array::from_fn(|i| visits[i] * self.stay_h[i] / sum)
    }

    /// Time constants and spreads. The rain's 5000 s is that of ITU-R P.1853 (beta = 2e-4 a second); the others are
    /// assumed. Moisture only follows its mean.
    fn variable(&self, i: usize, regime: Regime) -> Variable {
        let (tau_s, sigma) = match i {
            LOG_VISIBILITY => (900.0, regime.means().visibility_sigma),
            LOG_RAIN => (5_000.0, self.rain_sigma),
            LOG_WIND => (7_200.0, 0.45),
            TURN => (21_600.0, 45.0),
            WARMER => (10_800.0, 1.2),
            CLOUD_LOGIT => (1_800.0, 0.7),
            _ => (1_800.0, 0.0),
        };
        Variable { tau_s, sigma }
    }

    fn mean(&self, i: usize, regime: Regime) -> f64 {
        let m = regime.means();
        match i {
            LOG_VISIBILITY => libm::log(m.visibility_km),
            LOG_RAIN => libm::log(self.rain_mm_h),
            LOG_WIND => libm::log(self.wind_mps * m.wind_factor),
            TURN => 0.0,
            WARMER => m.warmer_k,
            CLOUD_LOGIT => m.cloud_logit,
            _ => m.moist,
        }
    }
}

/// The chain and the latent variables at a point of the grid.
#[derive(Clone, Debug)]
struct Point {
    step: u64,
    regime: Regime,
    /// What kind of fog it is while the regime is fog.
    fog: Fog,
    until_s: f64,
    latent: [f64; LATENT],
    rng: Rng,
}

/// A course of weather drawn from a climate.
#[derive(Clone, Debug)]
pub struct Climate {
    params: ClimateParams,
    start: Start,
    first: Box<Point>,
    /// The grid points before and after the last instant asked for.
    here: Point,
    next: Point,
    weather: [Weather; 2],
}

impl Climate {
    /// The course that this stream draws; it starts in the climate's long run.
    #[must_use]
    pub fn new(params: &ClimateParams, start: &Start, mut rng: Rng) -> Self {
        let regime = pick(&params.shares(), &mut rng);
        let until_s = exponential(&mut rng) * params.stay_h[regime as usize] * 3_600.0;
        let latent = std::array::from_fn(|i| {
            params.mean(i, regime) + params.variable(i, regime).sigma * normal(&mut rng)
        });
        let fog = if regime == Regime::Fog { Fog::Radiation } else { Fog::None };
        let here = Point { step: 0, regime, fog, until_s, latent, rng };
        let mut climate = Self {
            params: params.clone(),
            start: *start,
            first: Box::new(here.clone()),
            next: here.clone(),
            here,
            weather: [Weather::default(); 2],
        };
        climate.restart();
        climate
    }

    /// The weather `t_s` seconds after the start. Cheap going forward; going back starts again from the beginning.
    pub fn at(&mut self, t_s: f64) -> Weather {
        self.seek(t_s);
        let share = t_s.max(0.0) / self.params.step_s - self.here.step as f64;
        let (a, b) = (self.weather[0].numbers(), self.weather[1].numbers());
        let x: [f64; NUMBERS] = std::array::from_fn(|i| between(i, a[i], b[i], share));
        self.weather[0].with_numbers(x)
    }

    /// The regime at the last point of the grid before `t_s`.
    pub fn regime_at(&mut self, t_s: f64) -> Regime {
        self.seek(t_s);
        self.here.regime
    }

    /// The next point of the grid, seconds: between two the weather goes straight.
    #[must_use]
    pub fn next_change_after(&self, t_s: f64) -> f64 {
        let step = (t_s.max(0.0) / self.params.step_s).floor();
        let next_s = (step + 1.0) * self.params.step_s;
        // At a point of the grid the quotient may round down.
        if next_s > t_s { next_s } else { (step + 2.0) * self.params.step_s }
    }

    fn seek(&mut self, t_s: f64) {
        let step = (t_s.max(0.0) / self.params.step_s).floor() as u64;
        if step < self.here.step {
            self.restart();
        }
        while self.here.step < step {
            let mut next = self.next.clone();
            self.params.advance(&mut next);
            self.here = std::mem::replace(&mut self.next, next);
            self.weather = [self.weather[1], self.params.weather(&self.start, &self.next)];
        }
    }

    fn restart(&mut self) {
        self.here = (*self.first).clone();
        self.next = self.here.clone();
        self.params.advance(&mut self.next);
        self.weather =
            [self.params.weather(&self.start, &self.here), self.params.weather(&self.start, &self.next)];
    }
}

impl ClimateParams {
    /// One step of the grid: each variable reverts to the mean of the regime at its start, exactly in law:
    /// x' = m + (x - m) e^(-h/tau) + sigma sqrt(1 - e^(-2h/tau)) N(0, 1). Then the chain jumps.
    fn advance(&self, p: &mut Point) {
        for i in 0..LATENT {
            let (m, v) = (self.mean(i, p.regime), self.variable(i, p.regime));
            let kept = libm::exp(-self.step_s / v.tau_s);
            p.latent[i] =
                m + (p.latent[i] - m) * kept + v.sigma * (1.0 - kept * kept).sqrt() * normal(&mut p.rng);
        }
        p.step += 1;
        let now_s = p.step as f64 * self.step_s;
        while p.until_s <= now_s {
            let from = p.regime;
            p.regime = pick(&self.next[from as usize], &mut p.rng);
            p.until_s += exponential(&mut p.rng) * self.stay_h[p.regime as usize] * 3_600.0;
            // A clear night cools the ground; under cloud it is moist air that came.
            p.fog = match (p.regime, from) {
                (Regime::Fog, Regime::Clear) => Fog::Radiation,
                (Regime::Fog, _) => Fog::Advection,
                _ => Fog::None,
            };
        }
    }

    /// The weather of a point of the grid.
    fn weather(&self, start: &Start, p: &Point) -> Weather {
        let sun = start.sun(p.step as f64 * self.step_s);
        let cloud = 1.0 / (1.0 + libm::exp(-p.latent[CLOUD_LOGIT]));
        let middle_c = (self.lowest_c + self.highest_c) / 2.0;
        let course_c = self.lowest_c + (self.highest_c - self.lowest_c) * warmth(&sun);
        // Cloud keeps sun and cold out; and the sun stirs the air. Both shares are assumed.
        let temperature_c = middle_c + (course_c - middle_c) * (1.0 - 0.6 * cloud) + p.latent[WARMER];
        let up = libm::sin(sun.elevation_rad).max(0.0);
        let wind_mps = libm::exp(p.latent[LOG_WIND]) * (0.8 + 0.4 * up);
        let dry_c = self.dew_point_c.min(temperature_c);
        let dew_c = dry_c + p.latent[MOIST].clamp(0.0, 1.0) * (temperature_c - dry_c);
        let falls = match p.regime {
            Regime::Rain => libm::exp(p.latent[LOG_RAIN]),
            Regime::Snow => 0.6 * libm::exp(p.latent[LOG_RAIN]),
            _ => 0.0,
        };
        let cold = temperature_c <= SNOW_BELOW_C;
        let numbers = [
            libm::exp(p.latent[LOG_VISIBILITY]),
            if cold { 0.0 } else { falls },
            if cold { falls } else { 0.0 },
            wind_mps,
            (self.wind_from_deg + p.latent[TURN]).rem_euclid(360.0),
            temperature_c,
            humidity_percent(temperature_c, dew_c),
            cloud,
        ];
        let snow = if temperature_c > 0.0 { Snow::Wet } else { Snow::Dry };
        Weather { fog: p.fog, snow, ..Weather::default() }.with_numbers(numbers)
    }
}

fn pick(weights: &[f64; 5], rng: &mut Rng) -> Regime {
    let mut left = rng.uniform();
    for (regime, weight) in REGIMES.into_iter().zip(weights) {
        if left < *weight {
            return regime;
        }
        left -= weight;
    }
    // Rounding only: the weights sum to 1.
    Regime::Cloudy
}

#[cfg(test)]
#[path = "climate_tests.rs"]
mod tests;
