//! What page and worker say to each other. Both come from one build, and bincode carries it: plain types only.
//!
//! The page sends one request at a time and waits for its [`Reply`]; the worker answers each within a slice of a
//! few milliseconds, so that Pause is never further away than that. The four tests run in a second instance.

mod run;
mod sim_worker;

use keyway_core::sim::snapshot::{Knobs, LogLine, Scene, Snapshot, TestRow};
use serde::{Deserialize, Serialize};
pub use sim_worker::SimWorker;

/// Changes with each change of the types below; the page refuses a worker that says another.
pub const PROTOCOL: u32 = 1;

/// What the page asks.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum Command {
    /// Are you there? Answered by [`Reply::Hello`].
    Hello,
    /// Begin a run. Answered by [`Reply::Loaded`] or [`Reply::Refused`].
    Load {
        /// The page's number of the run, sent back with each frame.
        run: u32,
        /// A scenario file's text; the built-in campus where `None`.
        scenario_json: Option<String>,
        /// The scenario's own seed where `None`.
        seed: Option<u64>,
        /// The scenario's own switches where `None`.
        knobs: Option<Knobs>,
    },
    /// Turn the switches now; what was computed beyond now is forgotten. Answered by a frame.
    Knobs(Knobs),
    /// Go on to this time, or as far as one slice carries. Answered by a frame.
    Advance {
        /// Simulated seconds.
        to_s: f64,
    },
    /// Jump to this time from the nearest checkpoint, as far as one slice carries. Answered by a frame.
    Seek {
        /// Simulated seconds.
        t_s: f64,
    },
    /// Run one of the four tests to its end. Answered by [`Reply::Test`].
    RunTest {
        /// As in `Load`.
        scenario_json: Option<String>,
        /// Seed of the run.
        seed: u64,
        /// 1 to 4.
        test: u32,
    },
}

/// What the worker answers.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum Reply {
    /// I am here.
    Hello {
        /// [`PROTOCOL`] of its build.
        protocol: u32,
    },
    /// The run stands at 0.
    Loaded {
        /// The page's number of the run.
        run: u32,
        /// What does not move.
        scene: Box<Scene>,
        /// The first instant.
        snapshot: Box<Snapshot>,
    },
    /// One instant.
    Frame {
        /// The page's number of the run.
        run: u32,
        /// The instant.
        snapshot: Box<Snapshot>,
        /// What was logged since the last frame, or up to now where `reset`.
        log: Vec<LogLine>,
        /// The page's log starts anew with `log`.
        reset: bool,
    },
    /// A test's result; its `delay_s` is the time of arrival.
    Test(TestRow),
    /// A scenario file was refused, and why, with its JSON path.
    Refused {
        /// The page's number of the run.
        run: u32,
        /// In plain words.
        why: String,
    },
}
