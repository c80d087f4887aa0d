//! What an eavesdropper does to the pulses: each attack turns the light that left the sender into other light, and
//! leaves the signature that theory gives.

use super::photon::PhotonNumber;
use crate::link::params::{ParamError, within};
use serde::{Deserialize, Serialize};

/// The basis in which an eavesdropper measures.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EveBasis {
    /// One of both, at random for each pulse.
    #[default]
    Random,
    /// Always the key basis X: no error there, one half in Z.
    X,
    /// Always the check basis Z.
    Z,
    /// Half-way between the two (Bennett, Bessette, Brassard, Salvail and Smolin 1992).
    Breidbart,
}

/// An attack on one link. `fraction` is from 0 to 1.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Attack {
    /// A fraction of the pulses is measured, photon by photon, and sent on as found: at full measure 25 % of the
    /// bits are wrong (Bennett et al. 1992).
    InterceptResend {
        /// Share of pulses.
        fraction: f64,
        /// How she measures.
        #[serde(default)]
        basis: EveBasis,
    },
    /// Of a fraction of the pulses she counts the photons; where there are two or more she keeps one and hands the
    /// others to the receiver without loss, and she blocks as many single photons as it takes for the signal's
    /// gain to look as it did (Brassard, Lütkenhaus, Mor and Sanders 2000). No bit is wrong; the decoys' yields
    /// are out of line.
    PhotonNumberSplitting {
        /// Share of pulses.
        fraction: f64,
    },
    /// She takes a fraction of the light with a beam splitter: the link has more loss, and nothing else is seen.
    BeamSplitting {
        /// Share of the light.
        fraction: f64,
    },
    /// She shines into the receiver: noise.
    Jamming {
        /// Clicks a second that her light makes in all detectors together, 0 to 10⁹.
        counts_hz: f64,
    },
}

impl Attack {
    /// Checks the attack's measure.
    ///
    /// # Errors
    /// [`ParamError`] that names the field.
    pub fn check(&self) -> Result<(), ParamError> {
        match *self {
            Self::InterceptResend { fraction, .. }
            | Self::PhotonNumberSplitting { fraction }
            | Self::BeamSplitting { fraction } => within("fraction", fraction, 0.0, 1.0),
            Self::Jamming { counts_hz } => within("counts_hz", counts_hz, 0.0, 1e9),
        }
    }
}

/// A share of the pulses as they reach the receiver.
#[derive(Clone, Debug)]
pub(super) struct Light {
    /// Share of the pulses.
    pub share: f64,
    /// Photons of a pulse.
    pub number: PhotonNumber,
    /// Probability that a photon is detected.
    pub eta: f64,
    /// Probability that a photon measured in the sender's basis (X, Z) shows the other bit, the receiver's own
    /// misalignment included.
    pub wrong: [f64; 2],
    /// Probability that a photon measured in the other basis shows the other bit: one half, but for an eavesdropper
    /// who measures between the two.
    pub across: f64,
}

