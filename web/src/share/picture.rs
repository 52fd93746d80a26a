//! The stage and the diagram as pictures: SVG that needs no style from elsewhere, and PNG made of it.

use js_sys::{Function, Promise};
use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    Blob, CanvasRenderingContext2d, DomRect, Element, HtmlCanvasElement, HtmlImageElement, Text, Url,
};

use crate::ui::file::address;
use crate::ui::geometry::short;
use crate::ui::text::escape;

/// What a mark looks like is all in these. What has its initial value is not written.
const LOOKS: [(&str, &str); 16] = [
    ("fill", ""),
    ("fill-opacity", "1"),
    ("stroke", "none"),
    ("stroke-width", "1px"),
    ("stroke-opacity", "1"),
    ("stroke-dasharray", "none"),
    ("stroke-linecap", "butt"),
    ("stroke-linejoin", "miter"),
    ("opacity", "1"),
    ("font-family", ""),
    ("font-size", ""),
    ("font-weight", "400"),
    ("letter-spacing", "normal"),
    ("text-anchor", "start"),
    ("paint-order", "normal"),
    ("visibility", "visible"),
];
/// Attributes that say where a mark is and which form it has.
const FORM: [&str; 20] = [
    "d",
    "x",
    "y",
    "x1",
    "y1",
    "x2",
    "y2",
    "cx",
    "cy",
    "r",
    "rx",
    "ry",
    "width",
    "height",
    "points",
    "transform",
    "dx",
    "dy",
    "viewBox",
    "preserveAspectRatio",
];
/// A picture on a screen of twice as many points is sharp on every screen.
const SHARP: f64 = 2.0;

/// The drawings and words within an element, one above the other, as they look now.
pub(super) fn svg(host: &Element) -> Result<String, JsValue> {
    let bounds = host.get_bounding_client_rect();
    let (width, height) = (short(bounds.width()), short(bounds.height()));
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\">"
    );
    let ground = ground(host);
    out += &format!("<rect width=\"100%\" height=\"100%\" fill=\"{}\"/>", escape(&ground));
    let within = host.query_selector_all("*")?;
    for place in 0..within.length() {
        let Some(element) = within.get(place).and_then(|node| node.dyn_into::<Element>().ok()) else {
            continue;
        };
        if element.matches("svg")? && !element.matches("svg svg")? {
            sheet(&mut out, &element, host, &bounds);
        } else if !element.matches("svg *, button, button *, .sr")? {
            words(&mut out, &element, &bounds);
        }
    }
    out += "</svg>\n";
    Ok(out)
}

/// What an element looks like.
fn look(element: &Element, property: &str) -> String {
    let style = gloo::utils::window().get_computed_style(element).ok().flatten();
    style.and_then(|style| style.get_property_value(property).ok()).unwrap_or_default()
}

/// A place within the picture, as attributes.
fn place(out: &mut String, rect: &DomRect, bounds: &DomRect) {
    let parts = [
        ("x", rect.x() - bounds.x()),
        ("y", rect.y() - bounds.y()),
        ("width", rect.width()),
        ("height", rect.height()),
    ];
    for (name, value) in parts {
        *out += &format!(" {name}=\"{}\"", short(value));
    }
}

/// One drawing, cut where the page cuts it.
fn sheet(out: &mut String, sheet: &Element, host: &Element, bounds: &DomRect) {
    let here = sheet.get_bounding_client_rect();
    if look(sheet, "display") == "none" {
        return;
    }
    let mut frame = sheet.parent_element();
    while let Some(around) =
        frame.clone().filter(|around| around != host && look(around, "overflow-x") == "visible")
    {
        frame = around.parent_element();
    }
    let frame =
        frame.map_or_else(|| host.get_bounding_client_rect(), |frame| frame.get_bounding_client_rect());
    *out += "<svg";
    place(out, &frame, bounds);
    *out += "><svg overflow=\"visible\"";
    place(out, &here, &frame);
    if let Some(view) = sheet.get_attribute("viewBox") {
        *out += &format!(" viewBox=\"{}\"", escape(&view));
    }
    *out += ">";
    children(out, sheet);
    *out += "</svg></svg>";
}

