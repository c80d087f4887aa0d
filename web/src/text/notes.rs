//! What is said for a few seconds, and what has gone wrong.

use crate::format::{clock, clock_short};
use std::fmt::Display;

pub const NO_HELLO: &str = "The simulation did not start: its worker gave no answer within 10 seconds.";
pub const NO_ANSWER: &str = "The simulation has stopped: its worker gave no answer for 10 seconds.";
pub const OTHER_BUILD: &str =
    "The page and its worker come from different builds. Reload the page without its cache (Ctrl+Shift+R).";
pub const TESTS_STOPPED: &str = "The four tests stopped: their worker gave no answer.";
pub const NOT_FOUND: &str = "No such event to the end of the run.";
pub const NONE_BEFORE: &str = "No such event before now.";
pub const NOT_SAVED: &str = "The browser would not save the file.";

pub const LINK_COPIED: &str = "Link copied: scenario, seed, switches, moment and view.";
pub const LINK_TOO_LARGE: &str = "This scenario is too large for a link: Export saves it as a file.";
pub const LINK_IN_BAR: &str = "The link stands in the address bar.";

/// Why a file is not opened, after its name.
pub const FILE_TOO_LARGE: &str = "larger than 10 MB";
pub const FILE_UNREAD: &str = "could not be read";
pub const FILE_NO_TEXT: &str = "is not text";

/// Why a file is not opened, after its name.
pub fn file_no_json(why: impl Display) -> String {
    format!("not JSON: {why}")
}

/// The worker died and another goes on.
pub fn restarted_at(t_s: f64) -> String {
    format!("The simulation stopped and was started again. It goes on at {}.", clock(t_s))
}

/// The worker died and its standby goes on.
pub fn taken_over_at(t_s: f64) -> String {
    format!("The simulation stopped. Its standby goes on at {}.", clock(t_s))
}

pub const RIVAL_AGAIN: &str = "The other run of the comparison stopped and was started again.";
pub const NO_RIVAL: &str =
    "The other run of the comparison stopped again and again. The comparison has ended.";

/// A jump under way.
pub fn going(at_s: f64, to_s: f64) -> String {
    format!("Simulating {} of {}…", clock_short(at_s), clock_short(to_s))
}

/// A file of another format, after its name.
pub fn file_version(name: impl Display, found: impl Display, expected: impl Display) -> String {
    format!("{name}: version: {found}; expected {expected}")
}

/// A search under way.
pub fn searching(t_s: f64) -> String {
    format!("Looking… {}", clock_short(t_s))
}

/// What happens at a restart by one of the two big switches.
pub fn restarted(protected: bool, attack: bool) -> String {
    let a = if protected { super::PROTECTED } else { super::UNPROTECTED };
    let b = if attack { "faked CPMs" } else { "no attack" };
    format!("{a}, {b}: from 00:00.0 again with the same seed.")
}
