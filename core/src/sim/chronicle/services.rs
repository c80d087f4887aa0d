//! Key management as it happens: the nine steps of Kosmatos, Stavdas and Lord, Figure 2, for one service, and what
//! the controller has laid over the links.

use super::memory::{Gone, Tally};
use super::{Chronicle, Key, Service, known};
use crate::distill;
use crate::ground::order::sort_few;
use crate::ground::{KeyId, LinkId, NodeId, ServiceId, SimTime};
use crate::kmm::control::Role;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// One service as the key managers see it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ManagersView {
    /// All services, by number.
    pub services: Vec<ServiceView>,
    /// The one whose steps follow.
    pub chosen: Option<ServiceId>,
    /// Who takes part, from left to right: the asking SAE, its node, the nodes between, the far node, the far SAE.
    pub actors: Vec<String>,
    /// The nine steps; a step may be of several messages.
    pub steps: Vec<StepView>,
    /// The newest key that reached both ends.
    pub key: Option<KeyId>,
    /// That key's hand-over in the key container of ETSI GS QKD 014 (clause 6.3), its key left out.
    pub container: String,
}

/// One service.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ServiceView {
    /// Its number.
    pub id: ServiceId,
    /// Who asked.
    pub source_sae: String,
    /// For whom else.
    pub destination_sae: String,
    /// Keys of 256 bits a second, as asked for.
    pub keys_per_s: f64,
    /// Nodes from end to end.
    pub path: Vec<String>,
    /// Deliveries so far, both ends counted.
    pub delivered: u32,
    /// The link that it waits for, where it gets nothing.
    pub starved: Option<String>,
}

/// One message of a step.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StepView {
    /// 1 to 9.
    pub step: u8,
    /// Index of the sender in [`ManagersView::actors`]; the same as `to` where it is an act of one alone.
    pub from: u32,
    /// Index of the receiver.
    pub to: u32,
    /// What it says, in plain words.
    pub text: String,
    /// When it first happened, seconds.
    pub first_s: Option<f64>,
    /// When it last happened.
    pub last_s: Option<f64>,
    /// How often it happened.
    pub count: u32,
}

/// What the controller has laid over the links.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ControlView {
    /// All services, by number.
    pub services: Vec<ServiceView>,
    /// Each link that a service goes over.
    pub links: Vec<LinkUse>,
}

/// How much of a link is asked for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LinkUse {
    /// One end.
    pub a: String,
    /// The other end.
    pub b: String,
    /// Services that go over it.
    pub services: Vec<ServiceId>,
    /// Keys of 256 bits a second that they ask for in all.
    pub keys_per_s: f64,
}

/// First and last time of something, and how often it happened.
#[derive(Default)]
struct Seen(Option<SimTime>, Option<SimTime>, u32);

impl Seen {
    fn all(tally: &Tally, at: SimTime) -> Self {
        Self::every(tally, 1, 0, at)
    }

    /// Of every `each` times the one after `skip`.
    fn every(tally: &Tally, each: usize, skip: usize, at: SimTime) -> Self {
        let (first, last, count) = tally.every(each, skip, at);
        Self(first, last, count)
    }

    fn add(&mut self, t: SimTime) {
        *self = Self(Some(self.0.map_or(t, |u| u.min(t))), Some(self.1.map_or(t, |u| u.max(t))), self.2 + 1);
    }

    fn gone(gone: &Gone) -> Self {
        let mut seen = Self::default();
        seen.merge(gone);
        seen
    }

    /// With what is no longer kept.
    fn merge(&mut self, gone: &Gone) {
        if let Some((first, last)) = gone.span {
            self.add(first);
            self.add(last);
            self.2 = self.2 + gone.count - 2;
        }
    }

    fn once(t: Option<SimTime>) -> Self {
        Self(t, t, u32::from(t.is_some()))
    }
}

