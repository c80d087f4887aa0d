//! From weather and hour to what a link feels.

use super::air::{Air, Precipitation, ScatteringModel};
use super::cn2::{SurfaceLayer, friction_velocity_m_per_s, surface_layer};
use super::sky::{self, DaySky, NightSky, Sun};
use crate::link::channel::Conditions;
use crate::link::weather::{Fog, Snow, Weather, saturation_hpa};

/// Where a link is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Site {
    /// Mean height of the beam above the ground, metres.
    pub height_m: f64,
    /// Direction of the beam, degrees clockwise from north.
    pub bearing_deg: f64,
}

/// Roughness length of a campus, metres: scattered buildings and trees (Stull 1988, figure 9.6).
const ROUGHNESS_M: f64 = 0.5;
/// Height at which wind is told, metres (WMO).
const WIND_HEIGHT_M: f64 = 10.0;
/// Air pressure, hectopascals.
const PRESSURE_HPA: f64 = 1_013.25;
/// Heat that a cubic metre of air holds, J/K.
const AIR_J_PER_M3_K: f64 = 1.2 * 1_005.0;
const ZERO_C_K: f64 = 273.15;

/// What a link at `site` feels of `weather` with the sun where it is: no attack, nothing in the beam.
#[must_use]
pub fn conditions(weather: &Weather, sun: &Sun, site: &Site) -> Conditions {
    let scattering = match weather.fog {
        Fog::Advection if weather.visibility_km < 1.0 => ScatteringModel::AdvectionFog,
        Fog::Radiation if weather.visibility_km < 1.0 => ScatteringModel::RadiationFog,
        _ => ScatteringModel::Kim,
    };
    // Where both fall, snow takes far more light.
    let precipitation = match (weather.snow_mm_h > 0.0, weather.snow) {
        (true, Snow::Dry) => Precipitation::DrySnow { mm_per_h: weather.snow_mm_h },
        (true, Snow::Wet) => Precipitation::WetSnow { mm_per_h: weather.snow_mm_h },
        (false, _) if weather.rain_mm_h > 0.0 => Precipitation::Rain { mm_per_h: weather.rain_mm_h },
        (false, _) => Precipitation::None,
    };
    let across = libm::fabs(libm::sin((weather.wind_from_deg - site.bearing_deg).to_radians()));
    Conditions {
        air: Air { scattering, visibility_km: weather.visibility_km, precipitation },
        cn2_m23: cn2_m23(weather, sun.elevation_rad, site.height_m),
        wind_mps: weather.wind_mps * across,
        gust_mps: weather.gust_mps(),
        air_c: weather.temperature_c,
        sky_radiance: sky_radiance(weather, sun.elevation_rad),
        ..Conditions::default()
    }
}

/// Spectral radiance of the sky, W m⁻² sr⁻¹ µm⁻¹: between the clear and the clouded sky of Miao et al. (2005) by the
/// share that is covered, straight in the logarithm; haze of less than 5 km of sight is no darker than their hazy
/// day.
#[must_use]
pub fn sky_radiance(weather: &Weather, sun_elevation_rad: f64) -> f64 {
    let hazy = weather.visibility_km < 5.0;
    let clear = if hazy { DaySky::Hazy } else { DaySky::Clear };
    let of = |day, night| libm::log(sky::radiance(sun_elevation_rad, day, night));
    let (open, covered) = (of(clear, NightSky::NewMoon), of(DaySky::Cloudy, NightSky::Moonless));
    libm::exp(open + (covered - open) * weather.cloud)
}

/// Refractive index structure parameter at `height_m` above the ground, m^(-2/3), by Monin-Obukhov similarity from
/// the heat that the ground gives the air.
#[must_use]
pub fn cn2_m23(weather: &Weather, sun_elevation_rad: f64, height_m: f64) -> f64 {
    // Similarity needs some shear: still air is given a tenth of a metre a second of friction.
    let friction = friction_velocity_m_per_s(weather.wind_mps.max(0.5), WIND_HEIGHT_M, ROUGHNESS_M).max(0.05);
    surface_layer(&SurfaceLayer {
        height_m: height_m.max(2.0),
        heat_flux_w_per_m2: heat_flux_w_per_m2(weather, sun_elevation_rad, friction),
        friction_velocity_m_per_s: friction,
        temperature_k: weather.temperature_c + ZERO_C_K,
        pressure_hpa: PRESSURE_HPA,
    })
}

