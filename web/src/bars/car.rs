//! One line on the car, for those who do not see the map and those who want the figure.

use crate::format::metres;
use crate::shared::Shared;
use crate::text;
use keyway_core::sim::snapshot::{Scene, Snapshot};
use yew::prelude::*;

/// Properties of [`CarLine`].
#[derive(PartialEq, Properties)]
pub struct CarProps {
    /// What does not move.
    pub scene: Shared<Scene>,
    /// This instant.
    pub shot: Shared<Snapshot>,
}

/// The car in one line.
#[component(CarLine)]
pub fn car_line(props: &CarProps) -> Html {
    let car = &props.shot.car;
    let (said, class) = match (car.arrived_s, car.believes_blocked, car.left_plan) {
        (Some(_), _, true) => (text::car::ARRIVED_LATE, "bad"),
        (Some(_), _, false) => (text::car::ARRIVED, "good"),
        (None, true, true) => (text::car::TURNED, "bad"),
        (None, true, false) => (text::car::BLOCKED, "bad"),
        (None, false, true) => (text::car::AGAIN, "bad"),
        (None, false, false) => (text::car::PLANNED, "good"),
    };
    html! {
        <section class="car-line" aria-label={text::car::REGION}><b>{ text::car::HEAD }</b>
            <span class="quiet">{ text::car::going(car.speed_mps * 3.6, metres(car.driven_m),
                metres(props.scene.planned_m)) }</span>
            <span class={class}>{ said }</span></section>
    }
}
