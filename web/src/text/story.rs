//! The story.

pub const REGION: &str = "The story";
pub const END: &str = "End";
pub const END_TIP: &str = "End the story (Esc)";
pub const BACK: &str = "Back";
pub const REPLAY: &str = "Replay";
pub const REPLAY_TIP: &str = "This step again";
pub const NEXT: &str = "Next";
pub const FINISH: &str = "Finish";

/// What a step says.
pub struct Words {
    /// What it is about.
    pub title: &'static str,
    /// What to see: a few plain sentences.
    pub text: &'static str,
    /// What to look at, or to try.
    pub look: &'static str,
}

pub const PROBLEM: Words = Words {
    title: "The problem",
    text: "A car leaves the campus by its planned way. A compromised road-side unit in a car park says that the exit is blocked. Nothing protects the messages: the car believes it and goes round the one-way system again, for nothing.",
    look: "Watch the crossed squares near the exit: nothing is there.",
};

pub const PHOTON: Words = Words {
    title: "The photon",
    text: "On the roofs, telescopes send each other single photons. Each carries one bit in one of two bases. Who looks at one on its way must choose a basis, and so leaves errors.",
    look: "The violet beams: wider is faster. The panel says what is lost where.",
};

pub const KEY: Words = Words {
    title: "The key",
    text: "Most of what is detected is thrown away: other bases, checked bits, what was told to correct errors, and whatever an eavesdropper could know. What is left is secret, with a proof.",
    look: "The waterfall: from detections down to secret bits.",
};

pub const POOL: Words = Words {
    title: "The pool",
    text: "Keys fill a pool on each link. A key for a far roof is relayed: each roof passes it on under that link's own key, X xor Y. Every key is used once.",
    look: "Diamonds that run along the beams are keys on their way. Follow one step by step.",
};

pub const IDENTITY: Words = Words {
    title: "The identity",
    text: "Each device proves by its silicon who it is: no chip answers like another. Who is believed joins the private network and gets the key of its epoch, every few seconds a new one.",
    look: "The status screen: who asked, who joined, which quantum key an epoch rests on.",
};

pub const MESSAGE: Words = Words {
    title: "The message",
    text: "A road-side unit says what its camera sees. The message carries a tag of 128 bits that only a member with the epoch's key can make, and the car checks it.",
    look: "Choose a message: every field stands beside its bits.",
};

pub const ATTACK: Words = Words {
    title: "The attack",
    text: "The attacker sends the same faked messages as before, and even copies the form of an honest one. But it has no key.",
    look: "The chain below: no photon, no key, no session under this message.",
};

pub const DEFENCE: Words = Words {
    title: "The defence",
    text: "Each fake is dropped for want of a valid tag, and the car keeps its way. The four tests of the paper say the same in a table: only the unprotected car under attack is led astray.",
    look: "Run all four, or press Compare to see both drives side by side.",
};

pub const FOG: Words = Words {
    title: "The fog",
    text: "Fog swallows the light. No new keys come, the pools drain, and when they are empty the network stays silent rather than send what cannot be checked: it fails closed.",
    look: "Pools run from violet to amber to red. Then clear the air with the visibility slider in the laboratory.",
};
