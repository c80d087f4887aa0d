//! What every layer needs of Leaflet: points, path options, panes, icons and tooltips made of elements (never of
//! markup: a scenario's names are only ever text).

use crate::action::{Action, Pick};
use js_sys::{Array, Reflect};
use keyway_core::ground::GeoPoint;
use leaflet::{
    DivIconOptions, Evented, EventedHandle, Icon, LatLng, Layer, LayerGroup, Map, Marker, MarkerOptions,
    MouseEvent, Path, Point, Polygon, Polyline, PolylineOptions, Svg, SvgOptions, Tooltip, TooltipOptions,
};
use wasm_bindgen::prelude::*;
use web_sys::Element;

#[wasm_bindgen]
extern "C" {
    /// The part of `L.Path` that the bindings leave out.
    type PathWithElement;
    #[wasm_bindgen(method, js_name = getElement)]
    fn get_element(this: &PathWithElement) -> Option<Element>;

    #[wasm_bindgen(thread_local_v2, js_namespace = L, js_name = Browser)]
    static BROWSER: JsValue;

    /// The part of `L.Map` that the bindings leave out.
    type MapWithRoom;
    #[wasm_bindgen(method, js_name = panInside)]
    fn pan_inside(this: &MapWithRoom, place: &LatLng, options: &js_sys::Object);

    /// The crate's own `DivIcon::new` makes an `L.Icon`, which wants a picture.
    #[wasm_bindgen(js_namespace = L, js_name = divIcon)]
    fn div_icon(options: &DivIconOptions) -> Icon;
}

/// The element that draws a path, once it is on the map.
pub fn element_of(path: &Path) -> Option<Element> {
    path.unchecked_ref::<PathWithElement>().get_element()
}

/// Has Leaflet place panes and signs by `translate`, as it does for a browser that knows no other: `translate3d` makes
/// each of them a layer of the compositor, and those of the panes are far larger than the screen.
pub fn place_flat() {
    // A plain object takes a property.
    BROWSER.with(|browser| Reflect::set(browser, &"ie3d".into(), &JsValue::TRUE).ok());
}

/// Moves the map by as little as brings a place into view, clear of its edges by the options' padding.
pub fn pan_inside(map: &Map, place: &LatLng, options: &js_sys::Object) {
    map.unchecked_ref::<MapWithRoom>().pan_inside(place, options);
}

/// A point as Leaflet takes it.
pub fn at(p: GeoPoint) -> LatLng {
    LatLng::new(p.lat, p.lon)
}

/// Points as Leaflet takes them.
pub fn points(line: &[GeoPoint]) -> Array {
    line.iter().map(|p| at(*p)).collect()
}

/// A pane with its own drawing surface: what is switched off and on again comes back in its place.
pub struct Surface {
    pub group: LayerGroup,
    pane: String,
    renderer: JsValue,
}

impl Surface {
    /// A surface on the map; a higher `z` lies above.
    pub fn new(map: &Map, name: &str, z: u32) -> Self {
        let pane = map.create_pane_by_name(name);
        // A pane is a plain element: setting a property on it cannot fail.
        let _ = pane.style().set_property("z-index", &z.to_string());
        let options = SvgOptions::default();
        Reflect::set(&options, &"pane".into(), &name.into()).ok();
        options.set_padding(0.6);
        let group = LayerGroup::new();
        group.unchecked_ref::<Layer>().add_to(map);
        Self { group, pane: name.into(), renderer: Svg::with_options(&options).into() }
    }

    fn options(&self, class: &str, touch: bool) -> PolylineOptions {
        let options = PolylineOptions::new();
        options.set_class_name(class.into());
        options.set_interactive(touch);
        options.set_renderer(self.renderer.clone());
        options.set_pane(self.pane.clone());
        options.set_smooth_factor(0.5);
        options
    }

    /// Adds a line; `touch` makes it answer the pointer.
    pub fn line(&self, line: &[GeoPoint], class: &str, touch: bool) -> Polyline {
        let path = Polyline::new_with_options(&points(line), &self.options(class, touch));
        path.add_to_layer_group(&self.group);
        path
    }

    /// Adds an outline.
    pub fn area(&self, outline: &[GeoPoint], class: &str, touch: bool) -> Polygon {
        let path = Polygon::new_with_options(&points(outline), &self.options(class, touch));
        path.add_to_layer_group(&self.group);
        path
    }

    /// Adds a sign: a fixed drawing with a text beside it. It takes the focus where it has a tooltip.
    pub fn sign(
        &self,
        place: GeoPoint,
        class: &str,
        drawing: &'static str,
        label: &str,
        alt: &str,
    ) -> Marker {
        let icon = DivIconOptions::new();
        icon.set_class_name(format!("sign {class}"));
        icon.set_icon_size(Point::new(24.0, 24.0));
        if let Some(inside) = sign_element(drawing, label, alt) {
            // The option takes an element as well; the bindings know only text.
            Reflect::set(&icon, &"html".into(), &inside).ok();
        }
        let options = MarkerOptions::new();
        options.set_icon(div_icon(&icon));
        options.set_alt(alt.into());
        options.set_keyboard(!alt.is_empty());
        options.set_interactive(!alt.is_empty());
        let marker = Marker::new_with_options(&at(place), &options);
        marker.add_to_layer_group(&self.group);
        marker
    }
}

