//! Floor 3, key management: the module of each trusted node stores the keys of its links, allocates them to services,
//! relays them and hands them to applications.

pub mod control;
pub mod event;
pub mod module;
pub mod params;
pub mod store;

pub use event::Event;
pub use module::{Delivery, Input, Kmm, KmmOutput, Message, PeerMessage, To};
pub use params::Params;
pub use store::Pool;
