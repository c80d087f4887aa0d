//! Both parties with blocks under way, in the hands of whoever owns the channel: he loses, repeats, reorders, changes and
//! invents messages, lets time pass, and crashes either side.

use super::script::Script;
use keyway_core::distill::auth::PAIR_BITS;
use keyway_core::distill::message::{Body, Message, Method, Seal, TAG_BYTES, WireBits};
use keyway_core::distill::reconcile::Choice;
use keyway_core::distill::{self, Authenticator, HalfRecord, Identity, Input, Party, Rules, Side};
use keyway_core::ground::{Bits, BlockId, Output, SecretKey, SimDuration, SimTime, Streams};
use keyway_core::link::params::SourceKind;
use keyway_core::link::{self, Detections};
use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, OnceLock};

/// Detections of the blocks; the longest gives keys.
const CLICKS: [usize; 4] = [8_000, 700, 65, 0];

/// No message of such blocks is longer, bytes.
const LONGEST: usize = 8_192;

/// No script makes more of them.
const MAX_BLOCKS: u32 = 6;

/// How the parties may reconcile.
const WAYS: [Method; 4] = [Method::Cascade, Method::Ldpc, Method::LdpcBlind, Method::CascadeThrifty];

const ENDS: [Side; 2] = [Side::Alice, Side::Bob];

/// A script for the two parties; afterwards the channel is honest until both have ended. Returns the number of keys that
/// each has handed out.
pub fn party(bytes: &[u8]) -> [usize; 2] {
    let mut script = Script(bytes);
    let mut bench = Bench::new(script.byte());
    bench.block();
    while !script.ended() {
        bench.act(&mut script);
    }
    bench.settle();
    bench.handed_out.map(|blocks| blocks.values().map(Vec::len).sum())
}

/// What two honest parties say about a short block.
pub fn sample() -> Vec<Vec<u8>> {
    let mut bench = Bench::new(1);
    bench.block();
    bench.settle();
    bench.said.iter().map(|bytes| bytes.to_vec()).collect()
}

/// What an observer of both ends must never see is asserted here.
struct Bench {
    parties: [Party; 2],
    clicks: usize,
    now: SimTime,
    next_block: u32,
    /// On their way: to whom, what.
    flight: VecDeque<(usize, Arc<[u8]>)>,
    said: Vec<Arc<[u8]>>,
    /// Number of the message that each side waits for in the newest block.
    awaited: [u32; 2],
    handed_out: [BTreeMap<u32, Vec<SecretKey>>; 2],
    /// The one tag under each pad: side and number of the pair.
    tags: BTreeMap<(usize, u32), [u8; TAG_BYTES]>,
}

/// A block of an ideal source with an error in 128 bits.
fn detections(clicks: usize) -> &'static Detections {
    static DRAWN: [OnceLock<Detections>; CLICKS.len()] = [const { OnceLock::new() }; CLICKS.len()];
    let index = CLICKS.iter().position(|c| *c == clicks).unwrap_or(0);
    DRAWN[index].get_or_init(|| {
        let mut rng = Streams::new(clicks as u64).stream("fuzz");
        let mut plane = |ones: f64| -> Bits { (0..clicks).map(|_| rng.chance(ones)).collect() };
        let mut slot = Detections { pulses: clicks as u64, ..Detections::default() };
        (slot.alice.bases, slot.bob.bases, slot.alice.bits) = (plane(0.5), plane(0.5), plane(0.5));
        slot.alice.intensity = [Bits::zeros(clicks), Bits::zeros(clicks)];
        let other = slot.alice.bases.xor(&slot.bob.bases);
        slot.bob.bits = slot.alice.bits.xor(&plane(1.0 / 128.0)).xor(&plane(0.5).and(&other));
        slot
    })
}

