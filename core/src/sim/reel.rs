//! A long list in order of time, kept small. The newest entries lie open; the others are packed in pieces of
//! [`PIECE`], each unpacked only when it is asked for. Once there is no more room, the oldest piece goes.
//!
//! A record takes a quarter of its memory so, a log line a tenth, and no block of memory is large: nothing moves as
//! the list grows, and what goes leaves a hole that the next piece fits.

use super::Record;
use super::snapshot::LogLine;
use miniz_oxide::deflate::compress_to_vec;
use miniz_oxide::inflate::decompress_to_vec_with_limit;
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::borrow::Cow;
use std::collections::VecDeque;
use std::marker::PhantomData;
use std::ops::Range;

/// Entries of a piece. With fewer, less is found to pack together; with more, looking at one takes longer.
pub const PIECE: usize = 128;
/// How hard is packed, of 10: harder gains nothing.
const EFFORT: u8 = 3;

/// Something with its time.
pub trait Timed {
    /// Simulated seconds.
    fn t_s(&self) -> f64;
}

impl Timed for Record {
    fn t_s(&self) -> f64 {
        self.t.as_secs()
    }
}

impl Timed for LogLine {
    fn t_s(&self) -> f64 {
        self.t_s
    }
}

/// [`PIECE`] entries, packed.
#[derive(Clone, Debug)]
struct Packed {
    first_s: f64,
    last_s: f64,
    /// Bytes before packing.
    bytes: u32,
    packed: Box<[u8]>,
}

impl Packed {
    fn of<T: Timed + Serialize>(entries: &[T]) -> Self {
        let time = |entry: Option<&T>| entry.map_or(0.0, T::t_s);
        let mut bytes = Vec::new();
        for entry in entries {
            // Postcard refuses only sequences of unknown length, and no entry holds one.
            bytes.extend(postcard::to_stdvec(entry).unwrap_or_default());
        }
        let packed = compress_to_vec(&bytes, EFFORT).into_boxed_slice();
        let (first_s, last_s) = (time(entries.first()), time(entries.last()));
        Self { first_s, last_s, bytes: bytes.len() as u32, packed }
    }

    fn unpack<T: DeserializeOwned>(&self) -> Vec<T> {
        // What was packed here is whole; were it not, what can be read of it is.
        let bytes = decompress_to_vec_with_limit(&self.packed, self.bytes as usize).unwrap_or_default();
        let (mut rest, mut entries) = (bytes.as_slice(), Vec::with_capacity(PIECE));
        while let Ok((entry, after)) = postcard::take_from_bytes(rest) {
            entries.push(entry);
            rest = after;
        }
        entries
    }
}

/// The list.
#[derive(Clone, Debug)]
pub struct Reel<T> {
    pieces: VecDeque<Packed>,
    /// The newest, fewer than [`PIECE`].
    open: Vec<T>,
    room: usize,
    gone: usize,
    of: PhantomData<T>,
}

impl<T: Timed + Clone + Serialize + DeserializeOwned> Reel<T> {
    /// An empty one that keeps `room` entries, up to a piece more.
    #[must_use]
    pub fn new(room: usize) -> Self {
        // Reserved once: a list that grows by doubling leaves holes where it was.
        let pieces = VecDeque::with_capacity((room / PIECE).min(1 << 12) + 2);
        Self { pieces, open: Vec::with_capacity(PIECE), room, gone: 0, of: PhantomData }
    }

    /// Adds an entry, not older than the last. The oldest entries, where they had to go for it.
    pub fn push(&mut self, entry: T) -> Vec<T> {
        self.open.push(entry);
        if self.open.len() < PIECE {
            return Vec::new();
        }
        self.pieces.push_back(Packed::of(&self.open));
        self.open.clear();
        let oldest = if self.len() > self.room { self.pieces.pop_front() } else { None };
        let went = oldest.map_or_else(Vec::new, |piece| piece.unpack());
        self.gone += went.len();
        went
    }

    /// Entries that are kept.
    #[must_use]
    pub fn len(&self) -> usize {
        self.pieces.len() * PIECE + self.open.len()
    }

    /// Nothing is kept.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Older entries that have gone.
    #[must_use]
    pub fn gone(&self) -> usize {
        self.gone
    }

    /// The time of the oldest entry, seconds.
    #[must_use]
    pub fn first_s(&self) -> Option<f64> {
        self.pieces.front().map(|p| p.first_s).or_else(|| self.open.first().map(T::t_s))
    }

    /// Bytes that the packed entries take.
    #[must_use]
    pub fn packed_bytes(&self) -> usize {
        self.pieces.iter().map(|p| p.packed.len() + size_of::<Packed>()).sum()
    }

    /// How many of the entries are not later than `t_s`, seconds.
    #[must_use]
    pub fn until(&self, t_s: f64) -> usize {
        let whole = self.pieces.partition_point(|p| p.last_s <= t_s);
        let before = whole * PIECE;
        match self.pieces.get(whole) {
            Some(piece) if piece.first_s > t_s => before,
            _ => before + self.piece(whole).partition_point(|entry| entry.t_s() <= t_s),
        }
    }

