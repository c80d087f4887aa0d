//! The map: Leaflet with all layers, drawn anew at each frame of the screen.

use super::attacker::Attacker;
use super::beams::Beams;
use super::callout::{BARS_PX, Callout};
use super::canvas::{Canvas, Projection};
use super::car::CarSign;
use super::handles::{Handle, Handles};
use super::hover::Hover;
use super::leaf::{Surface, at, out_of_tab_order, pan_inside, place_flat, show};
use super::links::Links;
use super::lit::Lit;
use super::movers::{Movers, draw_objects};
use super::palette::Palette;
use super::rings::Rings;
use super::rsus::Rsus;
use super::{basemap, cameras, routes, tiles};
use crate::action::{Action, Layer, Layers};
use crate::shared::Shared;
use crate::text;
use crate::theme;
use keyway_core::ground::GeoPoint;
use keyway_core::sim::chronicle::Spot;
use keyway_core::sim::snapshot::{Scene, Snapshot};
use leaflet::{LatLng, LatLngBounds, Map, MapOptions, Point, Zoom, ZoomOptions};
use wasm_bindgen::JsValue;
use web_sys::HtmlElement;
use yew::Callback;

/// The layers that are elements follow the run this often, milliseconds.
const ELEMENTS_MS: f64 = 200.0;
/// Size of the canvas that the car is drawn on, pixels.
const CAR_PX: (f64, f64) = (48.0, 48.0);
/// Width of the legend over the map's left edge in the wide layout, pixels.
const LEGEND_PX: f64 = 284.0;
/// Height of what lies over the upper edge of a map that has no legend beside it, pixels.
const TITLE_PX: f64 = 56.0;
/// Width of the card of what is picked over its right edge, pixels.
const CARD_PX: f64 = 340.0;
/// A map narrower than this has no legend to keep clear of, pixels.
const ROOMY_PX: f64 = 760.0;
/// A following map moves when the car leaves this share of it.
const FOLLOW_SHARE: f64 = 0.3;

/// The map.
pub struct MapView {
    map: Map,
    scene: Shared<Scene>,
    bounds: (GeoPoint, GeoPoint),
    links: Links,
    rsus: Rsus,
    cameras: cameras::Cameras,
    planned: Surface,
    attacker: Attacker,
    handles: Option<Handles>,
    lit: Lit,
    tiles: Option<tiles::Tiles>,
    act: Callback<Action>,
    /// What moves slowly or fades: drawn in every other frame, for a canvas of the map's size is dear to compose.
    canvas: Canvas,
    /// The car, drawn in every frame.
    car: Canvas,
    car_sign: CarSign,
    beams: Beams,
    rings: Rings,
    movers: Movers,
    callout: Callout,
    hover: Hover,
    layers: Layers,
    shot: Option<Shared<Snapshot>>,
    /// How long the picture has moved: stands still in a pause.
    motion_s: f64,
    last_ms: f64,
    elements_ms: f64,
    /// The large canvas: how the map lay when it was drawn, what is not drawn since, and seconds since.
    drawn: Option<Projection>,
    skipped: bool,
    since_s: f64,
    fresh: bool,
    still: bool,
}

impl MapView {
    /// Makes the map in an element.
    pub fn new(
        element: &HtmlElement,
        scene: Shared<Scene>,
        layers: Layers,
        act: &Callback<Action>,
    ) -> Result<Self, String> {
        place_flat();
        let options = MapOptions::new();
        options.set_attribution_control(false);
        options.set_zoom_control(false);
        options.set_zoom_snap(0.05);
        options.set_zoom_delta(0.5);
        options.set_wheel_px_per_zoom_level(140.0);
        options.set_min_zoom(13.0);
        options.set_max_zoom(20.0);
        // Our canvas redraws at each frame and knows no half-way zooms.
        options.set_zoom_animation(false);
        options.set_fade_animation(false);
        options.set_inertia(!theme::reduced_motion());
        let map = Map::new_with_element(element, &options).map_err(|e| said(&e))?;
        let bounds = bounds_of(&scene);
        let mut zoom = ZoomOptions::default();
        zoom.set_position("topright");
        Zoom::new(&zoom).add_to(&map);
        let canvas = Canvas::new(element, "moving").ok_or(text::map::NO_CANVAS)?;
        let car = Canvas::new(element, "moving-car").ok_or(text::map::NO_CANVAS)?;
        let callout = Callout::new(element, "verdict").ok_or(text::map::NO_ELEMENT)?;
        let hover = Hover::new(&map, element, act).ok_or(text::map::NO_ELEMENT)?;
        fit(&map, bounds);
        basemap::draw(&map, &scene);
        let view = Self {
            links: Links::new(&map, &scene, act),
            rsus: Rsus::new(&map, &scene, act),
            cameras: cameras::draw(&map, &scene, act),
            planned: routes::planned(&map, &scene),
            attacker: Attacker::new(&map, &scene, act),
            car_sign: CarSign::new(&map),
            handles: None,
            lit: Lit::default(),
            tiles: None,
            act: act.clone(),
            beams: Beams::default(),
            rings: Rings::default(),
            movers: Movers::default(),
            shot: None,
            motion_s: 0.0,
            last_ms: 0.0,
            elements_ms: 0.0,
            drawn: None,
            skipped: false,
            since_s: 0.0,
            fresh: true,
            still: theme::reduced_motion(),
            map,
            scene,
            bounds,
            canvas,
            car,
            callout,
            hover,
            layers,
        };
        view.show_layers();
        out_of_tab_order(element);
        Ok(view)
    }

