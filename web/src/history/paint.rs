//! The picture of a history: the part of it that is seen, as SVG. Bars that are alike are one path, so that ten thousand of them are
//! as light as ten.

use std::cmp::Ordering;
use std::fmt::Write as _;

use super::bars::{Bar, Bars, Came};
use super::evidence::Marks;
use crate::ui::number::{Within as _, write};
use crate::ui::text::{escape, fit};
use crate::ui::window::Window;

/// How high a lane is, in pixels.
pub(super) const LANE: f64 = 34.0;
/// What is left free above the first lane: a number stands there.
pub(super) const TOP: f64 = 10.0;
/// How high a bar is.
const BAR: f64 = 22.0;
/// The size of letters in a bar.
const SIZE: f64 = 12.0;
/// A narrower bar has no words.
const WORDS: f64 = 30.0;
/// How far an arrow stands beside the middle of a bar.
const ASIDE: f64 = 18.0;
/// Points nearer than this to the one before are passed over, and numbers nearer than that.
const NEAR: (f64, f64) = (5.0, 22.0);

/// How bars look, and what they are called in the style; the later lie over the earlier.
const LOOKS: [&str; 6] = ["not", "unknown", "done", "placed", "cyclic", "stuck"];

/// The part of the lanes that is seen.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Seen {
    pub(super) first: u32,
    pub(super) last: u32,
}

