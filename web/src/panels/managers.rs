//! Key management: the nine steps of Kosmatos, Stavdas and Lord, Figure 2, as a sequence diagram that lives, and the
//! newest key's hand-over as ETSI GS QKD 014 writes it.

use super::{Ctx, empty};
use crate::action::{Action, maybe};
use crate::format::{clock, thousands};
use crate::text;
use keyway_core::ground::ServiceId;
use keyway_core::sim::chronicle::{ManagersView, StepView, Subject, View};
use web_sys::HtmlSelectElement;
use yew::prelude::*;

/// A step that happened this lately is lit, seconds of simulated time.
const LIT_S: f64 = 1.0;
/// Height of a row and of the heads, pixels of the drawing.
const ROW: f64 = 34.0;
const HEAD: f64 = 30.0;
const WIDTH: f64 = 520.0;

pub fn body(ctx: &Ctx) -> Html {
    let Some(View::Managers(view)) = ctx.view.as_deref() else { return empty(text::LOOKING) };
    if view.services.is_empty() {
        return empty(text::NO_SERVICE);
    }
    let onservice = maybe(&ctx.act, |e: Event| {
        let n = e.target_dyn_into::<HtmlSelectElement>()?.value().parse().ok()?;
        Some(Action::Service(ServiceId(n)))
    });
    html! {
        <>
            <div class="row head">
                <h2>{ text::managers::SERVICE }</h2>
                <select id="service" aria-label={text::managers::CHOOSE} onchange={onservice}>
                    { for view.services.iter().map(|s| html! {
                        <option value={s.id.0.to_string()} selected={view.chosen == Some(s.id)}>
                            { text::managers::service(s.id, &s.source_sae, &s.destination_sae) }</option>
                    }) }
                </select>
            </div>
            { sequence(view, ctx.shot.t_s) }
            { facts(ctx, view) }
        </>
    }
}

fn facts(ctx: &Ctx, view: &ManagersView) -> Html {
    let Some(service) = view.services.iter().find(|s| view.chosen == Some(s.id)) else {
        return Html::default();
    };
    html! {
        <>
            <dl class="facts">
                <dt>{ text::managers::WAY }</dt><dd>{ service.path.join(" – ") }</dd>
                <dt>{ text::managers::ASKED }</dt><dd>{ text::managers::keys_per_s(service.keys_per_s) }</dd>
                <dt>{ text::managers::HANDED_OUT }</dt><dd>{ thousands(f64::from(service.delivered)) }</dd>
                <dt>{ text::managers::STATE }</dt>
                if let Some(link) = &service.starved {
                    <dd class="bad">{ text::managers::starved(link) }</dd>
                } else {
                    <dd class="good">{ text::managers::SERVED }</dd>
                }
                if let Some(key) = view.key {
                    <dt>{ text::managers::NEWEST }</dt>
                    <dd><button class="link" onclick={ctx.act.reform(move |_| Action::Follow(Some(Subject::Key(key))))}>
                        { key.short() }</button></dd>
                }
            </dl>
            if !view.container.is_empty() {
                <details class="code"><summary>{ text::managers::CONTAINER }</summary>
                    <p class="quiet">{ text::managers::request(&service.destination_sae) }</p>
                    <pre>{ &view.container }</pre></details>
            }
        </>
    }
}

/// The diagram: a life line for each actor, an arrow for each step.
fn sequence(view: &ManagersView, t_s: f64) -> Html {
    let n = view.actors.len().max(2) as f64;
    let x = |i: u32| (f64::from(i) + 0.5) * WIDTH / n;
    let height = HEAD + ROW * view.steps.len() as f64 + 8.0;
    let heads = view.actors.iter().enumerate().map(|(i, name)| {
        let at = x(i as u32);
        let (first, rest) = name.split_once([' ', '/']).unwrap_or((name, ""));
        html! {
            <g>
                <path class="life" d={format!("M{at:.1} {HEAD}V{height:.1}")} />
                <text x={format!("{at:.1}")} y="11" text-anchor="middle">{ first }</text>
                <text x={format!("{at:.1}")} y="23" text-anchor="middle">{ rest }</text>
            </g>
        }
    });
    html! {
        <figure class="sequence">
            <figcaption class="sr">{ text::managers::CAPTION }</figcaption>
            <svg viewBox={format!("0 0 {WIDTH} {height:.0}")} role="img" aria-label={text::managers::DIAGRAM}>
                { for heads }
                { for view.steps.iter().enumerate().map(|(i, step)| arrow(step, i, &x, t_s)) }
            </svg>
            <ol class="sr">{ for view.steps.iter().map(|s| html! { <li>{ said(view, s) }</li> }) }</ol>
        </figure>
    }
}

fn said(view: &ManagersView, s: &StepView) -> String {
    let name = |i: u32| view.actors.get(i as usize).map_or("", String::as_str);
    text::managers::step(s.step, name(s.from), name(s.to), &s.text, s.count)
}

fn arrow(step: &StepView, row: usize, x: &dyn Fn(u32) -> f64, t_s: f64) -> Html {
    let y = HEAD + ROW * (row as f64 + 0.75);
    let (a, b) = (x(step.from), x(step.to));
    let lit = step.last_s.is_some_and(|last| t_s - last < LIT_S);
    let class = match (step.count, lit) {
        (0, _) => "step-arrow never",
        (_, true) => "step-arrow lit",
        _ => "step-arrow",
    };
    let shape = if step.from == step.to {
        format!("M{:.1} {:.1}h14v10h-9", a, y - 6.0)
    } else {
        let tip = if b > a { -6.0 } else { 6.0 };
        format!(
            "M{a:.1} {y:.1}H{b:.1}M{:.1} {:.1}L{b:.1} {y:.1}L{:.1} {:.1}",
            b + tip,
            y - 4.0,
            b + tip,
            y + 4.0
        )
    };
    // The words over the arrow, kept within the drawing.
    let middle = (a + b) / 2.0;
    let (at, anchor) = if step.from == step.to && a > WIDTH * 0.45 {
        (a - 8.0, "end")
    } else if step.from == step.to {
        (a + 22.0, "start")
    } else if middle < WIDTH * 0.3 {
        (a.min(b).max(26.0), "start")
    } else if middle > WIDTH * 0.7 {
        (a.max(b), "end")
    } else {
        (middle, "middle")
    };
    let baseline = if step.from == step.to { y + 2.0 } else { y - 5.0 };
    let times = match (step.count, step.last_s) {
        (0, _) => text::managers::NEVER.to_string(),
        (1, Some(t)) => text::managers::once(clock(t)),
        (n, Some(t)) => text::managers::times(thousands(f64::from(n)), clock(t)),
        _ => String::new(),
    };
    html! {
        <g class={class}>
            <title>{ text::managers::step_tip(step.step, &step.text, times) }</title>
            <rect x="0" y={format!("{:.1}", y - 22.0)} width={WIDTH.to_string()} height={ROW.to_string()} class="row-touch" />
            <path d={shape} />
            <circle cx="10" cy={format!("{:.1}", y - 4.0)} r="9" />
            <text class="number" x="10" y={format!("{:.1}", y)} text-anchor="middle">{ step.step }</text>
            <text x={format!("{at:.1}")} y={format!("{baseline:.1}")} text-anchor={anchor}>{ &step.text }</text>
            <text class="count" x={(WIDTH - 2.0).to_string()} y={format!("{:.1}", y + 9.0)} text-anchor="end">
                { if step.count > 1 { format!("× {}", thousands(f64::from(step.count))) } else { String::new() } }</text>
        </g>
    }
}
