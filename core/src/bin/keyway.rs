//! The core from a terminal: `keyway run`, `keyway study`, `keyway link`.

#![allow(clippy::print_stdout, reason = "a terminal program prints")]

#[path = "keyway/key_length.rs"]
mod key_length;
#[path = "keyway/link.rs"]
mod link;

use clap::{Parser, Subcommand};
use keyway_core::sim::snapshot::{Counts, PoolState};
use keyway_core::sim::trace::Digest;
use keyway_core::sim::{Scenario, World};
use keyway_core::studies::{self, Report, distil, exhaustion, reach, table2};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// From single photons on a roof to a car's decision.
#[derive(Parser)]
#[command(name = "keyway", version, about)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Runs a scenario and prints a summary whose last field is the digest of its event stream.
    Run {
        /// Scenario file (JSON).
        scenario: PathBuf,
        /// Seed instead of the scenario's own.
        #[arg(long)]
        seed: Option<u64>,
        /// Ends the run at this simulated time, seconds.
        #[arg(long, value_name = "SECONDS", allow_negative_numbers = true)]
        until: Option<f64>,
        /// Prints JSON.
        #[arg(long)]
        json: bool,
        /// Prints every event in plain words while it runs, and messages as the system's own log has them (to the
        /// standard error).
        #[arg(long)]
        log: bool,
    },
    /// Runs a published result again; without a name it lists them.
    Study {
        /// Which.
        study: Option<String>,
        /// Seed instead of the scenario's own.
        #[arg(long)]
        seed: Option<u64>,
        /// Scenario file instead of the built-in campus.
        #[arg(long, value_name = "FILE")]
        scenario: Option<PathBuf>,
        /// Prints JSON.
        #[arg(long)]
        json: bool,
    },
    /// One link's budget: where the light goes in dB with each formula's source, noise, gains, error rate and secret key.
    Link(Box<link::LinkArgs>),
    /// How long a key a finite block gives over a stated channel, step by step; or what to send there.
    KeyLength(Box<key_length::KeyLengthArgs>),
    /// Checks a scenario file and says what is wrong with it.
    Check {
        /// Scenario file (JSON).
        scenario: PathBuf,
    },
}

/// What `keyway run --json` prints; `digest` stays the last field.
#[derive(serde::Serialize)]
struct Summary<'a> {
    scenario: &'a str,
    seed: u64,
    t_s: f64,
    protected: bool,
    attack: bool,
    arrived_s: Option<f64>,
    planned_m: f64,
    driven_m: f64,
    left_plan: bool,
    counts: Counts,
    pools: &'a [PoolState],
    events: u64,
    digest: String,
}

fn main() -> ExitCode {
    match execute(Cli::parse().command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("keyway: {message}");
            ExitCode::FAILURE
        }
    }
}

fn execute(command: Command) -> Result<(), String> {
    match command {
        Command::Run { scenario, seed, until, json, log } => run(&load(&scenario)?, seed, until, json, log),
        Command::Study { study: None, .. } => {
            print!("{}", list_of_studies());
            Ok(())
        }
        Command::Study { study: Some(id), seed, scenario, json } => {
            let scenario = scenario.map_or_else(|| Ok(Scenario::warwick()), |path| load(&path))?;
            study(&id, &scenario, seed.unwrap_or(scenario.seed()), json)
        }
        Command::Link(args) => link::link(&args),
        Command::KeyLength(args) => key_length::key_length(&args),
        Command::Check { scenario } => {
            let checked = load(&scenario)?;
            println!("{}: good", checked.name());
            Ok(())
        }
    }
}

fn load(path: &Path) -> Result<Scenario, String> {
    let text = std::fs::read_to_string(path).map_err(|e| format!("{}: {e}", path.display()))?;
    Scenario::from_json(&text).map_err(|e| format!("{}: {e}", path.display()))
}

