//! Table 2 of Fowler, Maple and Epiphaniou, "A Practical Implementation of Quantum-Derived Keys for Secure
//! Vehicle-to-Infrastructure Communications", Vehicles 2023, 5, 1586: the same drive four times, with the
//! protection off and on, without and with faked CPMs.

use super::{Agreement, Axis, Claim, Curve, CurveKind, Plot, Report, Table};
use crate::sim::snapshot::{Knobs, Snapshot, TestRow};
use crate::sim::trace::Digest;
use crate::sim::{Scenario, World};

/// Name of the study.
pub const ID: &str = "table2";

/// How far a run advances between two looks at whether it is over, seconds of simulated time.
const SLICE_S: f64 = 10.0;
/// How often the plot takes a point, seconds of simulated time.
const SAMPLE_S: f64 = 1.0;
/// Section 6.1: "a 2-kilometre campus test route"; the paper rounds, so within 100 m counts as the same.
const ROUTE_M: f64 = 2_000.0;
const ROUTE_TOLERANCE_M: f64 = 100.0;

/// The switches of test `test` (1 to 4): protection in tests 3 and 4, faked CPMs in tests 2 and 4.
#[must_use]
pub fn knobs(scenario: &Scenario, test: u32) -> Knobs {
    Knobs { protected: test >= 3, attack: test.is_multiple_of(2), ..scenario.knobs() }
}

/// One test run to its end. `delay_s` is the arrival time here: [`run`] takes test 1's from it.
#[must_use]
pub fn run_test(scenario: &Scenario, seed: u64, test: u32) -> TestRow {
    drive(scenario, seed, test, SLICE_S, &mut |_| ())
}

