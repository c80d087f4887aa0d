//! The drive: what the driver came to believe and what became of it.

use super::Chronicle;
use super::memory::believed_s;
use crate::ground::{MessageId, SimTime};
use crate::road::Event as E;
use serde::{Deserialize, Serialize};

/// The drive so far.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct StreetView {
    /// What happened, oldest first.
    pub turns: Vec<TurnView>,
    /// Seconds in which the driver held a belief of something in the way.
    pub believed_s: f64,
    /// Faked messages that the car heard, and how many of them it believed.
    pub fakes_heard: u32,
    /// Believed among them.
    pub fakes_believed: u32,
    /// Honest messages that the car heard, and how many of them it believed.
    pub honest_heard: u32,
    /// Believed among them.
    pub honest_believed: u32,
}

/// One turn of the drive.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TurnView {
    /// When, seconds.
    pub t_s: f64,
    /// In plain words.
    pub text: String,
    /// It is bad news.
    pub bad: bool,
    /// The message that caused it, where one did.
    pub message: Option<MessageId>,
}

impl Chronicle {
    pub(super) fn street_view(&self, at: SimTime) -> StreetView {
        let drive = &self.drive[..self.drive.partition_point(|(t, _)| *t <= at)];
        let mut view = StreetView { believed_s: believed_s(drive, at), ..StreetView::default() };
        if self.counts_older(at) {
            let [[honest_dropped, honest], [faked_dropped, faked]] = self.older.heard;
            (view.honest_heard, view.honest_believed) = (honest_dropped + honest, honest);
            (view.fakes_heard, view.fakes_believed) = (faked_dropped + faked, faked);
            view.believed_s += self.older.believed_s;
        }
        for (t, event) in drive {
            let message = match event {
                E::BeliefFormed { message, .. } | E::TurnedBack { message, .. } => Some(*message),
                _ => None,
            };
            let words = crate::sim::Event::Road(event.clone()).words();
            if let Some((.., text, bad)) = words {
                view.turns.push(TurnView { t_s: t.as_secs(), text, bad, message });
            }
        }
        for (_, id) in self.heard.iter().take_while(|(t, _)| *t <= at) {
            let Some(message) = self.messages.get(id) else { continue };
            let believed = u32::from(message.heard.as_ref().is_some_and(|(_, h)| h.rejected.is_none()));
            if message.faked {
                (view.fakes_heard, view.fakes_believed) =
                    (view.fakes_heard + 1, view.fakes_believed + believed);
            } else {
                (view.honest_heard, view.honest_believed) =
                    (view.honest_heard + 1, view.honest_believed + believed);
            }
        }
        view
    }
}
