//! Cascade's two ends under hostile questions and hostile parities.

use super::script::Script;
use keyway_core::distill::cascade::{
    Answerer, Corrector, MAX_CHECKS, MAX_PASSES, Order, Plan, Questions, Variant,
};
use keyway_core::ground::{Bits, Streams};

const VARIANTS: [Variant; 5] =
    [Variant::Original, Variant::Yan, Variant::Martinez, Variant::Fast, Variant::Thrifty];

/// A script of rounds: true ones, questions that nobody in his senses asks, parities that nobody told.
pub fn questions(bytes: &[u8]) {
    let mut script = Script(bytes);
    let (variant, len, seed) =
        (VARIANTS[usize::from(script.byte()) % 5], script.short() % 3_000, script.byte());
    let mut rng = Streams::new(u64::from(seed)).stream("fuzz");
    let truth: Bits = (0..len).map(|_| rng.chance(0.5)).collect();
    let noisy = truth.xor(&(0..len).map(|_| rng.chance(0.03)).collect());
    let order = Order::new(len, u64::from(seed));
    let mut alice = Answerer::new(order, &truth);
    // Hears Bob alone: what he asks is always in order, whatever he is told.
    let mut mirror = alice.clone();
    let mut bob = Corrector::new(order, &noisy, f64::from(script.byte()) / 256.0, &Plan::from(variant));
    let mut asked = bob.start();
    let views = u64::from(MAX_PASSES) + u64::from(MAX_CHECKS);
    let most = views * (len as u64).next_multiple_of(64) + u64::from(MAX_CHECKS);
    while !script.ended() {
        match script.byte() % 4 {
            0 => {
                let Some(questions) = asked.take() else { continue };
                let bytes = questions.encode();
                assert_eq!(Questions::decode(&bytes).as_ref(), Ok(&questions));
                assert!(bytes.len() <= mirror.longest(), "{} bytes: {questions:?}", bytes.len());
                let told = mirror.answer(&questions).expect("Bob asks in order");
                // What others have asked before changes what halves are halves of, and no other answer.
                if let (Ok(same), false) =
                    (alice.answer(&questions), matches!(questions, Questions::Halves { .. }))
                {
                    assert_eq!(same, told);
                }
                asked = bob.answer(&told).ok().flatten();
            }
            1 => hostile_question(&mut alice, &script.question()),
            2 => {
                let Some(questions) = asked.take() else { continue };
                let told = mirror.answer(&questions).expect("Bob asks in order");
                asked = bob.answer(&told.xor(&script.bits(told.len()))).ok().flatten();
            }
            // As many parities as the script likes: he goes on if it hits the number, and else hears no more.
            _ => {
                let Some(questions) = asked.take() else { continue };
                let told = mirror.answer(&questions).expect("Bob asks in order");
                let lies = script.short() % 4_000;
                let next = bob.answer(&script.bits(lies));
                assert!(next.is_err() || lies == told.len());
                asked = next.ok().flatten();
            }
        }
        assert!(
            alice.leak_bits() <= most && bob.leak_bits() <= most,
            "{} {}",
            alice.leak_bits(),
            bob.leak_bits()
        );
    }
    // He ends with the truth as with lies.
    let lying = seed % 2 == 0;
    while let Some(questions) = asked.take() {
        let told = mirror.answer(&questions).expect("Bob asks in order");
        let lies: Bits = (0..told.len()).map(|_| lying && rng.chance(0.5)).collect();
        asked = bob.answer(&told.xor(&lies)).ok().flatten();
        assert!(u64::from(bob.round_trips()) <= 64 * views && bob.leak_bits() <= most, "{questions:?}");
    }
    assert_eq!(bob.bits().len(), len);
    assert!(bob.corrected() as usize <= len);
}

/// What has the form of questions is written as it was meant; no parity is told twice.
fn hostile_question(alice: &mut Answerer, bytes: &[u8]) {
    let Ok(questions) = Questions::decode(bytes) else { return };
    assert_eq!(Questions::decode(&questions.encode()).as_ref(), Ok(&questions));
    let before = alice.leak_bits();
    match alice.answer(&questions) {
        Ok(told) => assert_eq!(alice.leak_bits(), before + told.len() as u64),
        Err(_) => assert_eq!(alice.leak_bits(), before),
    }
    if let (Questions::Cuts { at, .. }, true) = (&questions, alice.leak_bits() > before) {
        assert!(!at.is_empty() && alice.answer(&questions).is_err(), "told twice: {questions:?}");
    }
}
