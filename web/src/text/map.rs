//! The map: its legend, buttons, labels and tooltips.

use std::fmt::Display;

pub const LABEL: &str =
    "Map of the campus. The panels hold the same in figures. Arrow keys move it, + and − zoom.";
pub const WHOLE: &str = "Whole campus";
pub const WHOLE_TIP: &str = "The whole campus in view (c)";
pub const FOLLOW: &str = "Follow car";
pub const FOLLOW_TIP: &str = "Follow the car (f)";
pub const SCHEMATIC: &str = "Schematic map";
/// Under OpenStreetMap's tiles: the mark, and the words of its link.
pub const COPYRIGHT: &str = "© ";
pub const OSM: &str = "OpenStreetMap contributors";

pub const LEGEND: &str = "Legend";
pub const LEDE: &str =
    "Keys made from single photons between rooftops decide whether the car believes a message.";
pub const SWITCH_TIP: &str = "Show or hide";
pub const LINKS: &str = "quantum link; wider: faster";
pub const RSUS: &str = "road-side unit and its range";
pub const CAMERAS: &str = "camera's view";
pub const PLANNED: &str = "planned way";
pub const DRIVEN: &str = "driven; diverted in red";
pub const MESSAGES: &str = "message on the air";
pub const FAKED_MESSAGE: &str = "faked message";
pub const OBJECTS: &str = "faked object, dropped";
pub const USERS: &str = "other road users";
pub const STANDBY: &str = "standing by, enough keys";
pub const ROOF_SIGN: &str = "rooftop, a trusted node";
pub const KEY_SIGN: &str = "key that is relayed";
pub const GATEWAY_SIGN: &str = "gateway of the network";
pub const MASK_SIGN: &str = "compromised RSU, masked";
pub const CAR_SIGN: &str = "the car; red halo: fooled";
pub const FAKED_BELIEVED: &str = "faked object, believed";
pub const SEEN: &str = "object truly seen";
pub const DOWN: &str = "no light, or blocks dropped";
pub const ACQUIRING: &str = "looking for its beam";
pub const STOWED: &str = "put away from the weather";
pub const SOURCE_HELD: &str = "source held";
pub const TILES: &str = "OpenStreetMap (online)";
pub const TILES_TIP: &str =
    "Loads map tiles from openstreetmap.org: your address is seen there. Off unless you choose it.";
pub const NO_TILES: &str = "OpenStreetMap cannot be reached: the schematic map stays.";

/// Labels and tooltips of what stands on it.
pub const EAVESDROPPED: &str = "eavesdropped";
pub const PLANNED_TIP: &str = "Planned way";
pub const GATEWAY_TIP: &str = "hands epoch keys to the devices";
pub const NO_MEMBER: &str = "not in the private network";
pub const ATTACKER: &str = "compromised RSU";
pub const ATTACKER_SENDS: &str = "is sending faked CPMs now";
pub const ATTACKER_WAITS: &str = "waits for the car";
pub const ATTACKER_QUIET: &str = "keeps quiet: the attack is off";

/// The label beside the car.
pub const BELIEVED: &str = "believed: nothing asks it for a tag";
pub const DROPPED: &str = "dropped: no valid tag";

/// The label at the pointer.
pub const CAR: &str = "The car";
pub const FAKED_OBJECT: &str = "Faked object: nothing is there";
pub const OBJECT: &str = "Object in a message";
pub const OBJECT_BELIEVED: &str = "the car believes it";
pub const OBJECT_DROPPED: &str = "the car dropped the message";

/// Why it cannot be drawn.
pub const NO_CANVAS: &str = "this browser gives no canvas to draw on";
pub const NO_ELEMENT: &str = "this browser gives no element to write on";

/// It cannot be drawn.
pub fn bad(why: impl Display) -> String {
    format!("The map could not be drawn: {why}")
}

/// A rooftop for those who do not see it.
pub fn rooftop(name: impl Display) -> String {
    format!("Rooftop {name}")
}

/// A quantum link for those who do not see it.
pub fn link(name: impl Display) -> String {
    format!("Quantum link {name}")
}

/// What the links of a rooftop do.
pub fn roof_tip(sending: usize, links: usize, rate: impl Display) -> String {
    let word = if links == 1 { "link" } else { "links" };
    format!("{sending} of {links} {word} sending, {rate}")
}

/// A link's state.
pub fn link_tip(state: impl Display, rate: impl Display, errors: impl Display, loss: impl Display) -> String {
    format!("{state}: {rate}, errors {errors}, loss now and in the mean {loss}")
}

/// A road-side unit that is in the network.
pub fn member(epoch: u32) -> String {
    format!("in the private network, epoch {epoch}")
}

/// A road-side unit's state.
pub fn rsu_tip(member: impl Display, sent: u32, range_m: f64) -> String {
    format!("{member}; {sent} CPMs sent; range {range_m:.0} m")
}

/// A camera.
pub fn camera(id: impl Display) -> String {
    format!("Camera {id}")
}

/// What a camera sees.
pub fn camera_tip(range_m: f64, fov_deg: f64) -> String {
    format!("sees {range_m:.0} m, {fov_deg:.0}° wide")
}

/// A faked message at the car.
pub fn fake(id: impl Display) -> String {
    format!("CPM {id} “way blocked”")
}

/// Why a faked message was dropped.
pub fn dropped_in(epoch: u32) -> String {
    format!("dropped: no valid tag for epoch {epoch}")
}

/// Under the map as a picture.
pub fn caption(
    scenario: impl Display,
    seed: u64,
    clock: impl Display,
    protected: bool,
    attack: bool,
) -> String {
    let on = |x| if x { "on" } else { "off" };
    format!(
        "Keyway {}. {scenario}, seed {seed}, {clock}. Protection {}, faked CPMs {}.",
        env!("CARGO_PKG_VERSION"),
        on(protected),
        on(attack)
    )
}
