//! Whether a noise source still gives the entropy it was assessed for: estimates and tests of NIST SP 800-90B (2018).

use serde::{Deserialize, Serialize};

/// Cutoff of the repetition count test (section 4.4.1): 1 + ceil(-log2(alpha) / H) equal samples in a row fail.
/// `h_bits` is the min-entropy of a sample, over 0; `alpha_log2` is -log2 of the probability of a false alarm.
#[must_use]
pub fn repetition_cutoff(h_bits: f64, alpha_log2: f64) -> u32 {
    1 + (alpha_log2 / h_bits).ceil() as u32
}

/// Cutoff of the adaptive proportion test (section 4.4.2): 1 + CRITBINOM(W, 2^-H, 1 - alpha), at most the window, so
/// that the test can fail.
#[must_use]
pub fn proportion_cutoff(h_bits: f64, alpha_log2: f64, window: u32) -> u32 {
    let p = libm::exp2(-h_bits);
    (1 + critical_value(window, p, libm::exp2(-alpha_log2))).min(window)
}

/// Smallest k with P(X > k) <= alpha for X binomial (n, p), 0 < p < 1. The tail is summed from its thin end, so that
/// it stays exact for alphas far under the rounding of 1 - alpha.
fn critical_value(n: u32, p: f64, alpha: f64) -> u32 {
    let log_odds = libm::log(p) - libm::log1p(-p);
    let (mut k, mut log_pmf, mut tail) = (n, f64::from(n) * libm::log(p), 0.0);
    while k > 0 {
        tail += libm::exp(log_pmf);
        if tail > alpha {
            break;
        }
        log_pmf += libm::log(f64::from(k) / f64::from(n - k + 1)) - log_odds;
        k -= 1;
    }
    k
}

/// Min-entropy of a sample by the most common value (section 6.3.1), bits: -log2 of the upper end of the 99 %
/// confidence interval of its probability. 0 for fewer than 2 samples.
#[must_use]
pub fn most_common_value_bits(samples: &[u8]) -> f64 {
    if samples.len() < 2 {
        return 0.0;
    }
    let mut counts = [0u64; 256];
    for s in samples {
        counts[usize::from(*s)] += 1;
    }
    let n = samples.len() as f64;
    let p = counts.iter().max().map_or(0.0, |c| *c as f64 / n);
    let upper = (p + 2.576 * (p * (1.0 - p) / (n - 1.0)).sqrt()).min(1.0);
    -libm::log2(upper)
}

/// Min-entropy of a vetted conditioning function's output (section 3.1.5.1.2), bits: `n_in` bits that hold `h_in` bits
/// of min-entropy go in, `n_out` come out, `n_w` is the narrowest width inside.
#[must_use]
pub fn output_entropy_bits(n_in: u32, n_out: u32, n_w: u32, h_in: f64) -> f64 {
    let n = f64::from(n_out.min(n_w));
    let n_in = f64::from(n_in);
    let p_high = libm::exp2(-h_in);
    // 2^(n_in - n) P_low, with P_low = (1 - P_high) / (2^n_in - 1).
    let even = (1.0 - p_high) * libm::exp2(-n) / (1.0 - libm::exp2(-n_in));
    let psi = even + p_high;
    let omega = even * (1.0 + (2.0 * n * std::f64::consts::LN_2 * libm::exp2(n - n_in)).sqrt());
    -libm::log2(psi.max(omega))
}

/// Which health test failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum HealthTest {
    /// Too many equal samples in a row.
    RepetitionCount,
    /// One value too often in a window.
    AdaptiveProportion,
}

/// The two continuous tests over a run of samples.
#[derive(Clone, Debug)]
pub struct HealthTests {
    repetition_cutoff: u32,
    proportion_cutoff: u32,
    window: u32,
    last: Option<u8>,
    run: u32,
    first: u8,
    seen: u32,
    matches: u32,
}

impl HealthTests {
    /// Window of the adaptive proportion test, samples: 1024 for binary ones, else 512 (section 4.4.2).
    #[must_use]
    pub fn window(binary: bool) -> u32 {
        if binary { 1_024 } else { 512 }
    }

    /// Tests for samples of `h_bits` min-entropy with false alarms of probability 2^-`alpha_log2`.
    #[must_use]
    pub fn new(h_bits: f64, alpha_log2: f64, binary: bool) -> Self {
        let window = Self::window(binary);
        Self {
            repetition_cutoff: repetition_cutoff(h_bits, alpha_log2),
            proportion_cutoff: proportion_cutoff(h_bits, alpha_log2, window),
            window,
            last: None,
            run: 0,
            first: 0,
            seen: 0,
            matches: 0,
        }
    }

    /// The cutoffs of both tests, samples.
    #[must_use]
    pub fn cutoffs(&self) -> (u32, u32) {
        (self.repetition_cutoff, self.proportion_cutoff)
    }

