//! The window drawn: two sheets of SVG text and a ruler, with the veil between the sheets, and what can be hit on them.

use splitbrain_core::lab::Run;
use splitbrain_core::timeline::Timeline;
use splitbrain_core::unit::{NodeId, Time};
use splitbrain_core::view::{Life, Ring};

use super::canvas::{Anchor, CROSS, Canvas};
use super::cone::Cone;
use super::crowd::{Columns, densities};
use super::index::{Index, Sign};
use super::labels::Bar;
use super::lanes::Lanes;
use super::looks::{Change, Looks, MOST};
use super::ops::Ops;
use super::scale::ticks;
use super::slice::{Axis, Event, Slice, cut};
use super::{arrows, labels};
use crate::ui::number::Within as _;
use crate::ui::text;

/// The size of a name on the ruler, in pixels, as the style has it.
const TIME: f64 = 11.0;

/// Everything that a drawing is made from.
pub(super) struct Scene<'a> {
    pub(super) axis: Axis<'a>,
    pub(super) lanes: &'a Lanes,
    pub(super) index: &'a Index,
    pub(super) ops: &'a Ops,
    pub(super) looks: &'a Looks,
    /// The event that was chosen.
    pub(super) chosen: Option<u32>,
    /// Captions and questions: so many records had happened, and whether it is a question.
    pub(super) said: &'a [(u32, bool)],
    /// The place at the left edge of the drawing, pixels a second of the axis, and pixels from edge to edge.
    pub(super) from: f64,
    pub(super) scale: f64,
    pub(super) width: f64,
}

/// What can be pointed at.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) struct Hit {
    pub(super) x: f64,
    pub(super) y: f64,
    pub(super) record: u32,
}

/// The drawing.
#[derive(Default)]
pub(super) struct Picture {
    pub(super) ruler: String,
    pub(super) under: String,
    pub(super) over: String,
    pub(super) hits: Vec<Hit>,
    pub(super) bars: Vec<Bar>,
    /// Messages that are drawn.
    pub(super) messages: usize,
    /// The names on the ruler: from where to where each reaches, in its order.
    pub(super) names: Vec<(f64, f64)>,
    /// The first record that is drawn, and the one behind the last.
    pub(super) records: (u32, u32),
    /// Whether some of it is drawn as densities.
    pub(super) crowded: bool,
}

impl Scene<'_> {
    /// Where a place of the axis lies in the drawing.
    pub(super) fn x(&self, place: f64) -> f64 {
        (place - self.from) * self.scale
    }

    pub(super) fn record_x(&self, record: u32) -> f64 {
        self.x(self.axis.record(record))
    }

    pub(super) fn y(&self, node: NodeId) -> f64 {
        self.lanes.y(node)
    }

    pub(super) fn timeline(&self) -> &Timeline {
        self.axis.timeline
    }

    pub(super) fn run(&self) -> &dyn Run {
        self.axis.timeline.tip()
    }

    /// Between which heights of x lines are drawn.
    pub(super) fn edges(&self) -> (f64, f64) {
        (-40.0, self.width + 40.0)
    }

    /// Where the axis ends.
    pub(super) fn end(&self) -> f64 {
        self.x(self.axis.pace.length(self.axis.speed))
    }

    /// From where to where something is drawn that lasts; on to the end of the axis where it does not end.
    pub(super) fn extent(&self, from: u32, to: Option<u32>) -> (f64, f64) {
        let (low, high) = self.edges();
        let to = to.map_or_else(|| self.end(), |to| self.record_x(to));
        (self.record_x(from).within(low, high), to.within(low, high))
    }
}

