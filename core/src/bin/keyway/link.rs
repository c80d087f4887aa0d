//! `keyway link`: the budget of one link.

use clap::Args;
use keyway_core::distill;
use keyway_core::link::Params;
use keyway_core::link::channel::LossKind;
use keyway_core::link::params::SourceKind;
use keyway_core::sim::Scenario;
use keyway_core::studies::best;
use keyway_core::studies::budget::{self, Budget, Span};
use keyway_core::studies::rates::F_EC;

/// What is asked of one link.
#[derive(Args)]
pub struct LinkArgs {
    /// Distance, metres, 50 to 2000.
    #[arg(long, value_name = "M", default_value = "300", value_parser = range::<0>, allow_negative_numbers = true)]
    range_m: f64,
    /// Visibility, kilometres, 0.01 to 300.
    #[arg(long, value_name = "KM", default_value = "20", value_parser = range::<1>, allow_negative_numbers = true)]
    visibility_km: f64,
    /// Rain, millimetres an hour, 0 to 300.
    #[arg(long, value_name = "MM_H", default_value = "0", value_parser = range::<2>, allow_negative_numbers = true)]
    rain_mm_h: f64,
    /// Hour of the campus's day, UTC, 0 to 24: it decides turbulence and sky where these are not given.
    #[arg(long, value_name = "H", default_value = "12", value_parser = range::<3>, allow_negative_numbers = true)]
    hour_utc: f64,
    /// Refractive index structure parameter, m^(-2/3), 0 to 1e-11, instead of the hour's.
    #[arg(long, value_name = "M23", value_parser = range::<4>, allow_negative_numbers = true)]
    cn2: Option<f64>,
    /// Wind across the beam, metres a second, 0 to 75: how fast the channel fades, which the mean does not feel.
    #[arg(long, value_name = "M_S", value_parser = range::<5>, allow_negative_numbers = true)]
    wind_mps: Option<f64>,
    /// Spectral radiance of the sky behind the sender, W/(m² sr µm), 0 to 1000, instead of the hour's.
    #[arg(long, value_name = "W", value_parser = range::<6>, allow_negative_numbers = true)]
    sky_radiance: Option<f64>,
    /// What sends the pulses: decoy, single_photon or ideal.
    #[arg(long, value_parser = source)]
    source: Option<SourceKind>,
    /// Loss from source to detectors, dB, 0 to 100, in place of what distance, air and optics take.
    #[arg(long, value_name = "DB", value_parser = range::<7>, allow_negative_numbers = true)]
    loss_db: Option<f64>,
    /// Bits that reconciliation discloses over the Shannon limit, 1 to 3.
    #[arg(long, value_name = "F", default_value_t = F_EC, value_parser = range::<8>, allow_negative_numbers = true)]
    f_ec: f64,
    /// Sets a field of the hardware by its path, such as receiver.aperture_mm=80; may be given again.
    #[arg(long = "param", value_name = "NAME=VALUE")]
    params: Vec<String>,
    /// Sends what gives the longest key: intensities, their probabilities and the share of the bases are chosen.
    #[arg(long)]
    best: bool,
    /// Prints JSON.
    #[arg(long)]
    json: bool,
}

/// Least, most and unit of the options above.
const RANGES: [(f64, f64, &str); 9] = [
    (50.0, 2_000.0, "m"),
    (0.01, 300.0, "km"),
    (0.0, 300.0, "mm/h"),
    (0.0, 24.0, "h"),
    (0.0, 1e-11, "m^(-2/3)"),
    (0.0, 75.0, "m/s"),
    (0.0, 1_000.0, "W/(m² sr µm)"),
    (0.0, 100.0, "dB"),
    (1.0, 3.0, "times the Shannon limit"),
];

/// A number in the range of this place in the table.
fn range<const AT: usize>(text: &str) -> Result<f64, String> {
    let (low, high, unit) = RANGES[AT];
    match text.parse::<f64>() {
        Ok(x) if x >= low && x <= high => Ok(x),
        _ if high < 1e-3 => Err(format!("expected a number from {low} to {high:e} {unit}")),
        _ => Err(format!("expected a number from {low} to {high} {unit}")),
    }
}

/// A source by the name that scenario files give it.
fn source(text: &str) -> Result<SourceKind, String> {
    serde_json::from_value(text.into()).map_err(|_| "expected decoy, single_photon or ideal".into())
}

/// Prints the budget.
pub fn link(args: &LinkArgs) -> Result<(), String> {
    let mut params = budget::with_params(&Params::default(), &args.params).map_err(|e| e.to_string())?;
    if let Some(source) = args.source {
        params.source.kind = source;
    }
    let mut conditions =
        budget::conditions(&Scenario::warwick(), args.hour_utc, args.visibility_km, args.rain_mm_h);
    conditions.cn2_m23 = args.cn2.unwrap_or(conditions.cn2_m23);
    conditions.wind_mps = args.wind_mps.unwrap_or(conditions.wind_mps);
    conditions.sky_radiance = args.sky_radiance.unwrap_or(conditions.sky_radiance);
    let span = Span { range_m: args.range_m, conditions, loss_db: args.loss_db };
    if args.best {
        let rules = distill::Params::default();
        let advice = best::best(&params, &rules, &span.channel(&params), args.f_ec)
            .ok_or("best: no choice of intensities and bases gives a longer key")?;
        params = advice.applied(&params);
    }
    let budget = Budget::new(&params, &span, args.f_ec);
    if args.json {
        println!("{}", serde_json::to_string(&budget).map_err(|e| e.to_string())?);
    } else {
        print(&params, &budget);
    }
    Ok(())
}

