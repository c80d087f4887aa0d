//! What the world remembers of the past for its picture: recent messages and deliveries. Nothing here decides
//! anything.

use super::snapshot::Verdict;
use crate::ground::{GeoPoint, KeyId, MessageId, NodeId, ServiceId, SimTime};
use std::collections::{BTreeMap, VecDeque};

/// A message that was sent, and what became of it at the car.
#[derive(Clone, Debug)]
pub(super) struct MessageStory {
    pub id: MessageId,
    pub sent: SimTime,
    pub from: GeoPoint,
    pub to: Option<GeoPoint>,
    pub range_m: f64,
    pub faked: bool,
    pub verdict: Option<Verdict>,
    /// Where it showed objects, once the car has heard it.
    pub objects: Vec<GeoPoint>,
}

/// The memory.
#[derive(Clone, Debug, Default)]
pub(super) struct Ledger {
    pub paths: BTreeMap<ServiceId, Vec<NodeId>>,
    pub deliveries: VecDeque<(SimTime, KeyId, ServiceId)>,
    pub messages: VecDeque<MessageStory>,
}

impl Ledger {
    pub fn delivered(&mut self, now: SimTime, key: KeyId, service: ServiceId) {
        self.deliveries.push_back((now, key, service));
        self.deliveries.retain(|(t, ..)| now.since(*t).as_secs() < 1.5);
    }

    pub fn message(&mut self, story: MessageStory) {
        let now = story.sent;
        self.messages.retain(|m| now.since(m.sent).as_secs() < 3.0);
        self.messages.push_back(story);
    }

    pub fn received(&mut self, id: MessageId, to: GeoPoint, verdict: Verdict, objects: Vec<GeoPoint>) {
        if let Some(story) = self.messages.iter_mut().rev().find(|m| m.id == id) {
            story.to = Some(to);
            story.verdict = Some(verdict);
            story.objects = objects;
        }
    }
}
