//! One line on the car, for those who do not see the map and those who want the figure.

use crate::format::metres;
use crate::shared::Shared;
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
        (Some(_), _, true) => ("arrived after a detour", "bad"),
        (Some(_), _, false) => ("arrived by its planned way", "good"),
        (None, true, true) => ("turned back: it believes the way is blocked", "bad"),
        (None, true, false) => ("believes the way is blocked", "bad"),
        (None, false, true) => ("on its way again after a detour", "bad"),
        (None, false, false) => ("on its planned way", "good"),
    };
    html! {
        <section class="car-line" aria-label="The car"><b>{ "Car" }</b>
            <span class="quiet">{ format!("{:.0} km/h, {} of {}", car.speed_mps * 3.6, metres(car.driven_m),
                metres(props.scene.planned_m)) }</span>
            <span class={class}>{ said }</span></section>
    }
}
