//! Cameras and their fields of view.

use super::leaf::{Picked, Surface, Tip, picked};
use crate::action::{Action, Pick};
use crate::text;
use keyway_core::ground::{GeoPoint, Plane, Point};
use keyway_core::sim::snapshot::{Scene, SceneCamera};
use leaflet::Map;

/// The fields of view.
pub struct Cameras {
    pub surface: Surface,
    _picks: Vec<Picked>,
}

/// Points along the far edge of a field of view.
const EDGE: u32 = 10;

/// Draws the fields of view once.
pub fn draw(map: &Map, scene: &Scene, act: &yew::Callback<Action>) -> Cameras {
    let mut picks = Vec::new();
    let surface = Surface::new(map, "cameras", 410);
    for (i, camera) in scene.cameras.iter().enumerate() {
        let wedge = surface.area(&outline(camera), "camera", true);
        picks.push(picked(&wedge, act, Pick::Camera(i as u32)));
        let said = text::map::camera_tip(camera.range_m, camera.fov_deg);
        Tip::bind(&wedge, &text::map::camera(&camera.id), &said, true);
    }
    Cameras { surface, _picks: picks }
}

fn outline(camera: &SceneCamera) -> Vec<GeoPoint> {
    let plane = Plane::new(camera.position);
    let from_deg = camera.heading_deg - camera.fov_deg / 2.0;
    let edge = (0..=EDGE).map(|i| {
        let deg = from_deg + camera.fov_deg * f64::from(i) / f64::from(EDGE);
        let (sin, cos) = (libm::sin(deg.to_radians()), libm::cos(deg.to_radians()));
        plane.geo_from_point(Point { x_m: camera.range_m * sin, y_m: camera.range_m * cos })
    });
    std::iter::once(camera.position).chain(edge).collect()
}
