//! What is on the air: a GeoNetworking single-hop broadcast (EN 302 636-4-1) with BTP-B (EN 302 636-5-1) over a payload.

use super::cpm::tenth_microdegrees;
use crate::ground::{GeoPoint, StationId};
use arbitrary_int::u10;
use geonetworking::en302636_4_1 as gn;
use geonetworking::{Decode, Encode, Encoder};
use thiserror::Error;

/// BTP port of the collective perception service (TS 103 248).
pub const CPM_PORT: u16 = 2009;
/// BTP port of our join protocol: 56 is the type that Fowler et al. 2023 log in their Listing 2; no standard names it.
pub const JOIN_PORT: u16 = 56;
/// Bytes of a BTP-B header.
const BTP_BYTES: usize = 4;

/// Type and sub-type of a single-hop broadcast, in byte 5 of a packet.
const SINGLE_HOP: u8 = 0x50;
/// The byte of a single-hop broadcast that the sender's speed starts in, and its sign there (15 bits behind one).
const SPEED_AT: usize = 32;
const SPEED_SIGN: u8 = 0x40;

/// Why a packet could not be read or made.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum PacketError {
    /// GeoNetworking says no.
    #[error("GeoNetworking: {0}")]
    GeoNetworking(String),
    /// Not a single-hop broadcast.
    #[error("not a single-hop broadcast")]
    NotSingleHop,
    /// Not BTP-B, or too short for it.
    #[error("not BTP-B")]
    NotBtpB,
}

/// A single-hop broadcast.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Packet {
    /// The sender's station, in the lower four bytes of its link-layer address.
    pub source: StationId,
    /// The sender's latitude, 0.1 microdegrees.
    pub latitude: i32,
    /// The sender's longitude, 0.1 microdegrees.
    pub longitude: i32,
    /// TAI milliseconds since 2004-01-01, modulo 2^32.
    pub timestamp_ms: u32,
    /// BTP destination port.
    pub port: u16,
    /// What it carries.
    pub payload: Vec<u8>,
}

impl Packet {
    /// A packet from a place.
    #[must_use]
    pub fn new(source: StationId, position: GeoPoint, time_ms: u64, port: u16, payload: Vec<u8>) -> Self {
        let (latitude, longitude) = (tenth_microdegrees(position.lat), tenth_microdegrees(position.lon));
        Self { source, latitude, longitude, timestamp_ms: time_ms as u32, port, payload }
    }

    /// The packet's bytes.
    ///
    /// # Errors
    /// [`PacketError::GeoNetworking`] where a value does not fit its field.
    pub fn encode(&self) -> Result<Vec<u8>, PacketError> {
        let wrong = |e: &dyn std::fmt::Debug| PacketError::GeoNetworking(format!("{e:?}"));
        // BTP-B: destination port, destination port info.
        let body = [&self.port.to_be_bytes()[..], &[0, 0], &self.payload].concat();
        let station = self.source.0.to_be_bytes();
        let address = gn::Address {
            manually_configured: false,
            station_type: gn::StationType::RoadSideUnit,
            reserved: u10::new(0),
            address: [0x02, 0x00, station[0], station[1], station[2], station[3]],
        };
        let position = gn::LongPositionVector::try_new(
            address,
            gn::Timestamp(self.timestamp_ms),
            self.latitude,
            self.longitude,
            true,
            0,
            0,
        );
        let basic = gn::BasicHeader::try_new(1, gn::NextAfterBasic::CommonHeader, gn::Lifetime(80), 1)
            .map_err(|e| wrong(&e))?;
        let common = gn::CommonHeader::new(
            gn::NextAfterCommon::BTPB,
            gn::HeaderType::TopologicallyScopedBroadcast(gn::BroadcastType::SingleHop),
            gn::TrafficClass::try_new(false, false, 2).map_err(|e| wrong(&e))?,
            [false; 8],
            u16::try_from(body.len()).map_err(|e| wrong(&e))?,
            1,
        );
        let extended = gn::SingleHopBroadcast {
            source_position_vector: position.map_err(|e| wrong(&e))?,
            media_dependent_data: [0; 4],
        };
        let mut out = Encoder::new();
        let headers: [&dyn Encode; 3] = [&basic, &common, &extended];
        headers.iter().try_for_each(|header| header.encode(&mut out)).map_err(|e| wrong(&e))?;
        Ok([Vec::from(out), body].concat())
    }

