//! The weather of a run: told by a script, or drawn from a climate.

use super::climate::{Climate, ClimateParams};
use super::sun::Start;
use super::{Fog, NUMBERS, Snow, Weather, between};
use crate::ground::Rng;
use crate::link::params::ParamError;
use crate::link::params::within;
use serde::{Deserialize, Serialize};

/// While a scripted value moves, its course changes so often, seconds.
const GLIDE_STEP_S: f64 = 1.0;

/// One change of a scripted course: the fields it names become these.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Change {
    /// When it begins, seconds after the start, 0 to 31 622 400 (a year).
    pub t_s: f64,
    /// How long the numbers take to get there, seconds, 0 to 86 400; kinds of fog and snow change at once.
    pub over_s: f64,
    /// See [`Weather::visibility_km`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub visibility_km: Option<f64>,
    /// See [`Weather::rain_mm_h`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rain_mm_h: Option<f64>,
    /// See [`Weather::snow_mm_h`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub snow_mm_h: Option<f64>,
    /// See [`Weather::wind_mps`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub wind_mps: Option<f64>,
    /// See [`Weather::wind_from_deg`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub wind_from_deg: Option<f64>,
    /// See [`Weather::temperature_c`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub temperature_c: Option<f64>,
    /// See [`Weather::humidity_percent`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub humidity_percent: Option<f64>,
    /// See [`Weather::cloud`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cloud: Option<f64>,
    /// See [`Weather::fog`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fog: Option<Fog>,
    /// See [`Weather::snow`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub snow: Option<Snow>,
}

impl Change {
    fn numbers(&self) -> [Option<f64>; NUMBERS] {
        [
            self.visibility_km,
            self.rain_mm_h,
            self.snow_mm_h,
            self.wind_mps,
            self.wind_from_deg,
            self.temperature_c,
            self.humidity_percent,
            self.cloud,
        ]
    }
}

/// A course that is told: how it starts and what changes.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Script {
    /// The weather until the first change.
    pub start: Weather,
    /// Later changes, in the order of their times. A change that names a number still on its way takes over from
    /// where it is.
    pub changes: Vec<Change>,
}

/// A number on its way.
#[derive(Clone, Copy)]
struct Glide {
    from: f64,
    to: f64,
    t_s: f64,
    over_s: f64,
}

impl Glide {
    fn at(&self, i: usize, t_s: f64) -> f64 {
        let share = if self.over_s > 0.0 { (t_s - self.t_s) / self.over_s } else { 1.0 };
        between(i, self.from, self.to, share)
    }
}

impl Script {
    /// Checks every field.
    ///
    /// # Errors
    /// [`ParamError`] for the first field out of its range, with its path.
    pub fn check(&self) -> Result<(), ParamError> {
        self.start.check().map_err(|e| ParamError { field: format!("start.{}", e.field), ..e })?;
        let mut before_s = 0.0;
        for (i, c) in self.changes.iter().enumerate() {
            within(&format!("changes[{i}].t_s"), c.t_s, before_s, 366.0 * 86_400.0)?;
            within(&format!("changes[{i}].over_s"), c.over_s, 0.0, 86_400.0)?;
            before_s = c.t_s;
            let named = self.start.with_named(c);
            // Only what the change names can be out of range: the start was checked.
            named.check().map_err(|e| ParamError { field: format!("changes[{i}].{}", e.field), ..e })?;
        }
        Ok(())
    }

    /// The weather `t_s` seconds after the start.
    #[must_use]
    pub fn at(&self, t_s: f64) -> Weather {
        let mut weather = self.start;
        let mut glides = self.start.numbers().map(|x| Glide { from: x, to: x, t_s: 0.0, over_s: 0.0 });
        for c in self.changes.iter().take_while(|c| c.t_s <= t_s) {
            for (i, to) in c.numbers().into_iter().enumerate() {
                if let Some(to) = to {
                    glides[i] = Glide { from: glides[i].at(i, c.t_s), to, t_s: c.t_s, over_s: c.over_s };
                }
            }
            weather.fog = c.fog.unwrap_or(weather.fog);
            weather.snow = c.snow.unwrap_or(weather.snow);
        }
        weather.with_numbers(std::array::from_fn(|i| glides[i].at(i, t_s)))
    }

