//! Exact samplers on `libm`, the same natively and in wasm.

use super::rng::Rng;

/// A standard normal number (Box and Muller 1958, the cosine branch).
pub fn normal(rng: &mut Rng) -> f64 {
    let u = 1.0 - rng.uniform();
    let v = rng.uniform();
    (-2.0 * libm::log(u)).sqrt() * libm::cos(std::f64::consts::TAU * v)
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

/// A gamma number of shape `a` >= 1 and scale 1 (Marsaglia and Tsang 2000).
pub fn gamma(rng: &mut Rng, a: f64) -> f64 {
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
        if libm::log(u) < 0.5 * x * x + d - d * v + d * libm::log(v) {
            return d * v;
        }
    }
}

/// A beta number, shapes `a`, `b` >= 1.
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
}
