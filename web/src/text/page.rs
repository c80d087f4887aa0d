//! What lies round the panels: the way to them, the comparison, and trouble.

pub const SKIP: &str = "To the figures";
pub const FIGURES: &str = "Figures";
pub const PANELS: &str = "Panels";
pub const DISMISS: &str = "Dismiss";

pub const TROUBLE: &str = "Something went wrong";
pub const RESTART: &str = "Restart the simulation";
pub const STARTING: &str = "Starting the simulation…";

/// Two drives side by side.
pub const COMPARED: &str = "The two drives compared";
pub const WITH: &str = "protected";
pub const WITHOUT: &str = "unprotected";
pub const DIFFERENCE: &str = "difference";
pub const DRIVEN: &str = "driven";
pub const ARRIVED: &str = "arrived";
pub const FAKES_BELIEVED: &str = "fakes believed";

/// The rival is not yet where the page is.
pub fn catching_up(at_s: f64) -> String {
    format!("The other drive catches up: {}…", crate::format::clock_short(at_s))
}

/// A moment of a long run of which not everything is kept.
pub fn older(kept_from_s: f64) -> String {
    format!(
        "Of this moment not everything is kept: the run is known whole from {} on.",
        crate::format::clock_short(kept_from_s)
    )
}
