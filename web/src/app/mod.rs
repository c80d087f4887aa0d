//! The page's frame: its state, what each action does to it ([`update`]), what the worker's answers do ([`replies`]),
//! and how it is laid out ([`layout`]). The map is drawn at each frame of the screen, the panels a few times a second.

mod clock;
mod layout;
mod replies;
mod story;
mod tests;
mod update;

pub use clock::SPEEDS;
pub use story::MARKS;
pub use tests::Tests;

use crate::action::{Action, Dialog, Layers, Tab};
use crate::map::MapHandle;
use crate::share;
use crate::shared::Shared;
use crate::text;
use crate::theme::{self, Theme};
use crate::worker::{Command, Reply, SimWorker};
use clock::Clock;
use gloo::events::EventListener;
use gloo::render::AnimationFrame;
use gloo::timers::callback::Timeout;
use gloo::worker::{Spawnable, WorkerBridge};
use keyway_core::sim::snapshot::{Knobs, Scene, Snapshot};
use story::Story;
use wasm_bindgen::JsCast;
use yew::prelude::*;

/// The panels are drawn again at most this often, milliseconds.
const PANELS_MS: f64 = 250.0;
/// The address bar is written at most this often while the run plays, milliseconds.
const ADDRESS_MS: f64 = 2_000.0;
/// A test that takes longer than this has stopped, milliseconds.
const TEST_MS: u32 = 300_000;
/// How long a note stays, milliseconds.
const NOTE_MS: u32 = 6_000;

/// How the page stands.
#[derive(Clone, Debug, PartialEq)]
enum Phase {
    /// The worker has not yet answered.
    Starting,
    /// All is well.
    Ready,
    /// It is not; this says why.
    Broken(String),
}

/// What can come to the page.
#[derive(Debug)]
pub enum Msg {
    /// A frame of the screen, milliseconds.
    Frame(f64),
    /// The worker with this number answered.
    Reply(u32, Box<Reply>),
    /// The tests' worker answered.
    Tested(u32, Box<Reply>),
    /// The tests' worker has been silent for too long.
    TestsSilent,
    /// A scenario file was read: its name and text.
    File(String, Result<String, String>),
    /// Something to say for a few seconds.
    Note(&'static str),
    /// The visitor did something.
    Do(Action),
}

/// Where the scenario comes from.
#[derive(Clone, Debug, Default)]
struct Source {
    /// The file's text; the built-in campus where `None`.
    json: Option<String>,
    /// A file that was refused, and why.
    refused: Option<String>,
}

/// The page.
pub struct App {
    worker: Option<WorkerBridge<SimWorker>>,
    tester: Option<WorkerBridge<SimWorker>>,
    /// Runs out when the tests' worker has died.
    tester_timer: Option<Timeout>,
    /// Counts workers; answers of earlier ones are passed over.
    generation: u32,
    phase: Phase,
    run: u32,
    source: Source,
    /// A file that is being tried.
    trying: Option<String>,
    /// `None` until the scenario says its own.
    seed: Option<u64>,
    knobs: Option<Knobs>,
    /// A slider was moved in this run: it is none of the four tests.
    turned: bool,
    scene: Option<Shared<Scene>>,
    shot: Shared<Snapshot>,
    story: Story,
    tests: Tests,
    clock: Clock,
    map: MapHandle,
    layers: Layers,
    lit: Option<String>,
    follow: bool,
    tab: Tab,
    floor: Option<&'static str>,
    only_bad: bool,
    dialog: Option<Dialog>,
    theme: Theme,
    note: Option<String>,
    note_timer: Option<Timeout>,
    panels_ms: f64,
    address_ms: f64,
    stale: bool,
    /// The time that a link asked for, until the run stands there.
    start_s: f64,
    frame: Option<AnimationFrame>,
    _keys: EventListener,
}

impl std::fmt::Debug for App {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("App").field("phase", &self.phase).field("run", &self.run).finish_non_exhaustive()
    }
}

impl Component for App {
    type Message = Msg;
    type Properties = ();

    fn create(ctx: &Context<Self>) -> Self {
        let link = share::read_bar();
        let theme = Theme::stored();
        theme.apply();
        let keys = {
            let scope = ctx.link().clone();
            let target = gloo::utils::document();
            let options = gloo::events::EventListenerOptions::enable_prevent_default();
            EventListener::new_with_options(&target, "keydown", options, move |event| {
                let Some(event) = event.dyn_ref::<KeyboardEvent>() else { return };
                if let Some(action) = crate::shortcuts::action(event) {
                    event.prevent_default();
                    scope.send_message(Msg::Do(action));
                }
            })
        };
        let mut app = Self {
            worker: None,
            tester: None,
            tester_timer: None,
            generation: 0,
            phase: Phase::Starting,
            run: 0,
            source: Source::default(),
            trying: None,
            seed: link.seed,
            knobs: link.knobs,
            turned: false,
            scene: None,
            shot: Shared::default(),
            story: Story::default(),
            tests: Tests::default(),
            clock: Clock::new(!theme::reduced_motion()),
            map: MapHandle::default(),
            layers: Layers::default(),
            lit: None,
            follow: false,
            tab: Tab::default(),
            floor: None,
            only_bad: false,
            dialog: None,
            theme,
            note: None,
            note_timer: None,
            panels_ms: 0.0,
            address_ms: 0.0,
            stale: true,
            start_s: link.t_s,
            frame: None,
            _keys: keys,
        };
        if link.unknown_version {
            app.say(ctx, text::LINK_VERSION.into());
        }
        app.start_worker(ctx);
        app.ask_frame(ctx);
        app
    }