    /// When the weather is next to be asked for, seconds: the next change, or the next second while a number is on its
    /// way. `None` when it stays as it is.
    #[must_use]
    pub fn next_change_after(&self, t_s: f64) -> Option<f64> {
        let next = self.changes.iter().map(|c| c.t_s).find(|x| *x > t_s);
        let moves = self
            .changes
            .iter()
            .filter(|c| c.t_s <= t_s && t_s < c.t_s + c.over_s)
            .map(|c| (t_s + GLIDE_STEP_S).min(c.t_s + c.over_s));
        moves.chain(next).min_by(f64::total_cmp)
    }
}

impl Weather {
    /// This weather with what a change names, unchecked.
    fn with_named(self, c: &Change) -> Self {
        Self {
            visibility_km: c.visibility_km.unwrap_or(self.visibility_km),
            rain_mm_h: c.rain_mm_h.unwrap_or(self.rain_mm_h),
            snow_mm_h: c.snow_mm_h.unwrap_or(self.snow_mm_h),
            wind_mps: c.wind_mps.unwrap_or(self.wind_mps),
            wind_from_deg: c.wind_from_deg.unwrap_or(self.wind_from_deg),
            temperature_c: c.temperature_c.unwrap_or(self.temperature_c),
            humidity_percent: c.humidity_percent.unwrap_or(self.humidity_percent),
            cloud: c.cloud.unwrap_or(self.cloud),
            fog: c.fog.unwrap_or(self.fog),
            snow: c.snow.unwrap_or(self.snow),
        }
    }
}

/// Where a run's weather comes from, as a scenario says it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CourseParams {
    /// From a script.
    Script(Script),
    /// From a climate and the run's seed.
    Climate(Box<ClimateParams>),
}

impl Default for CourseParams {
    fn default() -> Self {
        Self::Script(Script::default())
    }
}

impl CourseParams {
    /// Checks every field.
    ///
    /// # Errors
    /// [`ParamError`] for the first field out of its range.
    pub fn check(&self) -> Result<(), ParamError> {
        match self {
            Self::Script(script) => script.check(),
            Self::Climate(climate) => climate.check(),
        }
    }

    /// The course; a script draws nothing.
    #[must_use]
    pub fn course(&self, start: &Start, rng: Rng) -> Course {
        match self {
            Self::Script(script) => Course::Script(script.clone()),
            Self::Climate(params) => Course::Climate(Box::new(Climate::new(params, start, rng))),
        }
    }
}

/// The weather of a run.
#[derive(Clone, Debug)]
pub enum Course {
    /// Told.
    Script(Script),
    /// Drawn.
    Climate(Box<Climate>),
}

impl Course {
    /// The weather `t_s` seconds after the start. The same whatever was asked before; cheap going forward.
    pub fn at(&mut self, t_s: f64) -> Weather {
        match self {
            Self::Script(script) => script.at(t_s),
            Self::Climate(climate) => climate.at(t_s),
        }
    }

