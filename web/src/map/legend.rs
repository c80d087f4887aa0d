//! The legend, which is also the switch of the layers.

use super::links::held_class;
use crate::action::{Action, Dialog, Layer, Layers};
use crate::{text, theme};
use keyway_core::sim::snapshot::{Beam, Hold, Scene, Snapshot, Verdict};
use yew::prelude::*;

/// How many of each sign are on the map now.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    sending: usize,
    standby: usize,
    down: usize,
    acquiring: usize,
    stowed: usize,
    held: usize,
    eavesdropped: usize,
    rooftops: usize,
    keys: usize,
    members: usize,
    outside: usize,
    gateways: usize,
    attackers: usize,
    cameras: usize,
    honest: usize,
    faked: usize,
    dropped: usize,
    believed: usize,
    seen: usize,
    users: usize,
}

impl Counts {
    pub fn of(scene: &Scene, shot: &Snapshot) -> Self {
        let beams = |beam| shot.links.iter().filter(|l| l.beam == beam).count();
        let held = |hold| shot.links.iter().filter(|l| l.hold == hold).count();
        let source = held(Hold::SourceHeld) + held(Hold::NoRandomness);
        let told = held(Hold::Acquiring) + held(Hold::Stowed) + source;
        let objects = |faked, believed| {
            let is = |verdict| (verdict == Verdict::Accepted) == believed;
            shot.objects.iter().filter(|o| o.faked == faked && is(o.verdict)).count()
        };
        let members = shot.rsus.iter().filter(|r| r.in_dpn).count();
        let faked = shot.flights.iter().filter(|f| f.faked).count();
        Self {
            sending: beams(Beam::Emitting),
            standby: beams(Beam::Standby),
            down: beams(Beam::Down).saturating_sub(told),
            acquiring: held(Hold::Acquiring),
            stowed: held(Hold::Stowed),
            held: source,
            eavesdropped: shot.links.iter().filter(|l| l.eavesdropped).count(),
            rooftops: scene.terminals.len(),
            keys: shot.relays.len(),
            members,
            outside: shot.rsus.len() - members,
            gateways: usize::from(scene.gateway.is_some()),
            attackers: usize::from(scene.attacker.is_some()),
            cameras: scene.cameras.len(),
            honest: shot.flights.len() - faked,
            faked,
            dropped: objects(true, false),
            believed: objects(true, true),
            seen: objects(false, true) + objects(false, false),
            users: shot.road_users.len(),
        }
    }
}

/// Properties of [`Legend`].
#[derive(PartialEq, Properties)]
pub struct LegendProps {
    /// What a visitor does.
    pub act: Callback<Action>,
    /// Which layers are shown.
    pub layers: Layers,
    /// OpenStreetMap lies under the map.
    pub tiles: bool,
    /// What is on the map.
    pub counts: Counts,
}

/// The legend.
#[component(Legend)]
pub fn legend(props: &LegendProps) -> Html {
    // On a small screen it would lie over what it explains.
    let open = use_state(theme::roomy);
    html! {
        <details class="legend" open={*open}>
            <summary>{ text::map::LEGEND }</summary>
            <p class="lede">{ text::map::LEDE }</p>
            <ul>{ for Layer::ALL.into_iter().map(|layer| row(props, layer)) }
                <li><label title={text::map::TILES_TIP}><input type="checkbox" class="sr" id="tiles" checked={props.tiles}
                    onchange={props.act.reform(|_: Event| Action::ToggleTiles)} />
                    <svg viewBox="0 0 26 12" aria-hidden="true"><path class="tiles-sample" d="M4 1h18v10h-18zM10 1v10M16 1v10M4 6h18" /></svg>
                    <span>{ text::map::TILES }</span></label></li></ul>
            <button class="legend-about" id="legend-about" onclick={props.act.reform(|_| Action::Open(Dialog::About))}>
                { text::dialogs::ABOUT }</button>
        </details>
    }
}

fn row(props: &LegendProps, layer: Layer) -> Html {
    let on = props.layers.has(layer);
    let onchange = props.act.reform(move |_: Event| Action::ToggleLayer(layer));
    html! {
        <li><label title={text::map::SWITCH_TIP}><input type="checkbox" class="sr" checked={on} {onchange} />
            { sample(layer) }<span>{ word(layer) }</span>{ number(on, own(layer, &props.counts)) }</label>{ more(layer, on, &props.counts) }</li>
    }
}

/// How many there are of a layer's own sign; ways are not counted.
fn own(layer: Layer, counts: &Counts) -> Option<usize> {
    match layer {
        Layer::Links => Some(counts.sending),
        Layer::Rsus => Some(counts.members),
        Layer::Cameras => Some(counts.cameras),
        Layer::Planned | Layer::Driven => None,
        Layer::Messages => Some(counts.honest),
        Layer::Objects => Some(counts.dropped),
        Layer::Users => Some(counts.users),
    }
}

/// A count; what is switched off is not on the map.
fn number(on: bool, count: Option<usize>) -> Html {
    count.filter(|_| on).map_or_else(Html::default, |n| html! { <b>{ n }</b> })
}

