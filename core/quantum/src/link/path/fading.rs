//! The channel in time: the fraction of a beam that a receiver collects while the mounts tremble, the beam wanders
//! and the intensity flickers.

use super::beam::{short_term_spot_m, wander_variance_m2};
use super::collection::{Collection, collected_mean};
use super::turbulence::{
    Scintillation, Wave, aperture_number, cell_sizes_m, crossing_time_s, rytov_variance,
};
use crate::ground::Rng;
use crate::ground::sample::{gamma, normal, normal_pair, poisson};

/// What stands between two roofs, as the fading sees it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Path {
    /// Wavelength, nanometres.
    pub wavelength_nm: f64,
    /// Distance, metres; 50 to 2000.
    pub range_m: f64,
    /// Beam waist at the transmitter, 1/e² radius, metres.
    pub waist_m: f64,
    /// Radius of the receiver's aperture, metres.
    pub aperture_radius_m: f64,
    /// Shape of the wave at the receiver.
    pub wave: Wave,
    /// Refractive index structure parameter, m^(-2/3); 0 is still air.
    pub cn2_m23: f64,
    /// Wind across the line of sight, metres a second.
    pub wind_m_per_s: f64,
    /// Pointing error, standard deviation an axis, radians.
    pub pointing_rad: f64,
    /// Correlation time of the pointing error, seconds: of the mounts and what steers them.
    pub pointing_time_s: f64,
}

/// The laws of a fading channel. All processes are stationary with exponential correlation.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Statistics {
    /// 1/e² radius of the beam at the receiver at an instant, metres.
    pub spot_radius_m: f64,
    /// Radius of the receiver's aperture, metres.
    pub aperture_radius_m: f64,
    /// Offset of the beam by pointing errors, standard deviation an axis, metres.
    pub pointing_sigma_m: f64,
    /// Correlation time of the pointing errors, seconds.
    pub pointing_time_s: f64,
    /// Offset of the beam by turbulence, standard deviation an axis, metres.
    pub wander_sigma_m: f64,
    /// Correlation time of the wander, seconds.
    pub wander_time_s: f64,
    /// Law of the intensity.
    pub scintillation: Scintillation,
    /// Correlation time of the large-scale intensity, seconds; that of ln I in the log-normal law.
    pub large_time_s: f64,
    /// Correlation time of the small-scale intensity, seconds.
    pub small_time_s: f64,
}

impl Statistics {
    /// The laws over a path. Times are those in which wind carries the pattern across (Taylor 1938): cells of
    /// intensity, no smaller than the aperture that averages over them, and the beam's diameter for the wander.
    #[must_use]
    pub fn new(path: &Path) -> Self {
        let (nm, range, cn2) = (path.wavelength_nm, path.range_m, path.cn2_m23);
        let d2 = aperture_number(nm, path.aperture_radius_m, range);
        let (large, small) = cell_sizes_m(nm, cn2, range);
        let across = |size_m: f64| crossing_time_s(size_m, path.wind_m_per_s);
        let aperture = 2.0 * path.aperture_radius_m;
        Self {
            spot_radius_m: short_term_spot_m(path.waist_m, nm, cn2, range),
            aperture_radius_m: path.aperture_radius_m,
            pointing_sigma_m: path.pointing_rad * range,
            pointing_time_s: path.pointing_time_s,
            wander_sigma_m: wander_variance_m2(path.waist_m, cn2, range).sqrt(),
            wander_time_s: across(2.0 * path.waist_m),
            scintillation: Scintillation::new(path.wave, rytov_variance(path.wave, nm, cn2, range), d2),
            large_time_s: across(large.max(aperture)),
            small_time_s: across(small.max(aperture)),
        }
    }

    /// Shortest correlation time of what varies, seconds; none where nothing does.
    #[must_use]
    pub fn shortest_time_s(&self) -> Option<f64> {
        let pointing = (self.pointing_sigma_m > 0.0).then_some(self.pointing_time_s);
        let wander = (self.wander_sigma_m > 0.0).then_some(self.wander_time_s);
        let flicker = match self.scintillation {
            Scintillation::Still => None,
            Scintillation::LogNormal { .. } => Some(self.large_time_s),
            Scintillation::GammaGamma { .. } => Some(self.large_time_s.min(self.small_time_s)),
        };
        [pointing, wander, flicker].into_iter().flatten().reduce(f64::min)
    }

