//! The log in plain words, newest last. A line's time is a button that jumps there.

use super::{Choices, Ctx};
use crate::action::{Action, maybe};
use crate::format::clock;
use crate::shared::Shared;
use crate::text;
use keyway_core::sim::snapshot::LogLine;
use web_sys::{HtmlElement, HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

/// Lines drawn at most.
const SHOWN: usize = 60;
/// Nearer to the end than this is at the end, pixels.
const NEAR_PX: i32 = 24;

pub fn body(ctx: &Ctx) -> Html {
    let Choices { floor, only_bad, .. } = ctx.choices;
    html! { <Log act={ctx.act.clone()} lines={ctx.log.clone()} {floor} {only_bad} playing={ctx.playing} /> }
}

/// Properties of [`Log`].
#[derive(PartialEq, Properties)]
pub struct LogProps {
    /// What a visitor does.
    pub act: Callback<Action>,
    /// Oldest first.
    pub lines: Shared<Vec<LogLine>>,
    /// Only this floor.
    pub floor: Option<&'static str>,
    /// Only attacks, losses and refusals.
    pub only_bad: bool,
    /// The run plays: the log is not read out.
    pub playing: bool,
}

/// The log.
#[component(Log)]
pub fn log(props: &LogProps) -> Html {
    let node = use_node_ref();
    let at_end = use_mut_ref(|| true);
    // The line that is open, and the log as it stood when it was opened: it waits until the line is closed.
    let open = use_state(|| None::<(String, Shared<Vec<LogLine>>)>);
    let lines = open.as_ref().map_or_else(|| props.lines.clone(), |(_, lines)| lines.clone());
    let toggle = {
        let (open, at_end, lines) = (open.clone(), at_end.clone(), lines.clone());
        Callback::from(move |key: String| {
            let close = open.as_ref().is_some_and(|(k, _)| *k == key);
            *at_end.borrow_mut() = close;
            open.set((!close).then(|| (key, lines.clone())));
        })
    };
    {
        let (node, at_end) = (node.clone(), at_end.clone());
        use_effect_with((lines.clone(), props.floor, props.only_bad), move |_| {
            if let Some(list) = node.cast::<HtmlElement>().filter(|_| *at_end.borrow()) {
                list.set_scroll_top(list.scroll_height());
            }
        });
    }
    {
        // What was opened at the lower edge is brought into view, from its line on.
        let node = node.clone();
        use_effect_with(open.as_ref().map(|(key, _)| key.clone()), move |_| {
            let opened = "[aria-expanded=true]";
            let line = node.cast::<HtmlElement>().and_then(|list| list.query_selector(opened).ok().flatten());
            if let Some(line) = line {
                line.scroll_into_view_with_bool(true);
            }
        });
    }
    let onscroll = {
        let node = node.clone();
        Callback::from(move |_: Event| {
            if let Some(list) = node.cast::<HtmlElement>() {
                *at_end.borrow_mut() =
                    list.scroll_top() + list.client_height() + NEAR_PX >= list.scroll_height();
            }
        })
    };
    let onfloor = maybe(&props.act, |e: Event| {
        let chosen = e.target_dyn_into::<HtmlSelectElement>()?.value();
        Some(Action::Floor(text::log::FLOORS.iter().map(|(id, _)| *id).find(|id| *id == chosen)))
    });
    let onbad = maybe(&props.act, |e: Event| {
        e.target_dyn_into::<HtmlInputElement>().map(|i| Action::OnlyBad(i.checked()))
    });
    let shown: Vec<(String, &LogLine)> = {
        let wanted = |l: &&LogLine| props.floor.is_none_or(|f| l.floor == f) && (!props.only_bad || l.bad);
        let mut last: Vec<&LogLine> = lines.iter().rev().filter(wanted).take(SHOWN).collect();
        last.reverse();
        // A line keeps its place in the document, and so stays open, while others come and go: it is known by its
        // time and its number within that time.
        let mut within = (f64::NAN, 0);
        let key = |l: &LogLine| {
            within = (l.t_s, if l.t_s == within.0 { within.1 + 1 } else { 0 });
            format!("{} {}", l.t_s, within.1)
        };
        last.iter().copied().map(key).zip(last.iter().copied()).collect()
    };
    html! {
        <>
            <div class="row head">
                <h2>{ text::log::HEAD }</h2>
                <span class="filters">
                    <label class="check"><input type="checkbox" checked={props.only_bad} onchange={onbad} />
                        { text::log::ONLY_BAD }</label>
                    <select aria-label={text::log::SHOW_ONLY} onchange={onfloor}>
                        <option value="" selected={props.floor.is_none()}>{ text::log::ALL }</option>
                        { for text::log::FLOORS.iter().map(|(id, name)| html! {
                            <option value={*id} selected={props.floor == Some(*id)}>{ *name }</option>
                        }) }
                    </select>
                </span>
            </div>
            <div class="log" role="log" aria-live={if props.playing { "off" } else { "polite" }} tabindex="0"
                aria-label={text::log::HEAD} ref={node} {onscroll}>
                if shown.is_empty() {
                    <p class="quiet">{ text::log::NOTHING }</p>
                }
                { for shown.into_iter().map(|(key, l)| {
                    let is_open = open.as_ref().is_some_and(|(k, _)| *k == key);
                    line(&props.act, &toggle, key, is_open, l)
                }) }
            </div>
        </>
    }
}

fn line(act: &Callback<Action>, toggle: &Callback<String>, key: String, open: bool, line: &LogLine) -> Html {
    let t_s = line.t_s;
    let chosen = key.clone();
    html! {
        <div {key} class={classes!("line", line.bad.then_some("bad"))}
            title={format!("{} · {}", line.floor, line.kind)}>
            <button class="when" tabindex="-1" title={text::GO_THERE}
                onclick={act.reform(move |_| Action::Seek(t_s))}>{ clock(t_s) }</button>
            if line.listing.is_empty() {
                <span>{ &line.text }</span>
            } else {
                <button class="more" title={text::log::LISTING_TIP} aria-expanded={open.to_string()}
                    onclick={toggle.reform(move |_| chosen.clone())}>{ &line.text }</button>
                if open {
                    <pre>{ line.listing.join("\n") }</pre>
                }
            }
        </div>
    }
}
