//! What to send so that a block gives the longest key: intensities, their probabilities, and how often each basis is taken.
//!
//! Every choice is a point of a space without edges, through the logistic function. A coarse scan finds where there is a
//! key at all; from the best point of each intensity of it a simplex climbs (Nelder and Mead, Comput. J. 7, 308, 1965;
//! with the coefficients for several dimensions of Gao and Han, Comput. Optim. Appl. 51, 259, 2012), and again from the
//! best of these, with a fresh simplex. Nothing is drawn at random: the same block gives the same bits.

use super::block::{Block, Bound, Choice, ParameterError, of_single_photon, range};
use super::statistics::KeyLength;
use crate::distill::asymptotic::SinglePhotonSource;
use crate::ground::order::sort_few;

/// The best choice and what it gives.
#[derive(Clone, Debug, PartialEq)]
pub struct Best {
    /// What to send.
    pub choice: Choice,
    /// The key it gives.
    pub key: KeyLength,
}

/// Strongest signal that is tried.
const MOST_PHOTONS: f64 = 2.0;
/// A signal is stronger than twice the weakest decoy by at least this.
const LEAST_PHOTONS: f64 = 1e-3;
/// Dimmest single-photon source that is tried. It has to be as dim as twice the transmittance over g2 for any photon to
/// arrive that is not tagged, so that its brightness is searched in ratios.
const LEAST_BRIGHT: f64 = 1e-6;
/// How far a coordinate goes: to probabilities of 1e-6 and 1 - 1e-6.
const EDGE: f64 = 13.8;
/// The most choices there are: signal, decoy, basis, and two probabilities.
const DIMENSIONS: usize = 5;

/// Coordinates: signal, basis, decoy, probability of the signal, the stronger decoy's share of the rest. Fewer
/// intensities leave the last ones out.
type Point = [f64; DIMENSIONS];

/// What the coarse scan tries, coordinate by coordinate, as shares of what each may be.
const SCAN: [&[f64]; DIMENSIONS] = [
    &[0.1, 0.18, 0.25, 0.35, 0.5],
    &[0.5, 0.7, 0.85, 0.93, 0.98],
    &[0.05, 0.12, 0.2, 0.3, 0.45],
    &[0.1, 0.3, 0.5, 0.7, 0.9],
    &[0.25, 0.5, 0.75, 0.9],
];

/// The same for the brightness of a single-photon source.
const SCAN_BRIGHT: &[f64] = &[0.2, 0.35, 0.45, 0.55, 0.65, 0.75, 0.85, 0.92, 0.98];

impl Block {
    /// The choice with the longest key, with the weakest of three intensities held at `mu3` (0, or what a modulator lets
    /// through, such as 2e-4; 0 to 0.1; of no effect on fewer intensities). Nothing where no choice gives a key. Of a
    /// single-photon source the brightness is a choice too, up to 1: attenuated, it loses photons, but pairs faster.
    ///
    /// # Errors
    /// [`ParameterError`] names what is out of its range; [`Bound::Asymptotic`] has no best choice.
    pub fn best(&self, mu3: f64) -> Result<Option<Best>, ParameterError> {
        self.check()?;
        range("mu3", mu3, (0.0..=0.1).contains(&mu3), "0 to 0.1")?;
        if self.bound == Bound::Asymptotic {
            return Err(ParameterError::Endless);
        }
        let space = Space { block: self, mu3: if self.bound.intensities() == 3 { mu3 } else { 0.0 } };
        let point = space.highest();
        let key = space.key(&point);
        Ok((key.length > 0.0).then(|| Best { choice: space.choice(&point), key }))
    }
}

struct Space<'a> {
    block: &'a Block,
    mu3: f64,
}

