//! What there is to open. The index of all scenarios is part of the page; what belongs to one lab (its code and its lesson) is
//! fetched when somebody opens the lab, the text of a scenario when they open that, and all of it then stays.

mod fetch;

use std::cell::RefCell;

use splitbrain_core::labs;
use splitbrain_scenarios::Plan;

pub(crate) use fetch::{begin_all, editor, fetch, is_under_way, open, parts, pictures};

/// A part of the page that is fetched when somebody first opens it. `xtask/src/bundle/entry.rs` says what it is made of.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Wing {
    /// What stands around the stage of every scenario: its lesson, its questions, the properties, and playback.
    Side,
    /// What keys do, and what is read aloud.
    Keys,
    /// What reads texts, and what the wings that wait for it share.
    Language,
    /// What is there to explore a run.
    Explore,
    /// What is done by hand, and what came of it: on the stage, on branches, side by side.
    Hand,
    /// What is chosen, looked into.
    Inspector,
    /// Flaws and knobs.
    Settings,
    /// What is there to write a scenario.
    Build,
    /// What draws a lab's chart, if it has one.
    Chart,
    /// What draws the curves of a run.
    Charts,
    /// What looks for a run that breaks a promise.
    Search,
    /// What brings scenarios in and out: links, files, pictures.
    Share,
    /// The start page.
    Start,
    /// The list of commands, the sheet of keys, and the run in words.
    Desk,
    /// What judges histories of other systems.
    History,
}

impl Wing {
    /// The name under which its file is known.
    const fn word(self) -> &'static str {
        match self {
            Self::Side => "side",
            Self::Keys => "keys",
            Self::Language => "language",
            Self::Explore => "explore",
            Self::Hand => "hand",
            Self::Inspector => "inspector",
            Self::Settings => "settings",
            Self::Build => "build",
            Self::Chart => "chart",
            Self::Charts => "charts",
            Self::Search => "search",
            Self::Share => "share",
            Self::Start => "start",
            Self::Desk => "desk",
            Self::History => "history",
        }
    }

    /// Whether it waits for what such wings share. `xtask/src/bundle/split.rs` knows them, too.
    const fn is_late(self) -> bool {
        self.reads() || matches!(self, Self::Language | Self::Explore | Self::Inspector | Self::Build)
    }

    /// Whether it waits for the language as well. `xtask/src/bundle/split.rs` knows them, too.
    const fn reads(self) -> bool {
        matches!(self, Self::Hand | Self::Settings | Self::Search | Self::Share)
    }
}

/// A function of a wing, to be called by whoever has seen that the wing is open. It is called through the table of functions, so
/// that it comes with the wing, and with it what it alone needs.
pub(crate) fn through<F>(function: F) -> F {
    std::hint::black_box(function)
}

/// The scenarios of one lab.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Shelf {
    /// The lab.
    pub(crate) lab: &'static str,
    /// Its scenarios, in the order in which the lesson tells of them.
    pub(crate) scenarios: &'static [Canned],
    /// Promises to break, each with the lines that it takes at most.
    pub(crate) challenges: &'static [(&'static str, u32)],
}

/// What is known of a canned scenario from the start.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Canned {
    /// The lab.
    pub(crate) lab: &'static str,
    /// The name of its file: `paused-holder`.
    pub(crate) name: &'static str,
    /// What it calls itself.
    pub(crate) title: &'static str,
    /// The first line of what it is about.
    pub(crate) gist: &'static str,
    /// Whether it expects that a promise is broken.
    pub(crate) fails: bool,
}

/// Every lab that has scenarios, in the order of the catalog.
pub(crate) fn shelves() -> &'static [Shelf] {
    thread_local!(static SHELVES: &'static [Shelf] = index(include_str!(concat!(env!("OUT_DIR"), "/index.txt"))).leak());
    SHELVES.with(|shelves| *shelves)
}

/// A shelf while its index is read: its lab, its scenarios, its challenges.
type Open = (&'static str, Vec<Canned>, Vec<(&'static str, u32)>);

