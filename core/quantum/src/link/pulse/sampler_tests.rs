//! Both samplers against the reference: every pulse on its own, photon by photon, gate by gate.

use super::*;
use crate::ground::Streams;
use crate::link::eve::EveBasis;
use crate::link::params::{Receiver, Source, SourceKind};
use crate::link::photon::PhotonNumber;
use crate::link::{Attack, Channel, Conditions};

/// A receiver and its detectors, photon by photon: nothing of `law` is used but the meaning of a category.
struct Reference<'a> {
    params: &'a Params,
    channel: &'a Channel,
    rng: Rng,
    gate: u64,
    blind_until: u64,
    afterpulses: Vec<(u64, usize)>,
}

impl Reference<'_> {
    fn photons(&mut self, mu: f64) -> usize {
        let table = PhotonNumber::of(&self.params.source, mu).table();
        let mut u = self.rng.uniform();
        table
            .iter()
            .position(|p| {
                u -= p;
                u < 0.0
            })
            .unwrap_or(0)
    }

    /// The photons' bases and bits after the eavesdropper, and the transmittance of their way.
    fn after_eve(&mut self, z: bool, x: bool, mu: f64, passed: (f64, f64)) -> (Vec<(f64, bool)>, f64) {
        // A photon's state as its angle in units of 22.5 degrees is too much for here: the probability that it is
        // found as 1 in Bob's basis, by basis, says all. Kept as (angle, bit).
        let angle = |z: bool| if z { 45.0 } else { 0.0 };
        let honest = self.channel.eta(self.channel.mean_collected);
        let n = self.photons(mu);
        let sent = vec![(angle(z), x); n];
        match self.channel.attack {
            Some(Attack::InterceptResend { fraction, basis }) if self.rng.chance(fraction) => {
                let hers = match basis {
                    EveBasis::Random => angle(self.rng.chance(0.5)),
                    EveBasis::X => 0.0,
                    EveBasis::Z => 45.0,
                    EveBasis::Breidbart => 22.5,
                };
                let found = sent.into_iter().map(|photon| (hers, self.measure(photon, hers))).collect();
                (found, honest)
            }
            Some(Attack::PhotonNumberSplitting { fraction }) if self.rng.chance(fraction) => {
                let left = match n {
                    0 => 0,
                    1 => usize::from(self.rng.chance(passed.0)),
                    _ if self.rng.chance(passed.1) => n - 1,
                    _ => 0,
                };
                (vec![(angle(z), x); left], self.channel.eta_receiver())
            }
            Some(Attack::BeamSplitting { fraction }) => (sent, honest * (1.0 - fraction)),
            _ => (sent, honest),
        }
    }

    /// Measures a photon prepared as (angle, bit) at another angle (Malus).
    fn measure(&mut self, (angle, bit): (f64, bool), at: f64) -> bool {
        let turn = libm::cos((angle - at).to_radians());
        bit ^ self.rng.chance(1.0 - turn * turn)
    }

    fn pulse(&mut self, passed: (f64, f64)) -> Option<(u64, usize)> {
        let gate = self.gate;
        self.gate += 1;
        let intensities = self.params.source.intensities();
        let mut u = self.rng.uniform();
        let k = intensities
            .iter()
            .position(|(_, p)| {
                u -= p;
                u < 0.0
            })
            .unwrap_or(0);
        let (z_a, x_a) = (!self.rng.chance(self.params.p_x), self.rng.chance(0.5));
        let bobs = !self.rng.chance(self.params.p_x);
        let (photons, eta) = self.after_eve(z_a, x_a, intensities[k].0, passed);
        let passive = self.params.receiver.basis_choice == BasisChoice::Passive;
        let mut clicked = [[false; 2]; 2];
        for (z, detectors) in [false, true].into_iter().zip(&mut clicked) {
            if passive || z == bobs {
                for detector in detectors {
                    *detector = self.rng.chance(self.channel.noise_per_gate[usize::from(z)]);
                }
            }
        }
        for photon in photons {
            if self.rng.chance(eta) {
                let z = if passive { !self.rng.chance(self.params.p_x) } else { bobs };
                let bit = self.measure(photon, if z { 45.0 } else { 0.0 });
                let bit = bit ^ self.rng.chance(self.channel.misalignment);
                clicked[usize::from(z)][usize::from(bit)] = true;
            }
        }
        if gate < self.blind_until {
            return None;
        }
        self.afterpulses.retain(|(at, _)| *at >= gate);
        if let Some(i) = self.afterpulses.iter().position(|(at, _)| *at == gate) {
            let (_, detector) = self.afterpulses.remove(i);
            let z = if passive { detector >> 1 } else { usize::from(bobs) };
            clicked[z][detector & 1] = true;
        }
        let z_b = match clicked.map(|basis| basis[0] || basis[1]) {
            [false, false] => return None,
            [true, false] => 0,
            [false, true] => 1,
            [true, true] => usize::from(self.rng.chance(0.5)),
        };
        let x_b = match clicked[z_b] {
            [true, true] => usize::from(self.rng.chance(0.5)),
            [zero, _] => usize::from(!zero),
        };
        let d = &self.params.detector;
        let rate = self.params.source.pulse_rate_hz * 1e-9;
        self.blind_until = gate + 1 + (d.dead_time_ns * rate) as u64;
        if self.rng.chance(d.afterpulse_probability) {
            let wait = (sample::exponential(&mut self.rng) * d.afterpulse_time_ns * rate) as u64;
            self.afterpulses.push((self.blind_until + wait, if passive { z_b << 1 | x_b } else { x_b }));
        }
        Some((gate, k << 4 | x_b << 3 | z_b << 2 | usize::from(x_a) << 1 | usize::from(z_a)))
    }
}

