use super::*;
use crate::sim::{Scenario, World};

/// The built-in campus, protected and attacked, to `until_s`.
fn told(until_s: f64) -> (Chronicle, SimTime) {
    let scenario = Scenario::warwick();
    let mut world = World::new(&scenario, 7, scenario.knobs());
    let mut records = Vec::new();
    world.step_until(until_s, &mut records);
    let mut chronicle = Chronicle::new(&world.scene());
    records.iter().for_each(|r| chronicle.note(r));
    (chronicle, SimTime::from_secs(until_s))
}

fn values(trace: &Trace) -> Vec<&str> {
    trace.steps.iter().map(|s| s.value.as_str()).collect()
}

#[test]
fn a_believed_message_leads_back_to_its_photons() {
    let (chronicle, at) = told(60.0);
    let View::Messages(seen) = chronicle.look(&Look::Messages { only_bad: false }, at) else { panic!() };
    let from_light = seen.messages.iter().find_map(|m| {
        let trace = chronicle.trace(Some(&Subject::Message(m.id)), at);
        let Some(Subject::Block(block)) = &trace.steps[0].subject else { return None };
        (m.rejected.is_none()).then(|| (trace.clone(), block.clone()))
    });
    let (trace, block) = from_light.expect("by then keys made of light are under the tags");
    assert!(trace.steps.iter().all(|s| s.value != "none" && !s.bad), "{:?}", values(&trace));
    // In order of cause and effect, as far as each step has its time.
    let times: Vec<f64> = trace.steps[..8].iter().filter_map(|s| s.t_s).collect();
    assert!(times.len() >= 6 && times.windows(2).all(|w| w[0] <= w[1] + 1e-9), "{times:?}");
    // The same chain from its other end.
    let Some(Subject::Key(key)) = &trace.steps[3].subject else { panic!("{:?}", trace.steps[3]) };
    let from_key = chronicle.trace(Some(&Subject::Key(*key)), at);
    assert_eq!(from_key.steps[0].subject, Some(Subject::Block(block)));
    assert_eq!(from_key.steps[5].subject, trace.steps[5].subject);
    let others: Vec<_> = trace.steps[2].others.iter().map(|o| &o.subject).collect();
    assert!(trace.steps[2].others_total as usize >= others.len() && !others.is_empty());
}

#[test]
fn a_dropped_fake_has_no_key_and_says_why() {
    let (chronicle, at) = told(215.0);
    let View::Messages(seen) = chronicle.look(&Look::Messages { only_bad: true }, at) else { panic!() };
    let fake = seen.messages.first().expect("the car has come near the attacker");
    assert!(fake.faked && fake.rejected.is_some());
    let trace = chronicle.trace(Some(&Subject::Message(fake.id)), at);
    assert_eq!(values(&trace)[..6], ["none"; 6]);
    assert_eq!(trace.steps[7].value, "dropped");
    assert!(!chronicle.heard(fake.id).unwrap().is_empty());
    // Without a subject, the newest faked message stands for it.
    assert_eq!(chronicle.trace(None, at).steps[6].subject, Some(Subject::Message(fake.id)));
}

#[test]
fn the_past_is_told_as_it_was_known_then() {
    let (later, _) = told(60.0);
    let (sooner, at) = told(25.0);
    for look in [
        Look::Blocks(None),
        Look::Blocks(Some("naic-eng".into())),
        Look::Managers(None),
        Look::Control,
        Look::Trust,
        Look::Messages { only_bad: false },
        Look::Street,
    ] {
        // Not a number is not equal to itself: compare as it is printed.
        assert_eq!(
            format!("{:?}", later.look(&look, at)),
            format!("{:?}", sooner.look(&look, at)),
            "{look:?}"
        );
    }
    assert_eq!(format!("{:?}", later.trace(None, at)), format!("{:?}", sooner.trace(None, at)));
}

#[test]
fn the_nine_steps_of_figure_2_happen() {
    let (chronicle, at) = told(60.0);
    let View::Managers(view) = chronicle.look(&Look::Managers(None), at) else { panic!() };
    assert!(view.services.len() == 9 && view.actors.len() >= 5, "{:?}", view.actors);
    for step in 1..=9 {
        assert!(view.steps.iter().any(|s| s.step == step && s.count > 0), "step {step}: {:?}", view.steps);
    }
    assert!(view.steps.iter().all(|s| (s.from.max(s.to) as usize) < view.actors.len()));
    assert!(view.container.contains(&view.key.unwrap().to_string()));
}

