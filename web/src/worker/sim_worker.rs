//! The worker itself: takes commands, answers each within a slice.

use super::run::Run;
use super::{About, Command, Export, Frame, Loaded, PROTOCOL, Reply, Seen};
use gloo::worker::{HandlerId, Worker, WorkerScope};
use keyway_core::its::dissect;
use keyway_core::sim::chronicle::{Look, Subject};
use keyway_core::sim::snapshot::LogLine;
use keyway_core::sim::{Scenario, export, series};
use keyway_core::studies::{self, table2};
use wasm_bindgen::{JsCast, JsValue};

/// How long an ordinary step may take, milliseconds.
const ADVANCE_MS: f64 = 11.0;
/// How long a jump or a search may take before it answers with where it has come to, milliseconds.
const SEEK_MS: f64 = 60.0;
/// Chain and picture come with a frame at most this often, milliseconds.
const SEEN_MS: f64 = 240.0;
/// How far a study has come is said at most this often, milliseconds.
const PROGRESS_MS: f64 = 100.0;

/// The simulation's worker.
#[derive(Default)]
pub struct SimWorker {
    run: Option<Run>,
    subject: Option<Subject>,
    look: Option<Look>,
    seen_ms: f64,
}

impl std::fmt::Debug for SimWorker {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SimWorker").field("run", &self.run.as_ref().map(|r| r.id)).finish()
    }
}

impl Worker for SimWorker {
    type Message = ();
    type Input = Command;
    type Output = Reply;

    fn create(_: &WorkerScope<Self>) -> Self {
        Self::default()
    }

    fn update(&mut self, _: &WorkerScope<Self>, (): ()) {}

    fn received(&mut self, scope: &WorkerScope<Self>, command: Command, id: HandlerId) {
        if let Some(reply) = self.answer(command, &|reply| scope.respond(id, reply)) {
            scope.respond(id, reply);
        }
    }
}

impl SimWorker {
    fn answer(&mut self, command: Command, say: &dyn Fn(Reply)) -> Option<Reply> {
        match command {
            Command::Hello => {
                let about = |s: &studies::Study| About {
                    id: s.id.into(),
                    title: s.title.into(),
                    question: s.question.into(),
                    citation: s.paper.citation(),
                    parts: s.parts,
                };
                let studies = studies::ALL.iter().map(about).collect();
                Some(Reply::Hello { protocol: PROTOCOL, built_in: Scenario::warwick().to_json(), studies })
            }
            Command::Load(start) => Some(match read(start.scenario_json.as_deref()) {
                Ok(scenario) => {
                    let seed = start.seed.unwrap_or_else(|| scenario.seed());
                    let made = Run::new(start.run, scenario, seed, start.switches);
                    let (scene, snapshot) = (Box::new(made.scene()), Box::new(made.snapshot()));
                    let channels = series::channels(&scene);
                    self.run = Some(made);
                    self.seen_ms = 0.0;
                    Reply::Loaded(Box::new(Loaded { run: start.run, scene, snapshot, channels }))
                }
                Err(why) => Reply::Refused { run: start.run, why },
            }),
            Command::Check { scenario_json } => Some(Reply::Checked(read(Some(&scenario_json)).err())),
            Command::RunTest { scenario_json, seed, test } => Some(match read(scenario_json.as_deref()) {
                Ok(scenario) => Reply::Test(table2::run_test(&scenario, seed, test)),
                Err(why) => Reply::Refused { run: 0, why },
            }),
            Command::Study { id, part, scenario_json, seed } => {
                Some(study(&id, part, scenario_json.as_deref(), seed, say))
            }
            command => self.answer_run(command),
        }
    }

