//! Links whose blocks come faster than a block is distilled.
#![cfg(not(target_arch = "wasm32"))]

use keyway_core::distill::{Event as Distill, message::Kind};
use keyway_core::sim::event::Event;
use keyway_core::sim::{Scenario, World};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// The campus with links of 10 dB from roof to detector, sources of 100 MHz and pools that are never full.
fn fast(distill: Value) -> Scenario {
    let mut file: Value = serde_json::from_str(include_str!("../../static/scenarios/warwick.json")).unwrap();
    file["link_params"] = json!({
        "source": {"pulse_rate_hz": 1e8},
        "block_pulses": 20_000_000,
        "receiver": {"optics_loss_db": 9.8},
    });
    file["kmm"]["pool_capacity_bits"] = json!(1 << 30);
    file["distill_params"] = distill;
    Scenario::from_json(&file.to_string()).unwrap()
}

/// Simulated seconds.
const UNTIL_S: f64 = 12.0;

struct Seen {
    /// Blocks by link whose light was there in time to become a key.
    ready: BTreeSet<(String, u32)>,
    distilled: BTreeSet<(String, u32)>,
    dropped: Vec<String>,
    secret_bits: BTreeMap<String, u64>,
    /// Longest time from a block's first message to its last, seconds.
    longest_s: f64,
}

/// Runs it. Blocks that begin `patience_s` before the end are not expected to be done.
fn run(scenario: &Scenario, patience_s: f64) -> Seen {
    let mut world = World::new(scenario, 3, scenario.knobs());
    let mut records = Vec::new();
    world.step_until(UNTIL_S, &mut records);
    let mut seen = Seen {
        ready: BTreeSet::new(),
        distilled: BTreeSet::new(),
        dropped: Vec::new(),
        secret_bits: BTreeMap::new(),
        longest_s: 0.0,
    };
    for record in records {
        match record.event {
            Event::Distill { link, event: Distill::Sifted { block, .. } }
                if record.t.as_secs() < UNTIL_S - patience_s =>
            {
                seen.ready.insert((link.to_string(), block.seq));
            }
            Event::Distill { link, event: Distill::Distilled { block, secret_bits, trace, .. } } => {
                seen.distilled.insert((link.to_string(), block.seq));
                *seen.secret_bits.entry(link.to_string()).or_default() += u64::from(secret_bits);
                let close = trace.iter().find(|line| line.kind == Kind::Close).unwrap();
                seen.longest_s = seen.longest_s.max(close.to_s);
            }
            Event::Distill { event: Distill::Dropped { block, why, .. }, .. } => {
                seen.dropped.push(format!("{block}: {why}"));
            }
            _ => {}
        }
    }
    seen
}

/// Cascade's questions go back and forth for longer than the next block takes to arrive.
#[test]
fn every_block_of_a_fast_link_becomes_key() {
    let seen = run(&fast(json!({})), 1.5);
    assert!(seen.longest_s > 0.4, "a round takes {} s: no longer than a block", seen.longest_s);
    assert_eq!(seen.dropped, Vec::<String>::new());
    assert!(seen.ready.len() > 100 && seen.ready.is_subset(&seen.distilled), "{} ready", seen.ready.len());
    assert_eq!(seen.secret_bits.len(), 7);
    for (link, bits) in seen.secret_bits {
        assert!(bits as f64 / UNTIL_S > 1e5, "{link}: {bits} bits");
    }
}

/// A tenth of the messages lost, each way: rounds take seconds, and more of them are under way at once.
#[test]
fn loss_slows_a_fast_link_and_does_not_stop_it() {
    let seen = run(&fast(json!({"loss": 0.1, "timeout_s": 8.0, "reconciliation": "cascade"})), 8.0);
    assert!(seen.longest_s > 1.0, "{}", seen.longest_s);
    assert!(
        seen.distilled.len() > 100,
        "{} of {}: {:?}",
        seen.distilled.len(),
        seen.ready.len(),
        seen.dropped
    );
}
