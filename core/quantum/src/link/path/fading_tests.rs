//! A fading channel against the theory of its laws: mean, variance, correlation and distribution.

use super::super::collection::collected;
use super::*;
use crate::ground::Streams;
use proptest::prelude::*;

const QUIET: Statistics = Statistics {
    spot_radius_m: 0.05,
    aperture_radius_m: 0.025,
    pointing_sigma_m: 0.0,
    pointing_time_s: 0.02,
    wander_sigma_m: 0.0,
    wander_time_s: 0.01,
    scintillation: Scintillation::Still,
    large_time_s: 0.03,
    small_time_s: 0.005,
};

const ROOFTOP: Path = Path {
    wavelength_nm: 850.0,
    range_m: 300.0,
    waist_m: 0.01,
    aperture_radius_m: 0.025,
    wave: Wave::Plane,
    cn2_m23: 1e-13,
    wind_m_per_s: 2.0,
    pointing_rad: 20e-6,
    pointing_time_s: 0.02,
};

/// Mean, variance and correlation over `lag` steps of `of` along a long run.
fn moments(statistics: &Statistics, dt_s: f64, lag: usize, of: impl Fn(&Fading) -> f64) -> (f64, f64, f64) {
    let mut rng = Streams::new(21).stream("fading");
    let mut fading = Fading::new(statistics, &mut rng);
    let values: Vec<f64> = (0..400_000)
        .map(|_| {
            fading.advance(dt_s, &mut rng);
            of(&fading)
        })
        .collect();
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    let variance = values.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / n;
    let cross = values.windows(lag + 1).map(|w| (w[0] - mean) * (w[lag] - mean)).sum::<f64>();
    (mean, variance, cross / (n - lag as f64) / variance)
}

/// Independent draws of `of`, in rising order: each some twenty correlation times after the last.
fn draws(statistics: &Statistics, of: impl Fn(&Fading) -> f64) -> Vec<f64> {
    let mut rng = Streams::new(22).stream("fading");
    let mut fading = Fading::new(statistics, &mut rng);
    let mut values: Vec<f64> = (0..20_000)
        .map(|_| {
            // Steps of a length that the processes partly remember, so that the step itself is what is tested.
            for _ in 0..20 {
                fading.advance(0.03, &mut rng);
            }
            of(&fading)
        })
        .collect();
    values.sort_by(f64::total_cmp);
    values
}

/// Kolmogorov's distance between draws and a cumulative law, times the root of their number: 1.95 is passed with
/// probability 0.1 %.
fn kolmogorov(sorted: &[f64], cumulative: impl Fn(f64) -> f64) -> f64 {
    let n = sorted.len() as f64;
    let distance = sorted.iter().enumerate().fold(0.0f64, |worst, (i, &x)| {
        let p = cumulative(x);
        worst.max((p - i as f64 / n).abs()).max((p - (i as f64 + 1.0) / n).abs())
    });
    distance * n.sqrt()
}

/// Cumulative gamma law of this shape and mean 1 (Abramowitz and Stegun 1964, 6.5.29).
fn gamma_cumulative(shape: f64, x: f64) -> f64 {
    let x = x * shape;
    if x > shape + 40.0 * (shape + 1.0).sqrt() {
        return 1.0;
    }
    let (mut term, mut sum, mut n) = (1.0 / shape, 1.0 / shape, shape);
    while term > 1e-16 * sum {
        n += 1.0;
        term *= x / n;
        sum += term;
    }
    sum * libm::exp(shape * libm::log(x) - x - libm::lgamma(shape))
}

#[test]
fn pointing_errors_have_the_exact_mean_variance_and_correlation() {
    let jitter = Statistics { pointing_sigma_m: 0.02, ..QUIET };
    let (mean, variance, _) = moments(&jitter, 0.01, 1, Fading::collected);
    let square: f64 = (0..4_000)
        .map(|i| {
            let r = (f64::from(i) + 0.5) * 5e-5;
            let eta = collected(0.05, 0.025, r);
            eta * eta * r / 4e-4 * libm::exp(-r * r / 8e-4) * 5e-5
        })
        .sum();
    assert!((mean / jitter.mean() - 1.0).abs() < 0.01, "{mean} of {}", jitter.mean());
    let theory = square - jitter.mean() * jitter.mean();
    assert!((variance / theory - 1.0).abs() < 0.02, "{variance} of {theory}");
    // An axis has correlation exp(-dt/τ), and forgets the same in one step of 30 ms as in three of 10 ms.
    for (dt, lag) in [(0.01, 3), (0.03, 1)] {
        let (mean, variance, correlation) = moments(&jitter, dt, lag, |f| f.pointing.0);
        assert!(mean.abs() < 0.02 && (variance - 1.0).abs() < 0.02, "{mean} {variance}");
        assert!((correlation - libm::exp(-1.5)).abs() < 0.01, "{correlation}");
    }
}

