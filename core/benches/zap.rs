//! Trust: one CPM's envelope, tagged and checked, and one reproduction of a device's secret from its silicon.

use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use keyway_core::ground::{KeyId, SessionKey, SimTime, StationId, Streams};
use keyway_core::zap::{EpochKey, Member, fuzzy};

fn envelope(c: &mut Criterion) {
    let member = |station| {
        let mut member = Member::new(StationId(station));
        let key = SessionKey::new(KeyId::derive(&[b"bench"]), 1, [5; 32]);
        member.add_epoch(EpochKey { key, expires: SimTime::from_secs(1e6) });
        member
    };
    let (sender, receiver) = (member(1), member(2));
    let payload = [7; 76];
    for (name, encrypt) in [("tag", false), ("tag and encrypt", true)] {
        c.bench_function(&format!("zap/{name}, both sides"), |b| {
            b.iter_batched(
                || (sender.clone(), receiver.clone()),
                |(mut sender, mut receiver)| {
                    let sealed = sender.protect(SimTime::ZERO, &payload, encrypt).expect("the epoch is good");
                    receiver.open(SimTime::ZERO, &sealed).expect("the tag is good")
                },
                BatchSize::SmallInput,
            );
        });
    }
}

fn silicon(c: &mut Criterion) {
    let mut rng = Streams::new(1).stream("bench");
    let read = (0..fuzzy::CELLS).map(|_| rng.chance(0.5)).collect();
    let (root, helper) = fuzzy::enrol(&read, &mut rng);
    c.bench_function("zap/secret from silicon", |b| {
        b.iter(|| assert!(fuzzy::reproduce(&read, &helper).as_ref() == Some(&root)));
    });
}

criterion_group!(benches, envelope, silicon);
criterion_main!(benches);
