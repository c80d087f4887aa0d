//! Light: detections of one million pulses over a rooftop link, one second of the campus's source.

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use keyway_core::ground::Streams;
use keyway_core::link::sample::sample_slot;
use keyway_core::link::{Channel, Conditions, Detections, Params};

fn slot(c: &mut Criterion) {
    let params = Params::default();
    let channel =
        Channel::new(&params, 212.0, &Conditions { visibility_km: 20.0, eve_fraction: 0.0, blocked: false });
    let mut rng = Streams::new(1).stream("bench");
    let mut group = c.benchmark_group("link");
    group.throughput(Throughput::Elements(1_000_000));
    group.bench_function("slot of a million pulses", |b| {
        b.iter(|| {
            let mut out = Detections::default();
            sample_slot(&params, &channel, 1_000_000, &mut rng, &mut out);
            out.clicks()
        });
    });
    group.finish();
}

criterion_group!(benches, slot);
criterion_main!(benches);
