//! A key of the chronicle. There are more of these than of anything else.

use super::At;
use crate::ground::{BlockId, KeyId, LinkId, NodeId, SaeId, ServiceId};
use std::ops::{Deref, DerefMut};

/// A key on one hop of its way.
#[derive(Clone, Debug)]
pub(super) struct Hop {
    pub node: NodeId,
    pub from: LinkId,
    pub to: LinkId,
    pub hop_key: KeyId,
}

/// One key. Most lie in their pools, so what becomes of a key takes room only once something has.
#[derive(Clone, Debug, Default)]
pub(super) struct Key {
    pub block: Option<BlockId>,
    used: Option<Box<Used>>,
}

/// What became of a key.
#[derive(Clone, Debug, Default)]
pub(super) struct Used {
    pub allocated: Option<At<(ServiceId, LinkId)>>,
    pub hops: Vec<At<Hop>>,
    /// It went under another key's way as that hop's own key.
    pub spent_on: Option<At<KeyId>>,
    pub delivered: Vec<At<(SaeId, u8)>>,
    pub epoch: Option<At<u32>>,
}

impl Deref for Key {
    type Target = Used;

    fn deref(&self) -> &Used {
        self.used.as_deref().unwrap_or(&UNUSED)
    }
}

impl DerefMut for Key {
    fn deref_mut(&mut self) -> &mut Used {
        self.used.get_or_insert_default()
    }
}

/// Nothing became of it.
static UNUSED: Used =
    Used { allocated: None, hops: Vec::new(), spent_on: None, delivered: Vec::new(), epoch: None };

/// Adds to a list of which there are thousands, each of one or two: a list that grows by itself reserves room for four.
pub(super) fn add<T>(list: &mut Vec<T>, entry: T) {
    list.reserve_exact(1);
    list.push(entry);
}
