//! Floor 7, the world: scenario, clock, world, snapshot, trace.
