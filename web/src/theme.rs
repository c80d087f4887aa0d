//! Light, dark, or as the system says: a three-way switch, kept in this browser.

use gloo::utils::{document_element, window};

/// Where the choice is kept.
const KEY: &str = "keyway-theme";

/// The visitor's choice.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Theme {
    /// As the system says.
    #[default]
    Auto,
    /// Light.
    Light,
    /// Dark.
    Dark,
}

impl Theme {
    /// The next of the three.
    pub fn next(self) -> Self {
        match self {
            Self::Auto => Self::Light,
            Self::Light => Self::Dark,
            Self::Dark => Self::Auto,
        }
    }

    /// As a word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    /// The choice kept in this browser.
    pub fn stored() -> Self {
        let kept = window().local_storage().ok().flatten().and_then(|s| s.get_item(KEY).ok().flatten());
        match kept.as_deref() {
            Some("light") => Self::Light,
            Some("dark") => Self::Dark,
            _ => Self::Auto,
        }
    }

    /// Puts it on the page and keeps it. A browser without storage only forgets it.
    pub fn apply(self) {
        let _ = document_element().set_attribute("data-theme", self.word());
        if let Ok(Some(store)) = window().local_storage() {
            let _ = store.set_item(KEY, self.word());
        }
    }
}

/// The visitor wants no travel on the screen.
pub fn reduced_motion() -> bool {
    matches("(prefers-reduced-motion: reduce)")
}

/// The narrow layout is in force.
pub fn narrow() -> bool {
    matches("(max-width: 900px)")
}

/// There is room for what lies over the map.
pub fn roomy() -> bool {
    matches("(min-width: 1200px)") && matches("(min-height: 700px)")
}

fn matches(query: &str) -> bool {
    window().match_media(query).ok().flatten().is_some_and(|m| m.matches())
}