/// Words that stand beside the drawings.
fn words(out: &mut String, element: &Element, bounds: &DomRect) {
    let nodes = element.child_nodes();
    let own = (0..nodes.length()).filter_map(|place| nodes.get(place)?.dyn_into::<Text>().ok());
    let own: String = own.map(|text| text.data()).collect();
    let here = element.get_bounding_client_rect();
    if own.trim().is_empty() || here.width() < 2.0 || look(element, "visibility") != "visible" {
        return;
    }
    let behind = look(element, "background-color");
    if !is_clear(&behind) {
        *out += "<rect rx=\"4\"";
        place(out, &here, bounds);
        *out += &format!(" fill=\"{}\"/>", escape(&behind));
    }
    let size = look(element, "font-size");
    // The library's own way of reading a float would bring tables of ten kilobytes.
    let height = js_sys::parse_float(&size);
    let is_middle = look(element, "text-align") == "center";
    let x = here.x() - bounds.x() + if is_middle { here.width() / 2.0 } else { 0.0 };
    // Capital letters are some seven tenths of a line high.
    let y = here.y() - bounds.y() + (here.height() + 0.7 * height) / 2.0;
    let (family, weight) = (look(element, "font-family"), look(element, "font-weight"));
    *out += &format!(
        "<text x=\"{}\" y=\"{}\" text-anchor=\"{}\" fill=\"{}\" style=\"font-family:{};font-size:{size};font-weight:{weight}\">{}</text>",
        short(x),
        short(y),
        if is_middle { "middle" } else { "start" },
        escape(&look(element, "color")),
        escape(&family),
        escape(own.trim()),
    );
}

fn is_clear(color: &str) -> bool {
    color.is_empty() || color == "rgba(0, 0, 0, 0)" || color == "transparent"
}

/// What lies behind an element: the first ground that is not clear.
fn ground(host: &Element) -> String {
    let mut element = Some(host.clone());
    while let Some(here) = element {
        let color = look(&here, "background-color");
        if !is_clear(&color) {
            return color;
        }
        element = here.parent_element();
    }
    "#fff".to_owned()
}

fn children(out: &mut String, parent: &Element) {
    let nodes = parent.child_nodes();
    for place in 0..nodes.length() {
        let Some(node) = nodes.get(place) else { continue };
        match node.dyn_ref::<Element>() {
            Some(element) => mark(out, element),
            None => *out += &escape(&node.text_content().unwrap_or_default()),
        }
    }
}

fn mark(out: &mut String, element: &Element) {
    let tag = element.tag_name();
    // What is there for hands and readers alone is no part of a picture.
    let unseen = tag == "title" || tag == "desc" || element.matches(".hit").unwrap_or(false);
    if unseen || look(element, "display") == "none" {
        return;
    }
    *out += "<";
    *out += &tag;
    for name in FORM.into_iter().chain(["id", "patternUnits", "patternTransform", "clip-path", "mask"]) {
        if let Some(value) = element.get_attribute(name) {
            *out += &format!(" {name}=\"{}\"", escape(&value));
        }
    }
    let style = gloo::utils::window().get_computed_style(element).ok().flatten();
    let look = |property: &str| {
        style.as_ref().and_then(|style| style.get_property_value(property).ok()).unwrap_or_default()
    };
    let moved = look("transform");
    if !element.has_attribute("transform") && moved != "none" && !moved.is_empty() {
        *out += &format!(" transform=\"{moved}\"");
    }
    let mut style = String::new();
    for (property, usual) in LOOKS {
        let value = look(property);
        if value != usual && !value.is_empty() {
            style += property;
            style += ":";
            style += &value;
            style += ";";
        }
    }
    *out += &format!(" style=\"{}\">", escape(&style));
    children(out, element);
    *out += "</";
    *out += &tag;
    *out += ">";
}

/// A picture in points, made of one in lines.
pub(super) async fn png(svg: &str) -> Result<Blob, JsValue> {
    let address = address(svg, "image/svg+xml")?;
    let image = HtmlImageElement::new()?;
    image.set_src(&address);
    JsFuture::from(image.decode()).await?;
    let canvas: HtmlCanvasElement = gloo::utils::document().create_element("canvas")?.unchecked_into();
    canvas.set_width((f64::from(image.width()) * SHARP) as u32);
    canvas.set_height((f64::from(image.height()) * SHARP) as u32);
    let pen = canvas.get_context("2d")?.ok_or("no canvas")?.unchecked_into::<CanvasRenderingContext2d>();
    pen.scale(SHARP, SHARP)?;
    pen.draw_image_with_html_image_element(&image, 0.0, 0.0)?;
    Url::revoke_object_url(&address)?;
    let mut refused = None;
    let made = Promise::new(&mut |done: Function, failed: Function| {
        let give = Closure::once_into_js(move |blob: JsValue| done.call1(&JsValue::NULL, &blob));
        if let Err(error) = canvas.to_blob(give.unchecked_ref()) {
            refused = Some(error);
            let _ = failed.call0(&JsValue::NULL);
        }
    });
    JsFuture::from(made).await?.dyn_into().map_err(|_| refused.unwrap_or_else(|| "no picture".into()))
}
