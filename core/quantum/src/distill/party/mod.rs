//! The two ends of one link's distillation, without I/O, over a channel that may lose, repeat, delay and reorder messages.
//!
//! Alice sent the photons, Bob found them. Bob announces his bases; Alice answers with hers; both count; each proves who it
//! is; Bob corrects his key bits by what Alice tells of hers; a hash shows that they agree; both shorten the string by a
//! public Toeplitz matrix; one seal in each direction covers everything that was said. Each message answers the one before,
//! so whoever waits for an answer says the last one again, and what has been heard before is answered again in the same
//! words.
//!
//! Bob hands out his keys with his seal, Alice hers when she has it. If every copy of that seal is lost, Bob holds keys that
//! Alice does not: no protocol over a channel that loses messages can rule that out (Gray 1978). Never do both hold a key of
//! the same name and not the same bits, but for the chance that the correctness parameter states.

mod alice;
mod bob;

use super::auth::{Authenticator, Awaited, PAIR_BITS};
use super::estimate::Statistics;
use super::event::{DropReason, Event};
use super::finite_key::KeyLength;
use super::ldpc::Codes;
use super::message::{Body, Message, Nonce, Seal, Side, TAG_BYTES, WireBits};
use super::params::Params;
use super::reconcile::{Answers, Corrects};
use super::sift::Counts;
use super::trace::Trace;
use crate::ground::secret::KEY_BYTES;
use crate::ground::{Bits, BlockId, KeyId, LinkId, Output, Provenance, Rng, SecretKey, SimTime};
use crate::link::{self, AliceRecords, BobRecords};
use std::sync::Arc;
use zeroize::Zeroizing;

/// Bits of the verification hash, charged to the leak.
pub const VERIFY_BITS: u64 = 128;

/// New pairs of pads that a block makes at most beside the one that replaces its own.
const REFILL_PAIRS: u32 = 8;

/// Numbers of pairs from here on are made by the link itself: no installation reaches them.
const MADE: u32 = 65_536;

/// The rules that both ends follow.
#[derive(Clone, Debug, PartialEq)]
pub struct Rules {
    /// What is known of source and bases.
    pub statistics: Statistics,
    /// How to distil.
    pub params: Params,
}

impl Rules {
    /// The rules for a link.
    #[must_use]
    pub fn new(link: &link::Params, params: &Params) -> Self {
        Self { statistics: Statistics::new(link), params: params.clone() }
    }
}

/// One side's record of a block.
#[derive(Clone, Debug)]
pub enum HalfRecord {
    /// The sender's.
    Alice {
        /// The detected pulses.
        records: AliceRecords,
        /// Pulses sent.
        pulses: u64,
    },
    /// The receiver's.
    Bob(BobRecords),
}

/// What a party is told.
#[derive(Clone, Debug)]
pub enum Input {
    /// Its record of a new block.
    Block(BlockId, HalfRecord),
    /// Bytes that came over the classical channel.
    Message(Arc<[u8]>),
    /// The time of a `WakeAt` has come.
    Wake,
}

/// Keys of one block; the other side holds the same.
#[derive(Clone, Debug)]
pub struct Distilled {
    /// The block.
    pub block: BlockId,
    /// The keys, 256 bits each.
    pub keys: Vec<SecretKey>,
}

/// What a party says.
pub type PartyOutput = Output<(), Arc<[u8]>, Distilled, Event>;

/// One end of a link.
#[derive(Clone, Debug)]
pub struct Party {
    rules: Rules,
    rng: Rng,
    auth: Authenticator,
    /// Codes of reconciliation that have been built.
    codes: Codes,
    link: LinkId,
    work: Option<Box<Work>>,
    /// The last word about a block that has ended, for a peer that has missed it.
    ended: Option<Ended>,
}

/// The end of a block.
#[derive(Clone, Debug)]
struct Ended {
    block: u32,
    /// Number of the last message.
    step: u32,
    said: Arc<[u8]>,
}

/// A block under way.
#[derive(Clone, Debug)]
struct Work {
    block: BlockId,
    deadline: SimTime,
    /// Number of the next message, whoever says it.
    step: u32,
    /// The last message said, and when it is said again.
    said: Option<(Arc<[u8]>, SimTime)>,
    record: HalfRecord,
    nonces: [Nonce; 2],
    /// All that was said and heard, in the order of the protocol.
    transcript: Vec<u8>,
    counts: Counts,
    bits: Bits,
    stage: Stage,
    trace: Trace,
}

/// How far a block has come.
#[derive(Clone, Debug)]
enum Stage {
    /// Bases are exchanged.
    Sifting,
    /// Alice's bits are fixed; `seed` is that of reconciliation.
    Sifted { seed: u64 },
    /// Alice answers.
    Answering(Answers),
    /// Bob corrects.
    Correcting(Corrects),
    /// Bob has corrected and awaits Alice's verdict.
    Verifying { corrected: u64, leak_bits: u64 },
    /// Alice awaits Bob's seal.
    Closing { awaited: Awaited, round: Vec<u8>, bound: KeyLength, finished: Box<Finished> },
}

