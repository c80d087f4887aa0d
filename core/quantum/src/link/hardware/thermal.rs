//! The law of an emitter's temperature between two inputs.
//!
//! One heat capacity between its own heat, the air and a thermo-electric cooler:
//!
//! ```text
//! C dT/dt = P_emission + G (T_air - T) - Q,    -Q_heat <= Q <= Q_max (1 - (T_hot - T) / dT_max)
//! ```
//!
//! The right limit is a cooler's load line at its rated current: full heat flow without a difference of temperature,
//! none at the largest difference (Goldsmid 2010, chapter 2, in the linear form of data sheets). The controller asks
//! for the rate `-k (T - T_set)`, never faster than the rated ramp, and never asks the cooler for more than its limit.
//! Each piece of this is linear in T, so the course of the temperature is exponentials joined end to end, and the
//! time of every crossing is known exactly: nothing is stepped. The right side falls with T, so T is monotone
//! between two inputs.

use crate::link::params::ParamError;
use crate::link::params::within;
use serde::{Deserialize, Serialize};

/// Emitter, cooler and the limits they are kept in.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct EmitterParams {
    /// Temperature that the controller holds, degrees Celsius, between the interlock's two.
    pub set_point_c: f64,
    /// The source counts as stable within this distance of the set point, kelvin, 0.001 to half the way to the interlock.
    pub tolerance_k: f64,
    /// Lowest temperature at which it may emit, degrees Celsius, -60 to 80.
    pub rated_min_c: f64,
    /// Highest temperature at which it may emit, degrees Celsius, 1 K above the lowest to 120.
    pub rated_max_c: f64,
    /// The interlock stops emission this far inside the rated range, kelvin, 0.01 to 0.45 of its width.
    pub interlock_margin_k: f64,
    /// Time within tolerance before it may emit, seconds, 0.5 to 3600.
    pub settle_s: f64,
    /// Heat of emission, watts, 0 to 100.
    pub emission_heat_w: f64,
    /// Heat capacity of what is cooled, joules a kelvin, 0.01 to 100 000.
    pub heat_capacity_j_per_k: f64,
    /// Heat flow from the air, watts a kelvin, 0.0001 to 100.
    pub air_coupling_w_per_k: f64,
    /// Heat that the cooler moves at its rated current without a difference of temperature, watts, 0 to 1000.
    pub cooler_max_w: f64,
    /// Difference of temperature at which it moves none, kelvin, 10 to 150; 60 to 70 for one stage of bismuth
    /// telluride.
    pub cooler_max_difference_k: f64,
    /// The cooler's hot side over the air, kelvin, 0 to 60.
    pub hot_side_rise_k: f64,
    /// Heat that the cooler gives when it runs in reverse, watts, 0 to 1000.
    pub heater_max_w: f64,
    /// Rate of the controller, one over seconds, 0.001 to 10.
    pub control_rate_per_s: f64,
    /// Fastest change of temperature that the controller asks for, kelvin a second, 0.001 to 10.
    pub ramp_max_k_per_s: f64,
}

impl Default for EmitterParams {
    /// A cooled laser diode package of a few cubic centimetres. Assumed: the trial published no figures.
    fn default() -> Self {
        Self {
            set_point_c: 25.0,
            tolerance_k: 0.2,
            rated_min_c: 15.0,
            rated_max_c: 35.0,
            interlock_margin_k: 2.0,
            settle_s: 20.0,
            emission_heat_w: 0.3,
            heat_capacity_j_per_k: 8.0,
            air_coupling_w_per_k: 0.02,
            cooler_max_w: 2.0,
            cooler_max_difference_k: 67.0,
            hot_side_rise_k: 10.0,
            heater_max_w: 1.5,
            control_rate_per_s: 0.2,
            ramp_max_k_per_s: 0.2,
        }
    }
}

