//! The device private network as its members see it: each message carries sender, epoch, counter and a tag.
//!
//! Envelope: version (1), flags (1, bit 0 = encrypted), sender (4), epoch (4), counter (8), payload or ciphertext,
//! tag (16); integers little-endian. AES-256-GCM with the sender's key of the epoch, HKDF(epoch key, sender); the
//! nonce is sender and counter, which never repeats under one key. Where only authentication is wanted, the payload is
//! associated data (GMAC).

use super::fuzzy::derive;
use crate::ground::{SessionKey, SimTime, StationId};
use aes_gcm::aead::{Aead, KeyInit, Payload};
use aes_gcm::{Aes256Gcm, Nonce};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt;

/// First byte of an envelope.
pub const VERSION: u8 = 0x5A;
/// Bytes of an envelope before its payload.
pub const HEADER: usize = 18;
/// Bytes of an envelope's tag.
pub const TAG: usize = 16;

/// Bytes that protection adds to a payload.
pub const OVERHEAD_BYTES: usize = HEADER + TAG;

/// The key of one epoch, as it is given to members.
#[derive(Clone, Debug)]
pub struct EpochKey {
    /// The key.
    pub key: SessionKey,
    /// From then on it is worth nothing.
    pub expires: SimTime,
}

/// Why a message was dropped.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Reject {
    /// No envelope: an unprotected message.
    NoTag,
    /// The tag is not one of this sender in this epoch.
    BadTag {
        /// The epoch that it claims.
        epoch: u32,
    },
    /// The epoch has expired.
    Expired {
        /// The epoch.
        epoch: u32,
    },
    /// The receiver has no key of this epoch.
    UnknownEpoch {
        /// The epoch.
        epoch: u32,
    },
    /// The counter was seen before, or is older than the window.
    Replayed {
        /// The counter.
        counter: u64,
    },
}

impl fmt::Display for Reject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoTag => f.write_str("it carries no tag"),
            Self::BadTag { epoch } => write!(f, "no valid tag for epoch {epoch}"),
            Self::Expired { epoch } => write!(f, "epoch {epoch} has expired"),
            Self::UnknownEpoch { epoch } => write!(f, "no key for epoch {epoch}"),
            Self::Replayed { counter } => write!(f, "message {counter} was heard before"),
        }
    }
}

/// A message that was believed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Opened {
    /// Who sent it, by its tag.
    pub sender: StationId,
    /// Epoch.
    pub epoch: u32,
    /// Its number.
    pub counter: u64,
    /// What it says.
    pub payload: Vec<u8>,
}

/// Which counters of a sender were heard: the highest, and the 64 before it.
#[derive(Clone, Copy, Debug, Default)]
struct Window {
    highest: u64,
    seen: u64,
}

impl Window {
    fn fresh(self, counter: u64) -> bool {
        if self.seen == 0 || counter > self.highest {
            return true;
        }
        let age = self.highest - counter;
        age < 64 && self.seen >> age & 1 == 0
    }

    fn mark(&mut self, counter: u64) {
        if self.seen == 0 || counter > self.highest {
            let shift = if self.seen == 0 { 64 } else { counter - self.highest };
            self.seen = if shift >= 64 { 1 } else { self.seen << shift | 1 };
            self.highest = counter;
        } else {
            self.seen |= 1 << (self.highest - counter);
        }
    }
}

/// One member: it tags what it sends and checks what it hears.
#[derive(Clone, Debug)]
pub struct Member {
    station: StationId,
    counter: u64,
    epochs: BTreeMap<u32, EpochKey>,
    windows: BTreeMap<(u32, StationId), Window>,
}

impl Member {
    /// A station that has no epoch key yet.
    #[must_use]
    pub fn new(station: StationId) -> Self {
        Self { station, counter: 0, epochs: BTreeMap::new(), windows: BTreeMap::new() }
    }

    /// Takes an epoch's key; the keys of the two epochs before stay until they expire.
    pub fn add_epoch(&mut self, epoch: EpochKey) {
        let newest = epoch.key.epoch;
        self.epochs.insert(newest, epoch);
        self.epochs.retain(|n, _| n + 3 > newest);
        self.windows.retain(|(n, _), _| n + 3 > newest);
    }

    /// The epoch that it would tag with now.
    #[must_use]
    pub fn epoch(&self, now: SimTime) -> Option<u32> {
        self.epochs.iter().rev().find(|(_, e)| now < e.expires).map(|(n, _)| *n)
    }

    /// Puts a payload into an envelope; `None` where there is no key that is still good: nothing is sent then.
    pub fn protect(&mut self, now: SimTime, payload: &[u8], encrypt: bool) -> Option<Vec<u8>> {
        let epoch = self.epoch(now)?;
        let key = self.epochs.get(&epoch)?;
        self.counter += 1;
        let mut out = vec![VERSION, u8::from(encrypt)];
        out.extend_from_slice(&self.station.0.to_le_bytes());
        out.extend_from_slice(&epoch.to_le_bytes());
        out.extend_from_slice(&self.counter.to_le_bytes());
        let cipher = cipher(key, self.station);
        let nonce = nonce(self.station, self.counter);
        let sealed = if encrypt {
            cipher.encrypt(&nonce, Payload { msg: payload, aad: &out })
        } else {
            let aad = [&out, payload].concat();
            cipher.encrypt(&nonce, Payload { msg: &[], aad: &aad }).map(|tag| [payload, &tag].concat())
        };
        out.extend_from_slice(&sealed.ok()?);
        Some(out)
    }