/// A finished block, before it is handed out.
#[derive(Clone, Debug)]
struct Finished {
    keys: Vec<SecretKey>,
    pairs: Vec<[[u8; TAG_BYTES]; 2]>,
    discarded_bits: u32,
}

impl Party {
    /// One end of `link` with its own random stream and its authentication secrets.
    #[must_use]
    pub fn new(link: LinkId, rules: Rules, auth: Authenticator, rng: Rng) -> Self {
        Self { rules, rng, auth, codes: Codes::default(), link, work: None, ended: None }
    }

    /// Pairs of pads left for seals.
    #[must_use]
    pub fn pairs_left(&self) -> u32 {
        self.auth.pairs_left()
    }

    /// Loses all that is not stored for good: the block under way and the last words about the one before.
    pub fn crash(&mut self) {
        (self.work, self.ended) = (None, None);
    }

    /// See [`crate::ground::io`].
    pub fn handle(&mut self, now: SimTime, input: Input, out: &mut Vec<PartyOutput>) {
        match input {
            Input::Block(block, record) => self.start(now, block, record, out),
            Input::Message(bytes) => match Message::decode(&bytes) {
                Ok(message) => self.hear(now, message, &bytes, out),
                Err(_) => self.refuse(now, bytes.len(), out),
            },
            Input::Wake => self.wake(now, out),
        }
    }

    fn start(&mut self, now: SimTime, block: BlockId, record: HalfRecord, out: &mut Vec<PartyOutput>) {
        if self.work.is_some() {
            self.drop_block(now, DropReason::Timeout, out);
        }
        let deadline = now + self.rules.params.timeout();
        out.push(Output::WakeAt(deadline));
        let mut own: Nonce = [0; 16];
        self.rng.fill(&mut own);
        let body = match &record {
            HalfRecord::Alice { .. } => None,
            HalfRecord::Bob(bob) => Some(Body::Sift {
                bases: WireBits::from(&bob.bases),
                z_bits: WireBits::from(&bob.bits.pick(&bob.bases)),
                nonce: own,
            }),
        };
        let nonces = if body.is_none() { [own, [0; 16]] } else { [[0; 16], own] };
        self.work = Some(Box::new(Work {
            // Rounds of different links differ from their first byte on.
            transcript: self.link.as_str().as_bytes().to_vec(),
            block,
            deadline,
            step: 0,
            said: None,
            record,
            nonces,
            counts: Counts::default(),
            bits: Bits::default(),
            stage: Stage::Sifting,
            trace: Trace::new(now, self.auth.side()),
        }));
        if let Some(body) = body {
            self.say(now, body, 0, out);
        }
    }

    /// Bytes that are no message end the block that they may belong to.
    fn refuse(&mut self, now: SimTime, bytes: usize, out: &mut Vec<PartyOutput>) {
        out.push(Output::Event(Event::Refused { link: self.link.clone(), bytes: bytes as u32 }));
        self.drop_block(now, DropReason::Malformed, out);
    }

    fn hear(&mut self, now: SimTime, message: Message, bytes: &[u8], out: &mut Vec<PartyOutput>) {
        if let Some(ended) = self.ended.as_ref().filter(|e| e.block == message.block) {
            // The peer has missed the last word, unless this is a last word as well.
            if ended.step == message.step.wrapping_add(1) && message.body != Body::Drop {
                out.push(Output::Send((), ended.said.clone()));
            }
            return;
        }
        let Some(work) = self.work.as_mut().filter(|w| w.block.seq == message.block) else {
            return; // late, early, or of a block that this side does not know
        };
        if message.body == Body::Drop {
            if let Some(work) = self.work.take() {
                let (block, trace, pairs_left) = (work.block, work.trace.lines(), self.auth.pairs_left());
                let why = DropReason::Peer;
                out.push(Output::Event(Event::Dropped { block, why, pairs_left, trace }));
            }
            return;
        }
        if message.step != work.step {
            // Heard before: its answer was lost. Anything else comes out of order and will be said again.
            if let (Some((said, _)), true) = (&work.said, message.step.wrapping_add(2) == work.step) {
                work.trace.again(said.len());
                out.push(Output::Send((), said.clone()));
            }
            return;
        }
        work.step += 1;
        work.said = None;
        work.trace.heard(now, &message.body, bytes.len());
        // A seal covers all up to itself.
        if !matches!(message.body, Body::Confirm { .. } | Body::Close(_)) {
            work.transcript.extend_from_slice(bytes);
        }
        let outcome = match self.auth.side() {
            Side::Alice => self.alice_hears(now, message.body, out),
            Side::Bob => self.bob_hears(now, message.body, out),
        };
        if let Err(why) = outcome {
            self.drop_block(now, why, out);
        }
    }

