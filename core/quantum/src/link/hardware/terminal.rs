//! Hardware control of one pair of rooftop terminals: where they point, whether the source may emit, what is wrong.
//!
//! This is the layer between the optics and the key management (layer 2 in Fowler et al. 2023, section 4). It stows
//! the terminals in bad weather (the trial's were carried indoors, ibid.), finds the other roof, holds it by its
//! beacon, finds it again when it is lost, and keeps the source's temperature where it does no harm
//! ([`super::emitter`]). One machine stands for both ends: they scan and track together.
//!
//! ```text
//! Stowed ─► Slewing ─► Acquiring ─► Tracking
//!   ▲                    ▲   │          │ beacon too weak for hold_s
//!   │ weather            └── Lost ◄─────┘
//! ```
//!
//! Whatever is due by itself (a crossing of temperature, the end of a scan) happens at its own time even where the
//! machine is called late, as it would in hardware.

use super::control::{
    Alarm, EmissionPermit, Environment, Event, Input, Pointing, TerminalOutput, TerminalParams,
};
use super::emitter::{Due, Emitter, EmitterState};
use crate::ground::{Output, Rng, SimDuration, SimTime};
use std::collections::BTreeSet;

/// The control of one pair of terminals.
#[derive(Clone, Debug)]
pub struct Terminal {
    params: TerminalParams,
    rng: Rng,
    at: SimTime,
    env: Environment,
    demand: bool,
    /// When demand ended last.
    demand_ended: SimTime,
    pointing: Pointing,
    pointing_since: SimTime,
    /// When the pointing changes by itself; none while it waits for the weather or holds the beacon.
    timer: Option<SimTime>,
    /// When the scan under way meets the other terminal.
    hit: Option<SimTime>,
    /// Tracking has held since the last slew, so the other terminal is about where it was.
    had_lock: bool,
    /// Scans in a row that found nothing.
    failed_scans: u32,
    /// Losses and such scans since the beam was last held for long.
    failures: u32,
    emitter: Emitter,
    alarms: BTreeSet<Alarm>,
    /// The permit as it was last delivered.
    delivered: bool,
    /// The last wake asked for.
    wake: Option<SimTime>,
}

impl Terminal {
    /// Stowed terminals with a cold source. They come out at the first input if the weather lets them.
    #[must_use]
    pub fn new(params: &TerminalParams, env: Environment, rng: Rng) -> Self {
        let env = env.clamped();
        Self {
            params: params.clone(),
            rng,
            at: SimTime::ZERO,
            demand: false,
            demand_ended: SimTime::ZERO,
            pointing: Pointing::Stowed,
            pointing_since: SimTime::ZERO,
            timer: Some(SimTime::ZERO),
            hit: None,
            had_lock: false,
            failed_scans: 0,
            failures: 0,
            emitter: Emitter::new(&params.emitter, env.air_c),
            alarms: BTreeSet::new(),
            delivered: false,
            wake: None,
            env,
        }
    }

    /// Terminals that someone has aligned and warmed up: they track where the beacon is seen.
    #[must_use]
    pub fn aligned(params: &TerminalParams, env: Environment, rng: Rng) -> Self {
        let mut terminal = Self::new(params, env, rng);
        terminal.emitter = Emitter::ready(&params.emitter, terminal.env.air_c);
        if terminal.env.beacon_seen(0.0) {
            (terminal.pointing, terminal.timer, terminal.had_lock) = (Pointing::Tracking, None, true);
        }
        terminal
    }

    /// Whether pulses may be sent: the beam is held and the source is in its rated range and stable.
    #[must_use]
    pub fn emission_allowed(&self) -> bool {
        self.pointing == Pointing::Tracking && self.emitter.state() == EmitterState::Ready
    }

    /// Where the terminals point.
    #[must_use]
    pub fn pointing(&self) -> Pointing {
        self.pointing
    }

    /// The source and its cooler.
    #[must_use]
    pub fn emitter(&self) -> &Emitter {
        &self.emitter
    }

    /// The alarms that stand.
    #[must_use]
    pub fn alarms(&self) -> &BTreeSet<Alarm> {
        &self.alarms
    }

    /// See [`crate::ground::io`].
    pub fn handle(&mut self, now: SimTime, input: Input, out: &mut Vec<TerminalOutput>) {
        self.advance(now, out);
        match input {
            Input::Environment(env) => self.env = env.clamped(),
            Input::Demand(demand) => {
                if self.demand && !demand {
                    self.demand_ended = self.at;
                }
                self.demand = demand;
            }
            Input::Wake => {}
        }
        self.settle(out);
        // A change of the world may have made something due at once.
        self.advance(now, out);
        if self.emission_allowed() != self.delivered {
            self.delivered = !self.delivered;
            out.push(Output::Deliver(EmissionPermit(self.delivered)));
        }
        let next = self.next_due();
        if next != self.wake {
            self.wake = next;
            out.extend(next.map(Output::WakeAt));
        }
    }

    fn idle_due(&self) -> Option<SimTime> {
        let runs = !self.demand && self.emitter.state() != EmitterState::Off;
        runs.then(|| self.demand_ended + SimDuration::from_secs(self.params.cooler_idle_s))
    }

    fn next_due(&self) -> Option<SimTime> {
        let emitter = self.emitter.due().map(|(t, _)| t);
        [emitter, self.hit, self.timer, self.idle_due()].into_iter().flatten().min()
    }

