//! Keyway for other pages: the simulation as a JavaScript module. `cargo xtask build` writes it to `dist/embed/`, with
//! types; `static/embed.html` is an example.
//!
//! What comes out is plain data: [`Scene`](keyway_core::sim::snapshot::Scene), `Snapshot` and what they hold, as
//! `core/src/sim/snapshot.rs` documents them. A whole number of 64 bits is always a `bigint`, one of 32 bits a `number`;
//! what is missing is `null`; a figure that nobody has measured yet is `NaN`. Keys never come out, only their names: the
//! core's secrets cannot be serialised.

mod options;

use keyway_core::sim::trace::Digest;
use keyway_core::sim::{Event, Record, World};
use keyway_core::studies::table2;
use options::Options;
use serde::Serialize;
use serde_wasm_bindgen::Serializer;
use wasm_bindgen::prelude::{JsError, JsValue, wasm_bindgen};

/// Simulated seconds between two moments at which events are taken out of the world.
const SLICE_S: f64 = 1.0;

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"
/** The switches that a visitor can turn; what is left out stays as it is. The names of `Knobs` are understood too. */
export interface KnobOptions {
    /** Messages are believed only with a valid tag. */
    protected?: boolean;
    /** The compromised road-side unit may transmit. */
    attack?: boolean;
    /** Meteorological visibility, kilometres, 0.01 to 300. */
    visibilityKm?: number;
    /** Rain, millimetres an hour, 0 to 300. */
    rainMmH?: number;
    /** Hour of the day in UTC at which the run began, 0 to 24: it places the sun. */
    hourUtc?: number;
    /** What an eavesdropper does on the link `eveLink`; `EveKind` says of each what `eveFraction` is a share of. */
    eveKind?: EveKind;
    /** How much of it, 0 to 1: of the pulses, of the light, or of ten million counts a second; 0 is none. */
    eveFraction?: number;
    /** Index of the link with the eavesdropper in `Scene.links`. */
    eveLink?: number;
    /** Index of a link whose beam is blocked; `null` for none. */
    brokenLink?: number | null;
}

/** How a run begins; what is left out is as the scenario has it. */
export interface SimulationOptions extends KnobOptions {
    /** The JSON text of a scenario file; the built-in campus if left out. */
    scenario?: string;
    /** A whole number from 0 to 2^64 - 1. As a `number` it has to be a safe integer. */
    seed?: number | bigint | string;
}

/** Something that happened. `event` has the shape of Rust's `keyway_core::sim::Event`: one property that names it. */
export interface EventRecord {
    /** Simulated seconds since the start. */
    t_s: number;
    /** What. */
    event: Record<string, unknown>;
}
"#;

/// A record as it goes out.
#[derive(Serialize)]
struct EventRecord<'a> {
    t_s: f64,
    event: &'a Event,
}

/// A run of the simulation. The same scenario, seed and switches give the same run, bit for bit.
#[wasm_bindgen]
#[derive(Clone, Debug)]
pub struct Simulation {
    world: World,
    digest: Digest,
    /// Number of links, for `eveLink`.
    links: usize,
    /// What `events` or `log` has not told yet.
    records: Vec<Record>,
    /// How many of `records` `events` has told.
    told: usize,
    /// How many of `records` `log` has told.
    logged: usize,
}

#[wasm_bindgen]
impl Simulation {
    /// A run at its start.
    ///
    /// # Errors
    /// Throws an `Error` that names the field, its value and what was expected.
    #[wasm_bindgen(constructor)]
    pub fn new(
        #[wasm_bindgen(unchecked_optional_param_type = "SimulationOptions")] options: JsValue,
    ) -> Result<Self, JsError> {
        let options = Options::read(&options)?;
        let scenario = options.scenario()?;
        let knobs = options.knobs.over(scenario.knobs());
        let world = World::new(&scenario, options.seed.unwrap_or_else(|| scenario.seed()), knobs);
        let links = world.scene().links.len();
        options::check_link(&knobs, links)?;
        let mut new =
            Self { world, digest: Digest::default(), links, records: Vec::new(), told: 0, logged: 0 };
        new.go_on(0.0);
        Ok(new)
    }

    /// Goes on by this many simulated seconds, or to the end of the run.
    ///
    /// # Errors
    /// Throws an `Error` where it is not a number of at least 0.
    pub fn advance(&mut self, seconds: f64) -> Result<(), JsError> {
        if seconds.is_nan() || seconds < 0.0 {
            return Err(options::refuse("seconds", &seconds.into(), "a number of at least 0"));
        }
        self.go_on(self.world.now_s() + seconds);
        Ok(())
    }

    /// Goes on to this simulated time, or to the end of the run: `Infinity` runs it all.
    ///
    /// # Errors
    /// Throws an `Error` where it is not a number, or lies in the past.
    #[wasm_bindgen(js_name = runTo)]
    pub fn run_to(&mut self, seconds: f64) -> Result<(), JsError> {
        let now_s = self.world.now_s();
        if seconds.is_nan() || seconds < now_s {
            let expected = format!("a number of at least {now_s}, the time now");
            return Err(options::refuse("seconds", &seconds.into(), &expected));
        }
        self.go_on(seconds);
        Ok(())
    }

