//! The study of reach as tables and plots.

use super::{CN2_M23, HOURS_UTC, ID, Point, RANGES_M, SOURCES, VISIBILITIES_KM, points, published};
use crate::link::params::SourceKind;
use crate::sim::Scenario;
use crate::studies::{Axis, Curve, CurveKind, Plot, Report, Table};

/// Takes a point's place in a plot.
type Take = fn(&Point) -> (f64, f64);

/// Distance at which visibilities are compared, metres: a link between two buildings of a campus.
const CAMPUS_M: f64 = 300.0;
/// Distance at which structure parameters are compared, metres: where turbulence has room to act.
const FAR_M: f64 = 1_000.0;
/// Clear air: the last of the visibilities, kilometres.
const CLEAR_KM: f64 = VISIBILITIES_KM[VISIBILITIES_KM.len() - 1];

/// The study.
pub(in crate::studies) fn report(scenario: &Scenario, seed: u64, progress: &mut dyn FnMut(f64)) -> Report {
    let points = points(scenario, &mut |share| progress(0.9 * share));
    Report {
        study: ID.into(),
        seed,
        claims: published::claims(),
        tables: vec![by_range(&points), by_visibility(&points), by_turbulence(&points)],
        plots: vec![
            range_plot(&points),
            visibility_plot(&points),
            hour_plot(&points),
            turbulence_plot(&points),
        ],
    }
}

/// A source in words.
pub(super) fn name(source: SourceKind) -> &'static str {
    match source {
        SourceKind::Decoy => "laser with decoys",
        SourceKind::SinglePhoton => "single-photon source",
        SourceKind::Ideal => "ideal single photons",
    }
}

fn hour(hour_utc: f64) -> &'static str {
    if hour_utc == HOURS_UTC[0] { "noon" } else { "midnight" }
}

/// Bits a second with three figures, or a dash.
fn bps(rate: f64) -> String {
    match rate {
        r if r <= 0.0 => "–".into(),
        r if r >= 1e6 => format!("{:.2} M", r / 1e6),
        r if r >= 1e3 => format!("{:.2} k", r / 1e3),
        r => format!("{r:.0}"),
    }
}

/// A structure parameter's figure.
fn strength(cn2_m23: f64) -> String {
    if cn2_m23 > 0.0 { format!("{cn2_m23:e}") } else { "0".into() }
}

/// The points of an hour's own air.
fn of_hour(points: &[Point], hour_utc: f64, visibility_km: f64) -> impl Iterator<Item = &Point> {
    points.iter().filter(move |p| p.cn2_of_hour && p.hour_utc == hour_utc && p.visibility_km == visibility_km)
}

/// Both rates of each source where a table's row has the same place in the world.
fn cells<'a>(points: impl Iterator<Item = &'a Point>) -> Vec<String> {
    let points: Vec<&Point> = points.collect();
    let mut cells: Vec<String> = points.first().map(|p| format!("{:.1}", p.loss_db)).into_iter().collect();
    for p in points {
        cells.extend([format!("{:.2}", 100.0 * p.qber), bps(p.skr_asymptotic_bps), bps(p.skr_finite_bps)]);
    }
    cells
}

/// Headings: the row's own, the loss, and three for each source.
fn columns(first: &[&str]) -> Vec<String> {
    let mut columns: Vec<String> = first.iter().map(ToString::to_string).collect();
    columns.push("loss, dB".into());
    for source in SOURCES {
        let name = name(source);
        columns.push(format!("{name}: errors, %"));
        columns.extend(["endless block, bit/s", "finite block, bit/s"].map(String::from));
    }
    columns
}

fn by_range(points: &[Point]) -> Table {
    let row = |range_m: f64| {
        let here = of_hour(points, HOURS_UTC[0], CLEAR_KM).filter(move |p| p.range_m == range_m);
        [vec![format!("{range_m:.0}")], cells(here)].concat()
    };
    Table {
        title: format!("By distance: clear air ({CLEAR_KM:.0} km of sight), noon"),
        columns: columns(&["distance, m"]),
        rows: RANGES_M.into_iter().map(row).collect(),
    }
}

