//! The editor's handles on the map: things of the scenario that are dragged, and the way that is being drawn.

use super::leaf::{Surface, at, points};
use crate::action::{Action, EditAction};
use crate::text;
use js_sys::Reflect;
use keyway_core::ground::GeoPoint;
use leaflet::{
    DivIconOptions, Evented, EventedHandle, LayerGroup, Map, Marker, MarkerOptions, MouseEvent, Point,
};
use wasm_bindgen::prelude::*;
use yew::Callback;

/// Something that can be dragged.
#[derive(Clone, Debug, PartialEq)]
pub struct Handle {
    /// Its place in the scenario's JSON (RFC 6901).
    pub pointer: String,
    /// Class of its sign.
    pub class: &'static str,
    pub name: String,
    pub at: GeoPoint,
    /// It can be taken away.
    pub removable: bool,
}

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = L, js_name = divIcon)]
    fn div_icon(options: &DivIconOptions) -> leaflet::Icon;
    type OpenMarker;
    #[wasm_bindgen(method, js_name = bindTooltip)]
    fn bind_tooltip(this: &OpenMarker, text: &web_sys::HtmlElement) -> JsValue;
}

/// The handles that stand on the map.
pub struct Handles {
    surface: Surface,
    listeners: Vec<EventedHandle<leaflet::Event>>,
    _clicks: EventedHandle<MouseEvent>,
}

impl Handles {
    pub fn new(map: &Map, act: &Callback<Action>) -> Self {
        let surface = Surface::new(map, "handles", 640);
        let act = act.clone();
        let clicks = Evented::on_leaflet_event(&map, "click", move |e: MouseEvent| {
            let p = e.lat_lng();
            act.emit(Action::Edit(EditAction::At(GeoPoint { lon: p.lng(), lat: p.lat() })));
        });
        Self { surface, listeners: Vec::new(), _clicks: clicks }
    }

    /// Shows these handles, and this way under way.
    pub fn show(&mut self, all: &[Handle], route: &[GeoPoint], act: &Callback<Action>) {
        self.listeners.clear();
        let group: &LayerGroup = &self.surface.group;
        group.clear_layers();
        for handle in all {
            self.add(handle, act);
        }
        if !route.is_empty() {
            let line = self.surface.line(route, "route-draft", false);
            line.set_lat_lngs(&points(route));
            let last = route[route.len() - 1];
            self.surface.sign(last, "h-via", "<i></i>", "", "");
        }
    }

    fn add(&mut self, handle: &Handle, act: &Callback<Action>) {
        let icon = DivIconOptions::new();
        icon.set_class_name(format!("handle {}", handle.class));
        icon.set_icon_size(Point::new(26.0, 26.0));
        let options = MarkerOptions::new();
        options.set_icon(div_icon(&icon));
        options.set_draggable(true);
        options.set_auto_pan(true);
        options.set_alt(text::edit::handle(&handle.name, handle.removable));
        // The bindings leave the option out.
        Reflect::set(&options, &"pane".into(), &"handles".into()).ok();
        let marker = Marker::new_with_options(&at(handle.at), &options);
        if let Ok(tip) = gloo::utils::document().create_element("span") {
            tip.set_text_content(Some(&text::edit::handle_tip(&handle.name, handle.removable)));
            marker.unchecked_ref::<OpenMarker>().bind_tooltip(tip.unchecked_ref());
        }
        marker.add_to_layer_group(&self.surface.group);
        let moved = {
            let (act, pointer, marker) = (act.clone(), handle.pointer.clone(), marker.clone());
            Evented::on_leaflet_event(&marker.clone(), "dragend", move |_: leaflet::Event| {
                let p = marker.get_lat_lng();
                let to = GeoPoint { lon: p.lng(), lat: p.lat() };
                act.emit(Action::Edit(EditAction::Move(pointer.clone(), to)));
            })
        };
        self.listeners.push(moved);
        if handle.removable {
            let (act, pointer) = (act.clone(), handle.pointer.clone());
            let removed = Evented::on_leaflet_event(&marker, "keydown", move |e: leaflet::Event| {
                let key =
                    Reflect::get(&e, &"originalEvent".into()).and_then(|e| Reflect::get(&e, &"key".into()));
                let key = key.ok().and_then(|k| k.as_string());
                if matches!(key.as_deref(), Some("Delete" | "Backspace")) {
                    act.emit(Action::Edit(EditAction::Remove(pointer.clone())));
                }
            });
            self.listeners.push(removed);
        }
    }
}
