//! The panel of the street.

pub const TAB: &str = "Street";
pub const TIP: &str = "The drive: delay, detour, who was fooled";

pub const DRIVEN: &str = "Driven";
pub const DETOUR: &str = "Detour, as the car goes now";
pub const ARRIVED: &str = "Arrived";
pub const NOT_YET: &str = "not yet";
pub const BELIEVED_FOR: &str = "Believed in an obstacle for";
pub const FAKES_HEARD: &str = "Fakes heard";
pub const FAKES_BELIEVED: &str = "Fakes believed";
pub const HONEST_BELIEVED: &str = "Honest messages believed";

pub const DRIVE: &str = "The drive";
pub const NOT_SET_OFF: &str = "The car has not set off yet.";
pub const WHY: &str = "why?";
