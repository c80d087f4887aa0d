//! The Key Store: a full pool filled and taken out again, key by key.

use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use keyway_core::ground::{BlockId, KeyId, Provenance, SecretKey};
use keyway_core::kmm::Pool;
use std::sync::Arc;

const KEYS: u32 = 256;

fn pool(c: &mut Criterion) {
    let from = Arc::new(Provenance::installation(BlockId { link: "a-b".into(), seq: 0 }));
    let keys: Vec<SecretKey> = (0..KEYS)
        .map(|i| SecretKey::new(KeyId::derive(&[&i.to_le_bytes()]), from.clone(), [7; 32]))
        .collect();
    let mut group = c.benchmark_group("kmm");
    group.throughput(Throughput::Elements(u64::from(KEYS)));
    group.bench_function("store and take", |b| {
        b.iter_batched(
            || (Pool::new("a-b".into(), "b".into(), KEYS * 256, 0), keys.clone()),
            |(mut pool, keys)| {
                assert_eq!(pool.store(keys), KEYS);
                (0..KEYS).filter_map(|_| pool.take(1, true)).count()
            },
            BatchSize::SmallInput,
        );
    });
    group.finish();
}

criterion_group!(benches, pool);
criterion_main!(benches);
