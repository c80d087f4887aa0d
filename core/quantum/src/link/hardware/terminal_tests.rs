use super::super::control::FAIR;
use super::*;
use crate::ground::{Rng, Streams};
use proptest::prelude::*;

fn rng() -> Rng {
    Streams::new(1).stream("terminal")
}

fn secs(s: f64) -> SimTime {
    SimTime::from_secs(s)
}

/// A machine with what it has said, driven by its own wakes.
struct Bench {
    terminal: Terminal,
    now: SimTime,
    wakes: u32,
    events: Vec<(f64, Event)>,
    allowed: bool,
}

impl Bench {
    fn new(terminal: Terminal) -> Self {
        Self { terminal, now: SimTime::ZERO, wakes: 0, events: Vec::new(), allowed: false }
    }

    fn say(&mut self, at: SimTime, input: Input) {
        let mut out = Vec::new();
        self.terminal.handle(at, input, &mut out);
        self.now = at;
        for o in out {
            match o {
                Output::Event(e) => self.events.push((at.as_secs(), e)),
                Output::Deliver(EmissionPermit(on)) => self.allowed = on,
                Output::WakeAt(t) => {
                    assert!(t >= at);
                    self.wakes += 1;
                }
                Output::Send(..) => panic!("it sends nothing"),
            }
        }
        safe(&self.terminal);
        assert_eq!(self.allowed, self.terminal.emission_allowed());
    }

    fn run_until(&mut self, end: SimTime) {
        while let Some(t) = self.terminal.wake.filter(|t| *t <= end) {
            self.say(t, Input::Wake);
        }
        self.now = end;
    }

    fn first(&self, wanted: Event) -> Option<f64> {
        self.events.iter().find(|(_, e)| *e == wanted).map(|(t, _)| *t)
    }
}

/// What must hold at every instant.
fn safe(t: &Terminal) {
    let p = &t.params.emitter;
    let temperature_c = t.emitter.temperature_c();
    assert!((-60.0..=85.0).contains(&temperature_c), "{temperature_c} °C");
    if t.emitter.emitting() {
        assert!(t.emission_allowed() && t.demand);
    }
    if t.emission_allowed() {
        assert!(t.pointing == Pointing::Tracking && t.emitter.state() == EmitterState::Ready);
        assert!(!t.alarms.contains(&Alarm::SourceInterlocked) && !t.bad_weather());
        let (low, high) = p.interlock_c();
        assert!((low - 1e-6..=high + 1e-6).contains(&temperature_c), "{temperature_c} °C while it may emit");
        assert!(temperature_c > p.rated_min_c && temperature_c < p.rated_max_c);
    }
    if t.emitter.state() == EmitterState::Interlocked {
        assert!(t.alarms.contains(&Alarm::SourceInterlocked));
    }
}

#[test]
fn it_comes_out_finds_the_other_roof_and_emits() {
    let params = TerminalParams::default();
    assert_eq!(params.check(), Ok(()));
    let mut b = Bench::new(Terminal::new(&params, FAIR, rng()));
    b.say(SimTime::ZERO, Input::Demand(true));
    assert_eq!(b.terminal.pointing(), Pointing::Slewing);
    b.run_until(secs(120.0));
    assert!(b.terminal.emission_allowed() && b.terminal.emitter().emitting());
    let scan = b.first(Event::PointingChanged { from: Pointing::Slewing, to: Pointing::Acquiring });
    assert_eq!(scan, Some(9.0));
    let lock = b
        .first(Event::PointingChanged { from: Pointing::Acquiring, to: Pointing::Tracking })
        .expect("a beacon of 10 dB is found");
    assert!(lock > 9.0 && lock <= 9.0 + 3.5, "{lock}");
    // From 15 °C to 25 °C at 0.2 K/s or less, then settled: later than the lock.
    let ready = b
        .first(Event::SourceChanged { from: EmitterState::Stabilising, to: EmitterState::Ready })
        .expect("warm");
    assert!(ready > 65.0 && ready < 90.0, "{ready}");
    assert!(b.terminal.alarms().is_empty());
}

