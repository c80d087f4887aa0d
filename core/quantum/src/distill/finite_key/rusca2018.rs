//! One decoy: Rusca, Boaron, Grünenfelder, Martin and Zbinden, "Finite-key analysis for the 1-decoy state QKD protocol",
//! Appl. Phys. Lett. 112, 171104 (2018).
//!
//! Without a vacuum decoy the vacuum events are bounded from above by the errors they would have made, half of them. The
//! errors in the key basis are known once they are corrected.

use super::statistics::{Events, KeyLength, Statistics};

/// What the bound starts from. Index: intensity (signal, decoy).
#[derive(Clone, Debug, PartialEq)]
pub struct Observed {
    /// Mean photon numbers, the first above the second, the second above 0.
    pub mu: [f64; 2],
    /// Their probabilities.
    pub p: [f64; 2],
    /// Detections in the key basis X at both ends.
    pub n_x: [f64; 2],
    /// Errors among `n_x`.
    pub m_x: [f64; 2],
    /// Detections in the check basis Z at both ends.
    pub n_z: [f64; 2],
    /// Errors among `n_z`.
    pub m_z: [f64; 2],
    /// Bits disclosed for error correction.
    pub leak_bits: f64,
    /// Secrecy: the key differs from an ideal one by at most this.
    pub eps_sec: f64,
    /// Correctness: the keys differ with at most this probability.
    pub eps_cor: f64,
}

/// How a proof splits the secrecy. What one calls a constant belongs to its proof: they are not to be mixed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Constants {
    /// Rusca et al. (2018): 19 parts, 6 log2(19 / eps_sec) bits off the key.
    Rusca2018,
    /// Wiesemann, Krause, Tupkary, Lütkenhaus, Rusca and Walenta, "A consolidated and accessible security proof for
    /// finite-size decoy-state quantum key distribution", arXiv:2405.16578 (2024), with the statistics taken after error
    /// correction: 15 parts, 4 log2(15 / (eps_sec 2^(1/4))) bits off the key.
    Wiesemann2024,
}

/// The length of the key. Where the block shows no single photons, or a phase error rate of one half, `length` is
/// negative.
#[must_use]
pub fn key_length(o: &Observed, constants: Constants) -> KeyLength {
    let (parts, secrecy_bits) = match constants {
        Constants::Rusca2018 => (19.0, 6.0 * libm::log2(19.0 / o.eps_sec)),
        Constants::Wiesemann2024 => (15.0, 4.0 * libm::log2(15.0 / o.eps_sec) - 1.0),
    };
    let statistics = Statistics::finite(parts, secrecy_bits, o.eps_sec, o.eps_cor);
    // n± = (e^k / p_k) (n_k ± delta(n)), over the total.
    let bound = |counts: &[f64; 2], k: usize, sign: f64| {
        let delta = statistics.deviation(counts[0] + counts[1]);
        (libm::exp(o.mu[k]) / o.p[k] * (counts[k] + sign * delta)).max(0.0)
    };
    // tau_n, the probability of n photons, for n = 0 and 1.
    let tau_0: f64 = (0..2).map(|k| o.p[k] * libm::exp(-o.mu[k])).sum();
    let tau_1: f64 = (0..2).map(|k| o.p[k] * libm::exp(-o.mu[k]) * o.mu[k]).sum();
    let [m1, m2] = o.mu;
    let vacuum = |n: &[f64; 2]| {
        let least = tau_0 / (m1 - m2) * (m1 * bound(n, 1, -1.0) - m2 * bound(n, 0, 1.0));
        least.max(0.0)
    };
    // Vacuum errs half the time, and either intensity may say how often.
    let most_vacuum = |n: &[f64; 2], m: &[f64; 2]| {
        let errors = tau_0 * bound(m, 0, 1.0).min(bound(m, 1, 1.0));
        2.0 * (errors + statistics.deviation(n[0] + n[1]))
    };
    let single = |n: &[f64; 2], m: &[f64; 2]| {
        let squares = m1 * m1 - m2 * m2;
        let inner = bound(n, 1, -1.0)
            - m2 * m2 / (m1 * m1) * bound(n, 0, 1.0)
            - squares / (m1 * m1) * most_vacuum(n, m) / tau_0;
        tau_1 * m1 / (m2 * (m1 - m2)) * inner
    };
    let events = Events {
        s_x0: vacuum(&o.n_x),
        s_x1: single(&o.n_x, &o.m_x),
        s_z1: single(&o.n_z, &o.m_z),
        v_z1: (tau_1 * (bound(&o.m_z, 0, 1.0) - bound(&o.m_z, 1, -1.0)) / (m1 - m2)).max(0.0),
    };
    statistics.key_length(&events, o.leak_bits)
}
