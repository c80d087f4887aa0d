//! Both parties of a link as they are installed, and a block played between them over a channel that only delays: what
//! studies, benches and tests begin with. The simulation carries each message itself.

use super::auth::Authenticator;
use super::event::Event;
use super::message::Side;
use super::party::{HalfRecord, Input, Party, PartyOutput, Rules};
use super::signature::Identity;
use crate::ground::{BlockId, LinkId, Output, Rng, SecretKey, SimDuration, SimTime, Streams};
use crate::link::Detections;
use std::sync::Arc;

/// Alice and Bob of `link` with the secrets that an installation gives both: a hash key, a key to prove who they are,
/// `reserve_pairs` pairs of pads and, where the rules allow signatures, an identity each. All of it is drawn from the run's
/// streams.
#[must_use]
pub fn installed(link: &LinkId, rules: &Rules, streams: &Streams) -> [Party; 2] {
    let secret = |rng: &mut Rng| {
        let mut bytes = [0; 32];
        rng.fill(&mut bytes);
        bytes
    };
    let half = |whole: [u8; 32]| std::array::from_fn(|i| whole[i]);
    let mut rng = streams.stream(&format!("install/{link}/auth"));
    let (hash_key, proof_key) = (half(secret(&mut rng)), secret(&mut rng));
    let pads: Vec<_> =
        (0..rules.params.reserve_pairs).map(|_| [half(secret(&mut rng)), half(secret(&mut rng))]).collect();
    let seeds = [secret(&mut rng), secret(&mut rng)];
    let [alice, bob] = if rules.params.signatures { Identity::pair(seeds).map(Some) } else { [None, None] };
    [(Side::Alice, "alice", alice), (Side::Bob, "bob", bob)].map(|(side, end, identity)| {
        let auth = Authenticator::new(side, hash_key, proof_key, pads.clone(), identity);
        Party::new(link.clone(), rules.clone(), auth, streams.stream(&format!("distill/{link}/{end}")))
    })
}

/// Who answers in Bob's place and knows all but his secrets: it checks nothing, and gives whatever is asked of it.
#[must_use]
pub fn stranger(link: &LinkId, rules: &Rules, streams: &Streams) -> Party {
    let mut careless = rules.clone();
    careless.params.prove_peer = false;
    let guess = Authenticator::new(Side::Bob, [0; 16], [0; 32], [], None);
    Party::new(link.clone(), careless, guess, streams.stream(&format!("distill/{link}/stranger")))
}

/// What a block came to.
#[derive(Clone, Debug, Default)]
pub struct Round {
    /// What either side said had happened, in order of time.
    pub events: Vec<Event>,
    /// The keys that each side handed out.
    pub keys: [Vec<SecretKey>; 2],
}

impl Round {
    /// Bits of the sifted key; 0 where it did not come so far.
    #[must_use]
    pub fn sifted_bits(&self) -> u32 {
        let sifted = |e: &Event| if let Event::Sifted { key_bits, .. } = e { Some(*key_bits) } else { None };
        self.events.iter().find_map(sifted).unwrap_or(0)
    }

    /// Secret bits that both hold; 0 where it did not come so far.
    #[must_use]
    pub fn secret_bits(&self) -> u32 {
        let made =
            |e: &Event| if let Event::Distilled { secret_bits, .. } = e { Some(*secret_bits) } else { None };
        self.events.iter().find_map(made).unwrap_or(0)
    }

    /// Keeps what a side says, and puts its messages into the other's mail.
    fn take(&mut self, from: usize, out: &mut Vec<PartyOutput>, mail: &mut Vec<(usize, Arc<[u8]>)>) {
        for output in out.drain(..) {
            match output {
                Output::Send((), bytes) => mail.push((1 - from, bytes)),
                Output::WakeAt(_) => {}
                Output::Event(event) => self.events.push(event),
                Output::Deliver(made) => self.keys[from].extend(made.keys),
            }
        }
    }
}

/// Plays one block between Alice and whoever is in Bob's place until nothing more is said. Each message arrives after
/// `delay`; who then still waits for an answer gives up with the first block that begins after his deadline.
pub fn play(
    [alice, bob]: [&mut Party; 2],
    start: SimTime,
    delay: SimDuration,
    block: &BlockId,
    detections: Detections,
) -> Round {
    let parties = [alice, bob];
    let alice_half = HalfRecord::Alice { records: detections.alice, pulses: detections.pulses };
    let (mut round, mut out, mut mail) = (Round::default(), Vec::new(), Vec::new());
    for (end, half) in [alice_half, HalfRecord::Bob(detections.bob)].into_iter().enumerate() {
        parties[end].handle(start, Input::Block(block.clone(), half), &mut out);
        round.take(end, &mut out, &mut mail);
    }
    let mut now = start;
    while !mail.is_empty() {
        now += delay;
        for (to, bytes) in std::mem::take(&mut mail) {
            parties[to].handle(now, Input::Message(bytes), &mut out);
            round.take(to, &mut out, &mut mail);
        }
    }
    round
}
