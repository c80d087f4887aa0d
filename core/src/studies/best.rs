//! What to send over a given channel for the most secret key: intensities, their probabilities, and how often each basis
//! is taken.

use super::rates::Rates;
use crate::distill;
use crate::distill::asymptotic;
use crate::distill::finite_key::{Block, Bound, Choice, Coincidence};
use crate::link::params::{INTENSITIES, Source, SourceKind};
use crate::link::{Channel, Params};
use serde::{Deserialize, Serialize};

/// Probabilities and photon numbers are given in this many parts of one.
const PARTS: f64 = 1e4;

/// What to send, as the fields of [`Params`] and of its source are called. What is no choice of the source's kind stays as
/// it was.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Advice {
    /// Probability of the key basis X at both ends.
    pub p_x: f64,
    /// Mean photon numbers of weak coherent pulses.
    pub mu: [f64; INTENSITIES],
    /// Their probabilities.
    pub mu_probability: [f64; INTENSITIES],
    /// Mean photons of a pulse of the single-photon source.
    pub brightness: f64,
    /// Secret bits a second of blocks of the link's length, as its parameters are.
    pub now_bps: f64,
    /// The same as proposed.
    pub best_bps: f64,
}

impl Advice {
    /// `params` as proposed.
    #[must_use]
    pub fn applied(&self, params: &Params) -> Params {
        let mut changed = params.clone();
        changed.p_x = self.p_x;
        let source = &mut changed.source;
        (source.mu, source.mu_probability, source.brightness) =
            (self.mu, self.mu_probability, self.brightness);
        changed
    }
}

/// What a link of `params` should send over `channel`, its blocks, detectors and receiver as they are, where reconciliation
/// discloses `f_ec` times the Shannon limit (1 to 3). The source's kind stays, and so does the weakest intensity of
/// three, which is what a modulator lets through. Nothing where no choice gives a key, or none a longer one.
#[must_use]
pub fn best(params: &Params, rules: &distill::Params, channel: &Channel, f_ec: f64) -> Option<Advice> {
    let now = Rates::new(params, channel, f_ec);
    // The channel as its clicks show it: dead time is loss, afterpulses are errors.
    let seen = now.light.first().filter(|seen| seen.gain_x > 0.0)?;
    let noise = 1.0 - channel.noise_per_gate[0];
    let y0 = (1.0 - noise * noise) * now.live_share;
    let signal = seen.gain_x - y0;
    let eta = -libm::log1p(-(signal / (1.0 - y0)).clamp(0.0, 1.0 - 1e-9)) / seen.mean_photons;
    let e_d = (seen.error_x * seen.gain_x - y0 / 2.0) / signal;
    let block = Block {
        bound: match params.source.kind {
            SourceKind::Decoy => Bound::Lim2014,
            SourceKind::SinglePhoton => Bound::Tomamichel2012 { g2: params.source.g2 },
            SourceKind::Ideal => Bound::Tomamichel2012 { g2: 0.0 },
        },
        channel: asymptotic::Channel { eta: eta.clamp(0.0, 1.0), y0, e_d: e_d.clamp(0.0, 0.5) },
        coincidence: Coincidence::Coin,
        pulses: params.block_pulses as f64,
        f_ec,
        eps_sec: rules.eps_sec,
        eps_cor: rules.eps_cor,
    };
    let choice = block.best(params.source.mu[2]).ok()??.choice;
    let mut advice = proposed(params, &choice);
    advice.now_bps = now.skr_finite_bps;
    advice.best_bps = Rates::new(&advice.applied(params), channel, f_ec).skr_finite_bps;
    (advice.best_bps > advice.now_bps).then_some(advice)
}

/// A choice in round numbers within what [`Params::check`] allows; the probabilities are 1 together.
fn proposed(params: &Params, choice: &Choice) -> Advice {
    let round = |x: f64| libm::round(x * PARTS) / PARTS;
    let Source { mut mu, mut mu_probability, mut brightness, kind, .. } = params.source;
    match (kind, &choice.mu[..], &choice.p[..]) {
        (SourceKind::Decoy, [mu1, mu2, mu3], [_, p2, p3]) => {
            let (p2, p3) = (round(p2.max(0.001)), round(p3.max(0.001)));
            mu = [round(*mu1), round(*mu2), *mu3];
            mu_probability = [round(1.0 - p2 - p3), p2, p3];
        }
        (SourceKind::SinglePhoton, [best], _) => brightness = round(best.max(1e-4)),
        _ => {}
    }
    let p_x = round(choice.p_x).clamp(0.05, 0.99);
    Advice { p_x, mu, mu_probability, brightness, now_bps: 0.0, best_bps: 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::link::Conditions;
    use crate::studies::rates::F_EC;

    #[test]
    fn the_best_choice_is_allowed_and_no_small_change_of_it_is_better() {
        for kind in [SourceKind::Decoy, SourceKind::SinglePhoton, SourceKind::Ideal] {
            for range_m in [212.0, 700.0] {
                let mut params = Params { block_pulses: 40_000_000, ..Params::default() };
                params.source.kind = kind;
                let channel = Channel::new(&params, range_m, &Conditions::default());
                let advice = best(&params, &distill::Params::default(), &channel, F_EC).unwrap();
                advice.applied(&params).check().unwrap();
                let rate =
                    |advice: &Advice| Rates::new(&advice.applied(&params), &channel, F_EC).skr_finite_bps;
                assert_eq!(rate(&advice), advice.best_bps);
                assert!(advice.best_bps > advice.now_bps);
                for factor in [0.9, 1.0 / 0.9] {
                    let [mu1, mu2, mu3] = advice.mu;
                    for other in [
                        Advice { p_x: (advice.p_x * factor).min(0.99), ..advice },
                        Advice { mu: [mu1 * factor, mu2, mu3], ..advice },
                        Advice { mu: [mu1, mu2 * factor, mu3], ..advice },
                        Advice { brightness: (advice.brightness * factor).min(1.0), ..advice },
                    ] {
                        assert!(rate(&other) < 1.01 * advice.best_bps, "{kind:?}, {range_m} m: {other:?}");
                    }
                }
            }
        }
    }

    #[test]
    fn where_nothing_helps_nothing_is_proposed() {
        let params = Params::default();
        let rules = distill::Params::default();
        let dark = Channel::new(&params, 212.0, &Conditions { blocked: true, ..Conditions::default() });
        assert_eq!(best(&params, &rules, &dark, F_EC), None);
        let far = Channel::new(&params, 300.0, &Conditions::default()).of_loss(&params, 70.0);
        assert_eq!(best(&params, &rules, &far, F_EC), None);
        // What is best already stays.
        let channel = Channel::new(&params, 212.0, &Conditions::default());
        let proposed = best(&params, &rules, &channel, F_EC).unwrap().applied(&params);
        let again = best(&proposed, &rules, &channel, F_EC);
        assert!(again.is_none_or(|a| a.best_bps < 1.01 * a.now_bps));
    }
}
