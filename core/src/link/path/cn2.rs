//! How turbulent the air is: the refractive index structure parameter Cn², in m^(-2/3), from weather, hour and
//! height. Near a roof it runs from 1e-16 (still night) to 1e-12 (noon over hot tar).

/// Height that the weather regression speaks for, metres (Sadot and Kopeika 1992).
pub const REFERENCE_HEIGHT_M: f64 = 15.0;

/// What [`sadot_kopeika`] gives where its polynomial falls below it, m^(-2/3): a still night near the ground.
pub const FLOOR_M23: f64 = 1e-16;

/// Weather at the height of a weather mast.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Weather {
    /// Air temperature, kelvin; the regression holds from 282 to 308.
    pub temperature_k: f64,
    /// Relative humidity, percent; the regression holds from 14 to 92.
    pub humidity_percent: f64,
    /// Wind speed, metres a second; the regression holds from 0 to 10.
    pub wind_m_per_s: f64,
    /// Hour of the day in twelfths of daylight: 0 at sunrise, 6 at solar noon, 12 at sunset, negative before
    /// sunrise (see [`super::sky::Sun::temporal_hour`]).
    pub temporal_hour: f64,
}

/// Weight of the hour of the day, 0.05 to 1 (Sadot and Kopeika 1992, table 1): constant over each temporal hour.
#[must_use]
pub fn temporal_weight(temporal_hour: f64) -> f64 {
    // Up to and with that hour, the weight.
    const TABLE: [(f64, f64); 18] = [
        (-4.0, 0.11),
        (-3.0, 0.11),
        (-2.0, 0.07),
        (-1.0, 0.08),
        (0.0, 0.06),
        (1.0, 0.05),
        (2.0, 0.10),
        (3.0, 0.51),
        (4.0, 0.75),
        (5.0, 0.95),
        (6.0, 1.00),
        (7.0, 0.90),
        (8.0, 0.80),
        (9.0, 0.59),
        (10.0, 0.32),
        (11.0, 0.22),
        (12.0, 0.10),
        (13.0, 0.08),
    ];
    TABLE.iter().find(|(until, _)| temporal_hour <= *until).map_or(0.13, |(_, weight)| *weight)
}

/// Cn² at 15 m above ground from weather and hour, m^(-2/3) (Sadot and Kopeika 1992, model 1):
/// 3.8e-14 W + 2e-15 T - 2.8e-15 RH + 2.9e-17 RH² - 1.1e-19 RH³ - 2.5e-15 v + 1.2e-15 v² - 8.5e-17 v³ - 5.3e-13.
///
/// The regression is of a desert's year. Weather outside 282 to 308 K, 14 to 92 % and 0 to 10 m/s is taken at the
/// edge of that range. In cool and damp air and by night the polynomial goes below zero, where it says nothing:
/// the result is then [`FLOOR_M23`]. For such weather [`surface_layer`] is the better guide.
#[must_use]
pub fn sadot_kopeika(weather: &Weather) -> f64 {
    let t = weather.temperature_k.clamp(282.0, 308.0);
    let h = weather.humidity_percent.clamp(14.0, 92.0);
    let v = weather.wind_m_per_s.clamp(0.0, 10.0);
    let by_humidity = h * (-2.8e-15 + h * (2.9e-17 - h * 1.1e-19));
    let by_wind = v * (-2.5e-15 + v * (1.2e-15 - v * 8.5e-17));
    let sum = 3.8e-14 * temporal_weight(weather.temporal_hour) + 2e-15 * t + by_humidity + by_wind - 5.3e-13;
    sum.max(FLOOR_M23)
}

/// How the air near the ground is layered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stability {
    /// By day, over warmer ground: Cn² falls with the height to the -4/3 (Wyngaard et al. 1971).
    Unstable,
    /// By night, or with wind over ground as warm as the air: Cn² falls with the height to the -2/3.
    Stable,
}

/// Cn² at `height_m` from its value at `from_height_m`, both in metres above ground, 1 to some 100: the surface
/// layer's power law (Wyngaard, Izumi and Collins 1971; Walters and Kunkel 1981). Same unit as `cn2_m23`.
#[must_use]
pub fn at_height(cn2_m23: f64, from_height_m: f64, height_m: f64, stability: Stability) -> f64 {
    let power = match stability {
        Stability::Unstable => -4.0 / 3.0,
        Stability::Stable => -2.0 / 3.0,
    };
    cn2_m23 * libm::pow(height_m / from_height_m, power)
}

