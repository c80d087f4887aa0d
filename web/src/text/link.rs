//! A link that is not understood: what was expected in the place of each part.

use std::fmt::Display;

/// What was expected.
pub const NAMED: &str = "name=value";
pub const ONCE: &str = "each name once";
pub const SWITCH: &str = "0 or 1";
pub const WHOLE: &str = "a whole number from 0 to 18446744073709551615";
pub const LINK_NUMBER: &str = "the number of a quantum link, from 0";
pub const PLACE: &str = "zoom/latitude/longitude, as 16.25/52.38/-1.56, the zoom from 13 to 20";
pub const SUBJECT: &str =
    "message:STATION/N, key:UUID, block:LINK%23N, service:N or epoch:N, as message:666/378";

/// One of several versions.
pub fn version(versions: &[&str]) -> String {
    format!("v={}; nothing else of the link is read", versions.join(" or v="))
}

/// One of several words.
pub fn one_of<'a>(words: impl Iterator<Item = &'a str>) -> String {
    format!("one of {}", words.collect::<Vec<_>>().join(", "))
}

/// A number within bounds.
pub fn number(min: impl Display, max: impl Display) -> String {
    format!("a number from {min} to {max}")
}

/// A whole number within bounds.
pub fn whole(min: impl Display, max: impl Display) -> String {
    format!("a whole number from {min} to {max}")
}

/// Fewer links than that.
pub fn of_links(count: usize) -> String {
    format!("the number of one of the {count} quantum links, from 0")
}

/// Changes of the scenario that are cut or garbled.
pub fn edit_garbled(why: impl Display) -> String {
    format!("changes of the scenario as Share packs them; these are cut or garbled ({why})")
}

/// Changes that no link holds.
pub const EDIT_TOO_LARGE: &str =
    "changes of the scenario; this one was too large for a link and has to be opened as a file";

/// Changes that cannot be unpacked.
pub fn edit_packed(why: impl Display) -> String {
    format!("changes of the scenario as Share packs them; these cannot be unpacked ({why})")
}

/// Changes that are something else.
pub fn edit_no_list(why: impl Display) -> String {
    format!("a list of changes (RFC 6902); this is none ({why})")
}

/// Changes of something that is not there.
pub fn edit_no_fit(why: impl Display) -> String {
    format!("changes that fit the built-in campus ({why})")
}

/// Changes that make no scenario.
pub fn edit_refused(why: impl Display) -> String {
    format!("changes that make a scenario; {why}")
}

/// Each part that is passed over, and what was expected; `kept` where a run goes on as it was.
pub fn passed<'a>(parts: impl Iterator<Item = (&'a str, &'a str)>, kept: bool) -> String {
    let lines: String = parts.map(|(part, expected)| format!("\n{part}: expected {expected}.")).collect();
    let rest = if kept { "The run goes on as it was." } else { "The rest of it holds." };
    format!("Not understood in this link:{lines}\n{rest}")
}
