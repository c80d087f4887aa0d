//! The quantum hardware of one link, both ends: it emits while its pool wants keys, the beam is held and the source is
//! fit, and stands by while the pool is full.

use super::control::{self, Environment, Pointing};
use super::emitter::EmitterState;
use super::qrng::{Qrng, QrngEvent};
use super::terminal::Terminal;
use crate::ground::sample::normal;
use crate::ground::{BlockId, LinkId, Output, Rng, SimDuration, SimTime, Streams};
use crate::link::Detections;
use crate::link::Law;
use crate::link::channel::{Channel, Conditions};
use crate::link::fading::Fading;
use crate::link::params::Params;
use crate::link::sampler::{Drawer, Memory};
use serde::{Deserialize, Serialize};
use zeroize::Zeroize;

/// What a link does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum State {
    /// Pulses are sent.
    Emitting,
    /// The pool is full.
    Standby,
    /// The beam is lost: the air is too thick for the trackers, or something stands in it.
    Lost,
    /// The terminals turn to each other or scan for each other.
    Acquiring,
    /// The terminals are put away from bad weather.
    Stowed,
    /// The source is not at its temperature, or its interlock holds it.
    SourceHeld,
    /// The random number generator has failed its tests: without random choices there is no key.
    NoRandomness,
}

/// What the hardware is told.
#[derive(Clone, Debug)]
pub enum Input {
    /// The weather or an eavesdropper has changed.
    Conditions(Conditions),
    /// Whether the pool wants keys.
    Demand(bool),
    /// The time of a `WakeAt` has come.
    Wake,
}

/// The detections of one block, both sides.
#[derive(Clone, Debug)]
pub struct Block {
    /// Its identifier.
    pub id: BlockId,
    /// Both parties' records.
    pub detections: Detections,
}

/// What happened on floor 1.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Event {
    /// The link changed what it does.
    StateChanged {
        /// From.
        from: State,
        /// To.
        to: State,
    },
    /// Something happened to the mounts, the trackers or the source's cooling.
    Terminal(control::Event),
    /// Something happened to the source's random number generator.
    Qrng(QrngEvent),
    /// A block's worth of pulses has been sent.
    BlockReady {
        /// The block.
        block: BlockId,
        /// Pulses sent.
        pulses: u64,
        /// Pulses detected.
        clicks: u64,
        /// Loss of the channel over the block, detector not counted, dB.
        loss_db: f64,
        /// Loss at the deepest fade that a step of the block met, dB.
        deepest_db: f64,
        /// Time for which light was sent, seconds.
        duration_s: f64,
    },
}

/// Time after which a random number generator that failed is started again, seconds.
const QRNG_RESTART_S: f64 = 10.0;
/// Steps of the fading within its shortest correlation time, and its least step in seconds.
const STEPS_PER_TIME: f64 = 2.0;
const LEAST_STEP_S: f64 = 0.002;

/// One link's hardware, both ends.
#[derive(Clone, Debug)]
pub struct Link {
    id: LinkId,
    params: Params,
    range_m: f64,
    qrng: Qrng,
    /// A generator that failed is started again at this time.
    qrng_restart: Option<SimTime>,
    /// The choices of the block under way, from a seed of the generator.
    choices: Option<Rng>,
    fading_rng: Rng,
    drawer: Drawer,
    memory: Memory,
    channel: Channel,
    conditions: Conditions,
    fading: Fading,
    /// Turn of the polarisation frames against each other, in standard deviations of the drift.
    drift: f64,
    terminal: Terminal,
    demand: bool,
    state: State,
    /// A slot is under way and ends at this time.
    slot_end: Option<SimTime>,
    block: Detections,
    /// Sum over the block's steps of the light collected, and the least of them.
    collected: (f64, f64),
    steps: u32,
    block_seq: u32,
}

/// What the hardware says; it sends no messages itself.
pub type LinkOutput = Output<(), (), Block, Event>;

