//! Exact samplers on `libm`, the same natively and in wasm.

use super::rng::Rng;

/// A standard normal number (Box and Muller 1958, the cosine branch).
pub fn normal(rng: &mut Rng) -> f64 {
    let u = 1.0 - rng.uniform();
    let v = rng.uniform();
    (-2.0 * libm::log(u)).sqrt() * libm::cos(std::f64::consts::TAU * v)
}

/// Two independent standard normal numbers (Box and Muller 1958, both branches), at little more than the cost of
/// one.
pub fn normal_pair(rng: &mut Rng) -> (f64, f64) {
    let u = 1.0 - rng.uniform();
    let (sin, cos) = libm::sincos(std::f64::consts::TAU * rng.uniform());
    let radius = (-2.0 * libm::log(u)).sqrt();
    (radius * cos, radius * sin)
}

/// An exponential number with mean 1.
pub fn exponential(rng: &mut Rng) -> f64 {
    -libm::log(1.0 - rng.uniform())
}

/// The number of successes in `n` trials of probability `p` (clamped to [0, 1]), exact in law.
///
/// Inversion by waiting times for small n p (Devroye 1986, X.4, second waiting-time method); above, the BTRD
/// family's idea is not needed: the median order statistic halves n until n p is small (Devroye 1986, X.4.3,
/// the beta-splitting recursion), at a cost of log n beta draws.
pub fn binomial(rng: &mut Rng, n: u64, p: f64) -> u64 {
    if p.is_nan() || p <= 0.0 || n == 0 {
        return 0;
    }
    if p >= 1.0 {
        return n;
    }
    if p > 0.5 {
        return n - binomial(rng, n, 1.0 - p);
    }
    let (mut n, mut p, mut count) = (n, p, 0);
    while n as f64 * p > 24.0 {
        // The i-th smallest of n uniforms is Beta(i, n + 1 - i).
        let i = n.div_ceil(2);
        let y = beta(rng, i as f64, (n + 1 - i) as f64);
        if y <= p {
            count += i;
            n -= i;
            p = (p - y) / (1.0 - y);
        } else {
            n = i - 1;
            p /= y;
        }
        if n == 0 || p <= 0.0 {
            return count;
        }
        if p >= 1.0 {
            return count + n;
        }
    }
    count + waiting_time(rng, n, p)
}

/// Binomial by geometric gaps; cost n p.
fn waiting_time(rng: &mut Rng, n: u64, p: f64) -> u64 {
    let log_q = libm::log1p(-p);
    let (mut at, mut count) = (0.0, 0);
    loop {
        at += (libm::log(1.0 - rng.uniform()) / log_q).floor() + 1.0;
        if at > n as f64 {
            return count;
        }
        count += 1;
    }
}

/// Largest Poisson mean that goes to the rejection sampler: its logarithms cancel to 1e-9 there.
const POISSON_DIRECT: f64 = 1e6;

/// A Poisson number of mean `mean` (not positive or not a number: 0; above 1e18 taken as that), exact in law.
///
/// Products of uniforms for small means (Knuth 1969), transformed rejection with squeeze above 10 (Hörmann 1993,
/// PTRS), and above a million first the reduction by a gamma waiting time (Ahrens and Dieter 1974).
pub fn poisson(rng: &mut Rng, mean: f64) -> u64 {
    if mean.is_nan() || mean <= 0.0 {
        return 0;
    }
    let (mut mean, mut count) = (mean.min(1e18), 0);
    while mean > POISSON_DIRECT {
        // The time of the m-th event of a Poisson process of rate 1 is Gamma(m).
        let m = (mean * 0.875) as u64;
        let at = gamma(rng, m as f64);
        if at > mean {
            return count + binomial(rng, m - 1, mean / at);
        }
        count += m;
        mean -= at;
    }
    count + if mean < 10.0 { poisson_product(rng, mean) } else { poisson_rejection(rng, mean) }
}

/// Poisson as the number of uniforms whose product stays above exp(-mean); cost mean + 1.
fn poisson_product(rng: &mut Rng, mean: f64) -> u64 {
    let floor = libm::exp(-mean);
    let (mut product, mut count) = (1.0 - rng.uniform(), 0);
    while product > floor {
        product *= 1.0 - rng.uniform();
        count += 1;
    }
    count
}

