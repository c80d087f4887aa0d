//! One event type for the whole house, and what each event says in plain words.

use super::snapshot::{EveKind, Knobs};
use crate::ground::{KeyId, LinkId, MessageId, NodeId, StationId};
use crate::link::control::Alarm;
use crate::link::qrng::QrngEvent;
use crate::link::weather::Weather;
use crate::zap::Reject;
use crate::{distill, kmm, link, road, sdn, zap};
use serde::{Deserialize, Serialize};

/// Anything that happened, with the identifiers that tie it to its cause.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Event {
    /// The switches as they stand at the start, or as they were turned.
    Knobs(Knobs),
    /// The weather has changed by its own course.
    Weather(Weather),
    /// Floor 1.
    Link {
        /// Where.
        link: LinkId,
        /// What.
        event: link::Event,
    },
    /// Floor 2.
    Distill {
        /// Where.
        link: LinkId,
        /// What.
        event: distill::Event,
    },
    /// Floor 3, a key management module.
    Kmm {
        /// Where.
        node: NodeId,
        /// What.
        event: kmm::Event,
    },
    /// Floor 3, the controller.
    Sdn(sdn::Event),
    /// Floor 4.
    Zap(zap::Event),
    /// A station put a CPM on the air.
    CpmSent {
        /// The message.
        message: MessageId,
        /// Who it says it is from.
        claims: StationId,
        /// Objects that it shows.
        objects: u32,
        /// Bytes on the air.
        bytes: u32,
        /// Epoch and quantum key under its tag.
        under: Option<(u32, KeyId)>,
        /// What it shows is made up: the attacker sent it.
        faked: bool,
    },
    /// A station has no good key: it sends nothing until it has.
    Silenced {
        /// The station.
        station: StationId,
    },
    /// The car heard a CPM.
    CpmReceived {
        /// The message.
        message: MessageId,
        /// Who it says it is from.
        claims: StationId,
        /// Objects that it showed, where it was believed.
        objects: u32,
        /// Why it was dropped, where it was.
        rejected: Option<Reject>,
        /// The CPM in UPER; in its sealed envelope where it was dropped.
        data: Vec<u8>,
        /// The packet as it was heard, from its GeoNetworking header on.
        heard: Vec<u8>,
    },
    /// The car heard something that is no CPM.
    CpmMalformed {
        /// The message.
        message: MessageId,
    },
    /// Floor 6.
    Road(road::Event),
}

/// Floor, kind, plain words, and whether it is bad news.
pub type Words = (&'static str, &'static str, String, bool);

impl Event {
    /// The event in plain words; `None` for what nobody would read.
    #[must_use]
    pub fn words(&self) -> Option<Words> {
        let good = |floor, kind, text: String| Some((floor, kind, text, false));
        let bad = |floor, kind, text: String| Some((floor, kind, text, true));
        match self {
            Self::Knobs(k) => {
                let on = |x| if x { "on" } else { "off" };
                let (p, a, v, r) = (on(k.protected), on(k.attack), k.visibility_km, k.rain_mm_h);
                let eve = match k.eve_kind {
                    EveKind::InterceptResend
                    | EveKind::InterceptX
                    | EveKind::InterceptZ
                    | EveKind::InterceptBreidbart => "intercept-resend",
                    EveKind::PhotonNumberSplitting => "photon-number splitting",
                    EveKind::BeamSplitting => "beam splitting",
                    EveKind::Jamming => "jamming",
                    EveKind::Impersonation => "impersonation",
                };
                let eve = if k.eve_fraction > 0.0 {
                    format!("{eve} at {:.0} %", k.eve_fraction * 100.0)
                } else {
                    "no eavesdropper".into()
                };
                let minutes = libm::round(k.hour_utc * 60.0) as u32;
                let start = format!("{:02}:{:02} UTC at the start", minutes / 60, minutes % 60);
                let sight = if v < 10.0 { format!("{v:.2}") } else { format!("{v:.0}") };
                let rain = if r > 0.0 { format!("rain {r:.1} mm/h") } else { "no rain".into() };
                let text =
                    format!("protection {p}, faked CPMs {a}, visibility {sight} km, {rain}, {start}, {eve}");
                good("sim", "knobs", text)
            }
            Self::Weather(w) => {
                let mut text = format!("{:.2} km of sight", w.visibility_km);
                if w.rain_mm_h > 0.0 {
                    text += &format!(", rain {:.1} mm/h", w.rain_mm_h);
                }
                if w.snow_mm_h > 0.0 {
                    text += &format!(", snow {:.1} mm/h", w.snow_mm_h);
                }
                text += &format!(", wind {:.0} m/s, {:.0} °C", w.wind_mps, w.temperature_c);
                good("sim", "weather", text)
            }
            Self::Link { link, event } => link_words(link, event),
            Self::Distill { event, .. } => distill_words(event),
            Self::Kmm { node, event } => kmm_words(node, event),
            Self::Sdn(sdn::Event::PathComputed { service, path }) => {
                let path: Vec<&str> = path.iter().map(NodeId::as_str).collect();
                good("sdn", "path", format!("{service}: path {}", path.join(" – ")))
            }
            Self::Sdn(sdn::Event::NoPath { request }) => {
                bad("sdn", "no path", format!("no path from {} to {}", request.source, request.destination))
            }
            Self::Zap(event) => zap_words(event),
            Self::CpmSent { .. } => None,
            Self::Silenced { station } => {
                bad("its", "silenced", format!("station {station} has no good key and stays silent"))
            }
            Self::CpmReceived { message, claims, objects, rejected: None, .. } => good(
                "its",
                "accepted",
                format!("CPM {message} from station {claims}: {}, believed", count(*objects, "object")),
            ),
            Self::CpmReceived { message, claims, rejected: Some(why), .. } => bad(
                "its",
                "dropped",
                format!("CPM {message}, said to be from station {claims}: dropped, {why}"),
            ),
            Self::CpmMalformed { message } => {
                bad("its", "malformed", format!("message {message} is no CPM: dropped"))
            }
            Self::Road(event) => road_words(event),
        }
    }
}

