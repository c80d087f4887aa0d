//! The page's frame: its state, what each action does to it ([`update`]), its workers ([`workers`]) and what their
//! answers do ([`replies`]), its address ([`link`]), and how it is laid out ([`layout`]). The map is drawn at each frame
//! of the screen, the panels a few times a second.

mod clock;
mod compare;
mod crew;
mod edit;
mod layout;
mod link;
mod pick;
mod replies;
mod save;
mod scenario;
mod standby;
mod story;
mod update;
mod workers;

use crate::action::{Action, Dialog, Layers, Pick, Tab};
use crate::document::{Document, Running};
use crate::map::MapHandle;
use crate::panels::{Choices, Dissected, Papers, Tests};
use crate::share::{self, Link};
use crate::shared::Shared;
use crate::shortcuts::{self, SingleKeys};
use crate::text;
use crate::theme::{self, Theme};
use crate::worker::{Command, Find, Reply, SimWorker};
use clock::Clock;
use compare::Rival;
use crew::Crew;
use edit::Editor;
use gloo::events::EventListener;
use gloo::render::AnimationFrame;
use gloo::timers::callback::Timeout;
use gloo::worker::WorkerBridge;
use keyway_core::sim::chronicle::{Subject, Trace, View};
use keyway_core::sim::snapshot::{Knobs, Scene, Snapshot};
use keyway_core::studies::best::Advice;
use standby::Standby;
use story::Story;
use wasm_bindgen::JsCast;
use yew::prelude::*;

/// The panels are drawn again at most this often, milliseconds.
const PANELS_MS: f64 = 250.0;
/// The address bar is written at most this often while the run plays, milliseconds.
const ADDRESS_MS: f64 = 2_000.0;
/// and this soon after the visitor did something.
const ACTED_MS: f64 = 300.0;
/// How long a note stays, milliseconds.
const NOTE_MS: u32 = 6_000;
/// The chain of the newest message stays at least so long, to be read, milliseconds.
const TRACE_MS: f64 = 1_500.0;

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
    /// The rival's worker with this number answered.
    Rival(u32, Box<Reply>),
    /// A worker of tests and studies answered: number of the page's worker when it began, its own.
    Worked(u32, usize, Box<Reply>),
    /// All of them have been silent for too long.
    CrewSilent,
    /// A scenario file was read: its name and text.
    File(String, Result<String, String>),
    /// Something to say for a few seconds.
    Note(&'static str),
    /// A new build of the page waits.
    NewBuild,
    /// An error was reported that nobody had caught: a worker's come to the window too.
    Uncaught,
    /// Another link was put into the address bar.
    Link,
    /// The visitor did something.
    Do(Action),
}

