//! The panel of distilling.

use keyway_core::distill::message::Kind;
use keyway_core::ground::Authentication;
use std::fmt::Display;

pub const TAB: &str = "Distil";
pub const TIP: &str = "From detections to secret bits, block by block";

pub const BLOCKS_OF: &str = "Blocks of";
pub const ALL_LINKS: &str = "all links";
pub const NONE: &str = "No block is full yet: a block takes some seconds of light.";

pub const CAPTION: &str = "Blocks, newest first; each opens its chain";
pub const BLOCK: &str = "Block";
pub const AT: &str = "at";
pub const ERRORS: &str = "errors";
pub const SIFTED: &str = "sifted";
pub const SECRET: &str = "secret";
pub const DROPPED: &str = "dropped";
pub const UNDER_WAY: &str = "under way";

/// Bars of the waterfall and their explanations.
pub const DETECTED: (&str, &str) = ("detected", "Pulses that gave a click");
pub const OTHER_BASIS: (&str, &str) = ("other basis", "Sender and receiver chose different bases: no use");
pub const CHECK_BITS: (&str, &str) =
    ("check bits", "Bits of the check basis, all told to find the error rate");
pub const SIFTED_KEY: (&str, &str) = ("sifted key", "Bits of the key basis");
pub const DISCLOSED: (&str, &str) = ("disclosed", "Parities told while errors were corrected");
pub const MAY_BE_KNOWN: (&str, &str) = (
    "may be known",
    "What an eavesdropper could know of multi-photon pulses and by the phase error, and the price of a finite block (Lim et al. 2014)",
);
pub const SECRET_BITS: (&str, &str) = ("secret", "Bits that no one else knows");

/// What was said about a block.
pub const SAID: &str = "What was said";
pub const SAID_TIP: &str = "Every message between the two ends, what it told of the key, and when";
pub const MESSAGE: &str = "message";
pub const MESSAGES: &str = "number";
pub const SIZE: &str = "bytes";
pub const TOLD: &str = "bits told";
pub const WHEN: &str = "when";

/// Who says a message and what it is.
pub fn message(kind: Kind, by_alice: bool) -> String {
    let what = match kind {
        Kind::Sift => "bases, check bits",
        Kind::SiftReply => "bases, intensities, proof",
        Kind::Begin => "proof, first question",
        Kind::Ask => "further questions",
        Kind::Answer => "answers",
        Kind::Verify => "hash of the key",
        Kind::Confirm => "length, seed, seal",
        Kind::Close => "seal",
        Kind::Drop => "block dropped",
        Kind::Again => "said again",
    };
    format!("{} {what}", if by_alice { "A →" } else { "B →" })
}

/// Milliseconds since the block was full.
pub fn when(from_s: f64, to_s: f64) -> String {
    let (from, to) = (from_s * 1e3, to_s * 1e3);
    if to - from < 0.5 { format!("{from:.0} ms") } else { format!("{from:.0}–{to:.0} ms") }
}

/// What a round was sealed by, and what is left for the next.
pub fn sealed(by: Option<Authentication>, pairs_left: Option<u32>) -> String {
    let by = match by {
        Some(Authentication::OneTimePad) => "Sealed by one-time pads",
        Some(Authentication::Signature) => "Sealed by ML-DSA-65 signatures: no pad was left",
        Some(Authentication::Installation) => "Installed",
        None => "Not sealed",
    };
    pairs_left.map_or(format!("{by}."), |n| format!("{by}; {n} pairs of pads left."))
}

/// How many there were.
pub fn made(blocks: impl Display, dropped: u32) -> String {
    format!("{blocks} blocks, {dropped} dropped")
}

/// Beside the detections.
pub fn of_pulses(n: impl Display) -> String {
    format!("of {n} pulses")
}

/// Beside the check bits and the sifted key.
pub fn qber(percent: impl Display) -> String {
    format!("QBER {percent}")
}

/// Beside the disclosed bits: their number against the least that theory allows.
pub fn shannon(times: f64) -> String {
    format!("{times:.3} × Shannon")
}

/// Beside what may be known.
pub fn phase_error(percent: impl Display) -> String {
    format!("phase error ≤ {percent}")
}

/// Beside the secret bits.
pub fn keys(n: u32) -> String {
    format!("{n} keys of 256 bit")
}

/// Over the waterfall.
pub fn waterfall(block: impl Display, detected: impl Display, secret: impl Display) -> String {
    format!("Block {block}: {detected} to {secret}")
}

/// Under the waterfall of a block that came to nothing.
pub fn dropped(why: impl Display) -> String {
    format!("Dropped: {why}.")
}
