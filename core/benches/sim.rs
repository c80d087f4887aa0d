//! The world: ten seconds of the campus, everything on, a checkpoint and a picture; the last two with a thousand road users
//! as well.

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
    let scenario = crowded(1_000);
    let mut world = World::new(&scenario, 7, scenario.knobs());
    world.step_until(30.0, &mut Vec::new());
    group.bench_function("checkpoint, a thousand road users", |b| b.iter(|| world.clone()));
    group.bench_function("snapshot, a thousand road users", |b| b.iter(|| world.snapshot()));
    group.finish();
}

/// The campus with so many cars that go up and down its roads.
fn crowded(cars: usize) -> Scenario {
    let mut file: serde_json::Value =
        serde_json::from_str(&Scenario::warwick().to_json()).expect("the scenario writes JSON");
    let roads = file["map"]["roads"].as_array().cloned().unwrap_or_default();
    let users = (0..cars).map(|i| {
        let up = roads[i % roads.len()]["points"].as_array().cloned().unwrap_or_default();
        let down = up.iter().rev().skip(1).cloned();
        let tour: Vec<_> = up.iter().cloned().chain(down).cycle().take(40 * up.len()).collect();
        let id = format!("car {i}");
        serde_json::json!({ "id": id, "kind": "car", "points": tour, "speed_mps": 9, "depart_s": 0 })
    });
    file["road_users"] = users.collect();
    Scenario::from_json(&file.to_string()).expect("the campus takes cars")
}

criterion_group!(benches, campus);
criterion_main!(benches);