    /// Simulated seconds since the start.
    #[wasm_bindgen(getter)]
    pub fn time(&self) -> f64 {
        self.world.now_s()
    }

    /// Whether the run is over: the car has arrived, or the scenario's time is up.
    #[wasm_bindgen(getter)]
    pub fn finished(&self) -> bool {
        self.world.finished()
    }

    /// This instant.
    ///
    /// # Errors
    /// None that is known.
    #[wasm_bindgen(unchecked_return_type = "Snapshot")]
    pub fn snapshot(&self) -> Result<JsValue, JsError> {
        plain(&self.world.snapshot())
    }

    /// What does not move.
    ///
    /// # Errors
    /// None that is known.
    #[wasm_bindgen(unchecked_return_type = "Scene")]
    pub fn scene(&self) -> Result<JsValue, JsError> {
        plain(&self.world.scene())
    }

    /// What happened since the last call, in order of time. What is not fetched, here and by `log`, is kept.
    ///
    /// # Errors
    /// None that is known.
    #[wasm_bindgen(unchecked_return_type = "EventRecord[]")]
    pub fn events(&mut self) -> Result<JsValue, JsError> {
        let new = self.records.get(self.told..).unwrap_or_default();
        let told: Vec<_> = new.iter().map(|r| EventRecord { t_s: r.t.as_secs(), event: &r.event }).collect();
        let told = plain(&told);
        self.told = self.records.len();
        self.forget();
        told
    }

    /// What happened since the last call, in plain words.
    ///
    /// # Errors
    /// None that is known.
    #[wasm_bindgen(unchecked_return_type = "LogLine[]")]
    pub fn log(&mut self) -> Result<JsValue, JsError> {
        let new = self.records.get(self.logged..).unwrap_or_default();
        let lines = plain(&new.iter().filter_map(Record::log_line).collect::<Vec<_>>());
        self.logged = self.records.len();
        self.forget();
        lines
    }

    /// Turns switches now.
    ///
    /// # Errors
    /// Throws an `Error` that names the switch, its value and what was expected; then none is turned.
    #[wasm_bindgen(js_name = setKnobs)]
    pub fn set_knobs(
        &mut self,
        #[wasm_bindgen(unchecked_param_type = "KnobOptions | Partial<Knobs>")] knobs: JsValue,
    ) -> Result<(), JsError> {
        let knobs = options::Knobs::read(&knobs)?.over(self.world.snapshot().knobs);
        options::check_link(&knobs, self.links)?;
        self.world.set_knobs(knobs);
        // Takes the event out of the world; no time goes by.
        self.go_on(self.world.now_s());
        Ok(())
    }

    /// An independent run that stands where this one does: a checkpoint. Both go on alike.
    #[must_use]
    pub fn fork(&self) -> Self {
        self.clone()
    }

    /// SHA-256 of everything that has happened so far, in hexadecimal: equal for equal runs, here and natively.
    #[must_use]
    pub fn digest(&self) -> String {
        self.digest.hex()
    }
}

impl Simulation {
    /// Goes on to `t_s`, and keeps what happened.
    fn go_on(&mut self, t_s: f64) {
        loop {
            let next_s = (self.world.now_s() + SLICE_S).min(t_s);
            let old = self.records.len();
            self.world.step_until(next_s, &mut self.records);
            self.records.iter().skip(old).for_each(|record| self.digest.add(record));
            // A time that seconds as a number cannot tell from `now_s` ends it too.
            if self.world.finished() || next_s >= t_s {
                break;
            }
        }
    }

    /// Drops what both `events` and `log` have told.
    fn forget(&mut self) {
        let both = self.told.min(self.logged);
        self.records.drain(..both);
        self.told -= both;
        self.logged -= both;
    }
}

/// Runs one of the four tests of Fowler et al. 2023, Table 2, to its end: `test` is 1 to 4, and of the options only
/// `scenario` and `seed` count. `delay_s` is the time of arrival: subtract that of test 1. Takes seconds; call it in a
/// worker.
///
/// # Errors
/// Throws an `Error` that names the field, its value and what was expected.
#[wasm_bindgen(js_name = runTest, unchecked_return_type = "TestRow")]
pub fn run_test(
    test: f64,
    #[wasm_bindgen(unchecked_optional_param_type = "SimulationOptions")] options: JsValue,
) -> Result<JsValue, JsError> {
    if ![1.0, 2.0, 3.0, 4.0].contains(&test) {
        return Err(options::refuse("test", &test.into(), "1, 2, 3 or 4"));
    }
    let options = Options::read(&options)?;
    let scenario = options.scenario()?;
    plain(&table2::run_test(&scenario, options.seed.unwrap_or_else(|| scenario.seed()), test as u32))
}

/// Says in the console where a panic came from; there should be none.
#[wasm_bindgen(start)]
fn start() {
    console_error_panic_hook::set_once();
}

/// `value` as plain JavaScript data, as the crate's documentation says.
fn plain(value: &impl Serialize) -> Result<JsValue, JsError> {
    let serializer = Serializer::json_compatible().serialize_large_number_types_as_bigints(true);
    value.serialize(&serializer).map_err(JsError::from)
}