#[test]
fn every_picked_thing_has_nine_steps_even_if_nothing_bears_its_name() {
    let (chronicle, at) = told(20.0);
    let nobody = StationId(9);
    for subject in [
        Subject::Block(BlockId { link: "nowhere".into(), seq: 3 }),
        Subject::Key(KeyId([7; 16])),
        Subject::Service(ServiceId(99)),
        Subject::Epoch(99),
        Subject::Message(MessageId { station: nobody, seq: 1 }),
    ] {
        let trace = chronicle.trace(Some(&subject), at);
        assert_eq!((trace.steps.len(), trace.standing), (9, Standing::NotYet), "{subject}");
    }
}

#[test]
fn what_is_followed_before_it_is_there_says_so() {
    let (chronicle, at) = told(30.0);
    let trace = chronicle.trace(None, at);
    // Services are asked for as the run begins.
    let later = |s: &Subject| !matches!(s, Subject::Service(_));
    for subject in trace.steps.iter().filter_map(|s| s.subject.clone()).filter(later) {
        assert_eq!(chronicle.trace(Some(&subject), at).standing, Standing::Known, "{subject}");
        let before = chronicle.trace(Some(&subject), SimTime::ZERO);
        assert_eq!((before.standing, values(&before)[6]), (Standing::NotYet, "not yet"), "{subject}");
    }
}

/// The campus again, `n` minutes later: other blocks, keys, epochs and messages.
fn again(record: &Record, n: u32) -> Option<Record> {
    use crate::{distill::Event as D, kmm::Event as K, zap::Event as Z};
    let mut record = record.clone();
    record.t.0 += u64::from(n) * 60_000_000_000;
    let key = |id: &mut KeyId| id.0.iter_mut().zip(n.to_le_bytes()).for_each(|(b, x)| *b ^= x);
    let message = |id: &mut MessageId| id.seq += n * 1_000;
    match &mut record.event {
        Event::Link { event: link::Event::BlockReady { block, .. }, .. } => block.seq += n * 100,
        Event::Distill { event, .. } => {
            let (D::Sifted { block, .. }
            | D::Reconciled { block, .. }
            | D::Dropped { block, .. }
            | D::Distilled { block, .. }) = event
            else {
                return None;
            };
            block.seq += n * 100;
            if let D::Distilled { keys, .. } = event {
                keys.iter_mut().for_each(key);
            }
        }
        Event::Kmm { event, .. } => match event {
            // Keys installed at the start are of no block.
            K::KeysStored { block, .. } if block.seq == u32::MAX && n > 0 => return None,
            K::KeysStored { block, .. } => block.seq = block.seq.saturating_add(n * 100),
            K::Allocated { keys, .. } => keys.iter_mut().for_each(key),
            K::Relayed { keys, hop_keys, .. } => keys.iter_mut().chain(hop_keys).for_each(key),
            K::Delivered { key: id, .. } => key(id),
            K::Requested(_) | K::ServiceCreated { .. } if n > 0 => return None,
            _ => {}
        },
        Event::Sdn(_) if n > 0 => return None,
        Event::Zap(event) => match event {
            Z::EpochStarted { epoch, root, .. } => {
                *epoch += n * 100;
                key(root);
            }
            Z::EpochTaken { epoch, .. } | Z::LeftOut { epoch, .. } => *epoch += n * 100,
            _ => {}
        },
        Event::CpmSent { message: id, under, .. } => {
            message(id);
            if let Some((epoch, root)) = under {
                *epoch += n * 100;
                key(root);
            }
        }
        Event::CpmReceived { message: id, .. } | Event::CpmMalformed { message: id } => message(id),
        _ => {}
    }
    Some(record)
}

/// A minute of the campus, `times` over.
fn stream(times: u32) -> (Scene, Vec<Record>) {
    let scenario = Scenario::warwick();
    let mut world = World::new(&scenario, 7, scenario.knobs());
    let mut records = Vec::new();
    world.step_until(60.0, &mut records);
    let all = (0..times).flat_map(|n| records.iter().filter_map(move |r| again(r, n)).collect::<Vec<_>>());
    (world.scene(), all.collect())
}

