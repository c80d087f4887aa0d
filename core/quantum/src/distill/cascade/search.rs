//! Searches: an odd run is cut until its error is found. All searches of a view go on side by side.

use super::view::View;
use super::words::{self, BitQueue};
use crate::ground::Bits;

/// A search in an odd run: the run holds an odd number of errors and is cut until one bit is left.
#[derive(Clone, Copy, Debug)]
pub(super) struct Search {
    /// First position.
    pub start: u32,
    /// One past the last.
    pub end: u32,
    /// The other side's parity before the start.
    pub theirs: bool,
    /// Where the sum of the weights up to the start stands, once the run is weighed.
    pub sums: u32,
}

/// A search whose run is not weighed.
pub(super) const UNWEIGHED: u32 = u32::MAX;

impl Search {
    /// A search for every odd run of a view, in order.
    pub(super) fn take_all(view: &mut View, searches: &mut Vec<Self>) {
        view.take_odd(|start, end, theirs| searches.push(Self { start, end, theirs, sums: UNWEIGHED }));
    }
}

/// Narrows every search to the side of its cut that holds the error; one that comes down to a bit goes to `found`.
/// Returns the sides ("before") of those that had more than two bits.
pub(super) fn narrow(
    view: &mut View,
    at: &[u32],
    parities: &Bits,
    searches: &mut Vec<Search>,
    found: &mut Vec<u32>,
) -> Bits {
    // On which side an error lies is a fair coin: nothing here branches on it.
    let mut sides = BitQueue::new(at.len());
    let mut ended = vec![0; at.len()];
    let (mut end_count, mut kept) = (0, 0);
    let weighs = view.weighs();
    let mut word = 0;
    for (i, &at) in at.iter().enumerate() {
        let Some(&Search { start, end, theirs: theirs_start, sums }) = searches.get(i) else { break };
        if i % 64 == 0 {
            word = parities.words().get(i / 64).copied().unwrap_or(0);
        }
        let theirs = word & 1 == 1;
        word >>= 1;
        let before = view.cut(start, theirs_start, at, theirs);
        sides.push(before, end - start > 2);
        let mut search = Search {
            start: words::select(before, start, at),
            end: words::select(before, at, end),
            theirs: (before & theirs_start) | (!before & theirs),
            sums,
        };
        if sums != UNWEIGHED {
            search.sums = sums + (search.start - start);
        }
        if weighs {
            view.classify(search.start ^ start ^ at, search.end ^ end ^ at);
        }
        if let (Some(slot), Some(place)) = (searches.get_mut(kept), ended.get_mut(end_count)) {
            (*slot, *place) = (search, search.start);
        }
        let done = usize::from(search.end - search.start == 1);
        kept += 1 - done;
        end_count += done;
    }
    searches.truncate(kept);
    ended.truncate(end_count);
    ended.iter().for_each(|&position| view.classify(position, position + 1));
    found.append(&mut ended);
    sides.bits()
}