/// "1 hop", "2 hops".
pub(super) fn count(n: u32, what: &str) -> String {
    format!("{n} {what}{}", if n == 1 { "" } else { "s" })
}

fn link_words(link: &LinkId, event: &link::Event) -> Option<Words> {
    match event {
        link::Event::StateChanged { to, .. } => {
            let (text, bad) = match to {
                link::State::Emitting => ("sends photons", false),
                link::State::Standby => ("stands by: its pool is full", false),
                link::State::Lost => ("has lost its beam", true),
                link::State::Acquiring => ("looks for its beam", true),
                link::State::Stowed => ("is put away from the weather", true),
                link::State::NoRandomness => ("makes no key: its random numbers fail their tests", true),
                link::State::SourceHeld => ("holds its source: it is not at its temperature", true),
            };
            Some(("link", "state", format!("{link} {text}"), bad))
        }
        link::Event::Terminal(link::control::Event::Alarm { alarm, raised }) => {
            let text = match alarm {
                Alarm::Wind => "gusts over the limit",
                Alarm::Rain => "rain over the limit",
                Alarm::Snow => "snow over the limit",
                Alarm::BeaconLost => "the beacon is lost",
                Alarm::AcquisitionFailed => "several scans have found nothing",
                Alarm::CoolerAtLimit => "the cooler cannot hold the source's temperature",
                Alarm::SourceInterlocked => "the interlock keeps the source from emitting",
            };
            let word = if *raised { "alarm" } else { "alarm over" };
            Some(("link", "alarm", format!("{link}: {word}: {text}"), *raised))
        }
        link::Event::Terminal(_) => None,
        link::Event::Qrng(event) => {
            let text = match event {
                QrngEvent::Started => "random numbers pass their tests",
                QrngEvent::Failed { .. } => "random numbers fail a health test",
                QrngEvent::Restarted => "the random number generator starts again",
            };
            let bad = matches!(event, QrngEvent::Failed { .. });
            Some(("link", "randomness", format!("{link}: {text}"), bad))
        }
        link::Event::BlockReady { block, pulses, clicks, .. } => {
            Some(("link", "block", format!("{block}: {clicks} detections of {pulses} pulses"), false))
        }
    }
}

