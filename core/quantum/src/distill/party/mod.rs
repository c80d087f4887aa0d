//! The two ends of one link's distillation, without I/O, over a channel that may lose, repeat, delay and reorder messages.
//!
//! Alice sent the photons, Bob found them. Bob announces his bases; Alice answers with hers; both count; each proves who it
//! is; Bob corrects his key bits by what Alice tells of hers; a hash shows that they agree; both shorten the string by a
//! public Toeplitz matrix; one seal in each direction covers everything that was said. Each message answers the one before,
//! so whoever waits for an answer says the last one again, and what has been heard before is answered again in the same
//! words. Blocks do not wait for each other: up to [`UNDER_WAY`] of them are under way at once, each a conversation of its
//! own.
//!
//! Bob hands out his keys with his seal, Alice hers when she has it. If every copy of that seal is lost, Bob holds keys that
//! Alice does not: no protocol over a channel that loses messages can rule that out (Gray 1978). Never do both hold a key of
//! the same name and not the same bits, but for the chance that the correctness parameter states.

mod alice;
mod bob;
mod work;

use super::auth::Authenticator;
use super::estimate::Statistics;
use super::event::{DropReason, Event};
use super::ldpc::Codes;
use super::message::{self, Body, Message, Method, Nonce, Side, WireBits};
use super::params::{Params, UNDER_WAY};
use super::sift::Counts;
use super::trace::Trace;
use crate::ground::{Bits, BlockId, LinkId, Output, Rng, SecretKey, SimDuration, SimTime};
use crate::link::{self, AliceRecords, BobRecords};
use std::collections::VecDeque;
use std::sync::Arc;
use work::{Stage, Work};

/// Bits of the verification hash, charged to the leak.
pub const VERIFY_BITS: u64 = 128;

/// The rules that both ends follow.
#[derive(Clone, Debug, PartialEq)]
pub struct Rules {
    /// What is known of source and bases.
    pub statistics: Statistics,
    /// How to distil.
    pub params: Params,
    /// How differing bits are found.
    pub method: Method,
}

impl Rules {
    /// The rules for a link.
    #[must_use]
    pub fn new(link: &link::Params, params: &Params) -> Self {
        let block_s = (link.block_pulses as f64 / link.source.pulse_rate_hz).max(link.slot_s);
        let overtaken_s = UNDER_WAY as f64 * block_s;
        let until = params.timeout().min(SimDuration::from_secs(overtaken_s));
        let method = params.reconciliation.method(params.delay(), until);
        Self { statistics: Statistics::new(link), params: params.clone(), method }
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

/// One side of a link.
#[derive(Clone, Debug)]
pub struct Party {
    end: End,
    /// In the order in which they began.
    under_way: Vec<Work>,
}

/// What a side has beside its blocks under way.
#[derive(Clone, Debug)]
struct End {
    rules: Rules,
    rng: Rng,
    auth: Authenticator,
    /// Codes of reconciliation that have been built.
    codes: Codes,
    link: LinkId,
    /// The last words about blocks that have ended, for a peer that has missed them. The newest is the last.
    ended: VecDeque<Ended>,
}

/// The end of a block.
#[derive(Clone, Debug)]
struct Ended {
    block: u32,
    /// Number of the last message.
    step: u32,
    said: Arc<[u8]>,
}

/// What becomes of a block with a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Flow {
    /// It goes on.
    On,
    /// It has ended.
    Over,
}

impl Party {
    /// One side of `link` with its own random stream and its authentication secrets.
    #[must_use]
    pub fn new(link: LinkId, rules: Rules, auth: Authenticator, rng: Rng) -> Self {
        let end = End { rules, rng, auth, codes: Codes::default(), link, ended: VecDeque::new() };
        Self { end, under_way: Vec::new() }
    }

    /// Pairs of pads left for seals.
    #[must_use]
    pub fn pairs_left(&self) -> u32 {
        self.end.auth.pairs_left()
    }

    /// Blocks under way.
    #[must_use]
    pub fn under_way(&self) -> u32 {
        self.under_way.len() as u32
    }

    /// Whether it has this block under way, or still knows how it ended.
    #[must_use]
    pub fn knows(&self, block: u32) -> bool {
        self.under_way.iter().any(|w| w.block.seq == block) || self.end.ended.iter().any(|e| e.block == block)
    }

    /// Loses all that is not stored for good: the blocks under way and the last words about those before.
    pub fn crash(&mut self) {
        self.under_way.clear();
        self.end.ended.clear();
    }

    /// See [`crate::ground::io`].
    pub fn handle(&mut self, now: SimTime, input: Input, out: &mut Vec<PartyOutput>) {
        match input {
            Input::Block(block, record) => self.start(now, block, record, out),
            Input::Message(bytes) => match Message::decode(&bytes) {
                Ok(message) => self.hear(now, message, &bytes, out),
                Err(_) => self.refuse(now, &bytes, out),
            },
            Input::Wake => self.wake(now, out),
        }
    }

