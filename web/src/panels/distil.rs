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
    let Some(View::Blocks(view)) = ctx.view.as_deref() else { return empty(text::LOOKING) };
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
                <h2>{ text::distil::made(thousands(f64::from(view.made)), view.dropped) }</h2>
                <select aria-label={text::distil::BLOCKS_OF} onchange={onlink}>
                    <option value="" selected={ctx.choices.blocks_of.is_none()}>{ text::distil::ALL_LINKS }</option>
                    { for ctx.scene.links.iter().map(|l| html! {
                        <option value={l.id.clone()} selected={ctx.choices.blocks_of.as_ref() == Some(&l.id)}>
                            { &l.name }</option>
                    }) }
                </select>
            </div>
            if let Some(block) = shown { { waterfall(block) } } else { { empty(text::distil::NONE) } }
            <table class="pick-table">
                <caption class="sr">{ text::distil::CAPTION }</caption>
                <thead><tr><th scope="col">{ text::distil::BLOCK }</th><th scope="col">{ text::distil::AT }</th>
                    <th scope="col"><abbr title={text::QBER_TIP}>{ text::distil::ERRORS }</abbr></th>
                    <th scope="col">{ text::distil::SIFTED }</th><th scope="col">{ text::distil::SECRET }</th></tr></thead>
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
                <td class="bad">{ text::distil::DROPPED }</td>
            } else if let Some(bits) = block.secret_bits {
                <td>{ thousands(f64::from(bits)) }</td>
            } else {
                <td class="quiet">{ text::distil::UNDER_WAY }</td>
            }
        </tr>
    }
}

/// A bar of the waterfall: what is left, and what was taken since the bar before.
struct Bar {
    /// Its label and its explanation.
    words: (&'static str, &'static str),
    left: f64,
    note: String,
    taken: bool,
}

fn bars(b: &BlockView) -> Vec<Bar> {
    let mut all = Vec::new();
    let mut add = |words, left: f64, note: String, taken| all.push(Bar { words, left, note, taken });
    add(text::distil::DETECTED, b.clicks as f64, text::distil::of_pulses(thousands(b.pulses as f64)), false);
    let (Some(key), check) = (b.key_bits, b.check_bits.unwrap_or(0)) else { return all };
    let other = (b.clicks as f64 - f64::from(key) - f64::from(check)).max(0.0);
    add(text::distil::OTHER_BASIS, -other, String::new(), true);
    add(
        text::distil::CHECK_BITS,
        -f64::from(check),
        b.qber_z.map_or(String::new(), |q| text::distil::qber(percent(q, 2))),
        true,
    );
    add(
        text::distil::SIFTED_KEY,
        f64::from(key),
        b.qber_x.map_or(String::new(), |q| text::distil::qber(percent(q, 2))),
        false,
    );
    let (Some(leak), Some(secret)) = (b.leak_bits, b.secret_bits) else { return all };
    add(
        text::distil::DISCLOSED,
        -f64::from(leak),
        b.efficiency.map_or(String::new(), text::distil::shannon),
        true,
    );
    let rest = f64::from(key) - f64::from(leak) - f64::from(secret);
    add(
        text::distil::MAY_BE_KNOWN,
        -rest,
        b.phase_error.map_or(String::new(), |p| text::distil::phase_error(percent(p, 1))),
        true,
    );
    add(text::distil::SECRET_BITS, f64::from(secret), text::distil::keys(b.keys), false);
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
        let class = match (bar.taken, bar.words) {
            (true, _) => "taken",
            (_, text::distil::SECRET_BITS) => "secret",
            _ => "left",
        };
        html! {
            <li title={bar.words.1}>
                <span class="what">{ bar.words.0 }</span>
                <svg viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
                    <rect class={class} x={format!("{x:.2}")} width={format!("{width:.2}")} height="10" /></svg>
                <b>{ if bar.taken { format!("−{}", thousands(-bar.left)) } else { thousands(bar.left) } }</b>
                <span class="quiet">{ &bar.note }</span>
            </li>
        }
    });
    html! {
        <figure class="waterfall">
            <figcaption>{ text::distil::waterfall(title, bits(block.clicks as f64),
                block.secret_bits.map_or("…".into(), |s| bits(f64::from(s)))) }</figcaption>
            <ol>{ for rows }</ol>
            if let Some(why) = &block.dropped { <p class="bad">{ text::distil::dropped(why) }</p> }
            if !block.trace.is_empty() { { said(block) } }
        </figure>
    }
}

/// The messages of a block and its seal.
fn said(block: &BlockView) -> Html {
    html! {
        <>
            <p class="quiet">{ text::distil::sealed(block.authentication, block.pairs_left) }</p>
            <details class="said">
                <summary title={text::distil::SAID_TIP}>{ text::distil::SAID }</summary>
                <table>
                    <thead><tr><th scope="col">{ text::distil::MESSAGE }</th><th scope="col">{ text::distil::MESSAGES }</th>
                        <th scope="col">{ text::distil::SIZE }</th><th scope="col">{ text::distil::TOLD }</th>
                        <th scope="col">{ text::distil::WHEN }</th></tr></thead>
                    <tbody>{ for block.trace.iter().map(|line| html! {
                        <tr><th scope="row">{ text::distil::message(line.kind, line.by_alice) }</th>
                            <td>{ thousands(f64::from(line.messages)) }</td><td>{ thousands(f64::from(line.bytes)) }</td>
                            <td>{ thousands(f64::from(line.leak_bits)) }</td>
                            <td>{ text::distil::when(line.from_s, line.to_s) }</td></tr>
                    }) }</tbody>
                </table>
            </details>
        </>
    }
}
