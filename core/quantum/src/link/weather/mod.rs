//! The weather over the roofs at one instant.

pub mod climate;
pub mod course;
pub mod sun;

use crate::link::params::ParamError;
use crate::link::params::within;
use serde::{Deserialize, Serialize};

/// How a fog came about: its droplets scatter differently at equal visibility (Al Naboulsi et al. 2004).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Fog {
    /// No fog: the visibility is that of haze or clear air.
    #[default]
    None,
    /// Warm moist air over cold ground.
    Advection,
    /// Ground that cools by radiation in a clear night.
    Radiation,
}

/// What kind of snow falls: it takes light differently at equal rate (ITU-R P.1814).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Snow {
    /// Dry flakes.
    #[default]
    Dry,
    /// Melting flakes.
    Wet,
}

/// How many numbers a [`Weather`] has.
pub(super) const NUMBERS: usize = 8;

/// Place of the visibility among the numbers.
pub(super) const VISIBILITY: usize = 0;

/// Place of the wind's direction among the numbers.
pub(super) const WIND_FROM: usize = 4;

/// Names and ranges of the numbers, in their order.
pub(super) const RANGES: [(&str, f64, f64); NUMBERS] = [
    ("visibility_km", 0.01, 300.0),
    ("rain_mm_h", 0.0, 300.0),
    ("snow_mm_h", 0.0, 100.0),
    ("wind_mps", 0.0, 75.0),
    ("wind_from_deg", 0.0, 360.0),
    ("temperature_c", -40.0, 60.0),
    ("humidity_percent", 0.0, 100.0),
    ("cloud", 0.0, 1.0),
];

/// The weather at one instant.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Weather {
    /// Meteorological visibility of the air with its haze or fog, kilometres, 0.01 to 300. What rain and snow take is
    /// not in it: they have their own rates.
    pub visibility_km: f64,
    /// Rain, millimetres an hour, 0 to 300.
    pub rain_mm_h: f64,
    /// Snow as water, millimetres an hour, 0 to 100.
    pub snow_mm_h: f64,
    /// Mean wind of ten minutes, metres a second, 0 to 75.
    pub wind_mps: f64,
    /// Where the wind comes from, degrees clockwise from north, 0 to 360.
    pub wind_from_deg: f64,
    /// Temperature of the air, degrees Celsius, -40 to 60.
    pub temperature_c: f64,
    /// Relative humidity, percent, 0 to 100.
    pub humidity_percent: f64,
    /// Share of the sky that is covered, 0 to 1.
    pub cloud: f64,
    /// What kind of fog the visibility is that of.
    pub fog: Fog,
    /// What kind of snow falls, if any.
    pub snow: Snow,
}

impl Default for Weather {
    /// A fair day.
    fn default() -> Self {
        Self {
            visibility_km: 20.0,
            rain_mm_h: 0.0,
            snow_mm_h: 0.0,
            wind_mps: 3.0,
            wind_from_deg: 225.0,
            temperature_c: 15.0,
            humidity_percent: 60.0,
            cloud: 0.3,
            fog: Fog::None,
            snow: Snow::Dry,
        }
    }
}

impl Weather {
    /// Checks every field.
    ///
    /// # Errors
    /// [`ParamError`] for the first field out of its range.
    pub fn check(&self) -> Result<(), ParamError> {
        for (x, (field, min, max)) in self.numbers().into_iter().zip(RANGES) {
            within(field, x, min, max)?;
        }
        Ok(())
    }

    /// Gusts of 3 s, metres a second: 1.66 times the mean wind of ten minutes over land (Harper, Kepert and Ginger
    /// 2010, table 1.1).
    #[must_use]
    pub fn gust_mps(&self) -> f64 {
        1.66 * self.wind_mps
    }

    /// The numbers, in the order of [`RANGES`].
    pub(super) fn numbers(&self) -> [f64; NUMBERS] {
        [
            self.visibility_km,
            self.rain_mm_h,
            self.snow_mm_h,
            self.wind_mps,
            self.wind_from_deg,
            self.temperature_c,
            self.humidity_percent,
            self.cloud,
        ]
    }

    /// This weather with other numbers, each brought into its range.
    pub(super) fn with_numbers(self, x: [f64; NUMBERS]) -> Self {
        let at = |i: usize| x[i].max(RANGES[i].1).min(RANGES[i].2);
        Self {
            visibility_km: at(0),
            rain_mm_h: at(1),
            snow_mm_h: at(2),
            wind_mps: at(3),
            wind_from_deg: at(4),
            temperature_c: at(5),
            humidity_percent: at(6),
            cloud: at(7),
            ..self
        }
    }
}

/// The number at place `i` on the way from `a` to `b`, `share` 0 to 1: straight, but the visibility by its logarithm,
/// as fog thickens, and the wind the shorter way round.
pub(super) fn between(i: usize, a: f64, b: f64, share: f64) -> f64 {
    if share <= 0.0 || a == b {
        return a;
    }
    if share >= 1.0 {
        return b;
    }
    match i {
        VISIBILITY => a * libm::exp(share * libm::log(b / a)),
        WIND_FROM => {
            let turn = (b - a + 540.0).rem_euclid(360.0) - 180.0;
            (a + share * turn).rem_euclid(360.0)
        }
        _ => a + share * (b - a),
    }
}

/// Saturation pressure of water vapour, hectopascals (Alduchov and Eskridge 1996, equation 21).
#[must_use]
pub fn saturation_hpa(temperature_c: f64) -> f64 {
    6.1094 * libm::exp(17.625 * temperature_c / (temperature_c + 243.04))
}

/// Relative humidity of air of this temperature and dew point, percent, at most 100.
#[must_use]
pub fn humidity_percent(temperature_c: f64, dew_point_c: f64) -> f64 {
    (100.0 * saturation_hpa(dew_point_c) / saturation_hpa(temperature_c)).min(100.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn humidity_is_that_of_the_tables() {
        // Saturation pressure at 20 °C: 23.39 hPa; at 0 °C: 6.11 hPa (Smithsonian tables, to the formula's 0.4 %).
        assert!((saturation_hpa(20.0) / 23.39 - 1.0).abs() < 4e-3);
        assert!((saturation_hpa(0.0) / 6.11 - 1.0).abs() < 4e-3);
        assert!((humidity_percent(20.0, 10.0) - 52.5).abs() < 0.5);
        assert_eq!(humidity_percent(5.0, 9.0), 100.0);
    }

    #[test]
    fn ranges_are_checked_by_name() {
        assert_eq!(Weather::default().check(), Ok(()));
        let bad = Weather { cloud: 1.5, ..Weather::default() };
        assert_eq!(bad.check().map_err(|e| e.field), Err("cloud".into()));
        assert!(Weather { temperature_c: f64::NAN, ..Weather::default() }.check().is_err());
        assert!(serde_json::from_str::<Weather>(r#"{"fog":"Radiation","visibility_km":0.2}"#).is_ok());
        assert!(serde_json::from_str::<Weather>(r#"{"fogg":"Radiation"}"#).is_err());
    }
}
