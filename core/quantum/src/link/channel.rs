//! The channel between two roofs: how much light arrives, how much of it is noise, and how it fades.

use super::air::{Air, Precipitation, ScatteringModel};
use super::beam::{spot_radius_m, truncated_waist_m};
use super::collection::{collected_centred, collected_mean};
use super::eve::Attack;
use super::fading::{Path, Statistics};
use super::params::{BasisChoice, Params};
use super::qrng::Fault;
use super::sky;
use super::turbulence::Wave;
use serde::Serialize;

/// What the world does to a link.
#[derive(Clone, Debug, PartialEq)]
pub struct Conditions {
    /// The air along the link.
    pub air: Air,
    /// Refractive index structure parameter along the link, m^(-2/3); 0 is still air.
    pub cn2_m23: f64,
    /// Mean wind across the line of sight, metres a second.
    pub wind_mps: f64,
    /// Gusts on the roofs from wherever they come, metres a second.
    pub gust_mps: f64,
    /// Temperature of the air, degrees Celsius.
    pub air_c: f64,
    /// Share of the source's cooling that is left, 0 to 1.
    pub cooler_health: f64,
    /// What is wrong with the source's random number generator.
    pub qrng_fault: Option<Fault>,
    /// Spectral radiance of the sky behind the sender, W m⁻² sr⁻¹ µm⁻¹.
    pub sky_radiance: f64,
    /// An attack on the link.
    pub attack: Option<Attack>,
    /// Something stands in the beam: no light gets through.
    pub blocked: bool,
}

impl Default for Conditions {
    /// A clear day without turbulence: 20 km of sight.
    fn default() -> Self {
        Self {
            air: Air {
                scattering: ScatteringModel::Kim,
                visibility_km: 20.0,
                precipitation: Precipitation::None,
            },
            cn2_m23: 0.0,
            wind_mps: 3.0,
            gust_mps: 5.0,
            air_c: 15.0,
            cooler_health: 1.0,
            qrng_fault: None,
            sky_radiance: 1.5,
            attack: None,
            blocked: false,
        }
    }
}

/// What takes the light, in the order of its way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum LossKind {
    /// The beam is wider than the receiver's aperture: truncation and diffraction.
    Spread,
    /// Turbulence widens it and lets it wander.
    Turbulence,
    /// The mounts tremble.
    Pointing,
    /// Haze or fog scatters it.
    Scattering,
    /// Molecules absorb it.
    Absorption,
    /// Rain or snow.
    Precipitation,
    /// An eavesdropper keeps some.
    Tap,
    /// Windows, filters and coupling of the receiver.
    Optics,
    /// The detectors' efficiency.
    Detector,
    /// Clicks that come outside their gate.
    Gate,
    /// All of a channel's loss in one figure, as a measured link is known.
    Given,
}

/// One line of a link's budget.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Loss {
    /// What takes the light.
    pub kind: LossKind,
    /// How much of it, dB, 0 or more.
    pub loss_db: f64,
    /// Where the formula is from.
    pub source: &'static str,
}

impl Loss {
    /// The line belongs to the detector and not to the channel.
    #[must_use]
    pub fn of_detector(&self) -> bool {
        matches!(self.kind, LossKind::Detector | LossKind::Gate)
    }
}

/// Most lines of a budget.
const LINES: usize = 10;

/// A channel as it stands: constant over a slot, but for the fading.
#[derive(Clone, Debug, PartialEq)]
pub struct Channel {
    /// Where the light goes, in the order of its way.
    pub budget: [Loss; LINES],
    /// How the collected light varies.
    pub fading: Statistics,
    /// Share of the light at the receiver's plane that goes into its aperture, the mean over the fading.
    pub mean_collected: f64,
    /// Counts of one detector of basis X or Z a second without signal: dark, sky light, jamming.
    pub noise_hz: [f64; 2],
    /// Sky light that all detectors count, counts a second.
    pub background_hz: f64,
    /// Probability that such a detector clicks in a gate without signal.
    pub noise_per_gate: [f64; 2],
    /// Probability that a photon goes to the wrong detector of its basis.
    pub misalignment: f64,
    /// An attack.
    pub attack: Option<Attack>,
    /// No light gets through.
    pub blocked: bool,
    /// Transmittance of the air, 0 to 1.
    air: f64,
    /// Transmittance of a photon in the receiver's aperture, detector included, 0 to 1.
    receiver: f64,
}

/// What a loss lets through.
fn through(loss_db: f64) -> f64 {
    libm::pow(10.0, -loss_db / 10.0)
}

fn decibels(share: f64) -> f64 {
    -10.0 * libm::log10(share)
}