#[test]
fn wander_adds_to_pointing() {
    let both = Statistics { pointing_sigma_m: 0.012, wander_sigma_m: 0.016, ..QUIET };
    // 12 and 16 mm are 20 mm: the offset is Rayleigh.
    let distance = kolmogorov(&draws(&both, Fading::offset_m), |r| -libm::expm1(-r * r / (2.0 * 4e-4)));
    assert!(distance < 1.95, "{distance}");
    let (_, _, correlation) = moments(&both, 0.005, 2, |f| f.wander.1);
    assert!((correlation - libm::exp(-1.0)).abs() < 0.01, "{correlation}");
}

#[test]
fn weak_scintillation_is_log_normal() {
    let weak = Statistics { scintillation: Scintillation::LogNormal { variance: 0.2 }, ..QUIET };
    let (mean, variance, correlation) = moments(&weak, 0.01, 3, Fading::intensity);
    assert!((mean - 1.0).abs() < 0.01, "{mean}");
    assert!((variance / weak.scintillation.index() - 1.0).abs() < 0.03, "{variance}");
    let theory = libm::expm1(0.2 * libm::exp(-1.0)) / libm::expm1(0.2);
    assert!((correlation - theory).abs() < 0.01, "{correlation} of {theory}");
    let half = std::f64::consts::FRAC_1_SQRT_2;
    let distance = kolmogorov(&draws(&weak, Fading::intensity), |x| {
        0.5 * libm::erfc(-(libm::log(x) + 0.1) / 0.2f64.sqrt() * half)
    });
    assert!(distance < 1.95, "{distance}");
}

#[test]
fn strong_scintillation_is_gamma_gamma() {
    // 300 m at a Cn² of 1e-12, and a shape below 1.
    for (alpha, beta) in [(4.44, 1.27), (6.45, 4.90), (2.0, 0.7)] {
        let strong = Statistics { scintillation: Scintillation::GammaGamma { alpha, beta }, ..QUIET };
        let index = strong.scintillation.index();
        let (mean, variance, correlation) = moments(&strong, 0.005, 2, Fading::intensity);
        assert!((mean - 1.0).abs() < 0.02, "{mean}");
        assert!((variance / index - 1.0).abs() < 0.06, "{variance} of {index}");
        let kept = |time_s: f64| libm::exp(-0.01 / time_s);
        let theory = ((1.0 + kept(0.03) / alpha) * (1.0 + kept(0.005) / beta) - 1.0) / index;
        assert!((correlation - theory).abs() < 0.03, "{correlation} of {theory}");
        for (shape, values) in [(alpha, draws(&strong, |f| f.large)), (beta, draws(&strong, |f| f.small))] {
            let distance = kolmogorov(&values, |x| gamma_cumulative(shape, x));
            assert!(distance < 1.95, "{shape}: {distance}");
        }
        // The product: the large factor in a thousand slices of equal probability, the small one's law in each.
        let slices = draws(&strong, |f| f.large);
        let slices: Vec<f64> = slices.iter().skip(10).step_by(20).copied().collect();
        let distance = kolmogorov(&draws(&strong, Fading::intensity), |x| {
            slices.iter().map(|y| gamma_cumulative(beta, x / y)).sum::<f64>() / slices.len() as f64
        });
        assert!(distance < 2.5, "{alpha} {beta}: {distance}");
    }
}

