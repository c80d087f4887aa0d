//! What the light does on each link: state, error rate, rate, loss, detections; where the light is lost; and the figures
//! of one link. The table is the map's twin in figures.

use super::Ctx;
use crate::action::{Action, Pick, maybe};
use crate::format::{celsius, decibels, per_second, percent, rate, scientific};
use crate::text;
use keyway_core::sim::snapshot::{Beam, Hold, LinkState, SceneLink};
use web_sys::HtmlSelectElement;
use yew::prelude::*;

/// A part of the loss below this is not told, dB.
const LEAST_DB: f64 = 0.005;
/// Classes of the parts, in the order of [`LinkState::budget_db`].
const PARTS: [&str; 10] = [
    "spread",
    "turbulence",
    "pointing",
    "scattering",
    "molecules",
    "rain",
    "tap",
    "optics",
    "detector",
    "gate",
];

pub fn body(ctx: &Ctx) -> Html {
    let shown = match ctx.pick {
        Some(Pick::Link(i)) if (i as usize) < ctx.scene.links.len() => i,
        _ => 0,
    };
    html! {
        <>
            <table class="light-table pick-table">
                <caption class="sr">{ text::light::CAPTION }</caption>
                <thead><tr>
                    <th scope="col">{ text::light::LINK }</th>
                    <th scope="col"><abbr title={text::QBER_TIP}>{ text::light::ERRORS }</abbr></th>
                    <th scope="col"><abbr title={text::light::KEY_TIP}>{ text::light::KEY }</abbr></th>
                    <th scope="col"><abbr title={text::light::LOSS_TIP}>{ text::light::LOSS }</abbr></th>
                    <th scope="col"><abbr title={text::light::CLICKS_TIP}>{ text::light::CLICKS }</abbr></th>
                </tr></thead>
                <tbody>
                    { for ctx.scene.links.iter().zip(&ctx.shot.links).enumerate().map(|(i, (place, link))| {
                        row(ctx, i as u32, place, link)
                    }) }
                </tbody>
            </table>
            { budget(ctx, shown) }
            { detail(ctx, shown) }
        </>
    }
}

/// Where the light goes, link by link: one bar each, its parts in decibels, in the order of the light's way.
fn budget(ctx: &Ctx, shown: u32) -> Html {
    let all = || ctx.scene.links.iter().zip(&ctx.shot.links);
    let total = |l: &LinkState| l.budget_db.iter().sum::<f64>();
    let most = all().map(|(_, l)| total(l)).filter(|db| db.is_finite()).fold(6.0, f64::max);
    let bars = all().map(|(place, link)| {
        let said: Vec<String> = parts(link).map(|(_, db, word)| text::light::part(word, db)).collect();
        html! {
            <li><span class="what">{ &place.name }</span>
                <span class="parts" aria-hidden="true">
                    { for parts(link).map(|(class, db, word)| html! {
                        <i class={format!("part-{class}")} style={format!("width:{:.2}%", db / most * 100.0)} title={text::light::part(word, db)} />
                    }) }
                </span>
                <b title={said.join(", ")}>{ decibels(total(link)) }</b><span class="sr">{ said.join(", ") }</span></li>
        }
    });
    // Only what is lost somewhere, with the figures of the link that is shown.
    let figures = ctx.shot.links.get(shown as usize);
    let signs = PARTS.iter().zip(text::light::PARTS).enumerate().filter_map(|(n, (class, word))| {
        let somewhere = ctx.shot.links.iter().any(|l| l.budget_db[n] >= LEAST_DB);
        let db = figures.map_or(0.0, |l| l.budget_db[n]);
        somewhere.then(|| {
            html! {
                <li><i class={format!("part-{class}")} aria-hidden="true" /><span>{ word }</span>
                    <b>{ format!("{db:.2}") }</b></li>
            }
        })
    });
    let whose = ctx.scene.links.get(shown as usize).map_or("", |l| &l.name);
    html! {
        <figure class="budget">
            <figcaption>{ text::light::BUDGET }<span class="quiet">{ text::light::figures_of(whose) }</span></figcaption>
            <ul>{ for bars }</ul>
            <ul class="part-signs">{ for signs }</ul>
        </figure>
    }
}

/// The parts of a link's loss that there are: class, decibels, word.
fn parts(link: &LinkState) -> impl Iterator<Item = (&'static str, f64, &'static str)> {
    let all = PARTS.into_iter().zip(link.budget_db).zip(text::light::PARTS);
    all.map(|((class, db), word)| (class, db, word)).filter(|(_, db, _)| *db >= LEAST_DB)
}

