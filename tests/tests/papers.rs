//! The papers' figures, arrived at by the program.
#![cfg(not(target_arch = "wasm32"))]

use keyway_core::sim::Scenario;
use keyway_core::studies::{self, Agreement, Report, table2};

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

/// The report of a study, and the shares of progress that it told.
fn report(id: &str, seed: u64) -> (Report, Vec<f64>) {
    let mut shares = Vec::new();
    let study = studies::find(id).expect("the study is in the registry");
    (study.run(&Scenario::warwick(), seed, &mut |share| shares.push(share)), shares)
}

/// Nothing that a paper states comes out otherwise, and there is something that it states.
fn assert_agrees(report: &Report) {
    let stated = report.claims.iter().filter(|c| c.agrees != Agreement::NotStated);
    assert!(stated.clone().count() >= 5);
    stated.for_each(|c| assert_eq!(c.agrees, Agreement::Agrees, "seed {}: {c:?}", report.seed));
}

/// Fowler et al. 2023, Table 2, as a page shows it: the report says what the rows say, and tells how far it is.
#[test]
fn the_report_of_table_2_agrees_with_its_rows() {
    let (report, shares) = report("table2", 1);
    assert_agrees(&report);
    let rows = table2::run(&Scenario::warwick(), 1);
    for ((row, cells), curve) in rows.iter().zip(&report.tables[0].rows).zip(&report.plots[0].lines) {
        assert_eq!(cells[3], row.outcome);
        assert_eq!(curve.points.last().map(|p| p.1), Some(row.driven_m), "the curve ends where the car did");
        assert!(curve.points.len() > 100 && curve.points.is_sorted_by(|a, b| a.0 <= b.0 && a.1 <= b.1));
    }
    assert!(shares.len() > 400 && shares.is_sorted() && shares.last() == Some(&1.0));
}

/// Kosmatos et al.: keys of 32 bytes, one a second, the same at both ends, X xor Y between B and C, the steps of both
/// deployments in their order, allocation every half second; whatever keys the drivers make.
#[test]
fn the_relay_of_kosmatos_holds_for_any_seed() {
    let mut keys = Vec::new();
    for seed in [0, 1, 7, u64::MAX] {
        let (report, shares) = report("relay", seed);
        assert_agrees(&report);
        assert!(shares.len() > 150 && shares.is_sorted());
        let (nine, seven) = (&report.tables[0], &report.tables[1]);
        for (table, steps) in [(nine, 9), (seven, 7)] {
            let mut numbers: Vec<u32> = table.rows.iter().map(|row| row[0].parse().unwrap()).collect();
            numbers.dedup();
            assert_eq!(numbers, (1..=steps).collect::<Vec<_>>(), "{}", table.title);
        }
        // Both SAEs' curves end at the same number of keys, with B-C's driver running and stopped; stopped, earlier.
        let ends = |plot: usize| -> Vec<(f64, f64)> {
            report.plots[plot].lines.iter().map(|line| *line.points.last().unwrap()).collect()
        };
        let (running, stopped) = (ends(1), ends(3));
        assert!(running[0].1 == running[1].1 && stopped[0].1 == stopped[1].1);
        assert!(stopped[0].1 < running[0].1 && stopped[0].0 < running[0].0 && stopped[1].0 < running[1].0);
        let run = studies::relay::run(&studies::relay::figure_2(), seed, &mut |_| ());
        keys.extend(run.given[0].iter().map(|(_, key)| *key.expose()));
    }
    let all = keys.len();
    keys.sort_unstable();
    keys.dedup();
    assert_eq!(keys.len(), all, "another seed, other keys; and no key twice");
}
