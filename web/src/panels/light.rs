//! What the light does on each link: state, error rate, rate, loss, detections. The table is the map's twin in
//! figures.

use super::Ctx;
use crate::action::{Action, Pick};
use crate::format::{decibels, per_second, percent, rate};
use crate::text;
use keyway_core::sim::snapshot::{Beam, LinkState, SceneLink};
use yew::prelude::*;

/// A link's state in words, and whether they are bad news.
pub fn link_words(link: &LinkState) -> (&'static str, bool) {
    match (link.eavesdropped, link.alarm, link.beam) {
        (true, true, _) => (text::light::EVE_DROPPED, true),
        (true, false, _) => (text::light::EAVESDROPPED, true),
        (false, true, _) => (text::light::DROPPED, true),
        (_, _, Beam::Emitting) => (text::light::SENDING, false),
        (_, _, Beam::Standby) => (text::light::STANDING_BY, false),
        (_, _, Beam::Down) if link.broken => (text::light::BLOCKED, true),
        (_, _, Beam::Down) => (text::light::NO_LIGHT, true),
    }
}

pub fn body(ctx: &Ctx) -> Html {
    html! {
        <>
            <table class="light-table">
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
            { budget(ctx) }
        </>
    }
}

/// Where the light goes, link by link: one bar each, its parts in decibels.
fn budget(ctx: &Ctx) -> Html {
    let most = ctx.shot.links.iter().map(|l| parts(l).iter().map(|p| p.1).sum::<f64>()).fold(6.0, f64::max);
    let bars = ctx.scene.links.iter().zip(&ctx.shot.links).map(|(place, link)| {
        let mut x = 0.0;
        let total: f64 = parts(link).iter().map(|p| p.1).sum();
        html! {
            <li><span class="what">{ &place.name }</span>
                <svg viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
                    { for parts(link).into_iter().map(|(class, db, _)| {
                        let (from, width) = (x, db / most * 100.0);
                        x += width;
                        html! { <rect class={class} x={format!("{from:.2}")} width={format!("{:.2}", width.max(0.0))} height="10" /> }
                    }) }
                </svg>
                <b title={parts(link).iter().map(|(_, db, word)| text::light::part(word, *db)).collect::<Vec<_>>().join(", ")}>
                    { decibels(total) }</b></li>
        }
    });
    html! {
        <figure class="budget">
            <figcaption>{ text::light::BUDGET }</figcaption>
            <ul>{ for bars }</ul>
            <p class="keys-of">
                { for parts(&LinkState::default()).into_iter().map(|(class, _, word)| html! {
                    <span><svg viewBox="0 0 10 10" aria-hidden="true"><rect class={class} width="10" height="10" /></svg>{ word }</span>
                }) }
            </p>
        </figure>
    }
}

/// The parts of a link's loss: class, decibels, word.
fn parts(link: &LinkState) -> [(&'static str, f64, &'static str); 4] {
    [
        ("part-spread", link.geometric_loss_db, text::light::SPREAD),
        ("part-air", link.atmosphere_loss_db, text::light::AIR),
        ("part-optics", link.optics_loss_db, text::light::OPTICS),
        ("part-detector", link.detector_loss_db, text::light::DETECTOR),
    ]
}

fn row(ctx: &Ctx, i: u32, place: &SceneLink, link: &LinkState) -> Html {
    let (said, bad) = link_words(link);
    let blocks = text::light::blocks(link.blocks, link.dropped, place.range_m);
    html! {
        <tr title={blocks}>
            <th scope="row"><button class="name" onclick={ctx.act.reform(move |_| Action::Pick(Some(Pick::Link(i))))}>{ &place.name }</button>
                <small class={classes!("state", bad.then_some("bad"))}>{ said }</small></th>
            <td>{ percent(link.qber, 1) }</td>
            <td>{ rate(link.key_rate_bps) }</td>
            <td>{ decibels(link.loss_db) }</td>
            <td>{ per_second(link.clicks_hz) }</td>
        </tr>
    }
}