/// The page.
pub struct App {
    worker: Option<WorkerBridge<SimWorker>>,
    crew: Crew,
    rival: Option<Rival>,
    standby: Option<Standby>,
    /// The number of the run's worker, and how many there were; answers of earlier ones are passed over.
    generation: u32,
    generations: u32,
    /// How often in a row the run's worker died, and where the run stood then, seconds.
    restarts: u32,
    died_s: f64,
    /// When an error was last reported that nobody had caught, a worker's perhaps, milliseconds.
    doubt_ms: Option<f64>,
    /// Since when there is a run, or no standby for it, milliseconds.
    ready_ms: Option<f64>,
    phase: Phase,
    /// The number of the run that is shown, and of the newest that was asked for.
    run: u32,
    asked_run: u32,
    document: Document,
    /// The scenario that runs, where it is not the built-in campus.
    running: Option<Running>,
    /// The run that was asked for is the document's, not the built-in campus in its place.
    own: bool,
    /// Why the document as it stands is not the one that runs.
    refused: Option<String>,
    /// What a link was found to send best.
    advice: Option<(u32, Option<Advice>)>,
    /// The knob that is being typed, and what is wrong with it so far.
    trying: Option<(String, Option<String>)>,
    /// What a link asked for, until the worker is there.
    link: Link,
    /// The changes of a link that came later, until the worker has read them.
    coming: Option<String>,
    /// `None` until the scenario says its own.
    seed: Option<u64>,
    knobs: Option<Knobs>,
    /// The switches over time, to run again what was run.
    switches: Vec<(f64, Knobs)>,
    /// Those of the run that was asked for.
    asked_switches: Vec<(f64, Knobs)>,
    /// A slider was moved in this run: it is none of the four tests.
    turned: bool,
    scene: Option<Shared<Scene>>,
    shot: Shared<Snapshot>,
    trace: Shared<Trace>,
    /// Since when the chain is what it is, milliseconds.
    trace_ms: f64,
    view: Option<Shared<View>>,
    /// From here on the run is known whole, seconds.
    kept_from_s: f64,
    dissected: Option<Shared<Dissected>>,
    story: Story,
    tests: Tests,
    papers: Papers,
    clock: Clock,
    map: MapHandle,
    layers: Layers,
    tiles: bool,
    subject: Option<Subject>,
    pick: Option<Pick>,
    lit: Option<String>,
    /// The lit step is not opened: the story lights it.
    lit_only: bool,
    follow: bool,
    tab: Tab,
    choices: Choices,
    find: Find,
    tour: Option<usize>,
    /// What stood before the story began: scenario, switches, time.
    before_tour: Option<(serde_json::Value, Knobs, f64)>,
    editor: Option<Editor>,
    dialog: Option<Dialog>,
    theme: Theme,
    single_keys: SingleKeys,
    note: Option<String>,
    note_timer: Option<Timeout>,
    new_build: bool,
    panels_ms: f64,
    address_ms: f64,
    /// Something was done that the address bar does not say yet.
    acted: bool,
    /// What the address bar said last.
    said: String,
    frame_ms: f64,
    stale: bool,
    /// The time that a link asked for, until the run stands there.
    start_s: f64,
    frame: Option<AnimationFrame>,
    _listeners: Vec<EventListener>,
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
        let single_keys = SingleKeys::stored();
        let mut clock = Clock::new(!theme::reduced_motion());
        clock.speed = link.speed.unwrap_or(clock.speed);
        let mut app = Self {
            worker: None,
            crew: Crew::default(),
            rival: None,
            standby: None,
            generation: 0,
            generations: 0,
            restarts: 0,
            died_s: 0.0,
            doubt_ms: None,
            ready_ms: None,
            phase: Phase::Starting,
            run: 0,
            asked_run: 0,
            document: Document::default(),
            running: None,
            own: true,
            advice: None,
            trying: None,
            refused: None,
            seed: link.seed,
            knobs: link.knobs,
            switches: Vec::new(),
            asked_switches: Vec::new(),
            turned: false,
            scene: None,
            shot: Shared::default(),
            trace: Shared::default(),
            trace_ms: 0.0,
            view: None,
            kept_from_s: 0.0,
            dissected: None,
            story: Story::default(),
            tests: Tests::default(),
            papers: Papers::default(),
            clock,
            map: MapHandle::default(),
            layers: link.layers.unwrap_or_default(),
            tiles: false,
            subject: link.subject.clone(),
            pick: None,
            lit: None,
            lit_only: false,
            follow: false,
            tab: link.tab.filter(|tab| theme::narrow() || !tab.always_there()).unwrap_or_default(),
            choices: Choices::default(),
            find: Find { floor: "road".into(), kind: String::new(), bad: false },
            tour: None,
            before_tour: None,
            editor: None,
            dialog: None,
            theme,
            note: None,
            note_timer: None,
            new_build: false,
            panels_ms: 0.0,
            address_ms: 0.0,
            acted: false,
            said: String::new(),
            frame_ms: 0.0,
            stale: true,
            start_s: link.t_s,
            frame: None,
            coming: None,
            _listeners: listeners(ctx, &single_keys),
            single_keys,
            link,
        };
        app.map.set_layers(app.layers);
        app.map.on_act(ctx.link().callback(Msg::Do));
        app.say_passed(&app.link.passed.clone(), false);
        app.start_worker(ctx);
        app.ask_frame(ctx);
        app
    }

    fn update(&mut self, ctx: &Context<Self>, msg: Msg) -> bool {
        match msg {
            Msg::Frame(now_ms) => self.on_frame(ctx, now_ms),
            Msg::Reply(generation, reply) if generation == self.generation => self.on_reply(ctx, *reply),
            Msg::Reply(generation, reply) => {
                self.on_standby(generation, &reply);
                false
            }
            Msg::Rival(generation, reply) => self.on_rival(generation, *reply),
            Msg::Worked(generation, member, reply) => {
                generation == self.generation && self.on_worked(ctx, member, *reply)
            }
            Msg::CrewSilent => {
                self.dismiss();
                self.say(ctx, text::notes::TESTS_STOPPED.into());
                true
            }
            Msg::File(name, text) => self.on_file(&name, text),
            Msg::Note(said) => {
                self.say(ctx, said.into());
                true
            }
            Msg::Uncaught => {
                self.doubt_ms = Some(now_ms());
                // In a pause nothing is asked of the worker that could tell whether it lives.
                if self.phase == Phase::Ready && self.clock.waiting_ms().is_none() {
                    self.ask_look();
                }
                false
            }
            Msg::Link => self.on_link(),
            Msg::NewBuild => {
                self.new_build = true;
                true
            }
            Msg::Do(action) => self.on_action(ctx, action),
        }
    }

    fn view(&self, ctx: &Context<Self>) -> Html {
        self.layout(&ctx.link().callback(Msg::Do))
    }
}

