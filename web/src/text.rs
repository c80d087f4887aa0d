//! What the page says, in English, in one place. Plain words; a term of art comes with its one line of explanation.

pub const LEDE: &str =
    "Keys made from single photons between rooftops decide whether the car believes a message.";
pub const SCHEMATIC_SHORT: &str = "Schematic map";
pub const SCHEMATIC: &str = "Schematic map. The rooftop mesh is our own extension of the papers.";

pub const UNPROTECTED: &str = "Unprotected";
pub const PROTECTED: &str = "Protected";
pub const NO_ATTACK: &str = "No attack";
pub const FAKED: &str = "Faked CPMs";
pub const PROTECTION_TIP: &str =
    "Protected: the car believes a message only with a valid tag made from a quantum key. Restarts the run.";
pub const ATTACK_TIP: &str = "A compromised road-side unit sends collective perception messages (CPMs) that show \
     obstacles which are not there. Restarts the run.";

pub const NO_HELLO: &str = "The simulation did not start: its worker gave no answer within 10 seconds.";
pub const NO_ANSWER: &str = "The simulation has stopped: its worker gave no answer for 10 seconds.";
pub const OTHER_BUILD: &str =
    "The page and its worker come from different builds. Reload the page without its cache (Ctrl+Shift+R).";
pub const BAD_MAP: &str = "The map could not be drawn: ";
pub const TESTS_STOPPED: &str = "The four tests stopped: their worker gave no answer.";
pub const LINK_VERSION: &str = "This link is of another version; the page starts with its own settings.";
pub const LINK_COPIED: &str = "Link copied: scenario, seed, switches, moment and view.";
pub const LINK_BROKEN: &str = "Part of this link was passed over: ";
pub const NOT_FOUND: &str = "No such event to the end of the run.";
pub const CHART_SAVED: &str = "Chart saved as a picture.";
pub const NONE_BEFORE: &str = "No such event before now.";
pub const NOT_SAVED: &str = "The browser would not save the file.";
pub const NO_BUILDING: &str = "There is no building here to put a rooftop on.";
pub const NO_ROOF: &str = "A road-side unit needs a rooftop besides the gateway's: place one first.";
pub const NO_TILES: &str = "OpenStreetMap cannot be reached: the schematic map stays.";
pub const TILES_TIP: &str =
    "Loads map tiles from openstreetmap.org: your address is seen there. Off unless you choose it.";
pub const EDIT_HELP: &str = "Drag a handle to move it; with the focus on it, arrow keys move it (Shift: farther) and Delete takes it away. Each change is checked and the run begins anew; Undo takes it back.";
pub const JOIN_LOG_TIP: &str = "Joins as the testbed logs them (Fowler et al. 2023, Listing 2)";

/// The worker died and another goes on.
pub fn restarted_at(t_s: f64) -> String {
    format!("The simulation stopped and was started again. It goes on at {}.", crate::format::clock(t_s))
}

/// A jump under way.
pub fn going(at_s: f64, to_s: f64) -> String {
    use crate::format::clock_short;
    format!("Simulating {} of {}…", clock_short(at_s), clock_short(to_s))
}

/// The rival is not yet where the page is.
pub fn catching_up(at_s: f64) -> String {
    format!("The other drive catches up: {}…", crate::format::clock_short(at_s))
}

/// A search under way.
pub fn searching(t_s: f64) -> String {
    format!("Looking… {}", crate::format::clock_short(t_s))
}
pub const LINK_IN_BAR: &str = "The link stands in the address bar.";

/// What happens at a restart by one of the two big switches.
pub fn restarted(protected: bool, attack: bool) -> String {
    let a = if protected { PROTECTED } else { UNPROTECTED };
    let b = if attack { "faked CPMs" } else { "no attack" };
    format!("{a}, {b}: from 00:00.0 again with the same seed.")
}

/// Name and one-line explanation of a step of the causal chain.
pub fn chain_step(kind: &str) -> (&'static str, &'static str) {
    match kind {
        "block" => {
            ("photon block", "Single photons sent from one rooftop to another, and how many were detected")
        }
        "sifted" => ("sifted", "Detections kept because sender and receiver happened to use the same basis"),
        "secret" => ("secret", "Bits that no eavesdropper can know, after error correction and shortening"),
        "key" => ("key", "Secret bits taken out of a link's pool under a name of their own (key_ID)"),
        "relay" => {
            ("relay", "The key goes on over trusted rooftops, each hop encrypted with that link's own key")
        }
        "session" => ("session", "Members of the device private network share a key for one epoch"),
        "tag" => ("tag", "A message carries a tag that only a member with the epoch's key can make"),
        "verdict" => ("verdict", "What the car makes of the newest message"),
        "car" => ("car", "What the car does about its way"),
        _ => ("step", ""),
    }
}

/// Name and one-line explanation of a floor of the log.
pub const FLOORS: [(&str, &str); 8] = [
    ("link", "Light"),
    ("distill", "Distilling"),
    ("kmm", "Key managers"),
    ("sdn", "Routing of keys"),
    ("zap", "Trust"),
    ("its", "Messages"),
    ("road", "Street"),
    ("sim", "Run"),
];

/// Over a log line that opens.
pub const LISTING_TIP: &str = "Open it as the system's own log has it, after Listings 1 and 2 of Fowler et al. 2023. \
    Their messages are Protocol Buffers, these are CPMs in UPER: lengths and bytes differ. The log waits while it is open.";

/// Explanations of column heads.
pub const QBER_TIP: &str =
    "Quantum bit error rate: share of wrong bits. An eavesdropper cannot help raising it";
pub const LOSS_TIP: &str = "Light lost between the telescopes, in decibels; the detector is not counted";
pub const CLICKS_TIP: &str = "Photons detected a second";
pub const RATE_TIP: &str = "Secret bits made a second while the link sends";
pub const RESERVE_TIP: &str = "The tick marks the reserve: data cannot touch it, the link's own upkeep can";
pub const DPN_TIP: &str = "Device private network: the devices that share the current epoch's key";
pub const EPOCH_TIP: &str = "A key is valid for one epoch; then all members get a new one";
pub const CPM_TIP: &str = "Collective perception message: what a road-side unit's camera sees, sent by radio";

/// Shortcuts: keys and what they do.
pub const SHORTCUTS: [(&str, &str); 18] = [
    ("Space", "play or pause"),
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