/// Draws the window.
pub(super) fn paint(scene: &Scene) -> Picture {
    let (mut under, mut over, mut ruler) = (Canvas::default(), Canvas::default(), Canvas::default());
    let columns = Columns::new(scene);
    let (low, high) = columns.records();
    let mut slice = Slice::default();
    for (from, to) in columns.thin() {
        let part = cut(scene.axis, scene.index, from, to);
        let first = slice.facts.len() as u32;
        let moved = |event: Event| Event { facts: (event.facts.0 + first, event.facts.1), ..event };
        slice.events.extend(part.events.into_iter().map(moved));
        slice.facts.extend(part.facts);
        // A message that is under way in several parts is drawn once.
        for arrow in part.arrows {
            let place = slice.arrows.partition_point(|other| other.id < arrow.id);
            if slice.arrows.get(place).is_none_or(|other| other.id != arrow.id) {
                slice.arrows.insert(place, arrow);
            }
        }
    }
    slice.arrows.retain(|arrow| columns.shows(arrow.sent) && columns.shows(arrow.ended));
    let cone = scene.chosen.map(|chosen| Cone::new(scene.timeline(), chosen, scene.lanes.y.len(), low));
    if let Some(cone) = &cone {
        staircase(scene, cone, low, &mut under);
    }
    let names = time_lines(scene, &mut ruler, &mut under);
    baselines(scene, &mut under);
    let bars = labels::bars(scene, &mut under);
    let changes = if high - low <= MOST { scene.looks.changes(low, high) } else { Vec::new() };
    bands(scene, &changes, low, &mut under);
    standing(scene, low, high, &mut under);
    for rift in scene.index.rifts.iter().filter(|rift| rift.lasts.meets(low, high)) {
        let extent = scene.extent(rift.lasts.from, rift.lasts.to);
        scene.lanes.tears(&rift.groups).into_iter().for_each(|y| tear(scene, extent, y, &mut under));
    }
    densities(scene, &columns, &mut under);
    arrows::draw(scene, &slice.arrows, cone.as_ref(), &mut under);
    let mut hits = Vec::new();
    for event in &slice.events {
        let (x, y) = (scene.x(event.at), scene.y(event.node));
        if !event.sends && !event.receives {
            under.path("st-dot").circle(x, y, 2.5);
        }
        hits.push(Hit { x, y, record: event.record });
    }
    let mut room = labels::Room::new(scene);
    over.path(labels::PLATE);
    labels::marks(scene, low, high, &mut under, &mut ruler);
    labels::falls(scene, &mut room, &mut over);
    labels::calls(scene, &mut room, &mut over);
    labels::standing(scene, low, high, &mut room, &mut over);
    labels::disturbances(scene, low, high, &mut room, &mut over);
    labels::roles(scene, &changes, low, &mut room, &mut over);
    labels::facts(scene, &slice, &mut room, &mut over);
    if let Some((chosen, node)) =
        scene.chosen.and_then(|chosen| Some((chosen, scene.timeline().row(chosen)?.node()?)))
    {
        let (x, y) = (scene.record_x(chosen), scene.y(node));
        over.path("st-halo").circle(x, y, 9.0);
        over.path("st-heart").circle(x, y, 4.0);
    }
    Picture {
        ruler: ruler.svg(),
        under: under.svg(),
        over: over.svg(),
        hits,
        bars,
        messages: slice.arrows.len(),
        names,
        records: (low, high),
        crowded: columns.crowded(),
    }
}

/// The causal past as one area with steps, a little beyond the last event of each lane.
fn staircase(scene: &Scene, cone: &Cone, low: u32, out: &mut Canvas) {
    let lanes = scene.lanes;
    let half = lanes.pitch / 2.0 - 2.0;
    let (left, right) = scene.edges();
    let frontier = |node: &NodeId| {
        let last = cone.last.get(node.index()).copied().flatten().filter(|last| *last >= low)?;
        Some((scene.record_x(last) + 12.0).min(right)).filter(|x| *x > left)
    };
    let mut place = 0;
    while place < lanes.order.len() {
        let rows = lanes.order[place..].iter().take_while(|node| frontier(node).is_some()).count();
        if rows == 0 {
            place += 1;
            continue;
        }
        let run = &lanes.order[place..place + rows];
        let mut points: Vec<(f64, f64)> = Vec::new();
        for (row, node) in run.iter().enumerate() {
            let (x, y) = (frontier(node).unwrap_or(left), lanes.y(*node));
            let middle = |other: Option<&NodeId>| other.map(|other| (lanes.y(*other) + y) / 2.0);
            let top = middle(row.checked_sub(1).and_then(|row| run.get(row))).unwrap_or(y - half);
            let bottom = middle(run.get(row + 1)).unwrap_or(y + half);
            points.extend([(x, top), (x, bottom)]);
        }
        for class in ["st-cone", "st-front"] {
            let mut pen = out.path(class);
            pen.to(left, points[0].1);
            points.iter().for_each(|(x, y)| {
                pen.line(*x, *y);
            });
            pen.line(left, points[points.len() - 1].1).piece("z");
        }
        place += rows;
    }
}

/// The ruler's ticks and names, and the fine lines below them. Gives from where to where each name reaches.
fn time_lines(scene: &Scene, ruler: &mut Canvas, under: &mut Canvas) -> Vec<(f64, f64)> {
    let axis = scene.axis;
    let place = |x: f64| (scene.from + x / scene.scale).max(0.0);
    let (from, to) = (axis.true_time(place(0.0)), axis.true_time(place(scene.width)));
    let mut names = Vec::new();
    for (tick, x) in ticks(from, to, &|time| scene.x(axis.time(Time(time)))) {
        let name = tick.name();
        let half = text::width(&name, TIME) / 2.0;
        names.push((x - half, x + half));
        ruler.path("st-tick").to(x, 24.0).line(x, 28.0);
        ruler.words("st-time", x, 12.0, Anchor::Middle, &name);
        under.path("st-grid").to(x, 0.0).line(x, scene.lanes.height);
    }
    names
}

