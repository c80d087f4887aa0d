//! How long a key a finite block of a single-photon source gives: Tomamichel, Lim, Gisin and Renner, "Tight finite-key
//! analysis for quantum cryptography", Nat. Commun. 3, 634 (2012), theorem 2, on the pulses that held one photon at
//! most.
//!
//! Pulses of more photons are tagged (Gottesman, Lo, Lütkenhaus and Preskill 2004): each one sent is taken as detected
//! and read by the eavesdropper, and every error as one of the others. How many were sent is not known but for its
//! law; the bound on their number may fail, which is charged to the secrecy.

use super::finite_key::entropy;
use serde::Serialize;

/// What the bound starts from. X is the key basis, Z the check basis.
#[derive(Clone, Debug, PartialEq)]
pub struct Observed {
    /// Pulses sent in X for which the receiver chose X too, detected or not, and the same for Z: their expected number.
    pub pulses: [f64; 2],
    /// Probability that a pulse holds two photons or more, at most, 0 to 1.
    pub multi_photon: f64,
    /// Detections in X at both ends (n).
    pub n_x: f64,
    /// Detections in Z at both ends (k).
    pub n_z: f64,
    /// Errors among `n_z`.
    pub m_z: f64,
    /// Bits disclosed for error correction.
    pub leak_bits: f64,
    /// Secrecy: the key differs from an ideal one by at most this.
    pub eps_sec: f64,
    /// Correctness: the keys differ with at most this probability.
    pub eps_cor: f64,
}

/// The bound, step by step.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct KeyLength {
    /// Detections in X of one photon or none, at least.
    pub s_x: f64,
    /// Detections in Z of one photon or none, at least.
    pub s_z: f64,
    /// Their error rate in the key basis, had it been checked, at most.
    pub phi: f64,
    /// Length of the key in bits, not floored; not positive means no key.
    pub length: f64,
}

/// The length of the key, with the error tolerance set at what was seen. Where nothing is left untagged or the error
/// rate may be one half, `length` is negative.
///
/// Of `eps_sec` theorem 2 has all where no pulse holds two photons, else one half, and the bounds on the tagged pulses
/// in X and in Z a quarter each.
#[must_use]
pub fn key_length(o: &Observed) -> KeyLength {
    let tagged = o.multi_photon > 0.0;
    let (eps_key, eps_tag) = if tagged { (o.eps_sec / 2.0, o.eps_sec / 4.0) } else { (o.eps_sec, 0.0) };
    let most = |pulses| if tagged { at_most(pulses * o.multi_photon, eps_tag) } else { 0.0 };
    let (s_x, s_z) = (o.n_x - most(o.pulses[0]), o.n_z - most(o.pulses[1]));
    if s_x < 1.0 || s_z < 1.0 {
        return KeyLength { s_x: s_x.max(0.0), s_z: s_z.max(0.0), phi: 0.5, length: -1.0 };
    }
    let phi = o.m_z / s_z + deviation(s_x, s_z, eps_key);
    if phi >= 0.5 {
        return KeyLength { s_x, s_z, phi: 0.5, length: -1.0 };
    }
    let length = s_x * (1.0 - entropy(phi)) - o.leak_bits - libm::log2(2.0 / (eps_key * eps_key * o.eps_cor));
    KeyLength { s_x, s_z, phi, length }
}

/// By how much the error rate of `n` bits may exceed that of `k` others drawn at random among all:
/// sqrt((n + k) / (n k) (k + 1) / k ln(4 / eps)), from Serfling (1974); it is exceeded with a probability of (eps/4)² at
/// most.
fn deviation(n: f64, k: f64, eps: f64) -> f64 {
    ((n + k) / (n * k) * ((k + 1.0) / k) * libm::log(4.0 / eps)).sqrt()
}

