//! The clock, which is also a field: a click on it, and a time can be typed.

use crate::action::Action;
use crate::format::{clock, clock_short, read_clock};
use crate::text;
use web_sys::{HtmlElement, HtmlInputElement};
use yew::prelude::*;

/// Properties of [`Clock`].
#[derive(PartialEq, Properties)]
pub struct ClockProps {
    /// What a visitor does.
    pub act: Callback<Action>,
    /// Where the run stands, seconds.
    pub shown_s: f64,
    /// It ends here at the latest, seconds.
    pub until_s: f64,
}

/// What is typed.
#[derive(Clone, Copy, PartialEq)]
enum Typing {
    /// Nothing: the clock shows the time.
    Not,
    /// A time.
    Time,
    /// Something that is no time of this run.
    Wrong,
}

/// The clock.
#[component(Clock)]
pub fn clock_field(props: &ClockProps) -> Html {
    let typing = use_state(|| Typing::Not);
    let (button, field) = (use_node_ref(), use_node_ref());
    // Closed by a key, the field gives the focus back; by a click elsewhere it does not.
    let by_key = use_mut_ref(|| false);
    {
        let (button, field, by_key) = (button.clone(), field.clone(), by_key.clone());
        let shown = clock(props.shown_s);
        use_effect_with(*typing == Typing::Not, move |not| {
            if let Some(field) = field.cast::<HtmlInputElement>().filter(|_| !not) {
                // Set once: what is typed stays while the clock runs on.
                field.set_value(&shown);
                // It takes the focus, as any field.
                let _ = field.focus();
                field.select();
            } else if let Some(button) = button.cast::<HtmlElement>().filter(|_| by_key.take()) {
                // As does a button.
                let _ = button.focus();
            }
        });
    }
    let set = |to: Typing| {
        let typing = typing.clone();
        move || typing.set(to)
    };
    if *typing == Typing::Not {
        let open = set(Typing::Time);
        return html! {
            <button ref={button} class="clock-button" id="clock-button" title={text::time::ENTER}
                aria-label={text::time::clock(clock(props.shown_s))} onclick={move |_| open()}>
                <span id="clock">{ clock(props.shown_s) }</span></button>
        };
    }
    let onkeydown = {
        let (act, until_s) = (props.act.clone(), props.until_s);
        let (close, wrong) = (set(Typing::Not), set(Typing::Wrong));
        let close = move || {
            *by_key.borrow_mut() = true;
            close();
        };
        move |e: KeyboardEvent| match e.key().as_str() {
            "Escape" => close(),
            "Enter" => {
                // The clock has the focus next: the same press would open it again.
                e.prevent_default();
                let typed = e.target_dyn_into::<HtmlInputElement>().map(|i| i.value()).unwrap_or_default();
                match read_clock(&typed).filter(|t_s| *t_s <= until_s) {
                    Some(t_s) => {
                        act.emit(Action::Seek(t_s));
                        close();
                    }
                    None => {
                        act.emit(Action::Say(text::time::no_time(clock_short(until_s)).into()));
                        wrong();
                    }
                }
            }
            _ => {}
        }
    };
    let close = set(Typing::Not);
    html! {
        <input ref={field} id="clock-entry" type="text" inputmode="text" autocomplete="off"
            aria-label={text::time::ENTER} aria-invalid={(*typing == Typing::Wrong).to_string()} {onkeydown} onblur={move |_| close()} />
    }
}
