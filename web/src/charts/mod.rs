//! Time series, drawn by uPlot: the one place that knows it. A chart shows the whole known run with a line at now; its
//! legend gives each value in figures, so that nothing is told by colour alone.

mod picture;
mod series;

use crate::action::Action;
use crate::format::{clock, clock_short};
use crate::shared::Shared;
use crate::text;
use js_sys::{Array, Float64Array, Function, Object, Reflect};
pub use series::Series;
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use web_sys::HtmlElement;
use yew::prelude::*;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_name = uPlot)]
    #[derive(Clone)]
    type Plot;
    #[wasm_bindgen(constructor, js_class = uPlot, catch)]
    fn new(options: &Object, data: &Array, target: &HtmlElement) -> Result<Plot, JsValue>;
    #[wasm_bindgen(method, js_name = setData)]
    fn set_data(this: &Plot, data: &Array);
    #[wasm_bindgen(method, js_name = setSize)]
    fn set_size(this: &Plot, size: &Object);
    #[wasm_bindgen(method)]
    fn redraw(this: &Plot, rebuild_paths: bool);
    #[wasm_bindgen(method)]
    fn destroy(this: &Plot);
}

/// Height of a chart, pixels.
const HEIGHT_PX: f64 = 132.0;
/// Colours on offer, `--c1` and on in the style sheet.
const COLOURS: usize = 7;
/// Dashes, one a line, so that the first lines of a chart differ without their colours. After these the colours begin
/// again one dash further on: no two of 49 lines look alike.
const DASHES: [&[f64]; 7] = [
    &[],
    &[9.0, 4.0],
    &[2.0, 3.0],
    &[9.0, 3.0, 2.0, 3.0],
    &[16.0, 4.0],
    &[4.0, 3.0],
    &[9.0, 3.0, 2.0, 3.0, 2.0, 3.0],
];

/// Properties of [`Chart`].
#[derive(PartialEq, Properties)]
pub struct ChartProps {
    /// What is drawn: its title.
    pub title: AttrValue,
    /// Unit of its values.
    pub unit: AttrValue,
    /// All series.
    pub series: Shared<Series>,
    /// The channels of this chart.
    pub members: Vec<usize>,
    /// Now, seconds.
    pub t_s: f64,
    /// The theme: another one makes the chart anew.
    pub theme: &'static str,
    /// What a visitor does.
    pub act: Callback<Action>,
}

/// The chart itself, kept across drawings.
struct Kept {
    plot: Plot,
    sight: Rc<Sight>,
    _seen: Closure<dyn FnMut(Array)>,
    eye: Option<web_sys::IntersectionObserver>,
    now_s: Rc<Cell<f64>>,
    _draw: Closure<dyn Fn(JsValue)>,
    _clock: Closure<dyn Fn(JsValue, Array) -> Array>,
    _resized: Closure<dyn FnMut()>,
    observer: Option<web_sys::ResizeObserver>,
}

impl Drop for Kept {
    fn drop(&mut self) {
        if let Some(observer) = &self.observer {
            observer.disconnect();
        }
        if let Some(eye) = &self.eye {
            eye.disconnect();
        }
        self.plot.destroy();
    }
}

/// A chart is drawn only while it is in sight: drawing is dear.
#[derive(Default)]
struct Sight {
    visible: Cell<bool>,
    /// What it shows next, and what it was drawn of.
    newest: RefCell<Option<(Shared<Series>, Vec<usize>)>>,
    drawn: RefCell<Option<Shared<Series>>>,
}

impl Sight {
    fn draw(&self, plot: &Plot) {
        let newest = self.newest.borrow();
        let Some((series, members)) = newest.as_ref().filter(|_| self.visible.get()) else { return };
        // Where only the line at now has moved, the columns are as they were.
        if self.drawn.borrow().as_ref() == Some(series) {
            plot.redraw(false);
        } else {
            plot.set_data(&data(series, members));
            *self.drawn.borrow_mut() = Some(series.clone());
        }
    }
}

