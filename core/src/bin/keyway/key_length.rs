//! `keyway key-length`: the key of one block, by a published bound, and what to send for the longest.

use clap::Args;
use keyway_core::distill::asymptotic::Channel;
use keyway_core::distill::finite_key::{Best, Block, Bound, Choice, Coincidence, KeyLength, ParameterError};
use keyway_core::studies::rates::F_EC;
use serde::Serialize;

/// What is asked of one block.
#[derive(Args)]
pub struct KeyLengthArgs {
    /// Whose bound: lim2014 (two decoys), rusca2018 or wiesemann2024 (one decoy), asymptotic (two decoys, endless block)
    /// or tomamichel2012 (single-photon source).
    #[arg(long, default_value = "lim2014", value_parser = bound)]
    bound: Bound,
    /// Mean photon numbers, strongest first, such as 0.5,0.1,0.
    #[arg(long, value_delimiter = ',', allow_hyphen_values = true, required_unless_present = "optimise")]
    mu: Vec<f64>,
    /// Their probabilities, 1 together.
    #[arg(long, value_delimiter = ',', allow_hyphen_values = true, required_unless_present = "optimise")]
    p: Vec<f64>,
    /// Probability that an end takes the key basis, between 0 and 1.
    #[arg(long, allow_negative_numbers = true, required_unless_present = "optimise")]
    px: Option<f64>,
    /// Probability that a photon sent is detected, 0 to 1.
    #[arg(long, allow_negative_numbers = true)]
    eta: f64,
    /// Pulses sent, 1 to 1e18.
    #[arg(long, value_name = "N", allow_negative_numbers = true)]
    pulses: f64,
    /// Probability of a detection without light, 0 to 1.
    #[arg(long, allow_negative_numbers = true)]
    y0: f64,
    /// Probability that a detected photon makes the wrong detector click, 0 to 0.5.
    #[arg(long, allow_negative_numbers = true)]
    ed: f64,
    /// Secrecy: the key differs from an ideal one by at most this.
    #[arg(long, value_name = "EPS", default_value = "1e-10", allow_negative_numbers = true)]
    eps_sec: f64,
    /// Correctness: the keys differ with at most this probability.
    #[arg(long, value_name = "EPS", default_value = "1e-15", allow_negative_numbers = true)]
    eps_cor: f64,
    /// Bits that reconciliation discloses over the Shannon limit, 1 to 3.
    #[arg(long, default_value_t = F_EC, allow_negative_numbers = true)]
    f: f64,
    /// Second-order correlation of a single-photon source, 0 to 1; 0 where not given.
    #[arg(long, allow_negative_numbers = true)]
    g2: Option<f64>,
    /// The bit of a click that light and background both made: coin (a coin), or both (either may err, as Ma et al. 2005
    /// count).
    #[arg(long, default_value = "coin", value_parser = coincidence)]
    coincidence: Coincidence,
    /// Finds the intensities, probabilities and basis that give the longest key.
    #[arg(long, conflicts_with_all = ["mu", "p", "px"])]
    optimise: bool,
    /// Weakest of three intensities, held while the others are found, 0 to 0.1.
    #[arg(long, default_value = "0", requires = "optimise", allow_negative_numbers = true)]
    mu3: f64,
    /// Prints JSON.
    #[arg(long)]
    json: bool,
}

/// Bounds by name; the single-photon source's correlation is an argument of its own.
const BOUNDS: [(&str, Bound); 5] = [
    ("lim2014", Bound::Lim2014),
    ("rusca2018", Bound::Rusca2018),
    ("wiesemann2024", Bound::Wiesemann2024),
    ("asymptotic", Bound::Asymptotic),
    ("tomamichel2012", Bound::Tomamichel2012 { g2: 0.0 }),
];

/// What `keyway key-length --json` prints; without a key only the last field is sure to be there.
#[derive(Serialize)]
struct Output<'a> {
    bound: &'static str,
    mu: Option<&'a [f64]>,
    p: Option<&'a [f64]>,
    px: Option<f64>,
    #[serde(flatten)]
    key: Option<KeyLength>,
    /// The length, floored; 0 where there is no key.
    secret_bits: u64,
}

