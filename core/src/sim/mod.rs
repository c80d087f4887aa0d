//! Floor 7, the world: scenario, clock, world, snapshot, trace. The only floor that holds all others at once.

pub mod event;
mod keys;
mod ledger;
pub mod listing;
mod optics;
mod queue;
pub mod scenario;
pub mod snapshot;
mod street;
pub mod trace;
mod trust;
mod view;
mod world;

pub use event::Event;
pub use scenario::{Scenario, ScenarioError};
pub use trace::Record;
pub use world::World;
