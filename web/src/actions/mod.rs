//! Everything that can be done, in one table: what it is called, and which keys do it. Buttons, keys, the list of commands and the
//! sheet of keys all read it; no key is written anywhere else.
//!
//! What a command does, and whether it can be done just now, `keys.rs` knows for the page. What is of the stage or of the
//! diagram alone, these do themselves: they ask [`heard`] what a key means where it was pressed.

mod command;

pub(crate) use command::Command;

use web_sys::{Element, KeyboardEvent};
use yew::TargetCast;

use crate::shelf::{self, Wing};
use crate::store;

/// Where a key means something.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Place {
    /// Wherever nobody types.
    Page,
    /// On the rail of playback.
    Rail,
    /// While the sides of a tear are chosen.
    Tear,
    /// On a mark of the stage, and in its menu.
    Stage,
    /// In the diagram.
    Diagram,
    /// On the diagram's event.
    Event,
}

impl Place {
    fn find(word: &str) -> Self {
        match word {
            "rail" => Self::Rail,
            "tear" => Self::Tear,
            "stage" => Self::Stage,
            "diagram" => Self::Diagram,
            "event" => Self::Event,
            _ => Self::Page,
        }
    }
}

/// A line of the table.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Row {
    /// What is done.
    pub(crate) command: Command,
    /// What it is called.
    pub(crate) name: &'static str,
    /// The keys that do it, each as `aria-keyshortcuts` writes it: `Control+Shift+Z Control+Y`.
    pub(crate) keys: &'static str,
    /// The heading under which it stands.
    pub(crate) group: &'static str,
    /// Where the keys mean it.
    pub(crate) place: Place,
}

/// The table. It comes with a wing of the page (`xtask/src/bundle/constants.rs`), and is read when that is here.
const TABLE: &str = include_str!("table.txt");

/// Every command, in order; nothing before the table is here.
pub(crate) fn rows() -> &'static [Row] {
    thread_local!(static ROWS: &'static [Row] = read(TABLE).leak());
    if shelf::is_open(Wing::Keys) { ROWS.with(|rows| *rows) } else { &[] }
}

/// Reads the table: headings of two columns, the second of which is the place, and under each lines of three: the command's own
/// name, what it is called, and its keys.
fn read(table: &'static str) -> Vec<Row> {
    let (mut group, mut place) = ("", Place::Page);
    let mut rows: Vec<Row> = Vec::with_capacity(Command::ALL.len());
    for line in table.lines() {
        let Some((first, rest)) = line.split_once('\t') else { continue };
        match (rest.split_once('\t'), Command::ALL.get(rows.len())) {
            (Some((name, keys)), Some(command)) => {
                rows.push(Row { command: *command, name, keys, group, place });
            }
            _ => (group, place) = (first, Place::find(rest)),
        }
    }
    rows
}

impl Command {
    /// Its line of the table, once that is here.
    pub(crate) fn row(self) -> Option<&'static Row> {
        rows().iter().find(|row| row.command == self)
    }

    /// Its keys, for `aria-keyshortcuts`: those that do something now.
    pub(crate) fn keys(self) -> Option<String> {
        let mut keys = String::new();
        for key in self.row()?.keys.split_whitespace() {
            if store::letters() || !is_letter(key) {
                keys += if keys.is_empty() { "" } else { " " };
                keys += key;
            }
        }
        Some(keys).filter(|keys| !keys.is_empty())
    }

    /// What a button says of it: `Step back (←)`.
    pub(crate) fn title(self) -> Option<String> {
        let name = self.row()?.name;
        Some(match self.keys() {
            Some(keys) => format!("{name} ({})", shown(keys.split_whitespace().next().unwrap_or_default())),
            None => name.to_owned(),
        })
    }
}

/// Whether a key is a letter, a digit or another sign by itself: such keys can be switched off.
pub(crate) fn is_letter(key: &str) -> bool {
    key == "Plus" || key.chars().nth(1).is_none()
}

