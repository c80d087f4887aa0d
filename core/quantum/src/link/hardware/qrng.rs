//! The quantum random number generator that chooses a source's bits, bases and intensities.
//!
//! Noise: the vacuum's shot noise on a balanced pair of photodiodes, digitised (Gabriel et al. 2010; Haw et al. 2015).
//! The electronics add classical noise that an eavesdropper may know, their bandwidth ties each sample to the one
//! before, their offset shifts all of them. Every sample passes the health tests of SP 800-90B ([`super::health`]),
//! and SHA-256 conditions so many samples at a time that its output has full entropy. A failed test ends the output
//! until the generator is restarted: no randomness, no keys.
//!
//! The generator is run for seeds, not for each pulse. A source needs 3.4 Mbit/s at 1 MHz, all of which a real one conditions in hardware. Here a conditioned seed starts a fast stream (as a
//! deterministic generator over an entropy source does, SP 800-90C), which no statistics of the link can tell from
//! the generator's own bits; what can be told, a generator that fails, is modelled at the seed: before any seed goes
//! out, the whole windows of samples that it is made from have been tested. That stops every seed of a source that
//! says little else than one code; a source that is only worse than it was may pass a few windows, as it may in fact.

use super::health::{HealthTest, HealthTests, output_entropy_bits};
use crate::ground::sample::normal;
use crate::ground::{Rng, SimTime};
use crate::link::params::ParamError;
use crate::link::params::within;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use thiserror::Error;
use zeroize::Zeroize;

/// Bits of a conditioned block: SHA-256's output and its narrowest width.
const BLOCK_BITS: u32 = 256;

/// Min-entropy that goes into a block beyond its length, so that its output counts as full entropy, bits
/// (SP 800-90C).
const EXCESS_BITS: f64 = 64.0;

/// Samples of the start-up test (SP 800-90B, section 4.3).
const START_UP_SAMPLES: u32 = 1_024;

/// Bound of what an eavesdropper may know of a sample, standard deviations: passed with probability 6e-7.
const KNOWN_SIGMAS: f64 = 5.0;

/// The noise source and its tests.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct QrngParams {
    /// Resolution of the converter, bits, 1 to 8.
    pub adc_bits: u32,
    /// Half of the converter's range, standard deviations of the quantum noise, 0.5 to 20.
    pub adc_range_sigmas: f64,
    /// Quantum over classical noise, dB, -10 to 60.
    pub clearance_db: f64,
    /// Correlation of a sample with the one before by the detector's bandwidth, 0 to 0.95.
    pub correlation: f64,
    /// Offset of the converter, standard deviations of the quantum noise, -5 to 5.
    pub offset_sigmas: f64,
    /// Samples a second, 1 kHz to 100 GHz.
    pub sample_rate_hz: f64,
    /// -log2 of the probability that a healthy source fails a test: 20 to 40 (SP 800-90B, section 4).
    pub alpha_log2: f64,
}

impl Default for QrngParams {
    /// A detector with 13 dB of clearance and an 8-bit converter at 100 million samples a second.
    fn default() -> Self {
        Self {
            adc_bits: 8,
            adc_range_sigmas: 3.5,
            clearance_db: 13.0,
            correlation: 0.05,
            offset_sigmas: 0.0,
            sample_rate_hz: 1e8,
            alpha_log2: 30.0,
        }
    }
}

impl QrngParams {
    /// Checks every field, and that a sample has at least 0.05 bits of min-entropy.
    ///
    /// # Errors
    /// [`ParamError`] for the first field out of its range.
    pub fn check(&self) -> Result<(), ParamError> {
        within("adc_bits", f64::from(self.adc_bits), 1.0, 8.0)?;
        within("adc_range_sigmas", self.adc_range_sigmas, 0.5, 20.0)?;
        within("clearance_db", self.clearance_db, -10.0, 60.0)?;
        within("correlation", self.correlation, 0.0, 0.95)?;
        within("offset_sigmas", self.offset_sigmas, -5.0, 5.0)?;
        within("sample_rate_hz", self.sample_rate_hz, 1e3, 1e11)?;
        within("alpha_log2", self.alpha_log2, 20.0, 40.0)?;
        within("min-entropy of a sample", self.min_entropy_bits(), 0.05, 8.0)
    }

    /// Standard deviation of the classical noise, that of the quantum noise being 1.
    fn classical_sigma(&self) -> f64 {
        libm::pow(10.0, -self.clearance_db / 20.0)
    }

    /// Width of a step of the converter, standard deviations of the quantum noise.
    fn step(&self) -> f64 {
        2.0 * self.adc_range_sigmas / f64::from(1u32 << self.adc_bits)
    }