/// What is compared: categories, and gaps between clicks in classes that double.
fn histogram(clicks: impl Iterator<Item = (u64, usize)>) -> Vec<f64> {
    let (mut counts, mut last) = (vec![0.0; CELLS + 40], None);
    for (gate, category) in clicks {
        counts[category] += 1.0;
        if let Some(last) = last {
            let gap: u64 = gate - last;
            counts[CELLS + (64 - gap.leading_zeros()) as usize] += 1.0;
        }
        last = Some(gate);
    }
    counts
}

fn drawn(params: &Params, law: &Law, pulses: u64, seed: u64) -> Vec<f64> {
    let mut out = Detections::default();
    let (drawer, mut memory) =
        (Drawer::new(params, true), Memory::new(&mut Streams::new(seed).stream("nature")));
    let mut rng = Streams::new(seed).stream("slot");
    // In slots of odd lengths: what is remembered must carry over.
    let mut left = pulses;
    while left > 0 {
        let slot = left.min(9_973);
        drawer.slot(law, slot, &mut memory, &mut rng, &mut out);
        left -= slot;
    }
    assert_eq!(out.pulses, pulses);
    assert!(out.gates.windows(2).all(|w| w[0] < w[1]), "a gate clicked twice");
    let planes = [&out.alice.bases, &out.alice.bits, &out.bob.bases, &out.bob.bits];
    let planes: Vec<_> = planes.into_iter().chain(&out.alice.intensity).collect();
    let category = |i| planes.iter().rev().fold(0, |sum, plane| 2 * sum + usize::from(plane.get(i)));
    histogram(out.gates.iter().enumerate().map(|(i, gate)| (*gate, category(i))))
}

/// Chi-square of two histograms of the same size of sample, over cells with enough in them.
fn differs(a: &[f64], b: &[f64]) -> Option<String> {
    let (mut chi2, mut cells) = (0.0, 0.0);
    for (x, y) in a.iter().zip(b).filter(|(x, y)| *x + *y > 20.0) {
        chi2 += (x - y) * (x - y) / (x + y);
        cells += 1.0;
    }
    // Mean and four standard deviations of a chi-square with `cells` degrees of freedom.
    (cells < 8.0 || chi2 > cells + 4.0 * f64::sqrt(2.0 * cells))
        .then(|| format!("chi2 {chi2:.1} over {cells}"))
}

