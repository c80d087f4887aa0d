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
/// The input is cut into pieces as long as the output, and each square product is halved again and again into
/// three of half the size (Fan and Hasan 2007, two-way split): O(n m^0.585) for n >= m.
#[must_use]
pub fn hash(input: &Bits, seed: &Bits, output: usize) -> Bits {
    // A power of two of words, so that every square can be halved down to single words.
    let words = output.div_ceil(64).next_power_of_two();
    let mut sum = vec![0u64; words];
    let mut room = vec![0u64; 5 * words];
    for (piece, x) in input.words().chunks(words).enumerate() {
        let mut vector = x.to_vec();
        vector.resize(words, 0);
        let at = (piece * words).min(seed.words().len());
        let mut diagonal = seed.words()[at..].iter().copied().take(2 * words).collect::<Vec<_>>();
        diagonal.resize(2 * words, 0);
        square(&diagonal, &vector, &mut sum, &mut room);
    }
    let bytes: Vec<u8> = sum.iter().flat_map(|w| w.to_le_bytes()).collect();
    Bits::from_bytes(&bytes, output)
}

/// Adds to `y` (w words) the product of the square matrix with anti-diagonals `t` (2 w words) and the vector `x`
/// (w words). `room` holds at least 5 w words.
fn square(t: &[u64], x: &[u64], y: &mut [u64], room: &mut [u64]) {
    let [single] = x else {
        let half = x.len() / 2;
        let ((x0, x1), (t0, t1, t2)) =
            (x.split_at(half), (&t[..2 * half], &t[half..3 * half], &t[2 * half..]));
        let (own, room) = room.split_at_mut(4 * half);
        let (sum, product) = own.split_at_mut(3 * half);
        // y0 = T0 x0 + T1 x1 = (T0 + T1) x0 + T1 (x0 + x1), y1 = T1 x0 + T2 x1 = (T1 + T2) x1 + T1 (x0 + x1).
        let (matrix, vector) = sum.split_at_mut(2 * half);
        add(matrix, t0, t1);
        square(matrix, x0, &mut y[..half], room);
        add(matrix, t1, t2);
        square(matrix, x1, &mut y[half..], room);
        add(vector, x0, x1);
        product.fill(0);
        square(t1, vector, product, room);
        let (y0, y1) = y.split_at_mut(half);
        for ((a, b), p) in y0.iter_mut().zip(y1).zip(product) {
            *a ^= *p;
            *b ^= *p;
        }
        return;
    };
    // Bits 63 to 126 of the product of the mirrored vector with the anti-diagonals, from two low halves.
    let upper = multiply_low(*single, t[0].reverse_bits()).reverse_bits();
    y[0] ^= upper ^ multiply_low(single.reverse_bits(), t[1]) << 1;
}

fn add(out: &mut [u64], a: &[u64], b: &[u64]) {
    for ((o, a), b) in out.iter_mut().zip(a).zip(b) {
        *o = a ^ b;
    }
}

/// The low 64 bits of the product of two polynomials over GF(2).
///
/// Whole-number products of every fourth bit: up to 16 terms meet in a place, and what they carry stays in the three
/// places that are masked out (Pornin 2016, BearSSL's constant-time GHASH).
fn multiply_low(x: u64, y: u64) -> u64 {
    const EVERY_FOURTH: u64 = 0x1111_1111_1111_1111;
    let a: [u64; 4] = std::array::from_fn(|i| x & EVERY_FOURTH << i);
    let b: [u64; 4] = std::array::from_fn(|i| y & EVERY_FOURTH << i);
    let mut product = 0;
    for place in 0..4 {
        let sum = (0..4).fold(0, |sum, i| sum ^ a[i].wrapping_mul(b[(place + 4 - i) % 4]));
        product |= sum & EVERY_FOURTH << place;
    }
    product
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn it_is_the_matrix_product(x in proptest::collection::vec(any::<bool>(), 1..900), m in 1usize..300, raw in proptest::collection::vec(any::<bool>(), 1200)) {
            let (input, seed): (Bits, Bits) = (x.iter().copied().collect(), raw[..seed_bits(x.len(), m)].iter().copied().collect());
            let direct: Bits = (0..m).map(|i| (0..x.len()).fold(false, |sum, j| sum ^ (x[j] & raw[i + j]))).collect();
            prop_assert_eq!(hash(&input, &seed, m), direct);
        }
    }
}
