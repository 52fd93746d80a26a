//! The pictures: each is drawn by Plotters over the time of the whole run, and comes with a sentence that says what is to be seen.

use std::collections::BTreeMap;

use plotters::chart::{ChartBuilder, ChartContext};
use plotters::coord::cartesian::Cartesian2d;
use plotters::coord::ranged1d::{KeyPointHint, NoDefaultFormatting, Ranged, ValueFormatter};
use plotters::coord::types::RangedCoordf64;
use plotters::drawing::{DrawingAreaErrorKind, IntoDrawingArea};
use plotters::element::{Circle, Cross, EmptyElement, PathElement, Polygon, Rectangle, Text, TriangleMarker};
use plotters::style::{Color, FontFamily, IntoFont, TextStyle};
use splitbrain_core::lab::{LabInfo, Roster};
use splitbrain_core::trace::Phase;
use splitbrain_core::unit::{NodeId, Time};
use splitbrain_core::view::Believed;

use super::gather::{Gathered, Line, Operation};
use super::paper::{Ink, LETTERS, Mark, Paper, UNITS};
use crate::ui::number::number;

/// How high a picture is, and what stands around the plot, in pixels.
const HEIGHT: u32 = 168;
const LEFT: u32 = 48;
const RIGHT: u32 = 44;
const BELOW: u32 = 20;
const ABOVE: u32 = 8;
/// Names at the ends of lines stand at least so far apart, in units.
const APART: i32 = 13 * UNITS as i32;
/// How far apart lines are that are at the same number, as a share of the height.
const BESIDE: f64 = 0.014;
/// Columns of the chart of messages.
const COLUMNS: usize = 48;
/// Up to so many operations have the name of their client beside them.
const NAMED: usize = 24;
/// Kinds of messages that have a hue of their own; whatever is rarer is put together.
const KINDS: usize = 6;

/// A picture and its words.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Plot {
    pub(super) title: String,
    /// What is to be seen, in a sentence or two.
    pub(super) says: String,
    /// What the inks mean that have no name beside their lines.
    pub(super) legend: Vec<(Ink, String)>,
    pub(super) marks: Vec<Mark>,
    /// In units.
    pub(super) size: (u32, u32),
    /// Where time begins and ends, in hundredths of the width.
    pub(super) span: (f64, f64),
}

/// What all pictures of a run have in common.
#[derive(Clone, Copy)]
pub(super) struct Room<'a> {
    pub(super) info: &'static LabInfo,
    pub(super) roster: &'a Roster,
    /// The end of time, so far.
    pub(super) now: Time,
    /// In pixels.
    pub(super) width: u32,
}

type Chart<'a> = ChartContext<'a, Paper, Cartesian2d<Axis, Axis>>;
/// An axis that writes its numbers as the page does. (The library's own way of writing them is in no other part of the page.)
struct Axis {
    range: RangedCoordf64,
    unit: &'static str,
    /// Whether there is nothing between whole numbers.
    whole: bool,
}

impl Axis {
    fn new((low, high): Point, unit: &'static str, whole: bool) -> Self {
        Self { range: RangedCoordf64::from(low..high), unit, whole }
    }
}

impl Ranged for Axis {
    type FormatOption = NoDefaultFormatting;
    type ValueType = f64;

    fn map(&self, value: &f64, limit: (i32, i32)) -> i32 {
        self.range.map(value, limit)
    }

    fn key_points<Hint: KeyPointHint>(&self, hint: Hint) -> Vec<f64> {
        let mut points = self.range.key_points(hint);
        points.retain(|point| !self.whole || point.fract() == 0.0);
        points
    }

    fn range(&self) -> std::ops::Range<f64> {
        self.range.range()
    }
}

impl ValueFormatter<f64> for Axis {
    fn format_ext(&self, value: &f64) -> String {
        figure(*value) + self.unit
    }
}

type Drawn = Result<(), DrawingAreaErrorKind<std::convert::Infallible>>;
type Point = (f64, f64);

