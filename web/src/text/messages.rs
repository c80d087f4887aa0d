//! The panel of the messages.

use std::fmt::Display;

pub const TAB: &str = "Messages";
pub const TIP: &str = "What the car heard, decoded to the bit";

pub const CPMS: &str = "CPMs";
pub const ONLY_BAD: &str = "faked or dropped";
pub const CHOOSE: &str = "Choose a message to see its bits and follow its chain.";
pub const NONE: &str = "The car has heard nothing yet.";
pub const NONE_BAD: &str = "None so far.";

pub const CAPTION: &str = "Messages, newest first; each opens its bits and its chain";
pub const MESSAGE: &str = "Message";
pub const AT: &str = "at";
pub const CLAIMS: &str = "says it is";
pub const OBJECTS: &str = "objects";
pub const VERDICT: &str = "verdict";
pub const BELIEVED: &str = "believed";
pub const BELIEVED_FAKE: &str = "believed, a fake";
pub const DROPPED: &str = "dropped";

pub const HEX: &str = "Bytes in hexadecimal";

/// After [`CPMS`].
pub fn heard(n: impl Display) -> String {
    format!(" heard: {n}")
}

/// A message that cannot be taken apart.
pub fn not_heard(id: impl Display) -> String {
    format!("The car did not hear CPM {id}.")
}

/// Over a message's bytes.
pub fn bytes(id: impl Display, n: usize) -> String {
    format!("CPM {id}, {n} bytes as heard on the air")
}

/// Where a field of whole bytes stands.
pub fn byte_field(first: u32, n: u32) -> String {
    format!("byte {first}, {n} long")
}

/// Where any other field stands.
pub fn bit_field(first: u32, n: u32) -> String {
    format!("bit {first}, {n} bits")
}
