//! Where labels go, and where clients stand that are only boxes: of all candidates the one that collides with least.

use super::layout::{Item, Plan, Shape, Spot, room};
use super::tear::ground;
use crate::ui::geometry::{Point, Rect, distance_to_line, length};

/// Whose label it is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Sort {
    Disc,
    Box,
}

/// To which side of its room a label is set.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Anchor {
    Start,
    Middle,
    End,
}

/// The room of a label.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) struct Slot {
    pub(super) rect: Rect,
    pub(super) anchor: Anchor,
    /// The label stands on the lower edge of its room, not under the upper one.
    pub(super) from_below: bool,
}

/// Every place where the label of a spot could go, best first, with what it costs to be there.
fn candidates(spot: &Spot, middle: Point, (w, h): (f64, f64)) -> Vec<(Slot, f64)> {
    let Point { x, y } = spot.at;
    let (gap, rise, diagonal) = match spot.shape {
        Shape::Disc => (58.0 * spot.scale, 30.0 * spot.scale, 36.0 * spot.scale),
        Shape::Box => (29.0, 12.0, 18.0),
    };
    let outward = if x < middle.x - 1.0 { -1.0 } else { 1.0 };
    let mut out = Vec::new();
    let mut add = |x: f64, y: f64, anchor: Anchor, from_below: bool, cost: f64| {
        out.push((Slot { rect: Rect::new(x, y, w, h), anchor, from_below }, cost));
    };
    for side in [1.0, -1.0] {
        let away = if side == outward { 0.0 } else { 120.0 };
        let (left, anchor) = if side > 0.0 { (0.0, Anchor::Start) } else { (-w, Anchor::End) };
        add(x + side * gap + left, y - rise, anchor, false, away);
        add(x + side * gap + left, y - h / 2.0 - 8.0, anchor, false, away + 20.0);
        add(x + side * gap + left, y - 6.0, anchor, false, away + 60.0);
        add(x + side * gap + left, y + rise + 2.0 - h, anchor, true, away + 60.0);
        add(x + side * diagonal + left, y + diagonal + 4.0, anchor, false, away + 90.0);
        add(x + side * diagonal + left, y - diagonal - 4.0 - h, anchor, true, away + 90.0);
    }
    let reach = if spot.shape == Shape::Disc { 55.0 * spot.scale } else { 26.0 };
    add(x - w / 2.0, y + reach, Anchor::Middle, false, if y > middle.y { 60.0 } else { 160.0 });
    add(x - w / 2.0, y - reach - h, Anchor::Middle, true, if y < middle.y { 80.0 } else { 160.0 });
    out
}

/// How near the edge of the stage a label may come.
const EDGE: f64 = 4.0;

/// What a label of this room collides with; or, where that is as much as `most`, as far as it was counted until then.
fn collisions(
    rect: Rect,
    own: usize,
    spots: &[Spot],
    links: &[(Point, Point)],
    view: Rect,
    most: f64,
) -> f64 {
    let mut cost = rect.outside(view.grown(-EDGE)) * 6.0;
    let grown = rect.grown(2.0);
    for (index, spot) in spots.iter().enumerate() {
        if cost >= most {
            return cost;
        }
        if index != own {
            cost += grown.overlap(spot.body()) * 4.0;
            cost += spot.label.map_or(0.0, |label| rect.overlap(label.rect)) * 4.0;
        }
    }
    for (a, b) in links {
        if cost >= most {
            break;
        }
        cost += rect.length_inside(*a, *b) * 1.4;
    }
    cost
}

