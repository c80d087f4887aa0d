//! The address bar holds the run and the view:
//! `#v=2&seed=42&zap=1&attack=1&vis=20&rain=0&hour=12&evek=jamming&eve=0&evel=0&broken=3&t=144.6&tab=light&sel=message:666/378&edit=…`.
//! What cannot be read is passed over and named, and the page's own settings stand; nothing here fails. `edit` is what
//! the scenario differs in from the built-in campus: a JSON patch (RFC 6902), deflated, in URL-safe base64.

use crate::action::{Layers, Tab};
use crate::text;
use crate::tour::STEPS;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use keyway_core::sim::chronicle::Subject;
use keyway_core::sim::snapshot::{EveKind, Knobs};
use serde_json::Value;
use wasm_bindgen::JsValue;

/// Version of the form. Version 1 has fewer fields and the same meaning.
const VERSION: &str = "2";
const OLDER: &str = "1";
/// An unpacked `edit` is no larger, bytes.
const EDIT_BYTES: usize = 4 << 20;
/// A packed `edit` is no longer: browsers take no address of more than 2 MiB.
const EDIT_CHARS: usize = 1 << 20;
/// What `edit` says of changes that are larger.
pub const TOO_LARGE: &str = "too-large";
/// Of a part that is passed over, so much is shown.
const PART_CHARS: usize = 40;
/// All fields.
const NAMES: [&str; 20] = [
    "v", "seed", "zap", "attack", "vis", "rain", "hour", "evek", "eve", "evel", "broken", "t", "speed",
    "tab", "sel", "layers", "map", "compare", "story", "edit",
];
/// Bounds of the numbers: visibility and rain as a scenario may have them; hours of the day; times, seconds; speeds.
const VISIBILITY_KM: (f64, f64) = (0.01, 300.0);
const RAIN_MM_H: (f64, f64) = (0.0, 300.0);
const HOURS: (f64, f64) = (0.0, 24.0);
const DAY_S: f64 = 86_400.0;
const SPEEDS: (f64, f64) = (0.1, 100.0);

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
    /// What of it is not understood.
    pub passed: Vec<Passed>,
}

/// A part of a link that is passed over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Passed {
    /// As it stands in the link, cut where it is long.
    pub part: String,
    /// What was expected in its place.
    pub expected: String,
}

impl Passed {
    pub fn new(name: &str, value: &str, expected: impl Into<String>) -> Self {
        let mut part = format!("{name}={value}");
        if let Some((cut, _)) = part.char_indices().nth(PART_CHARS) {
            part.truncate(cut);
            part.push('…');
        }
        Self { part, expected: expected.into() }
    }
}

/// The fields of a link, taken one by one; what is left at the end is not known.
struct Fields<'a> {
    left: Vec<(&'a str, String)>,
    passed: Vec<Passed>,
}

impl<'a> Fields<'a> {
    fn of(hash: &'a str) -> Self {
        let (mut left, mut passed) = (Vec::new(), Vec::new());
        for part in hash.trim_start_matches('#').split('&').filter(|p| !p.is_empty()) {
            match part.split_once('=') {
                Some((name, value)) => left.push((name, decode(value))),
                None => passed.push(Passed { part: part.into(), expected: text::link::NAMED.into() }),
            }
        }
        Self { left, passed }
    }

    /// A field of this name, read; where that gives nothing, it is passed over.
    fn take<T>(
        &mut self,
        name: &str,
        expected: impl Into<String>,
        read: impl FnOnce(&str) -> Option<T>,
    ) -> Option<T> {
        let at = self.left.iter().position(|(n, _)| *n == name)?;
        let (_, value) = self.left.remove(at);
        let read = read(&value);
        if read.is_none() {
            self.passed.push(Passed::new(name, &value, expected));
        }
        read
    }

    fn number(&mut self, name: &str, (min, max): (f64, f64)) -> Option<f64> {
        let read = |v: &str| v.parse().ok().filter(|v| (min..=max).contains(v));
        self.take(name, text::link::number(min, max), read)
    }

    fn switch(&mut self, name: &str) -> Option<bool> {
        self.take(name, text::link::SWITCH, |v| ["0", "1"].iter().position(|s| *s == v).map(|n| n == 1))
    }

    fn rest(self) -> Vec<Passed> {
        let mut passed = self.passed;
        for (name, value) in self.left {
            let expected = if NAMES.contains(&name) {
                text::link::ONCE.into()
            } else {
                text::link::one_of(NAMES.into_iter())
            };
            passed.push(Passed::new(name, &value, expected));
        }
        passed
    }
}

