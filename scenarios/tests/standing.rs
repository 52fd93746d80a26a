//! What is known of each expectation while a run goes on.

use splitbrain_scenarios::run::{Session, Standing, Verdict, standings};
use splitbrain_scenarios::{catalog, load};

fn session(text: &str) -> Session {
    let loaded = load(text);
    Session::open(loaded.plan.unwrap_or_else(|| panic!("{text}{:?}", loaded.diagnostics))).expect("a run")
}

fn verdicts(all: &[Standing]) -> Vec<Verdict> {
    all.iter().map(|standing| standing.verdict).collect()
}

/// Plays a text step by step. What is known at a step is what the finished run says of that step; what is certain stays; at the
/// end it is what the report says. Gives how often a verdict was certain before the end.
fn played(text: &str) -> usize {
    let (mut session, mut seen, mut over) = (session(text), Vec::new(), false);
    while !over {
        seen.push(verdicts(&standings(&session, session.timeline().len())));
        over = session.advance(1);
    }
    let all = session.timeline().len();
    let mut early = 0;
    for (step, seen) in seen.iter().enumerate() {
        let later = verdicts(&standings(&session, step as u32));
        if (step as u32) < all {
            assert_eq!(*seen, later, "{text}at {step} of {all}");
        }
        early += later.iter().filter(|verdict| **verdict != Verdict::NotYet).count();
    }
    let end = standings(&session, all);
    let report = session.report().expect("it is over");
    assert_eq!(end.len(), report.judged.len());
    for (standing, judged) in end.iter().zip(&report.judged) {
        assert_eq!((standing.line, &standing.text), (judged.line, &judged.text));
        let expected = if judged.passed { Verdict::Holds } else { Verdict::Violated };
        assert_eq!(standing.verdict, expected, "{text}{standing:?} {judged:?}");
        assert_eq!(standing.words.is_some(), !judged.passed);
    }
    early
}

#[test]
fn what_is_known_at_a_step_is_what_the_whole_run_says_of_it() {
    let early: usize =
        catalog::shelves().flat_map(|shelf| shelf.scenarios).map(|canned| played(canned.text)).sum();
    assert!(early > 1_000, "many are certain before the end: {early}");
}

const LEASE: &str = "lab lease\nclients 2\nseed 7\nnetwork latency 5ms..20ms\nat 100ms c1 write x 1\n";

/// The verdicts of a text at times in milliseconds, and at the end.
fn at(text: &str, times: &[u64]) -> Vec<Verdict> {
    let mut session = session(text);
    while !session.advance(100) {}
    let step = |ms: &u64| session.timeline().step_at(splitbrain_core::unit::Time(ms * 1_000));
    let steps = times.iter().map(step).chain([session.timeline().len()]);
    steps.map(|step| standings(&session, step)[0].verdict).collect()
}

#[test]
fn each_kind_of_claim_is_certain_as_soon_as_it_can_be() {
    use Verdict::{Holds, NotYet, Violated};
    let claims = [
        ("expect sometimes c1 answered", [NotYet, Holds, Holds]),
        ("expect sometimes c2 granted by 1s", [NotYet, NotYet, Violated]),
        ("expect never c1 answered", [Holds, Violated, Violated]),
        ("expect never c2 granted", [Holds, Holds, Holds]),
        ("expect c1 granted 0 times", [NotYet, Violated, Violated]),
        ("expect c1 granted 1 times", [NotYet, NotYet, Holds]),
        ("expect store.x = 1", [NotYet, NotYet, Holds]),
        ("expect store.x = 1 at 300ms", [NotYet, Holds, Holds]),
        ("expect holds no-stale-write", [NotYet, NotYet, Holds]),
    ];
    for (claim, expected) in claims {
        let text = format!("{LEASE}{claim}\nat 700ms say \"later\"\nat 900ms c2 read x\nstop at 2s\n");
        assert_eq!(at(&text, &[100, 950])[..], expected, "{claim}");
    }
}

#[test]
fn every_promise_is_kept_until_one_is_broken() {
    let text = catalog::find("lease", "no-fencing").expect("it is there").text;
    let without: String =
        text.lines().filter(|line| !line.starts_with("expect")).map(|l| format!("{l}\n")).collect();
    let verdicts = at(&without, &[1_000]);
    assert_eq!(verdicts, [Verdict::Holds, Verdict::Violated]);
    assert_eq!(at(text, &[1_000])[0], Verdict::NotYet);
}