/// A chart.
#[component(Chart)]
pub fn chart(props: &ChartProps) -> Html {
    let node = use_node_ref();
    let kept = use_mut_ref(|| None::<Kept>);
    {
        let (node, kept) = (node.clone(), kept.clone());
        let (series, members) = (props.series.clone(), props.members.clone());
        use_effect_with((props.theme, props.members.clone(), props.series.channels.len()), move |_| {
            *kept.borrow_mut() =
                node.cast::<HtmlElement>().and_then(|element| make(&element, &series, &members));
            let kept = kept.clone();
            move || *kept.borrow_mut() = None
        });
    }
    {
        let kept = kept.clone();
        let (series, members, t_s) = (props.series.clone(), props.members.clone(), props.t_s);
        use_effect_with((props.series.clone(), props.t_s), move |_| {
            if let Some(kept) = &*kept.borrow() {
                kept.now_s.set(t_s);
                *kept.sight.newest.borrow_mut() = Some((series, members));
                kept.sight.draw(&kept.plot);
            }
        });
    }
    let values = props.series.at(props.t_s);
    let one = |n: usize, i: usize| {
        let value = values.and_then(|v| v.get(i)).copied().unwrap_or(f32::NAN);
        let said = if value.is_finite() { short(f64::from(value)) } else { "–".into() };
        let label = props.series.channels.get(i).map_or("", |c| c.label.as_str());
        html! {
            <li><svg viewBox="0 0 36 4" aria-hidden="true"><path d="M1 2h34" stroke={format!("var(--c{})", n % COLOURS + 1)}
                stroke-dasharray={dash(n).iter().map(f64::to_string).collect::<Vec<_>>().join(" ")} /></svg>
                <span>{ label }</span><b>{ said }</b></li>
        }
    };
    let heading = if props.unit.is_empty() {
        props.title.to_string()
    } else {
        format!("{}, {}", props.title, props.unit)
    };
    let onclick = {
        let (node, title) = (node.clone(), heading.clone());
        let labels: Vec<String> =
            props.members.iter().filter_map(|i| Some(props.series.channels.get(*i)?.label.clone())).collect();
        props.act.reform(move |_: MouseEvent| {
            let saved = node
                .cast::<HtmlElement>()
                .ok_or(JsValue::NULL)
                .and_then(|e| picture::save(&e, &title, &labels));
            if saved.is_ok() {
                Action::Say(text::charts::SAVED.into())
            } else {
                Action::Say(text::notes::NOT_SAVED.into())
            }
        })
    };
    html! {
        <figure class="chart">
            <figcaption><span>{ heading }</span>
                <span class="quiet">{ text::charts::at(clock(props.t_s)) }
                    <button class="link save-chart" title={text::charts::SAVE_TIP} {onclick}>{ text::charts::SAVE }</button></span></figcaption>
            <div class="plot" ref={node} role="img" aria-label={text::charts::label(&props.title)}></div>
            <ul class="chart-legend">{ for props.members.iter().enumerate().map(|(n, i)| one(n, *i)) }</ul>
        </figure>
    }
}

/// Three figures at most.
fn short(v: f64) -> String {
    match v.abs() {
        a if a >= 10_000.0 => format!("{:.1}\u{202f}k", v / 1e3),
        a if a >= 100.0 || v.fract() == 0.0 => crate::format::thousands(v),
        a if a >= 10.0 => format!("{v:.1}"),
        _ => format!("{v:.2}"),
    }
}

fn dash(n: usize) -> &'static [f64] {
    DASHES[(n + n / COLOURS) % DASHES.len()]
}

fn data(series: &Series, members: &[usize]) -> Array {
    let times: Vec<f64> = series.samples.iter().map(|(t, _)| *t).collect();
    let out = Array::of1(&Float64Array::from(times.as_slice()));
    for i in members {
        let column = || series.samples.iter().map(|(_, v)| v.get(*i).copied().unwrap_or(f32::NAN));
        if column().all(f32::is_finite) {
            let values: Vec<f64> = column().map(f64::from).collect();
            out.push(&Float64Array::from(values.as_slice()));
            continue;
        }
        // uPlot leaves a gap where a value is null.
        let values: Array = column()
            .map(|v| if v.is_finite() { JsValue::from_f64(f64::from(v)) } else { JsValue::NULL })
            .collect();
        out.push(&values);
    }
    out
}

/// A plain object of these fields.
fn object<const N: usize>(fields: [(&str, JsValue); N]) -> Object {
    let object = Object::new();
    for (name, value) in fields {
        // Setting a property on a fresh object cannot fail.
        let _ = Reflect::set(&object, &name.into(), &value);
    }
    object
}

fn numbers(values: &[f64]) -> JsValue {
    values.iter().map(|v| JsValue::from_f64(*v)).collect::<Array>().into()
}