fn distill_words(event: &distill::Event) -> Option<Words> {
    use distill::Event as E;
    let (kind, text, bad) = match event {
        E::Sifted { block, key_bits, check_bits, qber_z, .. } => (
            "sifted",
            format!("{block}: {key_bits} bits sifted, {check_bits} checked, QBER {:.1} %", qber_z * 100.0),
            false,
        ),
        E::Reconciled { block, qber_x, leak_bits, efficiency, .. } => {
            let q = qber_x * 100.0;
            (
                "reconciled",
                format!(
                    "{block}: QBER {q:.2} % corrected, {leak_bits} bits disclosed (efficiency {efficiency:.2})"
                ),
                false,
            )
        }
        E::Distilled { block, secret_bits, keys, .. } => {
            ("distilled", format!("{block}: {secret_bits} secret bits, {} keys", keys.len()), false)
        }
        E::Dropped { block, why, .. } => ("dropped", format!("{block} dropped: {why}"), true),
        E::Refused { link, bytes } => ("refused", format!("{link}: {bytes} bytes that are no message"), true),
    };
    Some(("distill", kind, text, bad))
}

fn kmm_words(node: &NodeId, event: &kmm::Event) -> Option<Words> {
    use kmm::Event as E;
    let (kind, text, bad) = match event {
        E::KeysStored { block, stored, refused, level_bits } => {
            let over =
                if *refused > 0 { format!(", {refused} over its capacity wiped") } else { String::new() };
            (
                "stored",
                format!("KMM {node} stores {stored} keys of {} ({level_bits} bits now{over})", block.link),
                false,
            )
        }
        E::Requested(r) => (
            "requested",
            format!(
                "{} asks for {} keys a second shared with {}",
                r.source_sae, r.keys_per_s, r.destination_sae
            ),
            false,
        ),
        E::ServiceCreated { .. } => return None,
        E::Allocated { service, link, keys } => {
            ("allocated", format!("KMM {node} allocates {} keys of {link} to {service}", keys.len()), false)
        }
        E::Relayed { service, from, to, keys, .. } => (
            "relayed",
            format!("KMM {node} relays {} keys of {service} from {from} to {to}", keys.len()),
            false,
        ),
        E::Delivered { sae, key, hops, .. } => (
            "delivered",
            format!("{sae} is given key {} over {}", key.short(), count(u32::from(*hops), "hop")),
            false,
        ),
        E::Starved { service, link, want_bits, .. } => {
            ("starved", format!("{service} gets no key: {link} is short of {want_bits} bits"), true)
        }
        E::Recovered { service } => ("recovered", format!("{service} gets keys again"), false),
    };
    Some(("kmm", kind, text, bad))
}

fn zap_words(event: &zap::Event) -> Option<Words> {
    use zap::Event as E;
    let (kind, text, bad) = match event {
        E::Enrolled { .. } | E::EpochTaken { .. } => return None,
        E::JoinRequested { device } => {
            ("join", format!("received a provisioning request from {device}"), false)
        }
        E::Joined { device } => {
            ("joined", format!("{device} proves who it is and joins the device private network"), false)
        }
        E::JoinRefused { device, why } => ("refused", format!("{device} may not join: {why}"), true),
        E::EpochStarted { epoch, root, members } => {
            ("epoch", format!("epoch {epoch} rests on key {}, {members} members", root.short()), false)
        }
        E::KeyStarved { epoch } => ("starved", format!("no fresh quantum key: no epoch after {epoch}"), true),
        E::LeftOut { device, epoch } => {
            ("left out", format!("{device} has no fresh quantum key and is left out of epoch {epoch}"), true)
        }
    };
    Some(("zap", kind, text, bad))
}

fn road_words(event: &road::Event) -> Option<Words> {
    use road::Event as E;
    let (kind, text, bad) = match event {
        E::Departed { planned_m } => ("departed", format!("the car sets off on {planned_m:.0} m"), false),
        E::BeliefFormed { message, objects } => (
            "belief",
            format!("the driver believes CPM {message}: {} in the way ahead", count(*objects, "object")),
            true,
        ),
        E::BeliefLapsed { held_s } => {
            ("lapsed", format!("nothing new said so: the driver drops the belief after {held_s:.0} s"), false)
        }
        E::Replanned { length_m } => {
            ("replanned", format!("the driver takes another way of {length_m:.0} m"), true)
        }
        E::TurnedBack { blocked_ahead_m, length_m, .. } => (
            "turned back",
            format!(
                "way believed blocked in {blocked_ahead_m:.0} m: the driver turns back, {length_m:.0} m to go"
            ),
            true,
        ),
        E::Arrived { driven_m } => ("arrived", format!("the car has arrived after {driven_m:.0} m"), false),
    };
    Some(("road", kind, text, bad))
}
