//! Distillation of a block of the campus's size: 150 000 sifted bits at 1 % errors, hashed to 35 000.

use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use keyway_core::distill::cascade::{Corrector, Laid, Order};
use keyway_core::distill::toeplitz;
use keyway_core::ground::{Bits, Streams};

const SIFTED: usize = 150_000;
const SECRET: usize = 35_000;

fn bits(name: &str, len: usize, ones: f64) -> Bits {
    let mut rng = Streams::new(1).stream(name);
    (0..len).map(|_| rng.chance(ones)).collect()
}

fn reconcile(c: &mut Criterion) {
    let truth = bits("truth", SIFTED, 0.5);
    let noisy = truth.xor(&bits("errors", SIFTED, 0.01));
    let mut group = c.benchmark_group("distill");
    group.throughput(Throughput::Elements(SIFTED as u64));
    group.bench_function("Cascade, both sides", |b| {
        b.iter(|| {
            let order = Order::new(SIFTED, 7);
            let alice = Laid::new(&truth, &order);
            let mut bob = Corrector::new(order, &noisy, 0.01);
            let mut questions = bob.start();
            while !questions.is_empty() {
                let answers: Vec<bool> = questions.iter().map(|r| alice.parity(*r)).collect();
                questions = bob.answer(&answers);
            }
            assert_eq!(bob.bits(), &truth);
            bob.leak_bits
        });
    });
    group.finish();
}

fn amplify(c: &mut Criterion) {
    let key = bits("key", SIFTED, 0.5);
    let seed = bits("seed", toeplitz::seed_bits(SIFTED, SECRET), 0.5);
    let mut group = c.benchmark_group("distill");
    group.throughput(Throughput::Elements(SIFTED as u64));
    group.bench_function("Toeplitz", |b| b.iter(|| toeplitz::hash(&key, &seed, SECRET)));
    // The plain way, a row of words for every one of the input: what the halving is measured against.
    group.bench_function("Toeplitz, row by row", |b| {
        b.iter_batched(|| Bits::zeros(SECRET), |sum| row_by_row(&key, &seed, sum), BatchSize::LargeInput);
    });
    group.finish();
}

fn row_by_row(key: &Bits, seed: &Bits, sum: Bits) -> Bits {
    let mut words = sum.words().to_vec();
    for offset in 0..64 {
        let shifted = seed.slice(offset, seed.len());
        for (i, word) in key.words().iter().enumerate() {
            if word >> offset & 1 == 1 {
                for (s, t) in words.iter_mut().zip(&shifted.words()[i..]) {
                    *s ^= t;
                }
            }
        }
    }
    let bytes: Vec<u8> = words.iter().flat_map(|w| w.to_le_bytes()).collect();
    Bits::from_bytes(&bytes, SECRET)
}

criterion_group!(benches, reconcile, amplify);
criterion_main!(benches);