/// Gives every disc its label, and what that costs in all; or, where that is as much as `most`, at least `most`. A second round
/// corrects what the first could not foresee.
pub(super) fn slots(
    plan: &Plan<'_>,
    spots: &mut [Spot],
    discs: &[usize],
    links: &[(Point, Point)],
    most: f64,
) -> f64 {
    let Plan { ring, view, density, .. } = *plan;
    let middle = Point::new(view.w / 2.0, view.h / 2.0);
    let size = room(density, Sort::Disc, view.w);
    // The inside of the ring belongs to messages.
    let inside = |rect: Rect| {
        let (x, y) = (rect.x + rect.w / 2.0, rect.y + rect.h / 2.0);
        let out = length((x - ring.middle.x) / ring.rx, (y - ring.middle.y) / ring.ry);
        if out < 0.9 { 520.0 } else { 0.0 }
    };
    let mut total = 0.0;
    for is_last in [false, true] {
        total = 0.0;
        for &disc in discs {
            let mut best: Option<(Slot, f64)> = None;
            for (slot, cost) in candidates(&spots[disc], middle, size) {
                let least = best.as_ref().map_or(f64::INFINITY, |(_, cost)| *cost);
                let cost = cost + inside(slot.rect);
                let cost = cost + collisions(slot.rect, disc, spots, links, view, least - cost);
                if cost < least {
                    best = Some((slot, cost));
                }
            }
            if let Some((slot, cost)) = best {
                spots[disc].label = Some(slot);
                total += cost;
            }
            if is_last && total >= most {
                return total;
            }
        }
    }
    total
}

/// Puts the clients that are boxes into the gaps of the ring, and labels them. Gives what that costs, or at least `most`.
pub(super) fn box_spots(
    plan: &Plan<'_>,
    spots: &mut [Spot],
    angles: &[(usize, f64)],
    links: &[(Point, Point)],
    most: f64,
) -> f64 {
    let Plan { items, ring, view, density, .. } = *plan;
    let boxes: Vec<usize> = (0..items.len()).filter(|index| items[*index].shape == Shape::Box).collect();
    let middle = Point::new(view.w / 2.0, view.h / 2.0);
    let size = room(density, Sort::Box, view.w);
    let step = 360.0 / angles.len().max(1) as f64;
    let mut places: Vec<Point> = Vec::new();
    for (_, degrees) in angles {
        for part in [0.5, 0.32, 0.68] {
            for out in [1.0, 0.86, 1.12, 1.26, 1.42, 1.7] {
                places.push(ring.at(degrees + step * part, out));
            }
        }
    }
    for corner in [(0.07, 0.9), (0.93, 0.9), (0.93, 0.1), (0.5, 0.07), (0.5, 0.93), (0.05, 0.5), (0.95, 0.5)]
    {
        places.push(Point::new(view.w * corner.0, view.h * corner.1));
    }
    let mut total = 0.0;
    // Boxes that have no place yet must not be in the way.
    for &index in &boxes {
        spots[index].at = Point::new(-1e4, -1e4 * (index as f64 + 1.0));
        spots[index].scale = 1.0;
    }
    for &index in &boxes {
        let mut best: Option<(f64, Spot)> = None;
        for &at in &places {
            let bare = Spot { at, shape: Shape::Box, scale: 1.0, label: None };
            let least = best.as_ref().map_or(f64::INFINITY, |(cost, _)| *cost);
            // A message needs a way on which it can be seen.
            let discs = spots.iter().filter(|spot| spot.shape == Shape::Disc);
            let near = discs.map(|spot| spot.at.distance(at) - spot.door()).fold(f64::INFINITY, f64::min);
            let mut cost = bare.body().outside(view.grown(-4.0)) * 12.0 + (100.0 - near).max(0.0) * 14.0;
            // However little room there is, nobody stands where somebody else does.
            cost += spots.iter().filter(|spot| spot.at.distance(at) < spot.rim()).count() as f64 * 1e5;
            // Outside of the ring, if there is room: the inside belongs to messages.
            let inside = length((at.x - ring.middle.x) / ring.rx, (at.y - ring.middle.y) / ring.ry);
            cost += (1.0 - inside).max(0.0) * 400.0 + at.distance(middle) * 0.2;
            if cost >= least {
                continue;
            }
            // Messages between others pass beside it.
            let ways = links.iter().map(|(a, b)| bare.body().grown(10.0).length_inside(*a, *b));
            cost += ways.sum::<f64>() * 8.0;
            cost += collisions(bare.body().grown(6.0), index, spots, &[], view, least) * 2.0;
            if cost >= least {
                continue;
            }
            cost += side(items, spots, index, at);
            for (slot, extra) in candidates(&bare, middle, size) {
                let least = best.as_ref().map_or(f64::INFINITY, |(cost, _)| *cost);
                let cost = cost + extra;
                if cost >= least {
                    continue;
                }
                let cost = cost + collisions(slot.rect, index, spots, links, view, least - cost);
                if cost < least {
                    best = Some((cost, Spot { label: Some(slot), ..bare }));
                }
            }
        }
        if let Some((cost, spot)) = best {
            spots[index] = spot;
            total += cost;
        }
        if total >= most {
            break;
        }
    }
    total
}

