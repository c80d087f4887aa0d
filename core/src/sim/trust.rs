//! The world's trust: floor 4, gateway, devices and their members of the device private network.
//!
//! Devices are numbered: the road-side units in their order, then the car.

use super::event::Event;
use super::keys::GATEWAY;
use super::scenario::Scenario;
use super::world::{Task, WIRED, World};
use crate::ground::{DerivedKey, DeviceId, Output, SaeId, SimDuration, SimTime, StationId, Streams};
use crate::its::{JOIN_PORT, Packet};
use crate::kmm::Delivery;
use crate::road::air_time;
use crate::zap::join::wrap_last_leg;
use crate::zap::{self, Dau, Device, Gateway, Member, device, gateway};

/// One device with its membership.
#[derive(Clone, Debug)]
pub(super) struct Unit {
    pub id: DeviceId,
    device: Device,
    pub member: Member,
    /// What the rooftop unit wraps the last leg under; `None` for the car.
    leg_key: Option<DerivedKey>,
    rooftop: Option<SaeId>,
    pub silent: bool,
}

/// Gateway and devices.
#[derive(Clone, Debug)]
pub(super) struct Trust {
    pub gateway: Gateway,
    pub units: Vec<Unit>,
}

impl Trust {
    pub fn new(scenario: &Scenario, streams: &Streams) -> Self {
        let file = &scenario.file;
        let mut gateway = Gateway::new(&file.zap, streams.stream("zap/gateway"));
        let rsus = file.rsus.iter().map(|r| (r.id.as_str(), r.station, true));
        let all = rsus.chain([(file.vehicle.id.as_str(), file.vehicle.station, false)]);
        let units = all
            .map(|(name, station, wired)| {
                let id = DeviceId::from(name);
                let (dau, root) = Dau::enrol(&id, streams);
                let leg_key = wired.then(|| root.derive("last leg"));
                gateway.enrol(id.clone(), root, wired);
                let device = Device::new(id.clone(), dau, &file.zap, streams.stream(&format!("zap/{name}")));
                let member = Member::new(StationId(station));
                Unit {
                    id,
                    device,
                    member,
                    leg_key,
                    rooftop: wired.then(|| super::keys::rooftop_unit(name)),
                    silent: false,
                }
            })
            .collect();
        Self { gateway, units }
    }

    /// The car's number.
    pub fn car(&self) -> usize {
        self.units.len() - 1
    }
}

impl World {
    pub(super) fn enrolments(&mut self) {
        for unit in 0..self.trust.units.len() {
            let device = self.trust.units[unit].id.clone();
            self.event(Event::Zap(zap::Event::Enrolled { device }));
        }
    }

    /// Power-up: road-side units one after the other, then the car.
    pub(super) fn start_devices(&mut self) {
        for unit in 0..self.trust.units.len() {
            let at = self.now + SimDuration::from_millis(100 + 20 * unit as u64);
            self.queue.push(at, Task::Device(unit, device::Input::Start));
        }
        self.queue.push(self.now + SimDuration::from_millis(500), Task::GatewayWake);
    }

    /// A key that the modules below delivered: to the gateway, or over the last leg to a road-side unit.
    pub(super) fn key_for_trust(&mut self, delivery: Delivery) {
        if delivery.sae.as_str() == GATEWAY {
            let unit = self.trust.units.iter().find(|u| u.rooftop.as_ref() == Some(&delivery.peer_sae));
            if let Some(device) = unit.map(|u| u.id.clone()) {
                self.gateway_input(gateway::Input::QuantumKey(device, delivery.key));
            }
            return;
        }
        let unit = self.trust.units.iter().position(|u| u.rooftop.as_ref() == Some(&delivery.sae));
        if let Some((unit, leg_key)) = unit.and_then(|u| Some((u, self.trust.units[u].leg_key.as_ref()?))) {
            let sealed = wrap_last_leg(leg_key, &delivery.key);
            let input = device::Input::LastLeg(delivery.key.id, delivery.key.service, sealed);
            self.queue.push(self.now + WIRED, Task::Device(unit, input));
        }
    }

    pub(super) fn gateway_hears(&mut self, unit: usize, bytes: Vec<u8>) {
        let device = self.trust.units[unit].id.clone();
        self.gateway_input(gateway::Input::Message(device, bytes));
    }

    pub(super) fn gateway_wakes(&mut self) {
        self.gateway_input(gateway::Input::Wake);
    }

    fn gateway_input(&mut self, input: gateway::Input) {
        let mut out = Vec::new();
        let now = self.now;
        self.trust.gateway.handle(now, input, &mut out);
        for output in out {
            match output {
                Output::WakeAt(at) => self.queue.push(at, Task::GatewayWake),
                Output::Send(device, bytes) => {
                    let unit = self.trust.units.iter().position(|u| u.id == device);
                    if let Some((unit, at)) = unit.and_then(|u| Some((u, self.last_hop(u, &bytes)?))) {
                        self.queue.push(at, Task::Device(unit, device::Input::Message(bytes)));
                    }
                }
                Output::Event(event) => self.event(Event::Zap(event)),
                Output::Deliver(()) => {}
            }
        }
    }

    pub(super) fn device_hears(&mut self, unit: usize, input: device::Input) {
        let mut out = Vec::new();
        let now = self.now;
        self.trust.units[unit].device.handle(now, input, &mut out);
        for output in out {
            match output {
                Output::WakeAt(at) => self.queue.push(at, Task::Device(unit, device::Input::Wake)),
                Output::Send((), bytes) => {
                    if let Some(at) = self.last_hop(unit, &bytes) {
                        self.queue.push(at, Task::Gateway(unit, bytes));
                    }
                }
                Output::Deliver(epoch) => self.trust.units[unit].member.add_epoch(epoch),
                Output::Event(event) => self.event(Event::Zap(event)),
            }
        }
    }

    /// When bytes between gateway and device arrive: by wire, and to the car through a road-side unit in range, as a packet
    /// on the join port. `None` where no unit reaches the car.
    fn last_hop(&self, unit: usize, bytes: &[u8]) -> Option<SimTime> {
        if unit != self.trust.car() {
            return Some(self.now + WIRED);
        }
        let (rsu, position) = self.street.serving_rsu()?;
        let station = StationId(self.scenario.file.rsus[rsu].station);
        let packet =
            Packet::new(station, position, self.its_time_ms(), JOIN_PORT, bytes.to_vec()).encode().ok()?;
        Some(self.now + WIRED + air_time(packet.len()))
    }
}
