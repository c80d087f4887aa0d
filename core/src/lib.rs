//! Keyway's pipeline: the life of one key, from single photons to a car's decision.
//!
//! ```text
//! photon ─► detection ─► sifted bit ─► secret key ─► key pool ─► relayed key ─► session ─► tag ─► verdict ─► the car's way
//!  link       link        distill       distill        kmm        kmm + sdn      zap      zap + its   its + road    road
//! ```
//!
//! The floors stand in the order of the `mod` lines below, after those of `keyway-quantum` ([`ground`], [`link`], [`distill`]),
//! and a floor uses only floors above its own line:
//!
//! * [`ground`]: simulated time, identifiers, named random streams, secrets, the carrier of messages.
//! * [`link`]: light. What a rooftop sends, what the air and an eavesdropper do to it, what is detected.
//! * [`distill`]: two parties make equal secret keys from what was detected, and prove how secret they are.
//! * [`kmm`]: the key management module of each trusted node holds the keys in pools, allocates and relays them.
//! * [`sdn`]: the controller finds the path of a service and tells each module its role.
//! * [`zap`]: devices prove who they are by their silicon, join a device private network, and tag each message.
//! * [`its`]: collective perception messages as the standards have them.
//! * [`road`]: streets, cars, cameras, radio, road-side units and the attacker.
//! * [`sim`]: the world that joins them: scenario, event queue, snapshot, trace.
//! * [`studies`]: published results, run again.
//!
//! The core knows no browser, clock, thread, socket or file. The same scenario and seed give the same events, bit
//! for bit, natively and in wasm. Every protocol is a state machine without I/O ([`ground::io`]).
//!
//! ```
//! use keyway_core::sim::{Scenario, World};
//!
//! let scenario = Scenario::warwick();
//! let mut world = World::new(&scenario, 7, scenario.knobs());
//! let mut events = Vec::new();
//! world.step_until(7.0, &mut events);
//! assert!(world.snapshot().counts.secret_bits > 0);
//! ```

pub use keyway_quantum::{distill, ground, link};

pub mod kmm;
pub mod sdn;
pub mod zap;
pub mod its;
pub mod road;
pub mod sim;
pub mod studies;
