//! The types that travel, to and from unaligned packed encoding rules (ITU-T X.691).

use crate::cpm_originating_station_containers::OriginatingRsuContainer;
use crate::cpm_pdu_descriptions::CollectivePerceptionMessage;
use crate::cpm_perceived_object_container::PerceivedObjectContainer;
use rasn::error::{DecodeError, EncodeError};

/// A type that is sent by itself. The codec is built for it here and not where it is used: it is by far the largest
/// part of this crate, and the page's profile makes this crate small.
pub trait Uper: Sized {
    /// The bytes.
    ///
    /// # Errors
    /// Where a value breaks a constraint of the standard.
    fn to_uper(&self) -> Result<Vec<u8>, EncodeError>;

    /// The value in these bytes.
    ///
    /// # Errors
    /// Where they are not UPER of this type; no bytes make it panic.
    fn from_uper(bytes: &[u8]) -> Result<Self, DecodeError>;
}

macro_rules! uper {
    ($($type:ty),+) => {$(
        impl Uper for $type {
            fn to_uper(&self) -> Result<Vec<u8>, EncodeError> {
                rasn::uper::encode(self)
            }

            fn from_uper(bytes: &[u8]) -> Result<Self, DecodeError> {
                rasn::uper::decode(bytes)
            }
        }
    )+};
}

uper!(CollectivePerceptionMessage, OriginatingRsuContainer, PerceivedObjectContainer);
