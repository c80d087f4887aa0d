//! Privacy amplification by a Toeplitz matrix over GF(2): exact, 2-universal (Krawczyk 1994).
//!
//! Short blocks are computed by halving the matrix (Karatsuba), long ones by an additive Fourier transform, of which
//! the cost grows little faster than the block. Both multiply with the best instructions the machine has; all ways
//! give the same bits.
//!
//! Each file uses only those before it: `field`, `pair`, `seed`; `division` and `square`, the steps of both ways;
//! `job`; the kernels, `portable` and `carryless` with its `registers`; `path`, which chooses between them; then the
//! two ways, `halving` as well as `basis`, `transform` and `spectrum`.
//!
//! With carry-less multiplication no address depends on the key. Without, as in WebAssembly, tables are indexed by four
//! bits of it: who can watch this thread's cache learns about the key.

mod basis;
#[cfg(target_arch = "x86_64")]
mod carryless;
mod division;
mod field;
mod halving;
mod job;
mod pair;
mod path;
mod portable;
#[cfg(target_arch = "x86_64")]
mod registers;
mod seed;
mod spectrum;
mod square;
#[cfg(test)]
mod tests;
mod transform;

use crate::ground::Bits;
use path::Path;
use seed::Seed;
use zeroize::Zeroizing;

/// Bits of seed that hash `input` bits to `output` bits.
#[must_use]
pub fn seed_bits(input: usize, output: usize) -> usize {
    (input + output).saturating_sub(1)
}

/// Hashes `input` to `output` bits: y_i = XOR over j of x_j t_(i+j), a Toeplitz matrix with its columns in reverse
/// order. Missing seed bits count as zero.
///
/// O(n m^0.585) for short outputs of m bits, O(n (log n)^1.6) for long ones. Beside its arguments it needs
/// about 50 to 100 bytes for each 64 bits of input and output: 13 MB for 10^7 bits hashed to half of them.
#[must_use]
pub fn hash(input: &Bits, seed: &Bits, output: usize) -> Bits {
    let mut sum = Sum::new(output);
    sum.add(input, seed);
    sum.finish()
}

/// [`hash`] of an input that comes piece by piece.
///
/// ```
/// # use keyway_quantum::{distill::toeplitz::{Sum, hash, seed_bits}, ground::Bits};
/// let (input, seed) = (Bits::from_bytes(b"sifted and corrected", 160), Bits::from_bytes(&[0xa7; 28], 219));
/// let mut sum = Sum::new(60);
/// for from in [0, 100] {
///     let piece = input.slice(from, from + 100);
///     sum.add(&piece, &seed.slice(from, from + seed_bits(piece.len(), 60)));
/// }
/// assert_eq!(sum.finish(), hash(&input, &seed, 60));
/// ```
pub struct Sum {
    /// Bits of the output.
    output: usize,
    words: Zeroizing<Vec<u64>>,
}

impl Sum {
    /// Of `output` bits, to which nothing is added yet: zeros.
    #[must_use]
    pub fn new(output: usize) -> Self {
        Self { output, words: Zeroizing::new(vec![0; output.div_ceil(64)]) }
    }

    /// Adds a piece of the input, in any order. `seed` is the part of the whole seed for it: [`seed_bits`] of the
    /// piece and the output, from the bit on at which the piece stands in the input. Missing bits count as zero.
    pub fn add(&mut self, piece: &Bits, seed: &Bits) {
        product(Path::best(), None, piece.words(), seed.words(), &mut self.words);
    }

    /// The output.
    #[must_use]
    pub fn finish(self) -> Bits {
        let mut bits = Bits::with_capacity(self.output);
        for (i, word) in self.words.iter().enumerate() {
            bits.push_word(*word, self.output - 64 * i);
        }
        bits
    }
}

/// How a product is computed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    Halving,
    /// With transforms of 2 to this many elements.
    Spectrum(u32),
}

impl Way {
    /// The cheapest for so many words of input and output.
    fn best(path: Path, input: usize, output: usize) -> Self {
        let least = (output + 1).next_power_of_two().ilog2();
        let spectra = (least..least + 4).map(|d| (spectrum::cost(d, input, output), Self::Spectrum(d)));
        let halving = (halving::cost(path, input, output), Self::Halving);
        spectra.chain([halving]).min_by_key(|(cost, _)| *cost).map_or(Self::Halving, |(_, way)| way)
    }
}

/// Adds the product of the matrix with the diagonals `t` and the vector `x` to `y`, in the cheapest way if none is
/// named.
fn product(path: Path, way: Option<Way>, x: &[u64], t: &[u64], y: &mut [u64]) {
    if x.is_empty() {
        return;
    }
    // No strip of rows is much higher than it is long.
    let rows = x.len().max(path.leaf());
    for (i, y) in y.chunks_mut(rows).enumerate() {
        let seed = Seed::new(t).from(i * rows);
        match way.unwrap_or_else(|| Way::best(path, x.len(), y.len())) {
            Way::Halving => halving::product(path, x, seed, y),
            Way::Spectrum(log_len) => spectrum::product(path, log_len, x, seed, y),
        }
    }
}
