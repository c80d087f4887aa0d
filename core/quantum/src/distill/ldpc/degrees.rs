//! How many checks hold each bit: the mix of degrees that decodes closest to the limit.
//!
//! The mixes were found by discretised density evolution over the binary symmetric channel with linear programming
//! from step to step (Richardson, Shokrollahi and Urbanke 2001; Chung, Forney, Richardson and Urbanke 2001), with
//! fewer columns of two edges than rows. Between them the mix is interpolated. The mix for 1 012 checks was found by
//! trial instead: 1 % at 1.25 times its entropy in frames of 25 kbit, where the columns of most edges matter more than
//! the limit: of 2 000 frames 37 failed where 56 did with the mix in between.

/// Degrees in use.
const DEGREES: [usize; 8] = [2, 3, 5, 6, 8, 12, 30, 36];

/// No bit is in more checks.
pub const MOST: usize = DEGREES[DEGREES.len() - 1];

/// Checks per 10 000 bits, and how many of 10 000 columns have each degree. Thresholds: error rates of 1, 2,
/// 3, 5, 8 and 11 % at 1.064, 1.061, 1.055, 1.045, 1.048 and 1.068 times their entropy.
const MIXES: [(u32, [u32; 8]); 7] = [
    (859, [816, 5493, 0, 61, 1928, 970, 732, 0]),
    (1012, [816, 5493, 52, 0, 1876, 970, 0, 780]),
    (1515, [1426, 5213, 0, 442, 1584, 581, 755, 0]),
    (2056, [1948, 4794, 0, 926, 1149, 302, 880, 0]),
    (3010, [2842, 4269, 34, 781, 1070, 328, 675, 0]),
    (4207, [3997, 3272, 404, 1118, 441, 226, 542, 0]),
    (5307, [4828, 2514, 736, 1202, 0, 200, 520, 0]),
];

/// The degree of each column, ascending, for a base matrix of this size; `rows` is 3 at least.
#[must_use]
pub fn columns(columns: usize, rows: usize) -> Vec<usize> {
    let checks = (rows * 10_000 / columns) as u32;
    let above = MIXES.iter().position(|m| m.0 >= checks).unwrap_or(MIXES.len() - 1);
    let (low, high) = (MIXES[above.saturating_sub(1)], MIXES[above]);
    let span = u64::from(high.0 - low.0).max(1);
    let part = u64::from(checks.clamp(low.0, high.0) - low.0);
    let mix = |d: usize| u64::from(low.1[d]) * (span - part) + u64::from(high.1[d]) * part;
    let total: u64 = (0..DEGREES.len()).map(mix).sum();
    let mut out = Vec::with_capacity(columns);
    let mut sum = 0;
    for (d, degree) in DEGREES.into_iter().enumerate() {
        sum += mix(d);
        let end = ((sum * columns as u64 + total / 2) / total) as usize;
        let end = if degree == 2 { end.min(rows - 1) } else { end };
        out.resize(end.max(out.len()), degree.min(rows));
    }
    out
}
