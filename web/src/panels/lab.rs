//! The laboratory: what can be turned while the run goes on, the presets, and every knob of the scenario by floor. A
//! knob of the scenario begins the run anew; what is refused is said at its place and the old run goes on.

use super::Ctx;
use super::best_light::best_light;
use super::draft::Draft;
use crate::action::{Action, EditAction, Tool, maybe};
use crate::bars::SunPicture;
use crate::document::Document;
use crate::format::{hour, kilometres, per_second, percent, rain};
use crate::text;
use crate::worker::Export;
use keyway_core::sim::settings::{self, Range, Setting};
use keyway_core::sim::snapshot::EveKind;
use keyway_core::studies::best::Advice;
use serde_json::Value;
use web_sys::{HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

/// The visibility slider runs over powers of ten between these, kilometres.
const VISIBILITY_KM: (f64, f64) = (0.05, 50.0);
/// The rain slider goes up to this, millimetres an hour.
const RAIN_MM_H: f64 = 60.0;
/// What full jamming is, counts a second: see [`EveKind`].
const JAMMING_HZ: f64 = 1e7;

/// What the laboratory shows.
#[derive(Clone, Debug, Default)]
pub struct Lab {
    pub document: Document,
    pub seed: u64,
    /// Why the scenario as it stands here is not the one that runs.
    pub refused: Option<String>,
    /// What a link was found to send best.
    pub advice: Option<(u32, Option<Advice>)>,
    /// The knob that is being typed, and what is wrong with it so far.
    pub trying: Option<(String, Option<String>)>,
    /// The map is being edited, with this tool.
    pub editing: Option<Tool>,
    /// Points of a route under way.
    pub route_points: usize,
}

fn input(e: &InputEvent) -> Option<f64> {
    e.target_dyn_into::<HtmlInputElement>().map(|i| i.value_as_number()).filter(|v| v.is_finite())
}

fn select(e: &Event) -> Option<String> {
    e.target_dyn_into::<HtmlSelectElement>().map(|s| s.value())
}

pub fn body(ctx: &Ctx) -> Html {
    let lab = &ctx.lab;
    let changed = !lab.document.untouched();
    let button = |id: &'static str, word: &'static str, tip: &'static str, on: bool, action: Action| {
        html! {
            <button {id} class="chip" title={tip} disabled={!on} onclick={ctx.act.reform(move |_| action.clone())}>{ word }</button>
        }
    };
    html! {
        <div class="lab-all">
            <div class="row head">
                <h2>{ text::lab::NOW }</h2>
                <span class="filters">
                    { button("undo", text::lab::UNDO, text::lab::UNDO_TIP, lab.document.can_undo(), Action::Undo) }
                    { button("redo", text::lab::REDO, text::lab::REDO_TIP, lab.document.can_redo(), Action::Redo) }
                    { button("reset", text::lab::RESET, text::lab::RESET_TIP, changed, Action::ResetScenario) }
                </span>
            </div>
            { now(ctx) }
            if let Some(why) = &lab.refused {
                <p class="bad refused" role="alert" id="scenario-error">{ text::lab::not_running(why) }<br />
                    <span class="quiet">{ text::lab::MEND }</span></p>
            }
            <h2>{ text::lab::PRESETS }</h2>
            <div class="presets">
                { for settings::PRESETS.iter().map(|p| html! {
                    <button class="chip" data-preset={p.id} title={p.about} onclick={ctx.act.reform(move |_| Action::Preset(p.id))}>{ p.name }</button>
                }) }
            </div>
            { scenario(ctx) }
            { for text::lab::FLOORS.iter().map(|(floor, word)| group(ctx, floor, word)) }
            <p class="quiet">{ text::lab::NOTE }</p>
        </div>
    }
}