    /// Min-entropy of a sample for one who knows the classical noise and all samples before, bits: minus log2 of the
    /// likeliest code, either a whole step under the middle of the bell, erf(step / (2 sqrt2 s)), or one of the two
    /// codes that take what is out of range, in the worst case of what is known (Haw et al. 2015, worst-case
    /// conditional min-entropy; here with s = sqrt(1 - correlation²) of the quantum noise still unknown).
    #[must_use]
    pub fn min_entropy_bits(&self) -> f64 {
        let unknown = (1.0 - self.correlation * self.correlation).sqrt();
        let classical = self.classical_sigma();
        let known = (self.correlation * self.correlation + classical * classical).sqrt();
        let shift = self.offset_sigmas.abs() + KNOWN_SIGMAS * known;
        let inner = libm::erf(self.step() / (2.0 * std::f64::consts::SQRT_2 * unknown));
        let edge = (self.adc_range_sigmas - self.step() - shift) / unknown;
        let end = 0.5 * libm::erfc(edge / std::f64::consts::SQRT_2);
        // One bit has no inner code: both codes are ends.
        let likeliest = if self.adc_bits == 1 { end } else { inner.max(end) };
        // Never minus zero.
        (-libm::log2(likeliest)).max(0.0)
    }

    /// Samples that go into a conditioned block.
    #[must_use]
    pub fn samples_per_block(&self) -> u32 {
        ((f64::from(BLOCK_BITS) + EXCESS_BITS) / self.min_entropy_bits()).ceil() as u32
    }

    /// Min-entropy of a conditioned block of 256 bits, bits.
    #[must_use]
    pub fn block_entropy_bits(&self) -> f64 {
        let samples = self.samples_per_block();
        let h_in = f64::from(samples) * self.min_entropy_bits();
        output_entropy_bits(samples * self.adc_bits, BLOCK_BITS, BLOCK_BITS, h_in)
    }

    /// Conditioned output when the source runs all the time, bits a second.
    #[must_use]
    pub fn output_rate_bps(&self) -> f64 {
        self.sample_rate_hz / f64::from(self.samples_per_block()) * f64::from(BLOCK_BITS)
    }
}

/// What can go wrong with the noise source.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fault {
    /// The converter says the same code whatever comes in.
    Stuck {
        /// The code, 0 to 255; beyond the converter's own it shows as it is.
        code: u8,
    },
    /// The detector is out of balance by this much, standard deviations of the quantum noise.
    Biased {
        /// How far, -100 to 100.
        offset_sigmas: f64,
    },
    /// An interference rides on the noise.
    Oscillating {
        /// Its amplitude, standard deviations of the quantum noise, 0 to 100.
        amplitude_sigmas: f64,
        /// Its period, samples, 2 to 1e9.
        period_samples: f64,
    },
    /// The laser is out: only the electronics' noise is left.
    Dark,
}

impl Fault {
    /// Checks its numbers.
    ///
    /// # Errors
    /// [`ParamError`] for the first one out of its range.
    pub fn check(&self) -> Result<(), ParamError> {
        match *self {
            Self::Stuck { .. } | Self::Dark => Ok(()),
            Self::Biased { offset_sigmas } => within("offset_sigmas", offset_sigmas, -100.0, 100.0),
            Self::Oscillating { amplitude_sigmas, period_samples } => {
                within("amplitude_sigmas", amplitude_sigmas, 0.0, 100.0)?;
                within("period_samples", period_samples, 2.0, 1e9)
            }
        }
    }
}

/// Why no randomness comes out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error, Serialize, Deserialize)]
pub enum Failure {
    /// A health test has failed, now or before; the generator waits for a restart.
    #[error("a health test of the random number generator failed: {0:?}")]
    HealthTest(HealthTest),
}

/// What the generator does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum QrngState {
    /// It has not passed its start-up test yet.
    StartUp,
    /// It gives seeds.
    Running,
    /// It gives nothing until it is restarted.
    Failed(HealthTest),
}

/// What happened to the generator.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum QrngEvent {
    /// The start-up test was passed.
    Started,
    /// A health test failed.
    Failed {
        /// Which.
        test: HealthTest,
        /// Samples since the start, up to the one it failed at.
        samples: u64,
    },
    /// Someone restarts it.
    Restarted,
}

/// One generator.
#[derive(Clone, Debug)]
pub struct Qrng {
    params: QrngParams,
    /// Stands for the physics.
    rng: Rng,
    fault: Option<Fault>,
    state: QrngState,
    tests: HealthTests,
    /// Quantum part of the sample before.
    quantum: f64,
    /// Samples since the start.
    samples: u64,
    events: Vec<(SimTime, QrngEvent)>,
}