/// What the receiver gets of pulses of one intensity.
///
/// `eta` is the whole path's, `eta_receiver` that of a photon handed to the receiver, and `imitate` the
/// transmittance that a splitting eavesdropper gives herself the look of.
pub(super) fn light(
    attack: Option<&Attack>,
    number: &PhotonNumber,
    signal: &PhotonNumber,
    eta: f64,
    eta_receiver: f64,
    imitate: f64,
    misalignment: f64,
) -> Vec<Light> {
    let turned = |by: f64| by * (1.0 - misalignment) + (1.0 - by) * misalignment;
    let of = |share: f64, wrong: [f64; 2]| Light { share, number: number.clone(), eta, wrong, across: 0.5 };
    let straight = [misalignment; 2];
    match attack {
        None | Some(Attack::Jamming { .. }) => vec![of(1.0, straight)],
        Some(Attack::BeamSplitting { fraction }) => {
            vec![Light { eta: eta * (1.0 - fraction), ..of(1.0, straight) }]
        }
        Some(Attack::InterceptResend { fraction, basis }) => {
            let (in_x, in_z) = ([misalignment, turned(0.5)], [turned(0.5), misalignment]);
            let mut parts = vec![of(1.0 - fraction, straight)];
            match basis {
                EveBasis::Random => parts.extend([of(fraction / 2.0, in_x), of(fraction / 2.0, in_z)]),
                EveBasis::X => parts.push(of(*fraction, in_x)),
                EveBasis::Z => parts.push(of(*fraction, in_z)),
                // Right with cos²(22.5°), both for her and after her: 2 cos² sin² = 1/4.
                EveBasis::Breidbart => {
                    parts.push(Light { across: turned(0.25), ..of(*fraction, [turned(0.25); 2]) });
                }
            }
            parts
        }
        Some(Attack::PhotonNumberSplitting { fraction }) => {
            let (single, multi) = passed(signal, eta_receiver, imitate);
            let kept = split(&number.table(), single, multi);
            let taken = Light {
                share: *fraction,
                number: PhotonNumber::Table(kept),
                eta: eta_receiver,
                wrong: straight,
                across: 0.5,
            };
            vec![of(1.0 - fraction, straight), taken]
        }
    }
}

/// The photon numbers that a splitting eavesdropper hands on: the shares of single photons and of what is left of
/// more that she lets pass.
fn split<const N: usize>(table: &[f64; N], single: f64, multi: f64) -> [f64; N] {
    let mut handed = [0.0; N];
    for (n, p) in table.iter().enumerate() {
        match n {
            0 => handed[0] += p,
            1 => {
                handed[1] += p * single;
                handed[0] += p * (1.0 - single);
            }
            _ => {
                handed[n - 1] += p * multi;
                handed[0] += p * (1.0 - multi);
            }
        }
    }
    handed
}

/// Shares of single and of multi-photon pulses that she lets pass so that the signal's gain is that of a path of
/// transmittance `imitate`: as few single photons as she can, for of these she learns nothing.
pub(super) fn passed(signal: &PhotonNumber, eta_receiver: f64, imitate: f64) -> (f64, f64) {
    let wanted = 1.0 - signal.unseen(imitate);
    let table = signal.table();
    let gain = |single, multi| 1.0 - PhotonNumber::Table(split(&table, single, multi)).unseen(eta_receiver);
    let (multi_only, all) = (gain(0.0, 1.0), gain(1.0, 1.0));
    if multi_only >= wanted {
        (0.0, if multi_only > 0.0 { wanted / multi_only } else { 1.0 })
    } else if all > multi_only {
        (((wanted - multi_only) / (all - multi_only)).min(1.0), 1.0)
    } else {
        (1.0, 1.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_splitting_eavesdropper_keeps_the_signals_gain_where_she_can() {
        let signal = PhotonNumber::Poisson(0.6);
        for (receiver, imitate) in [(0.25, 0.2), (0.25, 0.05), (0.25, 0.005), (0.5, 0.001)] {
            let (single, multi) = passed(&signal, receiver, imitate);
            let handed = PhotonNumber::Table(split(&signal.table(), single, multi));
            let (got, wanted) = (1.0 - handed.unseen(receiver), 1.0 - signal.unseen(imitate));
            assert!((got / wanted - 1.0).abs() < 1e-9, "{receiver} {imitate}: {got} {wanted}");
            assert!((0.0..=1.0).contains(&single) && (0.0..=1.0).contains(&multi));
        }
    }

    #[test]
    fn a_measure_out_of_range_is_named() {
        let error = Attack::BeamSplitting { fraction: f64::NAN }.check().unwrap_err();
        assert_eq!((error.field.as_str(), error.value.as_str()), ("fraction", "NaN"));
        assert!(Attack::Jamming { counts_hz: f64::INFINITY }.check().is_err());
    }
}
