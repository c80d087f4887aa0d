//! The distillation protocol under hostile messages: what a fuzzer has found worth keeping (`tests/fuzz/`), run natively.

#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, reason = "tests")]

#[path = "../fuzz/src/lib.rs"]
mod harness;

use keyway_core::ground::Streams;
use std::path::Path;

/// The corpus of a target, in the order of its names.
fn corpus(target: &str) -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus").join(target);
    let mut paths: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths.iter().map(|path| std::fs::read(path).unwrap()).collect()
}

#[test]
fn messages_of_the_corpus_are_read_and_written() {
    let corpus = corpus("message");
    assert!(corpus.len() >= 20, "{} files", corpus.len());
    corpus.iter().for_each(|bytes| harness::message(bytes));
}

#[test]
fn questions_of_the_corpus_tell_nothing_twice_and_end() {
    let corpus = corpus("questions");
    assert!(corpus.len() >= 20, "{} files", corpus.len());
    corpus.iter().for_each(|bytes| harness::questions(bytes));
}

#[test]
fn scripts_of_the_corpus_never_make_unequal_keys() {
    let corpus = corpus("party");
    assert!(corpus.len() >= 20, "{} files", corpus.len());
    let made: Vec<[usize; 2]> = corpus.iter().map(|bytes| harness::party(bytes)).collect();
    let both = made.iter().filter(|keys| keys[0] > 0 && keys[0] == keys[1]).count();
    let none = made.iter().filter(|keys| **keys == [0, 0]).count();
    assert!(both > 0 && none > 0, "{made:?}");
    // The first byte says how they reconcile: whoever finds errors by syndromes makes keys, too.
    for way in [1, 2] {
        let keys = |(bytes, keys): (&Vec<u8>, &[usize; 2])| {
            bytes.first().is_some_and(|rules| rules >> 5 == way) && keys[0] > 0 && keys[0] == keys[1]
        };
        assert!(corpus.iter().zip(&made).any(keys), "{way}: {made:?}");
    }
}

/// What two parties say, each message cut, stretched and turned over at random places.
#[test]
fn true_messages_with_changed_bytes_are_read_without_harm() {
    let mut rng = Streams::new(1).stream("hostile");
    for said in harness::sample() {
        harness::message(&said);
        for _ in 0..200 {
            let mut bytes = said.clone();
            for _ in 0..=rng.below(4) {
                let at = rng.below(bytes.len() as u64) as usize;
                match rng.below(4) {
                    0 => bytes.truncate(at.max(1)),
                    1 => bytes.insert(at, rng.next_u32() as u8),
                    // Kinds and lengths stand at the front.
                    2 => bytes[at.min(11)] = rng.next_u32() as u8,
                    _ => bytes[at] ^= 1 << rng.below(8),
                }
            }
            harness::message(&bytes);
        }
    }
}
