//! A physical unclonable function: the start-up values of memory cells.
//!
//! Bit = [m + n > 0] with m ~ N(0, 1) fixed for each cell when the chip is made, and n ~ N(0, r²) anew at each read.
//! Two reads then differ in a share arccos(1 / (1 + r²)) / pi of the cells; two chips in one half.

use crate::ground::{Bits, Rng, sample};

/// Noise for 5 % of cells that differ between two reads.
pub const NOISE_5_PERCENT: f64 = 0.1116;

/// One chip's cells.
#[derive(Clone)]
pub struct Puf {
    cells: Vec<f64>,
    noise: f64,
    rng: Rng,
}

impl std::fmt::Debug for Puf {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Puf({} cells)", self.cells.len())
    }
}

impl Puf {
    /// Makes a chip: `rng` draws its cells now and the noise of each read later.
    #[must_use]
    pub fn new(cells: usize, noise: f64, mut rng: Rng) -> Self {
        let cells = (0..cells).map(|_| sample::normal(&mut rng)).collect();
        Self { cells, noise, rng }
    }

    /// Reads all cells, with noise.
    pub fn read(&mut self) -> Bits {
        let (noise, rng) = (self.noise, &mut self.rng);
        self.cells.iter().map(|m| m + noise * sample::normal(rng) > 0.0).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ground::Streams;

    #[test]
    fn reads_and_chips_differ_as_the_model_says() {
        let mut a = Puf::new(20_000, NOISE_5_PERCENT, Streams::new(1).stream("a"));
        let mut b = Puf::new(20_000, NOISE_5_PERCENT, Streams::new(1).stream("b"));
        let (one, two, other) = (a.read(), a.read(), b.read());
        let share = |n: usize| n as f64 / 20_000.0;
        let intra = libm::acos(1.0 / (1.0 + NOISE_5_PERCENT * NOISE_5_PERCENT)) / std::f64::consts::PI;
        assert!((share(one.distance(&two)) - intra).abs() < 0.006 && (intra - 0.05).abs() < 0.001);
        assert!((share(one.distance(&other)) - 0.5).abs() < 0.015);
    }
}
