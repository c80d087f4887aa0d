//! The picture of the world: [`Scene`] once, [`Snapshot`] at any instant. It reads and decides nothing.

use super::scenario::Scenario;
use super::snapshot::{
    Area, Beam, CarState, DpnState, Flight, Hold, Line, LinkState, ObjectState, Place, PoolState,
    RelayFlight, RoadUserState, RsuState, Scene, SceneCamera, SceneLink, SceneRsu, SceneUser, SkyState,
    Snapshot,
};
use super::world::World;
use crate::ground::{GeoPoint, NodeId, Plane, Point};
use crate::link::State;
use crate::link::control::Alarm;
use crate::road::map::Access;

/// Alarms in the order of [`LinkState::hardware_alarms`].
const ALARMS: [Alarm; 7] = [
    Alarm::Wind,
    Alarm::Rain,
    Alarm::Snow,
    Alarm::BeaconLost,
    Alarm::AcquisitionFailed,
    Alarm::CoolerAtLimit,
    Alarm::SourceInterlocked,
];

/// Objects and messages are shown for this long, seconds.
const SHOWN_S: f64 = 1.5;

impl Scenario {
    fn terminal(&self, id: &NodeId) -> u32 {
        self.file.terminals.iter().position(|t| t.id == *id).unwrap_or(0) as u32
    }
}

fn geo(plane: &Plane, points: &[Point]) -> Vec<GeoPoint> {
    points.iter().map(|p| plane.geo_from_point(*p)).collect()
}

impl World {
    /// Everything that stands still.
    #[must_use]
    pub fn scene(&self) -> Scene {
        let (scenario, file) = (&self.scenario, &self.scenario.file);
        let place = |id: &str, name: &str, position| Place { id: id.into(), name: name.into(), position };
        let road = |r: &crate::road::RoadSpec| Line {
            id: r.id.clone(),
            name: r.name.clone(),
            kind: if r.roundabout {
                "roundabout"
            } else if r.access == Access::Service {
                "service"
            } else if r.oneway {
                "loop"
            } else {
                "main"
            }
            .into(),
            points: r.points.clone(),
        };
        let name = |id: &NodeId| {
            file.terminals.iter().find(|t| t.id == *id).map_or_else(String::new, |t| t.name.clone())
        };
        let planned = scenario
            .map
            .route_via(file.vehicle.start, &file.vehicle.via, file.vehicle.finish)
            .unwrap_or_default();
        Scene {
            name: file.name.clone(),
            about: file.about.clone(),
            until_s: file.until_s,
            seed: self.seed,
            roads: file.map.roads.iter().map(road).collect(),
            buildings: file
                .map
                .buildings
                .iter()
                .map(|b| Area {
                    id: b.id.clone(),
                    name: b.name.clone(),
                    kind: "building".into(),
                    height_m: b.height_m,
                    points: b.points.clone(),
                })
                .collect(),
            areas: scenario.areas(),
            terminals: file.terminals.iter().map(|t| place(t.id.as_str(), &t.name, t.position)).collect(),
            links: file
                .links
                .iter()
                .map(|l| SceneLink {
                    id: l.id.as_str().into(),
                    name: format!("{} – {}", name(&l.a), name(&l.b)),
                    a: scenario.terminal(&l.a),
                    b: scenario.terminal(&l.b),
                    range_m: scenario.range_m(l),
                })
                .collect(),
            rsus: file
                .rsus
                .iter()
                .map(|r| SceneRsu {
                    id: r.id.clone(),
                    name: r.name.clone(),
                    station: r.station,
                    position: r.position,
                    range_m: r.range_m,
                    terminal: scenario.terminal(&r.terminal),
                })
                .collect(),
            cameras: file
                .cameras
                .iter()
                .map(|c| SceneCamera {
                    id: c.id.clone(),
                    position: c.position,
                    heading_deg: c.heading_deg,
                    fov_deg: c.fov_deg,
                    range_m: c.range_m,
                })
                .collect(),
            road_users: file
                .road_users
                .iter()
                .map(|u| SceneUser { id: u.id.clone(), kind: u.kind.clone() })
                .collect(),
            attacker: file.attacker.as_ref().map(|a| place(&a.id, &a.name, a.position)),
            gateway: Some(place(&file.gateway.id, &file.gateway.name, file.gateway.position)),
            planned_route: geo(&scenario.map.plane, &planned.points),
            planned_m: planned.length_m,
        }
    }

    /// The world now.
    #[must_use]
    pub fn snapshot(&self) -> Snapshot {
        let plane = &self.scenario.map.plane;
        let age = |t: crate::ground::SimTime| self.now.since(t).as_secs();
        let road_user = |(i, u): (usize, &crate::road::RoadUser)| {
            let (p, heading_deg) = u.pose(self.now)?;
            Some(RoadUserState { user: i as u32, position: plane.geo_from_point(p), heading_deg })
        };
        let shown = || self.ledger.messages.iter().filter(|m| age(m.sent) < SHOWN_S);
        Snapshot {
            t_s: self.now.as_secs(),
            finished: self.finished,
            knobs: self.knobs,
            sky: self.sky_state(),
            links: (0..self.optics.rooms.len()).map(|i| self.link_state(i)).collect(),
            pools: (0..self.optics.rooms.len()).map(|i| self.pool_state(i)).collect(),
            rsus: self.rsu_states(),
            attack_active: self.attack_active(),
            car: self.car_state(),
            road_users: self.street.users.iter().enumerate().filter_map(road_user).collect(),
            objects: shown()
                .filter_map(|m| m.verdict.map(|v| (m, v)))
                .flat_map(|(m, verdict)| {
                    let age_s = age(m.sent);
                    m.objects.iter().map(move |p| ObjectState {
                        position: *p,
                        faked: m.faked,
                        verdict,
                        age_s,
                    })
                })
                .collect(),
            flights: shown()
                .map(|m| Flight {
                    message: m.id.to_string(),
                    from: m.from,
                    to: m.to,
                    range_m: m.range_m,
                    age_s: age(m.sent),
                    verdict: m.verdict,
                    faked: m.faked,
                })
                .collect(),
            relays: self
                .ledger
                .deliveries
                .iter()
                .filter_map(|(t, key, service)| {
                    let path = self.ledger.paths.get(service)?;
                    let path = path.iter().map(|n| self.scenario.terminal(n)).collect();
                    Some(RelayFlight { key_id: key.to_string(), path, age_s: age(*t) })
                })
                .filter(|r| r.age_s < 1.0)
                .collect(),
            dpn: self.dpn_state(),
            counts: self.counts,
        }
    }