/// A key as it stands on a keyboard: `Ctrl K`, `Shift ←`.
pub(crate) fn shown(key: &str) -> String {
    static WRITTEN: [(&str, &str); 10] = [
        ("+", " "),
        ("Plus", "+"),
        ("Control", "Ctrl"),
        ("Escape", "Esc"),
        ("PageUp", "Page up"),
        ("PageDown", "Page down"),
        ("ArrowLeft", "←"),
        ("ArrowRight", "→"),
        ("ArrowUp", "↑"),
        ("ArrowDown", "↓"),
    ];
    WRITTEN.iter().fold(key.to_owned(), |key, (from, to)| key.replace(from, to))
}

/// What a key means that was pressed, if it means anything here. In a dialog it belongs to that.
pub(crate) fn heard(event: &KeyboardEvent, place: Place) -> Option<Command> {
    let target = event.target_dyn_into::<Element>();
    if event.alt_key() || target.is_some_and(|target| target.closest("dialog").ok().flatten().is_some()) {
        return None;
    }
    let key = pressed(event);
    if is_letter(&key) && !store::letters() {
        return None;
    }
    let row =
        rows().iter().find(|row| row.place == place && row.keys.split_whitespace().any(|own| own == key));
    row.map(|row| row.command)
}

/// A key as the table writes it. Some signs need Shift on some keyboards and not on others: with them it says nothing.
fn pressed(event: &KeyboardEvent) -> String {
    let key = event.key();
    let key = match key.as_str() {
        " " => "Space",
        "+" => "Plus",
        key => key,
    };
    let control = event.ctrl_key() || event.meta_key();
    let mut out = String::new();
    if control {
        out += "Control+";
    }
    if event.shift_key() && (control || !is_letter(key)) {
        out += "Shift+";
    }
    if is_letter(key) { out + &key.to_ascii_uppercase() } else { out + key }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_command_has_its_line_and_no_two_are_called_alike() {
        let rows = read(TABLE);
        let own: Vec<&str> = TABLE
            .lines()
            .filter(|line| line.split('\t').count() == 3)
            .filter_map(|line| line.split('\t').next())
            .collect();
        assert_eq!(rows.len(), Command::ALL.len());
        for (row, own) in rows.iter().zip(own) {
            assert_eq!(format!("{:?}", row.command), own);
            assert!(!row.name.is_empty() && !row.group.is_empty());
            let alike = rows.iter().filter(|other| other.name == row.name).count();
            assert_eq!(alike, 1, "{}", row.name);
        }
    }

    #[test]
    fn every_heading_names_a_place_and_no_key_means_two_things_there() {
        let headings = TABLE.lines().filter(|line| line.split('\t').count() == 2);
        for heading in headings {
            let (_, place) = heading.split_once('\t').expect("two columns");
            // A word that is none would be the page.
            assert_eq!(format!("{:?}", Place::find(place)).to_lowercase(), place);
        }
        let rows = read(TABLE);
        let all: Vec<_> =
            rows.iter().flat_map(|row| row.keys.split_whitespace().map(|key| (row.place, key))).collect();
        for (place, key) in &all {
            let many = all.iter().filter(|other| **other == (*place, *key)).count();
            assert_eq!(many, 1, "{key} in {place:?}");
            assert!(key.len() > 1 || *key == key.to_uppercase(), "{key}");
        }
    }

    #[test]
    fn a_key_is_shown_as_it_stands_on_a_keyboard() {
        assert_eq!(shown("Control+Shift+Z"), "Ctrl Shift Z");
        assert_eq!(shown("Plus"), "+");
        assert_eq!(shown("Shift+ArrowLeft"), "Shift ←");
        assert!(is_letter("?") && is_letter("Plus") && !is_letter("Space") && !is_letter("Control+K"));
    }
}
