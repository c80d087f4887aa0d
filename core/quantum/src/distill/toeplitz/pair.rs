//! Two words, in one register where WebAssembly has simd128. Loads and stores are written word by word, which is
//! safe; the compiler makes whole ones of them.

#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
mod register {
    use std::arch::wasm32::*;

    pub type Register = v128;

    #[inline(always)]
    pub fn of(low: u64, high: u64) -> Register {
        u64x2(low, high)
    }

    #[inline(always)]
    pub fn xor(a: Register, b: Register) -> Register {
        v128_xor(a, b)
    }

    #[inline(always)]
    pub fn words(x: Register) -> [u64; 2] {
        [u64x2_extract_lane::<0>(x), u64x2_extract_lane::<1>(x)]
    }
}

#[cfg(not(all(target_arch = "wasm32", target_feature = "simd128")))]
mod register {
    pub type Register = [u64; 2];

    #[inline(always)]
    pub fn of(low: u64, high: u64) -> Register {
        [low, high]
    }

    #[inline(always)]
    pub fn xor(a: Register, b: Register) -> Register {
        [a[0] ^ b[0], a[1] ^ b[1]]
    }

    #[inline(always)]
    pub fn words(x: Register) -> [u64; 2] {
        x
    }
}

pub use register::{Register, of, words, xor};

#[inline(always)]
pub fn load(bytes: &[u8; 16]) -> Register {
    let [low, high] = [0, 8].map(|from| u64::from_le_bytes(std::array::from_fn(|i| bytes[from + i])));
    of(low, high)
}

#[inline(always)]
pub fn store(x: Register, bytes: &mut [u8; 16]) {
    let [low, high] = words(x);
    bytes[..8].copy_from_slice(&low.to_le_bytes());
    bytes[8..].copy_from_slice(&high.to_le_bytes());
}
