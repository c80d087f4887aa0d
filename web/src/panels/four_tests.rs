//! The four tests of the paper: the same drive with the protection off and on, without and with faked CPMs.

use super::Ctx;
use crate::action::Action;
use crate::format::{span, thousands};
use crate::text;
use keyway_core::sim::snapshot::TestRow;
use yew::prelude::*;

/// Rows 1 to 4, each once it is known. `delay_s` of a row is its time of arrival.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Tests {
    pub rows: [Option<TestRow>; 4],
    /// Tests still to come from the worker.
    pub running: u32,
}

impl Tests {
    /// Puts a row in its place.
    pub fn put(&mut self, row: TestRow) {
        let place = (row.test as usize).wrapping_sub(1);
        if let Some(slot) = self.rows.get_mut(place) {
            *slot = Some(row);
        }
    }

    /// Seconds that a row arrived later than test 1, where both are known and arrived.
    pub fn delay_s(&self, row: &TestRow) -> Option<f64> {
        let first = self.rows[0].as_ref().filter(|_| row.outcome != "stranded")?;
        (first.outcome != "stranded").then_some(row.delay_s - first.delay_s)
    }
}

pub fn body(ctx: &Ctx) -> Html {
    let tests = &ctx.tests;
    let running = tests.running > 0;
    html! {
        <>
            <div class="row head">
                <h2>{ text::four_tests::HEAD }</h2>
                <button class="chip" id="run-four-tests" disabled={running}
                    title={text::four_tests::RUN_TIP}
                    onclick={ctx.act.reform(|_| Action::RunTests)}>
                    { if running { text::four_tests::running(tests.running) } else { text::four_tests::RUN.into() } }
                </button>
            </div>
            <table id="four-tests" aria-busy={running.to_string()}>
                <caption class="sr">{ text::four_tests::CAPTION }</caption>
                <thead><tr><th scope="col">{ text::four_tests::PROTECTION }</th><th scope="col">{ text::four_tests::FAKED }</th>
                    <th scope="col">{ text::four_tests::CAR }</th><th scope="col">{ text::four_tests::DETOUR }</th><th scope="col">{ text::four_tests::LATER }</th></tr></thead>
                <tbody>
                    { for (1..=4u32).map(|n| row(tests, n, tests.rows[n as usize - 1].as_ref())) }
                </tbody>
            </table>
        </>
    }
}

fn row(tests: &Tests, n: u32, row: Option<&TestRow>) -> Html {
    let (on, faked) = (n >= 3, n.is_multiple_of(2));
    let (said, class) = match row.map(|r| r.outcome.as_str()) {
        Some("planned") => (text::four_tests::PLANNED, "good"),
        Some("diverted") => (text::four_tests::DIVERTED, "bad"),
        Some("stranded") => (text::four_tests::STRANDED, "bad"),
        _ => (text::four_tests::NOT_RUN, "quiet"),
    };
    let tip = row.map(|r| {
        let believed = text::four_tests::fakes(r.cpm_fake_sent, r.cpm_fake_accepted, r.cpm_rejected);
        if r.digest.is_empty() {
            believed
        } else {
            text::four_tests::with_digest(believed, r.digest.get(..12).unwrap_or(""))
        }
    });
    let detour = row.map_or("–".into(), |r| {
        let more = r.driven_m - r.planned_m;
        if more < 5.0 { "0\u{202f}m".to_string() } else { format!("+{}\u{202f}m", thousands(more)) }
    });
    let later = row
        .and_then(|r| tests.delay_s(r))
        .map_or("–".into(), |d| if d < 0.5 { "0\u{202f}s".to_string() } else { format!("+{}", span(d)) });
    html! {
        <tr data-test={n.to_string()} data-outcome={row.map(|r| r.outcome.clone())}
            data-digest={row.map(|r| r.digest.clone())} title={tip}>
            <td>{ if on { text::four_tests::ON } else { text::four_tests::OFF } }</td><td>{ if faked { text::four_tests::YES } else { text::four_tests::NO } }</td>
            <td class={class}>{ said }</td><td>{ detour }</td><td>{ later }</td>
        </tr>
    }
}
