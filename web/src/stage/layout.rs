//! Where every node stands and where its label goes. Nodes stand on an ellipse, the inside of which belongs to links and
//! messages; clients that are only boxes stand in the gaps. Of some hundred arrangements the one is taken in which least
//! collides. The arrangement depends on who there is, never on what a label says, so nothing moves while a run plays.

use splitbrain_core::kit::put_in_order;

use super::place::{Slot, Sort, box_spots, slots, widen};
use crate::ui::geometry::{Point, Rect, distance_to_line};
use crate::ui::number::{Within, sin_cos};

/// How a node is drawn.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Shape {
    /// A disc, which is a clock.
    Disc,
    /// A small box: a client of which there is no more to say than what it asks for.
    Box,
}

/// A node, as far as its place depends on it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Item {
    pub(super) shape: Shape,
    /// There is one of its kind: it stands where it divides the others.
    pub(super) special: bool,
    /// It is a client. Clients say nothing to one another.
    pub(super) client: bool,
    /// Its side of the partition.
    pub(super) group: Option<usize>,
}

/// How much each label says.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Density {
    /// Role, remark and everything that the node keeps.
    Full,
    /// Role and the first thing that it keeps.
    Short,
    /// Nothing: there are too many.
    Bare,
}

impl Density {
    pub(super) const fn of(discs: usize) -> Self {
        match discs {
            0..=7 => Self::Full,
            8..=12 => Self::Short,
            _ => Self::Bare,
        }
    }
}

/// Where a node stands.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) struct Spot {
    pub(super) at: Point,
    pub(super) shape: Shape,
    /// How large it is drawn.
    pub(super) scale: f64,
    /// Where its label goes, if it has one.
    pub(super) label: Option<Slot>,
}

impl Spot {
    /// How far its rim is from its middle.
    pub(super) fn rim(&self) -> f64 {
        match self.shape {
            Shape::Disc => RIM * self.scale,
            Shape::Box => 23.0 * self.scale,
        }
    }

    /// How far from its middle a message leaves and arrives: clear of the rim, the pointer and the halo.
    pub(super) fn door(&self) -> f64 {
        self.rim() + 14.0 * self.scale
    }

    /// The box around what is drawn, pointer of the clock included.
    pub(super) fn body(&self) -> Rect {
        Rect::around(
            self.at,
            match self.shape {
                Shape::Disc => REACH * self.scale,
                Shape::Box => 20.0 * self.scale,
            },
        )
    }
}

/// The rim of a disc: just outside of its bezel.
pub(super) const RIM: f64 = 46.0;
/// The farthest that anything of a disc reaches.
const REACH: f64 = 50.0;

/// The whole arrangement.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Layout {
    pub(super) width: f64,
    pub(super) height: f64,
    pub(super) density: Density,
    /// In the order of the items.
    pub(super) spots: Vec<Spot>,
    cost: f64,
}

/// No ring is narrower than this. Where there is less room its nodes lie on each other, or off the stage; but each has a place.
const NARROWEST: f64 = 30.0;

/// Arranges the items on a drawing of this size, whatever it is.
pub(super) fn arrange(items: &[Item], width: f64, height: f64) -> Layout {
    let discs = items.iter().filter(|item| item.shape == Shape::Disc).count();
    let density = Density::of(discs);
    let scales: &[f64] = match density {
        Density::Full => &[1.0, 0.88, 0.76, 0.66],
        Density::Short => &[0.88, 0.76, 0.64, 0.54],
        Density::Bare => &[0.76, 0.64, 0.54, 0.44, 0.36],
    };
    let view = Rect::new(0.0, 0.0, width, height);
    let mut best: Option<Layout> = None;
    for &scale in scales {
        let reach = REACH * scale;
        let half = width / 2.0 - reach - 8.0;
        let wides =
            if density == Density::Bare { [0.0, 30.0, 0.0, 0.0] } else { [60.0, 120.0, 180.0, 220.0] };
        for side in wides {
            for (above, below) in [(8.0, 8.0), (44.0, 8.0), (8.0, 44.0), (44.0, 44.0), (70.0, 10.0)] {
                let (top, bottom) = (reach + above, height - reach - below);
                let ry = ((bottom - top) / 2.0).max(NARROWEST);
                let rx = (half - side).max(ry.min(half) * 0.5).min(ry * 2.6).max(NARROWEST);
                let ring = Ring { middle: Point::new(width / 2.0, (top + bottom) / 2.0), rx, ry };
                // Nodes that divide the ring stand at its top and bottom.
                let divided = items.iter().filter(|item| item.special).count() > 1;
                for flat in if divided { &[false][..] } else { &[true, false] } {
                    let most = best.as_ref().map_or(f64::INFINITY, |best: &Layout| best.cost);
                    let plan = Plan { items, ring, flat: *flat, scale, density, view };
                    best = plan.attempt(most).or(best);
                }
            }
        }
    }
    let mut best = best.unwrap_or_else(|| {
        let middle = Point::new(width / 2.0, height / 2.0);
        let spot = |item: &Item| Spot { at: middle, shape: item.shape, scale: scales[0], label: None };
        Layout { width, height, density, spots: items.iter().map(spot).collect(), cost: f64::INFINITY }
    });
    widen(&mut best.spots, view);
    best
}

