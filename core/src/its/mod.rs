//! Floor 5, messages: CPM in BTP and GeoNetworking.
