//! Operations, disturbances and verdicts, and the words beside marks: where there is room for them, the weightiest first.

use splitbrain_core::trace::{Call, Outcome};
use splitbrain_core::unit::{NodeId, OpId};
use splitbrain_core::view::Ring;
use splitbrain_scenarios::tell;

use super::canvas::{Anchor, CROSS, Canvas, OCTAGON};
use super::index::{Mark, Sign};
use super::looks::Change;
use super::ops::words;
use super::paint::{Scene, sign};
use super::slice::Slice;
use crate::marks::glyph;
use crate::ui::text;

/// The size of words, in pixels.
const SIZE: f64 = 12.0;
/// Half of the height of an operation's bar.
pub(super) const BAR: f64 = 10.0;

/// Where the bar of an operation is drawn: from edge to edge, around its lane.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) struct Bar {
    pub(super) from: f64,
    pub(super) to: f64,
    pub(super) y: f64,
    pub(super) op: OpId,
}
/// An operation is named again after so many pixels, so that its name is seen wherever the window stands.
const AGAIN: f64 = 300.0;
/// More words than this on one drawing would be noise.
const MOST: usize = 160;

/// What words stand on. It is begun before all else of its sheet, and lies below it.
pub(super) const PLATE: &str = "st-plate";

/// A fact that happens more often than this on one drawing has no flag.
const OFTEN: usize = 20;

/// What is taken already: on each lane, and above it.
pub(super) struct Room {
    taken: Vec<[Vec<(f64, f64)>; 2]>,
    words: usize,
}

/// Where words stand at their lane.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Row {
    On,
    Above,
}

impl Room {
    pub(super) fn new(scene: &Scene) -> Self {
        Self { taken: vec![<[Vec<(f64, f64)>; 2]>::default(); scene.lanes.y.len()], words: 0 }
    }

    /// Takes the room from one place to another, if it is free.
    fn take(&mut self, node: NodeId, row: Row, from: f64, to: f64) -> bool {
        let Some(taken) = self.taken.get_mut(node.index()).map(|rows| &mut rows[row as usize]) else {
            return false;
        };
        if self.words >= MOST || taken.iter().any(|(a, b)| from < *b && to > *a) {
            return false;
        }
        taken.push((from, to));
        self.words += 1;
        true
    }
}

/// Words on a plate: a line below them would show in the gaps between them.
fn write(over: &mut Canvas, class: &str, x: f64, y: f64, words: &str) {
    // What words can take at most is more than they mostly do, and a plate hides no more than it must.
    let wide = text::width(words, SIZE) * 0.84;
    over.path(PLATE).rect(x - 2.0, y - 10.0, wide + 2.0, 13.0);
    over.words(class, x, y, Anchor::Start, words);
}

/// From where to where the bar of a call reaches, and whether it has an end.
fn reach(scene: &Scene, call: &Call) -> Option<(f64, f64, bool)> {
    let answered = call.returned.as_ref().map(|(moment, ..)| moment.record);
    let known = call.returned.as_ref().is_some_and(|(.., outcome)| *outcome != Outcome::Info);
    let from = scene.record_x(call.invoked.0.record);
    let to = answered.map_or_else(|| scene.end(), |answered| scene.record_x(answered));
    let (low, high) = scene.edges();
    (to >= low && from <= high).then_some((from.max(low), to.min(high).max(from + 2.0), known))
}

/// The bars of operations, below everything that lies on their lanes. Gives where they are.
pub(super) fn bars(scene: &Scene, out: &mut Canvas) -> Vec<Bar> {
    let mut bars = Vec::new();
    for call in &scene.ops.calls {
        let Some((from, to, known)) = reach(scene, call) else { continue };
        let y = scene.y(call.client);
        bars.push(Bar { from, to, y, op: call.op });
        let class = if scene.ops.fall(call).is_some() { "st-op bad" } else { "st-op" };
        if known {
            out.path(class).rect(from, y - BAR, to - from, 2.0 * BAR);
        } else {
            // Torn off where nobody knows how it ended.
            out.path(class)
                .to(to, y - BAR)
                .line(from, y - BAR)
                .line(from, y + BAR)
                .line(to, y + BAR)
                .piece("l-4-3.4 4-3.3-4-3.3 4-3.3-4-3.3z");
        }
        if let Some((earliest, latest)) = scene.ops.effect(call.op) {
            let x = (scene.record_x(earliest) + scene.record_x(latest)) / 2.0;
            let (low, high) = scene.edges();
            if (low..=high).contains(&x) {
                out.path("st-point").to(x, y - BAR - 3.0).line(x, y + BAR + 3.0);
                out.path("st-gem").to(x, y - BAR - 3.0).piece("m0-4 4 4-4 4-4-4z");
            }
        }
    }
    bars
}

