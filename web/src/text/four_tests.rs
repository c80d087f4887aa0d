//! The panel of the four tests.

use std::fmt::Display;

pub const TAB: &str = "Four tests";
pub const TIP: &str = "The four tests of Fowler et al. 2023";

pub const HEAD: &str = "The four tests";
pub const RUN: &str = "Run all four";
pub const RUN_TIP: &str =
    "Runs all four in the background with this seed (t). A run that you watch to its end fills its own row.";
pub const CAPTION: &str = "Fowler et al. 2023, table 2: the same drive four times";
pub const PROTECTION: &str = "protection";
pub const FAKED: &str = "faked CPMs";
pub const CAR: &str = "car";
pub const DETOUR: &str = "detour";
pub const LATER: &str = "later";

pub const ON: &str = "on";
pub const OFF: &str = "off";
pub const YES: &str = "yes";
pub const NO: &str = "no";

pub const PLANNED: &str = "planned way";
pub const DIVERTED: &str = "diverted";
pub const STRANDED: &str = "never arrived";
pub const NOT_RUN: &str = "not run yet";

/// The button while they run.
pub fn running(left: u32) -> String {
    format!("Running… {left} left")
}

/// What came of the fakes.
pub fn fakes(sent: u32, believed: u32, dropped: u32) -> String {
    format!("{sent} faked CPMs sent, {believed} believed, {dropped} dropped")
}

/// The same with the start of the run's digest.
pub fn with_digest(fakes: impl Display, digest: impl Display) -> String {
    format!("{fakes}. Digest {digest}…")
}
