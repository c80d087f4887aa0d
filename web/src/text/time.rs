//! The time bar.

use std::fmt::Display;

pub const REGION: &str = "Time";
pub const PLAY: &str = "Play";
pub const PAUSE: &str = "Pause";
pub const PLAY_AGAIN: &str = "Play again";
pub const STEP_BACK: &str = "Half a second back";
pub const STEP_ON: &str = "Half a second on";
pub const ENTER: &str = "Go to a time: 3:25, or 205 for seconds";
pub const SPEED: &str = "Speed";
pub const SPEED_TIP: &str = "Simulated seconds a second ([ and ])";
pub const SCRUB: &str = "Time of the run";
pub const END_TIP: &str = "The run ends here at the latest";

pub const JUMP: &str = "Jump to an event";
pub const BEFORE: &str = "The event of this kind before now (b)";
pub const NEXT: &str = "The next event of this kind (n)";
pub const KIND: &str = "Kind of event";
pub const KIND_TIP: &str = "Kind of event to jump to (n and b)";
/// Kinds of event.
pub const TURN: &str = "turn of the drive";
pub const FAKE: &str = "fake or refusal";
pub const LOSS: &str = "key runs short";
pub const BEAM: &str = "loss of a beam, alarm";
pub const BLOCK: &str = "block of photons";
pub const DROPPED: &str = "dropped block";
pub const EPOCH: &str = "epoch";
pub const JOIN: &str = "join";

/// The clock, which is also a button.
pub fn clock(time: impl Display) -> String {
    format!("{time}, simulated time. {ENTER}")
}

/// What was typed is no time of the run.
pub fn no_time(end: impl Display) -> String {
    format!("A time as 3:25 or 205 was expected, from 0:00 to {end}.")
}

/// Play or pause with its key.
pub fn play_tip(word: impl Display) -> String {
    format!("{word} (space)")
}
