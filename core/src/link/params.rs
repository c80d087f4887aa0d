//! What is built on the roofs: source, optics, detectors. Checked once, when a scenario is read.

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// A parameter out of its range.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{field}: {value}; expected {expected}")]
pub struct ParamError {
    /// The field.
    pub field: String,
    /// Its value.
    pub value: String,
    /// What was expected.
    pub expected: String,
}

/// Intensities of the weak coherent source: signal, weak decoy, vacuum.
pub const INTENSITIES: usize = 3;

/// A rooftop link's hardware.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Params {
    /// Pulses a second, 1 kHz to 1 GHz.
    pub pulse_rate_hz: f64,
    /// Mean photon numbers mu1 > mu2 + mu3, mu2 > mu3 >= 0 (Lim et al. 2014).
    pub mu: [f64; INTENSITIES],
    /// Probabilities of the intensities; their sum is 1.
    pub mu_probability: [f64; INTENSITIES],
    /// Probability of the key basis X at both ends.
    pub p_x: f64,
    /// Pulses of one distillation block.
    pub block_pulses: u64,
    /// Length of a slot over which the channel is constant, seconds.
    pub slot_s: f64,
    /// Wavelength, nanometres.
    pub wavelength_nm: f64,
    /// Beam waist (1/e² radius) at the transmitter, millimetres.
    pub waist_mm: f64,
    /// Diameter of the receiver's aperture, millimetres.
    pub aperture_mm: f64,
    /// Loss of windows, filters and coupling, dB.
    pub optics_loss_db: f64,
    /// Detector efficiency, 0 to 1.
    pub detector_efficiency: f64,
    /// Dark counts of one detector, counts a second.
    pub dark_counts_hz: f64,
    /// Length of the detection gate, nanoseconds.
    pub gate_ns: f64,
    /// Probability that a photon goes to the wrong detector of its basis.
    pub misalignment: f64,
    /// Sky radiance, W m⁻² sr⁻¹ µm⁻¹: 1.5 by clear day (Miao et al. 2005).
    pub sky_radiance: f64,
    /// Full field of view of the receiver, microradians.
    pub field_of_view_urad: f64,
    /// Width of the spectral filter, nanometres.
    pub filter_nm: f64,
    /// Below this visibility the tracking loses the beam, kilometres.
    pub lost_below_km: f64,
}

impl Default for Params {
    /// A rooftop link of 150 to 300 m at 850 nm with a 1 MHz source.
    fn default() -> Self {
        Self {
            pulse_rate_hz: 1e6,
            mu: [0.6, 0.25, 0.0],
            mu_probability: [0.4, 0.4, 0.2],
            p_x: 0.7,
            block_pulses: 4_000_000,
            slot_s: 0.25,
            wavelength_nm: 850.0,
            waist_mm: 10.0,
            aperture_mm: 50.0,
            optics_loss_db: 3.0,
            detector_efficiency: 0.5,
            dark_counts_hz: 250.0,
            gate_ns: 1.0,
            misalignment: 0.01,
            sky_radiance: 1.5,
            field_of_view_urad: 100.0,
            filter_nm: 1.0,
            lost_below_km: 0.05,
        }
    }
}

impl Params {
    /// Checks every field.
    ///
    /// # Errors
    /// [`ParamError`] for the first field out of its range.
    pub fn check(&self) -> Result<(), ParamError> {
        let range = |field: &str, x: f64, min: f64, max: f64| {
            if x >= min && x <= max {
                Ok(())
            } else {
                Err(refuse(field, x, &format!("a number from {min} to {max}")))
            }
        };
        range("pulse_rate_hz", self.pulse_rate_hz, 1e3, 1e9)?;
        for (i, mu) in self.mu.iter().enumerate() {
            range(&format!("mu[{i}]"), *mu, 0.0, 2.0)?;
        }
        if !(self.mu[0] > self.mu[1] + self.mu[2] && self.mu[1] > self.mu[2]) {
            return Err(refuse(
                "mu",
                format!("{:?}", self.mu),
                "mu1 > mu2 + mu3 and mu2 > mu3 (Lim et al. 2014)",
            ));
        }
        for (i, p) in self.mu_probability.iter().enumerate() {
            range(&format!("mu_probability[{i}]"), *p, 0.001, 1.0)?;
        }
        if (self.mu_probability.iter().sum::<f64>() - 1.0).abs() > 1e-9 {
            return Err(refuse("mu_probability", format!("{:?}", self.mu_probability), "a sum of 1"));
        }
        range("p_x", self.p_x, 0.05, 0.99)?;
        range("block_pulses", self.block_pulses as f64, 1e4, 1e10)?;
        range("slot_s", self.slot_s, 0.001, 10.0)?;
        range("wavelength_nm", self.wavelength_nm, 400.0, 2_000.0)?;
        range("waist_mm", self.waist_mm, 0.1, 500.0)?;
        range("aperture_mm", self.aperture_mm, 1.0, 2_000.0)?;
        range("optics_loss_db", self.optics_loss_db, 0.0, 60.0)?;
        range("detector_efficiency", self.detector_efficiency, 0.001, 1.0)?;
        range("dark_counts_hz", self.dark_counts_hz, 0.0, 1e7)?;
        range("gate_ns", self.gate_ns, 0.01, 1e9 / self.pulse_rate_hz)?;
        range("misalignment", self.misalignment, 0.0, 0.5)?;
        range("sky_radiance", self.sky_radiance, 0.0, 1e4)?;
        range("field_of_view_urad", self.field_of_view_urad, 1.0, 1e5)?;
        range("filter_nm", self.filter_nm, 0.001, 100.0)?;
        range("lost_below_km", self.lost_below_km, 0.0, 10.0)
    }
}

fn refuse(field: &str, value: impl ToString, expected: &str) -> ParamError {
    ParamError { field: field.into(), value: value.to_string(), expected: expected.into() }
}
