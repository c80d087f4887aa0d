//! How much of a Gaussian beam a round aperture collects when the beam's centre is off its axis, and on average
//! over a trembling one.

use super::bessel::{i0e, i1e};
use std::sync::Arc;

/// Fraction of a centred beam of 1/e² radius `spot_radius_m` that an aperture of `aperture_radius_m` collects, 0 to
/// 1; both in metres, above 0: 1 - exp(-2 a²/w²) (Saleh and Teich 2007, section 3.1).
#[must_use]
pub fn collected_centred(spot_radius_m: f64, aperture_radius_m: f64) -> f64 {
    let ratio = aperture_radius_m / spot_radius_m;
    -libm::expm1(-2.0 * ratio * ratio)
}

/// Mean fraction, 0 to 1, while the centre trembles with standard deviation `sigma_m` an axis: a Gaussian moved by
/// a Gaussian is a Gaussian of w² + 4σ², so that the mean is 1 - exp(-2 a²/(w² + 4σ²)), exactly. Metres.
///
/// The common approximation of Farid and Hranilovic (2007) holds only for a beam far wider than the aperture: over a
/// rooftop link it gives 0.960 where this is 0.690.
#[must_use]
pub fn collected_mean(spot_radius_m: f64, aperture_radius_m: f64, sigma_m: f64) -> f64 {
    let spread = (spot_radius_m * spot_radius_m + 4.0 * sigma_m * sigma_m).sqrt();
    collected_centred(spread, aperture_radius_m)
}

/// Distance from the beam's centre, in spot radii, beyond which less than 3e-18 of its light is.
const REACH: f64 = 4.5;

/// Fraction, 0 to 1, while the centre is `offset_m` off the aperture's axis, metres: the integral
/// ∫₀ᵃ (4x/w²) exp(-2(x - r)²/w²) I0e(4xr/w²) dx, to 1e-13 (Esposito 1967). It is the distribution function of a
/// Rice number. Some microseconds; [`Collection`] is the fast form.
#[must_use]
pub fn collected(spot_radius_m: f64, aperture_radius_m: f64, offset_m: f64) -> f64 {
    // In spot radii.
    let a = aperture_radius_m / spot_radius_m;
    let r = offset_m.abs() / spot_radius_m;
    let (from, to) = ((r - REACH).max(0.0), a.min(r + REACH));
    if from >= to {
        return if r < a { 1.0 } else { 0.0 };
    }
    let panels = ((to - from) * 2.0).ceil();
    let width = (to - from) / panels;
    let (mut sum, mut start) = (0.0, from);
    for _ in 0..panels as u32 {
        sum += gauss(start, width, |x| 4.0 * x * libm::exp(-2.0 * (x - r) * (x - r)) * i0e(4.0 * x * r));
        start += width;
    }
    sum.min(1.0)
}

/// Integral of `f` over `width` from `start`, by eight points (Abramowitz and Stegun 1964, table 25.4).
fn gauss(start: f64, width: f64, f: impl Fn(f64) -> f64) -> f64 {
    const POINTS: [(f64, f64); 4] = [
        (0.183_434_642_495_649_8, 0.362_683_783_378_362),
        (0.525_532_409_916_329, 0.313_706_645_877_887_3),
        (0.796_666_477_413_626_7, 0.222_381_034_453_374_5),
        (0.960_289_856_497_536_3, 0.101_228_536_290_376_3),
    ];
    let half = 0.5 * width;
    let middle = start + half;
    half * POINTS.iter().map(|(x, w)| w * (f(middle - half * x) + f(middle + half * x))).sum::<f64>()
}

/// [`collected`] as a table: a few nanoseconds a look.
///
/// Cubic pieces of a sixteenth of the spot radius with the exact values and slopes at their ends: within 2e-6 of
/// the integral, and falling with the offset. Cloning shares the table.
#[derive(Clone, Debug, PartialEq)]
pub struct Collection {
    spot_radius_m: f64,
    aperture_radius_m: f64,
    start_m: f64,
    per_m: f64,
    /// Value, and slope times the step, at each knot.
    knots: Arc<[(f64, f64)]>,
}

impl Collection {
    /// Pieces of a spot radius.
    const PIECES: f64 = 16.0;
    /// The table covers the aperture's edge to this many spot radii on both sides: 2e-11 of the light is beyond.
    const EDGE: f64 = 3.5;

    /// The table for a beam of 1/e² radius `spot_radius_m` at an aperture of `aperture_radius_m`, metres, above 0.
    #[must_use]
    pub fn new(spot_radius_m: f64, aperture_radius_m: f64) -> Self {
        let step = 1.0 / Self::PIECES;
        let a = aperture_radius_m / spot_radius_m;
        let start = (a - Self::EDGE).max(0.0);
        let pieces = ((a + Self::EDGE - start) * Self::PIECES).ceil() as u32;
        // The slope has a closed form: the light that the edge passes over.
        let slope = |r: f64| -4.0 * a * libm::exp(-2.0 * (a - r) * (a - r)) * i1e(4.0 * a * r);
        let mut value = collected(spot_radius_m, aperture_radius_m, start * spot_radius_m);
        let mut knots = Vec::with_capacity(pieces as usize + 1);
        for i in 0..=pieces {
            let r = start + f64::from(i) * step;
            knots.push((value.max(0.0), slope(r) * step));
            value += gauss(r, step, slope);
        }
        Self {
            spot_radius_m,
            aperture_radius_m,
            start_m: start * spot_radius_m,
            per_m: Self::PIECES / spot_radius_m,
            knots: knots.into(),
        }
    }

