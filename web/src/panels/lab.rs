//! The laboratory: weather, eavesdropper, seed, scenario. The sliders act at once, on the run as it stands.

use crate::action::{Action, maybe};
use crate::format::{kilometres, percent};
use keyway_core::sim::snapshot::{Knobs, SceneLink};
use web_sys::{HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

/// The visibility slider runs over powers of ten between these, kilometres.
const VISIBILITY_KM: (f64, f64) = (0.05, 50.0);

/// Properties of [`Laboratory`].
#[derive(PartialEq, Properties)]
pub struct LabProps {
    /// What a visitor does.
    pub act: Callback<Action>,
    /// Links to listen in on.
    pub links: Vec<SceneLink>,
    /// The switches as they stand.
    pub knobs: Knobs,
    /// The run's seed.
    pub seed: u64,
    /// The scenario comes from a file of the visitor's.
    pub own_file: bool,
    /// A file that was refused, and why.
    pub refused: Option<String>,
}

/// What a visibility is called (international visibility code, shortened).
fn weather(km: f64) -> &'static str {
    match km {
        k if k < 0.2 => "dense fog",
        k if k < 1.0 => "fog",
        k if k < 4.0 => "mist",
        k if k < 10.0 => "haze",
        k if k < 23.0 => "clear",
        _ => "very clear",
    }
}

fn input(e: &InputEvent) -> Option<f64> {
    e.target_dyn_into::<HtmlInputElement>().map(|i| i.value_as_number()).filter(|v| v.is_finite())
}

/// The laboratory.
#[component(Laboratory)]
pub fn laboratory(props: &LabProps) -> Html {
    let LabProps { act, knobs, .. } = props;
    let (low, high) = (libm::log10(VISIBILITY_KM.0), libm::log10(VISIBILITY_KM.1));
    let at = libm::log10(knobs.visibility_km.clamp(VISIBILITY_KM.0, VISIBILITY_KM.1));
    let onvisibility = maybe(act, |e: InputEvent| {
        // Two figures are as much as anyone sees.
        let km = libm::pow(10.0, input(&e)?);
        let unit = libm::pow(10.0, libm::floor(libm::log10(km)) - 1.0);
        Some(Action::VisibilityKm(libm::round(km / unit) * unit))
    });
    let oneve = maybe(act, |e: InputEvent| input(&e).map(|v| Action::EveFraction(v / 100.0)));
    let onlink = maybe(act, |e: Event| {
        let chosen = e.target_dyn_into::<HtmlSelectElement>()?.value().parse().ok()?;
        Some(Action::EveLink(chosen))
    });
    let onseed = maybe(act, |e: Event| {
        let seed = e.target_dyn_into::<HtmlInputElement>()?.value().trim().parse().ok()?;
        Some(Action::Seed(seed))
    });
    html! {
        <div class="lab-form">
            <label for="visibility">{ "Visibility" }<output>
                { format!("{}, {}", kilometres(knobs.visibility_km), weather(knobs.visibility_km)) }</output></label>
            <input id="visibility" type="range" min={low.to_string()} max={high.to_string()} step="0.01"
                value={at.to_string()} aria-valuetext={kilometres(knobs.visibility_km)} oninput={onvisibility} />
            <label for="eve">{ "Eavesdropper measures" }<output>
                { format!("{} of the photons", percent(knobs.eve_fraction, 0)) }</output></label>
            <input id="eve" type="range" min="0" max="100" step="1"
                value={(knobs.eve_fraction * 100.0).to_string()} oninput={oneve} />
            <label for="eve-link">{ "on" }</label>
            <select id="eve-link" onchange={onlink}>
                { for props.links.iter().enumerate().map(|(i, link)| html! {
                    <option value={i.to_string()} selected={knobs.eve_link as usize == i}>{ &link.name }</option>
                }) }
            </select>
            <label for="seed">{ "Seed" }</label>
            <span class="row"><input id="seed" type="text" inputmode="numeric" pattern="[0-9]*"
                value={props.seed.to_string()} onchange={onseed} />
                <button class="chip" onclick={act.reform(|_| Action::NewSeed)}>{ "Another" }</button></span>
            <label for="scenario">{ "Scenario" }</label>
            { scenario(props) }
            <p class="quiet">{ "Visibility and eavesdropper act at once. The same seed always gives the same run; \
                another seed or scenario begins from 00:00.0." }</p>
        </div>
    }
}

fn scenario(props: &LabProps) -> Html {
    let onfile = maybe(&props.act, |e: Event| {
        let input = e.target_dyn_into::<HtmlInputElement>()?;
        let file = input.files()?.get(0)?;
        // So that the same file can be chosen again after it was mended.
        input.set_value("");
        Some(Action::OpenFile(file))
    });
    html! {
        <div>
            <span class="row">
                <label class="chip file">{ "Open a file…" }
                    <input id="scenario" class="sr" type="file" accept=".json,application/json" onchange={onfile} /></label>
                if props.own_file {
                    <button class="chip" onclick={props.act.reform(|_| Action::BuiltIn)}>{ "Built-in campus" }</button>
                }
            </span>
            if let Some(why) = &props.refused {
                <p class="bad" role="alert" id="scenario-error">{ format!("Not opened: {why}") }</p>
            }
        </div>
    }
}
