//! Floor 5, messages: collective perception messages in BTP and GeoNetworking, as the standards have them.

pub mod cpm;
pub mod dissect;
pub mod packet;

pub use cpm::{Cpm, ObjectClass, PerceivedObject};
pub use packet::{CPM_PORT, JOIN_PORT, Packet};