fn cases() -> Vec<(&'static str, Params, Option<Attack>)> {
    let plain = Params::default;
    let fast = |params: Params| Params {
        source: Source { pulse_rate_hz: 1e8, ..params.source },
        detector: Detector { dead_time_ns: 200.0, ..params.detector },
        ..params
    };
    let after = |params: Params| Params {
        detector: Detector { afterpulse_probability: 0.2, dark_counts_hz: 1e6, ..params.detector },
        ..params
    };
    let passive = |params: Params| Params {
        receiver: Receiver { basis_choice: BasisChoice::Passive, misalignment: 0.05, ..params.receiver },
        ..params
    };
    let kind =
        |kind| Params { source: Source { kind, g2: 0.4, brightness: 0.6, ..plain().source }, ..plain() };
    let varied = Params { source: Source { intensity_sd: 0.4, ..plain().source }, ..plain() };
    let intercept = |basis| Some(Attack::InterceptResend { fraction: 0.7, basis });
    vec![
        ("plain", plain(), None),
        ("varied intensity", varied, None),
        ("single photons", kind(SourceKind::SinglePhoton), None),
        ("ideal", kind(SourceKind::Ideal), None),
        ("dead time", fast(plain()), None),
        ("dead time and afterpulses", after(fast(plain())), None),
        ("passive", passive(plain()), None),
        ("passive, dead time and afterpulses", after(fast(passive(plain()))), None),
        ("intercept", plain(), intercept(EveBasis::Random)),
        ("intercept in X", plain(), intercept(EveBasis::X)),
        ("intercept in Z, passive", passive(plain()), intercept(EveBasis::Z)),
        ("intercept, Breidbart", plain(), intercept(EveBasis::Breidbart)),
        ("splitting photons", plain(), Some(Attack::PhotonNumberSplitting { fraction: 0.8 })),
        ("splitting the beam", plain(), Some(Attack::BeamSplitting { fraction: 0.5 })),
        ("jamming, passive", passive(plain()), Some(Attack::Jamming { counts_hz: 2e7 })),
    ]
}

#[test]
fn both_samplers_and_single_photons_give_one_law() {
    let pulses = 400_000;
    for (name, params, attack) in cases() {
        params.check().unwrap();
        let conditions = Conditions { attack, ..Conditions::default() };
        let channel = Channel::new(&params, 212.0, &conditions);
        let law = Law::new(&params, &channel, channel.mean_collected, 0.0);
        let mut reference = Reference {
            params: &params,
            channel: &channel,
            rng: Streams::new(7).stream("reference"),
            gate: 0,
            blind_until: 0,
            afterpulses: Vec::new(),
        };
        let signal = PhotonNumber::of(&params.source, params.source.intensities()[0].0);
        let honest = channel.eta(channel.mean_collected);
        let passed = crate::link::eve::passed(&signal, channel.eta_receiver(), honest);
        let clicks: Vec<_> = (0..pulses).filter_map(|_| reference.pulse(passed)).collect();
        let photons = histogram(clicks.into_iter());
        let each = drawn(&Params { sampler: Sampler::PerPulse, ..params.clone() }, &law, pulses, 1);
        let block = drawn(&Params { sampler: Sampler::PerBlock, ..params.clone() }, &law, pulses, 2);
        assert_eq!(differs(&photons, &each), None, "{name}: photons and pulses");
        assert_eq!(differs(&photons, &block), None, "{name}: photons and blocks");
        assert_eq!(differs(&each, &block), None, "{name}: pulses and blocks");
    }
}

/// The count of a slot without positions, many seeds: same mean and variance as with them.
#[test]
fn counts_without_positions_have_the_law_of_those_with() {
    let params = Params::default();
    let channel = Channel::new(&params, 212.0, &Conditions::default());
    let law = Law::new(&params, &channel, channel.mean_collected, 0.0);
    let counts = |kind, positions: bool| -> Vec<f64> {
        let params = Params { sampler: kind, ..params.clone() };
        let (drawer, mut histogram) = (Drawer::new(&params, positions), vec![0.0; 600]);
        for seed in 0..2_000 {
            let mut rng = Streams::new(seed).stream("s");
            let (mut out, mut memory) = (Detections::default(), Memory::new(&mut rng));
            drawer.slot(&law, 2_000, &mut memory, &mut rng, &mut out);
            histogram[out.clicks()] += 1.0;
        }
        histogram
    };
    let each = counts(Sampler::PerPulse, false);
    assert_eq!(differs(&each, &counts(Sampler::PerBlock, false)), None);
    assert_eq!(differs(&each, &counts(Sampler::PerBlock, true)), None);
}

/// In the long run detections come as often, and are wrong as often, as the law with afterpulses and the dead time say.
#[test]
fn the_law_with_afterpulses_is_the_long_run() {
    for (name, params, _) in cases().into_iter().filter(|(name, ..)| name.contains("dead time")) {
        let channel = Channel::new(&params, 212.0, &Conditions::default());
        let law = Law::new(&params, &channel, channel.mean_collected, 0.0);
        let mut rng = Streams::new(3).stream("run");
        let (mut out, mut memory, pulses) = (Detections::default(), Memory::new(&mut rng), 20_000_000);
        Drawer::new(&params, false).slot(&law, pulses, &mut memory, &mut rng, &mut out);
        let long = law.with_afterpulses(law.afterpulse_share(&params));
        let expected = pulses as f64 / (1.0 / long.any + params.blind_gates() as f64);
        let ratio = out.clicks() as f64 / expected;
        assert!((ratio - 1.0).abs() < 0.01, "{name}: {ratio}");
        let x = |i: usize| !out.alice.bases.get(i) && !out.bob.bases.get(i);
        let sifted: Vec<usize> = (0..out.clicks()).filter(|i| x(*i)).collect();
        let wrong = sifted.iter().filter(|i| out.alice.bits.get(**i) != out.bob.bits.get(**i)).count();
        let qber = wrong as f64 / sifted.len() as f64;
        let theory = long.qber(&params, false);
        assert!((0.97..1.01).contains(&(qber / theory)), "{name}: {qber} of {theory}");
    }
}

