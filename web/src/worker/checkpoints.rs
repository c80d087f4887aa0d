//! Worlds that stood at earlier times of a run, to go back to.

use keyway_core::sim::World;

/// Simulated times nearer than this are the same.
pub(super) const EPS_S: f64 = 1e-6;
/// The newest checkpoints lie this far apart, simulated seconds.
const CHECKPOINT_S: f64 = 5.0;
/// So many checkpoints of each spacing are kept before every other of them goes.
const OF_EACH: usize = 12;

/// A run's checkpoints: close together where they are new, twice as far apart with each age.
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
        thin(&mut self.all, |(at_s, _)| *at_s);
    }
}

/// Of checkpoints in order of time: within each spacing (5 s, 10 s, 20 s …), counted from the newest, at most
/// [`OF_EACH`] stay before the older half is thinned to the next spacing. The first stays.
fn thin<T>(all: &mut Vec<T>, at: impl Fn(&T) -> f64) {
    let newest = all.last().map_or(0.0, &at);
    let mut kept_s = f64::NEG_INFINITY;
    all.retain(|c| {
        let t = at(c);
        let age = (newest - t) / CHECKPOINT_S;
        // 1 for the newest OF_EACH, 2 for the next 2 * OF_EACH, and so on.
        let level = libm::floor(libm::log2(age / OF_EACH as f64 + 1.0));
        let spacing = CHECKPOINT_S * libm::exp2(level);
        // On the grid of its spacing: what is thinned once stays thinned alike.
        let on_grid = (t / spacing - libm::round(t / spacing)).abs() < 0.02;
        let keep = t == 0.0 || t == newest || on_grid || t - kept_s > spacing * 1.5;
        if keep {
            kept_s = t;
        }
        keep
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn checkpoints_thin_out_with_age_and_never_run_out() {
        let mut times = Vec::new();
        for i in 0..10_000 {
            times.push(f64::from(i) * CHECKPOINT_S);
            thin(&mut times, |t| *t);
        }
        assert!(times.len() < 24 * 12, "{}", times.len());
        assert_eq!(times[0], 0.0);
        let gaps: Vec<f64> = times.windows(2).map(|w| w[1] - w[0]).collect();
        assert!(gaps[gaps.len() - 10..].iter().all(|g| *g == CHECKPOINT_S));
        // No gap is wider than twice what its age allows.
        for (w, gap) in times.windows(2).zip(&gaps) {
            let age = (times[times.len() - 1] - w[0]) / CHECKPOINT_S;
            assert!(*gap <= 4.0 * CHECKPOINT_S * (age / OF_EACH as f64 + 1.0), "{gap} at age {age}");
        }
    }
}