    /// The beam's 1/e² radius, metres.
    #[must_use]
    pub fn spot_radius_m(&self) -> f64 {
        self.spot_radius_m
    }

    /// The aperture's radius, metres.
    #[must_use]
    pub fn aperture_radius_m(&self) -> f64 {
        self.aperture_radius_m
    }

    /// Fraction collected, 0 to 1, with the beam's centre `offset_m` metres off the axis.
    #[must_use]
    pub fn at(&self, offset_m: f64) -> f64 {
        let x = (offset_m.abs() - self.start_m) * self.per_m;
        if x <= 0.0 {
            return self.knots[0].0;
        }
        let i = x as usize;
        let Some(&(to, to_slope)) = self.knots.get(i + 1) else { return 0.0 };
        let (from, from_slope) = self.knots[i];
        let t = x - i as f64;
        let drop = to - from;
        let bend = from_slope - drop;
        let turn = to_slope - drop;
        // Hermite's cubic in the form that meets both ends exactly.
        let value = from + t * (drop + (1.0 - t) * (bend * (1.0 - t) - turn * t));
        value.clamp(0.0, 1.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The average over a Rayleigh offset, as the double integral it is.
    fn numeric_mean(w: f64, a: f64, sigma: f64) -> f64 {
        let (steps, reach) = (300, 9.0 * sigma);
        let step = reach / f64::from(steps);
        (0..steps)
            .map(|i| {
                gauss(f64::from(i) * step, step, |r| {
                    r / (sigma * sigma) * libm::exp(-r * r / (2.0 * sigma * sigma)) * collected(w, a, r)
                })
            })
            .sum()
    }

    /// Farid and Hranilovic 2007, eqs. 9 to 11, averaged over a Rayleigh offset.
    fn farid_hranilovic_mean(w: f64, a: f64, sigma: f64) -> f64 {
        let v = std::f64::consts::PI.sqrt() * a / (std::f64::consts::SQRT_2 * w);
        let erf = libm::erf(v);
        let w2 = w * w * std::f64::consts::PI.sqrt() * erf / (2.0 * v * libm::exp(-v * v));
        let xi2 = w2 / (4.0 * sigma * sigma);
        erf * erf * xi2 / (1.0 + xi2)
    }

    #[test]
    fn a_centred_beam_of_10_mm_at_300_m() {
        let w = super::super::beam::spot_radius_m(0.010, 850.0, 300.0);
        assert!((collected_centred(w, 0.025) - 0.9995).abs() < 1e-4);
        assert!((collected_centred(w, 0.0125) - 0.848).abs() < 1e-3);
    }

    #[test]
    fn the_mean_over_pointing_errors_is_exact_where_the_approximation_fails() {
        let w = super::super::beam::spot_radius_m(0.010, 850.0, 300.0);
        for (urad, exact, approximate) in [(50.0, 0.690, 0.960), (20.0, 0.982, 0.993)] {
            let sigma = urad * 1e-6 * 300.0;
            let ours = collected_mean(w, 0.025, sigma);
            assert!((ours - exact).abs() < 5e-4, "{urad} µrad: {ours}");
            let numeric = numeric_mean(w, 0.025, sigma);
            assert!((ours - numeric).abs() < 1e-9, "{urad} µrad: {ours} {numeric}");
            let other = farid_hranilovic_mean(w, 0.025, sigma);
            assert!((other - approximate).abs() < 1e-3, "{urad} µrad: {other}");
        }
    }

    #[test]
    fn the_integral_is_a_noncentral_chi_square_distribution() {
        // scipy.stats.ncx2.cdf(4a²/w², 2, 4r²/w²) of SciPy 1.16.
        for (w, a, r, value) in [
            (0.0129, 0.025, 0.015, 0.916_611_228_541_249),
            (0.0129, 0.025, 0.03, 0.185_677_732_593_762_63),
            (0.1, 0.025, 0.07, 0.046_799_073_627_166_39),
            (0.01, 0.1, 0.095, 0.835_056_661_447_055),
        ] {
            let ours = collected(w, a, r);
            assert!((ours - value).abs() < 1e-13, "{w} {a} {r}: {ours} of {value}");
        }
    }

    proptest! {
        #[test]
        fn the_table_is_the_integral(a in 0.02f64..12.0, r in 0.0f64..18.0) {
            let table = Collection::new(0.01, 0.01 * a);
            let (ours, exact) = (table.at(0.01 * r), collected(0.01, 0.01 * a, 0.01 * r));
            prop_assert!((ours - exact).abs() < 2e-6, "{ours} {exact}");
        }

        #[test]
        fn the_table_falls_with_the_offset(a in 0.02f64..12.0, r in 0.0f64..18.0, dr in 0.0f64..0.5) {
            let table = Collection::new(0.01, 0.01 * a);
            prop_assert!(table.at(0.01 * (r + dr)) <= table.at(0.01 * r) + 1e-15);
        }

        #[test]
        fn the_integral_is_a_fraction_and_starts_at_the_centred_one(a in 0.02f64..12.0, r in 0.0f64..18.0) {
            let value = collected(1.0, a, r);
            prop_assert!((0.0..=1.0).contains(&value));
            prop_assert!((collected(1.0, a, 0.0) - collected_centred(1.0, a)).abs() < 1e-13);
        }

        #[test]
        fn the_mean_is_the_double_integral(w in 0.2f64..3.0, sigma in 0.05f64..2.0) {
            prop_assert!((collected_mean(w, 1.0, sigma) - numeric_mean(w, 1.0, sigma)).abs() < 1e-8);
        }
    }
}
