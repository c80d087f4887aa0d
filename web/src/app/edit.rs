//! The scenario's editor on the map: handles to drag, clicks that place things. It changes the document and nothing
//! else; what cannot be is said by the same checks that a file goes through, while the run before it goes on.

use super::App;
use crate::action::{EditAction, Tool};
use crate::map::Handle;
use crate::text;
use keyway_core::ground::{GeoPoint, Plane};
use serde_json::{Value, json};
use yew::prelude::*;

/// A map being edited.
#[derive(Debug, Default)]
pub struct Editor {
    pub tool: Tool,
    /// Points of a way under way.
    pub route: Vec<GeoPoint>,
}

fn point(p: GeoPoint) -> Value {
    let short = |x: f64| (x * 1e7).round() / 1e7;
    json!([short(p.lon), short(p.lat)])
}

fn place(value: &Value) -> Option<GeoPoint> {
    Some(GeoPoint { lon: value.get(0)?.as_f64()?, lat: value.get(1)?.as_f64()? })
}

fn text_at<'a>(value: &'a Value, name: &str) -> &'a str {
    value.get(name).and_then(Value::as_str).unwrap_or_default()
}

/// Items of a list of the scenario.
fn list<'a>(doc: &'a Value, name: &str) -> &'a [Value] {
    doc.get(name).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

/// The item of a list nearest to a place, among those that `wanted` takes.
fn nearest(items: &[Value], p: GeoPoint, wanted: impl Fn(&Value) -> bool) -> Option<&Value> {
    let plane = Plane::new(p);
    let away = |v: &Value| {
        let at = v.get("position").or_else(|| v.get("points")?.get(0)).and_then(place)?;
        Some(plane.point_from_geo(at).distance_m(plane.point_from_geo(p)))
    };
    let with = items.iter().filter(|v| wanted(v)).filter_map(|v| Some((v, away(v)?)));
    with.min_by(|a, b| a.1.total_cmp(&b.1)).map(|(v, _)| v)
}

/// A name of this stem that nothing in the list bears.
fn free_name(items: &[Value], stem: &str) -> String {
    let taken = |name: &str| items.iter().any(|v| text_at(v, "id") == name);
    (1..).map(|n| format!("{stem}{n}")).find(|name| !taken(name)).unwrap_or_else(|| stem.into())
}

fn push(doc: &mut Value, name: &str, item: Value) {
    if let Some(items) = doc.get_mut(name).and_then(Value::as_array_mut) {
        items.push(item);
    }
}

/// What is added to a scenario by a click at a place; `None` where it does not fit, with the reason.
fn placed(doc: &Value, tool: Tool, p: GeoPoint) -> Result<Value, &'static str> {
    let mut doc = doc.clone();
    match tool {
        Tool::Terminal => {
            let id = free_name(list(&doc, "terminals"), "roof-");
            let hosts: Vec<Value> = list(&doc["map"], "buildings").to_vec();
            let host = nearest(&hosts, p, |_| true).ok_or(text::edit::NO_BUILDING)?;
            let height_m = host.get("height_m").and_then(Value::as_f64).unwrap_or(15.0);
            let item = json!({ "id": id, "name": text::edit::new_roof(id.trim_start_matches("roof-")), "position": point(p),
                "height_m": height_m, "host": text_at(host, "id") });
            // A roof without a link is of no use: one goes to the nearest.
            if let Some(other) =
                nearest(list(&doc, "terminals"), p, |_| true).map(|t| text_at(t, "id").to_owned())
            {
                push(&mut doc, "links", json!({ "id": format!("{other}-{id}"), "a": other, "b": id }));
            }
            push(&mut doc, "terminals", item);
        }
        Tool::Rsu => {
            let id = free_name(list(&doc, "rsus"), "rsu");
            let gateway = text_at(&doc["gateway"], "terminal").to_owned();
            let roof = nearest(list(&doc, "terminals"), p, |t| text_at(t, "id") != gateway)
                .ok_or(text::edit::NO_ROOF)?;
            let station =
                list(&doc, "rsus").iter().filter_map(|r| r.get("station")?.as_u64()).max().unwrap_or(100) + 1;
            let item = json!({ "id": id, "name": text::edit::new_rsu(id.trim_start_matches("rsu")), "station": station, "position": point(p),
                "range_m": 250, "mount": "fixed", "terminal": text_at(roof, "id") });
            push(&mut doc, "rsus", item);
        }
        Tool::Car => doc["vehicle"]["start"] = point(p),
        Tool::Attacker => {
            if doc["attacker"].is_null() {
                let plane = Plane::new(p);
                let objects: Vec<Value> = (0..3)
                    .map(|i| {
                        let at = keyway_core::ground::Point { x_m: 4.0 * f64::from(i), y_m: 60.0 };
                        point(plane.geo_from_point(at))
                    })
                    .collect();
                let claims =
                    list(&doc, "rsus").first().and_then(|r| r.get("station").cloned()).unwrap_or(json!(101));
                doc["attacker"] = json!({ "id": "rsu-x", "name": text::edit::NEW_ATTACKER, "station": 666,
                    "claims_station": claims, "position": point(p), "range_m": 250, "start_s": 30, "end_s": 330,
                    "period_s": 0.5, "objects": objects, "on": true });
            } else {
                doc["attacker"]["position"] = point(p);
            }
        }
        Tool::Move | Tool::Walker | Tool::Traffic | Tool::Route => {}
    }
    Ok(doc)
}

