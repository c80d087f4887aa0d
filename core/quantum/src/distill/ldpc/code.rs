//! Which code: quasi-cyclic parity checks, built from three small numbers the same way at both ends.
//!
//! The columns of a small base matrix are placed one after another as in progressive edge growth (Hu, Eleftheriou and
//! Arnold 2005), fewest edges first, on the rows that carry least; each entry is a circulant whose shift is
//! the one that closes the fewest short cycles, cycles through columns of few edges counting most (Tian, Jones,
//! Villasenor and Wesel 2004, approximate cycle extrinsic message degree).

use super::degrees;
use crate::ground::{Bits, Rng, Streams};
use std::collections::BTreeMap;
use std::sync::Arc;

/// An entry of the base matrix: lane i of the row checks bit `(i + shift) mod circulant` of the column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Edge {
    /// Column of the base matrix.
    pub column: u16,
    /// Shift of the circulant, below its size.
    pub shift: u16,
}

/// The three numbers that a code is built from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Shape {
    /// Bits in a circulant: a multiple of 64, at most 8192.
    pub circulant: u16,
    /// Columns of the base matrix: 8 to 1024.
    pub columns: u16,
    /// Rows of the base matrix: 3 to `columns - 1`.
    pub rows: u16,
}

impl Shape {
    /// Bits of a code word.
    #[must_use]
    pub fn bits(self) -> usize {
        usize::from(self.circulant) * usize::from(self.columns)
    }

    /// Bits of a syndrome.
    #[must_use]
    pub fn checks(self) -> usize {
        usize::from(self.circulant) * usize::from(self.rows)
    }
}

/// A parity-check code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Code {
    shape: Shape,
    /// Row by row.
    edges: Vec<Edge>,
    /// Where each row begins in `edges`, and the end.
    starts: Vec<u32>,
    /// Row and shift of each column's entries.
    columns: Vec<Vec<(u16, u16)>>,
}

impl Code {
    /// Builds the code of a shape; numbers out of range are moved to the nearest in range. The same shape gives the
    /// same code everywhere.
    #[must_use]
    pub fn new(shape: Shape) -> Self {
        let columns = shape.columns.clamp(8, 1024);
        let shape = Shape {
            circulant: (shape.circulant.clamp(64, 8192) / 64) * 64,
            columns,
            rows: shape.rows.clamp(3, columns - 1),
        };
        let mut growth = Growth::new(shape);
        let two = usize::from(shape.rows - 1);
        for (column, degree) in (0..).zip(degrees::columns(usize::from(columns), usize::from(shape.rows))) {
            let rows = if degree == 2 && usize::from(column) < two {
                // A path through the rows: columns of two edges close no cycle among themselves.
                vec![usize::from(column), usize::from(column) + 1]
            } else {
                growth.lightest(degree)
            };
            growth.place(column, &rows);
        }
        growth.finish()
    }

    /// The numbers it was built from.
    #[must_use]
    pub fn shape(&self) -> Shape {
        self.shape
    }

    /// Entries of the base matrix.
    #[must_use]
    pub fn entries(&self) -> usize {
        self.edges.len()
    }

    /// The entries of each row, and the number of entries before it.
    pub fn rows(&self) -> impl Iterator<Item = (usize, &[Edge])> {
        self.starts.windows(2).map(|w| (w[0] as usize, &self.edges[w[0] as usize..w[1] as usize]))
    }

    /// The checks that hold bit `bit` of the word, as positions in the syndrome; none beyond the end.
    pub fn checks_of(&self, bit: usize) -> impl Iterator<Item = usize> {
        let z = usize::from(self.shape.circulant);
        let entries = self.columns.get(bit / z).map_or(&[][..], Vec::as_slice);
        entries.iter().map(move |&(row, shift)| usize::from(row) * z + (bit % z + z - usize::from(shift)) % z)
    }

    /// The syndrome of a word: bit `r * circulant + i` is the parity of lane i of row r. Bits that the word lacks count
    /// as zero. O(entries x circulant / 64).
    #[must_use]
    pub fn syndrome(&self, word: &Bits) -> Bits {
        let lanes = usize::from(self.shape.circulant) / 64;
        let mut sums = vec![0; lanes];
        let mut out = Bits::with_capacity(self.shape.checks());
        for (_, edges) in self.rows() {
            sums.fill(0);
            for e in edges {
                let first = usize::from(e.column) * lanes;
                let column = word.words().get(first..).unwrap_or_default();
                xor_rotated(&mut sums, &column[..column.len().min(lanes)], usize::from(e.shift));
            }
            for sum in &sums {
                out.push_word(*sum, 64);
            }
        }
        out
    }
}

/// Adds a column turned by `shift` bits; words that it lacks count as zero.
fn xor_rotated(sums: &mut [u64], column: &[u64], shift: usize) {
    let (lanes, skip, low) = (sums.len(), shift / 64, shift % 64);
    let word = |i: usize| column.get(if i >= lanes { i - lanes } else { i }).copied().unwrap_or(0);
    for (i, sum) in sums.iter_mut().enumerate() {
        *sum ^= word(i + skip) >> low;
        if low > 0 {
            // i + skip + 1 is two turns at most.
            let next = i + skip + 1;
            *sum ^= word(if next >= 2 * lanes { 0 } else { next }) << (64 - low);
        }
    }
}

