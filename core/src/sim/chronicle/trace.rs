//! The causal chain: from whatever is picked back to the photons it came from, and on to what it led to.

use super::{Block, Chronicle, Hop, Key, Subject, known};
use crate::ground::{BlockId, KeyId, MessageId, NodeId, ServiceId, SimTime};
use crate::road;
use crate::sim::event::count;
use serde::{Deserialize, Serialize};

/// Kin of a step that are named; the rest is counted.
const NAMED: usize = 12;
/// A faked message stays the newest that one wants to know of for this long, seconds.
const FAKE_S: f64 = 3.0;

/// The chain of one subject, from photon block to the car's decision.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Trace {
    /// What was picked; `None` where the newest message stands for it.
    pub subject: Option<Subject>,
    /// `block`, `sifted`, `secret`, `key`, `relay`, `session`, `tag`, `verdict`, `car`, in this order.
    pub steps: Vec<Step>,
}

/// One step of the chain.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Step {
    /// Which of the nine.
    pub kind: String,
    /// The main figure, as `13 824 bit`; `none` where the chain is broken here.
    pub value: String,
    /// The line under it.
    pub note: String,
    /// It went wrong.
    pub bad: bool,
    /// When, seconds.
    pub t_s: Option<f64>,
    /// What it is, to pick it.
    pub subject: Option<Subject>,
    /// All that is known of it.
    pub details: Vec<Detail>,
    /// Where it happened.
    pub spots: Vec<Spot>,
    /// What else came of it, or of the step before: the first of them.
    pub others: Vec<Other>,
    /// How many in all.
    pub others_total: u32,
}

/// A fact with its name.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Detail {
    /// What it is.
    pub label: String,
    /// Its value, with its unit.
    pub value: String,
}

/// A place on the map.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Spot {
    /// A quantum link, by its identifier.
    Link(String),
    /// A rooftop, by its identifier.
    Terminal(String),
    /// A road-side unit (or the attacker), by its station number.
    Station(u32),
    /// The gateway.
    Gateway,
    /// The car.
    Car,
}

/// Kin of a step.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Other {
    /// What.
    pub subject: Subject,
    /// In a few words.
    pub label: String,
}

/// The members of one chain; what is missing is not known, or never was.
#[derive(Clone, Debug, Default)]
struct Line {
    block: Option<BlockId>,
    key: Option<KeyId>,
    service: Option<ServiceId>,
    epoch: Option<u32>,
    message: Option<MessageId>,
    /// There should be a key, and there is none: the sender has no part in the network.
    keyless: bool,
}

fn step(kind: &str, value: impl Into<String>, note: impl Into<String>) -> Step {
    Step { kind: kind.into(), value: value.into(), note: note.into(), ..Step::default() }
}

impl Step {
    fn with(mut self, label: &str, value: impl ToString) -> Self {
        self.details.push(Detail { label: label.into(), value: value.to_string() });
        self
    }

    fn at(mut self, t: Option<SimTime>) -> Self {
        self.t_s = t.map(SimTime::as_secs);
        self
    }

    fn in_place(mut self, spots: impl IntoIterator<Item = Spot>) -> Self {
        self.spots.extend(spots);
        self
    }

    fn kin(mut self, all: impl ExactSizeIterator<Item = Other>) -> Self {
        self.others_total = all.len() as u32;
        self.others = all.take(NAMED).collect();
        self
    }
}

impl Chronicle {
    /// The chain of a subject as it was known at `at`; without one, that of the newest message that the car heard
    /// (a faked one first: it is what one wants to know of).
    #[must_use]
    pub fn trace(&self, subject: Option<&Subject>, at: SimTime) -> Trace {
        let line = match subject {
            Some(subject) => self.line_of(subject, at),
            None => self.newest(at).map_or_else(Line::default, |id| self.line_of_message(id)),
        };
        let steps = vec![
            self.block_step(&line, at),
            self.sifted_step(&line, at),
            self.secret_step(&line, at),
            self.key_step(&line, at),
            self.relay_step(&line, at),
            self.session_step(&line, at),
            self.tag_step(&line, at),
            self.verdict_step(&line, at),
            self.car_step(&line, at),
        ];
        Trace { subject: subject.cloned(), steps }
    }