/// Keys, word of a new build, and another link.
fn listeners(ctx: &Context<App>, single_keys: &SingleKeys) -> Vec<EventListener> {
    let target = gloo::utils::document();
    let options = gloo::events::EventListenerOptions::enable_prevent_default();
    let (scope, single_keys) = (ctx.link().clone(), single_keys.clone());
    let keys = EventListener::new_with_options(&target, "keydown", options, move |event| {
        let Some(event) = event.dyn_ref::<KeyboardEvent>() else { return };
        if let Some(action) = shortcuts::action(event, single_keys.on()) {
            event.prevent_default();
            scope.send_message(Msg::Do(action));
        }
    });
    let scope = ctx.link().clone();
    let build = EventListener::new(&target, "keyway:update", move |_| scope.send_message(Msg::NewBuild));
    let scope = ctx.link().clone();
    let window = gloo::utils::window();
    let link = EventListener::new(&window, "hashchange", move |_| scope.send_message(Msg::Link));
    let scope = ctx.link().clone();
    let uncaught = EventListener::new(&window, "error", move |_| scope.send_message(Msg::Uncaught));
    let mut all = vec![keys, build, link, uncaught];
    all.extend(crate::focus::watch());
    all
}

impl App {
    fn ask_frame(&mut self, ctx: &Context<Self>) {
        let scope = ctx.link().clone();
        self.frame =
            Some(gloo::render::request_animation_frame(move |now_ms| scope.send_message(Msg::Frame(now_ms))));
    }

    fn on_frame(&mut self, ctx: &Context<Self>, now_ms: f64) -> bool {
        self.ask_frame(ctx);
        let passed_s = ((now_ms - self.frame_ms) / 1_000.0).clamp(0.0, 0.1);
        self.frame_ms = now_ms;
        if matches!(self.phase, Phase::Broken(_)) {
            return false;
        }
        if workers::silent(self.clock.waiting_ms(), self.doubt_ms, now_ms) {
            return self.worker_died(ctx);
        }
        if self.phase == Phase::Ready
            && let Some(command) = self.clock.tick(now_ms)
        {
            if let Command::Knobs(knobs) = command {
                self.note_turned(knobs);
            }
            if let Some(worker) = &self.worker {
                worker.send(command);
            }
        }
        self.drive_standby(ctx, now_ms, passed_s * 1_000.0);
        self.drive_rival(ctx, passed_s);
        let playing = self.clock.playing;
        if self.map.draw(now_ms, playing, self.follow) {
            set_state("ready");
        }
        if let Some(rival) = &self.rival {
            rival.map.draw(now_ms, playing, self.follow);
        }
        let due_ms = if self.acted { ACTED_MS } else { ADDRESS_MS };
        if (playing || self.acted) && now_ms - self.address_ms > due_ms {
            self.write_address(now_ms);
        }
        if self.stale && now_ms - self.panels_ms >= PANELS_MS {
            self.panels_ms = now_ms;
            self.stale = false;
            self.story.refresh();
            return true;
        }
        // A frame of its own, so that neither takes long.
        self.story.refresh_log()
    }

    fn until_s(&self) -> f64 {
        self.scene.as_ref().map_or(1.0, |s| s.until_s)
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
