//! The beam between two roofs: how wide it is at the receiver, what the transmitter's aperture cuts off, and how
//! turbulence widens and moves it.

use super::turbulence::{Wave, rytov_variance, wave_number_per_m};
use std::f64::consts::{LOG10_E, PI};

/// Rayleigh range π w0²/λ, metres: over it a beam of waist `waist_m` (1/e² radius, metres) stays narrow (Saleh and
/// Teich 2007, section 3.1).
#[must_use]
pub fn rayleigh_range_m(waist_m: f64, wavelength_nm: f64) -> f64 {
    PI * waist_m * waist_m / (wavelength_nm * 1e-9)
}

/// 1/e² radius, metres, of a collimated Gaussian beam after `range_m` metres in still air:
/// w0 sqrt(1 + (L/z_R)²) (Saleh and Teich 2007, section 3.1).
#[must_use]
pub fn spot_radius_m(waist_m: f64, wavelength_nm: f64, range_m: f64) -> f64 {
    let ratio = range_m / rayleigh_range_m(waist_m, wavelength_nm);
    waist_m * (1.0 + ratio * ratio).sqrt()
}

/// Half angle of divergence in the far field at 1/e² of the intensity, radians: λ/(π w0) (Saleh and Teich 2007,
/// section 3.1). The full angle, which data sheets give, is twice this.
#[must_use]
pub fn half_divergence_rad(waist_m: f64, wavelength_nm: f64) -> f64 {
    wavelength_nm * 1e-9 / (PI * waist_m)
}

/// Full angle of divergence in the far field at 1/e² of the intensity, radians.
#[must_use]
pub fn full_divergence_rad(waist_m: f64, wavelength_nm: f64) -> f64 {
    2.0 * half_divergence_rad(waist_m, wavelength_nm)
}

/// Light that the transmitter's round aperture cuts off a beam of waist `waist_m`, dB, 0 and up:
/// -10 log10(1 - exp(-2 a²/w0²)). Both radii in metres. A source calibrated behind its aperture does not feel it.
#[must_use]
pub fn truncation_loss_db(waist_m: f64, aperture_radius_m: f64) -> f64 {
    let ratio = aperture_radius_m / waist_m;
    -10.0 * LOG10_E * libm::log1p(-libm::exp(-2.0 * ratio * ratio))
}

/// Waist, metres, of the whole Gaussian beam that is as bright on the axis of the far field as the truncated one of
/// the same power: w0 sqrt(tanh(a²/(2 w0²))). The diffraction at the edge widens the beam by the inverse. It is
/// the on-axis gain of Klein and Degnan (1974) without obscuration, written as a waist; a bright disc of
/// radius a has a/sqrt(2).
#[must_use]
pub fn truncated_waist_m(waist_m: f64, aperture_radius_m: f64) -> f64 {
    let ratio = aperture_radius_m / waist_m;
    waist_m * libm::tanh(0.5 * ratio * ratio).sqrt()
}

/// Variance of the beam's centre along one axis, m², after `range_m` metres through air of Cn² `cn2_m23`, in
/// m^(-2/3): 0.97 Cn² L³ D^(-1/3) of a collimated beam, with D = 2 w0 (Churnside and Lataitis 1990). Slow: it
/// moves in the time in which wind crosses the beam.
#[must_use]
pub fn wander_variance_m2(waist_m: f64, cn2_m23: f64, range_m: f64) -> f64 {
    0.97 * cn2_m23 * range_m * range_m * range_m / libm::cbrt(2.0 * waist_m)
}

/// What Andrews and Phillips (2005, chapter 6) call the beam wander variance of a collimated beam, m²:
/// <r_c²> = 2.42 Cn² L³ w0^(-1/3), without an outer scale.
///
/// It is the part of the long-term spot that the wander makes, w_LT² = w_ST² + <r_c²>. A Gaussian moved by a
/// variance σ² an axis has w² + 4σ², so that <r_c²> is 4σ² of [`wander_variance_m2`] but for a sharper filter: it is
/// neither the variance of one axis nor of two.
#[must_use]
pub fn wander_broadening_m2(waist_m: f64, cn2_m23: f64, range_m: f64) -> f64 {
    2.42 * cn2_m23 * range_m * range_m * range_m / libm::cbrt(waist_m)
}