fn by_visibility(points: &[Point]) -> Table {
    let row = |hour_utc: f64, visibility_km: f64| {
        let here = of_hour(points, hour_utc, visibility_km).filter(|p| p.range_m == CAMPUS_M);
        [vec![hour(hour_utc).into(), format!("{visibility_km}")], cells(here)].concat()
    };
    let hours = HOURS_UTC.into_iter();
    Table {
        title: format!("By hour and visibility: {CAMPUS_M:.0} m"),
        columns: columns(&["hour", "visibility, km"]),
        rows: hours.flat_map(|h| VISIBILITIES_KM.into_iter().map(move |v| row(h, v))).collect(),
    }
}

fn by_turbulence(points: &[Point]) -> Table {
    let row = |cn2_m23: f64| {
        let here = points.iter().filter(|p| !p.cn2_of_hour && p.cn2_m23 == cn2_m23 && p.range_m == FAR_M);
        [vec![strength(cn2_m23)], cells(here)].concat()
    };
    Table {
        title: format!("By turbulence: clear air, noon, {FAR_M:.0} m"),
        columns: columns(&["Cn², m^(-2/3)"]),
        rows: CN2_M23.into_iter().map(row).collect(),
    }
}

/// A curve of the points where a rate is above zero: a logarithm knows no other.
fn curve<'a>(
    name: String,
    points: impl Iterator<Item = &'a Point>,
    at: fn(&Point) -> (f64, f64),
) -> Option<Curve> {
    let points: Vec<(f64, f64)> = points.map(at).filter(|p| p.1 > 0.0).collect();
    (!points.is_empty()).then_some(Curve { name, kind: CurveKind::Line, points })
}

/// Two curves for each of `items`: an endless block and a finite one.
fn both<'a, T: Copy, I: Iterator<Item = &'a Point>>(
    items: &[T],
    name: impl Fn(T) -> String,
    select: impl Fn(T) -> I,
    x: [Take; 2],
) -> Vec<Curve> {
    let of = |item: T| {
        let (name, [endless, finite]) = (name(item), x);
        [
            curve(format!("{name}, endless block"), select(item), endless),
            curve(format!("{name}, finite block"), select(item), finite),
        ]
    };
    items.iter().flat_map(|item| of(*item)).flatten().collect()
}

/// Rates by distance.
const BY_RANGE: [Take; 2] = [|p| (p.range_m, p.skr_asymptotic_bps), |p| (p.range_m, p.skr_finite_bps)];

fn plot(title: String, x: Axis, lines: Vec<Curve>) -> Plot {
    Plot { title, x, y: Axis::logarithmic("secret key", "bit/s"), lines }
}

fn range_plot(points: &[Point]) -> Plot {
    let select = |s| of_hour(points, HOURS_UTC[0], CLEAR_KM).filter(move |p| p.source == s);
    let lines = both(&SOURCES, |s| name(s).into(), select, BY_RANGE);
    plot("Secret key by distance, clear noon".into(), Axis::new("distance", "m"), lines)
}

fn visibility_plot(points: &[Point]) -> Plot {
    let select = |s| {
        let here = move |p: &&Point| {
            p.cn2_of_hour && p.hour_utc == HOURS_UTC[0] && p.range_m == CAMPUS_M && p.source == s
        };
        points.iter().filter(here)
    };
    let x: [Take; 2] = [|p| (p.visibility_km, p.skr_asymptotic_bps), |p| (p.visibility_km, p.skr_finite_bps)];
    let lines = both(&SOURCES, |s| name(s).into(), select, x);
    let title = format!("Secret key by visibility, noon, {CAMPUS_M:.0} m");
    plot(title, Axis::logarithmic("visibility", "km"), lines)
}

fn hour_plot(points: &[Point]) -> Plot {
    let select = |h| of_hour(points, h, CLEAR_KM).filter(|p| p.source == SourceKind::Decoy);
    let lines = both(&HOURS_UTC, |h| hour(h).into(), select, BY_RANGE);
    let title = "Secret key by hour, clear air, laser with decoys".into();
    plot(title, Axis::new("distance", "m"), lines)
}

fn turbulence_plot(points: &[Point]) -> Plot {
    let select = |cn2: f64| {
        let here = move |p: &&Point| !p.cn2_of_hour && p.cn2_m23 == cn2 && p.source == SourceKind::Decoy;
        points.iter().filter(here)
    };
    let lines = CN2_M23
        .into_iter()
        .filter_map(|cn2| curve(format!("Cn² {} m^(-2/3)", strength(cn2)), select(cn2), BY_RANGE[0]))
        .collect();
    let title = "Secret key by turbulence, clear noon, laser with decoys, endless block".into();
    plot(title, Axis::new("distance", "m"), lines)
}
