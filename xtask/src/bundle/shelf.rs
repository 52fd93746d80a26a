//! A lab's lesson and the texts of its scenarios, as the page fetches them: each is a file, as most people watch a few of them.
//!
//! What the index of all scenarios in the page says is not said here again. Spaces before columns are signs. With each scenario
//! stands what it means ([`Plan::packed`](splitbrain_scenarios::Plan::packed)), so that who watches it does not need what reads
//! texts. `web/src/shelf/fetch.rs` reads it.

use std::iter;

use pulldown_cmark::{Event, HeadingLevel, Parser, Tag, TagEnd, html};
use splitbrain_scenarios::catalog::{self, Canned, Shelf};
use splitbrain_scenarios::{load, packed};

/// Stands between a scenario's text and what it means.
const NEXT: char = '\0';
/// The file of the lesson. No scenario has this name.
const LESSON: &str = "lesson";
/// In the lesson, the first link to the scenario that comes next. If it bears other words than the scenario's title, these follow,
/// and [`END`].
const LINK: char = '\u{1}';
/// Behind the words of a [`LINK`].
const END: char = '\u{2}';

/// The files of every lab, by lab: each with its name. First the lesson, and then a file for each scenario: its text, [`NEXT`],
/// and the signs of its plan.
pub(crate) fn all() -> impl Iterator<Item = (&'static str, Vec<(&'static str, String)>)> {
    catalog::shelves().map(|shelf| (shelf.lab, files(shelf)))
}

fn files(shelf: &Shelf) -> Vec<(&'static str, String)> {
    let lesson = linked(&rendered(shelf.lesson, shelf.lab), shelf);
    let scenario = |canned: &Canned| {
        let text = packed(canned.text);
        let plan = load(canned.text).plan.map(|plan| plan.packed(canned.text)).unwrap_or_default();
        (canned.name, format!("{}{NEXT}{plan}", without_head(&text)))
    };
    iter::once((LESSON, lesson)).chain(shelf.scenarios.iter().map(scenario)).collect()
}

/// Of the pictures of all scenarios, each in a line, those of one lab: a browser reads a file of them whole.
pub(crate) fn pictures(lab: &str, all: &str) -> String {
    let own = format!("<symbol id=\"{lab}-");
    let is_own = |line: &&str| line.starts_with(&own) || !line.starts_with("<symbol");
    all.split_inclusive('\n').filter(is_own).collect()
}

/// A scenario without its lab, its title and the first line about it: the page has these in its index, and puts them back.
fn without_head(text: &str) -> &str {
    text.splitn(4, '\n').nth(3).unwrap_or_default()
}

/// A lesson whose first link to each scenario is a sign.
fn linked(lesson: &str, shelf: &Shelf) -> String {
    let mut out = String::new();
    let mut rest = lesson;
    for canned in shelf.scenarios {
        let link = format!(r##"<a href="#/{}/{}">"##, shelf.lab, canned.name);
        // Scenarios without a link come last.
        let Some((before, after)) = rest.split_once(&link) else { break };
        let Some((words, after)) = after.split_once("</a>") else { break };
        out.push_str(before);
        out.push(LINK);
        if load(canned.text).plan.is_none_or(|plan| plan.title != words) {
            out.push_str(words);
            out.push(END);
        }
        rest = after;
    }
    out + rest
}

/// A lesson as HTML; links to scenarios become addresses of the page.
fn rendered(lesson: &str, lab: &str) -> String {
    // The page has a title of its own: those of a lesson stand below it.
    let below = |level| if level == HeadingLevel::H1 { HeadingLevel::H2 } else { HeadingLevel::H3 };
    let events = Parser::new(lesson).map(|event| match event {
        Event::Start(Tag::Link { link_type, dest_url, title, id }) if !dest_url.contains(':') => {
            Event::Start(Tag::Link { link_type, dest_url: format!("#/{lab}/{dest_url}").into(), title, id })
        }
        Event::Start(Tag::Heading { level, id, classes, attrs }) => {
            Event::Start(Tag::Heading { level: below(level), id, classes, attrs })
        }
        Event::End(TagEnd::Heading(level)) => Event::End(TagEnd::Heading(below(level))),
        event => event,
    });
    let mut out = String::new();
    html::push_html(&mut out, events);
    // HTML ends these by itself, before the next one and with the list.
    out.replace("</p>\n", "").replace("</li>\n", "").replace(">\n<", "><")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_to_a_scenario_is_an_address_of_the_page() {
        let html = rendered("# A\n\n## B\n\n[one](one) and [two](https://two.example/)", "raft");
        assert!(html.contains("<h2>A</h2>") && html.contains("<h3>B</h3>"), "{html}");
        assert!(html.contains(r##"href="#/raft/one""##), "{html}");
        assert!(html.contains(r#"href="https://two.example/""#), "{html}");
    }

    #[test]
    fn every_lab_has_the_pictures_of_its_scenarios() {
        let all = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../web/pictures.svg"));
        let all = all.expect("there are pictures");
        for shelf in catalog::shelves() {
            let own = pictures(shelf.lab, &all);
            assert!(own.starts_with("<svg") && own.trim_end().ends_with("</svg>"), "{}", shelf.lab);
            assert_eq!(own.matches("<symbol ").count(), shelf.scenarios.len(), "{}", shelf.lab);
        }
    }

    #[test]
    fn a_lesson_says_nothing_of_a_scenario_that_the_index_says() {
        let (_, lease) = all().find(|(lab, _)| *lab == "lease").expect("there is a lab `lease`");
        let ((name, lesson), scenarios) = lease.split_first().expect("it has a lesson");
        let shelf = catalog::shelves().find(|shelf| shelf.lab == "lease").expect("and a shelf");
        assert_eq!(*name, LESSON);
        assert!(
            lesson.contains("<h2>") && !lesson.contains("A paused holder overwrites a newer value"),
            "{lesson}"
        );
        assert_eq!(lesson.matches(LINK).count(), shelf.scenarios.len(), "it links to each");
        assert_eq!(scenarios.len(), shelf.scenarios.len());
        for (name, file) in scenarios {
            let (text, plan) = file.split_once(NEXT).expect("a text and a plan");
            assert!(
                *name != LESSON && !text.contains("lab ") && text.contains("\nexpect "),
                "{name}: {text}"
            );
            assert!(!text.is_empty() && !plan.is_empty() && !plan.contains(NEXT), "{name}: {plan}");
        }
    }
}