#[test]
fn a_fade_is_held_a_loss_is_not() {
    let mut b = Bench::new(Terminal::aligned(&TerminalParams::default(), FAIR, rng()));
    b.say(SimTime::ZERO, Input::Demand(true));
    assert!(b.terminal.emission_allowed(), "aligned terminals emit at once");
    let weak = Environment { beacon_margin_db: -3.0, ..FAIR };
    b.say(secs(1.0), Input::Environment(weak));
    b.run_until(secs(1.1));
    // Back over the threshold, but not by enough: the fade goes on.
    b.say(secs(1.1), Input::Environment(Environment { beacon_margin_db: 0.5, ..FAIR }));
    assert!(b.terminal.timer.is_some());
    b.say(secs(1.15), Input::Environment(FAIR));
    b.run_until(secs(5.0));
    assert_eq!(b.terminal.pointing(), Pointing::Tracking);
    b.say(secs(5.0), Input::Environment(Environment { blocked: true, ..FAIR }));
    b.run_until(secs(5.2));
    assert_eq!(b.terminal.pointing(), Pointing::Lost);
    assert!(!b.terminal.emission_allowed() && b.terminal.alarms().contains(&Alarm::BeaconLost));
    b.run_until(secs(60.0));
    assert!(b.terminal.alarms().contains(&Alarm::AcquisitionFailed), "{:?}", b.terminal);
    b.say(secs(60.0), Input::Environment(FAIR));
    b.run_until(secs(200.0));
    assert!(b.terminal.emission_allowed() && b.terminal.alarms().is_empty(), "{:?}", b.terminal);
}

#[test]
fn it_stows_in_a_gale_and_comes_out_after_the_calm() {
    let mut b = Bench::new(Terminal::aligned(&TerminalParams::default(), FAIR, rng()));
    b.say(SimTime::ZERO, Input::Demand(true));
    b.say(secs(10.0), Input::Environment(Environment { wind_mps: 18.0, ..FAIR }));
    assert_eq!((b.terminal.pointing(), b.terminal.emitter().state()), (Pointing::Stowed, EmitterState::Off));
    // 13 m/s is under the limit, yet not under 0.7 of it.
    b.say(secs(20.0), Input::Environment(Environment { wind_mps: 13.0, ..FAIR }));
    b.run_until(secs(1_000.0));
    assert_eq!(b.terminal.pointing(), Pointing::Stowed);
    b.say(secs(1_000.0), Input::Environment(Environment { wind_mps: 11.0, ..FAIR }));
    b.run_until(secs(1_119.0));
    assert_eq!(b.terminal.pointing(), Pointing::Stowed);
    b.run_until(secs(1_300.0));
    assert!(b.terminal.emission_allowed(), "{:?}", b.terminal);
}

#[test]
fn a_failed_cooler_stops_emission_at_its_own_time() {
    let params = TerminalParams::default();
    let dead = Environment { cooler_health: 0.0, air_c: 25.0, ..FAIR };
    let mut b = Bench::new(Terminal::aligned(&params, dead, rng()));
    b.say(SimTime::ZERO, Input::Demand(true));
    b.run_until(secs(304.0));
    assert!(b.terminal.emission_allowed() && b.terminal.alarms().contains(&Alarm::CoolerAtLimit));
    // 400 s ln(15/7) = 304.9 s from 25 °C to 33 °C. Called long after that, it has stopped then all the same.
    b.say(secs(900.0), Input::Wake);
    assert!(!b.terminal.emission_allowed());
    assert!(b.terminal.alarms().contains(&Alarm::SourceInterlocked));
    assert!(b.terminal.emitter().temperature_c() < 33.0, "it cools without emission");
    // While the cooler cannot carry the load it does not come back, however cool it gets.
    b.say(secs(5_000.0), Input::Environment(Environment { air_c: 24.0, ..dead }));
    b.run_until(secs(9_000.0));
    assert_eq!(b.terminal.emitter().state(), EmitterState::Interlocked);
    b.say(secs(9_000.0), Input::Environment(FAIR));
    b.run_until(secs(9_100.0));
    assert!(b.terminal.emission_allowed() && b.terminal.alarms().is_empty(), "{:?}", b.terminal);
}

#[test]
fn without_demand_the_cooler_rests() {
    let mut b = Bench::new(Terminal::aligned(&TerminalParams::default(), FAIR, rng()));
    b.say(SimTime::ZERO, Input::Wake);
    b.run_until(secs(599.0));
    assert_eq!(b.terminal.emitter().state(), EmitterState::Ready);
    b.run_until(secs(601.0));
    assert_eq!(b.terminal.emitter().state(), EmitterState::Off);
    b.say(secs(700.0), Input::Demand(true));
    b.run_until(secs(800.0));
    assert!(b.terminal.emission_allowed());
}

