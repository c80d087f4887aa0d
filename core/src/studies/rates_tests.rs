use super::*;
use crate::distill::{Event, Rules, round};
use crate::ground::{BlockId, SimTime, Streams};
use crate::link::params::{BasisChoice, Detector, Receiver, Source};
use crate::link::sampler::{Drawer, Memory};
use crate::link::{Conditions, Detections};
use proptest::prelude::*;

fn link(params: &Params, range_m: f64, cn2_m23: f64) -> Channel {
    Channel::new(params, range_m, &Conditions { cn2_m23, ..Conditions::default() })
}

fn of_kind(kind: SourceKind) -> Params {
    Params { source: Source { kind, ..Source::default() }, ..Params::default() }
}

/// Secret bits of a block that both parties distil, pads taken off, its sifted bits and its error rate.
fn distilled(params: &Params, detections: Detections) -> (f64, f64, f64) {
    let rules = Rules::new(params, &distill::Params { reserve_pairs: 2, ..distill::Params::default() });
    let [mut alice, mut bob] = round::installed(&"a-b".into(), &rules, &Streams::new(11));
    let block = BlockId { link: "a-b".into(), seq: 0 };
    let delay = rules.params.delay();
    let played = round::play([&mut alice, &mut bob], SimTime::ZERO, delay, &block, detections);
    let (mut secret_bits, mut qber) = (0.0, 0.0);
    for event in &played.events {
        match event {
            Event::Reconciled { qber_x, .. } => qber = *qber_x,
            Event::Distilled { secret_bits: whole, discarded_bits, .. } => {
                secret_bits = f64::from(whole + discarded_bits);
            }
            Event::Dropped { why, .. } => panic!("{why:?}"),
            Event::Sifted { .. } | Event::Refused { .. } => {}
        }
    }
    (secret_bits, f64::from(played.sifted_bits()), qber)
}

/// A block that is drawn, fading and all, and distilled by both parties comes to what the expected counts say.
#[test]
fn the_finite_rate_is_what_two_parties_distil() {
    let params = Params { block_pulses: 16_000_000, ..Params::default() };
    let channel = link(&params, 300.0, 1e-13);
    let rates = Rates::new(&params, &channel, F_EC);
    let mut rng = Streams::new(5).stream("block");
    let mut fading = crate::link::fading::Fading::new(&channel.fading, &mut rng);
    let (mut out, mut memory) = (Detections::default(), Memory::new(&mut rng));
    let drawer = Drawer::new(&params, false);
    for _ in 0..1_600 {
        let law = Law::new(&params, &channel, fading.advance(0.01, &mut rng), 0.0);
        drawer.slot(&law, 10_000, &mut memory, &mut rng, &mut out);
    }
    let near = |ours: f64, theirs: f64, within: f64| {
        assert!((ours / theirs - 1.0).abs() < within, "{ours} of {theirs}");
    };
    near(rates.clicks_hz * rates.block_s, out.clicks() as f64, 0.03);
    let (secret_bits, sifted, qber) = distilled(&params, out);
    near(rates.sifted_bps * rates.block_s, sifted, 0.03);
    near(rates.qber, qber, 0.05);
    near(rates.skr_finite_bps * rates.block_s, secret_bits, 0.06);
}

#[test]
fn a_longer_block_comes_to_the_endless_one() {
    for kind in [SourceKind::Decoy, SourceKind::SinglePhoton, SourceKind::Ideal] {
        let mut last = 0.0;
        for block_pulses in [1_000_000, 100_000_000, 10_000_000_000, 1_000_000_000_000_000_000] {
            let params = Params { block_pulses, ..of_kind(kind) };
            let rates = Rates::new(&params, &link(&params, 300.0, 1e-14), F_EC);
            assert!(rates.skr_finite_bps >= last && rates.skr_finite_bps < rates.skr_asymptotic_bps);
            last = rates.skr_finite_bps / rates.skr_asymptotic_bps;
            last = if block_pulses > 1 << 60 { last } else { rates.skr_finite_bps };
        }
        assert!(last > 0.999, "{kind:?}: {last}");
    }
}

/// Where nothing disturbs, the law's gains are those of the textbook channel.
#[test]
fn two_detectors_without_dead_time_are_the_textbooks() {
    let params = Params::default();
    let channel = link(&params, 300.0, 1e-14);
    let rates = Rates::new(&params, &channel, F_EC);
    let dark = 1.0 - channel.noise_per_gate[0];
    let textbook = crate::distill::asymptotic::Channel {
        eta: channel.eta(channel.mean_collected),
        y0: 1.0 - dark * dark,
        e_d: params.receiver.misalignment,
    };
    for seen in &rates.light {
        let light = textbook.laser(seen.mean_photons);
        assert!((seen.gain_x / light.gain - 1.0).abs() < 1e-9, "{seen:?} {light:?}");
        // Two photons that part ways make a coin of the bit: a little more than 1 % of them.
        assert!((seen.error_x / light.error - 1.0).abs() < 0.05, "{seen:?} {light:?}");
    }
}

