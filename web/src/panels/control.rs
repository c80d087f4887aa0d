//! The controller: the rooftop graph with what is laid over each link, and the services with their paths.

use super::{Ctx, empty};
use crate::action::{Action, Pick, Tab};
use crate::format::rate;
use crate::text;
use keyway_core::sim::chronicle::{ControlView, View};
use keyway_core::sim::snapshot::Beam;
use yew::prelude::*;

/// Bits of a key.
const KEY_BITS: f64 = 256.0;
const SIZE: (f64, f64) = (360.0, 240.0);
const EDGE: f64 = 44.0;

pub fn body(ctx: &Ctx) -> Html {
    let Some(View::Control(view)) = ctx.view.as_deref() else { return empty(text::LOOKING) };
    html! {
        <>
            { graph(ctx, view) }
            <table>
                <caption class="sr">{ text::control::CAPTION }</caption>
                <thead><tr><th scope="col">{ text::control::SERVICE }</th><th scope="col">{ text::control::FOR }</th><th scope="col">{ text::control::WAY }</th>
                    <th scope="col">{ text::control::STATE }</th></tr></thead>
                <tbody>{ for view.services.iter().map(|s| {
                    let id = s.id;
                    let open = ctx.act.reform(move |_| Action::Service(id));
                    let class = if s.starved.is_some() { "bad" } else { "good" };
                    html! {
                        <tr><th scope="row"><button class="link" onclick={open}>{ s.id.to_string() }</button></th>
                            <td>{ s.destination_sae.trim_start_matches("rooftop/") }</td><td>{ s.path.join(" – ") }</td>
                            <td class={class}>{ if s.starved.is_some() { text::control::STARVED } else { text::control::SERVED } }</td></tr>
                    }
                }) }</tbody>
            </table>
            if view.services.is_empty() {
                { empty(text::NO_SERVICE) }
            } else {
                <p class="quiet">{ text::control::WAYS }</p>
            }
            <button class="chip" onclick={ctx.act.reform(|_| Action::Tab(Tab::Managers))}>{ text::control::STEPS }</button>
        </>
    }
}

/// The rooftops as the controller sees them, in their places on the map.
fn graph(ctx: &Ctx, view: &ControlView) -> Html {
    let places = &ctx.scene.terminals;
    let side = |f: &dyn Fn(usize) -> f64| {
        let all = || (0..places.len()).map(f);
        let (low, high) = (all().fold(f64::MAX, f64::min), all().fold(f64::MIN, f64::max));
        (low, (high - low).max(1e-9))
    };
    let (lon, lat) = (side(&|i| places[i].position.lon), side(&|i| places[i].position.lat));
    let at = |i: usize| {
        let p = places[i].position;
        (
            EDGE + (p.lon - lon.0) / lon.1 * (SIZE.0 - 2.0 * EDGE),
            SIZE.1 - EDGE / 2.0 - (p.lat - lat.0) / lat.1 * (SIZE.1 - EDGE),
        )
    };
    let links = ctx.scene.links.iter().enumerate().filter(|(_, l)| (l.a.max(l.b) as usize) < places.len());
    html! {
        <figure class="graph">
            <figcaption class="sr">{ text::control::GRAPH }</figcaption>
            <svg viewBox={format!("0 0 {} {}", SIZE.0, SIZE.1)} role="img" aria-label={text::control::GRAPH_LABEL}>
                { for links.map(|(n, l)| {
                    let (a, b) = (at(l.a as usize), at(l.b as usize));
                    let ends = (&places[l.a as usize].id, &places[l.b as usize].id);
                    let used = view.links.iter().find(|u| (&u.a, &u.b) == ends || (&u.b, &u.a) == ends);
                    let asked = used.map_or(0.0, |u| u.keys_per_s * KEY_BITS);
                    let state = ctx.shot.links.get(n);
                    let class = match state.map(|s| s.beam) {
                        Some(Beam::Down) => "edge down",
                        _ if asked == 0.0 => "edge idle",
                        _ => "edge",
                    };
                    let width = 1.5 + used.map_or(0.0, |u| u.services.len() as f64);
                    let pick = ctx.act.reform(move |_: MouseEvent| Action::Pick(Some(Pick::Link(n as u32))));
                    html! {
                        <g class={class} onclick={pick}>
                            <title>{ text::control::asked(&l.name, used.map_or(0, |u| u.services.len()), rate(asked)) }</title>
                            <path d={format!("M{:.1} {:.1}L{:.1} {:.1}", a.0, a.1, b.0, b.1)} stroke-width={format!("{width:.1}")} />
                            if asked > 0.0 {
                                <text x={format!("{:.1}", (a.0 + b.0) / 2.0)} y={format!("{:.1}", (a.1 + b.1) / 2.0 - 3.0)}
                                    text-anchor="middle">{ rate(asked) }</text>
                            }
                        </g>
                    }
                }) }
                { for places.iter().enumerate().map(|(i, place)| {
                    let (x, y) = at(i);
                    html! {
                        <g class="node"><path d={format!("M{x:.1} {:.1}l7 7l-7 7l-7 -7z", y - 7.0)} />
                            <text x={format!("{x:.1}")} y={format!("{:.1}", y - 10.0)} text-anchor="middle">{ &place.name }</text></g>
                    }
                }) }
            </svg>
        </figure>
    }
}
