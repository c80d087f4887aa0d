use super::kernel::{self, Work};
use super::*;
use crate::ground::{Bits, Rng, Streams};
use proptest::prelude::*;

fn random(rng: &mut Rng, len: usize, ones: f64) -> Bits {
    (0..len).map(|_| rng.chance(ones)).collect()
}

/// What came of a block.
#[derive(Debug, PartialEq, Eq)]
struct Outcome {
    leak_bits: u64,
    iterations: u64,
    rounds: u32,
    failed: usize,
    corrected: u64,
    equal: bool,
}

fn reconcile(len: usize, qber: f64, settings: Settings, seed: u64, codes: &mut Codes) -> Outcome {
    let mut rng = Streams::new(seed).stream("block");
    let truth = random(&mut rng, len, 0.5);
    let noisy = truth.xor(&random(&mut rng, len, qber));
    let plan = Plan::new(len, qber, settings, seed, codes).unwrap();
    let mut alice = Sender::new(&plan, &truth, &mut rng).unwrap();
    let mut bob = Corrector::new(&plan, &noisy).unwrap();
    let mut decoder = Decoder::default();
    let mut step = bob.start(&alice.syndrome(), &mut decoder).unwrap();
    let mut told = 0;
    while let Step::Ask(questions) = step {
        let answer = alice.answer(&questions).unwrap();
        told += answer.len() as u64;
        step = bob.answer(&answer, &mut decoder).unwrap();
    }
    assert_eq!(alice.leak_bits, bob.leak_bits);
    assert_eq!(alice.leak_bits, plan.leak_bits() + told);
    let failed: Vec<_> = bob.failed().collect();
    for (range, _) in plan.frames().filter(|(range, _)| !failed.contains(range)) {
        assert!(truth.slice(range.start, range.end) == bob.bits().slice(range.start, range.end));
    }
    Outcome {
        leak_bits: bob.leak_bits,
        iterations: bob.iterations,
        rounds: bob.rounds,
        failed: failed.len(),
        corrected: bob.corrected,
        equal: bob.bits() == truth,
    }
}

fn entropy(q: f64) -> f64 {
    -q * libm::log2(q) - (1.0 - q) * libm::log2(1.0 - q)
}

#[test]
fn most_short_frames_need_one_message() {
    // Of 54 frames two fail in the mean.
    let settings = Settings { rounds: 0, ..Settings::FAST };
    let mut failed = 0;
    for (qber, most) in [(0.01, 1.25), (0.02, 1.20), (0.03, 1.18), (0.05, 1.15), (0.08, 1.14), (0.11, 1.13)] {
        let len = 4 * 20_480;
        let mut codes = Codes::default();
        for seed in [1, 2, 3].map(|seed| seed + (1_000.0 * qber) as u64) {
            let out = reconcile(len, qber, settings, seed, &mut codes);
            let efficiency = out.leak_bits as f64 / (len as f64 * entropy(qber));
            assert!(out.rounds == 0 && efficiency < most, "{qber}: {efficiency} {out:?}");
            failed += out.failed;
        }
    }
    assert!(failed <= 6, "{failed}");
}

#[test]
fn frames_that_fail_are_followed_up_with_few_bits() {
    // Frames of 24 kbit with as many errors as expected, where one in twenty fails, and with a fifth more, where most do.
    for (real, failing, dearest) in [(0.01, 1..=8, 1.26), (0.012, 20..=36, 1.22)] {
        let mut rng = Streams::new(11).stream("few");
        let len = 36 * 24_576;
        let truth = random(&mut rng, len, 0.5);
        let noisy = truth.xor(&random(&mut rng, len, real));
        let plan = Plan::new(len, 0.01, Settings::FAST, 1, &mut Codes::default()).unwrap();
        let mut alice = Sender::new(&plan, &truth, &mut rng).unwrap();
        let mut bob = Corrector::new(&plan, &noisy).unwrap();
        let mut decoder = Decoder::default();
        let mut step = bob.start(&alice.syndrome(), &mut decoder).unwrap();
        let mut first = None;
        while let Step::Ask(questions) = step {
            first.get_or_insert(questions.len());
            assert!(questions.iter().all(|q| (1..600).contains(&q.bits.len())), "{real}: given up");
            step = bob.answer(&alice.answer(&questions).unwrap(), &mut decoder).unwrap();
        }
        let efficiency = alice.leak_bits as f64 / (len as f64 * entropy(real));
        assert!(
            first.is_some_and(|n| failing.contains(&n)) && efficiency < dearest,
            "{first:?} {efficiency}"
        );
        assert!(bob.bits() == truth && alice.leak_bits == bob.leak_bits);
    }
}

