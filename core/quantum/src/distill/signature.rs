//! Signatures for rounds without pads: ML-DSA-65 (FIPS 204), deterministic. They hold while nobody can forge one; a key
//! made under them stays secret for ever after (Wang et al. 2021).

use super::message::Side;
use ml_dsa::signature::{Keypair, Signer, Verifier};
use ml_dsa::{MlDsa65, Signature, SigningKey, VerifyingKey};
use std::sync::Arc;

/// A side's key to sign with and the other's to verify with.
#[derive(Clone)]
pub struct Identity {
    own: Arc<SigningKey<MlDsa65>>,
    other: Arc<VerifyingKey<MlDsa65>>,
}

impl Identity {
    /// The identities of both sides of a link, Alice's first, from their seeds: what an installation would exchange.
    #[must_use]
    pub fn pair(seeds: [[u8; 32]; 2]) -> [Self; 2] {
        let [alice, bob] = seeds.map(|seed| Arc::new(SigningKey::<MlDsa65>::from_seed(&seed.into())));
        let [alice_public, bob_public] = [&alice, &bob].map(|key| Arc::new(key.verifying_key()));
        [Self { own: alice, other: bob_public }, Self { own: bob, other: alice_public }]
    }

    /// A signature in the name of `side`, 3309 bytes.
    #[must_use]
    pub fn sign(&self, side: Side, message: &[u8]) -> Vec<u8> {
        self.own.sign(&in_the_name_of(side, message)).encode().to_vec()
    }

    /// Whether the other one has signed this in the name of `side`.
    #[must_use]
    pub fn verify(&self, side: Side, message: &[u8], signature: &[u8]) -> bool {
        let encoded = signature.try_into().ok();
        let signature = encoded.and_then(|bytes| Signature::<MlDsa65>::decode(&bytes));
        signature.is_some_and(|s| self.other.verify(&in_the_name_of(side, message), &s).is_ok())
    }
}

fn in_the_name_of(side: Side, message: &[u8]) -> Vec<u8> {
    [&[side as u8], message].concat()
}
