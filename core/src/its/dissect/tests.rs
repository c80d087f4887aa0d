//! The spans are held against the decoders of [`super::super::packet`] and of the generated types: each changed bit
//! changes the value of the field that it is said to lie in, and of no other.

use super::*;
use crate::ground::{GeoPoint, KeyId, SessionKey, SimTime, StationId};
use crate::its::{CPM_PORT, Cpm, JOIN_PORT, ObjectClass, Packet, PerceivedObject};
use crate::zap::dpn::{EpochKey, HEADER, Member, TAG, VERSION};
use geonetworking::en302636_4_1 as gn;
use geonetworking::{Decode, Packet as GnPacket};
use keyway_asn1::Uper;
use keyway_asn1::cpm_pdu_descriptions::CollectivePerceptionMessage;
use keyway_asn1::cpm_perceived_object_container::PerceivedObjectContainer;
use keyway_asn1::etsi_its_cdd as cdd;
use proptest::prelude::*;
use std::collections::BTreeMap;

/// Name of a field and its number among the fields of that name, with what a decoder reads there.
type Facts = BTreeMap<(String, usize), i64>;

/// What the decoders read in a packet; `None` where one of them refuses it. Of an encrypted payload there are none.
fn facts(bytes: &[u8]) -> Option<Facts> {
    let mut facts = Facts::new();
    let mut fact = |name: &str, value: i64| {
        let nth = (0..).find(|n| !facts.contains_key(&(name.to_owned(), *n))).unwrap_or(0);
        facts.insert((name.to_owned(), nth), value);
    };
    Packet::decode(bytes).ok()?;
    // The crate panics on a speed below zero: the sign is read here, the other 14 bits there.
    let mut positive = bytes.to_vec();
    let backwards = positive[32] & 0x40 != 0;
    positive[32] &= !0x40;
    let bytes = positive.as_slice();
    let GnPacket::Unsecured { basic, common, extended: Some(gn::ExtendedHeader::SHB(shb)), payload } =
        GnPacket::decode(bytes).ok()?.decoded
    else {
        return None;
    };
    let pv = &shb.source_position_vector;
    let address = pv.gn_address.address.iter().fold(0, |n, b| n << 8 | i64::from(*b));
    fact("Version", i64::from(u8::from(basic.version)));
    fact("LT", i64::from(basic.lifetime.0));
    fact("RHL", i64::from(basic.remaining_hop_limit));
    fact("Reserved", i64::from(basic.reserved));
    fact("Reserved", i64::from(u8::from(common.reserved_1)));
    fact("Reserved", i64::from(common.reserved_2));
    fact("TC: SCF", i64::from(common.traffic_class.store_carry_forward));
    fact("TC: Channel Offload", i64::from(common.traffic_class.channel_offload));
    fact("TC: ID", i64::from(u8::from(common.traffic_class.traffic_class_id)));
    fact("Flags: mobile", i64::from(common.flags[0]));
    fact("Flags: reserved", common.flags[1..].iter().fold(0, |n, b| n << 1 | i64::from(*b)));
    fact("PL", i64::from(common.payload_length));
    fact("MHL", i64::from(common.maximum_hop_limit));
    fact("M", i64::from(pv.gn_address.manually_configured));
    fact("ST", pv.gn_address.station_type as i64);
    fact("Reserved", i64::from(u16::from(pv.gn_address.reserved)));
    fact("MID", address);
    fact("TST", i64::from(pv.timestamp.0));
    fact("Lat", i64::from(pv.latitude));
    fact("Long", i64::from(pv.longitude));
    fact("PAI", i64::from(pv.position_accuracy));
    fact("S", i64::from(i16::from(pv.speed)) - if backwards { 1 << 14 } else { 0 });
    fact("H", i64::from(pv.heading));
    fact("Media-dependent data", i64::from(u32::from_be_bytes(shb.media_dependent_data)));
    fact("Destination port", i64::from(u16::from_be_bytes([payload[0], payload[1]])));
    fact("Destination port info", i64::from(u16::from_be_bytes([payload[2], payload[3]])));
    let mut content = &payload[4..];
    if *content.first()? == VERSION {
        (content.len() >= HEADER + TAG).then_some(())?;
        let word =
            |at: usize, n: usize| content[at..at + n].iter().rev().fold(0, |v, b| v << 8 | i64::from(*b));
        fact("sender", word(2, 4));
        fact("epoch", word(6, 4));
        fact("counter", word(10, 8));
        if content[1] == 1 {
            return Some(facts);
        }
        content = content.get(HEADER..content.len() - TAG).filter(|_| content[1] == 0)?;
    }
    let message = CollectivePerceptionMessage::from_uper(content).ok()?;
    let management = &message.payload.management_container;
    let place = &management.reference_position;
    fact("protocolVersion", i64::from(message.header.protocol_version.0));
    (message.header.message_id.0 == 14).then_some(())?;
    fact("stationId", i64::from(message.header.station_id.0));
    fact("referenceTime", management.reference_time.0 as i64);
    fact("latitude", i64::from(place.latitude.0));
    fact("longitude", i64::from(place.longitude.0));
    fact("semiMajorConfidence", i64::from(place.position_confidence_ellipse.semi_major_confidence.0));
    fact("semiMinorConfidence", i64::from(place.position_confidence_ellipse.semi_minor_confidence.0));
    fact("semiMajorOrientation", i64::from(place.position_confidence_ellipse.semi_major_orientation.0));
    fact("altitudeValue", i64::from(place.altitude.altitude_value.0));
    fact("altitudeConfidence", place.altitude.altitude_confidence as i64);
    for container in message.payload.cpm_containers.0.iter().filter(|c| c.container_id.0 == 5) {
        let seen = PerceivedObjectContainer::from_uper(container.container_data.as_bytes()).ok()?;
        fact("numberOfPerceivedObjects", i64::from(seen.number_of_perceived_objects.0));
        for object in &seen.perceived_objects.0 {
            fact("objectId", i64::from(object.object_id.as_ref()?.0));
            fact("measurementDeltaTime", i64::from(object.measurement_delta_time.0));
            let (x, y) = (&object.position.x_coordinate, &object.position.y_coordinate);
            fact("xCoordinate.value", i64::from(x.value.0));
            fact("xCoordinate.confidence", i64::from(x.confidence.0));
            fact("yCoordinate.value", i64::from(y.value.0));
            fact("yCoordinate.confidence", i64::from(y.confidence.0));
            if let Some(cdd::Velocity3dWithConfidence::cartesianVelocity(v)) = &object.velocity {
                fact("xVelocity.value", i64::from(v.x_velocity.value.0));
                fact("xVelocity.confidence", i64::from(v.x_velocity.confidence.0));
                fact("yVelocity.value", i64::from(v.y_velocity.value.0));
                fact("yVelocity.confidence", i64::from(v.y_velocity.confidence.0));
            }
            for class in object.classification.iter().flat_map(|c| &c.0) {
                use cdd::VruProfileAndSubprofile as Vru;
                match &class.object_class {
                    cdd::ObjectClass::vehicleSubClass(v) => fact("vehicleSubClass", i64::from(v.0)),
                    cdd::ObjectClass::vruSubClass(Vru::pedestrian(v)) => fact("pedestrian", i64::from(v.0)),
                    cdd::ObjectClass::vruSubClass(Vru::bicyclistAndLightVruVehicle(v)) => {
                        fact("bicyclistAndLightVruVehicle", i64::from(v.0));
                    }
                    cdd::ObjectClass::otherSubClass(v) => fact("otherSubClass", i64::from(v.0)),
                    _ => {}
                }
                fact("confidence", i64::from(class.confidence.0));
            }
        }
    }
    Some(facts)
}