/// 1/e² radius, metres, of a collimated beam's mean intensity over a long time: w sqrt(1 + T) with
/// T = 1.33 σ_R² Λ^(5/6) in weak turbulence (Andrews and Phillips 2005, chapter 6) and 1.63 σ_R^(12/5) Λ in strong
/// (chapter 7), Λ = 2L/(k w²); the larger of both, so that one passes into the other.
#[must_use]
pub fn long_term_spot_m(waist_m: f64, wavelength_nm: f64, cn2_m23: f64, range_m: f64) -> f64 {
    let w = spot_radius_m(waist_m, wavelength_nm, range_m);
    let lambda = 2.0 * range_m / (wave_number_per_m(wavelength_nm) * w * w);
    let rytov = rytov_variance(Wave::Plane, wavelength_nm, cn2_m23, range_m);
    let weak = 1.33 * rytov * libm::pow(lambda, 5.0 / 6.0);
    let strong = 1.63 * libm::pow(rytov, 1.2) * lambda;
    w * (1.0 + weak.max(strong)).sqrt()
}

/// 1/e² radius, metres, of the beam at an instant: the long-term spot without the wander, w_ST² = w_LT² - 4σ², so
/// that a beam of this radius that wanders by [`wander_variance_m2`] has the long-term spot as its mean.
#[must_use]
pub fn short_term_spot_m(waist_m: f64, wavelength_nm: f64, cn2_m23: f64, range_m: f64) -> f64 {
    let long = long_term_spot_m(waist_m, wavelength_nm, cn2_m23, range_m);
    // Never below the spot in still air: T w² is at least 3.67 Cn² L³ w0^(-1/3), the wander's part 3.08 of it.
    (long * long - 4.0 * wander_variance_m2(waist_m, cn2_m23, range_m)).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_beam_of_10_mm_at_300_m() {
        // 850 nm: 12.9 mm (the project's link budget).
        assert!((spot_radius_m(0.010, 850.0, 300.0) - 0.0129).abs() < 5e-5);
        // A HeNe laser of 0.5 mm waist: z_R = 1.24 m, half angle 0.40 mrad.
        assert!((rayleigh_range_m(0.5e-3, 632.8) - 1.241).abs() < 1e-3);
        assert!((full_divergence_rad(0.5e-3, 632.8) - 0.806e-3).abs() < 1e-6);
    }

    #[test]
    fn truncation_at_the_waist_loses_13_percent() {
        // exp(-2) of the light is outside the 1/e² radius: 0.63 dB. At 1.5 waists 1.1 %, 0.048 dB.
        assert!((truncation_loss_db(0.01, 0.01) - 0.6315).abs() < 1e-4);
        assert!((truncation_loss_db(0.01, 0.015) - 0.0485).abs() < 1e-4);
    }

    #[test]
    fn the_truncated_waist_is_that_of_the_far_field_on_axis() {
        // Field on axis of the far field over the root of the power: the integral of exp(-r²/w0²) over the disc.
        let (w0, a, steps) = (0.01, 0.013, 20_000);
        let (mut field, mut power) = (0.0, 0.0);
        for i in 0..steps {
            let r = a * (f64::from(i) + 0.5) / f64::from(steps);
            let ring = 2.0 * PI * r * a / f64::from(steps);
            field += libm::exp(-r * r / (w0 * w0)) * ring;
            power += libm::exp(-2.0 * r * r / (w0 * w0)) * ring;
        }
        let waist = (field * field / power / (2.0 * PI)).sqrt();
        assert!((truncated_waist_m(w0, a) / waist - 1.0).abs() < 1e-6, "{waist}");
        // Best match of a Gaussian to an aperture: a = 1.12 w0 has 0.8145 of a bright disc's gain (Klein and
        // Degnan 1974; Siegman 1986, chapter 18).
        let gain = |a: f64| {
            let w = truncated_waist_m(w0, a);
            2.0 * w * w / (a * a) * -libm::expm1(-2.0 * a * a / (w0 * w0))
        };
        assert!((gain(1.12 * w0) - 0.8145).abs() < 2e-4, "{}", gain(1.12 * w0));
        assert!(gain(1.12 * w0) > gain(1.0 * w0) && gain(1.12 * w0) > gain(1.25 * w0));
    }

    #[test]
    fn wander_is_the_mean_slope_over_a_gaussian_beam() {
        // Two axes, geometric optics: L³/3 4π² 0.033 Cn² ∫ κ^(-2/3) exp(-κ² w0²/4) dκ (Kolmogorov spectrum).
        let (w0, cn2, range, steps): (f64, f64, f64, u32) = (0.01, 1e-14, 300.0, 200_000);
        let mut sum = 0.0;
        for i in 0..steps {
            // κ = u³ takes the pole away.
            let du = libm::cbrt(12.0 / w0) / f64::from(steps);
            let u = (f64::from(i) + 0.5) * du;
            let kappa = u * u * u;
            sum += 3.0 * libm::exp(-0.25 * kappa * kappa * w0 * w0) * du;
        }
        let axis = range * range * range / 3.0 * 4.0 * PI * PI * 0.033 * cn2 * sum / 2.0;
        let ours = wander_variance_m2(w0, cn2, range);
        assert!((ours / axis - 1.0).abs() < 0.02, "{ours} of {axis}");
        // 0.98 mm an axis: 3.3 µrad over 300 m.
        assert!((ours.sqrt() - 0.98e-3).abs() < 0.02e-3, "{}", ours.sqrt());
    }

    #[test]
    fn the_two_wanders_differ_by_their_filter_alone() {
        // exp(-κ² w0²) of Andrews and Phillips for exp(-κ² w0²/4) of the centroid: a factor 4^(1/6).
        let ratio = 4.0 * wander_variance_m2(0.01, 1e-14, 300.0) / wander_broadening_m2(0.01, 1e-14, 300.0);
        assert!((ratio / libm::pow(4.0, 1.0 / 6.0) - 1.0).abs() < 0.02, "{ratio}");
    }

    proptest! {
        #[test]
        fn a_beam_spreads(w0 in 1e-3f64..0.1, range in 50.0f64..2_000.0, more in 1.001f64..2.0, nm in 500.0f64..1_600.0) {
            prop_assert!(spot_radius_m(w0, nm, range * more) > spot_radius_m(w0, nm, range));
            prop_assert!(spot_radius_m(w0, nm, range) > w0);
            // Never narrower than the far field's cone.
            prop_assert!(spot_radius_m(w0, nm, range) > half_divergence_rad(w0, nm) * range);
        }

        #[test]
        fn turbulence_widens(w0 in 1e-3f64..0.1, range in 50.0f64..2_000.0, cn2 in 1e-17f64..1e-12, more in 1.01f64..3.0) {
            let still = spot_radius_m(w0, 850.0, range);
            let short = short_term_spot_m(w0, 850.0, cn2, range);
            let long = long_term_spot_m(w0, 850.0, cn2, range);
            prop_assert!(still * (1.0 - 1e-12) <= short && short <= long);
            prop_assert!(long_term_spot_m(w0, 850.0, cn2 * more, range) >= long);
        }

        #[test]
        fn a_smaller_aperture_cuts_and_widens(w0 in 1e-3f64..0.1, a in 0.2f64..5.0, more in 1.01f64..2.0) {
            prop_assert!(truncation_loss_db(w0, w0 * a) > truncation_loss_db(w0, w0 * a * more));
            prop_assert!(truncated_waist_m(w0, w0 * a) <= truncated_waist_m(w0, w0 * a * more));
            prop_assert!(truncated_waist_m(w0, w0 * a) <= w0);
        }
    }
}
