//! One pass of belief propagation over one row of circulants, in lanes.
//!
//! Beliefs are log-likelihood ratios in 16-bit integers, [`NAT`] to a nat, so that every target gives the same bits.
//! A check combines all its bits but the least sure one by box-plus as they come: that is the least sure one's answer,
//! exactly; with it the sum over all, which is the answer to every other (A-min*: Jones, Valles, Smith and Villasenor
//! 2003). Taking each bit's own part out of that sum made no fewer frames of 20 kbit fail, with 1 to 8 % errors, and
//! took a sixth of the time; it saves frames of 100 kbit that ask questions 0.2 % of their leak. Rows are layers: each
//! works on what the last one found (Mansour and Shanbhag 2003).
//!
//! Rounding adds up over the forty bits of a check, hence 16 bits and a correction good to 0.03 nats: a
//! coarser one failed on frames of 100 kbit that this decodes. Min-sum, without correction (answers scaled by 3/4),
//! decoded none of 100 frames of 20 kbit with 2 % errors at 1.35 times their entropy; this decodes 97 at 1.20.

use super::code::Edge;

/// Units of a belief in a nat.
pub const NAT: f64 = 36.5;

/// No message is surer than this, 20 nats: those of a column and a pinned bit together still fit 16 bits.
pub const SUREST: u16 = 730;

/// Lanes worked on together: two AVX-512 registers, so that one's arithmetic hides the other's delays; half as many
/// where registers are narrow. A divisor of 64.
const LANES: usize = if cfg!(target_arch = "x86_64") { 64 } else { 32 };

/// Square root of what is in `NAT * ln(1 + exp(-x / NAT))`, times 16: that is the eighth power of a line, to 0.03 nats.
/// Nothing is rounded up on the way; [`HALF`] makes good for it.
#[inline(always)]
fn fourth(x: u16) -> u16 {
    let line = 385u16.saturating_sub(x) >> 1;
    let two = (line * line) >> 8;
    (two * two) >> 8
}

/// What rounds a difference of logarithms: a half and what [`fourth`] leaves out in the mean. Rounding each square instead
/// took 6 % more time and decoded no more frames.
const HALF: u16 = 160;

/// Box-plus of two magnitudes: what two independent bits tell about their parity (Hagenauer, Offer and Papke 1996).
#[inline(always)]
fn plus(a: u16, b: u16) -> u16 {
    let (low, high) = (a.min(b), a.max(b));
    // The difference of two logarithms, rounded once.
    let (near, far) = (fourth(high - low), fourth(high + low));
    low.saturating_sub((near * near - far * far + HALF) >> 8)
}

/// The state that a row works on.
pub struct Work<'a> {
    /// Belief of each bit of the word, every column twice over and [`stride`] apart: whatever its shift, an entry reads
    /// it in one piece.
    pub beliefs: &'a mut [i16],
    /// What each entry's check last said: a circulant of lanes for each entry, row by row.
    pub messages: &'a mut [i16],
    /// 0 or -1 for each bit of the syndrome.
    pub parity: &'a [i16],
}

/// One row: `edges`, with its messages from entry `first` on, its parities from `row * z`. Returns how many
/// of its parities did not hold afterwards.
#[inline(always)]
fn update(w: &mut Work<'_>, z: usize, row: usize, first: usize, edges: &[Edge]) -> i32 {
    let beliefs = &mut *w.beliefs;
    let messages = &mut w.messages[first * z..(first + edges.len()) * z];
    let parities = &w.parity[row * z..][..z];
    let mut wrong = [0i16; LANES];
    // Lanes are copied in and out whole: so they stay in registers from one entry to the next.
    for at in (0..z).step_by(LANES) {
        let parity = *lanes(parities, at);
        let (mut least, mut rest, mut sign) = ([SUREST; LANES], [SUREST; LANES], parity);
        for (e, r) in edges.iter().zip(messages.chunks_exact(z)) {
            let (b, r) = (*lanes(beliefs, place(e, z) + at), *lanes(r, at));
            for i in 0..LANES {
                let told = b[i] - r[i];
                let size = told.unsigned_abs();
                sign[i] ^= told;
                rest[i] = plus(rest[i], size.max(least[i]));
                least[i] = size.min(least[i]);
            }
        }
        let mut all = [0; LANES];
        for i in 0..LANES {
            all[i] = plus(rest[i], least[i]);
        }
        let mut held = parity;
        for (e, r) in edges.iter().zip(messages.chunks_exact_mut(z)) {
            let (b, r) = (lanes_mut(beliefs, place(e, z) + at), lanes_mut(r, at));
            let (mut belief, mut says) = (*b, *r);
            for i in 0..LANES {
                let told = belief[i] - says[i];
                let others = u16::from(told.unsigned_abs() == least[i]).wrapping_sub(1);
                let left = (rest[i] ^ ((rest[i] ^ all[i]) & others)) as i16;
                let negative = (sign[i] ^ told) >> 15;
                says[i] = (left ^ negative) - negative;
                belief[i] = told + says[i];
                held[i] ^= belief[i];
            }
            (*b, *r) = (belief, says);
        }
        for i in 0..LANES {
            wrong[i] -= held[i] >> 15;
        }
    }
    for e in edges {
        // What was written from `shift` on is copied to where the other half of it is read: whole registers, of which
        // the last of the first half goes too far, into the room between columns.
        let shift = usize::from(e.shift);
        let column = &mut beliefs[usize::from(e.column) * stride(z)..][..stride(z)];
        for from in (shift..z).step_by(LANES) {
            column.copy_within(from..from + LANES, z + from);
        }
        for to in (0..shift).step_by(LANES) {
            column.copy_within(z + to..z + to + LANES, to);
        }
    }
    wrong.iter().map(|w| i32::from(*w)).sum()
}