/// A box stands with its own side of a partition, and, without one, near the server of its own number.
fn side(items: &[Item], spots: &[Spot], index: usize, at: Point) -> f64 {
    let servers = (0..items.len()).filter(|other| items[*other].shape == Shape::Disc);
    let near = |group: Option<usize>| {
        servers
            .clone()
            .filter(|other| group.is_none() || items[*other].group == group)
            .map(|other| ground(&spots[other], at))
            .fold(f64::INFINITY, f64::min)
    };
    let nearest = near(None);
    match items[index].group {
        Some(_) if near(items[index].group).is_finite() => {
            (near(items[index].group) - nearest).max(0.0) * 30.0 + nearest * 0.4
        }
        _ => {
            let number = items[..index].iter().filter(|item| item.shape == Shape::Box).count();
            let Some(own) = servers.clone().filter(|other| !items[*other].special).nth(number) else {
                return 0.0;
            };
            let through = servers.filter(|other| *other != own).map(|other| {
                let spot = &spots[other];
                (spot.door() - distance_to_line(spot.at, at, spots[own].at)).max(0.0)
            });
            // What it says to its server flies over nobody else's words.
            let labels = spots.iter().filter_map(|spot| spot.label);
            let over: f64 = labels.map(|label| label.rect.length_inside(at, spots[own].at)).sum();
            spots[own].at.distance(at) * 0.8 + through.sum::<f64>() * 20.0 + over * 4.0
        }
    }
}

/// Lets labels grow to where something else begins, so that long words are cut only where they must be; and takes from them
/// what lies off the stage, where words would lose their beginning instead.
pub(super) fn widen(spots: &mut [Spot], view: Rect) {
    const STEP: f64 = 8.0;
    for index in 0..spots.len() {
        let Some(mut slot) = spots[index].label else { continue };
        let before = collisions(slot.rect.grown(3.0), index, spots, &[], view, f64::INFINITY);
        for _ in 0..12 {
            let wider = match slot.anchor {
                Anchor::Start => Rect { w: slot.rect.w + STEP, ..slot.rect },
                Anchor::End => Rect { x: slot.rect.x - STEP, w: slot.rect.w + STEP, ..slot.rect },
                Anchor::Middle => Rect { x: slot.rect.x - STEP / 2.0, w: slot.rect.w + STEP, ..slot.rect },
            };
            if collisions(wider.grown(3.0), index, spots, &[], view, f64::INFINITY) > before {
                break;
            }
            slot.rect = wider;
        }
        let Rect { x, w, .. } = slot.rect;
        let (left, right) = ((EDGE - x).max(0.0), (x + w + EDGE - view.w).max(0.0));
        let (left, right) = match slot.anchor {
            Anchor::Middle => (left.max(right), left.max(right)),
            _ => (left, right),
        };
        slot.rect = Rect { x: x + left, w: (w - left - right).max(0.0), ..slot.rect };
        spots[index].label = Some(slot);
    }
}
