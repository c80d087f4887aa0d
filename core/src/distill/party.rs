//! The two ends of one link's distillation, without I/O.
//!
//! Alice sent the photons, Bob found them. Bob announces his bases; Alice answers with hers; both count; Bob corrects
//! his key bits by Alice's parities; a hash shows that they agree; both shorten the string by a public Toeplitz
//! matrix; one tag in each direction covers everything that was said.

use super::auth::{Authenticator, TAG_BYTES, Tag, universal_hash};
use super::cascade::{Corrector, Laid, Order};
use super::event::{DropReason, Event};
use super::finite_key::{KeyLength, Observed, entropy, key_length};
use super::message::{Body, Message, WireBits};
use super::sift::{Bases, Counts, sift};
use super::toeplitz;
use crate::ground::secret::KEY_BYTES;
use crate::ground::{Bits, BlockId, KeyId, Output, Rng, SecretKey, SiftedBits, SimDuration, SimTime};
use crate::link::{AliceRecords, BobRecords};
use zeroize::Zeroizing;

/// Bits of the verification hash, charged to the leak.
pub(crate) const VERIFY_BITS: u64 = 128;

/// Bits of each key block kept back as pads: one for each direction.
pub(crate) const PAD_BITS: usize = 2 * 8 * TAG_BYTES;

/// The rules of distillation.
#[derive(Clone, Debug, PartialEq)]
pub struct Rules {
    /// Mean photon numbers of the source.
    pub mu: [f64; 3],
    /// Their probabilities.
    pub mu_probability: [f64; 3],
    /// A block over this error rate is dropped: 11 % (Shor and Preskill 2000).
    pub qber_limit: f64,
    /// Secrecy parameter.
    pub eps_sec: f64,
    /// Correctness parameter.
    pub eps_cor: f64,
    /// A block that is not done after this time is dropped.
    pub timeout: SimDuration,
}

impl Rules {
    /// The usual rules for a source.
    #[must_use]
    pub fn new(mu: [f64; 3], mu_probability: [f64; 3]) -> Self {
        Self {
            mu,
            mu_probability,
            qber_limit: 0.11,
            eps_sec: 1e-9,
            eps_cor: 1e-15,
            timeout: SimDuration::from_millis(3_000),
        }
    }
}

/// One side's record of a block.
#[derive(Clone, Debug)]
pub enum HalfRecord {
    /// The sender's.
    Alice(AliceRecords),
    /// The receiver's.
    Bob(BobRecords),
}

/// What a party is told.
#[derive(Clone, Debug)]
pub enum Input {
    /// Its record of a new block.
    Block(BlockId, HalfRecord),
    /// A message of the other side.
    Message(Message),
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
pub type PartyOutput = Output<(), Message, Distilled, Event>;

/// One end of a link.
#[derive(Clone, Debug)]
pub struct Party {
    rules: Rules,
    rng: Rng,
    auth: Authenticator,
    work: Option<Work>,
}

/// A block under way.
#[derive(Clone, Debug)]
struct Work {
    block: BlockId,
    deadline: SimTime,
    record: HalfRecord,
    /// All that was said and heard, in the order of the protocol.
    transcript: Vec<u8>,
    counts: Counts,
    bits: SiftedBits,
    /// Alice's bits in the order of every pass of reconciliation.
    laid: Option<Laid>,
    corrector: Option<Corrector>,
    asked: u64,
    /// Alice's, while Bob's tag is awaited.
    pending: Option<(Distilled, Event, u32)>,
}

impl Party {
    /// A party with its own random stream and the authentication secret of its link.
    #[must_use]
    pub fn new(rules: Rules, auth: Authenticator, rng: Rng) -> Self {
        Self { rules, rng, auth, work: None }
    }

    /// Pads left for tags.
    #[must_use]
    pub fn pads_left(&self) -> u32 {
        self.auth.pads_left()
    }

    /// See [`crate::ground::io`].
    pub fn handle(&mut self, now: SimTime, input: Input, out: &mut Vec<PartyOutput>) {
        match input {
            Input::Block(block, record) => self.start(now, block, record, out),
            Input::Message(message) => {
                if self.work.as_ref().is_none_or(|w| w.block != message.block) {
                    return; // late, or of a block that this side has dropped
                }
                if let Err(why) = self.take(&message, out) {
                    self.drop_block(why, out);
                }
            }
            Input::Wake => {
                if self.work.as_ref().is_some_and(|w| now >= w.deadline) {
                    self.drop_block(DropReason::Timeout, out);
                }
            }
        }
    }

