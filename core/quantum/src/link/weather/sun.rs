//! Place and time of a run, and how warm an undisturbed day gets there.

use crate::link::sky::Sun;
use std::f64::consts::PI;

/// Where and when a run begins.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Start {
    /// Latitude, degrees north.
    pub latitude_deg: f64,
    /// Longitude, degrees east.
    pub longitude_deg: f64,
    /// Unix time, seconds.
    pub unix_s: f64,
}

impl Start {
    /// The sun `t_s` seconds after the start.
    #[must_use]
    pub fn sun(&self, t_s: f64) -> Sun {
        Sun::at(self.unix_s + t_s, self.latitude_deg, self.longitude_deg)
    }
}

/// Share of the way from the day's lowest to its highest temperature, 0 to 1: a truncated sine by day, with its highest
/// point 1.86 h after noon, and an exponential of rate 2.20 by night (Parton and Logan 1981, air at 1.5 m). Their night
/// is scaled to end at the lowest temperature, so that the sunrise makes no jump.
#[must_use]
pub fn warmth(sun: &Sun) -> f64 {
    const LAG_H: f64 = 1.86;
    const NIGHT_RATE: f64 = 2.20;
    let day_h = sun.day_length_h.clamp(0.5, 23.5);
    // The temporal hour counts twelfths of the day from sunrise.
    let since_sunrise_h = (sun.temporal_hour / 12.0 * sun.day_length_h).rem_euclid(24.0);
    let by_day = |h: f64| libm::sin(PI * h / (day_h + 2.0 * LAG_H));
    if since_sunrise_h <= day_h {
        return by_day(since_sunrise_h);
    }
    let share = (since_sunrise_h - day_h) / (24.0 - day_h);
    let end = libm::exp(-NIGHT_RATE);
    by_day(day_h) * (libm::exp(-NIGHT_RATE * share) - end) / (1.0 - end)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::link::sky::unix_s;
    use proptest::prelude::*;

    fn campus(day_of_year: u32, hour_utc: f64) -> Start {
        Start { latitude_deg: 52.38, longitude_deg: -1.56, unix_s: unix_s(2022, day_of_year, hour_utc) }
    }

    #[test]
    fn the_day_is_as_long_as_the_almanac_says() {
        // Warwick: 16 h 46 min at midsummer and 7 h 43 min at midwinter, refraction included.
        let hours = |day| campus(day, 12.0).sun(0.0).day_length_h;
        assert!(
            (hours(172) - 16.77).abs() < 0.05 && (hours(355) - 7.72).abs() < 0.05,
            "{} {}",
            hours(172),
            hours(355)
        );
    }

    #[test]
    fn a_day_is_warmest_after_noon_and_coldest_at_sunrise() {
        let start = campus(193, 0.0);
        let minutes = || (0..24 * 60).map(|m| f64::from(m) * 60.0);
        let at = |t_s: f64| warmth(&start.sun(t_s));
        let best = minutes().max_by(|a, b| at(*a).total_cmp(&at(*b))).unwrap_or(0.0);
        let least = minutes().min_by(|a, b| at(*a).total_cmp(&at(*b))).unwrap_or(0.0);
        let solar = |t_s: f64| start.sun(t_s).temporal_hour;
        let after_noon_h = (solar(best) - 6.0) / 12.0 * start.sun(best).day_length_h;
        assert!((after_noon_h - 1.86).abs() < 0.05, "{after_noon_h}");
        assert!(solar(least).abs() < 0.1, "{}", solar(least));
    }

    proptest! {
        #[test]
        fn warmth_is_a_share_without_jumps(lat in -65.0f64..65.0, day in 1u32..366, t_s in 0.0f64..1e6) {
            let start = Start { latitude_deg: lat, ..campus(day, 6.0) };
            let (a, b) = (warmth(&start.sun(t_s)), warmth(&start.sun(t_s + 60.0)));
            prop_assert!((0.0..=1.0).contains(&a));
            prop_assert!((a - b).abs() < 0.05, "{a} {b}");
        }
    }
}