/// The ellipse.
#[derive(Clone, Copy)]
pub(super) struct Ring {
    pub(super) middle: Point,
    pub(super) rx: f64,
    pub(super) ry: f64,
}

impl Ring {
    /// The place at this angle, this many times as far out as the ellipse.
    pub(super) fn at(&self, degrees: f64, out: f64) -> Point {
        let (sin, cos) = sin_cos(degrees);
        Point::new(self.middle.x + self.rx * out * cos, self.middle.y + self.ry * out * sin)
    }
}

/// One way to arrange the items.
pub(super) struct Plan<'a> {
    pub(super) items: &'a [Item],
    pub(super) ring: Ring,
    /// Two nodes share the top, not one.
    flat: bool,
    scale: f64,
    pub(super) density: Density,
    pub(super) view: Rect,
}

impl Plan<'_> {
    /// The arrangement, if it costs less than this. What collides costs, by area or by length.
    fn attempt(&self, most: f64) -> Option<Layout> {
        let Self { items, ring, scale, density, view, .. } = *self;
        let angles = angles(items, self.flat);
        let empty = Spot { at: ring.middle, shape: Shape::Disc, scale, label: None };
        let mut spots: Vec<Spot> = items.iter().map(|item| Spot { shape: item.shape, ..empty }).collect();
        for (index, degrees) in &angles {
            spots[*index].at = if angles.len() == 1 { ring.middle } else { ring.at(*degrees, 1.0) };
        }
        let discs: Vec<usize> = angles.iter().map(|(index, _)| *index).collect();
        let links = links(items, &spots);
        let mut cost = self.crowding(&spots, &discs) + crossings(&links, &spots, &discs);
        if density != Density::Bare && cost < most {
            cost += slots(self, &mut spots, &discs, &links, most - cost);
        }
        if cost < most {
            cost += box_spots(self, &mut spots, &angles, &links, most - cost);
        }
        (cost < most).then_some(Layout { width: view.w, height: view.h, density, spots, cost })
    }

    /// How near the discs are to one another and to the edge.
    fn crowding(&self, spots: &[Spot], discs: &[usize]) -> f64 {
        // A smaller drawing of the same thing is worth a little less.
        let mut cost = (1.0 - self.scale) * 4200.0;
        for (place, &a) in discs.iter().enumerate() {
            cost += spots[a].body().outside(self.view) * 8.0;
            for &b in &discs[place + 1..] {
                let near = spots[a].at.distance(spots[b].at);
                // A message needs a way on which it can be seen, and its label.
                cost += (210.0_f64.min(self.view.w * 0.46) - near).max(0.0) * 3.0;
                cost += (2.0 * REACH * self.scale + 4.0 - near).max(0.0) * 400.0;
            }
        }
        cost
    }
}

/// Links that run through a node that they do not belong to.
fn crossings(links: &[(Point, Point)], spots: &[Spot], discs: &[usize]) -> f64 {
    let mut cost = 0.0;
    for (a, b) in links {
        for &disc in discs {
            let spot = &spots[disc];
            if spot.at != *a && spot.at != *b {
                cost += (spot.rim() + 6.0 - distance_to_line(spot.at, *a, *b)).max(0.0) * 30.0;
            }
        }
    }
    cost
}

/// The angle of every disc, in the order of the ring.
fn angles(items: &[Item], flat: bool) -> Vec<(usize, f64)> {
    let discs: Vec<usize> = (0..items.len()).filter(|index| items[*index].shape == Shape::Disc).collect();
    let count = discs.len();
    if count == 0 {
        return Vec::new();
    }
    let step = 360.0 / count as f64;
    // Two alone stand side by side.
    let start = if flat || count == 2 { -90.0 - step / 2.0 } else { -90.0 };
    let start = if count == 2 { 180.0 } else { start };
    let order = together(items, around(items, &discs));
    order.into_iter().enumerate().map(|(slot, index)| (index, start + step * slot as f64)).collect()
}