    fn start(&mut self, now: SimTime, block: BlockId, record: HalfRecord, out: &mut Vec<PartyOutput>) {
        if self.work.is_some() {
            self.drop_block(DropReason::Timeout, out);
        }
        let deadline = now + self.rules.timeout;
        out.push(Output::WakeAt(deadline));
        let sift = match &record {
            HalfRecord::Alice(_) => None,
            HalfRecord::Bob(bob) => Some(Body::Sift {
                bases: WireBits::from(&bob.bases),
                z_bits: WireBits::from(&bob.bits.pick(&bob.bases)),
            }),
        };
        self.work = Some(Work {
            bits: SiftedBits { block: block.clone(), bits: Bits::default() },
            block,
            deadline,
            record,
            transcript: Vec::new(),
            counts: Counts::default(),
            laid: None,
            corrector: None,
            asked: 0,
            pending: None,
        });
        if let Some(body) = sift {
            self.say(body, out);
        }
    }

    fn say(&mut self, body: Body, out: &mut Vec<PartyOutput>) {
        if let Some(work) = &mut self.work {
            let message = Message { block: work.block.clone(), body };
            work.transcript.extend_from_slice(&message.encode());
            out.push(Output::Send((), message));
        }
    }

    fn drop_block(&mut self, why: DropReason, out: &mut Vec<PartyOutput>) {
        if let Some(work) = self.work.take() {
            out.push(Output::Event(Event::Dropped { block: work.block, why }));
        }
    }

    fn take(&mut self, message: &Message, out: &mut Vec<PartyOutput>) -> Result<(), DropReason> {
        let Some(work) = &mut self.work else { return Ok(()) };
        // The tags cover all up to themselves; their own messages are checked field by field.
        if !matches!(message.body, Body::Confirm { .. } | Body::Close { .. }) {
            work.transcript.extend_from_slice(&message.encode());
        }
        match (&message.body, matches!(work.record, HalfRecord::Alice(_))) {
            (Body::Sift { bases, z_bits }, true) => self.alice_sifts(bases, z_bits, out),
            (Body::SiftReply { bases, intensities, z_bits, order_seed }, false) => {
                self.bob_sifts(bases, intensities, z_bits, *order_seed, out)
            }
            (Body::Ask(ranges), true) => {
                let laid = work.laid.as_ref().ok_or(DropReason::Malformed)?;
                work.asked += ranges.len() as u64;
                let answer: Bits = ranges.iter().map(|r| laid.parity(*r)).collect();
                self.say(Body::Answer(WireBits::from(&answer)), out);
                Ok(())
            }
            (Body::Answer(bits), false) => self.bob_corrects(bits, out),
            (Body::Verify { hash_key, hash, corrected, leak_bits }, true) => {
                self.alice_confirms(hash_key, hash, *corrected, *leak_bits, out)
            }
            (Body::Confirm { length, seed, pad, tag }, false) => {
                self.bob_closes(*length, seed, *pad, tag, out)
            }
            (Body::Close { tag }, true) => self.alice_ends(tag, out),
            _ => Err(DropReason::Malformed),
        }
    }

    fn alice_sifts(
        &mut self,
        bases: &WireBits,
        z_bits: &WireBits,
        out: &mut Vec<PartyOutput>,
    ) -> Result<(), DropReason> {
        let seed = self.rng.next_u64();
        let Some(work) = &mut self.work else { return Ok(()) };
        let HalfRecord::Alice(records) = &work.record else { return Err(DropReason::Malformed) };
        let (bases, z_bits) =
            (bases.bits().ok_or(DropReason::Malformed)?, z_bits.bits().ok_or(DropReason::Malformed)?);
        let own = Bases { own: &records.bases, other: &bases, intensity: &records.intensity };
        let sifted = sift(&records.bits, own, &bases, &z_bits)?;
        let body = Body::SiftReply {
            bases: WireBits::from(&records.bases),
            intensities: records.intensity.each_ref().map(WireBits::from),
            z_bits: WireBits::from(&records.bits.pick(&sifted.both_check)),
            order_seed: seed,
        };
        if sifted.counts.qber_z() <= self.rules.qber_limit {
            work.laid = Some(Laid::new(&sifted.key, &Order::new(sifted.key.len(), seed)));
            work.bits.bits = sifted.key;
            work.counts = sifted.counts;
            self.say(body, out);
        } else {
            self.say(body, out);
            self.work = None; // Bob counts the same and reports it
        }
        Ok(())
    }