/// What acts at once.
fn now(ctx: &Ctx) -> Html {
    let (act, knobs) = (&ctx.act, &ctx.knobs);
    let (low, high) = (libm::log10(VISIBILITY_KM.0), libm::log10(VISIBILITY_KM.1));
    let at = libm::log10(knobs.visibility_km.clamp(VISIBILITY_KM.0, VISIBILITY_KM.1));
    let onvisibility = maybe(act, |e: InputEvent| {
        // Two figures are as much as anyone sees.
        let km = libm::pow(10.0, input(&e)?);
        let unit = libm::pow(10.0, libm::floor(libm::log10(km)) - 1.0);
        Some(Action::VisibilityKm(libm::round(km / unit) * unit))
    });
    let onrain = maybe(act, |e: InputEvent| input(&e).map(Action::RainMmH));
    let onhour = maybe(act, |e: InputEvent| input(&e).map(Action::HourUtc));
    let oneve = maybe(act, |e: InputEvent| input(&e).map(|v| Action::EveFraction(v / 100.0)));
    let onkind = maybe(act, |e: Event| EveKind::named(&select(&e)?).map(Action::EveKind));
    let kind = knobs.eve_kind;
    let share = if knobs.eve_fraction > 0.0 {
        text::lab::eve_share(
            kind,
            percent(knobs.eve_fraction, 0),
            per_second(knobs.eve_fraction * JAMMING_HZ),
        )
    } else {
        text::lab::NO_EVE.into()
    };
    let (sky, sight) = (&ctx.shot.sky, text::sky::sight(knobs.visibility_km));
    let onlink = maybe(act, |e: Event| Some(Action::EveLink(select(&e)?.parse().ok()?)));
    let onbroken = maybe(act, |e: Event| Some(Action::BrokenLink(select(&e)?.parse().ok())));
    let onseed = {
        let act = act.clone();
        Callback::from(move |typed: String| {
            if let Ok(seed) = typed.trim().parse() {
                act.emit(Action::Seed(seed));
            }
        })
    };
    let links = |chosen: Option<u32>| {
        ctx.scene.links.iter().enumerate().map(move |(i, link)| {
            html! { <option value={i.to_string()} selected={chosen == Some(i as u32)}>{ &link.name }</option> }
        })
    };
    html! {
        <div class="lab-form">
            <label for="visibility">{ text::lab::VISIBILITY }<output>
                { format!("{}, {sight}", kilometres(knobs.visibility_km)) }</output></label>
            <input id="visibility" type="range" min={low.to_string()} max={high.to_string()} step="0.01"
                value={at.to_string()} aria-valuetext={kilometres(knobs.visibility_km)} oninput={onvisibility} />
            <label for="rain">{ text::lab::RAIN }<output>
                { format!("{}, {}", rain(knobs.rain_mm_h), text::sky::rain(knobs.rain_mm_h)) }</output></label>
            <input id="rain" type="range" min="0" max={RAIN_MM_H.to_string()} step="0.5"
                value={knobs.rain_mm_h.to_string()} aria-valuetext={rain(knobs.rain_mm_h)} oninput={onrain} />
            <label for="hour">{ text::lab::HOUR }<output id="sun">
                { format!("{}, {}, {} ", hour(knobs.hour_utc), text::sky::sun(sky.sun_elevation_deg), text::sky::sun_at(sky.sun_elevation_deg)) }
                <SunPicture hour_utc={sky.hour_utc} elevation_deg={sky.sun_elevation_deg} /></output></label>
            <input id="hour" type="range" min="0" max="24" step="0.25"
                value={knobs.hour_utc.to_string()} aria-valuetext={hour(knobs.hour_utc)} oninput={onhour} />
            <div class="pair">
                <label for="eve-link">{ text::lab::EVE_ON }</label>
                <label for="eve-kind">{ text::lab::EVE_KIND }</label>
                <select id="eve-link" onchange={onlink}>{ for links(Some(knobs.eve_link)) }</select>
                <select id="eve-kind" onchange={onkind} aria-describedby="eve-signature">
                    { for EveKind::ALL.into_iter().map(|k| html! {
                        <option value={k.name()} selected={k == kind}>{ text::lab::eve_kind(k) }</option>
                    }) }
                </select>
            </div>
            <label for="eve">{ text::lab::EVE }<output>{ share }</output></label>
            <input id="eve" type="range" min="0" max="100" step="1"
                value={(knobs.eve_fraction * 100.0).to_string()} oninput={oneve} />
            <p id="eve-signature" class="quiet">{ text::lab::eve_signature(kind) }</p>
            <div class="pair">
                <label for="broken">{ text::lab::BROKEN }</label>
                <label for="seed">{ text::lab::SEED }</label>
                <select id="broken" onchange={onbroken}>
                    <option value="" selected={knobs.broken_link.is_none()}>{ text::lab::NONE_BROKEN }</option>{ for links(knobs.broken_link) }</select>
                <span class="row"><Draft id="seed" value={ctx.lab.seed.to_string()} ondone={onseed} />
                    <button class="chip" onclick={act.reform(|_| Action::NewSeed)}>{ text::lab::ANOTHER_SEED }</button></span>
            </div>
        </div>
    }
}

