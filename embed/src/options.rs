//! The door: what a page passes in becomes checked values here, and nowhere else.

use js_sys::{Number, Object, Reflect};
use keyway_core::sim::Scenario;
use keyway_core::sim::snapshot::{EveKind, Knobs as AllKnobs};
use wasm_bindgen::{JsCast, JsError, JsValue};

/// The switches, each by its name here and its name in a snapshot.
const KNOBS: [[&str; 2]; 9] = [
    ["protected", "protected"],
    ["attack", "attack"],
    ["visibilityKm", "visibility_km"],
    ["rainMmH", "rain_mm_h"],
    ["hourUtc", "hour_utc"],
    ["eveKind", "eve_kind"],
    ["eveFraction", "eve_fraction"],
    ["eveLink", "eve_link"],
    ["brokenLink", "broken_link"],
];

/// How a run begins.
#[derive(Debug)]
pub(crate) struct Options {
    /// Text of a scenario file.
    text: Option<String>,
    /// The run's seed.
    pub seed: Option<u64>,
    /// The switches that differ from the scenario's.
    pub knobs: Knobs,
}

/// Some switches.
#[derive(Debug)]
pub(crate) struct Knobs {
    protected: Option<bool>,
    attack: Option<bool>,
    visibility_km: Option<f64>,
    rain_mm_h: Option<f64>,
    hour_utc: Option<f64>,
    eve_kind: Option<EveKind>,
    eve_fraction: Option<f64>,
    eve_link: Option<u32>,
    /// `Some(None)` clears it.
    broken_link: Option<Option<u32>>,
}

impl Options {
    /// Reads an object, or nothing at all.
    pub(crate) fn read(value: &JsValue) -> Result<Self, JsError> {
        let bag = Bag::new("options", value, &["scenario", "seed"])?;
        let text = bag.get("scenario");
        let text = match &text {
            None => None,
            Some(text) => Some(
                text.as_string()
                    .ok_or_else(|| refuse("scenario", text, "the JSON text of a scenario file"))?,
            ),
        };
        let seed = bag.get("seed").as_ref().map(seed).transpose()?;
        Ok(Self { text, seed, knobs: Knobs::from(&bag)? })
    }

    /// The scenario, checked; its errors name the JSON path.
    pub(crate) fn scenario(&self) -> Result<Scenario, JsError> {
        let refused = |error| JsError::new(&format!("scenario: {error}"));
        self.text
            .as_deref()
            .map_or_else(|| Ok(Scenario::warwick()), |t| Scenario::from_json(t).map_err(refused))
    }
}

impl Knobs {
    /// Reads an object.
    pub(crate) fn read(value: &JsValue) -> Result<Self, JsError> {
        Self::from(&Bag::new("knobs", value, &[])?)
    }

    fn from(bag: &Bag) -> Result<Self, JsError> {
        let [
            protected,
            attack,
            visibility_km,
            rain_mm_h,
            hour_utc,
            eve_kind,
            eve_fraction,
            eve_link,
            broken_link,
        ] = KNOBS;
        Ok(Self {
            protected: bag.flag(protected)?,
            attack: bag.flag(attack)?,
            visibility_km: bag.number(visibility_km, 0.01, 300.0)?,
            rain_mm_h: bag.number(rain_mm_h, 0.0, 300.0)?,
            hour_utc: bag.number(hour_utc, 0.0, 24.0)?,
            eve_kind: bag.eve_kind(eve_kind)?,
            eve_fraction: bag.number(eve_fraction, 0.0, 1.0)?,
            eve_link: bag.index(eve_link)?,
            broken_link: match bag.index(broken_link)? {
                None if bag.is_null(broken_link) => Some(None),
                index => index.map(Some),
            },
        })
    }

    /// `old` with these switches turned.
    pub(crate) fn over(&self, old: AllKnobs) -> AllKnobs {
        AllKnobs {
            protected: self.protected.unwrap_or(old.protected),
            attack: self.attack.unwrap_or(old.attack),
            visibility_km: self.visibility_km.unwrap_or(old.visibility_km),
            rain_mm_h: self.rain_mm_h.unwrap_or(old.rain_mm_h),
            hour_utc: self.hour_utc.unwrap_or(old.hour_utc),
            eve_kind: self.eve_kind.unwrap_or(old.eve_kind),
            eve_fraction: self.eve_fraction.unwrap_or(old.eve_fraction),
            eve_link: self.eve_link.unwrap_or(old.eve_link),
            broken_link: self.broken_link.unwrap_or(old.broken_link),
        }
    }
}

/// Whether the eavesdropper's link is there, in a world of so many.
pub(crate) fn check_link(knobs: &AllKnobs, links: usize) -> Result<(), JsError> {
    if let Some(broken) = knobs.broken_link.filter(|i| *i as usize >= links) {
        let expected = format!("the index of one of {links} links, from 0, or null");
        return Err(refuse("brokenLink", &broken.into(), &expected));
    }
    // A scenario without links has no eavesdropper to place; its own switches say 0.
    if knobs.eve_link == 0 || (knobs.eve_link as usize) < links {
        return Ok(());
    }
    Err(refuse("eveLink", &knobs.eve_link.into(), &format!("the index of one of {links} links, from 0")))
}