impl Channel {
    /// The channel of a link of `range_m` metres.
    #[must_use]
    pub fn new(params: &Params, range_m: f64, conditions: &Conditions) -> Self {
        let (transmitter, receiver, detector) = (&params.transmitter, &params.receiver, &params.detector);
        let nm = transmitter.wavelength_nm;
        let waist_m = truncated_waist_m(transmitter.waist_mm * 1e-3, transmitter.aperture_mm * 0.5e-3);
        let aperture_radius_m = receiver.aperture_mm * 0.5e-3;
        let fading = Statistics::new(&Path {
            wavelength_nm: nm,
            range_m,
            waist_m,
            aperture_radius_m,
            wave: Wave::Plane,
            cn2_m23: conditions.cn2_m23,
            wind_m_per_s: conditions.wind_mps,
            pointing_rad: transmitter.jitter_urad * 1e-6,
            pointing_time_s: transmitter.jitter_time_s,
        });
        let still = collected_centred(spot_radius_m(waist_m, nm, range_m), aperture_radius_m);
        let wandering = collected_mean(fading.spot_radius_m, aperture_radius_m, fading.wander_sigma_m);
        let mean_collected = fading.mean();
        // Params::check refuses a wavelength at which single lines of absorption decide.
        let [scattering, absorption, precipitation] =
            conditions.air.losses_db(nm, range_m).unwrap_or_default();
        let in_gate = in_gate(detector.gate_ns, detector.jitter_ps);
        let tap = match conditions.attack {
            Some(Attack::BeamSplitting { fraction }) => decibels(1.0 - fraction),
            _ => 0.0,
        };
        let line = |kind, loss_db: f64, source| Loss { kind, loss_db: loss_db.max(0.0), source };
        let scattered_by = match conditions.air.scattering {
            ScatteringModel::Kim => "Kim, McArthur and Korevaar 2001",
            ScatteringModel::Kruse => "Kruse, McGlauchlin and McQuistan 1962",
            ScatteringModel::AdvectionFog | ScatteringModel::RadiationFog => {
                "Al Naboulsi, Sizun and de Fornel 2004"
            }
        };
        let fallen_by = match conditions.air.precipitation {
            Precipitation::DrySnow { .. } | Precipitation::WetSnow { .. } => "ITU-R P.1817-1",
            Precipitation::None | Precipitation::Rain { .. } => "Carbonneau and Wisely 1998",
        };
        let budget = [
            line(LossKind::Spread, decibels(still), "Saleh and Teich 2007, 3.1; Klein and Degnan 1974"),
            line(LossKind::Turbulence, decibels(wandering / still), "Andrews and Phillips 2005, ch. 6"),
            line(LossKind::Pointing, decibels(mean_collected / wandering), "exact integral, Rayleigh error"),
            line(LossKind::Scattering, scattering, scattered_by),
            line(LossKind::Absorption, absorption, "Ghassemlooy, Popoola and Rajbhandari 2012, ch. 3"),
            line(LossKind::Precipitation, precipitation, fallen_by),
            line(LossKind::Tap, tap, "attack"),
            line(LossKind::Optics, receiver.optics_loss_db, "given"),
            line(LossKind::Detector, decibels(detector.efficiency), "given"),
            line(LossKind::Gate, decibels(in_gate), "Gaussian jitter, erf(g / (2 sqrt(2) sigma))"),
        ];
        let own = through(receiver.optics_loss_db) * detector.efficiency;
        let sky = sky::Receiver {
            field_of_view_rad: receiver.field_of_view_urad * 1e-6,
            aperture_radius_m,
            filter_nm: receiver.filter_nm,
            transmittance: through(receiver.optics_loss_db),
            efficiency: detector.efficiency,
        };
        let background_hz = sky.background_hz(conditions.sky_radiance, nm);
        let jamming_hz = match conditions.attack {
            Some(Attack::Jamming { counts_hz }) => counts_hz,
            _ => 0.0,
        };
        let shares = match receiver.basis_choice {
            BasisChoice::Active => [0.5, 0.5],
            BasisChoice::Passive => [params.p_x / 2.0, (1.0 - params.p_x) / 2.0],
        };
        let air = through(scattering + absorption + precipitation);
        let noise_hz = shares.map(|share| detector.dark_counts_hz + (background_hz + jamming_hz) * share);
        // Light of the neighbouring pulses that comes late or early; without regard to what they were.
        let stray = if conditions.blocked {
            0.0
        } else {
            params.source.mean_photons() * mean_collected * air * own * out_of_gate(params)
        };
        let gate_s = detector.gate_ns * 1e-9;
        Self {
            budget,
            mean_collected,
            noise_hz,
            background_hz,
            noise_per_gate: std::array::from_fn(|z| -libm::expm1(-noise_hz[z] * gate_s - stray * shares[z])),
            misalignment: receiver.misalignment,
            attack: conditions.attack,
            blocked: conditions.blocked,
            air,
            receiver: own * in_gate,
            fading,
        }
    }

