//! What a visitor can do. Every button, key and slider says one of these.

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
    SetProtected(bool),
    SetAttack(bool),
    ToggleProtected,
    ToggleAttack,
    VisibilityKm(f64),
    EveFraction(f64),
    EveLink(u32),
    Seed(u64),
    NewSeed,
    OpenFile(web_sys::File),
    BuiltIn,
    RunTests,
    NextTheme,
    Share,
    Open(Dialog),
    CloseDialog,
    Tab(Tab),
    /// Show only this floor in the log.
    Floor(Option<&'static str>),
    OnlyBad(bool),
    ToggleLayer(Layer),
    /// Light the places of a step of the causal chain, and open its panel.
    Light(String),
    FitMap,
    ToggleFollow,
    RestartWorker,
    DismissNote,
}

/// A sheet over the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialog {
    Shortcuts,
    About,
}

/// A panel.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tab {
    #[default]
    Keys,
    Light,
    Trust,
    Lab,
    Tests,
    Log,
}

impl Tab {
    /// In the order of the tab bar. The last two have tabs only in the narrow layout; else they are always there.
    pub const ALL: [Self; 6] = [Self::Keys, Self::Light, Self::Trust, Self::Lab, Self::Tests, Self::Log];

    pub fn word(self) -> &'static str {
        match self {
            Self::Keys => "Keys",
            Self::Light => "Light",
            Self::Trust => "Trust",
            Self::Lab => "Laboratory",
            Self::Tests => "Four tests",
            Self::Log => "Log",
        }
    }

    pub fn id(self) -> &'static str {
        match self {
            Self::Keys => "keys",
            Self::Light => "light",
            Self::Trust => "trust",
            Self::Lab => "lab",
            Self::Tests => "tests",
            Self::Log => "log",
        }
    }
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
        Self(u16::MAX)
    }
}

impl Layers {
    pub fn has(self, layer: Layer) -> bool {
        self.0 & (1 << layer as u16) != 0
    }

    pub fn toggled(self, layer: Layer) -> Self {
        Self(self.0 ^ (1 << layer as u16))
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