    fn newest(&self, at: SimTime) -> Option<MessageId> {
        let heard = &self.heard[..self.heard.partition_point(|(t, _)| *t <= at)];
        let recent = heard.iter().rev().take_while(|(t, _)| at.since(*t).as_secs() < FAKE_S);
        let faked = recent.map(|(_, id)| *id).find(|id| self.messages.get(id).is_some_and(|m| m.faked));
        faked.or(heard.last().map(|(_, id)| *id))
    }

    fn line_of(&self, subject: &Subject, at: SimTime) -> Line {
        match subject {
            Subject::Message(id) => self.line_of_message(*id),
            Subject::Key(id) => self.line_of_key(*id, at),
            Subject::Block(id) => {
                let keys = self.blocks.get(id).map_or(&[][..], |b| b.keys(at));
                let key = keys.iter().max_by_key(|k| self.reach(k, at)).copied();
                let line = key.map_or_else(Line::default, |k| self.line_of_key(k, at));
                Line { block: Some(id.clone()), ..line }
            }
            Subject::Service(id) => {
                let key = self.services.get(id).and_then(|s| s.newest);
                let line = key.map_or_else(Line::default, |k| self.line_of_key(k, at));
                Line { service: Some(*id), ..line }
            }
            Subject::Epoch(epoch) => {
                let root = self.epochs.get(epoch).map(|e| e.root);
                let line = root.map_or_else(Line::default, |k| self.line_of_key(k, at));
                Line { epoch: Some(*epoch), ..line }
            }
        }
    }

    /// How far a key has come: under a message, an epoch's root, delivered, allocated, or just there.
    fn reach(&self, id: &KeyId, at: SimTime) -> u8 {
        let Some(key) = self.keys.get(id) else { return 0 };
        match key {
            k if known(&k.epoch, at).is_some() => 4,
            k if k.delivered.iter().any(|(t, _)| *t <= at) => 3,
            k if known(&k.allocated, at).is_some() => 2,
            k if known(&k.spent_on, at).is_some() => 1,
            _ => 0,
        }
    }

    fn line_of_message(&self, id: MessageId) -> Line {
        let Some(message) = self.messages.get(&id) else { return Line::default() };
        let Some((epoch, root)) = message.under else {
            return Line { message: Some(id), keyless: message.faked, ..Line::default() };
        };
        let line = self.roots_of(root);
        Line { epoch: Some(epoch), message: Some(id), ..line }
    }

    /// Block and service of a key.
    fn roots_of(&self, id: KeyId) -> Line {
        let key = self.keys.get(&id);
        Line {
            block: key.and_then(|k| k.block.clone()),
            key: Some(id),
            service: key.and_then(|k| k.allocated.as_ref()).map(|(_, (service, _))| *service),
            ..Line::default()
        }
    }

    /// A key with the newest message under it. A hop's own key stands for the end-to-end key that it carried.
    fn line_of_key(&self, id: KeyId, at: SimTime) -> Line {
        let mut line = self.roots_of(id);
        let key = self.keys.get(&id);
        let carried = key.and_then(|k| known(&k.spent_on, at)).copied();
        let root = carried.unwrap_or(id);
        if carried.is_some() {
            line.service = self.roots_of(root).service;
        }
        line.epoch = self.keys.get(&root).and_then(|k| known(&k.epoch, at)).copied();
        if let Some(epoch) = line.epoch {
            let heard = &self.heard[..self.heard.partition_point(|(t, _)| *t <= at)];
            let under =
                |m: &MessageId| self.messages.get(m).and_then(|m| m.under).map(|(e, _)| e) == Some(epoch);
            line.message = heard.iter().rev().map(|(_, m)| *m).find(under);
        }
        line
    }

    fn block_of(&self, line: &Line) -> Option<(&BlockId, &Block)> {
        line.block.as_ref().and_then(|id| self.blocks.get_key_value(id))
    }

    /// What the first three steps say where there is no block.
    fn no_block(&self, kind: &str, line: &Line) -> Step {
        let note = match line.key {
            Some(_) => "installed key",
            None if line.keyless => "no key under it",
            None => "no key used",
        };
        Step { bad: line.keyless, ..step(kind, "none", note) }
    }

