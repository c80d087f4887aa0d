//! The same scenario and seed give the same events, bit for bit, natively and in a browser's wasm.
//!
//! One golden digest is pinned on both targets. It has to change whenever a floor's behaviour or an event's shape
//! changes; it catches a standard `sin` or `exp`, a `HashMap`'s order, a `usize` in an event, and a dependency
//! whose floating point differs between the targets.

use keyway_core::sim::trace::Digest;
use keyway_core::sim::{Scenario, World};

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test;

#[cfg(target_arch = "wasm32")]
wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_dedicated_worker);

/// Digest of the first 60 simulated seconds of the campus with seed 7, protection and attack as in the file.
const GOLDEN: &str = include_str!("golden/warwick-seed-7-60s.sha256");

fn digest_of(scenario: &Scenario, seed: u64, until_s: f64, slice_s: f64) -> String {
    let mut world = World::new(scenario, seed, scenario.knobs());
    let (mut digest, mut records) = (Digest::default(), Vec::new());
    while !world.finished() && world.now_s() < until_s {
        world.step_until((world.now_s() + slice_s).min(until_s), &mut records);
        records.drain(..).for_each(|r| digest.add(&r));
    }
    digest.hex()
}

#[cfg_attr(target_arch = "wasm32", wasm_bindgen_test)]
#[cfg_attr(not(target_arch = "wasm32"), test)]
fn both_targets_give_the_golden_digest() {
    assert_eq!(digest_of(&Scenario::warwick(), 7, 60.0, 1.0), GOLDEN.trim());
}

#[cfg_attr(target_arch = "wasm32", wasm_bindgen_test)]
#[cfg_attr(not(target_arch = "wasm32"), test)]
fn how_time_is_sliced_does_not_matter() {
    let scenario = Scenario::warwick();
    assert_eq!(digest_of(&scenario, 3, 12.0, 0.016), digest_of(&scenario, 3, 12.0, 12.0));
}

#[cfg_attr(target_arch = "wasm32", wasm_bindgen_test)]
#[cfg_attr(not(target_arch = "wasm32"), test)]
fn a_clone_goes_on_as_the_world_itself_does() {
    let scenario = Scenario::warwick();
    let mut world = World::new(&scenario, 11, scenario.knobs());
    let mut before = Vec::new();
    world.step_until(8.0, &mut before);
    let mut checkpoint = world.clone();
    let (mut a, mut b) = (Vec::new(), Vec::new());
    world.step_until(16.0, &mut a);
    checkpoint.step_until(16.0, &mut b);
    assert!(!a.is_empty());
    assert_eq!(a, b);
}

#[cfg_attr(target_arch = "wasm32", wasm_bindgen_test)]
#[cfg_attr(not(target_arch = "wasm32"), test)]
fn another_seed_gives_another_run() {
    let scenario = Scenario::warwick();
    assert_ne!(digest_of(&scenario, 1, 5.0, 5.0), digest_of(&scenario, 2, 5.0, 5.0));
}
