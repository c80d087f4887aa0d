//! Sun and weather, wherever they are told.

use std::fmt::Display;

pub const TIP: &str = "Sun and weather over the roofs; press to change them in the laboratory";

pub const FOG: &str = "fog";
pub const NO_RAIN: &str = "dry";

/// What a visibility is called (international visibility code, shortened).
pub fn sight(km: f64) -> &'static str {
    match km {
        k if k < 0.2 => "dense fog",
        k if k < 1.0 => FOG,
        k if k < 4.0 => "mist",
        k if k < 10.0 => "haze",
        k if k < 23.0 => "clear",
        _ => "very clear",
    }
}

/// What a rain is called (World Meteorological Organization: to 2.5, 10, 50 mm/h).
pub fn rain(mm_h: f64) -> &'static str {
    match mm_h {
        r if r <= 0.0 => NO_RAIN,
        r if r <= 2.5 => "light rain",
        r if r <= 10.0 => "rain",
        r if r <= 50.0 => "heavy rain",
        _ => "violent rain",
    }
}

/// The part of the day, by the sun's elevation in degrees (the edges of civil and astronomical twilight).
pub fn sun(elevation_deg: f64) -> &'static str {
    match elevation_deg {
        e if e >= 6.0 => "day",
        e if e >= -0.833 => "low sun",
        e if e >= -6.0 => "dusk or dawn",
        e if e >= -18.0 => "twilight",
        _ => "night",
    }
}

/// Where the sun stands: `sun 61° high`, `sun 14° down`.
pub fn sun_at(elevation_deg: f64) -> String {
    let side = if elevation_deg < 0.0 { "down" } else { "high" };
    format!("sun {:.0}° {side}", elevation_deg.abs())
}

/// Snow in figures.
pub fn snow(mm_h: f64) -> String {
    format!("snow {mm_h:.1} mm/h")
}

/// Gusts in figures.
pub fn gusts(speed: impl Display) -> String {
    format!("gusts {speed}")
}
