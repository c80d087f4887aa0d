//! Messages: a CPM of four objects to UPER and back, and in a GeoNetworking packet.

use criterion::{Criterion, criterion_group, criterion_main};
use keyway_core::ground::{GeoPoint, StationId};
use keyway_core::its::cpm::{Cpm, ObjectClass, PerceivedObject};
use keyway_core::its::{CPM_PORT, Packet};

fn cpm(c: &mut Criterion) {
    let object = |id| PerceivedObject {
        id,
        east_cm: 3_150,
        north_cm: -6_036,
        east_cmps: 260,
        north_cmps: -829,
        class: ObjectClass::Car,
    };
    let message = Cpm {
        station: StationId(103),
        time_ms: 616_255_072_556,
        latitude: 523_832_490,
        longitude: -15_588_140,
        objects: (0..4).map(object).collect(),
    };
    let bytes = message.encode().expect("the values are in range");
    let place = GeoPoint { lon: -1.558_814, lat: 52.383_249 };
    c.bench_function("its/CPM to UPER", |b| b.iter(|| message.encode()));
    c.bench_function("its/CPM from UPER", |b| b.iter(|| Cpm::decode(&bytes)));
    c.bench_function("its/GeoNetworking and BTP, there and back", |b| {
        b.iter(|| {
            let packet = Packet::new(StationId(103), place, 616_255_072_556, CPM_PORT, bytes.clone());
            packet.encode().and_then(|bytes| Packet::decode(&bytes))
        });
    });
}

criterion_group!(benches, cpm);
criterion_main!(benches);
