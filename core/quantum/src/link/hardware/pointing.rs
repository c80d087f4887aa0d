//! Where a pair of terminals points: how long a slew and a scan take, and when the beam counts as lost.

use crate::ground::Rng;
use crate::ground::sample::exponential;
use crate::link::params::ParamError;
use crate::link::params::within;
use serde::{Deserialize, Serialize};
use std::f64::consts::PI;

/// Motors, beacon and the rules of acquisition.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct PointingParams {
    /// Turn from the stowed position to the other roof, degrees, 0 to 360.
    pub slew_deg: f64,
    /// Speed of that turn, degrees a second, 0.01 to 360.
    pub slew_rate_deg_per_s: f64,
    /// Error of the pointing after a slew, one axis, root mean square, milliradians, 0.001 to 100.
    pub slew_error_mrad: f64,
    /// Error of the pointing after a lost beam, one axis, root mean square, milliradians, 0.001 to 100.
    pub lost_error_mrad: f64,
    /// Half-angle of the cone that is scanned, in multiples of that error, 0.5 to 6.
    pub cone_sigmas: f64,
    /// Full divergence of the beacon, milliradians, 0.01 to 100.
    pub beacon_divergence_mrad: f64,
    /// Time at each position of the scan, seconds, 0.0001 to 10: steering, light there and back, detection.
    pub dwell_s: f64,
    /// The beam is lost when the beacon stays below its threshold for so long, seconds, 0.01 to 60.
    pub hold_s: f64,
    /// After a fade the beacon counts as back this far over its threshold, dB, 0 to 20.
    pub regain_db: f64,
    /// Pause before the scan that follows a loss or a scan without success, seconds, 0.1 to 600.
    pub back_off_s: f64,
    /// The pause doubles with each failure up to this, seconds, the shortest pause to 3600.
    pub back_off_max_s: f64,
    /// So many scans without success raise an alarm, 1 to 1000.
    pub alarm_after_scans: u32,
}

impl Default for PointingParams {
    /// A motorised rooftop terminal. Assumed: the trial aimed by hand and published no figures.
    fn default() -> Self {
        Self {
            slew_deg: 90.0,
            slew_rate_deg_per_s: 10.0,
            slew_error_mrad: 2.0,
            lost_error_mrad: 0.3,
            cone_sigmas: 3.0,
            beacon_divergence_mrad: 1.0,
            dwell_s: 0.02,
            hold_s: 0.2,
            regain_db: 1.0,
            back_off_s: 1.0,
            back_off_max_s: 60.0,
            alarm_after_scans: 3,
        }
    }
}

impl PointingParams {
    /// Checks every field.
    ///
    /// # Errors
    /// [`ParamError`] for the first field out of its range.
    pub fn check(&self) -> Result<(), ParamError> {
        within("slew_deg", self.slew_deg, 0.0, 360.0)?;
        within("slew_rate_deg_per_s", self.slew_rate_deg_per_s, 0.01, 360.0)?;
        within("slew_error_mrad", self.slew_error_mrad, 0.001, 100.0)?;
        within("lost_error_mrad", self.lost_error_mrad, 0.001, 100.0)?;
        within("cone_sigmas", self.cone_sigmas, 0.5, 6.0)?;
        within("beacon_divergence_mrad", self.beacon_divergence_mrad, 0.01, 100.0)?;
        within("dwell_s", self.dwell_s, 1e-4, 10.0)?;
        within("hold_s", self.hold_s, 0.01, 60.0)?;
        within("regain_db", self.regain_db, 0.0, 20.0)?;
        within("back_off_s", self.back_off_s, 0.1, 600.0)?;
        within("back_off_max_s", self.back_off_max_s, self.back_off_s, 3_600.0)?;
        within("alarm_after_scans", f64::from(self.alarm_after_scans), 1.0, 1_000.0)
    }

