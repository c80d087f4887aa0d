//! The log in plain words, newest last. A line's time is a button that jumps there.

use super::{Choices, Ctx};
use crate::action::{Action, maybe};
use crate::format::{clock, thousands};
use crate::shared::Shared;
use crate::text;
use crate::worker::Kinds;
use keyway_core::sim::snapshot::LogLine;
use std::collections::BTreeMap;
use std::rc::Rc;
use web_sys::{HtmlElement, HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

/// Lines drawn at most.
const SHOWN: usize = 60;
/// Kinds that come so often that they are shown by choice only: their own, or that of their floor.
const FLOODS: [(&str, &str); 4] =
    [("kmm", "allocated"), ("kmm", "relayed"), ("kmm", "delivered"), ("kmm", "stored")];
/// Nearer to the end than this is at the end, pixels.
const NEAR_PX: i32 = 24;

pub fn body(ctx: &Ctx) -> Html {
    let Choices { floor, only_bad, .. } = ctx.choices;
    html! { <Log act={ctx.act.clone()} lines={ctx.log.clone()} kinds={ctx.kinds.clone()} chosen={ctx.choices.log_kinds.clone()}
    {floor} {only_bad} playing={ctx.playing} seeking={ctx.seeking} hidden={ctx.tab.panel().tall} /> }
}

/// Properties of [`Log`].
#[derive(PartialEq, Properties)]
pub struct LogProps {
    /// What a visitor does.
    pub act: Callback<Action>,
    /// Oldest first.
    pub lines: Shared<Vec<Rc<LogLine>>>,
    /// How many of each kind there were.
    pub kinds: Shared<Kinds>,
    /// Kinds that are shown or not by choice.
    pub chosen: BTreeMap<(String, String), bool>,
    /// Only this floor.
    pub floor: Option<&'static str>,
    /// Only attacks, losses and refusals.
    pub only_bad: bool,
    /// The run plays: the log is not read out.
    pub playing: bool,
    /// A jump is not yet done: there are no lines until it is.
    pub seeking: bool,
    /// It is not to be seen.
    pub hidden: bool,
}

impl LogProps {
    /// Lines of this kind are shown.
    fn shows(&self, floor: &str, kind: &str) -> bool {
        let chosen = self.chosen.iter().find(|((f, k), _)| f == floor && k == kind).map(|(_, on)| *on);
        chosen.unwrap_or_else(|| self.floor.is_some() || !FLOODS.contains(&(floor, kind)))
    }

    fn wants(&self, line: &LogLine) -> bool {
        self.floor.is_none_or(|f| line.floor == f)
            && if self.only_bad { line.bad } else { self.shows(&line.floor, &line.kind) }
    }
}

/// The places in the document of the lines that are shown: each with its name and its place's number.
#[derive(Default)]
struct Places {
    shown: Vec<(String, u32)>,
    made: u32,
}

impl Places {
    /// Gives these lines their places. A line keeps its own while others come and go; where they come in a flood, the
    /// places stay and what they say changes: making them anew would leave more to clear away than anyone reads.
    fn take(&mut self, lines: Vec<String>) -> Vec<u32> {
        let own = |name: &String| self.shown.iter().find(|(n, _)| n == name).map(|(_, place)| *place);
        let kept: Vec<Option<u32>> = lines.iter().map(own).collect();
        let flood = lines.len() == self.shown.len() && kept.iter().flatten().count() * 4 < lines.len() * 3;
        let mut made = self.made;
        let mut fresh = || {
            made += 1;
            made
        };
        let places: Vec<u32> = if flood {
            self.shown.iter().map(|(_, place)| *place).collect()
        } else {
            kept.into_iter().map(|own| own.unwrap_or_else(&mut fresh)).collect()
        };
        self.made = made;
        self.shown = lines.into_iter().zip(places.iter().copied()).collect();
        places
    }
}

/// The log.
#[component(Log)]
pub fn log(props: &LogProps) -> Html {
    let node = use_node_ref();
    let at_end = use_mut_ref(|| true);
    let places = use_mut_ref(Places::default);
    // The line that is open, and the log as it stood when it was opened: it waits until the line is closed.
    let open = use_state(|| None::<(String, Shared<Vec<Rc<LogLine>>>)>);
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
        let shown = (lines.clone(), props.floor, props.only_bad, props.chosen.clone(), props.hidden);
        use_effect_with(shown, move |_| {
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
    if props.hidden {
        return Html::default();
    }
    let shown: Vec<(String, &LogLine)> = {
        let mut last: Vec<&LogLine> =
            lines.iter().rev().map(|l| &**l).filter(|l| props.wants(l)).take(SHOWN).collect();
        last.reverse();
        // A line is known by its time and its number within that time, and so stays open while others come and go.
        let mut within = (f64::NAN, 0);
        let key = |l: &LogLine| {
            within = (l.t_s, if l.t_s == within.0 { within.1 + 1 } else { 0 });
            format!("{} {}", l.t_s, within.1)
        };
        last.iter().copied().map(key).zip(last.iter().copied()).collect()
    };
    let places = places.borrow_mut().take(shown.iter().map(|(key, _)| key.clone()).collect());
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
            if !props.only_bad { { kinds(props) } }
            <div class="log" role="log" aria-live={if props.playing { "off" } else { "polite" }} tabindex="0"
                aria-label={text::log::HEAD} ref={node} {onscroll}>
                if shown.is_empty() {
                    { nothing(props) }
                }
                // In a list of their own: beside something that has no place, none would keep its place.
                <>{ for shown.into_iter().zip(places).map(|((key, l), place)| {
                    let is_open = open.as_ref().is_some_and(|(k, _)| *k == key);
                    line(&props.act, &toggle, key, place, is_open, l)
                }) }</>
            </div>
        </>
    }
}

/// The kinds of line there are, each a switch with its count.
fn kinds(props: &LogProps) -> Html {
    let all = || props.kinds.iter().filter(|((floor, _), _)| props.floor.is_none_or(|f| f == floor));
    html! {
        <div class="kinds" role="group" aria-label={text::log::KINDS}>
            { for text::log::FLOORS.iter().flat_map(|(id, word)| all().filter(move |((f, _), _)| f == id).map(move |e| (*word, e)))
                .map(|(floor, (kind, lines))| {
                    let on = props.shows(&kind.0, &kind.1);
                    // Two floors may have a kind of the same name.
                    let twice = all().filter(|((_, k), _)| *k == kind.1).count() > 1;
                    let word = if twice { text::log::kind_of(&kind.1, floor) } else { kind.1.clone() };
                    let chosen = kind.clone();
                    html! {
                        <button key={format!("{} {}", kind.0, kind.1)} class="chip" aria-pressed={on.to_string()} data-kind={format!("{}/{}", kind.0, kind.1)}
                            title={text::log::kind_tip(on, &kind.1, floor)}
                            onclick={props.act.reform(move |_| Action::LogKind(chosen.clone(), !on))}>
                            { word }<b>{ thousands(f64::from(*lines)) }</b></button>
                    }
                }) }
        </div>
    }
}

/// Why no line is shown, and the way out.
fn nothing(props: &LogProps) -> Html {
    if props.seeking {
        return html! { <p class="quiet">{ text::log::ON_THE_WAY }</p> };
    }
    let hidden: u32 = props.kinds.values().sum();
    let why = match (hidden, props.only_bad) {
        (0, _) => return html! { <p class="quiet">{ text::log::NOTHING }</p> },
        (_, true) => text::log::NOTHING_BAD.into(),
        (lines, false) => text::log::hidden(thousands(f64::from(lines))),
    };
    html! {
        <p class="quiet" id="log-empty">{ why }
            <button class="link" onclick={props.act.reform(|_| Action::WholeLog)}>{ text::log::SHOW_ALL }</button></p>
    }
}

fn line(
    act: &Callback<Action>,
    toggle: &Callback<String>,
    name: String,
    place: u32,
    open: bool,
    line: &LogLine,
) -> Html {
    let t_s = line.t_s;
    html! {
        <div key={u64::from(place)} class={classes!("line", line.bad.then_some("bad"))}
            title={format!("{} · {}", line.floor, line.kind)}>
            <button class="when" tabindex="-1" title={text::GO_THERE}
                onclick={act.reform(move |_| Action::Seek(t_s))}>{ clock(t_s) }</button>
            if line.listing.is_empty() {
                <span>{ &line.text }</span>
            } else {
                <button class="more" title={text::log::LISTING_TIP} aria-expanded={open.to_string()}
                    onclick={toggle.reform(move |_| name.clone())}>{ &line.text }</button>
                if open {
                    <pre>{ line.listing.join("\n") }</pre>
                }
            }
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(from: u32) -> Vec<String> {
        (from..from + 10).map(|n| n.to_string()).collect()
    }

    #[test]
    fn a_line_keeps_its_place_but_in_a_flood_the_places_stay() {
        let mut places = Places::default();
        let first = places.take(names(0));
        let second = places.take(names(2));
        assert_eq!(second[..8], first[2..]);
        assert!(second[8..].iter().all(|p| !first.contains(p)));
        // Three of ten are new, and then all.
        assert_eq!(places.take(names(5)), second);
        assert_eq!(places.take(names(40)), second);
        assert_eq!(places.take(Vec::new()), Vec::<u32>::new());
        assert_eq!(places.take(names(41)).len(), 10);
    }
}
