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
        (true, _) => (text::trust::EXPIRED, true),
        (false, 0) => (text::trust::NO_KEY, false),
        (false, _) => (text::trust::VALID, false),
    };
    html! {
        <>
            <dl class="facts">
                <dt><abbr title={text::trust::NETWORK_TIP}>{ text::trust::NETWORK }</abbr></dt>
                <dd class={classes!(state.1.then_some("bad"))}>{ state.0 }</dd>
                <dt><abbr title={text::trust::EPOCH_TIP}>{ text::trust::EPOCH }</abbr></dt><dd>{ dpn.epoch }</dd>
                <dt>{ text::trust::MEMBERS }</dt><dd>{ text::trust::members(dpn.members, dpn.enrolled) }</dd>
                <dt>{ text::trust::CAR }</dt><dd>{ member(car.in_dpn) }</dd>
            </dl>
            <h2><abbr title={text::CPM_TIP}>{ text::trust::MESSAGES }</abbr>{ text::trust::AT_CAR }</h2>
            <dl class="facts">
                <dt>{ text::trust::HONEST_SENT }</dt><dd>{ count(counts.cpm_sent) }</dd>
                <dt>{ text::trust::HONEST_BELIEVED }</dt><dd class="good">{ count(counts.cpm_accepted) }</dd>
                <dt>{ text::trust::FAKED_SENT }</dt><dd>{ count(counts.cpm_fake_sent) }</dd>
                <dt>{ text::trust::FAKED_BELIEVED }</dt>
                <dd class={classes!((counts.cpm_fake_accepted > 0).then_some("bad"))}>{ count(counts.cpm_fake_accepted) }</dd>
                <dt>{ text::trust::DROPPED }</dt><dd>{ count(counts.cpm_rejected) }</dd>
            </dl>
            <table>
                <caption class="sr">{ text::trust::RSUS }</caption>
                <thead><tr><th scope="col">{ text::trust::RSU }</th><th scope="col">{ text::trust::RSU_MEMBER }</th>
                    <th scope="col">{ text::trust::RSU_EPOCH }</th><th scope="col">{ text::trust::SENT }</th></tr></thead>
                <tbody>
                    { for scene.rsus.iter().zip(&ctx.shot.rsus).map(|(place, rsu)| html! {
                        <tr><th scope="row">{ &place.name }</th>
                            <td class={if rsu.in_dpn { "good" } else { "bad" }}>{ if rsu.in_dpn { text::trust::IN } else { text::trust::OUT } }</td>
                            <td>{ rsu.epoch }</td><td>{ count(rsu.cpm_sent) }</td></tr>
                    }) }
                    if let Some(attacker) = &scene.attacker {
                        <tr><th scope="row">{ &attacker.name }</th><td class="bad">{ text::trust::NEVER }</td><td>{ "–" }</td>
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
            <h2>{ text::trust::DEVICES }</h2>
            <table id="devices">
                <caption class="sr">{ text::trust::DEVICES_CAPTION }</caption>
                <thead><tr><th scope="col">{ text::trust::DEVICE }</th><th scope="col">{ text::trust::ASKED }</th><th scope="col">{ text::trust::JOINED }</th>
                    <th scope="col">{ text::trust::RSU_EPOCH }</th><th scope="col"><abbr title={text::trust::LEFT_OUT_TIP}>{ text::trust::LEFT_OUT }</abbr></th></tr></thead>
                <tbody>{ for view.devices.iter().map(|d| html! {
                    <tr title={d.enrolled_s.map(|_| text::trust::ENROLLED_TIP)}>
                        <th scope="row">{ &d.id }</th><td>{ at(d.asked_s) }</td>
                        <td class={if d.joined_s.is_some() { "good" } else { "quiet" }}>{ at(d.joined_s) }</td>
                        <td>{ d.epoch.map_or("–".into(), |n| n.to_string()) }</td>
                        <td class={classes!((d.left_out > 0).then_some("bad"))}>{ d.left_out }</td></tr>
                }) }</tbody>
            </table>
            <h2>{ text::trust::EPOCHS }</h2>
            <table class="pick-table">
                <caption class="sr">{ text::trust::EPOCHS_CAPTION }</caption>
                <thead><tr><th scope="col">{ text::trust::EPOCH }</th><th scope="col">{ text::trust::FROM }</th><th scope="col">{ text::trust::RESTS_ON }</th>
                    <th scope="col">{ text::trust::TAKEN_BY }</th></tr></thead>
                <tbody>{ for view.epochs.iter().map(|e| {
                    let (epoch, key) = (Subject::Epoch(e.epoch), Subject::Key(e.root));
                    html! {
                        <tr><th scope="row"><button class="link" onclick={ctx.act.reform(move |_| Action::Follow(Some(epoch.clone())))}>{ e.epoch }</button></th>
                            <td>{ clock(e.t_s) }</td>
                            <td><button class="link" onclick={ctx.act.reform(move |_| Action::Follow(Some(key.clone())))}>{ e.root.short() }</button></td>
                            <td>{ text::of(e.taken, e.members) }</td></tr>
                    }
                }) }</tbody>
            </table>
            if let Some(last) = view.starved_s.last() {
                <p class="bad">{ text::trust::starved(view.starved_s.len(), clock(*last)) }</p>
            }
            <h2><abbr title={text::trust::LOG_TIP}>{ text::trust::LOG }</abbr></h2>
            <pre class="listing" tabindex="0" aria-label={text::trust::LOG_LABEL}>{ view.log.iter().map(|l| l.join("\n")).collect::<Vec<_>>().join("\n") }</pre>
        </>
    }
}

fn member(inside: bool) -> Html {
    if inside {
        html! { <span class="good">{ text::trust::MEMBER }</span> }
    } else {
        html! { <span class="bad">{ text::trust::NO_MEMBER }</span> }
    }
}
