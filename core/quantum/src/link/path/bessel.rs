//! Modified Bessel functions of the first kind, scaled by their exponential: what a round aperture asks of a
//! Gaussian beam.

use std::f64::consts::PI;

/// Below, the power series; above, the asymptotic one, whose smallest term is then exp(-40).
const SERIES_BELOW: f64 = 20.0;

/// exp(-|x|) I0(x), 0 to 1; relative error below 1e-14 (Abramowitz and Stegun 1964, 9.6.12 and 9.7.1).
#[must_use]
pub fn i0e(x: f64) -> f64 {
    scaled(0.0, x.abs())
}

/// exp(-|x|) I1(x), -0.22 to 0.22; relative error below 1e-14 (Abramowitz and Stegun 1964, 9.6.10 and 9.7.1).
#[must_use]
pub fn i1e(x: f64) -> f64 {
    scaled(1.0, x.abs()).copysign(x)
}

fn scaled(order: f64, x: f64) -> f64 {
    if x < SERIES_BELOW {
        let quarter = 0.25 * x * x;
        let mut term = if order == 0.0 { 1.0 } else { 0.5 * x };
        let (mut sum, mut k) = (term, 0.0);
        while term > 1e-17 * sum {
            k += 1.0;
            term *= quarter / (k * (k + order));
            sum += term;
        }
        return sum * libm::exp(-x);
    }
    let mu = 4.0 * order * order;
    let (mut term, mut sum, mut k): (f64, f64, f64) = (1.0, 1.0, 0.0);
    // The terms of the asymptotic series fall until k is near 2x, far beyond where they stop to matter.
    while term.abs() > 1e-17 && k < SERIES_BELOW {
        k += 1.0;
        let odd = 2.0 * k - 1.0;
        term *= (odd * odd - mu) / (8.0 * k * x);
        sum += term;
    }
    sum / (2.0 * PI * x).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_published_values() {
        // Abramowitz and Stegun 1964, table 9.8: exp(-x) I0(x) and exp(-x) I1(x).
        let table = [
            (0.0, 1.0, 0.0),
            (0.2, 0.826_938_551_6, 0.082_283_123_5),
            (1.0, 0.465_759_607_7, 0.207_910_415_4),
            (2.0, 0.308_508_322_5, 0.215_269_289_2),
            (5.0, 0.183_540_812_6, 0.163_972_266_9),
            (10.0, 0.127_833_337_2, 0.121_262_681_4),
        ];
        for (x, zero, one) in table {
            assert!((i0e(x) - zero).abs() < 1.5e-10, "I0 {x}: {} of {zero}", i0e(x));
            assert!((i1e(x) - one).abs() < 1.5e-10, "I1 {x}: {} of {one}", i1e(x));
        }
    }

    #[test]
    fn both_series_meet() {
        for order in [0.0, 1.0] {
            let (below, above) = (scaled(order, SERIES_BELOW * (1.0 - 1e-15)), scaled(order, SERIES_BELOW));
            assert!((below / above - 1.0).abs() < 1e-14, "{below} {above}");
        }
    }

    proptest! {
        #[test]
        fn the_derivative_of_i0_is_i1(x in 0.01f64..100.0) {
            // (exp(-x) I0)' = exp(-x) (I1 - I0).
            let h = 1e-4 * x;
            let slope = (i0e(x + h) - i0e(x - h)) / (2.0 * h);
            prop_assert!((slope - (i1e(x) - i0e(x))).abs() < 1e-7);
        }
    }
}