impl Bench {
    /// The lowest bits of `rules` choose the block, whether the parties prove themselves and whether they have pads; the
    /// highest how they reconcile.
    fn new(rules: u8) -> Self {
        let mut link = link::Params { p_x: 0.5, ..link::Params::default() };
        link.source.kind = SourceKind::Ideal;
        let params = distill::Params {
            eps_sec: 1e-3,
            eps_cor: 1e-3,
            prove_peer: rules & 4 == 0,
            reserve_pairs: if rules & 24 == 24 { 0 } else { 4 },
            reconciliation: Choice::By(WAYS[usize::from(rules >> 5) % WAYS.len()]),
            timeout_s: 1.0,
            ..distill::Params::default()
        };
        let streams = Streams::new(1);
        static IDENTITIES: OnceLock<[Identity; 2]> = OnceLock::new();
        let identities = IDENTITIES.get_or_init(|| Identity::pair([[1; 32], [2; 32]]));
        let parties = std::array::from_fn(|i| {
            let pads = (0..params.reserve_pairs as u8).map(|i| [[i; TAG_BYTES], [!i; TAG_BYTES]]);
            let auth = Authenticator::new(ENDS[i], [9; 16], [8; 32], pads, Some(identities[i].clone()));
            Party::new("a-b".into(), Rules::new(&link, &params), auth, streams.stream(["alice", "bob"][i]))
        });
        Self {
            parties,
            clicks: CLICKS[usize::from(rules & 3)],
            now: SimTime::ZERO,
            next_block: 0,
            flight: VecDeque::new(),
            said: Vec::new(),
            awaited: [0; 2],
            handed_out: Default::default(),
            tags: BTreeMap::new(),
        }
    }

    /// Both sides begin another block.
    fn block(&mut self) {
        if self.next_block == MAX_BLOCKS {
            return;
        }
        let (slot, id) = (detections(self.clicks), BlockId { link: "a-b".into(), seq: self.next_block });
        self.next_block += 1;
        self.awaited = [0; 2];
        let alice = HalfRecord::Alice { records: slot.alice.clone(), pulses: slot.pulses };
        self.input(0, Input::Block(id.clone(), alice));
        self.input(1, Input::Block(id, HalfRecord::Bob(slot.bob.clone())));
    }

    fn input(&mut self, end: usize, input: Input) {
        let mut out = Vec::new();
        self.parties[end].handle(self.now, input, &mut out);
        // Time may make each block under way say something, and each that is given up tell how it ended.
        assert!(out.len() <= 4 + 2 * MAX_BLOCKS as usize, "{out:?}");
        for output in out {
            match output {
                Output::Send((), bytes) => self.sent(end, bytes),
                Output::Deliver(keys) => {
                    let block = keys.block.seq;
                    if let Some(others) = self.handed_out[1 - end].get(&block) {
                        let ids = |keys: &[SecretKey]| keys.iter().map(|k| k.id).collect::<Vec<_>>();
                        assert!(
                            *others == keys.keys && ids(others) == ids(&keys.keys),
                            "unequal keys in {block}"
                        );
                    }
                    assert!(!keys.keys.is_empty(), "a block without keys is delivered: {block}");
                    assert!(
                        self.handed_out[end].insert(block, keys.keys).is_none(),
                        "{block} is delivered twice"
                    );
                }
                Output::WakeAt(at) => assert!(at > self.now, "woken at once"),
                Output::Event(_) => {}
            }
        }
    }

    fn sent(&mut self, end: usize, bytes: Arc<[u8]>) {
        let message = Message::decode(&bytes).expect("parties send messages");
        assert!(bytes.len() <= LONGEST, "{} bytes: {:?}", bytes.len(), message.body.kind());
        if let Body::Confirm { seal: Seal::Pad { pair, tag }, .. } | Body::Close(Seal::Pad { pair, tag }) =
            message.body
        {
            assert_eq!(*self.tags.entry((end, pair)).or_insert(tag), tag, "pad {pair} is used twice");
        }
        if message.block.wrapping_add(1) == self.next_block {
            self.awaited[end] = message.step.wrapping_add(1);
        }
        // Who floods the channel loses what is oldest.
        if self.flight.len() == 64 {
            self.flight.pop_front();
        }
        if self.said.len() < 1_024 {
            self.said.push(bytes.clone());
        }
        self.flight.push_back((1 - end, bytes));
    }

