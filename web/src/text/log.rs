//! The panel of the log.

pub const TAB: &str = "Log";
pub const TIP: &str = "What happens, line by line";

pub const HEAD: &str = "What happens";
pub const ONLY_BAD: &str = "attacks, refusals";
pub const SHOW_ONLY: &str = "Show only";
pub const ALL: &str = "All";
pub const NOTHING: &str = "Nothing yet.";

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