    pub fn scene(&self) -> &Shared<Scene> {
        &self.scene
    }

    /// An instant came.
    pub fn take(&mut self, shot: Shared<Snapshot>) {
        self.movers.take(&shot);
        if !self.still {
            self.rings.take(&shot, self.motion_s);
            self.beams.take(&shot, self.motion_s);
        }
        self.callout.take(&shot, self.motion_s);
        self.shot = Some(shot);
        self.fresh = true;
    }

    /// What is on its way is forgotten: the run was restarted or wound.
    pub fn jump(&mut self) {
        self.movers.jump();
        self.rings.jump();
        self.beams.jump();
        self.callout.jump();
        self.elements_ms = 0.0;
    }

    pub fn set_layers(&mut self, layers: Layers) {
        self.layers = layers;
        self.show_layers();
        // What comes back on the map comes back as it was made.
        self.elements_ms = 0.0;
        self.fresh = true;
    }

    fn show_layers(&self) {
        let on = |layer| self.layers.has(layer);
        show(&self.map, &self.links.surface.group, on(Layer::Links));
        show(&self.map, &self.rsus.signs.group, on(Layer::Rsus));
        show(&self.map, &self.rsus.ranges.group, on(Layer::Rsus));
        show(&self.map, &self.cameras.surface.group, on(Layer::Cameras));
        show(&self.map, &self.planned.group, on(Layer::Planned));
    }

    /// The colours have changed.
    pub fn restyle(&mut self) {
        self.canvas.palette = Palette::read();
        self.car.palette = Palette::read();
    }

    /// The element has changed its size.
    pub fn resize(&self) {
        self.map.invalidate_size(false);
    }

    /// Zoom, latitude and longitude of what is in view.
    pub fn place(&self) -> (f64, f64, f64) {
        let centre = self.map.get_center();
        (self.map.get_zoom(), centre.lat(), centre.lng())
    }

    /// To this zoom, latitude and longitude.
    pub fn go(&self, (zoom, lat, lon): (f64, f64, f64)) {
        self.map.set_view(&LatLng::new(lat, lon), zoom);
    }

    /// Whether a place lies in this scene.
    pub fn holds(&self, (_, lat, lon): (f64, f64, f64)) -> bool {
        let (low, high) = self.bounds;
        (low.lat..=high.lat).contains(&lat) && (low.lon..=high.lon).contains(&lon)
    }

    /// Lights these places.
    pub fn light(&mut self, spots: &[Spot]) {
        self.lit.light(&self.scene, spots);
        self.fresh = true;
        self.drawn = None;
    }

    /// Shows the editor's handles, or takes them away.
    pub fn set_handles(&mut self, handles: Option<&[Handle]>, route: &[GeoPoint]) {
        match handles {
            Some(all) => {
                let (map, act) = (&self.map, self.act.clone());
                self.handles.get_or_insert_with(|| Handles::new(map, &act)).show(all, route, &act);
            }
            None => {
                if let Some(mut handles) = self.handles.take() {
                    handles.show(&[], &[], &self.act);
                }
            }
        }
    }

    /// OpenStreetMap under everything, or not.
    pub fn set_tiles(&mut self, on: bool) {
        self.tiles = on.then(|| tiles::Tiles::new(&self.map, &self.act));
    }

    /// Brings a place clear of the card that tells of it.
    pub fn reveal(&self, place: GeoPoint) {
        pan_inside(&self.map, &at(place), &clear(&self.map, CARD_PX));
    }

    /// The whole scene in view.
    pub fn fit(&self) {
        fit(&self.map, self.bounds);
    }

    /// Draws. Yes, once there was something to draw.
    pub fn draw(&mut self, now_ms: f64, playing: bool, follow: bool) -> bool {
        let passed_s = ((now_ms - self.last_ms) / 1000.0).clamp(0.0, 0.1);
        self.last_ms = now_ms;
        let Some(shot) = self.shot.clone() else { return false };
        let passed_s = if playing { passed_s } else { 0.0 };
        self.motion_s += passed_s;
        if self.fresh && now_ms - self.elements_ms > ELEMENTS_MS {
            self.elements_ms = now_ms;
            self.fresh = false;
            self.links.update(&shot);
            self.rsus.update(&shot);
            self.attacker.update(&shot);
            self.car_sign.update(&shot);
        }
        let at = Projection::new(&self.map, self.bounds.0, self.bounds.1);
        let pose = self.movers.car(shot.t_s);
        let car = pose.map(|p| at.at(p.place));
        self.since_s += passed_s;
        self.skipped = playing && !self.skipped && self.drawn == Some(at);
        if !self.skipped {
            self.drawn = Some(at);
            self.draw_all(&at, &shot, car, pose.map(|p| p.place));
        }
        let pen = self.car.begin(CAR_PX);
        if let Some(car) = car {
            self.movers.draw_car(&pen, (CAR_PX.0 / 2.0, CAR_PX.1 / 2.0), &shot);
            self.car.centre(car);
        }
        if let Some(pose) = pose {
            self.car_sign.follow(pose.place, &self.act);
        }
        self.callout.draw(car.filter(|_| self.layers.has(Layer::Messages)), at.size, self.motion_s);
        self.hover.draw(&at, &self.scene, &shot, car);
        if let Some(pose) = pose.filter(|_| follow) {
            self.follow(pose.place, at.at(pose.place), at.size);
        }
        true
    }

