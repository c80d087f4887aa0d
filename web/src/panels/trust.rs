//! Who trusts whom: the device private network, its members, and what came of the messages.

use super::ShotProps;
use crate::format::thousands;
use crate::text;
use yew::prelude::*;

/// Trust.
#[component(Trust)]
pub fn trust(props: &ShotProps) -> Html {
    let Some(scene) = &props.scene else { return Html::default() };
    let (dpn, counts, car) = (&props.shot.dpn, &props.shot.counts, &props.shot.car);
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
                    { for scene.rsus.iter().zip(&props.shot.rsus).map(|(place, rsu)| html! {
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
