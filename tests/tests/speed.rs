//! How fast the samplers and the whole chain of both parties are in a browser. A measurement and no test: it is run by hand,
//! `cargo test --release --target wasm32-unknown-unknown -p keyway-tests --test speed -- --include-ignored --nocapture`,
//! with `CHROMEDRIVER` set, and its figures stand in `BENCHMARKS.md`.

#![cfg(target_arch = "wasm32")]

use keyway_core::distill::{self, Rules, round};
use keyway_core::ground::{BlockId, SimTime, Streams};
use keyway_core::link::params::Sampler;
use keyway_core::link::sampler::{Drawer, Memory};
use keyway_core::link::{Channel, Conditions, Detections, Law, Params};
use wasm_bindgen_test::{console_log, wasm_bindgen_test};

wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_dedicated_worker);

/// Pulses of a run, and runs of which the best counts.
const PULSES: u64 = 20_000_000;
const RUNS: u32 = 7;
/// Blocks that the whole chain is timed over.
const BLOCKS: u32 = 20;

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

/// Both parties on blocks of 0.4 s of a 100 MHz link at 10 dB, light included.
#[wasm_bindgen_test]
#[ignore = "a measurement"]
fn real_time_of_a_whole_link() {
    let mut params = Params { block_pulses: 40_000_000, ..Params::default() };
    params.source.pulse_rate_hz = 1e8;
    let block_s = params.block_pulses as f64 / params.source.pulse_rate_hz;
    let channel = Channel::new(&params, 300.0, &Conditions::default()).of_loss(&params, 10.0);
    let law = Law::new(&params, &channel, channel.mean_collected, 0.0);
    let mut rng = Streams::new(3).stream("chain");
    let (drawer, mut memory) = (Drawer::new(&params, false), Memory::new(&mut rng));
    let rules = Rules::new(&params, &distill::Params::default());
    let [mut alice, mut bob] = round::installed(&"a-b".into(), &rules, &Streams::new(5));
    let (mut light_ms, mut chain_ms, mut sifted) = (0.0, 0.0, 0.0);
    for seq in 0..BLOCKS {
        let (begin, mut slot) = (js_sys::Date::now(), Detections::default());
        drawer.slot(&law, params.block_pulses, &mut memory, &mut rng, &mut slot);
        light_ms += js_sys::Date::now() - begin;
        let (begin, block) = (js_sys::Date::now(), BlockId { link: "a-b".into(), seq });
        let start = SimTime::from_secs(f64::from(seq) * block_s);
        let played = round::play([&mut alice, &mut bob], start, rules.params.delay(), &block, slot);
        assert!(played.secret_bits() > 0);
        chain_ms += js_sys::Date::now() - begin;
        sifted += f64::from(played.sifted_bits());
    }
    let all_s = f64::from(BLOCKS) * block_s;
    console_log!(
        "{all_s} s of a 100 MHz link: light {light_ms} ms, both parties {chain_ms} ms: {:.1} Mbit/s sifted, {:.1} times real time",
        sifted / chain_ms / 1e3,
        all_s * 1e3 / (light_ms + chain_ms)
    );
}