    fn start(&mut self, now: SimTime, block: BlockId, record: HalfRecord, out: &mut Vec<PartyOutput>) {
        self.give_up(now, out);
        if self.under_way.len() == UNDER_WAY {
            self.drop_block(now, 0, DropReason::Overtaken, out);
        }
        let deadline = now + self.end.rules.params.timeout();
        out.push(Output::WakeAt(deadline));
        let mut own: Nonce = [0; 16];
        self.end.rng.fill(&mut own);
        let (nonces, pulses, body) = match &record {
            HalfRecord::Alice { pulses, .. } => ([own, [0; 16]], *pulses, None),
            HalfRecord::Bob(bob) => {
                let (bases, z_bits) =
                    (WireBits::from(&bob.bases), WireBits::from(&bob.bits.pick(&bob.bases)));
                ([[0; 16], own], 0, Some(Body::Sift { bases, z_bits, nonce: own }))
            }
        };
        let mut work = Work {
            block,
            deadline,
            step: 0,
            said: None,
            pulses,
            nonces,
            transcript: Vec::new(),
            counts: Counts::default(),
            bits: Bits::default(),
            stage: Stage::Sifting(record),
            trace: Trace::new(now, self.end.auth.side()),
        };
        if let Some(body) = body {
            self.end.say(now, &mut work, body, 0, out);
        }
        self.under_way.push(work);
    }

    /// Bytes that are no message end the block that they name, or else the oldest: any may be the one that they belong to.
    fn refuse(&mut self, now: SimTime, bytes: &[u8], out: &mut Vec<PartyOutput>) {
        out.push(Output::Event(Event::Refused { link: self.end.link.clone(), bytes: bytes.len() as u32 }));
        let named = message::block_of(bytes);
        let at = self.under_way.iter().position(|w| Some(w.block.seq) == named).unwrap_or(0);
        self.drop_block(now, at, DropReason::Malformed, out);
    }

    fn hear(&mut self, now: SimTime, message: Message, bytes: &Arc<[u8]>, out: &mut Vec<PartyOutput>) {
        if let Some(ended) = self.end.ended.iter().find(|e| e.block == message.block) {
            // The peer has missed the last word, unless this is a last word as well.
            if ended.step == message.step.wrapping_add(1) && message.body != Body::Drop {
                out.push(Output::Send((), ended.said.clone()));
            }
            return;
        }
        let promised = self.under_way.iter().map(Work::promised).sum();
        let Some(at) = self.under_way.iter().position(|w| w.block.seq == message.block) else {
            return; // late, early, or of a block that this side does not know
        };
        if message.body == Body::Drop {
            let work = self.under_way.remove(at);
            self.end.dropped(work, DropReason::Peer, out);
            return;
        }
        let work = &mut self.under_way[at];
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
        work.note(&message.body, bytes);
        let outcome = match self.end.auth.side() {
            Side::Alice => self.end.alice_hears(now, work, promised, message.body, out),
            Side::Bob => self.end.bob_hears(now, work, message.body, out),
        };
        match outcome {
            Ok(Flow::On) => {}
            Ok(Flow::Over) => drop(self.under_way.remove(at)),
            Err(why) => self.drop_block(now, at, why, out),
        }
    }

    fn wake(&mut self, now: SimTime, out: &mut Vec<PartyOutput>) {
        self.give_up(now, out);
        let patience = self.end.rules.params.patience();
        for work in &mut self.under_way {
            if let Some((said, again)) = work.said.as_mut().filter(|(_, again)| now >= *again) {
                *again = now + patience;
                work.trace.again(said.len());
                out.extend([Output::Send((), said.clone()), Output::WakeAt(*again)]);
            }
        }
    }

    /// Drops what has taken too long.
    fn give_up(&mut self, now: SimTime, out: &mut Vec<PartyOutput>) {
        while self.under_way.first().is_some_and(|work| now >= work.deadline) {
            self.drop_block(now, 0, DropReason::Timeout, out);
        }
    }

    /// Drops a block under way, if there is one at this place.
    fn drop_block(&mut self, now: SimTime, at: usize, why: DropReason, out: &mut Vec<PartyOutput>) {
        if at < self.under_way.len() {
            let mut work = self.under_way.remove(at);
            self.end.say_last(now, &mut work, Body::Drop, out);
            self.end.dropped(work, why, out);
        }
    }
}

impl End {
    /// Says `body`, which tells `leak_bits` of the key, and waits for an answer.
    fn say(&self, now: SimTime, work: &mut Work, body: Body, leak_bits: u64, out: &mut Vec<PartyOutput>) {
        let again = now + self.rules.params.patience();
        let said = work.next(now, body, leak_bits);
        work.said = Some((said.clone(), again));
        out.extend([Output::Send((), said), Output::WakeAt(again)]);
    }

    /// Says the last word of a block, which is not waited for.
    fn say_last(&mut self, now: SimTime, work: &mut Work, body: Body, out: &mut Vec<PartyOutput>) {
        let step = work.step;
        let said = work.next(now, body, 0);
        if self.ended.len() == UNDER_WAY {
            self.ended.pop_front();
        }
        self.ended.push_back(Ended { block: work.block.seq, step, said: said.clone() });
        out.push(Output::Send((), said));
    }

    /// Tells that a block is dropped.
    fn dropped(&self, work: Work, why: DropReason, out: &mut Vec<PartyOutput>) {
        let (block, trace, pairs_left) = (work.block, work.trace.lines(), self.auth.pairs_left());
        out.push(Output::Event(Event::Dropped { block, why, pairs_left, trace }));
    }
}

#[cfg(test)]
mod tests;
