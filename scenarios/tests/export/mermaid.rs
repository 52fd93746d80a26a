//! Mermaid diagrams, line by line: the part of Mermaid's grammar that an export uses. Mermaid's own parser reads them in
//! `tests/readers` (`cargo xtask test exports`).

use regex::Regex;
use splitbrain_scenarios::export::Format;
use splitbrain_scenarios::limit;

use crate::runs::{all, arrives, losses};

/// A text without what could mean something: letters, harmless signs, and entity codes.
const TEXT: &str = r"(?:[\p{Alphabetic}\p{N} .,:()\-+=/|'?!]|#[0-9]+;)+";

#[test]
fn every_line_is_one_that_mermaid_takes_and_no_message_is_missing() {
    let title = Regex::new(r#"^title: "(?:[^"\\]|\\U[0-9a-f]{8})*"$"#).expect("an expression");
    let declared = Regex::new(r"^    (?:participant|actor) ([a-z]+[0-9]*)$").expect("an expression");
    let arrow =
        Regex::new(&format!(r"^    ([a-z]+[0-9]*)(->>|-x)([a-z]+[0-9]*): {TEXT}$")).expect("an expression");
    let note = Regex::new(&format!(r"^    Note over ([a-z]+[0-9]*)(?:,([a-z]+[0-9]*))?: {TEXT}$"))
        .expect("an expression");
    let (mut whole, mut cut) = (0, 0);
    for case in all() {
        let text = case.export(Format::Mermaid);
        assert!(text.encode_utf16().count() <= limit::MERMAID_TEXT, "{}", case.name);
        let mut lines = text.lines();
        assert_eq!(lines.next(), Some("---"));
        assert!(lines.next().is_some_and(|line| title.is_match(line)), "{}: {text}", case.name);
        assert_eq!((lines.next(), lines.next()), (Some("---"), Some("sequenceDiagram")));
        let names = case.names();
        let mut lines = lines.peekable();
        for name in &names {
            let line = lines.next().expect("a participant");
            assert_eq!(&declared.captures(line).expect("a participant")[1], name);
        }
        let (mut arrived, mut lost, mut rows, mut last) = (0, 0, 0, "");
        for line in lines {
            let found = arrow.captures(line).or_else(|| note.captures(line));
            let found = found.unwrap_or_else(|| panic!("{}: {line}", case.name));
            // Groups 1 and 3 of an arrow, 1 and 2 of a note, are nodes.
            let all = found.iter().skip(1).flatten().map(|part| part.as_str());
            for name in all.filter(|part| !part.starts_with('-')) {
                assert!(names.iter().any(|known| known == name), "{}: {line}", case.name);
            }
            let is_arrow = found.get(2).map(|part| part.as_str());
            arrived += usize::from(is_arrow == Some("->>"));
            lost += usize::from(is_arrow == Some("-x"));
            rows += 1;
            last = line;
        }
        assert!(rows <= limit::MERMAID_ROWS + 1, "{}", case.name);
        if last.contains("The diagram is cut here") {
            cut += 1;
            continue;
        }
        assert!(last.contains("The run ends at"), "{}: {last}", case.name);
        let (mut arrivals, mut gone) = (0, 0);
        case.watch(|_, record| {
            arrivals += usize::from(arrives(record));
            gone += losses(record);
        });
        assert_eq!((arrived, lost), (arrivals, gone), "{}", case.name);
        whole += 1;
    }
    println!("{whole} diagrams are whole, {cut} are cut");
    assert!(whole > 100 && cut > 10, "{whole} {cut}");
}

#[test]
fn what_users_type_is_escaped() {
    let case = all().into_iter().find(|case| case.name == "nasty").expect("a case");
    let text = case.export(Format::Mermaid);
    assert!(text.contains("write a b c#34;d#59;#35;#92;: begins"), "{text}");
    assert!(text.contains("write wrap #37;#37;#123;x#125;"), "{text}");
    let body = text.split("sequenceDiagram").nth(1).expect("a body");
    assert!(!body.contains(['"', '<', '{', '%', '$', '\\']), "{body}");
}

#[test]
fn notes_tell_of_faults_calls_and_what_fell() {
    let case = all().into_iter().find(|case| case.name == "lease/no-fencing").expect("a canned scenario");
    let text = case.export(Format::Mermaid);
    for row in [
        "Note over c1: pause c1",
        "Note over c1: write x 1: begins",
        "Note over store: VIOLATED no-stale-write:",
    ] {
        assert!(text.contains(row), "{row}: {text}");
    }
}