    /// Opens an envelope.
    ///
    /// # Errors
    /// [`Reject`] says why the message must not be believed.
    pub fn open(&mut self, now: SimTime, bytes: &[u8]) -> Result<Opened, Reject> {
        let (header, rest) = bytes.split_first_chunk::<HEADER>().ok_or(Reject::NoTag)?;
        if header[0] != VERSION || header[1] > 1 || rest.len() < TAG {
            return Err(Reject::NoTag);
        }
        let word =
            |at: usize| u32::from_le_bytes([header[at], header[at + 1], header[at + 2], header[at + 3]]);
        let (sender, epoch) = (StationId(word(2)), word(6));
        let counter = u64::from(word(10)) | u64::from(word(14)) << 32;
        let key = self.epochs.get(&epoch).ok_or(Reject::UnknownEpoch { epoch })?;
        if now >= key.expires {
            return Err(Reject::Expired { epoch });
        }
        let cipher = cipher(key, sender);
        let nonce = nonce(sender, counter);
        let payload = if header[1] == 1 {
            cipher
                .decrypt(&nonce, Payload { msg: rest, aad: header })
                .map_err(|_| Reject::BadTag { epoch })?
        } else {
            let (payload, tag) = rest.split_at(rest.len() - TAG);
            let aad = [header, payload].concat();
            cipher.decrypt(&nonce, Payload { msg: tag, aad: &aad }).map_err(|_| Reject::BadTag { epoch })?;
            payload.to_vec()
        };
        let window = self.windows.entry((epoch, sender)).or_default();
        if !window.fresh(counter) {
            return Err(Reject::Replayed { counter });
        }
        window.mark(counter);
        Ok(Opened { sender, epoch, counter, payload })
    }

    /// The quantum key that an epoch rests on.
    #[must_use]
    pub fn root(&self, epoch: u32) -> Option<crate::ground::KeyId> {
        self.epochs.get(&epoch).map(|e| e.key.root)
    }
}

fn cipher(epoch: &EpochKey, sender: StationId) -> Aes256Gcm {
    let info = [b"dpn sender".as_slice(), &sender.0.to_le_bytes()].concat();
    let key = derive(epoch.key.expose(), &info);
    Aes256Gcm::new(key.expose().into())
}

fn nonce(sender: StationId, counter: u64) -> Nonce<aes_gcm::aead::consts::U12> {
    let mut nonce = [0; 12];
    nonce[..4].copy_from_slice(&sender.0.to_le_bytes());
    nonce[4..].copy_from_slice(&counter.to_le_bytes());
    nonce.into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ground::KeyId;
    use proptest::prelude::*;

    fn pair() -> (Member, Member) {
        let epoch = EpochKey {
            key: SessionKey::new(KeyId::derive(&[b"q"]), 12, [5; 32]),
            expires: SimTime::from_secs(10.0),
        };
        let (mut a, mut b) = (Member::new(StationId(1)), Member::new(StationId(2)));
        a.add_epoch(epoch.clone());
        b.add_epoch(epoch);
        (a, b)
    }

    #[test]
    fn what_is_wrong_with_a_message_is_said() {
        let (mut a, mut b) = pair();
        let now = SimTime::from_secs(1.0);
        let sent = a.protect(now, b"exit free", false).unwrap();
        assert_eq!(sent.len(), 9 + OVERHEAD_BYTES);
        assert_eq!(b.open(now, &sent).unwrap().payload, b"exit free");
        assert_eq!(b.open(now, &sent), Err(Reject::Replayed { counter: 1 }));
        assert_eq!(b.open(now, b"exit blocked"), Err(Reject::NoTag));
        let late = a.protect(now, b"x", true).unwrap();
        assert_eq!(b.open(SimTime::from_secs(10.0), &late), Err(Reject::Expired { epoch: 12 }));
        assert!(a.protect(SimTime::from_secs(10.0), b"x", true).is_none(), "fails closed");
        assert_eq!(Member::new(StationId(3)).open(now, &late), Err(Reject::UnknownEpoch { epoch: 12 }));
    }

    #[test]
    fn the_window_takes_late_messages_once() {
        let (mut a, mut b) = pair();
        let now = SimTime::ZERO;
        let sent: Vec<Vec<u8>> = (0..100u8).map(|i| a.protect(now, &[i], true).unwrap()).collect();
        assert!(b.open(now, &sent[90]).is_ok());
        assert!(b.open(now, &sent[50]).is_ok(), "late but within 64");
        assert!(b.open(now, &sent[50]).is_err());
        assert!(b.open(now, &sent[10]).is_err(), "older than the window");
        assert!(b.open(now, &sent[99]).is_ok());
    }

    proptest! {
        #[test]
        fn a_changed_bit_is_never_believed(payload in proptest::collection::vec(any::<u8>(), 0..80), encrypt in any::<bool>(), bit in any::<prop::sample::Index>()) {
            let (mut a, mut b) = pair();
            let mut sent = a.protect(SimTime::ZERO, &payload, encrypt).unwrap();
            let bit = bit.index(sent.len() * 8);
            sent[bit / 8] ^= 1 << (bit % 8);
            prop_assert!(b.open(SimTime::ZERO, &sent).is_err());
            sent[bit / 8] ^= 1 << (bit % 8);
            prop_assert_eq!(b.open(SimTime::ZERO, &sent).unwrap().payload, payload);
        }

        #[test]
        fn noise_is_refused_and_never_panics(bytes in proptest::collection::vec(any::<u8>(), 0..120)) {
            prop_assert!(pair().1.open(SimTime::ZERO, &bytes).is_err());
        }
    }
}
