//! The testbed's own log: lines in the manner of Fowler et al. 2023, Listings 1 and 2.
//!
//! Theirs carry Protocol Buffers (75 bytes in Listing 1) under message type 9; ours carry CPMs in UPER under their
//! standard messageId 14, so lengths and hexadecimal differ. A time is Unix time, seconds.

use super::event::Event;
use crate::ground::{START_UNIX_S, SimTime};
use crate::its::cpm::MESSAGE_ID;
use crate::its::{CPM_PORT, JOIN_PORT};
use crate::zap;

/// Bytes of a message that are printed before the rest is left out.
const SHOWN: usize = 96;

/// The lines for an event at its time; none for what the testbed would not log.
#[must_use]
pub fn lines(t: SimTime, event: &Event) -> Vec<String> {
    let said = match event {
        Event::CpmReceived { data, rejected: None, .. } => cpm(data),
        Event::CpmReceived { data, rejected: Some(why), claims, .. } => vec![
            format!(
                "ReceiveBTPMessage: Received a BTP message on port {CPM_PORT}, data length = {}",
                data.len()
            ),
            format!("HandleReceive: Dropped a message said to be from station {claims}: {why}"),
        ],
        Event::Zap(zap::Event::JoinRequested { device }) => vec![
            format!("ReceiveBTPMessage: Received a BTP message with type {JOIN_PORT}"),
            format!("HandleReceive: Entered HandleReceive for ITSAdapter. Type is: {JOIN_PORT}"),
            "ReceiveProvisioningRequest: Received a provisioning request".into(),
            format!("HandleProvisioningRequest: Received provision request from unit {device}"),
        ],
        Event::Zap(zap::Event::JoinRefused { device, why }) => {
            vec![format!("HandleProvisioningRequest: Refused unit {device}: {why}")]
        }
        Event::Zap(zap::Event::Joined { device }) => {
            vec![format!(
                "HandleProvisioningRequest: Provisioned unit {device} into the device private network"
            )]
        }
        _ => return Vec::new(),
    };
    let nanos = t.0;
    let stamp = format!("[{}.{:09}]", START_UNIX_S + nanos / 1_000_000_000, nanos % 1_000_000_000);
    // Only what begins a message of the log bears a time, as in Listing 1.
    said.into_iter()
        .map(|line| if line.starts_with([' ', '<']) { line } else { format!("{stamp} {line}") })
        .collect()
}

/// Listing 1.
fn cpm(data: &[u8]) -> Vec<String> {
    let hex: String = data.iter().take(SHOWN).map(|b| format!("{b:02X}")).collect();
    let more = if data.len() > SHOWN { "..." } else { "" };
    let message = [
        "<MESSAGE>".to_owned(),
        "  <header>".to_owned(),
        format!("    <messageType>{MESSAGE_ID}</messageType>"),
        "  </header>".to_owned(),
        "  <body>".to_owned(),
        format!("    <len>{}</len>", data.len()),
        format!("    <data>{hex}{more}</data>"),
        "  </body>".to_owned(),
        "</MESSAGE>".to_owned(),
    ];
    let length: usize = message.iter().map(|line| line.len() + 1).sum();
    let mut lines = vec![
        format!("ExtCallback: Message type = {MESSAGE_ID}, data length = {}", data.len()),
        format!("ExtCallback: XER[{length}]:"),
    ];
    lines.extend(message);
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ground::{MessageId, StationId};
    use crate::its::cpm::Cpm;

    #[test]
    fn a_cpm_is_logged_as_in_listing_1_and_its_bytes_are_the_message() {
        let sent = Cpm { station: StationId(7), time_ms: 5, latitude: 1, longitude: 2, objects: Vec::new() };
        let data = sent.encode().unwrap();
        let event = Event::CpmReceived {
            message: MessageId { station: StationId(7), seq: 0 },
            claims: StationId(7),
            objects: 0,
            rejected: None,
            data: data.clone(),
            heard: Vec::new(),
        };
        let lines = lines(SimTime::from_secs(0.25), &event);
        assert_eq!(
            lines[0],
            format!("[1689170219.250000000] ExtCallback: Message type = 14, data length = {}", data.len())
        );
        let hex =
            lines.iter().find_map(|l| l.trim().strip_prefix("<data>")?.strip_suffix("</data>")).unwrap();
        let read: Vec<u8> =
            (0..hex.len() / 2).map(|i| u8::from_str_radix(&hex[2 * i..2 * i + 2], 16).unwrap()).collect();
        assert_eq!(Cpm::decode(&read).unwrap(), sent);
        let said: usize = lines[1].split(['[', ']']).nth(3).unwrap().parse().unwrap();
        assert_eq!(said, lines[2..].iter().map(|l| l.len() + 1).sum::<usize>());
    }
}
