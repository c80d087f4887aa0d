//! OpenStreetMap under the drawing, by the visitor's choice only: nothing is asked of anyone before.

use crate::action::Action;
use crate::text;
use leaflet::{Evented, EventedHandle, Layer, Map, TileLayer, TileLayerOptions};
use wasm_bindgen::JsCast;
use yew::Callback;

/// Where tiles come from.
const ADDRESS: &str = "https://tile.openstreetmap.org/{z}/{x}/{y}.png";

/// The tiles.
pub struct Tiles {
    layer: TileLayer,
    _failed: EventedHandle<leaflet::Event>,
}

impl Tiles {
    pub fn new(map: &Map, act: &Callback<Action>) -> Self {
        let options = TileLayerOptions::default();
        options.set_max_zoom(20.0);
        // The tile server asks for it (its usage policy).
        options.set_referrer_policy("strict-origin-when-cross-origin".into());
        js_sys::Reflect::set(&options, &"maxNativeZoom".into(), &19.into()).ok();
        let layer = TileLayer::new_options(ADDRESS, &options);
        let act = act.clone();
        let mut told = false;
        let failed = Evented::on_leaflet_event(
            layer.unchecked_ref::<Layer>(),
            "tileerror",
            move |_: leaflet::Event| {
                if !std::mem::replace(&mut told, true) {
                    act.emit(Action::Say(text::map::NO_TILES.into()));
                    act.emit(Action::ToggleTiles);
                }
            },
        );
        layer.unchecked_ref::<Layer>().add_to(map);
        Self { layer, _failed: failed }
    }
}

impl Drop for Tiles {
    fn drop(&mut self) {
        self.layer.unchecked_ref::<Layer>().remove();
    }
}