#[test]
fn a_hopeless_frame_is_recognised_soon() {
    let mut rng = Streams::new(5).stream("hopeless");
    let truth = random(&mut rng, 24_576, 0.5);
    let noisy = truth.xor(&random(&mut rng, 24_576, 0.05));
    let plan =
        Plan::new(24_576, 0.02, Settings { rounds: 0, ..Settings::FAST }, 1, &mut Codes::default()).unwrap();
    let mut bob = Corrector::new(&plan, &noisy).unwrap();
    let syndrome = Sender::new(&plan, &truth, &mut rng).unwrap().syndrome();
    assert_eq!(bob.start(&syndrome, &mut Decoder::default()), Ok(Step::Done));
    assert!(bob.failed().count() == 1 && bob.iterations <= 6, "{}", bob.iterations);
}

#[test]
fn going_on_is_less_work_than_starting_again() {
    let code = Code::new(Shape { circulant: 128, columns: 160, rows: 32 });
    let mut rng = Streams::new(8).stream("errors");
    let (mut again, mut on) = (0, 0);
    for _ in 0..12 {
        let errors = random(&mut rng, code.shape().bits(), 0.029);
        let syndrome = code.syndrome(&errors);
        let mut decoder = Decoder::default();
        let Err(_) = decoder.decode(&code, &syndrome, 0.029, [], 60) else { continue };
        let candidates = Bits::zeros(errors.len()).not();
        let asked = decoder.least_sure(300, &candidates).into_iter().map(|bit| bit as usize);
        let told: Vec<_> = asked.map(|bit| (bit, Prior::Known(errors.get(bit)))).collect();
        let progress = (decoder.take(), &told[..], &Bits::zeros(errors.len()));
        let found = decoder.go_on(&code, &syndrome, 0.029, progress, 60);
        let anew = decoder.decode(&code, &syndrome, 0.029, told.iter().copied(), 60);
        if let (Ok(found), Ok(anew)) = (found, anew) {
            assert!(found.errors == errors && anew.errors == errors);
            again += anew.iterations;
            on += found.iterations;
        }
    }
    assert!(on > 0 && on < again, "{on} {again}");
}

#[test]
fn what_another_code_came_to_is_no_start() {
    let mut rng = Streams::new(8).stream("errors");
    let [one, other] = [8, 9].map(|rows| Code::new(Shape { circulant: 64, columns: 30, rows }));
    let syndrome = random(&mut rng, 512, 0.5);
    let mut decoder = Decoder::default();
    assert!(decoder.decode(&one, &syndrome, 0.02, [], 5).is_err());
    let progress = decoder.take();
    assert!(progress.bytes() > 0);
    assert_eq!(decoder.go_on(&other, &syndrome, 0.02, (progress, &[], &Bits::default()), 5), Err(0));
}

#[test]
fn all_that_is_known_at_once_fits_the_lanes() {
    // Columns of the most edges: each message as sure as can be, on top of a bit that is known.
    let code = Code::new(Shape { circulant: 64, columns: 390, rows: 39 });
    let syndrome = Bits::zeros(code.shape().checks());
    let known = (0..code.shape().bits()).map(|bit| (bit, Prior::Known(false)));
    let found = Decoder::default().decode(&code, &syndrome, 0.01, known, 3).unwrap();
    assert_eq!(found.errors.count_ones(), 0);
}

