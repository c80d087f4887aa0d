//! Where the sun stands over the roofs, and how warm an undisturbed day gets.

use crate::link::params::ParamError;
use crate::link::params::within;
use serde::{Deserialize, Serialize};
use std::f64::consts::PI;

/// Place and date of a run.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Site {
    /// Latitude, degrees north, -65 to 65: no day or night without end.
    pub latitude_deg: f64,
    /// Day of the year at the start, 1 to 366.
    pub day_of_year: u32,
    /// Local solar time at the start, hours, 0 to 24.
    pub start_h: f64,
}

impl Default for Site {
    /// The campus of the University of Warwick at the trial's logged second: 12 July, 13:57 UTC at 1.56° west.
    fn default() -> Self {
        Self { latitude_deg: 52.38, day_of_year: 193, start_h: 13.75 }
    }
}

impl Site {
    /// Checks every field.
    ///
    /// # Errors
    /// [`ParamError`] for the first field out of its range.
    pub fn check(&self) -> Result<(), ParamError> {
        within("latitude_deg", self.latitude_deg, -65.0, 65.0)?;
        within("day_of_year", f64::from(self.day_of_year), 1.0, 366.0)?;
        within("start_h", self.start_h, 0.0, 24.0)
    }

    /// Solar time `t_s` seconds after the start, hours, 0 to 24.
    #[must_use]
    pub fn solar_h(&self, t_s: f64) -> f64 {
        (self.start_h + t_s / 3_600.0).rem_euclid(24.0)
    }

    /// Declination of the sun, radians (Cooper 1969): 23.45° sin(360° (284 + n) / 365).
    fn declination(&self, t_s: f64) -> f64 {
        let day = f64::from(self.day_of_year) + ((self.start_h + t_s / 3_600.0) / 24.0).floor();
        23.45f64.to_radians() * libm::sin(2.0 * PI * (284.0 + day) / 365.0)
    }

    /// Elevation of the sun over the horizon, degrees, -90 to 90; refraction is not counted:
    /// sin h = sin phi sin delta + cos phi cos delta cos H.
    #[must_use]
    pub fn sun_elevation_deg(&self, t_s: f64) -> f64 {
        let (phi, delta) = (self.latitude_deg.to_radians(), self.declination(t_s));
        let hour_angle = (self.solar_h(t_s) - 12.0) * PI / 12.0;
        let sine =
            libm::sin(phi) * libm::sin(delta) + libm::cos(phi) * libm::cos(delta) * libm::cos(hour_angle);
        libm::asin(sine.clamp(-1.0, 1.0)).to_degrees()
    }

    /// Time from sunrise to sunset, hours: (24 / pi) arccos(-tan phi tan delta).
    #[must_use]
    pub fn day_length_h(&self, t_s: f64) -> f64 {
        let (phi, delta) = (self.latitude_deg.to_radians(), self.declination(t_s));
        24.0 / PI * libm::acos((-libm::tan(phi) * libm::tan(delta)).clamp(-1.0, 1.0))
    }

    /// Share of the way from the day's lowest to its highest temperature, 0 to 1: a truncated sine by day, with its
    /// highest point 1.86 h after noon, and an exponential of rate 2.20 by night (Parton and Logan 1981, air at
    /// 1.5 m). Their night is scaled to end at the lowest temperature, so that the sunrise makes no jump.
    #[must_use]
    pub fn warmth(&self, t_s: f64) -> f64 {
        const LAG_H: f64 = 1.86;
        const NIGHT_RATE: f64 = 2.20;
        let day_h = self.day_length_h(t_s);
        let since_sunrise_h = (self.solar_h(t_s) - (12.0 - day_h / 2.0)).rem_euclid(24.0);
        let by_day = |h: f64| libm::sin(PI * h / (day_h + 2.0 * LAG_H));
        if since_sunrise_h <= day_h {
            return by_day(since_sunrise_h);
        }
        let share = (since_sunrise_h - day_h) / (24.0 - day_h);
        let end = libm::exp(-NIGHT_RATE);
        by_day(day_h) * (libm::exp(-NIGHT_RATE * share) - end) / (1.0 - end)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_sun_stands_where_the_almanac_says() {
        let noon =
            |day_of_year| Site { day_of_year, start_h: 12.0, ..Site::default() }.sun_elevation_deg(0.0);
        // 90° - 52.38° + 23.45° at midsummer, - 23.45° at midwinter, + 0° at the equinox.
        assert!((noon(172) - 61.07).abs() < 0.05, "{}", noon(172));
        assert!((noon(355) - 14.17).abs() < 0.05, "{}", noon(355));
        assert!((noon(81) - 37.62).abs() < 0.2, "{}", noon(81));
        let day = |day_of_year| Site { day_of_year, ..Site::default() }.day_length_h(0.0);
        assert!((day(172) - 16.5).abs() < 0.15 && (day(355) - 7.5).abs() < 0.15, "{} {}", day(172), day(355));
    }

    #[test]
    fn a_day_is_warmest_after_noon_and_coldest_at_sunrise() {
        let site = Site { start_h: 0.0, ..Site::default() };
        let hours = |from: u32, to: u32| (from * 60..to * 60).map(|m| f64::from(m) * 60.0);
        let best = hours(0, 24).max_by(|a, b| site.warmth(*a).total_cmp(&site.warmth(*b))).unwrap_or(0.0);
        let least = hours(0, 24).min_by(|a, b| site.warmth(*a).total_cmp(&site.warmth(*b))).unwrap_or(0.0);
        assert!((best / 3_600.0 - 13.86).abs() < 0.05, "{best}");
        assert!((least / 3_600.0 - (12.0 - site.day_length_h(0.0) / 2.0)).abs() < 0.05, "{least}");
    }

    proptest! {
        #[test]
        fn warmth_is_a_share_without_jumps(lat in -65.0f64..65.0, day in 1u32..366, t_s in 0.0f64..1e6) {
            let site = Site { latitude_deg: lat, day_of_year: day, start_h: 6.0 };
            let (a, b) = (site.warmth(t_s), site.warmth(t_s + 60.0));
            prop_assert!((0.0..=1.0).contains(&a));
            prop_assert!((a - b).abs() < 0.03, "{a} {b}");
            prop_assert!(site.sun_elevation_deg(t_s).abs() <= 90.0);
        }
    }
}
