//! The world's street: floors 5 and 6. Cameras see, road-side units and the attacker send, the car hears and drives.

use super::event::Event;
use super::ledger::MessageStory;
use super::scenario::Scenario;
use super::snapshot::Verdict;
use super::world::{Task, World};
use crate::ground::{
    GeoPoint, MessageId, Point, Rng, START_UNIX_S, SimDuration, SimTime, StationId, Streams,
};
use crate::its::cpm::{Cpm, ObjectClass, PerceivedObject, tenth_microdegrees};
use crate::its::{CPM_PORT, Packet};
use crate::road::{Camera, Plan, RoadUser, Vehicle, air_time};
use std::sync::Arc;

/// The car moves in steps of this length.
const TICK: SimDuration = SimDuration::from_millis(100);

/// [`START_UNIX_S`] in TAI milliseconds since 2004-01-01 (five leap seconds have come since).
const START_ITS_MS: u64 = (START_UNIX_S - 1_072_915_200 + 5) * 1_000;

/// A CPM on the air.
#[derive(Clone, Debug)]
pub(super) struct OnAir {
    pub id: MessageId,
    pub bytes: Vec<u8>,
}

/// The street.
#[derive(Clone, Debug)]
pub(super) struct Street {
    pub car: Vehicle,
    /// They follow their script: every world of a run has the same.
    pub users: Arc<[RoadUser]>,
    rsus: Vec<(Point, f64)>,
    rsu_places: Vec<GeoPoint>,
    pub sent: Vec<u32>,
    /// Each camera with the number of its road-side unit.
    cameras: Vec<(Camera, usize)>,
    phases: Vec<f64>,
    attacker: Rng,
    attacker_sent: u32,
    /// The last envelope that the attacker heard: it forges after this pattern.
    overheard: Vec<u8>,
}

impl Street {
    pub fn new(scenario: &Scenario, streams: &Streams) -> Self {
        let (file, map) = (&scenario.file, &scenario.map);
        let point = |p: GeoPoint| map.plane.point_from_geo(p);
        let mut rng = streams.stream("road/driver");
        let v = &file.vehicle;
        let plan = Plan {
            start: v.start,
            via: v.via.clone(),
            finish: v.finish,
            depart: SimTime::from_secs(v.depart_s),
            belief: SimDuration::from_secs(v.belief_s),
            decision_m: v.decision_m,
            // Drivers keep to 92 to 100 % of the limit.
            pace: 0.92 + 0.08 * rng.uniform(),
        };
        let user = |u: &super::scenario::RoadUser| {
            let points: Vec<Point> = u.points.iter().map(|p| point(*p)).collect();
            RoadUser::new(&u.id, &u.kind, &points, u.speed_mps, SimTime::from_secs(u.depart_s))
        };
        let camera = |c: &super::scenario::Camera| {
            let rsu = file.rsus.iter().position(|r| r.id == c.rsu).unwrap_or(0);
            let position = point(c.position);
            (Camera { position, heading_deg: c.heading_deg, fov_deg: c.fov_deg, range_m: c.range_m }, rsu)
        };
        let mut phase = streams.stream("its/phase");
        Self {
            car: Vehicle::new(map, plan),
            users: file.road_users.iter().map(user).collect(),
            rsus: file.rsus.iter().map(|r| (point(r.position), r.range_m)).collect(),
            rsu_places: file.rsus.iter().map(|r| r.position).collect(),
            sent: vec![0; file.rsus.len()],
            cameras: file.cameras.iter().map(camera).collect(),
            phases: file.rsus.iter().map(|_| phase.uniform()).collect(),
            attacker: streams.stream("attacker"),
            attacker_sent: 0,
            overheard: Vec::new(),
        }
    }

    pub fn planned_m(&self) -> f64 {
        self.car.planned_m()
    }

    /// The nearest road-side unit that reaches the car.
    pub fn serving_rsu(&self) -> Option<(usize, GeoPoint)> {
        let (car, _) = self.car.pose();
        let near = self.rsus.iter().enumerate().map(|(i, (p, range))| (i, p.distance_m(car), *range));
        let (i, ..) = near.filter(|(_, d, range)| d <= range).min_by(|a, b| a.1.total_cmp(&b.1))?;
        Some((i, self.rsu_places[i]))
    }
}

