//! The products by carry-less multiplication (PCLMULQDQ, VPCLMULQDQ): Gueron and Kounavis 2010, Intel's white paper.
//!
//! The same text serves registers of one, two and four pairs of words. Loads and stores are written word by word,
//! which is safe; the compiler makes whole ones of them.

use super::field::{Element, Factor};
use super::halving::{Square, halve};
use super::path::{Job, Kind, Level};
use std::arch::x86_64::*;

/// A module of the kernels for registers of `$pairs` pairs of words.
macro_rules! kernels {
    ($(#[$meta:meta])* $name:ident, $features:literal, $pairs:literal, $register:ty, $multiply:ident, $xor:ident,
     $zero:ident, $up:ident, $down:ident, $repeat:ident, $load:ident, $store:ident) => {
        $(#[$meta])*
        pub mod $name {
            use super::*;

            /// Words of a register.
            const WORDS: usize = 2 * $pairs;
            /// Words of the side of the square whose sums stay in registers.
            const SIDE: usize = 4 * WORDS;

            /// Does the job.
            #[target_feature(enable = $features)]
            pub fn run(job: Job<'_>) {
                match job.additions() {
                    Some(Job::Square(square)) => halves(square),
                    Some(Job::Level(level)) => butterflies(level),
                    Some(Job::Products { sum, a, b }) => products(sum, a, b),
                    _ => {}
                }
            }

            #[target_feature(enable = $features)]
            fn halves(square: Square<'_>) {
                halve(square, 2 * SIDE, |square| leaf(square), |square| halves(square));
            }

            /// A square of twice [`SIDE`] in three of [`SIDE`]: see `halving`.
            #[target_feature(enable = $features)]
            fn leaf(Square { t, x, y, .. }: Square<'_>) {
                let Some(t) = t.as_array::<{ 4 * SIDE }>() else { return };
                let Some(y) = y.as_mut_array::<{ 2 * SIDE }>() else { return };
                // The end of a vector may be cut short.
                let mut whole = [0; 2 * SIDE];
                for (whole, x) in whole.iter_mut().zip(x) {
                    *whole = *x;
                }
                let (x0, x1) = whole.split_at(SIDE);
                let (y0, y1) = y.split_at_mut(SIDE);
                let mut sum = [0; 2 * SIDE];
                for i in 0..2 * SIDE {
                    sum[i] = t[i] ^ t[SIDE + i];
                }
                square(&sum, x0, y0);
                for i in 0..2 * SIDE {
                    sum[i] = t[SIDE + i] ^ t[2 * SIDE + i];
                }
                square(&sum, x1, y1);
                let mut both = [0; SIDE];
                for i in 0..SIDE {
                    both[i] = x0[i] ^ x1[i];
                }
                let mut product = [0; SIDE];
                square(&t[SIDE..3 * SIDE], &both, &mut product);
                for i in 0..SIDE {
                    y0[i] ^= product[i];
                    y1[i] ^= product[i];
                }
            }

            /// y_i += low word of P_(i+1) + high word of P_i, P_k = sum over j of x_j t_(k+j).
            #[target_feature(enable = $features)]
            fn square(t: &[u64], x: &[u64], y: &mut [u64]) {
                let Some(t) = t.as_array::<{ 2 * SIDE }>() else { return };
                let Some(x) = x.as_array::<SIDE>() else { return };
                let (mut even, mut odd, mut last) = ([$zero(); 4], [$zero(); 4], $zero());
                for j in (0..SIDE).step_by(2) {
                    let pair = $repeat(_mm_set_epi64x(x[j + 1] as i64, x[j] as i64));
                    for r in 0..4 {
                        let here = $load(&t[WORDS * r + j..]);
                        let next = $load(&t[WORDS * r + j + 2..]);
                        let e = $xor($multiply::<0x00>(pair, here), $multiply::<0x11>(pair, here));
                        let o = $xor($multiply::<0x10>(pair, here), $multiply::<0x01>(pair, next));
                        (even[r], odd[r]) = ($xor(even[r], e), $xor(odd[r], o));
                    }
                }
                for r in 0..4 {
                    let (x, t) = ($load(&x[WORDS * r..]), $load(&t[SIDE + WORDS * r..]));
                    last = $xor(last, $xor($multiply::<0x00>(x, t), $multiply::<0x11>(x, t)));
                }
                let (mut evens, mut odds) = ([0; SIDE + WORDS], [0; SIDE]);
                for r in 0..4 {
                    $store(even[r], &mut evens[WORDS * r..]);
                    $store(odd[r], &mut odds[WORDS * r..]);
                }
                let mut lasts = [0; WORDS];
                $store(last, &mut lasts);
                evens[SIDE] = lasts.iter().step_by(2).fold(0, |sum, w| sum ^ w);
                for (i, y) in y.chunks_exact_mut(2).enumerate().take(SIDE / 2) {
                    y[0] ^= odds[2 * i] ^ evens[2 * i + 1];
                    y[1] ^= evens[2 * i + 2] ^ odds[2 * i + 1];
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
    store_one
);
kernels!(
    two,
    "pclmulqdq,avx2,vpclmulqdq",
    2,
    __m256i,
    _mm256_clmulepi64_epi128,
    _mm256_xor_si256,
    _mm256_setzero_si256,
    _mm256_bslli_epi128,
    _mm256_bsrli_epi128,
    _mm256_broadcastsi128_si256,
    load_two,
    store_two
);
kernels!(
    four,
    "pclmulqdq,avx2,vpclmulqdq,avx512f,avx512bw",
    4,
    __m512i,
    _mm512_clmulepi64_epi128,
    _mm512_xor_si512,
    _mm512_setzero_si512,
    _mm512_bslli_epi128,
    _mm512_bsrli_epi128,
    _mm512_broadcast_i32x4,
    load_four,
    store_four
);
kernels!(
    #[cfg(test)]
    two_tested,
    "pclmulqdq,avx2",
    2,
    __m256i,
    multiply_two,
    _mm256_xor_si256,
    _mm256_setzero_si256,
    _mm256_bslli_epi128,
    _mm256_bsrli_epi128,
    _mm256_broadcastsi128_si256,
    load_two,
    store_two
);
kernels!(
    #[cfg(test)]
    four_tested,
    "pclmulqdq,avx2,avx512f,avx512bw",
    4,
    __m512i,
    multiply_four,
    _mm512_xor_si512,
    _mm512_setzero_si512,
    _mm512_bslli_epi128,
    _mm512_bsrli_epi128,
    _mm512_broadcast_i32x4,
    load_four,
    store_four
);

#[inline]
#[target_feature(enable = "avx2")]
fn same(x: __m128i) -> __m128i {
    x
}

#[inline]
#[target_feature(enable = "avx2")]
fn load_one(w: &[u64]) -> __m128i {
    let w = &w[..2];
    _mm_set_epi64x(w[1] as i64, w[0] as i64)
}

#[inline]
#[target_feature(enable = "avx2")]
fn store_one(x: __m128i, w: &mut [u64]) {
    let w = &mut w[..2];
    w[0] = _mm_cvtsi128_si64(x) as u64;
    w[1] = _mm_extract_epi64::<1>(x) as u64;
}

#[inline]
#[target_feature(enable = "avx2")]
fn load_two(w: &[u64]) -> __m256i {
    let w = &w[..4];
    _mm256_set_epi64x(w[3] as i64, w[2] as i64, w[1] as i64, w[0] as i64)
}

#[inline]
#[target_feature(enable = "avx2")]
fn store_two(x: __m256i, w: &mut [u64]) {
    let w = &mut w[..4];
    w[0] = _mm256_extract_epi64::<0>(x) as u64;
    w[1] = _mm256_extract_epi64::<1>(x) as u64;
    w[2] = _mm256_extract_epi64::<2>(x) as u64;
    w[3] = _mm256_extract_epi64::<3>(x) as u64;
}

#[inline]
#[target_feature(enable = "avx2,avx512f")]
fn load_four(w: &[u64]) -> __m512i {
    let w: [i64; 8] = std::array::from_fn(|i| w[..8][i] as i64);
    _mm512_set_epi64(w[7], w[6], w[5], w[4], w[3], w[2], w[1], w[0])
}

#[inline]
#[target_feature(enable = "avx2,avx512f")]
fn store_four(x: __m512i, w: &mut [u64]) {
    let w = &mut w[..8];
    store_two(_mm512_castsi512_si256(x), w);
    store_two(_mm512_extracti64x4_epi64::<1>(x), &mut w[4..]);
}

#[cfg(test)]
#[target_feature(enable = "avx2,pclmulqdq")]
fn multiply_two<const HALVES: i32>(a: __m256i, b: __m256i) -> __m256i {
    let low = _mm_clmulepi64_si128::<HALVES>(_mm256_castsi256_si128(a), _mm256_castsi256_si128(b));
    let high =
        _mm_clmulepi64_si128::<HALVES>(_mm256_extracti128_si256::<1>(a), _mm256_extracti128_si256::<1>(b));
    _mm256_set_m128i(high, low)
}

#[cfg(test)]
#[target_feature(enable = "avx2,pclmulqdq,avx512f")]
fn multiply_four<const HALVES: i32>(a: __m512i, b: __m512i) -> __m512i {
    let low = multiply_two::<HALVES>(_mm512_castsi512_si256(a), _mm512_castsi512_si256(b));
    let high = multiply_two::<HALVES>(_mm512_extracti64x4_epi64::<1>(a), _mm512_extracti64x4_epi64::<1>(b));
    _mm512_inserti64x4::<1>(_mm512_castsi256_si512(low), high)
}