/// A fine line for each lane, but where its node is down.
fn baselines(scene: &Scene, out: &mut Canvas) {
    let (low, high) = scene.edges();
    let (start, end) = (scene.x(0.0).max(low), scene.end().min(high));
    for node in &scene.lanes.order {
        let y = scene.y(*node);
        out.path("st-base").to(start, y).line(end, y);
    }
}

/// Roles as widths and terms as hues.
fn bands(scene: &Scene, changes: &[Change], low: u32, out: &mut Canvas) {
    let (left, right) = scene.edges();
    let known = |step: u32| if step <= low { left } else { scene.record_x(step - 1) };
    for node in &scene.lanes.order {
        let own: Vec<&Change> = changes.iter().filter(|change| change.node == *node).collect();
        let client = scene.run().kernel().hosts().get(node.index()).is_some_and(|host| host.client);
        for (place, change) in own.iter().enumerate() {
            let from = known(change.step).max(scene.x(0.0)).within(left, right);
            let to = own.get(place + 1).map_or(scene.end(), |next| known(next.step)).within(left, right);
            if to <= from || client && change.look.hue == 0 && change.look.ring == Ring::Thin {
                continue;
            }
            // Below the bar of a client's operation, on the line of everybody else.
            let y = scene.y(*node) + if client { 8.0 } else { 0.0 };
            let class = |kind: &str| format!("st-{kind} b{}", change.look.hue);
            match (change.look.ring, client) {
                (Ring::Heavy, false) => out.path(&class("fat")).rect(from, y - 5.0, to - from, 10.0),
                (Ring::Heavy, true) => out.path(&class("fat")).rect(from, y - 2.5, to - from, 5.0),
                (Ring::Thin, _) => out.path(&class("thin")).to(from, y).line(to, y),
                (Ring::Dashed, false) => out.path(&class("dash")).to(from, y).line(to, y),
                (Ring::Dashed, true) => out.path(&class("dash low")).to(from, y).line(to, y),
            };
        }
    }
}

/// Who is down has a dotted line, who stands still a hatched box.
fn standing(scene: &Scene, low: u32, high: u32, out: &mut Canvas) {
    for stand in scene.index.stands.iter().filter(|stand| stand.lasts.meets(low, high)) {
        let y = scene.y(stand.node);
        let (from, to) = scene.extent(stand.lasts.from, stand.lasts.to);
        if stand.life == Life::Crashed {
            out.path("st-void").rect(from, y - 6.0, to - from, 12.0);
            out.path("st-down").to(from, y).line(to, y);
        } else {
            out.path("st-still").rect(from, y - 9.0, to - from, 18.0);
            out.path("st-hatch").rect(from, y - 9.0, to - from, 18.0);
        }
    }
}

/// Torn paper along a gap between two lanes.
fn tear(scene: &Scene, (from, to): (f64, f64), y: f64, out: &mut Canvas) {
    const STEP: f64 = 7.0;
    // The same place tears in the same way, wherever the window begins.
    let ragged = |place: i64, edge: u64| {
        let drawn = splitbrain_core::unit::mix(place as u64, edge) % 1_000;
        drawn as f64 / 1_000.0 * 4.8 - 2.4
    };
    let start = scene.from * scene.scale;
    let first = ((from + start) / STEP).floor() as i64;
    let last = ((to + start) / STEP).ceil() as i64;
    let line = |edge: u64, offset: f64| -> Vec<(f64, f64)> {
        (first..=last)
            .map(|place| ((place as f64 * STEP - start).within(from, to), y + offset + ragged(place, edge)))
            .collect()
    };
    let (upper, lower) = (line(1, -3.5), line(2, 3.5));
    let gap: Vec<(f64, f64)> = upper.iter().chain(lower.iter().rev()).copied().collect();
    for (class, points) in [("st-gap", &gap), ("st-edge", &upper), ("st-edge", &lower)] {
        let mut pen = out.path(class);
        for (place, (x, y)) in points.iter().enumerate() {
            if place == 0 {
                pen.to(*x, *y)
            } else {
                pen.line(*x, *y)
            };
        }
    }
}

/// The drawing of a disturbance, around its middle, on a disc of ink.
pub(super) const fn sign(sign: Sign) -> &'static str {
    match sign {
        Sign::Crash => CROSS,
        Sign::Restart | Sign::Resume => "m-2-3.5 5 3.5-5 3.5z",
        Sign::Pause => "m-2.2-3.5v7m4.4-7v7",
        Sign::Suspend => "m0-4v8m-3.5-6 7 4m-7 0 7-4",
        Sign::Tear => "m-5 1.5 2.5-3 2.5 3 2.5-3 2.5 3",
        Sign::Cut => "m-4.5 0h3m3 0h3m-6-4 3 8",
        Sign::Mend => "m-4.5 0h9m-6.5-3v6m4-6v6",
        Sign::Clock => "m0-4v4h3",
        Sign::Link => "m-4 2c2-6 3 3 4-1s2-3 4 1",
    }
}
