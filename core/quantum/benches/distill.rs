//! Distillation: reconciliation of blocks of about 100 000 bits in every way, privacy amplification from 16 kbit to 10 Mbit, the
//! finite-key bounds, and both parties' whole chain on a block of a 100 MHz link at 10 dB.

use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use keyway_quantum::distill::asymptotic;
use keyway_quantum::distill::cascade::{Answerer, Corrector, Order, Plan, Questions, Variant};
use keyway_quantum::distill::finite_key::{Block, Bound, Choice, Coincidence, Expected, lim2014};
use keyway_quantum::distill::ldpc::{self, Codes, Decoder, Sender, Settings, Step};
use keyway_quantum::distill::{self, Rules, round, toeplitz};
use keyway_quantum::ground::{Bits, BlockId, SimTime, Streams};
use keyway_quantum::link::sampler::{Drawer, Memory};
use keyway_quantum::link::{self, Channel, Conditions, Detections, Law};
use std::hint::black_box;

const SIFTED: usize = 150_000;
const SECRET: usize = 35_000;

fn bits(name: &str, len: usize, ones: f64) -> Bits {
    let mut rng = Streams::new(1).stream(name);
    (0..len).map(|_| rng.chance(ones)).collect()
}

/// Both ends of Cascade in one thread, every message as the bytes that travel, orders made anew for each block. The
/// rate is that of sifted bits; one turn of the loop takes 16 blocks, so that no one block decides.
fn reconcile(c: &mut Criterion) {
    const LEN: usize = 100_000;
    const BLOCKS: u64 = 16;
    let mut group = c.benchmark_group("Cascade, both sides");
    group.throughput(Throughput::Elements(BLOCKS * LEN as u64));
    for variant in [Variant::Original, Variant::Yan, Variant::Martinez, Variant::Fast, Variant::Thrifty] {
        for qber in [0.01, 0.03, 0.05] {
            let plan = Plan::from(variant);
            let blocks: Vec<(Bits, Bits)> = (0..BLOCKS)
                .map(|i| {
                    let truth = bits(&format!("truth/{i}"), LEN, 0.5);
                    let noisy = truth.xor(&bits(&format!("errors/{i}/{qber}"), LEN, qber));
                    (truth, noisy)
                })
                .collect();
            group.bench_function(format!("{variant:?}, {qber}"), |b| {
                b.iter(|| {
                    blocks.iter().zip(0..).map(|(block, seed)| cascade(block, seed, qber, &plan)).sum::<u64>()
                });
            });
        }
    }
    group.finish();
}

/// One block; what was told.
fn cascade((truth, noisy): &(Bits, Bits), seed: u64, qber: f64, plan: &Plan) -> u64 {
    let order = Order::new(truth.len(), seed);
    let mut alice = Answerer::new(order, truth);
    let mut bob = Corrector::new(order, noisy, qber, plan);
    let mut questions = bob.start();
    while let Some(asked) = questions {
        let heard = Questions::decode(&asked.encode()).expect("what was encoded");
        let told = alice.answer(&heard).expect("a true question");
        questions = bob.answer(&Bits::from_bytes(&told.to_bytes(), told.len())).expect("true parities");
    }
    alice.leak_bits()
}

/// Both ends of the low-density parity checks in one thread, codes at hand. The rate is that of sifted bits; one turn of
/// the loop takes 16 blocks of one long frame or four others.
fn parity_checks(c: &mut Criterion) {
    const BLOCKS: u64 = 16;
    let mut group = c.benchmark_group("LDPC, both sides");
    for (name, settings, len) in [
        ("fast", Settings::FAST, 4 * 24_576),
        ("blind", Settings::BLIND, 4 * 20_480),
        ("long", Settings::LONG, 102_400),
    ] {
        group.throughput(Throughput::Elements(BLOCKS * len as u64));
        for qber in [0.01, 0.02, 0.03, 0.05, 0.08] {
            let mut codes = Codes::default();
            let blocks: Vec<(Bits, Bits)> = (0..BLOCKS)
                .map(|i| {
                    let truth = bits(&format!("truth/{i}"), len, 0.5);
                    let noisy = truth.xor(&bits(&format!("errors/{i}/{qber}"), len, qber));
                    (truth, noisy)
                })
                .collect();
            group.bench_function(format!("{name}, {qber}"), |b| {
                b.iter(|| {
                    let told = |(block, seed)| few_messages(block, seed, qber, settings, &mut codes);
                    blocks.iter().zip(0..).map(told).sum::<u64>()
                });
            });
        }
    }
    group.finish();
}

