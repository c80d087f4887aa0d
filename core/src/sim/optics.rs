//! The world's links and their two parties: floors 1 and 2 joined.

use super::event::Event;
use super::scenario::Scenario;
use super::snapshot::{EveKind, Knobs};
use super::world::{Task, World};
use crate::distill::params::UNDER_WAY;
use crate::distill::{self, HalfRecord, Party, Rules, message, round};
use crate::ground::carrier::{Carrier, FaultInjector, FixedDelay};
use crate::ground::{LinkId, NodeId, Output, SimDuration, SimTime, Streams};
use crate::link::course::Course;
use crate::link::eve::EveBasis;
use crate::link::qrng::Fault;
use crate::link::weather::Weather;
use crate::link::{self, Attack, Channel, Conditions, Link, surroundings};
use std::collections::VecDeque;
use std::sync::Arc;

/// Who takes part in a link's distillation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    Alice,
    Bob,
    /// Who answers in Bob's place without his secrets.
    Stranger,
}

/// One link with both its parties.
#[derive(Clone, Debug)]
pub(super) struct Room {
    pub id: LinkId,
    pub alice: NodeId,
    pub bob: NodeId,
    pub link: Link,
    pub alice_party: Party,
    bob_party: Party,
    stranger: Party,
    carrier: FaultInjector<FixedDelay>,
    /// Blocks that one side has dropped: the other may say so too.
    dropped_by_one: VecDeque<u32>,
    pub blocks: u32,
    pub dropped: u32,
    pub alarm: bool,
    pub qber: f64,
    pub key_rate_bps: f64,
    pub clicks_hz: f64,
    duration_s: f64,
    cooler_health: f64,
    qrng_fault: Option<Fault>,
}

/// All links.
#[derive(Clone, Debug)]
pub(super) struct Optics {
    pub rooms: Vec<Room>,
    course: Course,
    /// The weather as its course has it now, and as it was last told.
    weather: Weather,
    told: Weather,
}

/// How often the sun's place is looked at: it moves a quarter of a degree a minute.
pub(super) const SUN: SimDuration = SimDuration::from_millis(60_000);
/// What full jamming is, counts a second.
const JAMMING_HZ: f64 = 1e7;

/// Whether the weather has changed by enough to be told: a glide is not told step by step.
fn notable(told: &Weather, now: &Weather) -> bool {
    let ratio = now.visibility_km / told.visibility_km;
    !(0.75..1.33).contains(&ratio)
        || libm::fabs(now.rain_mm_h - told.rain_mm_h) >= 2.0
        || (now.rain_mm_h > 0.0) != (told.rain_mm_h > 0.0)
        || libm::fabs(now.snow_mm_h - told.snow_mm_h) >= 0.5
        || libm::fabs(now.wind_mps - told.wind_mps) >= 3.0
        || libm::fabs(now.temperature_c - told.temperature_c) >= 2.0
        || libm::fabs(now.cloud - told.cloud) >= 0.3
        || (now.fog, now.snow) != (told.fog, told.snow)
}

/// The attack that the switches set.
fn attack(knobs: &Knobs) -> Option<Attack> {
    let fraction = knobs.eve_fraction;
    let intercept = |basis| Attack::InterceptResend { fraction, basis };
    if fraction <= 0.0 {
        return None;
    }
    Some(match knobs.eve_kind {
        EveKind::InterceptResend => intercept(EveBasis::Random),
        EveKind::InterceptX => intercept(EveBasis::X),
        EveKind::InterceptZ => intercept(EveBasis::Z),
        EveKind::InterceptBreidbart => intercept(EveBasis::Breidbart),
        EveKind::PhotonNumberSplitting => Attack::PhotonNumberSplitting { fraction },
        EveKind::BeamSplitting => Attack::BeamSplitting { fraction },
        EveKind::Jamming => Attack::Jamming { counts_hz: fraction * JAMMING_HZ },
        // Whoever takes the beam gets the light that Bob would get.
        EveKind::Impersonation => return None,
    })
}

/// Whether somebody answers in the place of this link's Bob.
fn imposed(knobs: &Knobs, link: usize) -> bool {
    knobs.eve_kind == EveKind::Impersonation && knobs.eve_fraction > 0.0 && knobs.eve_link as usize == link
}

impl Room {
    /// Who hears what Alice says of a block: whoever had Bob's place when it began.
    fn listener(&self, bytes: &[u8]) -> End {
        let imposed = message::block_of(bytes).is_some_and(|block| self.stranger.knows(block));
        if imposed { End::Stranger } else { End::Bob }
    }
}