/// What operations are called, and why one cannot have been.
pub(super) fn calls(scene: &Scene, room: &mut Room, over: &mut Canvas) {
    for call in &scene.ops.calls {
        let Some((from, to, _)) = reach(scene, call) else { continue };
        let (y, node) = (scene.y(call.client), call.client);
        let (asked, told) = words(scene.run(), call);
        let (wide, answer) = (text::width(&asked, SIZE), text::width(&told, SIZE));
        let end = call.returned.is_some() && to < scene.width;
        if let Some(fall) = scene.ops.fall(call) {
            let middle = f64::midpoint(from, to);
            over.path("st-oct").to(middle, y).piece(OCTAGON);
            over.path("st-octx").to(middle, y).piece(CROSS);
            let name = format!("{asked} {told}");
            let wide = text::width(&name, SIZE);
            let why = text::fit(&fall.words, SIZE, 380.0);
            let end = to + 16.0 + wide + text::width(&why, SIZE);
            if room.take(node, Row::On, from, end) {
                write(over, "st-words bad", to + 8.0, y + 4.0, &name);
                write(over, "st-words", to + 16.0 + wide, y + 4.0, &why);
            }
            continue;
        }
        if to - from < wide + 12.0 {
            let name = format!("{asked} {told}");
            if room.take(node, Row::On, from, to + 14.0 + wide + answer) {
                write(over, "st-words", to + 6.0, y + 4.0, &name);
            }
            continue;
        }
        // An answer stands where it comes: nobody shall read it sooner.
        let inside = to - from > wide + answer + 28.0;
        let at = if inside { to - answer - 7.0 } else { to + 6.0 };
        if end && room.take(node, Row::On, at - 4.0, at + answer + 4.0) {
            if inside {
                over.words("st-words in", at, y + 4.0, Anchor::Start, &told);
            } else {
                write(over, "st-words", at, y + 4.0, &told);
            }
        }
        let mut x = from.max(0.0) + 8.0;
        while x + wide < to {
            if room.take(node, Row::On, x, x + wide) {
                over.words("st-words in", x, y + 4.0, Anchor::Start, &asked);
            }
            x += AGAIN.max(wide * 1.5);
        }
    }
}

/// Disturbances, as discs on the lanes that they name, or on the ruler.
pub(super) fn marks(scene: &Scene, low: u32, high: u32, under: &mut Canvas, ruler: &mut Canvas) {
    for Mark { record, sign: which, nodes } in scene.index.marks(low, high) {
        let x = scene.record_x(*record);
        if nodes.is_empty() {
            ruler.path("st-disc").circle(x, 20.5, 6.5);
            ruler.path("st-sign").to(x, 20.5).piece(sign(*which));
            under.path("st-stem").to(x, 0.0).line(x, scene.lanes.height);
        }
        for node in nodes {
            under.path("st-disc").circle(x, scene.y(*node), 8.0);
            under.path("st-sign").to(x, scene.y(*node)).piece(sign(*which));
        }
    }
    for (step, asks) in scene.said {
        let x = if *step == 0 { scene.x(0.0) } else { scene.record_x(step - 1) };
        let (left, right) = scene.edges();
        if x < left || x > right {
            continue;
        }
        if *asks {
            ruler.path("st-ask").circle(x, 20.5, 6.0);
            ruler.words("st-quest", x, 24.0, Anchor::Middle, "?");
        } else {
            ruler.path("st-say").to(x - 3.0, 20.0).piece("h7m-7 3h7m-7 3h4");
        }
    }
}