    /// Mean fraction collected over a long time, 0 to 1.
    #[must_use]
    pub fn mean(&self) -> f64 {
        let sigma2 =
            self.pointing_sigma_m * self.pointing_sigma_m + self.wander_sigma_m * self.wander_sigma_m;
        collected_mean(self.spot_radius_m, self.aperture_radius_m, sigma2.sqrt())
    }
}

/// A fading channel at an instant.
#[derive(Clone, Debug, PartialEq)]
pub struct Fading {
    statistics: Statistics,
    collection: Collection,
    /// Offsets in standard deviations.
    pointing: (f64, f64),
    wander: (f64, f64),
    /// ln I in the log-normal law, in standard deviations.
    log: f64,
    /// Factors of the gamma-gamma law, of mean 1.
    large: f64,
    small: f64,
    step: Step,
}

/// How far each process forgets in a step; kept, since steps are mostly equal.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Step {
    dt_s: f64,
    pointing: Memory,
    wander: Memory,
    large: Memory,
    small: Memory,
}

/// What is left of a process after a step.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Memory {
    /// Correlation with the value before.
    kept: f64,
    /// 1 - kept, without cancellation.
    lost: f64,
    /// Standard deviation of what a normal process draws anew.
    drawn: f64,
}

impl Memory {
    fn new(dt_s: f64, time_s: f64) -> Self {
        if time_s.is_nan() || time_s <= 0.0 {
            return Self { kept: 0.0, lost: 1.0, drawn: 1.0 };
        }
        let x = dt_s / time_s;
        Self { kept: libm::exp(-x), lost: -libm::expm1(-x), drawn: (-libm::expm1(-2.0 * x)).sqrt() }
    }

    /// A step of the Ornstein-Uhlenbeck process of variance 1, exact for any step (Gillespie 1996).
    fn normal(self, value: f64, fresh: f64) -> f64 {
        self.kept * value + self.drawn * fresh
    }

    /// A step of the gamma process of this shape and mean 1, exact for any step: N is Poisson of mean ρ X/(1 - ρ),
    /// the next X is (1 - ρ) times a gamma of shape a + N. The law stays gamma and the correlation is ρ (Gaver and
    /// Lewis 1980; Gouriéroux and Jasiak 2006).
    fn gamma(self, value: f64, shape: f64, rng: &mut Rng) -> f64 {
        // So short a step moves the value by less than a hundred-thousandth, and its Poisson numbers have no end.
        if self.lost < 1e-10 {
            return value;
        }
        let events = poisson(rng, self.kept * value * shape / self.lost);
        self.lost * gamma(rng, shape + events as f64) / shape
    }
}

impl Step {
    fn new(statistics: &Statistics, dt_s: f64) -> Self {
        Self {
            dt_s,
            pointing: Memory::new(dt_s, statistics.pointing_time_s),
            wander: Memory::new(dt_s, statistics.wander_time_s),
            large: Memory::new(dt_s, statistics.large_time_s),
            small: Memory::new(dt_s, statistics.small_time_s),
        }
    }
}

impl Fading {
    /// A channel that has been fading for long.
    #[must_use]
    pub fn new(statistics: &Statistics, rng: &mut Rng) -> Self {
        let mut fading = Self {
            statistics: *statistics,
            collection: Collection::new(statistics.spot_radius_m, statistics.aperture_radius_m),
            pointing: normal_pair(rng),
            wander: normal_pair(rng),
            log: normal(rng),
            large: 1.0,
            small: 1.0,
            step: Step::new(statistics, 0.0),
        };
        fading.draw_factors(rng);
        fading
    }

    fn draw_factors(&mut self, rng: &mut Rng) {
        if let Scintillation::GammaGamma { alpha, beta } = self.statistics.scintillation {
            self.large = gamma(rng, alpha) / alpha;
            self.small = gamma(rng, beta) / beta;
        }
    }

