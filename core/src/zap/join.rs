//! How a device joins: nonces exchanged, each side proves that it holds the enrolled secret, and both derive a session
//! key. Messages in order: hello, challenge, response; then an epoch's key whenever there is one.

use super::fuzzy::{RootKey, derive, mac};
use crate::ground::{DerivedKey, DeviceId, KeyId, RelayedKey, SimTime};
use aes_gcm::aead::{Aead, KeyInit, Payload};
use aes_gcm::{Aes256Gcm, Nonce};
use serde::{Deserialize, Serialize};
use subtle::ConstantTimeEq;

/// What device and gateway say to each other.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Message {
    /// The device: who it is.
    Hello {
        /// Its identity.
        device: DeviceId,
        /// Fresh.
        nonce: [u8; 16],
    },
    /// The gateway proves itself and asks for proof.
    Challenge {
        /// Fresh.
        nonce: [u8; 16],
        /// Over both nonces.
        proof: [u8; 32],
    },
    /// The device proves itself.
    Response {
        /// Over both nonces, the other way round.
        proof: [u8; 32],
    },
    /// The gateway hands over an epoch's key.
    Epoch(WrappedEpoch),
}

/// An epoch's key under a key that only gateway and device hold.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WrappedEpoch {
    /// The epoch.
    pub epoch: u32,
    /// Its key is worth nothing from then on.
    pub expires: SimTime,
    /// The quantum key that the epoch rests on.
    pub root: KeyId,
    /// The quantum key that it is wrapped under besides the session key, where the device shares one.
    pub under: Option<KeyId>,
    /// Ciphertext and tag.
    pub sealed: Vec<u8>,
}

impl Message {
    /// Its bytes.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        // Postcard refuses only sequences of unknown length; there are none.
        postcard::to_stdvec(self).unwrap_or_default()
    }

    /// The message in these bytes; `None` where there is none.
    #[must_use]
    pub fn decode(bytes: &[u8]) -> Option<Self> {
        postcard::take_from_bytes(bytes).ok().filter(|(_, rest)| rest.is_empty()).map(|(message, _)| message)
    }
}

/// The two nonces of a join and the device: what proofs and the session key are bound to.
pub(super) struct Transcript {
    bytes: Vec<u8>,
}

impl Transcript {
    pub(super) fn new(device: &DeviceId, of_device: [u8; 16], of_gateway: [u8; 16]) -> Self {
        Self { bytes: [&of_device[..], &of_gateway[..], device.as_str().as_bytes()].concat() }
    }

    pub(super) fn gateway_proof(&self, root: &RootKey) -> [u8; 32] {
        mac(root.derive("join gateway").expose(), &self.bytes)
    }

    pub(super) fn device_proof(&self, root: &RootKey) -> [u8; 32] {
        mac(root.derive("join device").expose(), &self.bytes)
    }

    pub(super) fn session_key(&self, root: &RootKey) -> DerivedKey {
        DerivedKey::new(mac(root.derive("join session").expose(), &self.bytes))
    }
}

pub(super) fn equal(a: &[u8; 32], b: &[u8; 32]) -> bool {
    a.ct_eq(b).into()
}

/// The key that an epoch's key is wrapped under: session key and, where there is one, a quantum key. It serves one
/// epoch and one device, so its nonce is zero.
fn wrap_key(session: &DerivedKey, quantum: Option<&RelayedKey>, epoch: u32) -> Aes256Gcm {
    let mut secret = session.expose().to_vec();
    if let Some(key) = quantum {
        secret.extend_from_slice(key.expose());
    }
    let key = derive(&secret, &[b"epoch wrap".as_slice(), &epoch.to_le_bytes()].concat());
    zeroize::Zeroize::zeroize(&mut secret);
    Aes256Gcm::new(key.expose().into())
}

pub(super) fn wrap_epoch(
    session: &DerivedKey,
    quantum: Option<&RelayedKey>,
    key: &DerivedKey,
    epoch: u32,
    expires: SimTime,
    root: KeyId,
) -> Option<WrappedEpoch> {
    let mut wrapped = WrappedEpoch { epoch, expires, root, under: quantum.map(|k| k.id), sealed: Vec::new() };
    let aad = wrapped_header(&wrapped);
    let payload = Payload { msg: key.expose(), aad: &aad };
    wrapped.sealed = wrap_key(session, quantum, epoch).encrypt(&Nonce::default(), payload).ok()?;
    Some(wrapped)
}

pub(super) fn unwrap_epoch(
    session: &DerivedKey,
    quantum: Option<&RelayedKey>,
    wrapped: &WrappedEpoch,
) -> Option<[u8; 32]> {
    let aad = wrapped_header(wrapped);
    let payload = Payload { msg: &wrapped.sealed, aad: &aad };
    let plain = wrap_key(session, quantum, wrapped.epoch).decrypt(&Nonce::default(), payload).ok()?;
    plain.try_into().ok()
}

fn wrapped_header(wrapped: &WrappedEpoch) -> Vec<u8> {
    WrappedEpoch { sealed: Vec::new(), ..wrapped.clone() }.header_bytes()
}

impl WrappedEpoch {
    fn header_bytes(&self) -> Vec<u8> {
        postcard::to_stdvec(self).unwrap_or_default()
    }
}

/// The last leg: the rooftop unit wraps a delivered key for the device below it, under the device's enrolled secret.
/// The nonce is the key's identifier; a key takes this way once.
#[must_use]
pub fn wrap_last_leg(leg_key: &DerivedKey, key: &RelayedKey) -> Vec<u8> {
    let payload = Payload { msg: key.expose(), aad: &key.id.0 };
    Aes256Gcm::new(leg_key.expose().into()).encrypt(&leg_nonce(key.id), payload).unwrap_or_default()
}

/// What the device gets back; `None` where anything was changed.
#[must_use]
pub fn unwrap_last_leg(leg_key: &DerivedKey, id: KeyId, sealed: &[u8]) -> Option<[u8; 32]> {
    let payload = Payload { msg: sealed, aad: &id.0 };
    Aes256Gcm::new(leg_key.expose().into()).decrypt(&leg_nonce(id), payload).ok()?.try_into().ok()
}

fn leg_nonce(id: KeyId) -> Nonce<aes_gcm::aead::consts::U12> {
    let mut nonce = [0; 12];
    nonce.copy_from_slice(&id.0[..12]);
    nonce.into()
}
