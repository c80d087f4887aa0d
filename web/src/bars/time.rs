//! The time bar: play, step, clock, speed, and the whole run to jump about in, with its attacks and refusals marked.

use super::clock::Clock;
use crate::action::{Action, maybe};
use crate::format::{clock, clock_short};
use crate::shared::Shared;
use crate::text;
use crate::worker::{Find, MarkKind};
use std::collections::BTreeSet;
use web_sys::{HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

/// The speeds on offer, simulated seconds a second.
pub const SPEEDS: [f64; 10] = [0.1, 0.25, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0];
/// Marks a time bar can hold.
pub const MARKS: f64 = 240.0;

/// Properties of [`TimeBar`].
#[derive(PartialEq, Properties)]
pub struct TimeProps {
    /// What a visitor does.
    pub act: Callback<Action>,
    /// Where the run stands or is going, seconds.
    pub at_s: f64,
    /// Where it stands.
    pub shown_s: f64,
    /// The run ends here at the latest, seconds.
    pub until_s: f64,
    /// It plays.
    pub playing: bool,
    /// Simulated seconds a second.
    pub speed: f64,
    /// What happened when, 0 to [`MARKS`].
    pub marks: Shared<BTreeSet<(u16, MarkKind)>>,
    /// A jump is under way.
    pub seeking: bool,
    /// The run is over.
    pub finished: bool,
    /// Which events are jumped to.
    pub find: Find,
    /// Which there are: what each is called, and what it is.
    pub findable: Vec<(&'static str, Find)>,
}

/// The time bar.
#[component(TimeBar)]
pub fn time_bar(props: &TimeProps) -> Html {
    let TimeProps { act, at_s, until_s, playing, speed, .. } = props;
    let oninput = maybe(act, |e: InputEvent| {
        e.target_dyn_into::<HtmlInputElement>().map(|i| Action::Seek(i.value_as_number()))
    });
    let onspeed = maybe(act, |e: Event| {
        let chosen = e.target_dyn_into::<HtmlSelectElement>()?.value().parse().ok()?;
        Some(Action::Speed(chosen))
    });
    let onfind = {
        let findable = props.findable.clone();
        maybe(act, move |e: Event| {
            let i: usize = e.target_dyn_into::<HtmlSelectElement>()?.value().parse().ok()?;
            Some(Action::FindWhat(findable.get(i)?.1.clone()))
        })
    };
    let done = (at_s / until_s.max(1.0)).clamp(0.0, 1.0) * 100.0;
    let (glyph, word) = match (playing, props.finished) {
        (true, _) => ("M5 3.5h3.5v13H5zM11.5 3.5H15v13h-3.5z", text::time::PAUSE),
        (false, true) => {
            ("M10 3a7 7 0 1 0 7 7h-2.4A4.6 4.6 0 1 1 10 5.4V8l5-3.8L10 .5z", text::time::PLAY_AGAIN)
        }
        (false, false) => ("M5.5 3v14L17 10z", text::time::PLAY),
    };
    let step = |by: f64, label: &'static str, glyph: &'static str| {
        html! {
            <button class="step-button" aria-label={label} title={label} onclick={act.reform(move |_| Action::Step(by))}>
                <svg viewBox="0 0 20 20" aria-hidden="true"><path d={glyph} /></svg>
            </button>
        }
    };
    html! {
        <div class="time" role="region" aria-label={text::time::REGION}>
            <button id="play" aria-label={word} title={text::time::play_tip(word)} aria-pressed={playing.to_string()}
                onclick={act.reform(|_| Action::TogglePlay)}>
                <svg viewBox="0 0 20 20" aria-hidden="true"><path d={glyph} /></svg>
            </button>
            { step(-0.5, text::time::STEP_BACK, "M14.5 3.5v13L8 10zM5.5 3.5H8v13H5.5z") }
            { step(0.5, text::time::STEP_ON, "M5.5 3.5v13L12 10zM12 3.5h2.5v13H12z") }
            <Clock act={act.clone()} shown_s={props.shown_s} until_s={*until_s} />
            <select id="speed" aria-label={text::time::SPEED} title={text::time::SPEED_TIP} onchange={onspeed}>
                { for SPEEDS.iter().map(|s| html! {
                    <option value={s.to_string()} selected={s == speed}>{ format!("{s}×") }</option>
                }) }
            </select>
            <div class="track">
                <svg viewBox={format!("0 0 {MARKS} 18")} preserveAspectRatio="none" aria-hidden="true">
                    { for props.marks.iter().map(|(m, kind)| {
                        // By place as well as by colour: fooled on top, dropped and lost below it, good at the foot.
                        let (class, y, height) = match kind {
                            MarkKind::Fooled => ("mark fooled", 0, 18),
                            MarkKind::Dropped => ("mark dropped", 1, 6),
                            MarkKind::Lost => ("mark lost", 11, 6),
                            MarkKind::Good => ("mark fine", 4, 10),
                        };
                        html! { <rect {class} x={m.to_string()} y={y.to_string()} width="0.8" height={height.to_string()} /> }
                    }) }
                </svg>
                <input id="scrub" type="range" min="0" max={until_s.to_string()} step="0.1"
                    value={at_s.to_string()} style={format!("--done:{done:.2}%")} aria-label={text::time::SCRUB}
                    aria-valuetext={clock(*at_s)} aria-busy={props.seeking.to_string()} {oninput} />
            </div>
            <div class="jump" role="group" aria-label={text::time::JUMP}>
                { jump(act, true, text::time::BEFORE, "M13 4L6 10l7 6M4.5 4v12") }
                <select id="find" aria-label={text::time::KIND} title={text::time::KIND_TIP} onchange={onfind}>
                    { for props.findable.iter().enumerate().map(|(i, (word, what))| html! {
                        <option value={i.to_string()} selected={*what == props.find}>{ *word }</option>
                    }) }
                </select>
                { jump(act, false, text::time::NEXT, "M7 4l7 6l-7 6M15.5 4v12") }
            </div>
            <span class="end quiet" title={text::time::END_TIP}>{ clock_short(*until_s) }</span>
        </div>
    }
}

fn jump(act: &Callback<Action>, back: bool, label: &'static str, glyph: &'static str) -> Html {
    html! {
        <button class="step-button line-glyph" aria-label={label} title={label} id={if back { "find-back" } else { "find-next" }}
            onclick={act.reform(move |_| Action::Find { back })}>
            <svg viewBox="0 0 20 20" aria-hidden="true"><path d={glyph} /></svg>
        </button>
    }
}
