//! Words in and out of registers of one, two and four pairs of them.
//!
//! Loads and stores are written word by word, which is safe; the compiler makes whole ones of them.

use std::arch::x86_64::*;

#[inline]
#[target_feature(enable = "avx2")]
pub fn same(x: __m128i) -> __m128i {
    x
}

#[inline]
#[target_feature(enable = "avx2")]
pub fn load_one(w: &[u64]) -> __m128i {
    let w = &w[..2];
    _mm_set_epi64x(w[1] as i64, w[0] as i64)
}

#[inline]
#[target_feature(enable = "avx2")]
pub fn store_one(x: __m128i, w: &mut [u64]) {
    let w = &mut w[..2];
    w[0] = _mm_cvtsi128_si64(x) as u64;
    w[1] = _mm_extract_epi64::<1>(x) as u64;
}

#[inline]
#[target_feature(enable = "avx2")]
pub fn load_two(w: &[u64]) -> __m256i {
    let w = &w[..4];
    _mm256_set_epi64x(w[3] as i64, w[2] as i64, w[1] as i64, w[0] as i64)
}

#[inline]
#[target_feature(enable = "avx2")]
pub fn store_two(x: __m256i, w: &mut [u64]) {
    let w = &mut w[..4];
    w[0] = _mm256_extract_epi64::<0>(x) as u64;
    w[1] = _mm256_extract_epi64::<1>(x) as u64;
    w[2] = _mm256_extract_epi64::<2>(x) as u64;
    w[3] = _mm256_extract_epi64::<3>(x) as u64;
}

#[inline]
#[target_feature(enable = "avx2,avx512f")]
pub fn load_four(w: &[u64]) -> __m512i {
    let w: [i64; 8] = std::array::from_fn(|i| w[..8][i] as i64);
    _mm512_set_epi64(w[7], w[6], w[5], w[4], w[3], w[2], w[1], w[0])
}

#[inline]
#[target_feature(enable = "avx2,avx512f")]
pub fn store_four(x: __m512i, w: &mut [u64]) {
    let w = &mut w[..8];
    store_two(_mm512_castsi512_si256(x), w);
    store_two(_mm512_extracti64x4_epi64::<1>(x), &mut w[4..]);
}

#[inline]
#[target_feature(enable = "avx2")]
pub fn gather_one(w: &[u64], _: usize) -> __m128i {
    load_one(w)
}

#[inline]
#[target_feature(enable = "avx2")]
pub fn scatter_one(x: __m128i, w: &mut [u64], _: usize) {
    store_one(x, w);
}

/// Two words from the start and from each `apart` words on.
#[inline]
#[target_feature(enable = "avx2")]
pub fn gather_two(w: &[u64], apart: usize) -> __m256i {
    _mm256_set_m128i(load_one(&w[apart..]), load_one(w))
}

#[inline]
#[target_feature(enable = "avx2")]
pub fn scatter_two(x: __m256i, w: &mut [u64], apart: usize) {
    store_one(_mm256_castsi256_si128(x), w);
    store_one(_mm256_extracti128_si256::<1>(x), &mut w[apart..]);
}

#[inline]
#[target_feature(enable = "avx2,avx512f")]
pub fn gather_four(w: &[u64], apart: usize) -> __m512i {
    _mm512_inserti64x4::<1>(_mm512_castsi256_si512(gather_two(w, apart)), gather_two(&w[2 * apart..], apart))
}

#[inline]
#[target_feature(enable = "avx2,avx512f")]
pub fn scatter_four(x: __m512i, w: &mut [u64], apart: usize) {
    scatter_two(_mm512_castsi512_si256(x), w, apart);
    scatter_two(_mm512_extracti64x4_epi64::<1>(x), &mut w[2 * apart..], apart);
}

#[cfg(test)]
#[target_feature(enable = "avx2,pclmulqdq")]
pub fn multiply_two<const HALVES: i32>(a: __m256i, b: __m256i) -> __m256i {
    let low = _mm_clmulepi64_si128::<HALVES>(_mm256_castsi256_si128(a), _mm256_castsi256_si128(b));
    let high =
        _mm_clmulepi64_si128::<HALVES>(_mm256_extracti128_si256::<1>(a), _mm256_extracti128_si256::<1>(b));
    _mm256_set_m128i(high, low)
}

#[cfg(test)]
#[target_feature(enable = "avx2,pclmulqdq,avx512f")]
pub fn multiply_four<const HALVES: i32>(a: __m512i, b: __m512i) -> __m512i {
    let low = multiply_two::<HALVES>(_mm512_castsi512_si256(a), _mm512_castsi512_si256(b));
    let high = multiply_two::<HALVES>(_mm512_extracti64x4_epi64::<1>(a), _mm512_extracti64x4_epi64::<1>(b));
    _mm512_inserti64x4::<1>(_mm512_castsi256_si512(low), high)
}
