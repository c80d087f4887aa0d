//! Key pools: how full each link's store is, how fast it fills and drains, and how long it lasts.

use super::Ctx;
use super::spark::Spark;
use crate::action::{Action, Pick};
use crate::format::{bits, percent, rate_parts, span, thousands};
use crate::text;
use keyway_core::sim::snapshot::PoolState;
use yew::prelude::*;

/// A pool below this share is said to run low.
const LOW: f64 = 0.25;
/// Links that stand by are woken above this share: draining down to it is nothing to be told of.
const HALF: f64 = 0.5;
/// A pool that lasts longer than this is not said to run out, seconds.
const SOON_S: f64 = 600.0;

/// A pool that lasts no longer than this is in danger, seconds.
const VERY_SOON_S: f64 = 30.0;

/// What a pool's state is called, and its colour's class.
fn words(pool: &PoolState, share: f64) -> (String, &'static str) {
    let draining = pool.out_bps - pool.in_bps;
    let left_s = pool.level_bits / draining.max(1e-9);
    if pool.level_bits < 1.0 {
        (text::keys::EMPTY.into(), "bad")
    } else if pool.level_bits <= pool.reserve_bits {
        (text::keys::reserve_only(percent(share, 0)), "bad")
    } else if draining > 0.5 && left_s < SOON_S && share < HALF {
        let class = match left_s {
            s if s < VERY_SOON_S => "bad",
            s if s < 6.0 * VERY_SOON_S || share < LOW => "low",
            _ => "well",
        };
        (text::keys::empty_in(span(left_s)), class)
    } else if share > 0.995 {
        (text::keys::FULL.into(), "well")
    } else {
        (percent(share, 0), if share < LOW { "low" } else { "well" })
    }
}

pub fn body(ctx: &Ctx) -> Html {
    let counts = &ctx.shot.counts;
    html! {
        <>
            <ul class="pools">
                { for ctx.scene.links.iter().zip(&ctx.shot.pools).enumerate().map(|(i, (link, pool))| {
                    let age = |t: &f64| (ctx.shot.t_s - t) as f32;
                    let points = ctx.levels.iter().filter_map(|(t, l)| Some((age(t), *l.get(i)?))).collect();
                    let pick = ctx.act.reform(move |_: MouseEvent| Action::Pick(Some(Pick::Link(i as u32))));
                    pool_row(&link.name, pool, points, pick)
                }) }
            </ul>
            <p class="sum quiet">
                { text::keys::sum(bits(counts.secret_bits as f64), thousands(f64::from(counts.keys_delivered))) }
            </p>
        </>
    }
}

fn pool_row(name: &str, pool: &PoolState, points: Vec<(f32, f32)>, pick: Callback<MouseEvent>) -> Html {
    let capacity = pool.capacity_bits.max(1.0);
    let share = (pool.level_bits / capacity).clamp(0.0, 1.0);
    let tick = (pool.reserve_bits / capacity).clamp(0.0, 1.0) * 100.0;
    let (said, class) = words(pool, share);
    // One unit for both figures, that of the larger.
    let unit = rate_parts(pool.in_bps.max(pool.out_bps)).1;
    let scale = match unit {
        "Mbit/s" => 1e6,
        "kbit/s" => 1e3,
        _ => 1.0,
    };
    let decimals = if scale > 1.0 { 2 } else { 0 };
    let rate = |bps: f64| format!("{:.decimals$}", bps / scale);
    let tip = text::keys::pool_tip(bits(pool.level_bits), bits(pool.capacity_bits));
    html! {
        <li class={classes!("pool", class)} title={tip}>
            <div class="row"><button class="name" onclick={pick}>{ name }</button>
                <span class="quiet rates">
                    { text::keys::rates(rate(pool.in_bps), rate(pool.out_bps), unit) }
                </span>
            </div>
            <div class="row gauge-row">
                <div class="gauge" role="meter" aria-label={text::keys::pool(name)} aria-valuemin="0"
                    aria-valuemax="100" aria-valuenow={format!("{:.0}", share * 100.0)} aria-valuetext={said.clone()}>
                    <svg viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
                        <rect class="hollow" width="100" height="10" />
                        <rect class="level" width={format!("{:.2}", share * 100.0)} height="10" />
                        <rect class="tick" x={format!("{tick:.2}")} width="0.8" height="10" />
                    </svg>
                </div>
                <Spark {points} />
                <span class="said">{ said }</span>
            </div>
        </li>
    }
}