/// An object whose every field is known.
struct Bag(Option<Object>);

impl Bag {
    /// Takes `value` if it is an object with no other fields than the switches and `more`; nothing counts as empty.
    fn new(name: &str, value: &JsValue, more: &[&str]) -> Result<Self, JsError> {
        if value.is_undefined() || value.is_null() {
            return Ok(Self(None));
        }
        let object = value.dyn_ref::<Object>().ok_or_else(|| refuse(name, value, "an object"))?;
        for key in Object::keys(object).iter().filter_map(|key| key.as_string()) {
            let known = more.contains(&key.as_str()) || KNOBS.as_flattened().contains(&key.as_str());
            if !known {
                let names: Vec<_> = more.iter().copied().chain(KNOBS.map(|[name, _]| name)).collect();
                return Err(JsError::new(&format!(
                    "{name}: `{key}` is not known; expected {}",
                    names.join(", ")
                )));
            }
        }
        Ok(Self(Some(object.clone())))
    }

    /// Whether the field says null, under either of its names.
    fn is_null(&self, names: [&str; 2]) -> bool {
        let says = |name: &str| Reflect::get(self.0.as_ref()?, &name.into()).ok();
        names.into_iter().any(|name| says(name).is_some_and(|v| v.is_null()))
    }

    /// The field's value, unless it is missing.
    fn get(&self, field: &str) -> Option<JsValue> {
        // A getter of the page's may throw: then the field counts as missing.
        let value = Reflect::get(self.0.as_ref()?, &field.into()).ok()?;
        (!value.is_undefined() && !value.is_null()).then_some(value)
    }

    /// The field by either of its names.
    fn either(&self, names: [&'static str; 2]) -> Option<(&'static str, JsValue)> {
        names.into_iter().find_map(|name| Some((name, self.get(name)?)))
    }

    fn flag(&self, names: [&'static str; 2]) -> Result<Option<bool>, JsError> {
        let Some((name, value)) = self.either(names) else { return Ok(None) };
        value.as_bool().map(Some).ok_or_else(|| refuse(name, &value, "true or false"))
    }

    fn number(&self, names: [&'static str; 2], min: f64, max: f64) -> Result<Option<f64>, JsError> {
        let Some((name, value)) = self.either(names) else { return Ok(None) };
        let inside = value.as_f64().filter(|x| (min..=max).contains(x));
        inside.map(Some).ok_or_else(|| refuse(name, &value, &format!("a number from {min} to {max}")))
    }

    fn eve_kind(&self, names: [&'static str; 2]) -> Result<Option<EveKind>, JsError> {
        let Some((name, value)) = self.either(names) else { return Ok(None) };
        let kind = value.as_string().and_then(|kind| EveKind::named(&kind));
        let expected = || format!("one of {}", EveKind::ALL.map(EveKind::name).join(", "));
        kind.map(Some).ok_or_else(|| refuse(name, &value, &expected()))
    }

    fn index(&self, names: [&'static str; 2]) -> Result<Option<u32>, JsError> {
        let Some((name, value)) = self.either(names) else { return Ok(None) };
        let whole = value.as_f64().filter(|x| x.fract() == 0.0 && (0.0..=f64::from(u32::MAX)).contains(x));
        whole.map(|x| Some(x as u32)).ok_or_else(|| refuse(name, &value, "a whole number from 0"))
    }
}

/// A seed, however it is written.
fn seed(value: &JsValue) -> Result<u64, JsError> {
    let safe = |x: &f64| x.fract() == 0.0 && (0.0..=Number::MAX_SAFE_INTEGER).contains(x);
    let read = if let Some(number) = value.as_f64() {
        Some(number).filter(safe).map(|number| number as u64)
    } else if let Some(text) = value.as_string() {
        text.parse().ok()
    } else {
        u64::try_from(value.clone()).ok()
    };
    read.ok_or_else(|| {
        refuse(
            "seed",
            value,
            "a whole number from 0 to 18446744073709551615, above 9007199254740991 as bigint or text",
        )
    })
}

/// The error for a field with a value that it cannot have.
pub(crate) fn refuse(field: &str, value: &JsValue, expected: &str) -> JsError {
    let said = match (value.as_string(), value.as_f64(), value.as_bool()) {
        (Some(text), ..) => format!("`{}`", text.chars().take(40).collect::<String>()),
        (_, Some(number), _) => number.to_string(),
        (.., Some(flag)) => flag.to_string(),
        _ => format!("a value of type {}", value.js_typeof().as_string().unwrap_or_default()),
    };
    JsError::new(&format!("{field}: {said}; expected {expected}"))
}
