//! Light that is not ours: where the sun stands, how bright the sky is, and how much of it the detectors count.

use std::f64::consts::{PI, TAU};

/// Planck's constant, J s (SI 2019, exact).
const PLANCK: f64 = 6.626_070_15e-34;
/// Speed of light in vacuum, m/s (SI, exact).
const LIGHT: f64 = 299_792_458.0;
/// Elevation of the sun's centre when its upper edge sets, refraction included: -50'.
const SUNSET_DEG: f64 = -0.833;
/// End of astronomical twilight.
const NIGHT_DEG: f64 = -18.0;

/// Unix time, seconds, of an hour (UTC, may have a fraction) of a day of a year; the first of January is day 1.
/// Years 1901 to 2099.
#[must_use]
pub fn unix_s(year: u32, day_of_year: u32, hour_utc: f64) -> f64 {
    let years = f64::from(year) - 1970.0;
    // 1972 was a leap year, and each fourth up to 2099.
    let leaps = ((years + 1.0) / 4.0).floor();
    ((365.0 * years + leaps + f64::from(day_of_year) - 1.0) * 24.0 + hour_utc) * 3_600.0
}

/// Part of the day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// Some of the sun's disc is above the horizon.
    Day,
    /// The sun is down to 18° below it.
    Twilight,
    /// It is deeper.
    Night,
}

/// Where the sun stands, seen from a place at an instant.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sun {
    /// Elevation of its centre above the horizon without refraction, radians, -π/2 to π/2.
    pub elevation_rad: f64,
    /// Azimuth, radians from north by east, 0 to 2π.
    pub azimuth_rad: f64,
    /// Hour of the day in twelfths of daylight: 0 at sunrise, 6 at solar noon, 12 at sunset; negative from midnight
    /// to sunrise, above 12 from sunset to midnight.
    pub temporal_hour: f64,
    /// Time from sunrise to sunset, hours, 0 to 24.
    pub day_length_h: f64,
}

impl Sun {
    /// The sun at `unix_s` seconds of Unix time, seen from a latitude (north positive) and a longitude (east
    /// positive) in degrees: to 0.01° from 1900 to 2100 (Meeus 1998, chapter 25, low accuracy, and chapters 12 and
    /// 13).
    #[must_use]
    pub fn at(unix_s: f64, latitude_deg: f64, longitude_deg: f64) -> Self {
        let days = unix_s / 86_400.0 - 10_957.5;
        let (declination, right_ascension) = equatorial_rad(days / 36_525.0);
        let sidereal_deg = 280.460_618_37 + 360.985_647_366_29 * days + longitude_deg;
        let hour_angle = wrap(sidereal_deg.to_radians() - right_ascension);
        let latitude = latitude_deg.to_radians();
        let (sin_lat, cos_lat) = libm::sincos(latitude);
        let (sin_dec, cos_dec) = libm::sincos(declination);
        let (sin_hour, cos_hour) = libm::sincos(hour_angle);
        let elevation_rad = libm::asin((sin_lat * sin_dec + cos_lat * cos_dec * cos_hour).clamp(-1.0, 1.0));
        let from_south = libm::atan2(sin_hour * cos_dec, cos_hour * cos_dec * sin_lat - sin_dec * cos_lat);
        // Hour angle of sunset; at a pole's summer or winter the day is the whole turn or next to nothing.
        let sunset = libm::sin(SUNSET_DEG.to_radians());
        let cosine = (sunset - sin_lat * sin_dec) / (cos_lat * cos_dec);
        let half_day = libm::acos(cosine.clamp(-1.0, 1.0)).max(1e-3);
        Self {
            elevation_rad,
            azimuth_rad: from_south + PI,
            temporal_hour: 6.0 + 6.0 * hour_angle / half_day,
            day_length_h: 24.0 * half_day / PI,
        }
    }

    /// The part of the day.
    #[must_use]
    pub fn phase(&self) -> Phase {
        let deg = self.elevation_rad.to_degrees();
        if deg > SUNSET_DEG {
            Phase::Day
        } else if deg > NIGHT_DEG {
            Phase::Twilight
        } else {
            Phase::Night
        }
    }
}

