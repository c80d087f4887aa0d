//! The car: its line over the map, and its state wherever it is told.

use std::fmt::Display;

pub const REGION: &str = "The car";
pub const HEAD: &str = "Car";

pub const ARRIVED: &str = "arrived by its planned way";
pub const ARRIVED_LATE: &str = "arrived after a detour";
pub const PLANNED: &str = "on its planned way";
pub const BLOCKED: &str = "believes the way is blocked";
pub const TURNED: &str = "turned back: it believes the way is blocked";
pub const AGAIN: &str = "on its way again after a detour";

/// Short forms, beside other facts.
pub const HAS_ARRIVED: &str = "has arrived";
pub const BELIEVES_BLOCKED: &str = "believes that its way is blocked";
pub const ON_ITS_WAY: &str = "on its way";

/// Its speed.
pub fn speed(km_h: f64) -> String {
    format!("{km_h:.0} km/h")
}

/// Its speed and how far it has come.
pub fn going(km_h: f64, driven: impl Display, planned: impl Display) -> String {
    format!("{km_h:.0} km/h, {driven} of {planned}")
}

/// How far it has come.
pub fn driven(metres: impl Display) -> String {
    format!("{metres} driven")
}

/// What the pointer on it tells.
pub fn under_pointer(km_h: f64, driven: impl Display, state: impl Display) -> String {
    format!("{km_h:.0} km/h, {driven} driven; {state}")
}