    /// Time of the turn from the stowed position, seconds.
    #[must_use]
    pub fn slew_s(&self) -> f64 {
        self.slew_deg / self.slew_rate_deg_per_s
    }

    /// Positions of a scan of a cone of half-angle `cone_sigmas * error_mrad`: the solid angle of the cone over that
    /// of the beacon (Gagliardi and Karp 1995, section 10.2), times 2 pi / sqrt(27), which circles need to cover a
    /// plane without gaps (Kershner 1939).
    #[must_use]
    pub fn scan_positions(&self, error_mrad: f64) -> f64 {
        let ratio = 2.0 * self.cone_sigmas * error_mrad / self.beacon_divergence_mrad;
        (2.0 * PI / 27f64.sqrt() * ratio * ratio).ceil().max(1.0)
    }

    /// Time of a whole scan, seconds: positions times dwell.
    #[must_use]
    pub fn scan_s(&self, error_mrad: f64) -> f64 {
        self.scan_positions(error_mrad) * self.dwell_s
    }

    /// When a spiral scan from the centre meets the other terminal, seconds after its start; `None` where it lies
    /// outside the cone.
    ///
    /// The error is normal in two axes, so its square over 2 sigma² is exponential; a spiral of constant speed has
    /// swept the share (r / R)² when it is at radius r.
    #[must_use]
    pub fn draw_hit_s(&self, error_mrad: f64, rng: &mut Rng) -> Option<f64> {
        let share = 2.0 * exponential(rng) / (self.cone_sigmas * self.cone_sigmas);
        let positions = self.scan_positions(error_mrad);
        (share < 1.0).then(|| ((share * positions).floor() + 1.0).min(positions) * self.dwell_s)
    }

    /// Probability that a scan misses a terminal that can be seen: exp(-cone_sigmas² / 2).
    #[must_use]
    pub fn miss_probability(&self) -> f64 {
        libm::exp(-0.5 * self.cone_sigmas * self.cone_sigmas)
    }

    /// Pause after so many failures in a row, seconds.
    #[must_use]
    pub fn pause_s(&self, failures: u32) -> f64 {
        // 2^20 times the shortest pause is past the longest one.
        (self.back_off_s * f64::from(1u32 << failures.min(20))).min(self.back_off_max_s)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ground::Streams;

    #[test]
    fn a_scan_takes_the_time_its_formula_says() {
        let p = PointingParams::default();
        assert_eq!(p.check(), Ok(()));
        // A cone of 12 mrad in full, a beacon of 1 mrad: 144 x 1.2092 positions of 20 ms.
        assert_eq!(p.scan_positions(2.0), 175.0);
        assert!((p.scan_s(2.0) - 3.5).abs() < 1e-12);
        assert!((p.slew_s() - 9.0).abs() < 1e-12);
        assert_eq!([0, 1, 5, 6, 40].map(|n| p.pause_s(n)), [1.0, 2.0, 32.0, 60.0, 60.0]);
    }

    #[test]
    fn hits_follow_the_normal_error() {
        let p = PointingParams { cone_sigmas: 2.0, ..PointingParams::default() };
        let mut rng = Streams::new(1).stream("scan");
        let runs = 40_000;
        let (mut misses, mut early) = (0u32, 0u32);
        for _ in 0..runs {
            match p.draw_hit_s(2.0, &mut rng) {
                None => misses += 1,
                Some(t_s) => {
                    assert!(t_s > 0.0 && t_s <= p.scan_s(2.0) + 1e-9);
                    early += u32::from(t_s <= p.scan_s(2.0) / 2.0);
                }
            }
        }
        let near = |count: u32, p: f64| (f64::from(count) / f64::from(runs) - p).abs() < 0.01;
        assert!(near(misses, p.miss_probability()), "{misses}");
        // Half of the scan reaches R² / 2.
        assert!(near(early, 1.0 - libm::exp(-1.0)), "{early}");
    }
}