/// A difference of shifts between two rows, as one column makes it.
#[derive(Clone, Copy)]
struct Step {
    difference: u16,
    degree: u16,
}

/// A cycle whose columns have more edges than this in all, less two each, does no harm worth looking at.
const WORST_ACE: usize = 5;

/// A code while it grows.
struct Growth {
    shape: Shape,
    rng: Rng,
    entries: Vec<Vec<Edge>>,
    /// `steps[a * rows + b]`: from row a to row b.
    steps: Vec<Vec<Step>>,
}

impl Growth {
    fn new(shape: Shape) -> Self {
        let rows = usize::from(shape.rows);
        let seed = u64::from(shape.circulant) << 32 | u64::from(shape.columns) << 16 | u64::from(shape.rows);
        Self {
            shape,
            rng: Streams::new(seed).stream("ldpc/code 1"),
            entries: vec![Vec::new(); rows],
            steps: vec![Vec::new(); rows * rows],
        }
    }

    /// The rows with the fewest entries, ties by lot.
    fn lightest(&mut self, count: usize) -> Vec<usize> {
        let lot = self.rng.permutation(u32::from(self.shape.rows));
        let mut order: Vec<(usize, usize, usize)> = lot
            .into_iter()
            .enumerate()
            .map(|(i, r)| (self.entries[r as usize].len(), i, r as usize))
            .collect();
        order.sort_unstable();
        order.into_iter().take(count).map(|(.., r)| r).collect()
    }

    /// Places a column on these rows, choosing its shifts one by one.
    fn place(&mut self, column: u16, rows: &[usize]) {
        let z = usize::from(self.shape.circulant);
        let mut shifts: Vec<usize> = Vec::with_capacity(rows.len());
        for (k, &row) in rows.iter().enumerate() {
            let start = self.rng.below(z as u64) as usize;
            // costs[s]: what short cycles cost if this entry's shift is s.
            let mut costs = vec![0u32; z];
            for (&other, &shift) in rows[..k].iter().zip(&shifts) {
                self.charge(&mut costs, row, other, shift, rows.len());
            }
            let best = (0..z).map(|i| (start + i) % z).min_by_key(|&s| costs[s]).unwrap_or(start);
            shifts.push(best);
        }
        for (i, (&a, &s)) in rows.iter().zip(&shifts).enumerate() {
            self.entries[a].push(Edge { column, shift: s as u16 });
            for (&b, &t) in rows[..i].iter().zip(&shifts) {
                let n = usize::from(self.shape.rows);
                let degree = rows.len() as u16;
                self.steps[a * n + b].push(Step { difference: ((s + z - t) % z) as u16, degree });
                self.steps[b * n + a].push(Step { difference: ((t + z - s) % z) as u16, degree });
            }
        }
    }

    /// Adds to each shift of an entry in `row` the cost of the cycles of four and six that it closes with the new
    /// column's entry in `other`, whose shift is `shift`.
    fn charge(&self, costs: &mut [u32], row: usize, other: usize, shift: usize, degree: usize) {
        let (n, z) = (usize::from(self.shape.rows), costs.len());
        for step in &self.steps[row * n + other] {
            // Where not all can be avoided, they are left to columns of many edges.
            let fewer = degree.min(usize::from(step.degree)).min(10);
            costs[(shift + usize::from(step.difference)) % z] += 1 << (24 - 2 * fewer);
        }
        let small = |d: usize| d - 2 <= WORST_ACE;
        if !small(degree) {
            return;
        }
        for between in (0..n).filter(|&b| b != row && b != other) {
            for first in self.steps[row * n + between].iter().filter(|s| small(usize::from(s.degree))) {
                let so_far = degree + usize::from(first.degree) - 4;
                for last in &self.steps[between * n + other] {
                    let ace = so_far + usize::from(last.degree) - 2;
                    if ace <= WORST_ACE {
                        let at = shift + usize::from(first.difference) + usize::from(last.difference);
                        costs[at % z] += 1 << (2 * (WORST_ACE - ace));
                    }
                }
            }
        }
    }

    fn finish(self) -> Code {
        let mut edges = Vec::new();
        let mut starts = vec![0];
        let mut columns = vec![Vec::new(); usize::from(self.shape.columns)];
        for (row, entries) in (0..).zip(self.entries) {
            for e in &entries {
                columns[usize::from(e.column)].push((row, e.shift));
            }
            edges.extend(entries);
            starts.push(edges.len() as u32);
        }
        Code { shape: self.shape, edges, starts, columns }
    }
}

/// Codes that have been built, to be used again.
#[derive(Clone, Debug, Default)]
pub struct Codes {
    built: BTreeMap<Shape, Arc<Code>>,
}

impl Codes {
    /// Codes kept at most: what error rates between two blocks ask for varies little.
    const KEPT: usize = 32;

    /// The code of a shape, built now if it was not before.
    pub fn get(&mut self, shape: Shape) -> Arc<Code> {
        if self.built.len() >= Self::KEPT && !self.built.contains_key(&shape) {
            self.built.clear();
        }
        self.built.entry(shape).or_insert_with(|| Arc::new(Code::new(shape))).clone()
    }
}
