//! The top bar: name, scenario, the two big switches, theme, share.

use crate::action::{Action, Dialog, Tab};
use crate::text;
use crate::theme::Theme;
use yew::prelude::*;

/// Properties of [`TopBar`].
#[derive(PartialEq, Properties)]
pub struct TopProps {
    /// What a visitor does.
    pub act: Callback<Action>,
    /// Name of the scenario.
    pub name: String,
    /// The protection is on.
    pub protected: bool,
    /// The attacker may transmit.
    pub attack: bool,
    /// The theme chosen.
    pub theme: Theme,
    /// The panel that is open.
    pub tab: Tab,
    /// Two runs stand side by side.
    pub compare: bool,
    /// The story is told.
    pub story: bool,
    /// A new build of the page waits.
    pub new_build: bool,
}

/// The top bar.
#[component(TopBar)]
pub fn top_bar(props: &TopProps) -> Html {
    let TopProps { act, name, protected, attack, theme, .. } = props;
    let choice = |id: &'static str, on: bool, class: &'static str, word: &'static str, action: Action| {
        html! {
            <button {id} class={class} aria-pressed={on.to_string()} onclick={act.reform(move |_| action.clone())}>
                { word }
            </button>
        }
    };
    let go = |id: &'static str, word: &'static str, tip: &'static str, on: bool, action: Action| {
        html! {
            <button {id} class="plain wide" aria-pressed={on.to_string()} title={tip}
                onclick={act.reform(move |_| action.clone())}>{ word }</button>
        }
    };
    html! {
        <header class="top">
            <h1><svg viewBox="0 0 20 20" aria-hidden="true"><path d="M10 2.5L17.5 10L10 17.5L2.5 10Z" /></svg>
                <span>{ "Keyway" }</span></h1>
            if !name.is_empty() {
                <button class="chip scenario" onclick={act.reform(|_| Action::Open(Dialog::About))}
                    title="About this campus">{ name }</button>
            }
            <div class="switch" role="group" aria-label="Protection" title={text::PROTECTION_TIP}>
                { choice("protected-off", !protected, "plainly", text::UNPROTECTED, Action::SetProtected(false)) }
                { choice("protected-on", *protected, "good", text::PROTECTED, Action::SetProtected(true)) }
            </div>
            <div class="switch" role="group" aria-label="Attack" title={text::ATTACK_TIP}>
                { choice("attack-off", !attack, "plainly", text::NO_ATTACK, Action::SetAttack(false)) }
                { choice("attack-on", *attack, "bad", text::FAKED, Action::SetAttack(true)) }
            </div>
            <nav aria-label="Page">
                if props.new_build {
                    <button class="chip" onclick={act.reform(|_| Action::Reload)}>{ "New version: reload" }</button>
                }
                { go("story-button", "Story", "A tour of nine steps (s)", props.story, Action::Story((!props.story).then_some(0))) }
                { go("compare", "Compare", "With and without protection, side by side (v)", props.compare, Action::ToggleCompare) }
                { go("lab-button", "Laboratory", "Every knob of the scenario", props.tab == Tab::Lab, Action::Tab(Tab::Lab)) }
                { go("papers-button", "Papers", "What the papers say, run again", props.tab == Tab::Papers, Action::Tab(Tab::Papers)) }
                { go("export", "Export", "Pictures, series, events (e)", false, Action::Open(Dialog::Export)) }
                <button class="plain" id="theme" onclick={act.reform(|_| Action::NextTheme)}
                    aria-label={format!("Theme: {}. Change", theme.word())} title="Theme: auto, light, dark">
                    { format!("Theme: {}", theme.word()) }</button>
                <button class="plain" id="keys-button" onclick={act.reform(|_| Action::Open(Dialog::Shortcuts))}
                    aria-label="Keyboard shortcuts" title="Keyboard shortcuts (?)">{ "?" }</button>
                <button class="chip" id="share" onclick={act.reform(|_| Action::Share)}
                    title="Copy a link to this very moment">{ "Share" }</button>
            </nav>
        </header>
    }
}
