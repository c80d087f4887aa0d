//! What the pointer is on among the things that move: the canvas takes no pointer, so the nearest is looked for here.

use super::callout::Callout;
use super::canvas::Projection;
use crate::action::{Action, Pick};
use crate::format::metres;
use crate::text;
use keyway_core::sim::snapshot::{Scene, Snapshot, Verdict};
use leaflet::{Evented, EventedHandle, Map, MouseEvent};
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use web_sys::HtmlElement;

/// Nearer than this is on it, pixels.
const NEAR_PX: f64 = 14.0;

/// Nearer than this is hit by a click or a finger, pixels.
const TOUCH_PX: f64 = 18.0;
/// So many road users can be picked: with a thousand of them there is nothing to aim at.
const PICKABLE: usize = 40;

/// What can be picked, with its place on the map.
type Things = Rc<RefCell<Vec<(Pick, (f64, f64))>>>;

/// The label at the pointer.
pub struct Hover {
    label: Callout,
    pointer: Rc<Cell<Option<(f64, f64)>>>,
    _moves: EventedHandle<MouseEvent>,
    _leaves: EventedHandle<MouseEvent>,
    /// What can be picked, and where it was drawn last.
    things: Things,
    _clicks: EventedHandle<MouseEvent>,
}

impl Hover {
    pub fn new(map: &Map, container: &HtmlElement, act: &yew::Callback<Action>) -> Option<Self> {
        let things = Things::default();
        let pointer = Rc::new(Cell::new(None));
        let (moved, left) = (pointer.clone(), pointer.clone());
        let moves = Evented::on_leaflet_event(&map, "mousemove", move |e: MouseEvent| {
            let at = e.container_point();
            moved.set(Some((at.x(), at.y())));
        });
        let leaves = Evented::on_leaflet_event(&map, "mouseout", move |_: MouseEvent| left.set(None));
        let clicks = {
            let (things, act, pointer) = (things.clone(), act.clone(), pointer.clone());
            Evented::on_leaflet_event(&map, "click", move |e: MouseEvent| {
                let at = e.container_point();
                let hit = |(_, (x, y)): &&(Pick, (f64, f64))| libm::hypot(at.x() - x, at.y() - y) < TOUCH_PX;
                let near = things.borrow().iter().find(hit).map(|(pick, _)| pick.clone());
                if let Some(pick) = near {
                    // Its card may open under the pointer, which then leaves the map without a word.
                    pointer.set(None);
                    act.emit(Action::Pick(Some(pick)));
                }
            })
        };
        let label = Callout::new(container, "hover")?;
        Some(Self { label, pointer, _moves: moves, _leaves: leaves, things, _clicks: clicks })
    }

    /// Shows what is under the pointer.
    pub fn draw(&self, at: &Projection, scene: &Scene, shot: &Snapshot, car: Option<(f64, f64)>) {
        let near = |place: (f64, f64)| {
            let pointer = self.pointer.get()?;
            let away = libm::hypot(pointer.0 - place.0, pointer.1 - place.1);
            (away < NEAR_PX).then_some(place)
        };
        {
            let mut things = self.things.borrow_mut();
            things.clear();
            things.extend(car.map(|place| (Pick::Car, place)));
            let users = shot.road_users.iter().take(PICKABLE);
            things.extend(users.map(|u| (Pick::User(u.user), at.at(u.position))));
        }
        if let Some(place) = car.and_then(near) {
            self.label.say(text::map::CAR, &of_car(shot));
            self.label.place(Some(place), at.size);
        } else if let Some((object, place)) =
            shot.objects.iter().find_map(|o| near(at.at(o.position)).map(|place| (o, place)))
        {
            let head = if object.faked { text::map::FAKED_OBJECT } else { text::map::OBJECT };
            let believed = object.verdict == Verdict::Accepted;
            self.label
                .say(head, if believed { text::map::OBJECT_BELIEVED } else { text::map::OBJECT_DROPPED });
            self.label.place(Some(place), at.size);
        } else if let Some((user, place)) =
            shot.road_users.iter().find_map(|u| near(at.at(u.position)).map(|place| (u, place)))
        {
            let (id, kind) = scene.road_users.get(user.user as usize).map_or(("", ""), |u| (&u.id, &u.kind));
            self.label.say(id, kind);
            self.label.place(Some(place), at.size);
        } else {
            self.label.place(None, at.size);
        }
    }
}

/// The car in one line.
pub fn of_car(shot: &Snapshot) -> String {
    let state = if shot.car.believes_blocked { text::car::BELIEVES_BLOCKED } else { text::car::ON_ITS_WAY };
    text::car::under_pointer(shot.car.speed_mps * 3.6, metres(shot.car.driven_m), state)
}
