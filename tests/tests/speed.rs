//! How fast the samplers are in a browser. A measurement and no test: it is run by hand,
//! `cargo test --release --target wasm32-unknown-unknown -p keyway-tests --test speed -- --include-ignored --nocapture`,
//! with `CHROMEDRIVER` set, and its figures stand in `BENCHMARKS.md`.

#![cfg(target_arch = "wasm32")]

use keyway_core::ground::Streams;
use keyway_core::link::params::Sampler;
use keyway_core::link::sampler::{Drawer, Memory};
use keyway_core::link::{Channel, Conditions, Detections, Law, Params};
use wasm_bindgen_test::{console_log, wasm_bindgen_test};

wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_dedicated_worker);

/// Pulses of a run, and runs of which the best counts.
const PULSES: u64 = 20_000_000;
const RUNS: u32 = 7;

#[wasm_bindgen_test]
#[ignore = "a measurement"]
fn pulses_a_second() {
    for (name, sampler, positions) in [
        ("per pulse", Sampler::PerPulse, false),
        ("per block", Sampler::PerBlock, true),
        ("per block, no positions", Sampler::PerBlock, false),
    ] {
        let params = Params { sampler, ..Params::default() };
        let channel = Channel::new(&params, 212.0, &Conditions::default());
        // 10 dB before a detector of one half.
        let law = Law::new(&params, &channel, 0.05 / channel.eta(1.0), 0.0);
        let mut rng = Streams::new(1).stream("bench");
        let (drawer, mut memory) = (Drawer::new(&params, positions), Memory::new(&mut rng));
        let best_ms = (0..RUNS)
            .map(|_| {
                let (begin, mut out) = (js_sys::Date::now(), Detections::default());
                drawer.slot(&law, PULSES, &mut memory, &mut rng, &mut out);
                js_sys::Date::now() - begin
            })
            .fold(f64::MAX, f64::min);
        console_log!("{name}, 10 dB: {:.0} million pulses a second", PULSES as f64 / best_ms / 1e3);
    }
}
