//! The nine steps of a chain: what each says, all that is known of it, where it happened, and what else came of it.

use super::trace::{Detail, Line, Other, Spot, Standing, Step};
use super::{Block, Chronicle, Hop, Key, Subject, known};
use crate::ground::figures::thousands;
use crate::ground::{Authentication, BlockId, KeyId, NodeId, SimTime};
use crate::road;
use crate::sim::event::count;

/// Kin of a step that are named; the rest is counted.
const NAMED: usize = 12;

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
    /// The nine steps of what is not known.
    pub(super) fn missing_steps(&self, standing: Standing, at: SimTime) -> Vec<Step> {
        let (value, note) = match standing {
            Standing::Older => ("not kept", "older than what is"),
            _ => ("not yet", ""),
        };
        let before = ["block", "sifted", "secret", "key", "relay", "session", "tag", "verdict"];
        let mut steps: Vec<Step> = before.map(|kind| step(kind, value, note)).into();
        steps.push(self.car_step(&Line::default(), at));
        steps
    }

    fn block_of(&self, line: &Line) -> Option<(&BlockId, &Block)> {
        line.block.as_ref().and_then(|id| self.blocks.get_key_value(id))
    }

    /// What the first three steps say where there is no block.
    fn no_block(&self, kind: &str, line: &Line) -> Step {
        let note = match line.key {
            Some(_) if self.older.unused => "installed, or not kept",
            Some(_) => "installed key",
            None if line.keyless => "no key under it",
            None => "no key used",
        };
        Step { bad: line.keyless, ..step(kind, "none", note) }
    }

    pub(super) fn block_step(&self, line: &Line, at: SimTime) -> Step {
        let Some((id, block)) = self.block_of(line) else { return self.no_block("block", line) };
        let Some(view) = block.view(id, at) else {
            return step("block", format!("#{}", id.seq), "not ready yet");
        };
        step("block", format!("#{}", id.seq), id.link.to_string())
            .at(block.ready.as_ref().map(|(t, _)| *t))
            .with("link", &id.link)
            .with("pulses sent", thousands(view.pulses as f64))
            .with("pulses detected", thousands(view.clicks as f64))
            .with("sent for", format!("{:.2} s", view.duration_s))
            .with("loss of the channel", format!("{:.1} dB", view.loss_db))
            .in_place([Spot::Link(id.link.to_string())])
            .subject(Subject::Block(id.clone()))
    }

    pub(super) fn sifted_step(&self, line: &Line, at: SimTime) -> Step {
        let Some((id, block)) = self.block_of(line) else { return self.no_block("sifted", line) };
        let view = block.view(id, at).unwrap_or_default();
        let Some(bits) = view.key_bits else { return step("sifted", "not yet", "") };
        let qber = view.qber_x.or(view.qber_z).unwrap_or(f64::NAN);
        step("sifted", format!("{} bit", thousands(f64::from(bits))), format!("QBER {:.1} %", qber * 100.0))
            .at(block.sifted.as_ref().map(|(t, _)| *t))
            .with("key basis", format!("{} bit", thousands(f64::from(bits))))
            .with(
                "check basis, disclosed",
                format!("{} bit", thousands(f64::from(view.check_bits.unwrap_or(0)))),
            )
            .with("QBER of the check basis", percent(view.qber_z))
            .with("QBER of the key basis", percent(view.qber_x))
            .in_place([Spot::Link(id.link.to_string())])
            .subject(Subject::Block(id.clone()))
    }

    pub(super) fn secret_step(&self, line: &Line, at: SimTime) -> Step {
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
        let bit = |x: Option<f64>| format!("{} bit", thousands(x.unwrap_or(0.0)));
        step(
            "secret",
            format!("{} bit", thousands(f64::from(bits))),
            format!("leak {}", thousands(f64::from(leak))),
        )
        .at(block.ended.as_ref().map(|(t, _)| *t))
        .with("disclosed in reconciliation", format!("{} bit", thousands(f64::from(leak))))
        .with("over the Shannon limit", format!("{:.3} times", view.efficiency.unwrap_or(f64::NAN)))
        .with("questions and answers", view.round_trips.unwrap_or(0))
        .with("single-photon events, at least", bit(view.s_x1))
        .with("vacuum events, at least", bit(view.s_x0))
        .with("their phase error, at most", percent(view.phase_error))
        .with("secret", format!("{} bit", thousands(f64::from(bits))))
        .with("kept back for tags", bit(view.pad_bits.map(f64::from)))
        .with("rounds sealed by", view.authentication.map_or("nothing yet", sealed_by))
        .with("pairs of pads left", view.pairs_left.unwrap_or(0))
        .with("keys of 256 bit", keys.len())
        .in_place(spot)
        .kin(keys.iter().map(other))
        .subject(Subject::Block(id.clone()))
    }

    /// What became of a key, in a few words.
    fn fate(&self, id: &KeyId, at: SimTime) -> String {
        let short = id.short();
        let Some(key) = self.keys.get(id) else {
            return if self.older.keys { format!("{short} not kept") } else { short };
        };
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

    pub(super) fn key_step(&self, line: &Line, at: SimTime) -> Step {
        let Some(id) = line.key else { return Step { bad: line.keyless, ..self.no_block("key", line) } };
        let key = self.keys.get(&id).cloned().unwrap_or_default();
        let unmade = if self.older.unused { "installed, or not kept" } else { "installed" };
        let from = key.block.as_ref().map_or_else(|| unmade.to_owned(), |b| format!("pool {}", b.link));
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

    pub(super) fn relay_step(&self, line: &Line, at: SimTime) -> Step {
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

    pub(super) fn session_step(&self, line: &Line, at: SimTime) -> Step {
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

    pub(super) fn tag_step(&self, line: &Line, at: SimTime) -> Step {
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

    pub(super) fn verdict_step(&self, line: &Line, at: SimTime) -> Step {
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

    pub(super) fn car_step(&self, line: &Line, at: SimTime) -> Step {
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
                    (out.value, out.note) = ("arrived".into(), format!("after {} m", thousands(*driven_m)));
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

/// What a round is sealed by, in words.
fn sealed_by(authentication: Authentication) -> &'static str {
    match authentication {
        Authentication::OneTimePad => "one-time pads",
        Authentication::Signature => "ML-DSA-65 signatures",
        Authentication::Installation => "nobody: installed",
    }
}