fn any_environment() -> impl Strategy<Value = Environment> {
    let odd = prop_oneof![8 => -20.0f64..20.0, 1 => Just(f64::NAN), 1 => Just(f64::NEG_INFINITY)];
    let wind = prop_oneof![3 => 0.0f64..12.0, 1 => 0.0f64..40.0];
    let health = prop_oneof![3 => Just(1.0), 1 => 0.0f64..1.0, 1 => Just(f64::NAN)];
    (-45.0f64..65.0, wind, 0.0f64..12.0, 0.0f64..2.2, odd, any::<bool>(), health).prop_map(
        |(air_c, wind_mps, rain_mm_h, snow_mm_h, beacon_margin_db, blocked, cooler_health)| Environment {
            air_c,
            wind_mps,
            rain_mm_h,
            snow_mm_h,
            beacon_margin_db,
            blocked: blocked && beacon_margin_db > 0.0,
            cooler_health,
        },
    )
}

fn any_input() -> impl Strategy<Value = Input> {
    prop_oneof![
        3 => any_environment().prop_map(Input::Environment),
        2 => any::<bool>().prop_map(Input::Demand),
        1 => Just(Input::Wake),
    ]
}

fn any_story() -> impl Strategy<Value = Vec<(f64, Input)>> {
    let pause = prop_oneof![0.0f64..0.3, 0.0f64..30.0, 0.0f64..900.0];
    prop::collection::vec((pause, any_input()), 1..40)
}

fn any_machine() -> impl Strategy<Value = Terminal> {
    (any::<bool>(), 0.0f64..3.0, 0.2f64..20.0, 0.1f64..2.0, any_environment(), any::<u64>()).prop_map(
        |(aligned, heat, capacity, cooler, env, seed)| {
            let mut params = TerminalParams::default();
            params.emitter.emission_heat_w = heat;
            params.emitter.heat_capacity_j_per_k = capacity;
            params.emitter.cooler_max_w = cooler;
            params.emitter.settle_s = 0.5;
            params.pointing.back_off_s = 0.1;
            params.pointing.hold_s = 0.01;
            params.check().expect("in range");
            let rng = Streams::new(seed).stream("terminal");
            if aligned { Terminal::aligned(&params, env, rng) } else { Terminal::new(&params, env, rng) }
        },
    )
}

proptest! {
    /// Nothing that the world does makes it emit while stowed, searching or interlocked, or out of the rated range;
    /// every alarm is raised, then cleared or still standing; and it asks for few wakes.
    #[test]
    fn it_is_safe_whatever_happens(machine in any_machine(), story in any_story()) {
        let mut b = Bench::new(machine);
        for (pause_s, input) in &story {
            let end = b.now + SimDuration::from_secs(*pause_s);
            b.run_until(end);
            b.say(end, *input);
        }
        let mut standing = BTreeSet::new();
        for (_, event) in &b.events {
            match event {
                Event::Alarm { alarm, raised: true } => prop_assert!(standing.insert(*alarm)),
                Event::Alarm { alarm, raised: false } => prop_assert!(standing.remove(alarm)),
                Event::PointingChanged { from, to } => prop_assert_ne!(from, to),
                Event::SourceChanged { from, to } => prop_assert_ne!(from, to),
            }
        }
        prop_assert_eq!(&standing, b.terminal.alarms());
        // With the shortest pauses allowed, no more than 30 wakes a second, and a few for each input.
        let limit = 30.0 * b.now.as_secs() + 8.0 * story.len() as f64 + 8.0;
        prop_assert!(f64::from(b.wakes) <= limit, "{} wakes in {} s", b.wakes, b.now.as_secs());
    }

    /// Called at each of its wakes or only when the world changes, it comes to the same state.
    #[test]
    fn late_calls_change_nothing(machine in any_machine(), story in any_story()) {
        let mut prompt = Bench::new(machine.clone());
        let mut late = machine;
        for (pause_s, input) in &story {
            let end = prompt.now + SimDuration::from_secs(*pause_s);
            prompt.run_until(end);
            prompt.say(end, *input);
            late.handle(end, *input, &mut Vec::new());
        }
        let (a, b) = (prompt.terminal, late);
        prop_assert_eq!(a.pointing(), b.pointing());
        prop_assert_eq!(a.emitter().state(), b.emitter().state());
        prop_assert_eq!(a.alarms(), b.alarms());
        prop_assert!((a.emitter().temperature_c() - b.emitter().temperature_c()).abs() < 1e-6);
    }
}
