//! The world: ten seconds of the campus, everything on, and a checkpoint.

use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use keyway_core::sim::{Scenario, World};

fn campus(c: &mut Criterion) {
    let scenario = Scenario::warwick();
    let mut world = World::new(&scenario, 7, scenario.knobs());
    world.step_until(30.0, &mut Vec::new());
    let mut group = c.benchmark_group("sim");
    group.sample_size(20);
    group.bench_function("ten seconds of the campus", |b| {
        b.iter_batched(
            || world.clone(),
            |mut world| {
                let mut records = Vec::new();
                world.step_until(40.0, &mut records);
                records.len()
            },
            BatchSize::LargeInput,
        );
    });
    group.bench_function("checkpoint", |b| b.iter(|| world.clone()));
    group.bench_function("snapshot", |b| b.iter(|| world.snapshot()));
    group.finish();
}

criterion_group!(benches, campus);
criterion_main!(benches);
