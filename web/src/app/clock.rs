//! The page's clock: when to ask the worker for the next instant. One request is under way at a time; while it is,
//! time that passes is not saved up beyond a quarter of a second, so a slow machine runs slower and never later.

use crate::bars::SPEEDS;
use crate::worker::Command;
use keyway_core::sim::snapshot::Knobs;
use std::collections::VecDeque;

/// The most wall time that one frame may ask for, seconds.
const LAG_S: f64 = 0.25;
/// A run that is behind by more wall time than this is late, seconds.
const LATE_S: f64 = 0.1;

/// The clock.
#[derive(Clone, Debug)]
pub struct Clock {
    pub playing: bool,
    pub speed: f64,
    /// A jump that is not yet done.
    pub seek_s: Option<f64>,
    /// Switches to send.
    pub knobs: Option<Knobs>,
    /// Anything else to ask, in order.
    pub asks: VecDeque<Command>,
    /// Where the shown instant stands.
    pub at_s: f64,
    want_s: f64,
    last_ms: f64,
    /// When the request under way was sent.
    waiting_ms: Option<f64>,
}

impl Clock {
    pub fn new(playing: bool) -> Self {
        let (seek_s, knobs, asks) = (None, None, VecDeque::new());
        Self {
            playing,
            speed: 10.0,
            seek_s,
            knobs,
            asks,
            at_s: 0.0,
            want_s: 0.0,
            last_ms: 0.0,
            waiting_ms: None,
        }
    }

    /// A frame of the screen: what to ask the worker, if anything.
    pub fn tick(&mut self, now_ms: f64) -> Option<Command> {
        let passed_s = ((now_ms - self.last_ms) / 1000.0).clamp(0.0, LAG_S);
        self.last_ms = now_ms;
        if self.playing && self.seek_s.is_none() {
            self.want_s = (self.want_s + passed_s * self.speed).min(self.at_s + LAG_S * self.speed);
        }
        if self.waiting_ms.is_some() {
            return None;
        }
        let command = if let Some(knobs) = self.knobs.take() {
            Command::Knobs(knobs)
        } else if let Some(ask) = self.asks.pop_front() {
            ask
        } else if let Some(t_s) = self.seek_s {
            Command::Seek { t_s }
        } else if self.playing && self.want_s > self.at_s {
            Command::Advance { to_s: self.want_s }
        } else {
            return None;
        };
        self.sent(now_ms);
        Some(command)
    }

    /// An instant came. Where the run is late, what to ask at once: a worker that cannot keep up is not kept waiting for
    /// the next frame of the screen.
    pub fn hurry(&mut self, now_ms: f64) -> Option<Command> {
        let free = self.seek_s.is_none() && self.knobs.is_none() && self.asks.is_empty();
        (self.late() && free && self.waiting_ms.is_none()).then(|| {
            self.sent(now_ms);
            Command::Advance { to_s: self.want_s }
        })
    }

    /// The run is behind what the visitor asked for.
    pub fn late(&self) -> bool {
        self.playing && self.want_s - self.at_s > LATE_S * self.speed
    }

    /// A request went out.
    pub fn sent(&mut self, now_ms: f64) {
        self.waiting_ms = Some(now_ms);
    }

    /// Something else than an instant came.
    pub fn answered(&mut self) {
        self.waiting_ms = None;
    }

    /// An instant came.
    pub fn shown(&mut self, at_s: f64, finished: bool) {
        self.waiting_ms = None;
        self.at_s = at_s;
        match self.seek_s {
            Some(t_s) if finished && at_s < t_s || (at_s - t_s).abs() < 1e-3 => self.seek_s = None,
            Some(_) => {}
            None if self.playing => return,
            None => {}
        }
        self.want_s = at_s;
    }

    /// A new run stands at 0.
    pub fn restart(&mut self) {
        self.asks.clear();
        (self.seek_s, self.knobs, self.at_s, self.want_s, self.waiting_ms) = (None, None, 0.0, 0.0, None);
    }

    /// Another worker takes up the run, and what is still to be asked: where it has to go first, seconds. Until it has
    /// answered it stands elsewhere.
    pub fn resume(&mut self, now_ms: f64) -> f64 {
        self.want_s = self.at_s;
        self.sent(now_ms);
        *self.seek_s.get_or_insert(self.at_s)
    }

    /// Jump to this time.
    pub fn seek(&mut self, t_s: f64) {
        self.seek_s = Some(t_s);
    }

    /// When the request under way was sent.
    pub fn waiting_ms(&self) -> Option<f64> {
        self.waiting_ms
    }

    /// The next speed up or down.
    pub fn shift_speed(&mut self, up: bool) {
        let next = if up {
            SPEEDS.iter().find(|s| **s > self.speed)
        } else {
            SPEEDS.iter().rfind(|s| **s < self.speed)
        };
        self.speed = next.copied().unwrap_or(self.speed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Plays `frames` of the screen at ten times real time with a worker that gives `step_s` for each request.
    fn play(frames: u32, step_s: f64) -> (Clock, u32) {
        let (mut clock, mut hurried) = (Clock::new(true), 0);
        for frame in 1..=frames {
            let now_ms = 16.7 * f64::from(frame);
            if let Some(Command::Advance { to_s }) = clock.tick(now_ms) {
                clock.shown(to_s.min(clock.at_s + step_s), false);
                hurried += u32::from(clock.hurry(now_ms + 12.0).is_some());
                clock.shown(clock.at_s, false);
            }
        }
        (clock, hurried)
    }

    #[test]
    fn only_a_worker_that_cannot_keep_up_is_hurried() {
        let (clock, hurried) = play(200, 1.0);
        assert_eq!(hurried, 0);
        assert!((clock.at_s - 10.0 * 16.7e-3 * 200.0).abs() < 0.2, "{}", clock.at_s);
        let (clock, hurried) = play(200, 0.1);
        assert!(hurried > 150, "{hurried}");
        assert!(clock.want_s - clock.at_s <= LAG_S * clock.speed + 1e-9, "what is late is not saved up");
    }

    #[test]
    fn a_switch_goes_before_the_next_step() {
        let (mut clock, _) = play(200, 0.1);
        clock.asks.push_back(Command::Hello);
        assert!(clock.hurry(4_000.0).is_none());
        assert!(matches!(clock.tick(4_000.0), Some(Command::Hello)));
    }
}