    fn sky_state(&self) -> SkyState {
        let (t_s, start_h) = (self.now.as_secs(), self.knobs.hour_utc);
        let weather = self.optics.weather();
        SkyState {
            hour_utc: (start_h + t_s / 3_600.0).rem_euclid(24.0),
            sun_elevation_deg: self.scenario.start(start_h).sun(t_s).elevation_rad.to_degrees(),
            cloud: weather.cloud,
            wind_mps: weather.wind_mps,
            gust_mps: weather.gust_mps(),
            temperature_c: weather.temperature_c,
            snow_mm_h: weather.snow_mm_h,
        }
    }

    fn link_state(&self, i: usize) -> LinkState {
        let room = &self.optics.rooms[i];
        let channel = room.link.channel();
        LinkState {
            beam: match room.link.state() {
                State::Emitting if room.alarm => Beam::Down,
                State::Emitting => Beam::Emitting,
                State::Standby => Beam::Standby,
                State::Lost | State::Acquiring | State::Stowed | State::SourceHeld | State::NoRandomness => {
                    Beam::Down
                }
            },
            hold: match room.link.state() {
                State::Emitting | State::Standby => Hold::None,
                State::Lost => Hold::Lost,
                State::Acquiring => Hold::Acquiring,
                State::Stowed => Hold::Stowed,
                State::SourceHeld => Hold::SourceHeld,
                State::NoRandomness => Hold::NoRandomness,
            },
            loss_db: channel.loss_db(),
            loss_now_db: room.link.loss_now_db(),
            budget_db: channel.budget.map(|l| l.loss_db),
            cn2_m23: room.link.conditions().cn2_m23,
            scintillation: channel.fading.scintillation.index(),
            background_hz: channel.background_hz,
            emitter_c: room.link.terminal().emitter().temperature_at_c(self.now),
            cooler_load: room.link.terminal().emitter().cooler_load(),
            hardware_alarms: ALARMS.map(|a| room.link.terminal().alarms().contains(&a)),
            noise_per_gate: channel.noise_per_gate[0],
            qber: room.qber,
            key_rate_bps: room.key_rate_bps,
            clicks_hz: room.clicks_hz,
            pairs_left: room.alice_party.pairs_left(),
            under_way: room.alice_party.under_way(),
            blocks: room.blocks,
            dropped: room.dropped,
            alarm: room.alarm,
            eavesdropped: self.knobs.eve_link as usize == i && self.knobs.eve_fraction > 0.0,
            broken: self.knobs.broken_link == Some(i as u32),
        }
    }

    fn pool_state(&self, i: usize) -> PoolState {
        let (in_bps, out_bps) = self.keys.rates_bps(i);
        self.keys.pool(i).map_or_else(PoolState::default, |p| PoolState {
            level_bits: f64::from(p.level_bits()),
            capacity_bits: f64::from(p.capacity_bits()),
            reserve_bits: f64::from(p.reserve_bits()),
            in_bps,
            out_bps,
        })
    }

    fn rsu_states(&self) -> Vec<RsuState> {
        (0..self.street.sent.len())
            .map(|i| {
                let epoch = self.trust.units[i].member.epoch(self.now);
                RsuState { in_dpn: epoch.is_some(), epoch: epoch.unwrap_or(0), cpm_sent: self.street.sent[i] }
            })
            .collect()
    }

    fn car_state(&self) -> CarState {
        let (car, plane) = (&self.street.car, &self.scenario.map.plane);
        let (p, heading_deg) = car.pose();
        let pieces = |off: bool| {
            car.trace().iter().filter(move |(o, _)| *o == off).map(|(_, points)| geo(plane, points))
        };
        CarState {
            position: Some(plane.geo_from_point(p)),
            heading_deg,
            speed_mps: car.speed_mps(),
            driven_m: car.driven_m(),
            route: geo(plane, &car.way_ahead()),
            diverted: pieces(true).collect(),
            driven: pieces(false).flatten().collect(),
            left_plan: car.left_plan(),
            believes_blocked: car.believes(),
            in_dpn: self.trust.units[self.trust.car()].member.epoch(self.now).is_some(),
            arrived_s: car.arrived().map(|t| t.as_secs()),
        }
    }

    fn dpn_state(&self) -> DpnState {
        let good = self.trust.units.iter().filter(|u| u.member.epoch(self.now).is_some()).count();
        DpnState {
            epoch: self.trust.gateway.epoch(),
            members: good as u32,
            enrolled: self.trust.units.len() as u32,
            expired: self.trust.gateway.epoch() > 0 && self.trust.gateway.expired(self.now),
        }
    }
}