/// Gaps of every mean, with digits below the table of steps and without, in fortieths of their law and in its tail.
#[test]
fn gaps_are_geometric_to_the_end_of_their_tail() {
    for (any, clicks) in
        [(0.7, 2e5), (0.12, 2e5), (0.02, 2e5), (0.003, 2e5), (0.002, 2e5), (1e-4, 1e5), (1e-9, 1e5)]
    {
        let law = Law { weights: [any / CELLS as f64; CELLS], any, forced: Vec::new() };
        for (dead_time_ns, seed) in [(0.0, 5), (300.0, 6)] {
            let mut params = Params { sampler: Sampler::PerBlock, ..Params::default() };
            params.source.pulse_rate_hz = 1e8;
            params.detector.dead_time_ns = dead_time_ns;
            let (mut rng, mut out) = (Streams::new(seed).stream("gaps"), Detections::default());
            let mut memory = Memory::new(&mut rng);
            let blind = params.blind_gates();
            let pulses = (clicks / any) as u64 + clicks as u64 * blind;
            Drawer::new(&params, true).slot(&law, pulses, &mut memory, &mut rng, &mut out);
            let gaps = out.gates.windows(2).map(|w| w[1] - w[0] - 1 - blind);
            let log_silent = libm::log1p(-any);
            // The classes begin where a share 1 - i/40 of the gaps, and in the tail a half of each last share, is left;
            // and gate by gate where digits carry and tables end.
            let shares = (0..40).map(|i| 1.0 - f64::from(i) / 40.0);
            let shares = shares.chain((6..40).map(|i| libm::exp2(-f64::from(i))));
            let seams = [62..67, 126..131, 253..258, 508..513, 764..769].into_iter().flatten();
            let quantiles = shares.map(|left| (libm::log(left) / log_silent) as u64);
            let mut bounds: Vec<u64> = quantiles.chain(seams).collect();
            bounds.sort_unstable();
            bounds.dedup();
            let (mut counts, mut total) = (vec![0.0; bounds.len()], 0.0);
            for gap in gaps {
                counts[bounds.partition_point(|bound| *bound <= gap) - 1] += 1.0;
                total += 1.0;
            }
            assert!((total / clicks - 1.0).abs() < 0.02, "{any}: {total} clicks");
            let silent = |n: u64| libm::exp(log_silent * n as f64);
            let (mut chi2, mut cells) = (0.0, 0.0);
            for (i, count) in counts.iter().enumerate() {
                let after = bounds.get(i + 1).map_or(0.0, |bound| silent(*bound));
                let expected = total * (silent(bounds[i]) - after);
                if expected > 5.0 {
                    chi2 += (count - expected) * (count - expected) / expected;
                    cells += 1.0;
                } else {
                    assert!(*count < 25.0, "{any}: {count} gaps from {} on", bounds[i]);
                }
            }
            assert!(
                cells > 4.0 && chi2 < cells + 4.0 * f64::sqrt(2.0 * cells),
                "{any}: {chi2:.1} over {cells}"
            );
        }
    }
}

/// Where nothing clicks, and where all does.
#[test]
fn certain_gates_are_certain() {
    for (any, all) in [(0.0, 0), (1e-300, 0), (1.0, 1_000)] {
        let law = Law { weights: [any / CELLS as f64; CELLS], any, forced: Vec::new() };
        let params = Params { sampler: Sampler::PerBlock, ..Params::default() };
        let (mut rng, mut out) = (Streams::new(1).stream("certain"), Detections::default());
        let mut memory = Memory::new(&mut rng);
        Drawer::new(&params, true).slot(&law, 1_000, &mut memory, &mut rng, &mut out);
        assert_eq!((out.gates, out.bob.bits.len()), ((0..all).collect(), all as usize), "{any}");
    }
}
