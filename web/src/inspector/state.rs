//! A node or a message as tables of names and values: what the lab says of it, its clocks, and what is drawn beside it.

use splitbrain_core::lab::Run;
use splitbrain_core::unit::{NodeId, Span, Time};
use splitbrain_core::view::{Cell, CellMark, ClockView, Life, NodeView, Subject, Widget};

use crate::events::fields::{Rows, fields};
use crate::ui::text::amount;

/// A small table with a title.
#[derive(Clone, PartialEq, Debug, Default)]
pub(super) struct Table {
    pub(super) title: String,
    pub(super) rows: Rows,
}

/// A node.
#[derive(Clone, PartialEq, Debug, Default)]
pub(super) struct State {
    pub(super) fields: Rows,
    /// Its clocks, at this time. A node that is down has none.
    pub(super) clock: Option<(Time, ClockView)>,
    /// What lies in it: logs, registers, queues.
    pub(super) tables: Vec<Table>,
}

/// Everything that is known of a node.
pub(super) fn node(run: &dyn Run, node: NodeId) -> State {
    let mut views = Vec::new();
    run.nodes(&mut views);
    let Some(view) = views.get(node.index()) else { return State::default() };
    let own = fields(run, Subject::Node(node));
    let mut rows = vec![("state".to_owned(), view.life.word().to_owned())];
    // Where the lab has a field of that name, it says it better.
    if own.iter().all(|(name, _)| name != "role") {
        rows.push(("role".to_owned(), view.role.clone()));
    }
    if !view.note.is_empty() {
        rows.push(("note".to_owned(), view.note.clone()));
    }
    rows.extend(own);
    let clock = (view.life != Life::Crashed).then(|| (run.kernel().now(), view.clock));
    State { fields: rows, clock, tables: tables(view, run.info().leads) }
}

/// Clocks as a table.
pub(super) fn clocks(clock: &ClockView) -> Rows {
    let off = |micros: i64| match micros {
        0 => "none".to_owned(),
        micros => format!("{} {}", amount(micros.unsigned_abs()), if micros < 0 { "slow" } else { "fast" }),
    };
    let mut rows = vec![
        ("monotonic".to_owned(), clock.monotonic.to_string()),
        ("wall".to_owned(), clock.wall.to_string()),
        ("error".to_owned(), off(clock.error)),
        ("drift".to_owned(), format!("{} ppm", clock.drift)),
    ];
    if clock.uncertainty > Span::ZERO {
        rows.push(("uncertainty".to_owned(), format!("± {}", amount(clock.uncertainty.0))));
    }
    rows
}

/// What clocks showed before a step, as far as the step has changed them: that they go on, and drift on, is no change.
pub(super) fn clocks_before((then, before): &(Time, ClockView), (time, now): &(Time, ClockView)) -> Rows {
    let mut was = *now;
    was.drift = before.drift;
    let passed = i128::from(time.0.saturating_sub(then.0));
    let drifted = i128::from(before.drift.unsigned_abs()) * passed / 1_000_000 + 2;
    if i128::from(now.error.abs_diff(before.error)) > drifted {
        (was.error, was.wall) = (before.error, before.wall);
    }
    // It grows by itself, and shrinks where a clock is set right.
    if now.uncertainty < before.uncertainty {
        was.uncertainty = before.uncertainty;
    }
    clocks(&was)
}

/// What a cell says: its letters, the number that colours it, and what is special about it.
fn cell(cell: &Cell, number: &str) -> String {
    let special = match cell.mark {
        CellMark::None => "",
        CellMark::Empty => "empty",
        CellMark::Struck => "struck out",
        CellMark::Bad => "wrong",
    };
    let mut parts = vec![cell.text.clone()];
    if cell.hue > 0 && !number.is_empty() {
        parts.push(format!("{number} {}", cell.hue));
    }
    parts.push(special.to_owned());
    parts.retain(|part| !part.is_empty());
    parts.join(", ")
}

fn cells(cells: &[Cell]) -> String {
    cells.iter().map(|one| cell(one, "")).collect::<Vec<_>>().join("; ")
}

fn numbered(cells: &[Cell]) -> Rows {
    cells.iter().enumerate().map(|(place, one)| ((place + 1).to_string(), cell(one, ""))).collect()
}

