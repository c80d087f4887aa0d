//! Toeplitz products by halving: for short blocks.

use super::job::Job;
use super::path::Path;
use super::seed::Seed;
use super::square::{PLAIN, POLYNOMIAL, ROOM, Square};
use zeroize::Zeroizing;

/// Adds to `y` the product of the Toeplitz matrix of the diagonals `seed` with the vector `x`, cut into squares as
/// high as `y`.
pub fn product(path: Path, x: &[u64], seed: Seed<'_>, y: &mut [u64]) {
    let width = width(path, y.len());
    let row = if path.multiplies() { POLYNOMIAL } else { PLAIN };
    // All but the diagonals hold parts of the key, or of what becomes one.
    let secret = |len| Zeroizing::new(vec![0u64; len + LINE]);
    let (mut vector, mut product, mut room) = (secret(width), secret(row * y.len()), secret(ROOM * width));
    let mut diagonals = vec![0u64; 2 * width + LINE];
    let (vector, product, room) =
        (aligned(&mut vector, width), aligned(&mut product, row * y.len()), aligned(&mut room, ROOM * width));
    let diagonals = aligned(&mut diagonals, 2 * width);
    for (i, x) in x.chunks(width).enumerate() {
        let (seed, vector) = (seed.from(i * width), &mut vector[..x.len()]);
        if path.multiplies() {
            vector.iter_mut().zip(x).for_each(|(v, x)| *v = x.reverse_bits());
            seed.lay_moved_up(diagonals);
        } else {
            vector.copy_from_slice(x);
            seed.lay(diagonals);
        }
        path.run(Job::Square(Square { t: diagonals, x: vector, y: &mut *product, room: &mut *room }));
        if path.multiplies() {
            let mut after = [0; 2];
            path.run(Job::Row { sum: &mut after, t: &diagonals[y.len()..], x: vector });
            let next = product.as_chunks().0.iter().skip(1).chain([&after]);
            for (y, (this, next)) in y.iter_mut().zip(product.as_chunks::<2>().0.iter().zip(next)) {
                *y ^= this[1] ^ next[0];
            }
        } else {
            y.iter_mut().zip(product.iter()).for_each(|(y, product)| *y ^= product);
        }
    }
}

/// Words of a line of the cache.
const LINE: usize = 8;

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

/// `len` words that start a line of the cache, of [`LINE`] words more: no load or store of a register crosses one.
fn aligned(words: &mut [u64], len: usize) -> &mut [u64] {
    let from = words.as_ptr().align_offset(8 * LINE).min(LINE);
    &mut words[from..from + len]
}
