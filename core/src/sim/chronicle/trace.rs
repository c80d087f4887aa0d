//! The causal chain: from whatever is picked back to the photons it came from, and on to what it led to.

use super::{Chronicle, Key, Subject, known};
use crate::ground::{BlockId, KeyId, MessageId, ServiceId, SimTime};
use serde::{Deserialize, Serialize};

/// A faked message stays the newest that one wants to know of for this long, seconds.
const FAKE_S: f64 = 3.0;

/// The chain of one subject, from photon block to the car's decision.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Trace {
    /// What was picked; `None` where the newest message stands for it.
    pub subject: Option<Subject>,
    /// Whether what was picked is known.
    pub standing: Standing,
    /// `block`, `sifted`, `secret`, `key`, `relay`, `session`, `tag`, `verdict`, `car`, in this order.
    pub steps: Vec<Step>,
}

/// Whether something is known at a time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Standing {
    /// It is.
    #[default]
    Known,
    /// Nothing of its name has been there by then.
    NotYet,
    /// It is older than what is kept of the run; of a key, whose name bears no order, it may be so.
    Older,
}

/// One step of the chain.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Step {
    /// Which of the nine.
    pub kind: String,
    /// The main figure, as `13 824 bit`; `none` where the chain is broken here.
    pub value: String,
    /// The line under it.
    pub note: String,
    /// It went wrong.
    pub bad: bool,
    /// When, seconds.
    pub t_s: Option<f64>,
    /// What it is, to pick it.
    pub subject: Option<Subject>,
    /// All that is known of it.
    pub details: Vec<Detail>,
    /// Where it happened.
    pub spots: Vec<Spot>,
    /// What else came of it, or of the step before: the first of them.
    pub others: Vec<Other>,
    /// How many in all.
    pub others_total: u32,
}

/// A fact with its name.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Detail {
    /// What it is.
    pub label: String,
    /// Its value, with its unit.
    pub value: String,
}

/// A place on the map.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Spot {
    /// A quantum link, by its identifier.
    Link(String),
    /// A rooftop, by its identifier.
    Terminal(String),
    /// A road-side unit (or the attacker), by its station number.
    Station(u32),
    /// The gateway.
    Gateway,
    /// The car.
    Car,
}

/// Kin of a step.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Other {
    /// What.
    pub subject: Subject,
    /// In a few words.
    pub label: String,
}

/// The members of one chain; what is missing is not known, or never was.
#[derive(Clone, Debug, Default)]
pub(super) struct Line {
    pub block: Option<BlockId>,
    pub key: Option<KeyId>,
    pub service: Option<ServiceId>,
    pub epoch: Option<u32>,
    pub message: Option<MessageId>,
    /// There should be a key, and there is none: the sender has no part in the network.
    pub keyless: bool,
}

impl Chronicle {
    /// The chain of a subject as it was known at `at`; without one, that of the newest message that the car heard
    /// (a faked one first: it is what one wants to know of).
    #[must_use]
    pub fn trace(&self, subject: Option<&Subject>, at: SimTime) -> Trace {
        let standing = match subject {
            Some(subject) => self.standing(subject, at),
            // Of then, there is no newest message any more.
            None if at < self.kept_from() => Standing::Older,
            None => Standing::Known,
        };
        if standing != Standing::Known {
            return Trace { subject: subject.cloned(), standing, steps: self.missing_steps(standing, at) };
        }
        let line = match subject {
            Some(subject) => self.line_of(subject, at),
            None => self.newest(at).map_or_else(Line::default, |id| self.line_of_message(id)),
        };
        let steps = vec![
            self.block_step(&line, at),
            self.sifted_step(&line, at),
            self.secret_step(&line, at),
            self.key_step(&line, at),
            self.relay_step(&line, at),
            self.session_step(&line, at),
            self.tag_step(&line, at),
            self.verdict_step(&line, at),
            self.car_step(&line, at),
        ];
        Trace { subject: subject.cloned(), standing, steps }
    }

    /// Whether a subject is known at `at`.
    fn standing(&self, subject: &Subject, at: SimTime) -> Standing {
        let since = match subject {
            Subject::Block(id) => self.blocks.get(id).and_then(|b| b.ready.as_ref()).map(|(t, _)| *t),
            Subject::Key(id) => self.keys.get(id).and_then(|k| self.key_since(k)),
            Subject::Service(id) => self.services.get(id).and_then(|s| s.request.as_ref()).map(|(t, _)| *t),
            Subject::Epoch(n) => self.epochs.get(n).map(|e| e.started),
            Subject::Message(id) => self.messages.get(id).map(|m| m.sent),
        };
        match since {
            Some(t) if t <= at => Standing::Known,
            Some(_) => Standing::NotYet,
            None if self.may_have_gone(subject) => Standing::Older,
            None => Standing::NotYet,
        }
    }

