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
                <span>{ text::top::NAME }</span></h1>
            if !name.is_empty() {
                <button class="chip scenario" onclick={act.reform(|_| Action::Open(Dialog::About))}
                    title={text::top::ABOUT_TIP}>{ name }</button>
            }
            <div class="switch" role="group" aria-label={text::top::PROTECTION} title={text::top::PROTECTION_TIP}>
                { choice("protected-off", !protected, "plainly", text::UNPROTECTED, Action::SetProtected(false)) }
                { choice("protected-on", *protected, "good", text::PROTECTED, Action::SetProtected(true)) }
            </div>
            <div class="switch" role="group" aria-label={text::top::ATTACK} title={text::top::ATTACK_TIP}>
                { choice("attack-off", !attack, "plainly", text::top::NO_ATTACK, Action::SetAttack(false)) }
                { choice("attack-on", *attack, "bad", text::top::FAKED, Action::SetAttack(true)) }
            </div>
            <nav aria-label={text::top::REGION}>
                if props.new_build {
                    <button class="chip" onclick={act.reform(|_| Action::Reload)}>{ text::top::NEW_BUILD }</button>
                }
                { go("story-button", text::top::STORY, text::top::STORY_TIP, props.story, Action::Story((!props.story).then_some(0))) }
                { go("compare", text::top::COMPARE, text::top::COMPARE_TIP, props.compare, Action::ToggleCompare) }
                { go("lab-button", text::lab::TAB, text::lab::TIP, props.tab == Tab::Lab, Action::Tab(Tab::Lab)) }
                { go("papers-button", text::papers::TAB, text::papers::TIP, props.tab == Tab::Papers, Action::Tab(Tab::Papers)) }
                { go("export", text::top::EXPORT, text::top::EXPORT_TIP, false, Action::Open(Dialog::Export)) }
                <button class="plain" id="theme" onclick={act.reform(|_| Action::NextTheme)}
                    aria-label={text::top::change_theme(*theme)} title={text::top::theme(*theme)}>
                    { theme_sign(*theme) }</button>
                <button class="plain" id="keys-button" onclick={act.reform(|_| Action::Open(Dialog::Shortcuts))}
                    aria-label={text::top::SHORTCUTS} title={text::top::SHORTCUTS_TIP}>{ "?" }</button>
                <button class="chip" id="share" onclick={act.reform(|_| Action::Share)}
                    title={text::top::SHARE_TIP}>{ text::top::SHARE }</button>
            </nav>
        </header>
    }
}

/// A sun, a moon, or half of each.
fn theme_sign(theme: Theme) -> Html {
    let drawn = match theme {
        Theme::Auto => html! {
            <><circle cx="10" cy="10" r="6.5" /><path class="solid" d="M10 3.5A6.5 6.5 0 0 1 10 16.5Z" /></>
        },
        Theme::Light => html! {
            <><circle cx="10" cy="10" r="3.5" />
                <path d="M10 2v2M10 16v2M2 10h2M16 10h2M4.3 4.3l1.4 1.4M14.3 14.3l1.4 1.4M4.3 15.7l1.4-1.4M14.3 5.7l1.4-1.4" /></>
        },
        Theme::Dark => html! { <path d="M15.8 12.2A6.5 6.5 0 0 1 7.8 4.2A6.5 6.5 0 1 0 15.8 12.2Z" /> },
    };
    html! { <svg viewBox="0 0 20 20" aria-hidden="true">{ drawn }</svg> }
}