    fn bob_sifts(
        &mut self,
        bases: &WireBits,
        intensities: &[WireBits; 2],
        z_bits: &WireBits,
        order_seed: u64,
        out: &mut Vec<PartyOutput>,
    ) -> Result<(), DropReason> {
        let Some(work) = &mut self.work else { return Ok(()) };
        let HalfRecord::Bob(records) = &work.record else { return Err(DropReason::Malformed) };
        let bases = bases.bits().ok_or(DropReason::Malformed)?;
        let [low, high] = intensities.each_ref().map(WireBits::bits);
        let intensity = [low.ok_or(DropReason::Malformed)?, high.ok_or(DropReason::Malformed)?];
        let z_bits = z_bits.bits().ok_or(DropReason::Malformed)?;
        let own = Bases { own: &records.bases, other: &bases, intensity: &intensity };
        let sifted = sift(&records.bits, own, &records.bases.and(&bases), &z_bits)?;
        work.bits.bits = sifted.key;
        work.counts = sifted.counts;
        let qber_z = work.counts.qber_z();
        let len = work.bits.bits.len();
        out.push(Output::Event(Event::Sifted {
            block: work.block.clone(),
            detections: records.bits.len() as u32,
            key_bits: len as u32,
            check_bits: z_bits.len() as u32,
            qber_z,
        }));
        if qber_z > self.rules.qber_limit {
            return Err(DropReason::Qber { qber: qber_z, limit: self.rules.qber_limit });
        }
        let mut corrector = Corrector::new(Order::new(len, order_seed), &work.bits.bits, qber_z);
        let questions = corrector.start();
        work.corrector = Some(corrector);
        self.say(Body::Ask(questions), out);
        Ok(())
    }

    fn bob_corrects(&mut self, parities: &WireBits, out: &mut Vec<PartyOutput>) -> Result<(), DropReason> {
        let mut hash_key = [0; TAG_BYTES];
        self.rng.fill(&mut hash_key);
        let limit = self.rules.qber_limit;
        let Some(work) = &mut self.work else { return Ok(()) };
        let corrector = work.corrector.as_mut().ok_or(DropReason::Malformed)?;
        let parities = parities.bits().ok_or(DropReason::Malformed)?;
        let parities: Vec<bool> = (0..parities.len()).map(|i| parities.get(i)).collect();
        let questions = corrector.answer(&parities);
        if !questions.is_empty() {
            self.say(Body::Ask(questions), out);
            return Ok(());
        }
        work.bits.bits.clone_from(corrector.bits());
        let len = work.bits.bits.len().max(1) as f64;
        let qber_x = corrector.corrected as f64 / len;
        out.push(Output::Event(Event::Reconciled {
            block: work.block.clone(),
            qber_x,
            leak_bits: corrector.leak_bits as u32,
            efficiency: corrector.leak_bits as f64 / (len * entropy(qber_x)).max(1.0),
            round_trips: corrector.round_trips,
        }));
        if qber_x > limit {
            return Err(DropReason::Qber { qber: qber_x, limit });
        }
        let body = Body::Verify {
            hash_key,
            hash: universal_hash(&hash_key, &work.bits.bits.to_bytes()),
            corrected: corrector.corrected as u32,
            leak_bits: corrector.leak_bits as u32,
        };
        self.say(body, out);
        Ok(())
    }

    fn alice_confirms(
        &mut self,
        hash_key: &Tag,
        hash: &Tag,
        corrected: u32,
        leak_bits: u32,
        out: &mut Vec<PartyOutput>,
    ) -> Result<(), DropReason> {
        let Some(work) = &mut self.work else { return Ok(()) };
        if universal_hash(hash_key, &work.bits.bits.to_bytes()) != *hash {
            return Err(DropReason::Unequal);
        }
        let qber = f64::from(corrected) / work.bits.bits.len().max(1) as f64;
        if qber > self.rules.qber_limit {
            return Err(DropReason::Qber { qber, limit: self.rules.qber_limit });
        }
        // Alice counts the questions herself: what Bob says of them must be true.
        if u64::from(leak_bits) != work.asked {
            return Err(DropReason::Malformed);
        }
        let bound = key_length(&observed(&self.rules, &work.counts, work.asked + VERIFY_BITS));
        let usable = if bound.length > 0.0 { bound.length as usize } else { 0 };
        if usable < PAD_BITS + 8 * KEY_BYTES {
            return Err(DropReason::NoKeyLeft { phase_error: bound.phi });
        }
        let pad = self.auth.next_pad().ok_or(DropReason::NoPad)?;
        if self.auth.pads_left() < 2 {
            return Err(DropReason::NoPad);
        }
        let mut seed = vec![0; toeplitz::seed_bits(work.bits.bits.len(), usable).div_ceil(8)];
        self.rng.fill(&mut seed);
        let seed = Bits::from_bytes(&seed, toeplitz::seed_bits(work.bits.bits.len(), usable));
        let secret = toeplitz::hash(&work.bits.bits, &seed, usable);
        let seed = WireBits::from(&seed);
        let covered = covered(&work.transcript, usable as u32, &seed, pad);
        let tag = self.auth.sign(pad, &covered).ok_or(DropReason::NoPad)?;
        let (distilled, event) = finish(work, &secret, bound, &mut self.auth);
        work.pending = Some((distilled, event, pad + 1));
        let block = work.block.clone();
        work.transcript = covered;
        out.push(Output::Send(
            (),
            Message { block, body: Body::Confirm { length: usable as u32, seed, pad, tag } },
        ));
        Ok(())
    }