impl Space<'_> {
    fn dimensions(&self) -> usize {
        match self.block.bound.intensities() {
            3 => 5,
            2 => 4,
            _ => 2,
        }
    }

    /// Signal, decoy, weakest; their probabilities; the basis.
    fn values(&self, at: &Point) -> ([f64; 3], [f64; 3], f64) {
        // The brightest source there is has to be within reach, not only in the limit.
        let signal = (share(at[0]) * (1.0 + 2e-6)).min(1.0);
        let mu1 = if self.block.bound.intensities() == 1 {
            libm::pow(LEAST_BRIGHT, 1.0 - signal)
        } else {
            let least = 2.0 * self.mu3 + LEAST_PHOTONS;
            least + (MOST_PHOTONS - least) * signal
        };
        let mu2 = self.mu3 + (mu1 - 2.0 * self.mu3) * share(at[2]);
        let (p1, rest) = (share(at[3]), share(-at[3]));
        ([mu1, mu2, self.mu3], [p1, rest * share(at[4]), rest * share(-at[4])], share(at[1]))
    }

    fn choice(&self, at: &Point) -> Choice {
        let ([mu1, mu2, mu3], [p1, p2, p3], p_x) = self.values(at);
        let (mu, p) = match self.block.bound.intensities() {
            3 => (vec![mu1, mu2, mu3], vec![p1, p2, p3]),
            2 => (vec![mu1, mu2], vec![p1, p2 + p3]),
            _ => (vec![mu1], vec![1.0]),
        };
        Choice { mu, p, p_x }
    }

    fn key(&self, at: &Point) -> KeyLength {
        let (mu, p, p_x) = self.values(at);
        match self.block.bound {
            Bound::Lim2014 | Bound::Asymptotic => {
                self.block.of_two_decoys(&self.block.two_decoys(mu, p, p_x))
            }
            Bound::Rusca2018 | Bound::Wiesemann2024 => {
                self.block.of_one_decoy(&self.block.one_decoy([mu[0], mu[1]], [p[0], p[1] + p[2]], p_x))
            }
            Bound::Tomamichel2012 { g2 } => {
                let source = SinglePhotonSource { mean_photons: mu[0], g2 };
                of_single_photon(&self.block.single_photon(&source, p_x))
            }
        }
    }

    /// What is climbed: the length, and where the bound says nothing a slope towards where it says something.
    fn merit(&self, at: &Point) -> f64 {
        let key = self.key(at);
        // More than any key falls short by.
        let far = 10.0 * self.block.pulses + 1e4;
        if key.phi < 0.5 {
            key.length
        } else if key.s_x1 > 0.0 && key.s_z1 > 0.0 {
            -far * (1.0 + (key.v_z1 / key.s_z1).min(1e3))
        } else {
            -far * 2e3 + 0f64.min(key.s_x1).max(-far) + 0f64.min(key.s_z1).max(-far)
        }
    }

    fn highest(&self) -> Point {
        let n = self.dimensions();
        let mut best = (f64::NEG_INFINITY, [0.0; DIMENSIONS]);
        let keep = |found: (f64, Point), best: &mut (f64, Point)| {
            if found.0 > best.0 {
                *best = found;
            }
        };
        let signals = if self.block.bound.intensities() == 1 { SCAN_BRIGHT } else { SCAN[0] };
        for &signal in signals {
            keep(self.climb(self.scan(signal), 0.5, 200 * n), &mut best);
        }
        for step in [0.3, 0.05, 0.3, 0.05] {
            keep(self.climb(best.1, step, 400 * n), &mut best);
        }
        best.1
    }

    /// The best point of the coarse scan with this signal.
    fn scan(&self, signal: f64) -> Point {
        let n = self.dimensions();
        let mut index = [0; DIMENSIONS];
        let mut best = (f64::NEG_INFINITY, [0.0; DIMENSIONS]);
        loop {
            let mut at: Point = std::array::from_fn(|d| coordinate(SCAN[d][index[d]]));
            at[0] = coordinate(signal);
            let merit = self.merit(&at);
            if merit > best.0 {
                best = (merit, at);
            }
            // Counts through all the others; the signal's own place overflows at the end.
            let mut d = n - 1;
            while d > 0 && index[d] + 1 == SCAN[d].len() {
                index[d] = 0;
                d -= 1;
            }
            if d == 0 {
                return best.1;
            }
            index[d] += 1;
        }
    }

    /// Climbs from `start` with a simplex of this size, at most so many looks.
    fn climb(&self, start: Point, step: f64, most: usize) -> (f64, Point) {
        let n = self.dimensions();
        let dims = n as f64;
        let (expand, contract, shrink) = (1.0 + 2.0 / dims, 0.75 - 0.5 / dims, 1.0 - 1.0 / dims);
        let seen = |at: Point| {
            let at = at.map(|x| x.clamp(-EDGE, EDGE));
            (self.merit(&at), at)
        };
        let mut corners: Vec<(f64, Point)> = (0..=n)
            .map(|corner| seen(std::array::from_fn(|d| start[d] + if d + 1 == corner { step } else { 0.0 })))
            .collect();
        let mut looks = corners.len();
        loop {
            // Highest first; equals keep their order.
            sort_few(&mut corners, |a, b| b.0.total_cmp(&a.0));
            let (top, worst, second) = (corners[0], corners[n], corners[n - 1]);
            let size = (0..n).map(|d| (worst.1[d] - top.1[d]).abs()).fold(0.0, f64::max);
            if looks >= most || size < 1e-9 || top.0 - worst.0 <= 1e-15 * top.0.abs() {
                return top;
            }
            let middle: Point =
                std::array::from_fn(|d| corners[..n].iter().map(|corner| corner.1[d]).sum::<f64>() / dims);
            let towards = |t: f64| seen(std::array::from_fn(|d| middle[d] + t * (middle[d] - worst.1[d])));
            let reflected = towards(1.0);
            // What is tried in its place, and what it has to be above.
            let (next, bar) = if reflected.0 > top.0 {
                let further = towards(expand);
                (if further.0 > reflected.0 { further } else { reflected }, top.0)
            } else if reflected.0 > second.0 {
                (reflected, second.0)
            } else if reflected.0 > worst.0 {
                (towards(contract), reflected.0)
            } else {
                (towards(-contract), worst.0)
            };
            looks += 2;
            if next.0 > bar {
                corners[n] = next;
                continue;
            }
            for corner in &mut corners[1..] {
                *corner = seen(std::array::from_fn(|d| top.1[d] + shrink * (corner.1[d] - top.1[d])));
            }
            looks += n;
        }
    }
}

/// The logistic function: a coordinate's share of what it may be, 0 to 1.
fn share(x: f64) -> f64 {
    1.0 / (1.0 + libm::exp(-x))
}

/// Its inverse.
fn coordinate(share: f64) -> f64 {
    libm::log(share / (1.0 - share))
}