/// Apparent declination and right ascension of the sun, radians, `t` Julian centuries after J2000 (Meeus 1998,
/// chapter 25).
fn equatorial_rad(t: f64) -> (f64, f64) {
    let mean_longitude = 280.466_46 + t * (36_000.769_83 + t * 0.000_303_2);
    let anomaly = (357.529_11 + t * (35_999.050_29 - t * 0.000_153_7)).to_radians();
    let centre = (1.914_602 - t * (0.004_817 + t * 0.000_014)) * libm::sin(anomaly)
        + (0.019_993 - t * 0.000_101) * libm::sin(2.0 * anomaly)
        + 0.000_289 * libm::sin(3.0 * anomaly);
    let node = (125.04 - 1_934.136 * t).to_radians();
    let longitude = (mean_longitude + centre - 0.005_69 - 0.004_78 * libm::sin(node)).to_radians();
    let obliquity = (23.439_291 - 0.013_004_2 * t + 0.002_56 * libm::cos(node)).to_radians();
    let (sin_lon, cos_lon) = libm::sincos(longitude);
    let (sin_obl, cos_obl) = libm::sincos(obliquity);
    (libm::asin(sin_obl * sin_lon), libm::atan2(cos_obl * sin_lon, cos_lon))
}

/// An angle turned to -π to π.
fn wrap(angle_rad: f64) -> f64 {
    let turns = angle_rad / TAU;
    (turns - (turns + 0.5).floor()) * TAU
}

/// Sky by day in the receiver's field of view, away from the sun.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DaySky {
    /// Clear.
    Clear,
    /// Hazy.
    Hazy,
    /// Bright clouds.
    Cloudy,
}

impl DaySky {
    /// Spectral radiance, W m⁻² sr⁻¹ µm⁻¹, in the near infrared (Miao et al. 2005): its order of magnitude.
    #[must_use]
    pub fn radiance(self) -> f64 {
        match self {
            Self::Clear => 1.5,
            Self::Hazy => 15.0,
            Self::Cloudy => 150.0,
        }
    }
}

/// Sky by night, without the lights of a town.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NightSky {
    /// Clear, full moon.
    FullMoon,
    /// Clear, new moon.
    NewMoon,
    /// Moonless and cloudy.
    Moonless,
}

impl NightSky {
    /// Spectral radiance, W m⁻² sr⁻¹ µm⁻¹, in the near infrared (Miao et al. 2005): its order of magnitude.
    #[must_use]
    pub fn radiance(self) -> f64 {
        match self {
            Self::FullMoon => 1.5e-3,
            Self::NewMoon => 1.5e-4,
            Self::Moonless => 1.5e-5,
        }
    }
}

/// Spectral radiance of the sky, W m⁻² sr⁻¹ µm⁻¹, with the sun at `elevation_rad`: by day `day`, below -18° `night`,
/// between sunset and there straight in the logarithm. Real dusk falls faster at first, so that twilight is
/// here rather too bright than too dark.
#[must_use]
pub fn radiance(elevation_rad: f64, day: DaySky, night: NightSky) -> f64 {
    let dusk = ((SUNSET_DEG - elevation_rad.to_degrees()) / (SUNSET_DEG - NIGHT_DEG)).clamp(0.0, 1.0);
    day.radiance() * libm::pow(night.radiance() / day.radiance(), dusk)
}

/// The receiver that looks into the sky.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Receiver {
    /// Full angle of its field of view, radians.
    pub field_of_view_rad: f64,
    /// Radius of its aperture, metres.
    pub aperture_radius_m: f64,
    /// Full width of its spectral filter, nanometres.
    pub filter_nm: f64,
    /// Transmittance of its optics, 0 to 1.
    pub transmittance: f64,
    /// Detection efficiency, 0 to 1.
    pub efficiency: f64,
}

