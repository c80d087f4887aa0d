//! What is kept of a long run. Messages, keys, blocks and epochs come by the thousand; once there are more than there
//! is room for, the oldest quarter of the time goes, but for what the chain of something later needs: a message's epoch
//! and root key, that key's block and its hops' keys, and the keys that may still lie in a pool. Counts go on as if
//! nothing had gone.

use super::{At, Chronicle, Key};
use crate::ground::order::gather;
use crate::ground::{BlockId, DeviceId, KeyId, LinkId, MessageId, ServiceId, SimTime, StationId};
use crate::sim::snapshot::Scene;
use crate::{distill, road};
use std::collections::{BTreeMap, BTreeSet};

/// So many blocks of a link, and so many epochs, stay whatever their age: what their pictures show.
const BLOCKS_OF_LINK: usize = 40;
const EPOCHS: usize = 16;
/// Joins and starved epochs of which each is small and few are shown: so many stay.
const FEW: usize = 64;
const STARVED: usize = 10_000;
/// Turns of the drive that stay.
const TURNS: usize = 4_096;
/// Times of a tally that stay from its beginning.
const HEAD: usize = 16;

/// How much is kept. On the built-in campus this is about a quarter of an hour, and 12 MB.
#[derive(Clone, Copy, Debug)]
pub(super) struct Room {
    /// Messages.
    pub messages: usize,
    /// Keys.
    pub keys: usize,
    /// Blocks.
    pub blocks: usize,
}

impl Default for Room {
    fn default() -> Self {
        Self { messages: 12_000, keys: 24_000, blocks: 4_000 }
    }
}

/// First and last time of something that is no longer kept, and how often it happened.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Gone {
    /// First and last time.
    pub span: Option<(SimTime, SimTime)>,
    /// How often.
    pub count: u32,
}

impl Gone {
    fn add(&mut self, t: SimTime) {
        let (first, last) = self.span.unwrap_or((t, t));
        self.span = Some((first.min(t), last.max(t)));
        self.count += 1;
    }
}

/// What is left of a link's blocks that are no longer kept.
#[derive(Clone, Debug, Default)]
pub(super) struct GoneBlocks {
    /// The newest number among them.
    pub seq: u32,
    /// How many were made, and of these dropped.
    pub made: u32,
    /// Dropped.
    pub dropped: u32,
    /// Distilled.
    pub distilled: Gone,
    /// Their keys stored.
    pub stored: Gone,
}

/// What is left of all that is no longer kept.
#[derive(Clone, Debug, Default)]
pub(super) struct Older {
    /// The newest number of each station's messages.
    pub stations: BTreeMap<StationId, u32>,
    /// By link.
    pub blocks: BTreeMap<LinkId, GoneBlocks>,
    /// The newest epoch.
    pub epoch: u32,
    /// There were keys among it, and keys that no one had used.
    pub keys: bool,
    /// Keys that no one had used.
    pub unused: bool,
    /// Messages that the car heard: honest and faked, and of each how many it dropped and believed.
    pub heard: [[u32; 2]; 2],
    /// Epochs that rested on a service's keys.
    pub used: BTreeMap<ServiceId, Gone>,
    /// Refusals of each device, and epochs that it was left out of.
    pub devices: BTreeMap<DeviceId, (u32, u32)>,
    /// Seconds in which the driver held a belief.
    pub believed_s: f64,
}

/// How often something happened. Its first times stay and its newest.
#[derive(Clone, Debug, Default)]
pub(super) struct Tally {
    times: Vec<SimTime>,
    /// Times that went, between the first [`HEAD`] and the rest.
    gone: usize,
}

impl Tally {
    /// Once more.
    pub fn push(&mut self, t: SimTime) {
        self.times.push(t);
    }

