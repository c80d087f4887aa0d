//! What a rooftop link is built of. Checked once, at the scenario's door.

use super::air::molecular_db_per_km;
use super::control::TerminalParams;
use super::qrng::QrngParams;
use serde::{Deserialize, Serialize};
use thiserror::Error;

/// A parameter out of its range.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{field}: {value}; expected {expected}")]
pub struct ParamError {
    /// Name of the field, as `source.mu[0]`.
    pub field: String,
    /// Its value.
    pub value: String,
    /// What was expected.
    pub expected: String,
}

/// Intensities of the weak coherent source: signal, weak decoy, vacuum.
pub const INTENSITIES: usize = 3;

/// A rooftop link's hardware and protocol.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Params {
    /// Probability of the key basis X at both ends.
    pub p_x: f64,
    /// Pulses of one distillation block, 10⁴ to 10¹⁰.
    pub block_pulses: u64,
    /// Simulated time between two looks at the link, seconds: the step of its demand and its blocks.
    pub slot_s: f64,
    /// How detections are drawn; the law is the same.
    pub sampler: Sampler,
    /// What sends the pulses.
    pub source: Source,
    /// The sending telescope.
    pub transmitter: Transmitter,
    /// The receiving telescope and its analyser of polarisation.
    pub receiver: Receiver,
    /// Its detectors, all alike.
    pub detector: Detector,
    /// Mounts, trackers and the source's cooling.
    pub terminal: TerminalParams,
    /// The source's random number generator.
    pub qrng: QrngParams,
}

/// How detections are drawn.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sampler {
    /// From click to click, at a cost that follows the detections.
    #[default]
    PerBlock,
    /// Pulse by pulse, the reference.
    PerPulse,
}

/// Kind of a source.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SourceKind {
    /// Phase-randomised weak coherent pulses with two decoy intensities.
    #[default]
    Decoy,
    /// A single-photon source with its brightness and g2(0).
    SinglePhoton,
    /// Exactly one photon a pulse: the reference that no hardware reaches.
    Ideal,
}

/// What sends the pulses.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Source {
    /// Its kind. The fields of the other kinds are kept and not used.
    pub kind: SourceKind,
    /// Pulses a second, 1 kHz to 1 GHz.
    pub pulse_rate_hz: f64,
    /// Mean photon numbers of weak coherent pulses as they leave the transmitter, mu1 > mu2 + mu3,
    /// mu2 > mu3 >= 0 (Lim et al. 2014).
    pub mu: [f64; INTENSITIES],
    /// Probabilities of the intensities; their sum is 1.
    pub mu_probability: [f64; INTENSITIES],
    /// Relative standard deviation of a pulse's intensity about its mean, 0 to 0.5.
    pub intensity_sd: f64,
    /// Mean photons of a pulse of the single-photon source as they leave the transmitter, 0.0001 to 1.
    pub brightness: f64,
    /// Second-order correlation at zero delay of the single-photon source, 0 to 1: 0 is one photon at most.
    pub g2: f64,
}

/// The sending telescope.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Transmitter {
    /// Wavelength, nanometres.
    pub wavelength_nm: f64,
    /// Radius of the Gaussian beam (1/e² of its intensity) where it leaves, millimetres.
    pub waist_mm: f64,
    /// Diameter of the transmitter's aperture, millimetres: it cuts the beam's edge and makes it spread more.
    pub aperture_mm: f64,
    /// Standard deviation of the pointing error about each axis while tracking, microradians.
    pub jitter_urad: f64,
    /// Time after which the pointing error has forgotten itself, seconds.
    pub jitter_time_s: f64,
    /// Beacon light over the tracker's threshold through air without loss, dB: what fog may take before the beam is
    /// lost.
    pub beacon_margin_db: f64,
}

/// How the receiver chooses the basis of a measurement.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BasisChoice {
    /// A modulator turns each pulse: two detectors.
    #[default]
    Active,
    /// A beam splitter sends each photon its own way: four detectors.
    Passive,
}

/// The receiving telescope and its analyser of polarisation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Receiver {
    /// Diameter of the aperture, millimetres.
    pub aperture_mm: f64,
    /// Loss of windows, filters and coupling, dB.
    pub optics_loss_db: f64,
    /// Full field of view, microradians.
    pub field_of_view_urad: f64,
    /// Width of the spectral filter, nanometres.
    pub filter_nm: f64,
    /// How the basis of a measurement is chosen.
    pub basis_choice: BasisChoice,
    /// Probability that a photon goes to the wrong detector of its basis with the frames aligned.
    pub misalignment: f64,
    /// Standard deviation by which the polarisation frames drift apart, degrees.
    pub drift_deg: f64,
    /// Time after which the drift has forgotten itself, seconds.
    pub drift_time_s: f64,
}