impl EmitterParams {
    /// Checks every field.
    ///
    /// # Errors
    /// [`ParamError`] for the first field out of its range.
    pub fn check(&self) -> Result<(), ParamError> {
        within("rated_min_c", self.rated_min_c, -60.0, 80.0)?;
        within("rated_max_c", self.rated_max_c, self.rated_min_c + 1.0, 120.0)?;
        let half = (self.rated_max_c - self.rated_min_c) / 2.0;
        within("interlock_margin_k", self.interlock_margin_k, 0.01, half * 0.9)?;
        let (low, high) = self.interlock_c();
        within("set_point_c", self.set_point_c, low, high)?;
        let room = (high - self.set_point_c).min(self.set_point_c - low);
        within("tolerance_k", self.tolerance_k, 0.001, room / 2.0)?;
        within("settle_s", self.settle_s, 0.5, 3_600.0)?;
        within("emission_heat_w", self.emission_heat_w, 0.0, 100.0)?;
        within("heat_capacity_j_per_k", self.heat_capacity_j_per_k, 0.01, 1e5)?;
        within("air_coupling_w_per_k", self.air_coupling_w_per_k, 1e-4, 100.0)?;
        within("cooler_max_w", self.cooler_max_w, 0.0, 1e3)?;
        within("cooler_max_difference_k", self.cooler_max_difference_k, 10.0, 150.0)?;
        within("hot_side_rise_k", self.hot_side_rise_k, 0.0, 60.0)?;
        within("heater_max_w", self.heater_max_w, 0.0, 1e3)?;
        within("control_rate_per_s", self.control_rate_per_s, 1e-3, 10.0)?;
        within("ramp_max_k_per_s", self.ramp_max_k_per_s, 1e-3, 10.0)
    }

    /// The temperatures at which the interlock stops emission, degrees Celsius.
    #[must_use]
    pub fn interlock_c(&self) -> (f64, f64) {
        (self.rated_min_c + self.interlock_margin_k, self.rated_max_c - self.interlock_margin_k)
    }
}

/// A rate of change that is linear in the temperature: `a + b T`, kelvin a second.
#[derive(Clone, Copy)]
struct Rate {
    a: f64,
    b: f64,
}

impl Rate {
    fn at(self, t_c: f64) -> f64 {
        self.a + self.b * t_c
    }

    /// Where two rates are equal; not a number or infinite where they are parallel.
    fn meets(self, other: Self) -> f64 {
        (other.a - self.a) / (self.b - other.b)
    }

    /// The temperature after `dt_s`, and the time until `target_c`, for a motion that stays on this rate.
    fn after(self, t_c: f64, dt_s: f64) -> f64 {
        t_c + self.at(t_c) * if self.b == 0.0 { dt_s } else { libm::expm1(self.b * dt_s) / self.b }
    }

    fn time_to(self, t_c: f64, target_c: f64) -> f64 {
        if self.b == 0.0 {
            return (target_c - t_c) / self.a;
        }
        // (target - T_eq) / (T - T_eq), written so that nearby temperatures keep their digits.
        let ratio = self.b * (target_c - t_c) / self.at(t_c);
        if ratio <= -1.0 { f64::INFINITY } else { libm::log1p(ratio) / self.b }
    }
}

/// An emitter's temperature and what acts on it.
#[derive(Clone, Debug)]
pub(super) struct Thermal {
    pub params: EmitterParams,
    pub temperature_c: f64,
    pub air_c: f64,
    /// Share of the cooler's heat flow that is left, 0 to 1.
    pub cooler_health: f64,
    /// The controller and its cooler are on.
    pub powered: bool,
    /// Light leaves and its heat flows.
    pub emitting: bool,
}

impl Thermal {
    /// Share of its limit at which the cooler would work at the set point with the source emitting (or, in the cold,
    /// heating without it): above 1 it cannot hold the set point.
    pub fn cooler_load(&self) -> f64 {
        let p = &self.params;
        let from_air_w = p.air_coupling_w_per_k * (self.air_c - p.set_point_c);
        let share = |need_w: f64, limit_w: f64| {
            if need_w <= 0.0 {
                0.0
            } else if limit_w <= 0.0 {
                f64::INFINITY
            } else {
                need_w / limit_w
            }
        };
        let cooling = share(p.emission_heat_w + from_air_w, self.cooler_limit_w(p.set_point_c));
        cooling.max(share(-from_air_w, p.heater_max_w))
    }

    fn cooler_limit_w(&self, t_c: f64) -> f64 {
        let p = &self.params;
        let hot_c = self.air_c + p.hot_side_rise_k;
        (self.cooler_health * p.cooler_max_w * (1.0 - (hot_c - t_c) / p.cooler_max_difference_k)).max(0.0)
    }

    /// Rates without the cooler, with the cooler at its load line, and with full heat.
    fn limits(&self) -> [Rate; 3] {
        let p = &self.params;
        let c = p.heat_capacity_j_per_k;
        let heat_w = if self.emitting { p.emission_heat_w } else { 0.0 };
        let idle =
            Rate { a: (heat_w + p.air_coupling_w_per_k * self.air_c) / c, b: -p.air_coupling_w_per_k / c };
        let full_w = self.cooler_health * p.cooler_max_w;
        let slope = full_w / p.cooler_max_difference_k;
        let hot_c = self.air_c + p.hot_side_rise_k;
        let cooled = Rate { a: idle.a - (full_w - slope * hot_c) / c, b: idle.b - slope / c };
        [idle, cooled, Rate { a: idle.a + p.heater_max_w / c, b: idle.b }]
    }

