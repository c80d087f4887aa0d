//! The top bar.

use crate::theme::Theme;

pub const NAME: &str = "Keyway";
pub const ABOUT_TIP: &str = "About this campus";

pub const PROTECTION: &str = "Protection";
pub const PROTECTION_TIP: &str =
    "Protected: the car believes a message only with a valid tag made from a quantum key. Restarts the run.";
pub const ATTACK: &str = "Attack";
pub const NO_ATTACK: &str = "No attack";
pub const FAKED: &str = "Faked CPMs";
pub const ATTACK_TIP: &str = "A compromised road-side unit sends collective perception messages (CPMs) that show \
     obstacles which are not there. Restarts the run.";

pub const REGION: &str = "Page";
pub const NEW_BUILD: &str = "New version: reload";
pub const STORY: &str = "Story";
pub const STORY_TIP: &str = "A tour of nine steps (s)";
pub const COMPARE: &str = "Compare";
pub const COMPARE_TIP: &str = "With and without protection, side by side (v)";
pub const EXPORT: &str = "Export";
pub const EXPORT_TIP: &str = "Pictures, series, events (e)";
pub const SHORTCUTS: &str = "Keyboard shortcuts";
pub const SHORTCUTS_TIP: &str = "Keyboard shortcuts (?)";
pub const SHARE: &str = "Share";
pub const SHARE_TIP: &str = "Copy a link to this very moment";

/// The theme that is chosen.
pub fn theme(theme: Theme) -> String {
    format!("Theme: {} (auto, light, dark)", theme_word(theme))
}

/// The same, on a button that changes it.
pub fn change_theme(theme: Theme) -> String {
    format!("Theme: {}. Change", theme_word(theme))
}

fn theme_word(theme: Theme) -> &'static str {
    match theme {
        Theme::Auto => "auto",
        Theme::Light => "light",
        Theme::Dark => "dark",
    }
}