/// What a binomial number of this mean exceeds with a probability of `eps` at most, by Bernstein's inequality
/// (Boucheron, Lugosi and Massart, "Concentration Inequalities", 2013, eq. 2.10): with L = ln(1/eps), mean + L/3 +
/// sqrt(L²/9 + 2 L mean).
fn at_most(mean: f64, eps: f64) -> f64 {
    let l = -libm::log(eps);
    mean + l / 3.0 + (l * l / 9.0 + 2.0 * l * mean).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn block(multi_photon: f64) -> Observed {
        Observed {
            pulses: [1e7, 1e6],
            multi_photon,
            n_x: 1e6,
            n_z: 1e5,
            m_z: 1e3,
            leak_bits: 1e5,
            eps_sec: 1e-9,
            eps_cor: 1e-15,
        }
    }

    /// The same formulas in Python's decimals of 50 digits: n = 10⁶, k = 10⁵, an error rate of 1 %.
    #[test]
    fn the_length_is_that_of_an_independent_program() {
        let k = key_length(&block(0.0));
        assert!((k.phi - 0.025_595_114_434_667).abs() < 1e-12, "{}", k.phi);
        assert!((k.length - 728_093.426_597_567).abs() < 1e-4, "{}", k.length);
        let k = key_length(&block(1e-3));
        assert!(
            (k.s_x - 989_327.614_719_185).abs() < 1e-6 && (k.s_z - 98_782.217_611_006).abs() < 1e-6,
            "{k:?}"
        );
        assert!((k.length - 716_858.325_661_631).abs() < 1e-4, "{}", k.length);
    }

    fn ln_choose(n: u32, k: u32) -> f64 {
        let ln = |n: u32| libm::lgamma(f64::from(n) + 1.0);
        ln(n) - ln(k) - ln(n - k)
    }

    proptest! {
        /// The exact law of sampling without replacement stays below Serfling's bound.
        #[test]
        fn no_sample_deviates_by_more(n in 20u32..300, k in 20u32..300, share in 0.0f64..0.5, eps in 0.01f64..0.9) {
            let wrong = (f64::from(n + k) * share) as u32;
            let more = deviation(f64::from(n), f64::from(k), eps);
            let p: f64 = (0..=wrong.min(k))
                .filter(|m| wrong - m <= n)
                .filter(|m| f64::from(wrong - m) / f64::from(n) >= f64::from(*m) / f64::from(k) + more)
                .map(|m| {
                    let ways = ln_choose(k, m) + ln_choose(n, wrong - m) - ln_choose(n + k, wrong);
                    libm::exp(ways)
                })
                .sum();
            prop_assert!(p <= eps * eps / 16.0 + 1e-12, "{p}");
        }

        /// The exact law of the number of tagged pulses stays below Bernstein's bound.
        #[test]
        fn no_more_pulses_are_tagged(n in 10u32..2_000, p in 0.0001f64..0.3, eps in 1e-9f64..0.5) {
            let most = at_most(f64::from(n) * p, eps);
            let (ln_p, ln_q) = (libm::log(p), libm::log1p(-p));
            let above: f64 = (0..=n)
                .filter(|m| f64::from(*m) > most)
                .map(|m| libm::exp(ln_choose(n, m) + f64::from(m) * ln_p + f64::from(n - m) * ln_q))
                .sum();
            prop_assert!(above <= eps, "{above}");
        }

        /// Errors, pairs and caution cost; an endless block comes to the rate of Gottesman et al.
        #[test]
        fn a_longer_block_comes_closer_to_an_endless_one(
            error in 0.0f64..0.08, multi in 0.0f64..0.02, scale in 1.0f64..1e3
        ) {
            let of = |scale: f64, error: f64, multi_photon: f64| {
                let o = block(multi_photon);
                let leak_bits = 1.1 * o.n_x * entropy(error) * scale;
                let pulses = o.pulses.map(|n| n * scale);
                let (n_x, n_z) = (o.n_x * scale, o.n_z * scale);
                (key_length(&Observed { pulses, n_x, n_z, m_z: n_z * error, leak_bits, ..o }).length / scale).max(0.0)
            };
            let (now, endless) = (of(scale, error, multi), of(1e12, error, multi));
            prop_assert!(now <= of(scale * 2.0, error, multi));
            prop_assert!(now >= of(scale, error, multi + 1e-3) && now >= of(scale, error + 1e-3, multi));
            let gain = 0.1;
            let per_pulse = super::super::asymptotic::tagged_secret(gain, error, multi)
                - 1.1 * gain * entropy(error);
            prop_assert!((endless / 1e7 - per_pulse.max(0.0)).abs() < 1e-4 * gain, "{endless} {per_pulse}");
        }
    }
}