impl Optics {
    pub fn new(scenario: &Scenario, streams: &Streams, seed: u64, knobs: &Knobs) -> Self {
        let file = &scenario.file;
        let params = &file.link_params;
        let mut course = scenario.weather_course(seed);
        let weather = course.at(0.0);
        let mut optics = Self { rooms: Vec::new(), course, weather, told: weather };
        for (i, l) in file.links.iter().enumerate() {
            let rules = Rules::new(params, &file.distill_params);
            let [alice_party, bob_party] = round::installed(&l.id, &rules, streams);
            let stranger = round::stranger(&l.id, &rules, streams);
            let carrier = FaultInjector {
                inner: FixedDelay { delay: file.distill_params.delay() },
                rng: streams.stream(&format!("distill/{}/channel", l.id)),
                loss: file.distill_params.loss,
                duplicate: 0.0,
            };
            let conditions = optics.conditions(scenario, knobs, SimTime::ZERO, i);
            optics.rooms.push(Room {
                id: l.id.clone(),
                alice: l.a.clone(),
                bob: l.b.clone(),
                link: Link::new(l.id.clone(), params, scenario.range_m(l), conditions, streams),
                alice_party,
                bob_party,
                stranger,
                carrier,
                dropped_by_one: VecDeque::new(),
                blocks: 0,
                dropped: 0,
                alarm: false,
                qber: f64::NAN,
                key_rate_bps: 0.0,
                clicks_hz: 0.0,
                duration_s: 1.0,
                cooler_health: 1.0,
                qrng_fault: None,
            });
        }
        optics
    }

    /// The weather as its course has it now.
    pub fn weather(&self) -> &Weather {
        &self.weather
    }

    /// What link `link` feels now.
    fn conditions(&self, scenario: &Scenario, knobs: &Knobs, now: SimTime, link: usize) -> Conditions {
        let weather =
            Weather { visibility_km: knobs.visibility_km, rain_mm_h: knobs.rain_mm_h, ..self.weather };
        let (sun, site) = (scenario.start(knobs.hour_utc).sun(now.as_secs()), scenario.site(link));
        let room = self.rooms.get(link);
        Conditions {
            cooler_health: room.map_or(1.0, |r| r.cooler_health),
            qrng_fault: room.and_then(|r| r.qrng_fault),
            attack: attack(knobs).filter(|_| knobs.eve_link as usize == link),
            blocked: knobs.broken_link == Some(link as u32),
            ..surroundings::conditions(&weather, &sun, &site)
        }
    }
}

impl World {
    /// The channel of the link of this number as it stands, but for its fading; `None` for a number that is none's.
    #[must_use]
    pub fn channel(&self, link: usize) -> Option<&Channel> {
        self.optics.rooms.get(link).map(|room| room.link.channel())
    }

    /// Weather or eavesdropper changed.
    pub(super) fn conditions_changed(&mut self) {
        for link in 0..self.optics.rooms.len() {
            let conditions = self.optics.conditions(&self.scenario, &self.knobs, self.now, link);
            self.link_input(link, link::Input::Conditions(conditions));
        }
    }

    /// An entry of the scenario's hardware faults is due.
    pub(super) fn hardware_breaks(&mut self, i: usize) {
        let fault = self.scenario.file.hardware_faults[i].clone();
        if let Some(room) = self.optics.rooms.iter_mut().find(|r| r.id == fault.link) {
            (room.cooler_health, room.qrng_fault) = (fault.cooler_health, fault.qrng);
            self.conditions_changed();
        }
    }

    /// Comes back when the weather's course changes next.
    pub(super) fn await_weather(&mut self) {
        if let Some(t_s) = self.optics.course.next_change_after(self.now_s()) {
            self.queue.push(SimTime::from_secs(t_s), Task::Weather);
        }
    }

    /// The course has come to a change: it sets the switches that are the weather's.
    pub(super) fn weather_changes(&mut self) {
        let weather = self.optics.course.at(self.now_s());
        let before = std::mem::replace(&mut self.optics.weather, weather);
        if weather != before {
            let Weather { visibility_km, rain_mm_h, .. } = weather;
            self.knobs = Knobs { visibility_km, rain_mm_h, ..self.knobs };
            self.conditions_changed();
            if notable(&self.optics.told, &weather) {
                self.optics.told = weather;
                self.event(Event::Weather(weather));
            }
        }
        self.await_weather();
    }

