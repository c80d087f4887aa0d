//! What a link gives in the long run: how often its detectors click, how many of the bits are wrong, and how much secret
//! key is left of an endless block and of one as long as the protocol's.
//!
//! One block mixes all fades, so everything is taken at the mean transmittance: gains are linear in it but for the
//! share of pulses of which two photons arrive.

use crate::distill::asymptotic::{
    Light, Post, Yields, decoy_rate, decoy_secret, disclosed, plob_bits, tagged_secret, two_decoys,
};
use crate::distill::auth::PAIR_BITS;
use crate::distill::finite_key::entropy;
use crate::distill::party::VERIFY_BITS;
use crate::distill::sift::Counts;
use crate::distill::{self, Statistics};
use crate::ground::secret::KEY_BYTES;
use crate::link::params::{INTENSITIES, SourceKind};
use crate::link::{Channel, Law, Params};
use serde::Serialize;

/// Bits that reconciliation discloses over the Shannon limit, as Lim et al. (2014, sec. IV) take it; Cascade here comes
/// to 1.1 to 1.2.
pub const F_EC: f64 = 1.16;

/// What pulses of one intensity showed where both ends had chosen the same basis.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Seen {
    /// Mean photon number.
    pub mean_photons: f64,
    /// Its share of the pulses, 0 to 1.
    pub probability: f64,
    /// Probability of a detection in the key basis X, dead time included, 0 to 1.
    pub gain_x: f64,
    /// Error rate of those, 0 to 1.
    pub error_x: f64,
    /// The same in the check basis Z.
    pub gain_z: f64,
    /// Error rate of those, 0 to 1.
    pub error_z: f64,
}

/// What a link gives.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Rates {
    /// By intensity, strongest first.
    pub light: Vec<Seen>,
    /// Share of the gates in which the detectors listen: not within the dead time of a click (a renewal process), 0 to 1.
    pub live_share: f64,
    /// Clicks a second of all detectors.
    pub clicks_hz: f64,
    /// Bits a second with both ends in the key basis.
    pub sifted_bps: f64,
    /// Error rate of those, 0 to 1.
    pub qber: f64,
    /// Error rate in the check basis, 0 to 1.
    pub qber_check: f64,
    /// Secret bits a second of an endless block, at the protocol's own choice of bases.
    pub skr_asymptotic_bps: f64,
    /// Secret bits a second of blocks of the protocol's length with the expected counts, the pads of the next block's
    /// tags taken off; 0 where a block does not give a key.
    pub skr_finite_bps: f64,
    /// Length of such a block, seconds.
    pub block_s: f64,
    /// Secret bits per signal pulse with both ends in the key basis, of an endless block; negative means no key. What
    /// papers call the rate per pulse.
    pub signal_bits: f64,
    /// The same with endless decoys; none where the source has none.
    pub signal_bits_endless: Option<f64>,
    /// The most that any protocol without a repeater gives over this transmittance, detectors included (Pirandola et
    /// al. 2017), bits a second.
    pub plob_bps: f64,
}

/// What is seen in one basis.
struct Basis {
    lights: [Light; INTENSITIES],
    all: Light,
}

impl Basis {
    fn new(params: &Params, law: &Law, live_share: f64, z: bool) -> Self {
        let p_basis = if z { 1.0 - params.p_x } else { params.p_x };
        let shares = params.source.intensities();
        let lights = std::array::from_fn(|k| {
            let (gain, errors) = law.of_intensity(params, k, z);
            let error = if gain > 0.0 { errors / gain } else { 0.5 };
            Light { mean_photons: shares[k].0, gain: gain / (p_basis * p_basis) * live_share, error }
        });
        let sum = |f: &dyn Fn(&Light) -> f64| -> f64 {
            lights.iter().zip(shares).map(|(light, (_, p))| p * f(light)).sum()
        };
        let gain = sum(&|l| l.gain);
        let error = if gain > 0.0 { sum(&|l| l.gain * l.error) / gain } else { 0.5 };
        Self { lights, all: Light { mean_photons: params.source.mean_photons(), gain, error } }
    }
}

