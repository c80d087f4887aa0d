//! What an endless block would give: key rates of BB84 with laser pulses, decoys or a single-photon source. A finite
//! block ([`super::finite_key`]) comes below these, and no protocol without repeaters above [`plob_bits`].
//!
//! Rates are secret bits per pulse sent, may be negative (then there is no key), and start from gains and error rates
//! as observed, so that a counted block and [`Channel`] serve alike.

use super::finite_key::entropy;

/// Error rate of what no photon made: a coin (Ma, Qi, Zhao and Lo 2005, eq. 9).
const E_0: f64 = 0.5;

/// What the pulses of one mean photon number showed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Light {
    /// Mean photon number per pulse, 0 or more.
    pub mean_photons: f64,
    /// Probability that a pulse makes a detection, 0 to 1 (Q).
    pub gain: f64,
    /// Error rate among its sifted bits, 0 to 1 (E).
    pub error: f64,
}

/// What vacuum and single-photon pulses did, known or bounded.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Yields {
    /// Probability that a vacuum pulse makes a detection, at least. Such bits are secret (Lo, Quantum Inf. Comput. 5,
    /// 413, 2005); 0 leaves them out, as Ma, Qi, Zhao and Lo (2005) do.
    pub vacuum: f64,
    /// Probability that a single-photon pulse makes a detection, at least.
    pub single: f64,
    /// Error rate of those, at most.
    pub single_error: f64,
}

/// What is lost on the way from detections to key.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Post {
    /// Fraction of detections that sifting keeps: 1/2 for two equally likely bases, towards 1 for an efficient choice of
    /// basis (Lo, Chau and Ardehali 2005).
    pub sifted: f64,
    /// Bits disclosed by reconciliation over the Shannon limit h(E), 1 or more.
    pub f_ec: f64,
}

/// A lossy channel with two threshold detectors, as Ma, Qi, Zhao and Lo (2005, eqs. 5 to 11) model it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Channel {
    /// Probability that a photon sent is detected, 0 to 1.
    pub eta: f64,
    /// Probability of a detection without light, dark counts and background of both detectors, 0 to 1.
    pub y0: f64,
    /// Probability that a detected photon makes the wrong detector click, 0 to 1/2.
    pub e_d: f64,
}

/// A source that aims at one photon a pulse. What its second-order correlation leaves open is taken at its worst: as
/// many pairs as it allows, nothing above pairs.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SinglePhotonSource {
    /// Mean photon number per pulse after all losses inside the transmitter, 0 to 1.
    pub mean_photons: f64,
    /// Second-order correlation at zero delay, g2(0); 0 is an ideal source.
    pub g2: f64,
}

/// Where a rate is highest; where none is positive, there is no key at any strength of the signal.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Optimum {
    /// Mean photon number of the signal.
    pub mean_photons: f64,
    /// Secret bits per pulse there.
    pub rate: f64,
}

impl Channel {
    /// Gain and error rate of laser pulses, whose photon number is Poisson distributed: Q = 1 - (1 - Y0) e^(-eta mu),
    /// E Q = e0 Y0 + e_d (1 - e^(-eta mu)) (Ma, Qi, Zhao and Lo 2005, eqs. 10 and 11; where light and background coincide, Q counts once).
    #[must_use]
    pub fn laser(&self, mean_photons: f64) -> Light {
        let seen = -libm::expm1(-self.eta * mean_photons);
        self.light(mean_photons, seen)
    }

    /// Gain and error rate of a single-photon source.
    #[must_use]
    pub fn single_photons(&self, source: &SinglePhotonSource) -> Light {
        let two = source.multi_photon();
        let one = (source.mean_photons - 2.0 * two).max(0.0);
        self.light(source.mean_photons, one * self.eta + two * self.eta * (2.0 - self.eta))
    }

    /// What endless decoys would find: Y1 = Y0 + eta - Y0 eta, e1 Y1 = e0 Y0 + e_d eta (Ma, Qi, Zhao and Lo 2005,
    /// eqs. 7 and 9).
    #[must_use]
    pub fn yields(&self) -> Yields {
        let Light { gain, error, .. } = self.light(1.0, self.eta);
        Yields { vacuum: self.y0, single: gain, single_error: error }
    }

    /// Of a pulse of which some photon is seen with probability `seen`.
    fn light(&self, mean_photons: f64, seen: f64) -> Light {
        let gain = seen + self.y0 * (1.0 - seen);
        let error = if gain > 0.0 { ((E_0 * self.y0 + self.e_d * seen) / gain).min(E_0) } else { E_0 };
        Light { mean_photons, gain, error }
    }

    /// The mean photon number at which endless decoys give most ([`decoy_rate`]).
    #[must_use]
    pub fn best_decoy(&self, post: &Post) -> Optimum {
        let yields = self.yields();
        maximum(|mu| decoy_rate(&self.laser(mu), &yields, post), 1e-3, 2.0)
    }

