//! The map: what stands still are Leaflet layers, one file a layer; what moves is drawn on a canvas of our own.
//!
//! Yew owns the element and this module the map in it; nobody else touches either. The page hands over instants and
//! asks for a drawing at each frame of the screen through a [`MapHandle`].

mod attacker;
mod basemap;
mod beams;
mod callout;
mod cameras;
mod canvas;
mod glide;
mod hover;
mod leaf;
mod legend;
mod links;
mod movers;
mod palette;
mod rings;
mod routes;
mod rsus;
mod view;

use crate::action::{Action, Layers};
use crate::shared::Shared;
use crate::text;
use keyway_core::sim::snapshot::{Scene, Snapshot};
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
            Closure::<dyn FnMut()>::new(move || handle.with(|v| v.resize()))
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
        inner.view = None;
        let Some(element) = inner.element.clone() else { return Ok(()) };
        let mut view = MapView::new(&element, scene.clone(), inner.layers)?;
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
    /// The step of the causal chain that is lit.
    pub lit: Option<String>,
    /// The map follows the car.
    pub follow: bool,
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
    let label = "Map of the campus. The panels hold the same in figures. Arrow keys move it, + and − zoom.";
    html! {
        <main class="map" data-lit={props.lit.clone()}>
            <div class="leaflet" ref={node} role="region" aria-label={label}></div>
            <Legend act={props.act.clone()} layers={props.layers} />
            <div class="map-buttons">
                <button class="chip" onclick={props.act.reform(|_| Action::FitMap)}
                    title="The whole campus in view (c)">{ "Whole campus" }</button>
                <button class="chip" aria-pressed={props.follow.to_string()} title="Follow the car (f)"
                    onclick={props.act.reform(|_| Action::ToggleFollow)}>{ "Follow car" }</button>
            </div>
            <p class="schematic quiet">{ text::SCHEMATIC_SHORT }</p>
        </main>
    }
}
