//! How the page is laid out.

use super::{App, Phase};
use crate::action::{Action, Dialog, Tab};
use crate::bars::{CarLine, Chain, TimeBar, TopBar};
use crate::dialogs::{About, Shortcuts};
use crate::map::MapPane;
use crate::panels::{FourTests, Keys, Laboratory, Light, Log, Trust};
use yew::prelude::*;

impl App {
    pub(super) fn layout(&self, act: &Callback<Action>) -> Html {
        let knobs = self.knobs.unwrap_or(self.shot.knobs);
        let name = self.scene.as_ref().map(|s| s.name.clone()).unwrap_or_default();
        html! {
            <div class="page" data-tab={self.tab.id()}>
                <a class="skip" href="#panels">{ "To the figures" }</a>
                <TopBar act={act.clone()} {name} protected={knobs.protected} attack={knobs.attack}
                    theme={self.theme} />
                <MapPane act={act.clone()} scene={self.scene.clone()} handle={self.map.clone()}
                    layers={self.layers} lit={self.lit.clone()} follow={self.follow} />
                if let Some(scene) = &self.scene {
                    <CarLine scene={scene.clone()} shot={self.shot.clone()} />
                }
                <Chain act={act.clone()} shot={self.shot.clone()} lit={self.lit.clone()} />
                { self.panels(act) }
                <TimeBar act={act.clone()} at_s={self.clock.seek_s.unwrap_or(self.shot.t_s)} until_s={self.until_s()}
                    playing={self.clock.playing} speed={self.clock.speed} marks={self.story.marks.clone()}
                    seeking={self.clock.seek_s.is_some()} finished={self.shot.finished} />
                <div class="note" role="status">
                    if let Some(note) = &self.note {
                        <p>{ note }<button class="plain" onclick={act.reform(|_| Action::DismissNote)}
                            aria-label="Dismiss">{ "×" }</button></p>
                    }
                </div>
                { self.trouble(act) }
                { self.dialog(act) }
            </div>
        }
    }

    fn panels(&self, act: &Callback<Action>) -> Html {
        let links = self.scene.as_ref().map(|s| s.links.clone()).unwrap_or_default();
        html! {
            <aside class="side" id="panels" aria-label="Figures">
                <div class="tabs" role="tablist" aria-label="Panels">
                    { for Tab::ALL.into_iter().map(|tab| self.tab_button(act, tab)) }
                </div>
                { self.panel(Tab::Keys, html! {
                    <Keys scene={self.scene.clone()} shot={self.shot.clone()} levels={self.story.levels.clone()} />
                }) }
                { self.panel(Tab::Light, html! {
                    <Light scene={self.scene.clone()} shot={self.shot.clone()} />
                }) }
                { self.panel(Tab::Trust, html! {
                    <Trust scene={self.scene.clone()} shot={self.shot.clone()} />
                }) }
                { self.panel(Tab::Lab, html! {
                    <Laboratory act={act.clone()} {links} knobs={self.knobs.unwrap_or(self.shot.knobs)}
                        seed={self.seed.unwrap_or(0)} own_file={self.source.json.is_some()}
                        refused={self.source.refused.clone()} />
                }) }
                { self.panel(Tab::Tests, html! {
                    <FourTests act={act.clone()} tests={self.tests.clone()} />
                }) }
                { self.panel(Tab::Log, html! {
                    <Log act={act.clone()} lines={self.story.log.clone()} floor={self.floor}
                        only_bad={self.only_bad} playing={self.clock.playing} />
                }) }
            </aside>
        }
    }

    fn tab_button(&self, act: &Callback<Action>, tab: Tab) -> Html {
        let chosen = self.tab == tab;
        let onkeydown = {
            let act = act.clone();
            Callback::from(move |e: KeyboardEvent| {
                let shift = match e.key().as_str() {
                    "ArrowRight" => 1,
                    "ArrowLeft" => Tab::ALL.len() - 1,
                    _ => return,
                };
                let at = Tab::ALL.iter().position(|t| *t == tab).unwrap_or(0);
                let next = Tab::ALL[(at + shift) % Tab::ALL.len()];
                act.emit(Action::Tab(next));
                let button = gloo::utils::document().get_element_by_id(&format!("tab-{}", next.id()));
                if let Some(button) =
                    button.and_then(|b| wasm_bindgen::JsCast::dyn_into::<web_sys::HtmlElement>(b).ok())
                {
                    // An element that cannot take the focus leaves it where it is.
                    let _ = button.focus();
                }
            })
        };
        html! {
            <button role="tab" id={format!("tab-{}", tab.id())} class={tab.id()} aria-selected={chosen.to_string()}
                aria-controls={format!("panel-{}", tab.id())} tabindex={if chosen { "0" } else { "-1" }}
                onclick={act.reform(move |_| Action::Tab(tab))} {onkeydown}>{ tab.word() }</button>
        }
    }

    fn panel(&self, tab: Tab, inside: Html) -> Html {
        html! {
            <section class={classes!("panel", tab.id(), (self.tab == tab).then_some("chosen"))} role="tabpanel" tabindex="0"
                id={format!("panel-{}", tab.id())} aria-labelledby={format!("tab-{}", tab.id())}>
                { inside }
            </section>
        }
    }

    fn trouble(&self, act: &Callback<Action>) -> Html {
        match &self.phase {
            Phase::Broken(why) => html! {
                <div class="trouble" role="alert">
                    <h2>{ "Something went wrong" }</h2>
                    <p>{ why }</p>
                    <button class="main" id="restart" onclick={act.reform(|_| Action::RestartWorker)}>
                        { "Restart the simulation" }
                    </button>
                </div>
            },
            Phase::Starting => html! { <p class="waiting" role="status">{ "Starting the simulation…" }</p> },
            Phase::Ready => Html::default(),
        }
    }

    fn dialog(&self, act: &Callback<Action>) -> Html {
        let close = act.reform(|()| Action::CloseDialog);
        match (self.dialog, &self.scene) {
            (Some(Dialog::Shortcuts), _) => html! { <Shortcuts {close} /> },
            (Some(Dialog::About), Some(scene)) => html! { <About {close} scene={scene.clone()} /> },
            _ => Html::default(),
        }
    }
}