    /// The laws it follows.
    #[must_use]
    pub fn statistics(&self) -> &Statistics {
        &self.statistics
    }

    /// Goes over to other laws, as when the weather changes. Offsets and intensity go on from where they are, and
    /// take the new laws within their correlation times; only where the law of intensity becomes gamma-gamma are
    /// its factors drawn anew.
    pub fn change(&mut self, statistics: &Statistics, rng: &mut Rng) {
        if *statistics == self.statistics {
            return;
        }
        let was_strong = matches!(self.statistics.scintillation, Scintillation::GammaGamma { .. });
        let (spot, aperture) = (statistics.spot_radius_m, statistics.aperture_radius_m);
        if (spot, aperture) != (self.collection.spot_radius_m(), self.collection.aperture_radius_m()) {
            self.collection = Collection::new(spot, aperture);
        }
        self.statistics = *statistics;
        self.step = Step::new(statistics, self.step.dt_s);
        if !was_strong {
            self.draw_factors(rng);
        }
    }

    /// Goes on by `dt_s` seconds, 0 and up, and gives the fraction then collected, 0 to 1.
    ///
    /// Exact in law for any step, so that the step may be as long as a slot; the fraction is that at its end, no
    /// average over it.
    pub fn advance(&mut self, dt_s: f64, rng: &mut Rng) -> f64 {
        if dt_s > 0.0 {
            if dt_s != self.step.dt_s {
                self.step = Step::new(&self.statistics, dt_s);
            }
            let step = self.step;
            if self.statistics.pointing_sigma_m > 0.0 {
                let (x, y) = normal_pair(rng);
                self.pointing =
                    (step.pointing.normal(self.pointing.0, x), step.pointing.normal(self.pointing.1, y));
            }
            if self.statistics.wander_sigma_m > 0.0 {
                let (x, y) = normal_pair(rng);
                self.wander = (step.wander.normal(self.wander.0, x), step.wander.normal(self.wander.1, y));
            }
            match self.statistics.scintillation {
                Scintillation::Still => {}
                Scintillation::LogNormal { .. } => self.log = step.large.normal(self.log, normal(rng)),
                Scintillation::GammaGamma { alpha, beta } => {
                    self.large = step.large.gamma(self.large, alpha, rng);
                    self.small = step.small.gamma(self.small, beta, rng);
                }
            }
        }
        self.collected()
    }

    /// Fraction collected now, 0 to 1: η + min(η, 1 - η) (I - 1), with η of the displaced beam and I the intensity.
    ///
    /// A beam wider than the aperture gives η I, as usual. Of a narrower one the aperture gains what passes it by
    /// loses, since turbulence takes no light away: the smaller of both shares flickers by I, the other by as much
    /// against it. Capping η I at 1 instead would cost a 300 m link at noon 5 % of its light. What is left to cap is
    /// I above 2.
    #[must_use]
    pub fn collected(&self) -> f64 {
        let eta = self.collection.at(self.offset_m());
        (eta + eta.min(1.0 - eta) * (self.intensity() - 1.0)).clamp(0.0, 1.0)
    }

    /// Distance of the beam's centre from the aperture's axis, metres.
    #[must_use]
    pub fn offset_m(&self) -> f64 {
        let s = &self.statistics;
        let x = s.pointing_sigma_m * self.pointing.0 + s.wander_sigma_m * self.wander.0;
        let y = s.pointing_sigma_m * self.pointing.1 + s.wander_sigma_m * self.wander.1;
        (x * x + y * y).sqrt()
    }

    /// Intensity in units of its mean, 0 and up.
    #[must_use]
    pub fn intensity(&self) -> f64 {
        match self.statistics.scintillation {
            Scintillation::Still => 1.0,
            Scintillation::LogNormal { variance } => libm::exp(variance.sqrt() * self.log - 0.5 * variance),
            Scintillation::GammaGamma { .. } => self.large * self.small,
        }
    }
}

#[cfg(test)]
#[path = "fading_tests.rs"]
mod tests;