/// Special nodes divide the ring evenly; the others go round clockwise.
fn around(items: &[Item], discs: &[usize]) -> Vec<usize> {
    let (special, others): (Vec<usize>, Vec<usize>) = discs.iter().partition(|index| items[**index].special);
    if special.is_empty() || others.is_empty() {
        return discs.to_vec();
    }
    if special.len() == 1 {
        return others.into_iter().chain(special).collect();
    }
    let count = discs.len();
    let mut ring: Vec<Option<usize>> = vec![None; count];
    for (nth, index) in special.iter().enumerate() {
        ring[nth * count / special.len()] = Some(*index);
    }
    // From below on the left side up, so that the first one is on the left.
    let below = count / special.len();
    let free: Vec<usize> =
        (1..=count).map(|step| (below + step) % count).filter(|slot| ring[*slot].is_none()).collect();
    for (slot, index) in free.into_iter().zip(others) {
        ring[slot] = Some(index);
    }
    ring.into_iter().flatten().collect()
}

/// The same ring with every side of a partition together, turned so that as few as possible leave their place.
fn together(items: &[Item], order: Vec<usize>) -> Vec<usize> {
    let mut sides: Vec<Option<usize>> = order.iter().map(|index| items[*index].group).collect();
    if sides.iter().all(Option::is_none) || order.len() < 3 {
        return order;
    }
    // Who is on no side stays beside its neighbour.
    let first = sides.iter().flatten().next().copied();
    let mut last = first;
    for side in &mut sides {
        last = side.or(last);
        *side = last;
    }
    let count = order.len();
    let changes = (0..count).filter(|slot| sides[*slot] != sides[(slot + 1) % count]).count();
    let mut kinds: Vec<_> = sides.clone();
    put_in_order(&mut kinds, |kind| *kind);
    kinds.dedup();
    if changes <= kinds.len().max(2) {
        return order;
    }
    let mut sorted: Vec<usize> = (0..count).collect();
    put_in_order(&mut sorted, |slot| sides.iter().position(|side| *side == sides[*slot]));
    let sorted: Vec<usize> = sorted.into_iter().map(|slot| order[slot]).collect();
    let stay = |turn: usize| (0..count).filter(|slot| sorted[(slot + turn) % count] == order[*slot]).count();
    let turn = (0..count).max_by_key(|turn| (stay(*turn), count - turn)).unwrap_or(0);
    (0..count).map(|slot| sorted[(slot + turn) % count]).collect()
}

/// The links that are always drawn: between discs, but for two clients, or two nodes that are each alone of their kind.
pub(super) fn linked(a: Item, b: Item) -> bool {
    let discs = a.shape == Shape::Disc && b.shape == Shape::Disc;
    discs && !(a.client && b.client) && !(a.special && b.special)
}

fn links(items: &[Item], spots: &[Spot]) -> Vec<(Point, Point)> {
    let pairs = (0..items.len()).flat_map(|a| (a + 1..items.len()).map(move |b| (a, b)));
    pairs.filter(|(a, b)| linked(items[*a], items[*b])).map(|(a, b)| (spots[a].at, spots[b].at)).collect()
}

/// A phone.
pub(super) const fn is_narrow(width: f64) -> bool {
    width < 560.0
}

/// What a label may be worth at most: the room that is set aside, by density and by the shape of the drawing.
pub(super) fn room(density: Density, sort: Sort, width: f64) -> (f64, f64) {
    let narrow = is_narrow(width);
    match (sort, density, narrow) {
        (Sort::Box, _, false) => (150.0, 32.0),
        (Sort::Box, _, true) => (92.0, 30.0),
        (Sort::Disc, Density::Full, false) => (172.0, 86.0),
        (Sort::Disc, Density::Full, true) => (92.0, 70.0),
        (Sort::Disc, _, false) => (112.0, 44.0),
        (Sort::Disc, _, true) => (64.0, 40.0),
    }
}

/// The size of the drawing for a container of so many CSS pixels: one unit is about one pixel, less where there is little room,
/// more on a large screen that is seen from afar.
pub(super) fn drawing(width: f64, height: f64) -> (f64, f64) {
    if width < 1.0 || height < 1.0 {
        return (900.0, 430.0);
    }
    let factor = if width < 560.0 {
        (width / 390.0).min(height / 330.0).within(0.8, 1.5)
    } else {
        (width / 900.0).min(height / 430.0).within(0.86, 2.2)
    };
    ((width / factor).round(), (height / factor).round())
}

#[cfg(test)]
#[path = "layout_tests.rs"]
mod tests;
