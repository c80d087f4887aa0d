//! Who trusts whom: the device private network, its members, and what came of the messages.

use super::Ctx;
use crate::action::Action;
use crate::format::clock;
use crate::format::thousands;
use crate::text;
use keyway_core::sim::chronicle::{Subject, TrustView, View};
use yew::prelude::*;

pub fn body(ctx: &Ctx) -> Html {
    let scene = &ctx.scene;
    let (dpn, counts, car) = (&ctx.shot.dpn, &ctx.shot.counts, &ctx.shot.car);
    let count = |n: u32| thousands(f64::from(n));
    let state = match (dpn.expired, dpn.epoch) {
        (true, _) => ("key expired: nothing protected is sent", true),
        (false, 0) => ("no key yet", false),
        (false, _) => ("key valid", false),
    };
    html! {
        <>
            <dl class="facts">
                <dt><abbr title={text::DPN_TIP}>{ "Private network" }</abbr></dt>
                <dd class={classes!(state.1.then_some("bad"))}>{ state.0 }</dd>
                <dt><abbr title={text::EPOCH_TIP}>{ "Epoch" }</abbr></dt><dd>{ dpn.epoch }</dd>
                <dt>{ "Members" }</dt><dd>{ format!("{} of {} enrolled", dpn.members, dpn.enrolled) }</dd>
                <dt>{ "The car" }</dt><dd>{ member(car.in_dpn) }</dd>
            </dl>
            <h2><abbr title={text::CPM_TIP}>{ "Messages" }</abbr>{ " at the car" }</h2>
            <dl class="facts">
                <dt>{ "Honest, sent" }</dt><dd>{ count(counts.cpm_sent) }</dd>
                <dt>{ "Honest, believed" }</dt><dd class="good">{ count(counts.cpm_accepted) }</dd>
                <dt>{ "Faked, sent" }</dt><dd>{ count(counts.cpm_fake_sent) }</dd>
                <dt>{ "Faked, believed" }</dt>
                <dd class={classes!((counts.cpm_fake_accepted > 0).then_some("bad"))}>{ count(counts.cpm_fake_accepted) }</dd>
                <dt>{ "Dropped" }</dt><dd>{ count(counts.cpm_rejected) }</dd>
            </dl>
            <table>
                <caption class="sr">{ "Road-side units" }</caption>
                <thead><tr><th scope="col">{ "Road-side unit" }</th><th scope="col">{ "member" }</th>
                    <th scope="col">{ "epoch" }</th><th scope="col">{ "sent" }</th></tr></thead>
                <tbody>
                    { for scene.rsus.iter().zip(&ctx.shot.rsus).map(|(place, rsu)| html! {
                        <tr><th scope="row">{ &place.name }</th>
                            <td class={if rsu.in_dpn { "good" } else { "bad" }}>{ if rsu.in_dpn { "in" } else { "out" } }</td>
                            <td>{ rsu.epoch }</td><td>{ count(rsu.cpm_sent) }</td></tr>
                    }) }
                    if let Some(attacker) = &scene.attacker {
                        <tr><th scope="row">{ &attacker.name }</th><td class="bad">{ "never" }</td><td>{ "–" }</td>
                            <td>{ count(counts.cpm_fake_sent) }</td></tr>
                    }
                </tbody>
            </table>
            if let Some(View::Trust(view)) = ctx.view.as_deref() { { status(ctx, view) } }
        </>
    }
}

/// The network's status screen: who is enrolled and joined, which epochs there were, and the system's own log.
fn status(ctx: &Ctx, view: &TrustView) -> Html {
    let at = |t: Option<f64>| t.map_or("–".into(), clock);
    html! {
        <>
            <h2>{ "Devices" }</h2>
            <table id="devices">
                <caption class="sr">{ "Devices: when they were enrolled, asked to join, joined" }</caption>
                <thead><tr><th scope="col">{ "Device" }</th><th scope="col">{ "asked" }</th><th scope="col">{ "joined" }</th>
                    <th scope="col">{ "epoch" }</th><th scope="col"><abbr title="Epochs that it was left out of for want of a fresh quantum key">{ "left out" }</abbr></th></tr></thead>
                <tbody>{ for view.devices.iter().map(|d| html! {
                    <tr title={d.enrolled_s.map(|_| "enrolled: its silicon was read once and its secret given to the gateway")}>
                        <th scope="row">{ &d.id }</th><td>{ at(d.asked_s) }</td>
                        <td class={if d.joined_s.is_some() { "good" } else { "quiet" }}>{ at(d.joined_s) }</td>
                        <td>{ d.epoch.map_or("–".into(), |n| n.to_string()) }</td>
                        <td class={classes!((d.left_out > 0).then_some("bad"))}>{ d.left_out }</td></tr>
                }) }</tbody>
            </table>
            <h2>{ "Epochs" }</h2>
            <table class="pick-table">
                <caption class="sr">{ "The newest epochs, each with the quantum key that it rests on" }</caption>
                <thead><tr><th scope="col">{ "Epoch" }</th><th scope="col">{ "from" }</th><th scope="col">{ "rests on key" }</th>
                    <th scope="col">{ "taken by" }</th></tr></thead>
                <tbody>{ for view.epochs.iter().map(|e| {
                    let (epoch, key) = (Subject::Epoch(e.epoch), Subject::Key(e.root));
                    html! {
                        <tr><th scope="row"><button class="link" onclick={ctx.act.reform(move |_| Action::Follow(Some(epoch.clone())))}>{ e.epoch }</button></th>
                            <td>{ clock(e.t_s) }</td>
                            <td><button class="link" onclick={ctx.act.reform(move |_| Action::Follow(Some(key.clone())))}>{ e.root.short() }</button></td>
                            <td>{ format!("{} of {}", e.taken, e.members) }</td></tr>
                    }
                }) }</tbody>
            </table>
            if let Some(last) = view.starved_s.last() {
                <p class="bad">{ format!("{} times no epoch could begin for want of a fresh key, last at {}.", view.starved_s.len(), clock(*last)) }</p>
            }
            <h2><abbr title={text::JOIN_LOG_TIP}>{ "The gateway's log" }</abbr></h2>
            <pre class="listing" tabindex="0" aria-label="The gateway's log of joins">{ view.log.iter().map(|l| l.join("\n")).collect::<Vec<_>>().join("\n") }</pre>
        </>
    }
}

fn member(inside: bool) -> Html {
    if inside {
        html! { <span class="good">{ "is a member" }</span> }
    } else {
        html! { <span class="bad">{ "is not a member" }</span> }
    }
}
