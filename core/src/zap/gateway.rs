//! The gateway: it knows the enrolled devices, takes quantum keys from the key management below, and begins epochs.
//!
//! An epoch's key is derived from a fresh quantum key. It goes to each road-side unit under that unit's session key and
//! a quantum key of its own, and to each vehicle, which no light beam reaches, under its session key. Without a fresh
//! quantum key there is no new epoch, and the last one expires: the network fails closed.

use super::event::{Event, JoinRefusal};
use super::fuzzy::{RootKey, derive};
use super::join::{Message, Transcript, equal, wrap_epoch};
use super::params::Params;
use crate::ground::{DerivedKey, DeviceId, KeyId, Output, RelayedKey, Rng, SimDuration, SimTime};
use std::collections::{BTreeMap, VecDeque};

/// Quantum keys that are kept for each device.
const KEPT_KEYS: usize = 32;

/// What the gateway is told.
#[derive(Clone, Debug)]
pub enum Input {
    /// Bytes of a device (or of who claims to be one).
    Message(DeviceId, Vec<u8>),
    /// A quantum key that it shares with the device behind a rooftop unit.
    QuantumKey(DeviceId, RelayedKey),
    /// Power-up, or the time of a `WakeAt` has come.
    Wake,
}

/// What the gateway says: bytes to devices.
pub type GatewayOutput = Output<DeviceId, Vec<u8>, (), Event>;

#[derive(Clone, Debug)]
struct Entry {
    root: RootKey,
    /// Reached over a rooftop unit, so that it shares quantum keys.
    wired: bool,
    nonces: Option<([u8; 16], [u8; 16])>,
    session: Option<DerivedKey>,
    keys: VecDeque<RelayedKey>,
}

/// The key of the epoch that is under way.
#[derive(Clone, Debug)]
struct Epoch {
    key: DerivedKey,
    root: KeyId,
    expires: SimTime,
}

/// The gateway of one device private network.
#[derive(Clone, Debug)]
pub struct Gateway {
    params: Params,
    rng: Rng,
    devices: BTreeMap<DeviceId, Entry>,
    number: u32,
    epoch: Option<Epoch>,
    next: SimTime,
    starved: bool,
}

impl Gateway {
    /// A gateway that knows no device.
    #[must_use]
    pub fn new(params: &Params, rng: Rng) -> Self {
        Self {
            params: params.clone(),
            rng,
            devices: BTreeMap::new(),
            number: 0,
            epoch: None,
            next: SimTime::ZERO,
            starved: false,
        }
    }

    /// Takes a device's enrolled secret. `wired` devices stand behind a rooftop unit and share quantum keys.
    pub fn enrol(&mut self, device: DeviceId, root: RootKey, wired: bool) {
        self.devices
            .insert(device, Entry { root, wired, nonces: None, session: None, keys: VecDeque::new() });
    }

    /// The epoch that is under way, 0 before the first.
    #[must_use]
    pub fn epoch(&self) -> u32 {
        self.number
    }

    /// Whether the key of the last epoch has expired.
    #[must_use]
    pub fn expired(&self, now: SimTime) -> bool {
        self.epoch.as_ref().is_none_or(|e| now >= e.expires)
    }

    /// See [`crate::ground::io`].
    pub fn handle(&mut self, now: SimTime, input: Input, out: &mut Vec<GatewayOutput>) {
        match input {
            Input::QuantumKey(device, key) => {
                if let Some(entry) = self.devices.get_mut(&device) {
                    entry.keys.push_back(key);
                    if entry.keys.len() > KEPT_KEYS {
                        entry.keys.pop_front();
                    }
                }
            }
            Input::Message(claimed, bytes) => match Message::decode(&bytes) {
                Some(Message::Hello { device, nonce }) => self.challenge(device, nonce, out),
                Some(Message::Response { proof }) => self.admit(&claimed, &proof, out),
                _ => {}
            },
            Input::Wake => {
                if now >= self.next {
                    self.begin_epoch(now, out);
                }
            }
        }
    }