    fn until(&self, at: SimTime) -> impl DoubleEndedIterator<Item = (usize, SimTime)> {
        let known = &self.times[..self.times.partition_point(|t| *t <= at)];
        let number = |i: usize| if i < HEAD { i } else { i + self.gone };
        known.iter().enumerate().map(move |(i, t)| (number(i), *t))
    }

    /// How often by `at`.
    pub fn count(&self, at: SimTime) -> u32 {
        self.until(at).next_back().map_or(0, |(n, _)| n as u32 + 1)
    }

    /// Of every `each` times the one after `skip`: the first and the last by `at`, and how many.
    pub fn every(&self, each: usize, skip: usize, at: SimTime) -> (Option<SimTime>, Option<SimTime>, u32) {
        let own = |(n, _): &(usize, SimTime)| n % each == skip % each && *n >= skip;
        let (first, last) = (self.until(at).find(own), self.until(at).rfind(own));
        let count = last.map_or(0, |(n, _)| (n - skip) / each + 1);
        (first.map(|(_, t)| t), last.map(|(_, t)| t), count as u32)
    }

    fn forget(&mut self, before: SimTime) {
        let end = self.times.partition_point(|t| *t < before);
        if end > HEAD {
            self.times.drain(HEAD..end);
            self.gone += end - HEAD;
        }
    }
}

/// Of a list in order of time, what is before goes, but for the newest `keep` of it.
fn cut<T>(list: &mut Vec<T>, at: impl Fn(&T) -> SimTime, before: SimTime, keep: usize) -> Vec<T> {
    let end = list.partition_point(|x| at(x) < before).saturating_sub(keep);
    list.drain(..end).collect()
}

impl Key {
    /// When something last happened to it; `None` while it lies in its pool.
    fn last_used(&self) -> Option<SimTime> {
        let times = [
            self.allocated.as_ref().map(|(t, _)| *t),
            self.spent_on.as_ref().map(|(t, _)| *t),
            self.epoch.as_ref().map(|(t, _)| *t),
            self.hops.last().map(|(t, _)| *t),
            self.delivered.last().map(|(t, _)| *t),
        ];
        times.into_iter().flatten().max()
    }
}

impl Chronicle {
    /// Nothing is known yet, nor will be of the time before `from`, whose records are lost.
    #[must_use]
    pub fn known_from(scene: &Scene, from: SimTime) -> Self {
        let lost = from > SimTime::ZERO;
        let older = Older { keys: lost, unused: lost, ..Older::default() };
        Self { kept_from: from, older, ..Self::new(scene) }
    }

    /// From here on everything is kept; of what was before, only what something later rests on. 0 while nothing has
    /// gone.
    #[must_use]
    pub fn kept_from(&self) -> SimTime {
        self.kept_from
    }

    /// The counts of what has gone hold at `at`.
    pub(super) fn counts_older(&self, at: SimTime) -> bool {
        at >= self.kept_from
    }

    /// Makes room, where there is more than there is room for.
    pub(super) fn tidy(&mut self, now: SimTime) {
        let full = |c: &Self, room: &Room| {
            c.messages.len() > room.messages || c.keys.len() > room.keys || c.blocks.len() > room.blocks
        };
        if self.drive.len() > TURNS {
            self.forget_turns();
        }
        if !full(self, &self.limit) {
            return;
        }
        for _ in 0..8 {
            let quarter = (now.0 - self.kept_from.0) / 4;
            self.forget(SimTime(self.kept_from.0 + quarter + 1));
            if !full(self, &self.room) {
                break;
            }
        }
        // Where what is needed fills the room, it is not gone through again for each event.
        let or_more = |room: usize, there: usize| room.max(there + there / 4);
        self.limit = Room {
            messages: or_more(self.room.messages, self.messages.len()),
            keys: or_more(self.room.keys, self.keys.len()),
            blocks: or_more(self.room.blocks, self.blocks.len()),
        };
    }

