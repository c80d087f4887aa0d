//! The field of 2^128 elements under the additive Fourier transform.
//!
//! An element is a polynomial over GF(2) of degree below 128, lowest coefficient first, modulo
//! z^128 + z^7 + z^2 + z + 1 (the polynomial of NIST SP 800-38D).

use std::sync::LazyLock;

/// An element: the coefficients of z^0 to z^63, then those of z^64 to z^127.
pub type Element = [u64; 2];

/// The sum, which is the difference as well.
pub fn add(a: Element, b: Element) -> Element {
    [a[0] ^ b[0], a[1] ^ b[1]]
}

/// x z^128 for x of 64 coefficients.
pub fn fold(x: u64) -> Element {
    [x ^ x << 1 ^ x << 2 ^ x << 7, x >> 63 ^ x >> 62 ^ x >> 57]
}

/// The product, bit by bit: for tables.
fn multiply(mut a: Element, b: Element) -> Element {
    let mut sum = [0; 2];
    for i in 0..128 {
        if b[i / 64] >> (i % 64) & 1 == 1 {
            sum = add(sum, a);
        }
        a = times_z(a);
    }
    sum
}

/// The product with z.
pub fn times_z(a: Element) -> Element {
    add([a[0] << 1, a[1] << 1 | a[0] >> 63], fold(a[1] >> 63))
}

/// The product with z^64.
fn times_z64(a: Element) -> Element {
    add([0, a[0]], fold(a[1]))
}

/// A factor of the transform, and its product with z^64: with both at hand a product needs four word products and
/// one to fold it.
#[derive(Clone, Copy, Default)]
pub struct Factor {
    pub plain: Element,
    pub raised: Element,
}

impl Factor {
    /// The sum of two factors.
    pub fn plus(self, other: Self) -> Self {
        Self { plain: add(self.plain, other.plain), raised: add(self.raised, other.raised) }
    }
}

/// Blocks of a transform have numbers below 2 to this.
const NUMBER_BITS: usize = 48;

/// What is added to the factor of block b to have that of block b + 1, for each number of zeros b + 1 ends in.
static STEPS: LazyLock<[Factor; NUMBER_BITS]> = LazyLock::new(|| {
    let basis = basis();
    let mut sum = Factor::default();
    std::array::from_fn(|k| {
        let plain = basis[k + 1];
        sum = sum.plus(Factor { plain, raised: times_z64(plain) });
        sum
    })
});

/// The first elements of a basis in which each is the sum of its successor and its successor's square, from 1 on
/// (Cantor 1989, section 2): the chain that goes down from any element of trace 1.
fn basis() -> [Element; NUMBER_BITS + 1] {
    // Of trace 1: the chain from it is 128 long and ends with its trace.
    let mut element = [0, 1 << (121 - 64)];
    let mut basis = [[0; 2]; NUMBER_BITS + 1];
    for i in (0..128).rev() {
        if let Some(place) = basis.get_mut(i) {
            *place = element;
        }
        element = add(element, multiply(element, element));
    }
    basis
}

/// The factors of blocks `first`, `first` + 1, ...: that of block b is the sum of the basis' elements k + 1 over the
/// ones k of b (Cantor 1989; Gao and Mateer 2010, section III).
pub struct Factors {
    steps: &'static [Factor; NUMBER_BITS],
    block: usize,
    factor: Factor,
}

impl Factors {
    pub fn from(first: usize) -> Self {
        let steps = &*STEPS;
        let mut factor = Factor::default();
        // Gray code: step k turns bits 0 to k over, steps k and k - 1 together bit k alone.
        let mut left = first ^ first >> 1;
        while left != 0 {
            factor = factor.plus(steps[left.trailing_zeros() as usize % NUMBER_BITS]);
            left &= left - 1;
        }
        Self { steps, block: first, factor }
    }

    /// The factor of the block, and on to the next.
    pub fn step(&mut self) -> Factor {
        let factor = self.factor;
        self.block += 1;
        self.factor = factor.plus(self.steps[self.block.trailing_zeros() as usize % NUMBER_BITS]);
        factor
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_basis_is_cantors() {
        let basis = basis();
        assert_eq!(basis[0], [1, 0]);
        for pair in basis.windows(2) {
            assert_eq!(add(pair[1], multiply(pair[1], pair[1])), pair[0]);
        }
    }

    #[test]
    fn raising_is_64_single_steps() {
        let a = [0x0123_4567_89ab_cdef, 0xfedc_ba98_7654_3210];
        assert_eq!(times_z64(a), (0..64).fold(a, |a, _| times_z(a)));
        assert_eq!(multiply(a, [0, 1]), times_z64(a));
    }

    #[test]
    fn factors_are_sums_of_the_basis() {
        let basis = basis();
        for first in [0, 1, 6, 1000] {
            let mut factors = Factors::from(first);
            for block in first..first + 70 {
                let sum =
                    (0..20).filter(|k| block >> k & 1 == 1).fold([0; 2], |sum, k| add(sum, basis[k + 1]));
                let factor = factors.step();
                assert_eq!((factor.plain, factor.raised), (sum, times_z64(sum)));
            }
        }
    }
}