    fn block_step(&self, line: &Line, at: SimTime) -> Step {
        let Some((id, block)) = self.block_of(line) else { return self.no_block("block", line) };
        let Some(view) = block.view(id, at) else {
            return step("block", format!("#{}", id.seq), "not ready yet");
        };
        step("block", format!("#{}", id.seq), id.link.to_string())
            .at(block.ready.as_ref().map(|(t, _)| *t))
            .with("link", &id.link)
            .with("pulses sent", spaced(view.pulses as f64))
            .with("pulses detected", spaced(view.clicks as f64))
            .with("sent for", format!("{:.2} s", view.duration_s))
            .with("loss of the channel", format!("{:.1} dB", view.loss_db))
            .in_place([Spot::Link(id.link.to_string())])
            .subject(Subject::Block(id.clone()))
    }

    fn sifted_step(&self, line: &Line, at: SimTime) -> Step {
        let Some((id, block)) = self.block_of(line) else { return self.no_block("sifted", line) };
        let view = block.view(id, at).unwrap_or_default();
        let Some(bits) = view.key_bits else { return step("sifted", "not yet", "") };
        let qber = view.qber_x.or(view.qber_z).unwrap_or(f64::NAN);
        step("sifted", format!("{} bit", spaced(f64::from(bits))), format!("QBER {:.1} %", qber * 100.0))
            .at(block.sifted.as_ref().map(|(t, _)| *t))
            .with("key basis", format!("{} bit", spaced(f64::from(bits))))
            .with(
                "check basis, disclosed",
                format!("{} bit", spaced(f64::from(view.check_bits.unwrap_or(0)))),
            )
            .with("QBER of the check basis", percent(view.qber_z))
            .with("QBER of the key basis", percent(view.qber_x))
            .in_place([Spot::Link(id.link.to_string())])
            .subject(Subject::Block(id.clone()))
    }

    fn secret_step(&self, line: &Line, at: SimTime) -> Step {
        let Some((id, block)) = self.block_of(line) else { return self.no_block("secret", line) };
        let view = block.view(id, at).unwrap_or_default();
        let spot = [Spot::Link(id.link.to_string())];
        if let Some(why) = &view.dropped {
            let dropped = step("secret", "dropped", why).in_place(spot).with("why", why);
            return Step { bad: true, ..dropped.subject(Subject::Block(id.clone())) };
        }
        let Some(bits) = view.secret_bits else { return step("secret", "not yet", "") };
        let leak = view.leak_bits.unwrap_or(0);
        let keys = block.keys(at);
        let other = |k: &KeyId| Other { subject: Subject::Key(*k), label: self.fate(k, at) };
        let bit = |x: Option<f64>| format!("{} bit", spaced(x.unwrap_or(0.0)));
        step(
            "secret",
            format!("{} bit", spaced(f64::from(bits))),
            format!("leak {}", spaced(f64::from(leak))),
        )
        .at(block.ended.as_ref().map(|(t, _)| *t))
        .with("disclosed in reconciliation", format!("{} bit", spaced(f64::from(leak))))
        .with("over the Shannon limit", format!("{:.3} times", view.efficiency.unwrap_or(f64::NAN)))
        .with("questions and answers", view.round_trips.unwrap_or(0))
        .with("single-photon events, at least", bit(view.s_x1))
        .with("vacuum events, at least", bit(view.s_x0))
        .with("their phase error, at most", percent(view.phase_error))
        .with("secret", format!("{} bit", spaced(f64::from(bits))))
        .with("kept back for tags", bit(view.pad_bits.map(f64::from)))
        .with("keys of 256 bit", keys.len())
        .in_place(spot)
        .kin(keys.iter().map(other))
        .subject(Subject::Block(id.clone()))
    }

    /// What became of a key, in a few words.
    fn fate(&self, id: &KeyId, at: SimTime) -> String {
        let short = id.short();
        let Some(key) = self.keys.get(id) else { return short };
        if let Some(epoch) = known(&key.epoch, at) {
            format!("{short} root of epoch {epoch}")
        } else if let Some((_, (sae, _))) = key.delivered.iter().rfind(|(t, _)| *t <= at) {
            format!("{short} given to {sae}")
        } else if known(&key.spent_on, at).is_some() {
            format!("{short} spent on a relay")
        } else if let Some((service, _)) = known(&key.allocated, at) {
            format!("{short} allocated to {service}")
        } else {
            format!("{short} in the pool")
        }
    }

