//! Floor 6, the street: map, routing, vehicles, cameras and radio.

pub mod map;
pub mod route;
pub mod sensing;
pub mod vehicle;

pub use map::{Map, MapError, RoadSpec};
pub use route::{Route, RouteError};
pub use sensing::{Camera, RoadUser, air_time};
pub use vehicle::{Event, Plan, Vehicle};

#[cfg(test)]
#[path = "road_tests.rs"]
mod tests;
