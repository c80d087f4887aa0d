//! What the light does on each link: state, error rate, rate, loss, detections. The table is the map's twin in
//! figures.

use super::ShotProps;
use crate::format::{decibels, per_second, percent, rate};
use crate::text;
use keyway_core::sim::snapshot::{Beam, LinkState, SceneLink};
use yew::prelude::*;

/// A link's state in words, and whether they are bad news.
pub fn link_words(link: &LinkState) -> (&'static str, bool) {
    match (link.eavesdropped, link.alarm, link.beam) {
        (true, true, _) => ("eavesdropped: blocks dropped", true),
        (true, false, _) => ("eavesdropped", true),
        (false, true, _) => ("last block dropped", true),
        (_, _, Beam::Emitting) => ("sending", false),
        (_, _, Beam::Standby) => ("pool full, standing by", false),
        (_, _, Beam::Down) => ("no light", true),
    }
}

/// The table.
#[component(Light)]
pub fn light(props: &ShotProps) -> Html {
    let Some(scene) = &props.scene else { return Html::default() };
    html! {
        <table class="light-table">
            <caption class="sr">{ "Quantum links" }</caption>
            <thead><tr>
                <th scope="col">{ "Link" }</th>
                <th scope="col"><abbr title={text::QBER_TIP}>{ "errors" }</abbr></th>
                <th scope="col"><abbr title={text::RATE_TIP}>{ "key" }</abbr></th>
                <th scope="col"><abbr title={text::LOSS_TIP}>{ "loss" }</abbr></th>
                <th scope="col"><abbr title={text::CLICKS_TIP}>{ "clicks" }</abbr></th>
            </tr></thead>
            <tbody>
                { for scene.links.iter().zip(&props.shot.links).map(|(place, link)| row(place, link)) }
            </tbody>
        </table>
    }
}

fn row(place: &SceneLink, link: &LinkState) -> Html {
    let (said, bad) = link_words(link);
    let blocks = format!("{} blocks made, {} dropped; {:.0} m", link.blocks, link.dropped, place.range_m);
    html! {
        <tr title={blocks}>
            <th scope="row">{ &place.name }
                <small class={classes!("state", bad.then_some("bad"))}>{ said }</small></th>
            <td>{ percent(link.qber, 1) }</td>
            <td>{ rate(link.key_rate_bps) }</td>
            <td>{ decibels(link.loss_db) }</td>
            <td>{ per_second(link.clicks_hz) }</td>
        </tr>
    }
}
