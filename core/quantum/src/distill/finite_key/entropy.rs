//! How many bits a bit of unknown value is worth.

/// Binary entropy, bits.
#[must_use]
pub fn entropy(x: f64) -> f64 {
    if x <= 0.0 || x >= 1.0 { 0.0 } else { -x * libm::log2(x) - (1.0 - x) * libm::log2(1.0 - x) }
}