fn sign_element(drawing: &'static str, label: &str, alt: &str) -> Option<Element> {
    let document = gloo::utils::document();
    let inside = document.create_element("div").ok()?;
    // `'static`: a drawing of ours, never a scenario's text.
    inside.set_inner_html(drawing);
    // What shows no text has one for those who do not see it.
    let (text, class) = if label.is_empty() { (alt, "sr") } else { (label, "") };
    if !text.is_empty() {
        let said = text;
        let text = document.create_element("span").ok()?;
        text.set_class_name(class);
        text.set_text_content(Some(said));
        inside.append_child(&text).ok()?;
    }
    Some(inside)
}

/// A tooltip whose text can be changed as the run goes on.
pub struct Tip {
    said: Element,
}

impl Tip {
    /// Binds a tooltip to a layer.
    pub fn bind(layer: &Layer, name: &str, said: &str, sticky: bool) -> Option<Self> {
        let document = gloo::utils::document();
        let (inside, bold, rest) =
            (document.create_element("div"), document.create_element("b"), document.create_element("span"));
        let (inside, bold, rest) = (inside.ok()?, bold.ok()?, rest.ok()?);
        bold.set_text_content(Some(name));
        rest.set_text_content(Some(said));
        inside.append_child(&bold).ok()?;
        inside.append_child(&rest).ok()?;
        let options = TooltipOptions::new();
        options.set_sticky(sticky);
        options.set_opacity(1.0);
        options.set_direction("auto".into());
        let tooltip = Tooltip::new(&options, None);
        tooltip.set_content(&inside);
        layer.bind_tooltip(&tooltip);
        Some(Self { said: rest })
    }

    /// Changes the line under the name.
    pub fn say(&self, said: &str) {
        if self.said.text_content().as_deref() != Some(said) {
            self.said.set_text_content(Some(said));
        }
    }
}

/// What listens for a pick.
pub type Picked = (EventedHandle<MouseEvent>, EventedHandle<leaflet::Event>);

/// A layer that is picked by a click, or by Enter or Space where it has the focus.
pub fn picked(layer: &Layer, act: &yew::Callback<Action>, pick: Pick) -> Picked {
    let (clicks, keys) = (act.clone(), act.clone());
    let chosen = pick.clone();
    let clicked = move |_: MouseEvent| clicks.emit(Action::Pick(Some(chosen.clone())));
    let pressed = move |e: leaflet::Event| {
        let original = Reflect::get(&e, &"originalEvent".into()).ok();
        let event = original.and_then(|e| e.dyn_into::<web_sys::KeyboardEvent>().ok());
        if let Some(event) = event.filter(|e| matches!(e.key().as_str(), "Enter" | " ")) {
            event.prevent_default();
            event.stop_propagation();
            keys.emit(Action::Pick(Some(pick.clone())));
        }
    };
    (
        Evented::on_leaflet_event(&layer, "click", clicked),
        Evented::on_leaflet_event(&layer, "keydown", pressed),
    )
}

/// A drawn path by its name for those who do not see it; it takes the focus, and Enter picks it.
pub fn named_path(
    path: &Path,
    name: &str,
    act: &yew::Callback<Action>,
    pick: Pick,
) -> Option<gloo::events::EventListener> {
    let element = element_of(path)?;
    for (attribute, value) in [("tabindex", "0"), ("role", "button"), ("aria-label", name)] {
        // `set_attribute` fails only on an impossible name.
        let _ = element.set_attribute(attribute, value);
    }
    let act = act.clone();
    let options = gloo::events::EventListenerOptions::enable_prevent_default();
    Some(gloo::events::EventListener::new_with_options(&element, "keydown", options, move |e| {
        let key = e.dyn_ref::<web_sys::KeyboardEvent>();
        if let Some(event) = key.filter(|e| matches!(e.key().as_str(), "Enter" | " ")) {
            event.prevent_default();
            event.stop_propagation();
            act.emit(Action::Pick(Some(pick.clone())));
        }
    }))
}

/// Drawn paths are pointed at, not tabbed through: Leaflet's tooltips make browsers think otherwise.
pub fn out_of_tab_order(container: &web_sys::HtmlElement) {
    let Ok(paths) = container.query_selector_all("path.leaflet-interactive:not([role])") else { return };
    for i in 0..paths.length() {
        if let Some(path) = paths.get(i).and_then(|p| p.dyn_into::<Element>().ok()) {
            // `set_attribute` fails only on an impossible name.
            let _ = path.set_attribute("tabindex", "-1");
        }
    }
}

/// Puts a group on the map or takes it off.
pub fn show(map: &Map, group: &LayerGroup, on: bool) {
    let layer: &Layer = group.unchecked_ref();
    match (on, map.has_layer(layer)) {
        (true, false) => {
            layer.add_to(map);
        }
        (false, true) => {
            layer.remove();
        }
        _ => {}
    }
}
