//! What a node keeps, drawn small beside it. Each widget draws from its own corner and says how large it became.

use splitbrain_core::view::{Cell, CellMark, Widget};
use yew::prelude::*;

use super::silhouette::hue;
use crate::ui::geometry::{Point, path, short};
use crate::ui::number::Within as _;
use crate::ui::text;

/// A drawing and its size.
pub(super) struct Piece {
    pub(super) html: Html,
    pub(super) w: f64,
    pub(super) h: f64,
}

/// How high a cell of a log is.
const CELL: f64 = 24.0;
/// The height of a cell with words.
const CHIP: f64 = 20.0;
const GAP: f64 = 2.0;
const LETTER: f64 = 12.0;
const SMALL: f64 = 11.0;

/// Draws a widget into this much room, or less.
pub(super) fn draw(widget: &Widget, w: f64, h: f64) -> Piece {
    match widget {
        Widget::Badge(cell) => strip(std::slice::from_ref(cell), w, 20.0),
        Widget::Log { first, entries, committed } => log(*first, entries, *committed, w),
        Widget::Register(rows) => register(rows, w, h),
        Widget::Table { columns, rows } => table(columns, rows, w, h),
        Widget::Ring(cells) => ring(cells, w, h),
        Widget::Gauge { label, value, full } => gauge(label, *value, *full, w),
        Widget::Clock(cells) => clock(cells, w),
        Widget::Queue { label, cells } => queue(label, cells, w),
    }
}

fn at(x: f64, y: f64) -> String {
    format!("translate({} {})", short(x), short(y))
}

fn chip_width(cell: &Cell) -> f64 {
    (text::width(&cell.text, LETTER) + 10.0).max(CHIP)
}

/// One cell. What is special about it is a line or a cross, not only a colour.
fn chip(cell: &Cell, w: f64, h: f64) -> Html {
    if cell.mark == CellMark::Empty {
        return html! {
            <rect class="slot" x="0.5" y="0.5" width={short(w - 1.0)} height={short(h - 1.0)} rx="3" />
        };
    }
    let bad = (cell.mark == CellMark::Bad).then_some("badcell");
    html! {
        <g class={classes!("cell", hue(cell.hue), bad)}>
            <rect x="0.75" y="0.75" width={short(w - 1.5)} height={short(h - 1.5)} rx="3" />
            <text x={short(w / 2.0)} y={short(h / 2.0 + 4.3)} text-anchor="middle">
                { text::fit(&cell.text, LETTER, w - 4.0) }
            </text>
            if cell.mark == CellMark::Struck {
                <path class="struck" d={format!("M3 {}H{}", short(h / 2.0), short(w - 3.0))} />
            }
            if cell.mark == CellMark::Bad {
                <path class="badx" transform={at(w, 0.0)} d="m-3-3 6 6M3-3l-6 6" />
            }
        </g>
    }
}

fn small(x: f64, y: f64, class: &'static str, words: String) -> Html {
    html! { <text class={class} x={short(x)} y={short(y)}>{ words }</text> }
}

/// Cells side by side; those that have no room are counted.
fn strip(cells: &[Cell], room: f64, h: f64) -> Piece {
    let mut x = 0.0;
    let mut drawn = Vec::new();
    for (index, cell) in cells.iter().enumerate() {
        let rest = cells.len() - index - 1;
        let more = if rest > 0 { 22.0 } else { 0.0 };
        let w = chip_width(cell).min(if index == 0 { (room - more).max(CHIP) } else { f64::INFINITY });
        if x + w + more > room && index > 0 {
            drawn.push(small(x + 2.0, h / 2.0 + 4.0, "idx", format!("+{}", rest + 1)));
            x += 22.0;
            break;
        }
        drawn.push(html! { <g transform={at(x, 0.0)}>{ chip(cell, w, h) }</g> });
        x += w + GAP;
    }
    Piece { html: html! { <g>{ for drawn }</g> }, w: (x - GAP).max(0.0), h }
}

/// How wide an entry of a log is: room for `x=1`.
const ENTRY: f64 = 36.0;