fn print(params: &Params, b: &Budget) {
    let r = &b.rates;
    match (b.range_m, b.cn2_m23) {
        (Some(range_m), Some(cn2)) => println!("{range_m} m, Cn² {cn2:.2e} m^(-2/3), {}", name(b.source)),
        _ => println!("loss given, {}", name(b.source)),
    }
    println!("\nWhere the light goes");
    for loss in &b.losses {
        println!("  {:<34}{:>8.2} dB   {}", part(loss.kind), loss.loss_db, loss.source);
    }
    println!("  {:<34}{:>8.2} dB   without the detectors", "channel", b.loss_db);
    println!("  {:<34}{:>11.3e}   source to click", "transmittance", b.transmittance);
    println!("\nNoise");
    println!("  {:<34}{:>11.3e}   W/(m² sr µm)", "sky", b.noise.sky_radiance);
    println!(
        "  {:<34}{:>11.4e}   counts/s in all detectors (Miao et al. 2005)",
        "sky light", b.noise.background_hz
    );
    println!("  {:<34}{:>11.4e}   counts/s in each", "dark counts", b.noise.dark_counts_hz);
    let [x, z] = b.noise.per_gate;
    println!(
        "  {:<34}{x:>11.3e}   a gate of {} ns, in X; in Z {z:.3e}",
        "a detector without signal", params.detector.gate_ns
    );
    println!("\nWhat is seen where both chose the same basis");
    println!("  {:<34}{:>11.2}   % of the pulses at each end", "key basis X", 100.0 * params.p_x);
    for seen in &r.light {
        println!(
            "  {:<34}{:>11.3e}   in X, errors {:.2} %; {:.3e} in Z, errors {:.2} %",
            format!("{:.3} photons, {:.0} % of pulses", seen.mean_photons, 100.0 * seen.probability),
            seen.gain_x,
            100.0 * seen.error_x,
            seen.gain_z,
            100.0 * seen.error_z
        );
    }
    println!("  {:<34}{:>11.2}   % of the gates, the rest dead time", "listening", 100.0 * r.live_share);
    println!("  {:<34}{:>11.4e}   a second", "clicks", r.clicks_hz);
    println!("  {:<34}{:>11.4e}   bit/s", "sifted key", r.sifted_bps);
    println!(
        "  {:<34}{:>11.2}   %; {:.2} % in the check basis",
        "error rate",
        100.0 * r.qber,
        100.0 * r.qber_check
    );
    println!("\nSecret key, reconciliation at {} times the Shannon limit", b.f_ec);
    println!("Of a block of finite length the pads of the next tags are taken off.");
    let (endless, finite) = match b.source {
        SourceKind::Decoy => ("Ma, Qi, Zhao and Lo 2005", "Lim et al. 2014"),
        SourceKind::SinglePhoton => ("Gottesman et al. 2004", "Tomamichel et al. 2012, pairs tagged"),
        SourceKind::Ideal => ("Shor and Preskill 2000", "Tomamichel et al. 2012"),
    };
    println!("  {:<34}{:>11.4e}   bit/s   {endless}", "endless block", r.skr_asymptotic_bps);
    let block = format!("blocks of {} pulses, {:.3} s", params.block_pulses, r.block_s);
    println!("  {block:<34}{:>11.4e}   bit/s   {finite}", r.skr_finite_bps);
    println!("  {:<34}{:>11.4e}   bit, endless block", "a signal pulse sifted", r.signal_bits);
    if let Some(bits) = r.signal_bits_endless {
        println!("  {:<34}{bits:>11.4e}   bit, endless decoys too", "");
    }
    println!(
        "  {:<34}{:>11.4e}   bit/s   Pirandola et al. 2017",
        "no protocol without repeater above", r.plob_bps
    );
}

fn name(source: SourceKind) -> &'static str {
    match source {
        SourceKind::Decoy => "laser with decoys",
        SourceKind::SinglePhoton => "single-photon source",
        SourceKind::Ideal => "ideal single photons",
    }
}

fn part(kind: LossKind) -> &'static str {
    match kind {
        LossKind::Spread => "beam wider than the aperture",
        LossKind::Turbulence => "turbulence: spread and wander",
        LossKind::Pointing => "pointing",
        LossKind::Scattering => "haze or fog",
        LossKind::Absorption => "molecules",
        LossKind::Precipitation => "rain or snow",
        LossKind::Tap => "eavesdropper's tap",
        LossKind::Optics => "receiver's optics",
        LossKind::Detector => "detector efficiency",
        LossKind::Gate => "clicks outside the gate",
        LossKind::Given => "from source to detectors",
    }
}
