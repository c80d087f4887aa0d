//! The collective perception message, ETSI TS 103 324 V2.1.1, in UPER: what a station sees around it.

use crate::ground::{GeoPoint, Point, StationId};
use keyway_asn1::Uper;
use keyway_asn1::cpm_originating_station_containers::OriginatingRsuContainer;
use keyway_asn1::cpm_pdu_descriptions::{
    CollectivePerceptionMessage, ConstraintWrappedCpmContainers, CpmContainerId, CpmPayload,
    ManagementContainer, WrappedCpmContainer,
};
use keyway_asn1::cpm_perceived_object_container::{PerceivedObjectContainer, PerceivedObjects};
use keyway_asn1::etsi_its_cdd as cdd;
use rasn::types::Any;
use serde::{Deserialize, Serialize};
use thiserror::Error;

/// messageId of a CPM (TS 102 894-2).
pub const MESSAGE_ID: u8 = 14;
/// protocolVersion of release 2.
const PROTOCOL_VERSION: u8 = 2;
/// CpmContainerId of the originating RSU container.
const ORIGINATING_RSU: u8 = 2;
/// CpmContainerId of the perceived object container.
const PERCEIVED_OBJECTS: u8 = 5;
/// Objects that one message can hold here: the message stays under the link's 1 400 bytes.
pub const MAX_OBJECTS: usize = 40;
/// From then on an offset is "out of range" (CartesianCoordinateLarge), metres.
const MAX_OFFSET_CM: i32 = 131_070;

/// What an object is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ObjectClass {
    /// A passenger car (TrafficParticipantType 5).
    Car,
    /// A pedestrian.
    Pedestrian,
    /// A cyclist.
    Cyclist,
    /// A single object on the road that is none of these (OtherSubClass 1).
    Obstacle,
    /// Anything else, or not said.
    Unknown,
}

/// One perceived object, in the message's own units.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PerceivedObject {
    /// Identifier within the sender's messages.
    pub id: u16,
    /// Centimetres east of the reference position, -131 072 to 131 070.
    pub east_cm: i32,
    /// Centimetres north of the reference position.
    pub north_cm: i32,
    /// Speed to the east, cm/s, -16 383 to 16 382.
    pub east_cmps: i16,
    /// Speed to the north, cm/s.
    pub north_cmps: i16,
    /// What it is.
    pub class: ObjectClass,
}

impl PerceivedObject {
    /// Offset from the reference position.
    #[must_use]
    pub fn offset(&self) -> Point {
        Point { x_m: f64::from(self.east_cm) / 100.0, y_m: f64::from(self.north_cm) / 100.0 }
    }
}

/// A collective perception message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cpm {
    /// Who it says it is from.
    pub station: StationId,
    /// Reference time: TAI milliseconds since 2004-01-01, under 2^42.
    pub time_ms: u64,
    /// Latitude of the reference position, 0.1 microdegrees.
    pub latitude: i32,
    /// Longitude of the reference position, 0.1 microdegrees.
    pub longitude: i32,
    /// What was seen.
    pub objects: Vec<PerceivedObject>,
}

/// Why a message could not be made.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{field}: {value}; expected {expected}")]
pub struct EncodeError {
    /// The field.
    pub field: &'static str,
    /// Its value.
    pub value: String,
    /// What was expected.
    pub expected: &'static str,
}

/// Why bytes are no message.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum DecodeError {
    /// Not UPER of this type.
    #[error("not a CPM in UPER: {0}")]
    Syntax(String),
    /// Another message or version.
    #[error("protocolVersion {version}, messageId {message}; expected {PROTOCOL_VERSION} and {MESSAGE_ID}")]
    Header {
        /// protocolVersion.
        version: u8,
        /// messageId.
        message: u8,
    },
}

/// 0.1 microdegrees from degrees.
#[must_use]
pub fn tenth_microdegrees(degrees: f64) -> i32 {
    (degrees * 1e7).round() as i32
}

