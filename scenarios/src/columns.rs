//! The columns of a scenario: what a line begins with, and where the rest of it stands.

/// The width of a set-up word with the space behind it.
pub(crate) const SETUP: usize = 9;
/// The widest "when" that still pushes a block to the right.
const WIDEST: usize = 32;

/// Stand between the beginning of a line and its rest where a scenario is [`packed`].
const SIGNS: [char; 2] = ['\u{3}', '\u{4}'];

/// A line.
pub(crate) struct Row<'a> {
    /// The set-up word, or when a cue happens.
    pub(crate) head: &'a str,
    pub(crate) column: Column,
    pub(crate) rest: &'a str,
}

/// Where the rest of a line stands.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Column {
    /// A space behind its beginning.
    Next,
    /// In that of set-up words.
    Setup,
    /// In that of its block, which no empty line divides.
    Cue,
}

/// Lines, each with its rest in its column.
pub(crate) fn aligned(rows: &[Row<'_>]) -> String {
    let mut out = String::new();
    let is_empty = |row: &Row<'_>| row.head.is_empty() && row.rest.is_empty();
    for block in rows.chunk_by(|row, next| !is_empty(row) && !is_empty(next)) {
        let heads = block.iter().filter(|row| row.column == Column::Cue).map(|row| row.head.chars().count());
        let cue = heads.filter(|width| *width <= WIDEST).max().unwrap_or(0) + 1;
        for Row { head, column, rest } in block {
            let width = match column {
                Column::Next => 0,
                Column::Setup => SETUP,
                Column::Cue => cue,
            };
            out.push_str(head);
            if !head.is_empty() && !rest.is_empty() {
                let spaces = width.saturating_sub(head.chars().count()).max(1);
                (0..spaces).for_each(|_| out.push(' '));
            }
            out.push_str(rest);
            out.push('\n');
        }
    }
    out
}

/// Lines with a sign where their columns are: spaces of all widths are sent in more bytes.
pub(crate) fn packed(rows: &[Row<'_>]) -> String {
    let mut out = String::new();
    for Row { head, column, rest } in rows {
        out.push_str(head);
        if !head.is_empty() && !rest.is_empty() {
            out.push(match column {
                Column::Next => ' ',
                Column::Setup => SIGNS[0],
                Column::Cue => SIGNS[1],
            });
        }
        out.push_str(rest);
        out.push('\n');
    }
    out
}

/// A scenario as it was before [`packed`](crate::packed).
#[must_use]
pub fn unpacked(packed: &str) -> String {
    let rows: Vec<_> = packed
        .lines()
        .map(|line| {
            let (column, sign) = match line.find(SIGNS) {
                Some(place) if line[place..].starts_with(SIGNS[0]) => (Column::Setup, place),
                Some(place) => (Column::Cue, place),
                None => return Row { head: "", column: Column::Next, rest: line },
            };
            Row { head: &line[..sign], column, rest: &line[sign + 1..] }
        })
        .collect();
    aligned(&rows)
}
