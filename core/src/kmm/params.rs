//! The rules of key management.

use crate::link::ParamError;
use serde::{Deserialize, Serialize};

/// The same for every KMM of a network.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Params {
    /// The allocation service runs this often, seconds: 0.5 (Kosmatos et al.).
    pub allocation_cycle_s: f64,
    /// Capacity of the pool of one link, bits.
    pub pool_capacity_bits: u32,
    /// What services cannot touch, bits.
    pub reserve_bits: u32,
    /// Keys that a request is waited for, seconds, before they are given up and wiped.
    pub supply_timeout_s: f64,
}

impl Default for Params {
    fn default() -> Self {
        Self {
            allocation_cycle_s: 0.5,
            pool_capacity_bits: 65_536,
            reserve_bits: 4_096,
            supply_timeout_s: 2.0,
        }
    }
}

impl Params {
    /// Checks every field.
    ///
    /// # Errors
    /// [`ParamError`] for the first field out of its range.
    pub fn check(&self) -> Result<(), ParamError> {
        let refuse = |field: &str, value: String, expected: &str| {
            Err(ParamError { field: field.into(), value, expected: expected.into() })
        };
        if !(0.05..=60.0).contains(&self.allocation_cycle_s) {
            return refuse(
                "allocation_cycle_s",
                self.allocation_cycle_s.to_string(),
                "a number from 0.05 to 60",
            );
        }
        if !(256..=1 << 30).contains(&self.pool_capacity_bits) {
            return refuse("pool_capacity_bits", self.pool_capacity_bits.to_string(), "256 to 1073741824");
        }
        if self.reserve_bits >= self.pool_capacity_bits {
            return refuse("reserve_bits", self.reserve_bits.to_string(), "less than pool_capacity_bits");
        }
        if !(0.1..=600.0).contains(&self.supply_timeout_s) {
            return refuse("supply_timeout_s", self.supply_timeout_s.to_string(), "a number from 0.1 to 600");
        }
        Ok(())
    }
}