impl World {
    pub(super) fn start_street(&mut self) {
        let period = self.scenario.file.v2i.cpm_period_s;
        for rsu in 0..self.street.phases.len() {
            self.queue.push(SimTime::from_secs(self.street.phases[rsu] * period), Task::CpmDue(rsu));
        }
        if let Some(attacker) = &self.scenario.file.attacker {
            self.queue.push(SimTime::from_secs(attacker.start_s), Task::AttackDue);
        }
        self.queue.push(SimTime::ZERO + TICK, Task::CarTick);
    }

    pub(super) fn its_time_ms(&self) -> u64 {
        START_ITS_MS + self.now.0 / 1_000_000
    }

    /// Whether the compromised unit transmits now.
    pub(super) fn attack_active(&self) -> bool {
        let now_s = self.now.as_secs();
        self.knobs.attack
            && self.scenario.file.attacker.as_ref().is_some_and(|a| now_s >= a.start_s && now_s < a.end_s)
    }

    pub(super) fn car_drives(&mut self) {
        let mut events = Vec::new();
        let scenario = self.scenario.clone();
        self.street.car.step(&scenario.map, self.now, TICK, &mut events);
        self.road_events(events);
        if self.street.car.arrived().is_some() {
            self.finished = true;
        } else {
            self.queue.push(self.now + TICK, Task::CarTick);
        }
    }

    fn road_events(&mut self, events: Vec<crate::road::Event>) {
        events.into_iter().for_each(|event| self.event(Event::Road(event)));
    }

    /// A road-side unit sends what its cameras see.
    pub(super) fn rsu_sends(&mut self, rsu: usize) {
        let period = SimDuration::from_secs(self.scenario.file.v2i.cpm_period_s);
        self.queue.push(self.now + period, Task::CpmDue(rsu));
        let spec = &self.scenario.file.rsus[rsu];
        let (station, position, range_m, encrypt) =
            (StationId(spec.station), spec.position, spec.range_m, self.scenario.file.v2i.encrypt);
        let objects = self.seen_by(rsu);
        let Some(payload) = self.cpm(station, position, objects.clone()) else { return };
        let (payload, under) = if self.knobs.protected {
            let now = self.now;
            let unit = &mut self.trust.units[rsu];
            let sealed = unit.member.protect(now, &payload, encrypt);
            let silent = sealed.is_none();
            let changed = std::mem::replace(&mut unit.silent, silent) != silent;
            let under = unit.member.epoch(now).and_then(|e| Some((e, unit.member.root(e)?)));
            // Before its first epoch a unit has nothing to say; later, silence is news.
            if silent && changed && self.street.sent[rsu] > 0 {
                self.event(Event::Silenced { station });
            }
            match sealed {
                Some(bytes) => (bytes, under),
                None => return,
            }
        } else {
            (payload, None)
        };
        if self.attacker_hears(position, range_m) {
            self.street.overheard.clone_from(&payload);
        }
        let id = MessageId { station, seq: self.street.sent[rsu] };
        self.street.sent[rsu] += 1;
        self.counts.cpm_sent += 1;
        self.broadcast(id, station, position, range_m, payload, objects.len() as u32, under);
    }

