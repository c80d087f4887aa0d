//! The messages that the car heard.

use super::{Chronicle, Message};
use crate::ground::{MessageId, SimTime};
use serde::{Deserialize, Serialize};

/// Messages shown.
const SHOWN: usize = 120;

/// The newest messages.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct MessagesView {
    /// Newest first.
    pub messages: Vec<MessageView>,
    /// Heard so far.
    pub heard: u32,
}

/// One message at the car.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MessageView {
    /// Which.
    pub id: MessageId,
    /// When it was heard, seconds.
    pub t_s: f64,
    /// Station that it says it is from.
    pub claims: u32,
    /// Objects that it shows.
    pub objects: u32,
    /// Bytes on the air.
    pub bytes: u32,
    /// Made up by the attacker.
    pub faked: bool,
    /// Epoch of its tag, where it has an honest one.
    pub epoch: Option<u32>,
    /// Why it was dropped; `None` where it was believed.
    pub rejected: Option<String>,
}

impl Message {
    pub(super) fn view(&self, id: MessageId, at: SimTime) -> Option<MessageView> {
        let (t, heard) = self.heard.as_ref().filter(|(t, _)| *t <= at)?;
        Some(MessageView {
            id,
            t_s: t.as_secs(),
            claims: self.claims.0,
            objects: self.objects,
            bytes: self.bytes,
            faked: self.faked,
            epoch: self.under.map(|(epoch, _)| epoch),
            rejected: heard.rejected.clone(),
        })
    }
}

impl Chronicle {
    pub(super) fn messages_view(&self, only_bad: bool, at: SimTime) -> MessagesView {
        let heard = &self.heard[..self.heard.partition_point(|(t, _)| *t <= at)];
        let views = heard.iter().rev().filter_map(|(_, id)| self.messages.get(id)?.view(*id, at));
        let wanted = |m: &MessageView| !only_bad || m.faked || m.rejected.is_some();
        let gone: u32 = self.older.heard.iter().flatten().sum();
        let gone = if self.counts_older(at) { gone } else { 0 };
        MessagesView {
            messages: views.filter(wanted).take(SHOWN).collect(),
            heard: heard.len() as u32 + gone,
        }
    }
}
