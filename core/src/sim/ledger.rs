//! What the world remembers of the past for its picture and for the causal chain: rates, recent messages, and which
//! block a key came from. Nothing here decides anything.

use super::event::count;
use super::snapshot::{ChainStep, Verdict};
use crate::distill;
use crate::ground::{BlockId, GeoPoint, KeyId, MessageId, NodeId, ServiceId, SimTime};
use std::collections::{BTreeMap, VecDeque};

/// Blocks and keys that are remembered.
const REMEMBERED: usize = 512;

/// What is known of a block.
#[derive(Clone, Debug, Default)]
pub(super) struct BlockStory {
    pub sifted: u32,
    pub qber: f64,
    pub secret_bits: u32,
    pub duration_s: f64,
}

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
    pub why: String,
    pub under: Option<(u32, KeyId)>,
    /// Where it showed objects, once the car has heard it.
    pub objects: Vec<GeoPoint>,
}

/// The memory.
#[derive(Clone, Debug, Default)]
pub(super) struct Ledger {
    blocks: BTreeMap<BlockId, BlockStory>,
    key_block: BTreeMap<KeyId, BlockId>,
    key_order: VecDeque<KeyId>,
    key_service: BTreeMap<KeyId, (ServiceId, u8)>,
    pub paths: BTreeMap<ServiceId, Vec<NodeId>>,
    pub deliveries: VecDeque<(SimTime, KeyId, ServiceId)>,
    pub messages: VecDeque<MessageStory>,
}

impl Ledger {
    pub fn block(&mut self, id: &BlockId) -> &mut BlockStory {
        if self.blocks.len() > REMEMBERED {
            self.blocks.pop_first();
        }
        self.blocks.entry(id.clone()).or_default()
    }

    pub fn distilled(&mut self, event: &distill::Event) {
        match event {
            distill::Event::Sifted { block, key_bits, .. } => self.block(block).sifted = *key_bits,
            distill::Event::Reconciled { block, qber_x, .. } => self.block(block).qber = *qber_x,
            distill::Event::Distilled { block, secret_bits, keys, .. } => {
                self.block(block).secret_bits = *secret_bits;
                for key in keys {
                    self.key_block.insert(*key, block.clone());
                    self.key_order.push_back(*key);
                }
                while self.key_order.len() > 16 * REMEMBERED {
                    if let Some(old) = self.key_order.pop_front() {
                        self.key_block.remove(&old);
                        self.key_service.remove(&old);
                    }
                }
            }
            distill::Event::Dropped { .. } => {}
        }
    }

    pub fn delivered(&mut self, now: SimTime, key: KeyId, service: ServiceId, hops: u8) {
        self.key_service.insert(key, (service, hops));
        self.deliveries.push_back((now, key, service));
        self.deliveries.retain(|(t, ..)| now.since(*t).as_secs() < 1.5);
    }

    pub fn message(&mut self, story: MessageStory) {
        let now = story.sent;
        self.messages.retain(|m| now.since(m.sent).as_secs() < 3.0);
        self.messages.push_back(story);
    }

    pub fn received(
        &mut self,
        id: MessageId,
        to: GeoPoint,
        verdict: Verdict,
        why: String,
        objects: Vec<GeoPoint>,
    ) {
        if let Some(story) = self.messages.iter_mut().rev().find(|m| m.id == id) {
            story.to = Some(to);
            story.verdict = Some(verdict);
            story.why = why;
            story.objects = objects;
        }
    }

    /// From the photon block to the verdict on the newest message that the car heard: faked ones first, they are what
    /// one wants to know of.
    pub fn chain(&self, car: (&str, &str, bool)) -> Vec<ChainStep> {
        let heard = |m: &&MessageStory| m.verdict.is_some();
        let story = self.messages.iter().rev().filter(heard).find(|m| m.faked).or(self
            .messages
            .iter()
            .rev()
            .find(heard));
        let step =
            |kind: &str, value: String, note: String, bad| ChainStep { kind: kind.into(), value, note, bad };
        let none = || "none".to_owned();
        let under = story.and_then(|m| m.under);
        let key = under.map(|(_, key)| key);
        let block = key.and_then(|k| self.key_block.get(&k));
        let facts = block.and_then(|b| self.blocks.get(b));
        let installed = key.is_some() && block.is_none();
        let mut steps = Vec::new();
        match (block, facts) {
            (Some(id), Some(b)) => {
                steps.push(step("block", format!("#{}", id.seq), id.link.to_string(), false));
                steps.push(step(
                    "sifted",
                    format!("{} bit", b.sifted),
                    format!("QBER {:.1} %", b.qber * 100.0),
                    false,
                ));
                steps.push(step(
                    "secret",
                    format!("{} bit", b.secret_bits),
                    format!("in {:.0} s", b.duration_s),
                    false,
                ));
            }
            _ => {
                let note = if installed { "installed key" } else { "no key under it" };
                for kind in ["block", "sifted", "secret"] {
                    steps.push(step(kind, none(), note.into(), !installed && story.is_some_and(|m| m.faked)));
                }
            }
        }
        match key {
            Some(k) => {
                let hops = self.key_service.get(&k).map_or(0, |(_, hops)| *hops);
                steps.push(step("key", k.short(), "key_ID".into(), false));
                steps.push(step("relay", count(u32::from(hops), "hop"), "X xor Y".into(), false));
            }
            None => {
                ["key", "relay"].iter().for_each(|kind| steps.push(step(kind, none(), String::new(), false)))
            }
        }
        match under {
            Some((epoch, _)) => {
                steps.push(step("session", format!("epoch {epoch}"), "of the DPN".into(), false));
                steps.push(step(
                    "tag",
                    "128 bit".into(),
                    story.map_or_else(String::new, |m| format!("CPM {}", m.id)),
                    false,
                ));
            }
            None => {
                steps.push(step("session", none(), String::new(), false));
                steps.push(step(
                    "tag",
                    none(),
                    story.map_or_else(String::new, |m| format!("CPM {}", m.id)),
                    false,
                ));
            }
        }
        let verdict = story.and_then(|m| m.verdict.map(|v| (v, m)));
        steps.push(match verdict {
            Some((Verdict::Accepted, m)) => step(
                "verdict",
                "believed".into(),
                if m.faked { "a fake".into() } else { m.why.clone() },
                m.faked,
            ),
            Some((Verdict::Rejected, m)) => step("verdict", "dropped".into(), m.why.clone(), false),
            None => step("verdict", none(), "nothing heard yet".into(), false),
        });
        steps.push(step("car", car.0.into(), car.1.into(), car.2));
        steps
    }
}
