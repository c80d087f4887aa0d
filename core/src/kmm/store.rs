//! The Key Store: one pool of keys a link, the same at both of its ends.

use crate::ground::secret::KEY_BYTES;
use crate::ground::{KeyId, LinkId, NodeId, SecretKey};
use std::collections::{BTreeMap, VecDeque};

/// Bits of one key.
pub const KEY_BITS: u32 = KEY_BYTES as u32 * 8;

/// A pool that is not full asks for keys again below this share of its capacity.
const REFILL_BELOW: f64 = 0.75;

/// The keys shared with one neighbour over one link, in order of arrival.
#[derive(Clone, Debug)]
pub struct Pool {
    /// The link.
    pub link: LinkId,
    /// The neighbour.
    pub peer: NodeId,
    capacity_bits: u32,
    reserve_bits: u32,
    order: VecDeque<KeyId>,
    keys: BTreeMap<KeyId, SecretKey>,
    filling: bool,
    /// Bits that ever came in.
    pub in_bits: u64,
    /// Bits that were ever taken.
    pub out_bits: u64,
}

impl Pool {
    /// An empty pool.
    #[must_use]
    pub fn new(link: LinkId, peer: NodeId, capacity_bits: u32, reserve_bits: u32) -> Self {
        Self {
            link,
            peer,
            capacity_bits,
            reserve_bits,
            order: VecDeque::new(),
            keys: BTreeMap::new(),
            filling: true,
            in_bits: 0,
            out_bits: 0,
        }
    }

    /// Bits held.
    #[must_use]
    pub fn level_bits(&self) -> u32 {
        self.keys.len() as u32 * KEY_BITS
    }

    /// Capacity in bits.
    #[must_use]
    pub fn capacity_bits(&self) -> u32 {
        self.capacity_bits
    }

    /// What services cannot touch, bits.
    #[must_use]
    pub fn reserve_bits(&self) -> u32 {
        self.reserve_bits
    }

    /// Whether the link should make keys: from below three quarters of the capacity until it is full.
    #[must_use]
    pub fn wants_keys(&self) -> bool {
        self.filling
    }

    /// Stores keys in order; those over the capacity are wiped. Returns how many were stored.
    pub fn store(&mut self, keys: Vec<SecretKey>) -> u32 {
        let mut stored = 0;
        for key in keys {
            if self.level_bits() + KEY_BITS > self.capacity_bits || self.keys.contains_key(&key.id) {
                continue;
            }
            self.order.push_back(key.id);
            self.keys.insert(key.id, key);
            self.in_bits += u64::from(KEY_BITS);
            stored += 1;
        }
        self.settle();
        stored
    }

    /// Keys that services may take now.
    #[must_use]
    pub fn available(&self) -> u32 {
        self.level_bits().saturating_sub(self.reserve_bits) / KEY_BITS
    }

    /// Takes `n` keys for a service, or none at all. The end with the smaller name takes the oldest and the other end
    /// the newest, so that two services in opposite directions meet only in an almost empty pool.
    pub fn take(&mut self, n: u32, oldest: bool) -> Option<Vec<SecretKey>> {
        if n > self.available() {
            return None;
        }
        let mut taken = Vec::with_capacity(n as usize);
        while taken.len() < n as usize {
            let id = if oldest { self.order.pop_front() } else { self.order.pop_back() }?;
            taken.extend(self.keys.remove(&id));
        }
        self.out_bits += u64::from(n) * u64::from(KEY_BITS);
        self.settle();
        Some(taken)
    }

    /// Takes the keys of these identifiers, all or none.
    pub fn take_ids(&mut self, ids: &[KeyId]) -> Option<Vec<SecretKey>> {
        if !ids.iter().all(|id| self.keys.contains_key(id)) {
            return None;
        }
        let taken: Vec<SecretKey> = ids.iter().filter_map(|id| self.keys.remove(id)).collect();
        self.order.retain(|id| self.keys.contains_key(id));
        self.out_bits += taken.len() as u64 * u64::from(KEY_BITS);
        self.settle();
        Some(taken)
    }

    /// Puts back keys that were taken and not used, at the end that they were taken from.
    pub fn put_back(&mut self, keys: Vec<SecretKey>, oldest: bool) {
        self.out_bits = self.out_bits.saturating_sub(keys.len() as u64 * u64::from(KEY_BITS));
        for key in keys.into_iter().rev() {
            if oldest {
                self.order.push_front(key.id);
            } else {
                self.order.push_back(key.id);
            }
            self.keys.insert(key.id, key);
        }
        self.settle();
    }

    fn settle(&mut self) {
        if self.level_bits() + KEY_BITS > self.capacity_bits {
            self.filling = false;
        } else if f64::from(self.level_bits()) < f64::from(self.capacity_bits) * REFILL_BELOW {
            self.filling = true;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ground::{BlockId, Provenance};
    use std::sync::Arc;

    fn keys(n: u8) -> Vec<SecretKey> {
        let from = Arc::new(Provenance::installation(BlockId { link: "a-b".into(), seq: 0 }));
        (0..n).map(|i| SecretKey::new(KeyId::derive(&[&[i]]), from.clone(), [i; 32])).collect()
    }

    #[test]
    fn it_keeps_its_capacity_and_its_reserve_and_gives_each_key_once() {
        let mut pool = Pool::new("a-b".into(), "b".into(), 10 * KEY_BITS, 2 * KEY_BITS);
        assert!(pool.wants_keys());
        assert_eq!(pool.store(keys(12)), 10);
        assert!(!pool.wants_keys());
        assert_eq!(pool.available(), 8);
        let first = pool.take(3, true).unwrap();
        assert_eq!(first.iter().map(|k| k.expose()[0]).collect::<Vec<_>>(), [0, 1, 2]);
        assert!(pool.wants_keys(), "7 of 10 is under three quarters");
        assert_eq!(pool.take(1, false).unwrap()[0].expose()[0], 9);
        assert!(pool.take(5, true).is_none(), "the reserve stays");
        assert!(pool.take_ids(&[first[0].id]).is_none());
        pool.put_back(first, true);
        assert_eq!(pool.take(1, true).unwrap()[0].expose()[0], 0);
    }
}
