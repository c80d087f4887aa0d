//! The panel of trust.

use std::fmt::Display;

pub const TAB: &str = "Trust";
pub const TIP: &str = "Devices and their private network";

pub const NETWORK: &str = "Private network";
pub const NETWORK_TIP: &str = "Device private network: the devices that share the current epoch's key";
pub const EXPIRED: &str = "key expired: nothing protected is sent";
pub const NO_KEY: &str = "no key yet";
pub const VALID: &str = "key valid";
pub const EPOCH: &str = "Epoch";
pub const EPOCH_TIP: &str = "A key is valid for one epoch; then all members get a new one";
pub const MEMBERS: &str = "Members";
pub const CAR: &str = "The car";
pub const MEMBER: &str = "is a member";
pub const NO_MEMBER: &str = "is not a member";

pub const MESSAGES: &str = "Messages";
/// After [`MESSAGES`].
pub const AT_CAR: &str = " at the car";
pub const HONEST_SENT: &str = "Honest, sent";
pub const HONEST_BELIEVED: &str = "Honest, believed";
pub const FAKED_SENT: &str = "Faked, sent";
pub const FAKED_BELIEVED: &str = "Faked, believed";
pub const DROPPED: &str = "Dropped";

pub const RSUS: &str = "Road-side units";
pub const RSU: &str = "Road-side unit";
pub const RSU_MEMBER: &str = "member";
pub const RSU_EPOCH: &str = "epoch";
pub const SENT: &str = "sent";
pub const IN: &str = "in";
pub const OUT: &str = "out";
pub const NEVER: &str = "never";

pub const DEVICES: &str = "Devices";
pub const DEVICES_CAPTION: &str = "Devices: when they were enrolled, asked to join, joined";
pub const DEVICE: &str = "Device";
pub const ASKED: &str = "asked";
pub const JOINED: &str = "joined";
pub const LEFT_OUT: &str = "left out";
pub const LEFT_OUT_TIP: &str = "Epochs that it was left out of for want of a fresh quantum key";
pub const ENROLLED_TIP: &str = "enrolled: its silicon was read once and its secret given to the gateway";

pub const EPOCHS: &str = "Epochs";
pub const EPOCHS_CAPTION: &str = "The newest epochs, each with the quantum key that it rests on";
pub const FROM: &str = "from";
pub const RESTS_ON: &str = "rests on key";
pub const TAKEN_BY: &str = "taken by";

pub const LOG: &str = "The gateway's log";
pub const LOG_TIP: &str = "Joins as the testbed logs them (Fowler et al. 2023, Listing 2)";
pub const LOG_LABEL: &str = "The gateway's log of joins";

/// Members of the network.
pub fn members(n: u32, enrolled: u32) -> String {
    format!("{n} of {enrolled} enrolled")
}

/// Epochs that could not begin.
pub fn starved(times: usize, last: impl Display) -> String {
    format!("{times} times no epoch could begin for want of a fresh key, last at {last}.")
}
