//! Links and programs that were published with what it takes to compute them, beside what the law of a pulse gives for
//! their parameters. Each stands in `tests/data` with what was read of its source.

use crate::link::params::{Detector, Receiver, Source};
use crate::link::{Channel, Conditions, Params};
use crate::sim::Scenario;
use crate::studies::rates::{F_EC, Rates};
use crate::studies::{Agreement, Claim, budget};
use std::ops::RangeInclusive;

/// A link known by its loss.
struct Known {
    /// Signal, weak decoy, vacuum.
    mu: [f64; 3],
    rate_hz: f64,
    gate_ns: f64,
    /// Probability of a detection without light, both detectors.
    y0: f64,
    misalignment: f64,
    efficiency: f64,
}

impl Known {
    /// What it gives at a loss in dB, the detectors not counted: nearly all pulses signal and nearly all in one basis,
    /// so that what is said of those is said of all.
    fn at(&self, loss_db: f64, f_ec: f64) -> Rates {
        // Two detectors alike make y0 = 1 - (1 - p)².
        let dark_counts_hz = -libm::log1p(-self.y0) / 2.0 / (self.gate_ns * 1e-9);
        let params = Params {
            p_x: 0.99,
            source: Source {
                pulse_rate_hz: self.rate_hz,
                mu: self.mu,
                mu_probability: [0.998, 0.001, 0.001],
                ..Source::default()
            },
            receiver: Receiver { misalignment: self.misalignment, ..Receiver::default() },
            detector: Detector {
                efficiency: self.efficiency,
                dark_counts_hz,
                gate_ns: self.gate_ns,
                dead_time_ns: 0.0,
                ..Detector::default()
            },
            ..Params::default()
        };
        let dark = Conditions { sky_radiance: 0.0, ..Conditions::default() };
        // Any distance: the loss takes its place.
        Rates::new(&params, &Channel::new(&params, 300.0, &dark).of_loss(&params, loss_db), f_ec)
    }
}

fn db(transmittance: f64) -> f64 {
    -10.0 * libm::log10(transmittance)
}

/// All that is compared.
pub(super) fn claims() -> Vec<Claim> {
    let mut claims =
        vec![linear(), peer(0.0, 0.043_081_357_6), peer(10.0, 0.004_205_636_1), peer(20.0, 0.000_369_470_4)];
    claims.extend(los_alamos(0.2, 5_400.0, 0.078));
    claims.extend(los_alamos(0.35, 12_200.0, 0.041));
    claims.extend(los_alamos(0.5, 17_000.0, 0.041));
    claims.push(la_palma());
    claims.push(vienna());
    claims.push(daylight(
        "García-Martínez et al., Appl. Opt. 52, 3311 (2013)",
        "secret key over 300 m in Madrid by full daylight, 850 nm, gigahertz clock",
        "0.5 Mbit/s in the mean, 1 Mbit/s at best",
        (300.0, 850.0, 1e9),
        0.5e6..=1e6,
        "Two states (B92), of which a quarter of what arrives makes a bit, where decoys in two bases keep 49 % here.",
    ));
    claims.push(daylight(
        "Avesani et al., npj Quantum Inf. 7, 93 (2021)",
        "secret key over 145 m in Padua by full daylight, 1550 nm",
        "30 kbit/s in the mean",
        (145.0, 1_550.0, 50e6),
        15e3..=60e3,
        "Three states and one decoy, coupled into a single-mode fibre. The clock of 50 MHz is from memory.",
    ));
    claims
}

/// A link of which distance, wavelength and clock are told: what the telescopes, detectors and protocol of this program
/// would give there at noon in clear air.
fn daylight(
    source: &str,
    what: &str,
    paper: &str,
    (range_m, wavelength_nm, pulse_rate_hz): (f64, f64, f64),
    found_bps: RangeInclusive<f64>,
    protocol: &str,
) -> Claim {
    let mut params = Params { block_pulses: 10 * pulse_rate_hz as u64, ..Params::default() };
    params.source.pulse_rate_hz = pulse_rate_hz;
    params.transmitter.wavelength_nm = wavelength_nm;
    let noon = budget::conditions(&Scenario::warwick(), 12.0, 20.0, 0.0);
    let rates = Rates::new(&params, &Channel::new(&params, range_m, &noon), F_EC);
    Claim {
        source: source.into(),
        what: what.into(),
        paper: paper.into(),
        ours: format!("{:.2} Mbit/s, errors {:.1} %", rates.skr_finite_bps / 1e6, 100.0 * rates.qber),
        agrees: Agreement::of(found_bps.contains(&rates.skr_finite_bps)),
        why: format!(
            "{protocol} Neither its loss nor photons a pulse, detectors, noise or block were found: telescopes, detectors \
             and two decoys are this program's own, in blocks of ten seconds. What such a link could give here."
        ),
    }
}

/// The standard detector of TNO's program at a mean of half a photon.
fn tno() -> Known {
    let drift = libm::sin(0.122_782_758_757_646);
    Known {
        mu: [0.5, 0.1, 0.0],
        rate_hz: 1e7,
        gate_ns: 5.0,
        // A dark count in 100 000 gates, in each of two detectors.
        y0: 1.0 - (1.0 - 1e-5) * (1.0 - 1e-5),
        misalignment: drift * drift,
        efficiency: 0.2,
    }
}

