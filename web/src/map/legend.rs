//! The legend, which is also the switch of the layers.

use crate::action::{Action, Layer, Layers};
use crate::{text, theme};
use yew::prelude::*;

/// Properties of [`Legend`].
#[derive(PartialEq, Properties)]
pub struct LegendProps {
    /// What a visitor does.
    pub act: Callback<Action>,
    /// Which layers are shown.
    pub layers: Layers,
    /// OpenStreetMap lies under the map.
    pub tiles: bool,
}

/// The legend.
#[component(Legend)]
pub fn legend(props: &LegendProps) -> Html {
    // On a small screen it would lie over what it explains.
    let open = use_state(theme::roomy);
    html! {
        <details class="legend" open={*open}>
            <summary>{ "Legend" }</summary>
            <p class="lede">{ text::LEDE }</p>
            <ul>{ for Layer::ALL.into_iter().map(|layer| row(props, layer)) }
                <li><label title={text::TILES_TIP}><input type="checkbox" class="sr" id="tiles" checked={props.tiles}
                    onchange={props.act.reform(|_: Event| Action::ToggleTiles)} />
                    <svg viewBox="0 0 26 12" aria-hidden="true"><path class="tiles-sample" d="M4 1h18v10h-18zM10 1v10M16 1v10M4 6h18" /></svg>
                    <span>{ "OpenStreetMap (online)" }</span></label></li></ul>
        </details>
    }
}

fn row(props: &LegendProps, layer: Layer) -> Html {
    let on = props.layers.has(layer);
    let onchange = props.act.reform(move |_: Event| Action::ToggleLayer(layer));
    html! {
        <li><label title="Show or hide"><input type="checkbox" class="sr" checked={on} {onchange} />
            { sample(layer) }<span>{ word(layer) }</span></label>{ more(layer) }</li>
    }
}

fn word(layer: Layer) -> &'static str {
    match layer {
        Layer::Links => "quantum link, wider is faster",
        Layer::Rsus => "road-side unit and its range",
        Layer::Cameras => "camera's view",
        Layer::Planned => "planned way",
        Layer::Driven => "driven; diverted in red",
        Layer::Messages => "message; red is faked",
        Layer::Objects => "faked object",
        Layer::Users => "other road users",
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
        Layer::Messages => html! { <><circle class="ring-sample" cx="8" cy="6" r="4.8" />
        <circle class="ring-sample faked" cx="20" cy="6" r="4.8" /></> },
        Layer::Objects => html! { <path class="faked-sample" d="M8 1h10v10h-10zM8 1l10 10M18 1L8 11" /> },
        Layer::Users => html! { <><rect class="user-sample" x="5" y="3.5" width="9" height="5" />
        <circle class="user-sample" cx="20" cy="6" r="2.6" /></> },
    };
    html! { <svg viewBox="0 0 26 12" aria-hidden="true">{ inside }</svg> }
}

/// The other signs of a layer are told, not switched.
fn more(layer: Layer) -> Html {
    let line = |class: &'static str, word: &'static str| {
        html! {
            <div class="state"><svg viewBox="0 0 26 12" aria-hidden="true"><path class={class} d="M1 6h24" /></svg>
                <span>{ word }</span></div>
        }
    };
    let sign = |inside: Html, word: &'static str| {
        html! { <div class="state"><svg viewBox="0 0 26 12" aria-hidden="true">{ inside }</svg><span>{ word }</span></div> }
    };
    match layer {
        Layer::Links => html! {
            <>{ line("beam standby", "standing by, its pool is full") }{ line("beam down", "no light") }{ line("beam-outline eve", "eavesdropped") }
            { sign(html! { <path class="roof-sample" d="M13 1l5 5l-5 5l-5-5z" /> }, "rooftop, a trusted node") }
            { sign(html! { <path class="key-sample" d="M13 1l5 5l-5 5l-5-5z" /> }, "key that is relayed") }</>
        },
        Layer::Rsus => html! {
            <>{ sign(html! { <path class="rsu-sample outside" d="M13 1l5.5 10h-11z" /> }, "not in the private network") }
            { sign(html! { <path class="gateway-sample" d="M8 1h10v10h-10zM11 4v4h4v-4z" /> }, "gateway of the network") }
            { sign(html! { <circle class="mask-sample" cx="13" cy="6" r="5.5" /> }, "compromised RSU, masked") }</>
        },
        Layer::Driven => {
            html! { <>{ sign(html! { <path class="car-sample" d="M13 0l5 12l-5-3l-5 3z" /> }, "the car; red halo: fooled") }</> }
        }
        Layer::Objects => html! {
            <>{ sign(html! { <path class="faked-sample solid" d="M8 1h10v10h-10zM8 1l10 10M18 1L8 11" /> }, "faked object, believed") }
            { sign(html! { <circle class="seen-sample" cx="13" cy="6" r="4.5" /> }, "object truly seen") }</>
        },
        _ => Html::default(),
    }
}
