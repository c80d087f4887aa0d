//! How long a link's pads last when somebody who is not Bob answers in his place (Stavdas et al., section 5: key exhaustion).
//!
//! Whoever takes the beam plays a whole round with Alice, right up to her seal, which costs a pair of pads and brings none.
//! Three defences are compared: none; signatures once the pads are gone; and the proof of who speaks, before any pad is
//! spent. When the stranger has left, Bob comes back.

use super::{Agreement, Axis, Claim, Curve, CurveKind, Plot, Report, Table};
use crate::distill::{self, Rules, round};
use crate::ground::{BlockId, SimTime, Streams};
use crate::link::sampler::{Drawer, Memory};
use crate::link::{Channel, Conditions, Detections, Law};
use crate::sim::Scenario;
use serde::Serialize;

/// Its name.
pub const ID: &str = "exhaustion";

/// The stranger answers from the start until then, seconds.
const ATTACK_S: f64 = 240.0;

/// The end, seconds.
const UNTIL_S: f64 = 320.0;

/// Length of the link, metres: the campus's shortest is 212.
const RANGE_M: f64 = 250.0;

/// A defence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Defence {
    /// A round is sealed by pads or not at all, and nobody proves who he is.
    None,
    /// Nobody proves who he is; without pads a round is signed.
    Signatures,
    /// Each side proves who it is before a pad is spent.
    Proof,
}

impl Defence {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::None, Self::Signatures, Self::Proof];

    /// In words.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::None => "no defence",
            Self::Signatures => "signatures without pads",
            Self::Proof => "proof before pads",
        }
    }
}

/// The pool after a block.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Point {
    /// The defence.
    pub defence: Defence,
    /// Time, seconds.
    pub t_s: f64,
    /// Whether the stranger answered.
    pub attacked: bool,
    /// Pairs of pads that Alice has left.
    pub pairs_left: u32,
    /// Secret bits made so far.
    pub secret_bits: u64,
}

/// Every block of every defence, in the order of time.
#[must_use]
pub fn points(scenario: &Scenario, seed: u64, progress: &mut dyn FnMut(f64)) -> Vec<Point> {
    let shares = Defence::ALL.len() as f64;
    let runs = Defence::ALL.iter().enumerate().flat_map(|(i, defence)| {
        run(*defence, scenario, seed, &mut |share| progress((i as f64 + share) / shares))
    });
    runs.collect()
}

fn run(defence: Defence, scenario: &Scenario, seed: u64, progress: &mut dyn FnMut(f64)) -> Vec<Point> {
    let link = scenario.link_params();
    let params = distill::Params {
        prove_peer: defence == Defence::Proof,
        signatures: defence != Defence::None,
        ..scenario.distill_params().clone()
    };
    let streams = Streams::new(seed);
    let (id, rules) = ("exhausted".into(), Rules::new(link, &params));
    let [mut alice, mut bob] = round::installed(&id, &rules, &streams);
    let mut stranger = round::stranger(&id, &rules, &streams);

    let channel = Channel::new(link, RANGE_M, &Conditions::default());
    let law = Law::new(link, &channel, channel.mean_collected, 0.0);
    let drawer = Drawer::new(link, false);
    let mut rng = streams.stream("exhaustion/light");
    let mut memory = Memory::new(&mut rng);
    let block_s = link.block_pulses as f64 / link.source.pulse_rate_hz;
    let (mut points, mut secret_bits, mut seq) = (Vec::new(), 0, 0);
    let mut t_s = block_s;
    while t_s <= UNTIL_S {
        let mut slot = Detections::default();
        drawer.slot(&law, link.block_pulses, &mut memory, &mut rng, &mut slot);
        let attacked = t_s <= ATTACK_S;
        let other = if attacked { &mut stranger } else { &mut bob };
        let block = BlockId { link: id.clone(), seq };
        let start = SimTime::from_secs(t_s);
        let played = round::play([&mut alice, other], start, params.delay(), &block, slot);
        secret_bits += u64::from(played.secret_bits());
        points.push(Point { defence, t_s, attacked, pairs_left: alice.pairs_left(), secret_bits });
        progress(t_s / UNTIL_S);
        (seq, t_s) = (seq + 1, t_s + block_s);
    }
    points
}

/// When a defence's pool was empty first, seconds; `None` where it never was.
fn empty_s(points: &[Point], defence: Defence) -> Option<f64> {
    points.iter().find(|p| p.defence == defence && p.attacked && p.pairs_left == 0).map(|p| p.t_s)
}