fn bound(text: &str) -> Result<Bound, String> {
    let found = BOUNDS.iter().find(|(name, _)| *name == text);
    found
        .map(|(_, bound)| *bound)
        .ok_or_else(|| format!("expected {}", BOUNDS.map(|(name, _)| name).join(", ")))
}

fn coincidence(text: &str) -> Result<Coincidence, String> {
    match text {
        "coin" => Ok(Coincidence::Coin),
        "both" => Ok(Coincidence::Both),
        _ => Err("expected coin or both".into()),
    }
}

/// Prints the key's length, step by step.
pub fn key_length(args: &KeyLengthArgs) -> Result<(), String> {
    let name = BOUNDS.iter().find(|(_, bound)| *bound == args.bound).map_or("", |(name, _)| name);
    let bound = match (args.bound, args.g2) {
        (Bound::Tomamichel2012 { .. }, Some(g2)) => Bound::Tomamichel2012 { g2 },
        (_, Some(_)) => {
            return Err(format!("--g2: {name} has no single-photon source, expected tomamichel2012"));
        }
        (bound, None) => bound,
    };
    let block = Block {
        bound,
        channel: Channel { eta: args.eta, y0: args.y0, e_d: args.ed },
        coincidence: args.coincidence,
        pulses: args.pulses,
        f_ec: args.f,
        eps_sec: args.eps_sec,
        eps_cor: args.eps_cor,
    };
    let found = if args.optimise {
        block.best(args.mu3).map_err(|e| named(&e))?
    } else {
        let choice = Choice { mu: args.mu.clone(), p: args.p.clone(), p_x: args.px.unwrap_or(f64::NAN) };
        let key = block.key_length(&choice).map_err(|e| named(&e))?;
        Some(Best { choice, key })
    };
    if args.json {
        let output = Output {
            bound: name,
            mu: found.as_ref().map(|best| best.choice.mu.as_slice()),
            p: found.as_ref().map(|best| best.choice.p.as_slice()),
            px: found.as_ref().map(|best| best.choice.p_x),
            key: found.as_ref().map(|best| best.key),
            secret_bits: found.as_ref().map_or(0.0, |best| best.key.length.floor().max(0.0)) as u64,
        };
        println!("{}", serde_json::to_string(&output).map_err(|e| e.to_string())?);
        return Ok(());
    }
    match found {
        Some(best) => print(name, args, &best),
        None => {
            println!("no key by {name}: no intensities, probabilities and bases give one over this channel")
        }
    }
    Ok(())
}

/// An error with the argument that it is about.
fn named(error: &ParameterError) -> String {
    let argument = match error.name() {
        "p_x" => "px",
        "e_d" => "ed",
        "f_ec" => "f",
        "eps_sec" => "eps-sec",
        "eps_cor" => "eps-cor",
        same => same,
    };
    format!("--{argument}: {error}")
}

fn print(name: &str, args: &KeyLengthArgs, best: &Best) {
    let Best { choice, key } = best;
    let listed = |values: &[f64]| {
        values
            .iter()
            .map(|x| if args.optimise { format!("{x:.10}") } else { x.to_string() })
            .collect::<Vec<_>>()
            .join(",")
    };
    println!("{name}, {:e} pulses", args.pulses);
    println!(
        "--mu {} --p {} --px {}{}",
        listed(&choice.mu),
        listed(&choice.p),
        listed(&[choice.p_x]),
        if args.optimise { "   the best there are" } else { "" }
    );
    let lines = [
        ("s_x0", key.s_x0, "vacuum events in the key basis, at least"),
        ("s_x1", key.s_x1, "single-photon events in the key basis, at least"),
        ("s_z1", key.s_z1, "single-photon events in the check basis, at least"),
        ("v_z1", key.v_z1, "errors among them, at most"),
        ("leak", key.leak, "bits disclosed by reconciliation"),
        ("length", key.length, "bits of key, not floored"),
    ];
    for (name, value, what) in lines {
        if name == "leak" {
            println!("  {:<8}{:>24.9}   phase error rate of the single photons, at most", "phi", key.phi);
        }
        println!("  {name:<8}{value:>24.3}   {what}");
    }
    let what = if key.length > 0.0 { "bits a pulse" } else { "no key" };
    println!("  {:<8}{:>24.6e}   {what}", "rate", key.length.max(0.0) / args.pulses);
}
