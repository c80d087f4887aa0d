//! The card of what is picked on the map.

use std::fmt::Display;

pub const FOLLOW: &str = "Follow";

pub const LINK: &str = "quantum link";
pub const STATE: &str = "state";
pub const RANGE: &str = "range";
pub const RATE: &str = "secret key while sending";
pub const QBER: &str = "QBER";
pub const ALARMS: &str = "alarms";
pub const LOSS: &str = "loss now, mean";
pub const EMITTER: &str = "source's temperature";
pub const DETECTIONS: &str = "detections";
pub const POOL: &str = "pool";
pub const BLOCKS: &str = "blocks made, dropped";

pub const ROOFTOP: &str = "rooftop, a trusted node";
pub const LINKS: &str = "links";
pub const RATE_OF_ALL: &str = "secret key over all while sending";
pub const RSUS_BEHIND: &str = "road-side units behind it";

pub const RSU: &str = "road-side unit";
pub const NETWORK: &str = "private network";
pub const MEMBER: &str = "member";
pub const NO_MEMBER: &str = "not a member";
pub const SENT: &str = "CPMs sent";
pub const STATION: &str = "station";
pub const RADIO_RANGE: &str = "radio range";

pub const CAMERA: &str = "camera";
pub const SEES: &str = "sees as far as";
pub const ANGLE: &str = "angle of view";
pub const LOOKS: &str = "looks towards";

pub const ATTACKER: &str = "compromised road-side unit";
pub const NOW: &str = "now";
pub const SENDS_FAKES: &str = "sends faked CPMs";
pub const KEEPS_QUIET: &str = "keeps quiet";
pub const FAKES_SENT: &str = "fakes sent";
pub const FAKES_BELIEVED: &str = "fakes believed";
pub const TO_CAR: &str = "the car";

pub const GATEWAY: &str = "zero-trust gateway";
pub const EPOCH: &str = "epoch";
pub const MEMBERS: &str = "members";
pub const EPOCH_KEY: &str = "epoch's key";
pub const EXPIRED: &str = "expired";
pub const VALID: &str = "valid";

pub const VEHICLE: &str = "research vehicle";
pub const CAR: &str = "The car";
pub const SPEED: &str = "speed";
pub const DRIVEN: &str = "driven";
pub const BELIEVED: &str = "messages believed";
pub const DROPPED: &str = "dropped";

pub const USER: &str = "road user";
pub const KIND: &str = "kind";
pub const HEADING: &str = "heading";

/// A member's state.
pub fn member_of(epoch: u32) -> String {
    format!("member, epoch {epoch}")
}

/// The neighbour of a road-side unit.
pub fn to_roof(name: impl Display) -> String {
    format!("rooftop {name}")
}
