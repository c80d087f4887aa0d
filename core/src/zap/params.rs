//! The rules of the device private network.

use crate::link::ParamError;
use serde::{Deserialize, Serialize};

/// The same for the gateway and all devices.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Params {
    /// A new epoch this often, seconds.
    pub epoch_s: f64,
    /// An epoch's key is good for this long after the next was due, seconds.
    pub grace_s: f64,
    /// A device that hears no answer asks again after this time, seconds.
    pub retry_s: f64,
}

impl Default for Params {
    fn default() -> Self {
        Self { epoch_s: 2.0, grace_s: 3.0, retry_s: 1.0 }
    }
}

impl Params {
    /// Checks every field.
    ///
    /// # Errors
    /// [`ParamError`] for the first field out of its range.
    pub fn check(&self) -> Result<(), ParamError> {
        for (field, x, min, max) in [
            ("epoch_s", self.epoch_s, 0.1, 3_600.0),
            ("grace_s", self.grace_s, 0.0, 3_600.0),
            ("retry_s", self.retry_s, 0.05, 60.0),
        ] {
            if !(min..=max).contains(&x) {
                let expected = format!("a number from {min} to {max}");
                return Err(ParamError { field: field.into(), value: x.to_string(), expected });
            }
        }
        Ok(())
    }
}