    /// The packet in these bytes.
    ///
    /// # Errors
    /// [`PacketError`]; no bytes make it panic.
    pub fn decode(bytes: &[u8]) -> Result<Self, PacketError> {
        // The basic header's lower half byte: only a common header may follow. Secured packets are not of our making, and
        // the crate's reader is not made for bytes that only look like one. Of the common header, the type.
        if bytes.first().is_none_or(|b| b & 0x0F != 1) || bytes.get(5) != Some(&SINGLE_HOP) {
            return Err(PacketError::NotSingleHop);
        }
        // The crate's reader panics on a speed below zero. Nobody here reads the speed.
        let mut bytes = bytes.to_vec();
        if let Some(sign) = bytes.get_mut(SPEED_AT) {
            *sign &= !SPEED_SIGN;
        }
        let mut rest = bytes.as_slice();
        next::<gn::BasicHeader>(&mut rest)?;
        let common: gn::CommonHeader = next(&mut rest)?;
        let header: gn::SingleHopBroadcast = next(&mut rest)?;
        let payload = rest
            .get(..usize::from(common.payload_length))
            .ok_or_else(|| PacketError::GeoNetworking(format!("{} bytes of payload", rest.len())))?;
        if common.next_header != gn::NextAfterCommon::BTPB {
            return Err(PacketError::NotBtpB);
        }
        let (btp, payload) = payload.split_first_chunk::<BTP_BYTES>().ok_or(PacketError::NotBtpB)?;
        let source = header.source_position_vector;
        let address = source.gn_address.address;
        Ok(Self {
            source: StationId(u32::from_be_bytes([address[2], address[3], address[4], address[5]])),
            latitude: source.latitude,
            longitude: source.longitude,
            timestamp_ms: source.timestamp.0,
            port: u16::from_be_bytes([btp[0], btp[1]]),
            payload: payload.to_vec(),
        })
    }
}

/// Takes the next header off the bytes. Header by header, for the crate's reader of whole packets would bring the
/// secured ones with it (IEEE 1609.2): some 16 kB of the page for what is refused above.
fn next<'b, Header: Decode<'b>>(rest: &mut &'b [u8]) -> Result<Header, PacketError> {
    let read = Header::decode(*rest).map_err(|e| PacketError::GeoNetworking(format!("{e:?}")))?;
    *rest = rest.get(read.bytes_consumed..).unwrap_or_default();
    Ok(read.decoded)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_sender_that_drives_backwards_is_heard() {
        let packet = Packet::new(StationId(1), GeoPoint { lon: 0.0, lat: 0.0 }, 0, 1, vec![7]);
        let mut bytes = packet.encode().unwrap();
        // -1 cm/s in 15 bits.
        bytes[SPEED_AT] |= 0x7F;
        bytes[SPEED_AT + 1] = 0xFF;
        assert_eq!(Packet::decode(&bytes), Ok(packet));
    }

    proptest! {
        #[test]
        fn decoding_gives_back_what_was_encoded(station in any::<u32>(), lat in -89.0f64..89.0, lon in -179.0f64..179.0, time in any::<u64>(), port in any::<u16>(), payload in prop::collection::vec(any::<u8>(), 0..600)) {
            let packet = Packet::new(StationId(station), GeoPoint { lon, lat }, time, port, payload);
            prop_assert_eq!(Packet::decode(&packet.encode().unwrap()).unwrap(), packet);
        }

        #[test]
        fn no_changed_bit_makes_decoding_panic(payload in prop::collection::vec(any::<u8>(), 0..40)) {
            let bytes = Packet::new(StationId(1), GeoPoint { lon: 0.0, lat: 0.0 }, 0, 1, payload).encode().unwrap();
            for bit in 0..bytes.len() * 8 {
                let mut changed = bytes.clone();
                changed[bit / 8] ^= 0x80 >> (bit % 8);
                let _ = Packet::decode(&changed);
            }
        }

        #[test]
        fn no_bytes_make_decoding_panic(bytes in prop::collection::vec(any::<u8>(), 0..120)) {
            let _ = Packet::decode(&bytes);
        }
    }
}