impl Cpm {
    /// The reference position.
    #[must_use]
    pub fn position(&self) -> GeoPoint {
        GeoPoint { lon: f64::from(self.longitude) / 1e7, lat: f64::from(self.latitude) / 1e7 }
    }

    /// The message's bytes.
    ///
    /// # Errors
    /// [`EncodeError`] where a value does not fit its field.
    pub fn encode(&self) -> Result<Vec<u8>, EncodeError> {
        let refuse = |field, value: String, expected| Err(EncodeError { field, value, expected });
        if self.objects.len() > MAX_OBJECTS {
            return refuse("objects", self.objects.len().to_string(), "at most 40");
        }
        if self.time_ms >= 1 << 42 {
            return refuse("time_ms", self.time_ms.to_string(), "less than 2^42");
        }
        if !(-900_000_000..=900_000_000).contains(&self.latitude)
            || !(-1_800_000_000..=1_800_000_000).contains(&self.longitude)
        {
            return refuse("position", format!("{}, {}", self.latitude, self.longitude), "degrees on Earth");
        }
        for o in &self.objects {
            if o.east_cm.abs() > MAX_OFFSET_CM || o.north_cm.abs() > MAX_OFFSET_CM {
                return refuse(
                    "objects.offset",
                    format!("{}, {} cm", o.east_cm, o.north_cm),
                    "within 1310.70 m",
                );
            }
            if o.east_cmps.unsigned_abs() > 16_382 || o.north_cmps.unsigned_abs() > 16_382 {
                return refuse(
                    "objects.velocity",
                    format!("{}, {} cm/s", o.east_cmps, o.north_cmps),
                    "within 163.82 m/s",
                );
            }
        }
        let broken = |field| {
            move |e: rasn::error::EncodeError| EncodeError { field, value: e.to_string(), expected: "UPER" }
        };
        let rsu = OriginatingRsuContainer::new(None).to_uper().map_err(broken("originatingRsuContainer"))?;
        let seen = PerceivedObjectContainer::new(
            cdd::CardinalNumber1B(self.objects.len() as u8),
            PerceivedObjects(self.objects.iter().map(object_out).collect()),
        );
        let seen = seen.to_uper().map_err(broken("perceivedObjectContainer"))?;
        let wrap = |id, bytes| WrappedCpmContainer::new(CpmContainerId(id), Any::new(bytes));
        let message = CollectivePerceptionMessage::new(
            cdd::ItsPduHeader::new(
                cdd::OrdinalNumber1B(PROTOCOL_VERSION),
                cdd::MessageId(MESSAGE_ID),
                cdd::StationId(self.station.0),
            ),
            CpmPayload::new(
                ManagementContainer::new(cdd::TimestampIts(self.time_ms), self.reference(), None, None),
                ConstraintWrappedCpmContainers(vec![
                    wrap(ORIGINATING_RSU, rsu),
                    wrap(PERCEIVED_OBJECTS, seen),
                ]),
            ),
        );
        message.to_uper().map_err(broken("cpm"))
    }

    /// Surveyed to a decimetre, height not said.
    fn reference(&self) -> cdd::ReferencePosition {
        cdd::ReferencePosition::new(
            cdd::Latitude(self.latitude),
            cdd::Longitude(self.longitude),
            cdd::PosConfidenceEllipse::new(
                cdd::SemiAxisLength(10),
                cdd::SemiAxisLength(10),
                cdd::HeadingValue(0),
            ),
            cdd::Altitude::new(cdd::AltitudeValue(800_001), cdd::AltitudeConfidence::unavailable),
        )
    }

