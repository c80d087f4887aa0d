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

    /// The words moved down by `bit`, below 64, those of `above` moved in.
    #[inline(always)]
    pub fn down(x: Register, above: Register, bit: u32) -> Register {
        v128_or(u64x2_shr(x, bit), u64x2_shl(u64x2_shl(above, 1), 63 - bit))
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
    pub fn down(x: Register, above: Register, bit: u32) -> Register {
        [x[0] >> bit | above[0] << 1 << (63 - bit), x[1] >> bit | above[1] << 1 << (63 - bit)]
    }

    #[inline(always)]
    pub fn words(x: Register) -> [u64; 2] {
        x
    }
}

pub use register::{Register, down, of, words, xor};

#[inline(always)]
pub fn load(bytes: &[u8; 16]) -> Register {
    let word = |half: Option<&[u8; 8]>| half.map_or(0, |half| u64::from_le_bytes(*half));
    of(word(bytes.first_chunk()), word(bytes.last_chunk()))
}

#[inline(always)]
pub fn store(x: Register, bytes: &mut [u8; 16]) {
    let [low, high] = words(x);
    bytes[..8].copy_from_slice(&low.to_le_bytes());
    bytes[8..].copy_from_slice(&high.to_le_bytes());
}
