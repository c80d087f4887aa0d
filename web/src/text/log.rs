//! The panel of the log.

use std::fmt::Display;

pub const TAB: &str = "Log";
pub const TIP: &str = "What happens, line by line";

pub const HEAD: &str = "What happens";
pub const ONLY_BAD: &str = "attacks, refusals";
pub const SHOW_ONLY: &str = "Show only";
pub const ALL: &str = "All";
pub const ON_THE_WAY: &str = "On the way to that moment …";
pub const NOTHING: &str = "Nothing yet.";
pub const NOTHING_BAD: &str = "No attack and no refusal so far.";
pub const SHOW_ALL: &str = "Show all";
pub const KINDS: &str = "Kinds of line, and how many";

/// Lines there are, but none of a kind that is shown.
pub fn hidden(lines: impl Display) -> String {
    format!("None of the {lines} lines so far is of a kind that is shown.")
}

/// A kind whose name another floor has too.
pub fn kind_of(kind: impl Display, floor: impl Display) -> String {
    format!("{kind} ({floor})")
}

/// What the switch of a kind does.
pub fn kind_tip(on: bool, kind: impl Display, floor: impl Display) -> String {
    format!("{} “{kind}” of {floor}", if on { "Hide" } else { "Show" })
}

/// Over a line that opens.
pub const LISTING_TIP: &str = "Open it as the system's own log has it, after Listings 1 and 2 of Fowler et al. 2023. \
    Their messages are Protocol Buffers, these are CPMs in UPER: lengths and bytes differ. The log waits while it is open.";

/// Floors to choose from.
pub const FLOORS: [(&str, &str); 8] = [
    ("link", "Light"),
    ("distill", "Distilling"),
    ("kmm", "Key managers"),
    ("sdn", "Routing of keys"),
    ("zap", "Trust"),
    ("its", "Messages"),
    ("road", "Street"),
    ("sim", "Run"),
];
