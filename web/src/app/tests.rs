//! The four tests as the page knows them: run all at once by their own worker, or one at a time by watching.

use keyway_core::sim::snapshot::TestRow;

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
}
