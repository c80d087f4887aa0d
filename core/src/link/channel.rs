//! The channel between two roofs: how much light arrives, how much of it is noise.

use super::params::{INTENSITIES, Params};
use std::f64::consts::PI;

/// What the world does to a link.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Conditions {
    /// Meteorological visibility, kilometres.
    pub visibility_km: f64,
    /// Fraction of pulses that an eavesdropper intercepts and resends, 0 to 1.
    pub eve_fraction: f64,
    /// Something stands in the beam: no light gets through.
    pub blocked: bool,
}

/// A channel as it stands: constant over a slot.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Channel {
    /// Loss by the beam's spread over the receiver's edge, dB.
    pub geometric_loss_db: f64,
    /// Loss by scattering and absorption in the air, dB.
    pub atmosphere_loss_db: f64,
    /// Windows, filters, coupling, dB.
    pub optics_loss_db: f64,
    /// Transmittance from source to click, detector included, 0 to 1.
    pub eta: f64,
    /// Probability that one detector clicks in a gate without signal: dark counts and sky light.
    pub noise_per_gate: f64,
    /// Probability that a photon goes to the wrong detector of its basis.
    pub misalignment: f64,
    /// Fraction of pulses intercepted and resent.
    pub eve_fraction: f64,
}

impl Channel {
    /// The channel of a link of `range_m` metres.
    #[must_use]
    pub fn new(params: &Params, range_m: f64, conditions: &Conditions) -> Self {
        let geometric_loss_db = geometric_loss_db(params, range_m);
        let atmosphere_loss_db =
            kim_db_per_km(conditions.visibility_km, params.wavelength_nm) * range_m / 1_000.0;
        let loss_db = geometric_loss_db + atmosphere_loss_db + params.optics_loss_db;
        let gate_s = params.gate_ns * 1e-9;
        let noise_hz = params.dark_counts_hz + background_hz(params) / 2.0;
        Self {
            geometric_loss_db,
            atmosphere_loss_db,
            optics_loss_db: params.optics_loss_db,
            eta: libm::pow(10.0, -loss_db / 10.0) * params.detector_efficiency,
            noise_per_gate: -libm::expm1(-noise_hz * gate_s),
            misalignment: params.misalignment,
            eve_fraction: conditions.eve_fraction,
        }
    }

    /// Loss of the channel without the detector, dB.
    #[must_use]
    pub fn loss_db(&self) -> f64 {
        self.geometric_loss_db + self.atmosphere_loss_db + self.optics_loss_db
    }

    /// Probability that a pulse of mean photon number `mu` gives at least one click.
    #[must_use]
    pub fn gain(&self, mu: f64) -> f64 {
        let dark = 1.0 - self.noise_per_gate;
        1.0 - dark * dark * libm::exp(-mu * self.eta)
    }

    /// Probability of a click over the source's intensities.
    #[must_use]
    pub fn mean_gain(&self, params: &Params) -> f64 {
        (0..INTENSITIES).map(|k| params.mu_probability[k] * self.gain(params.mu[k])).sum()
    }
}

/// Loss of a centred Gaussian beam at a circular aperture, dB:
/// w(L) = w0 sqrt(1 + (lambda L / (pi w0²))²), eta = 1 - exp(-2 a²/w²) (Saleh and Teich, section 3.1).
#[must_use]
pub fn geometric_loss_db(params: &Params, range_m: f64) -> f64 {
    let w0 = params.waist_mm * 1e-3;
    let spread = params.wavelength_nm * 1e-9 * range_m / (PI * w0 * w0);
    let w2 = w0 * w0 * (1.0 + spread * spread);
    let a = params.aperture_mm * 0.5e-3;
    -10.0 * libm::log10(-libm::expm1(-2.0 * a * a / w2))
}

/// Attenuation of the air by its visibility, dB a kilometre (Kim, McArthur and Korevaar 2001):
/// sigma = (3.91 / V) (lambda / 550 nm)^-q.
#[must_use]
pub fn kim_db_per_km(visibility_km: f64, wavelength_nm: f64) -> f64 {
    let v = visibility_km;
    let q = if v > 50.0 {
        1.6
    } else if v > 6.0 {
        1.3
    } else if v > 1.0 {
        0.16 * v + 0.34
    } else if v > 0.5 {
        v - 0.5
    } else {
        0.0
    };
    let per_km = 3.91 / v * libm::pow(wavelength_nm / 550.0, -q);
    10.0 * std::f64::consts::LOG10_E * per_km
}

/// Sky light that a receiver's detectors count, counts a second in all:
/// N = H Omega A d_lambda eta lambda / (h c), Omega = pi (FOV/2)² (Miao et al. 2005).
#[must_use]
pub fn background_hz(params: &Params) -> f64 {
    let half = params.field_of_view_urad * 0.5e-6;
    let omega = PI * half * half;
    let radius = params.aperture_mm * 0.5e-3;
    let watts = params.sky_radiance * omega * PI * radius * radius * params.filter_nm * 1e-3;
    let photon_j = 6.626_070_15e-34 * 299_792_458.0 / (params.wavelength_nm * 1e-9);
    watts * libm::pow(10.0, -params.optics_loss_db / 10.0) * params.detector_efficiency / photon_j
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn kim_gives_the_published_losses_over_300_m() {
        for (v, db) in [(23.0, 0.126), (10.0, 0.289), (4.0, 0.831), (1.0, 4.10), (0.5, 10.2), (0.2, 25.5)] {
            let ours = kim_db_per_km(v, 850.0) * 0.3;
            assert!((ours - db).abs() < 0.006 * db.max(1.0), "{v} km: {ours} dB of {db}");
        }
    }

    #[test]
    fn a_beam_of_10_mm_fills_its_receiver_at_300_m() {
        let wide = Params::default();
        let narrow = Params { aperture_mm: 25.0, ..Params::default() };
        let eta = |p: &Params| libm::pow(10.0, -geometric_loss_db(p, 300.0) / 10.0);
        assert!((eta(&wide) - 0.9995).abs() < 1e-4, "{}", eta(&wide));
        assert!((eta(&narrow) - 0.848).abs() < 1e-3, "{}", eta(&narrow));
    }

    #[test]
    fn a_clear_day_gives_the_published_background() {
        let p = Params { optics_loss_db: 10.0 * std::f64::consts::LOG10_2, ..Params::default() };
        let n = background_hz(&p);
        assert!((n / 2.5e4 - 1.0).abs() < 0.03, "{n}");
    }

    proptest! {
        #[test]
        fn loss_grows_with_range_and_falls_with_visibility(r in 50.0f64..2000.0, dr in 1.0f64..500.0, v in 0.1f64..80.0) {
            let p = Params::default();
            let at = |r, v| Channel::new(&p, r, &Conditions { visibility_km: v, eve_fraction: 0.0, blocked: false });
            prop_assert!(at(r + dr, v).loss_db() > at(r, v).loss_db());
            prop_assert!(at(r, v * 1.01).atmosphere_loss_db <= at(r, v).atmosphere_loss_db + 1e-12);
        }
    }
}