/// Lo, Ma and Chen (2005): with decoys the rate falls as the transmittance, without as its square.
fn linear() -> Claim {
    let rate = |loss_db| tno().at(loss_db, 1.0).signal_bits.max(1e-300);
    let power = libm::log10(rate(5.0) / rate(10.0)) / 0.5;
    Claim {
        source: "Lo, Ma and Chen, PRL 94, 230504 (2005)".into(),
        what: "how the key rate with decoys falls with the transmittance".into(),
        paper: "in proportion: power 1, without decoys 2".into(),
        ours: format!("power {power:.3} from 5 to 10 dB"),
        agrees: Agreement::of((power - 1.0).abs() < 0.05),
        why: "Vacuum and weak decoy, detectors of the next comparison.".into(),
    }
}

fn peer(loss_db: f64, theirs: f64) -> Claim {
    let ours = tno().at(loss_db, 1.0).signal_bits_endless.unwrap_or(f64::NAN);
    Claim {
        source: "tno.quantum.communication.qkd_key_rate 2.0.4, after Attema, Bosman and Neumann (2021)".into(),
        what: format!("key rate with endless decoys at {loss_db} dB, 0.5 photons a pulse"),
        paper: format!("{theirs:.4e} bit a pulse"),
        ours: format!("{ours:.4e} bit a pulse"),
        agrees: Agreement::of((ours / theirs - 1.0).abs() < 0.01),
        why: "Its standard detector: efficiency 20 %, 1e-5 dark counts a gate, photons of which 1.5 % go the wrong \
              way; reconciliation at the Shannon limit. Within 1 % counts as the same."
            .into(),
    }
}

/// Buttler et al. (2000), B92 by daylight: of the photons that arrive a quarter make a bit.
fn los_alamos(mu: f64, sifted_bps: f64, qber: f64) -> [Claim; 2] {
    let link = Known {
        mu: [mu, mu / 4.0, 0.0],
        rate_hz: 1e6,
        gate_ns: 5.0,
        y0: 6.7e-4,
        misalignment: 0.019,
        efficiency: 1.0,
    };
    let [calm, mean, rough] = [0.17, 0.13, 0.09].map(|system| link.at(db(0.25 * system), 1.0).light[0]);
    let bits = |seen: super::super::rates::Seen| seen.gain_x * link.rate_hz;
    let claim = |what: &str, paper: String, ours: String, between: bool| {
        Claim {
        source: "Buttler et al., PRL 84, 5652 (2000)".into(),
        what: format!("{what} over 1.6 km by daylight, {mu} photons a pulse"),
        paper,
        ours,
        agrees: Agreement::of(between),
        why: "B92: a quarter of what arrives makes a bit, no secret key to compare. System efficiency 13 % with a \
              standard deviation of 4 % in the day's turbulence; within one of it counts as the same."
            .into(),
    }
    };
    [
        claim(
            "sifted bits",
            format!("{:.1} kbit/s", sifted_bps / 1e3),
            format!("{:.1} ({:.1} to {:.1}) kbit/s", bits(mean) / 1e3, bits(rough) / 1e3, bits(calm) / 1e3),
            (bits(rough)..=bits(calm)).contains(&sifted_bps),
        ),
        claim(
            "error rate",
            format!("{:.1} %", 100.0 * qber),
            format!(
                "{:.1} ({:.1} to {:.1}) %",
                100.0 * mean.error_x,
                100.0 * calm.error_x,
                100.0 * rough.error_x
            ),
            (calm.error_x..=rough.error_x).contains(&qber),
        ),
    ]
}

/// Schmitt-Manderbach (2007), run 1 over 144 km: no rooftop link, but decoys over free space with loss and noise told.
fn la_palma() -> Claim {
    let link = Known {
        mu: [0.39, 0.27, 0.0],
        rate_hz: 1e7,
        gate_ns: 5.1,
        y0: 1e-5,
        misalignment: 0.01,
        efficiency: 1.0,
    };
    // The pulses of 0.27 photons made their key; the stronger ones were the decoys.
    let [low, mean, high] = [34.5, 35.0, 35.5].map(|loss_db| link.at(loss_db, 1.17).light[1].error_x);
    Claim {
        source: "Schmitt-Manderbach, dissertation, LMU Munich (2007), table 6.1, run 1".into(),
        what: "error rate of BB84 with decoys over 144 km by night".into(),
        paper: "5.85 % at 35 dB".into(),
        ours: format!("{:.1} ({:.1} to {:.1}) %", 100.0 * mean, 100.0 * low, 100.0 * high),
        agrees: Agreement::of((low..=high).contains(&0.0585)),
        why: "The loss is told in whole dB, detectors included. The mean of 0.27 photons is assumed: it is that of the \
              campaign's letter, PRL 98, 010504 (2007)."
            .into(),
    }
}

/// The last mile of SECOQC in Vienna: a best rate, and little of what it takes to compute it.
fn vienna() -> Claim {
    let link = Known {
        mu: [0.27, 0.05, 0.0],
        rate_hz: 1e7,
        gate_ns: 5.1,
        y0: 1e-5,
        misalignment: 0.01,
        efficiency: 1.0,
    };
    // Two bases alike: half of the detections are sifted, and each basis makes key.
    let bps = 0.5 * link.rate_hz * link.at(10.0, 1.17).signal_bits;
    Claim {
        source: "secoqc.net, last mile: Vienna, 80 m (2008)".into(),
        what: "secret key of BB84 with decoys at about 10 dB overall, 10 MHz".into(),
        paper: "20 kbit/s at best".into(),
        ours: format!("{:.0} kbit/s", bps / 1e3),
        agrees: Agreement::of((bps / 20e3 - 1.0).abs() < 0.5),
        why: "Little is told of it: neither photons a pulse nor noise, dead times or the block's length. Assumed are \
              the group's figures over 144 km with 0.27 photons, the 10 dB with the detectors in them, half of the \
              detections sifted, an endless block and no dead time: what such a link could give, not what was built."
            .into(),
    }
}
