//! Floor 7, the world: scenario, clock and event queue, world, snapshot, trace.

pub mod snapshot;