    /// When it is next worth asking, seconds, later than `t_s`; `None` when the weather stays as it is.
    #[must_use]
    pub fn next_change_after(&self, t_s: f64) -> Option<f64> {
        match self {
            Self::Script(script) => script.next_change_after(t_s),
            Self::Climate(climate) => Some(climate.next_change_after(t_s)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ground::Streams;
    use proptest::prelude::*;

    fn read(text: &str) -> Script {
        let script: Script = serde_json::from_str(text).expect("a script");
        assert_eq!(script.check(), Ok(()));
        script
    }

    #[test]
    fn a_script_comes_as_it_is_told() {
        let s = read(
            r#"{"start": {"visibility_km": 20.0}, "changes": [
                {"t_s": 60, "over_s": 100, "visibility_km": 0.2, "fog": "Radiation"},
                {"t_s": 110, "rain_mm_h": 4},
                {"t_s": 200, "over_s": 10, "visibility_km": 8, "fog": "None"}]}"#,
        );
        assert_eq!(s.at(59.9), s.start);
        // Half of the way from 20 km to 0.2 km by the logarithm: 2 km.
        assert!((s.at(110.0).visibility_km - 2.0).abs() < 1e-9);
        assert_eq!((s.at(110.0).rain_mm_h, s.at(109.9).rain_mm_h), (4.0, 0.0));
        assert_eq!((s.at(180.0).visibility_km, s.at(180.0).fog), (0.2, Fog::Radiation));
        assert_eq!((s.at(1e6).visibility_km, s.at(1e6).fog), (8.0, Fog::None));
        let times = [0.0, 60.0, 109.5, 159.8, 160.0, 205.0, 210.0].map(|t| s.next_change_after(t));
        assert_eq!(times, [Some(60.0), Some(61.0), Some(110.0), Some(160.0), Some(200.0), Some(206.0), None]);
    }

    #[test]
    fn a_later_change_takes_over_where_it_is_and_the_wind_turns_the_short_way() {
        let s = read(
            r#"{"start": {"temperature_c": 10, "wind_from_deg": 350}, "changes": [
                {"t_s": 0, "over_s": 100, "temperature_c": 20, "wind_from_deg": 10},
                {"t_s": 50, "over_s": 50, "temperature_c": 5}]}"#,
        );
        assert_eq!(s.at(50.0).temperature_c, 15.0);
        assert_eq!(s.at(75.0).temperature_c, 10.0);
        assert_eq!((s.at(50.0).wind_from_deg, s.at(75.0).wind_from_deg), (0.0, 5.0));
    }

    #[test]
    fn errors_name_their_place() {
        let field = |text: &str| {
            let script: Script = serde_json::from_str(text).expect("a script");
            script.check().expect_err("out of range").field
        };
        assert_eq!(field(r#"{"changes": [{"t_s": 5}, {"t_s": 4}]}"#), "changes[1].t_s");
        assert_eq!(field(r#"{"changes": [{"t_s": 5, "cloud": 2}]}"#), "changes[0].cloud");
        assert_eq!(field(r#"{"start": {"rain_mm_h": -1}}"#), "start.rain_mm_h");
        let drawn: CourseParams = serde_json::from_str(r#"{"climate": {"lowest_c": 3}}"#).expect("a climate");
        assert_eq!(drawn.check(), Ok(()));
    }

    proptest! {
        #[test]
        fn every_scripted_value_is_in_range(
            changes in prop::collection::vec(
                (0.0f64..500.0, 0.0f64..200.0, 0.01f64..300.0, 0.0f64..360.0, -40.0f64..60.0), 0..12),
            t_s in 0.0f64..1_000.0,
        ) {
            let mut script = Script::default();
            for (t_s, over_s, v, d, c) in changes {
                script.changes.push(Change {
                    t_s, over_s,
                    visibility_km: Some(v), wind_from_deg: Some(d), temperature_c: Some(c),
                    ..Change::default()
                });
            }
            script.changes.sort_by(|a, b| a.t_s.total_cmp(&b.t_s));
            prop_assert_eq!(script.check(), Ok(()));
            let start = Start { latitude_deg: 0.0, longitude_deg: 0.0, unix_s: 0.0 };
            let mut course = CourseParams::Script(script).course(&start, Streams::new(1).stream("x"));
            prop_assert_eq!(course.at(t_s).check(), Ok(()));
            // Until the next change nothing moves, unless something is on its way.
            if let Some(next) = course.next_change_after(t_s) {
                prop_assert!(next > t_s);
                if next > t_s + GLIDE_STEP_S {
                    prop_assert_eq!(course.at(t_s), course.at((t_s + next) / 2.0));
                }
            } else {
                prop_assert_eq!(course.at(t_s), course.at(t_s + 1e4));
            }
        }
    }
}