/// The scenario with a way that was drawn, of two points at least.
fn drawn(doc: &Value, tool: Tool, route: Vec<GeoPoint>) -> Value {
    let mut doc = doc.clone();
    let mut points: Vec<Value> = route.into_iter().map(point).collect();
    if tool == Tool::Route {
        doc["vehicle"]["finish"] = points.pop().unwrap_or_default();
        doc["vehicle"]["start"] = points.remove(0);
        doc["vehicle"]["via"] = points.into();
        return doc;
    }
    let (stem, kind, speed_mps) = match tool {
        Tool::Traffic => ("car-", "car", 8.0),
        _ => ("walker-", "pedestrian", 1.4),
    };
    let id = free_name(list(&doc, "road_users"), stem);
    let item = json!({ "id": id, "kind": kind, "points": points, "speed_mps": speed_mps, "depart_s": 0 });
    push(&mut doc, "road_users", item);
    doc
}

/// The handles of a scenario: what can be dragged, with its place in the document.
fn handles(doc: &Value) -> Vec<Handle> {
    let mut all = Vec::new();
    let mut add = |pointer: String, class: &'static str, name: String, removable: bool| {
        if let Some(at) = doc.pointer(&pointer).and_then(place) {
            all.push(Handle { pointer, class, name, at, removable });
        }
    };
    // Cameras first: a road-side unit at the same place lies above its own.
    for (list_name, class) in [("cameras", "h-camera"), ("terminals", "h-roof"), ("rsus", "h-rsu")] {
        for (i, item) in list(doc, list_name).iter().enumerate() {
            let name = if class == "h-camera" { text_at(item, "id") } else { text_at(item, "name") };
            add(format!("/{list_name}/{i}/position"), class, name.into(), true);
        }
    }
    add("/gateway/position".into(), "h-gateway", text::edit::GATEWAY.into(), false);
    add("/attacker/position".into(), "h-attacker", text::edit::ATTACKER.into(), true);
    for i in 0..list(&doc["attacker"], "objects").len() {
        add(format!("/attacker/objects/{i}"), "h-object", text::edit::faked_object(i + 1), false);
    }
    add("/vehicle/start".into(), "h-car", text::edit::START.into(), false);
    for i in 0..list(&doc["vehicle"], "via").len() {
        add(format!("/vehicle/via/{i}"), "h-via", text::edit::way_point(i + 1), false);
    }
    add("/vehicle/finish".into(), "h-finish", text::edit::FINISH.into(), false);
    all
}

/// The scenario with a thing elsewhere. The cameras of a road-side unit that stand on it go with it.
fn moved(doc: &Value, pointer: &str, p: GeoPoint) -> Value {
    let mut doc = doc.clone();
    let old = doc.pointer(pointer).cloned();
    let rsu = pointer.strip_prefix("/rsus/").and_then(|rest| rest.strip_suffix("/position"));
    let id = rsu.and_then(|i| Some(text_at(doc.pointer(&format!("/rsus/{i}"))?, "id").to_owned()));
    if let Some(cameras) = doc.get_mut("cameras").and_then(Value::as_array_mut).filter(|_| id.is_some()) {
        for camera in cameras {
            if Some(text_at(camera, "rsu")) == id.as_deref() && camera.get("position") == old.as_ref() {
                camera["position"] = point(p);
            }
        }
    }
    if let Some(place) = doc.pointer_mut(pointer) {
        *place = point(p);
    }
    doc
}

/// The scenario without a thing; what hangs on it goes too.
fn without(doc: &Value, pointer: &str) -> Option<Value> {
    let mut doc = doc.clone();
    let mut parts = pointer.trim_start_matches('/').split('/');
    let name = parts.next()?;
    if name == "attacker" {
        doc["attacker"] = Value::Null;
        return Some(doc);
    }
    let i: usize = parts.next()?.parse().ok()?;
    let items = doc.get_mut(name)?.as_array_mut()?;
    if i >= items.len() {
        return None;
    }
    let id = text_at(&items.remove(i), "id").to_owned();
    let mut drop_where = |list: &str, field: &str| {
        if let Some(items) = doc.get_mut(list).and_then(Value::as_array_mut) {
            items.retain(|v| text_at(v, field) != id);
        }
    };
    match name {
        "terminals" => ["a", "b"].into_iter().for_each(|end| drop_where("links", end)),
        "rsus" => drop_where("cameras", "rsu"),
        _ => {}
    }
    Some(doc)
}

