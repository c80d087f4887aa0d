//! Secrets, each with a type that says what it is. They are wiped on drop, compared in constant time, print as
//! their identifier, and are cloned only as part of a checkpoint of the world.

use super::bits::Bits;
use super::id::{BlockId, KeyId, ServiceId};
use super::provenance::Provenance;
use std::sync::Arc;
use subtle::ConstantTimeEq;
use zeroize::{Zeroize, ZeroizeOnDrop};

/// Bytes of one key: 256 bits, as in the papers (Kosmatos et al. 2023).
pub const KEY_BYTES: usize = 32;

/// Bits of one block after sifting, with errors and before any privacy.
#[derive(Clone)]
pub struct SiftedBits {
    /// The block they came from.
    pub block: BlockId,
    /// The bits.
    pub bits: Bits,
}

macro_rules! key_type {
    ($($(#[$doc:meta])* $name:ident { $($(#[$fdoc:meta])* $field:ident : $ty:ty),* }),* $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Zeroize, ZeroizeOnDrop)]
        pub struct $name {
            $($(#[$fdoc])* #[zeroize(skip)] pub $field: $ty,)*
            bytes: [u8; KEY_BYTES],
        }
        impl $name {
            /// Wraps key material.
            #[must_use]
            pub fn new($($field: $ty,)* bytes: [u8; KEY_BYTES]) -> Self {
                Self { $($field,)* bytes }
            }
            /// The key material. Whoever calls this must not print, store or send it in clear.
            #[must_use]
            pub fn expose(&self) -> &[u8; KEY_BYTES] {
                &self.bytes
            }
        }
        impl PartialEq for $name {
            fn eq(&self, other: &Self) -> bool {
                self.bytes.ct_eq(&other.bytes).into()
            }
        }
        impl Eq for $name {}
    )*};
}

key_type! {
    /// A key distilled on one quantum link, held by both of its ends.
    SecretKey {
        /// Its key_ID.
        id: KeyId,
        /// Where it comes from; one for all keys of a block.
        provenance: Arc<Provenance>
    },
    /// A key delivered to two SAEs over one or more hops.
    RelayedKey {
        /// Its key_ID.
        id: KeyId,
        /// The service that it was delivered for.
        service: ServiceId,
        /// Relay hops: 1 where both ends share a link.
        hops: u8
    },
    /// A key for messages or for wrapping, derived from quantum keys.
    SessionKey {
        /// The key_ID of the quantum key that it was derived from.
        root: KeyId,
        /// Epoch of the device private network.
        epoch: u32
    },
}

/// 256 bits derived from another secret for one purpose.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct DerivedKey([u8; KEY_BYTES]);

impl DerivedKey {
    /// Wraps key material.
    #[must_use]
    pub fn new(bytes: [u8; KEY_BYTES]) -> Self {
        Self(bytes)
    }

    /// The key material. Whoever calls this must not print, store or send it in clear.
    #[must_use]
    pub fn expose(&self) -> &[u8; KEY_BYTES] {
        &self.0
    }
}

impl PartialEq for DerivedKey {
    fn eq(&self, other: &Self) -> bool {
        self.0.ct_eq(&other.0).into()
    }
}
impl Eq for DerivedKey {}

impl std::fmt::Debug for DerivedKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("DerivedKey")
    }
}

impl std::fmt::Debug for SiftedBits {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "SiftedBits({}, {} bits)", self.block, self.bits.len())
    }
}
impl std::fmt::Debug for SecretKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "SecretKey({})", self.id)
    }
}
impl std::fmt::Debug for RelayedKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "RelayedKey({})", self.id)
    }
}
impl std::fmt::Debug for SessionKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "SessionKey(root {}, epoch {})", self.root, self.epoch)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_prints_as_its_identifier() {
        let id = KeyId::derive(&[b"k"]);
        let key = SecretKey::new(
            id,
            Provenance::installation(BlockId { link: "a-b".into(), seq: 3 }).into(),
            [0xAB; 32],
        );
        let text = format!("{key:?}");
        assert!(
            text.contains(&id.to_string()) && !text.to_lowercase().contains("abab") && !text.contains("171")
        );
        assert_eq!(format!("{:?}", DerivedKey::new([171; 32])), "DerivedKey");
    }
}