fn noted(scene: &Scene, records: &[Record], room: Room) -> Chronicle {
    let mut chronicle = Chronicle::new(scene);
    (chronicle.room, chronicle.limit) = (room, room);
    records.iter().for_each(|r| chronicle.note(r));
    chronicle
}

#[test]
fn a_long_run_keeps_its_size_and_what_is_kept_stays_right() {
    let (scene, records) = stream(14);
    let at = records[records.len() - 1].t;
    let room = Room { messages: 1_500, keys: 4_000, blocks: 150 };
    let short = noted(&scene, &records, room);
    let whole = noted(&scene, &records, Room { messages: usize::MAX, keys: usize::MAX, blocks: usize::MAX });
    assert_eq!(whole.kept_from(), SimTime::ZERO);
    assert!(whole.messages.len() > 4 * short.messages.len() && whole.keys.len() > 3 * short.keys.len());
    // What is kept is bounded: what the living need is within a quarter of the room.
    assert!(short.messages.len() <= room.messages * 5 / 4, "{} messages", short.messages.len());
    assert!(short.keys.len() <= room.keys * 5 / 4, "{} keys", short.keys.len());
    assert!(short.epochs.len() < 200 && short.heard.len() <= short.messages.len());
    assert!(short.blocks.len() <= scene.links.len() * 40 + room.blocks, "{} blocks", short.blocks.len());
    // The pictures count as if nothing had gone.
    for look in [
        Look::Blocks(None),
        Look::Blocks(Some("naic-eng".into())),
        Look::Managers(None),
        Look::Managers(Some(ServiceId(1))),
        Look::Control,
        Look::Trust,
        Look::Street,
    ] {
        assert_eq!(
            format!("{:?}", short.look(&look, at)),
            format!("{:?}", whole.look(&look, at)),
            "{look:?}"
        );
    }
    let heard = |c: &Chronicle| match c.look(&Look::Messages { only_bad: false }, at) {
        View::Messages(view) => view,
        other => panic!("{other:?}"),
    };
    let (kept, all) = (heard(&short), heard(&whole));
    assert_eq!(kept.heard, all.heard);
    assert!(kept.messages.iter().zip(&all.messages).all(|(a, b)| format!("{a:?}") == format!("{b:?}")));
    // And each chain of a message that is kept is the same, but for kin that have gone.
    for message in &kept.messages {
        let plain = |c: &Chronicle| {
            let mut trace = c.trace(Some(&Subject::Message(message.id)), at);
            trace.steps.iter_mut().for_each(|s| (s.others, s.others_total) = (Vec::new(), 0));
            // Keys that nobody takes pile up in this stream alone: some went, and any may be one of them.
            format!("{trace:?}")
                .replace("installed, or not kept", "installed")
                .replace("installed key", "installed")
        };
        assert_eq!(plain(&short), plain(&whole), "{}", message.id);
    }
    // What has gone is said to be older, then and now.
    let first = all.messages.last().map(|_| {
        records.iter().find_map(|r| match &r.event {
            Event::CpmSent { message, .. } => Some(Subject::Message(*message)),
            _ => None,
        })
    });
    let first = first.flatten().unwrap();
    for at in [at, SimTime::from_secs(15.0)] {
        assert_eq!(short.trace(Some(&first), at).standing, Standing::Older);
        assert_eq!(whole.trace(Some(&first), at).standing, Standing::Known);
    }
    assert_eq!(short.trace(None, SimTime::from_secs(15.0)).standing, Standing::Older);
    assert_eq!(short.trace(Some(&Subject::Epoch(1)), at).standing, Standing::Older);
}

#[test]
fn four_times_as_long_is_no_larger() {
    let room = Room { messages: 1_500, keys: 4_000, blocks: 100 };
    let sizes = [8, 32].map(|times| {
        let (scene, records) = stream(times);
        let c = noted(&scene, &records, room);
        c.messages.len() + c.keys.len() + c.blocks.len() + c.epochs.len() + c.heard.len() + c.joins.len()
    });
    assert!(sizes[1] < sizes[0] * 3 / 2, "{sizes:?}");
}
