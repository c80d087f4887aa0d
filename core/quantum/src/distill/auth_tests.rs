use super::*;

const NONCES: [&Nonce; 2] = [&[1; 16], &[2; 16]];

fn sides(pairs: u8, signatures: bool) -> [Authenticator; 2] {
    let identities = Identity::pair([[1; 32], [2; 32]]).map(|i| signatures.then_some(i));
    let mut sides = [Side::Alice, Side::Bob].into_iter().zip(identities);
    std::array::from_fn(|_| {
        let (side, identity) = sides.next().unwrap();
        Authenticator::new(side, [7; 16], [8; 32], (0..pairs).map(|i| [[i; 16], [!i; 16]]), identity)
    })
}

/// RFC 8439, section 2.5.2.
#[test]
fn the_hash_is_poly1305() {
    let r = [0x85, 0xd6, 0xbe, 0x78, 0x57, 0x55, 0x6d, 0x33, 0x7f, 0x44, 0x52, 0xfe, 0x42, 0xd5, 0x06, 0xa8];
    let s = [0x01, 0x03, 0x80, 0x8a, 0xfb, 0x0d, 0xb2, 0xfd, 0x4a, 0xbf, 0xf6, 0xaf, 0x41, 0x49, 0xf5, 0x1b];
    let expected =
        [0xa8, 0x06, 0x1d, 0xc1, 0x30, 0x51, 0x36, 0xc6, 0xc2, 0x2b, 0x8b, 0xaf, 0x0c, 0x01, 0x27, 0xa9];
    assert_eq!(tag(&r, &s, b"Cryptographic Forum Research Group"), expected);
}

#[test]
fn a_pair_of_pads_serves_one_round() {
    let [mut alice, mut bob] = sides(3, false);
    let (seal, awaited) = alice.seal(b"round").unwrap();
    let forged = Seal::Pad { pair: 0, tag: [0; 16] };
    assert_eq!(bob.countersign(b"round", &forged), None);
    assert_eq!(bob.countersign(b"rounD", &seal), None);
    assert_eq!((alice.pairs_left(), bob.pairs_left()), (2, 3)); // a forgery costs nothing
    let reply = bob.countersign(b"round", &seal).unwrap();
    assert!(alice.closes(b"round", &awaited, &reply));
    assert!(!alice.closes(b"round", &awaited, &seal), "a seal sent back is none");
    assert!(!alice.closes(b"rounD", &awaited, &reply));
    assert_eq!(bob.countersign(b"round", &seal), None); // spent
    // Rounds under way at once may come in any order.
    let late = alice.seal(b"late").unwrap().0;
    let soon = alice.seal(b"soon").unwrap().0;
    assert!(bob.countersign(b"soon", &soon).is_some() && bob.countersign(b"late", &late).is_some());
    assert_eq!((alice.pairs_left(), bob.pairs_left()), (0, 0));
    assert!(alice.seal(b"more").is_none());
    alice.refill(70_000, [[3; 16], [4; 16]]);
    assert!(matches!(alice.seal(b"more"), Some((Seal::Pad { pair: 70_000, .. }, _))));
}

/// Rounds of which Bob never heard: what Alice has spent on them does not stay with him for ever.
#[test]
fn what_is_long_spent_goes() {
    let [mut alice, mut bob] = sides(BEHIND as u8 + 20, false);
    (0..BEHIND + 9).for_each(|_| drop(alice.seal(b"lost").unwrap()));
    let (seal, _) = alice.seal(b"heard").unwrap();
    assert!(bob.countersign(b"heard", &seal).is_some());
    assert_eq!((alice.pairs_left(), bob.pairs_left()), (10, 10 + BEHIND as u32));
}

#[test]
fn without_pads_both_sign() {
    let [mut alice, mut bob] = sides(0, true);
    let (seal, awaited) = alice.seal(b"round").unwrap();
    assert!(matches!(&seal, Seal::Signature(bytes) if bytes.len() == 3_309));
    assert_eq!(bob.countersign(b"rounD", &seal), None);
    let reply = bob.countersign(b"round", &seal).unwrap();
    assert!(alice.closes(b"round", &awaited, &reply));
    assert!(!alice.closes(b"round", &awaited, &seal));
    assert!(!alice.closes(b"round", &awaited, &Seal::Signature(vec![0; 5])));
    let [_, mut stranger] = [0, 1].map(|_| sides(0, false)[1].clone());
    assert_eq!(stranger.countersign(b"round", &seal), None);
}

#[test]
fn only_the_other_side_can_prove_itself() {
    let [alice, bob] = sides(1, false);
    let proof = bob.proof(Side::Bob, 5, NONCES);
    assert!(alice.proven(5, NONCES, &proof));
    assert!(!alice.proven(6, NONCES, &proof) && !alice.proven(5, [NONCES[1], NONCES[0]], &proof));
    assert!(!alice.proven(5, NONCES, &alice.proof(Side::Alice, 5, NONCES)), "her own, sent back");
    let stranger = Authenticator::new(Side::Bob, [7; 16], [9; 32], [], None);
    assert!(!alice.proven(5, NONCES, &stranger.proof(Side::Bob, 5, NONCES)));
}
