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