impl Rates {
    /// What a link of `params` gives over `channel` where reconciliation discloses `f_ec` times the Shannon limit, 1 or
    /// more. Endless blocks: two decoys (Ma, Qi, Zhao and Lo 2005) with key made of all intensities, tagged pairs
    /// (Gottesman, Lo, Lütkenhaus and Preskill 2004), or neither. Finite blocks: Lim et al. (2014) or [`distill::single_photon`].
    #[must_use]
    pub fn new(params: &Params, channel: &Channel, f_ec: f64) -> Self {
        let drift_rad = mean_drift_rad(params.receiver.drift_deg);
        let pure = |params: &Params| Law::new(params, channel, channel.mean_collected, drift_rad);
        let afterpulses = pure(params).afterpulse_share(params);
        let law_of = |params: &Params| pure(params).with_afterpulses(afterpulses);
        let law = law_of(params);
        let live_share = 1.0 / (1.0 + law.gain() * params.blind_gates() as f64);
        let [x, z] = [false, true].map(|z| Basis::new(params, &law, live_share, z));
        let p_xx = params.p_x * params.p_x;
        let rate_hz = params.source.pulse_rate_hz;
        let shares = params.source.intensities();
        let statistics = Statistics::new(params);
        let rules = distill::Params::default();

        let (secret, signal_bits, signal_bits_endless) = if params.source.kind == SourceKind::Decoy {
            let post = Post { sifted: 1.0, f_ec };
            let bounds = |basis: &Basis| two_decoys(&basis.lights[0], &basis.lights[1], &basis.lights[2]);
            let yields =
                bounds(&x).zip(bounds(&z)).map(|(x, z)| Yields { single_error: z.single_error, ..x });
            let secret = |y: Yields| -> f64 { shares.iter().map(|(mu, p)| p * decoy_secret(*mu, &y)).sum() };
            let truth = true_yields(params, &law_of, live_share);
            let no_key = -disclosed(&x.lights[0], f_ec);
            (
                yields.map_or(0.0, secret),
                yields.map_or(no_key, |y| decoy_rate(&x.lights[0], &y, &post)),
                Some(decoy_rate(&x.lights[0], &truth, &post)),
            )
        } else {
            let secret = tagged_secret(x.all.gain, z.all.error, statistics.multi_photon());
            (secret, secret - disclosed(&x.all, f_ec), None)
        };
        let allowed = x.all.error.max(z.all.error) <= rules.qber_limit;
        let per_pulse = if allowed { (p_xx * (secret - disclosed(&x.all, f_ec))).max(0.0) } else { 0.0 };
        let block_s = params.block_pulses as f64 / rate_hz;
        let bits = if allowed { finite_bits(params, &statistics, &rules, [&x, &z], f_ec) } else { 0.0 };

        let light = (0..INTENSITIES).filter(|k| shares[*k].1 > 0.0).map(|k| Seen {
            mean_photons: shares[k].0,
            probability: shares[k].1,
            gain_x: x.lights[k].gain,
            error_x: x.lights[k].error,
            gain_z: z.lights[k].gain,
            error_z: z.lights[k].error,
        });
        Self {
            light: light.collect(),
            live_share,
            clicks_hz: law.gain() * live_share * rate_hz,
            sifted_bps: p_xx * x.all.gain * rate_hz,
            qber: x.all.error,
            qber_check: z.all.error,
            skr_asymptotic_bps: per_pulse * rate_hz,
            skr_finite_bps: bits / block_s,
            block_s,
            signal_bits,
            signal_bits_endless,
            plob_bps: plob_bits(channel.eta(channel.mean_collected)) * rate_hz,
        }
    }
}

/// Turn of the polarisation frames that sends as many photons the wrong way as their drift does in the mean, radians:
/// sin² of a normal angle of standard deviation s is (1 - e^(-2 s²)) / 2.
fn mean_drift_rad(drift_deg: f64) -> f64 {
    let s = drift_deg.to_radians();
    libm::asin((-libm::expm1(-2.0 * s * s) / 2.0).sqrt())
}

/// What endless decoys would find: pulses of one photon and of none over the same channel.
fn true_yields(params: &Params, law_of: &dyn Fn(&Params) -> Law, live_share: f64) -> Yields {
    let mut ideal = params.clone();
    ideal.source.kind = SourceKind::Ideal;
    let law = law_of(&ideal);
    let [x, z] = [false, true].map(|z| Basis::new(&ideal, &law, live_share, z).all);
    let mut dark = params.clone();
    dark.source.mu[2] = 0.0;
    let vacuum = Basis::new(&dark, &law_of(&dark), live_share, false).lights[2].gain;
    Yields { vacuum, single: x.gain, single_error: z.error }
}

/// Secret bits of one block with the expected counts, the pads taken off; 0 where the parties would drop it.
fn finite_bits(
    params: &Params,
    statistics: &Statistics,
    rules: &distill::Params,
    [x, z]: [&Basis; 2],
    f_ec: f64,
) -> f64 {
    let pulses = params.block_pulses as f64;
    let both = statistics.both().map(|p| pulses * p);
    let shares = params.source.intensities();
    let leak_bits = f_ec * both[0] * x.all.gain * entropy(x.all.error) + VERIFY_BITS as f64;
    let counts = Counts {
        n_x: std::array::from_fn(|k| both[0] * shares[k].1 * x.lights[k].gain),
        n_z: std::array::from_fn(|k| both[1] * shares[k].1 * z.lights[k].gain),
        m_z: std::array::from_fn(|k| both[1] * shares[k].1 * z.lights[k].gain * z.lights[k].error),
    };
    let kept = statistics.key_length(&counts, pulses, leak_bits, rules).length - PAIR_BITS as f64;
    if kept < 8.0 * KEY_BYTES as f64 { 0.0 } else { kept }
}

#[cfg(test)]
#[path = "rates_tests.rs"]
mod tests;