/// Air over a surface that warms or cools it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SurfaceLayer {
    /// Height above ground, metres; within the surface layer, up to some 100.
    pub height_m: f64,
    /// Sensible heat flux from the ground, W/m²: 100 to 400 on a sunny day, -10 to -60 on a clear night.
    pub heat_flux_w_per_m2: f64,
    /// Friction velocity, metres a second, above 0: 0.1 to 0.6 (see [`friction_velocity_m_per_s`]).
    pub friction_velocity_m_per_s: f64,
    /// Air temperature, kelvin.
    pub temperature_k: f64,
    /// Air pressure, hectopascals.
    pub pressure_hpa: f64,
}

/// Friction velocity, m/s, of a wind measured at `height_m` over ground of roughness length `roughness_m`, both in
/// metres and the first the larger: the logarithmic law u* = 0.4 v / ln(z / z0). Roughness is 0.03 over grass, 0.5
/// to 2 over a town.
#[must_use]
pub fn friction_velocity_m_per_s(wind_m_per_s: f64, height_m: f64, roughness_m: f64) -> f64 {
    VON_KARMAN * wind_m_per_s / libm::log(height_m / roughness_m)
}

const VON_KARMAN: f64 = 0.4;

/// Cn² in the surface layer, m^(-2/3), by Monin-Obukhov similarity (Wyngaard et al. 1971 with the constants of
/// Andreas 1988): C_T² = T*² z^(-2/3) 4.9 (1 - 6.1 ζ)^(-2/3) for unstable air, 4.9 (1 + 2.2 ζ^(2/3)) for stable,
/// Cn² = (79e-6 P/T²)² C_T² in dry air, ζ = z/L. At no heat flux it is 0.
#[must_use]
pub fn surface_layer(air: &SurfaceLayer) -> f64 {
    const GRAVITY: f64 = 9.81;
    const HEAT_CAPACITY: f64 = 1005.0;
    const GAS_CONSTANT: f64 = 287.05;
    let t = air.temperature_k;
    let density = 100.0 * air.pressure_hpa / (GAS_CONSTANT * t);
    let scale_k = -air.heat_flux_w_per_m2 / (density * HEAT_CAPACITY * air.friction_velocity_m_per_s);
    let u2 = air.friction_velocity_m_per_s * air.friction_velocity_m_per_s;
    let zeta = air.height_m * VON_KARMAN * GRAVITY * scale_k / (u2 * t);
    let similarity = if zeta < 0.0 {
        4.9 * libm::pow(1.0 - 6.1 * zeta, -2.0 / 3.0)
    } else {
        4.9 * (1.0 + 2.2 * libm::pow(zeta, 2.0 / 3.0))
    };
    let ct2 = scale_k * scale_k * libm::pow(air.height_m, -2.0 / 3.0) * similarity;
    let by_temperature = 79e-6 * air.pressure_hpa / (t * t);
    by_temperature * by_temperature * ct2
}

