//! How turbulent the air is: the refractive index structure parameter Cn², in m^(-2/3), from weather, hour and
//! height. Near a roof it runs from 1e-16 (still night) to 1e-12 (noon over hot tar).

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

#[cfg(test)]
mod tests {
    use super::*;

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
}