    /// What a run answers.
    fn answer_run(&mut self, command: Command) -> Option<Reply> {
        let run = self.run.as_mut()?;
        let (log, reset, look) = match command {
            // At 0 the run begins again.
            Command::Knobs(knobs) => (run.set_knobs(knobs), run.now_s() == 0.0, false),
            Command::Follow { switches, to_s } => {
                let known_s = run.follow(&switches, to_s, until_ms(ADVANCE_MS));
                return Some(Reply::Followed { known_s });
            }
            Command::Advance { to_s } => (run.advance(to_s, until_ms(ADVANCE_MS)), false, false),
            Command::Seek { t_s } => {
                let log = run.seek(t_s, until_ms(SEEK_MS));
                // On the way nobody reads it.
                let there = run.finished() || run.now_s() + 1e-3 >= t_s;
                (if there { log } else { Vec::new() }, true, there)
            }
            Command::Look { subject, look } => {
                (self.subject, self.look) = (subject, look);
                (Vec::new(), false, true)
            }
            Command::Find { what, from_s, back } => {
                let (t_s, searched_s, exhausted) = run.find(&what, from_s, back, until_ms(SEEK_MS));
                return Some(Reply::Found { t_s, searched_s, exhausted });
            }
            Command::Dissect(message) => {
                let bytes = run.chronicle().heard(message).unwrap_or_default().to_vec();
                let fields = dissect::packet(&bytes);
                return Some(Reply::Dissected { message, bytes, fields });
            }
            Command::Best { link } => return Some(Reply::Best { link, advice: run.best(link) }),
            Command::Export(what) => return Some(save(run, &what)),
            _ => return None,
        };
        self.frame(log, reset, look)
    }

    fn frame(&mut self, log: Vec<LogLine>, reset: bool, look: bool) -> Option<Reply> {
        let run = self.run.as_mut()?;
        let now_ms = now_ms();
        let seen = (look || now_ms - self.seen_ms > SEEN_MS).then(|| {
            let (chronicle, at) = (run.chronicle(), run.now());
            Seen {
                trace: chronicle.trace(self.subject.as_ref(), at),
                view: self.look.as_ref().map(|look| chronicle.look(look, at)),
                kept_from_s: chronicle.kept_from().as_secs(),
            }
        });
        if seen.is_some() {
            self.seen_ms = now_ms;
        }
        let (snapshot, fresh) = (Box::new(run.snapshot()), run.take_fresh());
        // On the way of a jump nobody reads the log.
        let tally = if reset && look { run.tally() } else { Vec::new() };
        Some(Reply::Frame(Box::new(Frame { run: run.id, snapshot, log, reset, tally, fresh, seen })))
    }
}

fn read(text: Option<&str>) -> Result<Scenario, String> {
    text.map_or_else(|| Ok(Scenario::warwick()), |t| Scenario::from_json(t).map_err(|e| e.to_string()))
}

fn study(id: &str, part: u32, scenario_json: Option<&str>, seed: u64, say: &dyn Fn(Reply)) -> Reply {
    let scenario = match read(scenario_json) {
        Ok(scenario) => scenario,
        Err(why) => return Reply::Refused { run: 0, why },
    };
    let Some(study) = studies::find(id).filter(|s| part < s.parts) else {
        return Reply::Refused { run: 0, why: crate::text::papers::unknown(id) };
    };
    let mut said_ms = 0.0;
    let report = study.part(&scenario, seed, part, &mut |done| {
        let now_ms = now_ms();
        if now_ms - said_ms > PROGRESS_MS {
            said_ms = now_ms;
            say(Reply::Progress { part, done });
        }
    });
    Reply::Report { part, report: Box::new(report) }
}

fn save(run: &Run, what: &Export) -> Reply {
    let name =
        |kind: &str, ending: &str| format!("keyway-{kind}-seed-{}-{:.1}s.{ending}", run.seed(), run.now_s());
    match what {
        Export::Events => {
            // A stream that has lost its beginning says so in its name.
            let kind = run.records_from_s().map_or("events".into(), |t_s| format!("events-from-{t_s:.1}s"));
            Reply::File { name: name(&kind, "jsonl"), text: export::events(run.records()) }
        }
        Export::Evidence(subject) => {
            let trace = run.chronicle().trace(subject.as_ref(), run.now());
            let scenario = run.scenario().name();
            let text = export::evidence(
                scenario,
                run.seed(),
                run.now_s(),
                &trace,
                run.digest_before(),
                run.records(),
            );
            Reply::File { name: name("evidence", "json"), text }
        }
        Export::Scenario => {
            Reply::File { name: "keyway-scenario.json".into(), text: run.scenario().to_json() }
        }
    }
}

/// Says yes until this many milliseconds have gone by.
fn until_ms(budget_ms: f64) -> impl FnMut() -> bool {
    let end_ms = now_ms() + budget_ms;
    move || now_ms() < end_ms
}

/// The worker's monotonic clock, or the wall clock where there is none.
fn now_ms() -> f64 {
    let clock = js_sys::Reflect::get(&js_sys::global(), &JsValue::from_str("performance")).ok();
    clock.and_then(|c| c.dyn_into::<web_sys::Performance>().ok()).map_or_else(js_sys::Date::now, |c| c.now())
}
