//! Walker's alias table over 64 cells (Vose 1991): one draw a category, in integers.

use crate::ground::rng::Uniform;

/// Number of cells.
pub(super) const CELLS: usize = 64;

/// A distribution over 0..64.
#[derive(Clone, Debug)]
pub(super) struct Alias {
    /// In 58 bits, the probability of staying in the cell that was hit, and where one goes else.
    cells: [(u64, u64); CELLS],
}

impl Alias {
    /// The distribution with these weights; all zero gives all alike.
    pub fn new(weights: &[f64; CELLS]) -> Self {
        const WHOLE: f64 = (1u64 << 58) as f64;
        let total: f64 = weights.iter().sum();
        let mut scaled = weights.map(|w| w / total * CELLS as f64);
        let mut cells = std::array::from_fn(|i| (1 << 58, i as u64));
        let (mut stack, mut low, mut high) = ([0usize; CELLS], 0, CELLS);
        // Small cells grow from the front of one stack, large ones from its end.
        for (i, w) in scaled.iter().enumerate() {
            if *w < 1.0 {
                stack[low] = i;
                low += 1;
            } else {
                high -= 1;
                stack[high] = i;
            }
        }
        while low > 0 && high < CELLS {
            low -= 1;
            let (s, l) = (stack[low], stack[high]);
            cells[s] = ((scaled[s] * WHOLE) as u64, l as u64);
            scaled[l] -= 1.0 - scaled[s];
            if scaled[l] < 1.0 {
                high += 1;
                stack[low] = l;
                low += 1;
            }
        }
        Self { cells }
    }

    /// One category.
    pub fn draw(&self, rng: &mut impl Uniform) -> u64 {
        let random = rng.word();
        let cell = random >> 58;
        let (keep, other) = self.cells[cell as usize];
        // Without a branch: it would be foreseen wrong half of the time.
        let left = u64::from(random & ((1 << 58) - 1) >= keep).wrapping_neg();
        cell ^ (cell ^ other) & left
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ground::Streams;

    #[test]
    fn categories_come_by_their_weights() {
        let weights: [f64; CELLS] = std::array::from_fn(|i| if i % 3 == 0 { 0.0 } else { (i * i) as f64 });
        let table = Alias::new(&weights);
        let (mut rng, mut counts, draws) = (Streams::new(4).stream("alias"), [0f64; CELLS], 200_000);
        for _ in 0..draws {
            counts[table.draw(&mut rng) as usize] += 1.0;
        }
        let total: f64 = weights.iter().sum();
        let (mut chi2, mut cells) = (0.0, 0.0);
        for (count, weight) in counts.iter().zip(&weights) {
            let expected = weight / total * f64::from(draws);
            if expected == 0.0 {
                assert_eq!(*count, 0.0);
            } else if expected > 5.0 {
                chi2 += (count - expected) * (count - expected) / expected;
                cells += 1.0;
            }
        }
        assert!(chi2 < cells + 4.0 * f64::sqrt(2.0 * cells), "{chi2} over {cells}");
    }
}