    /// Transmittance from source to click where a share `collected` of the light goes into the aperture, 0 to 1.
    #[must_use]
    pub fn eta(&self, collected: f64) -> f64 {
        collected * self.air * self.receiver
    }

    /// Transmittance of a photon that is put into the receiver's aperture.
    #[must_use]
    pub fn eta_receiver(&self) -> f64 {
        self.receiver
    }

    /// Loss of the channel without the detector, dB.
    #[must_use]
    pub fn loss_db(&self) -> f64 {
        self.budget.iter().filter(|l| !l.of_detector()).map(|l| l.loss_db).sum()
    }

    /// The same where a share `collected` of the light goes into the aperture.
    #[must_use]
    pub fn loss_at_db(&self, collected: f64) -> f64 {
        self.loss_db() + decibels(collected / self.mean_collected)
    }

    /// The same channel where source and detectors are `loss_db` apart, 0 or more, by whatever it was measured to be:
    /// noise, optics of the receiver towards the sky and detectors stay.
    #[must_use]
    pub fn of_loss(mut self, params: &Params, loss_db: f64) -> Self {
        let share = through(loss_db - self.loss_db());
        let gate_s = params.detector.gate_ns * 1e-9;
        for (noise, hz) in self.noise_per_gate.iter_mut().zip(self.noise_hz) {
            // What is not counts without signal is light of the neighbouring pulses.
            let stray = -libm::log1p(-*noise) - hz * gate_s;
            *noise = -libm::expm1(-hz * gate_s - stray.max(0.0) * share);
        }
        self.mean_collected *= share;
        for line in self.budget.iter_mut().filter(|line| !line.of_detector()) {
            line.loss_db = 0.0;
        }
        self.budget[0] = Loss { kind: LossKind::Given, loss_db, source: "given" };
        self
    }

    /// Loss by the air alone, dB.
    #[must_use]
    pub fn air_loss_db(&self) -> f64 {
        decibels(self.air)
    }
}

/// Share of the clicks that fall into their gate: a Gaussian of `jitter_ps` about its middle.
fn in_gate(gate_ns: f64, jitter_ps: f64) -> f64 {
    if jitter_ps > 0.0 {
        libm::erf(gate_ns * 1e3 / (2.0 * std::f64::consts::SQRT_2 * jitter_ps))
    } else {
        1.0
    }
}

