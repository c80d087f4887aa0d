//! Toeplitz products by halving: for short blocks.

use super::path::{Job, Path};
use super::seed::Seed;
use zeroize::Zeroizing;

/// Adds to `y` the product of the Toeplitz matrix of the diagonals `seed` with the vector `x`, cut into squares as
/// high as `y`.
pub fn product(path: Path, x: &[u64], seed: Seed<'_>, y: &mut [u64]) {
    let width = width(path, y.len());
    // Both hold parts of the key.
    let mut vector = Zeroizing::new(vec![0u64; width]);
    let mut room = Zeroizing::new(vec![0u64; ROOM * width]);
    let mut diagonals = vec![0u64; 2 * width];
    for (i, x) in x.chunks(width).enumerate() {
        let (seed, vector) = (seed.from(i * width), &mut vector[..x.len()]);
        if path.multiplies() {
            vector.iter_mut().zip(x).for_each(|(v, x)| *v = x.reverse_bits());
            diagonals.iter_mut().zip(seed.moved_up()).for_each(|(d, t)| *d = t);
        } else {
            vector.copy_from_slice(x);
            diagonals.iter_mut().zip(seed.plain()).for_each(|(d, t)| *d = t);
        }
        path.run(Job::Square(Square { t: &diagonals, x: vector, y, room: &mut room }));
    }
}

/// What it costs, in elements of a transform's level.
pub fn cost(path: Path, input: usize, output: usize) -> u64 {
    let (leaf, width) = (path.leaf(), width(path, output));
    // Leaves of a square of which only the upper rows are wanted.
    let (mut count, mut rows, mut side, mut times) = (0, output.div_ceil(leaf), width / leaf, 1u64);
    while rows > 0 && side > 1 && rows < side {
        side /= 2;
        if rows <= side {
            times *= 2;
        } else {
            count += times * 2 * 3u64.pow(side.ilog2());
            rows -= side;
        }
    }
    count += times * 3u64.pow(side.ilog2());
    input as u64 * count / width as u64 * path.leaf_cost()
}

fn width(path: Path, output: usize) -> usize {
    output.div_ceil(path.leaf()).next_power_of_two() * path.leaf()
}

/// Words of room for each word of a square's side.
const ROOM: usize = 5;

/// A product to add to `y`: of a square matrix of w words' side with the vector `x`.
///
/// `t` holds 2 w words of anti-diagonals; w is the path's leaf times a power of two. `x` and `y` may be cut short:
/// what is missing of `x` is zero, what is missing of `y` is not wanted. `room` holds [`ROOM`] w words. See
/// [`Path::multiplies`] for how the bits are laid.
pub struct Square<'a> {
    pub t: &'a [u64],
    pub x: &'a [u64],
    pub y: &'a mut [u64],
    pub room: &'a mut [u64],
}

/// Does it in three squares of half the side (Fan and Hasan 2007, two-way split): O(w^1.585). `whole` does a square
/// of `leaf` words' side, of which `x` may be cut short, `half` one of half this one's side.
#[inline(always)]
pub fn halve(square: Square<'_>, leaf: usize, whole: impl Fn(Square<'_>), half: impl Fn(Square<'_>)) {
    let Square { t, x, y, room } = square;
    if x.is_empty() || y.is_empty() {
        return;
    }
    if t.len() <= 2 * leaf {
        if y.len() == leaf {
            return whole(Square { t, x, y, room });
        }
        let (product, room) = room.split_at_mut(leaf);
        product.fill(0);
        whole(Square { t, x, y: &mut *product, room });
        return xor(y, product);
    }
    let side = t.len() / 4;
    let (t0, t1, t2) = (&t[..2 * side], &t[side..3 * side], &t[2 * side..]);
    let (x0, x1) = x.split_at(side.min(x.len()));
    let (y0, y1) = y.split_at_mut(side.min(y.len()));
    if x1.is_empty() || y1.is_empty() {
        half(Square { t: t0, x: x0, y: &mut *y0, room: &mut *room });
        half(Square { t: t1, x: x0, y: y1, room: &mut *room });
        half(Square { t: t1, x: x1, y: y0, room });
        return;
    }
    // y0 = T0 x0 + T1 x1 = (T0 + T1) x0 + T1 (x0 + x1), y1 = T1 x0 + T2 x1 = (T1 + T2) x1 + T1 (x0 + x1).
    let (own, room) = room.split_at_mut(4 * side);
    let (matrix, own) = own.split_at_mut(2 * side);
    let (vector, product) = own.split_at_mut(side);
    sum(matrix, t0, t1);
    half(Square { t: matrix, x: x0, y: &mut *y0, room: &mut *room });
    sum(matrix, t1, t2);
    half(Square { t: matrix, x: x1, y: &mut *y1, room: &mut *room });
    vector.copy_from_slice(x0);
    xor(vector, x1);
    product.fill(0);
    half(Square { t: t1, x: vector, y: &mut *product, room });
    xor(y0, product);
    xor(y1, product);
}

#[inline(always)]
fn sum(out: &mut [u64], a: &[u64], b: &[u64]) {
    for ((o, a), b) in out.iter_mut().zip(a).zip(b) {
        *o = a ^ b;
    }
}

#[inline(always)]
fn xor(out: &mut [u64], a: &[u64]) {
    for (o, a) in out.iter_mut().zip(a) {
        *o ^= a;
    }
}
