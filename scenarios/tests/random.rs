//! Random texts, and canned scenarios with random mistakes: nothing panics, nothing hangs, and what must not change does not.

use proptest::prelude::*;
use proptest::sample::Index;
use splitbrain_core::simulation::Step;
use splitbrain_core::unit::{Digest, Time};
use splitbrain_scenarios::run::Session;
use splitbrain_scenarios::{Loaded, Plan, STATEMENTS, catalog, edit, format, lex, load};

/// Steps of a run that are taken here at most: a run may go on for long, but no step may.
const STEPS: u32 = 1_500;

/// Words of the language and of the labs, and what people type by mistake.
fn word() -> impl Strategy<Value = String> {
    let small = [
        "for",
        "from",
        "to",
        "until",
        "at",
        "by",
        "on",
        "off",
        "if",
        "next",
        "2nd",
        "times",
        "any",
        "when",
        "->",
        "<->",
        "|",
        "=",
        "<",
        ">=",
        "*",
        "\"a text\"",
        "\"open",
        "#",
        "# a comment",
        "n1",
        "n2",
        "c1",
        "c2",
        "store",
        "lock",
        "leader",
        "servers",
        "clients",
        "all",
        "others",
        "random",
        "write",
        "read",
        "increment",
        "delete",
        "x",
        "1",
        "-1",
        "nil",
        "update",
        "grant",
        "gossip",
        "granted",
        "answered",
        "crashed",
        "believes",
        "settled",
        "store.x",
        "c1.read",
        "n1.x",
        "no-fencing",
        "no-stale-write",
        "convergence",
        "lease",
        "order",
        "vector",
        "stream",
        "async",
        "timing",
        "5ms..20ms",
        "0s",
        "1us",
        "20ms",
        "1s",
        "90s",
        "100h",
        "50%",
        "100%",
        "-300ppm",
        "1kbps",
        "99999999999",
        "\u{e9}",
        "\u{1F600}",
        "\\",
        "\t",
        "",
    ];
    let stated: Vec<String> = STATEMENTS.iter().map(|statement| statement.name.to_owned()).collect();
    let all: Vec<String> = small.into_iter().map(str::to_owned).chain(stated).collect();
    prop_oneof![8 => proptest::sample::select(all), 1 => "\\PC{0,6}"]
}

/// Any text at all, or lines of words that are in the right language but in no order.
fn babble() -> impl Strategy<Value = String> {
    let line = || proptest::collection::vec(word(), 0..8).prop_map(|words| words.join(" "));
    let lines = || proptest::collection::vec(line(), 0..12).prop_map(|lines| lines.join("\n"));
    let bytes = proptest::collection::vec(any::<u8>(), 0..300);
    prop_oneof![
        2 => bytes.prop_map(|bytes| String::from_utf8_lossy(&bytes).into_owned()),
        3 => lines(),
        3 => lines().prop_map(|text| format!("lab lww\n{text}")),
    ]
}

/// One mistake.
#[derive(Clone, Debug)]
enum Slip {
    Leave(Index),
    Double(Index),
    Swap(Index, Index),
    Replace(Index, String),
    LeaveLine(Index),
    DoubleLine(Index),
    SwapLines(Index, Index),
    Number(Index, u32),
}

fn slip() -> impl Strategy<Value = Slip> {
    let at = any::<Index>;
    prop_oneof![
        at().prop_map(Slip::Leave),
        at().prop_map(Slip::Double),
        (at(), at()).prop_map(|(one, other)| Slip::Swap(one, other)),
        (at(), word()).prop_map(|(place, word)| Slip::Replace(place, word)),
        at().prop_map(Slip::LeaveLine),
        at().prop_map(Slip::DoubleLine),
        (at(), at()).prop_map(|(one, other)| Slip::SwapLines(one, other)),
        (at(), prop_oneof![0..5_u32, 0..100_000_u32]).prop_map(|(place, number)| Slip::Number(place, number)),
    ]
}