/// The study as a report.
#[must_use]
pub fn report(scenario: &Scenario, seed: u64, progress: &mut dyn FnMut(f64)) -> Report {
    let points = points(scenario, seed, progress);
    let of = |d: Defence| points.iter().filter(move |p| p.defence == d);
    let recovered = |d: Defence| of(d).next_back().map_or(0, |p| p.secret_bits);
    let words = |d: Defence| {
        empty_s(&points, d).map_or("never empty".into(), |t_s| format!("empty after {t_s:.0} s"))
    };
    let block_s = scenario.link_params().block_pulses as f64 / scenario.link_params().source.pulse_rate_hz;
    let reserve = scenario.distill_params().reserve_pairs;
    let claims = vec![
        Claim {
            source: "Section 5".into(),
            what: "rounds with a party that is not who it should be use up the key".into(),
            paper: "key exhaustion attack, no figure".into(),
            ours: words(Defence::None),
            agrees: Agreement::of(empty_s(&points, Defence::None).is_some()),
            why: format!("{reserve} pairs of pads, one a block of {block_s:.0} s"),
        },
        Claim {
            source: "Section 5".into(),
            what: "how long an illegitimate party goes unnoticed".into(),
            paper: "up to 10 min of a round of 20 min at 10 dB".into(),
            ours: format!(
                "{:.0} ms after a block of {block_s:.0} s",
                4e3 * scenario.distill_params().delay().as_secs()
            ),
            agrees: Agreement::Differs,
            why: "the paper's round is a fibre link's, authenticated at its end; here the proof stands in the first \
                  messages after the photons"
                .into(),
        },
        Claim {
            source: "Section 5".into(),
            what: "a post-quantum algorithm that vouches for the next round mends it".into(),
            paper: "recorded in the literature, no figure".into(),
            ours: format!("{} bits made after the attack", recovered(Defence::Signatures)),
            agrees: Agreement::of(recovered(Defence::Signatures) > 0 && recovered(Defence::None) == 0),
            why: "without signatures the empty link makes no key ever again".into(),
        },
    ];
    let table = Table {
        title: "What becomes of the pads".into(),
        columns: [
            "defence",
            "pads",
            "pairs left after the attack",
            "pairs left in the end",
            "secret bits in the end",
        ]
        .map(Into::into)
        .to_vec(),
        rows: Defence::ALL
            .iter()
            .map(|d| {
                let after = of(*d).rfind(|p| p.attacked).map_or(0, |p| p.pairs_left);
                let end = of(*d).next_back().map_or(0, |p| p.pairs_left);
                vec![
                    d.name().into(),
                    words(*d),
                    after.to_string(),
                    end.to_string(),
                    recovered(*d).to_string(),
                ]
            })
            .collect(),
    };
    let lines = Defence::ALL.iter().map(|d| Curve {
        name: d.name().into(),
        kind: CurveKind::Steps,
        points: of(*d).map(|p| (p.t_s, f64::from(p.pairs_left))).collect(),
    });
    let plot = Plot {
        title: format!("Pairs of pads while a stranger answers, until {ATTACK_S:.0} s"),
        x: Axis::new("time", "s"),
        y: Axis::new("pairs left", ""),
        lines: lines.collect(),
    };
    Report { study: ID.into(), seed, claims, tables: vec![table], plots: vec![plot] }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_proof_keeps_the_pads_and_only_signatures_bring_them_back() {
        let scenario = Scenario::warwick();
        let points = points(&scenario, 1, &mut |_| ());
        let reserve = scenario.distill_params().reserve_pairs;
        let block_s =
            scenario.link_params().block_pulses as f64 / scenario.link_params().source.pulse_rate_hz;
        let empty = empty_s(&points, Defence::None).unwrap();
        assert!((empty - f64::from(reserve) * block_s).abs() < 1e-6, "{empty}");
        let last = |d| points.iter().rfind(|p| p.defence == d).unwrap();
        assert_eq!((last(Defence::None).pairs_left, last(Defence::None).secret_bits), (0, 0));
        assert!(empty_s(&points, Defence::Signatures).is_some());
        assert!(
            last(Defence::Signatures).pairs_left > reserve / 2 && last(Defence::Signatures).secret_bits > 0
        );
        assert!(points.iter().filter(|p| p.defence == Defence::Proof).all(|p| p.pairs_left == reserve));
        assert!(last(Defence::Proof).secret_bits > 0);
        assert!(points.iter().filter(|p| p.attacked).all(|p| p.secret_bits == 0));
    }
}