impl Service {
    fn view(&self, id: ServiceId, at: SimTime) -> Option<ServiceView> {
        let (asked, request) = self.request.as_ref()?;
        if *asked > at {
            return None;
        }
        let last = self.starved[..self.starved.partition_point(|(t, _)| *t <= at)].last();
        Some(ServiceView {
            id,
            source_sae: request.source_sae.to_string(),
            destination_sae: request.destination_sae.to_string(),
            keys_per_s: request.keys_per_s,
            path: known(&self.path, at).map_or_else(Vec::new, |p| p.iter().map(NodeId::to_string).collect()),
            delivered: self.steps[2].count(at),
            starved: last.and_then(|(_, link)| link.as_ref()).map(LinkId::to_string),
        })
    }
}

impl Chronicle {
    fn service_views(&self, at: SimTime) -> Vec<ServiceView> {
        self.services.iter().filter_map(|(id, s)| s.view(*id, at)).collect()
    }

    pub(super) fn control_view(&self, at: SimTime) -> ControlView {
        let services = self.service_views(at);
        let mut links: BTreeMap<(String, String), LinkUse> = BTreeMap::new();
        for service in &services {
            for pair in service.path.windows(2) {
                let [a, b] = pair else { continue };
                let (a, b) = if a < b { (a, b) } else { (b, a) };
                let entry = links.entry((a.clone(), b.clone())).or_insert_with(|| LinkUse {
                    a: a.clone(),
                    b: b.clone(),
                    services: Vec::new(),
                    keys_per_s: 0.0,
                });
                entry.services.push(service.id);
                entry.keys_per_s += service.keys_per_s;
            }
        }
        ControlView { services, links: links.into_values().collect() }
    }

    pub(super) fn managers_view(&self, chosen: Option<ServiceId>, at: SimTime) -> ManagersView {
        let services = self.service_views(at);
        let chosen = chosen.filter(|id| services.iter().any(|s| s.id == *id));
        // Of itself, one that relays: it shows the most.
        let longest = services.iter().max_by_key(|s| (s.path.len().min(3), std::cmp::Reverse(s.id)));
        let chosen = chosen.or(longest.map(|s| s.id));
        let mut view = ManagersView { chosen, ..ManagersView::default() };
        let found = chosen.and_then(|id| self.services.get(&id));
        let row = services.iter().find(|s| Some(s.id) == chosen);
        if let (Some(service), Some(row)) = (found, row) {
            view.actors = std::iter::once(row.source_sae.clone())
                .chain(row.path.iter().map(|node| format!("KMM {node}")))
                .chain([row.destination_sae.clone(), "controller".into()])
                .collect();
            let delivered_by = |key: &&Key| key.delivered.iter().filter(|(t, _)| *t <= at).count() >= 2;
            let newest = self.keys.iter().filter(|(_, k)| {
                k.allocated.as_ref().is_some_and(|(_, (s, _))| Some(*s) == chosen) && delivered_by(k)
            });
            view.key = newest.max_by_key(|(_, k)| k.allocated.as_ref().map(|(t, _)| *t)).map(|(id, _)| *id);
            view.container = view.key.map_or_else(String::new, container);
            view.steps = self.steps(service, row, at);
        }
        view.services = services;
        view
    }