/// Poisson of mean 10 and more at a cost that does not depend on it (Hörmann 1993, algorithm PTRS).
fn poisson_rejection(rng: &mut Rng, mean: f64) -> u64 {
    let b = 0.931 + 2.53 * mean.sqrt();
    let a = -0.059 + 0.024_83 * b;
    let squeeze = 0.927_7 - 3.622_4 / (b - 2.0);
    loop {
        let u = rng.uniform() - 0.5;
        let v = rng.uniform();
        let edge = 0.5 - u.abs();
        let k = ((2.0 * a / edge + b) * u + mean + 0.43).floor();
        if edge >= 0.07 && v <= squeeze {
            return k as u64;
        }
        if k < 0.0 || (edge < 0.013 && v > edge) {
            continue;
        }
        let inverse_alpha = 1.123_9 + 1.132_8 / (b - 3.4);
        if libm::log(v * inverse_alpha / (a / (edge * edge) + b))
            <= k * libm::log(mean) - mean - libm::lgamma(k + 1.0)
        {
            return k as u64;
        }
    }
}

/// A gamma number of shape `a` > 0 and scale 1 (Marsaglia and Tsang 2000; below shape 1 by their power of a
/// uniform). For a shape of 0 or less: 0.
pub fn gamma(rng: &mut Rng, a: f64) -> f64 {
    if a.is_nan() || a <= 0.0 {
        return 0.0;
    }
    if a < 1.0 {
        let power = libm::pow(1.0 - rng.uniform(), 1.0 / a);
        return power * gamma(rng, a + 1.0);
    }
    let d = a - 1.0 / 3.0;
    let c = 1.0 / (9.0 * d).sqrt();
    loop {
        let x = normal(rng);
        let v = 1.0 + c * x;
        if v <= 0.0 {
            continue;
        }
        let v = v * v * v;
        let u = 1.0 - rng.uniform();
        // The squeeze decides almost always, and never otherwise than the logarithms would.
        let x2 = x * x;
        if u < 1.0 - 0.033_1 * x2 * x2 || libm::log(u) < 0.5 * x2 + d - d * v + d * libm::log(v) {
            return d * v;
        }
    }
}