impl Link {
    /// A link of `range_m` metres, aligned and warm, that stands by until it is told of demand. Its random streams
    /// are `link/<id>/qrng`, `/clicks`, `/fading` and `/terminal`.
    #[must_use]
    pub fn new(id: LinkId, params: &Params, range_m: f64, conditions: Conditions, streams: &Streams) -> Self {
        let stream = |what: &str| streams.stream(&format!("link/{id}/{what}"));
        let mut fading_rng = stream("fading");
        let mut qrng = Qrng::new(&params.qrng, stream("qrng"));
        qrng.set_fault(conditions.qrng_fault);
        let channel = Channel::new(params, range_m, &conditions);
        let environment = environment(params, &conditions, &channel);
        Self {
            drawer: Drawer::new(params, false),
            memory: Memory::new(&mut stream("clicks")),
            fading: Fading::new(&channel.fading, &mut fading_rng),
            drift: normal(&mut fading_rng),
            terminal: Terminal::aligned(&params.terminal, environment, stream("terminal")),
            id,
            params: params.clone(),
            range_m,
            qrng,
            qrng_restart: None,
            choices: None,
            fading_rng,
            channel,
            conditions,
            demand: false,
            state: State::Standby,
            slot_end: None,
            block: Detections::default(),
            collected: (0.0, 1.0),
            steps: 0,
            block_seq: 0,
        }
    }

    /// The channel as it stands, but for its fading.
    #[must_use]
    pub fn channel(&self) -> &Channel {
        &self.channel
    }

    /// What the world does to the link.
    #[must_use]
    pub fn conditions(&self) -> &Conditions {
        &self.conditions
    }

    /// Loss of the channel at this instant, detector not counted, dB.
    #[must_use]
    pub fn loss_now_db(&self) -> f64 {
        self.channel.loss_at_db(self.fading.collected())
    }

    /// Mounts, trackers and the source's cooling.
    #[must_use]
    pub fn terminal(&self) -> &Terminal {
        &self.terminal
    }

    /// What the link does.
    #[must_use]
    pub fn state(&self) -> State {
        self.state
    }

    /// See [`crate::ground::io`]. A change of conditions holds from the next slot on.
    pub fn handle(&mut self, now: SimTime, input: Input, out: &mut Vec<LinkOutput>) {
        match input {
            Input::Conditions(conditions) => {
                self.conditions = conditions;
                self.channel = Channel::new(&self.params, self.range_m, &self.conditions);
                self.fading.change(&self.channel.fading, &mut self.fading_rng);
                self.qrng.set_fault(self.conditions.qrng_fault);
                let environment = environment(&self.params, &self.conditions, &self.channel);
                self.tell_terminal(now, control::Input::Environment(environment), out);
            }
            Input::Demand(demand) => {
                self.demand = demand;
                self.tell_terminal(now, control::Input::Demand(demand), out);
            }
            Input::Wake => {
                self.tell_terminal(now, control::Input::Wake, out);
                if self.slot_end.is_some_and(|end| now >= end) {
                    self.slot_end = None;
                    self.end_slot(out);
                }
            }
        }
        self.settle(now, out);
    }

    fn tell_terminal(&mut self, now: SimTime, input: control::Input, out: &mut Vec<LinkOutput>) {
        let mut said = Vec::new();
        self.terminal.handle(now, input, &mut said);
        for output in said {
            match output {
                // The permit is asked for below.
                Output::Send((), ()) | Output::Deliver(_) => {}
                Output::WakeAt(at) => out.push(Output::WakeAt(at)),
                Output::Event(event) => out.push(Output::Event(Event::Terminal(event))),
            }
        }
    }

    /// Brings the state in line with demand and hardware and starts a slot where light is sent.
    fn settle(&mut self, now: SimTime, out: &mut Vec<LinkOutput>) {
        let state = match (self.terminal.pointing(), self.terminal.emitter().state()) {
            (Pointing::Stowed, _) => State::Stowed,
            (Pointing::Slewing | Pointing::Acquiring, _) => State::Acquiring,
            (Pointing::Lost, _) => State::Lost,
            (Pointing::Tracking, _) if !self.demand => State::Standby,
            (Pointing::Tracking, EmitterState::Ready) if self.has_choices(now, out) => State::Emitting,
            (Pointing::Tracking, EmitterState::Ready) => State::NoRandomness,
            (Pointing::Tracking, _) => State::SourceHeld,
        };
        if state != self.state {
            out.push(Output::Event(Event::StateChanged { from: self.state, to: state }));
            self.state = state;
        }
        if state == State::Emitting && self.slot_end.is_none() {
            let end = now + SimDuration::from_secs(self.params.slot_s);
            self.slot_end = Some(end);
            out.push(Output::WakeAt(end));
        }
    }

