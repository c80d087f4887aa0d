//! The steps of the story.

use crate::action::Tab;
use keyway_core::sim::snapshot::Knobs;

/// One step.
pub struct StoryStep {
    /// What it is about.
    pub title: &'static str,
    /// What to see: a few plain sentences.
    pub text: &'static str,
    /// What to look at, or to try.
    pub look: &'static str,
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

const CALM: StoryStep = StoryStep {
    title: "",
    text: "",
    look: "",
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
        title: "The problem",
        text: "A car leaves the campus by its planned way. A compromised road-side unit in a car park says that the exit is blocked. Nothing protects the messages: the car believes it and goes round the one-way system again, for nothing.",
        look: "Watch the crossed squares near the exit: nothing is there.",
        protected: false,
        attack: true,
        at_s: 176.0,
        tab: Tab::Street,
        follow: true,
        ..CALM
    },
    StoryStep {
        title: "The photon",
        text: "On the roofs, telescopes send each other single photons. Each carries one bit in one of two bases. Who looks at one on its way must choose a basis, and so leaves errors.",
        look: "The violet beams: wider is faster. The panel says what is lost where.",
        at_s: 2.0,
        speed: 2.0,
        tab: Tab::Light,
        lit: Some("block"),
        ..CALM
    },
    StoryStep {
        title: "The key",
        text: "Most of what is detected is thrown away: other bases, checked bits, what was told to correct errors, and whatever an eavesdropper could know. What is left is secret, with a proof.",
        look: "The waterfall: from detections down to secret bits.",
        at_s: 12.0,
        speed: 2.0,
        tab: Tab::Distil,
        lit: Some("secret"),
        ..CALM
    },
    StoryStep {
        title: "The pool",
        text: "Keys fill a pool on each link. A key for a far roof is relayed: each roof passes it on under that link's own key, X xor Y. Every key is used once.",
        look: "Diamonds that run along the beams are keys on their way. Follow one step by step.",
        at_s: 40.0,
        speed: 1.0,
        tab: Tab::Managers,
        lit: Some("relay"),
        ..CALM
    },
    StoryStep {
        title: "The identity",
        text: "Each device proves by its silicon who it is: no chip answers like another. Who is believed joins the private network and gets the key of its epoch, every few seconds a new one.",
        look: "The status screen: who asked, who joined, which quantum key an epoch rests on.",
        at_s: 0.0,
        speed: 0.5,
        tab: Tab::Trust,
        lit: Some("session"),
        ..CALM
    },
    StoryStep {
        title: "The message",
        text: "A road-side unit says what its camera sees. The message carries a tag of 128 bits that only a member with the epoch's key can make, and the car checks it.",
        look: "Choose a message: every field stands beside its bits.",
        at_s: 60.0,
        speed: 1.0,
        tab: Tab::Messages,
        lit: Some("tag"),
        follow: true,
        ..CALM
    },
    StoryStep {
        title: "The attack",
        text: "The attacker sends the same faked messages as before, and even copies the form of an honest one. But it has no key.",
        look: "The chain below: no photon, no key, no session under this message.",
        attack: true,
        at_s: 184.0,
        speed: 2.0,
        tab: Tab::Messages,
        lit: Some("verdict"),
        follow: true,
        ..CALM
    },
    StoryStep {
        title: "The defence",
        text: "Each fake is dropped for want of a valid tag, and the car keeps its way. The four tests of the paper say the same in a table: only the unprotected car under attack is led astray.",
        look: "Run all four, or press Compare to see both drives side by side.",
        attack: true,
        at_s: 196.0,
        speed: 5.0,
        tab: Tab::Street,
        lit: Some("car"),
        ..CALM
    },
    StoryStep {
        title: "The fog",
        text: "Fog swallows the light. No new keys come, the pools drain, and when they are empty the network stays silent rather than send what cannot be checked: it fails closed.",
        look: "Pools run from violet to amber to red. Then clear the air with the visibility slider in the laboratory.",
        attack: true,
        visibility_km: 0.1,
        at_s: 20.0,
        speed: 5.0,
        tab: Tab::Keys,
        lit: Some("block"),
        ..CALM
    },
];