fn run(
    scenario: &Scenario,
    seed: Option<u64>,
    until: Option<f64>,
    json: bool,
    log: bool,
) -> Result<(), String> {
    let until_s = until.unwrap_or(scenario.until_s());
    if !(until_s > 0.0 && until_s.is_finite()) {
        return Err(format!("--until {until_s}: expected a positive number of seconds"));
    }
    let seed = seed.unwrap_or(scenario.seed());
    let mut world = World::new(scenario, seed, scenario.knobs());
    let mut digest = Digest::default();
    let mut records = Vec::new();
    while !world.finished() && world.now_s() < until_s {
        world.step_until((world.now_s() + 1.0).min(until_s), &mut records);
        for record in records.drain(..) {
            if let (true, Some(line)) = (log, record.log_line()) {
                eprintln!("{} {:<7} {}", record.t, line.floor, line.text);
                for listed in line.listing {
                    eprintln!("        {listed}");
                }
            }
            digest.add(&record);
        }
    }
    let shot = world.snapshot();
    if json {
        let summary = Summary {
            scenario: scenario.name(),
            seed,
            t_s: shot.t_s,
            protected: shot.knobs.protected,
            attack: shot.knobs.attack,
            arrived_s: shot.car.arrived_s,
            planned_m: world.planned_m(),
            driven_m: shot.car.driven_m,
            left_plan: shot.car.left_plan,
            counts: shot.counts,
            pools: &shot.pools,
            events: digest.records(),
            digest: digest.hex(),
        };
        println!("{}", serde_json::to_string(&summary).map_err(|e| e.to_string())?);
        return Ok(());
    }
    println!("{}, seed {seed}, {:.1} s", scenario.name(), shot.t_s);
    match shot.car.arrived_s {
        Some(t_s) => println!(
            "arrived at {t_s:.1} s after {:.0} m (planned {:.0} m)",
            shot.car.driven_m,
            world.planned_m()
        ),
        None => println!("not arrived; driven {:.0} m of {:.0} m", shot.car.driven_m, world.planned_m()),
    }
    let c = shot.counts;
    println!(
        "CPMs sent {}, faked {}; at the car: believed {} and {} faked, dropped {}",
        c.cpm_sent, c.cpm_fake_sent, c.cpm_accepted, c.cpm_fake_accepted, c.cpm_rejected
    );
    println!("keys delivered {}, secret bits distilled {}", c.keys_delivered, c.secret_bits);
    println!("digest {}", digest.hex());
    Ok(())
}

/// One line a study, and where it was published.
fn list_of_studies() -> String {
    studies::ALL
        .iter()
        .map(|study| format!("{:<8}  {}\n          {}\n", study.id, study.title, study.paper.citation()))
        .collect()
}

fn study(id: &str, scenario: &Scenario, seed: u64, json: bool) -> Result<(), String> {
    let study = studies::find(id)
        .ok_or_else(|| format!("no study is called `{id}`; there are\n{}", list_of_studies().trim_end()))?;
    if json && id == reach::ID {
        let outcome = reach::outcome(scenario);
        println!("{}", serde_json::to_string(&outcome).map_err(|e| e.to_string())?);
        return Ok(());
    }
    if json {
        if id == distil::ID {
            let start = std::time::Instant::now();
            let clock = || start.elapsed().as_secs_f64();
            let rows = distil::rows(seed, Some(&clock), &mut |_| ());
            let rows = serde_json::to_string(&rows).map_err(|e| e.to_string())?;
            println!("{{\"study\":\"{id}\",\"rows\":{rows}}}");
            return Ok(());
        }
        if id == exhaustion::ID {
            let points = exhaustion::points(scenario, seed, &mut |_| ());
            let points = serde_json::to_string(&points).map_err(|e| e.to_string())?;
            println!("{{\"study\":\"{id}\",\"points\":{points}}}");
            return Ok(());
        }
        // Table 2 prints its rows, as it did before there were reports.
        let (name, value) = if id == table2::ID {
            ("rows", serde_json::to_string(&table2::run(scenario, seed)))
        } else {
            ("report", serde_json::to_string(&study.run(scenario, seed, &mut |_| ())))
        };
        let value = value.map_err(|e| e.to_string())?;
        println!("{{\"study\":\"{id}\",\"{name}\":{value}}}");
        return Ok(());
    }
    println!("{}\n{}\nseed {seed}\n", study.title, study.paper.citation());
    print_report(&study.run(scenario, seed, &mut |_| ()));
    Ok(())
}

fn print_report(report: &Report) {
    for claim in &report.claims {
        println!("{:<10}  {}: {}", claim.agrees.words(), claim.source, claim.what);
        let lines = [("paper", &claim.paper), ("here", &claim.ours), ("note", &claim.why)];
        for (name, text) in lines.into_iter().filter(|(_, text)| !text.is_empty()) {
            println!("            {name:<5}  {text}");
        }
    }
    for table in &report.tables {
        println!("\n{}", table.title);
        let rows = || std::iter::once(&table.columns).chain(&table.rows);
        let width = |column: usize| {
            rows().filter_map(|row| row.get(column)).map(|cell| cell.chars().count()).max().unwrap_or(0)
        };
        let widths: Vec<usize> = (0..table.columns.len()).map(width).collect();
        for row in rows() {
            let cells: Vec<String> =
                row.iter().zip(&widths).map(|(cell, &width)| format!("{cell:<width$}")).collect();
            println!("{}", cells.join("  ").trim_end());
        }
    }
}
