//! The canvas over the map for everything that moves. Leaflet says where two corners of the scene lie; Mercator is
//! straight enough over a campus for all else to follow from them.

use super::palette::Palette;
use keyway_core::ground::GeoPoint;
use leaflet::{LatLng, Map};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement, HtmlElement};

/// Metres of one degree of latitude.
const METRES_PER_DEGREE: f64 = 111_195.0;

/// Where places lie on the canvas, pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Projection {
    origin: (f64, f64),
    low: GeoPoint,
    scale: (f64, f64),
    /// Pixels of a metre.
    pub px_per_m: f64,
    /// Size of the canvas.
    pub size: (f64, f64),
}

impl Projection {
    /// As the map stands now, for places near between `low` and `high`.
    pub fn new(map: &Map, low: GeoPoint, high: GeoPoint) -> Self {
        let (a, b) = (
            map.lat_lng_to_container_point(&LatLng::new(low.lat, low.lon)),
            map.lat_lng_to_container_point(&LatLng::new(high.lat, high.lon)),
        );
        let scale = ((b.x() - a.x()) / (high.lon - low.lon), (b.y() - a.y()) / (high.lat - low.lat));
        let size = map.get_size();
        Self {
            origin: (a.x(), a.y()),
            low,
            scale,
            px_per_m: scale.1.abs() / METRES_PER_DEGREE,
            size: (size.x(), size.y()),
        }
    }

    /// Whether what reaches so far from a place on the canvas is to be seen, pixels.
    pub fn shows(&self, (x, y): (f64, f64), reach: f64) -> bool {
        let (width, height) = self.size;
        (-reach..=width + reach).contains(&x) && (-reach..=height + reach).contains(&y)
    }

    /// A place in pixels.
    pub fn at(&self, p: GeoPoint) -> (f64, f64) {
        let low = self.low;
        (self.origin.0 + (p.lon - low.lon) * self.scale.0, self.origin.1 + (p.lat - low.lat) * self.scale.1)
    }
}

/// The canvas.
pub struct Canvas {
    element: HtmlCanvasElement,
    context: CanvasRenderingContext2d,
    size: (f64, f64, f64),
    pub palette: Palette,
}

impl Canvas {
    /// Makes it, over everything in the map but its controls; `class` is that of its element.
    pub fn new(container: &HtmlElement, class: &str) -> Option<Self> {
        let element = gloo::utils::document().create_element("canvas").ok()?;
        let element: HtmlCanvasElement = element.dyn_into().ok()?;
        element.set_class_name(class);
        element.set_attribute("aria-hidden", "true").ok()?;
        container.append_child(&element).ok()?;
        let context = element.get_context("2d").ok()??.dyn_into().ok()?;
        Some(Self { element, context, size: (0.0, 0.0, 0.0), palette: Palette::read() })
    }

    /// Moves it so that its middle lies at a place of the map, in whole pixels of the screen.
    pub fn centre(&self, (x, y): (f64, f64)) {
        let (width, height, density) = self.size;
        let whole = |v: f64| (v * density).round() / density;
        let to = format!("translate({}px,{}px)", whole(x - width / 2.0), whole(y - height / 2.0));
        // A plain property of a plain value is never refused.
        let _ = self.element.style().set_property("transform", &to);
    }

    /// Clears it, and fits it to the map and the screen's density.
    pub fn begin(&mut self, (width, height): (f64, f64)) -> Pen<'_> {
        let density = gloo::utils::window().device_pixel_ratio().clamp(1.0, 3.0);
        if self.size != (width, height, density) {
            self.size = (width, height, density);
            self.element.set_width((width * density) as u32);
            self.element.set_height((height * density) as u32);
        }
        // A canvas of finite size takes every finite matrix.
        let _ = self.context.set_transform(density, 0.0, 0.0, density, 0.0, 0.0);
        self.context.clear_rect(0.0, 0.0, width, height);
        self.context.set_line_cap("round");
        self.context.set_line_join("round");
        Pen { c: &self.context, palette: &self.palette }
    }
}

impl Drop for Canvas {
    fn drop(&mut self) {
        self.element.remove();
    }
}

/// What draws on it.
pub struct Pen<'a> {
    pub c: &'a CanvasRenderingContext2d,
    pub palette: &'a Palette,
}

impl Pen<'_> {
    pub fn stroke(&self, colour: &str, width: f64, alpha: f64) {
        self.c.set_global_alpha(alpha);
        self.c.set_stroke_style_str(colour);
        self.c.set_line_width(width);
        self.c.stroke();
    }

    pub fn fill(&self, colour: &str, alpha: f64) {
        self.c.set_global_alpha(alpha);
        self.c.set_fill_style_str(colour);
        self.c.fill();
    }

    pub fn dash(&self, pattern: &[f64]) {
        let pattern: js_sys::Array = pattern.iter().map(|v| JsValue::from_f64(*v)).collect();
        // It fails only on what is not a list of numbers.
        let _ = self.c.set_line_dash(&pattern);
    }

    pub fn circle(&self, (x, y): (f64, f64), r: f64) {
        self.c.begin_path();
        self.arc((x, y), r);
    }

    /// A circle added to the path.
    pub fn arc(&self, (x, y): (f64, f64), r: f64) {
        self.c.move_to(x + r, y);
        // It fails only on a negative radius.
        let _ = self.c.arc(x, y, r.max(0.0), 0.0, std::f64::consts::TAU);
    }

    pub fn polyline(&self, points: impl Iterator<Item = (f64, f64)>) {
        self.c.begin_path();
        self.extend(points);
    }

    /// A line added to the path.
    pub fn extend(&self, points: impl Iterator<Item = (f64, f64)>) {
        for (i, (x, y)) in points.enumerate() {
            if i == 0 { self.c.move_to(x, y) } else { self.c.line_to(x, y) }
        }
    }
}
