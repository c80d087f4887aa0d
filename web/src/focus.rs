//! What opens by key takes the focus, and gives it back when it goes (WCAG 2.2, 2.4.3); what opens by pointer leaves
//! it where it is.

use gloo::events::{EventListener, EventListenerOptions, EventListenerPhase};
use gloo::utils::{body, document};
use std::cell::Cell;
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, MouseEvent, Node};
use yew::prelude::*;

thread_local! {
    /// What was used last was a key, or a screen reader that clicks without a pointer.
    static BY_KEY: Cell<bool> = const { Cell::new(false) };
}

/// Watches which of keys and pointer is used.
pub fn watch() -> Vec<EventListener> {
    // Before anybody else hears of the event.
    let options = EventListenerOptions { phase: EventListenerPhase::Capture, passive: true };
    ["keydown", "pointerdown", "click"]
        .into_iter()
        .map(|name| {
            EventListener::new_with_options(&document(), name, options, move |event| match name {
                "keydown" => BY_KEY.set(true),
                "pointerdown" => BY_KEY.set(false),
                // A click that counts no presses came from no pointer.
                _ if event.dyn_ref::<MouseEvent>().is_some_and(|e| e.detail() == 0) => BY_KEY.set(true),
                _ => {}
            })
        })
        .collect()
}

/// Properties of [`Card`].
#[derive(PartialEq, Properties)]
pub struct CardProps {
    pub id: &'static str,
    pub class: &'static str,
    /// Its name as a region.
    pub label: AttrValue,
    /// What it tells of: something else takes the focus anew.
    #[prop_or_default]
    pub of: AttrValue,
    /// Changes of it are read out.
    #[prop_or_default]
    pub live: bool,
    pub children: Html,
}

/// A region that comes and goes over the page.
#[component(Card)]
pub fn card(props: &CardProps) -> Html {
    let node = use_node_ref();
    let opener = use_mut_ref(|| None::<HtmlElement>);
    {
        let (node, opener) = (node.clone(), opener.clone());
        use_effect_with(props.of.clone(), move |_| {
            let Some(card) = node.cast::<HtmlElement>().filter(|_| BY_KEY.get()) else { return };
            let outside = active().filter(|e| !card.contains(Some(e.unchecked_ref())));
            if outside.is_some() {
                *opener.borrow_mut() = outside;
            }
            // An element with a tabindex takes it.
            let _ = card.focus();
        });
    }
    {
        let node = node.clone();
        use_effect_with((), move |()| {
            move || {
                let card = node.cast::<Node>();
                // Whoever has gone on to something else is not called back.
                let here = active().is_none_or(|e| card.is_some_and(|c| c.contains(Some(e.unchecked_ref()))));
                if let Some(opener) = opener.take().filter(|o| here && o.is_connected()) {
                    // What can no longer take the focus leaves it where it is.
                    let _ = opener.focus();
                }
            }
        });
    }
    html! {
        <section ref={node} class={props.class} id={props.id} tabindex="-1" aria-label={props.label.clone()}
            aria-live={props.live.then_some("polite")}>{ props.children.clone() }</section>
    }
}

/// What has the focus; nothing where it is the page as a whole.
fn active() -> Option<HtmlElement> {
    let element: HtmlElement = document().active_element()?.dyn_into().ok()?;
    (element != body()).then_some(element)
}
