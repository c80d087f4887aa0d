//! The headers around a message: GeoNetworking, BTP-B, and the envelope of the device private network.

use super::super::packet::{CPM_PORT, JOIN_PORT};
use super::cpm;
use super::walk::Walk;
use crate::zap::dpn;
use crate::zap::join;

/// A GeoNetworking packet. `None` where it goes on in a way that is not known here.
pub(super) fn packet(walk: &mut Walk) -> Option<()> {
    walk.group("Basic Header", "EN 302 636-4-1, clause 9.6", |walk| {
        walk.plain("Version", 4, "Version of GeoNetworking")?;
        walk.field("NH", 4, "Which header is next", |raw| {
            Some(pick(raw, &["0, unspecified", "1, Common Header", "2, secured packet"]))
        })
        .filter(|next| *next == 1)?;
        walk.plain("Reserved", 8, "Set to 0")?;
        walk.field("LT", 8, "Lifetime: six bits of multiplier, two bits of base", |raw| {
            Some(format!("{} ms", (raw >> 2) * [50, 1_000, 10_000, 100_000][(raw & 3) as usize]))
        })?;
        walk.plain("RHL", 8, "Remaining hop limit")
    })?;
    let payload = walk.group("Common Header", "EN 302 636-4-1, clause 9.7", common_header)?;
    walk.group("SHB Header", "Single-hop broadcast: EN 302 636-4-1, clause 9.8.4", |walk| {
        walk.group("SO PV", "The sender's long position vector: clause 9.5.2", position_vector)?;
        walk.plain("Media-dependent data", 32, "Of the radio below; 0 where it is not used")
    })?;
    let body = (payload as u32 * 8).min(walk.left());
    walk.within(body, ("not understood", "No layer above knows these bits"), |walk| {
        let port = walk.group("BTP-B Header", "EN 302 636-5-1, clause 7.2.2", |walk| {
            let port = walk.field("Destination port", 16, "Which service it is for (TS 103 248)", |raw| {
                let service = match raw as u16 {
                    CPM_PORT => ", collective perception",
                    JOIN_PORT => ", joining the device private network (no standard names it)",
                    _ => "",
                };
                Some(format!("{raw}{service}"))
            })?;
            walk.plain("Destination port info", 16, "Nothing more on the port")?;
            Some(port as u16)
        })?;
        match port {
            CPM_PORT => message(walk),
            JOIN_PORT => joining(walk),
            _ => None,
        }
    })
}

/// The payload's length in bytes.
fn common_header(walk: &mut Walk) -> Option<u64> {
    let next = walk.field("NH", 4, "Which header follows GeoNetworking's", |raw| {
        Some(pick(raw, &["0, unspecified", "1, BTP-A", "2, BTP-B", "3, IPv6"]))
    })?;
    walk.plain("Reserved", 4, "Set to 0")?;
    let kind = walk.field("HT", 4, "Header type", |raw| {
        let names = ["0, any", "1, beacon", "2, unicast", "3, anycast", "4, broadcast to an area"];
        let more = ["5, topologically scoped broadcast", "6, location service"];
        Some(pick(raw, &[&names[..], &more[..]].concat()))
    })?;
    let sub_kind = walk.field("HST", 4, "Header sub-type", |raw| {
        let name = if kind == 5 { ["0, single hop", "1, multi-hop"].get(raw as usize) } else { None };
        Some(name.map_or(raw.to_string(), |name| (*name).into()))
    })?;
    walk.field("TC: SCF", 1, "Traffic class: may be stored, carried and forwarded", yes_no)?;
    walk.field("TC: Channel Offload", 1, "Traffic class: may go to another channel", yes_no)?;
    walk.plain("TC: ID", 6, "Traffic class: 0 is the most urgent")?;
    walk.field("Flags: mobile", 1, "The sender may move", yes_no)?;
    walk.plain("Flags: reserved", 7, "Set to 0")?;
    let payload = walk.field("PL", 16, "Length of the payload behind GeoNetworking", bytes_of)?;
    walk.plain("MHL", 8, "Maximum hop limit")?;
    walk.plain("Reserved", 8, "Set to 0")?;
    ((next, kind, sub_kind) == (2, 5, 0)).then_some(payload)
}

