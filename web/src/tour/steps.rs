//! The steps of the story.

use crate::action::Tab;
use crate::text::story::{self, Words};
use keyway_core::sim::snapshot::Knobs;

/// One step.
pub struct StoryStep {
    /// What it says.
    pub words: Words,
    /// The switches.
    pub protected: bool,
    pub attack: bool,
    /// Kilometres.
    pub visibility_km: f64,
    /// Share of the photons of the first link that are listened to.
    pub eve_fraction: f64,
    /// It starts at this time of the run, seconds.
    pub at_s: f64,
    /// And plays at this speed.
    pub speed: f64,
    /// The panel that is open.
    pub tab: Tab,
    /// The step of the causal chain that is lit.
    pub lit: Option<&'static str>,
    /// The map follows the car.
    pub follow: bool,
}

impl StoryStep {
    /// Its switches.
    pub fn knobs(&self) -> Knobs {
        Knobs {
            protected: self.protected,
            attack: self.attack,
            visibility_km: self.visibility_km,
            eve_fraction: self.eve_fraction,
            ..Knobs::default()
        }
    }
}

/// What a step has unless it says otherwise.
const CALM: StoryStep = StoryStep {
    words: story::PROBLEM,
    protected: true,
    attack: false,
    visibility_km: 20.0,
    eve_fraction: 0.0,
    at_s: 0.0,
    speed: 5.0,
    tab: Tab::Keys,
    lit: None,
    follow: false,
};

/// The story.
pub const STEPS: [StoryStep; 9] = [
    StoryStep {
        words: story::PROBLEM,
        protected: false,
        attack: true,
        at_s: 176.0,
        tab: Tab::Street,
        follow: true,
        ..CALM
    },
    StoryStep { words: story::PHOTON, at_s: 4.5, speed: 0.5, tab: Tab::Light, lit: Some("block"), ..CALM },
    StoryStep { words: story::KEY, at_s: 12.0, speed: 2.0, tab: Tab::Distil, lit: Some("secret"), ..CALM },
    StoryStep { words: story::POOL, at_s: 40.0, speed: 1.0, tab: Tab::Managers, lit: Some("relay"), ..CALM },
    StoryStep {
        words: story::IDENTITY,
        at_s: 0.0,
        speed: 0.5,
        tab: Tab::Trust,
        lit: Some("session"),
        ..CALM
    },
    StoryStep {
        words: story::MESSAGE,
        at_s: 60.0,
        speed: 1.0,
        tab: Tab::Messages,
        lit: Some("tag"),
        follow: true,
        ..CALM
    },
    StoryStep {
        words: story::ATTACK,
        attack: true,
        at_s: 184.0,
        speed: 2.0,
        tab: Tab::Messages,
        lit: Some("verdict"),
        follow: true,
        ..CALM
    },
    StoryStep {
        words: story::DEFENCE,
        attack: true,
        at_s: 196.0,
        speed: 5.0,
        tab: Tab::Street,
        lit: Some("car"),
        ..CALM
    },
    StoryStep {
        words: story::FOG,
        attack: true,
        visibility_km: 0.1,
        at_s: 20.0,
        speed: 5.0,
        tab: Tab::Keys,
        lit: Some("block"),
        ..CALM
    },
];
