//! The products without carry-less multiplication: rows and tables of sums (the method of the Four Russians).

use super::field::{Element, add, fold, times_z};
use super::halving::{Square, halve};
use super::pair;
use super::path::{Job, Kind, Level};

/// Words of the side of a square that is computed row by row.
pub const LEAF: usize = 32;
/// Elements of a block from which on a table for its factor is worth building.
const TABLE_FROM: usize = 32;

/// Does the job.
pub fn run(job: Job<'_>) {
    match job.additions() {
        Some(Job::Square(square)) => halves(square),
        Some(Job::Level(level)) => butterflies(level),
        Some(Job::Products { sum, a, b }) => {
            let mut rows = [[pair::of(0, 0); 16]; 4];
            for ((sum, a), b) in sum.iter_mut().zip(a).zip(b) {
                fill_rows(&mut rows, *b);
                *sum = add(*sum, stepwise(&rows, *a));
            }
        }
        _ => {}
    }
}

fn halves(square: Square<'_>) {
    halve(square, LEAF, leaf, halves);
}

/// Sums of the matrix moved down by 0 to 3 bits and by 4 to 7, for each nibble (Arlazarov, Dinic, Kronrod and
/// Faradzhev 1970): then each byte of the vector adds two rows, from its own byte on.
///
/// The loops are written for the compiler to make vectors of: their lengths are not known to it, so that it does not
/// unroll them first.
fn leaf(Square { t, x, y, .. }: Square<'_>) {
    // Sums of the seed, which is public.
    let mut sums = [[0u8; 16 * LEAF]; 32];
    for bit in 0..8 {
        let (known, new) = sums.split_at_mut(16 * (bit / 4) + (1 << (bit % 4)));
        let Some((single, new)) = new.split_first_mut() else { return };
        let above = t.iter().skip(1).chain([&0]);
        for ((place, low), high) in single.as_chunks_mut().0.iter_mut().zip(t).zip(above) {
            *place = (low >> bit | high << 1 << (63 - bit)).to_le_bytes();
        }
        for (new, known) in new.iter_mut().zip(&known[16 * (bit / 4)..][1..]) {
            let (new, single) = (new.as_chunks_mut().0.iter_mut(), single.as_chunks().0);
            for ((new, a), b) in new.zip(single).zip(known.as_chunks().0).take(t.len()) {
                *new = (u64::from_le_bytes(*a) ^ u64::from_le_bytes(*b)).to_le_bytes();
            }
        }
    }
    for (i, x) in x.iter().enumerate() {
        let bytes = x.to_le_bytes();
        for (half, bytes) in bytes.as_chunks::<4>().0.iter().enumerate() {
            let row = |k: usize, nibble: u8| {
                let from = 8 * i + 4 * half + k;
                sums[usize::from(nibble)][from..from + 8 * LEAF].as_chunks::<8>().0
            };
            let low: [_; 4] = std::array::from_fn(|k| row(k, bytes[k] & 15));
            let high: [_; 4] = std::array::from_fn(|k| row(k, 16 + (bytes[k] >> 4)));
            for (i, y) in y.iter_mut().enumerate().take(LEAF) {
                let word =
                    |rows: &[&[[u8; 8]]; 4]| rows.iter().fold(0, |sum, row| sum ^ u64::from_le_bytes(row[i]));
                *y ^= word(&low) ^ word(&high);
            }
        }
    }
}

fn butterflies(level: Level<'_>) {
    let kind = level.kind;
    if level.half < TABLE_FROM {
        let mut rows = [[pair::of(0, 0); 16]; 4];
        level.each(|factor, p, q| {
            fill_rows(&mut rows, factor.plain);
            pairs(kind, p, q, |x| stepwise(&rows, x));
        });
        return;
    }
    let mut rows = [[pair::of(0, 0); 16]; 32];
    level.each(|factor, p, q| {
        fill_rows(&mut rows, factor.plain);
        pairs(kind, p, q, |x| product(&rows, x));
    });
}

#[inline(always)]
fn pairs(kind: Kind, p: &mut [Element], q: &mut [Element], times: impl Fn(Element) -> Element) {
    for (p, q) in p.iter_mut().zip(q) {
        if kind == Kind::Back {
            *q = add(*q, *p);
        }
        *p = add(*p, times(*q));
        if kind != Kind::Back {
            *q = add(*q, *p);
        }
    }
}

/// Row i: the products of a factor with each nibble and z^(128 i / N).
type Rows<const N: usize> = [[pair::Register; 16]; N];

fn fill_rows<const N: usize>(rows: &mut Rows<N>, factor: Element) {
    let mut power = factor;
    for (i, row) in rows.iter_mut().enumerate() {
        for place in 0..4 {
            let single = pair::of(power[0], power[1]);
            for lower in 0..1 << place {
                row[(1 << place) + lower] = pair::xor(single, row[lower]);
            }
            power = times_z(power);
        }
        if N == 4 && i < N {
            // On from z^4 to z^32.
            let [low, high] = power;
            power = add([low << 28, high << 28 | low >> 36], fold(high >> 36));
        }
    }
}

/// With a row for each nibble.
#[inline(always)]
fn product(rows: &Rows<32>, x: Element) -> Element {
    let mut sum = pair::of(0, 0);
    for (half, x) in rows.as_chunks::<16>().0.iter().zip(x) {
        for (i, row) in half.iter().enumerate() {
            sum = pair::xor(sum, row[(x >> (4 * i) & 15) as usize]);
        }
    }
    pair::words(sum)
}

/// With a row for each eighth nibble, and a product with z^4 between.
#[inline(always)]
fn stepwise(rows: &Rows<4>, x: Element) -> Element {
    let mut sum = [0; 2];
    for step in (0..8).rev() {
        let mut four = pair::of(0, 0);
        for (i, row) in rows.iter().enumerate() {
            four = pair::xor(four, row[(x[i / 2] >> (32 * (i % 2) + 4 * step) & 15) as usize]);
        }
        let [low, high] = sum;
        sum = add(add([low << 4, high << 4 | low >> 60], fold(high >> 60)), pair::words(four));
    }
    sum
}
