//! The panel of the key pools.

use std::fmt::Display;

pub const TAB: &str = "Keys";
pub const TIP: &str = "Key pools: how full, how fast they fill and drain";

pub const EMPTY: &str = "empty";
pub const FULL: &str = "full";

/// A pool at its reserve.
pub fn reserve_only(percent: impl Display) -> String {
    format!("{percent}, reserve only")
}

/// A pool that runs out.
pub fn empty_in(span: impl Display) -> String {
    format!("empty in {span}")
}

/// How fast a pool fills and drains.
pub fn rates(filled: impl Display, drained: impl Display, unit: impl Display) -> String {
    format!("in {filled}, out {drained} {unit}")
}

/// A pool for those who do not see it.
pub fn pool(link: impl Display) -> String {
    format!("Key pool {link}")
}

/// What a pool holds, and what its tick is.
pub fn pool_tip(level: impl Display, capacity: impl Display) -> String {
    format!(
        "{level} of {capacity}. The tick marks the reserve: data cannot touch it, the link's own upkeep can."
    )
}

/// All pools together.
pub fn sum(secret: impl Display, handed_out: impl Display) -> String {
    format!("{secret} of secret key so far, {handed_out} keys handed out")
}
