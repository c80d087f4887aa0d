//! Worlds that stood at earlier times of a run, to go back to.

use keyway_core::sim::World;

/// Simulated times nearer than this are the same.
pub(super) const EPS_S: f64 = 1e-6;
/// Checkpoints are made this far apart, simulated seconds.
const CHECKPOINT_S: f64 = 5.0;
/// So many are kept of a run, however long it is.
const MOST: usize = 24;

/// A run's checkpoints: close together where they are new, further apart the older they are.
pub(super) struct Checkpoints {
    /// Time, seconds, and the world at it, in order of time; the first stands at 0.
    all: Vec<(f64, World)>,
}

impl Checkpoints {
    /// Those of a run that begins with this world.
    pub fn new(world: &World) -> Self {
        Self { all: vec![(0.0, world.clone())] }
    }

    /// The last at this time or before it.
    pub fn before(&self, t_s: f64) -> Option<(f64, &World)> {
        self.all.iter().rfind(|(at_s, _)| *at_s <= t_s + EPS_S).map(|(at_s, world)| (*at_s, world))
    }

    /// What stood at this time or later is no more; the beginning stays.
    pub fn forget_from(&mut self, t_s: f64) {
        self.all.retain(|(at_s, _)| *at_s == 0.0 || *at_s < t_s - EPS_S);
    }

    /// Keeps a world, where the last is old enough.
    pub fn keep(&mut self, t_s: f64, world: &World) {
        let last_s = self.all.last().map_or(0.0, |(at_s, _)| *at_s);
        if t_s < last_s + CHECKPOINT_S - EPS_S {
            return;
        }
        self.all.push((t_s, world.clone()));
        if self.all.len() > MOST {
            let times: Vec<f64> = self.all.iter().map(|(at_s, _)| *at_s).collect();
            self.all.remove(least_missed(&times));
        }
    }
}

/// Of more than two times in order, the one that is missed least: without it, the gap is narrowest for its age. It grows
/// with the root of the age, so that half of what is far back is not given up for what is near. The first and the last
/// stay.
fn least_missed(times: &[f64]) -> usize {
    let newest = times.last().copied().unwrap_or(0.0);
    let gap = |w: &[f64]| (w[2] - w[0]) / libm::sqrt(newest - w[0]);
    let gaps = times.windows(3).map(gap).enumerate();
    gaps.min_by(|a, b| a.1.total_cmp(&b.1)).map_or(0, |(i, _)| i) + 1
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The times that are kept of a run, as it goes on.
    fn kept(until_s: f64, mut look: impl FnMut(&[f64])) {
        let mut times = vec![0.0];
        while times[times.len() - 1] < until_s {
            times.push(times[times.len() - 1] + CHECKPOINT_S);
            if times.len() > MOST {
                times.remove(least_missed(&times));
            }
            look(&times);
        }
    }

    #[test]
    fn checkpoints_are_never_more_and_reach_back_to_the_beginning() {
        kept(36_000.0, |times| {
            let newest = times[times.len() - 1];
            assert!(times.len() <= MOST && times[0] == 0.0);
            // The wider gaps are the older ones, and none is much wider than its share.
            for w in times.windows(2) {
                let share_s = 3.5 * libm::sqrt((newest - w[0]) * newest) / MOST as f64;
                assert!(w[1] - w[0] <= share_s + 2.0 * CHECKPOINT_S, "{w:?} at {newest} s: {share_s}");
            }
        });
    }

    #[test]
    fn no_jump_within_forty_minutes_has_far_to_go() {
        let mut widest: f64 = 0.0;
        kept(2_400.0, |times| widest = times.windows(2).map(|w| w[1] - w[0]).fold(widest, f64::max));
        // A worker steps more than a hundred seconds in one.
        assert!(widest <= 240.0, "{widest} s");
    }
}