/// Draws what is seen. `says` gives the words of a bar.
pub(super) fn paint(
    bars: &Bars,
    marks: &Marks,
    window: &Window,
    seen: Seen,
    chosen: Option<u32>,
    says: impl Fn(u32) -> String,
) -> String {
    let mut out = String::new();
    lanes(bars, window, seen, &mut out);
    let mut paths: [String; LOOKS.len()] = Default::default();
    let mut words = String::new();
    let (from, to) = (window.start, window.start + window.seconds());
    for lane in seen.first..=seen.last.min(bars.lanes.len().saturating_sub(1) as u32) {
        let mut drawn = [f64::MIN; LOOKS.len()];
        for place in bars.between(lane, from, to) {
            let bar = &bars.all[*place as usize];
            let look = look(marks, *place, bar);
            let (left, right) = span(bar, window);
            // One that is narrower than a pixel is seen where nothing is drawn yet.
            if right - left < 1.0 && right <= drawn[look] {
                continue;
            }
            drawn[look] = left + (right - left).max(1.5);
            boxed(&mut paths[look], left, drawn[look], lane, bar.came == Came::Unknown);
            if right - left >= WORDS {
                label(&mut words, LOOKS[look], left, right, lane, &says(*place));
            }
        }
    }
    for (path, look) in paths.iter().zip(LOOKS).filter(|(path, _)| !path.is_empty()) {
        let _ = write!(out, r#"<path class="hb {look}" d="{path}"/>"#);
    }
    out += &words;
    arrows(bars, marks, window, &mut out);
    points(bars, marks, window, seen, &mut out);
    selected(bars, chosen, window, &mut out);
    out
}

fn look(marks: &Marks, place: u32, bar: &Bar) -> usize {
    let marked = marks.looks(place);
    match bar.came {
        _ if marked > 0 => 2 + marked,
        Came::Not => 0,
        Came::Unknown => 1,
        Came::Done => 2,
    }
}

fn middle(lane: u32) -> f64 {
    TOP + (f64::from(lane) + 0.5) * LANE
}

/// From where to where a bar is drawn, no further out than it has to be.
fn span(bar: &Bar, window: &Window) -> (f64, f64) {
    let left = window.x(f64::from(bar.begins)).max(-8.0);
    let right = window.x(f64::from(bar.ends)).min(window.width + 8.0);
    (left, right)
}

fn lanes(bars: &Bars, window: &Window, seen: Seen, out: &mut String) {
    *out += r#"<path class="hb-lane" d=""#;
    for lane in seen.first..=seen.last.min(bars.lanes.len().saturating_sub(1) as u32) {
        *out += "M0 ";
        write(out, middle(lane), 1);
        *out += "H";
        write(out, window.width, 0);
    }
    *out += r#""/>"#;
}

/// A box from left to right. The right end of a call that is never answered is open.
fn boxed(path: &mut String, left: f64, right: f64, lane: u32, open: bool) {
    let (top, bottom) = (middle(lane) - BAR / 2.0, middle(lane) + BAR / 2.0);
    let go = |path: &mut String, sign: char, x: f64, y: f64| {
        path.push(sign);
        write(path, x, 1);
        path.push(' ');
        write(path, y, 1);
    };
    if open {
        go(path, 'M', right, top);
        go(path, 'L', left, top);
        go(path, 'L', left, bottom);
        go(path, 'L', right, bottom);
    } else {
        go(path, 'M', left, top);
        go(path, 'L', right, top);
        go(path, 'L', right, bottom);
        go(path, 'L', left, bottom);
        path.push('Z');
    }
}

/// The words of a bar begin where it is first seen.
fn label(words: &mut String, look: &str, left: f64, right: f64, lane: u32, says: &str) {
    let left = left.max(0.0) + 6.0;
    let shown = fit(says, SIZE, right - left - 4.0);
    if shown.is_empty() {
        return;
    }
    let _ = write!(words, r#"<text class="ht {look}" x=""#);
    write(words, left, 1);
    *words += r#"" y=""#;
    write(words, middle(lane) + 4.0, 1);
    let _ = write!(words, r#"">{}</text>"#, escape(&shown));
}

/// The order that is shown: a point where each operation takes effect, and the way from one to the next.
fn points(bars: &Bars, marks: &Marks, window: &Window, seen: Seen, out: &mut String) {
    let (from, to) = (window.start, window.start + window.seconds());
    let low = marks.points.partition_point(|(x, _)| *x < from).saturating_sub(1);
    let high = (marks.points.partition_point(|(x, _)| *x <= to) + 1).min(marks.points.len());
    let (mut line, mut dots, mut last) = (String::new(), String::new(), (f64::MIN, f64::MIN));
    for (nth, (place, bar)) in marks.points.iter().enumerate().take(high).skip(low) {
        let lane = bars.all[*bar as usize].lane;
        // Below the words of the bars.
        let (x, y) = (window.x(*place).within(-1e4, 1e4), middle(lane) + BAR / 2.0);
        line.push(if line.is_empty() { 'M' } else { 'L' });
        write(&mut line, x, 1);
        line.push(' ');
        write(&mut line, y, 1);
        if x - last.0 < NEAR.0 || !(seen.first..=seen.last).contains(&lane) {
            continue;
        }
        last.0 = x;
        dots += r#"<circle class="hp" r="4" cx=""#;
        write(&mut dots, x, 1);
        dots += r#"" cy=""#;
        write(&mut dots, y, 1);
        dots += r#""/>"#;
        if x - last.1 >= NEAR.1 {
            last.1 = x;
            dots += r#"<text class="hn" x=""#;
            write(&mut dots, x, 1);
            dots += r#"" y=""#;
            write(&mut dots, y - BAR - 2.0, 1);
            let _ = write!(dots, r#"">{}</text>"#, nth + 1);
        }
    }
    if !line.is_empty() {
        let _ = write!(out, r#"<path class="hp-way" d="{line}"/>{dots}"#);
    }
}

/// The operations of a cycle, each before the next.
fn arrows(bars: &Bars, marks: &Marks, window: &Window, out: &mut String) {
    for (from, to, why) in &marks.arrows {
        let (Some(one), Some(other)) = (bars.all.get(*from as usize), bars.all.get(*to as usize)) else {
            continue;
        };
        let centre = |bar: &Bar| {
            let (left, right) = span(bar, window);
            f64::midpoint(left.max(0.0), right.min(window.width)).within(-200.0, window.width + 200.0)
        };
        // From edge to edge; two that are on one lane have their arrow above it. One that goes up passes beside one that goes down.
        let (edge, to_edge, aside) = match one.lane.cmp(&other.lane) {
            Ordering::Less => (BAR / 2.0, -BAR / 2.0, -ASIDE),
            Ordering::Greater => (-BAR / 2.0, BAR / 2.0, ASIDE),
            Ordering::Equal => (-BAR / 2.0, -BAR / 2.0, 0.0),
        };
        let (x, y) = (centre(one) + aside, middle(one.lane) + edge);
        let (to_x, to_y) = (centre(other) + aside, middle(other.lane) + to_edge);
        let bend = if aside == 0.0 { -ASIDE } else { 0.0 };
        let (mid_x, mid_y) = (f64::midpoint(x, to_x) + aside, f64::midpoint(y, to_y) + bend);
        *out += r#"<path class="hc" marker-end="url(#hc-tip)" d="M"#;
        for (sign, x, y) in [(' ', x, y), ('Q', mid_x, mid_y), (' ', to_x, to_y)] {
            out.push(sign);
            write(out, x, 1);
            out.push(' ');
            write(out, y, 1);
        }
        *out += r#""/><text class="hc-why" x=""#;
        write(out, mid_x, 1);
        *out += r#"" y=""#;
        write(out, mid_y + 4.0, 1);
        let _ = write!(out, r#"">{why}</text>"#);
    }
}

fn selected(bars: &Bars, chosen: Option<u32>, window: &Window, out: &mut String) {
    let Some(bar) = chosen.and_then(|place| bars.all.get(place as usize)).filter(|bar| bar.lane != u32::MAX)
    else {
        return;
    };
    let (left, right) = span(bar, window);
    *out += r#"<path class="hs" d=""#;
    boxed(out, left - 3.0, right + 3.0, bar.lane, false);
    *out += r#""/>"#;
}