fn position_vector(walk: &mut Walk) -> Option<u64> {
    walk.group("GN_ADDR", "The sender's GeoNetworking address: clause 6", |walk| {
        walk.field("M", 1, "The address was set by hand", yes_no)?;
        walk.field("ST", 5, "Station type (TS 102 894-2)", |raw| {
            Some(match raw {
                5 => "5, passenger car".into(),
                15 => "15, road-side unit".into(),
                _ => raw.to_string(),
            })
        })?;
        walk.plain("Reserved", 10, "Set to 0")?;
        walk.field("MID", 48, "Link-layer address; here the lower four bytes are the station", |raw| {
            let bytes: Vec<String> = raw.to_be_bytes()[2..].iter().map(|b| format!("{b:02x}")).collect();
            Some(bytes.join(":"))
        })
    })?;
    walk.field("TST", 32, "When it was there: TAI since 2004-01-01, modulo 2^32 ms", |raw| {
        Some(format!("{raw} ms"))
    })?;
    let degrees = |raw: u64| Some(cpm::degrees(i64::from(raw as u32 as i32)));
    walk.field("Lat", 32, "Latitude, steps of 0.1 microdegree north", degrees)?;
    walk.field("Long", 32, "Longitude, steps of 0.1 microdegree east", degrees)?;
    walk.field("PAI", 1, "The position is accurate", yes_no)?;
    walk.field("S", 15, "Speed, signed, steps of 0.01 m/s", |raw| {
        let signed = if raw >= 1 << 14 { raw as i64 - (1 << 15) } else { raw as i64 };
        Some(format!("{} m/s", cpm::scaled(signed, 2)))
    })?;
    walk.field("H", 16, "Heading, steps of 0.1 degree clockwise from north", |raw| {
        Some(format!("{}°", cpm::scaled(raw as i64, 1)))
    })
}

/// A CPM, alone or in an envelope.
fn message(walk: &mut Walk) -> Option<()> {
    let (header, tag) = (dpn::HEADER as u32 * 8, dpn::TAG as u32 * 8);
    let flags = walk.peek(16).filter(|raw| raw >> 8 == u64::from(dpn::VERSION)).map(|raw| raw & 0xFF);
    let Some(flags) = flags.filter(|flags| *flags <= 1 && walk.left() >= header + tag) else {
        return cpm::message(walk);
    };
    walk.group(
        "Envelope",
        "Of the device private network; no standard has it. Integers little-endian",
        |walk| {
            walk.field("version", 8, "Marks an envelope", |raw| Some(format!("{raw:#04x}")))?;
            walk.field("flags", 8, "Bit 0: the payload is encrypted", |raw| {
                Some(if raw == 1 { "1, encrypted" } else { "0, authenticated only" }.into())
            })?;
            little(walk, "sender", 32, "Station whose key tags it")?;
            little(walk, "epoch", 32, "Which of the network's keys the sender's key is derived from")?;
            little(walk, "counter", 64, "Number among the sender's messages: none is believed twice")
        },
    )?;
    let payload = walk.left() - tag;
    if flags == 1 {
        walk.within(payload, ("ciphertext", "The CPM under AES-256-GCM"), |_| None)?;
    } else {
        walk.within(payload, ("not understood", "No CPM of a known form"), cpm::message)?;
    }
    walk.rest("tag", "AES-256-GCM over all of the envelope before it: proves sender and content");
    Some(())
}

/// A message of the join protocol: its own compact form is named, not laid out.
fn joining(walk: &mut Walk) -> Option<()> {
    let about = match join::Message::decode(walk.bytes_left())? {
        join::Message::Hello { .. } => "hello: a device says who it is",
        join::Message::Challenge { .. } => "challenge: the gateway proves itself and asks for proof",
        join::Message::Response { .. } => "response: the device proves itself",
        join::Message::Epoch(_) => "epoch: the gateway hands over an epoch's key, sealed",
    };
    walk.rest("join message", about);
    Some(())
}

/// A little-endian integer of whole bytes.
fn little(walk: &mut Walk, name: &str, bits: u32, about: &str) -> Option<u64> {
    walk.field(name, bits, about, |raw| Some((raw.swap_bytes() >> (64 - bits)).to_string()))
}

/// The name of a value, or the value alone.
fn pick(raw: u64, names: &[&str]) -> String {
    names.get(raw as usize).map_or(raw.to_string(), |name| (*name).into())
}

fn yes_no(raw: u64) -> Option<String> {
    Some(if raw == 1 { "yes" } else { "no" }.into())
}

fn bytes_of(raw: u64) -> Option<String> {
    Some(format!("{raw} bytes"))
}