    /// The message in these bytes.
    ///
    /// # Errors
    /// [`DecodeError`]; no bytes make it panic.
    pub fn decode(bytes: &[u8]) -> Result<Self, DecodeError> {
        let syntax = |e: rasn::error::DecodeError| DecodeError::Syntax(e.to_string());
        let message = CollectivePerceptionMessage::from_uper(bytes).map_err(syntax)?;
        let header = &message.header;
        if header.protocol_version.0 != PROTOCOL_VERSION || header.message_id.0 != MESSAGE_ID {
            return Err(DecodeError::Header {
                version: header.protocol_version.0,
                message: header.message_id.0,
            });
        }
        let mut objects = Vec::new();
        for container in &message.payload.cpm_containers.0 {
            if container.container_id.0 == PERCEIVED_OBJECTS {
                let seen = PerceivedObjectContainer::from_uper(container.container_data.as_bytes())
                    .map_err(syntax)?;
                objects.extend(seen.perceived_objects.0.iter().map(object_in));
            }
        }
        let management = &message.payload.management_container;
        Ok(Self {
            station: StationId(header.station_id.0),
            time_ms: management.reference_time.0,
            latitude: management.reference_position.latitude.0,
            longitude: management.reference_position.longitude.0,
            objects,
        })
    }
}

fn object_out(o: &PerceivedObject) -> cdd::PerceivedObject {
    // Confidences: 0.1 m and 0.1 m/s.
    let coordinate = |cm| {
        cdd::CartesianCoordinateWithConfidence::new(
            cdd::CartesianCoordinateLarge(cm),
            cdd::CoordinateConfidence(10),
        )
    };
    let speed =
        |cmps| cdd::VelocityComponent::new(cdd::VelocityComponentValue(cmps), cdd::SpeedConfidence(10));
    let class = match o.class {
        ObjectClass::Car => Some(cdd::ObjectClass::vehicleSubClass(cdd::TrafficParticipantType(5))),
        ObjectClass::Pedestrian => Some(cdd::ObjectClass::vruSubClass(
            cdd::VruProfileAndSubprofile::pedestrian(cdd::VruSubProfilePedestrian(1)),
        )),
        ObjectClass::Cyclist => Some(cdd::ObjectClass::vruSubClass(
            cdd::VruProfileAndSubprofile::bicyclistAndLightVruVehicle(cdd::VruSubProfileBicyclist(1)),
        )),
        ObjectClass::Obstacle => Some(cdd::ObjectClass::otherSubClass(cdd::OtherSubClass(1))),
        ObjectClass::Unknown => None,
    };
    let classification = class.map(|class| {
        cdd::ObjectClassDescription(vec![cdd::ObjectClassWithConfidence::new(
            class,
            cdd::ConfidenceLevel(95),
        )])
    });
    cdd::PerceivedObject::new(
        Some(cdd::Identifier2B(o.id)),
        cdd::DeltaTimeMilliSecondSigned(0),
        cdd::CartesianPosition3dWithConfidence::new(coordinate(o.east_cm), coordinate(o.north_cm), None),
        Some(cdd::Velocity3dWithConfidence::cartesianVelocity(cdd::VelocityCartesian::new(
            speed(o.east_cmps),
            speed(o.north_cmps),
            None,
        ))),
        None,
        None,
        None,
        None,
        None,
        None,
        None,
        None,
        None,
        None,
        classification,
        None,
    )
}

