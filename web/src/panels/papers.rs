//! The papers: what each says, what comes out here, and why where they differ. It reads the core's studies, so that a
//! new study stands here by itself.

use super::{Ctx, empty};
use crate::action::Action;
use crate::format::percent;
use crate::text;
use crate::worker::About;
use keyway_core::studies::{Agreement, CurveKind, Plot, Report};
use std::collections::BTreeMap;
use yew::prelude::*;

/// What is known of the studies.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Papers {
    /// What there is.
    pub studies: Vec<About>,
    /// Under way, and how far, 0 to 1.
    pub running: Option<(String, f64)>,
    pub reports: BTreeMap<String, Report>,
    /// Why the last one stopped.
    pub stopped: Option<String>,
}

pub fn body(ctx: &Ctx) -> Html {
    html! {
        <div class="papers">
            <p class="quiet">{ text::papers::LEDE }</p>
            if let Some(why) = &ctx.papers.stopped { <p class="bad" role="alert">{ why }</p> }
            { for ctx.papers.studies.iter().map(|s| study(ctx, s)) }
        </div>
    }
}

fn study(ctx: &Ctx, s: &About) -> Html {
    let papers = &ctx.papers;
    let running = papers.running.as_ref().filter(|(id, _)| *id == s.id).map(|(_, done)| *done);
    let report = papers.reports.get(&s.id);
    let id = s.id.clone();
    let onrun = ctx.act.reform(move |_: MouseEvent| Action::Study(id.clone()));
    html! {
        <section class="study" data-study={s.id.clone()} data-done={report.is_some().to_string()}>
            <h2>{ &s.title }</h2>
            <p class="quiet">{ &s.citation }</p>
            <p>{ &s.question }</p>
            <div class="row">
                <button class="chip" disabled={papers.running.is_some()} onclick={onrun}>
                    { if report.is_some() { text::papers::RUN_AGAIN } else { text::papers::RUN } }</button>
                if let Some(done) = running {
                    <progress max="1" value={format!("{done:.3}")} aria-label={text::papers::progress(&s.title)}></progress>
                    <span class="quiet">{ percent(done, 0) }</span>
                }
            </div>
            if let Some(report) = report { { findings(report) } } else if running.is_none() { { empty(text::papers::NOT_RUN) } }
        </section>
    }
}

fn findings(report: &Report) -> Html {
    html! {
        <>
            <table class="claims">
                <caption>{ text::papers::seed(report.seed) }</caption>
                <thead><tr><th scope="col">{ text::papers::WHERE }</th><th scope="col">{ text::papers::PAPER }</th><th scope="col">{ text::papers::HERE }</th></tr></thead>
                <tbody>{ for report.claims.iter().map(|c| {
                    let (word, class) = match c.agrees {
                        Agreement::Agrees => (text::papers::AGREES, "good"),
                        Agreement::Differs => (text::papers::DIFFERS, "bad"),
                        Agreement::NotStated => (text::papers::NOT_STATED, "quiet"),
                    };
                    html! {
                        <><tr><th scope="row">{ &c.source }<small>{ &c.what }</small></th><td>{ &c.paper }</td>
                            <td>{ &c.ours }<small class={class}>{ word }</small></td></tr>
                        if !c.why.is_empty() { <tr class="why"><td colspan="3" class="quiet">{ &c.why }</td></tr> }</>
                    }
                }) }</tbody>
            </table>
            { for report.plots.iter().map(plot) }
            { for report.tables.iter().map(|t| html! {
                <details class="code"><summary>{ &t.title }</summary>
                    <table><thead><tr>{ for t.columns.iter().map(|c| html! { <th scope="col">{ c }</th> }) }</tr></thead>
                        <tbody>{ for t.rows.iter().map(|row| html! { <tr>{ for row.iter().map(|c| html! { <td>{ c }</td> }) }</tr> }) }</tbody>
                    </table></details>
            }) }
        </>
    }
}

const SIZE: (f64, f64) = (360.0, 190.0);
const LEFT: f64 = 46.0;
const BELOW: f64 = 26.0;
const ABOVE: f64 = 8.0;
/// Dashes that tell the curves of a plot apart besides their colours.
const DASHES: [&str; 4] = ["", "6 3", "2 3", "8 3 2 3"];