/// A gated single-photon detector.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Detector {
    /// Probability that a photon in the gate makes it click, 0 to 1.
    pub efficiency: f64,
    /// Dark counts, counts a second.
    pub dark_counts_hz: f64,
    /// Length of the gate, nanoseconds; at most the time from pulse to pulse.
    pub gate_ns: f64,
    /// Standard deviation of a click's time about its gate's middle, source and detector together, picoseconds.
    pub jitter_ps: f64,
    /// After a click all detectors of the receiver are blind for this long, nanoseconds (all together, so that
    /// a blind detector tells nothing of the next bit: Burenkov, Qi, Fortescue and Lo 2014).
    pub dead_time_ns: f64,
    /// Probability that a click is followed by an afterpulse in a later gate (p_ap of Lim et al. 2014).
    pub afterpulse_probability: f64,
    /// Mean time for which a trapped carrier waits after the dead time, nanoseconds.
    pub afterpulse_time_ns: f64,
}

impl Default for Params {
    /// A rooftop link of 150 to 300 m at 850 nm with a 1 MHz source.
    fn default() -> Self {
        Self {
            p_x: 0.7,
            block_pulses: 4_000_000,
            slot_s: 0.25,
            sampler: Sampler::PerBlock,
            source: Source::default(),
            transmitter: Transmitter::default(),
            receiver: Receiver::default(),
            detector: Detector::default(),
            terminal: TerminalParams::default(),
            qrng: QrngParams::default(),
        }
    }
}

impl Default for Source {
    fn default() -> Self {
        Self {
            kind: SourceKind::Decoy,
            pulse_rate_hz: 1e6,
            mu: [0.6, 0.25, 0.0],
            mu_probability: [0.4, 0.4, 0.2],
            intensity_sd: 0.0,
            brightness: 0.2,
            g2: 0.02,
        }
    }
}

impl Default for Transmitter {
    fn default() -> Self {
        Self {
            wavelength_nm: 850.0,
            waist_mm: 10.0,
            aperture_mm: 40.0,
            jitter_urad: 20.0,
            jitter_time_s: 0.02,
            beacon_margin_db: 40.0,
        }
    }
}

impl Default for Receiver {
    fn default() -> Self {
        Self {
            aperture_mm: 50.0,
            optics_loss_db: 3.0,
            field_of_view_urad: 100.0,
            filter_nm: 1.0,
            basis_choice: BasisChoice::Active,
            misalignment: 0.01,
            drift_deg: 0.0,
            drift_time_s: 600.0,
        }
    }
}

impl Default for Detector {
    fn default() -> Self {
        Self {
            efficiency: 0.5,
            dark_counts_hz: 250.0,
            gate_ns: 1.0,
            jitter_ps: 0.0,
            dead_time_ns: 50.0,
            afterpulse_probability: 0.0,
            afterpulse_time_ns: 100.0,
        }
    }
}

impl Params {
    /// Whole gates after a click in which no detector listens.
    #[must_use]
    pub fn blind_gates(&self) -> u64 {
        (self.detector.dead_time_ns * self.source.pulse_rate_hz * 1e-9) as u64
    }

