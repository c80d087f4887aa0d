//! The papers' figures, arrived at by the program.
#![cfg(not(target_arch = "wasm32"))]

use keyway_core::sim::Scenario;
use keyway_core::studies::table2;

/// Fowler et al. 2023, Table 2: the driver is influenced in test 2 and in no other, whatever the seed.
#[test]
fn table_2_of_fowler_2023_holds_for_any_seed() {
    let scenario = Scenario::warwick();
    for seed in [1, u64::MAX] {
        let rows = table2::run(&scenario, seed);
        let outcomes: Vec<&str> = rows.iter().map(|r| r.outcome.as_str()).collect();
        assert_eq!(outcomes, ["planned", "diverted", "planned", "planned"], "seed {seed}: {rows:?}");
        let (unattacked, fooled, secured, defended) = (&rows[0], &rows[1], &rows[2], &rows[3]);
        // Section 6.1: a test route of 2 km.
        assert!((1_900.0..2_100.0).contains(&unattacked.driven_m), "{}", unattacked.driven_m);
        // One closed lap of the one-way system more.
        assert!((1_700.0..1_900.0).contains(&(fooled.driven_m - unattacked.driven_m)), "{}", fooled.driven_m);
        assert!(fooled.delay_s > 120.0 && fooled.cpm_fake_accepted > 0);
        assert!(secured.delay_s.abs() < 1.0 && defended.delay_s.abs() < 1.0);
        assert!(defended.cpm_fake_sent > 0 && defended.cpm_fake_accepted == 0 && defended.cpm_rejected > 0);
        assert_eq!((unattacked.cpm_fake_sent, secured.cpm_fake_sent), (0, 0));
        assert!(unattacked.cpm_sent > 0 && secured.cpm_sent > 0);
    }
}
