//! What is picked on the map: its live state, its history, its neighbours.

use crate::action::{Action, Pick, Tab};
use crate::charts::{Chart, Series};
use crate::format::{bits, decibels, metres, per_second, percent, rate};
use crate::panels::link_words;
use crate::shared::Shared;
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
        <section class="inspector" id="inspector" aria-label={format!("{}: {}", card.kind, card.name)}>
            <div class="row"><span><small class="quiet">{ card.kind }</small><h2>{ &card.name }</h2></span>
                <button class="plain" aria-label="Close" onclick={act.reform(|_| Action::Pick(None))}>{ "×" }</button></div>
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
                    <button class="chip" aria-pressed={props.follow.to_string()} onclick={act.reform(|_| Action::ToggleFollow)}>{ "Follow" }</button>
                }
                if let Some(tab) = card.tab {
                    <button class="chip" onclick={act.reform(move |_| Action::Tab(tab))}>{ format!("Open {}", tab.panel().word) }</button>
                }
            </div>
        </section>
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
                kind: "quantum link",
                name: place.name.clone(),
                facts: vec![
                    ("state", link_words(state).0.into()),
                    ("range", metres(place.range_m)),
                    ("secret key while sending", rate(state.key_rate_bps)),
                    ("QBER", percent(state.qber, 2)),
                    ("loss", decibels(state.loss_db)),
                    ("detections", per_second(state.clicks_hz)),
                    ("pool", format!("{} of {}", bits(pool.level_bits), bits(pool.capacity_bits))),
                    ("blocks made, dropped", format!("{}, {}", state.blocks, state.dropped)),
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
                kind: "rooftop, a trusted node",
                name: place.name.clone(),
                facts: vec![
                    ("links", own.len().to_string()),
                    ("secret key over all while sending", rate(sum)),
                    ("road-side units behind it", rsus.clone().count().to_string()),
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
                kind: "road-side unit",
                name: place.name.clone(),
                facts: vec![
                    (
                        "private network",
                        if state.in_dpn {
                            format!("member, epoch {}", state.epoch)
                        } else {
                            "not a member".into()
                        },
                    ),
                    ("CPMs sent", state.cpm_sent.to_string()),
                    ("station", place.station.to_string()),
                    ("radio range", metres(place.range_m)),
                ],
                history: Vec::new(),
                neighbours: vec![(
                    format!("rooftop {}", roof(place.terminal)),
                    Pick::Terminal(place.terminal),
                )],
                tab: Some(Tab::Trust),
            }
        }
        Pick::Camera(i) => {
            let place = scene.cameras.get(*i as usize)?;
            Card {
                kind: "camera",
                name: place.id.clone(),
                facts: vec![
                    ("sees as far as", metres(place.range_m)),
                    ("angle of view", format!("{:.0}°", place.fov_deg)),
                    ("looks towards", format!("{:.0}°", place.heading_deg)),
                ],
                history: Vec::new(),
                neighbours: Vec::new(),
                tab: None,
            }
        }
        Pick::Attacker => {
            let place = scene.attacker.as_ref()?;
            let said = if shot.attack_active { "sends faked CPMs" } else { "keeps quiet" };
            Card {
                kind: "compromised road-side unit",
                name: place.name.clone(),
                facts: vec![
                    ("now", said.into()),
                    ("fakes sent", shot.counts.cpm_fake_sent.to_string()),
                    ("fakes believed", shot.counts.cpm_fake_accepted.to_string()),
                ],
                history: vec!["cpm/fake_sent".into()],
                neighbours: vec![("the car".into(), Pick::Car)],
                tab: Some(Tab::Messages),
            }
        }
        Pick::Gateway => Card {
            kind: "zero-trust gateway",
            name: scene.gateway.as_ref()?.name.clone(),
            facts: vec![
                ("epoch", shot.dpn.epoch.to_string()),
                ("members", format!("{} of {}", shot.dpn.members, shot.dpn.enrolled)),
                ("epoch's key", if shot.dpn.expired { "expired".into() } else { "valid".into() }),
            ],
            history: vec!["dpn/members".into()],
            neighbours: Vec::new(),
            tab: Some(Tab::Trust),
        },
        Pick::Car => {
            let car = &shot.car;
            let state = match (car.arrived_s, car.believes_blocked) {
                (Some(_), _) => "has arrived",
                (_, true) => "believes that its way is blocked",
                _ => "on its way",
            };
            Card {
                kind: "research vehicle",
                name: "The car".into(),
                facts: vec![
                    ("state", state.into()),
                    ("speed", format!("{:.0} km/h", car.speed_mps * 3.6)),
                    ("driven", format!("{} of {} planned", metres(car.driven_m), metres(scene.planned_m))),
                    (
                        "private network",
                        if car.in_dpn { "member".into() } else { "not a member".to_string() },
                    ),
                    (
                        "messages believed",
                        (shot.counts.cpm_accepted + shot.counts.cpm_fake_accepted).to_string(),
                    ),
                    ("dropped", shot.counts.cpm_rejected.to_string()),
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
                kind: "road user",
                name: user.id.clone(),
                facts: vec![("kind", user.kind.clone()), ("heading", format!("{:.0}°", state.heading_deg))],
                history: Vec::new(),
                neighbours: Vec::new(),
                tab: None,
            }
        }
    })
}