impl App {
    pub(super) fn edit(&mut self, ctx: &Context<Self>, action: EditAction) {
        match action {
            EditAction::Toggle => {
                self.editor = match self.editor {
                    Some(_) => None,
                    None => Some(Editor::default()),
                };
                if self.editor.is_some() {
                    self.clock.playing = false;
                }
            }
            EditAction::Tool(tool) => {
                if let Some(editor) = &mut self.editor {
                    *editor = Editor { tool, ..Editor::default() };
                }
            }
            EditAction::At(p) => self.edit_at(ctx, p),
            EditAction::Move(pointer, p) => {
                let doc = moved(self.document.now(), &pointer, p);
                self.document.put(doc);
                self.try_document();
            }
            EditAction::Remove(pointer) => {
                if let Some(doc) = without(self.document.now(), &pointer) {
                    self.document.put(doc);
                    self.try_document();
                }
            }
            EditAction::Finish => self.finish_route(),
        }
        self.editor_follows();
    }

    fn edit_at(&mut self, ctx: &Context<Self>, p: GeoPoint) {
        let Some(editor) = &mut self.editor else { return };
        match editor.tool {
            Tool::Move => {}
            tool if tool.draws() => editor.route.push(p),
            tool => match placed(self.document.now(), tool, p) {
                Ok(doc) => {
                    self.document.put(doc);
                    self.try_document();
                }
                Err(why) => self.say(ctx, why.into()),
            },
        }
    }

    fn finish_route(&mut self) {
        let Some(editor) = &mut self.editor else { return };
        let route = std::mem::take(&mut editor.route);
        if route.len() < 2 {
            return;
        }
        let doc = drawn(self.document.now(), editor.tool, route);
        self.document.put(doc);
        self.try_document();
    }

    /// The handles on the map are those of the document.
    pub(super) fn editor_follows(&self) {
        let handles = self.editor.as_ref().map(|_| handles(self.document.now()));
        let route = self.editor.as_ref().map_or(&[][..], |e| &e.route);
        self.map.set_handles(handles, route);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use keyway_core::sim::Scenario;

    fn campus() -> Value {
        serde_json::from_str(&Scenario::warwick().to_json()).unwrap()
    }

    const HERE: GeoPoint = GeoPoint { lon: -1.5605, lat: 52.3817 };

    #[test]
    fn what_is_placed_makes_a_good_scenario() {
        for tool in [Tool::Terminal, Tool::Rsu, Tool::Attacker] {
            let doc = placed(&campus(), tool, HERE).unwrap();
            assert_ne!(doc, campus());
            Scenario::from_json(&doc.to_string()).unwrap_or_else(|e| panic!("{tool:?}: {e}"));
        }
        let mut none = campus();
        none["attacker"] = Value::Null;
        Scenario::from_json(&placed(&none, Tool::Attacker, HERE).unwrap().to_string()).unwrap();
    }

    #[test]
    fn ways_that_are_drawn_make_a_good_scenario() {
        let doc = campus();
        let start = place(&doc["vehicle"]["start"]).unwrap();
        let finish = place(&doc["vehicle"]["finish"]).unwrap();
        let via = place(&doc["vehicle"]["via"][0]).unwrap();
        for tool in [Tool::Route, Tool::Traffic, Tool::Walker] {
            let made = drawn(&doc, tool, vec![start, via, finish]);
            assert_ne!(made, doc);
            Scenario::from_json(&made.to_string()).unwrap_or_else(|e| panic!("{tool:?}: {e}"));
        }
    }

    #[test]
    fn each_handle_stands_where_the_document_says_and_can_be_moved() {
        let doc = campus();
        let all = handles(&doc);
        assert!(all.len() > 30);
        for handle in all {
            let mut moved = doc.clone();
            *moved.pointer_mut(&handle.pointer).unwrap() = point(HERE);
            assert_ne!(moved, doc, "{}", handle.name);
        }
    }

    #[test]
    fn a_camera_on_a_road_side_unit_moves_with_it() {
        let doc = moved(&campus(), "/rsus/0/position", HERE);
        assert_eq!(doc["cameras"][0]["position"], doc["rsus"][0]["position"]);
        assert_ne!(doc["cameras"][1]["position"], doc["rsus"][0]["position"]);
    }

    #[test]
    fn what_hangs_on_a_thing_goes_with_it() {
        let doc = without(&campus(), "/terminals/6/position").unwrap();
        assert!(list(&doc, "links").iter().all(|l| text_at(l, "b") != "wbs" && text_at(l, "a") != "wbs"));
        assert!(without(&campus(), "/attacker/position").unwrap()["attacker"].is_null());
        assert!(without(&campus(), "/rsus/99/position").is_none());
    }
}