    fn wake(&mut self, now: SimTime, out: &mut Vec<PartyOutput>) {
        let patience = self.rules.params.patience();
        let Some(work) = &mut self.work else { return };
        if now >= work.deadline {
            self.drop_block(now, DropReason::Timeout, out);
        } else if let Some((said, again)) = work.said.as_mut().filter(|(_, again)| now >= *again) {
            *again = now + patience;
            work.trace.again(said.len());
            out.extend([Output::Send((), said.clone()), Output::WakeAt(*again)]);
        }
    }

    /// Says `body`, which tells `leak_bits` of the key, and waits for an answer.
    fn say(&mut self, now: SimTime, body: Body, leak_bits: u64, out: &mut Vec<PartyOutput>) {
        let again = now + self.rules.params.patience();
        let Some(work) = &mut self.work else { return };
        let sealed = matches!(body, Body::Confirm { .. } | Body::Close(_));
        let said = work.next(now, body, leak_bits);
        if !sealed {
            work.transcript.extend_from_slice(&said);
        }
        work.said = Some((said.clone(), again));
        out.extend([Output::Send((), said), Output::WakeAt(again)]);
    }

    /// Says the last word of a block, which is not waited for.
    fn end(&mut self, now: SimTime, body: Body, out: &mut Vec<PartyOutput>) -> Option<Box<Work>> {
        let mut work = self.work.take()?;
        let step = work.step;
        let said = work.next(now, body, 0);
        self.ended = Some(Ended { block: work.block.seq, step, said: said.clone() });
        out.push(Output::Send((), said));
        Some(work)
    }

    fn drop_block(&mut self, now: SimTime, why: DropReason, out: &mut Vec<PartyOutput>) {
        let pairs_left = self.auth.pairs_left();
        if let Some(work) = self.end(now, Body::Drop, out) {
            let (block, trace) = (work.block, work.trace.lines());
            out.push(Output::Event(Event::Dropped { block, why, pairs_left, trace }));
        }
    }
}

impl Work {
    /// The next message in its bytes.
    fn next(&mut self, now: SimTime, body: Body, leak_bits: u64) -> Arc<[u8]> {
        let message = Message { block: self.block.seq, step: self.step, body };
        let bytes: Arc<[u8]> = message.encode().into();
        self.step += 1;
        self.trace.said(now, &message.body, bytes.len(), leak_bits);
        bytes
    }

    /// What the seals cover: everything said so far and the confirmation's own fields.
    fn round(&self, length: u32, pairs: u32, seed: &WireBits) -> Vec<u8> {
        let mut bytes = self.transcript.clone();
        for number in [length, pairs, seed.len] {
            bytes.extend_from_slice(&number.to_le_bytes());
        }
        bytes.extend_from_slice(&seed.bytes);
        bytes
    }

    /// Where this block's keys come from.
    fn provenance(&self, params: &Params, corrected: u64, leak_bits: u64, seal: &Seal) -> Provenance {
        Provenance {
            block: self.block.clone(),
            eps_sec: params.eps_sec,
            eps_cor: params.eps_cor,
            qber: corrected as f64 / self.bits.len().max(1) as f64,
            leak_bits,
            authentication: seal.authentication(),
        }
    }

    /// Cuts the secret string: first `pairs` of pads, then keys, then a rest that is discarded.
    fn finish(&self, provenance: Provenance, secret: &Bits, pairs: u32) -> Finished {
        let bytes = Zeroizing::new(secret.to_bytes());
        let (pads, rest) = bytes.split_at(bytes.len().min(pairs as usize * PAIR_BITS / 8));
        let pads = pads.as_chunks::<TAG_BYTES>().0;
        let provenance = Arc::new(provenance);
        // Whole bytes only: the string may end within its last one.
        let whole = rest.len().min((secret.len() / 8).saturating_sub(pads.len() * TAG_BYTES));
        let keys: Vec<SecretKey> = (0u32..)
            .zip(rest[..whole].as_chunks::<KEY_BYTES>().0)
            .map(|(i, bytes)| {
                let link = self.block.link.as_str().as_bytes();
                let id = KeyId::derive(&[b"qkd", link, &self.block.seq.to_le_bytes(), &i.to_le_bytes()]);
                SecretKey::new(id, provenance.clone(), *bytes)
            })
            .collect();
        let used = pads.len() * 8 * TAG_BYTES + keys.len() * 8 * KEY_BYTES;
        Finished {
            keys,
            pairs: pads.as_chunks::<2>().0.to_vec(),
            discarded_bits: (secret.len() - used) as u32,
        }
    }
}

impl Finished {
    /// Puts the new pads into their pool; the keys go out.
    fn hand_out(&mut self, block: &BlockId, auth: &mut Authenticator) -> Distilled {
        let first = MADE + (1 + REFILL_PAIRS) * block.seq;
        for (number, pair) in (first..).zip(self.pairs.drain(..)) {
            auth.refill(number, pair);
        }
        Distilled { block: block.clone(), keys: self.keys.clone() }
    }
}

impl Drop for Finished {
    fn drop(&mut self) {
        use zeroize::Zeroize;
        self.pairs.zeroize();
    }
}

#[cfg(test)]
mod tests;
