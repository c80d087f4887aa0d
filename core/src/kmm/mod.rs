//! Floor 3, key management: stores, allocation, relay, delivery.
