//! The drive: what the driver came to believe and what became of it.

use super::Chronicle;
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
        let mut view = StreetView::default();
        let mut since: Option<SimTime> = None;
        for (t, event) in self.drive.iter().take_while(|(t, _)| *t <= at) {
            match event {
                E::BeliefFormed { .. } => since = since.or(Some(*t)),
                E::BeliefLapsed { .. } | E::Arrived { .. } => {
                    view.believed_s += since.take().map_or(0.0, |s| t.since(s).as_secs());
                }
                _ => {}
            }
            let message = match event {
                E::BeliefFormed { message, .. } | E::TurnedBack { message, .. } => Some(*message),
                _ => None,
            };
            let words = crate::sim::Event::Road(event.clone()).words();
            if let Some((.., text, bad)) = words {
                view.turns.push(TurnView { t_s: t.as_secs(), text, bad, message });
            }
        }
        view.believed_s += since.map_or(0.0, |s| at.since(s).as_secs());
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