    /// The signal's mean photon number at which vacuum and one weak decoy give most ([`vacuum_weak`]). The decoy's own
    /// is given: without statistical fluctuations a weaker one is always better (Ma, Qi, Zhao and Lo 2005, sec. 3.4),
    /// so that its optimum is 0.
    #[must_use]
    pub fn best_vacuum_weak(&self, weak_photons: f64, post: &Post) -> Optimum {
        let weak = self.laser(weak_photons);
        let rate = |mu| {
            let signal = self.laser(mu);
            let yields = vacuum_weak(&signal, &weak, self.y0);
            yields.map_or(f64::NEG_INFINITY, |yields| decoy_rate(&signal, &yields, post))
        };
        maximum(rate, weak_photons + 1e-3, 2.0)
    }

    /// The mean photon number at which a laser without decoys gives most ([`tagged_rate`]); it is about `eta`, and the
    /// rate falls with its square.
    #[must_use]
    pub fn best_without_decoys(&self, post: &Post) -> Optimum {
        let rate = |mu| tagged_rate(&self.laser(mu), poisson_multi(mu), post);
        let scale = self.eta.max(1e-9);
        maximum(rate, 1e-3 * scale, 4.0 * scale)
    }
}

impl SinglePhotonSource {
    /// Probability of two photons or more, at most: as g2 = sum n(n-1) p_n / mu^2, it is g2 mu^2 / 2 (Waks, Santori and
    /// Yamamoto, PRA 66, 042315, 2002).
    #[must_use]
    pub fn multi_photon(&self) -> f64 {
        self.g2 * self.mean_photons * self.mean_photons / 2.0
    }
}

/// Probability that a laser pulse holds two photons or more: 1 - (1 + mu) e^-mu.
#[must_use]
pub fn poisson_multi(mean_photons: f64) -> f64 {
    -libm::expm1(-mean_photons) - mean_photons * libm::exp(-mean_photons)
}

/// Key rate with decoys: R = q { Q0 + Q1 [1 - h(e1)] - f Q h(E) } (Gottesman, Lo, Lütkenhaus and Preskill 2004 as Lo, Ma
/// and Chen, PRL 94, 230504, 2005, eq. 11, take it; Q0 by Lo 2005). Q0 = Y0 e^-mu, Q1 = Y1 mu e^-mu.
///
/// With the true [`Yields`] it is what endless decoys give, with [`vacuum_weak`] what two do.
#[must_use]
pub fn decoy_rate(signal: &Light, yields: &Yields, post: &Post) -> f64 {
    post.sifted * (decoy_secret(signal.mean_photons, yields) - disclosed(signal, post.f_ec))
}

/// The first part of [`decoy_rate`]: secret bits per pulse of this mean photon number before reconciliation's are taken
/// off, Q0 + Q1 [1 - h(e1)], every basis sifted. Where decoys make key too, each intensity has its own.
#[must_use]
pub fn decoy_secret(mean_photons: f64, yields: &Yields) -> f64 {
    let none = libm::exp(-mean_photons);
    none * (yields.vacuum + mean_photons * yields.single * (1.0 - entropy(yields.single_error.min(0.5))))
}

/// What a vacuum and a weak decoy say of single photons (Ma, Qi, Zhao and Lo, PRA 72, 012326, 2005, eqs. 34 and 37):
/// Y1 at least, e1 at most. `vacuum_gain` is the gain of the vacuum decoy. Nothing where the signal is no stronger than
/// the decoy, the decoy is vacuum too, no single photons are shown, or the weak decoy erred less often than the vacuum
/// in it would alone, which no channel does.
#[must_use]
pub fn vacuum_weak(signal: &Light, weak: &Light, vacuum_gain: f64) -> Option<Yields> {
    let (mu, nu) = (signal.mean_photons, weak.mean_photons);
    if nu <= 0.0 || mu <= nu {
        return None;
    }
    let weak_gain = weak.gain * libm::exp(nu);
    let ratio = nu * nu / (mu * mu);
    let single = mu / (mu * nu - nu * nu)
        * (weak_gain - ratio * signal.gain * libm::exp(mu) - (1.0 - ratio) * vacuum_gain);
    let errors = weak_gain * weak.error - E_0 * vacuum_gain;
    if single <= 0.0 || errors < 0.0 {
        return None;
    }
    Some(Yields { vacuum: vacuum_gain, single, single_error: (errors / (single * nu)).min(0.5) })
}

