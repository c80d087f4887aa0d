//! What reconciliation costs: every way of it, by error rate and block, held against the limit of Shannon and the best
//! published variants.

use super::{Agreement, Axis, Claim, Curve, CurveKind, Plot, Report, Table};
use crate::distill::finite_key::entropy;
use crate::distill::ldpc::Codes;
use crate::distill::message::Method;
use crate::distill::party::VERIFY_BITS;
use crate::distill::reconcile::{Answers, Corrects, Next};
use crate::ground::{Bits, Rng, Streams};
use serde::Serialize;

/// Its name.
pub const ID: &str = "distill";

/// Error rates.
const QBERS: [f64; 6] = [0.01, 0.02, 0.03, 0.05, 0.08, 0.11];

/// Bits of a block.
const SIZES: [u32; 2] = [10_000, 100_000];

/// Parts of the study: a block's length at an error rate each.
pub const PARTS: u32 = (QBERS.len() * SIZES.len()) as u32;

/// Bits that each row reconciles in all.
const BITS: u32 = 2_000_000;

/// One way of reconciliation at one error rate and block.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Row {
    /// The way.
    pub method: Method,
    /// Share of the bits that are wrong, 0 to 1.
    pub qber: f64,
    /// Bits of a block.
    pub block_bits: u32,
    /// Blocks reconciled.
    pub blocks: u32,
    /// Bits told over the Shannon limit n h(Q) of the errors that were there, mean.
    pub efficiency: f64,
    /// Share of the blocks that are wrong in the end.
    pub frame_error_rate: f64,
    /// Questions and answers, mean.
    pub round_trips: f64,
    /// Bytes of all questions and answers a block, mean.
    pub bytes: f64,
    /// Sifted bits a second, both sides together, a million of them; none without a clock.
    pub mbit_per_s: Option<f64>,
    /// What an endless block of single photons with this error rate in both bases keeps of a sifted bit:
    /// (1 - FER)(1 - h(Q)) less what was told, 0 at least.
    pub secret_fraction: f64,
}

/// Runs every row. `clock` gives seconds since any fixed time, for the speeds; the core itself has none.
pub fn rows(seed: u64, clock: Option<&dyn Fn() -> f64>, progress: &mut dyn FnMut(f64)) -> Vec<Row> {
    let part = |part| {
        let share = |done: f64| (f64::from(part) + done) / f64::from(PARTS);
        rows_of(part, seed, clock, &mut |done| progress(share(done)))
    };
    (0..PARTS).flat_map(part).collect()
}

/// The rows of one part: every way.
fn rows_of(part: u32, seed: u64, clock: Option<&dyn Fn() -> f64>, progress: &mut dyn FnMut(f64)) -> Vec<Row> {
    let (qber, block_bits) = (QBERS[part as usize / SIZES.len()], SIZES[part as usize % SIZES.len()]);
    let mut codes = Codes::default();
    let of = |(i, method): (usize, &Method)| {
        let mut rng = Streams::new(seed).stream(&format!("{ID}/{qber}/{block_bits}"));
        row(*method, qber, block_bits, &mut rng, &mut codes, clock, &mut |share| {
            progress((i as f64 + share) / Method::ALL.len() as f64);
        })
    };
    Method::ALL.iter().enumerate().map(of).collect()
}

fn row(
    method: Method,
    qber: f64,
    block_bits: u32,
    rng: &mut Rng,
    codes: &mut Codes,
    clock: Option<&dyn Fn() -> f64>,
    progress: &mut dyn FnMut(f64),
) -> Row {
    let blocks = BITS / block_bits;
    let (mut limit, mut leak, mut failed, mut trips, mut bytes, mut spent_s) =
        (0.0, 0u64, 0u32, 0u32, 0usize, 0.0);
    let n = block_bits as usize;
    for block in 0..blocks {
        let mut random = vec![0; n.div_ceil(8)];
        rng.fill(&mut random);
        let alice = Bits::from_bytes(&random, n);
        let errors: Bits = (0..n).map(|_| rng.chance(qber)).collect();
        let bob = alice.xor(&errors);
        limit += n as f64 * entropy(errors.count_ones() as f64 / n as f64);
        let seed = rng.next_u64();
        let start = clock.map_or(0.0, |now| now());
        let mut answers = Answers::new(method, &alice, seed);
        // No length or rate here is out of any way's range.
        let Some((mut corrects, mut next)) = Corrects::new(method, &bob, seed, qber, codes) else { break };
        while let Next::Ask(question) = next {
            // Both are honest here: nothing is refused.
            let Ok(answer) = answers.answer(&question, rng, codes) else { break };
            bytes += question.len() + answer.len().div_ceil(8);
            let Ok(after) = corrects.take(&answer) else { break };
            next = after;
        }
        spent_s += clock.map_or(0.0, |now| now() - start);
        failed += u32::from(corrects.bits() != alice);
        leak += answers.leak_bits();
        trips += corrects.round_trips();
        progress(f64::from(block + 1) / f64::from(blocks));
    }
    let all = f64::from(blocks) * n as f64;
    let frame_error_rate = f64::from(failed) / f64::from(blocks);
    let told = (leak as f64 + f64::from(blocks) * VERIFY_BITS as f64) / all;
    Row {
        method,
        qber,
        block_bits,
        blocks,
        efficiency: leak as f64 / limit,
        frame_error_rate,
        round_trips: f64::from(trips) / f64::from(blocks),
        bytes: bytes as f64 / f64::from(blocks),
        mbit_per_s: clock.map(|_| all / spent_s * 1e-6),
        secret_fraction: ((1.0 - frame_error_rate) * (1.0 - entropy(qber)) - told).max(0.0),
    }
}

