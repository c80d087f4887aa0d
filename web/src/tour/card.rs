//! The card of the story over the map.

use super::STEPS;
use crate::action::Action;
use crate::focus::Card;
use crate::text;
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
    let words = &STEPS[at].words;
    let go = |to: Option<usize>| act.reform(move |_: MouseEvent| Action::Story(to));
    let last = at + 1 == STEPS.len();
    html! {
        <Card class="story" id="story" label={text::story::REGION} live=true>
            <div class="row"><span class="quiet">{ text::of(at + 1, STEPS.len()) }</span>
                <button class="plain" onclick={go(None)} title={text::story::END_TIP}>{ text::story::END }</button></div>
            <h2>{ words.title }</h2>
            <p>{ words.text }</p>
            <p class="quiet">{ words.look }</p>
            <div class="row">
                <button class="chip" disabled={at == 0} onclick={go(at.checked_sub(1).or(Some(0)))}>{ text::story::BACK }</button>
                <span class="dots" aria-hidden="true">{ for (0..STEPS.len()).map(|i| html! {
                    <i class={classes!((i == at).then_some("on"))}></i>
                }) }</span>
                <button class="chip" onclick={go(Some(at))} title={text::story::REPLAY_TIP}>{ text::story::REPLAY }</button>
                <button class="chip next" id="story-next" onclick={go((!last).then_some(at + 1))}>{ if last { text::story::FINISH } else { text::story::NEXT } }</button>
            </div>
        </Card>
    }
}