/// A log: the newest entries that have room, their indexes above, a heavy line below what is committed.
fn log(first: u32, entries: &[Cell], committed: u32, room: f64) -> Piece {
    let most = ((room + GAP) / (ENTRY + GAP)).floor().max(1.0) as usize;
    let hidden = entries.len().saturating_sub(most);
    let shown = &entries[hidden..];
    let first = first + hidden as u32;
    let known = u64::from(committed + 1).saturating_sub(u64::from(first)).min(shown.len() as u64) as f64;
    let cells = shown.iter().enumerate().map(|(index, cell)| {
        let x = index as f64 * (ENTRY + GAP);
        html! {
            <g transform={at(x, 14.0)}>
                <text class="idx" x={short(ENTRY / 2.0)} y="-4" text-anchor="middle">{ first + index as u32 }</text>
                { chip(cell, ENTRY, CELL) }
            </g>
        }
    });
    let html = html! {
        <g class="log">
            { for cells }
            if shown.is_empty() {
                <rect class="slot" x="0.5" y="14.5" width={short(ENTRY - 1.0)} height="23" rx="3" />
            }
            if known > 0.0 {
                <path class="commit" d={format!("M1 {}H{}", short(14.0 + CELL + 5.0), short(known * (ENTRY + GAP) - GAP - 1.0))} />
            }
        </g>
    };
    Piece { html, w: shown.len().max(1) as f64 * (ENTRY + GAP) - GAP, h: 14.0 + CELL + 7.0 }
}

/// Named values, one below the other.
fn register(rows: &[(String, Vec<Cell>)], room: f64, h: f64) -> Piece {
    const ROW: f64 = CHIP + 3.0;
    let most = ((h + 3.0) / ROW).floor().max(1.0) as usize;
    let most = if rows.len() > most { (most - 1).max(1) } else { most };
    let name =
        rows.iter().map(|(name, _)| text::width(name, LETTER)).fold(0.0, f64::max).min(room * 0.4) + 6.0;
    let mut widest = 0.0_f64;
    let mut drawn: Vec<Html> = Vec::new();
    for (index, (key, cells)) in rows.iter().take(most).enumerate() {
        let cells = strip(cells, room - name, CHIP);
        widest = widest.max(name + cells.w);
        drawn.push(html! {
            <g transform={at(0.0, index as f64 * ROW)}>
                { small(0.0, CHIP / 2.0 + 4.3, "key", text::fit(key, LETTER, name - 4.0)) }
                <g transform={at(name, 0.0)}>{ cells.html }</g>
            </g>
        });
    }
    let mut height = drawn.len() as f64 * ROW - if drawn.is_empty() { 0.0 } else { 3.0 };
    if rows.len() > most {
        drawn.push(small(name, height + 13.0, "idx", format!("+{} more", rows.len() - most)));
        height += 16.0;
    }
    Piece { html: html! { <g>{ for drawn }</g> }, w: widest, h: height }
}

/// Rows of words under headings.
fn table(columns: &[String], rows: &[Vec<String>], room: f64, h: f64) -> Piece {
    const ROW: f64 = 15.0;
    let count = columns.len().max(1);
    let most = ((h - 17.0) / ROW).floor().max(1.0) as usize;
    let widths: Vec<f64> = (0..count)
        .map(|column| {
            let cells = rows.iter().filter_map(|row| row.get(column)).chain(columns.get(column));
            cells.map(|cell| text::width(cell, SMALL)).fold(0.0, f64::max).min(room / count as f64 - 8.0)
                + 8.0
        })
        .collect();
    let line = |row: &[String], y: f64, class: &'static str| {
        let mut x = 0.0;
        let mut cells = Vec::new();
        for (cell, width) in row.iter().zip(&widths) {
            cells.push(small(x, y, class, text::fit(cell, SMALL, width - 6.0)));
            x += width;
        }
        html! { <g>{ for cells }</g> }
    };
    let cut = rows.len() > most;
    let shown = if cut { most.saturating_sub(1) } else { rows.len() };
    let total: f64 = widths.iter().sum();
    let html = html! {
        <g class="table">
            { line(columns, 10.0, "idx") }
            <path class="rule" d={format!("M0 14.5H{}", short(total - 8.0))} />
            { for rows.iter().take(shown).enumerate().map(|(index, row)| line(row, 27.0 + index as f64 * ROW, "val")) }
            if cut {
                { small(0.0, 27.0 + shown as f64 * ROW, "idx", format!("+{} more", rows.len() - shown)) }
            }
        </g>
    };
    Piece { html, w: total - 8.0, h: 17.0 + (shown + usize::from(cut)) as f64 * ROW }
}

