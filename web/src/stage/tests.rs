//! Small pictures of canned scenarios for the catalog: the stage at the moment that tells most, drawn by the stage's own rules of
//! place. They are made here, by a test, and kept in `web/pictures.svg`, which the catalog shows; the same test says when they
//! are no longer what the scenarios do.

use std::fmt::Write as _;
use std::path::Path;

use splitbrain_core::timeline::Cursor;
use splitbrain_core::unit::Time;
use splitbrain_core::view::{Frame, Glyph, Life, MessageState, MessageView, NodeView, Ring};
use splitbrain_scenarios::plan::Act;
use splitbrain_scenarios::run::Session;
use splitbrain_scenarios::{catalog, load};

use super::layout::{Layout, Shape, Spot, arrange};
use super::silhouette::Outline;
use super::{items, link, tear, territories};
use crate::marks::hue;
use crate::ui::geometry::{Point, short};
use crate::ui::text::escape;

/// The size of the stage that is drawn, and how many of its units are one of the picture.
const STAGE: (f64, f64) = (620.0, 250.0);
const SCALE: f64 = 2.5;
/// So many messages are drawn, the youngest: more of them hide what they are about.
const MESSAGES: usize = 10;
/// The variable that writes the file instead of comparing it.
const REWRITE: &str = "SPLITBRAIN_GOLDEN";

/// The step that tells most: the first at which a promise falls; or else the last caption.
fn telling(session: &Session) -> u32 {
    let fell = session.report().and_then(|report| report.first.as_ref()).map(|first| first.record + 1);
    let said = session.moments().iter().rev().find(|moment| {
        let cue = session.plan().cues.get(moment.cue as usize);
        cue.is_some_and(|cue| matches!(cue.act, Act::Say(_) | Act::Ask(_)))
    });
    fell.or(said.map(|moment| moment.step)).unwrap_or_else(|| session.timeline().len() * 3 / 5)
}

fn picture(text: &str) -> String {
    let mut session = Session::open(load(text).plan.expect("it is canned")).expect("it runs");
    while !session.advance(10_000) {}
    let step = telling(&session);
    let branch = session.timeline().active();
    let info = session.plan().setup.lab;
    let run = session.timeline_mut().seek(Cursor { branch, step }).expect("it was played");
    let mut frame = Frame::default();
    run.frame(&mut frame);
    let items = items(info, &frame);
    let layout = spread(arrange(&items, STAGE.0, STAGE.1));
    let mut out = String::new();
    let mut links = String::new();
    for link in link::all(&items, &frame) {
        let (a, b) = link::between(&layout.spots[link.a], &layout.spots[link.b]);
        let _ = write!(links, "M{} {}L{} {}", at(a.x), at(a.y), at(b.x), at(b.y));
    }
    path(&mut out, "fill:none;stroke:var(--line-soft)", &links);
    if frame.groups.len() > 1 {
        let grounds = territories(&items, &layout, frame.groups.len());
        for (number, line) in tear::lines(&grounds, STAGE.0, STAGE.1).iter().enumerate() {
            let (upper, lower) = tear::torn(line, number as u64 + 3);
            let around = upper.iter().chain(lower.iter().rev());
            let mut edges = String::new();
            for point in around {
                let letter = if edges.is_empty() { 'M' } else { 'L' };
                let _ = write!(edges, "{letter}{} {}", at(point.x), at(point.y));
            }
            path(
                &mut out,
                "fill:var(--surface-sunken);stroke:var(--ink-3);stroke-linejoin:round",
                &(edges + "z"),
            );
        }
    }
    for message in frame.messages.iter().rev().take(MESSAGES).rev() {
        flying(
            &mut out,
            message,
            &frame,
            &layout,
            info.kinds.get(usize::from(message.kind)).map(|kind| kind.silhouette),
        );
    }
    for (view, spot) in frame.nodes.iter().zip(&layout.spots) {
        node(&mut out, view, spot);
    }
    out
}

/// The same arrangement without room for labels: it fills the picture.
fn spread(mut layout: Layout) -> Layout {
    let stretch = |value: f64, low: f64, high: f64, size: f64, edge: f64| {
        if high - low < 1.0 { size / 2.0 } else { edge + (value - low) / (high - low) * (size - 2.0 * edge) }
    };
    let ends = |of: fn(&Spot) -> f64| {
        layout
            .spots
            .iter()
            .map(of)
            .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), x| (low.min(x), high.max(x)))
    };
    let ((left, right), (top, bottom)) = (ends(|spot| spot.at.x), ends(|spot| spot.at.y));
    for spot in &mut layout.spots {
        spot.at = Point {
            x: stretch(spot.at.x, left, right, STAGE.0, 95.0),
            y: stretch(spot.at.y, top, bottom, STAGE.1, 45.0),
        };
        (spot.label, spot.scale) = (None, 0.72);
    }
    layout
}

fn at(length: f64) -> String {
    short((length / SCALE * 10.0).round() / 10.0)
}

fn path(out: &mut String, style: &str, d: &str) {
    if !d.is_empty() {
        let _ = write!(out, "<path style=\"{style}\" d=\"{d}\"/>");
    }
}

