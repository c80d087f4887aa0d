//! A block under way on one side.

use super::HalfRecord;
use crate::distill::auth::{Authenticator, Awaited, PAIR_BITS};
use crate::distill::finite_key::KeyLength;
use crate::distill::message::{Body, Message, Nonce, Seal, TAG_BYTES, WireBits};
use crate::distill::params::{Params, REFILL_PAIRS};
use crate::distill::reconcile::{Answers, Corrects};
use crate::distill::sift::Counts;
use crate::distill::trace::Trace;
use crate::ground::secret::KEY_BYTES;
use crate::ground::{Bits, BlockId, KeyId, Provenance, SecretKey, SimTime};
use std::sync::Arc;
use zeroize::Zeroizing;

/// Numbers of pairs from here on are made by the link itself: no installation reaches them.
const MADE: u32 = 65_536;

/// A block under way.
#[derive(Clone, Debug)]
pub(super) struct Work {
    pub block: BlockId,
    pub deadline: SimTime,
    /// Number of the next message, whoever says it.
    pub step: u32,
    /// The last message said, and when it is said again.
    pub said: Option<(Arc<[u8]>, SimTime)>,
    /// Pulses sent, as far as this side knows.
    pub pulses: u64,
    pub nonces: [Nonce; 2],
    /// All that was said and heard, in the order of the protocol.
    pub transcript: Vec<Arc<[u8]>>,
    pub counts: Counts,
    pub bits: Bits,
    pub stage: Stage,
    pub trace: Trace,
}

/// How far a block has come.
#[derive(Clone, Debug)]
pub(super) enum Stage {
    /// Bases are exchanged.
    Sifting(HalfRecord),
    /// Alice's bits are fixed; `seed` is that of reconciliation.
    Sifted { seed: u64 },
    /// Alice answers.
    Answering(Answers),
    /// Bob corrects.
    Correcting(Corrects),
    /// Bob has corrected and awaits Alice's verdict.
    Verifying { corrected: u64, leak_bits: u64 },
    /// Alice awaits Bob's seal on `round`.
    Closing { awaited: Awaited, round: Arc<[u8]>, bound: KeyLength, finished: Box<Finished> },
}

/// A finished block, before it is handed out.
#[derive(Clone, Debug)]
pub(super) struct Finished {
    pub keys: Vec<SecretKey>,
    pub pairs: Vec<[[u8; TAG_BYTES]; 2]>,
    pub discarded_bits: u32,
}

impl Work {
    /// The next message in its bytes.
    pub fn next(&mut self, now: SimTime, body: Body, leak_bits: u64) -> Arc<[u8]> {
        let message = Message { block: self.block.seq, step: self.step, body };
        let bytes: Arc<[u8]> = message.encode().into();
        self.step += 1;
        self.trace.said(now, &message.body, bytes.len(), leak_bits);
        self.note(&message.body, &bytes);
        bytes
    }

    /// Keeps for the seals what was said or heard. A seal covers all up to itself.
    pub fn note(&mut self, body: &Body, bytes: &Arc<[u8]>) {
        if !matches!(body, Body::Confirm { .. } | Body::Close(_)) {
            self.transcript.push(bytes.clone());
        }
    }

    /// What the seals cover: everything said so far and the confirmation's own fields. Rounds of different links differ
    /// from their first byte on.
    pub fn round(&self, length: u32, pairs: u32, seed: &WireBits) -> Vec<u8> {
        let numbers = [length, pairs, seed.len].map(u32::to_le_bytes);
        let mut parts = vec![self.block.link.as_str().as_bytes()];
        parts.extend(self.transcript.iter().map(|said| &said[..]));
        parts.extend(numbers.iter().map(|number| &number[..]));
        parts.push(&seed.bytes);
        parts.concat()
    }

    /// Where this block's keys come from.
    pub fn provenance(&self, params: &Params, corrected: u64, leak_bits: u64, seal: &Seal) -> Provenance {
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
    pub fn finish(&self, provenance: Provenance, secret: &Bits, pairs: u32) -> Finished {
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

    /// New pairs of pads that this block will hand out.
    pub fn promised(&self) -> u32 {
        if let Stage::Closing { finished, .. } = &self.stage { finished.pairs.len() as u32 } else { 0 }
    }
}

impl Finished {
    /// Puts the new pads into their pool; the keys go out.
    pub fn hand_out(&mut self, block: &BlockId, auth: &mut Authenticator) -> super::Distilled {
        let first = MADE + (1 + REFILL_PAIRS) * block.seq;
        for (number, pair) in (first..).zip(self.pairs.drain(..)) {
            auth.refill(number, pair);
        }
        super::Distilled { block: block.clone(), keys: self.keys.clone() }
    }
}

impl Drop for Finished {
    fn drop(&mut self) {
        use zeroize::Zeroize;
        self.pairs.zeroize();
    }
}
