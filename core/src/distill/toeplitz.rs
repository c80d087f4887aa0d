//! Privacy amplification by a Toeplitz matrix over GF(2): exact, 2-universal (Krawczyk 1994).

use crate::ground::Bits;
use zeroize::Zeroizing;

/// Bits of seed that hash `input` bits to `output` bits.
#[must_use]
pub fn seed_bits(input: usize, output: usize) -> usize {
    (input + output).saturating_sub(1)
}

/// Hashes `input` to `output` bits: y_i = XOR over j of x_j t_(i+j), a Toeplitz matrix with its columns in reverse
/// order. Missing seed bits count as zero.
///
/// The input is cut into pieces about as long as the output, and each square product is halved again and again into
/// three of half the size (Fan and Hasan 2007, two-way split): O(n m^0.585) for n >= m.
#[must_use]
pub fn hash(input: &Bits, seed: &Bits, output: usize) -> Bits {
    let rows = output.div_ceil(64);
    let width = rows.next_power_of_two().max(LEAF);
    // Both hold parts of the key.
    let mut sum = Zeroizing::new(vec![0u64; rows]);
    let mut room = Zeroizing::new(vec![0u64; 5 * width]);
    for (piece, x) in input.words().chunks(width).enumerate() {
        let from = (piece * width).min(seed.words().len());
        let mut diagonals: Vec<u64> = seed.words()[from..].iter().copied().take(2 * width).collect();
        diagonals.resize(2 * width, 0);
        square(&diagonals, x, &mut sum, &mut room);
    }
    let bytes: Zeroizing<Vec<u8>> = Zeroizing::new(sum.iter().flat_map(|w| w.to_le_bytes()).collect());
    Bits::from_bytes(&bytes, output)
}

/// Words of the side of a square that is not halved any more by [`square`].
const LEAF: usize = 4;

/// Adds to `y` the product of a square matrix of w words' side with the vector `x`: 2 w words of anti-diagonals in
/// `t`. `x` and `y` may be cut short: what is missing of `x` is zero, what is missing of `y` is not wanted. `room`
/// holds at least 5 w words.
fn square(t: &[u64], x: &[u64], y: &mut [u64], room: &mut [u64]) {
    if x.is_empty() || y.is_empty() {
        return;
    }
    if let Some(t) = t.as_array() {
        let whole = std::array::from_fn(|i| x.get(i).copied().unwrap_or(0));
        for (y, sum) in y.iter_mut().zip(four(t, whole)) {
            *y ^= sum;
        }
        return;
    }
    let half = t.len() / 4;
    let (t0, t1, t2) = (&t[..2 * half], &t[half..3 * half], &t[2 * half..]);
    let (x0, x1) = x.split_at(half.min(x.len()));
    let (y0, y1) = y.split_at_mut(half.min(y.len()));
    if x1.is_empty() || y1.is_empty() {
        square(t0, x0, y0, room);
        square(t1, x0, y1, room);
        square(t1, x1, y0, room);
        return;
    }
    // y0 = T0 x0 + T1 x1 = (T0 + T1) x0 + T1 (x0 + x1), y1 = T1 x0 + T2 x1 = (T1 + T2) x1 + T1 (x0 + x1).
    let (own, room) = room.split_at_mut(4 * half);
    let (matrix, own) = own.split_at_mut(2 * half);
    let (vector, product) = own.split_at_mut(half);
    add(matrix, t0, t1);
    square(matrix, x0, y0, room);
    add(matrix, t1, t2);
    square(matrix, x1, y1, room);
    vector.copy_from_slice(x0);
    xor(vector, x1);
    product.fill(0);
    square(t1, vector, product, room);
    xor(y0, product);
    xor(y1, product);
}

fn add(out: &mut [u64], a: &[u64], b: &[u64]) {
    for ((o, a), b) in out.iter_mut().zip(a).zip(b) {
        *o = a ^ b;
    }
}

fn xor(out: &mut [u64], a: &[u64]) {
    for (o, a) in out.iter_mut().zip(a) {
        *o ^= a;
    }
}

/// [`square`] of four words' side, halved without loops.
fn four(t: &[u64; 2 * LEAF], x: [u64; LEAF]) -> [u64; LEAF] {
    let both = two([t[2], t[3], t[4], t[5]], [x[0] ^ x[2], x[1] ^ x[3]]);
    let y0 = two([t[0] ^ t[2], t[1] ^ t[3], t[2] ^ t[4], t[3] ^ t[5]], [x[0], x[1]]);
    let y1 = two([t[2] ^ t[4], t[3] ^ t[5], t[4] ^ t[6], t[5] ^ t[7]], [x[2], x[3]]);
    [y0[0] ^ both[0], y0[1] ^ both[1], y1[0] ^ both[0], y1[1] ^ both[1]]
}

fn two(t: [u64; 4], x: [u64; 2]) -> [u64; 2] {
    let both = one([t[1], t[2]], x[0] ^ x[1]);
    [one([t[0] ^ t[1], t[1] ^ t[2]], x[0]) ^ both, one([t[1] ^ t[2], t[2] ^ t[3]], x[1]) ^ both]
}

/// 64 rows: bits 63 to 126 of the product of the mirrored vector with the anti-diagonals, from two low halves.
fn one(t: [u64; 2], x: u64) -> u64 {
    multiply_low(x, t[0].reverse_bits()).reverse_bits() ^ multiply_low(x.reverse_bits(), t[1]) << 1
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