/// A text with one mistake more.
fn slipped(text: &str, slip: &Slip) -> String {
    let mut lines: Vec<String> = text.split('\n').map(str::to_owned).collect();
    let tokens: Vec<_> = lex(text).into_iter().flat_map(|line| line.tokens).map(|token| token.span).collect();
    let numbers: Vec<_> = tokens
        .iter()
        .filter(|span| span.of(text).starts_with(|first: char| first.is_ascii_digit()))
        .copied()
        .collect();
    let put =
        |span: splitbrain_scenarios::Span, new: &str| edit::Edit { span, text: new.to_owned() }.apply(text);
    match slip {
        Slip::LeaveLine(place) => drop(lines.remove(place.index(lines.len()))),
        Slip::DoubleLine(place) => {
            let line = lines[place.index(lines.len())].clone();
            lines.push(line);
        }
        Slip::SwapLines(one, other) => {
            let (one, other) = (one.index(lines.len()), other.index(lines.len()));
            lines.swap(one, other);
        }
        _ if tokens.is_empty() => {}
        Slip::Leave(place) => return put(*place.get(&tokens), ""),
        Slip::Double(place) => {
            let span = *place.get(&tokens);
            return put(span, &format!("{0} {0}", span.of(text)));
        }
        Slip::Swap(one, other) => {
            let (one, other) = (*one.get(&tokens), *other.get(&tokens));
            let (first, second) = if one < other { (one, other) } else { (other, one) };
            let later = put(second, first.of(text));
            return edit::Edit { span: first, text: second.of(text).to_owned() }.apply(&later);
        }
        Slip::Replace(place, word) => return put(*place.get(&tokens), word),
        Slip::Number(place, number) if !numbers.is_empty() => {
            let span = *place.get(&numbers);
            let rest = span.of(text).trim_start_matches(|letter: char| letter.is_ascii_digit());
            return put(span, &format!("{number}{rest}"));
        }
        Slip::Number(..) => {}
    }
    lines.join("\n")
}

/// A canned scenario with a few mistakes, or with none.
fn mistaken() -> impl Strategy<Value = String> {
    let all: Vec<&str> =
        catalog::shelves().flat_map(|shelf| shelf.scenarios).map(|canned| canned.text).collect();
    (proptest::sample::select(all), proptest::collection::vec(slip(), 0..4))
        .prop_map(|(text, slips)| slips.iter().fold(text.to_owned(), |text, slip| slipped(&text, slip)))
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof![babble(), mistaken()]
}

/// A plan without the places of its lines.
fn meaning(mut plan: Plan) -> Plan {
    plan.stop_line = None;
    for cue in &mut plan.cues {
        (cue.line, cue.span, cue.text) = (0, splitbrain_scenarios::Span::default(), String::new());
    }
    for expectation in &mut plan.expectations {
        (expectation.line, expectation.span, expectation.text) =
            (0, splitbrain_scenarios::Span::default(), String::new());
    }
    plan
}

/// The first steps of a run: when, and with which digest. True where the run is over.
fn begun(plan: Plan) -> (Vec<(Time, Digest)>, bool) {
    let mut session = Session::open(plan).expect("the lab was asked");
    let mut steps = Vec::new();
    for _ in 0..STEPS {
        let over = session.advance(1);
        let (_, record) = session.timeline().last();
        if over {
            return (steps, true);
        }
        steps.push((record.time, record.digest));
    }
    (steps, false)
}