#[test]
fn detectors_that_blink_see_less_and_afterpulses_err() {
    let at = |pulse_rate_hz, dead_time_ns, afterpulse_probability| {
        let source = Source { pulse_rate_hz, ..Source::default() };
        let detector = Detector { dead_time_ns, afterpulse_probability, ..Detector::default() };
        let params = Params { source, detector, ..Params::default() };
        Rates::new(&params, &link(&params, 300.0, 1e-14), F_EC)
    };
    let (open, blind) = (at(1e9, 0.0, 0.0), at(1e9, 50.0, 0.0));
    assert!((blind.clicks_hz * (1.0 / open.clicks_hz + 50e-9) - 1.0).abs() < 1e-6, "1/R' = 1/R + dead time");
    assert!((blind.qber - open.qber).abs() < 1e-12 && blind.skr_asymptotic_bps < open.skr_asymptotic_bps);
    let (calm, echo) = (at(1e6, 50.0, 0.0), at(1e6, 50.0, 0.03));
    // Half of some 3 % of the clicks.
    assert!((echo.qber - calm.qber - 0.015).abs() < 0.002, "{} {}", echo.qber, calm.qber);
    assert!(echo.skr_asymptotic_bps < calm.skr_asymptotic_bps);
    let slow = Params { receiver: Receiver { drift_deg: 10.0, ..Receiver::default() }, ..Params::default() };
    let turned = Rates::new(&slow, &link(&slow, 300.0, 1e-14), F_EC);
    // sin² of 10 degrees, in the mean over a normal angle.
    assert!((turned.qber - 0.01 - 0.029).abs() < 0.005, "{}", turned.qber);
}

/// Where nothing clicks there are no rates, and nothing is divided by nothing.
#[test]
fn a_dead_link_gives_nothing() {
    for kind in [SourceKind::Decoy, SourceKind::SinglePhoton, SourceKind::Ideal] {
        let mut params = of_kind(kind);
        (params.detector.dark_counts_hz, params.detector.afterpulse_probability) = (0.0, 0.1);
        let conditions = Conditions { sky_radiance: 0.0, blocked: true, ..Conditions::default() };
        let rates = Rates::new(&params, &Channel::new(&params, 300.0, &conditions), F_EC);
        let all = [rates.clicks_hz, rates.sifted_bps, rates.skr_asymptotic_bps, rates.skr_finite_bps];
        assert_eq!((all, rates.qber, rates.live_share), ([0.0; 4], 0.5, 1.0), "{kind:?}");
        assert!(rates.signal_bits.abs() < 1e-12, "{}", rates.signal_bits);
    }
}

proptest! {
    #[test]
    fn rates_keep_their_order(
        range_m in 50.0f64..2_000.0, cn2 in -16.0f64..-12.0, passive: bool, kind in 0usize..3, radiance in -4.0f64..2.2
    ) {
        let kind = [SourceKind::Decoy, SourceKind::SinglePhoton, SourceKind::Ideal][kind];
        let basis_choice = if passive { BasisChoice::Passive } else { BasisChoice::Active };
        let params = Params { receiver: Receiver { basis_choice, ..Receiver::default() }, ..of_kind(kind) };
        let conditions = Conditions {
            cn2_m23: libm::pow(10.0, cn2),
            sky_radiance: libm::pow(10.0, radiance),
            ..Conditions::default()
        };
        let of = |range_m| Rates::new(&params, &Channel::new(&params, range_m, &conditions), F_EC);
        let (near, far) = (of(range_m), of(range_m * 1.1));
        prop_assert!(0.0 <= near.skr_finite_bps && near.skr_finite_bps <= near.skr_asymptotic_bps);
        prop_assert!(near.skr_asymptotic_bps <= near.sifted_bps && near.skr_asymptotic_bps <= near.plob_bps);
        prop_assert!(near.signal_bits_endless.is_none_or(|endless| near.signal_bits <= endless + 1e-12));
        prop_assert!(far.skr_asymptotic_bps <= near.skr_asymptotic_bps + 1e-9);
        prop_assert!(far.skr_finite_bps <= near.skr_finite_bps + 1e-9);
        prop_assert!(far.sifted_bps < near.sifted_bps);
    }
}
