//! Every format, over every canned scenario and over runs that are broken by faults, read by its own reader: what comes back is
//! compared with the run, which is played once more without a timeline.

mod chrome;
mod itf;
mod jepsen;
mod json_lines;
mod mermaid;
mod runs;
mod shiviz;

use splitbrain_core::timeline::Cursor;
use splitbrain_core::trace::Turn;
use splitbrain_scenarios::export::{Format, export};

use runs::all;

#[test]
fn an_export_depends_on_nothing_but_the_run() {
    for case in all() {
        let (mut once, mut again) = (case.session(), case.session());
        let timeline = again.timeline_mut();
        let middle = Cursor { branch: timeline.active(), step: timeline.len() / 2 };
        timeline.seek(middle).expect("a place");
        for format in Format::ALL {
            let texts = [&mut once, &mut again].map(|session| export(session, format).expect("an export"));
            assert_eq!(texts[0], texts[1], "{}: {format}", case.name);
            assert!(texts[0].is_empty() || texts[0].ends_with('\n'), "{}: {format}", case.name);
        }
        assert_eq!(again.timeline().cursor(), middle, "{}: the view stays", case.name);
    }
}

#[test]
fn a_branch_is_exported_with_what_was_before_it() {
    let case = all().into_iter().find(|case| case.name == "lease/no-fencing").expect("a canned scenario");
    let mut session = case.session();
    let timeline = session.timeline_mut();
    let (first, length) = (timeline.active(), timeline.len());
    timeline.branch_at(Cursor { branch: first, step: 5 }).expect("a place");
    for _ in 0..3 {
        let (_, step) = timeline.tip().due().expect("something to come");
        timeline.apply(step);
    }
    let branch = export(&mut session, Format::JsonLines).expect("an export");
    assert_eq!(branch.lines().count(), 1 + 8);
    session.timeline_mut().activate(first).expect("it is there");
    let whole = export(&mut session, Format::JsonLines).expect("an export");
    assert_eq!(whole.lines().count() as u32, 1 + length);
    let (ours, theirs): (Vec<_>, Vec<_>) = branch.lines().zip(whole.lines()).skip(1).take(6).unzip();
    assert_eq!(ours[..5], theirs[..5], "up to where it leaves");
    assert_ne!(ours[5], theirs[5], "c1 was not paused");
}

#[test]
fn what_falls_is_told_even_where_it_falls_by_the_end_of_the_run() {
    let mut fallen = (0, 0);
    for case in all() {
        let mut session = case.session();
        let run = session.timeline().tip();
        let properties = run.info().properties.iter().zip(run.verdicts());
        let late = properties
            .clone()
            .filter(|(_, status)| status.turn() == Turn::Late)
            .map(|(property, _)| property.id);
        let violated =
            properties.filter(|(_, status)| status.turn() == Turn::Violated).map(|(property, _)| property.id);
        let (late, violated): (Vec<_>, Vec<_>) = (late.collect(), violated.collect());
        let [lines, diagram, events] = [Format::JsonLines, Format::Mermaid, Format::Chrome]
            .map(|format| export(&mut session, format).expect("an export"));
        let header = lines.lines().next().expect("a header");
        for (verb, ids) in [("late", &late), ("violated", &violated)] {
            assert_eq!(header.matches(&format!(r#""verdict":"{verb}""#)).count(), ids.len(), "{}", case.name);
            for id in ids {
                let words = format!("{} {id}", verb.to_uppercase());
                assert!(events.contains(&format!(r#"{{"name":"{words}: "#)), "{}: {words}", case.name);
                let is_cut = diagram.contains("The diagram is cut here");
                assert!(is_cut || diagram.contains(&format!(": {words}: ")), "{}: {words}", case.name);
            }
        }
        fallen.0 += late.len();
        fallen.1 += violated.len();
    }
    println!("{} late, {} violated", fallen.0, fallen.1);
    assert!(fallen.0 > 0 && fallen.1 > 50, "{fallen:?}");
}

#[test]
fn what_turns_because_the_run_is_over_belongs_to_no_record_and_is_told_at_the_end() {
    let case = all().into_iter().find(|case| case.name == "lease/no-fencing").expect("a canned scenario");
    let mut session = case.unplayed();
    session.advance(3);
    // As if nothing were left to happen, with the write of c1 still owed.
    session.timeline_mut().conclude(true);
    let [lines, diagram, events] = [Format::JsonLines, Format::Mermaid, Format::Chrome]
        .map(|format| export(&mut session, format).expect("an export"));
    let (header, records) = lines.split_once('\n').expect("a header");
    assert!(header.contains(r#""verdict":"late","words":"what is owed since "#), "{header}");
    assert!(!records.contains("late"), "{records}");
    assert_eq!(
        diagram.matches("Note over lock,c2: LATE write-completes: what is owed").count(),
        1,
        "{diagram}"
    );
    assert_eq!(events.matches(r#"{"name":"LATE write-completes: what is owed"#).count(), 1, "{events}");
}

#[test]
fn a_run_that_has_not_begun_has_an_export_in_every_format() {
    let case = &all()[0];
    let mut session = case.unplayed();
    for format in Format::ALL {
        let text = export(&mut session, format).expect("an export");
        assert_eq!(text.is_empty(), format == Format::Jepsen, "{format}: only a history may be empty");
    }
}

#[test]
fn formats_are_found_by_their_ids() {
    for format in Format::ALL {
        assert_eq!(Format::find(format.id()), Some(format));
        assert!(!format.help().is_empty() && !format.ending().starts_with('.'));
    }
    assert_eq!(Format::find("dot"), None);
}
