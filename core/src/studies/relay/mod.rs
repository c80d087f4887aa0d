//! Kosmatos, Stavdas and Lord, "Design and Implementation of the QKD Control and Management Layers for Access Network
//! Deployments": keys reach two applications that share no quantum link, relayed by the trusted node between them.
//!
//! Two deployments are run: the three nodes of Figure 2 and the two nodes of the reference implementation (Figure 4). A
//! third run takes the keys of the second hop away. The scenario is of no meaning here: the paper's drivers are emulated.

mod judge;
mod testbed;

pub use testbed::{Act, Run, Setup, Tally, Wire, link, run};

use super::{Agreement, Axis, Claim, Curve, CurveKind, Plot, Report, Table};
use crate::kmm::store::KEY_BITS;
use crate::sim::Scenario;

/// Name of the study.
pub const ID: &str = "relay";

/// A step as the paper counts and words it, and what it is here.
type Step = (u8, &'static str, &'static [Act]);

/// Figure 2 and "The Sequence of QKDN Operations". The text does not print the number 8: it is the delivery between 7
/// and 9.
const NINE: [Step; 9] = [
    (1, "QKD modules create symmetric keys", &[Act::Made]),
    (2, "byte strings are delivered to the KMM modules", &[Act::Pushed]),
    (3, "application requests a secure connection", &[Act::Asked]),
    (4, "source SAE requests a new KDS; the KMM forwards it", &[Act::Requested, Act::Forwarded]),
    (5, "controller notifies the relevant KMMs", &[Act::Ordered]),
    (6, "KMM(A) allocates {n keys, X} and informs KMM(B)", &[Act::Allocated, Act::Told]),
    (7, "the same is repeated for B->C: KMM(B) sends X xor Y", &[Act::Relayed]),
    (8, "the two SAEs receive the same keys", &[Act::Given]),
    (9, "SAEs encrypt/decrypt the data exchanged", &[Act::Opened]),
];

/// Figure 4 and "Reference Implementation and Deployment".
const SEVEN: [Step; 7] = [
    (1, "emulated keys are generated and pushed to the KMMs", &[Act::Made, Act::Pushed]),
    (2, "keys are stored in the unallocated keys queue", &[Act::Stored]),
    (3, "a SAE launches a KDS request to the source KMM", &[Act::Requested]),
    (4, "the KMM creates a new QKD service", &[Act::Created]),
    (5, "the allocation service allocates spare keys", &[Act::Allocated]),
    (6, "master sends a key allocation message, slave reciprocates", &[Act::Told, Act::Answered]),
    (7, "both SAEs receive the keys from their KMMs", &[Act::Given]),
];

/// The three nodes of Figure 2, with the service of the reference implementation: one key a second, for a minute.
#[must_use]
pub fn figure_2() -> Setup {
    Setup { nodes: 3, keys_per_s: 1.0, driver_keys_per_s: 2, ask_s: 2.5, until_s: 60.0, stop: None }
}

/// The two nodes of the reference implementation.
#[must_use]
pub fn figure_4() -> Setup {
    Setup { nodes: 2, ..figure_2() }
}

/// [`figure_2`] with B-C's driver stopped after 20 s.
#[must_use]
pub fn starved() -> Setup {
    Setup { stop: Some((1, 20.0)), ..figure_2() }
}

/// The study. Nothing of the scenario is needed.
pub(super) fn report(_: &Scenario, seed: u64, progress: &mut dyn FnMut(f64)) -> Report {
    let mut done = 0.0;
    let mut part = |setup: Setup| {
        let run = run(&setup, seed, &mut |t_s| progress((done + t_s / setup.until_s) / 3.0));
        done += 1.0;
        run
    };
    let (relayed, single, starved) = (part(figure_2()), part(figure_4()), part(starved()));
    let mut claims = vec![
        key_size(&relayed),
        rate(&relayed, "Reference Implementation", "keys delivered over two hops"),
        same_keys(&relayed, "Sequence of QKDN Operations", "keys at SAE(A) and SAE(C)"),
        exclusive_or(&relayed),
        masters(&relayed),
        in_order(&relayed, &NINE, "Figure 2", "the nine steps"),
        data(&relayed),
        cycle(&relayed),
    ];
    claims.extend([
        in_order(&single, &SEVEN, "Figure 4", "the seven steps of the deployment with one hop"),
        rate(&single, "Reference Implementation", "keys delivered over one hop"),
        same_keys(&single, "Reference Implementation", "keys at SAE(A) and SAE(B)"),
        cost(&relayed),
        fails_closed(&starved),
    ]);
    Report {
        study: ID.into(),
        seed,
        claims,
        tables: vec![
            steps(&relayed, &NINE, "The nine steps of Figure 2"),
            steps(&single, &SEVEN, "The seven steps of the reference implementation, one hop"),
            pools(&relayed),
        ],
        plots: vec![
            levels(&relayed, "Pools, two hops"),
            delivered(&relayed, "Keys delivered, two hops"),
            levels(&starved, "Pools, B-C's driver stopped at 20 s"),
            delivered(&starved, "Keys delivered, B-C's driver stopped at 20 s"),
        ],
    }
}