    /// The compromised unit claims that the exit is blocked. It has no key: against protection it forges an envelope after
    /// one that it overheard, with a tag of its own making.
    pub(super) fn attacker_sends(&mut self) {
        let scenario = self.scenario.clone();
        let Some(spec) = &scenario.file.attacker else { return };
        if self.now.as_secs() >= spec.end_s {
            return;
        }
        self.queue.push(self.now + SimDuration::from_secs(spec.period_s), Task::AttackDue);
        if !self.knobs.attack {
            return;
        }
        let map = &scenario.map;
        let origin = map.plane.point_from_geo(spec.position);
        let place = |(i, p): (usize, &GeoPoint)| {
            let p = map.plane.point_from_geo(*p);
            object(i as u16 + 1, origin, p, Point::default(), ObjectClass::Obstacle)
        };
        let objects: Vec<PerceivedObject> = spec.objects.iter().enumerate().map(place).collect();
        let claims = StationId(spec.claims_station);
        let Some(mut payload) = self.cpm(claims, spec.position, objects.clone()) else { return };
        if self.knobs.protected {
            payload = self.forged(claims, &payload);
        }
        let id = MessageId { station: StationId(spec.station), seq: self.street.attacker_sent };
        self.street.attacker_sent += 1;
        self.counts.cpm_fake_sent += 1;
        self.broadcast(id, claims, spec.position, spec.range_m, payload, objects.len() as u32, None);
    }

    fn forged(&mut self, claims: StationId, payload: &[u8]) -> Vec<u8> {
        let Some(header) = self.street.overheard.get(..18).map(<[u8]>::to_vec) else {
            return payload.to_vec();
        };
        let mut envelope = header;
        envelope[1] = 0; // not encrypted
        envelope[2..6].copy_from_slice(&claims.0.to_le_bytes());
        envelope[10..18].copy_from_slice(&(1u64 << 40 | u64::from(self.street.attacker_sent)).to_le_bytes());
        envelope.extend_from_slice(payload);
        let mut tag = [0; 16];
        self.street.attacker.fill(&mut tag);
        envelope.extend_from_slice(&tag);
        envelope
    }

    fn attacker_hears(&self, from: GeoPoint, range_m: f64) -> bool {
        let plane = &self.scenario.map.plane;
        let attacker = self.scenario.file.attacker.as_ref();
        attacker.is_some_and(|a| {
            plane.point_from_geo(a.position).distance_m(plane.point_from_geo(from)) <= range_m
        })
    }

    fn cpm(&self, station: StationId, position: GeoPoint, objects: Vec<PerceivedObject>) -> Option<Vec<u8>> {
        let (latitude, longitude) = (tenth_microdegrees(position.lat), tenth_microdegrees(position.lon));
        Cpm { station, time_ms: self.its_time_ms(), latitude, longitude, objects }.encode().ok()
    }

    /// What the cameras of a unit see: the scripted road users and the research vehicle.
    fn seen_by(&self, rsu: usize) -> Vec<PerceivedObject> {
        let origin = self.street.rsus[rsu].0;
        let car = (self.street.car.pose(), self.street.car.speed_mps(), ObjectClass::Car);
        let users = self.street.users.iter().filter_map(|u| {
            let class = match u.kind.as_str() {
                "car" => ObjectClass::Car,
                "cyclist" => ObjectClass::Cyclist,
                _ => ObjectClass::Pedestrian,
            };
            Some((u.pose(self.now)?, u.speed_mps, class))
        });
        let cameras = || self.street.cameras.iter().filter(|(_, of)| *of == rsu);
        [car]
            .into_iter()
            .chain(users)
            .enumerate()
            .filter(|(_, ((p, _), ..))| cameras().any(|(c, _)| c.sees(*p)))
            .map(|(i, ((p, heading), speed, class))| {
                let heading = heading.to_radians();
                let velocity = Point { x_m: speed * libm::sin(heading), y_m: speed * libm::cos(heading) };
                object(i as u16, origin, p, velocity, class)
            })
            .collect()
    }

    #[allow(clippy::too_many_arguments, reason = "a message is these seven things")]
    fn broadcast(
        &mut self,
        id: MessageId,
        claims: StationId,
        from: GeoPoint,
        range_m: f64,
        payload: Vec<u8>,
        objects: u32,
        under: Option<(u32, crate::ground::KeyId)>,
    ) {
        let Ok(bytes) = Packet::new(claims, from, self.its_time_ms(), CPM_PORT, payload).encode() else {
            return;
        };
        let faked = self.scenario.file.attacker.as_ref().is_some_and(|a| a.station == id.station.0);
        self.event(Event::CpmSent { message: id, claims, objects, bytes: bytes.len() as u32, under, faked });
        self.ledger.message(MessageStory {
            id,
            sent: self.now,
            from,
            to: None,
            range_m,
            faked,
            verdict: None,
            objects: Vec::new(),
        });
        let (car, _) = self.street.car.pose();
        if self.scenario.map.plane.point_from_geo(from).distance_m(car) <= range_m {
            let at = self.now + air_time(bytes.len());
            self.queue.push(at, Task::Arrives(Arc::new(OnAir { id, bytes })));
        }
    }

