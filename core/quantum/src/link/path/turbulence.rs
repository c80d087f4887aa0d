//! What turbulent air does to light over a horizontal path: how strongly the intensity flickers, over which
//! lengths, and by which law.

use std::f64::consts::TAU;

/// Rytov variance of the wave from which on its intensity follows the gamma-gamma law; below, the log-normal one.
pub const STRONG_FROM: f64 = 0.3;

/// Shape of the wave that reaches the receiver.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wave {
    /// A collimated beam much wider than the Fresnel length.
    Plane,
    /// A point source, or a beam that diverges from a small waist.
    Spherical,
}

/// Wave number 2π/λ, per metre, of a wavelength in nanometres.
#[must_use]
pub fn wave_number_per_m(wavelength_nm: f64) -> f64 {
    TAU / (wavelength_nm * 1e-9)
}

/// Rytov variance of a path of `range_m` metres through air of Cn² `cn2_m23` in m^(-2/3), 0 and up: the variance
/// of intensity that weak turbulence would give. 1.23 Cn² k^(7/6) L^(11/6) for a plane wave, 0.5 for a spherical
/// one (Andrews and Phillips 2005, chapter 8).
#[must_use]
pub fn rytov_variance(wave: Wave, wavelength_nm: f64, cn2_m23: f64, range_m: f64) -> f64 {
    let factor = match wave {
        Wave::Plane => 1.23,
        Wave::Spherical => 0.5,
    };
    let k = wave_number_per_m(wavelength_nm);
    factor * cn2_m23 * libm::pow(k, 7.0 / 6.0) * libm::pow(range_m, 11.0 / 6.0)
}

/// Fried parameter, metres: the diameter over which the wave front is off by 1 radian. (0.423 k² Cn² L)^(-3/5) for
/// a plane wave (Fried 1966), 3/8 of the path's weight for a spherical one. Infinite in still air.
#[must_use]
pub fn fried_m(wave: Wave, wavelength_nm: f64, cn2_m23: f64, range_m: f64) -> f64 {
    let factor = match wave {
        Wave::Plane => 0.423,
        Wave::Spherical => 0.423 * 0.375,
    };
    let k = wave_number_per_m(wavelength_nm);
    libm::pow(factor * k * k * cn2_m23 * range_m, -0.6)
}

/// Fresnel length sqrt(λ L), metres: the size of what flickers in weak turbulence (Tatarskii 1961).
#[must_use]
pub fn fresnel_length_m(wavelength_nm: f64, range_m: f64) -> f64 {
    (wavelength_nm * 1e-9 * range_m).sqrt()
}

/// Sizes of large and small cells of intensity, metres: both the Fresnel length in weak turbulence. In strong
/// turbulence the small ones shrink with the coherence radius ρ0 = r0/2.1 and the large ones grow with the
/// scattering disc L/(k ρ0) (Andrews, Phillips, Hopen and Al-Habash 1999), both in units in which they leave the
/// Fresnel length together.
#[must_use]
pub fn cell_sizes_m(wavelength_nm: f64, cn2_m23: f64, range_m: f64) -> (f64, f64) {
    let fresnel = fresnel_length_m(wavelength_nm, range_m);
    let coherence = fried_m(Wave::Plane, wavelength_nm, cn2_m23, range_m) / 2.1;
    let small = (TAU.sqrt() * coherence).min(fresnel);
    (fresnel * fresnel / small, small)
}

/// Time, seconds, over which a pattern of `size_m` metres is carried across the line of sight by a wind of
/// `wind_m_per_s` metres a second (Taylor 1938: it moves as if frozen). Air is never quite still: a wind below 0.1
/// counts as 0.1.
#[must_use]
pub fn crossing_time_s(size_m: f64, wind_m_per_s: f64) -> f64 {
    size_m / wind_m_per_s.max(0.1)
}

/// Aperture in units of the Fresnel zone, squared: d² = k D²/(4 L), 0 for a point (Andrews and Phillips 2005,
/// chapter 10). `aperture_radius_m` and `range_m` in metres.
#[must_use]
pub fn aperture_number(wavelength_nm: f64, aperture_radius_m: f64, range_m: f64) -> f64 {
    wave_number_per_m(wavelength_nm) * aperture_radius_m * aperture_radius_m / range_m
}

/// Aperture averaging factor in weak turbulence, 0 to 1: by how much an aperture of number `d2` (see
/// [`aperture_number`]) lowers the variance of intensity. Plane wave [1 + 1.062 d²]^(-7/6), spherical
/// [1 + 0.333 (d²)^(5/6)]^(-7/5) (Andrews 1992).
///
/// Against the integral over the Kolmogorov spectrum the plane wave's is at most 17 % too high and the spherical
/// wave's 45 %: both say a little more fading than there is.
#[must_use]
pub fn aperture_averaging(wave: Wave, d2: f64) -> f64 {
    match wave {
        Wave::Plane => libm::pow(1.0 + 1.062 * d2, -7.0 / 6.0),
        Wave::Spherical => libm::pow(1.0 + 0.333 * libm::pow(d2, 5.0 / 6.0), -1.4),
    }
}

