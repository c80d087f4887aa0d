//! Privacy amplification by a Toeplitz matrix over GF(2): exact, 2-universal (Krawczyk 1994).

use crate::ground::Bits;

/// Bits of seed that hash `input` bits to `output` bits.
#[must_use]
pub fn seed_bits(input: usize, output: usize) -> usize {
    (input + output).saturating_sub(1)
}

/// Hashes `input` to `output` bits: y_i = XOR over j of x_j t_(i+j), a Toeplitz matrix with its columns in reverse
/// order. Missing seed bits count as zero.
///
/// O(n m / 64): for each of the 64 bit offsets the seed is shifted once, and every input bit at that offset
/// adds a run of whole words.
#[must_use]
pub fn hash(input: &Bits, seed: &Bits, output: usize) -> Bits {
    let words = output.div_ceil(64);
    let mut sum = vec![0u64; words];
    for offset in 0..64 {
        let shifted = seed.slice(offset, seed.len());
        let mut row = shifted.words().to_vec();
        row.resize(input.words().len() + words, 0);
        for (i, word) in input.words().iter().enumerate() {
            if word >> offset & 1 == 1 {
                for (s, t) in sum.iter_mut().zip(&row[i..i + words]) {
                    *s ^= t;
                }
            }
        }
    }
    let bytes: Vec<u8> = sum.iter().flat_map(|w| w.to_le_bytes()).collect();
    Bits::from_bytes(&bytes, output)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn it_is_the_matrix_product(x in proptest::collection::vec(any::<bool>(), 1..200), m in 1usize..150, raw in proptest::collection::vec(any::<bool>(), 400)) {
            let (input, seed): (Bits, Bits) = (x.iter().copied().collect(), raw[..seed_bits(x.len(), m)].iter().copied().collect());
            let direct: Bits = (0..m).map(|i| (0..x.len()).fold(false, |sum, j| sum ^ (x[j] & raw[i + j]))).collect();
            prop_assert_eq!(hash(&input, &seed, m), direct);
        }
    }
}