/// Reads the index: a line for each lab, and behind it lines with tabs, of three columns and a last one for each of its scenarios,
/// and of two for each of its challenges. It is kept for as long as the page lives.
fn index(text: &'static str) -> Vec<Shelf> {
    let mut shelves: Vec<Open> = Vec::new();
    for line in text.lines() {
        let mut words = line.split('\t');
        let name = words.next().unwrap_or_default();
        match (words.next(), words.next(), shelves.last_mut()) {
            (Some(title), Some(gist), Some((lab, scenarios, _))) => {
                let lab = *lab;
                let fails = words.next().is_some_and(|word| !word.is_empty());
                scenarios.push(Canned { lab, name, title, gist, fails });
            }
            (Some(lines), None, Some((.., challenges))) => {
                challenges.push((name, lines.parse().unwrap_or(0)));
            }
            _ => shelves.push((name, Vec::new(), Vec::new())),
        }
    }
    let shelf = |(lab, scenarios, challenges): Open| Shelf {
        lab,
        scenarios: scenarios.leak(),
        challenges: challenges.leak(),
    };
    shelves.into_iter().map(shelf).collect()
}

/// The scenario of this lab and name.
pub(crate) fn find(lab: &str, name: &str) -> Option<&'static Canned> {
    let shelf = shelves().iter().find(|shelf| shelf.lab == lab)?;
    shelf.scenarios.iter().find(|canned| canned.name == name)
}

/// The scenario that the start page plays.
pub(crate) fn front() -> Option<&'static Canned> {
    let (lab, name) = splitbrain_scenarios::catalog::FRONT.trim_end().split_once('/')?;
    find(lab, name)
}

/// A lab's lesson, once it is here with the lab. It lives as long as the page.
struct Lesson {
    lab: &'static str,
    words: &'static str,
}

/// What was fetched of a scenario. It lives as long as the page.
#[derive(Clone, Copy)]
struct Book {
    canned: &'static Canned,
    text: &'static str,
    /// What the text means, as [`Plan::packed`] writes it.
    plan: &'static str,
}

thread_local! {
    static HERE: RefCell<Vec<Lesson>> = const { RefCell::new(Vec::new()) };
    static BOOKS: RefCell<Vec<Book>> = const { RefCell::new(Vec::new()) };
    static OPEN: RefCell<Vec<Wing>> = const { RefCell::new(Vec::new()) };
}

/// Whether a wing of the page can be shown.
pub(crate) fn is_open(wing: Wing) -> bool {
    let brings = |open: &Wing| *open == wing || (wing == Wing::Language && open.reads());
    OPEN.with_borrow(|open| open.iter().any(brings))
}

/// Whether a lab can be played.
pub(crate) fn is_here(lab: &str) -> bool {
    lesson(lab).is_some()
}

/// A lab's lesson, as HTML, once it is here.
pub(crate) fn lesson(lab: &str) -> Option<&'static str> {
    HERE.with_borrow(|here| here.iter().find(|lesson| lesson.lab == lab).map(|lesson| lesson.words))
}

fn book(canned: &Canned) -> Option<Book> {
    BOOKS.with_borrow(|books| books.iter().find(|book| *book.canned == *canned).copied())
}

/// The text of a canned scenario, once it is here.
pub(crate) fn text(canned: &Canned) -> Option<&'static str> {
    book(canned).map(|book| book.text)
}

/// What the text of a canned scenario means, once it and its lab are here.
pub(crate) fn plan(canned: &Canned) -> Option<Plan> {
    let Book { text, plan, .. } = book(canned)?;
    Plan::unpacked(plan, text, labs::find(canned.lab)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_index_names_every_canned_scenario_in_order() {
        let known: Vec<_> = splitbrain_scenarios::catalog::shelves().collect();
        assert_eq!(shelves().len(), known.len());
        for (shelf, known) in shelves().iter().zip(known) {
            let named: Vec<_> = shelf.scenarios.iter().map(|canned| (canned.lab, canned.name)).collect();
            let expected: Vec<_> = known.scenarios.iter().map(|canned| (canned.lab, canned.name)).collect();
            assert_eq!((shelf.lab, named), (known.lab, expected));
            for (canned, known) in shelf.scenarios.iter().zip(known.scenarios) {
                assert!(known.text.contains(canned.title) && !canned.title.is_empty(), "{}", canned.name);
                assert!(known.text.contains(canned.gist) && !canned.gist.is_empty(), "{}", canned.name);
            }
        }
        assert!(front().is_some());
        assert!(find("lease", "no-fencing").is_some_and(|canned| canned.fails));
    }
}