    /// The large canvas.
    fn draw_all(
        &mut self,
        at: &Projection,
        shot: &Snapshot,
        car: Option<(f64, f64)>,
        place: Option<GeoPoint>,
    ) {
        let on = |layer| self.layers.has(layer);
        let pen = self.canvas.begin(at.size);
        if on(Layer::Driven) {
            routes::draw(&pen, at, &shot.car, place);
        }
        if on(Layer::Links) {
            let photons_s = if self.still { 0.0 } else { self.since_s };
            self.beams.draw(&pen, at, &self.scene, shot, photons_s);
            self.beams.draw_relays(&pen, at, &self.scene, self.motion_s);
        }
        self.lit.draw(&pen, at, place);
        if on(Layer::Objects) {
            draw_objects(&pen, at, &shot.objects);
        }
        if on(Layer::Users) {
            self.movers.draw_users(&pen, at, &self.scene, shot);
        }
        if on(Layer::Messages) {
            self.rings.draw(&pen, at, car, self.motion_s);
        }
        self.since_s = 0.0;
    }

    fn follow(&self, place: GeoPoint, (x, y): (f64, f64), (width, height): (f64, f64)) {
        let out = |v: f64, size: f64| (v / size.max(1.0) - 0.5).abs() > FOLLOW_SHARE / 2.0;
        if out(x, width) || out(y, height) {
            self.map.set_view(&LatLng::new(place.lat, place.lon), self.map.get_zoom());
        }
    }
}

impl Drop for MapView {
    fn drop(&mut self) {
        self.map.remove();
    }
}

/// What has to be in view: everything that lives.
fn bounds_of(scene: &Scene) -> (GeoPoint, GeoPoint) {
    let living = scene
        .planned_route
        .iter()
        .copied()
        .chain(scene.terminals.iter().map(|t| t.position))
        .chain(scene.rsus.iter().map(|r| r.position))
        .chain(scene.attacker.iter().map(|a| a.position));
    let (mut low, mut high) = (GeoPoint { lon: 180.0, lat: 85.0 }, GeoPoint { lon: -180.0, lat: -85.0 });
    for p in living {
        low = GeoPoint { lon: low.lon.min(p.lon), lat: low.lat.min(p.lat) };
        high = GeoPoint { lon: high.lon.max(p.lon), lat: high.lat.max(p.lat) };
    }
    if low.lon >= high.lon || low.lat >= high.lat {
        let middle = scene.terminals.first().map_or(GeoPoint { lon: 0.0, lat: 0.0 }, |t| t.position);
        low = GeoPoint { lon: middle.lon - 0.005, lat: middle.lat - 0.003 };
        high = GeoPoint { lon: middle.lon + 0.005, lat: middle.lat + 0.003 };
    }
    (low, high)
}

fn fit(map: &Map, (low, high): (GeoPoint, GeoPoint)) {
    let bounds = LatLngBounds::new(&LatLng::new(low.lat, low.lon), &LatLng::new(high.lat, high.lon));
    map.fit_bounds_with_options(&bounds, &clear(map, 20.0));
}

/// How far from the map's edges something is to stay clear of what lies over it; `right` in pixels.
fn clear(map: &Map, right: f64) -> js_sys::Object {
    let options = js_sys::Object::new();
    // In the wide layout bars lie over the lower edge, and the legend over the left one.
    let wide = !theme::narrow();
    let below = if wide { BARS_PX } else { 48.0 };
    // Two maps side by side have no legend over them.
    let (beside, above) =
        if wide && map.get_size().x() > ROOMY_PX { (LEGEND_PX, 20.0) } else { (12.0, TITLE_PX) };
    let padding: [(&str, JsValue); 3] = [
        ("paddingTopLeft", Point::new(beside, above).into()),
        ("paddingBottomRight", Point::new(right, below).into()),
        ("animate", JsValue::FALSE),
    ];
    for (name, value) in padding {
        // Setting a property on a fresh object cannot fail.
        let _ = js_sys::Reflect::set(&options, &name.into(), &value);
    }
    options
}

fn said(error: &JsValue) -> String {
    error.as_string().or_else(|| js_sys::Error::from(error.clone()).message().as_string()).unwrap_or_default()
}