    fn key_step(&self, line: &Line, at: SimTime) -> Step {
        let Some(id) = line.key else { return Step { bad: line.keyless, ..self.no_block("key", line) } };
        let key = self.keys.get(&id).cloned().unwrap_or_default();
        let from = key.block.as_ref().map_or_else(|| "installed".to_owned(), |b| format!("pool {}", b.link));
        let mut made = step("key", id.short(), from).with("key_ID", id);
        if let Some(block) = &key.block {
            made = made.with("made of block", block).in_place([Spot::Link(block.link.to_string())]);
            let stored = self.blocks.get(block).and_then(|b| b.stored.as_ref()).filter(|(t, _)| *t <= at);
            if let Some((t, _)) = stored {
                made = made.with("stored", t);
            }
        }
        if let Some((service, link)) = known(&key.allocated, at) {
            made = made.with("allocated to", service).with("taken out of the pool of", link);
        }
        if let Some(other) = known(&key.spent_on, at) {
            made = made.with("spent as a hop's key, on", other);
            made.others = vec![Other { subject: Subject::Key(*other), label: self.fate(other, at) }];
            made.others_total = 1;
        }
        made.at(key.allocated.as_ref().map(|(t, _)| *t).filter(|t| *t <= at)).subject(Subject::Key(id))
    }

    fn relay_step(&self, line: &Line, at: SimTime) -> Step {
        let Some(id) = line.key else { return Step { bad: line.keyless, ..self.no_block("relay", line) } };
        let key = self.keys.get(&id).cloned().unwrap_or_default();
        let carried = known(&key.spent_on, at).and_then(|k| self.keys.get(k)).cloned();
        let key: Key = carried.unwrap_or(key);
        let service = line.service.and_then(|s| self.services.get(&s));
        let path = service.and_then(|s| known(&s.path, at));
        let hops = path.map_or(0, |p| p.len().saturating_sub(1)) as u32;
        let names =
            path.map_or_else(String::new, |p| p.iter().map(NodeId::as_str).collect::<Vec<_>>().join(" – "));
        let note = if hops > 1 { "X xor Y" } else { "direct" };
        let mut relay = step("relay", count(hops, "hop"), note)
            .in_place(path.into_iter().flatten().map(|n| Spot::Terminal(n.to_string())));
        if let Some(service) = line.service {
            relay = relay.with("service", service).with("way", &names).subject(Subject::Service(service));
        }
        for (t, Hop { node, from, to, hop_key }) in key.hops.iter().filter(|(t, _)| *t <= at) {
            relay = relay.with(
                &format!("{t} at {node}"),
                format!("came over {from}, went over {to} under {}", hop_key.short()),
            );
            relay.others.push(Other { subject: Subject::Key(*hop_key), label: self.fate(hop_key, at) });
            relay.others_total += 1;
        }
        for (t, (sae, _)) in key.delivered.iter().filter(|(t, _)| *t <= at) {
            relay = relay.with(&format!("{t} delivered"), sae).at(Some(*t));
        }
        relay
    }

    fn session_step(&self, line: &Line, at: SimTime) -> Step {
        let Some(epoch) = line.epoch else {
            return Step {
                bad: line.keyless,
                ..step("session", "none", if line.keyless { "no member" } else { "" })
            };
        };
        let Some(e) = self.epochs.get(&epoch) else { return step("session", format!("epoch {epoch}"), "") };
        let taken = e.taken.iter().filter(|(t, _)| *t <= at);
        let others: Vec<Other> = self
            .heard
            .iter()
            .filter(|(t, m)| {
                *t <= at && self.messages.get(m).and_then(|m| m.under).map(|(n, _)| n) == Some(epoch)
            })
            .map(|(_, m)| Other { subject: Subject::Message(*m), label: format!("CPM {m}") })
            .collect();
        step("session", format!("epoch {epoch}"), format!("{} members", e.members))
            .at(Some(e.started))
            .with("rests on key", e.root)
            .with("sent to", count(e.members, "device"))
            .with("taken by", taken.map(|(_, d)| d.as_str()).collect::<Vec<_>>().join(", "))
            .in_place([Spot::Gateway])
            .kin(others.into_iter())
            .subject(Subject::Epoch(epoch))
    }

