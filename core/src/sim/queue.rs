//! The clock and the event queue: tasks in order of time, and in order of their entry where times are equal.

use crate::ground::SimTime;
use std::collections::BTreeMap;

/// A queue of tasks. The order is total, so a run does not depend on anything but its inputs.
#[derive(Clone, Debug)]
pub struct Queue<T> {
    tasks: BTreeMap<(SimTime, u64), T>,
    entered: u64,
}

impl<T> Default for Queue<T> {
    fn default() -> Self {
        Self { tasks: BTreeMap::new(), entered: 0 }
    }
}

impl<T> Queue<T> {
    /// Enters a task. O(log n).
    pub fn push(&mut self, at: SimTime, task: T) {
        self.tasks.insert((at, self.entered), task);
        self.entered += 1;
    }

    /// Takes the first task that is due at or before `until`. O(log n).
    pub fn pop_due(&mut self, until: SimTime) -> Option<(SimTime, T)> {
        let first = self.tasks.first_entry()?;
        if first.key().0 > until {
            return None;
        }
        let ((at, _), task) = first.remove_entry();
        Some((at, task))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tasks_come_in_order_of_time_and_entry() {
        let mut queue = Queue::default();
        queue.push(SimTime(5), 'c');
        queue.push(SimTime(1), 'a');
        queue.push(SimTime(5), 'd');
        queue.push(SimTime(3), 'b');
        let mut seen = Vec::new();
        while let Some((_, task)) = queue.pop_due(SimTime(5)) {
            seen.push(task);
        }
        assert_eq!(seen, ['a', 'b', 'c', 'd']);
        queue.push(SimTime(9), 'e');
        assert!(queue.pop_due(SimTime(8)).is_none());
    }
}