/// Whether the last thing that happens in a run is that time passes.
fn ends_in_waiting(plan: Plan) -> bool {
    let mut session = Session::open(plan).expect("the lab was asked");
    let over = session.advance(STEPS + 1);
    let (_, record) = session.timeline().last();
    over && matches!(record.step, Step::Advance(_))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_byte_belongs_to_a_word_a_comment_or_space(text in text()) {
        let mut covered = vec![false; text.len()];
        for line in lex(&text) {
            for span in line.tokens.iter().map(|token| token.span).chain(line.comment) {
                prop_assert!(line.span.start <= span.start && span.end <= line.span.end);
                for place in span.start..span.end {
                    prop_assert!(!std::mem::replace(&mut covered[place as usize], true));
                }
            }
        }
        for (place, letter) in text.char_indices() {
            prop_assert!(letter.is_whitespace() || covered[place], "{letter:?} at {place}");
        }
    }

    #[test]
    fn a_plan_comes_exactly_where_nothing_is_wrong(text in text()) {
        let Loaded { plan, diagnostics, .. } = load(&text);
        prop_assert_eq!(plan.is_some(), diagnostics.is_empty());
        for wrong in diagnostics {
            let (start, end) = (wrong.span.start as usize, wrong.span.end as usize);
            prop_assert!(text.get(start..end).is_some());
            prop_assert!(wrong.help.is_some(), "without help: {}", wrong);
        }
        for (span, _) in splitbrain_scenarios::highlight(&text) {
            prop_assert!(text.get(span.start as usize..span.end as usize).is_some());
        }
    }

    #[test]
    fn words_are_offered_and_explained_at_any_place(text in text(), place in any::<Index>()) {
        let place = place.index(text.len() + 1) as u32;
        let completion = splitbrain_scenarios::complete(&text, place);
        prop_assert!(completion.span.end == place || completion.candidates.is_empty());
        for candidate in completion.candidates {
            prop_assert!(candidate.word.starts_with(completion.span.of(&text)));
        }
        if let Some(hover) = splitbrain_scenarios::hover(&text, place) {
            prop_assert!(!hover.span.of(&text).is_empty() && !hover.help.is_empty());
        }
    }

    #[test]
    fn formatting_twice_changes_nothing_and_once_keeps_the_meaning(text in text()) {
        let once = format(&text);
        prop_assert_eq!(&format(&once), &once);
        let (before, after) = (load(&text), load(&once));
        prop_assert_eq!(before.diagnostics.len(), after.diagnostics.len(), "{}", once);
        if let (Some(before), Some(after)) = (before.plan, after.plan) {
            prop_assert_eq!(begun(before.clone()), begun(after.clone()));
            prop_assert_eq!(meaning(before), meaning(after));
        }
    }

    #[test]
    fn a_run_with_mistakes_in_it_ends_or_goes_on_but_never_panics_or_hangs(text in mistaken()) {
        if let Some(plan) = load(&text).plan {
            let (steps, _) = begun(plan.clone());
            prop_assert_eq!(steps, begun(plan).0);
        }
    }

    #[test]
    fn an_edit_leaves_all_other_bytes_alone_and_can_be_taken_back(
        text in text(),
        time in 0..10_000_000_u64,
        line in 0..20_u32,
        on in any::<bool>(),
    ) {
        let edits = [
            Some(edit::append_cue(&text, Time(time), "say \"a click\"")),
            Some(edit::set(&text, &["seed"], "8")),
            Some(edit::set(&text, &["set", "order"], "vector")),
            edit::set_flaw(&text, "no-fencing", on),
            edit::remove_line(&text, line),
        ];
        for edit in edits.into_iter().flatten() {
            let after = edit.apply(&text);
            let (start, end) = (edit.span.start as usize, edit.span.end as usize);
            prop_assert!(after.starts_with(&text[..start]) && after.ends_with(&text[end..]));
            prop_assert_eq!(after.len(), text.len() - (end - start) + edit.text.len());
            prop_assert_eq!(edit.inverse(&text).apply(&after), text.clone());
        }
    }

    #[test]
    fn an_appended_cue_is_the_last_one_and_nothing_else_changes(text in mistaken(), time in 0..10_000_000_u64) {
        if let Some(plan) = load(&text).plan {
            let after = load(&edit::append_cue(&text, Time(time), "say \"a click\"").apply(&text));
            let Some(mut after) = after.plan else {
                return Err(TestCaseError::fail(format!("{:?}", after.diagnostics)));
            };
            let cue = after.cues.pop().expect("it is there");
            prop_assert_eq!(cue.when, splitbrain_scenarios::plan::When::At(Time(time)));
            prop_assert_eq!(meaning(after), meaning(plan));
        }
    }

    #[test]
    fn a_branch_runs_like_its_trunk_until_the_click(text in mistaken(), shown in any::<Index>()) {
        let Some(plan) = load(&text).plan else { return Ok(()) };
        let waits = ends_in_waiting(plan.clone());
        let (trunk, _) = begun(plan);
        if trunk.is_empty() {
            return Ok(());
        }
        let click = Time(shown.get(&trunk).0.0 + 1);
        let branch = edit::append_cue(&text, click, "crash all").apply(&text);
        let (branch, _) = begun(load(&branch).plan.expect("an appended cue breaks nothing"));
        let before = |(time, _): &&(Time, Digest)| *time < click;
        let (mut old, new): (Vec<_>, Vec<_>) = (trunk.iter().filter(before).collect(), branch.iter().filter(before).collect());
        // A run that ends lets time pass once more, to say what is late; where a click follows, it passes up to that.
        if waits && old.len() == trunk.len() && new.len() + 1 == old.len() {
            prop_assert_eq!(branch[new.len()].0, click);
            old.pop();
        }
        prop_assert_eq!(old, new);
    }
}