impl Receiver {
    /// Counts a second from a sky of `radiance` (W m⁻² sr⁻¹ µm⁻¹) at `wavelength_nm`, over all its detectors:
    /// H Ω A Δλ η_opt η_det λ/(hc) with Ω = π (FOV/2)² (Miao et al. 2005).
    #[must_use]
    pub fn background_hz(&self, radiance: f64, wavelength_nm: f64) -> f64 {
        let half = 0.5 * self.field_of_view_rad;
        let area = PI * self.aperture_radius_m * self.aperture_radius_m;
        let watts = radiance * PI * half * half * area * self.filter_nm * 1e-3;
        let photon_j = PLANCK * LIGHT / (wavelength_nm * 1e-9);
        watts * self.transmittance * self.efficiency / photon_j
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ground::START_UNIX_S;
    use proptest::prelude::*;

    #[test]
    fn unix_time_of_a_day_of_the_year() {
        assert_eq!(unix_s(1970, 1, 0.0), 0.0);
        assert_eq!(unix_s(2000, 61, 0.0), 951_868_800.0);
        // 12 July 2023, 13:56:59.
        assert!((unix_s(2023, 193, 13.0 + 56.0 / 60.0 + 59.0 / 3_600.0) - START_UNIX_S as f64).abs() < 1e-3);
    }

    #[test]
    fn meeus_example_25a() {
        // 1992 October 13, 0h TD: declination -7.78507°, right ascension 198.38083°.
        let (declination, right_ascension) = equatorial_rad((2_448_908.5 - 2_451_545.0) / 36_525.0);
        assert!((declination.to_degrees() + 7.785_07).abs() < 1e-5, "{}", declination.to_degrees());
        assert!((right_ascension.to_degrees() + 360.0 - 198.380_83).abs() < 1e-5);
    }

    #[test]
    fn the_solar_position_algorithm_s_example() {
        // Reda and Andreas 2004, appendix A.5: 17 October 2003, 12:30:30 at UTC-7, Golden, Colorado: elevation
        // 39.872046° without refraction, azimuth 194.340241°.
        let sun = Sun::at(unix_s(2003, 290, 19.0 + 30.5 / 60.0), 39.742_476, -105.178_6);
        assert!(
            (sun.elevation_rad.to_degrees() - 39.872_046).abs() < 0.01,
            "{}",
            sun.elevation_rad.to_degrees()
        );
        assert!(
            (sun.azimuth_rad.to_degrees() - 194.340_241).abs() < 0.01,
            "{}",
            sun.azimuth_rad.to_degrees()
        );
        assert_eq!(sun.phase(), Phase::Day);
    }

    #[test]
    fn temporal_hours_run_from_sunrise_to_sunset() {
        // Warwick on 12 July 2023: sunrise 03:59, sunset 20:24 UTC.
        let at = |hour| Sun::at(unix_s(2023, 193, hour), 52.38, -1.56);
        assert!(at(3.98).temporal_hour.abs() < 0.05, "{}", at(3.98).temporal_hour);
        assert!((at(20.4).temporal_hour - 12.0).abs() < 0.05, "{}", at(20.4).temporal_hour);
        assert_eq!((at(12.2).phase(), at(21.5).phase()), (Phase::Day, Phase::Twilight));
        assert_eq!(Sun::at(unix_s(2023, 355, 0.0), 52.38, -1.56).phase(), Phase::Night);
        assert!(at(1.0).temporal_hour < 0.0 && at(23.0).temporal_hour > 12.0);
    }

    #[test]
    fn a_clear_day_counts_25_000_a_second() {
        let receiver = Receiver {
            field_of_view_rad: 100e-6,
            aperture_radius_m: 0.025,
            filter_nm: 1.0,
            transmittance: 0.5,
            efficiency: 0.5,
        };
        for (sky, hz) in [(DaySky::Clear, 2.5e4), (DaySky::Hazy, 2.5e5), (DaySky::Cloudy, 2.5e6)] {
            let ours = receiver.background_hz(sky.radiance(), 850.0);
            assert!((ours / hz - 1.0).abs() < 0.03, "{sky:?}: {ours} of {hz}");
        }
    }

    proptest! {
        #[test]
        fn the_sun_s_direction_is_on_the_sphere(
            t in 0.0f64..4e9, lat in -66.0f64..66.0, lon in -180.0f64..180.0,
        ) {
            let sun = Sun::at(t, lat, lon);
            prop_assert!(sun.elevation_rad.abs() <= 90f64.to_radians() && (0.0..=TAU).contains(&sun.azimuth_rad));
            // Day by elevation is day by temporal hour.
            let day = sun.temporal_hour > 0.0 && sun.temporal_hour < 12.0;
            if (sun.elevation_rad.to_degrees() - SUNSET_DEG).abs() > 1e-6 {
                prop_assert_eq!(day, sun.phase() == Phase::Day);
            }
        }

        #[test]
        fn dusk_only_darkens(deg in -30.0f64..20.0, down in 0.0f64..10.0) {
            let at = |deg: f64| radiance(deg.to_radians(), DaySky::Hazy, NightSky::NewMoon);
            prop_assert!(at(deg - down) <= at(deg));
            prop_assert!(at(deg) <= 15.0 + 1e-9 && at(deg) >= 1.5e-4 * (1.0 - 1e-9));
        }
    }
}
