//! The four tests of the paper: the same drive with the protection off and on, without and with faked CPMs.

use super::Ctx;
use crate::action::Action;
use crate::app::Tests;
use crate::format::{span, thousands};
use keyway_core::sim::snapshot::TestRow;
use yew::prelude::*;

pub fn body(ctx: &Ctx) -> Html {
    let tests = &ctx.tests;
    let running = tests.running > 0;
    html! {
        <>
            <div class="row head">
                <h2>{ "The four tests" }</h2>
                <button class="chip" id="run-four-tests" disabled={running}
                    title="Runs all four in the background with this seed (t). A run that you watch to its end fills its own row."
                    onclick={ctx.act.reform(|_| Action::RunTests)}>
                    { if running { format!("Running… {} left", tests.running) } else { "Run all four".into() } }
                </button>
            </div>
            <table id="four-tests" aria-busy={running.to_string()}>
                <caption class="sr">{ "Fowler et al. 2023, table 2: the same drive four times" }</caption>
                <thead><tr><th scope="col">{ "protection" }</th><th scope="col">{ "faked CPMs" }</th>
                    <th scope="col">{ "car" }</th><th scope="col">{ "detour" }</th><th scope="col">{ "later" }</th></tr></thead>
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
        Some("planned") => ("planned way", "good"),
        Some("diverted") => ("diverted", "bad"),
        Some("stranded") => ("never arrived", "bad"),
        _ => ("not run yet", "quiet"),
    };
    let tip = row.map(|r| {
        let believed = format!(
            "{} faked CPMs sent, {} believed, {} dropped",
            r.cpm_fake_sent, r.cpm_fake_accepted, r.cpm_rejected
        );
        if r.digest.is_empty() {
            believed
        } else {
            format!("{believed}. Digest {}…", r.digest.get(..12).unwrap_or(""))
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
            <td>{ if on { "on" } else { "off" } }</td><td>{ if faked { "yes" } else { "no" } }</td>
            <td class={class}>{ said }</td><td>{ detour }</td><td>{ later }</td>
        </tr>
    }
}
