//! What a fuzzer feeds the distillation protocol with: one function a target. Whatever the bytes, it must return.
//!
//! `tests/tests/hostile.rs` takes the same file in and runs the corpus through it.

mod party;
mod questions;
mod script;

pub use party::{party, sample};
pub use questions::questions;

use keyway_core::distill::Message;
use keyway_core::distill::message::{Body, WireBits};

/// Bytes as a message: what is read is written and read again as the same, in no more bytes.
pub fn message(bytes: &[u8]) {
    let Ok(message) = Message::decode(bytes) else { return };
    let written = message.encode();
    assert!(written.len() <= bytes.len(), "{} bytes from {}", written.len(), bytes.len());
    assert_eq!(Message::decode(&written).as_ref(), Ok(&message));
    let planes: Vec<&WireBits> = match &message.body {
        Body::Sift { bases, z_bits, .. } => vec![bases, z_bits],
        Body::SiftReply { bases, intensities: [low, high], z_bits, .. } => vec![bases, low, high, z_bits],
        Body::Answer(bits) | Body::Confirm { seed: bits, .. } => vec![bits],
        _ => Vec::new(),
    };
    for plane in planes {
        if let Some(bits) = plane.bits() {
            assert_eq!(bits.len(), plane.len as usize);
            assert_eq!(WireBits::from(&bits).bits(), Some(bits));
        }
    }
}
