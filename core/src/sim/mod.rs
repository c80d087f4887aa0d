//! Floor 7, the world: scenario, clock, world, snapshot, trace. The only floor that holds all others at once.

pub mod chronicle;
pub mod event;
mod keys;
mod ledger;
pub mod export;
pub mod listing;
mod optics;
mod queue;
pub mod reel;
pub mod scenario;
pub mod series;
pub mod settings;
mod sight;
pub mod snapshot;
mod street;
pub mod trace;
mod trust;
mod view;
mod world;

pub use chronicle::Chronicle;
pub use event::Event;
pub use scenario::{Scenario, ScenarioError};
pub use trace::Record;
pub use world::World;
