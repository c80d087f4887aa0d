//! What is detected in a slot, sampled exactly in law at a cost that follows the detections and not the pulses.
//!
//! Pulses of a slot are independent and alike, so the number of clicks is binomial and each click falls into a
//! category (intensity, both bases, both bits) on its own: together the multinomial law, in random order.

use super::channel::Channel;
use super::params::{INTENSITIES, Params};
use crate::ground::{Rng, sample};

/// The sender's record of one detected pulse: bits 0 to 1 the intensity, bit 2 the basis, bit 3 the bit sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AliceRecord(pub u8);

/// The receiver's record of one detected pulse: bit 2 the basis, bit 3 the bit found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BobRecord(pub u8);

impl AliceRecord {
    /// Index of the intensity: 0 signal, 1 weak decoy, 2 vacuum.
    #[must_use]
    pub fn intensity(self) -> usize {
        usize::from(self.0 & 3)
    }
    /// Whether the basis was the key basis X.
    #[must_use]
    pub fn key_basis(self) -> bool {
        self.0 & 4 == 0
    }
    /// The bit.
    #[must_use]
    pub fn bit(self) -> bool {
        self.0 & 8 != 0
    }
}

impl BobRecord {
    /// Whether the basis was the key basis X.
    #[must_use]
    pub fn key_basis(self) -> bool {
        self.0 & 4 == 0
    }
    /// The bit.
    #[must_use]
    pub fn bit(self) -> bool {
        self.0 & 8 != 0
    }
}

/// The detections of one or more slots: both parties' records, aligned by index.
#[derive(Clone, Debug, Default)]
pub struct Detections {
    /// Pulses sent.
    pub pulses: u64,
    /// The sender's side.
    pub alice: Vec<AliceRecord>,
    /// The receiver's side.
    pub bob: Vec<BobRecord>,
}

/// Probability that a click in matching bases shows the wrong bit, for mean photon number `mu`.
///
/// Two threshold detectors, phase-randomised light: each sees its own Poisson number of photons and its own
/// noise; a double click is given a random bit (Lütkenhaus 1999). An eavesdropper who measures each photon in a
/// random basis and resends the number that she found turns the light into the other basis for half of the
/// pulses she takes, and leaves the number of photons as it was.
#[must_use]
pub fn error_given_click(channel: &Channel, mu: f64) -> f64 {
    let quiet = 1.0 - channel.noise_per_gate;
    let light = mu * channel.eta;
    let right = 1.0 - quiet * libm::exp(-light * (1.0 - channel.misalignment));
    let wrong = 1.0 - quiet * libm::exp(-light * channel.misalignment);
    let any = right + wrong - right * wrong;
    if any <= 0.0 {
        return 0.5;
    }
    let untouched = wrong * (1.0 - 0.5 * right) / any;
    untouched * (1.0 - channel.eve_fraction / 2.0) + channel.eve_fraction / 4.0
}

const CATEGORIES: usize = INTENSITIES * 16;

/// Samples the detections of `pulses` pulses and appends them to `out`. O(clicks).
pub fn sample_slot(params: &Params, channel: &Channel, pulses: u64, rng: &mut Rng, out: &mut Detections) {
    let clicks = sample::binomial(rng, pulses, channel.mean_gain(params));
    out.pulses += pulses;
    let table = Alias::new(&category_weights(params, channel));
    out.alice.reserve(clicks as usize);
    out.bob.reserve(clicks as usize);
    for _ in 0..clicks {
        let category = table.draw(rng);
        let (intensity, rest) = (category >> 4, category & 15);
        let alice = AliceRecord(intensity | (rest & 1) << 2 | (rest & 2) << 2);
        let bob = BobRecord((rest & 4) | (rest & 8));
        out.alice.push(alice);
        out.bob.push(bob);
    }
}

/// Weights by category: intensity in bits 4 and 5, Alice's basis (0 = X) and bit in bits 0 and 1, Bob's in 2, 3.
fn category_weights(params: &Params, channel: &Channel) -> [f64; CATEGORIES] {
    let mut weights = [0.0; CATEGORIES];
    for (i, weight) in weights.iter_mut().enumerate() {
        let k = i >> 4;
        let (z_a, x_a, z_b, x_b) = (i & 1 == 1, i & 2 != 0, i & 4 != 0, i & 8 != 0);
        let basis = |z: bool| if z { 1.0 - params.p_x } else { params.p_x };
        let outcome = if z_a != z_b {
            0.5
        } else {
            let error = error_given_click(channel, params.mu[k]);
            if x_a == x_b { 1.0 - error } else { error }
        };
        *weight =
            params.mu_probability[k] * channel.gain(params.mu[k]) * basis(z_a) * basis(z_b) * 0.5 * outcome;
    }
    weights
}

/// Walker's alias table (Vose 1991): one draw a category.
struct Alias {
    keep: [u64; CATEGORIES],
    other: [u8; CATEGORIES],
}