/// One test run to its end, looked at after each slice of simulated time. How the time is cut changes nothing.
fn drive(scenario: &Scenario, seed: u64, test: u32, slice_s: f64, look: &mut dyn FnMut(&World)) -> TestRow {
    let mut world = World::new(scenario, seed, knobs(scenario, test));
    let mut digest = Digest::default();
    let mut records = Vec::new();
    while !world.finished() {
        world.step_until(world.now_s() + slice_s, &mut records);
        records.drain(..).for_each(|record| digest.add(&record));
        look(&world);
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
    against_first(&mut rows);
    rows
}

/// Takes test 1's arrival from every arrival.
fn against_first(rows: &mut [TestRow]) {
    let baseline_s = rows.first().map_or(0.0, |row| row.delay_s);
    rows.iter_mut().for_each(|row| row.delay_s -= baseline_s);
}

/// The study: each of the four worlds is run once, and looked at once a simulated second.
pub(super) fn report(scenario: &Scenario, seed: u64, progress: &mut dyn FnMut(f64)) -> Report {
    let mut rows = Vec::new();
    let mut lines = Vec::new();
    for test in 1..=4u32 {
        let mut points = vec![(0.0, 0.0)];
        let row = drive(scenario, seed, test, SAMPLE_S, &mut |world| {
            let car = world.snapshot().car;
            points.push((car.arrived_s.unwrap_or(world.now_s()), car.driven_m));
            // A run ends when the car arrives or when the time is up, whichever is first.
            let share = (car.driven_m / world.planned_m()).max(world.now_s() / scenario.until_s()).min(1.0);
            progress((f64::from(test - 1) + share) / 4.0);
        });
        rows.push(row);
        lines.push(Curve {
            name: format!("test {test}: {}", conditions(test)),
            kind: CurveKind::Line,
            points,
        });
    }
    against_first(&mut rows);
    let mut claims: Vec<Claim> = rows.iter().map(|row| outcome_claim(row, &rows[0])).collect();
    claims.push(route_claim(&rows[0]));
    Report {
        study: ID.into(),
        seed,
        claims,
        tables: vec![table(&rows)],
        plots: vec![Plot {
            title: "Distance driven".into(),
            x: Axis::new("time since the start", "s"),
            y: Axis::new("distance driven", "m"),
            lines,
        }],
    }
}

/// What is switched on in a test, in words.
fn conditions(test: u32) -> String {
    let (protection, messages) =
        (if test >= 3 { "protected" } else { "unprotected" }, test.is_multiple_of(2));
    format!("{protection}, {}", if messages { "faked CPMs" } else { "no faked CPMs" })
}

/// A row against the paper's outcome, in its words.
fn outcome_claim(row: &TestRow, first: &TestRow) -> Claim {
    let kept = row.outcome == "planned" && row.cpm_fake_accepted == 0;
    let (paper, same, why) = match row.test {
        1 => ("Unsecured normal V2I operation", kept && row.cpm_fake_sent == 0, ""),
        2 => (
            "Driver influenced by faked CPMs",
            row.outcome == "diverted" && row.cpm_fake_accepted > 0,
            "The paper gives no length and no time for the way back round the one-way system.",
        ),
        3 => ("Secured normal V2I operation", kept && row.cpm_fake_sent == 0, ""),
        _ => (
            "Secure V2I no faked CPMs seen",
            kept && row.cpm_fake_sent > 0,
            "Faked CPMs that are heard carry no valid tag and are dropped before anyone sees them.",
        ),
    };
    let way = match row.outcome.as_str() {
        "planned" => "kept to the planned way",
        "diverted" => "left the planned way",
        _ => "did not arrive",
    };
    let ours = format!(
        "{way}: {:+.0} m and {:+.1} s against test 1; faked CPMs believed {} of {} sent",
        row.driven_m - first.driven_m,
        row.delay_s,
        row.cpm_fake_accepted,
        row.cpm_fake_sent
    );
    Claim {
        source: format!("Table 2, test {}", row.test),
        what: conditions(row.test),
        paper: paper.into(),
        ours,
        agrees: Agreement::of(same),
        why: why.into(),
    }
}

/// The length of the undisturbed drive.
fn route_claim(first: &TestRow) -> Claim {
    Claim {
        source: "Section 6.1".into(),
        what: "length of the test route".into(),
        paper: "2 km".into(),
        ours: format!("{:.0} m driven in test 1", first.driven_m),
        agrees: Agreement::of((first.driven_m - ROUTE_M).abs() <= ROUTE_TOLERANCE_M),
        why: "The paper gives whole kilometres; within 100 m counts as the same.".into(),
    }
}

fn table(rows: &[TestRow]) -> Table {
    let columns = [
        "test",
        "protection",
        "faked CPMs",
        "outcome",
        "driven, m",
        "later than test 1, s",
        "faked CPMs sent",
        "faked CPMs believed",
        "receptions dropped",
    ];
    let cells = |row: &TestRow| {
        vec![
            row.test.to_string(),
            if row.zap { "on" } else { "off" }.into(),
            if row.fake_cpm { "yes" } else { "no" }.into(),
            row.outcome.clone(),
            format!("{:.0}", row.driven_m),
            format!("{:+.1}", row.delay_s),
            row.cpm_fake_sent.to_string(),
            row.cpm_fake_accepted.to_string(),
            row.cpm_rejected.to_string(),
        ]
    };
    Table {
        title: "The four tests".into(),
        columns: columns.map(String::from).to_vec(),
        rows: rows.iter().map(cells).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drove(test: u32, outcome: &str, believed: u32) -> TestRow {
        let shot = Snapshot {
            knobs: Knobs { protected: test >= 3, attack: test.is_multiple_of(2), ..Knobs::default() },
            ..Snapshot::default()
        };
        let sent = if test.is_multiple_of(2) { 9 } else { 0 };
        TestRow {
            outcome: outcome.into(),
            cpm_fake_sent: sent,
            cpm_fake_accepted: believed,
            driven_m: 2_000.0,
            ..row(&shot, 2_000.0, String::new())
        }
    }

    #[test]
    fn a_claim_agrees_only_with_the_outcome_that_the_paper_saw() {
        for test in 1..=4 {
            for (outcome, believed) in
                [("planned", 0), ("planned", 2), ("diverted", 0), ("diverted", 2), ("stranded", 0)]
            {
                let row = drove(test, outcome, believed);
                let expected = if test == 2 { ("diverted", 2) } else { ("planned", 0) };
                assert_eq!(
                    outcome_claim(&row, &row).agrees,
                    Agreement::of((outcome, believed) == expected),
                    "test {test}, {outcome}, {believed} believed"
                );
            }
        }
        let long = TestRow { driven_m: 2_101.0, ..drove(1, "planned", 0) };
        assert_eq!(route_claim(&long).agrees, Agreement::Differs);
    }
}
