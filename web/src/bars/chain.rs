//! The causal chain: from the newest photon block to the car's newest decision. A step opens its panel and lights
//! its places on the map.

use crate::action::Action;
use crate::shared::Shared;
use crate::text;
use keyway_core::sim::snapshot::Snapshot;
use yew::prelude::*;

/// The steps before there is anything to say of them.
const KINDS: [&str; 9] = ["block", "sifted", "secret", "key", "relay", "session", "tag", "verdict", "car"];

/// Properties of [`Chain`].
#[derive(PartialEq, Properties)]
pub struct ChainProps {
    /// What a visitor does.
    pub act: Callback<Action>,
    /// This instant.
    pub shot: Shared<Snapshot>,
    /// The step that is lit.
    pub lit: Option<String>,
}

/// The causal chain.
#[component(Chain)]
pub fn chain(props: &ChainProps) -> Html {
    let steps = &props.shot.chain;
    let one = |kind: &str, value: &str, note: &str, bad: bool| {
        let (name, tip) = text::chain_step(kind);
        let lit = props.lit.as_deref() == Some(kind);
        let chosen = kind.to_string();
        html! {
            <li><button class={classes!("step", bad.then_some("bad"))} data-kind={kind.to_string()}
                aria-pressed={lit.to_string()} title={tip}
                onclick={props.act.reform(move |_| Action::Light(chosen.clone()))}>
                <span class="what">{ name }</span><b>{ value }</b><span class="quiet">{ note }</span>
            </button></li>
        }
    };
    html! {
        <nav class="chain" aria-label="From photon to decision">
            <ol>
                if steps.is_empty() {
                    { for KINDS.iter().map(|k| one(k, "–", "not yet", false)) }
                } else {
                    { for steps.iter().map(|s| one(&s.kind, &s.value, &s.note, s.bad)) }
                }
            </ol>
        </nav>
    }
}
