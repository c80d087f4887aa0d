//! A sparkline: the last minute of a level between 0 and 1.

use yew::prelude::*;

/// How long it looks back, seconds.
const SPAN_S: f32 = 60.0;

/// Properties of [`Spark`].
#[derive(PartialEq, Properties)]
pub struct SparkProps {
    /// Ages in seconds and levels, oldest first.
    pub points: Vec<(f32, f32)>,
}

/// A sparkline. It is decoration: the figures stand beside it.
#[component(Spark)]
pub fn spark(props: &SparkProps) -> Html {
    const W: f32 = 76.0;
    const H: f32 = 18.0;
    let at = |(age_s, v): &(f32, f32)| {
        format!("{:.1},{:.1}", W * (1.0 - age_s / SPAN_S), 1.0 + (1.0 - v.clamp(0.0, 1.0)) * (H - 2.0))
    };
    let points =
        props.points.iter().filter(|(age_s, _)| *age_s <= SPAN_S).map(at).collect::<Vec<_>>().join(" ");
    html! {
        <svg class="spark" viewBox="0 0 76 18" aria-hidden="true"><polyline {points} /></svg>
    }
}
