//! How long a key a finite block gives: Lim, Curty, Walenta, Xu and Zbinden, "Concise security bounds for practical
//! decoy-state quantum key distribution", PRA 89, 022307 (2014), two decoys.

use serde::Serialize;

/// What the bound starts from. Index: intensity (signal, weak, vacuum).
#[derive(Clone, Debug, PartialEq)]
pub struct Observed {
    /// Mean photon numbers.
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

/// The bound, step by step.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct KeyLength {
    /// Vacuum events in X, at least (eq. 2).
    pub s_x0: f64,
    /// Single-photon events in X, at least (eq. 3).
    pub s_x1: f64,
    /// Single-photon events in Z, at least.
    pub s_z1: f64,
    /// Errors among them, at most (eq. 4).
    pub v_z1: f64,
    /// Phase error rate of the single photons in X, at most (eq. 5).
    pub phi: f64,
    /// Length of the key in bits (eq. 1), not floored; not positive means no key.
    pub length: f64,
}

/// Binary entropy, bits.
#[must_use]
pub fn entropy(x: f64) -> f64 {
    if x <= 0.0 || x >= 1.0 { 0.0 } else { -x * libm::log2(x) - (1.0 - x) * libm::log2(1.0 - x) }
}

/// The length of the key. Where the block shows no single photons, or a phase error rate of one half, `length` is
/// negative.
#[must_use]
pub fn key_length(o: &Observed) -> KeyLength {
    let ln = libm::log(21.0 / o.eps_sec);
    // n± = (e^k / p_k) (n_k ± sqrt(n/2 ln(21/eps))), Hoeffding over the total.
    let bound = |counts: &[f64; 3], k: usize, sign: f64| {
        let total: f64 = counts.iter().sum();
        let x = libm::exp(o.mu[k]) / o.p[k] * (counts[k] + sign * (total / 2.0 * ln).sqrt());
        x.max(0.0)
    };
    // tau_n, the probability of n photons, for n = 0 and 1.
    let tau_0: f64 = (0..3).map(|k| o.p[k] * libm::exp(-o.mu[k])).sum();
    let tau_1: f64 = (0..3).map(|k| o.p[k] * libm::exp(-o.mu[k]) * o.mu[k]).sum();
    let [m1, m2, m3] = o.mu;
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
    let none = |phi| KeyLength { s_x0, s_x1, s_z1, v_z1, phi, length: -1.0 };
    if s_x1 <= 0.0 || s_z1 <= 0.0 || v_z1 >= s_z1 / 2.0 {
        return none(0.5);
    }
    let rate = v_z1 / s_z1;
    let phi = rate + gamma(o.eps_sec, rate, s_z1, s_x1);
    if phi >= 0.5 {
        return none(0.5);
    }
    let length = s_x0 + s_x1 * (1.0 - entropy(phi))
        - o.leak_bits
        - 6.0 * libm::log2(21.0 / o.eps_sec)
        - libm::log2(2.0 / o.eps_cor);
    KeyLength { s_x0, s_x1, s_z1, v_z1, phi, length }
}

/// gamma(a, b, c, d) of eq. 5; 0 where no error was seen at all is replaced by one error in `c`.
fn gamma(eps: f64, rate: f64, c: f64, d: f64) -> f64 {
    let b = rate.max(1.0 / c);
    let x = (c + d) / (c * d * (1.0 - b) * b) * 21.0 * 21.0 / (eps * eps);
    ((c + d) * (1.0 - b) * b / (c * d * std::f64::consts::LN_2) * libm::log2(x)).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Link {
        mu: [f64; 3],
        p: [f64; 3],
        p_x: f64,
        eta: f64,
        pulses: f64,
        y0: f64,
        ed: f64,
    }

    /// Expected counts, Q = 1 - (1 - Y0) e^(-eta k), E = (Y0/2 + ed (Q - Y0)) / Q, and f = 1.16.
    fn expected(l: &Link) -> Observed {
        let q = l.mu.map(|k| 1.0 - (1.0 - l.y0) * libm::exp(-l.eta * k));
        let e = q.map(|q| (l.y0 / 2.0 + l.ed * (q - l.y0)) / q);
        let n = |basis: f64| std::array::from_fn(|k| l.pulses * l.p[k] * basis * basis * q[k]);
        let (n_x, n_z): ([f64; 3], [f64; 3]) = (n(l.p_x), n(1.0 - l.p_x));
        let total: f64 = n_x.iter().sum();
        let errors: f64 = n_x.iter().zip(e).map(|(n, e)| n * e).sum();
        Observed {
            mu: l.mu,
            p: l.p,
            n_x,
            n_z,
            m_z: std::array::from_fn(|k| n_z[k] * e[k]),
            leak_bits: 1.16 * total * entropy(errors / total),
            eps_sec: 1e-10,
            eps_cor: 1e-15,
        }
    }

    /// Two independent programs (Finite-key-Decoy-state-QKD with its missing leak term added, and our own in
    /// Python) give these figures.
    #[test]
    fn lengths_are_those_of_independent_programs() {
        let a = Link {
            mu: [0.5, 0.1, 0.0],
            p: [0.7, 0.2, 0.1],
            p_x: 0.9,
            eta: 1e-2,
            pulses: 1e11,
            y0: 1e-6,
            ed: 0.01,
        };
        let b = Link {
            mu: [0.6, 0.2, 2e-4],
            p: [0.6, 0.25, 0.15],
            p_x: 0.7,
            eta: 0.1,
            pulses: 1e9,
            y0: 1e-5,
            ed: 0.02,
        };
        let golden = [
            (a, [178_141_301.488, 1_921_886.621, 35_611.693, 0.019_440_567, 28_333_161.154, 125_173_084.241]),
            (b, [10_524_665.858, 1_849_802.292, 58_290.972, 0.032_804_274, 3_223_398.032, 5_109_062.936]),
        ];
        for (link, [s_x1, s_z1, v_z1, phi, leak, length]) in golden {
            let observed = expected(&link);
            let k = key_length(&observed);
            for (ours, theirs) in [
                (k.s_x1, s_x1),
                (k.s_z1, s_z1),
                (k.v_z1, v_z1),
                (observed.leak_bits, leak),
                (k.length, length),
            ] {
                assert!((ours - theirs).abs() < 6e-4, "{ours} of {theirs}");
            }
            assert!((k.phi - phi).abs() < 6e-10, "{} of {phi}", k.phi);
        }
    }
}