    /// Tests one more sample.
    ///
    /// # Errors
    /// The test that fails with it.
    pub fn feed(&mut self, sample: u8) -> Result<(), HealthTest> {
        self.run = if self.last == Some(sample) { self.run + 1 } else { 1 };
        self.last = Some(sample);
        if self.seen == 0 {
            (self.first, self.matches) = (sample, 0);
        }
        self.matches += u32::from(sample == self.first);
        self.seen = (self.seen + 1) % self.window;
        if self.run >= self.repetition_cutoff {
            Err(HealthTest::RepetitionCount)
        } else if self.matches >= self.proportion_cutoff {
            Err(HealthTest::AdaptiveProportion)
        } else {
            Ok(())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ground::Streams;
    use proptest::prelude::*;

    #[test]
    fn cutoffs_are_those_of_the_standard() {
        // Section 4.4.1's example.
        assert_eq!(repetition_cutoff(2.0, 20.0), 11);
        // Table 2, alpha = 2^-20.
        assert_eq!(
            [0.2, 0.4, 0.6, 0.8, 1.0].map(|h| proportion_cutoff(h, 20.0, 1_024)),
            [941, 840, 748, 664, 589]
        );
        assert_eq!(
            [0.5, 1.0, 2.0, 4.0, 8.0].map(|h| proportion_cutoff(h, 20.0, 512)),
            [410, 311, 177, 62, 13]
        );
    }

    #[test]
    fn critical_values_hold_far_out() {
        // The cutoffs that the Jitter RNG publishes for 1/osr bit a sample: 2 + qbinom(1 - alpha, 511, 2^(-1/osr)).
        let theirs = |alpha_log2: f64| {
            move |osr: u32| {
                2 + critical_value(511, libm::exp2(-1.0 / f64::from(osr)), libm::exp2(-alpha_log2))
            }
        };
        let at_30: Vec<u32> = (1..=14).map(theirs(30.0)).collect();
        assert_eq!(at_30, [325, 422, 459, 477, 488, 494, 499, 502, 505, 507, 508, 509, 510, 511]);
        let at_60: Vec<u32> = (1..=7).map(theirs(60.0)).collect();
        assert_eq!(at_60, [355, 447, 479, 494, 502, 507, 510]);
    }

    #[test]
    fn the_estimate_is_that_of_the_standards_example() {
        // Section 6.3.1: p = 0.4, p_u = 0.6895, 0.5363 bits.
        let s = [0, 1, 1, 2, 0, 1, 2, 2, 0, 1, 0, 1, 1, 0, 2, 2, 1, 0, 2, 1];
        assert!((most_common_value_bits(&s) - 0.5363).abs() < 1e-4);
    }

    #[test]
    fn conditioned_entropy_is_that_of_the_formula() {
        // The formula of section 3.1.5.1.2 in 120 decimal digits.
        for (n_in, h_in, h_out) in [
            (400, 320.0, 256.0),
            (400, 256.0, 255.0),
            (400, 255.5, 254.728_446_696_836),
            (400, 128.0, 128.0),
            (8, 6.0, 6.0),
            (264, 250.0, 249.977_632_186_972),
            (256, 256.0, 251.689_764_568_727),
            (300, 299.0, 255.999_993_520_203),
            (2_048, 1_500.0, 256.0),
        ] {
            let ours = output_entropy_bits(n_in, 256, 256, h_in);
            assert!((ours - h_out).abs() < 1e-9, "{n_in} {h_in}: {ours}");
        }
    }

    /// At an alpha that can be seen, even binary samples fail as often as they should.
    #[test]
    fn false_alarms_come_at_their_rate() {
        let mut rng = Streams::new(1).stream("fair");
        let tests = HealthTests { repetition_cutoff: u32::MAX, ..HealthTests::new(1.0, 6.0, true) };
        let windows = 20_000;
        let mut alarms = 0u32;
        for _ in 0..windows {
            let mut window = tests.clone();
            let mut failed = false;
            for _ in 0..16 {
                let word = rng.next_u64();
                failed |= (0..64).any(|i| window.feed((word >> i & 1) as u8).is_err());
            }
            alarms += u32::from(failed);
        }
        // The window's first sample always counts, so its rate is a little over alpha: 2 + critical value of 1023.
        let rate = f64::from(alarms) / f64::from(windows);
        assert!(rate > 0.5 / 64.0 && rate < 1.5 / 64.0, "{rate}");
        let mut runs = HealthTests { proportion_cutoff: u32::MAX, ..HealthTests::new(1.0, 10.0, true) };
        let (n, mut long) = (1_000_000u32, 0u32);
        for _ in 0..n {
            if runs.feed((rng.next_u64() & 1) as u8).is_err() {
                long += 1;
                runs.last = None;
            }
        }
        // A run of 11 equal bits begins at a sample with probability 2^-11, as its first differs from the one before.
        let rate = f64::from(long) / f64::from(n);
        assert!((rate * 2_048.0 - 1.0).abs() < 0.15, "{rate}");
    }

    proptest! {
        #[test]
        fn a_stuck_source_fails_at_its_cutoff(h in 0.05f64..8.0, value in any::<u8>()) {
            let mut tests = HealthTests::new(h, 30.0, false);
            let (repetition, proportion) = tests.cutoffs();
            let fails = (1..=600u32).find(|_| tests.feed(value).is_err());
            prop_assert_eq!(fails, Some(repetition.min(proportion)));
        }

        #[test]
        fn cutoffs_fall_with_entropy_and_rise_with_safety(h in 0.05f64..7.9, dh in 0.01f64..0.1, a in 20.0f64..40.0) {
            prop_assert!(proportion_cutoff(h + dh, a, 512) <= proportion_cutoff(h, a, 512));
            prop_assert!(proportion_cutoff(h, a + 1.0, 512) >= proportion_cutoff(h, a, 512));
            prop_assert!(repetition_cutoff(h + dh, a) <= repetition_cutoff(h, a));
        }
    }
}
