//! The worker itself: takes commands, answers each within a slice.

use super::run::Run;
use super::{Command, PROTOCOL, Reply};
use gloo::worker::{HandlerId, Worker, WorkerScope};
use keyway_core::sim::Scenario;
use keyway_core::studies::table2;
use wasm_bindgen::{JsCast, JsValue};

/// How long an ordinary step may take, milliseconds.
const ADVANCE_MS: f64 = 11.0;
/// How long a jump may take before it answers with where it has come to, milliseconds.
const SEEK_MS: f64 = 30.0;

/// The simulation's worker.
pub struct SimWorker {
    run: Option<Run>,
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
        Self { run: None }
    }

    fn update(&mut self, _: &WorkerScope<Self>, (): ()) {}

    fn received(&mut self, scope: &WorkerScope<Self>, command: Command, id: HandlerId) {
        if let Some(reply) = self.answer(command) {
            scope.respond(id, reply);
        }
    }
}

impl SimWorker {
    fn answer(&mut self, command: Command) -> Option<Reply> {
        match command {
            Command::Hello => Some(Reply::Hello { protocol: PROTOCOL }),
            Command::Load { run, scenario_json, seed, knobs } => Some(match read(scenario_json.as_deref()) {
                Ok(scenario) => {
                    let seed = seed.unwrap_or_else(|| scenario.seed());
                    let made = Run::new(run, &scenario, seed, knobs.unwrap_or_else(|| scenario.knobs()));
                    let (scene, snapshot) = (Box::new(made.scene()), Box::new(made.snapshot()));
                    self.run = Some(made);
                    Reply::Loaded { run, scene, snapshot }
                }
                Err(why) => Reply::Refused { run, why },
            }),
            Command::RunTest { scenario_json, seed, test } => Some(match read(scenario_json.as_deref()) {
                Ok(scenario) => Reply::Test(table2::run_test(&scenario, seed, test)),
                Err(why) => Reply::Refused { run: 0, why },
            }),
            Command::Knobs(knobs) => {
                let run = self.run.as_mut()?;
                run.set_knobs(knobs);
                Some(frame(run, Vec::new(), false))
            }
            Command::Advance { to_s } => {
                let run = self.run.as_mut()?;
                let log = run.advance(to_s, until_ms(ADVANCE_MS));
                Some(frame(run, log, false))
            }
            Command::Seek { t_s } => {
                let run = self.run.as_mut()?;
                let log = run.seek(t_s, until_ms(SEEK_MS));
                Some(frame(run, log, true))
            }
        }
    }
}

fn read(text: Option<&str>) -> Result<Scenario, String> {
    text.map_or_else(|| Ok(Scenario::warwick()), |t| Scenario::from_json(t).map_err(|e| e.to_string()))
}

fn frame(run: &Run, log: Vec<keyway_core::sim::snapshot::LogLine>, reset: bool) -> Reply {
    Reply::Frame { run: run.id, snapshot: Box::new(run.snapshot()), log, reset }
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