fn claim(source: &str, what: &str, paper: &str, ours: String, agrees: Agreement, why: &str) -> Claim {
    let (source, what) = (source.into(), what.into());
    Claim { source, what, paper: paper.into(), ours, agrees, why: why.into() }
}

fn key_size(run: &Run) -> Claim {
    let sizes: Vec<usize> = run.given.iter().flatten().map(|(_, key)| key.expose().len()).collect();
    let same = !sizes.is_empty() && sizes.iter().all(|&bytes| bytes == 32);
    claim(
        "Reference Implementation",
        "size of a key",
        "32 bytes",
        format!("{} bytes each, {} keys", sizes.iter().max().unwrap_or(&0), sizes.len()),
        Agreement::of(same),
        "Here a key's type holds 32 bytes and no other number. The paper writes them in base 64.",
    )
}

fn rate(run: &Run, source: &str, what: &str) -> Claim {
    let [near, far] = judge::steady_rates(run);
    let [a, b] = run.given.each_ref().map(Vec::len);
    claim(
        source,
        what,
        "1 key (of 32 bytes length) per sec, to both SAEs",
        format!("{near:.3} and {far:.3} keys a second; {a} and {b} keys in all"),
        Agreement::of([near, far].iter().all(|rate| (rate - 1.0).abs() < 0.01)),
        "Measured from 5 s after the first key: a new service is owed two keys at once. The drivers push two keys a \
         second; the paper does not say how many.",
    )
}

fn same_keys(run: &Run, source: &str, what: &str) -> Claim {
    let equal = judge::equal_keys(run);
    let all = run.given.each_ref().map(Vec::len);
    claim(
        source,
        what,
        "the two SAEs receive the same keys",
        format!("{equal} of {} equal in name and in every byte", all[0].max(all[1])),
        Agreement::of(equal > 0 && all == [equal; 2]),
        "",
    )
}

fn exclusive_or(run: &Run) -> Claim {
    let (right, all) = judge::relays(run);
    let bare = run.wires.iter().filter(|wire| wire.hop == 0 && !wire.wrapped.is_empty()).count();
    claim(
        "Sequence of QKDN Operations",
        "what goes over the wire from B to C",
        "KMM(B) sends X xor Y; KMM(C) combines it with Y and retrieves X",
        format!("{right} of {all} keys: sent bytes differ from X and Y, sent xor Y is X, SAE(C) holds X"),
        Agreement::of(all > 0 && right == all && bare == 0),
        "From A to B go names alone: both hold X.",
    )
}

fn masters(run: &Run) -> Claim {
    let of = |act: Act| -> Vec<String> {
        run.tallies.iter().filter(|t| t.act == act).map(|t| format!("{} to {}", t.from, t.to)).collect()
    };
    let (first, second) = (of(Act::Told), of(Act::Relayed));
    claim(
        "Sequence of QKDN Operations",
        "who decides on the keys of a hop",
        "KMM(A) is Master and KMM(B) Slave for A->B; KMM(B) is Master and KMM(C) Slave for B->C",
        format!("allocations go from {}, then from {}", first.join(", "), second.join(", ")),
        Agreement::of(first == ["KMM(A) to KMM(B)"] && second == ["KMM(B) to KMM(C)"]),
        "",
    )
}

fn in_order(run: &Run, expected: &[Step], source: &str, what: &str) -> Claim {
    let seen = judge::in_order(run, expected);
    claim(
        source,
        what,
        &format!("{} steps, one after the other", expected.len()),
        format!("{seen} of {} happen, each first time after that of the step before", expected.len()),
        Agreement::of(seen == expected.len()),
        "",
    )
}

fn data(run: &Run) -> Claim {
    let opened: u32 = run.tallies.iter().filter(|t| t.act == Act::Opened).map(|t| t.count).sum();
    claim(
        "Sequence of QKDN Operations, step 9",
        "data between the SAEs",
        "SAEs use the keys received to encrypt/decrypt the data",
        format!("{opened} messages opened at SAE(C), {} not", run.unreadable),
        Agreement::of(opened > 0 && run.unreadable == 0),
        "AES-256-GCM, one message a key; the paper names AES as an example and no mode.",
    )
}