    /// Lets everything happen that is due until `now`, each at its time; the source first, for its safety.
    fn advance(&mut self, now: SimTime, out: &mut Vec<TerminalOutput>) {
        while let Some(t) = self.next_due().filter(|t| *t <= now) {
            let emitter: Option<Due> = self.emitter.due().filter(|(at, _)| *at <= t).map(|(_, due)| due);
            self.at = self.at.max(t);
            self.emitter.step(self.at);
            let source = self.emitter.state();
            if let Some(due) = emitter {
                self.emitter.fire(due);
                self.tell_source(source, out);
            } else if self.hit == Some(t) {
                self.hit = None;
                if self.env.beacon_seen(0.0) {
                    self.point(Pointing::Tracking, None, out);
                    (self.had_lock, self.failed_scans) = (true, 0);
                    self.set_alarm(Alarm::BeaconLost, false, out);
                    self.set_alarm(Alarm::AcquisitionFailed, false, out);
                }
            } else if self.timer == Some(t) {
                self.timer_ends(out);
            }
            self.settle(out);
        }
        self.at = self.at.max(now);
        self.emitter.step(self.at);
    }

    fn timer_ends(&mut self, out: &mut Vec<TerminalOutput>) {
        let p = &self.params.pointing;
        match self.pointing {
            Pointing::Stowed => self.point(Pointing::Slewing, Some(p.slew_s()), out),
            Pointing::Slewing | Pointing::Lost => {
                let near = self.had_lock && self.failed_scans == 0;
                let error_mrad = if near { p.lost_error_mrad } else { p.slew_error_mrad };
                let hit = p.draw_hit_s(error_mrad, &mut self.rng);
                self.hit = hit.map(|s| self.at + SimDuration::from_secs(s));
                self.point(Pointing::Acquiring, Some(p.scan_s(error_mrad)), out);
            }
            Pointing::Acquiring => {
                self.failed_scans = self.failed_scans.saturating_add(1);
                let many = self.failed_scans >= p.alarm_after_scans;
                self.lose(out);
                self.set_alarm(Alarm::AcquisitionFailed, many, out);
            }
            Pointing::Tracking => {
                if self.at.since(self.pointing_since).as_secs() >= p.back_off_max_s {
                    self.failures = 0;
                }
                self.lose(out);
                self.set_alarm(Alarm::BeaconLost, true, out);
            }
        }
    }

    fn lose(&mut self, out: &mut Vec<TerminalOutput>) {
        let pause_s = self.params.pointing.pause_s(self.failures);
        self.failures = self.failures.saturating_add(1);
        self.point(Pointing::Lost, Some(pause_s), out);
    }

    /// Brings everything in line with weather, beacon and demand.
    fn settle(&mut self, out: &mut Vec<TerminalOutput>) {
        let stow = self.params.stow.clone();
        let stood = self.bad_weather();
        for (alarm, value, limit) in [
            (Alarm::Wind, self.env.wind_mps, stow.wind_mps),
            (Alarm::Rain, self.env.rain_mm_h, stow.rain_mm_h),
            (Alarm::Snow, self.env.snow_mm_h, stow.snow_mm_h),
        ] {
            let share = if self.alarms.contains(&alarm) { stow.resume_share } else { 1.0 };
            self.set_alarm(alarm, value > limit * share, out);
        }
        if self.bad_weather() {
            if self.pointing != Pointing::Stowed {
                self.point(Pointing::Stowed, None, out);
                self.set_alarm(Alarm::BeaconLost, false, out);
                self.set_alarm(Alarm::AcquisitionFailed, false, out);
                (self.had_lock, self.failed_scans, self.failures) = (false, 0, 0);
            }
            self.timer = None;
        } else if stood {
            self.timer = Some(self.at + SimDuration::from_secs(stow.calm_s));
        }
        if self.pointing == Pointing::Tracking {
            let p = &self.params.pointing;
            if !self.env.beacon_seen(if self.timer.is_some() { p.regain_db } else { 0.0 }) {
                self.timer = self.timer.or(Some(self.at + SimDuration::from_secs(p.hold_s)));
            } else {
                self.timer = None;
            }
        }
        let source = self.emitter.state();
        self.emitter.set_world(self.env.air_c, self.env.cooler_health);
        let idle = self.at.since(self.demand_ended).as_secs() >= self.params.cooler_idle_s;
        self.emitter.set_power(self.pointing != Pointing::Stowed && (self.demand || !idle));
        self.emitter.set_emitting(self.pointing == Pointing::Tracking && self.demand);
        self.tell_source(source, out);
        let at_limit = self.emitter.cooler_at_limit(self.alarms.contains(&Alarm::CoolerAtLimit));
        self.set_alarm(Alarm::CoolerAtLimit, at_limit, out);
    }

    fn bad_weather(&self) -> bool {
        [Alarm::Wind, Alarm::Rain, Alarm::Snow].iter().any(|a| self.alarms.contains(a))
    }

    fn point(&mut self, to: Pointing, timer_s: Option<f64>, out: &mut Vec<TerminalOutput>) {
        out.push(Output::Event(Event::PointingChanged { from: self.pointing, to }));
        if to != Pointing::Acquiring {
            self.hit = None;
        }
        self.timer = timer_s.map(|s| self.at + SimDuration::from_secs(s));
        (self.pointing, self.pointing_since) = (to, self.at);
    }

    fn tell_source(&mut self, from: EmitterState, out: &mut Vec<TerminalOutput>) {
        let to = self.emitter.state();
        if from != to {
            out.push(Output::Event(Event::SourceChanged { from, to }));
            self.set_alarm(Alarm::SourceInterlocked, to == EmitterState::Interlocked, out);
        }
    }

    fn set_alarm(&mut self, alarm: Alarm, raised: bool, out: &mut Vec<TerminalOutput>) {
        let changed = if raised { self.alarms.insert(alarm) } else { self.alarms.remove(&alarm) };
        if changed {
            out.push(Output::Event(Event::Alarm { alarm, raised }));
        }
    }
}

#[cfg(test)]
#[path = "terminal_tests.rs"]
mod tests;
