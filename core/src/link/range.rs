//! Checks that a parameter lies in its range.

use super::params::ParamError;

/// Refuses an `x` that is not a number from `min` to `max`.
///
/// # Errors
/// [`ParamError`] with the field, its value and the range.
pub fn check_range(field: &str, x: f64, min: f64, max: f64) -> Result<(), ParamError> {
    if x >= min && x <= max {
        return Ok(());
    }
    Err(ParamError {
        field: field.into(),
        value: x.to_string(),
        expected: format!("a number from {min} to {max}"),
    })
}