/// Fields that decide what follows them: a change there may change everything behind.
const SHAPE: [&str; 13] = [
    "NH",
    "HT",
    "HST",
    "version",
    "flags",
    "extension",
    "presence",
    "choice",
    "length",
    "containerId",
    "number of containers",
    "number of objects",
    "number of classes",
];

/// The fields that are no groups, each with its number among those of its name.
fn leaves(fields: &[Field]) -> Vec<((String, usize), &Field)> {
    let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
    let mut leaves = Vec::new();
    for (i, field) in fields.iter().enumerate() {
        if fields.get(i + 1).is_none_or(|next| next.depth <= field.depth) {
            let nth = seen.entry(&field.name).or_default();
            leaves.push(((field.name.clone(), *nth), field));
            *nth += 1;
        }
    }
    leaves
}

/// Every bit lies in exactly one leaf, and a group spans exactly its fields.
fn assert_tiles(bytes: &[u8], fields: &[Field]) {
    let mut at = 0;
    for (_, leaf) in leaves(fields) {
        assert_eq!(leaf.first_bit, at, "{leaf:?}");
        assert!(leaf.bits > 0 && !leaf.value.is_empty() && !leaf.about.is_empty(), "{leaf:?}");
        at += leaf.bits;
    }
    assert_eq!(at as usize, bytes.len() * 8);
    for (i, group) in fields.iter().enumerate() {
        let inside = fields[i + 1..].iter().take_while(|f| f.depth > group.depth);
        if let Some(last) = inside.clone().last() {
            assert_eq!(fields[i + 1].first_bit, group.first_bit);
            assert_eq!(last.first_bit + last.bits, group.first_bit + group.bits, "{group:?}");
            assert_eq!(fields[i + 1].depth, group.depth + 1);
        }
    }
}

