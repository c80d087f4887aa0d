//! The street: how the drive goes, who was fooled, and what it cost.

use super::{Ctx, empty};
use crate::action::Action;
use crate::format::{clock, metres, span, thousands};
use crate::text;
use keyway_core::sim::chronicle::{StreetView, Subject, View};
use yew::prelude::*;

pub fn body(ctx: &Ctx) -> Html {
    let Some(View::Street(view)) = ctx.view.as_deref() else { return empty(text::LOOKING) };
    let (car, planned_m) = (&ctx.shot.car, ctx.scene.planned_m);
    let ahead_m: f64 = car.route.windows(2).map(|w| flat_m(w[0], w[1])).sum();
    let detour_m = (car.driven_m + if car.arrived_s.is_some() { 0.0 } else { ahead_m } - planned_m).max(0.0);
    let count = |n: u32| thousands(f64::from(n));
    html! {
        <>
            <dl class="facts" id="street-facts">
                <dt>{ text::street::DRIVEN }</dt><dd>{ text::of_planned(metres(car.driven_m), metres(planned_m)) }</dd>
                <dt>{ text::street::DETOUR }</dt>
                <dd class={classes!((detour_m > 20.0).then_some("bad"))}>{ if detour_m > 20.0 { format!("+{}", metres(detour_m)) } else { metres(0.0) } }</dd>
                <dt>{ text::street::ARRIVED }</dt><dd>{ car.arrived_s.map_or(text::street::NOT_YET.into(), clock) }</dd>
                <dt>{ text::street::BELIEVED_FOR }</dt>
                <dd class={classes!((view.believed_s > 0.0).then_some("bad"))}>{ span(view.believed_s) }</dd>
                <dt>{ text::street::FAKES_HEARD }</dt><dd>{ count(view.fakes_heard) }</dd>
                <dt>{ text::street::FAKES_BELIEVED }</dt>
                <dd class={if view.fakes_believed > 0 { "bad" } else { "good" }}>{ count(view.fakes_believed) }</dd>
                <dt>{ text::street::HONEST_BELIEVED }</dt>
                <dd>{ text::of(count(view.honest_believed), count(view.honest_heard)) }</dd>
            </dl>
            <h2>{ text::street::DRIVE }</h2>
            { turns(ctx, view) }
        </>
    }
}

fn turns(ctx: &Ctx, view: &StreetView) -> Html {
    if view.turns.is_empty() {
        return empty(text::street::NOT_SET_OFF);
    }
    html! {
        <ol class="turns">
            { for view.turns.iter().map(|turn| {
                let t_s = turn.t_s;
                html! {
                    <li class={classes!(turn.bad.then_some("bad"))}>
                        <button class="when" title={text::GO_THERE} onclick={ctx.act.reform(move |_| Action::Seek(t_s))}>{ clock(t_s) }</button>
                        <span>{ &turn.text }
                            if let Some(id) = turn.message {
                                { " " }<button class="link" onclick={ctx.act.reform(move |_| Action::Follow(Some(Subject::Message(id))))}>
                                    { text::street::WHY }</button>
                            }</span>
                    </li>
                }
            }) }
        </ol>
    }
}

/// Metres between two near places.
fn flat_m(a: keyway_core::ground::GeoPoint, b: keyway_core::ground::GeoPoint) -> f64 {
    let plane = keyway_core::ground::Plane::new(a);
    plane.point_from_geo(b).distance_m(plane.point_from_geo(a))
}
