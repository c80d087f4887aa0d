use super::*;
use crate::ground::{Rng, Streams};
use crate::link::health::most_common_value_bits;
use proptest::prelude::*;

fn rng(seed: u64) -> Rng {
    Streams::new(seed).stream("qrng")
}

fn running(params: &QrngParams, seed: u64) -> Qrng {
    let mut q = Qrng::new(params, rng(seed));
    q.fill(SimTime::ZERO, &mut [0; 32]).expect("a healthy source");
    assert_eq!(q.take_events(), [(SimTime::ZERO, QrngEvent::Started)]);
    q
}

#[test]
fn figures_of_the_default() {
    let p = QrngParams::default();
    assert_eq!(p.check(), Ok(()));
    let h = p.min_entropy_bits();
    assert!((h - 6.51).abs() < 0.02, "{h}");
    assert_eq!(p.samples_per_block(), 50);
    assert!(256.0 - p.block_entropy_bits() < 1e-9);
    assert!(p.output_rate_bps() > 5e8);
    // A perfect 8-bit detector with 2.45 sigma of range: the middle code has erf(0.00677).
    let ideal =
        QrngParams { clearance_db: 60.0, correlation: 0.0, adc_range_sigmas: 2.45, ..QrngParams::default() };
    assert!((ideal.min_entropy_bits() - 7.03).abs() < 0.01, "{}", ideal.min_entropy_bits());
    // One bit with an offset: Phi(0.1) at most, when nothing else is known.
    let bit = QrngParams {
        adc_bits: 1,
        clearance_db: 60.0,
        correlation: 0.0,
        offset_sigmas: 0.1,
        ..QrngParams::default()
    };
    let phi = 0.5 * libm::erfc(-0.105 / std::f64::consts::SQRT_2);
    assert!((bit.min_entropy_bits() + libm::log2(phi)).abs() < 1e-9);
    assert!(QrngParams { clearance_db: -10.0, ..QrngParams::default() }.check().is_err());
}

/// The most common value's estimate of `n` samples of the source as it is now, bits a sample.
fn assess_bits(q: &mut Qrng, n: usize) -> f64 {
    let raw: Vec<u8> = (0..n).map(|_| q.sample()).collect();
    most_common_value_bits(&raw)
}

#[test]
fn what_is_measured_is_no_worse_than_what_is_claimed() {
    // The estimate's own margin, 2.576 deviations over the most common of 256 codes, is under 0.08 bits.
    for params in [
        QrngParams::default(),
        QrngParams { clearance_db: 6.0, correlation: 0.3, adc_range_sigmas: 5.0, ..QrngParams::default() },
        QrngParams { adc_bits: 4, offset_sigmas: 0.5, ..QrngParams::default() },
        QrngParams { adc_bits: 1, ..QrngParams::default() },
    ] {
        assert_eq!(params.check(), Ok(()));
        let measured = assess_bits(&mut Qrng::new(&params, rng(3)), 1_000_000);
        let claimed = params.min_entropy_bits();
        assert!(measured > claimed - 0.08 && measured < claimed + 1.0, "{measured} of {claimed}");
    }
}

#[test]
fn output_is_even_and_the_same_for_the_same_physics() {
    let params = QrngParams::default();
    let mut out = vec![0; 32_768];
    let mut q = Qrng::new(&params, rng(1));
    q.fill(SimTime::ZERO, &mut out).expect("healthy");
    let mut counts = [0f64; 256];
    for b in &out {
        counts[usize::from(*b)] += 1.0;
    }
    let chi2: f64 = counts.iter().map(|c| (c - 128.0) * (c - 128.0) / 128.0).sum();
    // 255 degrees of freedom; 331 is passed with probability 0.1 %.
    assert!(chi2 < 331.0, "{chi2}");
    let mut again = vec![0; 32_768];
    Qrng::new(&params, rng(1)).fill(SimTime::ZERO, &mut again).expect("healthy");
    assert_eq!(out, again);
    Qrng::new(&params, rng(2)).fill(SimTime::ZERO, &mut again).expect("healthy");
    assert_ne!(out, again);
}

/// 2^-30 a window: in 5000 windows none.
#[test]
fn a_healthy_source_raises_no_alarm() {
    let mut q = running(&QrngParams::default(), 5);
    let mut out = [0; 320];
    for _ in 0..5_000 {
        assert_eq!(q.fill(SimTime::ZERO, &mut out), Ok(()));
    }
}