impl Alias {
    fn new(weights: &[f64; CATEGORIES]) -> Self {
        let total: f64 = weights.iter().sum();
        let mut scaled = weights.map(|w| w / total * CATEGORIES as f64);
        let mut table = Self { keep: [u64::MAX; CATEGORIES], other: std::array::from_fn(|i| i as u8) };
        let (mut small, mut large): (Vec<usize>, Vec<usize>) =
            (0..CATEGORIES).partition(|&i| scaled[i] < 1.0);
        while let (Some(s), Some(&l)) = (small.pop(), large.last()) {
            table.keep[s] = (scaled[s] * 18_446_744_073_709_551_615.0) as u64;
            table.other[s] = l as u8;
            scaled[l] -= 1.0 - scaled[s];
            if scaled[l] < 1.0 {
                large.pop();
                small.push(l);
            }
        }
        table
    }

    fn draw(&self, rng: &mut Rng) -> u8 {
        let product = u128::from(rng.next_u64()) * CATEGORIES as u128;
        let cell = (product >> 64) as usize;
        if (product as u64) < self.keep[cell] { cell as u8 } else { self.other[cell] }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ground::Streams;
    use crate::link::Conditions;

    fn channel(eve_fraction: f64) -> (Params, Channel) {
        let params = Params::default();
        (params.clone(), Channel::new(&params, 212.0, &Conditions { visibility_km: 20.0, eve_fraction }))
    }

    /// The reference: every pulse on its own, photon by photon.
    fn per_pulse(params: &Params, channel: &Channel, rng: &mut Rng) -> Option<usize> {
        let k = {
            let u = rng.uniform();
            if u < params.mu_probability[0] {
                0
            } else if u < params.mu_probability[0] + params.mu_probability[1] {
                1
            } else {
                2
            }
        };
        let (z_a, z_b) = (!rng.chance(params.p_x), !rng.chance(params.p_x));
        let x_a = rng.chance(0.5);
        // The light after the eavesdropper: its basis and bit.
        let (mut z, mut x) = (z_a, x_a);
        if rng.chance(channel.eve_fraction) && rng.chance(0.5) {
            (z, x) = (!z_a, rng.chance(0.5));
        }
        let mut clicked = [rng.chance(channel.noise_per_gate), rng.chance(channel.noise_per_gate)];
        let photons = {
            let (mut n, mut product) = (0, rng.uniform());
            while product > libm::exp(-params.mu[k]) {
                n += 1;
                product *= rng.uniform();
            }
            n
        };
        for _ in 0..photons {
            if rng.chance(channel.eta) {
                let bit = if z == z_b { x ^ rng.chance(channel.misalignment) } else { rng.chance(0.5) };
                clicked[usize::from(bit)] = true;
            }
        }
        let x_b = match clicked {
            [false, false] => return None,
            [true, false] => false,
            [false, true] => true,
            [true, true] => rng.chance(0.5),
        };
        Some(
            k << 4 | usize::from(z_a) | usize::from(x_a) << 1 | usize::from(z_b) << 2 | usize::from(x_b) << 3,
        )
    }

    #[test]
    fn a_slot_has_the_law_of_single_pulses() {
        for eve in [0.0, 0.4, 1.0] {
            let (params, channel) = channel(eve);
            let pulses = 1_500_000u64;
            let mut rng = Streams::new(1).stream("reference");
            let mut reference = [0f64; CATEGORIES];
            for _ in 0..pulses {
                if let Some(category) = per_pulse(&params, &channel, &mut rng) {
                    reference[category] += 1.0;
                }
            }
            let mut slot = Detections::default();
            sample_slot(&params, &channel, pulses, &mut Streams::new(1).stream("slot"), &mut slot);
            let mut counts = [0f64; CATEGORIES];
            for (a, b) in slot.alice.iter().zip(&slot.bob) {
                let rest = usize::from(!a.key_basis())
                    | usize::from(a.bit()) << 1
                    | usize::from(!b.key_basis()) << 2
                    | usize::from(b.bit()) << 3;
                counts[a.intensity() << 4 | rest] += 1.0;
            }
            let (mut chi2, mut cells) = (0.0, 0.0);
            for (r, c) in reference.iter().zip(&counts) {
                if r + c > 20.0 {
                    chi2 += (r - c) * (r - c) / (r + c);
                    cells += 1.0;
                }
            }
            // Chi-square with `cells` degrees of freedom: mean + 4 standard deviations.
            assert!(
                cells > 20.0 && chi2 < cells + 4.0 * (2.0f64 * cells).sqrt(),
                "eve {eve}: chi2 {chi2} over {cells}"
            );
        }
    }

    #[test]
    fn full_intercept_and_resend_gives_a_quarter_of_errors() {
        let (params, clear) = channel(0.0);
        let (_, full) = channel(1.0);
        let base = error_given_click(&clear, params.mu[0]);
        let tapped = error_given_click(&full, params.mu[0]);
        assert!(base < 0.02 && (tapped - (0.25 + base / 2.0)).abs() < 1e-12);
    }
}
