//! The address bar holds the run and the view:
//! `#v=2&seed=42&zap=1&attack=1&vis=20&eve=0&evel=0&broken=3&t=144.6&tab=light&sel=message:666/378&edit=…`.
//! What cannot be read is passed over and the page's own settings stand; nothing here fails. `edit` is what the
//! scenario differs in from the built-in campus: a JSON patch (RFC 6902), deflated, in URL-safe base64.

use crate::action::{Layers, Tab};
use crate::text;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use keyway_core::sim::chronicle::Subject;
use keyway_core::sim::snapshot::Knobs;
use serde_json::Value;
use wasm_bindgen::JsValue;

/// Version of the form. Version 1 has fewer fields and the same meaning.
const VERSION: &str = "2";
const OLDER: &str = "1";
/// An unpacked `edit` is no larger, bytes.
const EDIT_BYTES: usize = 4 << 20;

/// What a link says. `None` where it says nothing.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Link {
    pub seed: Option<u64>,
    pub knobs: Option<Knobs>,
    pub t_s: f64,
    pub speed: Option<f64>,
    pub tab: Option<Tab>,
    pub subject: Option<Subject>,
    pub layers: Option<Layers>,
    /// Zoom, latitude, longitude.
    pub map: Option<(f64, f64, f64)>,
    pub compare: bool,
    /// A step of the story, from 0.
    pub story: Option<usize>,
    /// The packed changes to the scenario.
    pub edit: Option<String>,
    /// The link is of a version that is not read here.
    pub unknown_version: bool,
}

/// Reads the part behind `#`.
pub fn parse(hash: &str) -> Link {
    let pairs = || hash.trim_start_matches('#').split('&').filter_map(|p| p.split_once('='));
    let field = |name: &str| pairs().find(|(k, _)| *k == name).map(|(_, v)| v);
    match field("v") {
        None => return Link::default(),
        Some(VERSION | OLDER) => {}
        Some(_) => return Link { unknown_version: true, ..Link::default() },
    }
    let number = |name: &str, min: f64, max: f64| {
        field(name)?.parse::<f64>().ok().filter(|v| v.is_finite()).map(|v| v.clamp(min, max))
    };
    let switch = |name: &str| field(name).map(|v| v == "1");
    let base = Knobs::default();
    let said = ["zap", "attack", "vis", "eve", "broken"].iter().any(|n| field(n).is_some());
    let knobs = said.then(|| Knobs {
        protected: switch("zap").unwrap_or(base.protected),
        attack: switch("attack").unwrap_or(base.attack),
        visibility_km: number("vis", 0.05, 100.0).unwrap_or(base.visibility_km),
        eve_fraction: number("eve", 0.0, 1.0).unwrap_or(base.eve_fraction),
        eve_link: field("evel").and_then(|v| v.parse().ok()).unwrap_or(base.eve_link),
        broken_link: field("broken").and_then(|v| v.parse().ok()),
    });
    let map = || {
        let mut parts = field("map")?.split('/').map(|v| v.parse::<f64>().ok().filter(|v| v.is_finite()));
        let (zoom, lat, lon) = (parts.next()??, parts.next()??, parts.next()??);
        Some((zoom.clamp(13.0, 20.0), lat.clamp(-85.0, 85.0), lon.clamp(-180.0, 180.0)))
    };
    Link {
        seed: field("seed").and_then(|v| v.parse().ok()),
        knobs,
        t_s: number("t", 0.0, 86_400.0).unwrap_or(0.0),
        speed: number("speed", 0.1, 100.0),
        tab: field("tab").and_then(Tab::named),
        subject: field("sel").and_then(|v| v.replace("%23", "#").parse().ok()),
        layers: field("layers").and_then(|v| v.parse().ok()).map(Layers::from_bits),
        map: map(),
        compare: switch("compare").unwrap_or(false),
        story: field("story").and_then(|v| v.parse::<usize>().ok()).and_then(|n| n.checked_sub(1)),
        edit: field("edit").map(Into::into),
        unknown_version: false,
    }
}