    fn deliver(&mut self) -> bool {
        let Some((end, bytes)) = self.flight.pop_front() else { return false };
        self.input(end, Input::Message(bytes));
        true
    }

    /// One line of the script.
    fn act(&mut self, script: &mut Script<'_>) {
        match script.byte() % 12 {
            0 => (0..=script.byte() % 64).for_each(|_| {
                self.deliver();
            }),
            1 => self.change(|bytes| {
                let at = script.short() % bytes.len().max(1);
                let turned = script.byte();
                bytes.iter_mut().skip(at).take(1).for_each(|byte| *byte ^= turned);
            }),
            2 => self.change(|bytes| {
                let len = script.short() % 1_024;
                let end = script.byte();
                bytes.resize(if end & 1 == 0 { len } else { bytes.len().saturating_sub(len) }, end);
            }),
            3 => drop(self.flight.pop_front()),
            4 => {
                let (i, end) = (script.short(), usize::from(script.byte() % 2));
                if let Some(bytes) = self.said.get(i % self.said.len().max(1)).cloned() {
                    self.input(end, Input::Message(bytes));
                }
            }
            5 => {
                let (end, bytes) = (usize::from(script.byte() % 2), script.bytes());
                self.input(end, Input::Message(bytes.into()));
            }
            6 => {
                let end = usize::from(script.byte() % 2);
                let message = self.forged(end, script);
                self.input(end, Input::Message(message.encode().into()));
            }
            7 => self.flight.rotate_left(usize::from(!self.flight.is_empty())),
            8 => {
                self.now += SimDuration::from_secs(0.01 * f64::from(script.byte()));
                (0..2).for_each(|end| self.input(end, Input::Wake));
            }
            9 => self.parties[usize::from(script.byte() % 2)].crash(),
            10 => self.block(),
            _ => self.change(|bytes| {
                if let Ok(mut message) = Message::decode(bytes) {
                    alter(&mut message, script);
                    *bytes = message.encode();
                }
            }),
        }
    }

    /// Delivers the oldest message in other bytes.
    fn change(&mut self, change: impl FnOnce(&mut Vec<u8>)) {
        let Some((end, bytes)) = self.flight.pop_front() else { return };
        let mut bytes = bytes.to_vec();
        change(&mut bytes);
        self.input(end, Input::Message(bytes.into()));
    }

    /// A message that `end` waits for, as somebody writes it who knows all but the secrets.
    fn forged(&self, end: usize, script: &mut Script<'_>) -> Message {
        let slot = detections(self.clicks);
        let (block, step) = (self.next_block.saturating_sub(1), self.awaited[end]);
        let body = match script.byte() % 9 {
            0 => {
                let bases = script.bits(self.clicks);
                let z_bits = script.bits(bases.count_ones());
                Body::Sift { bases: (&bases).into(), z_bits: (&z_bits).into(), nonce: [script.byte(); 16] }
            }
            1 => {
                let bases = script.bits(self.clicks);
                let (low, high) = (script.bits(self.clicks), script.bits(self.clicks));
                let z_bits = script.bits(bases.and(&slot.bob.bases).count_ones());
                Body::SiftReply {
                    bases: (&bases).into(),
                    intensities: [(&low).into(), (&high.and(&low.not())).into()],
                    z_bits: (&z_bits).into(),
                    seed: u64::from(script.wide()),
                    nonce: [script.byte(); 16],
                    proof: [script.byte(); 16],
                }
            }
            2 => Body::Begin {
                proof: [script.byte(); 16],
                method: Method::ALL[usize::from(script.byte()) % Method::ALL.len()],
                question: script.question(),
            },
            3 => Body::Ask(script.question()),
            4 => {
                let len = script.short() % 8_000;
                Body::Answer((&script.bits(len)).into())
            }
            5 => Body::Verify {
                hash_key: [script.byte(); TAG_BYTES],
                hash: [script.byte(); TAG_BYTES],
                corrected: script.wide(),
            },
            6 => {
                let len = script.short() % 8_000;
                Body::Confirm {
                    length: script.wide(),
                    pairs: script.wide(),
                    seed: (&script.bits(len)).into(),
                    seal: seal(script),
                }
            }
            7 => Body::Close(seal(script)),
            _ => Body::Drop,
        };
        Message { block, step, body }
    }