    /// Whether the block under way has its random choices; asks the generator for them where it has none.
    fn has_choices(&mut self, now: SimTime, out: &mut Vec<LinkOutput>) -> bool {
        if self.choices.is_some() {
            return true;
        }
        if let Some(at) = self.qrng_restart {
            if now < at {
                return false;
            }
            self.qrng.restart(now);
            self.qrng_restart = None;
        }
        let mut seed = [0; 32];
        if self.qrng.fill(now, &mut seed).is_ok() {
            self.choices = Some(Rng::from_seed(seed));
        } else {
            let at = now + SimDuration::from_secs(QRNG_RESTART_S);
            self.qrng_restart = Some(at);
            out.push(Output::WakeAt(at));
        }
        seed.zeroize();
        out.extend(self.qrng.take_events().into_iter().map(|(_, e)| Output::Event(Event::Qrng(e))));
        self.choices.is_some()
    }

    /// Draws the slot that has passed, step by step of the fading.
    fn end_slot(&mut self, out: &mut Vec<LinkOutput>) {
        if self.state != State::Emitting {
            return;
        }
        let slot_s = self.params.slot_s;
        let pulses = (self.params.source.pulse_rate_hz * slot_s) as u64;
        let steps = self.steps_of(slot_s);
        let drift_rad = self.drift_rad(slot_s);
        let Some(choices) = &mut self.choices else { return };
        for step in 0..steps {
            let collected = self.fading.advance(slot_s / steps as f64, &mut self.fading_rng);
            let law = Law::new(&self.params, &self.channel, collected, drift_rad);
            let count = pulses * (step + 1) / steps - pulses * step / steps;
            self.drawer.slot(&law, count, &mut self.memory, choices, &mut self.block);
            self.collected = (self.collected.0 + collected, self.collected.1.min(collected));
            self.steps += 1;
        }
        if self.block.pulses < self.params.block_pulses {
            return;
        }
        // The next block asks for a seed of its own.
        self.choices = None;
        let detections = std::mem::take(&mut self.block);
        let (sum, least) = std::mem::replace(&mut self.collected, (0.0, 1.0));
        let mean = sum / f64::from(std::mem::take(&mut self.steps).max(1));
        let id = BlockId { link: self.id.clone(), seq: self.block_seq };
        self.block_seq += 1;
        out.push(Output::Event(Event::BlockReady {
            block: id.clone(),
            pulses: detections.pulses,
            clicks: detections.clicks() as u64,
            loss_db: self.channel.loss_at_db(mean),
            deepest_db: self.channel.loss_at_db(least),
            duration_s: detections.pulses as f64 / self.params.source.pulse_rate_hz,
        }));
        out.push(Output::Deliver(Block { id, detections }));
    }

    /// Steps of the fading in a slot: the channel counts as constant over half of its shortest correlation time.
    fn steps_of(&self, slot_s: f64) -> u64 {
        match self.channel.fading.shortest_time_s() {
            Some(time_s) => (slot_s / (time_s / STEPS_PER_TIME).max(LEAST_STEP_S)).ceil().max(1.0) as u64,
            None => 1,
        }
    }

    /// Goes on with the drift of the polarisation frames by a slot: an Ornstein-Uhlenbeck process (Gillespie 1996).
    fn drift_rad(&mut self, slot_s: f64) -> f64 {
        let receiver = &self.params.receiver;
        if receiver.drift_deg <= 0.0 {
            return 0.0;
        }
        let kept = libm::exp(-slot_s / receiver.drift_time_s);
        self.drift = kept * self.drift + (1.0 - kept * kept).sqrt() * normal(&mut self.fading_rng);
        self.drift * receiver.drift_deg.to_radians()
    }
}

