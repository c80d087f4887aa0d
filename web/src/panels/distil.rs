//! Distilling: a block's way from pulses to secret bits as a waterfall, and the blocks to choose from.

use super::{Ctx, empty};
use crate::action::{Action, maybe};
use crate::format::{bits, clock, percent, thousands};
use crate::text;
use keyway_core::ground::BlockId;
use keyway_core::sim::chronicle::{BlockView, Subject, View};
use web_sys::HtmlSelectElement;
use yew::prelude::*;

pub fn body(ctx: &Ctx) -> Html {
    let Some(View::Blocks(view)) = ctx.view.as_deref() else { return empty("Looking…") };
    let chosen: Option<&BlockId> = ctx
        .trace
        .steps
        .iter()
        .find_map(|s| if let Some(Subject::Block(id)) = &s.subject { Some(id) } else { None });
    let picked = view.blocks.iter().find(|b| b.id.as_ref() == chosen);
    // Where the chain's own block is not among them, the newest that is done.
    let shown = picked
        .or_else(|| view.blocks.iter().find(|b| b.secret_bits.is_some() || b.dropped.is_some()))
        .or(view.blocks.first());
    let onlink = maybe(&ctx.act, |e: Event| {
        let link = e.target_dyn_into::<HtmlSelectElement>()?.value();
        Some(Action::BlocksOf((!link.is_empty()).then_some(link)))
    });
    html! {
        <>
            <div class="row head">
                <h2>{ format!("{} blocks, {} dropped", thousands(f64::from(view.made)), view.dropped) }</h2>
                <select aria-label="Blocks of" onchange={onlink}>
                    <option value="" selected={ctx.choices.blocks_of.is_none()}>{ "all links" }</option>
                    { for ctx.scene.links.iter().map(|l| html! {
                        <option value={l.id.clone()} selected={ctx.choices.blocks_of.as_ref() == Some(&l.id)}>
                            { &l.name }</option>
                    }) }
                </select>
            </div>
            if let Some(block) = shown { { waterfall(block) } } else { { empty("No block is full yet: a block takes some seconds of light.") } }
            <table class="pick-table">
                <caption class="sr">{ "Blocks, newest first; each opens its chain" }</caption>
                <thead><tr><th scope="col">{ "Block" }</th><th scope="col">{ "at" }</th>
                    <th scope="col"><abbr title={text::QBER_TIP}>{ "errors" }</abbr></th>
                    <th scope="col">{ "sifted" }</th><th scope="col">{ "secret" }</th></tr></thead>
                <tbody>{ for view.blocks.iter().map(|b| row(ctx, b, shown)) }</tbody>
            </table>
        </>
    }
}

fn row(ctx: &Ctx, block: &BlockView, shown: Option<&BlockView>) -> Html {
    let Some(id) = block.id.clone() else { return Html::default() };
    let is_shown = shown.is_some_and(|s| s.id == block.id);
    let qber = block.qber_x.or(block.qber_z).map_or("–".into(), |q| percent(q, 1));
    let subject = Subject::Block(id.clone());
    html! {
        <tr aria-current={is_shown.then_some("true")} title={block.dropped.clone()}>
            <th scope="row"><button class="link" onclick={ctx.act.reform(move |_| Action::Follow(Some(subject.clone())))}>
                { id.to_string() }</button></th>
            <td>{ clock(block.t_s) }</td><td>{ qber }</td>
            <td>{ block.key_bits.map_or("–".into(), |b| thousands(f64::from(b))) }</td>
            if block.dropped.is_some() {
                <td class="bad">{ "dropped" }</td>
            } else {
                <td>{ block.secret_bits.map_or("–".into(), |b| thousands(f64::from(b))) }</td>
            }
        </tr>
    }
}

/// A bar of the waterfall: what is left, and what was taken since the bar before.
struct Bar {
    label: &'static str,
    tip: &'static str,
    left: f64,
    note: String,
    taken: bool,
}

fn bars(b: &BlockView) -> Vec<Bar> {
    let mut all = Vec::new();
    let mut add =
        |label, tip, left: f64, note: String, taken| all.push(Bar { label, tip, left, note, taken });
    add(
        "detected",
        "Pulses that gave a click",
        b.clicks as f64,
        format!("of {} pulses", thousands(b.pulses as f64)),
        false,
    );
    let (Some(key), check) = (b.key_bits, b.check_bits.unwrap_or(0)) else { return all };
    let other = (b.clicks as f64 - f64::from(key) - f64::from(check)).max(0.0);
    add("other basis", "Sender and receiver chose different bases: no use", -other, String::new(), true);
    add(
        "check bits",
        "Bits of the check basis, all told to find the error rate",
        -f64::from(check),
        b.qber_z.map_or(String::new(), |q| format!("QBER {}", percent(q, 2))),
        true,
    );
    add(
        "sifted key",
        "Bits of the key basis",
        f64::from(key),
        b.qber_x.map_or(String::new(), |q| format!("QBER {}", percent(q, 2))),
        false,
    );
    let (Some(leak), Some(secret)) = (b.leak_bits, b.secret_bits) else { return all };
    add(
        "disclosed",
        "Parities told while errors were corrected",
        -f64::from(leak),
        b.efficiency.map_or(String::new(), |f| format!("{f:.3} × Shannon")),
        true,
    );
    let rest = f64::from(key) - f64::from(leak) - f64::from(secret);
    add(
        "may be known",
        "What an eavesdropper could know of multi-photon pulses and by the phase error, and the price of a finite block (Lim et al. 2014)",
        -rest,
        b.phase_error.map_or(String::new(), |p| format!("phase error ≤ {}", percent(p, 1))),
        true,
    );
    add(
        "secret",
        "Bits that no one else knows",
        f64::from(secret),
        format!("{} keys of 256 bit", b.keys),
        false,
    );
    all
}

/// The waterfall of one block.
fn waterfall(block: &BlockView) -> Html {
    let bars = bars(block);
    let top = bars.first().map_or(1.0, |b| b.left.max(1.0));
    let mut level = top;
    let title = block.id.as_ref().map_or_else(String::new, ToString::to_string);
    let rows = bars.iter().map(|bar| {
        let (from, to) = if bar.taken { ((level + bar.left).max(0.0), level) } else { (0.0, bar.left) };
        level = if bar.taken { from } else { bar.left };
        let (x, width) = (from / top * 100.0, ((to - from) / top * 100.0).max(0.3));
        let class = match (bar.taken, bar.label) {
            (true, _) => "taken",
            (_, "secret") => "secret",
            _ => "left",
        };
        html! {
            <li title={bar.tip}>
                <span class="what">{ bar.label }</span>
                <svg viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
                    <rect class={class} x={format!("{x:.2}")} width={format!("{width:.2}")} height="10" /></svg>
                <b>{ if bar.taken { format!("−{}", thousands(-bar.left)) } else { thousands(bar.left) } }</b>
                <span class="quiet">{ &bar.note }</span>
            </li>
        }
    });
    html! {
        <figure class="waterfall">
            <figcaption>{ format!("Block {title}: {} to {}", bits(block.clicks as f64),
                block.secret_bits.map_or("…".into(), |s| bits(f64::from(s)))) }</figcaption>
            <ol>{ for rows }</ol>
            if let Some(why) = &block.dropped { <p class="bad">{ format!("Dropped: {why}.") }</p> }
        </figure>
    }
}
