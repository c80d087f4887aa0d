//! The collective perception message in UPER: TS 103 324 V2.1.1 with the data elements of TS 102 894-2 V2.2.1.
//!
//! Followed are the fields that [`super::super::cpm`] writes, and those in their place that cost nothing more. What else
//! the standard allows ends the walk.

use super::walk::Walk;

const DICTIONARY: &str = "TS 102 894-2";
const PRESENCE: &str = "One bit for each optional field: which of them follow (X.691)";
const LENGTH: &str = "Length of what follows, in one or two bytes (X.691)";

/// A whole CPM. `None` where something follows that is not known here.
pub(super) fn message(walk: &mut Walk) -> Option<()> {
    walk.group("CollectivePerceptionMessage", "TS 103 324, annex A; in UPER (X.691)", |walk| {
        walk.group("header", "ItsPduHeader (TS 102 894-2)", |walk| {
            // Another version may be laid out otherwise, another message is no CPM.
            walk.plain("protocolVersion", 8, "Release of the message set")?;
            walk.plain("messageId", 8, "14 is a CPM").filter(|id| *id == 14)?;
            walk.plain("stationId", 32, "Who it says it is from")
        })?;
        walk.group("payload", "CpmPayload", |walk| {
            extension(walk)?;
            walk.group("managementContainer", "When and where it was made", management)?;
            walk.group("cpmContainers", "ConstraintWrappedCpmContainers", |walk| {
                let containers = walk.number("number of containers", (1, 8), "How many follow", plain)?;
                (0..containers).try_for_each(|_| container(walk))
            })
        })
    })
}

fn management(walk: &mut Walk) -> Option<()> {
    extension(walk)?;
    let about = "TimestampIts: TAI since 2004-01-01 (TS 102 894-2)";
    let optional = presence(walk, &["segmentationInfo", "messageRateRange"])?;
    walk.number("referenceTime", (0, 4_398_046_511_103), about, |ms| format!("{ms} ms"))?;
    walk.group("referencePosition", "ReferencePosition (TS 102 894-2)", |walk| {
        walk.number("latitude", (-900_000_000, 900_000_001), "Steps of 0.1 microdegree north", |v| {
            if v == 900_000_001 { "unavailable".into() } else { degrees(v) }
        })?;
        walk.number("longitude", (-1_800_000_000, 1_800_000_001), "Steps of 0.1 microdegree east", |v| {
            if v == 1_800_000_001 { "unavailable".into() } else { degrees(v) }
        })?;
        let axis = |v| match v {
            4_094 => "out of range".into(),
            4_095 => "unavailable".into(),
            _ => format!("{} m", scaled(v, 2)),
        };
        walk.group("positionConfidenceEllipse", "Where it is with 95 % confidence", |walk| {
            walk.number("semiMajorConfidence", (0, 4_095), "Half the long axis", axis)?;
            walk.number("semiMinorConfidence", (0, 4_095), "Half the short axis", axis)?;
            walk.number("semiMajorOrientation", (0, 3_601), "Of the long axis, from north", |v| {
                if v == 3_601 { "unavailable".into() } else { format!("{}°", scaled(v, 1)) }
            })
        })?;
        walk.group("altitude", "Altitude above the ellipsoid (TS 102 894-2)", |walk| {
            walk.number("altitudeValue", (-100_000, 800_001), "Steps of 0.01 m", |v| {
                if v == 800_001 { "unavailable".into() } else { format!("{} m", scaled(v, 2)) }
            })?;
            walk.number("altitudeConfidence", (0, 15), "Within this, with 95 % confidence", |v| {
                let metres = [
                    "0.01", "0.02", "0.05", "0.1", "0.2", "0.5", "1", "2", "5", "10", "20", "50", "100",
                    "200",
                ];
                match metres.get(v as usize) {
                    Some(metres) => format!("{metres} m"),
                    None => if v == 14 { "out of range" } else { "unavailable" }.into(),
                }
            })
        })
    })?;
    optional.is_empty().then_some(())
}