impl Qrng {
    /// A generator that is not started yet; it starts with the first [`Qrng::fill`]. `rng` stands for the physics.
    #[must_use]
    pub fn new(params: &QrngParams, mut rng: Rng) -> Self {
        let quantum = normal(&mut rng);
        Self {
            params: params.clone(),
            rng,
            fault: None,
            state: QrngState::StartUp,
            tests: fresh_tests(params),
            quantum,
            samples: 0,
            events: Vec::new(),
        }
    }

    /// What it does.
    #[must_use]
    pub fn state(&self) -> QrngState {
        self.state
    }

    /// Breaks the noise source, or mends it with `None`. A mended one still has to be restarted if it had failed.
    pub fn set_fault(&mut self, fault: Option<Fault>) {
        self.fault = fault;
    }

    /// What happened since the last call.
    pub fn take_events(&mut self) -> Vec<(SimTime, QrngEvent)> {
        std::mem::take(&mut self.events)
    }

    /// Starts it again, with a start-up test at the next [`Qrng::fill`].
    pub fn restart(&mut self, now: SimTime) {
        self.state = QrngState::StartUp;
        self.tests = fresh_tests(&self.params);
        self.events.push((now, QrngEvent::Restarted));
    }

    /// Fills `out` with conditioned bits. Each goes out only after the whole windows of tested samples that it was
    /// made from; samples left over are dropped.
    ///
    /// # Errors
    /// [`Failure`] where a health test fails or has failed; `out` is zero then.
    pub fn fill(&mut self, now: SimTime, out: &mut [u8]) -> Result<(), Failure> {
        out.fill(0);
        let filled = self.try_fill(now, out);
        if let Err(test) = filled {
            out.zeroize();
            if self.state != QrngState::Failed(test) {
                self.state = QrngState::Failed(test);
                self.events.push((now, QrngEvent::Failed { test, samples: self.samples }));
            }
        }
        filled.map_err(Failure::HealthTest)
    }

    fn try_fill(&mut self, now: SimTime, out: &mut [u8]) -> Result<(), HealthTest> {
        match self.state {
            QrngState::Failed(test) => return Err(test),
            QrngState::StartUp => {
                for _ in 0..START_UP_SAMPLES {
                    self.tested_sample()?;
                }
                self.state = QrngState::Running;
                self.events.push((now, QrngEvent::Started));
            }
            QrngState::Running => {}
        }
        let window = HealthTests::window(self.params.adc_bits == 1) as usize;
        let per_block = self.params.samples_per_block() as usize;
        let blocks = out.len().div_ceil(BLOCK_BITS as usize / 8);
        let needed = (blocks * per_block).next_multiple_of(window);
        let mut raw = Vec::with_capacity(needed);
        for _ in 0..needed {
            raw.push(self.tested_sample()?);
        }
        for (chunk, samples) in out.chunks_mut(BLOCK_BITS as usize / 8).zip(raw.chunks(per_block)) {
            let mut block: [u8; 32] = Sha256::digest(samples).into();
            chunk.copy_from_slice(&block[..chunk.len()]);
            block.zeroize();
        }
        raw.zeroize();
        Ok(())
    }

    fn tested_sample(&mut self) -> Result<u8, HealthTest> {
        let sample = self.sample();
        self.tests.feed(sample)?;
        Ok(sample)
    }

    /// One code of the converter.
    fn sample(&mut self) -> u8 {
        let p = &self.params;
        self.samples += 1;
        let fresh = (1.0 - p.correlation * p.correlation).sqrt() * normal(&mut self.rng);
        self.quantum = p.correlation * self.quantum + fresh;
        let classical = p.classical_sigma() * normal(&mut self.rng);
        let x = self.quantum + classical + p.offset_sigmas;
        let x = match self.fault {
            None => x,
            Some(Fault::Stuck { code }) => return code,
            Some(Fault::Biased { offset_sigmas }) => x + offset_sigmas,
            Some(Fault::Oscillating { amplitude_sigmas, period_samples }) => {
                let turns = self.samples as f64 / period_samples;
                x + amplitude_sigmas * libm::cos(std::f64::consts::TAU * (turns - turns.floor()))
            }
            Some(Fault::Dark) => x - self.quantum,
        };
        let top = f64::from((1u32 << p.adc_bits) - 1);
        ((x + p.adc_range_sigmas) / p.step()).floor().clamp(0.0, top) as u8
    }
}

fn fresh_tests(params: &QrngParams) -> HealthTests {
    HealthTests::new(params.min_entropy_bits(), params.alpha_log2, params.adc_bits == 1)
}

#[cfg(test)]
#[path = "qrng_tests.rs"]
mod tests;
