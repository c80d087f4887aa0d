//! Toeplitz products by the additive Fourier transform: for long blocks.

use super::field::Element;
use super::job::Job;
use super::path::Path;
use super::seed::Seed;
use super::transform::{evaluate, evaluate_transposed, interpolate_transposed};
use zeroize::Zeroizing;

/// Adds to `y` the product of the Toeplitz matrix of the diagonals `seed` with the vector `x`, by transforms of 2 to
/// `log_len` elements, more than `y` has words.
///
/// Words are coefficients in a field of 128 bits, where a product of two words, and a sum of such products, is
/// exact. The product with a Toeplitz matrix is the transpose of a product of polynomials (Bostan, Lecerf and Schost
/// 2003), so that it needs no longer a transform than the matrix has diagonals. The input is cut into pieces that
/// share the output's transform.
pub fn product(path: Path, log_len: u32, x: &[u64], seed: Seed<'_>, y: &mut [u64]) {
    let len = 1usize << log_len;
    let piece = len.saturating_sub(y.len());
    if piece == 0 {
        return;
    }
    // All hold parts of the key, or of what becomes one.
    let room = || Zeroizing::new(vec![[0u64; 2]; len]);
    let (mut sum, mut vector, mut diagonals) = (room(), room(), room());
    for (i, x) in x.chunks(piece).enumerate() {
        lay(&mut vector, x.iter().map(|x| x.reverse_bits()));
        lay(&mut diagonals, seed.from(i * piece).moved_up());
        evaluate(path, &mut vector);
        interpolate_transposed(path, &mut diagonals);
        path.run(Job::Products { sum: &mut sum, a: &vector, b: &diagonals });
    }
    evaluate_transposed(path, &mut sum);
    // Element i is the sum of x_j t_(i+j) over words: 127 bits, of which the high half belongs to row i and the low
    // one to the row before.
    for (y, [this, next]) in y.iter_mut().zip(sum.array_windows::<2>()) {
        *y ^= this[1] ^ next[0];
    }
}

/// What the costs of transforms of 2 to `log_len` elements add up to, in elements of a level.
pub fn cost(log_len: u32, input: usize, output: usize) -> u64 {
    let len = 1usize << log_len;
    let pieces = input.div_ceil(len.saturating_sub(output).max(1)) as u64;
    (2 * pieces + 1) * len as u64 * (u64::from(log_len) + 1)
}

fn lay(data: &mut [Element], mut words: impl Iterator<Item = u64>) {
    for element in data {
        *element = [words.next().unwrap_or(0), 0];
    }
}
