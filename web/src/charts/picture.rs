//! A chart as a picture to save.

use super::{COLOURS, dash, numbers};
use crate::files::offer_blob;
use wasm_bindgen::prelude::*;
use web_sys::{HtmlCanvasElement, HtmlElement};

/// The chart with its title and legend as a picture.
pub(super) fn save(element: &HtmlElement, title: &str, labels: &[String]) -> Result<(), JsValue> {
    let drawn: HtmlCanvasElement = element.query_selector("canvas")?.ok_or("no chart")?.dyn_into()?;
    let style =
        gloo::utils::window().get_computed_style(&gloo::utils::document_element())?.ok_or("no style")?;
    let colour = |name: &str| style.get_property_value(name).unwrap_or_default().trim().to_string();
    let density = f64::from(drawn.width()) / f64::from(drawn.client_width().max(1));
    let (width, height) = (f64::from(drawn.client_width()) + 24.0, f64::from(drawn.client_height()));
    let columns = ((width / 196.0) as usize).max(1);
    let legend = labels.len().div_ceil(columns) as f64 * 18.0;
    let canvas: HtmlCanvasElement = gloo::utils::document().create_element("canvas")?.dyn_into()?;
    canvas.set_width((width * density) as u32);
    canvas.set_height(((height + legend + 48.0) * density) as u32);
    let pen: web_sys::CanvasRenderingContext2d = canvas.get_context("2d")?.ok_or("no canvas")?.dyn_into()?;
    pen.scale(density, density)?;
    pen.set_fill_style_str(&colour("--panel"));
    pen.fill_rect(0.0, 0.0, width, height + legend + 48.0);
    pen.set_fill_style_str(&colour("--ink"));
    pen.set_font("600 13px system-ui, sans-serif");
    pen.fill_text(title, 12.0, 20.0)?;
    pen.draw_image_with_html_canvas_element_and_dw_and_dh(&drawn, 12.0, 28.0, width - 24.0, height)?;
    pen.set_font("12px system-ui, sans-serif");
    for (n, label) in labels.iter().enumerate() {
        let (x, y) = (12.0 + (n % columns) as f64 * 196.0, height + 46.0 + (n / columns) as f64 * 18.0);
        pen.set_stroke_style_str(&colour(&format!("--c{}", n % COLOURS + 1)));
        pen.set_line_width(2.0);
        pen.begin_path();
        pen.set_line_dash(&numbers(dash(n)))?;
        pen.move_to(x, y - 4.0);
        pen.line_to(x + 34.0, y - 4.0);
        pen.stroke();
        pen.fill_text(label, x + 42.0, y)?;
    }
    let name = format!("keyway-{}.png", title.to_lowercase().replace(|c: char| !c.is_alphanumeric(), "-"));
    let saved = Closure::once_into_js(move |blob: JsValue| {
        if let Ok(blob) = blob.dyn_into::<web_sys::Blob>() {
            // A browser that offers no file has nothing to say of it.
            let _ = offer_blob(&name, &blob);
        }
    });
    canvas.to_blob(saved.unchecked_ref())
}
