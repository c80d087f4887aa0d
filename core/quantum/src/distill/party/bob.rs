//! The receiver's side: he corrects his bits, and closes the round.

use super::work::{Stage, Work};
use super::{DropReason, End, Flow, HalfRecord, PartyOutput, VERIFY_BITS};
use crate::distill::auth::{PAIR_BITS, universal_hash};
use crate::distill::event::Event;
use crate::distill::finite_key::entropy;
use crate::distill::message::{Body, Nonce, Proof, Seal, Side, TAG_BYTES, WireBits};
use crate::distill::reconcile::{Corrects, Next};
use crate::distill::sift::{Bases, sift};
use crate::distill::toeplitz;
use crate::ground::{Output, SimTime};

/// What Alice says of her detections.
struct Reply<'a> {
    bases: &'a WireBits,
    intensities: &'a [WireBits; 2],
    z_bits: &'a WireBits,
    seed: u64,
    nonce: Nonce,
    proof: Proof,
}

/// What Alice makes of it.
struct Verdict<'a> {
    length: u32,
    pairs: u32,
    seed: &'a WireBits,
    seal: &'a Seal,
}

impl End {
    /// Takes a message about `work`.
    pub(super) fn bob_hears(
        &mut self,
        now: SimTime,
        work: &mut Work,
        body: Body,
        out: &mut Vec<PartyOutput>,
    ) -> Result<Flow, DropReason> {
        match &body {
            Body::SiftReply { bases, intensities, z_bits, seed, nonce, proof } => {
                let (seed, nonce, proof) = (*seed, *nonce, *proof);
                self.bob_sifts(now, work, &Reply { bases, intensities, z_bits, seed, nonce, proof }, out)
            }
            Body::Answer(answer) => self.bob_corrects(now, work, answer, out),
            Body::Confirm { length, pairs, seed, seal } => {
                self.bob_closes(now, work, &Verdict { length: *length, pairs: *pairs, seed, seal }, out)
            }
            _ => Err(DropReason::Malformed),
        }
    }

    fn bob_sifts(
        &mut self,
        now: SimTime,
        work: &mut Work,
        reply: &Reply<'_>,
        out: &mut Vec<PartyOutput>,
    ) -> Result<Flow, DropReason> {
        let params = &self.rules.params;
        let Stage::Sifting(HalfRecord::Bob(records)) = &work.stage else {
            return Err(DropReason::Malformed);
        };
        let bases = reply.bases.bits().ok_or(DropReason::Malformed)?;
        let [low, high] = reply.intensities.each_ref().map(WireBits::bits);
        let intensity = [low.ok_or(DropReason::Malformed)?, high.ok_or(DropReason::Malformed)?];
        let z_bits = reply.z_bits.bits().ok_or(DropReason::Malformed)?;
        let own = Bases { own: &records.bases, other: &bases, intensity: &intensity };
        let sifted = sift(&records.bits, own, &records.bases.and(&bases), &z_bits)?;
        work.nonces[0] = reply.nonce;
        let nonces = work.nonces.each_ref();
        let qber_z = sifted.counts.qber_z();
        out.push(Output::Event(Event::Sifted {
            block: work.block.clone(),
            detections: records.bits.len() as u32,
            key_bits: sifted.key.len() as u32,
            check_bits: z_bits.len() as u32,
            qber_z,
        }));
        if params.prove_peer && !self.auth.proven(work.block.seq, nonces, &reply.proof) {
            return Err(DropReason::Unproven);
        }
        if qber_z > params.qber_limit {
            return Err(DropReason::Qber { qber: qber_z, limit: params.qber_limit });
        }
        let proof = self.auth.proof(Side::Bob, work.block.seq, nonces);
        let (corrects, next) =
            Corrects::new(self.rules.method, &sifted.key, reply.seed, qber_z, &mut self.codes)
                .ok_or(DropReason::NoKeyLeft { phase_error: 0.5 })?;
        work.counts = sifted.counts;
        work.stage = Stage::Correcting(corrects);
        // A string with nothing to ask about is no key either.
        let Next::Ask(question) = next else { return Err(DropReason::NoKeyLeft { phase_error: 0.5 }) };
        self.say(now, work, Body::Begin { proof, method: self.rules.method, question }, 0, out);
        Ok(Flow::On)
    }

    fn bob_corrects(
        &mut self,
        now: SimTime,
        work: &mut Work,
        answer: &WireBits,
        out: &mut Vec<PartyOutput>,
    ) -> Result<Flow, DropReason> {
        let limit = self.rules.params.qber_limit;
        let Stage::Correcting(corrects) = &mut work.stage else { return Err(DropReason::Malformed) };
        let answer = answer.bits().ok_or(DropReason::Malformed)?;
        if let Next::Ask(question) = corrects.take(&answer)? {
            self.say(now, work, Body::Ask(question), 0, out);
            return Ok(Flow::On);
        }
        work.bits = corrects.bits();
        let (corrected, leak_bits) = (corrects.corrected(), corrects.leak_bits());
        let len = work.bits.len().max(1) as f64;
        let qber_x = corrected as f64 / len;
        out.push(Output::Event(Event::Reconciled {
            block: work.block.clone(),
            qber_x,
            leak_bits: leak_bits as u32,
            efficiency: leak_bits as f64 / (len * entropy(qber_x)).max(1.0),
            round_trips: corrects.round_trips(),
        }));
        if qber_x > limit {
            return Err(DropReason::Qber { qber: qber_x, limit });
        }
        work.stage = Stage::Verifying { corrected, leak_bits };
        let mut hash_key = [0; TAG_BYTES];
        self.rng.fill(&mut hash_key);
        let hash = universal_hash(&hash_key, &work.bits.to_bytes());
        self.say(now, work, Body::Verify { hash_key, hash, corrected: corrected as u32 }, VERIFY_BITS, out);
        Ok(Flow::On)
    }

    fn bob_closes(
        &mut self,
        now: SimTime,
        work: &mut Work,
        &Verdict { length, pairs, seed, seal }: &Verdict<'_>,
        out: &mut Vec<PartyOutput>,
    ) -> Result<Flow, DropReason> {
        let params = &self.rules.params;
        let Stage::Verifying { corrected, leak_bits } = work.stage else {
            return Err(DropReason::Malformed);
        };
        let round = work.round(length, pairs, seed);
        let reply = self.auth.countersign(&round, seal).ok_or(DropReason::BadSeal)?;
        // From here on it is Alice who speaks. The pulses that she sent are hers to count, so the length is hers to set;
        // that it is hers is what the seal says.
        let (len, usable) = (work.bits.len(), length as usize);
        let seed = seed.bits().ok_or(DropReason::Malformed)?;
        let pad_bits = (pairs as usize).checked_mul(PAIR_BITS).ok_or(DropReason::Malformed)?;
        if usable > len || seed.len() != toeplitz::seed_bits(len, usable) || pad_bits > usable {
            return Err(DropReason::Malformed);
        }
        let secret = toeplitz::hash(&work.bits, &seed, usable);
        let provenance = work.provenance(params, corrected, leak_bits + VERIFY_BITS, seal);
        let mut finished = work.finish(provenance, &secret, pairs);
        let distilled = finished.hand_out(&work.block, &mut self.auth);
        self.say_last(now, work, Body::Close(reply), out);
        out.push(Output::Deliver(distilled));
        Ok(Flow::Over)
    }
}
