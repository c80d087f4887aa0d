//! The change to the basis of products of subspace polynomials: over Cantor's basis it costs additions only (Gao and
//! Mateer 2010, section III).

use super::division::{ROW, Steps};
use super::field::Element;
use super::job::Job;
use super::path::Path;

/// Changes the basis of each polynomial in `data`, seen as blocks of `unit` elements: coefficient i of each is in
/// block i.
///
/// With k the largest power of two below d, s = x^(2^k) + x is the subspace polynomial of dimension k: the
/// polynomial is written in powers of s, then its coefficients and the polynomial in s are treated alike.
pub fn convert(path: Path, data: &mut [Element], unit: usize, steps: Steps) {
    let d = (data.len() / unit).trailing_zeros();
    if d < 2 {
        return;
    }
    let k = 1 << (d - 1).ilog2();
    let row = unit << k;
    if !steps.reversed {
        (0..d - k).rev().for_each(|t| path.run(Job::Divide { data, high: row << t, low: unit << t, steps }));
        convert(path, data, row, steps);
    }
    if row == ROW && unit == 1 {
        path.run(Job::Rows { data, steps });
    } else {
        data.chunks_exact_mut(row).for_each(|data| convert(path, data, unit, steps));
    }
    if steps.reversed {
        convert(path, data, row, steps);
        (0..d - k).for_each(|t| path.run(Job::Divide { data, high: row << t, low: unit << t, steps }));
    }
}