/// What two decoys say of single photons where the weaker need not be vacuum (Ma, Qi, Zhao and Lo, PRA 72, 012326,
/// 2005, eqs. 18, 21 and 25), Y0 and Y1 at least, e1 at most: what the bound of [`super::finite_key`] becomes for an
/// endless block. Nothing where the intensities are not signal > stronger + weaker and stronger > weaker, or no single
/// photons are shown.
#[must_use]
pub fn two_decoys(signal: &Light, stronger: &Light, weaker: &Light) -> Option<Yields> {
    let (mu, n1, n2) = (signal.mean_photons, stronger.mean_photons, weaker.mean_photons);
    if n2 < 0.0 || n1 <= n2 || mu <= n1 + n2 {
        return None;
    }
    let weighed = |light: &Light| light.gain * libm::exp(light.mean_photons);
    let vacuum = ((n1 * weighed(weaker) - n2 * weighed(stronger)) / (n1 - n2)).max(0.0);
    let squares = n1 * n1 - n2 * n2;
    let single = mu / (mu * (n1 - n2) - squares)
        * (weighed(stronger) - weighed(weaker) - squares / (mu * mu) * (weighed(signal) - vacuum));
    if single <= 0.0 {
        return None;
    }
    let errors = (weighed(stronger) * stronger.error - weighed(weaker) * weaker.error).max(0.0);
    Some(Yields { vacuum, single, single_error: (errors / ((n1 - n2) * single)).min(0.5) })
}

/// Key rate without decoys: R = q Q { (1 - Δ) [1 - h(E / (1 - Δ))] - f h(E) } (Gottesman, Lo, Lütkenhaus and Preskill,
/// Quantum Inf. Comput. 4, 325, 2004). `multi_photon` is the probability that a pulse sent holds more than one
/// photon, at most ([`poisson_multi`], [`SinglePhotonSource::multi_photon`]); each such pulse is taken as detected and
/// read by the eavesdropper, Δ = `multi_photon` / Q, and each error as one of the others.
#[must_use]
pub fn tagged_rate(signal: &Light, multi_photon: f64, post: &Post) -> f64 {
    post.sifted * (tagged_secret(signal.gain, signal.error, multi_photon) - disclosed(signal, post.f_ec))
}

/// The first part of [`tagged_rate`]: secret bits per pulse before reconciliation's are taken off. `gain` is that of the
/// key basis, `error` the error rate of the basis that checks it.
#[must_use]
pub fn tagged_secret(gain: f64, error: f64, multi_photon: f64) -> f64 {
    let untagged = gain - multi_photon;
    let errors = gain * error;
    if untagged <= 2.0 * errors { 0.0 } else { untagged * (1.0 - entropy(errors / untagged)) }
}

/// Key rate of a source that never sends more than one photon: R = q Q [1 - h(E) - f h(E)] (Shor and Preskill, PRL 85,
/// 441, 2000); 0 at an error rate of 11.0 % where f is 1.
#[must_use]
pub fn single_photon_rate(signal: &Light, post: &Post) -> f64 {
    tagged_rate(signal, 0.0, post)
}

/// The most that any protocol without a repeater can give, secret bits per mode of a channel that loses all but `eta`:
/// -log2(1 - eta) (Pirandola, Laurenza, Ottaviani and Banchi, Nat. Commun. 8, 15043, 2017: the lossy channel).
#[must_use]
pub fn plob_bits(eta: f64) -> f64 {
    -libm::log1p(-eta) / std::f64::consts::LN_2
}

/// Bits per pulse that reconciliation discloses, `f_ec` times the Shannon limit: f Q h(E).
#[must_use]
pub fn disclosed(signal: &Light, f_ec: f64) -> f64 {
    f_ec * signal.gain * entropy(signal.error)
}

/// The highest rate between `low` and `high`, both above 0. A rate may fall below zero before it rises, so that a golden
/// section alone could miss its peak: a coarse scan finds the neighbourhood first. What matters scales with Y0 / eta, so
/// the scan goes in ratios.
fn maximum(rate: impl Fn(f64) -> f64, low: f64, high: f64) -> Optimum {
    const STEPS: u32 = 64;
    const GOLDEN: f64 = 0.618_033_988_749_894_9;
    let at = |i: u32| low * libm::pow(high / low, f64::from(i) / f64::from(STEPS));
    let point = |mean_photons| Optimum { mean_photons, rate: rate(mean_photons) };
    let better = |x: Optimum, y: Optimum| if y.rate > x.rate { y } else { x };
    let (peak, scanned) = (1..=STEPS).fold((0, point(low)), |best, i| {
        let next = point(at(i));
        if next.rate > best.1.rate { (i, next) } else { best }
    });
    let (mut a, mut b) = (at(peak.saturating_sub(1)), at((peak + 1).min(STEPS)));
    // Each step leaves 62 %; 60 are past what a double can tell apart around a flat top.
    for _ in 0..60 {
        let (c, d) = (b - GOLDEN * (b - a), a + GOLDEN * (b - a));
        if rate(c) >= rate(d) { b = d } else { a = c }
    }
    better(scanned, point((a + b) / 2.0))
}

#[cfg(test)]
#[path = "asymptotic_tests.rs"]
mod tests;
