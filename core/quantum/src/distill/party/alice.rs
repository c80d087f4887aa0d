//! The sender's side: she knows the right bits, answers, and decides how long the key is.

use super::work::{Stage, Work};
use super::{DropReason, End, Flow, HalfRecord, PartyOutput, VERIFY_BITS};
use crate::distill::auth::{PAIR_BITS, universal_hash};
use crate::distill::event::Event;
use crate::distill::message::{Body, Method, Nonce, Proof, Seal, Side, Tag, WireBits};
use crate::distill::params::REFILL_PAIRS;
use crate::distill::reconcile::Answers;
use crate::distill::sift::{Bases, sift};
use crate::distill::toeplitz;
use crate::ground::secret::KEY_BYTES;
use crate::ground::{Bits, Output, SimTime};
use std::sync::Arc;

/// What Bob says of his corrected bits.
struct Claim {
    hash_key: Tag,
    hash: Tag,
    corrected: u32,
}

impl End {
    /// Takes a message about `work`. The other blocks under way will make `promised` new pairs of pads.
    pub(super) fn alice_hears(
        &mut self,
        now: SimTime,
        work: &mut Work,
        promised: u32,
        body: Body,
        out: &mut Vec<PartyOutput>,
    ) -> Result<Flow, DropReason> {
        match body {
            Body::Sift { bases, z_bits, nonce } => self.alice_sifts(now, work, &bases, &z_bits, nonce, out),
            Body::Begin { proof, method, question } => {
                self.alice_begins(work, &proof, method)?;
                self.alice_answers(now, work, &question, out)
            }
            Body::Ask(question) => self.alice_answers(now, work, &question, out),
            Body::Verify { hash_key, hash, corrected } => {
                self.alice_confirms(now, work, promised, &Claim { hash_key, hash, corrected }, out)
            }
            Body::Close(seal) => self.alice_closes(work, &seal, out),
            _ => Err(DropReason::Malformed),
        }
    }

    fn alice_sifts(
        &mut self,
        now: SimTime,
        work: &mut Work,
        bases: &WireBits,
        z_bits: &WireBits,
        nonce: Nonce,
        out: &mut Vec<PartyOutput>,
    ) -> Result<Flow, DropReason> {
        let seed = self.rng.next_u64();
        let Stage::Sifting(HalfRecord::Alice { records, .. }) = &work.stage else {
            return Err(DropReason::Malformed);
        };
        let bases = bases.bits().ok_or(DropReason::Malformed)?;
        let z_bits = z_bits.bits().ok_or(DropReason::Malformed)?;
        let own = Bases { own: &records.bases, other: &bases, intensity: &records.intensity };
        let sifted = sift(&records.bits, own, &bases, &z_bits)?;
        work.nonces[1] = nonce;
        let body = Body::SiftReply {
            bases: WireBits::from(&records.bases),
            intensities: records.intensity.each_ref().map(WireBits::from),
            z_bits: WireBits::from(&records.bits.pick(&sifted.both_check)),
            seed,
            nonce: work.nonces[0],
            proof: self.auth.proof(Side::Alice, work.block.seq, work.nonces.each_ref()),
        };
        if sifted.counts.qber_z() > self.rules.params.qber_limit {
            self.say_last(now, work, body, out); // Bob counts the same and reports it
            return Ok(Flow::Over);
        }
        (work.bits, work.counts, work.stage) = (sifted.key, sifted.counts, Stage::Sifted { seed });
        self.say(now, work, body, 0, out);
        Ok(Flow::On)
    }

    fn alice_begins(&self, work: &mut Work, proof: &Proof, method: Method) -> Result<(), DropReason> {
        let Stage::Sifted { seed } = work.stage else { return Err(DropReason::Malformed) };
        if self.rules.params.prove_peer && !self.auth.proven(work.block.seq, work.nonces.each_ref(), proof) {
            return Err(DropReason::Unproven);
        }
        work.stage = Stage::Answering(Answers::new(method, &work.bits, seed));
        Ok(())
    }

