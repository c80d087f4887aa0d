//! Ways: the planned one (green dots, on the map), the driven one (solid), the diversion (vermilion), and where the
//! car means to go from here once it has left its plan.

use super::canvas::{Pen, Projection};
use super::leaf::{Surface, Tip};
use crate::format::metres;
use crate::text;
use keyway_core::ground::GeoPoint;
use keyway_core::sim::snapshot::{CarState, Scene};
use leaflet::Map;

/// Puts the planned way on the map.
pub fn planned(map: &Map, scene: &Scene) -> Surface {
    let surface = Surface::new(map, "planned", 412);
    if scene.planned_route.len() > 1 {
        let line = surface.line(&scene.planned_route, "planned", true);
        Tip::bind(&line, text::map::PLANNED_TIP, &metres(scene.planned_m), true);
    }
    surface
}

/// Draws the ways of the car. Its last point is where the car is shown.
pub fn draw(pen: &Pen<'_>, at: &Projection, car: &CarState, shown: Option<GeoPoint>) {
    let line = |points: &[GeoPoint], to_car: bool| {
        pen.polyline(points.iter().copied().chain(shown.filter(|_| to_car)).map(|p| at.at(p)));
    };
    let off_plan = car.left_plan && car.believes_blocked;
    if off_plan && car.route.len() > 1 {
        pen.dash(&[1.0, 8.0]);
        line(&car.route, false);
        pen.stroke(&pen.palette.bad, 3.0, 0.8);
        pen.dash(&[]);
    }
    // The last point may lie ahead of where the car is shown: it glides one interval behind.
    let tail = |points: &[GeoPoint]| points.len().saturating_sub(1);
    line(&car.driven[..tail(&car.driven)], !off_plan);
    pen.stroke(&pen.palette.good, 4.4, 1.0);
    for (i, piece) in car.diverted.iter().enumerate() {
        let newest = off_plan && i + 1 == car.diverted.len();
        line(if newest { &piece[..tail(piece)] } else { piece }, newest);
        pen.stroke(&pen.palette.bad, 4.4, 1.0);
    }
}