/// All of them, without those that there is nothing to see in.
pub(super) fn plots(room: Room<'_>, gathered: &Gathered, clocks: &[Vec<Believed>]) -> Vec<Plot> {
    let curves = room.info.curves.iter().zip(&gathered.curves);
    let curves = curves.filter_map(|(curve, lines)| course(room, curve.title, lines));
    let first = [self::clocks(room, clocks), operations(room, &gathered.operations)];
    first.into_iter().flatten().chain(curves).chain(messages(room, gathered)).collect()
}

/// A sheet with axes, on which somebody draws.
fn plot(
    room: Room<'_>,
    title: &str,
    (low, high): (f64, f64),
    whole: bool,
    draw: impl FnOnce(&mut Chart<'_>) -> Drawn,
) -> Option<Plot> {
    let size = (room.width * UNITS, HEIGHT * UNITS);
    let (paper, marks) = Paper::new(size);
    let area = paper.into_drawing_area();
    let margin = (high - low) * 0.06;
    let low = if low < 0.0 { low - margin } else { low };
    let mut chart = ChartBuilder::on(&area)
        .margin_top(ABOVE * UNITS)
        .margin_right(RIGHT * UNITS)
        .x_label_area_size(BELOW * UNITS)
        .y_label_area_size(LEFT * UNITS)
        .build_cartesian_2d(
            Axis::new((0.0, seconds(room.now).max(0.001)), " s", false),
            Axis::new((low, high + margin), "", whole),
        )
        .ok()?;
    let ink = Ink::Frame.color();
    let words = TextStyle::from((FontFamily::SansSerif, LETTERS).into_font()).color(&ink);
    let mut mesh = chart.configure_mesh();
    mesh.disable_x_mesh().max_light_lines(1).x_labels((room.width / 90).max(2) as usize).y_labels(5);
    mesh.axis_style(Ink::Frame.color()).bold_line_style(Ink::Grid.color()).label_style(words);
    mesh.light_line_style(Ink::Grid.color().mix(0.0)).set_all_tick_mark_size(4 * UNITS);
    mesh.draw().ok()?;
    draw(&mut chart).ok()?;
    let (across, _) = chart.plotting_area().get_pixel_range();
    let share = |x: i32| f64::from(x) * 100.0 / f64::from(size.0);
    let span = (share(across.start), share(across.end));
    drop(chart);
    drop(area);
    let marks = marks.take();
    Some(Plot { title: title.to_owned(), says: String::new(), legend: Vec::new(), marks, size, span })
}

/// Names beside the ends of lines, none on another.
fn names(chart: &mut Chart<'_>, room: Room<'_>, ends: &[(String, Ink, f64)]) -> Drawn {
    let x = seconds(room.now);
    let mut places: Vec<(i32, usize)> =
        ends.iter().enumerate().map(|(nth, (.., y))| (chart.backend_coord(&(x, *y)).1, nth)).collect();
    places.sort_unstable();
    spread(&mut places, (HEIGHT - BELOW) * UNITS);
    for (y, nth) in places {
        let (name, ink, value) = &ends[nth];
        let shift = y - chart.backend_coord(&(x, *value)).1;
        let color = ink.color();
        let style = TextStyle::from((FontFamily::SansSerif, LETTERS).into_font()).color(&color);
        let word = Text::new(name.clone(), (5 * UNITS as i32, shift - LETTERS as i32 / 2), style);
        chart.draw_series(std::iter::once(EmptyElement::at((x, *value)) + word))?;
    }
    Ok(())
}

/// Pushes places apart, downwards, and where there is no room left, upwards again.
fn spread(places: &mut [(i32, usize)], most: u32) {
    let mut free = i32::MIN;
    for (y, _) in places.iter_mut() {
        *y = (*y).max(free);
        free = y.saturating_add(APART);
    }
    let mut limit = most as i32;
    for (y, _) in places.iter_mut().rev() {
        *y = (*y).min(limit);
        limit = *y - APART;
    }
}

/// Every wall clock against true time, with the interval that it claims.
fn clocks(room: Room<'_>, clocks: &[Vec<Believed>]) -> Option<Plot> {
    let millis = |micros: i64| micros as f64 / 1_000.0;
    let points = || clocks.iter().flatten();
    let low = points().map(|point| point.ends().0).min()?.min(0);
    let high = points().map(|point| point.ends().1).max()?.max(0);
    if (low, high) == (0, 0) {
        return None;
    }
    let mut plot =
        plot(room, "Clocks against true time, in ms", (millis(low), millis(high)), false, |chart| {
            let mut ends = Vec::new();
            for (nth, points) in clocks.iter().enumerate() {
                let color = Ink::nth(nth).color();
                if points.iter().any(|point| point.uncertainty.0 > 0) {
                    let upper = points.iter().map(|point| (seconds(point.time), millis(point.ends().1)));
                    let lower =
                        points.iter().rev().map(|point| (seconds(point.time), millis(point.ends().0)));
                    let band: Vec<Point> = upper.chain(lower).collect();
                    chart.draw_series([Polygon::new(band, color.mix(0.2))])?;
                }
                let line: Vec<Point> =
                    points.iter().map(|point| (seconds(point.time), millis(point.error))).collect();
                chart.draw_series([PathElement::new(thinned(&line, room.width), color)])?;
                if let Some(last) = points.last() {
                    ends.push((name(room, nth, ""), Ink::nth(nth), millis(last.error)));
                }
            }
            chart.draw_series([PathElement::new(
                [(0.0, 0.0), (seconds(room.now), 0.0)],
                Ink::Frame.color(),
            )])?;
            names(chart, room, &ends)
        })?;
    let worst = clocks.iter().enumerate().flat_map(|(nth, all)| all.iter().map(move |point| (nth, point)));
    let (nth, worst) = worst.max_by_key(|(nth, point)| (point.error.unsigned_abs(), usize::MAX - nth))?;
    plot.says = format!(
        "{} was furthest from true time: {} ms at {}.",
        name(room, nth, ""),
        signed(millis(worst.error)),
        at(worst.time)
    );
    let wrong = points().filter(|point| !point.is_right() && point.uncertainty.0 > 0).count();
    if wrong > 0 {
        plot.says += " Where the line leaves its band, true time was outside of what the clock claimed.";
    }
    Some(plot)
}

/// How long each operation took, where it was answered.
fn operations(room: Room<'_>, operations: &[Operation]) -> Option<Plot> {
    let millis =
        |operation: &Operation| operation.to.unwrap_or(room.now).since(operation.from).0 as f64 / 1_000.0;
    let longest = operations.iter().map(millis).fold(0.0, f64::max);
    if operations.is_empty() {
        return None;
    }
    let mut clients: Vec<NodeId> = operations.iter().map(|operation| operation.client).collect();
    clients.sort_unstable();
    clients.dedup();
    let ink = |operation: &Operation| {
        Ink::nth(clients.iter().position(|client| *client == operation.client).unwrap_or(0))
    };
    let size = 3 * UNITS as i32;
    let title = "How long operations took, in ms";
    let mut plot = plot(room, title, (0.0, longest.max(0.001)), false, |chart| {
        for operation in operations {
            let place = (seconds(operation.to.unwrap_or(room.now)), millis(operation));
            match operation.phase {
                Phase::Fail => chart.draw_series([Cross::new(place, size, Ink::Bad.color())])?,
                Phase::Info => {
                    chart.draw_series([TriangleMarker::new(place, size + 5, Ink::Unsure.color().filled())])?
                }
                Phase::Ok => {
                    chart.draw_series([Circle::new(place, size, ink(operation).color().filled())])?
                }
                _ => chart.draw_series([Circle::new(place, size, ink(operation).color())])?,
            };
            // A colour alone tells nobody whose it was; among very many, nobody could read it.
            if operations.len() <= NAMED {
                let color = Ink::Frame.color();
                let style = TextStyle::from((FontFamily::SansSerif, LETTERS).into_font()).color(&color);
                let client = room.roster.name(operation.client).to_owned();
                let word = Text::new(client, (5 * UNITS as i32, -(LETTERS as i32) / 2), style);
                chart.draw_series(std::iter::once(EmptyElement::at(place) + word))?;
            }
        }
        Ok(())
    })?;
    plot.legend = clients
        .iter()
        .enumerate()
        .map(|(nth, client)| (Ink::nth(nth), room.roster.name(*client).to_owned()))
        .collect();
    let count = |phase: Phase| operations.iter().filter(|operation| operation.phase == phase).count();
    let (ok, fail, info) = (count(Phase::Ok), count(Phase::Fail), count(Phase::Info));
    let open = operations.len() - ok - fail - info;
    let mut done: Vec<f64> =
        operations.iter().filter(|operation| operation.phase == Phase::Ok).map(millis).collect();
    done.sort_by(f64::total_cmp);
    plot.says = match done.last() {
        Some(slowest) => {
            let half = done[(done.len() - 1) / 2];
            format!(
                "{ok} done: half of them within {} ms, the slowest in {} ms.",
                figure(half),
                figure(*slowest)
            )
        }
        None => "None was done.".to_owned(),
    };
    let rest = [
        (fail, "failed (a cross)"),
        (info, "with unknown outcome (a triangle)"),
        (open, "not answered (a ring, so far)"),
    ];
    for (count, what) in rest.into_iter().filter(|(count, _)| *count > 0) {
        plot.says += &format!(" {count} {what}.");
    }
    Some(plot)
}

/// A field of nodes over time.
fn course(room: Room<'_>, title: &str, lines: &[Line]) -> Option<Plot> {
    let values = || lines.iter().flat_map(|line| &line.points).map(|(_, value)| *value);
    let (low, high) = (values().min()?.min(0), values().max()?);
    // What never changes is a number.
    if lines.iter().all(|line| line.points.len() < 2) {
        return None;
    }
    let (low, high) = (low as f64, (high as f64).max(low as f64 + 1.0));
    let mut plot = plot(room, title, (low, high), true, |chart| {
        let mut ends = Vec::new();
        for (nth, line) in lines.iter().enumerate() {
            // Lines that are at the same number lie side by side.
            let aside = (nth as f64 - (lines.len() - 1) as f64 / 2.0) * (high - low) * BESIDE;
            let mut steps: Vec<Point> = Vec::with_capacity(2 * line.points.len());
            for (time, value) in &line.points {
                if let Some((_, before)) = steps.last().copied() {
                    steps.push((seconds(*time), before));
                }
                steps.push((seconds(*time), *value as f64 + aside));
            }
            let Some((_, last)) = steps.last().copied() else { continue };
            steps.push((seconds(room.now), last));
            chart.draw_series([PathElement::new(thinned(&steps, room.width), Ink::nth(nth).color())])?;
            ends.push((name(room, line.node.index(), &line.key), Ink::nth(nth), last));
        }
        names(chart, room, &ends)
    })?;
    let last = |line: &Line| line.points.last().map_or(0, |(_, value)| *value);
    let (most, least) =
        (lines.iter().max_by_key(|line| last(line))?, lines.iter().min_by_key(|line| last(line))?);
    plot.says = if last(most) == last(least) {
        format!("At the end all are at {}.", last(most))
    } else {
        let who = |line: &Line| name(room, line.node.index(), &line.key);
        format!("At the end {} is at {} and {} at {}.", who(most), last(most), who(least), last(least))
    };
    Some(plot)
}

/// Messages by kind: how many were sent in each stretch of time.
fn messages(room: Room<'_>, gathered: &Gathered) -> Option<Plot> {
    if gathered.sent.is_empty() || room.now == Time::ZERO {
        return None;
    }
    let mut counts = BTreeMap::<u8, u32>::new();
    gathered.sent.iter().for_each(|(_, kind)| *counts.entry(*kind).or_default() += 1);
    let mut kinds: Vec<(u8, u32)> = counts.into_iter().collect();
    kinds.sort_by_key(|(kind, count)| (u32::MAX - count, *kind));
    let shown = if kinds.len() > KINDS { KINDS - 1 } else { kinds.len() };
    let layer =
        |kind: u8| kinds.iter().position(|(other, _)| *other == kind).map_or(shown, |place| place.min(shown));
    let ink = |layer: usize| if layer < shown { Ink::nth(layer) } else { Ink::Unsure };
    let mut columns = vec![[0_u32; KINDS]; COLUMNS];
    for (time, kind) in &gathered.sent {
        let column = (time.0 as u128 * COLUMNS as u128 / (room.now.0 as u128 + 1)) as usize;
        columns[column.min(COLUMNS - 1)][layer(*kind)] += 1;
    }
    let most = columns.iter().map(|column| column.iter().sum::<u32>()).max().unwrap_or(1);
    let wide = seconds(room.now) / COLUMNS as f64;
    let mut plot = plot(room, "Messages sent, by kind", (0.0, f64::from(most)), true, |chart| {
        for layer in 0..=shown.min(KINDS - 1) {
            for (nth, column) in columns.iter().enumerate() {
                let below: u32 = column[..layer].iter().sum();
                let (low, high) = (f64::from(below), f64::from(below + column[layer]));
                if high > low {
                    let left = nth as f64 * wide;
                    let corners = [(left + wide * 0.08, low), (left + wide * 0.92, high)];
                    chart.draw_series([Rectangle::new(corners, ink(layer).color().filled())])?;
                }
            }
        }
        Ok(())
    })?;
    let rest: u32 = kinds[shown..].iter().map(|(_, count)| count).sum();
    let named = kinds[..shown].iter().enumerate();
    plot.legend =
        named.map(|(nth, (kind, count))| (ink(nth), format!("{} {count}", room.info.kind(*kind)))).collect();
    if rest > 0 {
        plot.legend.push((Ink::Unsure, format!("other kinds {rest}")));
    }
    plot.says = format!(
        "{} were sent, {} to a column of {}.",
        gathered.sent.len(),
        if most == 1 { "at most one".to_owned() } else { format!("up to {most}") },
        span(room.now.0 / COLUMNS as u64)
    );
    if gathered.lost > 0 {
        plot.says += &format!(" {} of them were lost.", gathered.lost);
    }
    Some(plot)
}

fn name(room: Room<'_>, node: usize, key: &str) -> String {
    let name = room.roster.name(NodeId(node as u8));
    if key.is_empty() { name.to_owned() } else { format!("{name} {key}") }
}

fn seconds(time: Time) -> f64 {
    time.0 as f64 / 1e6
}

fn at(time: Time) -> String {
    number(seconds(time), 3) + " s"
}

fn span(micros: u64) -> String {
    if micros < 1_000_000 {
        number(micros as f64 / 1_000.0, 1) + " ms"
    } else {
        number(micros as f64 / 1e6, 2) + " s"
    }
}

/// A number at an axis.
fn figure(value: f64) -> String {
    let text = if value.abs() < 1e6 { number(value, 2) } else { number(value / 1e6, 2) + "M" };
    text.replace('-', "−")
}

fn signed(value: f64) -> String {
    if value > 0.0 { format!("+{}", figure(value)) } else { figure(value) }
}

/// The same line with as many points as a screen can show: of each pixel the first and the last one, and the lowest and the highest.
fn thinned(points: &[Point], pixels: u32) -> Vec<Point> {
    let (Some(first), Some(last)) = (points.first(), points.last()) else { return Vec::new() };
    let wide = (last.0 - first.0) / f64::from(pixels.max(1));
    if points.len() <= 4 * pixels as usize || wide <= 0.0 {
        return points.to_vec();
    }
    let column = |point: &Point| ((point.0 - first.0) / wide) as u32;
    let mut out = Vec::new();
    for same in points.chunk_by(|one, two| column(one) == column(two)) {
        let extreme = |better: fn(f64, f64) -> bool| {
            (0..same.len()).fold(0, |best, nth| if better(same[nth].1, same[best].1) { nth } else { best })
        };
        let mut kept = [0, extreme(|one, two| one < two), extreme(|one, two| one > two), same.len() - 1];
        kept.sort_unstable();
        let mut before = usize::MAX;
        for nth in kept {
            if nth != before {
                out.push(same[nth]);
            }
            before = nth;
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::super::gather::Walk;
    use super::*;
    use crate::diagram::tests::played;

    fn drawn(text: &str) -> Vec<Plot> {
        let session = played(text);
        let mut walk = Walk::begin(session.timeline()).expect("it can be replayed");
        assert!(walk.go_on(session.timeline(), &|| true));
        let tip = session.timeline().tip();
        let room = Room { info: tip.info(), roster: tip.roster(), now: walk.now(), width: 440 };
        plots(room, walk.gathered(), &walk.clocks())
    }

    fn find<'a>(plots: &'a [Plot], title: &str) -> &'a Plot {
        plots.iter().find(|plot| plot.title.starts_with(title)).unwrap_or_else(|| panic!("{title}"))
    }

    #[test]
    fn a_run_with_drift_operations_and_terms_has_a_chart_of_each() {
        let plots = drawn(
            "lab raft\nnodes 3\nclients 1\nstop at 4s\nclock n1 drift 200ppm\n\
             at 1s c1 put x 1\nat 1500ms crash leader\nat 2s c1 put x 2\n",
        );
        let titles: Vec<_> = plots.iter().map(|plot| plot.title.as_str()).collect();
        assert_eq!(
            titles,
            [
                "Clocks against true time, in ms",
                "How long operations took, in ms",
                "Terms",
                "Entries known to be committed",
                "Messages sent, by kind"
            ]
        );
        assert!(find(&plots, "Clocks").says.starts_with("n1 was furthest from true time: +0.8 ms at 4 s."));
        assert!(find(&plots, "Terms").says.starts_with("At the end"));
        for plot in &plots {
            assert!(plot.marks.len() > 5 && !plot.says.is_empty(), "{plot:?}");
            assert!(plot.span.0 > 5.0 && plot.span.1 < 95.0 && plot.span.0 < plot.span.1);
        }
    }

    #[test]
    fn where_there_is_nothing_to_see_there_is_no_chart() {
        let plots = drawn("lab lease\nclients 1\nstop at 1s\n");
        assert!(plots.iter().all(|plot| !plot.title.starts_with("Clocks") && !plot.title.starts_with("How")));
    }

    #[test]
    fn names_beside_lines_do_not_lie_on_each_other() {
        let mut places = vec![(100, 0), (110, 1), (120, 2), (1_470, 3), (1_480, 4)];
        spread(&mut places, 1_480);
        assert!(places.windows(2).all(|pair| pair[1].0 - pair[0].0 >= APART), "{places:?}");
        assert!(places.iter().all(|(y, _)| *y <= 1_480));
    }

    #[test]
    fn a_thinned_line_keeps_its_peaks() {
        let points: Vec<Point> =
            (0..100_000).map(|nth| (f64::from(nth), if nth == 54_321 { 9.0 } else { 1.0 })).collect();
        let thin = thinned(&points, 400);
        assert!(thin.len() <= 1_700 && thin.contains(&(54_321.0, 9.0)), "{}", thin.len());
        assert!(thin.windows(2).all(|pair| pair[0].0 < pair[1].0), "each point once, in order");
    }
}
