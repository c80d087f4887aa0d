//! Trust: the devices, the epochs of their private network, and the network's own log of who came.

use super::Chronicle;
use crate::ground::{KeyId, SimTime};
use serde::{Deserialize, Serialize};

/// Epochs and log entries shown.
const SHOWN: usize = 12;

/// The device private network.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct TrustView {
    /// Every device, by name.
    pub devices: Vec<DeviceView>,
    /// The newest epochs, newest first.
    pub epochs: Vec<EpochView>,
    /// Times, in seconds, at which no epoch could begin for want of a fresh quantum key.
    pub starved_s: Vec<f64>,
    /// The newest joins as the testbed's own log has them (Fowler et al. 2023, Listing 2), oldest first.
    pub log: Vec<Vec<String>>,
}

/// One device.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DeviceView {
    /// Its name.
    pub id: String,
    /// Its silicon was read and its secret given to the gateway, at this time in seconds.
    pub enrolled_s: Option<f64>,
    /// It first asked to join.
    pub asked_s: Option<f64>,
    /// The gateway believed it.
    pub joined_s: Option<f64>,
    /// Joins that were refused.
    pub refused: u32,
    /// The newest epoch whose key it took.
    pub epoch: Option<u32>,
    /// Epochs that it was left out of.
    pub left_out: u32,
}

/// One epoch.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct EpochView {
    /// Its number.
    pub epoch: u32,
    /// When it began, seconds.
    pub t_s: f64,
    /// The quantum key that its key was derived from.
    pub root: KeyId,
    /// Devices that it was sent to.
    pub members: u32,
    /// Devices that took it by now.
    pub taken: u32,
    /// Devices left out.
    pub left_out: u32,
}

impl Chronicle {
    pub(super) fn trust_view(&self, at: SimTime) -> TrustView {
        let by = |t: &SimTime| *t <= at;
        let seconds = |t: Option<SimTime>| t.filter(by).map(SimTime::as_secs);
        let gone =
            |id| self.older.devices.get(id).copied().filter(|_| self.counts_older(at)).unwrap_or_default();
        let devices = self.devices.iter().map(|(id, d)| DeviceView {
            id: id.to_string(),
            enrolled_s: seconds(d.enrolled),
            asked_s: seconds(d.asked.first().copied()),
            joined_s: seconds(d.joined),
            refused: d.refused.iter().filter(|(t, _)| by(t)).count() as u32 + gone(id).0,
            epoch: d.epochs.iter().rev().find(|(t, _)| by(t)).map(|(_, n)| *n),
            left_out: d.left_out.iter().filter(|(t, _)| by(t)).count() as u32 + gone(id).1,
        });
        let begun = self.epochs.iter().rev().filter(|(_, e)| by(&e.started));
        let epochs = begun.take(SHOWN).map(|(n, e)| EpochView {
            epoch: *n,
            t_s: e.started.as_secs(),
            root: e.root,
            members: e.members,
            taken: e.taken.iter().filter(|(t, _)| by(t)).count() as u32,
            left_out: e.left_out.iter().filter(|(t, _)| by(t)).count() as u32,
        });
        let joins = &self.joins[..self.joins.partition_point(|(t, _)| *t <= at)];
        TrustView {
            devices: devices.collect(),
            epochs: epochs.collect(),
            starved_s: self.starved_epochs.iter().filter(|t| by(t)).map(|t| t.as_secs()).collect(),
            log: joins[joins.len().saturating_sub(SHOWN)..].iter().map(|(_, l)| l.clone()).collect(),
        }
    }
}
