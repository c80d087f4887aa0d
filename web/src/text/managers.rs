//! The panel of the key managers.

use std::fmt::Display;

pub const TAB: &str = "Managers";
pub const TIP: &str = "Key management modules: the nine steps of a key's delivery";

pub const SERVICE: &str = "Service";
pub const CHOOSE: &str = "Key distribution service";
pub const WAY: &str = "Way";
pub const ASKED: &str = "Asked for";
pub const HANDED_OUT: &str = "Handed out, both ends";
pub const STATE: &str = "State";
pub const SERVED: &str = "served";
pub const NEWEST: &str = "Newest key at both ends";
pub const CONTAINER: &str = "As ETSI GS QKD 014 hands it over";

pub const CAPTION: &str = "The nine steps of Kosmatos et al., Figure 2, with how often each happened";
pub const DIAGRAM: &str = "Sequence of messages; the same as a list below";
pub const NEVER: &str = "not yet";

/// A service to choose.
pub fn service(id: impl Display, from: impl Display, to: impl Display) -> String {
    format!("{id}: {from} to {to}")
}

/// What a service asks for.
pub fn keys_per_s(n: f64) -> String {
    format!("{n} keys a second")
}

/// A service without keys.
pub fn starved(link: impl Display) -> String {
    format!("starved: {link} is short of key")
}

/// The request that the container answers.
pub fn request(sae: impl Display) -> String {
    format!("GET /api/v1/keys/{sae}/enc_keys, answered 200")
}

/// A step in the list.
pub fn step(n: impl Display, from: impl Display, to: impl Display, text: impl Display, times: u32) -> String {
    format!("Step {n}, {from} to {to}: {text}; {times} times")
}

/// A step in the diagram.
pub fn step_tip(n: impl Display, text: impl Display, times: impl Display) -> String {
    format!("Step {n}: {text}. {times}.")
}

/// When a step happened, where it did once.
pub fn once(clock: impl Display) -> String {
    format!("at {clock}")
}

/// How often a step happened.
pub fn times(n: impl Display, last: impl Display) -> String {
    format!("{n} times, last {last}")
}