    pub(super) fn demand(&mut self, link: usize, wanted: bool) {
        self.link_input(link, link::Input::Demand(wanted));
    }

    pub(super) fn link_wakes(&mut self, link: usize) {
        self.link_input(link, link::Input::Wake);
    }

    fn link_input(&mut self, link: usize, input: link::Input) {
        let mut out = Vec::new();
        let now = self.now;
        self.optics.rooms[link].link.handle(now, input, &mut out);
        for output in out {
            match output {
                Output::Send((), ()) => {}
                Output::WakeAt(at) => self.queue.push(at, Task::LinkWake(link)),
                Output::Event(event) => {
                    if let link::Event::BlockReady { clicks, duration_s, .. } = &event {
                        let room = &mut self.optics.rooms[link];
                        (room.clicks_hz, room.duration_s) = (*clicks as f64 / duration_s, *duration_s);
                    }
                    self.event(Event::Link { link: self.optics.rooms[link].id.clone(), event });
                }
                Output::Deliver(block) => {
                    self.optics.rooms[link].blocks += 1;
                    let (id, detections) = (block.id, block.detections);
                    let alice = HalfRecord::Alice { records: detections.alice, pulses: detections.pulses };
                    let bob = if imposed(&self.knobs, link) { End::Stranger } else { End::Bob };
                    self.party_input(link, End::Alice, distill::Input::Block(id.clone(), alice));
                    self.party_input(link, bob, distill::Input::Block(id, HalfRecord::Bob(detections.bob)));
                }
            }
        }
    }

    pub(super) fn distill_hears(&mut self, link: usize, end: End, bytes: Arc<[u8]>) {
        self.party_input(link, end, distill::Input::Message(bytes));
    }

    pub(super) fn distill_wakes(&mut self, link: usize, end: End) {
        self.party_input(link, end, distill::Input::Wake);
    }

    fn party_input(&mut self, link: usize, end: End, input: distill::Input) {
        let mut out = Vec::new();
        let now = self.now;
        let room = &mut self.optics.rooms[link];
        let (party, node) = match end {
            End::Alice => (&mut room.alice_party, &room.alice),
            End::Bob => (&mut room.bob_party, &room.bob),
            End::Stranger => (&mut room.stranger, &room.bob),
        };
        let node = node.clone();
        party.handle(now, input, &mut out);
        for output in out {
            match output {
                Output::Send((), bytes) => {
                    let room = &mut self.optics.rooms[link];
                    let other = if end == End::Alice { room.listener(&bytes) } else { End::Alice };
                    let mut arrivals = Vec::new();
                    room.carrier.carry(now, bytes, &mut arrivals);
                    for (at, bytes) in arrivals {
                        self.queue.push(at, Task::Distill(link, other, bytes));
                    }
                }
                Output::WakeAt(at) => self.queue.push(at, Task::DistillWake(link, end)),
                // What a stranger makes or thinks is no event of the network's.
                _ if end == End::Stranger => {}
                Output::Deliver(distilled) => self.keys_from_light(link, &node, distilled.keys),
                Output::Event(event) => {
                    if self.note_distilled(link, &event) {
                        self.event(Event::Distill { link: self.optics.rooms[link].id.clone(), event });
                    }
                }
            }
        }
    }

    /// Keeps what the picture shows of an event; false where the other side has said the same before.
    fn note_distilled(&mut self, link: usize, event: &distill::Event) -> bool {
        let room = &mut self.optics.rooms[link];
        match event {
            distill::Event::Reconciled { qber_x, .. } => room.qber = *qber_x,
            distill::Event::Distilled { secret_bits, .. } => {
                room.key_rate_bps = f64::from(*secret_bits) / room.duration_s;
                room.alarm = false;
                self.counts.secret_bits += u64::from(*secret_bits);
            }
            distill::Event::Dropped { block, why, .. } => {
                if let Some(at) = room.dropped_by_one.iter().position(|seq| *seq == block.seq) {
                    room.dropped_by_one.remove(at);
                    return false;
                }
                room.dropped_by_one.push_back(block.seq);
                if room.dropped_by_one.len() > UNDER_WAY {
                    room.dropped_by_one.pop_front();
                }
                (room.dropped, room.alarm, room.key_rate_bps) = (room.dropped + 1, true, 0.0);
                if let distill::DropReason::Qber { qber, .. } = why {
                    room.qber = *qber;
                }
            }
            distill::Event::Sifted { .. } | distill::Event::Refused { .. } => {}
        }
        true
    }
}