#[test]
fn questions_make_the_leak_small() {
    for (settings, len, qber, most) in [
        (Settings::BLIND, 8 * 20_480, 0.02, 1.15),
        (Settings::BLIND, 8 * 20_480, 0.05, 1.11),
        (Settings::LONG, 2 * 102_400, 0.02, 1.12),
        (Settings::LONG, 2 * 102_400, 0.05, 1.10),
    ] {
        let out = reconcile(len, qber, settings, 1, &mut Codes::default());
        let efficiency = out.leak_bits as f64 / (len as f64 * entropy(qber));
        assert!(out.equal && efficiency < most, "{qber}: {efficiency} {out:?}");
    }
}

#[test]
fn blocks_of_any_length_are_reconciled() {
    let mut codes = Codes::default();
    for (seed, len) in (0..).zip([1, 63, 64, 700, 1_000, 5_000, 30_719, 30_721, 150_001]) {
        for qber in [0.0, 0.001, 0.01, 0.06, 0.2] {
            let out = reconcile(len, qber, Settings::FAST, seed, &mut codes);
            assert!(out.equal, "{len} {qber}: {out:?}");
        }
    }
}

#[test]
fn an_error_rate_far_above_the_plan_costs_its_frame_alone() {
    let mut rng = Streams::new(5).stream("block");
    let len = 40_000;
    let truth = random(&mut rng, len, 0.5);
    // The first frame has too many errors, the second does not.
    let noisy: Bits =
        (0..len).map(|i| truth.get(i) ^ rng.chance(if i < 20_000 { 0.08 } else { 0.02 })).collect();
    for rounds in [0, 2] {
        let settings = Settings { rounds, margin: Margin::Times(1.25), ..Settings::FAST };
        let plan = Plan::new(len, 0.02, settings, 1, &mut Codes::default()).unwrap();
        let mut alice = Sender::new(&plan, &truth, &mut rng).unwrap();
        let mut bob = Corrector::new(&plan, &noisy).unwrap();
        let mut decoder = Decoder::default();
        let mut step = bob.start(&alice.syndrome(), &mut decoder).unwrap();
        let mut whole = None;
        while let Step::Ask(questions) = step {
            whole = questions.iter().find(|q| q.bits.is_empty()).cloned().or(whole);
            step = bob.answer(&alice.answer(&questions).unwrap(), &mut decoder).unwrap();
        }
        assert_eq!(bob.bits().slice(20_000, len), truth.slice(20_000, len));
        assert_eq!(alice.leak_bits, bob.leak_bits);
        if rounds == 0 {
            // It is reported.
            assert_eq!(bob.failed().collect::<Vec<_>>(), vec![0..20_000]);
            assert_eq!(bob.bits().slice(0, 20_000), noisy.slice(0, 20_000));
        } else {
            // It is told, at the price of all its bits, and not twice.
            assert!(bob.failed().next().is_none() && bob.bits() == truth);
            assert!(bob.leak_bits >= plan.leak_bits() + 19_000, "{}", bob.leak_bits);
            assert!(alice.answer(&[whole.unwrap()]).is_err());
        }
    }
}

