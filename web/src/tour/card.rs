//! The card of the story over the map.

use super::STEPS;
use crate::action::Action;
use yew::prelude::*;

/// Properties of [`StoryCard`].
#[derive(PartialEq, Properties)]
pub struct StoryProps {
    /// What a visitor does.
    pub act: Callback<Action>,
    /// The step, from 0.
    pub at: usize,
}

/// The card.
#[component(StoryCard)]
pub fn story_card(props: &StoryProps) -> Html {
    let (act, at) = (&props.act, props.at.min(STEPS.len() - 1));
    let step = &STEPS[at];
    let go = |to: Option<usize>| act.reform(move |_: MouseEvent| Action::Story(to));
    let last = at + 1 == STEPS.len();
    html! {
        <section class="story" id="story" aria-label="The story" aria-live="polite">
            <div class="row"><span class="quiet">{ format!("{} of {}", at + 1, STEPS.len()) }</span>
                <button class="plain" onclick={go(None)} title="End the story (Esc)">{ "End" }</button></div>
            <h2>{ step.title }</h2>
            <p>{ step.text }</p>
            <p class="quiet">{ step.look }</p>
            <div class="row">
                <button class="chip" disabled={at == 0} onclick={go(at.checked_sub(1).or(Some(0)))}>{ "Back" }</button>
                <span class="dots" aria-hidden="true">{ for (0..STEPS.len()).map(|i| html! {
                    <i class={classes!((i == at).then_some("on"))}></i>
                }) }</span>
                <button class="chip" onclick={go(Some(at))} title="This step again">{ "Replay" }</button>
                <button class="chip next" id="story-next" onclick={go((!last).then_some(at + 1))}>{ if last { "Finish" } else { "Next" } }</button>
            </div>
        </section>
    }
}