    fn forget(&mut self, before: SimTime) {
        self.kept_from = before;
        self.forget_messages(before);
        self.forget_epochs(before);
        self.forget_keys(before);
        self.forget_blocks(before);
        for service in self.services.values_mut() {
            service.steps.iter_mut().for_each(|tally| tally.forget(before));
            cut(&mut service.starved, |(t, _)| *t, before, 1);
        }
        for (id, device) in &mut self.devices {
            let (refused, left_out) = self.older.devices.entry(id.clone()).or_default();
            *refused += cut(&mut device.refused, |(t, _)| *t, before, 0).len() as u32;
            *left_out += cut(&mut device.left_out, |(t, _)| *t, before, 0).len() as u32;
            cut(&mut device.epochs, |(t, _)| *t, before, 1);
            device.asked.truncate(1);
        }
        cut(&mut self.joins, |(t, _)| *t, before, FEW);
        cut(&mut self.starved_epochs, |t| *t, before, STARVED);
    }

    fn forget_messages(&mut self, before: SimTime) {
        for (_, id) in cut(&mut self.heard, |(t, _): &At<MessageId>| *t, before, 0) {
            let Some(message) = self.messages.get(&id) else { continue };
            let believed = message.heard.as_ref().is_some_and(|(_, h)| h.rejected.is_none());
            self.older.heard[usize::from(message.faked)][usize::from(believed)] += 1;
        }
        let turned: BTreeSet<MessageId> = gather(self.drive.iter().filter_map(|(_, e)| cause(e)));
        let stations = &mut self.older.stations;
        self.messages.retain(|id, m| {
            let heard = m.heard.as_ref().is_some_and(|(t, _)| *t >= before);
            let keep = m.sent >= before || heard || turned.contains(id);
            if !keep {
                let newest = stations.entry(id.station).or_default();
                *newest = (*newest).max(id.seq);
            }
            keep
        });
    }

    fn forget_epochs(&mut self, before: SimTime) {
        let under: BTreeSet<u32> = gather(self.messages.values().filter_map(|m| m.under).map(|(n, _)| n));
        let shown = self.epochs.keys().rev().nth(EPOCHS - 1).copied().unwrap_or(0);
        let (older, keys) = (&mut self.older, &self.keys);
        self.epochs.retain(|n, e| {
            let keep = e.started >= before || *n >= shown || under.contains(n);
            if !keep {
                older.epoch = older.epoch.max(*n);
                let service = keys.get(&e.root).and_then(|k| k.allocated.as_ref()).map(|(_, (s, _))| *s);
                if let Some(service) = service {
                    older.used.entry(service).or_default().add(e.started);
                }
            }
            keep
        });
    }

    fn forget_keys(&mut self, before: SimTime) {
        let mut keep: BTreeSet<KeyId> = gather(self.epochs.values().map(|e| e.root));
        keep.extend(self.messages.values().filter_map(|m| m.under).map(|(_, root)| root));
        let (mut in_pools, mut used) = (Vec::new(), Vec::new());
        for (id, key) in &self.keys {
            match key.last_used() {
                Some(t) => used.push((t, *id)),
                None => {
                    let block = key.block.as_ref().and_then(|b| self.blocks.get(b));
                    let made = block.and_then(|b| b.ended.as_ref()).map_or(SimTime::ZERO, |(t, _)| *t);
                    in_pools.push((made, *id));
                }
            }
        }
        // A key that was handed out may wait for its use: the newest stay whatever their age.
        newest_first(&mut used);
        let newest = used.iter().enumerate().filter(|(i, (t, _))| *t >= before || *i < self.room.keys / 4);
        keep.extend(newest.map(|(_, (_, id))| *id));
        // No pool holds so many: the oldest of them were over its capacity.
        newest_first(&mut in_pools);
        self.older.unused |= in_pools.len() > self.room.keys / 2;
        keep.extend(in_pools.into_iter().take(self.room.keys / 2).map(|(_, id)| id));
        let hops = keep.iter().filter_map(|id| self.keys.get(id)).flat_map(|k| &k.hops);
        let hops: Vec<KeyId> = hops.map(|(_, hop)| hop.hop_key).collect();
        keep.extend(hops);
        let all = self.keys.len();
        self.keys.retain(|id, _| keep.contains(id));
        self.older.keys |= self.keys.len() < all;
    }