/// The figures of one link.
fn detail(ctx: &Ctx, shown: u32) -> Html {
    let Some(link) = ctx.shot.links.get(shown as usize) else { return Html::default() };
    let fact = |label: &'static str, tip: &'static str, value: String| {
        let label = if tip.is_empty() {
            html!(label)
        } else {
            html! { <abbr title={tip}>{ label }</abbr> }
        };
        html! { <div><dt>{ label }</dt><dd>{ value }</dd></div> }
    };
    let onchange = maybe(&ctx.act, |e: Event| {
        let chosen = e.target_dyn_into::<HtmlSelectElement>()?.value().parse().ok()?;
        Some(Action::Pick(Some(Pick::Link(chosen))))
    });
    let cooler = if link.cooler_load.is_finite() {
        text::light::cooler(percent(link.cooler_load, 0))
    } else {
        text::light::NO_COOLER.into()
    };
    html! {
        <section class="link-detail" aria-label={text::light::DETAIL}>
            <div class="row head"><h2>{ text::light::DETAIL }</h2>
                <select id="light-link" aria-label={text::light::CHOOSE} {onchange}>
                    { for ctx.scene.links.iter().enumerate().map(|(i, l)| html! {
                        <option value={i.to_string()} selected={i as u32 == shown}>{ &l.name }</option>
                    }) }
                </select></div>
            <dl class="link-facts wide-facts">
                { fact(text::light::STATE, "", text::light::link_words(link).0.into()) }
                { fact(text::light::ALARMS, "", text::light::alarm_words(link)) }
            </dl>
            <dl class="link-facts">
                { fact(text::light::LOSS_MEAN, "", decibels(link.loss_db)) }
                { fact(text::light::LOSS_NOW, text::light::LOSS_TIP, decibels(link.loss_now_db)) }
                { fact(text::light::CN2, text::light::CN2_TIP, text::light::cn2(scientific(link.cn2_m23))) }
                { fact(text::light::SCINTILLATION, text::light::SCINTILLATION_TIP, scientific(link.scintillation)) }
                { fact(text::light::BACKGROUND, text::light::BACKGROUND_TIP, per_second(link.background_hz)) }
                { fact(text::light::NOISE, text::light::NOISE_TIP, scientific(link.noise_per_gate)) }
                { fact(text::light::EMITTER, text::light::EMITTER_TIP, celsius(link.emitter_c)) }
                { fact(text::light::COOLER, text::light::COOLER_TIP, cooler) }
                { fact(text::light::UNDER_WAY, text::light::UNDER_WAY_TIP, link.under_way.to_string()) }
                { fact(text::light::PADS, text::light::PADS_TIP, link.pairs_left.to_string()) }
            </dl>
        </section>
    }
}

fn row(ctx: &Ctx, i: u32, place: &SceneLink, link: &LinkState) -> Html {
    let (said, bad) = text::light::link_words(link);
    let blocks = text::light::blocks(link.blocks, link.dropped, place.range_m);
    let picked = ctx.pick == Some(Pick::Link(i));
    html! {
        <tr title={blocks} aria-current={picked.then_some("true")}>
            <th scope="row"><button class="name" onclick={ctx.act.reform(move |_| Action::Pick(Some(Pick::Link(i))))}>{ &place.name }</button>
                <small class={classes!("state", bad.then_some("bad"))}>{ said }</small></th>
            <td>{ percent(link.qber, 1) }</td>
            <td>{ rate(link.key_rate_bps) }</td>
            <td>{ decibels(link.loss_db) }
                // Only light that is sent fades.
                if link.hold == Hold::None && link.beam != Beam::Standby {
                    <small>{ text::light::now(format!("{:.1}", link.loss_now_db)) }</small>
                }</td>
            <td>{ per_second(link.clicks_hz) }</td>
        </tr>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_holds_a_link_is_said_before_what_its_last_block_was() {
        let said = |hold, broken, alarm| {
            text::light::link_words(&LinkState {
                beam: Beam::Down,
                hold,
                broken,
                alarm,
                ..LinkState::default()
            })
            .0
        };
        assert_eq!(said(Hold::Stowed, false, true), text::light::STOWED);
        assert_eq!(said(Hold::Acquiring, true, false), text::light::BLOCKED);
        assert_eq!(said(Hold::Acquiring, false, false), text::light::ACQUIRING);
        assert_eq!(said(Hold::None, false, true), text::light::DROPPED);
    }

    #[test]
    fn only_what_is_lost_is_a_part() {
        let mut link = LinkState::default();
        (link.budget_db[0], link.budget_db[5]) = (2.0, 0.3);
        let words: Vec<&str> = parts(&link).map(|p| p.2).collect();
        assert_eq!(words, ["spread of the beam", "rain or snow"]);
    }
}
