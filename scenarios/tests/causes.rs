//! A violation explains itself: it names the records that brought it about, both sides of what cannot be among them.

use splitbrain_core::lab::{PropertyKind, Run, Status, Violation};
use splitbrain_core::timeline::Timeline;
use splitbrain_scenarios::run::Session;
use splitbrain_scenarios::{catalog, load, tell};

fn played(text: &str) -> Session {
    let loaded = load(text);
    let plan = loaded.plan.unwrap_or_else(|| panic!("{:?}", loaded.diagnostics));
    let mut session = Session::open(plan).expect("it opens");
    while !session.advance(10_000) {}
    session
}

/// What fell in a run: the property, and why.
fn fallen(run: &dyn Run) -> Vec<(&'static str, PropertyKind, Violation, bool)> {
    let both = run.info().properties.iter().zip(run.verdicts());
    both.filter_map(|(property, status)| match status {
        Status::Violated(why) => Some((property.id, property.kind, why.clone(), false)),
        Status::Late(why) => Some((property.id, property.kind, why.clone(), true)),
        _ => None,
    })
    .collect()
}

/// The records that a violation names, in words.
fn told(timeline: &Timeline, why: &Violation) -> Vec<String> {
    why.causes
        .iter()
        .map(|cause| tell::told(timeline.tip(), &timeline.record(*cause).expect("it is in the trace")))
        .collect()
}

/// What a scenario with this property's fall names.
fn named(text: &str, property: &str) -> Vec<String> {
    let session = played(text);
    let all = fallen(session.timeline().tip());
    let (_, _, why, _) = all.iter().find(|(id, ..)| *id == property).unwrap_or_else(|| panic!("{all:?}"));
    told(session.timeline(), why)
}

#[test]
fn every_violation_names_its_own_record_and_what_led_to_it() {
    let mut seen = Vec::new();
    for canned in catalog::shelves().flat_map(|shelf| shelf.scenarios) {
        let session = played(canned.text);
        let timeline = session.timeline();
        for (id, kind, why, late) in fallen(timeline.tip()) {
            let place = format!("{}/{} {id}", canned.lab, canned.name);
            assert!(why.causes.windows(2).all(|pair| pair[0] < pair[1]), "{place}: in order, and once each");
            assert_eq!(why.causes.last(), Some(&why.record), "{place}: the last one is where it fell");
            assert!(why.causes.len() > 1, "{place}: {} {:?}", why.words, told(timeline, &why));
            assert!(matches!(kind, PropertyKind::Liveness { .. }) || !late, "{place}");
            seen.push((canned.lab, id));
        }
    }
    for lab in ["raft", "lease", "lww", "commit_wait", "clocks", "round_trip"] {
        assert!(seen.iter().any(|(other, _)| *other == lab), "{lab}: {seen:?}");
    }
}

#[test]
fn two_leaders_of_a_term_are_both_named_at_their_elections() {
    let text = catalog::find("raft", "forget-vote").expect("it is canned").text;
    let named = named(text, "election-safety");
    let elections = named.iter().filter(|words| words.contains(" elected ")).count();
    assert_eq!((elections, named.len()), (2, 2), "{named:?}");
}

#[test]
fn a_stale_read_is_named_with_the_write_that_it_missed() {
    let text = catalog::find("raft", "stale-read").expect("it is canned").text;
    let named = named(text, "linearizability");
    let has = |what: &str, how: &str| named.iter().any(|words| words.contains(what) && words.contains(how));
    assert!(has("put ", ": begins") && has("put ", ": ok"), "the write: {named:?}");
    assert!(has("get ", ": begins") && has("get ", ": ok"), "the read: {named:?}");
}

#[test]
fn versions_that_cannot_be_are_named_where_they_were_stamped() {
    for (name, property, writes) in [
        ("cart-one-node", "no-lost-update", 2),
        ("deaf-clock", "causal-order-wins", 2),
        ("tie", "convergence", 2),
        ("delete-comes-back", "no-resurrection", 1),
    ] {
        let text = catalog::find("lww", name).expect("it is canned").text;
        let named = named(text, property);
        let stamped = named.iter().filter(|words| words.contains(" stamps")).count();
        assert!(stamped >= writes, "{name}: {named:?}");
    }
}

#[test]
fn what_lies_between_an_election_and_a_fall_is_named() {
    let text = catalog::find("raft", "any-log-may-win").expect("it is canned").text;
    let named = named(text, "leader-completeness");
    assert!(named.iter().any(|words| words.contains(" elected ")), "the leader without the entry: {named:?}");
    let text = catalog::find("lease", "late-grant").expect("it is canned").text;
    let named = self::named(text, "one-holder");
    let grants = named.iter().filter(|words| words.contains("issued") || words.contains("granted")).count();
    assert!(grants >= 2, "both grants: {named:?}");
}

#[test]
fn a_leader_that_does_not_stay_is_named_with_those_before_it() {
    let text = catalog::find("raft", "no-pre-vote").expect("it is canned").text;
    let named = named(text, "stable-leader");
    let elections = named.iter().filter(|words| words.contains(" elected ")).count();
    assert!(elections >= 2, "the leader did not stay: {named:?}");
}
