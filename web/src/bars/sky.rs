//! Sun and weather over the roofs, in a picture and a few words.

use crate::action::{Action, Tab};
use crate::format::{hour, kilometres, rain, speed_mps};
use crate::text;
use keyway_core::sim::snapshot::{Knobs, SkyState};
use yew::prelude::*;

/// Gusts from this speed on are told, metres a second: terminals are put away from gales.
const GUSTY_MPS: f64 = 12.0;

/// Properties of [`Sky`].
#[derive(PartialEq, Properties)]
pub struct SkyProps {
    /// What a visitor does.
    pub act: Callback<Action>,
    /// Sun, wind, snow.
    pub sky: SkyState,
    /// Visibility and rain.
    pub knobs: Knobs,
}

/// The weather in one line; it opens the laboratory.
#[component(Sky)]
pub fn sky(props: &SkyProps) -> Html {
    let SkyProps { act, sky, knobs } = props;
    let mut words =
        vec![format!("{} ({})", text::sky::sight(knobs.visibility_km), kilometres(knobs.visibility_km))];
    if knobs.rain_mm_h > 0.0 {
        words.push(format!("{} {}", text::sky::rain(knobs.rain_mm_h), rain(knobs.rain_mm_h)));
    }
    if sky.snow_mm_h > 0.0 {
        words.push(text::sky::snow(sky.snow_mm_h));
    }
    if sky.gust_mps >= GUSTY_MPS {
        words.push(text::sky::gusts(speed_mps(sky.gust_mps)));
    }
    html! {
        <button class="sky" id="sky" title={text::sky::TIP} onclick={act.reform(|_| Action::Tab(Tab::Lab))}>
            <SunPicture hour_utc={sky.hour_utc} elevation_deg={sky.sun_elevation_deg} />
            <span>{ format!("{}, {}", hour(sky.hour_utc), text::sky::sun(sky.sun_elevation_deg)) }</span>
            <span class="weather">{ words.join(", ") }</span></button>
    }
}

/// Properties of [`SunPicture`].
#[derive(PartialEq, Properties)]
pub struct SunProps {
    /// Hour of the day in UTC.
    pub hour_utc: f64,
    /// Elevation of the sun, degrees.
    pub elevation_deg: f64,
}

/// The sun over or under the horizon: full over it, hollow under it, from left to right through the day.
#[component(SunPicture)]
pub fn sun_picture(props: &SunProps) -> Html {
    let x = 5.0 + props.hour_utc.clamp(0.0, 24.0) / 24.0 * 30.0;
    let y = 9.0 - props.elevation_deg.clamp(-60.0, 60.0) / 60.0 * 6.0;
    let under = props.elevation_deg < -0.833;
    html! {
        <svg class="sun-picture" viewBox="0 0 40 18" aria-hidden="true"><path d="M1 9h38" />
            <circle class={classes!("sun", under.then_some("under"))} cx={format!("{x:.1}")} cy={format!("{y:.1}")} r="3" /></svg>
    }
}
