//! The one stream of typed events: records, their plain words, and the digest of a whole run.

use super::event::Event;
use super::snapshot::LogLine;
use crate::ground::SimTime;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

/// One event with its time. Records leave [`super::World::step_until`] in order of time and are no part of the
/// world.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Record {
    /// When.
    pub t: SimTime,
    /// What.
    pub event: Event,
}

impl Record {
    /// The event in plain words; `None` for what happens so often that no one would read it (single slots).
    #[must_use]
    pub fn log_line(&self) -> Option<LogLine> {
        let (floor, kind, text, bad) = self.event.words()?;
        let listing = super::listing::lines(self.t, &self.event);
        Some(LogLine { t_s: self.t.as_secs(), floor: floor.into(), kind: kind.into(), text, bad, listing })
    }
}

/// SHA-256 over the canonical event stream: each record as its length (four bytes, little-endian) and its
/// postcard bytes (floats as their bits).
#[derive(Clone, Default)]
pub struct Digest {
    hash: Sha256,
    records: u64,
}

impl std::fmt::Debug for Digest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Digest({} records)", self.records)
    }
}

impl Digest {
    /// Adds a record.
    pub fn add(&mut self, record: &Record) {
        // Postcard refuses only sequences of unknown length, and no event holds one.
        let bytes = postcard::to_stdvec(record).unwrap_or_default();
        self.hash.update((bytes.len() as u32).to_le_bytes());
        self.hash.update(&bytes);
        self.records += 1;
    }

    /// Records so far.
    #[must_use]
    pub fn records(&self) -> u64 {
        self.records
    }

    /// The digest of the records so far, in hexadecimal.
    #[must_use]
    pub fn hex(&self) -> String {
        self.hash.clone().finalize().iter().map(|b| format!("{b:02x}")).collect()
    }
}