fn cycle(run: &Run) -> Claim {
    let gaps: Vec<f64> = run.cycles.windows(2).map(|pair| pair[1].since(pair[0]).as_secs()).collect();
    let (least, most) = gaps.iter().fold((f64::INFINITY, 0.0f64), |(a, b), &g| (a.min(g), b.max(g)));
    claim(
        "Reference Implementation",
        "how often the key allocation service runs",
        "every 0.5 s",
        format!("every {least:.3} to {most:.3} s, {} times", run.cycles.len()),
        Agreement::of(!gaps.is_empty() && (least - 0.5).abs() < 1e-6 && (most - 0.5).abs() < 1e-6),
        "",
    )
}

fn cost(run: &Run) -> Claim {
    let keys = run.given[0].len();
    let each: Vec<String> = run
        .taken_bits
        .iter()
        .enumerate()
        .map(|(i, [master, slave])| {
            let per_key = |bits: &u64| *bits as f64 / f64::from(KEY_BITS) / keys.max(1) as f64;
            format!("{}: {:.2} at its master, {:.2} at its slave", link(i), per_key(master), per_key(slave))
        })
        .collect();
    claim(
        "Sequence of QKDN Operations",
        "link keys used up for one key from end to end",
        "no figure; X on the first hop and Y on the second",
        each.join("; "),
        Agreement::NotStated,
        "A key over n hops costs n keys of 256 bits, one of each hop, at both ends of the hop.",
    )
}

fn fails_closed(run: &Run) -> Claim {
    let last = |end: usize| run.given[end].last().map_or(0.0, |(at, _)| at.as_secs());
    let [a, c] = run.given.each_ref().map(Vec::len);
    let at = run.starved.map_or("never".into(), |t| format!("at {:.1} s", t.as_secs()));
    claim(
        "not in the paper",
        "B-C's driver stops at 20 s",
        "",
        format!(
            "{} keys were left to use; SAE(A) got {a}, the last at {:.1} s, SAE(C) {c}, the last at {:.1} s; the \
             service is reported starved {at}",
            run.made.get(1).map_or(0, std::collections::BTreeMap::len),
            last(0),
            last(1)
        ),
        Agreement::NotStated,
        "Without keys of every hop neither SAE gets a key: delivery stops, it does not go on in clear.",
    )
}

fn steps(run: &Run, expected: &[Step], title: &str) -> Table {
    let mut rows = Vec::new();
    for (number, words, acts) in expected {
        for tally in run.tallies.iter().filter(|t| acts.contains(&t.act)) {
            let way = if tally.from == tally.to {
                tally.from.clone()
            } else {
                format!("{} → {}", tally.from, tally.to)
            };
            let first = format!("{:.3}", tally.first.as_secs());
            rows.push(vec![number.to_string(), (*words).into(), way, first, tally.count.to_string()]);
        }
    }
    let columns = ["step", "the paper's words", "who → whom", "first time, s", "times"];
    Table { title: title.into(), columns: columns.map(String::from).to_vec(), rows }
}

fn pools(run: &Run) -> Table {
    let keys = |bits: f64| format!("{:.0}", bits / f64::from(KEY_BITS));
    let rows = run.made.iter().zip(&run.taken_bits).zip(&run.levels).enumerate();
    let rows = rows.map(|(i, ((made, taken), level))| {
        let left = level.last().map_or(0.0, |(_, bits)| *bits);
        let [master, slave] = taken.map(|bits| keys(bits as f64));
        vec![link(i).to_string(), made.len().to_string(), master, slave, keys(left)]
    });
    let columns = ["link", "keys made", "taken by the master", "taken by the slave", "keys left"];
    Table {
        title: "The pools of the two hops at the end".into(),
        columns: columns.map(String::from).to_vec(),
        rows: rows.collect(),
    }
}

fn levels(run: &Run, title: &str) -> Plot {
    let curve = |(i, points): (usize, &Vec<(f64, f64)>)| Curve {
        name: link(i).to_string(),
        kind: CurveKind::Steps,
        points: points.clone(),
    };
    Plot {
        title: title.into(),
        x: Axis::new("time", "s"),
        y: Axis::new("pool level", "bit"),
        lines: run.levels.iter().enumerate().map(curve).collect(),
    }
}

fn delivered(run: &Run, title: &str) -> Plot {
    let curve = |name: &str, end: usize| {
        let counted = run.given[end].iter().enumerate();
        let mut points = vec![(0.0, 0.0)];
        points.extend(counted.map(|(n, (at, _))| (at.as_secs(), (n + 1) as f64)));
        Curve { name: name.into(), kind: CurveKind::Steps, points }
    };
    Plot {
        title: title.into(),
        x: Axis::new("time", "s"),
        y: Axis::new("keys delivered", ""),
        lines: vec![curve("SAE(A)", 0), curve("SAE(C)", 1)],
    }
}
