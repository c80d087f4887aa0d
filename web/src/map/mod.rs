//! The map: what stands still are Leaflet layers, one file a layer; what moves is drawn on a canvas of our own.
//!
//! Yew owns the element and this module the map in it; nobody else touches either. The page hands over instants and
//! asks for a drawing at each frame of the screen through a [`MapHandle`].

mod attacker;
mod basemap;
mod beams;
mod callout;
mod cameras;
mod car;
mod canvas;
mod glide;
mod handles;
mod hover;
mod leaf;
mod legend;
mod links;
mod lit;
mod movers;
mod palette;
mod picture;
mod rings;
mod routes;
mod rsus;
mod tiles;
mod view;

pub use handles::Handle;

use crate::action::{Action, Layers};
use crate::shared::Shared;
use crate::text;
use keyway_core::ground::GeoPoint;
use keyway_core::sim::chronicle::Spot;
use keyway_core::sim::snapshot::{Scene, Snapshot};
pub use legend::Counts;
use legend::Legend;
use std::cell::RefCell;
use std::rc::Rc;
use view::MapView;
use wasm_bindgen::prelude::*;
use web_sys::HtmlElement;
use yew::prelude::*;

/// The page's hold on the map.
#[derive(Clone, Default)]
pub struct MapHandle(Rc<RefCell<Inner>>);

#[derive(Default)]
struct Inner {
    element: Option<HtmlElement>,
    view: Option<MapView>,
    layers: Layers,
    last: Option<Shared<Snapshot>>,
    watch: Option<Watch>,
    act: Callback<Action>,
    tiles: bool,
    spots: Vec<Spot>,
    handles: Option<Vec<Handle>>,
    route: Vec<GeoPoint>,
    /// A place to go to as soon as there is a map.
    go: Option<(f64, f64, f64)>,
    /// The whole scene is to come into view once the element has its new size.
    fit: bool,
}

/// Watches the element's size and the system's colours.
struct Watch {
    observer: web_sys::ResizeObserver,
    _resized: Closure<dyn FnMut()>,
    _recoloured: Option<gloo::events::EventListener>,
}

impl Drop for Watch {
    fn drop(&mut self) {
        self.observer.disconnect();
    }
}

impl PartialEq for MapHandle {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

impl MapHandle {
    fn attach(&self, element: HtmlElement) {
        let resized = {
            let handle = self.clone();
            Closure::<dyn FnMut()>::new(move || handle.resized())
        };
        let observer = web_sys::ResizeObserver::new(resized.as_ref().unchecked_ref());
        let recoloured =
            gloo::utils::window().match_media("(prefers-color-scheme: dark)").ok().flatten().map(|m| {
                let handle = self.clone();
                gloo::events::EventListener::new(&m, "change", move |_| handle.restyle())
            });
        let mut inner = self.0.borrow_mut();
        if let Ok(observer) = observer {
            observer.observe(&element);
            inner.watch = Some(Watch { observer, _resized: resized, _recoloured: recoloured });
        }
        inner.element = Some(element);
    }

    fn detach(&self) {
        let mut inner = self.0.borrow_mut();
        (inner.view, inner.watch, inner.element) = (None, None, None);
    }

    fn with(&self, f: impl FnOnce(&mut MapView)) {
        // Leaflet may call back while we draw (a resize within a fit): that one is passed over.
        if let Ok(mut inner) = self.0.try_borrow_mut()
            && let Some(view) = &mut inner.view
        {
            f(view);
        }
    }

    /// Draws this scene from now on.
    pub fn set_scene(&self, scene: &Shared<Scene>) -> Result<(), String> {
        let mut inner = self.0.borrow_mut();
        if inner.view.as_ref().is_some_and(|v| v.scene() == scene) {
            return Ok(());
        }
        // The old map first: an element holds only one.
        let before = inner.view.take().map(|v| v.place());
        let Some(element) = inner.element.clone() else { return Ok(()) };
        let mut view = MapView::new(&element, scene.clone(), inner.layers, &inner.act)?;
        if let Some(place) = inner.go.take().or(before.filter(|p| view.holds(*p))) {
            view.go(place);
        }
        view.set_tiles(inner.tiles);
        view.light(&inner.spots);
        view.set_handles(inner.handles.as_deref(), &inner.route);
        if let Some(shot) = inner.last.clone() {
            view.take(shot);
        }
        inner.view = Some(view);
        Ok(())
    }

    /// An instant came.
    pub fn take(&self, shot: Shared<Snapshot>) {
        self.0.borrow_mut().last = Some(shot.clone());
        self.with(|v| v.take(shot));
    }

    /// The run was restarted or wound.
    pub fn jump(&self) {
        self.with(MapView::jump);
    }

    /// Shows these layers.
    pub fn set_layers(&self, layers: Layers) {
        self.0.borrow_mut().layers = layers;
        self.with(|v| v.set_layers(layers));
    }

    /// The colours have changed.
    pub fn restyle(&self) {
        self.with(MapView::restyle);
    }

    /// Where a visitor's clicks on it go.
    pub fn on_act(&self, act: Callback<Action>) {
        self.0.borrow_mut().act = act;
    }

