//! What a link should send: a button of the laboratory that finds intensities and bases with the longest key, and says
//! what it found.

use super::Ctx;
use crate::action::Action;
use crate::format::{percent, rate};
use crate::text::lab as text;
use keyway_core::studies::best::Advice;
use web_sys::HtmlSelectElement;
use yew::prelude::*;

/// The button, and what was found last.
pub fn best_light(ctx: &Ctx) -> Html {
    let links: Vec<AttrValue> = ctx.scene.links.iter().map(|link| link.name.clone().into()).collect();
    let longest = ctx.scene.links.iter().enumerate().max_by(|(_, a), (_, b)| a.range_m.total_cmp(&b.range_m));
    let said = ctx.lab.advice.and_then(|(link, advice)| {
        let name = links.get(link as usize)?;
        Some(match advice {
            None => text::no_better_light(name),
            Some(a) => found(name, &a, &ctx.lab),
        })
    });
    html! {
        <div class="best-light">
            <BestLight {links} first={longest.map_or(0, |(i, _)| i)} on={ctx.lab.refused.is_none()} act={ctx.act.clone()} />
            if let Some(said) = said { <p class="quiet" role="status" id="best-light-said">{ said }</p> }
        </div>
    }
}

fn found(name: &str, a: &Advice, lab: &super::Lab) -> String {
    let kind = lab.document.now().pointer("/link_params/source/kind").and_then(serde_json::Value::as_str);
    let [mu1, mu2, _] = a.mu;
    let [p1, p2, p3] = a.mu_probability.map(|p| percent(p, 1));
    let light = match kind {
        Some("single_photon") => text::best_brightness(a.brightness),
        Some("ideal") => String::new(),
        _ => text::best_decoys((mu1, p1), (mu2, p2), p3),
    };
    text::best_light(name, (rate(a.now_bps), rate(a.best_bps)), light, percent(a.p_x, 1))
}

#[derive(PartialEq, Properties)]
struct Props {
    links: Vec<AttrValue>,
    /// The one that is chosen first.
    first: usize,
    on: bool,
    act: Callback<Action>,
}

/// Which link, and the button.
#[component(BestLight)]
fn choose(props: &Props) -> Html {
    let chosen = use_state(|| None::<usize>);
    let at = (*chosen).filter(|i| *i < props.links.len()).unwrap_or(props.first);
    let onchange = {
        let chosen = chosen.clone();
        Callback::from(move |e: Event| {
            chosen.set(e.target_dyn_into::<HtmlSelectElement>().and_then(|s| s.value().parse().ok()));
        })
    };
    let onclick = props.act.reform(move |_: MouseEvent| Action::BestLight(at as u32));
    html! {
        <>
            <label for="best-link">{ text::BEST_LIGHT_FOR }</label>
            <select id="best-link" {onchange}>
                { for props.links.iter().enumerate().map(|(i, name)| html! {
                    <option value={i.to_string()} selected={i == at}>{ name }</option>
                }) }
            </select>
            <button id="best-light" class="chip" disabled={!props.on} title={text::BEST_LIGHT_TIP} {onclick}>{ text::BEST_LIGHT }</button>
        </>
    }
}
