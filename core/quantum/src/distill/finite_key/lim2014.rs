//! Two decoys: Lim, Curty, Walenta, Xu and Zbinden, "Concise security bounds for practical decoy-state quantum key
//! distribution", PRA 89, 022307 (2014).

use super::statistics::{Events, KeyLength, Statistics};

/// What the bound starts from. Index: intensity (signal, weak, vacuum).
#[derive(Clone, Debug, PartialEq)]
pub struct Observed {
    /// Mean photon numbers; the first is above the sum of the others, the second above the third.
    pub mu: [f64; 3],
    /// Their probabilities.
    pub p: [f64; 3],
    /// Detections in the key basis X at both ends.
    pub n_x: [f64; 3],
    /// Detections in the check basis Z at both ends.
    pub n_z: [f64; 3],
    /// Errors among `n_z`.
    pub m_z: [f64; 3],
    /// Bits disclosed for error correction.
    pub leak_bits: f64,
    /// Secrecy: the key differs from an ideal one by at most this.
    pub eps_sec: f64,
    /// Correctness: the keys differ with at most this probability.
    pub eps_cor: f64,
}

/// The length of the key (eq. 1). Where the block shows no single photons, or a phase error rate of one half, `length` is
/// negative.
#[must_use]
pub fn key_length(o: &Observed) -> KeyLength {
    let secrecy_bits = 6.0 * libm::log2(21.0 / o.eps_sec);
    bounded(o, &Statistics::finite(21.0, secrecy_bits, o.eps_sec, o.eps_cor))
}

/// The same block's key if it went on for ever: every count is its expectation, and secrecy and correctness cost nothing.
/// It is the rate of [`crate::distill::asymptotic::two_decoys`], each intensity making key.
#[must_use]
pub fn endless_key_length(o: &Observed) -> KeyLength {
    bounded(o, &Statistics::ENDLESS)
}

fn bounded(o: &Observed, statistics: &Statistics) -> KeyLength {
    // n± = (e^k / p_k) (n_k ± sqrt(n/2 ln(21/eps))), over the total.
    let bound = |counts: &[f64; 3], k: usize, sign: f64| {
        let total: f64 = counts.iter().sum();
        let x = libm::exp(o.mu[k]) / o.p[k] * (counts[k] + sign * statistics.deviation(total));
        x.max(0.0)
    };
    // tau_n, the probability of n photons, for n = 0 and 1.
    let tau_0: f64 = (0..3).map(|k| o.p[k] * libm::exp(-o.mu[k])).sum();
    let tau_1: f64 = (0..3).map(|k| o.p[k] * libm::exp(-o.mu[k]) * o.mu[k]).sum();
    let [m1, m2, m3] = o.mu;
    // Eqs. 2 to 4.
    let vacuum =
        |n: &[f64; 3]| (tau_0 * (m2 * bound(n, 2, -1.0) - m3 * bound(n, 1, 1.0)) / (m2 - m3)).max(0.0);
    let single = |n: &[f64; 3], s_0: f64| {
        let inner = bound(n, 1, -1.0)
            - bound(n, 2, 1.0)
            - (m2 * m2 - m3 * m3) / (m1 * m1) * (bound(n, 0, 1.0) - s_0 / tau_0);
        tau_1 * m1 * inner / (m1 * (m2 - m3) - m2 * m2 + m3 * m3)
    };
    let s_x0 = vacuum(&o.n_x);
    let s_x1 = single(&o.n_x, s_x0);
    let s_z1 = single(&o.n_z, vacuum(&o.n_z));
    let v_z1 = (tau_1 * (bound(&o.m_z, 1, 1.0) - bound(&o.m_z, 2, -1.0)) / (m2 - m3)).max(0.0);
    statistics.key_length(&Events { s_x0, s_x1, s_z1, v_z1 }, o.leak_bits)
}
