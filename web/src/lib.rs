//! Keyway's page. It shows what the simulation says and computes nothing of it: the simulation runs in a worker of
//! its own ([`worker`]), the page ([`App`]) asks it for one instant after the other and draws each.
//!
//! ```text
//! ../page          the page's program                   ../worker    the simulation's own thread
//! worker/         what the two say to each other       app/         the page's state and its clock
//! map/            Leaflet layers, one file a layer     panels/      one file a panel
//! bars/           top bar, causal chain, time bar      tour/        the story, step by step
//! charts/         time series, the one user of uPlot   inspector.rs what is picked on the map
//! text/           all that the page says                document.rs share.rs theme.rs shortcuts.rs focus.rs format.rs files.rs
//! ```

mod action;
mod app;
mod bars;
mod charts;
mod dialogs;
mod document;
mod files;
mod focus;
mod format;
mod inspector;
mod map;
mod panels;
mod share;
mod shared;
mod shortcuts;
mod text;
mod theme;
mod tour;
pub mod worker;

pub use app::App;

/// Puts the page where `index.html` has a place for it.
pub fn begin() {
    let place = gloo::utils::document().get_element_by_id("app");
    yew::Renderer::<App>::with_root(place.unwrap_or_else(|| gloo::utils::body().into())).render();
}
