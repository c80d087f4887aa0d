//! The panel of the papers.

use std::fmt::Display;

pub const TAB: &str = "Papers";
pub const TIP: &str = "What the papers say, run again";

pub const LEDE: &str = "Each study runs here, in this browser, with the seed and scenario of the page.";
pub const RUN: &str = "Run it here";
pub const RUN_AGAIN: &str = "Run again";
pub const NOT_RUN: &str = "Not run yet.";

pub const WHERE: &str = "where";
pub const PAPER: &str = "the paper";
pub const HERE: &str = "here";
pub const AGREES: &str = "agrees";
pub const DIFFERS: &str = "differs";
pub const NOT_STATED: &str = "no figure given";

/// A study's progress.
pub fn progress(study: impl Display) -> String {
    format!("Progress of {study}")
}

/// Over a study's findings.
pub fn seed(seed: u64) -> String {
    format!("Seed {seed}")
}

/// Under a plot.
pub fn axes(y: impl Display, x: impl Display) -> String {
    format!("{y} over {x}")
}

/// A study that there is not.
pub fn unknown(id: impl Display) -> String {
    format!("{id}: no study of this name")
}
