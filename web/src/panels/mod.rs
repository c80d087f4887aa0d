//! The panels, one file each. They show an instant and compute nothing but words.

mod four_tests;
mod keys;
mod lab;
mod light;
mod log;
mod spark;
mod trust;

pub use four_tests::FourTests;
pub use keys::Keys;
pub use lab::Laboratory;
pub use light::{Light, link_words};
pub use log::Log;
pub use trust::Trust;

use crate::shared::Shared;
use keyway_core::sim::snapshot::{Scene, Snapshot};
use yew::Properties;

/// Properties of a panel that shows an instant.
#[derive(PartialEq, Properties)]
pub struct ShotProps {
    /// What does not move.
    pub scene: Option<Shared<Scene>>,
    /// This instant.
    pub shot: Shared<Snapshot>,
}