/// Reads the part behind `#`. What leads within the page, and says nothing of a run, has no `=`.
pub fn parse(hash: &str) -> Link {
    if !hash.contains('=') {
        return Link::default();
    }
    let mut fields = Fields::of(hash);
    let versions = text::link::version(&[VERSION, OLDER]);
    if fields.take("v", versions.as_str(), |v| [VERSION, OLDER].contains(&v).then_some(())).is_none() {
        let missing = || Passed { part: "v".into(), expected: versions };
        let passed = fields.passed.into_iter().find(|p| p.part.starts_with("v=")).unwrap_or_else(missing);
        return Link { passed: vec![passed], ..Link::default() };
    }
    let base = Knobs::default();
    let kinds = text::link::one_of(EveKind::ALL.into_iter().map(EveKind::name));
    let said = ["zap", "attack", "vis", "rain", "hour", "evek", "eve", "evel", "broken"];
    let said = said.iter().any(|n| fields.left.iter().any(|(name, _)| name == n));
    let knobs = Knobs {
        protected: fields.switch("zap").unwrap_or(base.protected),
        attack: fields.switch("attack").unwrap_or(base.attack),
        visibility_km: fields.number("vis", VISIBILITY_KM).unwrap_or(base.visibility_km),
        rain_mm_h: fields.number("rain", RAIN_MM_H).unwrap_or(base.rain_mm_h),
        hour_utc: fields.number("hour", HOURS).unwrap_or(base.hour_utc),
        eve_kind: fields.take("evek", kinds, EveKind::named).unwrap_or(base.eve_kind),
        eve_fraction: fields.number("eve", (0.0, 1.0)).unwrap_or(base.eve_fraction),
        eve_link: fields.take("evel", text::link::LINK_NUMBER, whole).unwrap_or(base.eve_link),
        broken_link: fields.take("broken", text::link::LINK_NUMBER, whole),
    };
    let layers = Layers::default().bits();
    let panels = text::link::one_of(crate::panels::ALL.iter().map(|p| p.id));
    let subject = |v: &str| v.parse().ok();
    Link {
        seed: fields.take("seed", text::link::WHOLE, whole),
        knobs: said.then_some(knobs),
        t_s: fields.number("t", (0.0, DAY_S)).unwrap_or(0.0),
        speed: fields.number("speed", SPEEDS),
        tab: fields.take("tab", panels, Tab::named),
        subject: fields.take("sel", text::link::SUBJECT, subject),
        layers: fields
            .take("layers", text::link::whole(0, layers), |v| whole(v).filter(|bits| *bits <= layers))
            .map(Layers::from_bits),
        map: fields.take("map", text::link::PLACE, place),
        compare: fields.switch("compare").unwrap_or(false),
        story: fields.take("story", text::link::whole(1, STEPS.len()), |v| {
            whole::<usize>(v)?.checked_sub(1).filter(|n| *n < STEPS.len())
        }),
        edit: fields.take("edit", "", |v| Some(v.to_owned())),
        passed: fields.rest(),
    }
}

/// A whole number, in digits alone.
fn whole<T: std::str::FromStr>(v: &str) -> Option<T> {
    v.parse().ok().filter(|_| v.bytes().all(|b| b.is_ascii_digit()))
}

fn place(v: &str) -> Option<(f64, f64, f64)> {
    let parts: Vec<f64> = v.split('/').map(str::parse).collect::<Result<_, _>>().ok()?;
    let [zoom, lat, lon] = parts[..] else { return None };
    let good = (13.0..=20.0).contains(&zoom) && lat.abs() <= 85.0 && lon.abs() <= 180.0;
    good.then_some((zoom, lat, lon))
}

