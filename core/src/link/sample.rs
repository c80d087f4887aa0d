//! What is detected in a slot, sampled exactly in law at a cost that follows the detections and not the pulses.
//!
//! Pulses of a slot are independent and alike, so the number of clicks is binomial and each click falls into a
//! category (intensity, both bases, both bits) on its own: together the multinomial law, in random order.

use super::channel::Channel;
use super::params::{INTENSITIES, Params};
use crate::ground::{Bits, Rng, sample};

/// The sender's records of the detected pulses, a plane of bits for each thing recorded.
#[derive(Clone, Debug, Default)]
pub struct AliceRecords {
    /// Bases: 0 the key basis X, 1 the check basis Z.
    pub bases: Bits,
    /// Bits sent.
    pub bits: Bits,
    /// Index of the intensity, low and high bit: 0 signal, 1 weak decoy, 2 vacuum.
    pub intensity: [Bits; 2],
}

/// The receiver's records of the detected pulses.
#[derive(Clone, Debug, Default)]
pub struct BobRecords {
    /// Bases: 0 the key basis X, 1 the check basis Z.
    pub bases: Bits,
    /// Bits found.
    pub bits: Bits,
}

/// The detections of one or more slots: both parties' records, aligned by index.
#[derive(Clone, Debug, Default)]
pub struct Detections {
    /// Pulses sent.
    pub pulses: u64,
    /// The sender's side.
    pub alice: AliceRecords,
    /// The receiver's side.
    pub bob: BobRecords,
}

impl Detections {
    /// Number of detections.
    #[must_use]
    pub fn clicks(&self) -> usize {
        self.bob.bits.len()
    }
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

/// Intensity, two bases and two bits make 48; a power of two spares a multiplication.
const CATEGORIES: usize = 64;

/// Samples the detections of `pulses` pulses and appends them to `out`. O(clicks).
pub fn sample_slot(params: &Params, channel: &Channel, pulses: u64, rng: &mut Rng, out: &mut Detections) {
    let clicks = sample::binomial(rng, pulses, channel.mean_gain(params));
    out.pulses += pulses;
    let table = Alias::new(&category_weights(params, channel));
    let mut left = clicks;
    while left > 0 {
        let count = left.min(8);
        left -= count;
        // Byte p holds bit p of the categories of up to eight clicks.
        let planes = (0..count).fold(0, |planes, click| planes | table.draw(rng) << click).to_le_bytes();
        let Detections { alice, bob, .. } = out;
        let [low, high] = &mut alice.intensity;
        let targets = [&mut alice.bases, &mut alice.bits, &mut bob.bases, &mut bob.bits, low, high];
        for (target, plane) in targets.into_iter().zip(planes) {
            target.push_word(u64::from(plane), count as usize);
        }
    }
}

/// Weights by category: intensity in bits 4 and 5, Alice's basis (0 = X) and bit in bits 0 and 1, Bob's in 2, 3.
fn category_weights(params: &Params, channel: &Channel) -> [f64; CATEGORIES] {
    let mut weights = [0.0; CATEGORIES];
    for (i, weight) in weights.iter_mut().enumerate() {
        let k = i >> 4;
        if k >= INTENSITIES {
            continue;
        }
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
    /// In 58 bits, the probability of staying in the cell that was hit.
    keep: [u64; CATEGORIES],
    /// The two categories of a cell, bit p of a category at bit 8 p: stayed, left.
    category: [[u64; 2]; CATEGORIES],
}

impl Alias {
    fn new(weights: &[f64; CATEGORIES]) -> Self {
        const WHOLE: f64 = (1u64 << 58) as f64;
        let spread = |category: usize| (0..6).fold(0, |sum, p| sum | (category as u64 >> p & 1) << (8 * p));
        let total: f64 = weights.iter().sum();
        let mut scaled = weights.map(|w| w / total * CATEGORIES as f64);
        let mut table =
            Self { keep: [1 << 58; CATEGORIES], category: std::array::from_fn(|i| [spread(i); 2]) };
        let (mut small, mut large): (Vec<usize>, Vec<usize>) =
            (0..CATEGORIES).partition(|&i| scaled[i] < 1.0);
        while let (Some(s), Some(&l)) = (small.pop(), large.last()) {
            table.keep[s] = (scaled[s] * WHOLE) as u64;
            table.category[s][1] = spread(l);
            scaled[l] -= 1.0 - scaled[s];
            if scaled[l] < 1.0 {
                large.pop();
                small.push(l);
            }
        }
        table
    }

    fn draw(&self, rng: &mut Rng) -> u64 {
        let random = rng.next_u64();
        let cell = (random >> 58) as usize;
        self.category[cell][usize::from(random & ((1 << 58) - 1) >= self.keep[cell])]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ground::Streams;
    use crate::link::Conditions;

    fn channel(eve_fraction: f64) -> (Params, Channel) {
        let params = Params::default();
        (
            params.clone(),
            Channel::new(&params, 212.0, &Conditions { visibility_km: 20.0, eve_fraction, blocked: false }),
        )
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
            let planes = [&slot.alice.bases, &slot.alice.bits, &slot.bob.bases, &slot.bob.bits];
            let planes = planes.into_iter().chain(&slot.alice.intensity);
            for i in 0..slot.clicks() {
                counts[planes.clone().rev().fold(0, |sum, plane| 2 * sum + usize::from(plane.get(i)))] += 1.0;
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
