use super::*;
use crate::ground::{DerivedKey, ServiceId, Streams};
use crate::zap::device::{self, Dau, Device};
use crate::zap::dpn::{EpochKey, Member};
use crate::zap::join::wrap_last_leg;
use proptest::prelude::*;

struct Bench {
    gateway: Gateway,
    device: Device,
    leg_key: DerivedKey,
    events: Vec<Event>,
    epochs: Vec<EpochKey>,
    keys: u8,
}

impl Bench {
    fn new(enrolled: bool) -> Self {
        let streams = Streams::new(3);
        let id = DeviceId::from("rsu1");
        let (dau, root) = Dau::enrol(&id, &streams);
        let mut gateway = Gateway::new(&Params::default(), streams.stream("gateway"));
        let leg_key = root.derive("last leg");
        if enrolled {
            gateway.enrol(id.clone(), root, true);
        }
        let device = Device::new(id, dau, &Params::default(), streams.stream("device"));
        Self { gateway, device, leg_key, events: Vec::new(), epochs: Vec::new(), keys: 0 }
    }

    fn device_says(
        &mut self,
        now: SimTime,
        input: device::Input,
        tamper: &mut impl FnMut(Vec<u8>) -> Vec<u8>,
    ) {
        let mut out = Vec::new();
        self.device.handle(now, input, &mut out);
        for o in out {
            match o {
                Output::Send((), bytes) => {
                    let bytes = tamper(bytes);
                    self.gateway_hears(now, Input::Message("rsu1".into(), bytes), tamper);
                }
                Output::Deliver(epoch) => self.epochs.push(epoch),
                Output::Event(e) => self.events.push(e),
                Output::WakeAt(_) => {}
            }
        }
    }

    fn gateway_hears(&mut self, now: SimTime, input: Input, tamper: &mut impl FnMut(Vec<u8>) -> Vec<u8>) {
        let mut out = Vec::new();
        self.gateway.handle(now, input, &mut out);
        for o in out {
            match o {
                Output::Send(_, bytes) => {
                    let bytes = tamper(bytes);
                    self.device_says(now, device::Input::Message(bytes), tamper);
                }
                Output::Event(e) => self.events.push(e),
                _ => {}
            }
        }
    }

    fn quantum_key(&mut self) {
        self.keys += 1;
        let id = KeyId::derive(&[&[self.keys]]);
        let key = RelayedKey::new(id, ServiceId(1), 2, [self.keys; 32]);
        let sealed = wrap_last_leg(&self.leg_key, &key);
        self.device_says(SimTime::ZERO, device::Input::LastLeg(id, ServiceId(1), sealed), &mut |b| b);
        self.gateway_hears(SimTime::ZERO, Input::QuantumKey("rsu1".into(), key), &mut |b| b);
    }
}

#[test]
fn a_device_joins_and_takes_epochs_while_quantum_keys_come() {
    let mut bench = Bench::new(true);
    let honest = &mut |b| b;
    bench.device_says(SimTime::ZERO, device::Input::Start, honest);
    assert!(bench.device.joined() && bench.events.contains(&Event::Joined { device: "rsu1".into() }));
    bench.gateway_hears(SimTime::ZERO, Input::Wake, honest);
    assert!(bench.epochs.is_empty() && bench.gateway.expired(SimTime::ZERO), "no quantum key, no epoch");
    (0..4).for_each(|_| bench.quantum_key());
    bench.gateway_hears(SimTime::from_secs(1.0), Input::Wake, honest);
    bench.gateway_hears(SimTime::from_secs(3.0), Input::Wake, honest);
    bench.gateway_hears(SimTime::from_secs(5.0), Input::Wake, honest);
    assert_eq!(
        bench.epochs.iter().map(|e| e.key.epoch).collect::<Vec<_>>(),
        [1, 2],
        "two keys an epoch: four are two epochs"
    );
    assert!(bench.gateway.expired(SimTime::from_secs(8.0)), "fails closed");
    let mut member = Member::new(crate::ground::StationId(101));
    member.add_epoch(bench.epochs[1].clone());
    assert!(member.protect(SimTime::from_secs(4.0), b"x", false).is_some());
    assert!(member.protect(SimTime::from_secs(8.0), b"x", false).is_none());
}

#[test]
fn a_device_that_was_never_enrolled_is_refused() {
    let mut bench = Bench::new(false);
    bench.device_says(SimTime::ZERO, device::Input::Start, &mut |b| b);
    assert!(!bench.device.joined());
    assert!(bench.events.contains(&Event::JoinRefused { device: "rsu1".into(), why: JoinRefusal::Unknown }));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]
    /// One changed bit in any message of the join: the gateway never admits the device.
    #[test]
    fn a_changed_message_never_joins(victim in 0usize..3, bit in any::<prop::sample::Index>()) {
        let mut bench = Bench::new(true);
        let mut count = 0;
        bench.device_says(SimTime::ZERO, device::Input::Start, &mut |mut bytes| {
            if count == victim {
                let i = bit.index(bytes.len() * 8);
                bytes[i / 8] ^= 1 << (i % 8);
            }
            count += 1;
            bytes
        });
        let joined = bench.events.contains(&Event::Joined { device: "rsu1".into() });
        prop_assert!(!joined);
    }

    #[test]
    fn noise_is_no_message_and_never_panics(bytes in proptest::collection::vec(any::<u8>(), 0..100)) {
        let mut bench = Bench::new(true);
        bench.gateway_hears(SimTime::ZERO, Input::Message("rsu1".into(), bytes.clone()), &mut |b| b);
        bench.device_says(SimTime::ZERO, device::Input::Message(bytes), &mut |b| b);
        prop_assert!(!bench.device.joined());
    }
}