/// What the hardware's control feels of the conditions.
fn environment(params: &Params, conditions: &Conditions, channel: &Channel) -> Environment {
    let (rain_mm_h, snow_mm_h) = conditions.air.precipitation.rates_mm_h();
    Environment {
        air_c: conditions.air_c,
        wind_mps: conditions.gust_mps,
        rain_mm_h,
        snow_mm_h,
        beacon_margin_db: params.transmitter.beacon_margin_db - channel.air_loss_db(),
        blocked: conditions.blocked,
        cooler_health: conditions.cooler_health,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ground::Streams;
    use crate::link::air::Air;
    use crate::link::qrng::Fault;

    /// A link and the wakes that it has asked for.
    struct Bench {
        link: Link,
        wakes: Vec<SimTime>,
        blocks: usize,
    }

    impl Bench {
        fn new(params: &Params, conditions: &Conditions) -> Self {
            let link = Link::new("a-b".into(), params, 250.0, conditions.clone(), &Streams::new(2));
            Self { link, wakes: Vec::new(), blocks: 0 }
        }

        fn tell(&mut self, t_s: f64, input: Input) {
            let mut out = Vec::new();
            self.link.handle(SimTime::from_secs(t_s), input, &mut out);
            for output in out {
                match output {
                    Output::WakeAt(at) => self.wakes.push(at),
                    Output::Deliver(_) => self.blocks += 1,
                    Output::Send(..) | Output::Event(_) => {}
                }
            }
        }

        fn run_until(&mut self, t_s: f64) {
            loop {
                self.wakes.sort();
                if self.wakes.first().is_none_or(|at| at.as_secs() > t_s) {
                    return;
                }
                let at = self.wakes.remove(0);
                self.tell(at.as_secs(), Input::Wake);
            }
        }
    }

    #[test]
    fn it_emits_on_demand_stands_by_and_loses_the_beam() {
        let clear = Conditions::default();
        let mut bench = Bench::new(&Params::default(), &clear);
        bench.tell(0.0, Input::Demand(true));
        assert_eq!(bench.link.state(), State::Emitting);
        bench.run_until(4.0);
        assert_eq!(bench.blocks, 1, "4 s at 1 MHz are one block of 4 million pulses");
        let fog = Conditions { air: Air { visibility_km: 0.01, ..clear.air }, ..clear.clone() };
        bench.tell(5.0, Input::Conditions(fog));
        bench.run_until(6.0);
        assert_eq!(bench.link.state(), State::Lost);
        bench.tell(20.0, Input::Conditions(clear.clone()));
        bench.tell(20.0, Input::Demand(false));
        bench.run_until(200.0);
        assert_eq!(bench.link.state(), State::Standby, "it has found its beam again");
        bench.tell(200.0, Input::Conditions(Conditions { blocked: true, ..clear }));
        bench.run_until(201.0);
        assert_ne!(bench.link.state(), State::Standby, "a blocked beam is lost whatever the weather");
    }

    #[test]
    fn the_light_of_a_link_fades_about_its_mean() {
        let shimmer = Conditions { cn2_m23: 1e-13, ..Conditions::default() };
        let mut params = Params::default();
        params.transmitter.jitter_urad = 80.0;
        let mut bench = Bench::new(&params, &shimmer);
        bench.tell(0.0, Input::Demand(true));
        let mut shares = Vec::new();
        for second in 1..=100 {
            bench.run_until(f64::from(second));
            shares.push(libm::pow(10.0, -bench.link.loss_now_db() / 10.0));
        }
        let mean = shares.iter().sum::<f64>() / shares.len() as f64;
        let variance = shares.iter().map(|s| (s - mean) * (s - mean)).sum::<f64>() / shares.len() as f64;
        let expected = libm::pow(10.0, -bench.link.channel().loss_db() / 10.0);
        assert!(variance.sqrt() > 0.1 * mean, "it fades: {shares:?}");
        // Six standard errors of a mean of independent samples: seconds are far apart for the fading.
        assert!((mean - expected).abs() < 6.0 * (variance / 100.0).sqrt(), "{mean} of {expected}");
    }

    #[test]
    fn a_generator_that_fails_stops_the_key_and_starts_again_when_mended() {
        let fair = Conditions::default();
        let mut bench = Bench::new(&Params::default(), &fair);
        bench.tell(0.0, Input::Demand(true));
        bench.run_until(2.0);
        let stuck = Conditions { qrng_fault: Some(Fault::Stuck { code: 128 }), ..fair.clone() };
        bench.tell(2.0, Input::Conditions(stuck));
        bench.run_until(10.0);
        // The block under way has its seed; the next gets none.
        assert_eq!((bench.link.state(), bench.blocks), (State::NoRandomness, 1));
        bench.tell(40.0, Input::Conditions(fair));
        bench.run_until(60.0);
        assert_eq!(bench.link.state(), State::Emitting);
        assert!(bench.blocks > 1);
    }
}