    /// The rates that the controller asks for: full ramp up, proportional, full ramp down.
    fn wishes(&self) -> [Rate; 3] {
        let p = &self.params;
        let k = p.control_rate_per_s;
        [
            Rate { a: p.ramp_max_k_per_s, b: 0.0 },
            Rate { a: k * p.set_point_c, b: -k },
            Rate { a: -p.ramp_max_k_per_s, b: 0.0 },
        ]
    }

    /// The rate that holds at and around `t_c`.
    fn active(&self, t_c: f64) -> Rate {
        let [idle, cooled, heated] = self.limits();
        if !self.powered {
            return idle;
        }
        let [up, proportional, down] = self.wishes();
        let wish = if proportional.at(t_c) > up.a {
            up
        } else if proportional.at(t_c) < down.a {
            down
        } else {
            proportional
        };
        // Past the largest difference the load line would be negative: the cooler moves nothing.
        let floor = if cooled.at(t_c) < idle.at(t_c) { cooled } else { idle };
        if wish.at(t_c) < floor.at(t_c) {
            floor
        } else if wish.at(t_c) > heated.at(t_c) {
            heated
        } else {
            wish
        }
    }

    /// Rate of change at `t_c`, kelvin a second.
    pub fn rate(&self, t_c: f64) -> f64 {
        self.active(t_c).at(t_c)
    }

    /// The piece of the motion that starts at `t_c`: its rate and the temperature at which it ends (infinite where
    /// it has no end). `None` at rest.
    fn piece(&self, t_c: f64) -> Option<(Rate, f64)> {
        let rate = self.rate(t_c);
        if rate.abs() < 1e-12 {
            return None;
        }
        let up = rate > 0.0;
        let mut next = if up { f64::INFINITY } else { f64::NEG_INFINITY };
        if self.powered {
            let [idle, cooled, heated] = self.limits();
            let wishes = self.wishes();
            let mut consider = |x: f64| {
                if up && x > t_c + 1e-9 && x < next || !up && x < t_c - 1e-9 && x > next {
                    next = x;
                }
            };
            consider(idle.meets(cooled));
            consider(wishes[1].meets(wishes[0]));
            consider(wishes[1].meets(wishes[2]));
            for wish in wishes {
                for limit in [idle, cooled, heated] {
                    consider(wish.meets(limit));
                }
            }
        }
        let inside = if next.is_finite() { (t_c + next) / 2.0 } else { t_c + rate.signum() };
        Some((self.active(inside), next))
    }

    /// The temperature after `dt_s` if nothing else happens.
    pub fn flow(&self, mut dt_s: f64) -> f64 {
        let mut t_c = self.temperature_c;
        // A motion passes each of the at most 12 corners once.
        for _ in 0..16 {
            let Some((rate, end_c)) = self.piece(t_c) else { return t_c };
            let to_end_s = if end_c.is_finite() { rate.time_to(t_c, end_c) } else { f64::INFINITY };
            // A corner that lies on the wrong side of the rest point is never reached; rounding may say so late.
            if to_end_s.is_nan() || to_end_s < 0.0 || to_end_s >= dt_s {
                return rate.after(t_c, dt_s);
            }
            dt_s -= to_end_s;
            t_c = end_c;
        }
        t_c
    }

    /// Seconds until the temperature reaches `target_c`; `None` where it never does.
    pub fn time_to(&self, target_c: f64) -> Option<f64> {
        let up = self.rate(self.temperature_c) > 0.0;
        let ahead = |t_c: f64| if up { target_c > t_c } else { target_c < t_c };
        let (mut t_c, mut sum_s) = (self.temperature_c, 0.0);
        if t_c == target_c {
            return Some(0.0);
        }
        if !ahead(t_c) {
            return None;
        }
        for _ in 0..16 {
            let (rate, end_c) = self.piece(t_c)?;
            let here = if up { target_c <= end_c } else { target_c >= end_c };
            let step_s = rate.time_to(t_c, if here { target_c } else { end_c });
            if !(0.0..1e12).contains(&step_s) {
                return None;
            }
            sum_s += step_s;
            if here {
                return Some(sum_s);
            }
            t_c = end_c;
        }
        None
    }
}

#[cfg(test)]
#[path = "thermal_tests.rs"]
mod tests;