/// Share of a pulse's clicks that falls into the two gates beside its own.
fn out_of_gate(params: &Params) -> f64 {
    let (gate_ns, sigma_ns) = (params.detector.gate_ns, params.detector.jitter_ps * 1e-3);
    if sigma_ns <= 0.0 {
        return 0.0;
    }
    let period_ns = 1e9 / params.source.pulse_rate_hz;
    let beyond = |t_ns: f64| 0.5 * libm::erfc(t_ns / (std::f64::consts::SQRT_2 * sigma_ns));
    2.0 * (beyond(period_ns - gate_ns / 2.0) - beyond(period_ns + gate_ns / 2.0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::link::Law;
    use crate::link::params::{Detector, Receiver, Source};
    use proptest::prelude::*;

    fn seeing(visibility_km: f64) -> Conditions {
        let clear = Conditions::default();
        Conditions { air: Air { visibility_km, ..clear.air }, cn2_m23: 1e-14, ..clear }
    }

    #[test]
    fn the_budget_adds_up_to_the_transmittance() {
        let detector = Detector { jitter_ps: 300.0, ..Detector::default() };
        let params = Params { detector, ..Params::default() };
        for conditions in [
            seeing(20.0),
            seeing(0.4),
            Conditions { attack: Some(Attack::BeamSplitting { fraction: 0.3 }), ..seeing(5.0) },
        ] {
            let channel = Channel::new(&params, 281.0, &conditions);
            let total: f64 = channel.budget.iter().map(|l| l.loss_db).sum();
            let tapped = if conditions.attack.is_some() { 0.7 } else { 1.0 };
            let eta = channel.eta(channel.mean_collected) * tapped;
            assert!((through(total) / eta - 1.0).abs() < 1e-9, "{total} {eta}");
        }
    }

    #[test]
    fn a_given_loss_is_the_loss() {
        let source = Source { pulse_rate_hz: 1e9, ..Source::default() };
        let detector = Detector { jitter_ps: 300.0, ..Detector::default() };
        let params = Params { source, detector, ..Params::default() };
        let channel = Channel::new(&params, 281.0, &seeing(20.0));
        let same = channel.clone().of_loss(&params, channel.loss_db());
        assert!((same.noise_per_gate[0] / channel.noise_per_gate[0] - 1.0).abs() < 1e-9);
        assert!((same.eta(same.mean_collected) / channel.eta(channel.mean_collected) - 1.0).abs() < 1e-12);
        let lossy = channel.of_loss(&params, 60.0);
        assert_eq!(lossy.loss_db(), 60.0);
        let eta = 1e-6 * params.detector.efficiency * in_gate(1.0, 300.0);
        assert!((lossy.eta(lossy.mean_collected) / eta - 1.0).abs() < 1e-9);
        assert!((lossy.noise_per_gate[0] / (lossy.noise_hz[0] * 1e-9) - 1.0).abs() < 1e-3, "no stray light");
    }

    #[test]
    fn jitter_takes_what_falls_out_of_the_gate_and_gives_it_to_the_neighbours() {
        // One standard deviation to each side: 68.27 %.
        assert!((in_gate(1.0, 500.0) - 0.682_689_492).abs() < 1e-9);
        let source = Source { pulse_rate_hz: 1e9, ..Source::default() };
        let detector = Detector { jitter_ps: 500.0, ..Detector::default() };
        let params = Params { source, detector, ..Params::default() };
        // Gates side by side: the neighbours get what lies from one to three standard deviations.
        assert!((out_of_gate(&params) - (0.997_300_204 - 0.682_689_492)).abs() < 1e-9);
    }

    #[test]
    fn a_blocked_beam_leaves_noise_alone() {
        let channel = Channel::new(&Params::default(), 200.0, &Conditions { blocked: true, ..seeing(20.0) });
        let law = Law::new(&Params::default(), &channel, 1.0, 0.0);
        assert!((law.qber(&Params::default(), false) - 0.5).abs() < 1e-9);
        assert!(law.gain() < 1e-4);
    }

    proptest! {
        #[test]
        fn loss_grows_with_range_and_falls_with_visibility(r in 50.0f64..2000.0, dr in 1.0f64..500.0, v in 0.1f64..80.0) {
            let at = |r, v| Channel::new(&Params::default(), r, &seeing(v)).loss_db();
            prop_assert!(at(r + dr, v) > at(r, v));
            prop_assert!(at(r, v * 1.01) <= at(r, v) + 1e-12);
        }

        #[test]
        fn errors_rise_with_the_eavesdroppers_share_as_theory_says(f in 0.0f64..1.0, df in 0.001f64..0.2) {
            let params = Params::default();
            let qber = |fraction: f64| {
                let basis = super::super::eve::EveBasis::Random;
                let attack = Some(Attack::InterceptResend { fraction: fraction.min(1.0), basis });
                let channel = Channel::new(&params, 212.0, &Conditions { attack, ..seeing(20.0) });
                Law::new(&params, &channel, channel.mean_collected, 0.0).qber(&params, false)
            };
            let honest = qber(0.0);
            // Half of the pulses that she takes lose their bit, half of them show it: f/4 + (1 - f/2) e.
            prop_assert!((qber(f) - (f / 4.0 + (1.0 - f / 2.0) * honest)).abs() < 2e-4);
            prop_assert!(qber(f + df) > qber(f) || f + df > 1.0);
        }

        #[test]
        fn no_more_is_detected_than_was_sent(r in 50.0f64..2000.0, mu in 0.05f64..2.0, passive: bool) {
            let source = Source { mu: [mu, mu / 3.0, 0.0], ..Source::default() };
            let basis_choice = if passive { BasisChoice::Passive } else { BasisChoice::Active };
            let receiver = Receiver { basis_choice, ..Receiver::default() };
            let detector = Detector { dark_counts_hz: 0.0, ..Detector::default() };
            let params = Params { source, receiver, detector, ..Params::default() };
            let channel = Channel::new(&params, r, &Conditions { sky_radiance: 0.0, ..seeing(20.0) });
            prop_assert!(channel.mean_collected <= 1.0 && channel.eta(1.0) <= 1.0);
            let law = Law::new(&params, &channel, channel.mean_collected, 0.0);
            // A click needs a photon that came through: never more clicks than photons times transmittance.
            let sent = params.source.mean_photons();
            prop_assert!(law.gain() <= sent * channel.eta(channel.mean_collected) + 1e-12);
            prop_assert!(law.gain() > 0.0);
        }
    }
}