/// A beta number, shapes `a`, `b` > 0, not both far below 1 (both gammas would be 0).
pub fn beta(rng: &mut Rng, a: f64, b: f64) -> f64 {
    let x = gamma(rng, a);
    let y = gamma(rng, b);
    x / (x + y)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ground::Streams;

    #[test]
    fn binomial_has_its_mean_and_variance() {
        for (n, p) in [(10u64, 0.3), (1_000, 0.01), (100_000, 0.2), (1_000_000, 0.9), (5_000_000, 1e-5)] {
            let mut rng = Streams::new(3).stream("binomial");
            let runs = 4_000;
            let (mut sum, mut sq) = (0.0, 0.0);
            for _ in 0..runs {
                let x = binomial(&mut rng, n, p) as f64;
                sum += x;
                sq += x * x;
            }
            let mean = sum / f64::from(runs);
            let var = sq / f64::from(runs) - mean * mean;
            let (m, v) = (n as f64 * p, n as f64 * p * (1.0 - p));
            assert!((mean - m).abs() < 4.0 * (v / f64::from(runs)).sqrt(), "mean {mean} of {m}");
            assert!((var / v - 1.0).abs() < 0.12, "variance {var} of {v}");
        }
    }

    #[test]
    fn binomial_has_its_law() {
        let mut rng = Streams::new(5).stream("law");
        let (n, p, runs) = (60u64, 0.5, 50_000);
        let mut counts = vec![0f64; 61];
        for _ in 0..runs {
            counts[binomial(&mut rng, n, p) as usize] += 1.0;
        }
        let mut prob = vec![0f64; 61];
        prob[0] = libm::pow(0.5, 60.0);
        for k in 1..=60usize {
            prob[k] = prob[k - 1] * (61 - k) as f64 / k as f64;
        }
        let chi2: f64 = (18..=42)
            .map(|k| {
                (counts[k] - f64::from(runs) * prob[k]) * (counts[k] - f64::from(runs) * prob[k])
                    / (f64::from(runs) * prob[k])
            })
            .sum();
        // 25 cells; 52.6 is passed with probability 0.1 %.
        assert!(chi2 < 52.6, "{chi2}");
    }

    /// Chi-square of `draws` against a cumulative law in cells of equal width; cells that expect fewer than 20 are
    /// joined to the next one. Gives the sum and its degrees of freedom.
    fn chi_square(draws: &[f64], edges: &[f64], cumulative: impl Fn(f64) -> f64) -> (f64, f64) {
        let n = draws.len() as f64;
        let (mut sum, mut cells, mut low, mut below) = (0.0, 0.0, f64::NEG_INFINITY, 0.0);
        let mut add = |low: f64, high: f64, p: f64| {
            let seen = draws.iter().filter(|&&x| x > low && x <= high).count() as f64;
            sum += (seen - n * p) * (seen - n * p) / (n * p);
            cells += 1.0;
        };
        for &edge in edges {
            let at = cumulative(edge);
            if n * (at - below) >= 20.0 && n * (1.0 - at) >= 20.0 {
                add(low, edge, at - below);
                (low, below) = (edge, at);
            }
        }
        add(low, f64::INFINITY, 1.0 - below);
        (sum, cells - 1.0)
    }

    /// The chi-square that is passed with probability 0.1 % (Wilson and Hilferty 1931).
    fn limit(freedom: f64) -> f64 {
        let c = 2.0 / (9.0 * freedom);
        let root = 1.0 - c + 3.09 * c.sqrt();
        freedom * root * root * root
    }

    #[test]
    fn poisson_has_its_law() {
        // 10 is the door between the two samplers.
        for mean in [0.01, 0.7, 5.0, 9.99, 10.0, 33.0, 400.0] {
            let mut rng = Streams::new(11).stream("poisson");
            let draws: Vec<f64> = (0..40_000).map(|_| poisson(&mut rng, mean) as f64).collect();
            let mut cumulative = vec![libm::exp(-mean)];
            let mut term = cumulative[0];
            for k in 1..800 {
                term *= mean / f64::from(k);
                cumulative.push(cumulative[cumulative.len() - 1] + term);
            }
            let edges: Vec<f64> = (0..800).map(f64::from).collect();
            let (chi2, freedom) = chi_square(&draws, &edges, |x| cumulative[x as usize]);
            assert!(chi2 < limit(freedom), "mean {mean}: {chi2} with {freedom}");
        }
    }

    #[test]
    fn large_poisson_numbers_have_their_mean_and_variance() {
        for mean in [1e5, 3e6, 1e9, 1e13] {
            let mut rng = Streams::new(12).stream("poisson");
            let runs = 4_000;
            let (mut sum, mut sq) = (0.0, 0.0);
            for _ in 0..runs {
                let z = (poisson(&mut rng, mean) as f64 - mean) / mean.sqrt();
                sum += z;
                sq += z * z;
            }
            let (m, v) = (sum / f64::from(runs), sq / f64::from(runs));
            assert!(m.abs() < 4.0 / f64::from(runs).sqrt(), "mean {mean}: off by {m} sigma");
            assert!((v - 1.0).abs() < 0.1, "mean {mean}: variance {v}");
        }
        let mut rng = Streams::new(12).stream("none");
        assert_eq!([0.0, -1.0, f64::NAN].map(|m| poisson(&mut rng, m)), [0, 0, 0]);
    }

    /// Regularised lower incomplete gamma function by its series (Abramowitz and Stegun 1964, 6.5.29).
    fn gamma_cumulative(a: f64, x: f64) -> f64 {
        let (mut term, mut sum, mut n) = (1.0 / a, 1.0 / a, a);
        while term > 1e-16 * sum {
            n += 1.0;
            term *= x / n;
            sum += term;
        }
        sum * libm::exp(a * libm::log(x) - x - libm::lgamma(a))
    }

    #[test]
    fn gamma_has_its_law_above_and_below_shape_one() {
        for a in [0.2, 0.8, 1.0, 1.27, 4.9, 60.0] {
            let mut rng = Streams::new(13).stream("gamma");
            let draws: Vec<f64> = (0..40_000).map(|_| gamma(&mut rng, a)).collect();
            let step = 0.1 * a.sqrt();
            let edges: Vec<f64> = (1..400).map(|i| f64::from(i) * step).collect();
            let (chi2, freedom) = chi_square(&draws, &edges, |x| gamma_cumulative(a, x));
            assert!(chi2 < limit(freedom), "shape {a}: {chi2} with {freedom}");
        }
    }

    #[test]
    fn a_pair_of_normals_is_normal_and_uncorrelated() {
        let mut rng = Streams::new(14).stream("pair");
        let runs = 50_000;
        let (mut cross, mut draws) = (0.0, Vec::new());
        for _ in 0..runs {
            let (x, y) = normal_pair(&mut rng);
            cross += x * y;
            draws.extend([x, y]);
        }
        let edges: Vec<f64> = (-30..=30).map(|i| f64::from(i) * 0.1).collect();
        let half = std::f64::consts::FRAC_1_SQRT_2;
        let (chi2, freedom) = chi_square(&draws, &edges, |x| 0.5 * libm::erfc(-x * half));
        assert!(chi2 < limit(freedom), "{chi2} with {freedom}");
        assert!((cross / f64::from(runs)).abs() < 4.0 / f64::from(runs).sqrt());
    }
}
