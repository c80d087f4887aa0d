//! How the page is laid out.

use super::{App, Phase};
use crate::action::{Action, Dialog, Tab};
use crate::bars::{CarLine, Chain, Sky, TimeBar, TopBar};
use crate::dialogs::{About, Saving, Shortcuts};
use crate::format::{metres, span, thousands};
use crate::inspector::Inspector;
use crate::map::{Counts, MapPane};
use crate::panels::{self, Ctx, Lab, Panel};
use crate::shared::Shared;
use crate::text;
use crate::tour::StoryCard;
use yew::prelude::*;

/// Less than one step of the two drives apart is level, metres.
const STEP_M: f64 = 8.0;

impl App {
    pub(super) fn layout(&self, act: &Callback<Action>) -> Html {
        let knobs = self.knobs.unwrap_or(self.shot.knobs);
        let name = self.scene.as_ref().map(|s| s.name.clone()).unwrap_or_default();
        self.map.light(&self.spots());
        let shown_s = match &self.rival {
            Some(rival) if self.shot.finished => rival.shot.t_s.max(self.shot.t_s),
            _ => self.shot.t_s,
        };
        let at_s = self.clock.seek_s.unwrap_or(shown_s);
        html! {
            <div class="page" data-tab={self.tab.panel().id}>
                <a class="skip" href="#panels">{ text::page::SKIP }</a>
                <TopBar act={act.clone()} {name} protected={knobs.protected} attack={knobs.attack} theme={self.theme}
                    tab={self.tab} compare={self.rival.is_some()} story={self.tour.is_some()} new_build={self.new_build} />
                { self.maps(act) }
                <Chain act={act.clone()} trace={self.trace.clone()} subject={self.subject.clone()} lit={self.lit.clone()} open={!self.lit_only}
                    at_s={self.shot.t_s as u32} driven={text::car::driven(metres(self.shot.car.driven_m))} />
                { self.panels(act) }
                <TimeBar act={act.clone()} {at_s} {shown_s} until_s={self.until_s()} playing={self.clock.playing} speed={self.clock.speed}
                    marks={self.story.marks.clone()} seeking={self.clock.seek_s.is_some()} finished={self.all_finished()}
                    find={self.find.clone()} findable={Self::findable().to_vec()} />
                <div class="note" role="status">
                    if let Some(note) = &self.note {
                        <p>{ note }<button class="plain" onclick={act.reform(|_| Action::DismissNote)}
                            aria-label={text::page::DISMISS}>{ "×" }</button></p>
                    }
                </div>
                { self.trouble(act) }
                { self.dialog(act) }
            </div>
        }
    }

    /// The map, or two of them side by side, with what lies over them.
    fn maps(&self, act: &Callback<Action>) -> Html {
        let title =
            |protected: bool| AttrValue::from(if protected { text::PROTECTED } else { text::UNPROTECTED });
        let counts = self.scene.as_ref().map(|s| Counts::of(s, &self.shot)).unwrap_or_default();
        let own = self.rival.is_some().then(|| title(self.shot.knobs.protected));
        html! {
            <main class={classes!("maps", self.rival.is_some().then_some("two"))}>
                <MapPane act={act.clone()} scene={self.scene.clone()} handle={self.map.clone()} layers={self.layers}
                    follow={self.follow} tiles={self.tiles} plain={self.rival.is_some()} title={own} {counts} />
                if let Some(rival) = &self.rival {
                    <MapPane act={act.clone()} scene={rival.scene.clone()} handle={rival.map.clone()} layers={self.layers}
                        follow={self.follow} tiles={false} plain={true} title={title(!self.shot.knobs.protected)} />
                    { self.differences() }
                }
                if let Some(scene) = &self.scene {
                    if self.rival.is_none() { <Sky act={act.clone()} sky={self.shot.sky} knobs={self.shot.knobs} /> }
                    if self.rival.is_none() { <CarLine scene={scene.clone()} shot={self.shot.clone()} /> }
                    if let Some(pick) = &self.pick {
                        <Inspector act={act.clone()} pick={pick.clone()} scene={scene.clone()} shot={self.shot.clone()}
                            series={self.story.series.clone()} theme={self.theme.word()} follow={self.follow} />
                    }
                }
                if let Some(at) = self.tour { <StoryCard act={act.clone()} {at} /> }
            </main>
        }
    }