fn word(layer: Layer) -> &'static str {
    match layer {
        Layer::Links => text::map::LINKS,
        Layer::Rsus => text::map::RSUS,
        Layer::Cameras => text::map::CAMERAS,
        Layer::Planned => text::map::PLANNED,
        Layer::Driven => text::map::DRIVEN,
        Layer::Messages => text::map::MESSAGES,
        Layer::Objects => text::map::OBJECTS,
        Layer::Users => text::map::USERS,
    }
}

fn sample(layer: Layer) -> Html {
    let inside = match layer {
        Layer::Links => html! { <path class="beam sending" d="M1 6h24" style="stroke-width:2.4px" /> },
        Layer::Rsus => html! { <path class="rsu-sample" d="M13 1l5.5 10h-11z" /> },
        Layer::Cameras => html! { <path class="camera" d="M3 6L23 1V11Z" /> },
        Layer::Planned => html! { <path class="planned" d="M2 6h23" /> },
        Layer::Driven => {
            html! { <><path class="driven-sample" d="M2 6h11" /><path class="diverted-sample" d="M13 6h11" /></> }
        }
        Layer::Messages => html! { <circle class="ring-sample" cx="13" cy="6" r="4.8" /> },
        Layer::Objects => html! { <path class="faked-sample" d="M8 1h10v10h-10zM8 1l10 10M18 1L8 11" /> },
        Layer::Users => html! { <><rect class="user-sample" x="5" y="3.5" width="9" height="5" />
        <circle class="user-sample" cx="20" cy="6" r="2.6" /></> },
    };
    html! { <svg viewBox="0 0 26 12" aria-hidden="true">{ inside }</svg> }
}

/// The other signs of a layer are told, not switched.
fn more(layer: Layer, on: bool, n: &Counts) -> Html {
    let line = |class: &'static str, word: &'static str, count: usize| {
        html! {
            <div class="state"><svg viewBox="0 0 26 12" aria-hidden="true"><path class={class} d="M1 6h24" /></svg>
                <span>{ word }</span>{ number(on, Some(count)) }</div>
        }
    };
    let sign = |inside: Html, word: &'static str, count: Option<usize>| {
        html! { <div class="state"><svg viewBox="0 0 26 12" aria-hidden="true">{ inside }</svg><span>{ word }</span>{ number(on, count) }</div> }
    };
    // What holds a link is rare: it is told while it does.
    let rare = |hold: Hold, word: &'static str, count: usize| {
        let stubs = (hold == Hold::Stowed).then_some("100");
        let sample =
            html! { <path class={format!("beam {}", held_class(hold))} d="M1 6h24" pathLength={stubs} /> };
        if count > 0 { sign(sample, word, Some(count)) } else { Html::default() }
    };
    match layer {
        Layer::Links => html! {
            <>{ line("beam standby", text::map::STANDBY, n.standby) }{ line("beam down", text::map::DOWN, n.down) }
            { rare(Hold::Acquiring, text::map::ACQUIRING, n.acquiring) }{ rare(Hold::Stowed, text::map::STOWED, n.stowed) }{ rare(Hold::SourceHeld, text::map::SOURCE_HELD, n.held) }
            { line("beam-outline eve", text::map::EAVESDROPPED, n.eavesdropped) }
            { sign(html! { <path class="roof-sample" d="M13 1l5 5l-5 5l-5-5z" /> }, text::map::ROOF_SIGN, Some(n.rooftops)) }
            { sign(html! { <path class="key-sample" d="M13 1l5 5l-5 5l-5-5z" /> }, text::map::KEY_SIGN, Some(n.keys)) }</>
        },
        Layer::Rsus => html! {
            <>{ sign(html! { <path class="rsu-sample outside" d="M13 1l5.5 10h-11z" /> }, text::map::NO_MEMBER, Some(n.outside)) }
            { sign(html! { <path class="gateway-sample" d="M8 1h10v10h-10zM11 4v4h4v-4z" /> }, text::map::GATEWAY_SIGN, Some(n.gateways)) }
            { sign(html! { <circle class="mask-sample" cx="13" cy="6" r="5.5" /> }, text::map::MASK_SIGN, Some(n.attackers)) }</>
        },
        Layer::Driven => {
            html! { <>{ sign(html! { <path class="car-sample" d="M13 0l5 12l-5-3l-5 3z" /> }, text::map::CAR_SIGN, None) }</> }
        }
        Layer::Objects => html! {
            <>{ sign(html! { <path class="faked-sample solid" d="M8 1h10v10h-10zM8 1l10 10M18 1L8 11" /> }, text::map::FAKED_BELIEVED, Some(n.believed)) }
            { sign(html! { <circle class="seen-sample" cx="13" cy="6" r="4.5" /> }, text::map::SEEN, Some(n.seen)) }</>
        },
        Layer::Messages => {
            html! { <>{ sign(html! { <circle class="ring-sample faked" cx="13" cy="6" r="4.8" /> }, text::map::FAKED_MESSAGE, Some(n.faked)) }</> }
        }
        Layer::Cameras | Layer::Planned | Layer::Users => Html::default(),
    }
}
