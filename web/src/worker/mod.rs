//! What page and worker say to each other. Both come from one build, and bincode carries it: plain types only.
//!
//! The page sends one request at a time and waits for its [`Reply`]; the worker answers each within a slice of a
//! few milliseconds, so that Pause is never further away than that. Another instance follows the run, to
//! take its place where it dies; the rival of a comparison is one more; the four tests and the papers' studies run in as
//! many more as the machine has threads for.

mod checkpoints;
mod log;
mod run;
mod sim_worker;

use gloo::worker::Registrable;
use keyway_core::ground::MessageId;
use keyway_core::its::dissect::Field;
use keyway_core::sim::chronicle::{Look, Subject, Trace, View};
use keyway_core::sim::series::Channel;
use keyway_core::sim::snapshot::{Knobs, LogLine, Scene, Snapshot, TestRow};
use keyway_core::studies::Report;
use keyway_core::studies::best::Advice;
use serde::{Deserialize, Serialize};
pub use sim_worker::SimWorker;
use std::collections::BTreeMap;

/// Begins the worker's part of the conversation, in a thread of its own. Here and not in the worker's program, so that
/// what the two say is put into bytes by code made small with the page, not fast with the simulation.
pub fn begin() {
    SimWorker::registrar().register();
}

/// Changes with each change of the types below; the page refuses a worker that says another.
pub const PROTOCOL: u32 = 6;

/// What the page asks.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum Command {
    /// Are you there? Answered by [`Reply::Hello`].
    Hello,
    /// Begin a run. Answered by [`Reply::Loaded`] or [`Reply::Refused`].
    Load(Start),
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
    /// Go on towards this time beside the run's own worker, as far as one slice carries, to take its place where it dies.
    /// Answered by [`Reply::Followed`].
    Follow {
        /// The run's switches over time.
        switches: Vec<(f64, Knobs)>,
        /// Simulated seconds.
        to_s: f64,
    },
    /// From now on, this subject's chain and this floor's picture come with the frames. Answered by a frame.
    Look {
        /// `None` for the newest message.
        subject: Option<Subject>,
        /// `None` for no picture.
        look: Option<Look>,
    },
    /// The next (or last) event of a kind, as far as one slice carries. Answered by [`Reply::Found`].
    Find {
        /// Which lines of the log.
        what: Find,
        /// Seconds to look from.
        from_s: f64,
        /// Look back.
        back: bool,
    },
    /// What the bits of a message mean. Answered by [`Reply::Dissected`].
    Dissect(MessageId),
    /// What this link should send over its channel as it stands. Answered by [`Reply::Best`].
    Best {
        /// Its number.
        link: u32,
    },
    /// Something to save. Answered by [`Reply::File`].
    Export(Export),
    /// Is this a scenario? Answered by [`Reply::Checked`].
    Check {
        /// A scenario file's text.
        scenario_json: String,
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
    /// Run a part of a study. Answered by [`Reply::Progress`] again and again, then by [`Reply::Report`].
    Study {
        /// Its name.
        id: String,
        /// Which part, from 0 on.
        part: u32,
        /// As in `Load`.
        scenario_json: Option<String>,
        /// Seed of its runs.
        seed: u64,
    },
}

/// How a run begins.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Start {
    /// The page's number of the run, sent back with each frame.
    pub run: u32,
    /// A scenario file's text; the built-in campus where `None`.
    pub scenario_json: Option<String>,
    /// The scenario's own seed where `None`.
    pub seed: Option<u64>,
    /// The switches over time, the first from 0 on; the scenario's own where empty.
    pub switches: Vec<(f64, Knobs)>,
}

/// Which lines of the log are looked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Find {
    /// Floor; any where empty.
    pub floor: String,
    /// Kind; any where empty.
    pub kind: String,
    /// Only bad news.
    pub bad: bool,
}

/// Something to save.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Export {
    /// The event stream so far: one JSON object a line.
    Events,
    /// One chain with every event that bears a name of it, as JSON.
    Evidence(Option<Subject>),
    /// The scenario, every default written out.
    Scenario,
}

/// A mark on the time line.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Mark {
    /// Simulated seconds.
    pub t_s: f64,
    /// What it marks.
    pub kind: MarkKind,
}