fn node(out: &mut String, view: &NodeView, spot: &Spot) {
    let (x, y) = (at(spot.at.x), at(spot.at.y));
    let stroke = match hue(view.hue) {
        0 => "var(--line-strong)".to_owned(),
        hue => format!("var(--term-{hue}-edge)"),
    };
    let fill = match hue(view.hue) {
        _ if view.life == Life::Crashed => "var(--surface-stage)".to_owned(),
        0 => "var(--surface-chrome)".to_owned(),
        hue => format!("var(--term-{hue}-fill)"),
    };
    let line = match (view.life, view.ring) {
        (Life::Crashed, _) => "1.25;stroke-dasharray:1 3;stroke-linecap:round",
        (_, Ring::Heavy) => "2.75",
        (_, Ring::Thin) => "1.25",
        (_, Ring::Dashed) => "2.5;stroke-dasharray:4 2.5",
    };
    let style = format!("fill:{fill};stroke:{stroke};stroke-width:{line}");
    let size = match spot.shape {
        Shape::Disc => 12.5,
        Shape::Box => 8.5,
    };
    match spot.shape {
        Shape::Disc => {
            let _ = write!(out, "<circle style=\"{style}\" cx=\"{x}\" cy=\"{y}\" r=\"{size}\"/>");
        }
        Shape::Box => {
            let corner = (at(spot.at.x - size * SCALE), at(spot.at.y - size * SCALE));
            let (x, y, side) = (corner.0, corner.1, size * 2.0);
            let _ = write!(
                out,
                "<rect style=\"{style}\" x=\"{x}\" y=\"{y}\" width=\"{side}\" height=\"{side}\" rx=\"3\"/>"
            );
        }
    }
    let mark = match (view.life, view.glyph) {
        (Life::Paused | Life::Suspended, _) => {
            Some(("stroke:var(--ink-1);stroke-width:2", "m-2.5-3.5v7m5-7v7"))
        }
        (Life::Crashed, _) => Some(("stroke:var(--ink-1);stroke-width:2", "m-3.5-3.5 7 7m0-7-7 7")),
        _ => None,
    };
    if let Some((style, d)) = mark {
        path(out, &format!("fill:none;stroke-linecap:round;{style}"), &format!("M{x} {y}{d}"));
    } else {
        let letters = if view.name.chars().count() > 4 { 6.5 } else { 8.0 };
        let ink = if view.hue == 0 { "var(--ink-1)" } else { "var(--on-term, #14181d)" };
        let _ = write!(
            out,
            "<text style=\"font:600 {letters}px var(--font-sans);text-anchor:middle;fill:{ink}\" x=\"{x}\" y=\"{}\">{}</text>",
            at(spot.at.y + 2.8 * SCALE),
            escape(&view.name)
        );
    }
    if view.glyph == Glyph::Leader && view.life == Life::Up {
        let crown =
            format!("M{x} {}m-5 3v-6l2.6 2.7 2.4-4.2 2.4 4.2 2.6-2.7v6z", at(spot.at.y - 13.0 * SCALE));
        path(out, "fill:var(--ink-1);stroke:var(--surface-stage)", &crown);
    }
}

fn flying(
    out: &mut String,
    message: &MessageView,
    frame: &Frame,
    layout: &Layout,
    silhouette: Option<splitbrain_core::lab::Silhouette>,
) {
    let spot = |node: splitbrain_core::unit::NodeId| layout.spots.get(node.index());
    let (Some(from), Some(to), Some(silhouette)) = (spot(message.from), spot(message.to), silhouette) else {
        return;
    };
    let (a, b) = link::between(from, to);
    let since = |time: Time| time.0 as f64 - message.sent.0 as f64;
    let now = match message.state {
        MessageState::Lost(when) => when,
        _ => frame.time,
    };
    let share = (since(now) / since(message.due).max(1.0)).clamp(0.15, 0.85);
    let here = a.towards(b, share);
    let (x, y) = (at(here.x), at(here.y));
    let lost = matches!(message.state, MessageState::Lost(_));
    path(out, "stroke:var(--ink-2)", &format!("M{} {}L{x} {y}", at(a.x), at(a.y)));
    let degrees = (b.y - a.y).atan2(b.x - a.x).to_degrees();
    let shape = Outline::new(silhouette, &[], (degrees / 15.0).round() * 15.0).shape;
    let dash = if lost { ";stroke-dasharray:3 3" } else { "" };
    let _ = write!(
        out,
        "<path style=\"fill:var(--surface-raised);stroke:var(--ink-1);stroke-width:2.5{dash}\" transform=\"translate({x} {y}) scale(.45)\" d=\"M0 0{shape}\"/>"
    );
    if lost {
        path(
            out,
            "fill:none;stroke:var(--ink-1);stroke-width:1.75;stroke-linecap:round",
            &format!("M{x} {y}m-4.5-4.5 9 9m0-9-9 9"),
        );
    }
}

fn pictures() -> String {
    let (width, height) = (short(STAGE.0 / SCALE), short(STAGE.1 / SCALE));
    let mut out = String::from("<svg xmlns=\"http://www.w3.org/2000/svg\">\n");
    for canned in catalog::shelves().flat_map(|shelf| shelf.scenarios) {
        let _ = writeln!(
            out,
            "<symbol id=\"{}-{}\" viewBox=\"0 0 {width} {height}\">{}</symbol>",
            canned.lab,
            canned.name,
            picture(canned.text)
        );
    }
    out += "</svg>\n";
    out
}

#[test]
fn the_pictures_of_the_catalog_are_what_the_scenarios_do() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("pictures.svg");
    let now = pictures();
    if std::env::var(REWRITE).as_deref() == Ok("rewrite") {
        std::fs::write(&file, now).expect("the file can be written");
        return;
    }
    let kept = std::fs::read_to_string(&file).unwrap_or_default();
    let other = now.lines().zip(kept.lines()).find(|(now, kept)| now != kept);
    assert!(
        kept == now,
        "web/pictures.svg is not what the scenarios do, first at {:?}; {REWRITE}=rewrite writes it anew",
        other.map(|(now, _)| now.get(..60))
    );
}
