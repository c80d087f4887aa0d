//! A sparkline: the last minute of a level between 0 and 1.

use yew::prelude::*;

/// Properties of [`Spark`].
#[derive(PartialEq, Properties)]
pub struct SparkProps {
    /// Oldest first.
    pub points: Vec<f32>,
}

/// A sparkline. It is decoration: the figures stand beside it.
#[component(Spark)]
pub fn spark(props: &SparkProps) -> Html {
    const W: f32 = 76.0;
    const H: f32 = 18.0;
    let step = W / 59.0;
    let shift = W - step * props.points.len().saturating_sub(1) as f32;
    let at = |(i, v): (usize, &f32)| {
        format!("{:.1},{:.1}", shift + i as f32 * step, 1.0 + (1.0 - v.clamp(0.0, 1.0)) * (H - 2.0))
    };
    let points = props.points.iter().enumerate().map(at).collect::<Vec<_>>().join(" ");
    html! {
        <svg class="spark" viewBox="0 0 76 18" aria-hidden="true"><polyline {points} /></svg>
    }
}