/// What a mark stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum MarkKind {
    /// A faked message dropped.
    Dropped,
    /// Light or key lost: a block dropped, a beam lost, a service or epoch starved.
    Lost,
    /// The driver was fooled, or turned.
    Fooled,
    /// A device joined, or the car arrived.
    Good,
}

/// What became known since the last frame: sent once.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Fresh {
    /// Samples of the series: time and values, in the order of the channels.
    pub samples: Vec<(f64, Vec<f32>)>,
    /// Marks.
    pub marks: Vec<Mark>,
}

/// One instant.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Frame {
    /// The page's number of the run.
    pub run: u32,
    /// The instant.
    pub snapshot: Box<Snapshot>,
    /// What was logged since the last frame, or up to now where `reset`.
    pub log: Vec<LogLine>,
    /// The page's log starts anew with `log`, the newest lines of each kind.
    pub reset: bool,
    /// Where it starts anew: how many lines of each kind there were.
    pub tally: Vec<KindCount>,
    /// What became known.
    pub fresh: Fresh,
    /// The chain and the picture that were asked for; not in each frame.
    pub seen: Option<Seen>,
}

/// Lines of the log of each kind, by floor and name.
pub type Kinds = BTreeMap<(String, String), u32>;

/// How many lines of a kind there were.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KindCount {
    /// Floor and name of the kind.
    pub kind: (String, String),
    /// Lines.
    pub lines: u32,
}

/// A chain and a floor's picture.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Seen {
    /// The chain.
    pub trace: Trace,
    /// The picture.
    pub view: Option<View>,
    /// From here on the run is known whole, seconds.
    pub kept_from_s: f64,
}

/// What a study is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct About {
    /// Its name.
    pub id: String,
    /// In a few words.
    pub title: String,
    /// What it asks.
    pub question: String,
    /// The paper that it runs again.
    pub citation: String,
    /// Parts that several workers can share.
    pub parts: u32,
}

/// A run that has begun.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Loaded {
    /// The page's number of the run.
    pub run: u32,
    /// What does not move.
    pub scene: Box<Scene>,
    /// The first instant.
    pub snapshot: Box<Snapshot>,
    /// What is sampled.
    pub channels: Vec<Channel>,
}

/// What the worker answers.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum Reply {
    /// I am here.
    Hello {
        /// [`PROTOCOL`] of its build.
        protocol: u32,
        /// The built-in campus, every default written out.
        built_in: String,
        /// The studies that it can run. The page does not name them itself: each would bring the whole core with it.
        studies: Vec<About>,
    },
    /// The run stands at 0.
    Loaded(Box<Loaded>),
    /// One instant.
    Frame(Box<Frame>),
    /// How far a run was followed.
    Followed {
        /// Simulated seconds.
        known_s: f64,
    },
    /// Where the event is that was looked for.
    Found {
        /// Its time; `None` where there is none up to `searched_s`.
        t_s: Option<f64>,
        /// Looked up to here.
        searched_s: f64,
        /// There is nowhere left to look.
        exhausted: bool,
    },
    /// The fields of a message, and its bytes.
    Dissected {
        /// Which.
        message: MessageId,
        /// As it was heard.
        bytes: Vec<u8>,
        /// What its bits mean.
        fields: Vec<Field>,
    },
    /// What a link should send; `None` where no choice gives a longer key.
    Best {
        /// Its number.
        link: u32,
        /// What to send.
        advice: Option<Advice>,
    },
    /// Something to save.
    File {
        /// A name for it.
        name: String,
        /// Its text.
        text: String,
    },
    /// What is wrong with the scenario; `None` where it is good.
    Checked(Option<String>),
    /// A test's result; its `delay_s` is the time of arrival.
    Test(TestRow),
    /// How far a part of a study has come.
    Progress {
        /// Which.
        part: u32,
        /// 0 to 1.
        done: f64,
    },
    /// What a part of a study found.
    Report {
        /// Which.
        part: u32,
        /// What it found.
        report: Box<Report>,
    },
    /// A scenario file was refused, and why, with its JSON path.
    Refused {
        /// The page's number of the run.
        run: u32,
        /// In plain words.
        why: String,
    },
}
