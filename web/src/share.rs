//! The address bar holds the run: `#v=1&seed=42&zap=1&attack=1&vis=20&eve=0&evel=0&t=144.6`. What cannot be read is
//! passed over and the page's own settings stand; nothing here fails.

use keyway_core::sim::snapshot::Knobs;
use wasm_bindgen::JsValue;

/// Version of the form.
const VERSION: &str = "1";

/// What a link says. `None` where it says nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Link {
    pub seed: Option<u64>,
    pub knobs: Option<Knobs>,
    pub t_s: f64,
    /// The link is of a version that is not read here.
    pub unknown_version: bool,
}

/// Reads the part behind `#`.
pub fn parse(hash: &str) -> Link {
    let pairs = || hash.trim_start_matches('#').split('&').filter_map(|p| p.split_once('='));
    let field = |name: &str| pairs().find(|(k, _)| *k == name).map(|(_, v)| v);
    match field("v") {
        None => return Link::default(),
        Some(VERSION) => {}
        Some(_) => return Link { unknown_version: true, ..Link::default() },
    }
    let number = |name: &str, min: f64, max: f64| {
        field(name)?.parse::<f64>().ok().filter(|v| v.is_finite()).map(|v| v.clamp(min, max))
    };
    let switch = |name: &str| field(name).map(|v| v == "1");
    let base = Knobs::default();
    let said = ["zap", "attack", "vis", "eve"].iter().any(|n| field(n).is_some());
    let knobs = said.then(|| Knobs {
        protected: switch("zap").unwrap_or(base.protected),
        attack: switch("attack").unwrap_or(base.attack),
        visibility_km: number("vis", 0.05, 100.0).unwrap_or(base.visibility_km),
        eve_fraction: number("eve", 0.0, 1.0).unwrap_or(base.eve_fraction),
        eve_link: field("evel").and_then(|v| v.parse().ok()).unwrap_or(base.eve_link),
    });
    let seed = field("seed").and_then(|v| v.parse().ok());
    Link { seed, knobs, t_s: number("t", 0.0, 86_400.0).unwrap_or(0.0), unknown_version: false }
}

/// Writes it.
pub fn write(seed: u64, k: &Knobs, t_s: f64) -> String {
    format!(
        "#v={VERSION}&seed={seed}&zap={}&attack={}&vis={}&eve={}&evel={}&t={t_s:.1}",
        u8::from(k.protected),
        u8::from(k.attack),
        k.visibility_km,
        k.eve_fraction,
        k.eve_link,
    )
}

/// What the address bar says now.
pub fn read_bar() -> Link {
    parse(&gloo::utils::window().location().hash().unwrap_or_default())
}

/// Puts it into the address bar, without an entry in the history.
pub fn write_bar(hash: &str) {
    // A browser may refuse (sandboxed frame): the page works without.
    let _ = gloo::utils::history().replace_state_with_url(&JsValue::NULL, "", Some(hash));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_says_again_what_was_written() {
        let knobs = Knobs {
            protected: false,
            visibility_km: 0.35,
            eve_fraction: 0.4,
            eve_link: 3,
            ..Knobs::default()
        };
        let link = parse(&write(u64::MAX, &knobs, 144.6));
        assert_eq!((link.seed, link.knobs, link.t_s), (Some(u64::MAX), Some(knobs), 144.6));
    }

    #[test]
    fn nonsense_is_passed_over() {
        assert_eq!(parse(""), Link::default());
        assert_eq!(
            parse("#v=1&seed=x&t=NaN&vis=&&=&evel"),
            Link { knobs: Some(Knobs::default()), ..Link::default() }
        );
        assert!(parse("#v=99&seed=1").unknown_version);
        assert_eq!(parse("#v=1&vis=1e9").knobs.map(|k| k.visibility_km), Some(100.0));
    }
}