/// A container with its type, in an open type: its length goes before it.
fn container(walk: &mut Walk) -> Option<()> {
    walk.group("WrappedCpmContainer", "One container with its type", |walk| {
        let kind = walk.number("containerId", (1, 16), "What the container is", |id| {
            let names = [
                "originatingVehicleContainer",
                "originatingRsuContainer",
                "sensorInformationContainer",
                "perceptionRegionContainer",
                "perceivedObjectContainer",
            ];
            names.get(id as usize - 1).map_or(id.to_string(), |name| format!("{id}, {name}"))
        })?;
        let length = match walk.peek(2)? >> 1 {
            0 => walk.field("length", 8, LENGTH, |raw| Some(format!("{raw} bytes")))?,
            // From 16 384 bytes on it comes in pieces: no packet holds that.
            _ => walk
                .field("length", 16, LENGTH, |raw| {
                    (raw >> 14 == 2).then(|| format!("{} bytes", raw & 0x3FFF))
                })
                .map(|raw| raw & 0x3FFF)?,
        };
        let leftover = ("not understood", "A container, or a part of one, that is not laid out here");
        walk.within(length as u32 * 8, leftover, |walk| match kind {
            2 => walk.group("OriginatingRsuContainer", "The sender is a road-side unit", |walk| {
                extension(walk)?;
                presence(walk, &["mapReference"])?.is_empty().then_some(())
            }),
            5 => walk.group("PerceivedObjectContainer", "What the sender sees", |walk| {
                extension(walk)?;
                walk.number(
                    "numberOfPerceivedObjects",
                    (0, 255),
                    "All that it sees, here or elsewhere",
                    plain,
                )?;
                extension(walk)?;
                let objects = walk.number("number of objects", (0, 255), "How many follow", plain)?;
                (0..objects).try_for_each(|_| walk.group("PerceivedObject", DICTIONARY, object))
            }),
            _ => None,
        })
    })
}

/// The optional fields of a perceived object.
const OBJECT: [&str; 14] = [
    "objectId",
    "velocity",
    "acceleration",
    "angles",
    "zAngularVelocity",
    "lowerTriangularCorrelationMatrices",
    "objectDimensionZ",
    "objectDimensionY",
    "objectDimensionX",
    "objectAge",
    "objectPerceptionQuality",
    "sensorIdList",
    "classification",
    "mapPosition",
];

fn object(walk: &mut Walk) -> Option<()> {
    extension(walk)?;
    let optional = presence(walk, &OBJECT)?;
    let has = |name: &str| optional.contains(&name);
    if has("objectId") {
        walk.number("objectId", (0, 65_535), "Its number among the sender's objects", plain)?;
    }
    let about = "When it was measured, after the reference time";
    walk.number("measurementDeltaTime", (-2_048, 2_047), about, |v| format!("{v} ms"))?;
    walk.group("position", "From the reference position", |walk| {
        let up = presence(walk, &["zCoordinate"])?;
        coordinate(walk, "xCoordinate", "East")?;
        coordinate(walk, "yCoordinate", "North")?;
        if up.is_empty() { Some(()) } else { coordinate(walk, "zCoordinate", "Up") }
    })?;
    if has("velocity") {
        walk.group("velocity", "Velocity3dWithConfidence", |walk| {
            choice(walk, 1, &["polarVelocity", "cartesianVelocity"]).filter(|index| *index == 1)?;
            let up = presence(walk, &["zVelocity"])?;
            component(walk, "xVelocity", "East")?;
            component(walk, "yVelocity", "North")?;
            if up.is_empty() { Some(()) } else { component(walk, "zVelocity", "Up") }
        })?;
    }
    // These lie between the velocity and the classification.
    if OBJECT[2..12].iter().any(|name| has(name)) {
        return None;
    }
    if has("classification") {
        walk.group("classification", "ObjectClassDescription", |walk| {
            let classes = walk.number("number of classes", (1, 8), "How many follow", plain)?;
            (0..classes).try_for_each(|_| class(walk))
        })?;
    }
    (!has("mapPosition")).then_some(())
}

