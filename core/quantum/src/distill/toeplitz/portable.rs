//! The products without carry-less multiplication: rows and tables of sums (the method of the Four Russians).
//!
//! The tables are indexed by four bits of the key, or of sums of its bits: the time of a load can depend on them.

use super::field::{Element, add, fold, times_z};
use super::job::{Job, Kind, Level};
use super::pair;
use super::square::{PLAIN, Square, halve};

/// Words of the side of a square that is computed row by row.
pub const LEAF: usize = 32;
/// Elements of a block from which on a table for its factor is worth building.
const TABLE_FROM: usize = 32;

/// Does the job.
pub fn run(job: Job<'_>) {
    match job.additions() {
        Some(Job::Square(square)) => halves(&mut [[0; 16 * LEAF]; 32], square),
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

fn halves(sums: &mut Sums, square: Square<'_>) {
    halve::<PLAIN, _>(square, LEAF, sums, leaf, halves);
}

/// Sums of the matrix moved down by 0 to 3 bits and by 4 to 7, for each nibble (Arlazarov, Dinic, Kronrod and
/// Faradzhev 1970): then each byte of the vector adds two rows, from its own byte on.
fn leaf(sums: &mut Sums, t: &[u64], x: &[u64], y: &mut [u64]) {
    fill_sums(sums, t);
    for (strip, y) in y.chunks_exact_mut(STRIP).enumerate() {
        let mut strip_sums = [pair::of(0, 0); STRIP / 2];
        for (i, x) in x.iter().enumerate().take(LEAF) {
            for (k, byte) in x.to_le_bytes().into_iter().enumerate() {
                let from = 8 * (STRIP * strip + i) + k;
                let row = |nibble: u8| &sums[usize::from(nibble)][from..from + 8 * STRIP];
                let (low, high) = (row(byte & 15).as_chunks().0, row(16 + (byte >> 4)).as_chunks().0);
                for (sum, (low, high)) in strip_sums.iter_mut().zip(low.iter().zip(high)) {
                    *sum = pair::xor(*sum, pair::xor(pair::load(low), pair::load(high)));
                }
            }
        }
        for (y, sum) in y.as_chunks_mut().0.iter_mut().zip(strip_sums) {
            *y = pair::words(sum);
        }
    }
}

/// Words of the product that are summed in registers.
const STRIP: usize = 16;

/// A row of bytes for each sum.
type Sums = [[u8; 16 * LEAF]; 32];

/// Of the seed, which is public. Rows 0 and 16 stay zero.
#[inline(never)]
fn fill_sums(sums: &mut Sums, t: &[u64]) {
    let mut words = [0; 2 * LEAF + 1];
    words.iter_mut().zip(t).for_each(|(word, t)| *word = *t);
    for i in 0..LEAF {
        let (here, above) =
            (pair::of(words[2 * i], words[2 * i + 1]), pair::of(words[2 * i + 1], words[2 * i + 2]));
        let mut row = [pair::of(0, 0); 16];
        for half in 0..2 {
            for place in 0..4 {
                let single = pair::down(here, above, 4 * half + place);
                for lower in 0..1 << place {
                    row[(1 << place) + lower] = pair::xor(single, row[lower]);
                }
            }
            for (sums, row) in sums[16 * half as usize..].iter_mut().zip(row).skip(1) {
                pair::store(row, &mut sums.as_chunks_mut().0[i]);
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
