//! The street: how the drive goes, who was fooled, and what it cost.

use super::{Ctx, empty};
use crate::action::Action;
use crate::format::{clock, metres, span, thousands};
use keyway_core::sim::chronicle::{StreetView, Subject, View};
use yew::prelude::*;

pub fn body(ctx: &Ctx) -> Html {
    let Some(View::Street(view)) = ctx.view.as_deref() else { return empty("Looking…") };
    let (car, planned_m) = (&ctx.shot.car, ctx.scene.planned_m);
    let ahead_m: f64 = car.route.windows(2).map(|w| flat_m(w[0], w[1])).sum();
    let detour_m = (car.driven_m + if car.arrived_s.is_some() { 0.0 } else { ahead_m } - planned_m).max(0.0);
    let count = |n: u32| thousands(f64::from(n));
    html! {
        <>
            <dl class="facts" id="street-facts">
                <dt>{ "Driven" }</dt><dd>{ format!("{} of {} planned", metres(car.driven_m), metres(planned_m)) }</dd>
                <dt>{ "Detour, as the car goes now" }</dt>
                <dd class={classes!((detour_m > 20.0).then_some("bad"))}>{ if detour_m > 20.0 { format!("+{}", metres(detour_m)) } else { metres(0.0) } }</dd>
                <dt>{ "Arrived" }</dt><dd>{ car.arrived_s.map_or("not yet".into(), clock) }</dd>
                <dt>{ "Believed in an obstacle for" }</dt>
                <dd class={classes!((view.believed_s > 0.0).then_some("bad"))}>{ span(view.believed_s) }</dd>
                <dt>{ "Fakes heard" }</dt><dd>{ count(view.fakes_heard) }</dd>
                <dt>{ "Fakes believed" }</dt>
                <dd class={if view.fakes_believed > 0 { "bad" } else { "good" }}>{ count(view.fakes_believed) }</dd>
                <dt>{ "Honest messages believed" }</dt>
                <dd>{ format!("{} of {}", count(view.honest_believed), count(view.honest_heard)) }</dd>
            </dl>
            <h2>{ "The drive" }</h2>
            { turns(ctx, view) }
        </>
    }
}

fn turns(ctx: &Ctx, view: &StreetView) -> Html {
    if view.turns.is_empty() {
        return empty("The car has not set off yet.");
    }
    html! {
        <ol class="turns">
            { for view.turns.iter().map(|turn| {
                let t_s = turn.t_s;
                html! {
                    <li class={classes!(turn.bad.then_some("bad"))}>
                        <button class="when" title="Go to this moment" onclick={ctx.act.reform(move |_| Action::Seek(t_s))}>{ clock(t_s) }</button>
                        <span>{ &turn.text }
                            if let Some(id) = turn.message {
                                { " " }<button class="link" onclick={ctx.act.reform(move |_| Action::Follow(Some(Subject::Message(id))))}>
                                    { "why?" }</button>
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
