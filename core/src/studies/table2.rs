//! Table 2 of Fowler, Maple and Epiphaniou, "A Practical Implementation of Quantum-Derived Keys for Secure
//! Vehicle-to-Infrastructure Communications", Vehicles 2023, 5, 1586: the same drive four times, with the
//! protection off and on, without and with faked CPMs.

use crate::sim::snapshot::{Knobs, Snapshot, TestRow};
use crate::sim::trace::Digest;
use crate::sim::{Scenario, World};

/// How far a run advances between two looks at whether it is over, seconds of simulated time.
const SLICE_S: f64 = 10.0;

/// The switches of test `test` (1 to 4): protection in tests 3 and 4, faked CPMs in tests 2 and 4.
#[must_use]
pub fn knobs(scenario: &Scenario, test: u32) -> Knobs {
    Knobs { protected: test >= 3, attack: test.is_multiple_of(2), ..scenario.knobs() }
}

/// One test run to its end. `delay_s` is the arrival time here: [`run`] takes test 1's from it.
#[must_use]
pub fn run_test(scenario: &Scenario, seed: u64, test: u32) -> TestRow {
    let mut world = World::new(scenario, seed, knobs(scenario, test));
    let mut digest = Digest::default();
    let mut records = Vec::new();
    while !world.finished() {
        world.step_until(world.now_s() + SLICE_S, &mut records);
        records.drain(..).for_each(|record| digest.add(&record));
    }
    row(&world.snapshot(), world.planned_m(), digest.hex())
}

/// What the last picture of a run has to say in the table; which test it was follows from its switches.
#[must_use]
pub fn row(shot: &Snapshot, planned_m: f64, digest: String) -> TestRow {
    let outcome = match (shot.car.arrived_s, shot.car.left_plan) {
        (_, true) => "diverted",
        (Some(_), false) => "planned",
        (None, false) => "stranded",
    };
    TestRow {
        test: 1 + 2 * u32::from(shot.knobs.protected) + u32::from(shot.knobs.attack),
        zap: shot.knobs.protected,
        fake_cpm: shot.knobs.attack,
        outcome: outcome.into(),
        planned_m,
        driven_m: shot.car.driven_m,
        delay_s: shot.car.arrived_s.unwrap_or(shot.t_s),
        cpm_sent: shot.counts.cpm_sent,
        cpm_fake_sent: shot.counts.cpm_fake_sent,
        cpm_fake_accepted: shot.counts.cpm_fake_accepted,
        cpm_rejected: shot.counts.cpm_rejected,
        digest,
    }
}

/// The four tests with one seed; `delay_s` is against test 1.
#[must_use]
pub fn run(scenario: &Scenario, seed: u64) -> Vec<TestRow> {
    let mut rows: Vec<TestRow> = (1..=4).map(|test| run_test(scenario, seed, test)).collect();
    let baseline_s = rows.first().map_or(0.0, |row| row.delay_s);
    rows.iter_mut().for_each(|row| row.delay_s -= baseline_s);
    rows
}