#[test]
fn what_does_not_fit_the_plan_is_refused() {
    let mut codes = Codes::default();
    assert_eq!(Plan::new(0, 0.02, Settings::FAST, 1, &mut codes).unwrap_err(), Error::Length { len: 0 });
    assert!(Plan::new(Plan::LONGEST + 1, 0.02, Settings::FAST, 1, &mut codes).is_err());
    for qber in [-0.1, 0.21, f64::NAN, f64::INFINITY] {
        assert!(Plan::new(100, qber, Settings::FAST, 1, &mut codes).is_err());
    }
    let settings = Settings { margin: Margin::Times(f64::NAN), ..Settings::FAST };
    assert!(Plan::new(100, 0.02, settings, 1, &mut codes).is_err());
    let mut rng = Streams::new(6).stream("block");
    let settings = Settings { margin: Margin::Times(1.0), ..Settings::FAST };
    let plan = Plan::new(5_000, 0.05, settings, 1, &mut codes).unwrap();
    let truth = random(&mut rng, 5_000, 0.5);
    let noisy = truth.xor(&random(&mut rng, 5_000, 0.06));
    assert!(Sender::new(&plan, &Bits::zeros(4_999), &mut rng).is_err());
    assert!(Corrector::new(&plan, &Bits::zeros(5_001)).is_err());
    let mut alice = Sender::new(&plan, &truth, &mut rng).unwrap();
    let mut bob = Corrector::new(&plan, &noisy).unwrap();
    let mut decoder = Decoder::default();
    assert_eq!(bob.answer(&Bits::default(), &mut decoder), Err(Error::Unasked));
    let syndrome = alice.syndrome();
    assert_eq!(syndrome.len(), plan.syndrome_bits());
    assert!(bob.start(&syndrome.slice(1, syndrome.len()), &mut decoder).is_err());
    let Step::Ask(questions) = bob.start(&syndrome, &mut decoder).unwrap() else {
        panic!("at the limit of Shannon the first try does not succeed");
    };
    assert_eq!(bob.start(&syndrome, &mut decoder), Err(Error::Unasked));
    assert!(bob.answer(&Bits::zeros(3), &mut decoder).is_err());

    // Alice tells no bit twice, and none that there is not.
    let before = alice.leak_bits;
    for (frame, bit) in [(0, u32::MAX), (1, 0), (u32::MAX, 0)] {
        let question = Question { frame, bits: vec![bit] };
        assert_eq!(alice.answer(&[question]), Err(Error::Question { frame, bit }));
    }
    let bit = questions[0].bits[0];
    assert!(alice.answer(&[Question { frame: 0, bits: vec![bit, bit] }]).is_err());
    assert_eq!(alice.leak_bits, before);
    let answer = alice.answer(&questions).unwrap();
    assert_eq!(alice.leak_bits, before + answer.len() as u64);
    assert!(alice.answer(&questions).is_err());
    assert!(bob.answer(&answer, &mut decoder).is_ok());
}

#[test]
fn no_check_holds_two_punctured_bits() {
    for (len, qber) in [(20_000, 0.013), (20_100, 0.05), (102_000, 0.03), (300, 0.05)] {
        let plan = Plan::new(len, qber, Settings::BLIND, 9, &mut Codes::default()).unwrap();
        for (range, layout) in plan.frames() {
            assert_eq!(layout.bits(), range.len());
            let mut touched = Bits::zeros(layout.syndrome_bits());
            for bit in (0..layout.punctured.len()).filter(|&b| layout.punctured.get(b)) {
                for check in layout.code.checks_of(bit) {
                    assert!(!touched.get(check));
                    touched.set(check, true);
                }
            }
        }
    }
}

#[test]
fn columns_of_few_edges_close_no_cycle_of_four() {
    for (circulant, columns, rows) in [(128, 160, 27), (64, 320, 33), (512, 200, 63), (128, 160, 85)] {
        let code = Code::new(Shape { circulant, columns, rows });
        let edges: Vec<Vec<_>> = code.rows().map(|(_, e)| e.to_vec()).collect();
        let mut degree = vec![0; usize::from(columns)];
        edges.iter().flatten().for_each(|e| degree[usize::from(e.column)] += 1);
        for (i, a) in edges.iter().enumerate() {
            for b in &edges[..i] {
                // The difference of the shifts that each column makes between the two rows.
                let shift = |of: &code::Edge| b.iter().find(|e| e.column == of.column).map(|e| e.shift);
                let difference = |e| shift(e).map(|s| ((e.shift + circulant - s) % circulant, e.column));
                let mut differences: Vec<_> = a.iter().filter_map(difference).collect();
                differences.sort_unstable();
                for pair in differences.windows(2).filter(|pair| pair[0].0 == pair[1].0) {
                    let few = pair.iter().any(|p| degree[usize::from(p.1)] <= 5);
                    assert!(!few, "{circulant} x {columns}, {rows} rows: {pair:?}");
                }
            }
        }
    }
}

