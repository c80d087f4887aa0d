//! The car's sign: nothing to see, for the car is drawn on a canvas, but a stop for the keyboard, with a name like the
//! other signs.

use super::leaf::{Picked, Surface, Tip, at, picked};
use crate::action::{Action, Pick};
use crate::text;
use keyway_core::ground::GeoPoint;
use keyway_core::sim::snapshot::Snapshot;
use leaflet::{Map, Marker};

/// The sign of the car.
pub struct CarSign {
    surface: Surface,
    sign: Option<(Marker, Option<Tip>, Picked)>,
    place: Option<GeoPoint>,
}

impl CarSign {
    pub fn new(map: &Map) -> Self {
        Self { surface: Surface::new(map, "car", 435), sign: None, place: None }
    }

    /// Goes where the car is drawn.
    pub fn follow(&mut self, place: GeoPoint, act: &yew::Callback<Action>) {
        if self.place.replace(place) == Some(place) {
            return;
        }
        let (marker, ..) = self.sign.get_or_insert_with(|| {
            let sign = self.surface.sign(place, "car", "", "", text::map::CAR);
            let tip = Tip::bind(&sign, text::map::CAR, "", false);
            let pick = picked(&sign, act, Pick::Car);
            (sign, tip, pick)
        });
        marker.set_lat_lng(&at(place));
    }

    /// Brings what it says to this instant.
    pub fn update(&self, shot: &Snapshot) {
        if let Some((_, Some(tip), _)) = &self.sign {
            tip.say(&super::hover::of_car(shot));
        }
    }
}