    fn tag_step(&self, line: &Line, at: SimTime) -> Step {
        let found = line.message.and_then(|id| Some((id, self.messages.get(&id)?)));
        let Some((id, message)) = found else { return step("tag", "none", "") };
        let (value, bad) = if message.under.is_some() { ("128 bit", false) } else { ("none", message.faked) };
        let mut tag = step("tag", value, format!("CPM {id}"))
            .at(Some(message.sent).filter(|t| *t <= at))
            .with("message", format!("CPM {id}"))
            .with("sent", message.sent)
            .with("said to be from station", message.claims)
            .with("shows", count(message.objects, "object"))
            .with("on the air", format!("{} bytes", message.bytes));
        if id.station != message.claims {
            tag = tag.with("really from station", id.station);
        }
        tag = match message.under {
            Some((epoch, root)) => tag
                .with(
                    "tag",
                    format!("AES-256-GCM, 128 bit, key of epoch {epoch} for station {}", message.claims),
                )
                .with("quantum key under it", root),
            None => tag.with("tag", "none that a member of the network could check"),
        };
        Step { bad, ..tag.in_place([Spot::Station(id.station.0)]).subject(Subject::Message(id)) }
    }

    fn verdict_step(&self, line: &Line, at: SimTime) -> Step {
        let found = line.message.and_then(|id| Some((id, self.messages.get(&id)?)));
        let heard = found.and_then(|(id, m)| Some((id, m, m.heard.as_ref().filter(|(t, _)| *t <= at)?)));
        let Some((id, message, (t, heard))) = heard else {
            return step(
                "verdict",
                "none",
                if found.is_some() { "out of the car's reach" } else { "nothing heard yet" },
            );
        };
        let (value, note, bad) = match (&heard.rejected, message.faked, message.under.is_some()) {
            (Some(why), ..) => ("dropped", why.clone(), false),
            (None, true, _) => ("believed", "a fake".to_owned(), true),
            (None, false, true) => ("believed", "valid tag".to_owned(), false),
            (None, false, false) => ("believed", "no tag asked for".to_owned(), false),
        };
        let verdict = step("verdict", value, &note)
            .at(Some(*t))
            .with("heard", t)
            .with("on the air for", format!("{:.2} ms", t.since(message.sent).as_secs() * 1e3))
            .with("verdict", value)
            .with("because", note)
            .in_place([Spot::Station(id.station.0), Spot::Car]);
        Step { bad, ..verdict.subject(Subject::Message(id)) }
    }

    fn car_step(&self, line: &Line, at: SimTime) -> Step {
        let drive = &self.drive[..self.drive.partition_point(|(t, _)| *t <= at)];
        let mut out = step("car", "keeps on", "").in_place([Spot::Car]);
        // What this very message led to, before what the car does anyway.
        let led = drive.iter().filter(|(_, e)| match e {
            road::Event::BeliefFormed { message, .. } | road::Event::TurnedBack { message, .. } => {
                Some(*message) == line.message
            }
            _ => false,
        });
        for (t, event) in led {
            let words = crate::sim::Event::Road(event.clone()).words();
            out = out.with(&t.to_string(), words.map_or_else(String::new, |(.., text, _)| text)).at(Some(*t));
            (out.value, out.bad) = match event {
                road::Event::TurnedBack { .. } => ("turned back".into(), true),
                _ => ("believes it".into(), true),
            };
        }
        let believes = drive.iter().rev().find_map(|(_, e)| match e {
            road::Event::BeliefFormed { .. } => Some(true),
            road::Event::BeliefLapsed { .. } => Some(false),
            _ => None,
        });
        for (t, event) in drive {
            match event {
                road::Event::Arrived { driven_m } => {
                    (out.value, out.note) = ("arrived".into(), format!("after {} m", spaced(*driven_m)));
                    out = out.with(&t.to_string(), "arrived").at(Some(*t));
                }
                road::Event::TurnedBack { .. } if out.note.is_empty() => out.note = "after a detour".into(),
                _ => {}
            }
        }
        if out.value == "keeps on" && believes == Some(true) {
            (out.value, out.note, out.bad) = ("believes a fake".into(), String::new(), true);
        }
        out
    }
}

impl Step {
    fn subject(mut self, subject: Subject) -> Self {
        self.subject = Some(subject);
        self
    }
}

fn percent(x: Option<f64>) -> String {
    x.map_or_else(|| "not known".into(), |x| format!("{:.2} %", x * 100.0))
}

/// `13 824`, with a narrow space that does not break.
fn spaced(n: f64) -> String {
    let digits = format!("{:.0}", n.max(0.0));
    let mut out = String::new();
    for (i, c) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push('\u{202f}');
        }
        out.push(c);
    }
    out
}