/// What is drawn beside a node, as tables. `leads`: what colours the entries of a log is a term.
fn tables(view: &NodeView, leads: bool) -> Vec<Table> {
    let mut out = Vec::new();
    for widget in &view.widgets {
        let (title, rows) = match widget {
            Widget::Badge(one) => ("Badge".to_owned(), vec![("shows".to_owned(), cell(one, ""))]),
            Widget::Log { first, entries, committed } => {
                let number = if leads { "term" } else { "" };
                let row = |(place, entry): (usize, &Cell)| {
                    let index = *first + place as u32;
                    let done = if leads && index <= *committed { ", committed" } else { "" };
                    (index.to_string(), format!("{}{done}", cell(entry, number)))
                };
                ("Log".to_owned(), entries.iter().enumerate().map(row).collect())
            }
            Widget::Register(rows) => {
                let row = |(name, values): &(String, Vec<Cell>)| (name.clone(), cells(values));
                ("Keeps".to_owned(), rows.iter().map(row).collect())
            }
            Widget::Table { columns, rows } => {
                let row = |row: &Vec<String>| {
                    let mut parts = row.iter().cloned();
                    (parts.next().unwrap_or_default(), parts.collect::<Vec<_>>().join(" · "))
                };
                (columns.join(" · "), rows.iter().map(row).collect())
            }
            Widget::Ring(members) => ("Ring".to_owned(), numbered(members)),
            // How much is left changes with time alone: no table, a field says it.
            Widget::Gauge { .. } => continue,
            Widget::Clock(parts) => ("Logical clock".to_owned(), numbered(parts)),
            Widget::Queue { label, cells } => (crate::ui::text::capital(label), numbered(cells)),
        };
        out.push(Table { title, rows });
    }
    out
}

#[cfg(test)]
mod tests {
    use splitbrain_scenarios::catalog;

    use super::*;
    use crate::diagram::tests::played;
    use crate::events::fields::compare;

    #[test]
    fn a_node_shows_every_field_that_its_lab_declares_for_it() {
        for (lab, name) in [("raft", "first-election"), ("lease", "no-fencing"), ("lww", "cart")] {
            let session = played(catalog::find(lab, name).expect("it is canned").text);
            let run = session.timeline().tip();
            for (id, member) in run.roster().iter() {
                let shown = node(run, id);
                assert_eq!(shown.fields[0], ("state".to_owned(), "up".to_owned()), "{lab} {}", member.name);
                assert!(shown.clock.is_some());
                for (field, value) in fields(run, Subject::Node(id)) {
                    assert!(shown.fields.contains(&(field.clone(), value)), "{lab} {} {field}", member.name);
                }
            }
        }
    }

    #[test]
    fn the_entry_that_comes_to_a_log_is_the_one_that_is_new() {
        let session = played("lab raft\nnodes 3\nclients 1\nstop at 2s\nat 1300ms c1 put x 1\n");
        let timeline = session.timeline();
        let mut new = Vec::new();
        let mut before = timeline.fork_at(0).expect("the start");
        for step in 0..timeline.len() {
            let mut after = before.fork();
            after.apply(timeline.row(step).expect("a row").step, &mut Default::default());
            let log =
                |run: &dyn Run| node(run, NodeId(0)).tables.into_iter().find(|table| table.title == "Log");
            if let (Some(was), Some(now)) = (log(&*before), log(&*after)) {
                let lines = compare(&was.rows, &now.rows);
                new.extend(lines.into_iter().filter(|line| line.change() == Some("new")));
            }
            before = after;
        }
        let put = new.iter().find(|line| line.now.as_deref().is_some_and(|now| now.starts_with("x=1")));
        assert!(
            put.is_some_and(|line| line.now.as_deref().is_some_and(|now| now.contains("term "))),
            "{new:?}"
        );
    }

    #[test]
    fn that_a_clock_goes_on_is_no_change_and_that_it_jumps_is_one() {
        let text =
            "lab lease\nstop at 3s\nclock c1 drift 150ppm\nat 1s jump c1 +200ms\nat 2s drift c1 -90ppm\n";
        let session = played(text);
        let timeline = session.timeline();
        let mut changed = Vec::new();
        let mut before = timeline.fork_at(0).expect("the start");
        for step in 0..timeline.len() {
            let mut after = before.fork();
            after.apply(timeline.row(step).expect("a row").step, &mut Default::default());
            let clock = |run: &dyn Run| node(run, NodeId(2)).clock.expect("it is up");
            let (was, now) = (clock(&*before), clock(&*after));
            for line in compare(&clocks_before(&was, &now), &clocks(&now.1)) {
                changed.extend(line.change().map(|_| (now.0.0 / 1_000_000, line.name.clone())));
            }
            before = after;
        }
        let is = |second, name: &str| (second, name.to_owned());
        assert_eq!(changed, [is(1, "wall"), is(1, "error"), is(2, "drift")]);
    }
}
