//! What can be picked, and how it is written in a link: `message:666/378`, `key:7f3a…`, `block:naic-eng#12`.

use crate::ground::{BlockId, KeyId, LinkId, MessageId, ServiceId, StationId};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;
use thiserror::Error;

/// A block, key, service, epoch or message.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Subject {
    /// A photon block.
    Block(BlockId),
    /// A key.
    Key(KeyId),
    /// A key distribution service.
    Service(ServiceId),
    /// An epoch of the device private network.
    Epoch(u32),
    /// A message.
    Message(MessageId),
}

/// A text that names nothing.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{0}: expected block:LINK#N, key:UUID, service:N, epoch:N or message:STATION/N")]
pub struct BadSubject(pub String);

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Block(id) => write!(f, "block:{id}"),
            Self::Key(id) => write!(f, "key:{id}"),
            Self::Service(id) => write!(f, "service:{}", id.0),
            Self::Epoch(n) => write!(f, "epoch:{n}"),
            Self::Message(id) => write!(f, "message:{id}"),
        }
    }
}

impl FromStr for Subject {
    type Err = BadSubject;

    fn from_str(text: &str) -> Result<Self, BadSubject> {
        let read = || -> Option<Self> {
            let (kind, name) = text.split_once(':')?;
            Some(match kind {
                "block" => {
                    let (link, seq) = name.rsplit_once('#')?;
                    Self::Block(BlockId { link: LinkId::from(link), seq: seq.parse().ok()? })
                }
                "key" => Self::Key(KeyId::try_from(name.to_owned()).ok()?),
                "service" => Self::Service(ServiceId(name.parse().ok()?)),
                "epoch" => Self::Epoch(name.parse().ok()?),
                "message" => {
                    let (station, seq) = name.split_once('/')?;
                    let station = StationId(station.parse().ok()?);
                    Self::Message(MessageId { station, seq: seq.parse().ok()? })
                }
                _ => return None,
            })
        };
        read().ok_or_else(|| BadSubject(text.into()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_subject_is_read_as_it_was_written(station in any::<u32>(), seq in any::<u32>(), bytes in any::<[u8; 16]>()) {
            let link = LinkId::from("naic-eng");
            for subject in [
                Subject::Message(MessageId { station: StationId(station), seq }),
                Subject::Key(KeyId(bytes)),
                Subject::Block(BlockId { link, seq }),
                Subject::Service(ServiceId(seq)),
                Subject::Epoch(seq),
            ] {
                prop_assert_eq!(subject.to_string().parse(), Ok(subject));
            }
        }

        #[test]
        fn no_text_makes_reading_panic(text in ".{0,60}") {
            let _ = text.parse::<Subject>();
        }
    }
}