#[test]
fn a_rooftop_link_through_noon_air() {
    let noon = Statistics::new(&ROOFTOP);
    // 6 mm of pointing, 3.1 mm of wander, a beam of 14 mm, 25 ms of wind over the aperture.
    assert!((noon.pointing_sigma_m - 0.006).abs() < 1e-12);
    assert!((noon.wander_sigma_m - 3.1e-3).abs() < 1e-4, "{}", noon.wander_sigma_m);
    assert!((0.0129..0.0150).contains(&noon.spot_radius_m), "{}", noon.spot_radius_m);
    assert!((noon.large_time_s - 0.025).abs() < 1e-12 && (noon.wander_time_s - 0.01).abs() < 1e-12);
    let (mean, variance, _) = moments(&noon, 0.01, 1, Fading::collected);
    assert!((mean / noon.mean() - 1.0).abs() < 2e-3, "{mean} of {}", noon.mean());
    assert!(variance > 1e-4, "{variance}");
    let still = Statistics::new(&Path { cn2_m23: 0.0, pointing_rad: 0.0, ..ROOFTOP });
    let (mean, variance, _) = moments(&still, 0.01, 1, Fading::collected);
    assert!((mean - 0.9995).abs() < 1e-4 && variance < 1e-20, "{mean} {variance}");
}

#[test]
fn flicker_takes_no_light_away() {
    // From a beam within the aperture to one far wider, in weak and strong turbulence.
    for waist_m in [0.02, 0.01, 0.004, 0.001] {
        for cn2_m23 in [1e-14, 1e-13, 5e-13] {
            let statistics = Statistics::new(&Path { waist_m, cn2_m23, ..ROOFTOP });
            let (mean, _, _) = moments(&statistics, 0.05, 1, Fading::collected);
            let theory = statistics.mean();
            assert!((mean / theory - 1.0).abs() < 5e-3, "{waist_m} {cn2_m23}: {mean} of {theory}");
        }
    }
}

#[test]
fn a_clone_goes_the_same_way_and_no_time_changes_nothing() {
    let statistics = Statistics::new(&Path { cn2_m23: 1e-12, ..ROOFTOP });
    let mut rng = Streams::new(5).stream("fading");
    let mut one = Fading::new(&statistics, &mut rng);
    one.advance(0.01, &mut rng);
    let (mut two, mut other) = (one.clone(), rng.clone());
    for _ in 0..100 {
        assert_eq!(one.advance(0.002, &mut rng).to_bits(), two.advance(0.002, &mut other).to_bits());
    }
    let before = one.collected();
    assert_eq!(one.advance(0.0, &mut rng), before);
    assert_eq!(one.advance(-1.0, &mut rng), before);
}

#[test]
fn a_change_of_weather_goes_on_from_where_it_is() {
    let noon = Statistics::new(&Path { cn2_m23: 1e-12, ..ROOFTOP });
    let evening = Statistics::new(&Path { cn2_m23: 0.9e-12, ..ROOFTOP });
    let night = Statistics::new(&Path { cn2_m23: 1e-15, ..ROOFTOP });
    let mut rng = Streams::new(6).stream("fading");
    let mut fading = Fading::new(&noon, &mut rng);
    let before = (fading.intensity(), fading.pointing);
    fading.change(&evening, &mut rng);
    assert_eq!((fading.intensity(), fading.pointing), before);
    assert_eq!(fading.statistics(), &evening);
    fading.change(&night, &mut rng);
    assert!(fading.intensity() > 0.8 && fading.intensity() < 1.2);
    fading.change(&noon, &mut rng);
    assert!(fading.advance(0.01, &mut rng) <= 1.0);
}

proptest! {
    #[test]
    fn it_is_always_a_fraction(
        log_cn2 in -17.0f64..-12.0, range in 50.0f64..2_000.0, urad in 0.0f64..100.0,
        wind in 0.0f64..15.0, dt in 0.0f64..1.0, spherical: bool,
    ) {
        let statistics = Statistics::new(&Path {
            cn2_m23: libm::pow(10.0, log_cn2),
            range_m: range,
            pointing_rad: urad * 1e-6,
            wind_m_per_s: wind,
            wave: if spherical { Wave::Spherical } else { Wave::Plane },
            ..ROOFTOP
        });
        let mut rng = Streams::new(8).stream("fading");
        let mut fading = Fading::new(&statistics, &mut rng);
        for scale in [1.0, 1e-6, 1e3] {
            let now = fading.advance(dt * scale, &mut rng);
            prop_assert!((0.0..=1.0).contains(&now), "{}", now);
        }
    }
}