/// Whether all parities of a row hold for the bits as they are believed to be. Far less work than [`Update`].
pub fn holds(beliefs: &[i16], parity: &[i16], z: usize, row: usize, edges: &[Edge]) -> bool {
    let parities = &parity[row * z..][..z];
    (0..z).step_by(LANES).all(|at| {
        let mut sign = *lanes(parities, at);
        for e in edges {
            let b = lanes(beliefs, place(e, z) + at);
            for i in 0..LANES {
                sign[i] ^= b[i];
            }
        }
        sign.iter().fold(0, |any, s| any | s) >= 0
    })
}

/// Where an entry reads its column.
#[inline(always)]
fn place(e: &Edge, z: usize) -> usize {
    usize::from(e.column) * stride(z) + usize::from(e.shift)
}

/// Where the next column begins: each stands twice over, with room for a register.
#[inline(always)]
pub fn stride(z: usize) -> usize {
    2 * z + LANES
}

#[inline(always)]
fn lanes(of: &[i16], at: usize) -> &[i16; LANES] {
    of[at..].first_chunk().expect("a whole register") // rows and columns are multiples of LANES, twice over
}

#[inline(always)]
fn lanes_mut(of: &mut [i16], at: usize) -> &mut [i16; LANES] {
    of[at..].first_chunk_mut().expect("a whole register") // as above
}

/// A row's update as compiled for this machine.
pub type Update = fn(&mut Work<'_>, usize, usize, usize, &[Edge]) -> i32;

/// The update as it is compiled for any machine of this kind.
pub fn portable(w: &mut Work<'_>, z: usize, row: usize, first: usize, edges: &[Edge]) -> i32 {
    update(w, z, row, first, edges)
}

#[cfg(target_arch = "x86_64")]
mod wide {
    use super::{Edge, Work, update};

    #[target_feature(enable = "avx512f,avx512bw,avx512vl")]
    fn avx512(w: &mut Work<'_>, z: usize, row: usize, first: usize, edges: &[Edge]) -> i32 {
        update(w, z, row, first, edges)
    }

    #[target_feature(enable = "avx2")]
    fn avx2(w: &mut Work<'_>, z: usize, row: usize, first: usize, edges: &[Edge]) -> i32 {
        update(w, z, row, first, edges)
    }

    /// The same update in wider registers, where the machine has them.
    #[allow(unsafe_code)]
    pub fn detected() -> Option<super::Update> {
        if is_x86_feature_detected!("avx512bw") && is_x86_feature_detected!("avx512vl") {
            // SAFETY: the features that it is compiled for have just been found.
            return Some(|w, z, row, first, edges| unsafe { avx512(w, z, row, first, edges) });
        }
        if is_x86_feature_detected!("avx2") {
            // SAFETY: as above.
            return Some(|w, z, row, first, edges| unsafe { avx2(w, z, row, first, edges) });
        }
        None
    }
}

/// The fastest update that this machine runs. All give the same bits.
#[must_use]
pub fn best() -> Update {
    #[cfg(target_arch = "x86_64")]
    if let Some(update) = wide::detected() {
        return update;
    }
    portable
}