    /// What bears this name is not known, for it is older than what is kept.
    fn may_have_gone(&self, subject: &Subject) -> bool {
        let older = &self.older;
        match subject {
            Subject::Block(id) => older.blocks.get(&id.link).is_some_and(|gone| id.seq <= gone.seq),
            Subject::Key(_) => older.keys,
            Subject::Service(_) => false,
            Subject::Epoch(n) => *n <= older.epoch,
            Subject::Message(id) => older.stations.get(&id.station).is_some_and(|newest| id.seq <= *newest),
        }
    }

    /// When a key was first there: made of light, or first used.
    fn key_since(&self, key: &Key) -> Option<SimTime> {
        let made = key.block.as_ref().and_then(|id| self.blocks.get(id)?.ended.as_ref()).map(|(t, _)| *t);
        let allocated = key.allocated.as_ref().map(|(t, _)| *t);
        let spent = key.spent_on.as_ref().map(|(t, _)| *t);
        let delivered = key.delivered.first().map(|(t, _)| *t);
        let epoch = key.epoch.as_ref().map(|(t, _)| *t);
        [made, allocated, spent, delivered, epoch].into_iter().flatten().min()
    }

    fn newest(&self, at: SimTime) -> Option<MessageId> {
        let heard = &self.heard[..self.heard.partition_point(|(t, _)| *t <= at)];
        let recent = heard.iter().rev().take_while(|(t, _)| at.since(*t).as_secs() < FAKE_S);
        let faked = recent.map(|(_, id)| *id).find(|id| self.messages.get(id).is_some_and(|m| m.faked));
        faked.or(heard.last().map(|(_, id)| *id))
    }

    fn line_of(&self, subject: &Subject, at: SimTime) -> Line {
        match subject {
            Subject::Message(id) => self.line_of_message(*id),
            Subject::Key(id) => self.line_of_key(*id, at),
            Subject::Block(id) => {
                let keys = self.blocks.get(id).map_or(&[][..], |b| b.keys(at));
                let key = keys.iter().max_by_key(|k| self.reach(k, at)).copied();
                let line = key.map_or_else(Line::default, |k| self.line_of_key(k, at));
                Line { block: Some(id.clone()), ..line }
            }
            Subject::Service(id) => {
                let key = self.services.get(id).and_then(|s| s.newest);
                let line = key.map_or_else(Line::default, |k| self.line_of_key(k, at));
                Line { service: Some(*id), ..line }
            }
            Subject::Epoch(epoch) => {
                let root = self.epochs.get(epoch).map(|e| e.root);
                let line = root.map_or_else(Line::default, |k| self.line_of_key(k, at));
                Line { epoch: Some(*epoch), ..line }
            }
        }
    }

    /// How far a key has come: under a message, an epoch's root, delivered, allocated, or just there.
    fn reach(&self, id: &KeyId, at: SimTime) -> u8 {
        let Some(key) = self.keys.get(id) else { return 0 };
        match key {
            k if known(&k.epoch, at).is_some() => 4,
            k if k.delivered.iter().any(|(t, _)| *t <= at) => 3,
            k if known(&k.allocated, at).is_some() => 2,
            k if known(&k.spent_on, at).is_some() => 1,
            _ => 0,
        }
    }

    fn line_of_message(&self, id: MessageId) -> Line {
        let Some(message) = self.messages.get(&id) else { return Line::default() };
        let Some((epoch, root)) = message.under else {
            return Line { message: Some(id), keyless: message.faked, ..Line::default() };
        };
        let line = self.roots_of(root);
        Line { epoch: Some(epoch), message: Some(id), ..line }
    }

    /// Block and service of a key.
    fn roots_of(&self, id: KeyId) -> Line {
        let key = self.keys.get(&id);
        Line {
            block: key.and_then(|k| k.block.clone()),
            key: Some(id),
            service: key.and_then(|k| k.allocated.as_ref()).map(|(_, (service, _))| *service),
            ..Line::default()
        }
    }

    /// A key with the newest message under it. A hop's own key stands for the end-to-end key that it carried.
    fn line_of_key(&self, id: KeyId, at: SimTime) -> Line {
        let mut line = self.roots_of(id);
        let key = self.keys.get(&id);
        let carried = key.and_then(|k| known(&k.spent_on, at)).copied();
        let root = carried.unwrap_or(id);
        if carried.is_some() {
            line.service = self.roots_of(root).service;
        }
        line.epoch = self.keys.get(&root).and_then(|k| known(&k.epoch, at)).copied();
        if let Some(epoch) = line.epoch {
            let heard = &self.heard[..self.heard.partition_point(|(t, _)| *t <= at)];
            let under =
                |m: &MessageId| self.messages.get(m).and_then(|m| m.under).map(|(e, _)| e) == Some(epoch);
            line.message = heard.iter().rev().map(|(_, m)| *m).find(under);
        }
        line
    }
}