/// What fell, with its name, in red.
pub(super) fn falls(scene: &Scene, room: &mut Room, over: &mut Canvas) {
    let falls = &scene.ops.falls;
    for (place, fall) in falls.iter().enumerate() {
        let (x, (low, high)) = (scene.record_x(fall.record), scene.edges());
        let first = place == 0 || falls[place - 1].record != fall.record;
        let is_answer = scene.ops.calls.iter().any(|call| scene.ops.fall(call) == Some(fall));
        if x < low || x > high || !first {
            continue;
        }
        let node = fall.node.or_else(|| scene.lanes.order.first().copied());
        let Some(node) = node else { continue };
        let names = falls[place..].iter().take_while(|other| other.record == fall.record);
        let names: Vec<String> = names
            .map(|other| if other.late { format!("{} is late", other.id) } else { other.id.to_owned() })
            .collect();
        let (names, y) = (names.join(", "), scene.y(node));
        let wide = text::width(&names, SIZE);
        if !is_answer {
            over.path("st-oct").to(x, y).piece(OCTAGON);
            over.path("st-octx").to(x, y).piece(CROSS);
        }
        // Beside the octagon, on the side where it fits into the drawing.
        let from = if x + 16.0 + wide > scene.width { x - 14.0 - wide } else { x + 12.0 };
        room.take(node, Row::Above, from - 4.0, from + wide + 4.0);
        write(over, "st-words bad", from, y - 9.0, &names);
    }
}

/// What keeps a node from running.
pub(super) fn standing(scene: &Scene, low: u32, high: u32, room: &mut Room, over: &mut Canvas) {
    for stand in scene.index.stands.iter().filter(|stand| stand.lasts.meets(low, high)) {
        let (from, to) = scene.extent(stand.lasts.from, stand.lasts.to);
        let word = glyph::state(stand.life).unwrap_or_default().to_ascii_lowercase();
        let wide = text::width(&word, SIZE);
        let mut x = from.max(0.0) + 14.0;
        while x + wide + 4.0 < to {
            if room.take(stand.node, Row::On, x - 4.0, x + wide + 4.0) {
                write(over, "st-words quiet", x, scene.y(stand.node) + 4.0, &word);
            }
            x += AGAIN;
        }
    }
}

/// What a disturbance does, beside the first node that it names.
pub(super) fn disturbances(scene: &Scene, low: u32, high: u32, room: &mut Room, over: &mut Canvas) {
    for mark in scene.index.marks(low, high) {
        let told = matches!(mark.sign, Sign::Clock | Sign::Cut | Sign::Link | Sign::Mend);
        let Some(node) = mark.nodes.first().filter(|_| told) else { continue };
        let Some(record) = scene.timeline().record(mark.record) else { continue };
        let words = text::fit(&tell::step(scene.run(), &record), SIZE, 200.0);
        let x = scene.record_x(mark.record);
        if room.take(*node, Row::Above, x, x + text::width(&words, SIZE) + 14.0) {
            write(over, "st-words quiet", x + 9.0, scene.y(*node) - 9.0, &words);
        }
    }
}

/// A role that begins: `leader, t5`. Who follows is not worth a word.
pub(super) fn roles(scene: &Scene, changes: &[Change], low: u32, room: &mut Room, over: &mut Canvas) {
    for change in changes.iter().filter(|change| change.step > low && change.look.ring != Ring::Thin) {
        let x = scene.record_x(change.step - 1);
        let wide = text::width(&change.look.words, SIZE);
        if room.take(change.node, Row::Above, x - 2.0, x + wide + 6.0) {
            let y = scene.y(change.node) - 9.0;
            write(over, "st-words quiet", x + 2.0, y, &change.look.words);
        }
    }
}

/// Facts of the lab, each with a flag, where there is room. What happens all the time is not worth a flag, nor is what the bar of
/// an operation shows.
pub(super) fn facts(scene: &Scene, slice: &Slice, room: &mut Room, over: &mut Canvas) {
    let mut often = vec![0_usize; scene.run().info().facts.len()];
    for fact in &slice.facts {
        if let Some(count) = often.get_mut(usize::from(fact.fact)) {
            *count += 1;
        }
    }
    for event in slice.events.iter().filter(|event| event.facts.1 > 0 && !event.calls) {
        let (first, count) = (event.facts.0 as usize, usize::from(event.facts.1));
        let names: Vec<String> = slice.facts[first..first + count]
            .iter()
            .filter(|fact| fact.node == event.node)
            .filter(|fact| often.get(usize::from(fact.fact)).is_some_and(|count| *count <= OFTEN))
            .filter_map(|fact| tell::fact(scene.run(), fact.fact, fact.number))
            .collect();
        if names.is_empty() {
            continue;
        }
        let (names, x, y) = (names.join(", "), scene.x(event.at), scene.y(event.node));
        let wide = text::width(&names, SIZE);
        if room.take(event.node, Row::Above, x - 2.0, x + wide + 16.0) {
            over.path("st-flag").to(x, y - 4.0).piece("v-11h8l-2.5 3 2.5 3h-8z");
            write(over, "st-words quiet", x + 11.0, y - 8.0, &names);
        }
    }
}
