//! What a KMM and the controller say to each other. Declared here, on the lower floor; `sdn` uses it.

use crate::ground::{LinkId, NodeId, SaeId, ServiceId};
use serde::{Deserialize, Serialize};

/// A key distribution service (KDS) between two SAEs, as requested (Kosmatos et al., step 4).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ServiceRequest {
    /// The SAE that asks, at this KMM.
    pub source_sae: SaeId,
    /// The SAE at the other end.
    pub destination_sae: SaeId,
    /// The trusted node of the asking SAE.
    pub source: NodeId,
    /// The trusted node of the other SAE.
    pub destination: NodeId,
    /// Quality of service: keys of 256 bits a second.
    pub keys_per_s: f64,
}

/// From a KMM to the controller.
#[derive(Clone, Debug, PartialEq)]
pub enum ToController {
    /// A new service is wanted.
    Request(ServiceRequest),
}

/// What a KMM is to a service.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Role {
    /// Where the service was asked for; master of the first hop.
    Source,
    /// In between: slave of the hop before it, master of the hop after it, and it relays.
    Relay,
    /// The far end; slave of the last hop.
    Destination,
}

/// From the controller to each KMM on a path (step 5).
#[derive(Clone, Debug, PartialEq)]
pub struct ServiceOrder {
    /// The service.
    pub service: ServiceId,
    /// As it was requested.
    pub request: ServiceRequest,
    /// What this KMM is to it.
    pub role: Role,
    /// The hop towards the destination: next node and the link to it. `None` at the destination.
    pub next: Option<(NodeId, LinkId)>,
    /// The hop towards the source. `None` at the source.
    pub previous: Option<(NodeId, LinkId)>,
    /// Hops from end to end.
    pub hops: u8,
}
