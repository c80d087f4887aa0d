//! What happened on floor 4.

use crate::ground::{DeviceId, KeyId};
use serde::{Deserialize, Serialize};
use std::fmt;

/// An event of a device or of the gateway.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Event {
    /// A device's silicon was read and its secret given to the gateway.
    Enrolled {
        /// The device.
        device: DeviceId,
    },
    /// A device asks to join.
    JoinRequested {
        /// The device.
        device: DeviceId,
    },
    /// The gateway believes a device.
    Joined {
        /// The device.
        device: DeviceId,
    },
    /// A join was refused.
    JoinRefused {
        /// The device that it claims to be.
        device: DeviceId,
        /// Why.
        why: JoinRefusal,
    },
    /// The gateway began an epoch.
    EpochStarted {
        /// Its number.
        epoch: u32,
        /// The quantum key that its key was derived from.
        root: KeyId,
        /// Devices that it was sent to.
        members: u32,
    },
    /// A device took an epoch's key.
    EpochTaken {
        /// The device.
        device: DeviceId,
        /// The epoch.
        epoch: u32,
    },
    /// No fresh quantum key: no new epoch.
    KeyStarved {
        /// The last epoch that began.
        epoch: u32,
    },
    /// A device has no fresh quantum key and was left out of an epoch.
    LeftOut {
        /// The device.
        device: DeviceId,
        /// The epoch.
        epoch: u32,
    },
}

/// Why a join was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum JoinRefusal {
    /// The gateway knows no such device.
    Unknown,
    /// The proof is wrong.
    BadProof,
}

impl fmt::Display for JoinRefusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Unknown => "it was never enrolled",
            Self::BadProof => "its proof is wrong",
        })
    }
}
