//! Walker's alias table (Vose 1991): one draw a number, in integers.

use crate::ground::rng::Uniform;

/// Number of cells of a table of categories.
pub(super) const CELLS: usize = 64;

/// A distribution over 0..N; N is a power of two.
#[derive(Clone, Debug)]
pub(super) struct Alias<const N: usize = CELLS> {
    /// In the low log2 N bits, where one goes who does not stay in the cell that was hit; in the high ones the
    /// probability of staying.
    cells: [u64; N],
}

impl<const N: usize> Alias<N> {
    /// Bits of a cell's number.
    const LOG: u32 = N.trailing_zeros();

    /// The distribution with these weights; all zero gives all alike.
    pub fn new(weights: &[f64; N]) -> Self {
        let whole = (1u64 << (64 - Self::LOG)) as f64;
        let scale = N as f64 / weights.iter().sum::<f64>();
        let mut scaled = weights.map(|w| w * scale);
        // Who stays in its cell for sure goes from there to itself.
        let mut cells = std::array::from_fn(|i| i as u64);
        let (mut stack, mut low, mut high) = ([0usize; N], 0, N);
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
        while low > 0 && high < N {
            low -= 1;
            let (s, l) = (stack[low], stack[high]);
            cells[s] = ((scaled[s] * whole) as u64) << Self::LOG | l as u64;
            scaled[l] -= 1.0 - scaled[s];
            if scaled[l] < 1.0 {
                high += 1;
                stack[low] = l;
                low += 1;
            }
        }
        Self { cells }
    }

    /// One number.
    pub fn draw(&self, rng: &mut impl Uniform) -> u64 {
        self.at(rng.word())
    }

    /// One number from the high half of a draw; the low one is drawn only where it decides, once in 2³² / N draws.
    #[inline(always)]
    pub fn draw_from(&self, high: u32, rng: &mut impl Uniform) -> u64 {
        let cell = high >> (32 - Self::LOG);
        let entry = self.cells[cell as usize % N];
        let (share, keep) = (high << Self::LOG >> Self::LOG, (entry >> (32 + Self::LOG)) as u32);
        if share == keep {
            return self.at(u64::from(high) << 32 | rng.word() >> 32);
        }
        Self::choose(u64::from(cell), entry, share > keep)
    }

    /// What a draw gives: its high bits say the cell.
    fn at(&self, random: u64) -> u64 {
        let cell = random >> (64 - Self::LOG);
        let entry = self.cells[cell as usize % N];
        Self::choose(cell, entry, random << Self::LOG >> Self::LOG >= entry >> Self::LOG)
    }

    /// Without a branch: it would be foreseen wrong half of the time.
    #[inline(always)]
    fn choose(cell: u64, entry: u64, leave: bool) -> u64 {
        cell ^ (cell ^ entry) & (N as u64 - 1) & u64::from(leave).wrapping_neg()
    }
}

/// Entries of a [`Direct`] table, and bits that choose one.
const ENTRIES: usize = 1 << DIRECT_BITS;
const DIRECT_BITS: u32 = 10;

/// A distribution over 0..64, for many draws: most take ten bits and one glance.
///
/// Each number holds as many of 1024 entries as go into its probability whole; the entries that are left over send on
/// to an alias table of what is left of the probabilities (Marsaglia 1963).
#[derive(Clone, Debug)]
pub(super) struct Direct {
    entries: [u8; ENTRIES],
    rest: Alias,
}

impl Direct {
    /// Bits of a draw.
    pub const BITS: u32 = DIRECT_BITS;

    /// The distribution with these weights.
    pub fn new(weights: &[f64; CELLS]) -> Self {
        let scale = ENTRIES as f64 / weights.iter().sum::<f64>();
        let (mut entries, mut used) = ([CELLS as u8; ENTRIES], 0);
        let rest = std::array::from_fn(|i| {
            let share = weights[i] * scale;
            let whole = (share as usize).min(ENTRIES - used);
            entries[used..used + whole].fill(i as u8);
            used += whole;
            share - whole as f64
        });
        Self { entries, rest: Alias::new(&rest) }
    }

    /// One number from the low bits of `random` and, rarely, more.
    #[inline(always)]
    pub fn draw(&self, random: u64, rng: &mut impl Uniform) -> u64 {
        let entry = u64::from(self.entries[random as usize % ENTRIES]);
        if entry < CELLS as u64 { entry } else { self.rest.draw(rng) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ground::Streams;

    /// A random stream that is known.
    struct Known(u64);

    impl Uniform for Known {
        fn word(&mut self) -> u64 {
            self.0
        }
    }

    fn weights() -> [f64; CELLS] {
        std::array::from_fn(|i| if i % 3 == 0 { 0.0 } else { (i * i) as f64 })
    }

    #[test]
    fn numbers_come_by_their_weights() {
        let (table, direct) = (Alias::new(&weights()), Direct::new(&weights()));
        let mut rng = Streams::new(4).stream("alias");
        let draws = 200_000;
        let total: f64 = weights().iter().sum();
        for kind in 0..2 {
            let mut counts = [0f64; CELLS];
            for _ in 0..draws {
                let number =
                    if kind == 0 { table.draw(&mut rng) } else { direct.draw(rng.next_u64(), &mut rng) };
                counts[number as usize] += 1.0;
            }
            let (mut chi2, mut cells) = (0.0, 0.0);
            for (count, weight) in counts.iter().zip(&weights()) {
                let expected = weight / total * f64::from(draws);
                if expected == 0.0 {
                    assert_eq!(*count, 0.0);
                } else if expected > 5.0 {
                    chi2 += (count - expected) * (count - expected) / expected;
                    cells += 1.0;
                }
            }
            assert!(chi2 < cells + 4.0 * f64::sqrt(2.0 * cells), "{kind}: {chi2} over {cells}");
        }
    }

    /// What the tables' integers say the probabilities are: no draw is needed to compare them.
    #[test]
    fn the_tables_hold_the_weights() {
        let total: f64 = weights().iter().sum();
        let whole = (1u64 << 58) as f64;
        let held = |table: &Alias| -> [f64; CELLS] {
            let mut held = [0.0; CELLS];
            for (cell, entry) in table.cells.iter().enumerate() {
                let keep = (entry >> 6) as f64 / whole;
                held[cell] += keep / CELLS as f64;
                held[(entry % 64) as usize] += (1.0 - keep) / CELLS as f64;
            }
            held
        };
        let (alias, direct) = (Alias::new(&weights()), Direct::new(&weights()));
        let rest = held(&direct.rest);
        let count =
            |number: usize| direct.entries.iter().filter(|e| usize::from(**e) == number).count() as f64;
        for (i, weight) in weights().iter().enumerate() {
            assert!((held(&alias)[i] - weight / total).abs() < 1e-15, "{i}");
            let sum = (count(i) + count(CELLS) * rest[i]) / ENTRIES as f64;
            assert!((sum - weight / total).abs() < 1e-15, "{i}");
        }
    }

    #[test]
    fn half_a_draw_decides_as_the_whole_does() {
        let table: Alias = Alias::new(&weights());
        for (cell, entry) in table.cells.iter().enumerate() {
            // Around the number at which the halves are equal.
            let edge = (cell as u32) << 26 | (entry >> 38) as u32;
            for high in (0..5).map(|i| (edge + i).saturating_sub(2)) {
                for i in 0..64 {
                    let low = Known(u64::MAX / 63 * i);
                    let whole = table.at(u64::from(high) << 32 | low.0 >> 32);
                    assert_eq!(table.draw_from(high, &mut { low }), whole, "{high:x} {i}");
                }
            }
        }
    }
}
