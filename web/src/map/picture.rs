//! The map as a picture: its drawn layers and its canvases on one canvas, with a caption, saved as PNG.

use crate::files::offer_blob;
use keyway_core::ground::order::sort_few;
use wasm_bindgen::prelude::*;
use web_sys::{CanvasRenderingContext2d, Element, HtmlCanvasElement, HtmlElement, HtmlImageElement};

/// Room for the caption, pixels.
const CAPTION_PX: f64 = 28.0;
/// What of a path's look comes from the style sheet.
const LOOKS: [&str; 8] = [
    "fill",
    "fill-opacity",
    "stroke",
    "stroke-opacity",
    "stroke-width",
    "stroke-dasharray",
    "stroke-linecap",
    "stroke-linejoin",
];

/// Begins to save the map in `element`; it is done some moments later.
///
/// # Errors
/// What the browser says.
pub fn save(element: &HtmlElement, name: &str, caption: &str) -> Result<(), JsValue> {
    let (width, height) = (f64::from(element.client_width()), f64::from(element.client_height()));
    let document = gloo::utils::document();
    let style = gloo::utils::window().get_computed_style(element)?.ok_or("no style")?;
    let colour = |name: &str| style.get_property_value(name).unwrap_or_default();
    let (ground, ink) = (colour("--land"), colour("--ink"));
    let canvas: HtmlCanvasElement = document.create_element("canvas")?.dyn_into()?;
    let density = 2.0;
    canvas.set_width((width * density) as u32);
    canvas.set_height(((height + CAPTION_PX) * density) as u32);
    let pen: CanvasRenderingContext2d = canvas.get_context("2d")?.ok_or("no canvas")?.dyn_into()?;
    pen.scale(density, density)?;
    pen.set_fill_style_str(&ground);
    pen.fill_rect(0.0, 0.0, width, height + CAPTION_PX);
    let drawing = as_svg(element, width, height)?;
    let image = HtmlImageElement::new()?;
    let (name, caption, element) = (name.to_owned(), caption.to_owned(), element.clone());
    let done = Closure::once_into_js({
        let image = image.clone();
        move || {
            let finish = || -> Result<(), JsValue> {
                pen.draw_image_with_html_image_element(&image, 0.0, 0.0)?;
                let canvases = element.query_selector_all("canvas")?;
                for i in 0..canvases.length() {
                    let Some(moving) = canvases.get(i).and_then(|c| c.dyn_into::<HtmlCanvasElement>().ok())
                    else {
                        continue;
                    };
                    let (at, own) = (moving.get_bounding_client_rect(), element.get_bounding_client_rect());
                    pen.draw_image_with_html_canvas_element_and_dw_and_dh(
                        &moving,
                        at.left() - own.left(),
                        at.top() - own.top(),
                        at.width(),
                        at.height(),
                    )?;
                }
                pen.set_fill_style_str(&ink);
                pen.set_font("13px system-ui, sans-serif");
                pen.fill_text(&caption, 12.0, height + 18.0)?;
                let saved = Closure::once_into_js(move |blob: JsValue| {
                    if let Ok(blob) = blob.dyn_into::<web_sys::Blob>() {
                        // A browser that offers no file has nothing to say of it.
                        let _ = offer_blob(&name, &blob);
                    }
                });
                canvas.to_blob(saved.unchecked_ref())
            };
            // Nobody is left to tell: the picture is not saved.
            let _ = finish();
        }
    });
    image.set_onload(Some(done.unchecked_ref()));
    image.set_src(&format!("data:image/svg+xml;charset=utf-8,{}", js_sys::encode_uri_component(&drawing)));
    Ok(())
}

/// All drawn layers as one drawing that needs no style sheet: looks are written out, signs become text and shapes.
fn as_svg(element: &HtmlElement, width: f64, height: f64) -> Result<String, JsValue> {
    let own = element.get_bounding_client_rect();
    let window = gloo::utils::window();
    let mut inside = String::new();
    let found = element.query_selector_all(".leaflet-pane > svg, .sign svg")?;
    // As they lie on the map: by their panes, signs on top.
    let depth = |layer: &Element| -> (bool, i32) {
        let sign = layer.closest(".sign").ok().flatten().is_some();
        let pane = layer.closest(".leaflet-pane").ok().flatten();
        let style = pane.and_then(|p| window.get_computed_style(&p).ok().flatten());
        let z = style.and_then(|s| s.get_property_value("z-index").ok()).and_then(|z| z.parse().ok());
        (sign, z.unwrap_or(0))
    };
    let layers = (0..found.length()).filter_map(|i| found.get(i)?.dyn_into::<Element>().ok());
    let mut layers: Vec<((bool, i32), Element)> = layers.map(|layer| (depth(&layer), layer)).collect();
    sort_few(&mut layers, |a, b| a.0.cmp(&b.0));
    for (_, layer) in &layers {
        let at = layer.get_bounding_client_rect();
        let view = layer.get_attribute("viewBox").unwrap_or_default();
        inside += &format!(
            "<svg x=\"{:.1}\" y=\"{:.1}\" width=\"{:.1}\" height=\"{:.1}\" viewBox=\"{view}\" overflow=\"visible\">",
            at.left() - own.left(),
            at.top() - own.top(),
            at.width(),
            at.height()
        );
        let shapes = layer.query_selector_all("path, circle")?;
        for j in 0..shapes.length() {
            let Some(shape) = shapes.get(j).and_then(|n| n.dyn_into::<Element>().ok()) else { continue };
            let Some(style) = window.get_computed_style(&shape)? else { continue };
            let looks: String = LOOKS
                .iter()
                .filter_map(|l| {
                    Some(format!(" {l}=\"{}\"", style.get_property_value(l).ok()?.replace('"', "'")))
                })
                .collect();
            inside += &match shape.tag_name().as_str() {
                "circle" => {
                    let of = |n: &str| shape.get_attribute(n).unwrap_or_default();
                    format!("<circle cx=\"{}\" cy=\"{}\" r=\"{}\"{looks}/>", of("cx"), of("cy"), of("r"))
                }
                _ => format!("<path d=\"{}\"{looks}/>", shape.get_attribute("d").unwrap_or_default()),
            };
        }
        inside += "</svg>";
    }
    let labels = element.query_selector_all(".sign span:not(.sr)")?;
    for i in 0..labels.length() {
        let Some(label) = labels.get(i).and_then(|n| n.dyn_into::<HtmlElement>().ok()) else { continue };
        let Some(style) = window.get_computed_style(&label)? else { continue };
        if style.get_property_value("visibility")? == "hidden" {
            continue;
        }
        let at = label.get_bounding_client_rect();
        let text = label.text_content().unwrap_or_default().replace('&', "&amp;").replace('<', "&lt;");
        inside += &format!(
            "<text x=\"{:.1}\" y=\"{:.1}\" font-family=\"system-ui, sans-serif\" font-size=\"12\" font-weight=\"600\" fill=\"{}\">{text}</text>",
            at.left() - own.left(),
            at.top() - own.top() + 12.0,
            style.get_property_value("color")?
        );
    }
    Ok(format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\">{inside}</svg>"
    ))
}