fn object_in(o: &cdd::PerceivedObject) -> PerceivedObject {
    let (east_cmps, north_cmps) = match &o.velocity {
        Some(cdd::Velocity3dWithConfidence::cartesianVelocity(v)) => {
            (v.x_velocity.value.0, v.y_velocity.value.0)
        }
        _ => (0, 0),
    };
    let class =
        o.classification.as_ref().and_then(|c| c.0.first()).map_or(ObjectClass::Unknown, |c| {
            match &c.object_class {
                cdd::ObjectClass::vehicleSubClass(_) => ObjectClass::Car,
                cdd::ObjectClass::vruSubClass(cdd::VruProfileAndSubprofile::pedestrian(_)) => {
                    ObjectClass::Pedestrian
                }
                cdd::ObjectClass::vruSubClass(cdd::VruProfileAndSubprofile::bicyclistAndLightVruVehicle(
                    _,
                )) => ObjectClass::Cyclist,
                cdd::ObjectClass::otherSubClass(_) => ObjectClass::Obstacle,
                _ => ObjectClass::Unknown,
            }
        });
    PerceivedObject {
        id: o.object_id.as_ref().map_or(0, |id| id.0),
        east_cm: o.position.x_coordinate.value.0,
        north_cm: o.position.y_coordinate.value.0,
        east_cmps,
        north_cmps,
        class,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn object() -> impl Strategy<Value = PerceivedObject> {
        let class = prop::sample::select(vec![
            ObjectClass::Car,
            ObjectClass::Pedestrian,
            ObjectClass::Cyclist,
            ObjectClass::Obstacle,
            ObjectClass::Unknown,
        ]);
        (
            any::<u16>(),
            -131_070i32..=131_070,
            -131_070i32..=131_070,
            -16_382i16..=16_382,
            -16_382i16..=16_382,
            class,
        )
            .prop_map(|(id, east_cm, north_cm, east_cmps, north_cmps, class)| PerceivedObject {
                id,
                east_cm,
                north_cm,
                east_cmps,
                north_cmps,
                class,
            })
    }

    fn cpm() -> impl Strategy<Value = Cpm> {
        (
            any::<u32>(),
            0u64..1 << 42,
            -900_000_000i32..=900_000_000,
            -1_800_000_000i32..=1_800_000_000,
            prop::collection::vec(object(), 0..=MAX_OBJECTS),
        )
            .prop_map(|(station, time_ms, latitude, longitude, objects)| Cpm {
                station: StationId(station),
                time_ms,
                latitude,
                longitude,
                objects,
            })
    }

    /// Bytes that asn1tools 0.169, another ASN.1 implementation, compiled from the same modules reads as these
    /// values and writes again as the same bytes.
    #[test]
    fn another_decoder_reads_the_same() {
        let hex = "020E00000067023DEEA8A4B2A6EFAD5352DFB6A0050050006DDD0F91010041800805801000040020C4E0097A1B00\
                   26820625E6109016F000";
        let bytes: Vec<u8> =
            (0..hex.len() / 2).map(|i| u8::from_str_radix(&hex[2 * i..2 * i + 2], 16).unwrap()).collect();
        let expected = Cpm {
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
        assert_eq!(Cpm::decode(&bytes).unwrap(), expected);
        assert_eq!(expected.encode().unwrap(), bytes);
    }

    proptest! {
        #[test]
        fn decoding_gives_back_what_was_encoded(message in cpm()) {
            prop_assert_eq!(Cpm::decode(&message.encode().unwrap()).unwrap(), message);
        }

        #[test]
        fn no_bytes_make_decoding_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let _ = Cpm::decode(&bytes);
        }

        #[test]
        fn no_change_makes_decoding_panic(message in cpm(), at in any::<prop::sample::Index>(), to in any::<u8>(), cut in any::<prop::sample::Index>()) {
            let mut bytes = message.encode().unwrap();
            let i = at.index(bytes.len());
            bytes[i] = to;
            let _ = Cpm::decode(&bytes);
            let _ = Cpm::decode(&bytes[..cut.index(bytes.len())]);
        }
    }

    #[test]
    fn a_value_that_does_not_fit_is_named() {
        let far = PerceivedObject {
            id: 1,
            east_cm: 200_000,
            north_cm: 0,
            east_cmps: 0,
            north_cmps: 0,
            class: ObjectClass::Car,
        };
        let message =
            Cpm { station: StationId(1), time_ms: 0, latitude: 0, longitude: 0, objects: vec![far] };
        assert_eq!(message.encode().unwrap_err().field, "objects.offset");
    }
}