    fn forget_blocks(&mut self, before: SimTime) {
        let mut keep: BTreeSet<BlockId> = gather(self.keys.values().filter_map(|k| k.block.clone()));
        let mut of_link: BTreeMap<&LinkId, usize> = BTreeMap::new();
        for (id, block) in self.blocks.iter().rev() {
            let newer = of_link.entry(&id.link).or_default();
            *newer += usize::from(block.ready.is_some());
            let last = block.ended.as_ref().map(|(t, _)| *t);
            if *newer <= BLOCKS_OF_LINK || last.is_none_or(|t| t >= before) {
                keep.insert(id.clone());
            }
        }
        let older = &mut self.older.blocks;
        self.blocks.retain(|id, block| {
            let stays = keep.contains(id);
            if !stays {
                let gone = older.entry(id.link.clone()).or_default();
                gone.seq = gone.seq.max(id.seq);
                gone.made += u32::from(block.ready.is_some());
                match &block.ended {
                    Some((t, distill::Event::Distilled { .. })) => gone.distilled.add(*t),
                    Some((_, distill::Event::Dropped { .. })) => gone.dropped += 1,
                    _ => {}
                }
                if let Some((t, _)) = &block.stored {
                    gone.stored.add(*t);
                }
            }
            stays
        });
    }

    /// The oldest turns of the drive go, up to one at which the driver believes nothing.
    fn forget_turns(&mut self) {
        let calm = |(_, e): &At<road::Event>| {
            matches!(e, road::Event::BeliefLapsed { .. } | road::Event::Arrived { .. })
        };
        let end = self.drive[TURNS / 4..].iter().position(calm).map_or(TURNS / 2, |i| TURNS / 4 + i + 1);
        let gone: Vec<_> = self.drive.drain(..end).collect();
        let until = gone.last().map_or(SimTime::ZERO, |(t, _)| *t);
        self.older.believed_s += believed_s(&gone, until);
    }

    /// The counts of a link's blocks that have gone, or of all links'; nothing where they do not hold yet.
    pub(super) fn gone_blocks(
        &self,
        link: impl Fn(&LinkId) -> bool,
        at: SimTime,
    ) -> impl Iterator<Item = &GoneBlocks> {
        let counts = self.counts_older(at);
        self.older.blocks.iter().filter(move |(id, _)| counts && link(id)).map(|(_, gone)| gone)
    }
}

/// One order, so that there is one sort of these.
fn newest_first(keys: &mut [(SimTime, KeyId)]) {
    keys.sort_unstable_by(|a, b| b.cmp(a));
}

/// The message that caused a turn of the drive.
fn cause(event: &road::Event) -> Option<MessageId> {
    match event {
        road::Event::BeliefFormed { message, .. } | road::Event::TurnedBack { message, .. } => Some(*message),
        _ => None,
    }
}

/// Seconds of these turns, up to `at`, in which the driver held a belief.
pub(super) fn believed_s(turns: &[At<road::Event>], at: SimTime) -> f64 {
    let (mut sum_s, mut since) = (0.0, None::<SimTime>);
    for (t, event) in turns {
        match event {
            road::Event::BeliefFormed { .. } => since = since.or(Some(*t)),
            road::Event::BeliefLapsed { .. } | road::Event::Arrived { .. } => {
                sum_s += since.take().map_or(0.0, |s| t.since(s).as_secs());
            }
            _ => {}
        }
    }
    sum_s + since.map_or(0.0, |s| at.since(s).as_secs())
}
