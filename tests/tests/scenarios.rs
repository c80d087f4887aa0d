//! Broken scenario files are refused with the JSON path, the value and what was expected; none panics.
#![cfg(not(target_arch = "wasm32"))]

use keyway_core::sim::Scenario;
use proptest::prelude::*;
use serde_json::{Value, json};

const WARWICK: &str = include_str!("../../static/scenarios/warwick.json");

fn error_after(pointer: &str, value: Value) -> String {
    let mut file: Value = serde_json::from_str(WARWICK).unwrap();
    *file.pointer_mut(pointer).unwrap_or_else(|| panic!("{pointer} is not in the file")) = value;
    Scenario::from_json(&file.to_string()).expect_err("accepted").to_string()
}

#[test]
fn each_fault_is_named() {
    let cases = [
        ("/version", json!(2), "version: 2", "expected 1"),
        ("/until_s", json!(-5), "until_s: -5", "a number from"),
        (
            "/weather/script/start/visibility_km",
            json!("fog"),
            "weather.script.start.visibility_km",
            "invalid type",
        ),
        ("/weather/script/start/visibility_km", json!(0), "weather.script.start.visibility_km: 0", "0.01"),
        ("/clock/hour_utc", json!(25), "clock.hour_utc: 25", "a number from 0 to 24"),
        (
            "/eavesdropper",
            json!({"link": "naic-eng", "kind": "tickling", "fraction": 1}),
            "eavesdropper",
            "jamming",
        ),
        ("/links/0/a", json!("nowhere"), "links[0].a: `nowhere`", "the id of a terminal"),
        ("/links/1/id", json!("naic-eng"), "links[1].id: `naic-eng`", "does not bear"),
        ("/rsus/2/terminal", json!("x"), "rsus[2].terminal: `x`", "the id of a terminal"),
        ("/rsus/0/position", json!([200, 52]), "rsus[0].position: [200, 52]", "longitude"),
        ("/rsus/0/range_m", json!(null), "rsus[0].range_m", "invalid type"),
        ("/gateway/terminal", json!("roof"), "gateway.terminal: `roof`", "the id of a terminal"),
        ("/cameras/0/rsu", json!("rsu99"), "cameras[0].rsu: `rsu99`", "the id of an RSU"),
        ("/vehicle/finish", json!([0, 0]), "vehicle", "a way from start"),
        ("/attacker/objects", json!([]), "attacker.objects: 0", "1 to 64"),
        ("/attacker/end_s", json!(-1), "attacker.end_s: -1", "a number from"),
        ("/seed", json!(-1), "seed", "invalid value"),
    ];
    for (pointer, value, path, expected) in cases {
        let error = error_after(pointer, value);
        assert!(error.contains(path) && error.contains(expected), "{pointer}: {error}");
    }
}

#[test]
fn unknown_and_missing_fields_are_named() {
    let mut file: Value = serde_json::from_str(WARWICK).unwrap();
    file["weather"]["script"]["start"]["colour"] = json!("blue");
    let error = Scenario::from_json(&file.to_string()).expect_err("accepted").to_string();
    assert!(error.contains("weather") && error.contains("colour"), "{error}");

    let mut file: Value = serde_json::from_str(WARWICK).unwrap();
    file.as_object_mut().unwrap().remove("gateway");
    let error = Scenario::from_json(&file.to_string()).expect_err("accepted").to_string();
    assert!(error.contains("gateway"), "{error}");
    assert!(
        Scenario::from_json("{").is_err()
            && Scenario::from_json("").is_err()
            && Scenario::from_json("[]").is_err()
    );
}

#[test]
fn the_built_in_campus_is_good() {
    assert!(Scenario::from_json(WARWICK).is_ok());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]
    /// Whatever single value is put in place of whatever leaf: an answer, never a panic.
    #[test]
    fn no_single_change_panics(leaf in any::<prop::sample::Index>(), which in 0usize..7) {
        let mut file: Value = serde_json::from_str(WARWICK).unwrap();
        let mut pointers = Vec::new();
        leaves(&file, String::new(), &mut pointers);
        let pointer = pointers[leaf.index(pointers.len())].clone();
        let value = [json!(null), json!(-1), json!(1e300), json!(""), json!([]), json!({}), json!(0)][which].clone();
        *file.pointer_mut(&pointer).unwrap() = value;
        if let Err(error) = Scenario::from_json(&file.to_string()) {
            prop_assert!(!error.to_string().is_empty());
        }
    }
}

fn leaves(value: &Value, at: String, out: &mut Vec<String>) {
    match value {
        Value::Object(map) => map.iter().for_each(|(k, v)| leaves(v, format!("{at}/{k}"), out)),
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(i, v)| leaves(v, format!("{at}/{i}"), out))
        }
        _ => out.push(at),
    }
}
