//! What the decoy bounds have in common: what deviates by chance, and how the events make a key.

use super::entropy::entropy;
use serde::{Deserialize, Serialize};

/// A bound, step by step. X is the key basis, Z the check basis.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct KeyLength {
    /// Vacuum events in X, at least.
    pub s_x0: f64,
    /// Single-photon events in X, at least; not positive where the block shows none.
    pub s_x1: f64,
    /// Single-photon events in Z, at least.
    pub s_z1: f64,
    /// Errors among them, at most.
    pub v_z1: f64,
    /// Phase error rate of the single photons in X, at most; 1/2 where it may be more.
    pub phi: f64,
    /// Bits disclosed for error correction.
    pub leak: f64,
    /// Length of the key in bits, not floored; not positive means no key.
    pub length: f64,
}

/// What the finiteness of a block costs in a bound of this family.
pub(super) struct Statistics {
    /// Into how many parts of equal failure probability the secrecy is split.
    parts: f64,
    eps_sec: f64,
    /// ln(parts / eps_sec); 0 for an endless block.
    ln: f64,
    /// What secrecy and correctness take off the key, bits.
    tail: [f64; 2],
}

/// What was bounded of single photons and vacuum.
pub(super) struct Events {
    pub s_x0: f64,
    pub s_x1: f64,
    pub s_z1: f64,
    pub v_z1: f64,
}

impl Statistics {
    /// Nothing deviates and nothing may fail.
    pub const ENDLESS: Self = Self { parts: 1.0, eps_sec: 1.0, ln: 0.0, tail: [0.0; 2] };

    /// `secrecy_bits` is what the proof takes off for secrecy.
    pub fn finite(parts: f64, secrecy_bits: f64, eps_sec: f64, eps_cor: f64) -> Self {
        let tail = [secrecy_bits, libm::log2(2.0 / eps_cor)];
        Self { parts, eps_sec, ln: libm::log(parts / eps_sec), tail }
    }

    /// By how much a count among `total` may deviate from its expectation: sqrt(n/2 ln(parts/eps)) (Hoeffding 1963).
    pub fn deviation(&self, total: f64) -> f64 {
        (total / 2.0 * self.ln).sqrt()
    }

    /// gamma(a, b, c, d) of Lim et al. (2014, eq. 5): by how much the error rate of `d` events may exceed that of `c`
    /// others, `rate`. Where no error was seen at all, one in `c` is taken. Not a number, and so no key, where samples are
    /// so large that the formula holds no more: its factor before the exponential alone is below eps.
    fn gamma(&self, rate: f64, c: f64, d: f64) -> f64 {
        if self.ln == 0.0 {
            return 0.0;
        }
        let b = rate.max(1.0 / c);
        let parts = self.parts;
        let x = (c + d) / (c * d * (1.0 - b) * b) * parts * parts / (self.eps_sec * self.eps_sec);
        ((c + d) * (1.0 - b) * b / (c * d * std::f64::consts::LN_2) * libm::log2(x)).sqrt()
    }

    /// From the events to the key. Where they show no single photons, or a phase error rate of one half, or are not
    /// finite numbers, `length` is negative.
    pub fn key_length(&self, events: &Events, leak: f64) -> KeyLength {
        let &Events { s_x0, s_x1, s_z1, v_z1 } = events;
        let none = KeyLength { s_x0, s_x1, s_z1, v_z1, phi: 0.5, leak, length: -1.0 };
        let rate = v_z1 / s_z1;
        if !(s_x1 > 0.0 && s_z1 > 0.0 && rate < 0.5) {
            return none;
        }
        let phi = rate + self.gamma(rate, s_z1, s_x1);
        let length = s_x0 + s_x1 * (1.0 - entropy(phi)) - leak - self.tail[0] - self.tail[1];
        if phi < 0.5 && length.is_finite() { KeyLength { phi, length, ..none } } else { none }
    }
}
