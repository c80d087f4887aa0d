//! The additive Fourier transform, its transpose and the transpose of its inverse.
//!
//! A polynomial of degree below n = 2^d over the field is first written in the basis of products of subspace
//! polynomials (Lin, Chung and Han 2014; see `basis`), and then evaluated at the n sums of the first d elements of
//! Cantor's basis by d levels of butterflies.

use super::basis::convert;
use super::division::{Steps, sum};
use super::field::Element;
use super::job::{Job, Kind, Level};
use super::path::Path;

/// Elements of a block that stays in the fastest memory: below, a level is done as a whole.
const NEAR: usize = 1 << 10;

/// Evaluates the polynomial with the coefficients `data`, a power of two of them.
pub fn evaluate(path: Path, data: &mut [Element]) {
    convert(path, data, 1, Steps { swapped: false, reversed: false });
    down(path, data, 0, Kind::Forward);
}

/// The transpose of [`evaluate`].
pub fn evaluate_transposed(path: Path, data: &mut [Element]) {
    up(path, data, 0);
    convert(path, data, 1, Steps { swapped: true, reversed: true });
}

/// The transpose of the inverse of [`evaluate`].
pub fn interpolate_transposed(path: Path, data: &mut [Element]) {
    convert(path, data, 1, Steps { swapped: true, reversed: false });
    down(path, data, 0, Kind::Dual);
}

/// Levels from long blocks to short; `data` is block `block` of its level.
fn down(path: Path, data: &mut [Element], block: usize, kind: Kind) {
    if data.len() < 2 {
        return;
    }
    if data.len() <= NEAR && block > 0 {
        let mut half = data.len() / 2;
        let mut first = block;
        while half > 0 {
            path.run(Job::Level(Level { data: &mut *data, half, first, kind }));
            (half, first) = (half / 2, 2 * first);
        }
        return;
    }
    if block == 0 {
        // The factor is zero.
        let (low, high) = data.split_at_mut(data.len() / 2);
        let (from, to) = if kind == Kind::Forward { (low, high) } else { (high, low) };
        sum(to, from);
    } else {
        path.run(Job::Level(Level { half: data.len() / 2, data: &mut *data, first: block, kind }));
    }
    let (low, high) = data.split_at_mut(data.len() / 2);
    down(path, low, 2 * block, kind);
    down(path, high, 2 * block + 1, kind);
}

/// Levels from short blocks to long, of the transposed evaluation.
fn up(path: Path, data: &mut [Element], block: usize) {
    let kind = Kind::Back;
    if data.len() < 2 {
        return;
    }
    if data.len() <= NEAR && block > 0 {
        let mut half = 1;
        while half < data.len() {
            let first = block * (data.len() / (2 * half));
            path.run(Job::Level(Level { data: &mut *data, half, first, kind }));
            half *= 2;
        }
        return;
    }
    let (low, high) = data.split_at_mut(data.len() / 2);
    up(path, low, 2 * block);
    up(path, high, 2 * block + 1);
    if block == 0 {
        sum(low, high);
    } else {
        path.run(Job::Level(Level { half: data.len() / 2, data, first: block, kind }));
    }
}
