//! A device with its authentication unit: it finds its secret in its silicon at power-up, joins, and takes epochs.

use super::dpn::EpochKey;
use super::event::Event;
use super::fuzzy::{self, CELLS, HelperData, RootKey};
use super::join::{Message, Transcript, equal, unwrap_epoch, unwrap_last_leg};
use super::params::Params;
use super::puf::{NOISE_5_PERCENT, Puf};
use crate::ground::{
    DerivedKey, DeviceId, KeyId, Output, RelayedKey, Rng, ServiceId, SessionKey, SimDuration, SimTime,
    Streams,
};
use std::collections::BTreeMap;

/// Quantum keys that a device keeps for epochs to come.
const KEPT_KEYS: usize = 32;

/// The device authentication unit (DAU): a PUF, and the helper data of its enrolment.
#[derive(Clone, Debug)]
pub struct Dau {
    puf: Puf,
    helper: HelperData,
}

impl Dau {
    /// Makes a unit and enrols it, in a safe place: the secret goes to the gateway.
    #[must_use]
    pub fn enrol(device: &DeviceId, streams: &Streams) -> (Self, RootKey) {
        let mut puf = Puf::new(CELLS, NOISE_5_PERCENT, streams.stream(&format!("puf/{device}")));
        let (root, helper) = fuzzy::enrol(&puf.read(), &mut streams.stream(&format!("enrol/{device}")));
        (Self { puf, helper }, root)
    }

    /// The secret, from a fresh read of the silicon.
    pub fn secret(&mut self) -> Option<RootKey> {
        fuzzy::reproduce(&self.puf.read(), &self.helper)
    }
}

/// What a device is told.
#[derive(Clone, Debug)]
pub enum Input {
    /// Power-up: join.
    Start,
    /// Bytes from the gateway.
    Message(Vec<u8>),
    /// A quantum key over the last leg: its identifier, service and sealed bytes.
    LastLeg(KeyId, ServiceId, Vec<u8>),
    /// The time of a `WakeAt` has come.
    Wake,
}

/// What a device says: bytes to the gateway, and epoch keys for its member.
pub type DeviceOutput = Output<(), Vec<u8>, EpochKey, Event>;

/// A device's side of the protocol.
#[derive(Clone, Debug)]
pub struct Device {
    id: DeviceId,
    dau: Dau,
    rng: Rng,
    params: Params,
    root: Option<RootKey>,
    nonce: [u8; 16],
    session: Option<DerivedKey>,
    keys: BTreeMap<KeyId, RelayedKey>,
    arrived: std::collections::VecDeque<KeyId>,
    retry: Option<SimTime>,
}

impl Device {
    /// A device that is switched off.
    #[must_use]
    pub fn new(id: DeviceId, dau: Dau, params: &Params, rng: Rng) -> Self {
        Self {
            id,
            dau,
            rng,
            params: params.clone(),
            root: None,
            nonce: [0; 16],
            session: None,
            keys: BTreeMap::new(),
            arrived: std::collections::VecDeque::new(),
            retry: None,
        }
    }

    /// Whether it has a session with the gateway.
    #[must_use]
    pub fn joined(&self) -> bool {
        self.session.is_some()
    }

    /// See [`crate::ground::io`].
    pub fn handle(&mut self, now: SimTime, input: Input, out: &mut Vec<DeviceOutput>) {
        match input {
            Input::Start => self.hello(now, out),
            Input::Wake => {
                if self.session.is_none() && self.retry.is_some_and(|at| now >= at) {
                    self.hello(now, out);
                }
            }
            Input::Message(bytes) => match Message::decode(&bytes) {
                Some(Message::Challenge { nonce, proof }) => self.answer(nonce, &proof, out),
                Some(Message::Epoch(wrapped)) => {
                    let quantum = match wrapped.under {
                        Some(id) => match self.keys.remove(&id) {
                            Some(key) => Some(key),
                            None => return, // the last leg has not brought it: this epoch passes without the device
                        },
                        None => None,
                    };
                    let Some(session) = &self.session else { return };
                    let Some(key) = unwrap_epoch(session, quantum.as_ref(), &wrapped) else { return };
                    let key = SessionKey::new(wrapped.root, wrapped.epoch, key);
                    out.push(Output::Event(Event::EpochTaken {
                        device: self.id.clone(),
                        epoch: wrapped.epoch,
                    }));
                    out.push(Output::Deliver(EpochKey { key, expires: wrapped.expires }));
                }
                _ => {}
            },
            Input::LastLeg(id, service, sealed) => {
                let Some(root) = &self.root else { return };
                let Some(bytes) = unwrap_last_leg(&root.derive("last leg"), id, &sealed) else { return };
                self.keys.insert(id, RelayedKey::new(id, service, 0, bytes));
                self.arrived.push_back(id);
                if self.arrived.len() > KEPT_KEYS
                    && let Some(old) = self.arrived.pop_front()
                {
                    self.keys.remove(&old);
                }
            }
        }
    }

    fn hello(&mut self, now: SimTime, out: &mut Vec<DeviceOutput>) {
        let at = now + SimDuration::from_secs(self.params.retry_s);
        self.retry = Some(at);
        out.push(Output::WakeAt(at));
        if self.root.is_none() {
            self.root = self.dau.secret();
        }
        self.rng.fill(&mut self.nonce);
        let message = Message::Hello { device: self.id.clone(), nonce: self.nonce };
        out.push(Output::Send((), message.encode()));
    }

    fn answer(&mut self, nonce: [u8; 16], proof: &[u8; 32], out: &mut Vec<DeviceOutput>) {
        let Some(root) = &self.root else { return };
        let transcript = Transcript::new(&self.id, self.nonce, nonce);
        if !equal(&transcript.gateway_proof(root), proof) {
            return; // not the gateway
        }
        self.session = Some(transcript.session_key(root));
        out.push(Output::Send((), Message::Response { proof: transcript.device_proof(root) }.encode()));
    }
}