    /// Checks every field.
    ///
    /// # Errors
    /// [`ParamError`] for the first field out of its range.
    pub fn check(&self) -> Result<(), ParamError> {
        within("p_x", self.p_x, 0.05, 0.99)?;
        within("block_pulses", self.block_pulses as f64, 1e4, 1e10)?;
        within("slot_s", self.slot_s, 0.001, 10.0)?;
        self.source.check()?;
        let t = &self.transmitter;
        within("transmitter.wavelength_nm", t.wavelength_nm, 400.0, 2_000.0)?;
        if molecular_db_per_km(t.wavelength_nm).is_none() {
            let expected = "550 to 1550 nm outside the bands of oxygen (759 to 771 nm) and of water vapour (895 to \
                            985, 1095 to 1165, 1330 to 1490 nm)";
            return Err(refuse("transmitter.wavelength_nm", t.wavelength_nm, expected));
        }
        within("transmitter.waist_mm", t.waist_mm, 0.1, 500.0)?;
        within("transmitter.aperture_mm", t.aperture_mm, t.waist_mm * 0.5, 2_000.0)?;
        within("transmitter.jitter_urad", t.jitter_urad, 0.0, 1e4)?;
        within("transmitter.jitter_time_s", t.jitter_time_s, 1e-4, 100.0)?;
        within("transmitter.beacon_margin_db", t.beacon_margin_db, 0.0, 100.0)?;
        let r = &self.receiver;
        within("receiver.aperture_mm", r.aperture_mm, 1.0, 2_000.0)?;
        within("receiver.optics_loss_db", r.optics_loss_db, 0.0, 60.0)?;
        within("receiver.field_of_view_urad", r.field_of_view_urad, 1.0, 1e5)?;
        within("receiver.filter_nm", r.filter_nm, 0.001, 100.0)?;
        within("receiver.misalignment", r.misalignment, 0.0, 0.5)?;
        within("receiver.drift_deg", r.drift_deg, 0.0, 45.0)?;
        within("receiver.drift_time_s", r.drift_time_s, 0.01, 1e6)?;
        let d = &self.detector;
        within("detector.efficiency", d.efficiency, 0.001, 1.0)?;
        within("detector.dark_counts_hz", d.dark_counts_hz, 0.0, 1e7)?;
        within("detector.gate_ns", d.gate_ns, 0.01, 1e9 / self.source.pulse_rate_hz)?;
        within("detector.jitter_ps", d.jitter_ps, 0.0, 1e5)?;
        within("detector.dead_time_ns", d.dead_time_ns, 0.0, 1e6)?;
        within("detector.afterpulse_probability", d.afterpulse_probability, 0.0, 0.5)?;
        within("detector.afterpulse_time_ns", d.afterpulse_time_ns, 1.0, 1e6)?;
        let of = |part: &str, e: ParamError| ParamError { field: format!("{part}.{}", e.field), ..e };
        self.terminal.check().map_err(|e| of("terminal", e))?;
        self.qrng.check().map_err(|e| of("qrng", e))
    }
}

impl Source {
    fn check(&self) -> Result<(), ParamError> {
        within("source.pulse_rate_hz", self.pulse_rate_hz, 1e3, 1e9)?;
        for (i, mu) in self.mu.iter().enumerate() {
            within(&format!("source.mu[{i}]"), *mu, 0.0, 2.0)?;
        }
        if !(self.mu[0] > self.mu[1] + self.mu[2] && self.mu[1] > self.mu[2]) {
            let expected = "mu1 > mu2 + mu3 and mu2 > mu3 (Lim et al. 2014)";
            return Err(refuse("source.mu", format!("{:?}", self.mu), expected));
        }
        for (i, p) in self.mu_probability.iter().enumerate() {
            within(&format!("source.mu_probability[{i}]"), *p, 0.001, 1.0)?;
        }
        if (self.mu_probability.iter().sum::<f64>() - 1.0).abs() > 1e-9 {
            return Err(refuse("source.mu_probability", format!("{:?}", self.mu_probability), "a sum of 1"));
        }
        within("source.intensity_sd", self.intensity_sd, 0.0, 0.5)?;
        within("source.brightness", self.brightness, 1e-4, 1.0)?;
        within("source.g2", self.g2, 0.0, 1.0)
    }

    /// Mean photon numbers and probabilities of the intensities that this source sends; a source of single
    /// photons has one.
    #[must_use]
    pub fn intensities(&self) -> [(f64, f64); INTENSITIES] {
        match self.kind {
            SourceKind::Decoy => std::array::from_fn(|k| (self.mu[k], self.mu_probability[k])),
            SourceKind::SinglePhoton => [(self.brightness, 1.0), (0.0, 0.0), (0.0, 0.0)],
            SourceKind::Ideal => [(1.0, 1.0), (0.0, 0.0), (0.0, 0.0)],
        }
    }

    /// Mean photons of a pulse.
    #[must_use]
    pub fn mean_photons(&self) -> f64 {
        self.intensities().iter().map(|(mu, p)| mu * p).sum()
    }
}

/// Refuses a number that is not from `min` to `max`; not-a-number and infinities never are.
///
/// # Errors
/// [`ParamError`] that names `field`, the number and the range.
pub fn within(field: &str, x: f64, min: f64, max: f64) -> Result<(), ParamError> {
    if x >= min && x <= max {
        Ok(())
    } else {
        Err(refuse(field, x, &format!("a number from {min} to {max}")))
    }
}

/// The error that says what `field` holds and what was expected.
#[must_use]
pub fn refuse(field: &str, value: impl ToString, expected: &str) -> ParamError {
    ParamError { field: field.into(), value: value.to_string(), expected: expected.into() }
}