/// What cascade-cpp (commit 8240cab) comes to with the variant of Yan et al. (2008), the one that tells least: error rate,
/// bits of a block, efficiency.
const PUBLISHED: [(f64, u32, f64); 6] = [
    (0.01, 10_000, 1.095),
    (0.03, 10_000, 1.078),
    (0.05, 10_000, 1.076),
    (0.01, 100_000, 1.055),
    (0.03, 100_000, 1.061),
    (0.05, 100_000, 1.065),
];

/// A part of the study as a report; speeds are left out, since the same seed gives the same report.
#[must_use]
pub fn report(seed: u64, part: u32, progress: &mut dyn FnMut(f64)) -> Report {
    let rows = rows_of(part, seed, None, progress);
    let least = |qber: f64, bits: u32| {
        rows.iter()
            .filter(|r| (r.qber, r.block_bits) == (qber, bits) && r.frame_error_rate == 0.0)
            .min_by(|a, b| a.efficiency.total_cmp(&b.efficiency))
    };
    let claims = PUBLISHED.iter().filter_map(|&(qber, bits, published)| {
        let ours = least(qber, bits)?;
        Some(Claim {
            source: "Yan et al. 2008, as cascade-cpp runs it".into(),
            what: format!("bits told over the limit, {bits} bits at {:.0} %", qber * 100.0),
            paper: format!("{published:.3}"),
            ours: format!("{:.3} ({})", ours.efficiency, ours.method.name()),
            agrees: Agreement::of(ours.efficiency <= published + 5e-4),
            why: "less is better: it agrees where ours tells no more".into(),
        })
    });
    let columns = [
        "QBER, %",
        "block, bit",
        "way",
        "told over the limit",
        "blocks wrong, %",
        "round trips",
        "bytes a block",
        "kept of a sifted bit",
    ];
    let table = Table {
        title: "Reconciliation by error rate and block".into(),
        columns: columns.map(Into::into).to_vec(),
        rows: rows
            .iter()
            .map(|r| {
                vec![
                    format!("{:.0}", r.qber * 100.0),
                    r.block_bits.to_string(),
                    r.method.name().into(),
                    format!("{:.3}", r.efficiency),
                    format!("{:.1}", r.frame_error_rate * 100.0),
                    format!("{:.0}", r.round_trips),
                    format!("{:.0}", r.bytes),
                    format!("{:.3}", r.secret_fraction),
                ]
            })
            .collect(),
    };
    let lines = Method::ALL.iter().map(|method| Curve {
        name: method.name().into(),
        kind: CurveKind::Line,
        points: rows
            .iter()
            .filter(|r| r.method == *method && r.block_bits == SIZES[1])
            .map(|r| (r.qber * 100.0, r.efficiency))
            .collect(),
    });
    let plot = Plot {
        title: "Bits told over the Shannon limit, blocks of 100 000 bits".into(),
        x: Axis::new("QBER", "%"),
        y: Axis::new("told over the limit", ""),
        lines: lines.collect(),
    };
    Report { study: ID.into(), seed, claims: claims.collect(), tables: vec![table], plots: vec![plot] }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_counts_what_two_sides_say() {
        let mut rng = Streams::new(1).stream("row");
        let mut shares = Vec::new();
        let time = std::cell::Cell::new(0.0);
        let clock = || {
            time.set(time.get() + 1.0);
            time.get()
        };
        let row =
            row(Method::Cascade, 0.03, 100_000, &mut rng, &mut Codes::default(), Some(&clock), &mut |s| {
                shares.push(s)
            });
        assert_eq!((row.blocks, shares.len(), row.frame_error_rate), (20, 20, 0.0));
        assert!((1.0..1.12).contains(&row.efficiency), "{row:?}");
        assert!((row.mbit_per_s.unwrap() - 0.1).abs() < 1e-9, "20 blocks, a second each: {row:?}");
        let kept = 1.0 - entropy(0.03) * (1.0 + row.efficiency);
        assert!((row.secret_fraction - kept).abs() < 0.01, "{row:?}");
    }
}