    /// The nine steps of Figure 2; the numbers of the actors follow from the path.
    fn steps(&self, service: &Service, row: &ServiceView, at: SimTime) -> Vec<StepView> {
        let nodes = row.path.len() as u32;
        let (source, far_node, far_sae, controller) = (1, nodes, nodes + 1, nodes + 2);
        let mut steps = Vec::new();
        let mut say = |step, from, to, text: String, Seen(first, last, count): Seen| {
            let seconds = |t: Option<SimTime>| t.map(SimTime::as_secs);
            let (first_s, last_s) = (seconds(first), seconds(last));
            steps.push(StepView { step, from, to, text, first_s, last_s, count });
        };
        let mut made = self.made_on(&row.path, at).into_iter();
        for (i, pair) in row.path.windows(2).enumerate() {
            let [a, b] = pair else { continue };
            let (from, to) = (i as u32 + 1, i as u32 + 2);
            let (distilled, stored) = made.next().unwrap_or_default();
            say(1, from, to, format!("{a} and {b} make keys"), distilled);
            say(2, to, to, format!("keys of {a} – {b} into both pools"), stored);
        }
        let asked = service.request.as_ref().map(|(t, _)| *t);
        let rate = row.keys_per_s;
        say(3, 0, 0, "an application wants a secure connection".into(), Seen::once(asked));
        say(4, 0, source, format!("new key service, {rate} keys a second"), Seen::once(asked));
        let path = service.path.as_ref().map(|(t, _)| *t).filter(|t| *t <= at);
        say(5, source, controller, "which way to the other end?".into(), Seen::once(path.and(asked)));
        for (t, (node, role)) in service.orders.iter().filter(|(t, _)| *t <= at) {
            let to = row.path.iter().position(|n| n == node.as_str()).map_or(source, |i| i as u32 + 1);
            let role = match role {
                Role::Source => "master",
                Role::Relay => "slave, relay and master",
                Role::Destination => "slave",
            };
            say(5, controller, to, format!("you are {role} of this service"), Seen::once(Some(*t)));
        }
        let [allocated, relayed, delivered] = &service.steps;
        if nodes > 1 {
            say(6, source, source + 1, "n keys X are for this service".into(), Seen::all(allocated, at));
        }
        // Each node between reports a relay once for each batch.
        let between = nodes.saturating_sub(2).max(1);
        for hop in 0..nodes.saturating_sub(2) {
            let own = Seen::every(relayed, between as usize, hop as usize, at);
            say(7, hop + 2, hop + 3, "X xor Y: the keys under this hop's keys".into(), own);
        }
        say(8, far_node, far_sae, "a key and its key_ID".into(), Seen::every(delivered, 2, 0, at));
        say(8, source, 0, "the same key and key_ID".into(), Seen::every(delivered, 2, 1, at));
        let mut used = self
            .older
            .used
            .get(&row.id)
            .filter(|_| self.counts_older(at))
            .map(Seen::gone)
            .unwrap_or_default();
        let epochs = self.epochs.values().filter(|e| e.started <= at && self.is_of(&e.root, row.id));
        epochs.for_each(|e| used.add(e.started));
        say(9, 0, far_sae, "protected with these keys".into(), used);
        sort_few(&mut steps, |a, b| a.step.cmp(&b.step));
        steps
    }

    fn is_of(&self, key: &KeyId, service: ServiceId) -> bool {
        let key = self.keys.get(key);
        key.and_then(|k| k.allocated.as_ref()).is_some_and(|(_, (s, _))| *s == service)
    }

    /// For each hop of a path, when blocks were distilled and stored by `at`.
    fn made_on(&self, path: &[String], at: SimTime) -> Vec<(Seen, Seen)> {
        let hop_of = |link: &LinkId| {
            let (a, b) = self.links.get(link)?;
            let joins = |p: &[String]| {
                (p[0] == a.as_str() && p[1] == b.as_str()) || (p[0] == b.as_str() && p[1] == a.as_str())
            };
            path.windows(2).position(joins)
        };
        // A path goes over a link once; two links between the same roofs make keys for the same hop.
        let mut made: Vec<(Seen, Seen)> = (0..path.len())
            .map(|hop| {
                let mut seen = (Seen::default(), Seen::default());
                for gone in self.gone_blocks(|link| hop_of(link) == Some(hop), at) {
                    seen.0.merge(&gone.distilled);
                    seen.1.merge(&gone.stored);
                }
                seen
            })
            .collect();
        for (id, block) in &self.blocks {
            let Some(hop) = hop_of(&id.link) else { continue };
            if let Some(distill::Event::Distilled { .. }) = known(&block.ended, at)
                && let Some((t, _)) = &block.ended
            {
                made[hop].0.add(*t);
            }
            if let Some((t, _)) = block.stored.as_ref().filter(|(t, _)| *t <= at) {
                made[hop].1.add(*t);
            }
        }
        made
    }
}

/// The key container of ETSI GS QKD 014, clause 6.3, for one key. Its key is not shown.
fn container(key: KeyId) -> String {
    format!("{{\n  \"keys\": [\n    {{ \"key_ID\": \"{key}\", \"key\": \"(256 bits, not shown)\" }}\n  ]\n}}")
}