#[test]
fn every_target_and_register_gives_the_same_bits() {
    // Codes, layouts and decoding as they were on x86-64 and in wasm.
    let out = reconcile(61_000, 0.03, Settings::BLIND, 3, &mut Codes::default());
    assert_eq!(digest(&out), GOLDEN);

    let code = Code::new(Shape { circulant: 192, columns: 30, rows: 8 });
    let mut rng = Streams::new(4).stream("kernel");
    let mut drawn = |len: usize, bits: u32| -> Vec<i16> {
        (0..len).map(|_| (rng.next_u32() as i32 >> (32 - bits)) as i16).collect()
    };
    let (beliefs, messages) = (drawn(kernel::stride(192) * 30, 12), drawn(192 * code.entries(), 9));
    let parity: Vec<i16> = drawn(192 * 8, 1);
    let run = |update: kernel::Update| {
        let (mut beliefs, mut messages) = (beliefs.clone(), messages.clone());
        let mut work = Work { beliefs: &mut beliefs, messages: &mut messages, parity: &parity };
        let wrong: Vec<i32> = code
            .rows()
            .enumerate()
            .map(|(r, (first, edges))| update(&mut work, 192, r, first, edges))
            .collect();
        (beliefs, messages, wrong)
    };
    assert!(run(kernel::portable) == run(kernel::best()));
}

/// What `digest` gives for the block of the test, on every target.
const GOLDEN: [u64; 4] = [12_814, 96, 2, 1_809];

fn digest(out: &Outcome) -> [u64; 4] {
    [out.leak_bits, out.iterations, u64::from(out.rounds), out.corrected]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn syndromes_are_linear(seed in any::<u64>(), columns in 8u16..40, rows in 3u16..20, circulant in 1u16..4) {
        let code = Code::new(Shape { circulant: 64 * circulant, columns, rows });
        let len = code.shape().bits();
        let mut rng = Streams::new(seed).stream("words");
        let (a, b) = (random(&mut rng, len, 0.5), random(&mut rng, len, 0.3));
        let sum = code.syndrome(&a).xor(&code.syndrome(&b));
        prop_assert_eq!(code.syndrome(&a.xor(&b)), sum);
        // And the sum of the checks of every single bit.
        let mut sum = Bits::zeros(code.shape().checks());
        for bit in (0..len).filter(|&bit| a.get(bit)) {
            code.checks_of(bit).for_each(|check| sum.flip(check));
        }
        prop_assert_eq!(code.syndrome(&a), sum);
    }

    #[test]
    fn what_is_found_has_the_syndrome_asked_for(seed in any::<u64>(), qber in 0.0f64..0.2, real in 0.0f64..0.2) {
        let code = Code::new(Shape { circulant: 64, columns: 40, rows: 16 });
        let mut rng = Streams::new(seed).stream("errors");
        let syndrome = code.syndrome(&random(&mut rng, code.shape().bits(), real));
        if let Ok(found) = Decoder::default().decode(&code, &syndrome, qber, [], 30) {
            prop_assert_eq!(code.syndrome(&found.errors), syndrome);
        }
        // A syndrome of no word that is likely, and of the wrong length: no panic.
        let wrong = random(&mut rng, (seed % 2_000) as usize, 0.5);
        let _ = Decoder::default().decode(&code, &wrong, qber, [(usize::MAX, Prior::Unknown)], 5);
    }
}