    /// From here on every message arrives, and time passes until both sides have ended the last block.
    fn settle(&mut self) {
        let mut budget = 20_000;
        for _ in 0..60 {
            while self.deliver() {
                budget -= 1;
                assert!(budget > 0, "no end of messages");
            }
            self.now += SimDuration::from_secs(0.05);
            (0..2).for_each(|end| self.input(end, Input::Wake));
        }
        assert!(self.flight.is_empty(), "somebody speaks after the deadline");
        for party in &self.parties {
            assert!(party.pairs_left() < 4_096, "{} pairs of {PAIR_BITS} bits", party.pairs_left());
        }
    }
}

fn seal(script: &mut Script<'_>) -> Seal {
    if script.byte().is_multiple_of(2) {
        Seal::Pad { pair: script.wide(), tag: [script.byte(); TAG_BYTES] }
    } else {
        Seal::Signature(script.bytes())
    }
}

/// Changes a field of a message.
fn alter(message: &mut Message, script: &mut Script<'_>) {
    let plane = |bits: &mut WireBits, script: &mut Script<'_>| match script.byte() % 4 {
        0 => bits.len = script.wide(),
        1 => bits.bytes.resize(script.short() % 2_048, script.byte()),
        2 => {
            let len = script.short();
            *bits = (&script.bits(len)).into();
        }
        _ => {
            let (at, turned) = (script.short(), script.bytes());
            bits.bytes.iter_mut().skip(at).zip(turned).for_each(|(byte, turned)| *byte ^= turned);
        }
    };
    let field = script.byte();
    match (&mut message.body, field % 5) {
        (_, 0) if field >= 128 => message.block = script.wide(),
        (_, 1) if field >= 128 => message.step = script.wide(),
        (Body::Sift { bases, .. }, 0) => plane(bases, script),
        (Body::Sift { z_bits, .. }, 1) => plane(z_bits, script),
        (Body::Sift { nonce, .. } | Body::SiftReply { nonce, .. }, 2) => nonce[0] ^= script.byte(),
        (Body::SiftReply { bases, .. }, 0) => plane(bases, script),
        (Body::SiftReply { intensities, .. }, 1) => plane(&mut intensities[usize::from(field / 128)], script),
        (Body::SiftReply { z_bits, .. }, 3) => plane(z_bits, script),
        (Body::SiftReply { seed, .. }, _) => *seed = u64::from(script.wide()),
        (Body::Begin { question, .. } | Body::Ask(question), 0) => *question = script.question(),
        (Body::Begin { question, .. } | Body::Ask(question), 1) => {
            let at = script.short() % question.len().max(1);
            question.iter_mut().skip(at).take(1).for_each(|byte| *byte ^= script.byte());
        }
        (Body::Begin { proof, .. }, _) => proof[0] ^= script.byte(),
        (Body::Answer(bits), _) => plane(bits, script),
        (Body::Verify { hash, .. }, 0) => hash[0] ^= script.byte(),
        (Body::Verify { corrected, .. }, _) => *corrected = script.wide(),
        (Body::Confirm { length, .. }, 0) => *length = script.wide(),
        (Body::Confirm { pairs, .. }, 1) => *pairs = script.wide(),
        (Body::Confirm { seed, .. }, 2) => plane(seed, script),
        (Body::Confirm { seal: sealed, .. } | Body::Close(sealed), _) => *sealed = seal(script),
        _ => message.body = Body::Drop,
    }
}
