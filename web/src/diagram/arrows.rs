//! Messages between lanes: a small outline of their kind where they are sent, a head where they arrive, a cross where not.

use splitbrain_core::lab::Silhouette;

use super::canvas::{Canvas, clipped};
use super::cone::Cone;
use super::paint::Scene;
use super::slice::{Arrow, End};
use crate::ui::number::Within as _;

/// The cross of what is lost.
const LOST: &str = "m-4-4 8 8m0-8-8 8";

/// The outline of a kind, around its middle; and whether it is solid, as everything that says yes is.
const fn outline(silhouette: Silhouette) -> (&'static str, bool) {
    match silhouette {
        Silhouette::Parcel => ("m-3.5-3.5h7v7h-7z", false),
        Silhouette::Ask => ("m0-5 5 5-5 5-5-5z", false),
        Silhouette::Grant => ("m0-5 5 5-5 5-5-5z", true),
        Silhouette::Ack => ("m-3 0a3 3 0 1 1 6 0a3 3 0 1 1-6 0z", true),
        Silhouette::Refusal => ("m-3.7 0a3.7 3.7 0 1 1 7.4 0a3.7 3.7 0 1 1-7.4 0z", false),
        Silhouette::Request => ("m-3.5-4h4.5l4 4-4 4h-4.5z", false),
        Silhouette::Reply => ("m-3.5-4h4.5l4 4-4 4h-4.5l2-4z", false),
        Silhouette::Lease => ("m-4.5 0 2.3-4h4.4l2.3 4-2.3 4h-4.4z", false),
    }
}

/// Draws all of them, those of the causal past above the others.
pub(super) fn draw(scene: &Scene, arrows: &[Arrow], cone: Option<&Cone>, out: &mut Canvas) {
    let is_past = |arrow: &Arrow| {
        cone.is_some_and(|cone| match (arrow.end, arrow.cause) {
            (End::Arrives(record), Some(cause)) => {
                cone.contains(arrow.to, record) && cone.contains(arrow.from, cause)
            }
            (End::Arrives(record), None) => cone.contains(arrow.to, record),
            _ => false,
        })
    };
    for past in [false, true] {
        let mut drawn: Vec<(Option<u32>, u8)> = Vec::new();
        for arrow in arrows.iter().filter(|arrow| is_past(arrow) == past) {
            line(scene, arrow, past, out);
            // What one step sends of one kind leaves at one place.
            if drawn.last() != Some(&(arrow.cause, arrow.kind)) {
                drawn.push((arrow.cause, arrow.kind));
                origin(scene, arrow, past, out);
            }
        }
    }
}

fn origin(scene: &Scene, arrow: &Arrow, past: bool, out: &mut Canvas) {
    let x = scene.x(arrow.sent);
    let (low, high) = scene.edges();
    if x < low || x > high {
        return;
    }
    let kind = scene.run().info().kinds.get(usize::from(arrow.kind));
    let (path, solid) = outline(kind.map_or(Silhouette::Parcel, |kind| kind.silhouette));
    let class = match (past, solid) {
        (true, false) => "st-org past",
        (true, true) => "st-org past yes",
        (false, false) => "st-org",
        (false, true) => "st-org yes",
    };
    out.path(class).to(x, scene.y(arrow.from)).piece(path);
}

/// The corners of a message's way: straight, but for where somebody held it, or where it waited at a door.
fn corners(scene: &Scene, arrow: &Arrow) -> Vec<(f64, f64)> {
    let (from, to) = (scene.y(arrow.from), scene.y(arrow.to));
    let height = |share: f64| from + (to - from) * share;
    let mut out = vec![(scene.x(arrow.sent), from)];
    let end = scene.x(arrow.ended);
    if let Some((held, released)) = arrow.held {
        let share = arrow.share(held).min(0.85);
        out.push((scene.x(held), height(share)));
        out.push((released.map_or(end, |released| scene.x(released)), height(share)));
        if matches!(arrow.end, End::Arrives(_) | End::Vain) {
            out.push((end, to));
        }
        return out;
    }
    match arrow.end {
        End::Arrives(_) | End::Vain => {
            // It was there, and its receiver stood still.
            if !arrow.stalled && (arrow.ended - arrow.due) * scene.scale > 2.0 {
                out.push((scene.x(arrow.due), to));
            }
            out.push((end, to));
        }
        End::Lost(share) => out.push((end, height(share.within(0.12, 1.0)))),
        End::Open => out.push((end, height(arrow.share(arrow.ended)))),
    }
    out
}

fn line(scene: &Scene, arrow: &Arrow, past: bool, out: &mut Canvas) {
    let corners = corners(scene, arrow);
    let gone = matches!(arrow.end, End::Lost(_) | End::Vain);
    let class = match (past, gone, arrow.stalled || arrow.end == End::Open) {
        (true, ..) => "st-shaft past",
        (_, true, _) => "st-shaft lost",
        (.., true) => "st-shaft ahead",
        _ => "st-shaft",
    };
    let edges = scene.edges();
    let mut begun = false;
    let mut last = None;
    for pair in corners.windows(2) {
        let Some((a, b)) = clipped(pair[0], pair[1], edges) else { continue };
        let mut pen = out.path(class);
        if !begun {
            pen.to(a.0, a.1);
            begun = true;
        }
        pen.line(b.0, b.1);
        last = Some((pair[0], pair[1]));
    }
    let Some((before, end)) = last.filter(|(_, end)| (edges.0..=edges.1).contains(&end.0)) else { return };
    if gone {
        out.path("st-cross").to(end.0, end.1).piece(LOST);
    } else if arrow.end != End::Open {
        out.path(if past { "st-head past" } else { "st-head" }).head(before, end);
    }
    if let Some((held, _)) = arrow.held
        && let Some((x, y)) = corners.get(1)
        && scene.x(held) >= edges.0
    {
        // Two brackets keep it where it is.
        out.path("st-held").to(*x - 2.0, *y - 5.0).piece("h-3v10h3").to(*x + 2.0, *y - 5.0).piece("h3v10h-3");
    }
}