/// The file and the map's editor.
fn scenario(ctx: &Ctx) -> Html {
    let act = &ctx.act;
    let onfile = maybe(act, |e: Event| {
        let input = e.target_dyn_into::<HtmlInputElement>()?;
        let file = input.files()?.get(0)?;
        // So that the same file can be chosen again after it was mended.
        input.set_value("");
        Some(Action::OpenFile(file))
    });
    let editing = ctx.lab.editing;
    let tool = |tool: Tool, word: &'static str| {
        html! {
            <button class="chip" aria-pressed={(editing == Some(tool)).to_string()}
                onclick={act.reform(move |_| Action::Edit(EditAction::Tool(tool)))}>{ word }</button>
        }
    };
    html! {
        <>
            <h2>{ text::lab::SCENARIO }</h2>
            <div class="presets">
                <label class="chip file">{ text::lab::OPEN }
                    <input id="scenario" class="sr" type="file" accept=".json,application/json" onchange={onfile} /></label>
                <button class="chip" id="save-scenario" onclick={act.reform(|_| Action::Save(Export::Scenario))}>{ text::lab::SAVE }</button>
                <button class="chip" id="edit-map" aria-pressed={editing.is_some().to_string()}
                    onclick={act.reform(|_| Action::Edit(EditAction::Toggle))}>
                    { if editing.is_some() { text::lab::EDIT_DONE } else { text::lab::EDIT } }</button>
            </div>
            if editing.is_some() {
                <div class="presets tools" role="group" aria-label={text::edit::TOOLS}>
                    { tool(Tool::Move, text::edit::MOVE) }
                    { tool(Tool::Terminal, text::edit::ROOFTOP) }
                    { tool(Tool::Rsu, text::edit::RSU) }
                    { tool(Tool::Car, text::edit::START) }
                    { tool(Tool::Attacker, text::edit::ATTACKER) }
                    { tool(Tool::Route, text::edit::ROUTE) }
                    { tool(Tool::Traffic, text::edit::TRAFFIC) }
                    { tool(Tool::Walker, text::edit::WALKER) }
                    if ctx.lab.route_points > 1 {
                        <button class="chip" id="finish-route" onclick={act.reform(|_| Action::Edit(EditAction::Finish))}>
                            { text::edit::finish_way(ctx.lab.route_points) }</button>
                    }
                </div>
                <p class="quiet">{ text::edit::HELP }</p>
            }
        </>
    }
}

/// The knobs of one floor.
fn group(ctx: &Ctx, floor: &'static str, word: &'static str) -> Html {
    let all = settings::ALL.iter().filter(|s| s.floor == floor);
    let document = &ctx.lab.document;
    let changed = all.clone().filter(|s| differs(document, s)).count();
    html! {
        <details class="knobs">
            <summary>{ word }if changed > 0 { <span class="changed">{ text::lab::changed(changed) }</span> }</summary>
            if floor == "link" { { best_light(ctx) } }
            { for all.filter_map(|s| Some(knob(ctx, s, document.now().pointer(s.pointer)?))) }
        </details>
    }
}

fn differs(document: &Document, s: &Setting) -> bool {
    document.now().pointer(s.pointer) != document.base.pointer(s.pointer)
}

