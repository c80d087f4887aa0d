//! One link, line by line: where the light goes, what is counted without it, and what key is left.

use super::rates::Rates;
use crate::link::channel::{Loss, LossKind};
use crate::link::params::{ParamError, SourceKind};
use crate::link::surroundings::{self, Site};
use crate::link::weather::Weather;
use crate::link::{Channel, Conditions, Params};
use crate::sim::Scenario;
use serde::Serialize;

/// Height of a beam between roofs, metres, where no link of a scenario says it.
const ROOF_M: f64 = 15.0;

/// What a link is asked to bridge.
#[derive(Clone, Debug, PartialEq)]
pub struct Span {
    /// Distance, metres, 50 to 2000.
    pub range_m: f64,
    /// What the world does to it.
    pub conditions: Conditions,
    /// Loss from source to detectors, dB, 0 or more, in place of what distance and air take.
    pub loss_db: Option<f64>,
}

/// What is counted without signal.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Noise {
    /// Spectral radiance of the sky behind the sender, W m⁻² sr⁻¹ µm⁻¹.
    pub sky_radiance: f64,
    /// Sky light that all detectors count, counts a second (Miao et al. 2005).
    pub background_hz: f64,
    /// Dark counts of one detector, counts a second.
    pub dark_counts_hz: f64,
    /// Probability that a detector of basis X clicks in a gate without signal, and one of Z.
    pub per_gate: [f64; 2],
}

/// A link's budget.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Budget {
    /// Distance, metres; none where the loss was given.
    pub range_m: Option<f64>,
    /// What sends the pulses.
    pub source: SourceKind,
    /// Share of the pulses that each end takes in the key basis X, 0 to 1.
    pub p_x: f64,
    /// Where the light goes, in the order of its way.
    pub losses: Vec<Loss>,
    /// Loss of the channel, the receiver's optics included and its detectors not, dB.
    pub loss_db: f64,
    /// Probability that a photon sent is detected, 0 to 1.
    pub transmittance: f64,
    /// Refractive index structure parameter, m^(-2/3); none where the loss was given.
    pub cn2_m23: Option<f64>,
    /// What is counted without signal.
    pub noise: Noise,
    /// Bits disclosed by reconciliation over the Shannon limit.
    pub f_ec: f64,
    /// What is left.
    #[serde(flatten)]
    pub rates: Rates,
}

impl Span {
    /// The channel of a link of `params` over it.
    #[must_use]
    pub fn channel(&self, params: &Params) -> Channel {
        let channel = Channel::new(params, self.range_m, &self.conditions);
        match self.loss_db {
            Some(loss_db) => channel.of_loss(params, loss_db),
            None => channel,
        }
    }
}

impl Budget {
    /// The budget of a link of `params` over `span` where reconciliation discloses `f_ec` times the Shannon limit.
    #[must_use]
    pub fn new(params: &Params, span: &Span, f_ec: f64) -> Self {
        let channel = span.channel(params);
        let given = span.loss_db.is_some();
        let told = |loss: &&Loss| (loss.kind == LossKind::Given || loss.of_detector()) || !given;
        Self {
            range_m: (!given).then_some(span.range_m),
            source: params.source.kind,
            p_x: params.p_x,
            losses: channel.budget.iter().filter(told).copied().collect(),
            loss_db: channel.loss_db(),
            transmittance: channel.eta(channel.mean_collected),
            cn2_m23: (!given).then_some(span.conditions.cn2_m23),
            noise: Noise {
                sky_radiance: span.conditions.sky_radiance,
                background_hz: channel.background_hz,
                dark_counts_hz: params.detector.dark_counts_hz,
                per_gate: channel.noise_per_gate,
            },
            f_ec,
            rates: Rates::new(params, &channel, f_ec),
        }
    }
}

/// What a link between roofs feels at an hour (UTC) of the scenario's day: the simulation's fair weather but for
/// visibility, kilometres, and rain, millimetres an hour. The wind blows across the link.
#[must_use]
pub fn conditions(scenario: &Scenario, hour_utc: f64, visibility_km: f64, rain_mm_h: f64) -> Conditions {
    let weather = Weather { visibility_km, rain_mm_h, ..Weather::default() };
    let site = Site { height_m: ROOF_M, bearing_deg: weather.wind_from_deg - 90.0 };
    surroundings::conditions(&weather, &scenario.sun_at(hour_utc), &site)
}

/// `params` with fields set by name: each assignment is a dotted path and a value, such as `receiver.aperture_mm=80`,
/// `source.mu=[0.5,0.1,0]` or `source.kind=ideal`. All are set before the whole is checked.
///
/// # Errors
/// [`ParamError`] for an assignment without `=`, a path that leads nowhere (with the names there are), a value of the
/// wrong kind, or a value out of its range (with the range and its unit).
pub fn with_params(params: &Params, assignments: &[String]) -> Result<Params, ParamError> {
    let refuse = |field: &str, value: &str, expected: String| ParamError {
        field: field.into(),
        value: value.into(),
        expected,
    };
    let mut checked = params.clone();
    for assignment in assignments {
        let Some((path, text)) = assignment.split_once('=') else {
            return Err(refuse("param", assignment, "name=value, such as receiver.aperture_mm=80".into()));
        };
        // Plain structs with text keys: they serialise.
        let mut tree = serde_json::to_value(&checked).unwrap_or_default();
        let mut place = &mut tree;
        for step in path.split(['.', '[']).map(|step| step.trim_end_matches(']')) {
            let names: Vec<String> = match &*place {
                serde_json::Value::Object(fields) => fields.keys().cloned().collect(),
                serde_json::Value::Array(items) => (0..items.len()).map(|i| i.to_string()).collect(),
                _ => Vec::new(),
            };
            let here = match place {
                serde_json::Value::Object(fields) => fields.get_mut(step),
                serde_json::Value::Array(items) => step.parse().ok().and_then(|i: usize| items.get_mut(i)),
                _ => None,
            };
            let Some(next) = here else {
                let expected = match names.is_empty() {
                    true => format!("no `{step}`, for what is before it is one value"),
                    false => format!("one of {}", names.join(", ")),
                };
                return Err(refuse(path, step, expected));
            };
            place = next;
        }
        *place = serde_json::from_str(text).unwrap_or_else(|_| text.into());
        checked =
            serde_json::from_value(tree).map_err(|e| refuse(path, text, format!("another value: {e}")))?;
    }
    checked.check().map_err(|e| match unit(&e.field) {
        Some(unit) if e.expected.starts_with("a number") => {
            ParamError { expected: format!("{} {unit}", e.expected), ..e }
        }
        _ => e,
    })?;
    Ok(checked)
}

/// The unit that a field's name ends in.
fn unit(field: &str) -> Option<&'static str> {
    const UNITS: [(&str, &str); 15] = [
        ("_urad_per_s", "microradians a second"),
        ("_deg_per_s", "degrees a second"),
        ("_mm_h", "mm/h"),
        ("_mps", "m/s"),
        ("_urad", "microradians"),
        ("_deg", "degrees"),
        ("_mm", "mm"),
        ("_nm", "nm"),
        ("_km", "km"),
        ("_hz", "Hz"),
        ("_ns", "ns"),
        ("_ps", "ps"),
        ("_db", "dB"),
        ("_c", "degrees Celsius"),
        ("_s", "s"),
    ];
    let name = field.split('[').next().unwrap_or(field);
    UNITS.iter().find(|(end, _)| name.ends_with(end)).map(|(_, unit)| *unit)
}

#[cfg(test)]
#[path = "budget_tests.rs"]
mod tests;
