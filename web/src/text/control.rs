//! The panel of the controller.

use std::fmt::Display;

pub const TAB: &str = "Control";
pub const TIP: &str = "The controller: topology, services, paths";

pub const CAPTION: &str = "Key services";
pub const SERVICE: &str = "Service";
pub const FOR: &str = "for";
pub const WAY: &str = "way";
pub const STATE: &str = "state";
pub const STARVED: &str = "starved";
pub const SERVED: &str = "served";
pub const WAYS: &str =
    "Each way is the shortest over the rooftops, found by the controller when the service was asked for.";
pub const STEPS: &str = "See a service step by step";

pub const GRAPH: &str = "The rooftop graph with the key asked for on each link";
pub const GRAPH_LABEL: &str = "Rooftop graph; the services are listed below";

/// What is laid over a link.
pub fn asked(link: impl Display, services: usize, rate: impl Display) -> String {
    format!("{link}: {services} services ask for {rate}")
}
