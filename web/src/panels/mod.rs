//! The panels, one file each, and the table of them: a new panel is a new file and a new row. They show an instant and
//! what is known of the run, and compute nothing but words.

mod best_light;
mod control;
mod distil;
mod draft;
mod four_tests;
mod keys;
mod lab;
mod light;
mod log;
mod managers;
mod messages;
mod papers;
mod spark;
mod street;
mod trust;

pub use four_tests::Tests;
pub use lab::Lab;
pub use papers::Papers;

use crate::action::{Action, Pick, Tab};
use crate::charts::{Chart, Series};
use crate::shared::Shared;
use crate::text;
use crate::worker::Kinds;
use keyway_core::ground::{MessageId, ServiceId};
use keyway_core::its::dissect::Field;
use keyway_core::sim::chronicle::{Look, Trace, View};
use keyway_core::sim::snapshot::{Knobs, LogLine, Scene, Snapshot};
use std::collections::BTreeMap;
use std::rc::Rc;
use yew::prelude::*;

/// What is chosen within the panels.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Choices {
    /// Only the blocks of this link.
    pub blocks_of: Option<String>,
    /// The service whose steps are shown.
    pub service: Option<ServiceId>,
    /// Only messages that were faked or dropped.
    pub bad_messages: bool,
    /// Only this floor in the log.
    pub floor: Option<&'static str>,
    /// Only attacks and refusals in the log.
    pub only_bad: bool,
    /// Kinds of line, by floor and name, that are shown or not by choice.
    pub log_kinds: BTreeMap<(String, String), bool>,
}

/// A message taken apart.
#[derive(Debug)]
pub struct Dissected {
    pub message: MessageId,
    pub bytes: Vec<u8>,
    pub fields: Vec<Field>,
}

/// What a panel may show.
pub struct Ctx {
    pub act: Callback<Action>,
    /// The panel that is chosen.
    pub tab: Tab,
    pub scene: Shared<Scene>,
    pub shot: Shared<Snapshot>,
    pub knobs: Knobs,
    /// What is picked on the map.
    pub pick: Option<Pick>,
    pub view: Option<Shared<View>>,
    pub trace: Shared<Trace>,
    pub series: Shared<Series>,
    pub levels: Shared<Vec<(f64, Vec<f32>)>>,
    pub log: Shared<Vec<Rc<LogLine>>>,
    pub kinds: Shared<Kinds>,
    pub tests: Tests,
    pub choices: Choices,
    pub dissected: Option<Shared<Dissected>>,
    pub lab: Lab,
    pub papers: Papers,
    pub playing: bool,
    /// A jump is not yet done.
    pub seeking: bool,
    pub theme: &'static str,
}

/// One panel.
pub struct Panel {
    pub tab: Tab,
    /// Its name in a link and in the style sheet.
    pub id: &'static str,
    pub word: &'static str,
    pub tip: &'static str,
    /// Whose time series stand under it.
    pub floors: &'static [&'static str],
    /// What it wants to know of the run besides the instant.
    pub look: fn(&Choices) -> Option<Look>,
    /// It takes the room of the log, which is neither shown nor made.
    pub tall: bool,
    pub body: fn(&Ctx) -> Html,
}

const NOTHING: fn(&Choices) -> Option<Look> = |_| None;

