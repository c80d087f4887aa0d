//! The colours of the canvas, read from the page's own style sheet, so that there is one place for them.

use gloo::utils::{document_element, window};

/// Colours as CSS text.
#[derive(Clone, Debug, Default)]
pub struct Palette {
    pub quantum: String,
    pub good: String,
    pub bad: String,
    pub radio: String,
    pub mute: String,
    pub land: String,
    pub car: String,
}

impl Palette {
    /// As the style sheet says now.
    pub fn read() -> Self {
        let style = window().get_computed_style(&document_element()).ok().flatten();
        let colour = |name: &str| {
            let value = style.as_ref().and_then(|s| s.get_property_value(name).ok()).unwrap_or_default();
            value.trim().to_string()
        };
        Self {
            quantum: colour("--quantum"),
            good: colour("--good"),
            bad: colour("--bad"),
            radio: colour("--radio"),
            mute: colour("--mute"),
            land: colour("--panel"),
            car: colour("--car"),
        }
    }
}
