//! Divisions by x^high + x^low, the steps of a change of basis: additions only.

use super::field::Element;

/// A division is a list of additions of one part of the data to another. Its inverse is the list backwards, its
/// transpose the list backwards with the two parts swapped.
#[derive(Clone, Copy)]
pub struct Steps {
    pub swapped: bool,
    pub reversed: bool,
}

/// A row of that many elements is changed in registers.
pub const ROW: usize = 16;

/// Divides each polynomial of twice `high` coefficients by x^high + x^low: the quotient is left in its upper half.
#[inline(always)]
pub fn divide(data: &mut [Element], high: usize, low: usize, steps: Steps) {
    for data in data.chunks_exact_mut(2 * high) {
        for part in [steps.reversed, !steps.reversed] {
            // The quotient's own lower part depends on its upper.
            let (to, from, len) = if part { (low, high, high - low) } else { (high, 2 * high - low, low) };
            let (to_part, from_part) = data.split_at_mut(from);
            let (a, b) = (&mut to_part[to..to + len], &mut from_part[..len]);
            if steps.swapped { sum(b, a) } else { sum(a, b) }
        }
    }
}

/// The change of basis of each row of [`ROW`] elements.
#[inline(always)]
pub fn rows(data: &mut [Element], steps: Steps) {
    for row in data.as_chunks_mut::<ROW>().0 {
        if steps.reversed {
            divide(row, 2, 1, steps);
            divide(row, 8, 4, steps);
            divide(row, 4, 1, steps);
            divide(row, 8, 2, steps);
        } else {
            divide(row, 8, 2, steps);
            divide(row, 4, 1, steps);
            divide(row, 8, 4, steps);
            divide(row, 2, 1, steps);
        }
    }
}

/// Adds `from` to `to`.
#[inline(always)]
pub fn sum(to: &mut [Element], from: &[Element]) {
    for (a, b) in to.as_flattened_mut().iter_mut().zip(from.as_flattened()) {
        *a ^= b;
    }
}
