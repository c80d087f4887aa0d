//! Which bits of a packet mean what, for a view that shows the bytes beside the fields.
//!
//! The bits are walked here without the decoders of [`super::packet`] and [`super::cpm`]; the tests hold both against
//! each other, bit by bit.

mod cpm;
mod frame;
mod walk;

use serde::{Deserialize, Serialize};
use walk::Walk;

/// One field, or a group of the fields that follow it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Field {
    /// How deep it lies: a group's fields are one deeper than the group.
    pub depth: u8,
    /// The standard's name.
    pub name: String,
    /// What it says, with its unit; empty for a group.
    pub value: String,
    /// Its first bit, counted from the packet's first: bit 0 is the highest of byte 0.
    pub first_bit: u32,
    /// Number of bits; never 0.
    pub bits: u32,
    /// What it is for, and where it is defined.
    pub about: String,
}

/// The fields of a packet as heard on the air, in order of their bits; a group stands before its fields.
///
/// Every bit lies in exactly one field that is no group: what is not understood is one field of that name. No bytes
/// make it panic. O(n).
#[must_use]
pub fn packet(bytes: &[u8]) -> Vec<Field> {
    let mut walk = Walk::new(bytes);
    // `None` says where the walk stopped; the rest is named all the same.
    let _ = frame::packet(&mut walk);
    walk.rest("not understood", "No layer above knows these bits");
    walk.fields
}

#[cfg(test)]
mod tests;