/// Puts back what was written as `%23`: some programs write more of a link so than we do.
fn decode(value: &str) -> String {
    let (mut bytes, mut rest) = (Vec::new(), value.as_bytes());
    while let [first, after @ ..] = rest {
        let code = match after {
            [a, b, ..] if *first == b'%' => {
                std::str::from_utf8(&[*a, *b]).ok().and_then(|hex| u8::from_str_radix(hex, 16).ok())
            }
            _ => None,
        };
        bytes.push(code.unwrap_or(*first));
        rest = if code.is_some() { &after[2..] } else { after };
    }
    String::from_utf8_lossy(&bytes).into_owned()
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
        add("rain", k.rain_mm_h.to_string());
        add("hour", k.hour_utc.to_string());
        add("evek", k.eve_kind.name().into());
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

/// What `now` differs in from `base`, packed; [`TOO_LARGE`] where no link holds it.
pub fn pack(base: &Value, now: &Value) -> String {
    let patch = json_patch::diff(base, now);
    // A patch is a plain list of operations: writing it cannot fail.
    let text = serde_json::to_vec(&patch).unwrap_or_default();
    if text.len() > EDIT_BYTES {
        return TOO_LARGE.into();
    }
    let packed = URL_SAFE_NO_PAD.encode(miniz_oxide::deflate::compress_to_vec(&text, 8));
    if packed.len() > EDIT_CHARS { TOO_LARGE.into() } else { packed }
}

/// The scenario that `edit` makes of `base`.
///
/// # Errors
/// In plain words, what is wrong with it.
pub fn unpack(base: &Value, edit: &str) -> Result<Value, String> {
    if edit == TOO_LARGE {
        return Err(text::link::EDIT_TOO_LARGE.into());
    }
    let packed = URL_SAFE_NO_PAD.decode(edit).map_err(text::link::edit_garbled)?;
    let text = miniz_oxide::inflate::decompress_to_vec_with_limit(&packed, EDIT_BYTES)
        .map_err(|e| text::link::edit_packed(format!("{:?}", e.status)))?;
    let patch: json_patch::Patch = serde_json::from_slice(&text).map_err(text::link::edit_no_list)?;
    let mut value = base.clone();
    json_patch::patch(&mut value, &patch).map_err(text::link::edit_no_fit)?;
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
            rain_mm_h: 7.5,
            hour_utc: 21.25,
            eve_kind: EveKind::PhotonNumberSplitting,
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
            passed: Vec::new(),
        };
        assert!(link.subject.is_some());
        assert_eq!(parse(&write(&link)), link);
    }

    #[test]
    fn what_is_not_understood_is_passed_over_and_named() {
        assert_eq!(parse(""), Link::default());
        assert_eq!(parse("#panels"), Link::default());
        let link = parse(
            "#v=1&seed=x&t=NaN&vis=&rain=-1&hour=25&evek=tickling&&=&evel&map=1/x&sel=king&story=0&tab=cellar&zap=2&layers=9999&story=3&speed=1e9",
        );
        assert_eq!(
            Link { passed: Vec::new(), ..link.clone() },
            Link { knobs: Some(Knobs::default()), ..Link::default() }
        );
        let parts: Vec<&str> = link.passed.iter().map(|p| p.part.as_str()).collect();
        for part in [
            "evel",
            "zap=2",
            "vis=",
            "rain=-1",
            "hour=25",
            "evek=tickling",
            "seed=x",
            "t=NaN",
            "speed=1e9",
            "tab=cellar",
            "sel=king",
            "layers=9999",
            "map=1/x",
            "story=0",
            "=",
            "story=3",
        ] {
            assert!(parts.contains(&part), "{part} of {parts:?}");
        }
        assert_eq!(parts.len(), 16, "{parts:?}");
        assert!(link.passed.iter().all(|p| !p.expected.is_empty()));
    }

    #[test]
    fn of_another_version_nothing_is_read() {
        for (hash, part) in [("#v=99&seed=1", "v=99"), ("#seed=1", "v")] {
            let link = parse(hash);
            assert!(link.seed.is_none() && link.passed.len() == 1 && link.passed[0].part == part, "{link:?}");
        }
    }

    #[test]
    fn a_link_may_come_with_more_of_it_encoded() {
        let link = parse("#v=2&map=16%2F52.5%2F-1.5&sel=block%3Anaic-eng%233&seed=%31");
        assert_eq!((link.map, link.seed), (Some((16.0, 52.5, -1.5)), Some(1)));
        assert!(link.subject.is_some() && link.passed.is_empty());
        assert!(parse("#v=2&seed=%zz%4").passed[0].part == "seed=%zz%4");
    }

    #[test]
    fn changes_are_packed_and_unpacked_and_broken_ones_named() {
        let (base, now) = (json!({ "a": [1, 2], "b": "x" }), json!({ "a": [1, 5, 2], "c": null }));
        assert_eq!(unpack(&base, &pack(&base, &now)), Ok(now));
        for broken in ["!", "AAAA", "", &pack(&json!({}), &json!({ "q": { "r": 1 } }))[1..]] {
            assert!(unpack(&base, broken).is_err_and(|e| e.contains("changes")), "{broken}");
        }
    }

    #[test]
    fn changes_that_no_link_holds_are_said_to_be_so() {
        // One is long as it stands, one is long packed: each number of the second is another.
        let long = json!({ "a": "x".repeat(EDIT_BYTES) });
        let noise: Vec<u64> = (1..100_000_u64).map(|n| n.wrapping_mul(0x9e37_79b9_7f4a_7c15)).collect();
        for now in [long, json!({ "a": noise })] {
            let packed = pack(&json!({}), &now);
            assert_eq!(packed, TOO_LARGE);
            assert!(unpack(&json!({}), &packed).is_err_and(|e| e.contains("too large")));
        }
    }
}
