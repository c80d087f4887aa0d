//! Time series.

use std::fmt::Display;

pub const SAVE: &str = "PNG";
pub const SAVE_TIP: &str = "This chart as a picture";
pub const SAVED: &str = "Chart saved as a picture.";

/// The moment that a legend's values are of.
pub fn at(clock: impl Display) -> String {
    format!("at {clock}")
}

/// A chart for those who do not see it.
pub fn label(title: impl Display) -> String {
    format!("{title} over time; values now below")
}
