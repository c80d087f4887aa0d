//! The causal chain: from photon block to the car's decision, of the newest message or of whatever is picked. A step
//! opens all that is known of it and lights its places on the map.

use crate::action::{Action, Tab};
use crate::focus::Card;
use crate::format::{clock, clock_short};
use crate::shared::Shared;
use crate::text;
use crate::worker::Export;
use keyway_core::sim::chronicle::{Standing, Step, Subject, Trace};
use web_sys::HtmlInputElement;
use yew::prelude::*;

/// The steps before there is anything to say of them.
const KINDS: [&str; 9] = ["block", "sifted", "secret", "key", "relay", "session", "tag", "verdict", "car"];

/// Properties of [`Chain`].
#[derive(PartialEq, Properties)]
pub struct ChainProps {
    /// What a visitor does.
    pub act: Callback<Action>,
    /// The chain.
    pub trace: Shared<Trace>,
    /// What is followed; `None` for the newest message.
    pub subject: Option<Subject>,
    /// The step that is open.
    pub lit: Option<String>,
    /// It is opened, and not only lit.
    pub open: bool,
    /// Metres driven, for the car's step while nothing is picked.
    pub driven: AttrValue,
    /// Now, in whole seconds.
    pub at_s: u32,
}

/// The causal chain.
#[component(Chain)]
pub fn chain(props: &ChainProps) -> Html {
    let steps = &props.trace.steps;
    let one = |kind: &str, value: &str, note: &str, bad: bool| {
        let (name, tip) = text::chain::step(kind);
        let lit = props.lit.as_deref() == Some(kind);
        let chosen = kind.to_string();
        html! {
            <li><button class={classes!("step", bad.then_some("bad"))} data-kind={kind.to_string()}
                aria-expanded={lit.to_string()} title={format!("{value} {note}. {tip}.")}
                onclick={props.act.reform(move |_| Action::Light(chosen.clone()))}>
                <span class="what">{ name }</span><b>{ value }</b><span class="quiet">{ note }</span>
            </button></li>
        }
    };
    let open =
        props.lit.as_ref().filter(|_| props.open).and_then(|kind| steps.iter().find(|s| s.kind == *kind));
    html! {
        <nav class="chain" aria-label={text::chain::REGION}>
            if let Some(step) = open { { detail(props, step) } }
            // Until its own answer has come, the chain is that of what was followed before.
            <Head act={props.act.clone()} subject={props.subject.clone()} at_s={props.at_s}
                standing={if props.trace.subject == props.subject { props.trace.standing } else { Standing::Known }} />
            <ol>
                if steps.is_empty() {
                    { for KINDS.iter().map(|k| one(k, "–", text::chain::NOT_YET, false)) }
                } else {
                    { for steps.iter().map(|s| {
                        let note = if s.kind == "car" && s.note.is_empty() { props.driven.as_str() } else { &s.note };
                        one(&s.kind, &s.value, note, s.bad)
                    }) }
                }
            </ol>
        </nav>
    }
}

#[derive(PartialEq, Properties)]
struct HeadProps {
    act: Callback<Action>,
    subject: Option<Subject>,
    standing: Standing,
    at_s: u32,
}

/// What is followed, and a field to follow something else.
#[component(Head)]
fn head(props: &HeadProps) -> Html {
    let wrong = use_state(|| false);
    let onchange = {
        let (act, wrong) = (props.act.clone(), wrong.clone());
        Callback::from(move |e: Event| {
            let Some(input) = e.target_dyn_into::<HtmlInputElement>() else { return };
            let typed = input.value().trim().to_string();
            match subject_of(&typed) {
                _ if typed.is_empty() => wrong.set(false),
                Some(subject) => {
                    wrong.set(false);
                    input.set_value("");
                    act.emit(Action::Follow(Some(subject)));
                }
                None => wrong.set(true),
            }
        })
    };
    html! {
        <div class="chain-head">
            if let Some(subject) = &props.subject {
                <b>{ words(subject) }</b>
                <span class="missing" role="status">{ missing(subject, props.standing, props.at_s) }</span>
                <button class="link" id="follow-newest" onclick={props.act.reform(|_| Action::Follow(None))}>{ text::chain::TO_NEWEST }</button>
            } else {
                <span class="quiet">{ text::chain::NEWEST }</span>
            }
            <input id="find-subject" type="text" class={classes!(wrong.then_some("wrong"))} {onchange} aria-invalid={wrong.to_string()}
                placeholder={text::chain::FIND_HINT} aria-label={text::chain::FIND}
                title={text::chain::FIND_TIP} />
        </div>
    }
}

/// What a visitor means: the form of a link, or the short forms that the page shows.
fn subject_of(typed: &str) -> Option<Subject> {
    let lower = typed.to_lowercase();
    let bare = lower.trim_start_matches("cpm ").trim_start_matches("message ").trim_start_matches("block ");
    let forms = [
        typed.to_string(),
        format!("message:{bare}"),
        format!("key:{bare}"),
        format!("block:{bare}"),
        lower.strip_prefix("epoch ").map_or_else(String::new, |n| format!("epoch:{n}")),
        lower.strip_prefix("kds ").map_or_else(String::new, |n| format!("service:{n}")),
    ];
    forms.iter().find_map(|f| f.parse().ok())
}

