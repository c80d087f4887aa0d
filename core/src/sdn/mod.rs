//! Floor 3, control: topology, paths, services.