/// Hufnagel-Valley profile of Cn², m^(-2/3), at `height_m` metres above ground, 0 to 24 km, for slant paths:
/// 0.00594 (v/27)² (1e-5 h)^10 e^(-h/1000) + 2.7e-16 e^(-h/1500) + A e^(-h/100) (Andrews and Phillips 2005,
/// chapter 12). HV5/7 has a wind of `wind_m_per_s` = 21 aloft and `ground_m23` = 1.7e-14.
#[must_use]
pub fn hufnagel_valley(height_m: f64, wind_m_per_s: f64, ground_m23: f64) -> f64 {
    let wind = wind_m_per_s / 27.0;
    0.005_94 * wind * wind * libm::pow(1e-5 * height_m, 10.0) * libm::exp(-height_m / 1_000.0)
        + 2.7e-16 * libm::exp(-height_m / 1_500.0)
        + ground_m23 * libm::exp(-height_m / 100.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const NOON: Weather =
        Weather { temperature_k: 293.0, humidity_percent: 50.0, wind_m_per_s: 3.0, temporal_hour: 6.0 };

    #[test]
    fn the_regression_by_hand() {
        // Term by term, in 1e-14: 3.8 + 58.6 - 14 + 7.25 - 1.375 - 0.75 + 1.08 - 0.2295 - 53 = 1.3755.
        assert!((sadot_kopeika(&NOON) / 1.3755e-14 - 1.0).abs() < 1e-9, "{}", sadot_kopeika(&NOON));
        let hot = Weather { temperature_k: 303.0, humidity_percent: 30.0, ..NOON };
        assert!((3e-14..1e-13).contains(&sadot_kopeika(&hot)), "{}", sadot_kopeika(&hot));
        assert_eq!(sadot_kopeika(&Weather { temporal_hour: -1.0, ..NOON }), FLOOR_M23);
    }

    #[test]
    fn noon_weighs_most_and_sunrise_least() {
        assert_eq!([-9.0, 0.5, 5.5, 6.5, 11.5, 15.0].map(temporal_weight), [0.11, 0.05, 1.0, 0.9, 0.1, 0.13]);
    }

    #[test]
    fn the_hv57_profile_gives_its_name() {
        // At 500 nm, looking up: a Fried parameter of 5 cm and an isoplanatic angle of 7 µrad (Andrews and
        // Phillips 2005, chapter 12).
        let k = std::f64::consts::TAU / 500e-9;
        let (mut zero, mut five_thirds) = (0.0, 0.0);
        for i in 0..30_000 {
            let h = f64::from(i) + 0.5;
            let cn2 = hufnagel_valley(h, 21.0, 1.7e-14);
            zero += cn2;
            five_thirds += cn2 * libm::pow(h, 5.0 / 3.0);
        }
        let fried_m = libm::pow(0.423 * k * k * zero, -0.6);
        let isoplanatic_rad = libm::pow(2.914 * k * k * five_thirds, -0.6);
        assert!((fried_m / 0.05 - 1.0).abs() < 0.02, "{fried_m}");
        assert!((isoplanatic_rad / 7e-6 - 1.0).abs() < 0.02, "{isoplanatic_rad}");
    }

    #[test]
    fn a_sunny_day_over_a_town_is_of_the_order_measured() {
        let day = SurfaceLayer {
            height_m: 15.0,
            heat_flux_w_per_m2: 200.0,
            friction_velocity_m_per_s: 0.3,
            temperature_k: 293.0,
            pressure_hpa: 1_013.0,
        };
        let noon = surface_layer(&day);
        assert!((2e-14..1e-13).contains(&noon), "{noon}");
        let night = surface_layer(&SurfaceLayer { heat_flux_w_per_m2: -30.0, ..day });
        assert!((1e-16..2e-14).contains(&night), "{night}");
        assert_eq!(surface_layer(&SurfaceLayer { heat_flux_w_per_m2: 0.0, ..day }), 0.0);
    }

    #[test]
    fn similarity_holds_the_two_laws_of_height() {
        let slope = |air: SurfaceLayer| {
            let up = SurfaceLayer { height_m: 2.0 * air.height_m, ..air };
            libm::log(surface_layer(&up) / surface_layer(&air)) / std::f64::consts::LN_2
        };
        let air = SurfaceLayer {
            height_m: 20.0,
            heat_flux_w_per_m2: 300.0,
            friction_velocity_m_per_s: 0.1,
            temperature_k: 300.0,
            pressure_hpa: 1_000.0,
        };
        assert!((slope(air) + 4.0 / 3.0).abs() < 0.01, "free convection: {}", slope(air));
        let neutral = SurfaceLayer { heat_flux_w_per_m2: -0.01, friction_velocity_m_per_s: 0.5, ..air };
        assert!((slope(neutral) + 2.0 / 3.0).abs() < 0.01, "neutral: {}", slope(neutral));
    }

    proptest! {
        #[test]
        fn the_regression_is_positive_and_grows_with_heat(
            t in 250.0f64..320.0, dt in 0.0f64..10.0, h in 0.0f64..100.0, v in 0.0f64..20.0, hour in -8.0f64..20.0,
        ) {
            let at = |t| sadot_kopeika(&Weather {
                temperature_k: t, humidity_percent: h, wind_m_per_s: v, temporal_hour: hour,
            });
            prop_assert!(at(t) >= FLOOR_M23 && at(t) < 2e-13);
            prop_assert!(at(t + dt) >= at(t));
        }

        #[test]
        fn higher_is_calmer(cn2 in 1e-16f64..1e-12, from in 1.0f64..50.0, up in 1.0f64..4.0) {
            let day = at_height(cn2, from, from * up, Stability::Unstable);
            let night = at_height(cn2, from, from * up, Stability::Stable);
            prop_assert!(day <= night && night <= cn2);
            let back = at_height(day, from * up, from, Stability::Unstable);
            prop_assert!((back / cn2 - 1.0).abs() < 1e-12);
        }
    }
}