    /// Piece `n` of [`PIECE`] entries, the oldest first; of the newest as many as there are, and none after it.
    #[must_use]
    pub fn piece(&self, n: usize) -> Cow<'_, [T]> {
        match self.pieces.get(n) {
            Some(piece) => Cow::Owned(piece.unpack()),
            None if n == self.pieces.len() => Cow::Borrowed(&self.open),
            None => Cow::Owned(Vec::new()),
        }
    }

    /// These entries, unpacked piece by piece.
    pub fn iter(&self, range: Range<usize>) -> impl Iterator<Item = T> + '_ {
        let pieces = range.start / PIECE..range.end.min(self.len()).div_ceil(PIECE);
        pieces.flat_map(move |n| {
            let entries = self.piece(n);
            let (first, len) = (n * PIECE, entries.len());
            let inside = range.start.saturating_sub(first).min(len)..range.end.saturating_sub(first).min(len);
            entries.get(inside).map_or_else(Vec::new, <[T]>::to_vec)
        })
    }

    /// Forgets all but the first `len` entries.
    pub fn truncate(&mut self, len: usize) {
        let whole = len / PIECE;
        if whole < self.pieces.len() {
            self.open = self.piece(whole).into_owned();
            self.pieces.truncate(whole);
        }
        self.open.truncate(len - (self.pieces.len() * PIECE).min(len));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sim::{Scenario, World};
    use proptest::prelude::*;

    /// What a minute of the built-in campus reports.
    fn minute() -> Vec<Record> {
        let scenario = Scenario::warwick();
        let mut records = Vec::new();
        World::new(&scenario, 7, scenario.knobs()).step_until(60.0, &mut records);
        records
    }

    #[test]
    fn what_a_run_reports_comes_back_as_it_was_and_takes_half_its_bytes() {
        let records = minute();
        let mut reel = Reel::new(usize::MAX);
        records.iter().for_each(|r| assert!(reel.push(r.clone()).is_empty()));
        assert!(reel.iter(0..reel.len()).eq(records.iter().cloned()));
        let plain: usize = records.iter().map(|r| postcard::to_stdvec(r).unwrap().len()).sum();
        assert!(reel.packed_bytes() < plain / 2, "{} of {plain}", reel.packed_bytes());
        let lines: Vec<LogLine> = records.iter().filter_map(Record::log_line).collect();
        let mut log = Reel::new(usize::MAX);
        lines.iter().for_each(|l| assert!(log.push(l.clone()).is_empty()));
        assert!(log.iter(0..log.len()).eq(lines.iter().cloned()));
        let each = log.packed_bytes() / lines.len();
        assert!(each < 24, "{each} bytes a line");
    }

    #[test]
    fn ten_times_as_much_is_no_larger_and_what_went_is_handed_out() {
        let records = minute();
        let room = 3_000;
        let (mut reel, mut largest, mut went) = (Reel::new(room), 0, Vec::new());
        for n in 0..10 {
            for record in &records {
                let mut record = record.clone();
                record.t.0 += n * 60_000_000_000;
                went.extend(reel.push(record));
                assert!(reel.len() <= room + PIECE);
            }
            if n == 2 {
                largest = reel.packed_bytes();
            }
        }
        assert!(reel.packed_bytes() < largest * 11 / 10, "{} after {largest}", reel.packed_bytes());
        assert_eq!((went.len(), reel.gone()), (records.len() * 10 - reel.len(), went.len()));
        assert!(went.last().unwrap().t_s() <= reel.first_s().unwrap());
    }

    fn line(t_s: f64) -> LogLine {
        let (floor, kind, text) = ("its".into(), "dropped".into(), format!("at {t_s}"));
        LogLine { t_s, floor, kind, text, bad: true, listing: Vec::new() }
    }

    proptest! {
        #[test]
        fn it_is_the_list_that_it_stands_for(
            steps in prop::collection::vec(0..3u32, 0..700),
            room in 1..600usize,
            cut in 0..800usize,
            ask in (0..800usize, 0..800usize),
            at in 0.0..800.0f64,
        ) {
            let (mut reel, mut list, mut t) = (Reel::new(room), Vec::new(), 0);
            for step in steps {
                t += step;
                list.push(line(f64::from(t)));
                let went = reel.push(line(f64::from(t)));
                prop_assert!(went.iter().eq(list.drain(..went.len()).collect::<Vec<_>>().iter()));
            }
            prop_assert_eq!(reel.until(at), list.partition_point(|l| l.t_s <= at));
            let range = ask.0.min(list.len())..ask.1.min(list.len()).max(ask.0.min(list.len()));
            prop_assert!(reel.iter(range.clone()).eq(list[range].iter().cloned()));
            reel.truncate(cut);
            list.truncate(cut);
            reel.push(line(2_000.0));
            list.push(line(2_000.0));
            let skip = list.len() - reel.len();
            prop_assert!(reel.iter(0..reel.len()).eq(list[skip..].iter().cloned()));
            prop_assert_eq!(reel.first_s(), list.get(skip).map(|l| l.t_s));
        }
    }
}
