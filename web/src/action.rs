//! What a visitor can do. Every button, key and slider says one of these.

use crate::worker::{Export, Find};
use keyway_core::ground::{GeoPoint, ServiceId};
use keyway_core::sim::chronicle::Subject;
use keyway_core::sim::snapshot::EveKind;
use serde_json::Value;
use yew::AttrValue;

/// A thing to do.
#[derive(Clone, Debug)]
pub enum Action {
    TogglePlay,
    /// Simulated seconds on (or back).
    Step(f64),
    Faster,
    Slower,
    Speed(f64),
    /// To this simulated second.
    Seek(f64),
    /// To the next event of the chosen kind, or the last before now.
    Find {
        back: bool,
    },
    /// Which kind of event is jumped to.
    FindWhat(Find),
    SetProtected(bool),
    SetAttack(bool),
    ToggleProtected,
    ToggleAttack,
    VisibilityKm(f64),
    RainMmH(f64),
    HourUtc(f64),
    EveKind(EveKind),
    EveFraction(f64),
    EveLink(u32),
    BrokenLink(Option<u32>),
    Seed(u64),
    NewSeed,
    OpenFile(web_sys::File),
    /// One value of the scenario, at its place (RFC 6901).
    Set(String, Value),
    /// Such a value while it is typed: would it do?
    Try(String, Value),
    Preset(&'static str),
    /// Intensities and bases that give this link the longest key.
    BestLight(u32),
    Undo,
    Redo,
    ResetScenario,
    Edit(EditAction),
    RunTests,
    Study(String),
    NextTheme,
    /// Keys of one character act, or do not.
    SingleKeys(bool),
    Share,
    Open(Dialog),
    CloseDialog,
    Tab(Tab),
    /// Show only this floor in the log.
    Floor(Option<&'static str>),
    OnlyBad(bool),
    /// Show or hide lines of this kind, by floor and name, in the log.
    LogKind((String, String), bool),
    /// Show every line of the log.
    WholeLog,
    ToggleLayer(Layer),
    ToggleTiles,
    /// Open the detail of a step of the causal chain and light its places; the open one again closes it.
    Light(String),
    /// Follow the chain of this; `None` for the newest message.
    Follow(Option<Subject>),
    /// A thing on the map.
    Pick(Option<Pick>),
    /// Only the blocks of this link.
    BlocksOf(Option<String>),
    /// The service whose steps are shown.
    Service(ServiceId),
    /// Only messages that were faked or dropped.
    BadMessages(bool),
    FitMap,
    ToggleFollow,
    ToggleCompare,
    /// A step of the story, from 0; `None` ends it.
    Story(Option<usize>),
    Save(Export),
    SaveSeries {
        json: bool,
    },
    SaveMap,
    RestartWorker,
    Reload,
    /// What is picked, open or told is left.
    Leave,
    /// Something to say for a few seconds.
    Say(AttrValue),
    DismissNote,
}

/// A change to the scenario on the map.
#[derive(Clone, Debug, PartialEq)]
pub enum EditAction {
    /// Begin or end editing.
    Toggle,
    /// What the next click on the map places.
    Tool(Tool),
    /// A click on the map.
    At(GeoPoint),
    /// A handle was dragged here.
    Move(String, GeoPoint),
    /// A thing goes.
    Remove(String),
    /// The route that is being drawn is done.
    Finish,
}

/// What a click on the map places.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tool {
    /// Nothing: handles are dragged.
    #[default]
    Move,
    Terminal,
    Rsu,
    Car,
    Attacker,
    /// The way of the car, point by point.
    Route,
    /// Another car's way.
    Traffic,
    /// A pedestrian's way.
    Walker,
}

impl Tool {
    /// It draws a way, point by point.
    pub fn draws(self) -> bool {
        matches!(self, Self::Route | Self::Traffic | Self::Walker)
    }
}

/// A thing on the map that has an inspector.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Pick {
    Link(u32),
    Terminal(u32),
    Rsu(u32),
    Camera(u32),
    Attacker,
    Gateway,
    Car,
    User(u32),
}

/// A sheet over the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialog {
    Shortcuts,
    About,
    Export,
}

/// A panel.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tab {
    #[default]
    Keys,
    Light,
    Distil,
    Managers,
    Control,
    Trust,
    Messages,
    Street,
    Lab,
    Papers,
    Tests,
    Log,
}

/// A layer of the map that can be switched off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layer {
    Links,
    Rsus,
    Cameras,
    Planned,
    Driven,
    Messages,
    Objects,
    Users,
}

impl Layer {
    pub const ALL: [Self; 8] = [
        Self::Links,
        Self::Rsus,
        Self::Cameras,
        Self::Planned,
        Self::Driven,
        Self::Messages,
        Self::Objects,
        Self::Users,
    ];
}

/// Which layers are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Layers(u16);

impl Default for Layers {
    fn default() -> Self {
        Self((1 << Layer::ALL.len()) - 1)
    }
}

impl Layers {
    pub fn has(self, layer: Layer) -> bool {
        self.0 & (1 << layer as u16) != 0
    }

    pub fn toggled(self, layer: Layer) -> Self {
        Self(self.0 ^ (1 << layer as u16))
    }

    /// As a number for a link.
    pub fn bits(self) -> u16 {
        self.0
    }

    /// From a number of a link; layers that are not known are passed over.
    pub fn from_bits(bits: u16) -> Self {
        Self(bits & Self::default().0)
    }
}

/// Asks for something where an event amounts to it.
pub fn maybe<E: 'static>(
    act: &yew::Callback<Action>,
    wanted: impl Fn(E) -> Option<Action> + 'static,
) -> yew::Callback<E> {
    let act = act.clone();
    yew::Callback::from(move |event| {
        if let Some(action) = wanted(event) {
            act.emit(action);
        }
    })
}