    fn challenge(&mut self, device: DeviceId, of_device: [u8; 16], out: &mut Vec<GatewayOutput>) {
        out.push(Output::Event(Event::JoinRequested { device: device.clone() }));
        let mut nonce = [0; 16];
        self.rng.fill(&mut nonce);
        let Some(entry) = self.devices.get_mut(&device) else {
            out.push(Output::Event(Event::JoinRefused { device, why: JoinRefusal::Unknown }));
            return;
        };
        entry.nonces = Some((of_device, nonce));
        let proof = Transcript::new(&device, of_device, nonce).gateway_proof(&entry.root);
        out.push(Output::Send(device, Message::Challenge { nonce, proof }.encode()));
    }

    fn admit(&mut self, device: &DeviceId, proof: &[u8; 32], out: &mut Vec<GatewayOutput>) {
        let Some(entry) = self.devices.get_mut(device) else { return };
        let Some((of_device, of_gateway)) = entry.nonces.take() else { return };
        let transcript = Transcript::new(device, of_device, of_gateway);
        if !equal(&transcript.device_proof(&entry.root), proof) {
            out.push(Output::Event(Event::JoinRefused {
                device: device.clone(),
                why: JoinRefusal::BadProof,
            }));
            return;
        }
        entry.session = Some(transcript.session_key(&entry.root));
        out.push(Output::Event(Event::Joined { device: device.clone() }));
        // A vehicle need not wait for the next epoch; a road-side unit does, for its quantum key.
        if let (false, Some(epoch)) = (entry.wired, &self.epoch) {
            send_epoch(device, entry, epoch, self.number, out);
        }
    }

    fn begin_epoch(&mut self, now: SimTime, out: &mut Vec<GatewayOutput>) {
        let length = SimDuration::from_secs(self.params.epoch_s);
        // The device with the most keys gives one for the epoch itself.
        let richest = self.devices.iter().filter(|(_, e)| e.session.is_some() && e.keys.len() > 1);
        let richest = richest.max_by_key(|(_, e)| e.keys.len()).map(|(id, _)| id.clone());
        let root = richest.and_then(|id| self.devices.get_mut(&id)).and_then(|e| e.keys.pop_front());
        let Some(root) = root else {
            // Looked at again soon: keys may come at any time.
            self.next = now + SimDuration::from_secs(self.params.epoch_s / 4.0);
            out.push(Output::WakeAt(self.next));
            if !std::mem::replace(&mut self.starved, true) {
                out.push(Output::Event(Event::KeyStarved { epoch: self.number }));
            }
            return;
        };
        self.starved = false;
        self.next = now + length;
        out.push(Output::WakeAt(self.next));
        self.number += 1;
        let info = [b"dpn epoch".as_slice(), &self.number.to_le_bytes()].concat();
        let epoch = Epoch {
            key: derive(root.expose(), &info),
            root: root.id,
            expires: self.next + SimDuration::from_secs(self.params.grace_s),
        };
        let mut members = 0;
        let mut sent = Vec::new();
        for (id, entry) in &mut self.devices {
            if entry.session.is_some() {
                if send_epoch(id, entry, &epoch, self.number, &mut sent) {
                    members += 1;
                } else {
                    sent.push(Output::Event(Event::LeftOut { device: id.clone(), epoch: self.number }));
                }
            }
        }
        out.push(Output::Event(Event::EpochStarted { epoch: self.number, root: root.id, members }));
        out.append(&mut sent);
        self.epoch = Some(epoch);
    }
}

/// Sends an epoch's key to a device; false where a road-side unit has no fresh quantum key to send it under.
fn send_epoch(
    id: &DeviceId,
    entry: &mut Entry,
    epoch: &Epoch,
    number: u32,
    out: &mut Vec<GatewayOutput>,
) -> bool {
    let quantum = if entry.wired { entry.keys.pop_front() } else { None };
    if entry.wired && quantum.is_none() {
        return false;
    }
    let Some(session) = &entry.session else { return false };
    let wrapped = wrap_epoch(session, quantum.as_ref(), &epoch.key, number, epoch.expires, epoch.root);
    let Some(wrapped) = wrapped else { return false };
    out.push(Output::Send(id.clone(), Message::Epoch(wrapped).encode()));
    true
}

#[cfg(test)]
#[path = "gateway_tests.rs"]
mod tests;