fn coordinate(walk: &mut Walk, name: &str, about: &str) -> Option<()> {
    walk.number(&format!("{name}.value"), (-131_072, 131_071), about, |v| match v {
        -131_072 | 131_071 => "out of range".into(),
        _ => format!("{} m", scaled(v, 2)),
    })?;
    let name = format!("{name}.confidence");
    walk.number(&name, (1, 4_096), "Within this, with 95 % confidence", |v| match v {
        4_095 => "out of range".into(),
        4_096 => "unavailable".into(),
        _ => format!("{} m", scaled(v, 2)),
    })?;
    Some(())
}

fn component(walk: &mut Walk, name: &str, about: &str) -> Option<()> {
    walk.number(&format!("{name}.value"), (-16_383, 16_383), about, |v| match v {
        -16_383 | 16_382 => "out of range".into(),
        16_383 => "unavailable".into(),
        _ => format!("{} m/s", scaled(v, 2)),
    })?;
    let name = format!("{name}.confidence");
    walk.number(&name, (1, 127), "Within this, with 95 % confidence", |v| match v {
        126 => "out of range".into(),
        127 => "unavailable".into(),
        _ => format!("{} m/s", scaled(v, 2)),
    })?;
    Some(())
}

fn class(walk: &mut Walk) -> Option<()> {
    extension(walk)?;
    match choice(walk, 2, &["vehicleSubClass", "vruSubClass", "groupSubClass", "otherSubClass"])? {
        0 => walk.number("vehicleSubClass", (0, 14), "TrafficParticipantType", |v| {
            if v == 5 { "5, passenger car".into() } else { v.to_string() }
        }),
        1 => {
            extension(walk)?;
            let kinds = ["pedestrian", "bicyclistAndLightVruVehicle", "motorcyclist", "animal"];
            let kind = choice(walk, 2, &kinds)?;
            walk.number(kinds.get(kind as usize)?, (0, 15), "Sub-profile of the road user", plain)
        }
        3 => walk.number("otherSubClass", (0, 255), "OtherSubClass", |v| {
            if v == 1 { "1, single object".into() } else { v.to_string() }
        }),
        _ => None,
    }?;
    walk.number("confidence", (1, 101), "That it is of this class", |v| {
        if v == 101 { "unavailable".into() } else { format!("{v} %") }
    })?;
    Some(())
}

/// The extension bit; an extended type ends the walk.
fn extension(walk: &mut Walk) -> Option<()> {
    let about = "Whether fields of a later version follow (X.691)";
    walk.field("extension", 1, about, |raw| Some(if raw == 1 { "yes" } else { "no" }.into()))
        .filter(|raw| *raw == 0)?;
    Some(())
}

/// The presence bits of optional fields; the names of those that follow.
fn presence<'n>(walk: &mut Walk, names: &[&'n str]) -> Option<Vec<&'n str>> {
    let bits = names.len() as u32;
    let present = |raw: u64| -> Vec<&'n str> {
        let bit = |i: usize| raw >> (names.len() - 1 - i) & 1 == 1;
        (0..names.len()).filter(|i| bit(*i)).map(|i| names[i]).collect()
    };
    let raw = walk.field("presence", bits, PRESENCE, |raw| {
        let present = present(raw);
        Some(if present.is_empty() { "none".into() } else { present.join(", ") })
    })?;
    Some(present(raw))
}

/// The index of a choice.
fn choice(walk: &mut Walk, bits: u32, names: &[&str]) -> Option<u64> {
    walk.field("choice", bits, "Which alternative follows (X.691)", |raw| {
        names.get(raw as usize).map(|name| format!("{raw}, {name}"))
    })
}

fn plain(value: i64) -> String {
    value.to_string()
}

/// Degrees from 0.1 microdegrees.
pub(super) fn degrees(tenth_micro: i64) -> String {
    format!("{}°", scaled(tenth_micro, 7))
}

/// A decimal number from its last digits: `scaled(-105, 2)` is `-1.05`.
pub(super) fn scaled(value: i64, places: u32) -> String {
    let unit = 10u64.pow(places);
    let (sign, size) = (if value < 0 { "-" } else { "" }, value.unsigned_abs());
    format!("{sign}{}.{:0width$}", size / unit, size % unit, width = places as usize)
}