/// A plot of a study: a still picture, so it is drawn here.
fn plot(plot: &Plot) -> Html {
    let all = || plot.lines.iter().flat_map(|l| l.points.iter());
    let span = |f: fn(&(f64, f64)) -> f64, log: bool| {
        let (low, high) = all().map(f).fold((f64::MAX, f64::MIN), |(a, b), v| (a.min(v), b.max(v)));
        if log {
            decades((low, high))
        } else if high > low {
            (low.min(0.0), high)
        } else {
            (0.0, 1.0)
        }
    };
    let (xs, ys) = (span(|p| p.0, plot.x.log), span(|p| p.1, plot.y.log));
    let at = |p: &(f64, f64)| {
        (
            LEFT + share(p.0, xs, plot.x.log) * (SIZE.0 - LEFT - 8.0),
            SIZE.1 - BELOW - share(p.1, ys, plot.y.log) * (SIZE.1 - BELOW - ABOVE),
        )
    };
    let axis = |label: &str, unit: &str| {
        if unit.is_empty() { label.to_string() } else { format!("{label}, {unit}") }
    };
    html! {
        <figure class="study-plot">
            <figcaption>{ &plot.title }</figcaption>
            <svg viewBox={format!("0 0 {} {}", SIZE.0, SIZE.1)} role="img" aria-label={plot.title.clone()}>
                { for axis_ticks(ys, plot.y.log).into_iter().map(|v| {
                    let (_, y) = at(&(xs.0, v));
                    html! { <><path class="grid" d={format!("M{LEFT} {y:.1}H{}", SIZE.0 - 8.0)} />
                        <text x={(LEFT - 6.0).to_string()} y={format!("{:.1}", y + 3.5)} text-anchor="end">{ tick(v) }</text></> }
                }) }
                { for axis_ticks(xs, plot.x.log).into_iter().map(|v| {
                    let (x, _) = at(&(v, ys.0));
                    html! { <text x={format!("{x:.1}")} y={(SIZE.1 - BELOW + 14.0).to_string()} text-anchor="middle">{ tick(v) }</text> }
                }) }
                { for plot.lines.iter().enumerate().map(|(n, line)| {
                    let colour = format!("var(--c{})", n % 7 + 1);
                    if matches!(line.kind, CurveKind::Points | CurveKind::Bars) {
                        return html! { <g fill={colour}>{ for line.points.iter().map(|p| {
                            let ((x, y), base) = (at(p), at(&(p.0, ys.0.max(0.0))).1);
                            if line.kind == CurveKind::Bars {
                                html! { <rect x={format!("{:.1}", x - 4.0)} y={format!("{y:.1}")} width="8" height={format!("{:.1}", (base - y).max(0.5))} /> }
                            } else {
                                html! { <circle cx={format!("{x:.1}")} cy={format!("{y:.1}")} r="2.4" /> }
                            }
                        }) }</g> };
                    }
                    let mut d = String::new();
                    for (i, p) in line.points.iter().enumerate() {
                        let (x, y) = at(p);
                        d += &match (i, line.kind == CurveKind::Steps) {
                            (0, _) => format!("M{x:.1} {y:.1}"),
                            (_, true) => format!("H{x:.1}V{y:.1}"),
                            (_, false) => format!("L{x:.1} {y:.1}"),
                        };
                    }
                    html! { <path {d} fill="none" stroke={colour} stroke-width="1.6" stroke-dasharray={DASHES[n / 2 % DASHES.len()]} /> }
                }) }
            </svg>
            <p class="quiet axes">{ text::papers::axes(axis(&plot.y.label, &plot.y.unit), axis(&plot.x.label, &plot.x.unit)) }</p>
            <ul class="chart-legend">{ for plot.lines.iter().enumerate().map(|(n, line)| html! {
                <li><svg viewBox="0 0 18 4" aria-hidden="true"><path d="M1 2h16" stroke={format!("var(--c{})", n % 7 + 1)}
                    stroke-dasharray={DASHES[n / 2 % DASHES.len()]} /></svg><span>{ &line.name }</span></li>
            }) }</ul>
        </figure>
    }
}

/// Where a value lies between the ends of its axis, 0 to 1.
fn share(v: f64, (low, high): (f64, f64), log: bool) -> f64 {
    if log { libm::log10(v / low) / libm::log10(high / low) } else { (v - low) / (high - low) }
}

/// The whole powers of ten about a span of values above 0; ten where there are none.
fn decades((low, high): (f64, f64)) -> (f64, f64) {
    if !(low > 0.0 && high >= low) {
        return (1.0, 10.0);
    }
    let (first, last) = (libm::floor(libm::log10(low) + 1e-9), libm::ceil(libm::log10(high) - 1e-9));
    (libm::pow(10.0, first), libm::pow(10.0, last.max(first + 1.0)))
}

/// The figures beside an axis: round ones, or powers of ten.
fn axis_ticks(span: (f64, f64), log: bool) -> Vec<f64> {
    if !log {
        return ticks(span);
    }
    let (first, last) = (libm::log10(span.0).round() as i32, libm::log10(span.1).round() as i32);
    let step = ((last - first) / 8 + 1) as usize;
    (first..=last).step_by(step).map(|i| libm::pow(10.0, f64::from(i))).collect()
}

/// Round figures within a span: four to nine of them.
fn ticks((low, high): (f64, f64)) -> Vec<f64> {
    let rough = (high - low) / 5.0;
    let unit = libm::pow(10.0, libm::floor(libm::log10(rough)));
    let step = [1.0, 2.0, 5.0, 10.0].into_iter().map(|m| m * unit).find(|s| *s >= rough).unwrap_or(unit);
    let first = libm::ceil(low / step - 1e-9) as i64;
    let last = libm::floor(high / step + 1e-9) as i64;
    (first..=last).map(|i| i as f64 * step).collect()
}

fn tick(v: f64) -> String {
    if v.abs() >= 1e7 {
        format!("{}\u{202f}M", v / 1e6)
    } else if v.abs() >= 10_000.0 {
        format!("{}\u{202f}k", v / 1e3)
    } else {
        format!("{}", (v * 1e6).round() / 1e6)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_round_and_within() {
        assert_eq!(ticks((0.0, 60.0)), [0.0, 20.0, 40.0, 60.0]);
        assert_eq!(ticks((0.0, 1.0)).len(), 6);
        assert_eq!(tick(12_000.0), "12\u{202f}k");
        assert_eq!(tick(1e7), "10\u{202f}M");
    }

    #[test]
    fn a_logarithmic_axis_runs_over_whole_decades() {
        let span = decades((30.0, 40_000.0));
        assert_eq!(axis_ticks(span, true), [10.0, 100.0, 1_000.0, 10_000.0, 100_000.0]);
        assert!((share(1_000.0, span, true) - 0.5).abs() < 1e-12);
        assert_eq!((decades((100.0, 100.0)), decades((f64::MAX, f64::MIN))), ((100.0, 1_000.0), (1.0, 10.0)));
        assert_eq!(axis_ticks(decades((1e-12, 1e12)), true).len(), 7);
    }
}
