//! A field or slider that keeps what is being typed or dragged: the panels are drawn anew several times a second, and
//! must not take it out of the visitor's hand.

use web_sys::HtmlInputElement;
use yew::prelude::*;

/// Properties of [`Draft`].
#[derive(PartialEq, Properties)]
pub struct DraftProps {
    #[prop_or_default]
    pub id: Option<AttrValue>,
    #[prop_or_default]
    pub class: Classes,
    /// What stands there when nobody is at it.
    pub value: AttrValue,
    /// A slider: least, most, step. A field of text where `None`.
    #[prop_or_default]
    pub range: Option<(f64, f64, f64)>,
    #[prop_or_default]
    pub label: Option<AttrValue>,
    #[prop_or_default]
    pub valuetext: Option<AttrValue>,
    /// While it is typed or dragged.
    #[prop_or_default]
    pub ontry: Option<Callback<String>>,
    /// When it is done.
    pub ondone: Callback<String>,
}

/// A field or slider.
#[component(Draft)]
pub fn draft(props: &DraftProps) -> Html {
    let typed = use_state(|| None::<AttrValue>);
    {
        // What stands there has changed: what was typed is done with.
        let typed = typed.clone();
        use_effect_with(props.value.clone(), move |_| typed.set(None));
    }
    let text_of = |e: &InputEvent| e.target_dyn_into::<HtmlInputElement>().map(|i| i.value());
    let oninput = {
        let (typed, ontry) = (typed.clone(), props.ontry.clone());
        Callback::from(move |e: InputEvent| {
            let Some(text) = text_of(&e) else { return };
            typed.set(Some(text.clone().into()));
            if let Some(ontry) = &ontry {
                ontry.emit(text);
            }
        })
    };
    let onchange = {
        let (typed, ondone) = (typed.clone(), props.ondone.clone());
        Callback::from(move |e: Event| {
            if let Some(input) = e.target_dyn_into::<HtmlInputElement>() {
                typed.set(None);
                ondone.emit(input.value());
            }
        })
    };
    let value = (*typed).clone().unwrap_or_else(|| props.value.clone());
    match props.range {
        Some((min, max, step)) => html! {
            <input id={props.id.clone()} class={props.class.clone()} type="range" min={min.to_string()} max={max.to_string()}
                step={step.to_string()} {value} aria-label={props.label.clone()} aria-valuetext={props.valuetext.clone()}
                {oninput} {onchange} />
        },
        None => html! {
            <input id={props.id.clone()} class={props.class.clone()} type="text" inputmode="decimal" {value}
                aria-label={props.label.clone()} {oninput} {onchange} />
        },
    }
}