/// The number in a field's bits: signed in GeoNetworking, little-endian in the envelope, from the lower bound in UPER.
fn number(bytes: &[u8], field: &Field) -> i64 {
    let bit = |i: u32| i64::from(bytes[(i / 8) as usize] >> (7 - i % 8) & 1);
    let raw = (field.first_bit..field.first_bit + field.bits).fold(0, |n, i| n << 1 | bit(i));
    match field.name.as_str() {
        "Lat" | "Long" => i64::from(raw as i32),
        "S" if raw >= 1 << 14 => raw - (1 << 15),
        "sender" | "epoch" => i64::from((raw as u32).swap_bytes()),
        "counter" => raw.swap_bytes(),
        "latitude" => raw - 900_000_000,
        "longitude" => raw - 1_800_000_000,
        "altitudeValue" => raw - 100_000,
        "measurementDeltaTime" => raw - 2_048,
        "xCoordinate.value" | "yCoordinate.value" => raw - 131_072,
        "xVelocity.value" | "yVelocity.value" => raw - 16_383,
        "confidence" => raw + 1,
        name if name.ends_with(".confidence") => raw + 1,
        _ => raw,
    }
}

fn cpm() -> impl Strategy<Value = Cpm> {
    let classes = vec![
        ObjectClass::Car,
        ObjectClass::Pedestrian,
        ObjectClass::Cyclist,
        ObjectClass::Obstacle,
        ObjectClass::Unknown,
    ];
    let object = (
        any::<u16>(),
        (-131_070i32..=131_070, -131_070i32..=131_070),
        (-16_382i16..=16_382, -16_382i16..=16_382),
        prop::sample::select(classes),
    )
        .prop_map(|(id, (east_cm, north_cm), (east_cmps, north_cmps), class)| PerceivedObject {
            id,
            east_cm,
            north_cm,
            east_cmps,
            north_cmps,
            class,
        });
    (
        any::<u32>(),
        0u64..1 << 42,
        (-900_000_000i32..=900_000_000, -1_800_000_000i32..=1_800_000_000),
        prop::collection::vec(object, 0..12),
    )
        .prop_map(|(station, time_ms, (latitude, longitude), objects)| Cpm {
            station: StationId(station),
            time_ms,
            latitude,
            longitude,
            objects,
        })
}

/// A packet with this CPM: bare, or in an envelope, encrypted or not.
fn on_air(message: &Cpm, envelope: Option<bool>) -> Vec<u8> {
    let mut payload = message.encode().unwrap();
    if let Some(encrypt) = envelope {
        let mut member = Member::new(message.station);
        let key = SessionKey::new(KeyId::derive(&[b"q"]), 7, [5; 32]);
        member.add_epoch(EpochKey { key, expires: SimTime::from_secs(10.0) });
        payload = member.protect(SimTime::ZERO, &payload, encrypt).unwrap();
    }
    let place = GeoPoint { lon: -1.56, lat: 52.38 };
    Packet::new(message.station, place, message.time_ms, CPM_PORT, payload).encode().unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]
    #[test]
    fn each_field_reads_as_the_decoders_read_it(message in cpm(), envelope in prop::option::of(any::<bool>())) {
        let bytes = on_air(&message, envelope);
        let fields = packet(&bytes);
        assert_tiles(&bytes, &fields);
        let leaves: BTreeMap<_, _> = leaves(&fields).into_iter().collect();
        prop_assert!(!leaves.keys().any(|(name, _)| name == "not understood"), "{fields:#?}");
        prop_assert_eq!(leaves.keys().any(|(name, _)| name == "ciphertext"), envelope == Some(true));
        prop_assert_eq!(leaves.keys().any(|(name, _)| name == "tag"), envelope.is_some());
        let facts = facts(&bytes).expect("our own packet decodes");
        for (key, value) in &facts {
            prop_assert_eq!(number(&bytes, leaves[key]), *value, "{:?}", key);
        }
    }

    /// One changed bit: the decoders refuse the packet, or read another value in the field of that bit and the same in
    /// all others.
    #[test]
    fn a_bit_belongs_to_its_field_and_to_no_other(message in cpm(), envelope in prop::option::of(any::<bool>())) {
        let bytes = on_air(&message, envelope);
        let fields = packet(&bytes);
        let before = facts(&bytes).expect("our own packet decodes");
        for (key, leaf) in leaves(&fields) {
            for bit in leaf.first_bit..leaf.first_bit + leaf.bits {
                let mut changed = bytes.clone();
                changed[(bit / 8) as usize] ^= 0x80 >> (bit % 8);
                assert_tiles(&changed, &packet(&changed));
                let Some(after) = facts(&changed) else { continue };
                if SHAPE.contains(&key.0.as_str()) {
                    continue;
                }
                let differ: Vec<_> = before.iter().filter(|(k, v)| after.get(*k) != Some(*v)).map(|(k, _)| k).collect();
                prop_assert_eq!(before.len(), after.len());
                if before.contains_key(&key) {
                    prop_assert_eq!(&differ, &[&key], "bit {} of {:?}", bit, leaf);
                } else {
                    prop_assert!(differ.is_empty(), "bit {bit} of {leaf:?} changes {differ:?}");
                }
            }
        }
    }

    #[test]
    fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        assert_tiles(&bytes, &packet(&bytes));
    }

    #[test]
    fn no_cut_and_no_change_makes_it_panic(message in cpm(), envelope in prop::option::of(any::<bool>()), at in any::<prop::sample::Index>(), to in any::<u8>(), cut in any::<prop::sample::Index>()) {
        let mut bytes = on_air(&message, envelope);
        let i = at.index(bytes.len());
        bytes[i] = to;
        assert_tiles(&bytes, &packet(&bytes));
        let part = &bytes[..cut.index(bytes.len())];
        assert_tiles(part, &packet(part));
    }
}

