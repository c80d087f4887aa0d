use super::*;
use crate::ground::Streams;
use crate::link::eve::EveBasis;
use crate::link::sampler::{Drawer, Memory};
use crate::link::{Attack, Channel, Conditions, Detections, Law, Params};

fn pair(seed: u64) -> (Party, Party) {
    let params = Params::default();
    let rules = Rules::new(params.source.mu, params.source.mu_probability);
    let streams = Streams::new(seed);
    let auth = Authenticator::new([9; 16], [[1; 16], [2; 16], [3; 16], [4; 16]]);
    (
        Party::new(rules.clone(), auth.clone(), streams.stream("alice")),
        Party::new(rules, auth, streams.stream("bob")),
    )
}

/// Runs one block; `tamper` may change or lose each message (by its number).
fn run(
    (alice, bob): &mut (Party, Party),
    seq: u32,
    eve: f64,
    pulses: u64,
    mut tamper: impl FnMut(usize, Message) -> Option<Message>,
) -> (Vec<SecretKey>, Vec<SecretKey>, Vec<Event>) {
    let params = Params::default();
    let attack = Attack::InterceptResend { fraction: eve, basis: EveBasis::Random };
    let channel = Channel::new(&params, 212.0, &Conditions { attack: Some(attack), ..Conditions::default() });
    let law = Law::new(&params, &channel, channel.mean_collected, 0.0);
    let mut slot = Detections::default();
    let mut rng = Streams::new(u64::from(seq)).stream("slot");
    Drawer::new(&params, false).slot(&law, pulses, &mut Memory::new(&mut rng.clone()), &mut rng, &mut slot);
    let id = BlockId { link: "a-b".into(), seq };
    let mut out = Vec::new();
    alice.handle(SimTime::ZERO, Input::Block(id.clone(), HalfRecord::Alice(slot.alice)), &mut out);
    out.clear();
    bob.handle(SimTime::ZERO, Input::Block(id, HalfRecord::Bob(slot.bob)), &mut out);
    let (mut to_alice, mut count) = (true, 0);
    let (mut a, mut b, mut events) = (Vec::new(), Vec::new(), Vec::new());
    loop {
        let mut sent = None;
        for o in out.drain(..) {
            match o {
                Output::Send((), m) => sent = Some(m),
                Output::Deliver(d) => {
                    if to_alice {
                        b = d.keys
                    } else {
                        a = d.keys
                    }
                }
                Output::Event(e) => events.push(e),
                Output::WakeAt(_) => {}
            }
        }
        let Some(message) = sent.and_then(|m| tamper(count, m)) else { break };
        count += 1;
        let party = if to_alice { &mut *alice } else { &mut *bob };
        party.handle(SimTime::ZERO, Input::Message(message), &mut out);
        to_alice = !to_alice;
    }
    for party in [alice, bob] {
        let mut late = Vec::new();
        party.handle(SimTime::from_secs(10.0), Input::Wake, &mut late);
        events.extend(late.into_iter().filter_map(|o| if let Output::Event(e) = o { Some(e) } else { None }));
    }
    (a, b, events)
}

#[test]
fn both_sides_hold_equal_keys_block_after_block() {
    let mut parties = pair(1);
    for seq in 0..4 {
        let (a, b, events) = run(&mut parties, seq, 0.0, 4_000_000, |_, m| Some(m));
        assert!(a.len() > 60, "{} keys: {events:?}", a.len());
        assert_eq!(a, b);
        assert!(a.iter().zip(&b).all(|(x, y)| x.id == y.id));
        assert_eq!(parties.0.pads_left(), 4, "two pads used, two made");
        assert_eq!(parties.1.pads_left(), 4);
    }
}

#[test]
fn an_eavesdropper_on_every_pulse_ends_the_block() {
    let (a, b, events) = run(&mut pair(2), 0, 1.0, 4_000_000, |_, m| Some(m));
    assert!(a.is_empty() && b.is_empty());
    let why = events.iter().find_map(|e| if let Event::Dropped { why, .. } = e { Some(*why) } else { None });
    let Some(DropReason::Qber { qber, .. }) = why else { panic!("{events:?}") };
    assert!((0.24..0.28).contains(&qber), "{qber}");
}

#[test]
fn too_short_a_block_gives_no_key() {
    let (a, b, events) = run(&mut pair(3), 0, 0.0, 200_000, |_, m| Some(m));
    assert!(a.is_empty() && b.is_empty());
    assert!(
        events.iter().any(|e| matches!(e, Event::Dropped { why: DropReason::NoKeyLeft { .. }, .. })),
        "{events:?}"
    );
}

#[test]
fn a_lost_message_ends_the_block_cleanly() {
    for lost in [0, 1, 2, 5] {
        let (a, b, events) = run(&mut pair(4), 0, 0.0, 4_000_000, |i, m| (i != lost).then_some(m));
        assert!(a.is_empty() && b.is_empty(), "message {lost}");
        assert!(
            events.iter().any(|e| matches!(e, Event::Dropped { why: DropReason::Timeout, .. })),
            "{lost}: {events:?}"
        );
    }
}

#[test]
fn no_key_comes_of_a_changed_message() {
    for victim in 0..12 {
        let mut changed = false;
        let (a, b, _) = run(&mut pair(5), 0, 0.0, 4_000_000, |i, mut m| {
            if i == victim {
                changed = true;
                match &mut m.body {
                    Body::Sift { z_bits, .. } | Body::SiftReply { z_bits, .. } => z_bits.bytes[0] ^= 1,
                    Body::Ask(ranges) => ranges[0].end -= 1,
                    Body::Answer(bits) => bits.bytes[0] ^= 1,
                    Body::Verify { hash, .. } => hash[0] ^= 1,
                    Body::Confirm { seed, .. } => seed.bytes[0] ^= 1,
                    Body::Close { tag } => tag[0] ^= 1,
                }
            }
            Some(m)
        });
        assert!(changed, "there are more than {victim} messages");
        assert!(a.is_empty() && b.is_empty(), "message {victim}");
    }
}