fn words(subject: &Subject) -> String {
    match subject {
        Subject::Block(id) => text::chain::block(id),
        Subject::Key(id) => text::chain::key(id.short()),
        Subject::Service(id) => id.to_string(),
        Subject::Epoch(n) => text::chain::epoch(*n),
        Subject::Message(id) => text::chain::message(id),
    }
}

/// Why there is nothing to tell of a subject; empty where there is.
fn missing(subject: &Subject, standing: Standing, at_s: u32) -> String {
    match (standing, subject) {
        (Standing::Known, _) => String::new(),
        // A key's name does not say when it would have been made.
        (Standing::Older, Subject::Key(_)) => text::chain::KEY_OLDER.into(),
        (Standing::Older, _) => text::chain::OLDER.into(),
        (Standing::NotYet, subject) => {
            let what = match subject {
                Subject::Block(_) => text::chain::NOT_READY,
                Subject::Key(_) => text::chain::NOT_MADE,
                Subject::Service(_) => text::chain::NOT_ASKED,
                Subject::Epoch(_) => text::chain::NOT_BEGUN,
                Subject::Message(_) => text::chain::NOT_SENT,
            };
            text::chain::not_by(what, clock_short(f64::from(at_s)))
        }
    }
}

/// The panel that tells more of a step.
fn panel_of(kind: &str) -> Tab {
    match kind {
        "block" => Tab::Light,
        "sifted" | "secret" => Tab::Distil,
        "key" => Tab::Keys,
        "relay" => Tab::Managers,
        "session" => Tab::Trust,
        "tag" | "verdict" => Tab::Messages,
        _ => Tab::Street,
    }
}

/// All that is known of a step.
fn detail(props: &ChainProps, step: &Step) -> Html {
    let (name, tip) = text::chain::step(&step.kind);
    let (kind, tab) = (step.kind.clone(), panel_of(&step.kind));
    let act = &props.act;
    html! {
        <Card class="detail" id="chain-detail" label={text::chain::detail(name)} of={step.kind.clone()}>
            <div class="row"><h2>{ name }</h2>
                <button class="plain" aria-label={text::CLOSE} onclick={act.reform(move |_| Action::Light(kind.clone()))}>{ "×" }</button></div>
            <p class="quiet">{ tip }</p>
            <dl class="facts">
                if let Some(t_s) = step.t_s {
                    <dt>{ text::chain::TIME }</dt><dd><button class="link" title={text::GO_THERE} onclick={act.reform(move |_| Action::Seek(t_s))}>{ clock(t_s) }</button></dd>
                }
                { for step.details.iter().map(|d| html! { <><dt>{ &d.label }</dt><dd>{ &d.value }</dd></> }) }
            </dl>
            if step.details.is_empty() { <p>{ format!("{} {}", step.value, step.note) }</p> }
            if !step.others.is_empty() {
                <p class="others">{ if step.kind == "relay" { text::chain::HOP_KEYS } else { text::chain::OUTCOME } }
                    { for step.others.iter().map(|o| {
                        let subject = o.subject.clone();
                        html! { <button class="link" onclick={act.reform(move |_| Action::Follow(Some(subject.clone())))}>{ &o.label }</button> }
                    }) }
                    if step.others_total as usize > step.others.len() {
                        <span class="quiet">{ text::chain::more(step.others_total as usize - step.others.len()) }</span>
                    }
                </p>
            }
            <div class="row">
                <button class="chip" onclick={act.reform(move |_| Action::Tab(tab))}>{ text::open_panel(tab.panel().word) }</button>
                if let Some(subject) = step.subject.clone() {
                    if props.subject.as_ref() != Some(&subject) {
                        { follow(act, subject) }
                    }
                }
                { evidence(act, props.subject.clone()) }
            </div>
        </Card>
    }
}

fn follow(act: &Callback<Action>, subject: Subject) -> Html {
    let label = text::chain::follow(words(&subject));
    html! { <button class="chip" onclick={act.reform(move |_| Action::Follow(Some(subject.clone())))}>{ label }</button> }
}

fn evidence(act: &Callback<Action>, subject: Option<Subject>) -> Html {
    let save = act.reform(move |_: MouseEvent| Action::Save(Export::Evidence(subject.clone())));
    html! { <button class="chip" title={text::chain::SAVE_TIP} onclick={save}>{ text::chain::SAVE }</button> }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_page_shows_can_be_typed() {
        for (typed, is) in [
            ("666/378", "message:666/378"),
            ("CPM 666/378", "message:666/378"),
            ("naic-eng#3", "block:naic-eng#3"),
            ("epoch 12", "epoch:12"),
            ("KDS 3", "service:3"),
        ] {
            assert_eq!(subject_of(typed).map(|s| s.to_string()), Some(is.to_string()), "{typed}");
        }
        assert_eq!(subject_of("king"), None);
    }
}