    fn alice_answers(
        &mut self,
        now: SimTime,
        work: &mut Work,
        question: &[u8],
        out: &mut Vec<PartyOutput>,
    ) -> Result<Flow, DropReason> {
        let Stage::Answering(answers) = &mut work.stage else { return Err(DropReason::Malformed) };
        let before = answers.leak_bits();
        let answer = answers.answer(question, &mut self.rng, &mut self.codes)?;
        let told = answers.leak_bits() - before;
        // Each question is kept for the seal: nobody asks for ever.
        if answers.leak_bits() > work.bits.len() as u64 {
            return Err(DropReason::NoKeyLeft { phase_error: 0.5 });
        }
        self.say(now, work, Body::Answer(WireBits::from(&answer)), told, out);
        Ok(Flow::On)
    }

    fn alice_confirms(
        &mut self,
        now: SimTime,
        work: &mut Work,
        promised: u32,
        claim: &Claim,
        out: &mut Vec<PartyOutput>,
    ) -> Result<Flow, DropReason> {
        let params = &self.rules.params;
        let Stage::Answering(answers) = &work.stage else { return Err(DropReason::Malformed) };
        if universal_hash(&claim.hash_key, &work.bits.to_bytes()) != claim.hash {
            return Err(DropReason::Unequal);
        }
        let len = work.bits.len();
        let qber = f64::from(claim.corrected) / len.max(1) as f64;
        if qber > params.qber_limit {
            return Err(DropReason::Qber { qber, limit: params.qber_limit });
        }
        let leak_bits = answers.leak_bits() + VERIFY_BITS;
        let bound =
            self.rules.statistics.key_length(&work.counts, work.pulses as f64, leak_bits as f64, params);
        let usable = if bound.length > 0.0 { (bound.length as usize).min(len) } else { 0 };
        // One pair for the next round, and more where the reserve is short; at least one key must be left.
        let missing =
            params.reserve_pairs.saturating_sub(self.auth.pairs_left() + promised).min(REFILL_PAIRS);
        let room = usable.saturating_sub(8 * KEY_BYTES) / PAIR_BITS;
        let pairs = (1 + missing).min(room as u32);
        if pairs == 0 {
            return Err(DropReason::NoKeyLeft { phase_error: bound.phi });
        }
        let seed_bits = toeplitz::seed_bits(len, usable);
        let mut seed = vec![0; seed_bits.div_ceil(8)];
        self.rng.fill(&mut seed);
        let seed = Bits::from_bytes(&seed, seed_bits);
        let wire = WireBits::from(&seed);
        let round: Arc<[u8]> = work.round(usable as u32, pairs, &wire).into();
        let (seal, awaited) = self.auth.seal(&round).ok_or(DropReason::NoPad)?;
        if matches!(seal, Seal::Signature(_)) && !params.signatures {
            return Err(DropReason::NoPad);
        }
        let secret = toeplitz::hash(&work.bits, &seed, usable);
        let provenance = work.provenance(params, u64::from(claim.corrected), leak_bits, &seal);
        let finished = Box::new(work.finish(provenance, &secret, pairs));
        work.stage = Stage::Closing { awaited, round, bound, finished };
        self.say(now, work, Body::Confirm { length: usable as u32, pairs, seed: wire, seal }, 0, out);
        Ok(Flow::On)
    }

    fn alice_closes(
        &mut self,
        work: &mut Work,
        seal: &Seal,
        out: &mut Vec<PartyOutput>,
    ) -> Result<Flow, DropReason> {
        let Stage::Closing { awaited, round, bound, finished } = &mut work.stage else {
            return Err(DropReason::Malformed);
        };
        if !self.auth.closes(round, awaited, seal) {
            return Err(DropReason::BadSeal);
        }
        let pad_bits = (finished.pairs.len() * PAIR_BITS) as u32;
        let distilled = finished.hand_out(&work.block, &mut self.auth);
        out.push(Output::Event(Event::Distilled {
            block: work.block.clone(),
            bound: *bound,
            secret_bits: (distilled.keys.len() * 8 * KEY_BYTES) as u32,
            pad_bits,
            discarded_bits: finished.discarded_bits,
            pairs_left: self.auth.pairs_left(),
            authentication: seal.authentication(),
            keys: distilled.keys.iter().map(|k| k.id).collect(),
            trace: work.trace.lines(),
        }));
        out.push(Output::Deliver(distilled));
        Ok(Flow::Over)
    }
}
