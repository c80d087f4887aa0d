//! The scenario's editor on the map.

use std::fmt::Display;

pub const HELP: &str = "Drag a handle to move it; with the focus on it, arrow keys move it (Shift: farther) and Delete takes it away. Each change is checked and the run begins anew; Undo takes it back.";
pub const TOOLS: &str = "What a click on the map places";
pub const MOVE: &str = "Move things";
pub const ROOFTOP: &str = "Rooftop";
pub const RSU: &str = "Road-side unit";
pub const START: &str = "Start of the car";
pub const ATTACKER: &str = "Attacker";
pub const ROUTE: &str = "Way of the car";
pub const TRAFFIC: &str = "Other car's way";
pub const WALKER: &str = "Walker's way";

/// Handles of things that have no name of their own, besides the tools' words.
pub const GATEWAY: &str = "Gateway";
pub const FINISH: &str = "Finish of the car";

/// What a new attacker is called.
pub const NEW_ATTACKER: &str = "Compromised RSU";
pub const NO_BUILDING: &str = "There is no building here to put a rooftop on.";
pub const NO_ROOF: &str = "A road-side unit needs a rooftop besides the gateway's: place one first.";

/// What a new rooftop is called.
pub fn new_roof(n: impl Display) -> String {
    format!("Roof {n}")
}

/// What a new road-side unit is called.
pub fn new_rsu(n: impl Display) -> String {
    format!("RSU {n}")
}

/// A handle.
pub fn faked_object(n: usize) -> String {
    format!("Faked object {n}")
}

/// A handle.
pub fn way_point(n: usize) -> String {
    format!("Way point {n}")
}

/// A handle for those who do not see it.
pub fn handle(name: impl Display, removable: bool) -> String {
    format!("{name}: drag to move{}", if removable { ", Delete takes it away" } else { "" })
}

/// A handle's tooltip.
pub fn handle_tip(name: impl Display, removable: bool) -> String {
    format!("{name}{}", if removable { " (Delete takes it away)" } else { "" })
}

/// The button that ends a drawing.
pub fn finish_way(points: usize) -> String {
    format!("Finish way of {points} points")
}