fn make(element: &HtmlElement, series: &Shared<Series>, members: &[usize]) -> Option<Kept> {
    let style = gloo::utils::window().get_computed_style(&gloo::utils::document_element()).ok().flatten()?;
    let colour = |name: &str| style.get_property_value(name).unwrap_or_default().trim().to_string();
    let (ink, line) = (colour("--mute"), colour("--line"));
    let now_s = Rc::new(Cell::new(0.0));
    let clock_labels = Closure::<dyn Fn(JsValue, Array) -> Array>::new(|_: JsValue, splits: Array| {
        splits.iter().map(|v| JsValue::from(clock_short(v.as_f64().unwrap_or(0.0)))).collect()
    });
    let axis = |x: bool| {
        let grid = object([("stroke", line.as_str().into()), ("width", 1.0.into())]);
        let axis = object([
            ("stroke", ink.as_str().into()),
            ("font", "11px system-ui, sans-serif".into()),
            ("grid", grid.clone().into()),
            ("ticks", object([("show", JsValue::FALSE)]).into()),
            ("size", if x { 22.0 } else { 44.0 }.into()),
            ("space", if x { 56.0 } else { 24.0 }.into()),
            ("gap", 4.0.into()),
        ]);
        if x {
            let _ = Reflect::set(&axis, &"values".into(), clock_labels.as_ref());
        }
        axis
    };
    let lines = members.iter().enumerate().map(|(n, i)| {
        let label = series.channels.get(*i).map_or("", |c| c.label.as_str());
        object([
            ("label", label.into()),
            ("stroke", colour(&format!("--c{}", n % COLOURS + 1)).into()),
            ("width", 1.5.into()),
            ("dash", numbers(dash(n))),
            ("points", object([("show", JsValue::FALSE)]).into()),
        ])
    });
    let all: Array = std::iter::once(Object::new()).chain(lines).map(JsValue::from).collect();
    let draw = {
        let (now_s, ink) = (now_s.clone(), ink.clone());
        Closure::<dyn Fn(JsValue)>::new(move |plot: JsValue| draw_now(&plot, now_s.get(), &ink))
    };
    let hooks = object([("draw", Array::of1(draw.as_ref()).into())]);
    let scales = object([("x", object([("time", JsValue::FALSE)]).into())]);
    let options = object([
        ("width", f64::from(element.client_width().max(120)).into()),
        ("height", HEIGHT_PX.into()),
        // The last time on the axis reaches beyond the plot by half of itself.
        ("padding", numbers(&[8.0, 20.0, 0.0, 0.0])),
        ("legend", object([("show", JsValue::FALSE)]).into()),
        ("cursor", object([("y", JsValue::FALSE), ("drag", object([("x", JsValue::TRUE)]).into())]).into()),
        ("scales", scales.into()),
        ("axes", Array::of2(&axis(true), &axis(false)).into()),
        ("series", all.into()),
        ("hooks", hooks.into()),
    ]);
    let plot = Plot::new(&options, &data(series, members), element).ok()?;
    let resized = {
        let (element, plot) = (element.clone(), plot.clone());
        Closure::<dyn FnMut()>::new(move || {
            let width = f64::from(element.client_width());
            if width > 0.0 {
                plot.set_size(&object([("width", width.into()), ("height", HEIGHT_PX.into())]));
            }
        })
    };
    let observer = web_sys::ResizeObserver::new(resized.as_ref().unchecked_ref()).ok();
    if let Some(observer) = &observer {
        observer.observe(element);
    }
    let sight = Rc::new(Sight::default());
    let seen = {
        let (sight, plot) = (sight.clone(), plot.clone());
        Closure::<dyn FnMut(Array)>::new(move |entries: Array| {
            let last: Option<web_sys::IntersectionObserverEntry> =
                entries.iter().last().and_then(|e| e.dyn_into().ok());
            sight.visible.set(last.is_some_and(|e| e.is_intersecting()));
            sight.draw(&plot);
        })
    };
    let eye = web_sys::IntersectionObserver::new(seen.as_ref().unchecked_ref()).ok();
    match &eye {
        Some(eye) => eye.observe(element),
        None => sight.visible.set(true),
    }
    Some(Kept {
        plot,
        sight,
        _seen: seen,
        eye,
        now_s,
        _draw: draw,
        _clock: clock_labels,
        _resized: resized,
        observer,
    })
}

/// A line at now. What uPlot gives to its hooks is itself: `valToPos` and `ctx` are of its own documentation.
fn draw_now(plot: &JsValue, now_s: f64, colour: &str) {
    let drawn = || -> Option<()> {
        let get = |name: &str| Reflect::get(plot, &name.into()).ok();
        let to_px: Function = get("valToPos")?.dyn_into().ok()?;
        let x = to_px.call3(plot, &now_s.into(), &"x".into(), &JsValue::TRUE).ok()?.as_f64()?;
        let frame = get("bbox")?;
        let side = |name: &str| Reflect::get(&frame, &name.into()).ok()?.as_f64();
        let (left, top, width, height) = (side("left")?, side("top")?, side("width")?, side("height")?);
        if x < left || x > left + width {
            return None;
        }
        let pen: web_sys::CanvasRenderingContext2d = get("ctx")?.dyn_into().ok()?;
        pen.save();
        pen.set_stroke_style_str(colour);
        pen.set_line_width(1.0);
        pen.begin_path();
        pen.move_to(x, top);
        pen.line_to(x, top + height);
        pen.stroke();
        pen.restore();
        Some(())
    };
    // Nothing to draw on is nothing to draw.
    let _ = drawn();
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn the_first_lines_differ_without_their_colours_and_all_with_them() {
        let looks = |lines: usize| (0..lines).map(|n| (n % COLOURS, format!("{:?}", dash(n))));
        let dashes: BTreeSet<String> = looks(DASHES.len()).map(|(_, dash)| dash).collect();
        assert_eq!(dashes.len(), DASHES.len());
        assert_eq!(looks(49).collect::<BTreeSet<_>>().len(), 49);
    }
}
