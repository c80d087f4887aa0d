//! What is picked on the map: its live state, its history, its neighbours.

use crate::action::{Action, Pick, Tab};
use crate::charts::{Chart, Series};
use crate::focus;
use crate::format::{bits, celsius, decibels, metres, per_second, percent, rate};
use crate::shared::Shared;
use crate::text;
use keyway_core::sim::snapshot::{Scene, Snapshot};
use yew::prelude::*;

/// Properties of [`Inspector`].
#[derive(PartialEq, Properties)]
pub struct InspectorProps {
    /// What a visitor does.
    pub act: Callback<Action>,
    /// What is picked.
    pub pick: Pick,
    /// What does not move.
    pub scene: Shared<Scene>,
    /// This instant.
    pub shot: Shared<Snapshot>,
    /// All series.
    pub series: Shared<Series>,
    /// The theme.
    pub theme: &'static str,
    /// The map follows the car.
    pub follow: bool,
}

/// What a card says.
struct Card {
    kind: &'static str,
    name: String,
    facts: Vec<(&'static str, String)>,
    /// Series by the start of their names.
    history: Vec<String>,
    neighbours: Vec<(String, Pick)>,
    tab: Option<Tab>,
}

/// The card.
#[component(Inspector)]
pub fn inspector(props: &InspectorProps) -> Html {
    let Some(card) = card(&props.pick, &props.scene, &props.shot) else { return Html::default() };
    let act = &props.act;
    let members = |id: &String| -> Vec<usize> {
        props.series.channels.iter().enumerate().filter(|(_, c)| c.id == *id).map(|(i, _)| i).collect()
    };
    html! {
        <focus::Card class="inspector" id="inspector" label={format!("{}: {}", card.kind, card.name)} of={card.name.clone()}>
            <div class="row"><span><small class="quiet">{ card.kind }</small><h2>{ &card.name }</h2></span>
                <button class="plain" aria-label={text::CLOSE} onclick={act.reform(|_| Action::Pick(None))}>{ "×" }</button></div>
            <dl class="facts">{ for card.facts.iter().map(|(label, value)| html! { <><dt>{ *label }</dt><dd>{ value }</dd></> }) }</dl>
            { for card.history.iter().map(|id| {
                let members = members(id);
                let Some(channel) = members.first().and_then(|i| props.series.channels.get(*i)) else { return Html::default() };
                html! { <Chart key={id.clone()} title={channel.chart.clone()} unit={channel.unit.clone()} {members} series={props.series.clone()}
                    t_s={props.shot.t_s} theme={props.theme} act={act.clone()} /> }
            }) }
            if !card.neighbours.is_empty() {
                <p class="others">{ for card.neighbours.iter().map(|(name, pick)| {
                    let pick = pick.clone();
                    html! { <button class="link" onclick={act.reform(move |_| Action::Pick(Some(pick.clone())))}>{ name }</button> }
                }) }</p>
            }
            <div class="row">
                if props.pick == Pick::Car {
                    <button class="chip" aria-pressed={props.follow.to_string()} onclick={act.reform(|_| Action::ToggleFollow)}>{ text::inspector::FOLLOW }</button>
                }
                if let Some(tab) = card.tab {
                    <button class="chip" onclick={act.reform(move |_| Action::Tab(tab))}>{ text::open_panel(tab.panel().word) }</button>
                }
            </div>
        </focus::Card>
    }
}

fn card(pick: &Pick, scene: &Scene, shot: &Snapshot) -> Option<Card> {
    let roof = |i: u32| scene.terminals.get(i as usize).map_or_else(String::new, |t| t.name.clone());
    let link = |n: usize| (scene.links[n].name.clone(), Pick::Link(n as u32));
    Some(match pick {
        Pick::Link(n) => {
            let (place, state) = (scene.links.get(*n as usize)?, shot.links.get(*n as usize)?);
            let pool = shot.pools.get(*n as usize)?;
            Card {
                kind: text::inspector::LINK,
                name: place.name.clone(),
                facts: vec![
                    (text::inspector::STATE, text::light::link_words(state).0.into()),
                    (text::inspector::RANGE, metres(place.range_m)),
                    (text::inspector::RATE, rate(state.key_rate_bps)),
                    (text::inspector::QBER, percent(state.qber, 2)),
                    (text::inspector::ALARMS, text::light::alarm_words(state)),
                    (
                        text::inspector::LOSS,
                        text::of_mean(decibels(state.loss_now_db), decibels(state.loss_db)),
                    ),
                    (text::inspector::EMITTER, celsius(state.emitter_c)),
                    (text::inspector::DETECTIONS, per_second(state.clicks_hz)),
                    (text::inspector::POOL, text::of(bits(pool.level_bits), bits(pool.capacity_bits))),
                    (text::inspector::BLOCKS, format!("{}, {}", state.blocks, state.dropped)),
                ],
                history: vec![format!("pool/{}/level", place.id), format!("link/{}/qber", place.id)],
                neighbours: vec![
                    (roof(place.a), Pick::Terminal(place.a)),
                    (roof(place.b), Pick::Terminal(place.b)),
                ],
                tab: Some(Tab::Light),
            }
        }
        Pick::Terminal(i) => {
            let place = scene.terminals.get(*i as usize)?;
            let own: Vec<usize> = (0..scene.links.len())
                .filter(|n| scene.links[*n].a == *i || scene.links[*n].b == *i)
                .collect();
            let sum: f64 = own.iter().filter_map(|n| shot.links.get(*n)).map(|l| l.key_rate_bps).sum();
            let rsus = scene.rsus.iter().enumerate().filter(|(_, r)| r.terminal == *i);
            Card {
                kind: text::inspector::ROOFTOP,
                name: place.name.clone(),
                facts: vec![
                    (text::inspector::LINKS, own.len().to_string()),
                    (text::inspector::RATE_OF_ALL, rate(sum)),
                    (text::inspector::RSUS_BEHIND, rsus.clone().count().to_string()),
                ],
                history: Vec::new(),
                neighbours: own
                    .iter()
                    .map(|n| link(*n))
                    .chain(rsus.map(|(n, r)| (r.name.clone(), Pick::Rsu(n as u32))))
                    .collect(),
                tab: Some(Tab::Control),
            }
        }
        Pick::Rsu(i) => {
            let (place, state) = (scene.rsus.get(*i as usize)?, shot.rsus.get(*i as usize)?);
            Card {
                kind: text::inspector::RSU,
                name: place.name.clone(),
                facts: vec![
                    (
                        text::inspector::NETWORK,
                        if state.in_dpn {
                            text::inspector::member_of(state.epoch)
                        } else {
                            text::inspector::NO_MEMBER.into()
                        },
                    ),
                    (text::inspector::SENT, state.cpm_sent.to_string()),
                    (text::inspector::STATION, place.station.to_string()),
                    (text::inspector::RADIO_RANGE, metres(place.range_m)),
                ],
                history: Vec::new(),
                neighbours: vec![(
                    text::inspector::to_roof(roof(place.terminal)),
                    Pick::Terminal(place.terminal),
                )],
                tab: Some(Tab::Trust),
            }
        }
        Pick::Camera(i) => {
            let place = scene.cameras.get(*i as usize)?;
            Card {
                kind: text::inspector::CAMERA,
                name: place.id.clone(),
                facts: vec![
                    (text::inspector::SEES, metres(place.range_m)),
                    (text::inspector::ANGLE, format!("{:.0}°", place.fov_deg)),
                    (text::inspector::LOOKS, format!("{:.0}°", place.heading_deg)),
                ],
                history: Vec::new(),
                neighbours: Vec::new(),
                tab: None,
            }
        }
        Pick::Attacker => {
            let place = scene.attacker.as_ref()?;
            let said =
                if shot.attack_active { text::inspector::SENDS_FAKES } else { text::inspector::KEEPS_QUIET };
            Card {
                kind: text::inspector::ATTACKER,
                name: place.name.clone(),
                facts: vec![
                    (text::inspector::NOW, said.into()),
                    (text::inspector::FAKES_SENT, shot.counts.cpm_fake_sent.to_string()),
                    (text::inspector::FAKES_BELIEVED, shot.counts.cpm_fake_accepted.to_string()),
                ],
                history: vec!["cpm/fake_sent".into()],
                neighbours: vec![(text::inspector::TO_CAR.into(), Pick::Car)],
                tab: Some(Tab::Messages),
            }
        }
        Pick::Gateway => Card {
            kind: text::inspector::GATEWAY,
            name: scene.gateway.as_ref()?.name.clone(),
            facts: vec![
                (text::inspector::EPOCH, shot.dpn.epoch.to_string()),
                (text::inspector::MEMBERS, text::of(shot.dpn.members, shot.dpn.enrolled)),
                (
                    text::inspector::EPOCH_KEY,
                    if shot.dpn.expired { text::inspector::EXPIRED } else { text::inspector::VALID }.into(),
                ),
            ],
            history: vec!["dpn/members".into()],
            neighbours: Vec::new(),
            tab: Some(Tab::Trust),
        },
        Pick::Car => {
            let car = &shot.car;
            let state = match (car.arrived_s, car.believes_blocked) {
                (Some(_), _) => text::car::HAS_ARRIVED,
                (_, true) => text::car::BELIEVES_BLOCKED,
                _ => text::car::ON_ITS_WAY,
            };
            Card {
                kind: text::inspector::VEHICLE,
                name: text::inspector::CAR.into(),
                facts: vec![
                    (text::inspector::STATE, state.into()),
                    (text::inspector::SPEED, text::car::speed(car.speed_mps * 3.6)),
                    (
                        text::inspector::DRIVEN,
                        text::of_planned(metres(car.driven_m), metres(scene.planned_m)),
                    ),
                    (
                        text::inspector::NETWORK,
                        if car.in_dpn {
                            text::inspector::MEMBER.into()
                        } else {
                            text::inspector::NO_MEMBER.into()
                        },
                    ),
                    (
                        text::inspector::BELIEVED,
                        (shot.counts.cpm_accepted + shot.counts.cpm_fake_accepted).to_string(),
                    ),
                    (text::inspector::DROPPED, shot.counts.cpm_rejected.to_string()),
                ],
                history: vec!["car/speed".into()],
                neighbours: Vec::new(),
                tab: Some(Tab::Street),
            }
        }
        Pick::User(id) => {
            let state = shot.road_users.iter().find(|u| u.user == *id)?;
            let user = scene.road_users.get(*id as usize)?;
            Card {
                kind: text::inspector::USER,
                name: user.id.clone(),
                facts: vec![
                    (text::inspector::KIND, user.kind.clone()),
                    (text::inspector::HEADING, format!("{:.0}°", state.heading_deg)),
                ],
                history: Vec::new(),
                neighbours: Vec::new(),
                tab: None,
            }
        }
    })
}