/// Writes it.
pub fn write(link: &Link) -> String {
    let mut hash = format!("#v={VERSION}");
    let mut add = |name: &str, value: String| hash += &format!("&{name}={value}");
    if let Some(seed) = link.seed {
        add("seed", seed.to_string());
    }
    if let Some(k) = &link.knobs {
        add("zap", u8::from(k.protected).to_string());
        add("attack", u8::from(k.attack).to_string());
        add("vis", k.visibility_km.to_string());
        add("eve", k.eve_fraction.to_string());
        add("evel", k.eve_link.to_string());
        if let Some(broken) = k.broken_link {
            add("broken", broken.to_string());
        }
    }
    add("t", format!("{:.1}", link.t_s));
    if let Some(speed) = link.speed {
        add("speed", speed.to_string());
    }
    if let Some(tab) = link.tab {
        add("tab", tab.panel().id.into());
    }
    if let Some(subject) = &link.subject {
        add("sel", subject.to_string().replace('#', "%23"));
    }
    if let Some(layers) = link.layers.filter(|l| *l != Layers::default()) {
        add("layers", layers.bits().to_string());
    }
    if let Some((zoom, lat, lon)) = link.map {
        add("map", format!("{zoom:.2}/{lat:.6}/{lon:.6}"));
    }
    if link.compare {
        add("compare", "1".into());
    }
    if let Some(step) = link.story {
        add("story", (step + 1).to_string());
    }
    if let Some(edit) = &link.edit {
        add("edit", edit.clone());
    }
    hash
}

/// What `now` differs in from `base`, packed.
pub fn pack(base: &Value, now: &Value) -> String {
    let patch = json_patch::diff(base, now);
    // A patch is a plain list of operations: writing it cannot fail.
    let text = serde_json::to_vec(&patch).unwrap_or_default();
    URL_SAFE_NO_PAD.encode(miniz_oxide::deflate::compress_to_vec(&text, 8))
}

/// The scenario that `edit` makes of `base`.
///
/// # Errors
/// In plain words, what is wrong with it.
pub fn unpack(base: &Value, edit: &str) -> Result<Value, String> {
    let packed = URL_SAFE_NO_PAD.decode(edit).map_err(text::notes::edit_garbled)?;
    let text = miniz_oxide::inflate::decompress_to_vec_with_limit(&packed, EDIT_BYTES)
        .map_err(|e| text::notes::edit_packed(format!("{:?}", e.status)))?;
    let patch: json_patch::Patch = serde_json::from_slice(&text).map_err(text::notes::edit_no_list)?;
    let mut value = base.clone();
    json_patch::patch(&mut value, &patch).map_err(text::notes::edit_no_fit)?;
    Ok(value)
}

/// What stands behind `#` in the address bar now.
pub fn read_hash() -> String {
    gloo::utils::window().location().hash().unwrap_or_default()
}

/// What the address bar says now.
pub fn read_bar() -> Link {
    parse(&read_hash())
}

/// Puts it into the address bar, without an entry in the history.
pub fn write_bar(hash: &str) {
    // A browser may refuse (sandboxed frame): the page works without.
    let _ = gloo::utils::history().replace_state_with_url(&JsValue::NULL, "", Some(hash));
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_link_says_again_what_was_written() {
        let knobs = Knobs {
            protected: false,
            visibility_km: 0.35,
            eve_fraction: 0.4,
            eve_link: 3,
            broken_link: Some(2),
            ..Knobs::default()
        };
        let link = Link {
            seed: Some(u64::MAX),
            knobs: Some(knobs),
            t_s: 144.6,
            speed: Some(0.1),
            tab: Some(Tab::Messages),
            subject: "block:naic-eng#12".parse().ok(),
            layers: Some(Layers::from_bits(5)),
            map: Some((16.25, 52.38, -1.56)),
            compare: true,
            story: Some(2),
            edit: Some("abc_-".into()),
            unknown_version: false,
        };
        assert!(link.subject.is_some());
        assert_eq!(parse(&write(&link)), link);
    }

    #[test]
    fn nonsense_is_passed_over() {
        assert_eq!(parse(""), Link::default());
        assert_eq!(
            parse("#v=1&seed=x&t=NaN&vis=&&=&evel&map=1/x&sel=king&story=0"),
            Link { knobs: Some(Knobs::default()), ..Link::default() }
        );
        assert!(parse("#v=99&seed=1").unknown_version);
        assert_eq!(parse("#v=1&vis=1e9").knobs.map(|k| k.visibility_km), Some(100.0));
    }

    #[test]
    fn changes_are_packed_and_unpacked_and_broken_ones_named() {
        let (base, now) = (json!({ "a": [1, 2], "b": "x" }), json!({ "a": [1, 5, 2], "c": null }));
        assert_eq!(unpack(&base, &pack(&base, &now)), Ok(now));
        for broken in ["!", "AAAA", "", &pack(&json!({}), &json!({ "q": { "r": 1 } }))[1..]] {
            assert!(unpack(&base, broken).is_err_and(|e| e.contains("the link's")), "{broken}");
        }
    }
}
