//! Sheets over the page: the shortcuts, and what this campus is.

use crate::action::{Action, maybe};
use crate::format::{metres, thousands};
use crate::shared::Shared;
use crate::text;
use crate::worker::Export;
use keyway_core::sim::snapshot::Scene;
use yew::prelude::*;

#[derive(PartialEq, Properties)]
struct SheetProps {
    title: AttrValue,
    close: Callback<()>,
    children: Html,
}

/// A modal dialog; Escape and its button close it.
#[component(Sheet)]
fn sheet(props: &SheetProps) -> Html {
    let node = use_node_ref();
    {
        let node = node.clone();
        use_effect_with((), move |()| {
            if let Some(dialog) = node.cast::<web_sys::HtmlDialogElement>() {
                // It fails only if it is open already.
                let _ = dialog.show_modal();
            }
        });
    }
    let onclose = props.close.reform(|_: Event| ());
    let onclick = props.close.reform(|_: MouseEvent| ());
    html! {
        <dialog ref={node} class="sheet" aria-label={props.title.clone()} {onclose}>
            <header><h2>{ &props.title }</h2><button class="plain" {onclick}>{ text::CLOSE }</button></header>
            { props.children.clone() }
        </dialog>
    }
}

/// Properties of [`Shortcuts`].
#[derive(PartialEq, Properties)]
pub struct ShortcutsProps {
    /// What a visitor does.
    pub act: Callback<Action>,
    /// It wants to be closed.
    pub close: Callback<()>,
    /// Keys of one character act.
    pub single: bool,
}

/// The keys.
#[component(Shortcuts)]
pub fn shortcuts(props: &ShortcutsProps) -> Html {
    let onchange = maybe(&props.act, |e: Event| {
        e.target_dyn_into::<web_sys::HtmlInputElement>().map(|i| Action::SingleKeys(i.checked()))
    });
    let is_off = |keys: &str| {
        !props.single
            && keys.split(' ').all(|k| {
                k == text::dialogs::SPACE
                    || k.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_punctuation())
            })
    };
    html! {
        <Sheet title={text::dialogs::SHORTCUTS_HEAD} close={props.close.clone()}>
            <label class="check"><input id="single-keys" type="checkbox" checked={props.single} {onchange} aria-describedby="single-keys-note" />
                { text::dialogs::SINGLE_KEYS }</label>
            <p class="quiet" id="single-keys-note">{ text::dialogs::SINGLE_KEYS_NOTE }</p>
            <dl class="keys-sheet">
                { for text::dialogs::SHORTCUTS.iter().map(|(keys, what)| html! {
                    <><dt class={classes!(is_off(keys).then_some("off"))}>{ for keys.split(' ').map(|k| html! { <kbd>{ k }</kbd> }) }</dt>
                    <dd>{ *what }if is_off(keys) { <span class="quiet">{ text::dialogs::KEY_OFF }</span> }</dd></>
                }) }
            </dl>
        </Sheet>
    }
}

/// Properties of [`Saving`].
#[derive(PartialEq, Properties)]
pub struct SavingProps {
    /// What a visitor does.
    pub act: Callback<Action>,
    /// It wants to be closed.
    pub close: Callback<()>,
}

/// What can be saved.
#[component(Saving)]
pub fn saving(props: &SavingProps) -> Html {
    let item = |id: &'static str, (word, what): (&'static str, &'static str), action: Action| {
        html! {
            <><dt><button {id} class="chip" onclick={props.act.reform(move |_| action.clone())}>{ word }</button></dt><dd>{ what }</dd></>
        }
    };
    html! {
        <Sheet title={text::dialogs::EXPORT} close={props.close.clone()}>
            <dl class="saving">
                { item("save-map", text::dialogs::MAP, Action::SaveMap) }
                { item("save-csv", text::dialogs::CSV, Action::SaveSeries { json: false }) }
                { item("save-json", text::dialogs::JSON, Action::SaveSeries { json: true }) }
                { item("save-events", text::dialogs::EVENTS, Action::Save(Export::Events)) }
                { item("save-evidence", text::dialogs::EVIDENCE, Action::Save(Export::Evidence(None))) }
                { item("save-scenario-2", text::dialogs::SCENARIO, Action::Save(Export::Scenario)) }
            </dl>
            <p class="quiet">{ text::dialogs::EXPORT_NOTE }</p>
        </Sheet>
    }
}

/// Properties of [`About`].
#[derive(PartialEq, Properties)]
pub struct AboutProps {
    /// It wants to be closed.
    pub close: Callback<()>,
    /// What there is.
    pub scene: Shared<Scene>,
}

/// What this campus is, and what of it is assumed.
#[component(About)]
pub fn about(props: &AboutProps) -> Html {
    let scene = &props.scene;
    html! {
        <Sheet title={text::dialogs::ABOUT} close={props.close.clone()}>
            { for scene.about.split('\n').filter(|p| !p.trim().is_empty()).map(|p| html! { <p>{ p }</p> }) }
            <p class="quiet">{ text::dialogs::SCHEMATIC }</p>
            <dl class="facts">
                <dt>{ text::dialogs::ROOFTOPS }</dt><dd>{ scene.terminals.len() }</dd>
                <dt>{ text::dialogs::LINKS }</dt><dd>{ scene.links.len() }</dd>
                <dt>{ text::dialogs::RSUS }</dt><dd>{ scene.rsus.len() }</dd>
                <dt>{ text::dialogs::CAMERAS }</dt><dd>{ scene.cameras.len() }</dd>
                <dt>{ text::dialogs::PLANNED }</dt><dd>{ metres(scene.planned_m) }</dd>
                <dt>{ text::dialogs::SEED }</dt><dd>{ thousands(scene.seed as f64) }</dd>
            </dl>
        </Sheet>
    }
}