    /// OpenStreetMap under everything, or not.
    pub fn set_tiles(&self, on: bool) {
        self.0.borrow_mut().tiles = on;
        self.with(|v| v.set_tiles(on));
    }

    /// Lights these places.
    pub fn light(&self, spots: &[Spot]) {
        if self.0.borrow().spots != spots {
            self.0.borrow_mut().spots = spots.to_vec();
            self.with(|v| v.light(spots));
        }
    }

    /// Shows the editor's handles and the way under way, or takes them away.
    pub fn set_handles(&self, handles: Option<Vec<Handle>>, route: &[GeoPoint]) {
        {
            let mut inner = self.0.borrow_mut();
            (inner.handles, inner.route) = (handles.clone(), route.to_vec());
        }
        self.with(|v| v.set_handles(handles.as_deref(), route));
    }

    /// Zoom, latitude and longitude of what is in view.
    pub fn place(&self) -> Option<(f64, f64, f64)> {
        self.0.borrow().view.as_ref().map(MapView::place)
    }

    /// To this zoom, latitude and longitude, now or as soon as there is a map.
    pub fn go(&self, place: (f64, f64, f64)) {
        if self.0.borrow().view.is_none() {
            self.0.borrow_mut().go = Some(place);
        }
        self.with(|v| v.go(place));
    }

    /// The element is about to change its size: the whole scene comes into view then.
    pub fn fit_soon(&self) {
        self.0.borrow_mut().fit = true;
    }

    fn resized(&self) {
        let fit = self.0.try_borrow_mut().is_ok_and(|mut inner| std::mem::take(&mut inner.fit));
        self.with(|v| {
            v.resize();
            if fit {
                v.fit();
            }
        });
    }

    /// Saves it as a picture.
    ///
    /// # Errors
    /// What the browser says.
    pub fn picture(&self, name: &str, caption: &str) -> Result<(), JsValue> {
        let element = self.0.borrow().element.clone().ok_or("no map")?;
        picture::save(&element, name, caption)
    }

    /// Brings a place clear of the card that tells of it.
    pub fn reveal(&self, place: GeoPoint) {
        self.with(|v| v.reveal(place));
    }

    /// The whole scene in view.
    pub fn fit(&self) {
        self.with(|v| v.fit());
    }

    /// Draws. Yes, once there was something to draw.
    pub fn draw(&self, now_ms: f64, playing: bool, follow: bool) -> bool {
        let mut drawn = false;
        self.with(|v| drawn = v.draw(now_ms, playing, follow));
        drawn
    }
}

/// Properties of [`MapPane`].
#[derive(PartialEq, Properties)]
pub struct MapProps {
    /// What a visitor does.
    pub act: Callback<Action>,
    /// What does not move.
    pub scene: Option<Shared<Scene>>,
    /// The page's hold on the map.
    pub handle: MapHandle,
    /// Which layers are shown.
    pub layers: Layers,
    /// The map follows the car.
    pub follow: bool,
    /// OpenStreetMap lies under it.
    pub tiles: bool,
    /// It is the rival's: no legend, no buttons.
    pub plain: bool,
    /// What is on it, for its legend.
    #[prop_or_default]
    pub counts: Counts,
    /// What stands over it.
    pub title: Option<AttrValue>,
}

/// The map with its legend.
#[component(MapPane)]
pub fn map_pane(props: &MapProps) -> Html {
    let node = use_node_ref();
    {
        let (node, handle) = (node.clone(), props.handle.clone());
        use_effect_with((), move |()| {
            if let Some(element) = node.cast::<HtmlElement>() {
                handle.attach(element);
            }
            move || handle.detach()
        });
    }
    {
        let handle = props.handle.clone();
        use_effect_with(props.scene.clone(), move |scene| {
            if let Some(scene) = scene {
                // What went wrong was said when the scene came.
                let _ = handle.set_scene(scene);
            }
        });
    }
    html! {
        <section class={classes!("map", props.plain.then_some("plain-map"))} data-tiles={props.tiles.to_string()}>
            <div class="leaflet" ref={node} role="region" aria-label={text::map::LABEL}></div>
            if let Some(title) = &props.title { <p class="map-title">{ title }</p> }
            if props.plain { { Html::default() } } else {
            <><Legend act={props.act.clone()} layers={props.layers} tiles={props.tiles} counts={props.counts} />
            <div class="map-buttons">
                <button class="chip fit" id="whole" onclick={props.act.reform(|_| Action::FitMap)} title={text::map::WHOLE_TIP}>
                    <svg viewBox="0 0 20 20" aria-hidden="true"><path d="M3 7V3h4M13 3h4v4M17 13v4h-4M7 17H3v-4" /></svg>
                    <span>{ text::map::WHOLE }</span></button>
                <button class="chip" aria-pressed={props.follow.to_string()} title={text::map::FOLLOW_TIP}
                    onclick={props.act.reform(|_| Action::ToggleFollow)}>{ text::map::FOLLOW }</button>
            </div>
            if props.tiles {
                <p class="schematic quiet">{ text::map::COPYRIGHT }<a href="https://www.openstreetmap.org/copyright" rel="noopener">{ text::map::OSM }</a></p>
            } else {
                <p class="schematic quiet">{ text::map::SCHEMATIC }</p>
            }</>
            }
        </section>
    }
}
