//! What is between two roofs: the beam and what collects it, the air, its turbulence and its fading, the sky behind, and
//! how all of it follows from weather and hour.

pub mod air;
pub mod beam;
mod bessel;
pub mod cn2;
pub mod collection;
pub mod fading;
pub mod sky;
pub mod surroundings;
pub mod turbulence;