#[test]
fn each_fault_is_found_before_a_seed_goes_out() {
    for (fault, test) in [
        (Fault::Stuck { code: 77 }, Some(HealthTest::RepetitionCount)),
        (Fault::Biased { offset_sigmas: 6.0 }, Some(HealthTest::RepetitionCount)),
        (
            Fault::Oscillating { amplitude_sigmas: 6.0, period_samples: 2.0 },
            Some(HealthTest::AdaptiveProportion),
        ),
        (Fault::Oscillating { amplitude_sigmas: 8.0, period_samples: 40.0 }, None),
    ] {
        assert_eq!(fault.check(), Ok(()));
        let mut found = 0;
        for seed in 0..50 {
            let mut q = running(&QrngParams::default(), seed);
            q.set_fault(Some(fault));
            let now = SimTime::from_secs(3.0);
            let mut out = [1; 32];
            let Err(Failure::HealthTest(failed)) = q.fill(now, &mut out) else { continue };
            found += 1;
            assert!(test.is_none_or(|t| t == failed), "{fault:?}: {failed:?}");
            assert_eq!(out, [0; 32]);
            assert_eq!(q.state(), QrngState::Failed(failed));
            // It stays failed when it is mended, says so once, and comes back by a restart.
            q.set_fault(None);
            assert!(q.fill(now, &mut out).is_err());
            let events = q.take_events();
            assert!(matches!(events.as_slice(), [(_, QrngEvent::Failed { .. })]), "{events:?}");
            q.restart(now);
            assert_eq!(q.fill(now, &mut out), Ok(()));
            assert_eq!(q.take_events(), [(now, QrngEvent::Restarted), (now, QrngEvent::Started)]);
        }
        assert_eq!(found, 50, "{fault:?}");
    }
}

/// A laser that goes out leaves noise on few codes, a detector half out of balance makes one code frequent: each
/// window finds them only if it begins with such a code.
#[test]
fn a_weak_fault_is_found_soon() {
    for fault in [Fault::Dark, Fault::Biased { offset_sigmas: 3.0 }] {
        let mut windows = Vec::new();
        for seed in 0..50 {
            let mut q = running(&QrngParams::default(), seed);
            q.set_fault(Some(fault));
            windows.push((1..=40).find(|_| q.fill(SimTime::ZERO, &mut [0; 32]).is_err()).unwrap_or(99));
        }
        windows.sort_unstable();
        assert!(windows[25] <= 5 && windows[49] <= 40, "{fault:?}: {windows:?}");
    }
    let dark = QrngParams::default();
    let mut q = Qrng::new(&dark, rng(1));
    q.set_fault(Some(Fault::Dark));
    assert!(assess_bits(&mut q, 100_000) < dark.min_entropy_bits() - 1.0);
}

#[test]
fn faults_are_checked() {
    let fault: Fault =
        serde_json::from_str(r#"{"oscillating": {"amplitude_sigmas": 4, "period_samples": 0}}"#)
            .expect("a fault");
    assert_eq!(fault.check().map_err(|e| e.field), Err("period_samples".into()));
    assert_eq!(serde_json::from_str::<Fault>(r#""dark""#).expect("a fault"), Fault::Dark);
}

#[test]
fn a_source_that_is_broken_from_the_start_never_starts() {
    let mut q = Qrng::new(&QrngParams::default(), rng(1));
    q.set_fault(Some(Fault::Stuck { code: 0 }));
    assert_eq!(q.fill(SimTime::ZERO, &mut [0; 8]), Err(Failure::HealthTest(HealthTest::RepetitionCount)));
    let samples = u64::from(q.tests.cutoffs().0);
    assert_eq!(
        q.take_events(),
        [(SimTime::ZERO, QrngEvent::Failed { test: HealthTest::RepetitionCount, samples })]
    );
}

proptest! {
    #[test]
    fn more_noise_and_correlation_leave_less_entropy(
        bits in 1u32..=8, range in 3.0f64..8.0, clearance in 3.0f64..40.0, correlation in 0.0f64..0.5,
    ) {
        let p = QrngParams {
            adc_bits: bits, adc_range_sigmas: range, clearance_db: clearance, correlation, ..QrngParams::default()
        };
        let h = p.min_entropy_bits();
        prop_assert!((0.0..=f64::from(bits)).contains(&h));
        for worse in [
            QrngParams { clearance_db: clearance - 1.0, ..p.clone() },
            QrngParams { correlation: correlation + 0.05, ..p.clone() },
            QrngParams { offset_sigmas: 0.3, ..p },
        ] {
            prop_assert!(worse.min_entropy_bits() <= h);
        }
    }

    #[test]
    fn any_length_is_filled(len in 0usize..400, seed in any::<u64>()) {
        let mut q = Qrng::new(&QrngParams::default(), rng(seed));
        let mut out = vec![0; len];
        prop_assert_eq!(q.fill(SimTime::ZERO, &mut out), Ok(()));
        prop_assert!(len < 16 || out.iter().any(|b| *b != 0));
    }
}