    /// The car hears a message: it checks the tag, reads it, and believes it or not.
    pub(super) fn car_hears(&mut self, message: &OnAir) {
        let faked = self.scenario.file.attacker.as_ref().is_some_and(|a| a.station == message.id.station.0);
        let Ok(packet) = Packet::decode(&message.bytes) else {
            self.event(Event::CpmMalformed { message: message.id });
            return;
        };
        let (claims, now) = (packet.source, self.now);
        let payload = if self.knobs.protected {
            let car = self.trust.car();
            match self.trust.units[car].member.open(now, &packet.payload) {
                Ok(opened) => opened.payload,
                Err(reject) => {
                    self.counts.cpm_rejected += 1;
                    self.note_heard(message.id, Verdict::Rejected, faked, &[]);
                    self.event(Event::CpmReceived {
                        message: message.id,
                        claims,
                        objects: 0,
                        rejected: Some(reject),
                        data: packet.payload,
                        heard: message.bytes.clone(),
                    });
                    return;
                }
            }
        } else {
            packet.payload
        };
        let Ok(cpm) = Cpm::decode(&payload) else {
            self.counts.cpm_rejected += 1;
            self.event(Event::CpmMalformed { message: message.id });
            return;
        };
        if faked {
            self.counts.cpm_fake_accepted += 1;
        } else {
            self.counts.cpm_accepted += 1;
        }
        let scenario = self.scenario.clone();
        let origin = scenario.map.plane.point_from_geo(cpm.position());
        let place = |o: &PerceivedObject| Point {
            x_m: origin.x_m + o.offset().x_m,
            y_m: origin.y_m + o.offset().y_m,
        };
        let places: Vec<Point> = cpm.objects.iter().map(place).collect();
        let objects = cpm.objects.len() as u32;
        self.event(Event::CpmReceived {
            message: message.id,
            claims,
            objects,
            rejected: None,
            data: payload,
            heard: message.bytes.clone(),
        });
        self.note_heard(message.id, Verdict::Accepted, faked, &places);
        // What stands in the way and is no road user blocks it.
        let standing = |o: &&PerceivedObject| {
            matches!(o.class, ObjectClass::Obstacle | ObjectClass::Unknown)
                && o.east_cmps.abs() < 50
                && o.north_cmps.abs() < 50
        };
        let blocking: Vec<Point> = cpm.objects.iter().filter(standing).map(place).collect();
        let mut events = Vec::new();
        self.street.car.believe(now, message.id, &blocking, &mut events);
        self.road_events(events);
    }

    /// For the picture: where the car was, and the objects. A fake that was dropped is shown where it would have been.
    fn note_heard(&mut self, id: MessageId, verdict: Verdict, faked: bool, places: &[Point]) {
        let plane = self.scenario.map.plane;
        let car = plane.geo_from_point(self.street.car.pose().0);
        let objects = if faked {
            self.scenario.file.attacker.as_ref().map_or_else(Vec::new, |a| a.objects.clone())
        } else {
            places.iter().map(|p| plane.geo_from_point(*p)).collect()
        };
        self.ledger.received(id, car, verdict, objects);
    }
}

fn object(id: u16, origin: Point, p: Point, velocity: Point, class: ObjectClass) -> PerceivedObject {
    let cm = |x: f64| (x * 100.0).round() as i32;
    PerceivedObject {
        id,
        east_cm: cm(p.x_m - origin.x_m),
        north_cm: cm(p.y_m - origin.y_m),
        east_cmps: cm(velocity.x_m) as i16,
        north_cmps: cm(velocity.y_m) as i16,
        class,
    }
}
