//! The sheets over the page: shortcuts, export, what this campus is.

pub const SHORTCUTS_HEAD: &str = "Keyboard";
pub const SINGLE_KEYS: &str = "Keys of one character";
pub const SINGLE_KEYS_NOTE: &str = "Letters, marks and the space bar act by themselves, never while you type. Switch them off if you dictate or press \
     keys by accident: this browser keeps the choice, and Esc, Home, the arrows and Ctrl with a letter stay.";
/// After what a key does.
pub const KEY_OFF: &str = " (switched off)";
pub const SPACE: &str = "Space";
/// Keys and what they do.
pub const SHORTCUTS: [(&str, &str); 18] = [
    (SPACE, "play or pause"),
    (". ,", "one step on, one back (0.5 s)"),
    ("→ ←", "10 s on, 10 s back"),
    ("] [", "faster, slower"),
    ("Home", "back to the start"),
    ("n b", "the next event of the chosen kind, the one before"),
    ("p", "protected or unprotected"),
    ("a", "faked CPMs or no attack"),
    ("t", "run the four tests"),
    ("c", "the whole campus in view"),
    ("f", "follow the car, or stop following"),
    ("v", "compare with and without protection"),
    ("s", "the story from its start"),
    ("e", "export"),
    ("Ctrl+Z", "undo a change of the scenario"),
    ("Ctrl+Shift+Z", "redo it"),
    ("?", "this sheet"),
    ("Esc", "close"),
];

pub const EXPORT: &str = "Export";
/// What can be saved, and what is in it.
pub const MAP: (&str, &str) = ("Map, PNG", "What the map shows now, with seed and moment in its caption");
pub const CSV: (&str, &str) = ("Series, CSV", "Every time series of the known run, twice a second");
pub const JSON: (&str, &str) = ("Series, JSON", "The same with names, floors and units");
pub const EVENTS: (&str, &str) =
    ("Events, JSON lines", "The event stream up to now: what the run's digest is made of");
pub const EVIDENCE: (&str, &str) =
    ("Evidence, JSON", "The chain below with every event that names a member of it");
pub const SCENARIO: (&str, &str) = ("Scenario, JSON", "Opens again here and in the terminal");
pub const EXPORT_NOTE: &str =
    "Each chart saves itself as a picture by its own button. No file holds a key's bits, only its key_ID.";

pub const ABOUT: &str = "About this campus";
pub const SCHEMATIC: &str = "Schematic map. The rooftop mesh is our own extension of the papers.";
pub const ROOFTOPS: &str = "Rooftops";
pub const LINKS: &str = "Quantum links";
pub const RSUS: &str = "Road-side units";
pub const CAMERAS: &str = "Cameras";
pub const PLANNED: &str = "Planned way";
pub const SEED: &str = "Seed";
