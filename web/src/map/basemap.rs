//! The ground: areas, roads, buildings, from the scene. Quiet and warm; colour belongs to what is alive.

use super::leaf::{Surface, Tip};
use keyway_core::sim::snapshot::Scene;
use leaflet::Map;

/// Draws the ground once.
pub fn draw(map: &Map, scene: &Scene) {
    let ground = Surface::new(map, "ground", 201);
    // Large areas first, so that water and wood lie on the campus.
    for kind in ["campus", "wood", "water", "plaza", "carpark"] {
        for area in scene.areas.iter().filter(|a| a.kind == kind) {
            named(&ground.area(&area.points, &format!("ground {kind}"), kind != "campus"), &area.name);
        }
    }
    for road in &scene.roads {
        ground.line(&road.points, &format!("casing {}", road.kind), false);
    }
    for road in &scene.roads {
        let path = ground.line(&road.points, &format!("road {}", road.kind), true);
        named(&path, &road.name);
    }
    for building in &scene.buildings {
        named(&ground.area(&building.points, "building", true), &building.name);
    }
}

fn named(layer: &leaflet::Layer, name: &str) {
    if !name.is_empty() {
        Tip::bind(layer, name, "", true);
    }
}