/// One block; what was told.
fn few_messages(
    (truth, noisy): &(Bits, Bits),
    seed: u64,
    qber: f64,
    settings: Settings,
    codes: &mut Codes,
) -> u64 {
    let mut secret = Streams::new(seed).stream("secret");
    let plan = ldpc::Plan::new(truth.len(), qber, settings, seed, codes).expect("numbers in range");
    let mut alice = Sender::new(&plan, truth, &mut secret).expect("a block as planned");
    let mut bob = ldpc::Corrector::new(&plan, noisy).expect("a block as planned");
    let mut decoder = Decoder::default();
    let mut step = bob.start(&alice.syndrome(), &mut decoder).expect("a true syndrome");
    while let Step::Ask(questions) = step {
        let answer = alice.answer(&questions).expect("a true question");
        step = bob.answer(&answer, &mut decoder).expect("true bits");
    }
    alice.leak_bits
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

/// Privacy amplification of short, middle and long blocks, to half their length.
fn amplify_blocks(c: &mut Criterion) {
    let mut group = c.benchmark_group("Toeplitz to half");
    group.sample_size(10);
    for input in [16_384, 131_072, 1_048_576, 10_000_000] {
        let output = input / 2;
        let (key, seed) = (bits("key", input, 0.5), bits("seed", toeplitz::seed_bits(input, output), 0.5));
        group.throughput(Throughput::Elements(input as u64));
        group.bench_function(format!("{input} bits"), |b| b.iter(|| toeplitz::hash(&key, &seed, output)));
    }
    group.finish();
}

/// One key length from counts, and the best choice over a channel.
fn finite_key(c: &mut Criterion) {
    let block = Block {
        bound: Bound::Lim2014,
        channel: asymptotic::Channel { eta: 0.01, y0: 1e-6, e_d: 0.01 },
        coincidence: Coincidence::Coin,
        pulses: 1e11,
        f_ec: 1.16,
        eps_sec: 1e-10,
        eps_cor: 1e-15,
    };
    let choice = Choice { mu: vec![0.5, 0.1, 0.0], p: vec![0.7, 0.2, 0.1], p_x: 0.9 };
    let mut group = c.benchmark_group("finite key");
    if let Ok(Expected::TwoDecoys(counts)) = block.expected(&choice) {
        group.bench_function("length, two decoys", |b| b.iter(|| lim2014::key_length(black_box(&counts))));
    }
    group.bench_function("best choice, two decoys", |b| b.iter(|| black_box(&block).best(0.0)));
    let block = Block { bound: Bound::Rusca2018, ..block };
    group.bench_function("best choice, one decoy", |b| b.iter(|| black_box(&block).best(0.0)));
    group.finish();
}

/// Both parties on a block of 0.4 s of a 100 MHz link at 10 dB: sifting, reconciliation, verification, amplification, seals.
/// Less than 0.4 s is faster than real time.
fn chain(c: &mut Criterion) {
    let mut params = link::Params { block_pulses: 40_000_000, ..link::Params::default() };
    params.source.pulse_rate_hz = 1e8;
    let channel = Channel::new(&params, 300.0, &Conditions::default()).of_loss(&params, 10.0);
    let law = Law::new(&params, &channel, channel.mean_collected, 0.0);
    let mut rng = Streams::new(3).stream("chain");
    let mut slot = Detections::default();
    let (drawer, mut memory) = (Drawer::new(&params, false), Memory::new(&mut rng));
    drawer.slot(&law, params.block_pulses, &mut memory, &mut rng, &mut slot);
    let rules = Rules::new(&params, &distill::Params::default());
    let [mut alice, mut bob] = round::installed(&"a-b".into(), &rules, &Streams::new(5));
    let mut seq = 0;
    let mut distil = || {
        seq += 1;
        let (block, start) = (BlockId { link: "a-b".into(), seq }, SimTime::from_secs(0.4 * f64::from(seq)));
        round::play([&mut alice, &mut bob], start, rules.params.delay(), &block, slot.clone())
    };
    let first = distil();
    let (sifted, secret) = (first.sifted_bits(), first.secret_bits());
    assert!(secret > 0, "the block gives a key");
    let mut group = c.benchmark_group("whole chain");
    group.sample_size(10);
    group.throughput(Throughput::Elements(u64::from(sifted)));
    group.bench_function(format!("{sifted} sifted to {secret} secret bits"), |b| b.iter(&mut distil));
    group.finish();
}

criterion_group!(benches, reconcile, parity_checks, amplify, amplify_blocks, finite_key, chain);
criterion_main!(benches);
