//! The car, the other road users, and what messages say is on the road.

use super::canvas::{Pen, Projection};
use super::glide::{Glide, Pose};
use keyway_core::sim::snapshot::{ObjectState, Scene, Snapshot, Verdict};

/// No road user's shape reaches further than this from its middle, pixels.
const USER_PX: f64 = 8.0;
/// Width of the border about it, pixels.
const BORDER_PX: f64 = 1.0;

/// What glides over the street.
#[derive(Debug, Default)]
pub struct Movers {
    car: Option<Glide>,
    /// By their numbers in the scene.
    users: Vec<Option<Glide>>,
}

impl Movers {
    /// An instant came.
    pub fn take(&mut self, shot: &Snapshot) {
        let t_s = shot.t_s;
        if let Some(place) = shot.car.position {
            let pose = Pose { place, heading_deg: shot.car.heading_deg };
            self.car.get_or_insert_with(|| Glide::new(pose, t_s)).take(pose, t_s);
        }
        for user in &shot.road_users {
            let pose = Pose { place: user.position, heading_deg: user.heading_deg };
            let n = user.user as usize;
            if self.users.len() <= n {
                self.users.resize(n + 1, None);
            }
            match &mut self.users[n] {
                Some(glide) => glide.take(pose, t_s),
                none => *none = Some(Glide::new(pose, t_s)),
            }
        }
    }

    /// All stand where the next instant says.
    pub fn jump(&mut self) {
        *self = Self::default();
    }

    /// Where the car is shown.
    pub fn car(&self, t_s: f64) -> Option<Pose> {
        self.car.map(|c| c.shown(t_s))
    }

    /// Draws the road users.
    pub fn draw_users(&self, pen: &Pen<'_>, at: &Projection, scene: &Scene, shot: &Snapshot) {
        // Each in a path of its own, its border a larger shape beneath it: small convex shapes are filled at once, while a
        // path of a thousand of them, or their strokes, take most of a frame where there is no graphics hardware.
        for user in &shot.road_users {
            let glide = self.users.get(user.user as usize).copied().flatten();
            let Some(pose) = glide.map(|u| u.shown(shot.t_s)) else { continue };
            let place = at.at(pose.place);
            if !at.shows(place, USER_PX) {
                continue;
            }
            let kind = scene.road_users.get(user.user as usize).map_or("", |u| u.kind.as_str());
            let half = match kind {
                "pedestrian" => (2.8, 2.8),
                "cyclist" => (2.4, 5.2),
                _ => (3.0, 6.0),
            };
            for (grown, colour) in [(BORDER_PX, &pen.palette.land), (0.0, &pen.palette.mute)] {
                let (w, h) = (half.0 + grown, half.1 + grown);
                match kind {
                    "pedestrian" => pen.circle(place, w),
                    "cyclist" => {
                        shape(pen, place, pose.heading_deg, &[(0.0, -h), (w, 0.0), (0.0, h), (-w, 0.0)])
                    }
                    _ => shape(pen, place, pose.heading_deg, &[(-w, -h), (w, -h), (w, h), (-w, h)]),
                }
                pen.fill(colour, 1.0);
            }
        }
    }

    /// Draws the car about `centre`.
    pub fn draw_car(&self, pen: &Pen<'_>, centre: (f64, f64), shot: &Snapshot) {
        let Some(pose) = self.car(shot.t_s) else { return };
        let fooled = shot.car.believes_blocked;
        pen.circle(centre, 16.0);
        pen.fill(if fooled { &pen.palette.bad } else { &pen.palette.good }, 0.24);
        shape(pen, centre, pose.heading_deg, &[(0.0, -11.5), (7.8, 9.0), (0.0, 5.2), (-7.8, 9.0)]);
        pen.fill(&pen.palette.car, 1.0);
        pen.stroke(&pen.palette.land, 1.6, 1.0);
    }
}

/// A closed shape about a centre, drawn as if it faced north, turned to where it faces.
fn shape(pen: &Pen<'_>, (x, y): (f64, f64), heading_deg: f64, corners: &[(f64, f64)]) {
    let (sin, cos) = (libm::sin(heading_deg.to_radians()), libm::cos(heading_deg.to_radians()));
    pen.polyline(corners.iter().map(|(cx, cy)| (x + cx * cos - cy * sin, y + cx * sin + cy * cos)));
    pen.c.close_path();
}

/// What messages say is on the road: real objects as small rings, faked ones as crossed squares, solid where the car
/// believes them.
pub fn draw_objects(pen: &Pen<'_>, at: &Projection, objects: &[ObjectState]) {
    for object in objects {
        let (x, y) = at.at(object.position);
        if !at.shows((x, y), USER_PX) {
            continue;
        }
        let alpha = (1.0 - object.age_s / 3.0).clamp(0.25, 1.0);
        if !object.faked {
            pen.circle((x, y), 5.5);
            let seen = object.verdict == Verdict::Accepted;
            pen.stroke(if seen { &pen.palette.good } else { &pen.palette.mute }, 1.4, alpha * 0.8);
            continue;
        }
        let r = 6.5;
        pen.polyline([(x - r, y - r), (x + r, y - r), (x + r, y + r), (x - r, y + r)].into_iter());
        pen.c.close_path();
        let believed = object.verdict == Verdict::Accepted;
        pen.fill(&pen.palette.bad, if believed { 0.45 } else { 0.08 });
        if !believed {
            pen.dash(&[3.0, 2.0]);
        }
        pen.stroke(&pen.palette.bad, 1.8, 1.0);
        pen.dash(&[]);
        pen.polyline([(x - r, y - r), (x + r, y + r)].into_iter());
        pen.extend([(x + r, y - r), (x - r, y + r)].into_iter());
        pen.stroke(&pen.palette.bad, 1.8, 1.0);
    }
}