/// Members around a ring, or in a row where a ring has no room.
fn ring(cells: &[Cell], w: f64, h: f64) -> Piece {
    let side = w.min(h).min(96.0);
    let most = ((side - CHIP) * std::f64::consts::PI / (CHIP + GAP)) as usize;
    if cells.len() > most || side < 50.0 {
        return strip(cells, w, CHIP);
    }
    let middle = Point::new(side / 2.0, side / 2.0);
    let radius = (side - CHIP) / 2.0;
    let members = cells.iter().enumerate().map(|(index, cell)| {
        let place = middle.polar(radius, index as f64 * 360.0 / cells.len() as f64 - 90.0);
        html! { <g transform={at(place.x - CHIP / 2.0, place.y - CHIP / 2.0)}>{ chip(cell, CHIP, CHIP) }</g> }
    });
    let html = html! {
        <g>
            <circle class="slot" cx={short(middle.x)} cy={short(middle.y)} r={short(radius)} />
            { for members }
        </g>
    };
    Piece { html, w: side, h: side }
}

/// How much is left: a bar, and the words beside it.
fn gauge(label: &str, value: u64, full: u64, room: f64) -> Piece {
    let words = text::width(label, LETTER);
    let bar = (room - words - 8.0).within(24.0, 84.0);
    let share = if full == 0 { 0.0 } else { (value as f64 / full as f64).within(0.0, 1.0) };
    let html = html! {
        <g class="gauge">
            <rect class="track" x="0.5" y="3.5" width={short(bar)} height="9" rx="2" />
            <rect class="left" x="0.5" y="3.5" width={short(bar * share)} height="9" rx="2" />
            { small(bar + 8.0, 12.5, "val", label.to_owned()) }
        </g>
    };
    Piece { html, w: bar + 8.0 + words, h: 16.0 }
}

/// A logical clock: its parts between angle brackets.
fn clock(cells: &[Cell], room: f64) -> Piece {
    let inside = strip(cells, room - 16.0, CHIP);
    let bracket = |x: f64, tip: f64| path(&[Point::new(x, 2.0), Point::new(tip, 10.0), Point::new(x, 18.0)]);
    let html = html! {
        <g>
            <path class="bracket" d={bracket(6.0, 2.0)} />
            <g transform={at(9.0, 0.0)}>{ inside.html }</g>
            <path class="bracket" d={bracket(inside.w + 12.0, inside.w + 16.0)} />
        </g>
    };
    Piece { html, w: inside.w + 18.0, h: CHIP }
}

/// What waits in line: a lane that is open on the left, the next one on the right.
fn queue(label: &str, cells: &[Cell], room: f64) -> Piece {
    let words = text::width(label, SMALL).min(room * 0.5) + 6.0;
    let inside = strip(cells, room - words - 8.0, CHIP);
    let (w, h) = (inside.w.max(24.0) + 8.0, CHIP + 6.0);
    let html = html! {
        <g>
            { small(0.0, h / 2.0 + 4.0, "idx", text::fit(label, SMALL, words - 4.0)) }
            <path class="bracket" d={format!("M{} 0.5H{}M{} {}H{}", short(words), short(words + w), short(words), short(h - 0.5), short(words + w))} />
            <g transform={at(words + 4.0, 3.0)}>{ inside.html }</g>
        </g>
    };
    Piece { html, w: words + w, h }
}

