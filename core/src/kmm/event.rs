//! What happened on floor 3.

use super::control::{Role, ServiceRequest};
use crate::ground::{BlockId, KeyId, LinkId, SaeId, ServiceId};
use serde::{Deserialize, Serialize};

/// An event of one KMM.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Event {
    /// Keys of a block entered the pool of its link.
    KeysStored {
        /// The block that they were distilled from.
        block: BlockId,
        /// Keys stored.
        stored: u32,
        /// Keys over the capacity, wiped.
        refused: u32,
        /// Level after it, bits.
        level_bits: u32,
    },
    /// An SAE asked for a service.
    Requested(ServiceRequest),
    /// The controller ordered a service.
    ServiceCreated {
        /// The service.
        service: ServiceId,
        /// As it was requested.
        request: ServiceRequest,
        /// What this node is to it.
        role: Role,
        /// Hops from end to end.
        hops: u8,
    },
    /// Keys were taken from the first hop's pool for a service.
    Allocated {
        /// The service.
        service: ServiceId,
        /// The first hop.
        link: LinkId,
        /// The keys.
        keys: Vec<KeyId>,
    },
    /// Keys were relayed: X xor Y went on.
    Relayed {
        /// The service.
        service: ServiceId,
        /// The link that they came over.
        from: LinkId,
        /// The link that they go over.
        to: LinkId,
        /// The end-to-end keys (X).
        keys: Vec<KeyId>,
        /// The hop's keys (Y).
        hop_keys: Vec<KeyId>,
    },
    /// An SAE was given a key.
    Delivered {
        /// The service.
        service: ServiceId,
        /// The SAE.
        sae: SaeId,
        /// The key.
        key: KeyId,
        /// Hops that it came.
        hops: u8,
    },
    /// A service cannot be served: it gets nothing until it can.
    Starved {
        /// The service.
        service: ServiceId,
        /// The link whose pool is short.
        link: LinkId,
        /// Bits above its reserve.
        have_bits: u32,
        /// Bits wanted.
        want_bits: u32,
    },
    /// A starved service is served again.
    Recovered {
        /// The service.
        service: ServiceId,
    },
}
