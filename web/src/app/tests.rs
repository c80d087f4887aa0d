//! The four tests as the page knows them: run all at once by their own worker, or one at a time by watching.

use keyway_core::sim::snapshot::{Scene, Snapshot, TestRow};

/// Rows 1 to 4, each once it is known. `delay_s` of a row is its time of arrival.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Tests {
    pub rows: [Option<TestRow>; 4],
    /// Tests still to come from the worker.
    pub running: u32,
}

impl Tests {
    /// Puts a row in its place.
    pub fn put(&mut self, row: TestRow) {
        let place = (row.test as usize).wrapping_sub(1);
        if let Some(slot) = self.rows.get_mut(place) {
            *slot = Some(row);
        }
    }

    /// Seconds that a row arrived later than test 1, where both are known and arrived.
    pub fn delay_s(&self, row: &TestRow) -> Option<f64> {
        let first = self.rows[0].as_ref().filter(|_| row.outcome != "stranded")?;
        (first.outcome != "stranded").then_some(row.delay_s - first.delay_s)
    }

    /// Number of the test with these switches.
    pub fn number(protected: bool, attack: bool) -> u32 {
        1 + 2 * u32::from(protected) + u32::from(attack)
    }
}

/// The row that a finished run on the screen amounts to. It has no digest: the page sees pictures, not the events.
pub fn row_of(scene: &Scene, shot: &Snapshot) -> TestRow {
    let outcome = match (shot.car.arrived_s, shot.car.left_plan) {
        (_, true) => "diverted",
        (Some(_), false) => "planned",
        (None, false) => "stranded",
    };
    TestRow {
        test: Tests::number(shot.knobs.protected, shot.knobs.attack),
        zap: shot.knobs.protected,
        fake_cpm: shot.knobs.attack,
        outcome: outcome.into(),
        planned_m: scene.planned_m,
        driven_m: shot.car.driven_m,
        delay_s: shot.car.arrived_s.unwrap_or(shot.t_s),
        cpm_sent: shot.counts.cpm_sent,
        cpm_fake_sent: shot.counts.cpm_fake_sent,
        cpm_fake_accepted: shot.counts.cpm_fake_accepted,
        cpm_rejected: shot.counts.cpm_rejected,
        digest: String::new(),
    }
}