/// A widget in words, to be read aloud.
pub(super) fn spoken(widget: &Widget) -> String {
    let words = |cells: &[Cell]| {
        let each = cells.iter().map(|cell| match cell.mark {
            CellMark::Empty => "empty".to_owned(),
            CellMark::Struck if !cell.text.contains("deleted") => format!("{} struck out", cell.text),
            CellMark::Bad => format!("{} wrong", cell.text),
            _ => cell.text.clone(),
        });
        each.collect::<Vec<_>>().join(", ")
    };
    match widget {
        Widget::Badge(cell) => words(std::slice::from_ref(cell)),
        Widget::Log { entries, .. } if entries.is_empty() => "Log empty".into(),
        Widget::Log { first, entries, committed } => {
            let each = entries.iter().enumerate().map(|(index, cell)| {
                let index = first + index as u32;
                let known = if index <= *committed { ", committed" } else { "" };
                let hue = if cell.hue > 0 { format!(" of {}", cell.hue) } else { String::new() };
                format!("entry {index} {}{hue}{known}", cell.text)
            });
            format!("Log: {}", each.collect::<Vec<_>>().join(", "))
        }
        Widget::Register(rows) => {
            let rows = rows.iter().map(|(name, cells)| format!("{name} is {}", words(cells)));
            rows.collect::<Vec<_>>().join("; ")
        }
        Widget::Table { columns, rows } => {
            let row = |row: &Vec<String>| {
                let cells = columns.iter().zip(row).map(|(column, cell)| format!("{column} {cell}"));
                cells.collect::<Vec<_>>().join(", ")
            };
            rows.iter().map(row).collect::<Vec<_>>().join("; ")
        }
        Widget::Ring(cells) => format!("Ring: {}", words(cells)),
        Widget::Gauge { label, .. } => label.clone(),
        Widget::Clock(cells) => format!("Clock: {}", words(cells)),
        Widget::Queue { label, cells } if cells.is_empty() => format!("{label}: nothing waits"),
        Widget::Queue { label, cells } => format!("{label}: {}", words(cells)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cells(count: u32) -> Vec<Cell> {
        (1..=count).map(|index| Cell::new(format!("{index}"), index)).collect()
    }

    fn every(count: u32) -> Vec<Widget> {
        let word = || "a rather long word".to_owned();
        vec![
            Widget::Badge(Cell::new("a badge with more words than there is room for", 2)),
            Widget::Log { first: 1, entries: cells(count), committed: 2 },
            Widget::Register((0..count).map(|row| (format!("key{row}"), cells(count))).collect()),
            Widget::Table { columns: vec![word(), word()], rows: vec![vec![word(), word()]; count as usize] },
            Widget::Ring(cells(count)),
            Widget::Gauge { label: "7.3 s".into(), value: 73, full: 100 },
            Widget::Clock(cells(count)),
            Widget::Queue { label: "waits".into(), cells: cells(count) },
        ]
    }

    #[test]
    fn every_widget_keeps_to_its_room_however_much_there_is_to_show() {
        for count in [0, 1, 3, 9, 40] {
            for widget in every(count) {
                for (w, h) in [(172.0, 60.0), (88.0, 46.0), (112.0, 46.0)] {
                    let piece = draw(&widget, w, h);
                    assert!(piece.w <= w + 1.0, "{widget:?} is {} wide, of {w}", piece.w);
                    assert!(piece.h <= h + 1.0, "{widget:?} is {} high, of {h}", piece.h);
                }
            }
        }
    }

    #[test]
    fn every_widget_can_be_read_aloud() {
        for widget in every(3) {
            assert!(!spoken(&widget).is_empty(), "{widget:?}");
        }
        let log = Widget::Log { first: 1, entries: vec![Cell::new("x", 1), Cell::new("y", 3)], committed: 1 };
        assert_eq!(spoken(&log), "Log: entry 1 x of 1, committed, entry 2 y of 3");
        let empty = Cell::new("", 0).marked(CellMark::Empty);
        assert_eq!(spoken(&Widget::Register(vec![("x".into(), vec![empty])])), "x is empty");
    }
}