    fn update(&mut self, ctx: &Context<Self>, msg: Msg) -> bool {
        match msg {
            Msg::Frame(now_ms) => self.on_frame(ctx, now_ms),
            Msg::Reply(generation, reply) => generation == self.generation && self.on_reply(ctx, *reply),
            Msg::Tested(generation, reply) => generation == self.generation && self.on_tested(ctx, *reply),
            Msg::TestsSilent => {
                (self.tester, self.tester_timer, self.tests.running) = (None, None, 0);
                self.say(ctx, text::TESTS_STOPPED.into());
                true
            }
            Msg::File(name, text) => self.on_file(ctx, &name, text),
            Msg::Note(said) => {
                self.say(ctx, said.into());
                true
            }
            Msg::Do(action) => self.on_action(ctx, action),
        }
    }

    fn view(&self, ctx: &Context<Self>) -> Html {
        self.layout(&ctx.link().callback(Msg::Do))
    }
}

impl App {
    fn start_worker(&mut self, ctx: &Context<Self>) {
        self.generation += 1;
        self.phase = Phase::Starting;
        (self.tester, self.tester_timer, self.tests.running) = (None, None, 0);
        let (scope, generation) = (ctx.link().clone(), self.generation);
        let bridge = SimWorker::spawner()
            .callback(move |reply| scope.send_message(Msg::Reply(generation, Box::new(reply))))
            .with_loader(true)
            .spawn("worker_loader.js");
        bridge.send(Command::Hello);
        self.worker = Some(bridge);
        self.clock.restart();
        self.clock.sent(now_ms());
    }

    /// Begins a run with the source, seed and switches as they stand.
    fn load(&mut self, scenario_json: Option<String>) {
        self.run += 1;
        let (run, seed, knobs) = (self.run, self.seed, self.knobs);
        self.clock.restart();
        self.send(Command::Load { run, scenario_json, seed, knobs });
    }

    fn send(&mut self, command: Command) {
        if let Some(worker) = &self.worker {
            worker.send(command);
            self.clock.sent(now_ms());
        }
    }

    /// The tests' worker has this long for its next answer.
    fn watch_tester(&mut self, ctx: &Context<Self>) {
        let scope = ctx.link().clone();
        self.tester_timer = Some(Timeout::new(TEST_MS, move || scope.send_message(Msg::TestsSilent)));
    }

    fn ask_frame(&mut self, ctx: &Context<Self>) {
        let scope = ctx.link().clone();
        self.frame =
            Some(gloo::render::request_animation_frame(move |now_ms| scope.send_message(Msg::Frame(now_ms))));
    }

    fn on_frame(&mut self, ctx: &Context<Self>, now_ms: f64) -> bool {
        self.ask_frame(ctx);
        if matches!(self.phase, Phase::Broken(_)) {
            return false;
        }
        if self.clock.silent(now_ms) {
            let starting = self.phase == Phase::Starting;
            return self.break_with(if starting { text::NO_HELLO } else { text::NO_ANSWER }.into());
        }
        if self.phase == Phase::Ready
            && let Some(command) = self.clock.tick(now_ms)
            && let Some(worker) = &self.worker
        {
            worker.send(command);
        }
        if self.map.draw(now_ms, self.clock.playing, self.follow) {
            set_state("ready");
        }
        if self.clock.playing && now_ms - self.address_ms > ADDRESS_MS {
            self.write_address(now_ms);
        }
        if !self.stale || now_ms - self.panels_ms < PANELS_MS {
            return false;
        }
        self.panels_ms = now_ms;
        self.stale = false;
        self.story.refresh(self.until_s());
        true
    }

    fn until_s(&self) -> f64 {
        self.scene.as_ref().map_or(1.0, |s| s.until_s)
    }

    fn write_address(&mut self, now_ms: f64) {
        self.address_ms = now_ms;
        if let Some(scene) = &self.scene {
            share::write_bar(&share::write(scene.seed, &self.shot.knobs, self.shot.t_s));
        }
    }

    fn break_with(&mut self, why: String) -> bool {
        self.phase = Phase::Broken(why);
        self.worker = None;
        self.tester = None;
        set_state("error");
        true
    }

    /// Says something for a few seconds.
    fn say(&mut self, ctx: &Context<Self>, note: String) {
        self.note = Some(note);
        let scope = ctx.link().clone();
        self.note_timer =
            Some(Timeout::new(NOTE_MS, move || scope.send_message(Msg::Do(Action::DismissNote))));
    }
}

/// What the page is at: `loading`, `ready` or `error`, on the `html` element.
fn set_state(state: &str) {
    let root = gloo::utils::document_element();
    if root.get_attribute("data-state").as_deref() != Some(state) {
        // Setting a plain attribute on the root cannot fail.
        let _ = root.set_attribute("data-state", state);
    }
}

/// The page's monotonic clock, the same that frames carry.
fn now_ms() -> f64 {
    gloo::utils::window().performance().map_or(0.0, |p| p.now())
}