/// Sensible heat flux from the ground, W/m² (Holtslag and van Ulden 1983; by night van Ulden and Holtslag 1985).
///
/// By day: sunlight (990 sin h - 30)(1 - 0.75 N^3.4), net radiation
/// ((1 - r) K + 5.31e-13 T⁶ - σ T⁴ + 60 N) / 1.12 with an albedo r of 0.2, a tenth of which the ground keeps, and of
/// the rest the share that does not evaporate water, with alpha = 0.5 for a built-up place. By night the temperature
/// scale is 0.09 (1 - N²/2) K.
fn heat_flux_w_per_m2(weather: &Weather, sun_elevation_rad: f64, friction_m_per_s: f64) -> f64 {
    const ALPHA: f64 = 0.5;
    let (t, n) = (weather.temperature_c + ZERO_C_K, weather.cloud);
    let sun = (990.0 * libm::sin(sun_elevation_rad) - 30.0) * (1.0 - 0.75 * libm::pow(n, 3.4));
    let sky = 5.31e-13 * libm::pow(t, 6.0) - 5.670_374e-8 * libm::pow(t, 4.0) + 60.0 * n;
    let net = (0.8 * sun.max(0.0) + sky) / 1.12;
    // Slope of the saturation pressure over the psychrometric constant, 0.66 hPa/K.
    let c = weather.temperature_c + 243.04;
    let slope = saturation_hpa(weather.temperature_c) * 17.625 * 243.04 / (c * c);
    let ratio = 0.66 / slope;
    let day = (1.0 - ALPHA + ratio) / (1.0 + ratio) * 0.9 * net - 20.0;
    if sun > 0.0 && day > 0.0 { day } else { -AIR_J_PER_M3_K * friction_m_per_s * 0.09 * (1.0 - 0.5 * n * n) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const SITE: Site = Site { height_m: 15.0, bearing_deg: 45.0 };

    fn sun(elevation_deg: f64) -> Sun {
        Sun {
            elevation_rad: elevation_deg.to_radians(),
            azimuth_rad: 3.0,
            temporal_hour: 6.0,
            day_length_h: 16.0,
        }
    }

    #[test]
    fn noon_shimmers_more_than_dusk() {
        let fair = Weather { cloud: 0.0, ..Weather::default() };
        let at = |elevation: f64| conditions(&fair, &sun(elevation), &SITE).cn2_m23;
        // Near the ground: 1e-15 to 1e-13, at noon up to 1e-12.
        assert!((3e-14..1e-12).contains(&at(60.0)), "noon {}", at(60.0));
        assert!((1e-16..1e-13).contains(&at(-20.0)), "night {}", at(-20.0));
        assert!(at(60.0) > at(25.0) && at(25.0) > at(5.0));
        let overcast = Weather { cloud: 1.0, ..fair };
        assert!(conditions(&overcast, &sun(60.0), &SITE).cn2_m23 < at(60.0) / 2.0);
        // A sunny summer noon gives the air 200 to 400 W/m².
        assert!((200.0..400.0).contains(&heat_flux_w_per_m2(&fair, 1.05, 0.3)));
    }

    #[test]
    fn the_sky_is_miaos() {
        let clear = Weather { cloud: 0.0, ..Weather::default() };
        let near = |x: f64, y: f64| assert!((x / y - 1.0).abs() < 1e-9, "{x} {y}");
        near(sky_radiance(&clear, 0.5), 1.5);
        near(sky_radiance(&Weather { cloud: 1.0, ..clear }, 0.5), 150.0);
        near(sky_radiance(&Weather { visibility_km: 2.0, ..clear }, 0.5), 15.0);
        assert!(sky_radiance(&clear, -0.5) < 1e-3);
    }

    #[test]
    fn wind_along_the_beam_does_not_cross_it() {
        let weather = Weather { wind_mps: 6.0, wind_from_deg: 45.0, ..Weather::default() };
        assert!(conditions(&weather, &sun(30.0), &SITE).wind_mps < 1e-9);
        let across = Weather { wind_from_deg: 135.0, ..weather };
        assert!((conditions(&across, &sun(30.0), &SITE).wind_mps - 6.0).abs() < 1e-9);
    }

    proptest! {
        #[test]
        fn any_weather_gives_finite_conditions(
            t in -40.0f64..60.0, n in 0.0f64..1.0, v in 0.0f64..75.0, h in -90.0f64..90.0, z in 0.0f64..200.0
        ) {
            let weather = Weather { temperature_c: t, cloud: n, wind_mps: v, ..Weather::default() };
            let c = conditions(&weather, &sun(h), &Site { height_m: z, ..SITE });
            prop_assert!(c.cn2_m23.is_finite() && (0.0..1e-10).contains(&c.cn2_m23), "{}", c.cn2_m23);
            prop_assert!(c.sky_radiance > 0.0 && c.sky_radiance <= 150.0 + 1e-9);
        }
    }
}