/// All panels, in the order of their tabs.
pub const ALL: &[Panel] = &[
    Panel {
        tab: Tab::Keys,
        id: "keys",
        word: text::keys::TAB,
        tip: text::keys::TIP,
        floors: &["kmm"],
        look: NOTHING,
        tall: false,
        body: keys::body,
    },
    Panel {
        tab: Tab::Light,
        id: "light",
        word: text::light::TAB,
        tip: text::light::TIP,
        floors: &["link"],
        look: NOTHING,
        tall: false,
        body: light::body,
    },
    Panel {
        tab: Tab::Distil,
        id: "distil",
        word: text::distil::TAB,
        tip: text::distil::TIP,
        floors: &["distill"],
        look: |c| Some(Look::Blocks(c.blocks_of.clone())),
        tall: false,
        body: distil::body,
    },
    Panel {
        tab: Tab::Managers,
        id: "managers",
        word: text::managers::TAB,
        tip: text::managers::TIP,
        floors: &[],
        look: |c| Some(Look::Managers(c.service)),
        tall: true,
        body: managers::body,
    },
    Panel {
        tab: Tab::Control,
        id: "control",
        word: text::control::TAB,
        tip: text::control::TIP,
        floors: &["sdn"],
        look: |_| Some(Look::Control),
        tall: false,
        body: control::body,
    },
    Panel {
        tab: Tab::Trust,
        id: "trust",
        word: text::trust::TAB,
        tip: text::trust::TIP,
        floors: &["zap"],
        look: |_| Some(Look::Trust),
        tall: false,
        body: trust::body,
    },
    Panel {
        tab: Tab::Messages,
        id: "messages",
        word: text::messages::TAB,
        tip: text::messages::TIP,
        floors: &["its"],
        look: |c| Some(Look::Messages { only_bad: c.bad_messages }),
        tall: true,
        body: messages::body,
    },
    Panel {
        tab: Tab::Street,
        id: "street",
        word: text::street::TAB,
        tip: text::street::TIP,
        floors: &["road"],
        look: |_| Some(Look::Street),
        tall: false,
        body: street::body,
    },
    Panel {
        tab: Tab::Lab,
        id: "lab",
        word: text::lab::TAB,
        tip: text::lab::TIP,
        floors: &[],
        look: NOTHING,
        tall: true,
        body: lab::body,
    },
    Panel {
        tab: Tab::Papers,
        id: "papers",
        word: text::papers::TAB,
        tip: text::papers::TIP,
        floors: &[],
        look: NOTHING,
        tall: true,
        body: papers::body,
    },
    // These two have tabs only in the narrow layout; else they stand under the others.
    Panel {
        tab: Tab::Tests,
        id: "tests",
        word: text::four_tests::TAB,
        tip: text::four_tests::TIP,
        floors: &[],
        look: NOTHING,
        tall: false,
        body: four_tests::body,
    },
    Panel {
        tab: Tab::Log,
        id: "log",
        word: text::log::TAB,
        tip: text::log::TIP,
        floors: &[],
        look: NOTHING,
        tall: false,
        body: log::body,
    },
];

impl Tab {
    /// Its row in the table.
    pub fn panel(self) -> &'static Panel {
        // Each tab has a row: a test counts them.
        ALL.iter().find(|p| p.tab == self).unwrap_or(&ALL[0])
    }

    /// In the wide layout its panel stands under the others, whichever of them is chosen.
    pub fn always_there(self) -> bool {
        matches!(self, Self::Tests | Self::Log)
    }

    /// The tab of this name in a link.
    pub fn named(id: &str) -> Option<Self> {
        ALL.iter().find(|p| p.id == id).map(|p| p.tab)
    }
}

/// The time series of a panel's floors.
pub fn charts(ctx: &Ctx, panel: &Panel) -> Html {
    let all = ctx.series.charts(panel.floors);
    if all.is_empty() {
        return Html::default();
    }
    html! {
        <div class="charts">
            { for all.into_iter().map(|(title, unit, members)| html! {
                <Chart key={title.clone()} title={title.clone()} {unit} {members} series={ctx.series.clone()} t_s={ctx.shot.t_s}
                    theme={ctx.theme} act={ctx.act.clone()} />
            }) }
        </div>
    }
}

/// What stands where there is nothing to show yet.
fn empty(why: &str) -> Html {
    html! { <p class="quiet empty">{ why }</p> }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_tab_has_one_panel_and_each_panel_its_own_name() {
        for panel in ALL {
            assert_eq!(panel.tab.panel().id, panel.id);
            assert_eq!(Tab::named(panel.id), Some(panel.tab));
        }
        assert_eq!(ALL.len(), Tab::Log as usize + 1);
    }
}