/// Variances of the logarithm of large-scale and small-scale intensity behind an aperture of number `d2`, for a
/// Rytov variance `rytov` of this wave (Andrews and Phillips 2005, chapter 10, without an inner scale).
#[must_use]
pub fn log_variances(wave: Wave, rytov: f64, d2: f64) -> (f64, f64) {
    let s = libm::pow(rytov, 1.2);
    let small = 0.51 * rytov * libm::pow(1.0 + 0.69 * s, -5.0 / 6.0) / (1.0 + 0.90 * d2 + 0.62 * d2 * s);
    let large = match wave {
        Wave::Plane => 0.49 * rytov * libm::pow(1.0 + 0.65 * d2 + 1.11 * s, -7.0 / 6.0),
        Wave::Spherical => 0.49 * rytov * libm::pow(1.0 + 0.18 * d2 + 0.56 * s, -7.0 / 6.0),
    };
    (large, small)
}

/// The law of intensity in units of its mean.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Scintillation {
    /// The air is still: the intensity is constant.
    Still,
    /// Weak turbulence: ln I is normal with this variance s and mean -s/2.
    LogNormal {
        /// Variance of ln I.
        variance: f64,
    },
    /// Moderate to strong turbulence: the product of two gamma numbers of mean 1 (Al-Habash, Andrews and Phillips
    /// 2001).
    GammaGamma {
        /// Shape of the large-scale factor.
        alpha: f64,
        /// Shape of the small-scale factor.
        beta: f64,
    },
}

impl Scintillation {
    /// The law behind an aperture of number `d2` (see [`aperture_number`]) for a wave of Rytov variance `rytov`:
    /// log-normal below [`STRONG_FROM`], gamma-gamma from there on. Both have the scintillation index
    /// exp(σ²_large + σ²_small) - 1 of [`log_variances`], so that nothing jumps at the border.
    #[must_use]
    pub fn new(wave: Wave, rytov: f64, d2: f64) -> Self {
        let (large, small) = log_variances(wave, rytov, d2);
        if rytov.is_nan() || rytov <= 0.0 {
            Self::Still
        } else if rytov < STRONG_FROM {
            Self::LogNormal { variance: large + small }
        } else {
            Self::GammaGamma { alpha: 1.0 / libm::expm1(large), beta: 1.0 / libm::expm1(small) }
        }
    }

