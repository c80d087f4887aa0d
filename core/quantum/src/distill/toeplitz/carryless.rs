//! The products by carry-less multiplication (PCLMULQDQ, VPCLMULQDQ): Gueron and Kounavis 2010, Intel's white paper.
//!
//! The same text serves registers of one, two and four pairs of words. One, two and four pairs' instructions differ in
//! their names only.

use super::field::{Element, Factor, add};
use super::job::{Job, Kind, Level};
use super::registers::*;
use super::square::{POLYNOMIAL, Square, halve};
use std::arch::x86_64::*;

/// A module of the kernels for registers of `$pairs` pairs of words.
macro_rules! kernels {
    ($(#[$meta:meta])* $name:ident, $features:literal, $pairs:literal, $register:ty, $multiply:ident, $xor:ident,
     $zero:ident, $up:ident, $down:ident, $repeat:ident, $load:ident, $store:ident, $gather:ident, $scatter:ident) => {
        $(#[$meta])*
        pub mod $name {
            use super::*;

            /// Words of a register.
            const WORDS: usize = 2 * $pairs;
            /// Words of the side of the square that is halved in registers.
            const SIDE: usize = 8 * $pairs;

            /// Does the job.
            #[target_feature(enable = $features)]
            pub fn run(job: Job<'_>) {
                match job.additions() {
                    Some(Job::Square(square)) => halves(square),
                    Some(Job::Level(level)) => butterflies(level),
                    Some(Job::Row { sum, t, x }) => row(sum, t, x),
                    Some(Job::Products { sum, a, b }) => products(sum, a, b),
                    _ => {}
                }
            }

            #[target_feature(enable = $features)]
            fn halves(square: Square<'_>) {
                halve::<POLYNOMIAL, _>(square, 2 * SIDE, &mut (), |(), t, x, y| leaf(t, x, y), |(), square| halves(square));
            }

            /// A square of twice [`SIDE`] in three of [`SIDE`]: see `square`.
            #[target_feature(enable = $features)]
            fn leaf(t: &[u64], x: &[u64], y: &mut [u64]) {
                let Some(t) = t.as_array::<{ 4 * SIDE }>() else { return };
                let Some(y) = y.as_mut_array::<{ 4 * SIDE }>() else { return };
                // The end of a vector may be cut short.
                let mut padded = [0; 2 * SIDE];
                let x = x.as_array().unwrap_or_else(|| {
                    padded.iter_mut().zip(x).for_each(|(padded, x)| *padded = *x);
                    &padded
                });
                let (mut sums, mut both) = ([0; 3 * SIDE], [0; SIDE]);
                for i in 0..3 * SIDE {
                    sums[i] = t[i] ^ t[SIDE + i];
                }
                for i in 0..SIDE {
                    both[i] = x[i] ^ x[SIDE + i];
                }
                let product = inner(&t[SIDE..], &both);
                for (i, y) in y.chunks_exact_mut(2 * SIDE).enumerate() {
                    outer(&sums[i * SIDE..], &x[i * SIDE..], &product, y);
                }
            }

            // Not merged with the leaf: the compiler would join stores and loads across them, which the processor then
            // cannot pass on to each other.
            #[inline(never)]
            #[target_feature(enable = $features)]
            fn inner(t: &[u64], x: &[u64]) -> Rows {
                square(t, x, [[$zero(); 2]; 4])
            }

            #[inline(never)]
            #[target_feature(enable = $features)]
            fn outer(t: &[u64], x: &[u64], product: &Rows, y: &mut [u64]) {
                for (k, row) in square(t, x, *product).as_flattened().iter().enumerate() {
                    $scatter(*row, &mut y[2 * k..], 16);
                }
            }

            /// Rows of eight words, a lane for each eight of the product.
            type Rows = [[$register; 2]; 4];

            /// Adds P_k = sum over j of x_j t_(k+j), of k and j below [`SIDE`].
            #[inline]
            #[target_feature(enable = $features)]
            fn square(t: &[u64], x: &[u64], mut rows: Rows) -> Rows {
                let Some(t) = t.first_chunk::<{ 2 * SIDE }>() else { return rows };
                let Some(x) = x.first_chunk::<SIDE>() else { return rows };
                for (i, x) in x.as_chunks::<8>().0.iter().enumerate() {
                    let t: [_; 8] = std::array::from_fn(|d| $gather(&t[8 * i + 2 * d..], 8));
                    let x: [_; 4] = std::array::from_fn(|j| $repeat(load_one(&x[2 * j..])));
                    let u: [_; 6] = std::array::from_fn(|d| $xor(t[d], t[d + 2]));
                    let both = quarter([t[2], t[3], t[4], t[5]], [$xor(x[0], x[2]), $xor(x[1], x[3])]);
                    let upper = quarter([u[0], u[1], u[2], u[3]], [x[0], x[1]]);
                    let lower = quarter([u[2], u[3], u[4], u[5]], [x[2], x[3]]);
                    for k in 0..2 {
                        rows[k] = plus(rows[k], plus(upper[k], both[k]));
                        rows[2 + k] = plus(rows[2 + k], plus(lower[k], both[k]));
                    }
                }
                rows
            }

            /// The same of four by four words, halved once more.
            #[inline]
            #[target_feature(enable = $features)]
            fn quarter(t: [$register; 4], x: [$register; 2]) -> [[$register; 2]; 2] {
                let u: [_; 3] = std::array::from_fn(|d| $xor(t[d], t[d + 1]));
                let both = pair(t[1], t[2], $xor(x[0], x[1]));
                [plus(pair(u[0], u[1], x[0]), both), plus(pair(u[1], u[2], x[1]), both)]
            }

            /// The same of two by two: t_0 and t_1 are in `here`, t_2 is in `next`.
            #[inline]
            #[target_feature(enable = $features)]
            fn pair(here: $register, next: $register, x: $register) -> [$register; 2] {
                [
                    $xor($multiply::<0x00>(x, here), $multiply::<0x11>(x, here)),
                    $xor($multiply::<0x10>(x, here), $multiply::<0x01>(x, next)),
                ]
            }

            #[inline]
            #[target_feature(enable = $features)]
            fn plus(a: [$register; 2], b: [$register; 2]) -> [$register; 2] {
                [$xor(a[0], b[0]), $xor(a[1], b[1])]
            }

            /// The sum of x_j t_j.
            #[target_feature(enable = $features)]
            fn row(sum: &mut Element, t: &[u64], x: &[u64]) {
                let mut lanes = $zero();
                let (whole, rest) = x.as_chunks::<WORDS>();
                let mut last = [0; WORDS];
                last.iter_mut().zip(rest).for_each(|(last, x)| *last = *x);
                for (x, t) in whole.iter().chain([&last]).zip(t.chunks_exact(WORDS)) {
                    let (x, t) = ($load(x), $load(t));
                    lanes = $xor(lanes, $xor($multiply::<0x00>(x, t), $multiply::<0x11>(x, t)));
                }
                let mut words = [0; WORDS];
                $store(lanes, &mut words);
                for lane in words.as_chunks().0 {
                    *sum = add(*sum, *lane);
                }
            }

            /// The products of elements with a factor: 192 bits, of which one word is folded back.
            #[inline]
            #[target_feature(enable = $features)]
            fn times(x: $register, plain: $register, raised: $register, fold: $register) -> $register {
                let low = $xor($multiply::<0x00>(x, plain), $multiply::<0x01>(x, raised));
                let high = $xor($multiply::<0x10>(x, plain), $multiply::<0x11>(x, raised));
                $xor($xor(low, $up::<8>(high)), $multiply::<0x01>(high, fold))
            }

            #[target_feature(enable = $features)]
            fn butterflies(level: Level<'_>) {
                if level.half < $pairs {
                    return one::run(Job::Level(level));
                }
                let (kind, fold) = (level.kind, $repeat(_mm_set_epi64x(0, 0x87)));
                level.each(|Factor { plain, raised }, p, q| {
                    let plain = $repeat(_mm_set_epi64x(plain[1] as i64, plain[0] as i64));
                    let raised = $repeat(_mm_set_epi64x(raised[1] as i64, raised[0] as i64));
                    let p = p.as_flattened_mut().chunks_exact_mut(WORDS);
                    for (p, q) in p.zip(q.as_flattened_mut().chunks_exact_mut(WORDS)) {
                        let (mut a, mut b) = ($load(p), $load(q));
                        if kind == Kind::Back {
                            b = $xor(b, a);
                            a = $xor(a, times(b, plain, raised, fold));
                        } else {
                            a = $xor(a, times(b, plain, raised, fold));
                            b = $xor(b, a);
                        }
                        $store(a, p);
                        $store(b, q);
                    }
                });
            }

            #[target_feature(enable = $features)]
            fn products(sum: &mut [Element], a: &[Element], b: &[Element]) {
                let fold = $repeat(_mm_set_epi64x(0, 0x87));
                let whole = sum.len() / $pairs * $pairs;
                let words = sum.as_flattened_mut().chunks_exact_mut(WORDS);
                let factors = a.as_flattened().chunks_exact(WORDS).zip(b.as_flattened().chunks_exact(WORDS));
                for (sum, (a, b)) in words.zip(factors) {
                    let (a, b) = ($load(a), $load(b));
                    let middle = $xor($multiply::<0x01>(a, b), $multiply::<0x10>(a, b));
                    let low = $xor($multiply::<0x00>(a, b), $up::<8>(middle));
                    let high = $xor($multiply::<0x11>(a, b), $down::<8>(middle));
                    let top = $multiply::<0x01>(high, fold);
                    let rest = $multiply::<0x00>($xor(high, $down::<8>(top)), fold);
                    $store($xor($xor($load(sum), low), $xor($up::<8>(top), rest)), sum);
                }
                if whole < sum.len() {
                    one::run(Job::Products { sum: &mut sum[whole..], a: &a[whole..], b: &b[whole..] });
                }
            }
        }
    };
}

/// [`kernels`] for registers of two pairs.
macro_rules! kernels_of_two {
    ($(#[$meta:meta])* $name:ident, $features:literal, $multiply:ident) => {
        kernels!($(#[$meta])* $name, $features, 2, __m256i, $multiply, _mm256_xor_si256, _mm256_setzero_si256,
            _mm256_bslli_epi128, _mm256_bsrli_epi128, _mm256_broadcastsi128_si256, load_two, store_two, gather_two,
            scatter_two);
    };
}

/// [`kernels`] for registers of four pairs.
macro_rules! kernels_of_four {
    ($(#[$meta:meta])* $name:ident, $features:literal, $multiply:ident) => {
        kernels!($(#[$meta])* $name, $features, 4, __m512i, $multiply, _mm512_xor_si512, _mm512_setzero_si512,
            _mm512_bslli_epi128, _mm512_bsrli_epi128, _mm512_broadcast_i32x4, load_four, store_four, gather_four,
            scatter_four);
    };
}

kernels!(
    one,
    "pclmulqdq,avx2",
    1,
    __m128i,
    _mm_clmulepi64_si128,
    _mm_xor_si128,
    _mm_setzero_si128,
    _mm_bslli_si128,
    _mm_bsrli_si128,
    same,
    load_one,
    store_one,
    gather_one,
    scatter_one
);
kernels_of_two!(two, "pclmulqdq,avx2,vpclmulqdq", _mm256_clmulepi64_epi128);
kernels_of_four!(four, "pclmulqdq,avx2,vpclmulqdq,avx512f,avx512bw", _mm512_clmulepi64_epi128);
kernels_of_two!(
    #[cfg(test)]
    two_tested,
    "pclmulqdq,avx2",
    multiply_two
);
kernels_of_four!(
    #[cfg(test)]
    four_tested,
    "pclmulqdq,avx2,avx512f,avx512bw",
    multiply_four
);