    fn bob_closes(
        &mut self,
        length: u32,
        seed: &WireBits,
        pad: u32,
        tag: &Tag,
        out: &mut Vec<PartyOutput>,
    ) -> Result<(), DropReason> {
        let Some(work) = &mut self.work else { return Ok(()) };
        let corrector = work.corrector.as_ref().ok_or(DropReason::Malformed)?;
        let covered = covered(&work.transcript, length, seed, pad);
        if !self.auth.verify(pad, &covered, tag) {
            return Err(DropReason::BadTag);
        }
        let bound = key_length(&observed(&self.rules, &work.counts, corrector.leak_bits + VERIFY_BITS));
        let usable = if bound.length > 0.0 { bound.length as usize } else { 0 };
        let seed = seed.bits().ok_or(DropReason::Malformed)?;
        if usable != length as usize || seed.len() != toeplitz::seed_bits(work.bits.bits.len(), usable) {
            return Err(DropReason::Malformed);
        }
        let reply = self.auth.sign(pad + 1, &covered).ok_or(DropReason::NoPad)?;
        let secret = toeplitz::hash(&work.bits.bits, &seed, usable);
        let (distilled, _) = finish(work, &secret, bound, &mut self.auth);
        let block = work.block.clone();
        out.push(Output::Send((), Message { block, body: Body::Close { tag: reply } }));
        out.push(Output::Deliver(distilled));
        self.work = None;
        Ok(())
    }

    fn alice_ends(&mut self, tag: &Tag, out: &mut Vec<PartyOutput>) -> Result<(), DropReason> {
        let Some(work) = &mut self.work else { return Ok(()) };
        let (distilled, event, pad) = work.pending.take().ok_or(DropReason::Malformed)?;
        if !self.auth.verify(pad, &work.transcript, tag) {
            return Err(DropReason::BadTag);
        }
        out.push(Output::Event(event));
        out.push(Output::Deliver(distilled));
        self.work = None;
        Ok(())
    }
}

/// What a tag covers: everything said so far and the confirmation's own fields.
fn covered(transcript: &[u8], length: u32, seed: &WireBits, pad: u32) -> Vec<u8> {
    let mut bytes = transcript.to_vec();
    bytes.extend_from_slice(&length.to_le_bytes());
    bytes.extend_from_slice(&seed.len.to_le_bytes());
    bytes.extend_from_slice(&seed.bytes);
    bytes.extend_from_slice(&pad.to_le_bytes());
    bytes
}

fn observed(rules: &Rules, counts: &Counts, leak_bits: u64) -> Observed {
    Observed {
        mu: rules.mu,
        p: rules.mu_probability,
        n_x: counts.n_x,
        n_z: counts.n_z,
        m_z: counts.m_z,
        leak_bits: leak_bits as f64,
        eps_sec: rules.eps_sec,
        eps_cor: rules.eps_cor,
    }
}

/// Cuts the secret string: first two pads for the next block's tags, then keys, then a rest that is discarded.
fn finish(work: &Work, secret: &Bits, bound: KeyLength, auth: &mut Authenticator) -> (Distilled, Event) {
    let bytes = Zeroizing::new(secret.to_bytes());
    let (pads, rest) = bytes.split_at(bytes.len().min(PAD_BITS / 8));
    // Numbers of pads that no installation reaches: 2^16 and up, two a block.
    for (i, pad) in pads.as_chunks::<TAG_BYTES>().0.iter().enumerate() {
        auth.refill(65_536 + 2 * work.block.seq + i as u32, *pad);
    }
    let whole = rest.len().min((secret.len() - PAD_BITS) / 8);
    let keys: Vec<SecretKey> = rest[..whole]
        .as_chunks::<KEY_BYTES>()
        .0
        .iter()
        .enumerate()
        .map(|(i, bytes)| {
            let link = work.block.link.as_str().as_bytes();
            let id = KeyId::derive(&[b"qkd", link, &work.block.seq.to_le_bytes(), &(i as u32).to_le_bytes()]);
            SecretKey::new(id, work.block.clone(), *bytes)
        })
        .collect();
    let secret_bits = (keys.len() * KEY_BYTES * 8) as u32;
    let event = Event::Distilled {
        block: work.block.clone(),
        bound,
        secret_bits,
        pad_bits: PAD_BITS as u32,
        discarded_bits: (secret.len() - PAD_BITS) as u32 - secret_bits,
        pads_left: auth.pads_left(),
        keys: keys.iter().map(|k| k.id).collect(),
    };
    (Distilled { block: work.block.clone(), keys }, event)
}

#[cfg(test)]
#[path = "party_tests.rs"]
mod tests;