fn knob(ctx: &Ctx, s: &'static Setting, value: &Value) -> Html {
    let id = s.pointer.replace('/', "-");
    let changed = differs(&ctx.lab.document, s);
    let back = ctx.lab.document.base.pointer(s.pointer).cloned().unwrap_or_default();
    let reset = ctx.act.reform(move |_: MouseEvent| Action::Set(s.pointer.into(), back.clone()));
    let label = if s.unit.is_empty() { s.label.to_string() } else { format!("{}, {}", s.label, s.unit) };
    let field = match s.range {
        Range::Switch => {
            let onchange = maybe(&ctx.act, move |e: Event| {
                let on = e.target_dyn_into::<HtmlInputElement>()?.checked();
                Some(Action::Set(s.pointer.into(), Value::from(on)))
            });
            html! { <input id={id.clone()} type="checkbox" checked={value.as_bool().unwrap_or(false)} {onchange} /> }
        }
        Range::Choice(choices) => {
            let onchange = maybe(&ctx.act, move |e: Event| {
                let chosen = e.target_dyn_into::<HtmlSelectElement>()?.value();
                Some(Action::Set(s.pointer.into(), Value::from(chosen)))
            });
            html! {
                <select id={id.clone()} {onchange}>
                    { for choices.iter().map(|(name, word)| html! {
                        <option value={*name} selected={value.as_str() == Some(*name)}>{ *word }</option>
                    }) }
                </select>
            }
        }
        Range::Number { min, max, step } => {
            let x = value.as_f64().unwrap_or(min);
            numbers(ctx, s, &id, (shown(value), x), (min, max, step), |x| x, |x| x)
        }
        Range::Log { min, max, .. } => {
            let x = value.as_f64().unwrap_or(min);
            let ends = (libm::log10(min), libm::log10(max), 0.01);
            numbers(
                ctx,
                s,
                &id,
                (shown(value), x),
                ends,
                |x| libm::log10(x.max(1e-12)),
                |v| libm::pow(10.0, v),
            )
        }
    };
    html! {
        <div class={classes!("knob", changed.then_some("is-changed"))}>
            <label for={id} title={s.about}>{ label }</label>
            { field }
            if let Some((_, Some(why))) = ctx.lab.trying.as_ref().filter(|(at, _)| at == s.pointer) {
                <p class="bad knob-wrong" role="status">{ why }</p>
            }
            if changed { <button class="plain" title={text::lab::AS_IT_WAS} aria-label={text::lab::reset_knob(s.label)} onclick={reset}>{ "↺" }</button> }
        </div>
    }
}

/// A value as it is typed; what was refused stands there as it was typed.
fn shown(value: &Value) -> String {
    match (value.as_str(), value.as_f64()) {
        (Some(text), _) => text.into(),
        (None, Some(x)) => x.to_string(),
        _ => value.to_string(),
    }
}

/// A field for the figure, and a slider.
fn numbers(
    ctx: &Ctx,
    s: &'static Setting,
    id: &str,
    (shown, x): (String, f64),
    (low, high, step): (f64, f64, f64),
    to: fn(f64) -> f64,
    from: fn(f64) -> f64,
) -> Html {
    let whole = ctx.lab.document.base.pointer(s.pointer).is_some_and(Value::is_u64)
        && matches!(s.range, Range::Log { whole: true, .. });
    let as_value =
        move |x: f64| if whole { Value::from(libm::round(x) as u64) } else { Value::from(three_figures(x)) };
    let read = move |typed: String| {
        let typed = typed.trim().replace(',', ".");
        // What is no number is said where the scenario is checked, by its own path.
        match typed.parse::<f64>() {
            Ok(x) if whole && x.fract() == 0.0 && x >= 0.0 => Value::from(x as u64),
            Ok(x) if x.is_finite() => Value::from(x),
            _ => Value::from(typed),
        }
    };
    let at = |typed: String| typed.parse::<f64>().ok();
    let slid = ctx.act.reform(move |typed: String| {
        // A slider gives a number.
        Action::Set(s.pointer.into(), as_value(from(at(typed).unwrap_or(low))))
    });
    let (tried, done) = (
        ctx.act.reform(move |typed| Action::Try(s.pointer.into(), read(typed))),
        ctx.act.reform(move |typed| Action::Set(s.pointer.into(), read(typed))),
    );
    html! {
        <>
            <Draft id={id.to_owned()} class="figure" value={shown} ontry={tried} ondone={done} />
            <Draft range={Some((low, high, step))} value={to(x).to_string()} label={text::lab::slider(s.label)}
                valuetext={format!("{x} {}", s.unit)} ondone={slid} />
        </>
    }
}

/// A slider has no more than three figures to give.
fn three_figures(x: f64) -> f64 {
    if x == 0.0 {
        return 0.0;
    }
    let unit = libm::pow(10.0, 2.0 - libm::floor(libm::log10(x.abs())));
    libm::round(x * unit) / unit
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_is_undone_can_be_redone() {
        let mut doc = Document::new(json!({ "a": 1 }));
        doc.set("/a", json!(2));
        doc.set("/a", json!(3));
        doc.set("/b", json!(3));
        assert!(doc.undo() && doc.undo() && !doc.undo() && doc.untouched() && doc.json().is_none());
        assert!(doc.redo() && doc.json() == Some(r#"{"a":2}"#.into()));
        doc.set("/a", json!(9));
        assert!(!doc.can_redo());
        assert_eq!(three_figures(0.012_345), 0.0123);
    }
}