    /// Scintillation index: the variance of intensity in units of its mean squared, 0 and up.
    #[must_use]
    pub fn index(self) -> f64 {
        match self {
            Self::Still => 0.0,
            Self::LogNormal { variance } => libm::expm1(variance),
            Self::GammaGamma { alpha, beta } => 1.0 / alpha + 1.0 / beta + 1.0 / (alpha * beta),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Of 300 m at 850 nm; the figures are those of the project's link budget.
    const CASES: [(f64, f64, f64); 4] =
        [(1e-15, 0.0044, 0.31), (1e-14, 0.044, 0.079), (1e-13, 0.44, 0.020), (1e-12, 4.4, 0.005)];

    #[test]
    fn rytov_variance_and_fried_parameter_over_300_m() {
        for (cn2, rytov, fried) in CASES {
            let ours = rytov_variance(Wave::Plane, 850.0, cn2, 300.0);
            assert!((ours / rytov - 1.0).abs() < 0.02, "{cn2}: {ours} of {rytov}");
            let ours = fried_m(Wave::Plane, 850.0, cn2, 300.0);
            assert!((ours / fried - 1.0).abs() < 0.03, "{cn2}: {ours} m of {fried}");
        }
        assert!((fresnel_length_m(850.0, 300.0) - 0.016).abs() < 1e-4);
    }

    #[test]
    fn gamma_gamma_over_300_m() {
        for (cn2, alpha, beta, index) in [(1e-13, 6.45, 4.90, 0.39), (1e-12, 4.44, 1.27, 1.19)] {
            let law = Scintillation::new(Wave::Plane, rytov_variance(Wave::Plane, 850.0, cn2, 300.0), 0.0);
            let Scintillation::GammaGamma { alpha: a, beta: b } = law else { panic!("{law:?}") };
            assert!((a - alpha).abs() < 0.02 && (b - beta).abs() < 0.02, "{cn2}: {a} {b}");
            assert!((law.index() - index).abs() < 0.01, "{cn2}: {}", law.index());
        }
    }

    /// The variance of intensity in weak turbulence as the integral over the Kolmogorov spectrum, path and
    /// aperture (Andrews and Phillips 2005, chapter 10), with k = L = 1 and without its constant.
    fn weak_integral(wave: Wave, d2: f64) -> f64 {
        let (mut sum, steps) = (0.0, 4_000);
        for i in 0..60 {
            let xi = (f64::from(i) + 0.5) / 60.0;
            let (reach, scale) = match wave {
                Wave::Plane => (1.0 - xi, 1.0),
                Wave::Spherical => (xi * (1.0 - xi), xi),
            };
            for j in 0..steps {
                let q = libm::exp(-9.0 + 13.0 * (f64::from(j) + 0.5) / f64::from(steps));
                let x = q * d2.sqrt() * scale;
                let filter = if x < 1e-6 { 1.0 } else { 2.0 * libm::j1(x) / x };
                let phase = libm::sin(0.5 * q * q * reach);
                sum += libm::pow(q, -5.0 / 3.0) * 2.0 * phase * phase * filter * filter;
            }
        }
        sum * 13.0 / f64::from(steps) / 60.0
    }

    #[test]
    fn rytov_variance_is_the_integral_over_the_spectrum() {
        for (wave, factor) in [(Wave::Plane, 1.23), (Wave::Spherical, 0.5)] {
            let constant = 8.0 * std::f64::consts::PI * std::f64::consts::PI * 0.033;
            let ours = constant * weak_integral(wave, 0.0);
            assert!((ours / factor - 1.0).abs() < 0.015, "{ours} of {factor}");
        }
    }

    #[test]
    fn aperture_averaging_errs_to_the_safe_side() {
        for (wave, most) in [(Wave::Plane, 1.17), (Wave::Spherical, 1.45)] {
            let point = weak_integral(wave, 0.0);
            for d2 in [0.1, 0.5, 1.0, 4.0, 15.4, 60.0] {
                let ratio = aperture_averaging(wave, d2) / (weak_integral(wave, d2) / point);
                assert!((1.0..most).contains(&ratio), "{wave:?} {d2}: {ratio}");
            }
        }
    }

    #[test]
    fn cells_part_where_turbulence_is_strong() {
        let (large, small) = cell_sizes_m(850.0, 1e-15, 300.0);
        assert_eq!(large, small);
        let (large, small) = cell_sizes_m(850.0, 1e-12, 300.0);
        assert!(small < 0.007 && large > 0.03, "{large} {small}");
        assert_eq!(crossing_time_s(0.016, 0.0), 0.16);
        assert!((crossing_time_s(0.016, 2.0) - 0.008).abs() < 1e-12);
    }

    proptest! {
        #[test]
        fn longer_paths_and_stronger_turbulence_disturb_more(
            cn2 in 1e-16f64..1e-12, range in 50.0f64..2_000.0, more in 1.001f64..2.0,
        ) {
            for wave in [Wave::Plane, Wave::Spherical] {
                let base = rytov_variance(wave, 850.0, cn2, range);
                prop_assert!(rytov_variance(wave, 850.0, cn2 * more, range) > base);
                prop_assert!(rytov_variance(wave, 850.0, cn2, range * more) > base);
                prop_assert!(rytov_variance(wave, 1_550.0, cn2, range) < base);
                prop_assert!(fried_m(wave, 850.0, cn2 * more, range) < fried_m(wave, 850.0, cn2, range));
            }
            prop_assert!(fried_m(Wave::Spherical, 850.0, cn2, range) > fried_m(Wave::Plane, 850.0, cn2, range));
        }

        #[test]
        fn an_aperture_only_calms(rytov in 1e-4f64..20.0, d2 in 0.0f64..100.0, more in 0.0f64..10.0) {
            for wave in [Wave::Plane, Wave::Spherical] {
                let index = |d2| Scintillation::new(wave, rytov, d2).index();
                prop_assert!(index(d2 + more) <= index(d2) * (1.0 + 1e-12));
                prop_assert!(aperture_averaging(wave, d2 + more) <= aperture_averaging(wave, d2));
            }
        }

        #[test]
        fn the_two_laws_meet(d2 in 0.0f64..50.0) {
            for wave in [Wave::Plane, Wave::Spherical] {
                let below = Scintillation::new(wave, STRONG_FROM * (1.0 - 1e-12), d2).index();
                let above = Scintillation::new(wave, STRONG_FROM, d2).index();
                prop_assert!((below / above - 1.0).abs() < 1e-9);
            }
        }

        #[test]
        fn weak_turbulence_gives_the_rytov_variance(rytov in 1e-6f64..1e-3) {
            let index = Scintillation::new(Wave::Plane, rytov, 0.0).index();
            prop_assert!((index / rytov - 1.0).abs() < 0.01);
        }
    }
}
