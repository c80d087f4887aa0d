//! What is picked: marked on the map, and brought clear of the card that tells of it.

use super::App;
use crate::action::Pick;
use crate::theme;
use keyway_core::ground::GeoPoint;
use keyway_core::sim::chronicle::Spot;

impl App {
    pub(super) fn pick(&mut self, pick: Option<Pick>) {
        self.pick = pick;
        // In the narrow layout the card takes the map.
        if let Some(place) = self.picked_place().filter(|_| !theme::narrow()) {
            self.map.reveal(place);
        }
    }

    /// What is marked on the map: the places of the step of the chain that is lit, or what is picked.
    pub(super) fn spots(&self) -> Vec<Spot> {
        if let Some(kind) = &self.lit {
            let step = self.trace.steps.iter().find(|s| s.kind == *kind);
            return step.map(|s| s.spots.clone()).unwrap_or_default();
        }
        let (Some(pick), Some(scene)) = (&self.pick, &self.scene) else { return Vec::new() };
        let spot = match *pick {
            Pick::Link(i) => scene.links.get(i as usize).map(|l| Spot::Link(l.id.clone())),
            Pick::Terminal(i) => scene.terminals.get(i as usize).map(|t| Spot::Terminal(t.id.clone())),
            Pick::Rsu(i) => scene.rsus.get(i as usize).map(|r| Spot::Station(r.station)),
            Pick::Gateway => Some(Spot::Gateway),
            Pick::Car => Some(Spot::Car),
            // The attacker's sign is marked as it is; a camera's view and a road user are no places of a chain.
            Pick::Attacker | Pick::Camera(_) | Pick::User(_) => None,
        };
        spot.into_iter().collect()
    }

    /// Where it is.
    fn picked_place(&self) -> Option<GeoPoint> {
        let scene = self.scene.as_ref()?;
        let roof = |i: u32| scene.terminals.get(i as usize).map(|t| t.position);
        match *self.pick.as_ref()? {
            Pick::Link(i) => {
                let link = scene.links.get(i as usize)?;
                let (a, b) = (roof(link.a)?, roof(link.b)?);
                Some(GeoPoint { lon: (a.lon + b.lon) / 2.0, lat: (a.lat + b.lat) / 2.0 })
            }
            Pick::Terminal(i) => roof(i),
            Pick::Rsu(i) => scene.rsus.get(i as usize).map(|r| r.position),
            Pick::Camera(i) => scene.cameras.get(i as usize).map(|c| c.position),
            Pick::Attacker => scene.attacker.as_ref().map(|a| a.position),
            Pick::Gateway => scene.gateway.as_ref().map(|g| g.position),
            Pick::Car => self.shot.car.position,
            Pick::User(n) => self.shot.road_users.iter().find(|u| u.user == n).map(|u| u.position),
        }
    }
}