/// The message that another ASN.1 implementation read (see `cpm`), field by field as that one printed it.
#[test]
fn the_fields_are_shown_in_their_units() {
    let message = Cpm {
        station: StationId(103),
        time_ms: 616_255_072_556,
        latitude: 523_832_490,
        longitude: -15_588_140,
        objects: vec![PerceivedObject {
            id: 0,
            east_cm: 3_150,
            north_cm: -6_036,
            east_cmps: 260,
            north_cmps: -829,
            class: ObjectClass::Car,
        }],
    };
    let fields = packet(&on_air(&message, Some(false)));
    let value = |name: &str| fields.iter().find(|f| f.name == name).map_or("missing", |f| f.value.as_str());
    for (name, expected) in [
        ("LT", "1000 ms"),
        ("HT", "5, topologically scoped broadcast"),
        ("HST", "0, single hop"),
        ("ST", "15, road-side unit"),
        ("MID", "02:00:00:00:00:67"),
        ("Lat", "52.3800000°"),
        ("Destination port", "2009, collective perception"),
        ("flags", "0, authenticated only"),
        ("sender", "103"),
        ("epoch", "7"),
        ("counter", "1"),
        ("stationId", "103"),
        ("referenceTime", "616255072556 ms"),
        ("latitude", "52.3832490°"),
        ("longitude", "-1.5588140°"),
        ("semiMajorConfidence", "0.10 m"),
        ("altitudeValue", "unavailable"),
        ("altitudeConfidence", "unavailable"),
        ("containerId", "2, originatingRsuContainer"),
        ("number of objects", "1"),
        ("presence", "none"),
        ("xCoordinate.value", "31.50 m"),
        ("yCoordinate.value", "-60.36 m"),
        ("xVelocity.value", "2.60 m/s"),
        ("yVelocity.value", "-8.29 m/s"),
        ("vehicleSubClass", "5, passenger car"),
        ("confidence", "95 %"),
        ("tag", "16 bytes"),
    ] {
        assert_eq!(value(name), expected, "{name}");
    }
}

#[test]
fn what_is_not_known_is_one_field() {
    let place = GeoPoint { lon: 0.0, lat: 0.0 };
    let last = |port, payload: &[u8]| {
        let bytes = Packet::new(StationId(1), place, 0, port, payload.to_vec()).encode().unwrap();
        let fields = packet(&bytes);
        assert_tiles(&bytes, &fields);
        let last = fields.last().unwrap();
        (last.name.clone(), last.value.clone())
    };
    let named = |name: &str, bytes: usize| (name.to_owned(), format!("{bytes} bytes"));
    assert_eq!(last(2_001, b"a CAM"), named("not understood", 5));
    assert_eq!(last(JOIN_PORT, &[9; 40]), named("not understood", 40));
    let hello = crate::zap::join::Message::Hello { device: "car".into(), nonce: [1; 16] }.encode();
    assert_eq!(last(JOIN_PORT, &hello), named("join message", hello.len()));
    assert_eq!(packet(b"\x12 secured").last().unwrap().value, "8 bytes");
    assert!(packet(&[]).is_empty());
}
