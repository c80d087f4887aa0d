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
        let focused = gloo::utils::document().active_element().and_then(|e| e.get_attribute("data-pointer"));
        let group: &LayerGroup = &self.surface.group;
        group.clear_layers();
        for handle in all {
            self.add(handle, act);
        }
        if let Some(pointer) = focused {
            let again = all.iter().position(|h| h.pointer == pointer).or((!all.is_empty()).then_some(0));
            let name = again.map(|i| format!(".handle[data-pointer=\"{}\"]", all[i].pointer));
            let found = name.and_then(|n| gloo::utils::document().query_selector(&n).ok().flatten());
            if let Some(element) = found.and_then(|e| e.dyn_into::<web_sys::HtmlElement>().ok()) {
                // What cannot take the focus leaves it where it is.
                let _ = element.focus();
            }
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
        if let Some(icon) = super::links::icon_of(&marker) {
            // `set_attribute` fails only on an impossible name.
            let _ = icon.set_attribute("data-pointer", &handle.pointer);
        }
        let moved = {
            let (act, pointer, marker) = (act.clone(), handle.pointer.clone(), marker.clone());
            Evented::on_leaflet_event(&marker.clone(), "dragend", move |_: leaflet::Event| {
                let p = marker.get_lat_lng();
                let to = GeoPoint { lon: p.lng(), lat: p.lat() };
                act.emit(Action::Edit(EditAction::Move(pointer.clone(), to)));
            })
        };
        self.listeners.push(moved);
        let keyed = {
            let (act, handle) = (act.clone(), handle.clone());
            Evented::on_leaflet_event(&marker, "keydown", move |e: leaflet::Event| {
                let original = Reflect::get(&e, &"originalEvent".into()).ok();
                let Some(event) = original.and_then(|e| e.dyn_into::<web_sys::KeyboardEvent>().ok()) else {
                    return;
                };
                let step_m = if event.shift_key() { 20.0 } else { 2.0 };
                let by =
                    |x: f64, y: f64| Some(keyway_core::ground::Point { x_m: x * step_m, y_m: y * step_m });
                let by = match event.key().as_str() {
                    "ArrowUp" => by(0.0, 1.0),
                    "ArrowDown" => by(0.0, -1.0),
                    "ArrowRight" => by(1.0, 0.0),
                    "ArrowLeft" => by(-1.0, 0.0),
                    "Delete" | "Backspace" if handle.removable => {
                        act.emit(Action::Edit(EditAction::Remove(handle.pointer.clone())));
                        None
                    }
                    _ => return,
                };
                event.prevent_default();
                event.stop_propagation();
                if let Some(by) = by {
                    let to = keyway_core::ground::Plane::new(handle.at).geo_from_point(by);
                    act.emit(Action::Edit(EditAction::Move(handle.pointer.clone(), to)));
                }
            })
        };
        self.listeners.push(keyed);
    }
}
