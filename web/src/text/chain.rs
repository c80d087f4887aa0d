//! The causal chain.

use std::fmt::Display;

pub const REGION: &str = "From photon to decision";
pub const NEWEST: &str = "The newest message, and what it rests on";
pub const TO_NEWEST: &str = "back to the newest message";
pub const NOT_YET: &str = "not yet";

/// The field that follows something.
pub const FIND: &str = "Follow a message, key, block or epoch";
pub const FIND_HINT: &str = "Follow 666/378, naic-eng#3, a key_ID…";
pub const FIND_TIP: &str = "A message as 666/378, a key by its key_ID, a block as naic-eng#3, or epoch 12";

/// What is followed and is not there yet.
pub const NOT_READY: &str = "is not ready";
pub const NOT_MADE: &str = "has not been made";
pub const NOT_ASKED: &str = "has not been asked for";
pub const NOT_BEGUN: &str = "has not begun";
pub const NOT_SENT: &str = "has not been sent";
/// What is followed and no longer there.
pub const OLDER: &str = "is older than what is kept of this run";
pub const KEY_OLDER: &str = "is not known: not made yet, or older than what is kept of this run";

/// The open step.
pub const TIME: &str = "time";
pub const HOP_KEYS: &str = "hop keys: ";
pub const OUTCOME: &str = "what came of it: ";
pub const SAVE: &str = "Save as evidence";
pub const SAVE_TIP: &str = "This chain with every event that names a member of it, as JSON";

/// Name and one-line explanation of a step.
pub fn step(kind: &str) -> (&'static str, &'static str) {
    match kind {
        "block" => {
            ("photon block", "Single photons sent from one rooftop to another, and how many were detected")
        }
        "sifted" => ("sifted", "Detections kept because sender and receiver happened to use the same basis"),
        "secret" => ("secret", "Bits that no eavesdropper can know, after error correction and shortening"),
        "key" => ("key", "Secret bits taken out of a link's pool under a name of their own (key_ID)"),
        "relay" => {
            ("relay", "The key goes on over trusted rooftops, each hop encrypted with that link's own key")
        }
        "session" => ("session", "Members of the device private network share a key for one epoch"),
        "tag" => ("tag", "A message carries a tag that only a member with the epoch's key can make"),
        "verdict" => ("verdict", "What the car makes of the newest message"),
        "car" => ("car", "What the car does about its way"),
        _ => ("step", ""),
    }
}

/// What is followed.
pub fn block(id: impl Display) -> String {
    format!("Block {id}")
}

/// What is followed.
pub fn key(id: impl Display) -> String {
    format!("Key {id}")
}

/// What is followed.
pub fn epoch(n: u32) -> String {
    format!("Epoch {n}")
}

/// What is followed.
pub fn message(id: impl Display) -> String {
    format!("CPM {id}")
}

/// What has not happened, by now.
pub fn not_by(what: impl Display, clock: impl Display) -> String {
    format!("{what} by {clock}")
}

/// A button that follows something.
pub fn follow(what: impl Display) -> String {
    format!("Follow {what}")
}

/// Name of the open step's region.
pub fn detail(step: impl Display) -> String {
    format!("Detail of {step}")
}

/// Things that are not listed.
pub fn more(n: usize) -> String {
    format!("and {n} more")
}
