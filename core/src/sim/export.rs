//! What leaves a run as text: the event stream, and the evidence of one key's life. No secret is in either: events
//! name keys by their key_ID.

use super::chronicle::{Subject, Trace};
use super::trace::{Digest, Record};
use serde::Serialize;
use serde_json::Value;
use std::borrow::Borrow;

/// The event stream, one JSON object a line: `{"t": nanoseconds, "event": …}`.
#[must_use]
pub fn events(records: impl IntoIterator<Item = impl Borrow<Record>>) -> String {
    let mut text = String::new();
    for record in records {
        // Records are plain enums with text keys and finite or null numbers: writing them cannot fail.
        text += &serde_json::to_string(record.borrow()).unwrap_or_default();
        text.push('\n');
    }
    text
}

/// The evidence of a chain.
#[derive(Serialize)]
struct Evidence<'a> {
    scenario: &'a str,
    seed: u64,
    t_s: f64,
    /// SHA-256 of all events up to then, as the program `keyway run` prints it; empty where the earliest are not kept.
    digest: String,
    chain: &'a Trace,
    /// Every event that names a member of the chain.
    events: Vec<Value>,
}

/// One chain with every event that names a member of it, as JSON. `before` is the digest of what came before
/// `records`: the empty one where these are all, `None` where it is not known.
#[must_use]
pub fn evidence(
    scenario: &str,
    seed: u64,
    t_s: f64,
    chain: &Trace,
    before: Option<Digest>,
    records: impl IntoIterator<Item = impl Borrow<Record>>,
) -> String {
    let members: Vec<Subject> = chain
        .steps
        .iter()
        .flat_map(|s| {
            // Kin of the relay step are the hops' own keys; of other steps, siblings that are not of this chain.
            let kin = s.others.iter().filter(|_| s.kind == "relay").map(|o| o.subject.clone());
            s.subject.clone().into_iter().chain(kin)
        })
        .collect();
    let mut digest = before;
    let mut events = Vec::new();
    for record in records {
        let record = record.borrow();
        if let Some(digest) = &mut digest {
            digest.add(record);
        }
        let value = serde_json::to_value(record).unwrap_or_default();
        if names(&value, &members) {
            events.push(value);
        }
    }
    let evidence =
        Evidence { scenario, seed, t_s, digest: digest.map_or_else(String::new, |d| d.hex()), chain, events };
    serde_json::to_string_pretty(&evidence).unwrap_or_default()
}

/// Whether an event names one of these.
fn names(value: &Value, members: &[Subject]) -> bool {
    match value {
        Value::String(text) => {
            members.iter().any(|m| matches!(m, Subject::Key(id) if id.to_string() == *text))
        }
        Value::Array(items) => items.iter().any(|v| names(v, members)),
        Value::Object(fields) => {
            let number = |name: &str| fields.get(name).and_then(Value::as_u64);
            let is_it = members.iter().any(|m| match m {
                Subject::Block(id) => {
                    fields.get("link").and_then(Value::as_str) == Some(id.link.as_str())
                        && number("seq") == Some(u64::from(id.seq))
                }
                Subject::Message(id) => {
                    number("station") == Some(u64::from(id.station.0))
                        && number("seq") == Some(u64::from(id.seq))
                }
                Subject::Epoch(n) => number("epoch") == Some(u64::from(*n)),
                Subject::Service(_) | Subject::Key(_) => false,
            });
            is_it || fields.values().any(|v| names(v, members))
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ground::SimTime;
    use crate::sim::chronicle::{Chronicle, Look, View};
    use crate::sim::{Scenario, World};

    #[test]
    fn the_evidence_of_a_message_holds_its_own_events_and_no_others() {
        let scenario = Scenario::warwick();
        let mut world = World::new(&scenario, 7, scenario.knobs());
        let mut records = Vec::new();
        world.step_until(30.0, &mut records);
        let mut chronicle = Chronicle::new(&world.scene());
        records.iter().for_each(|r| chronicle.note(r));
        let at = SimTime::from_secs(30.0);
        let View::Messages(seen) = chronicle.look(&Look::Messages { only_bad: false }, at) else { panic!() };
        let id = seen.messages[0].id;
        let trace = chronicle.trace(Some(&Subject::Message(id)), at);
        let text = evidence("x", 7, 30.0, &trace, Some(Digest::default()), &records);
        let value: Value = serde_json::from_str(&text).unwrap();
        let events = value["events"].as_array().unwrap();
        let of_message = |e: &Value| {
            e.to_string().contains(&format!("\"station\":{},\"seq\":{}", id.station, id.seq))
                || e.to_string().contains(&format!("\"seq\":{},\"station\":{}", id.seq, id.station))
        };
        assert_eq!(events.iter().filter(|e| of_message(e)).count(), 2, "sent and heard");
        assert!(
            events.len() > 4 && events.len() < records.len() / 4,
            "{} of {}",
            events.len(),
            records.len()
        );
        assert_eq!(events_lines(&records), records.len());
    }

    fn events_lines(records: &[Record]) -> usize {
        events(records).lines().filter(|l| serde_json::from_str::<Value>(l).is_ok()).count()
    }
}