    /// What the protection is worth, counted.
    fn differences(&self) -> Html {
        let Some(rival) = &self.rival else { return Html::default() };
        let (mut with, mut without) = (&*self.shot, &*rival.shot);
        if !with.knobs.protected {
            std::mem::swap(&mut with, &mut without);
        }
        let row = |label: &'static str, a: String, b: String, more: String, worse: bool| {
            html! {
                <tr><th scope="row">{ label }</th><td>{ a }</td><td>{ b }</td><td class={classes!(worse.then_some("bad"))}>{ more }</td></tr>
            }
        };
        let (dm, fakes) = (
            Some(without.car.driven_m - with.car.driven_m).filter(|d| d.abs() > STEP_M).unwrap_or(0.0),
            f64::from(without.counts.cpm_fake_accepted) - f64::from(with.counts.cpm_fake_accepted),
        );
        let arrived = |s: &keyway_core::sim::snapshot::Snapshot| {
            s.car.arrived_s.map_or(text::car::ON_ITS_WAY.into(), crate::format::clock)
        };
        let later = match (with.car.arrived_s, without.car.arrived_s) {
            (Some(a), Some(b)) => Some(b - a),
            // Not there yet: at least so much later.
            (Some(a), None) => Some(without.t_s - a),
            _ => None,
        };
        if (with.t_s - without.t_s).abs() > 1.5 && !with.finished && !without.finished {
            return html! { <p class="differences" id="differences">{ text::page::catching_up(rival.shot.t_s) }</p> };
        }
        let sign = |x: f64, said: String| if x > 0.0 { format!("+{said}") } else { said };
        html! {
            <table class="differences" id="differences">
                <caption class="sr">{ text::page::COMPARED }</caption>
                <thead><tr><td></td><th scope="col">{ text::page::WITH }</th><th scope="col">{ text::page::WITHOUT }</th><th scope="col">{ text::page::DIFFERENCE }</th></tr></thead>
                <tbody>
                    { row(text::page::DRIVEN, metres(with.car.driven_m), metres(without.car.driven_m), sign(dm, metres(dm)), dm > 20.0) }
                    { row(text::page::ARRIVED, arrived(with), arrived(without), later.map_or("–".into(), |s| sign(s, span(s))), later.is_some_and(|s| s > 5.0)) }
                    { row(text::page::FAKES_BELIEVED, thousands(f64::from(with.counts.cpm_fake_accepted)), thousands(f64::from(without.counts.cpm_fake_accepted)),
                        sign(fakes, thousands(fakes)), fakes > 0.0) }
                </tbody>
            </table>
        }
    }

    fn ctx(&self, act: &Callback<Action>, scene: &Shared<keyway_core::sim::snapshot::Scene>) -> Ctx {
        Ctx {
            act: act.clone(),
            scene: scene.clone(),
            shot: self.shot.clone(),
            tab: self.tab,
            knobs: self.knobs.unwrap_or(self.shot.knobs),
            pick: self.pick.clone(),
            view: self.view.clone(),
            trace: self.trace.clone(),
            series: self.story.series.clone(),
            levels: self.story.levels.clone(),
            log: self.story.log.clone(),
            kinds: self.story.kinds.clone(),
            tests: self.tests.clone(),
            choices: self.choices.clone(),
            dissected: self.dissected.clone(),
            lab: Lab {
                document: self.document.clone(),
                seed: self.seed.unwrap_or(0),
                refused: self.refused.clone(),
                advice: self.advice,
                trying: self.trying.clone(),
                editing: self.editor.as_ref().map(|e| e.tool),
                route_points: self.editor.as_ref().map_or(0, |e| e.route.len()),
            },
            papers: self.papers.clone(),
            playing: self.clock.playing,
            seeking: self.clock.seek_s.is_some(),
            theme: self.theme.word(),
        }
    }

    fn panels(&self, act: &Callback<Action>) -> Html {
        let ctx = self.scene.as_ref().map(|scene| self.ctx(act, scene));
        html! {
            <aside class="side" id="panels" aria-label={text::page::FIGURES}>
                <div class="tabs" role="tablist" aria-label={text::page::PANELS}>
                    { for panels::ALL.iter().map(|panel| self.tab_button(act, panel)) }
                </div>
                { for panels::ALL.iter().map(|panel| {
                    let shown = self.tab == panel.tab;
                    let inside = ctx.as_ref().filter(|_| shown || panel.tab.always_there()).map(|ctx| html! {
                        <>
                            if shown && self.view.is_some() && self.shot.t_s < self.kept_from_s {
                                <p class="missing">{ text::page::older(self.kept_from_s) }</p>
                            }
                            { (panel.body)(ctx) }{ panels::charts(ctx, panel) }
                        </>
                    });
                    html! {
                        <section key={panel.id} class={classes!("panel", panel.id, shown.then_some("chosen"), (!panel.tab.always_there()).then_some("upper"))}
                            hidden={panel.tab == Tab::Log && self.tab.panel().tall} role="tabpanel" tabindex="0" id={format!("panel-{}", panel.id)} aria-labelledby={format!("tab-{}", panel.id)}>
                            { inside.unwrap_or_default() }
                        </section>
                    }
                }) }
            </aside>
        }
    }

    fn tab_button(&self, act: &Callback<Action>, panel: &'static Panel) -> Html {
        let tab = panel.tab;
        let chosen = self.tab == tab;
        // With a panel open that has no tab in the strip, the first one takes the focus.
        let first = matches!(self.tab, Tab::Lab | Tab::Papers) && tab == panels::ALL[0].tab;
        let onkeydown = {
            let act = act.clone();
            Callback::from(move |e: KeyboardEvent| {
                let count = panels::ALL.len();
                let shift = match e.key().as_str() {
                    "ArrowRight" => 1,
                    "ArrowLeft" => count - 1,
                    _ => return,
                };
                let at = panels::ALL.iter().position(|p| p.tab == tab).unwrap_or(0);
                let next = &panels::ALL[(at + shift) % count];
                act.emit(Action::Tab(next.tab));
                if let Some(button) = gloo::utils::document().get_element_by_id(&format!("tab-{}", next.id))
                    && let Ok(button) = wasm_bindgen::JsCast::dyn_into::<web_sys::HtmlElement>(button)
                {
                    // A button that cannot take the focus leaves it where it is.
                    let _ = button.focus();
                }
            })
        };
        html! {
            <button role="tab" class={panel.id} id={format!("tab-{}", panel.id)} title={panel.tip}
                aria-controls={format!("panel-{}", panel.id)} aria-selected={chosen.to_string()}
                tabindex={if chosen || first { "0" } else { "-1" }} onclick={act.reform(move |_| Action::Tab(tab))} {onkeydown}>
                { panel.word }
            </button>
        }
    }

    fn trouble(&self, act: &Callback<Action>) -> Html {
        match &self.phase {
            Phase::Broken(why) => html! {
                <div class="trouble" role="alert">
                    <h2>{ text::page::TROUBLE }</h2>
                    <p>{ why }</p>
                    <button class="main" id="restart" onclick={act.reform(|_| Action::RestartWorker)}>
                        { text::page::RESTART }
                    </button>
                </div>
            },
            Phase::Starting => html! { <p class="waiting" role="status">{ text::page::STARTING }</p> },
            Phase::Ready => match self.clock.seek_s {
                Some(t_s) if (t_s - self.shot.t_s).abs() > 2.0 && !self.shot.finished => html! {
                    <p class="waiting going" role="status">{ text::notes::going(self.shot.t_s, t_s) }</p>
                },
                _ => Html::default(),
            },
        }
    }

    fn dialog(&self, act: &Callback<Action>) -> Html {
        let close = act.reform(|()| Action::CloseDialog);
        match (self.dialog, &self.scene) {
            (Some(Dialog::Shortcuts), _) => {
                html! { <Shortcuts {close} act={act.clone()} single={self.single_keys.on()} /> }
            }
            (Some(Dialog::Export), _) => html! { <Saving {close} act={act.clone()} /> },
            (Some(Dialog::About), Some(scene)) => html! { <About {close} scene={scene.clone()} /> },
            _ => Html::default(),
        }
    }
}
