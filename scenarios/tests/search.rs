//! Searches: what they find is broken for good reason, short, and the same whoever looks; without a flaw they find nothing.

use splitbrain_core::labs;
use splitbrain_scenarios::run::play;
use splitbrain_scenarios::search::{BLOCK, Base, Finding, Hunt, Matters, Shrink};
use splitbrain_scenarios::{catalog, lex, load, template};

fn base(lab: &str, name: &str) -> Base {
    Base::of(catalog::find(lab, name).expect("a canned scenario").text).expect("it is right")
}

/// The first finding among these seeds.
fn first(base: &Base, seeds: u64) -> Option<Finding> {
    let mut hunt = Hunt::new(base.clone(), 1, seeds);
    while !hunt.is_over() {
        let found = hunt.attempt();
        if found.is_some() {
            return found;
        }
    }
    None
}

fn shortened(finding: &Finding, base: &Base) -> Finding {
    let mut shrink = Shrink::new(finding, base);
    while !shrink.is_over() {
        shrink.advance(10);
        assert!(shrink.tries() < 20_000, "it goes on for ever");
    }
    shrink.finding(finding.seed)
}

/// Lines that say something.
fn lines(text: &str) -> usize {
    lex(text).iter().filter(|line| !line.tokens.is_empty()).count()
}

/// The canned scenarios whose flaw is found within so many seeds when their own faults are taken out, and what it breaks first.
const FOUND: [(&str, &str, &str, u64); 30] = [
    ("clocks", "deaf", "clock-condition", 16_384),
    ("clocks", "hour-followed", "hlc-bounded", 16_384),
    ("clocks", "no-fifo", "mutual-exclusion", 16_384),
    ("clocks", "no-join", "vector-iff-causal", 16_384),
    ("clocks", "tie", "total-order", 16_384),
    ("commit_wait", "half-wait", "external-consistency", 16_384),
    ("commit_wait", "ignored-vote", "snapshot-prefix", 16_384),
    ("commit_wait", "no-restart", "no-stale-read", 16_384),
    ("commit_wait", "step-back", "shard-monotonic", 16_384),
    ("commit_wait", "torn-snapshot", "snapshot-prefix", 16_384),
    ("commit_wait", "visible-early", "external-consistency", 16_384),
    ("lease", "delayed-packet", "no-stale-write", 65_536),
    ("lease", "drifting-clocks", "one-holder", 65_536),
    ("lease", "forgotten-counter", "tokens-increase", 16_384),
    ("lease", "late-grant", "one-holder", 65_536),
    ("lease", "never-looks", "effect-under-lease", 16_384),
    ("lww", "cart-one-node", "no-lost-update", 16_384),
    ("lww", "deaf-clock", "causal-order-wins", 16_384),
    ("lww", "delete-comes-back", "no-resurrection", 16_384),
    ("lww", "tie", "convergence", 16_384),
    ("raft", "any-log-may-win", "leader-completeness", 16_384),
    ("raft", "forget-log", "committed-on-majority", 16_384),
    ("raft", "forget-vote", "election-safety", 65_536),
    ("raft", "no-check-quorum", "requests-complete", 65_536),
    ("raft", "stale-read", "linearizability", 16_384),
    ("raft", "no-sessions", "applied-once", 16_384),
    ("raft", "no-pre-vote", "stable-leader", 16_384),
    ("raft", "truncate-matching", "committed-on-majority", 65_536),
    ("round_trip", "in-hope", "only-the-last-counts", 16_384),
    ("round_trip", "leap-second", "round-trip-is-never-negative", 16_384),
];

#[test]
fn a_flaw_is_found_without_its_own_faults_and_told_in_a_few_lines() {
    for (lab, name, property, seeds) in FOUND {
        let base = base(lab, name);
        let finding = first(&base, seeds).unwrap_or_else(|| panic!("{lab}/{name}: nothing in {seeds} seeds"));
        assert_eq!(finding.broken.property, property, "{lab}/{name}: {}", finding.text);
        let short = shortened(&finding, &base);
        assert_eq!(short.broken.property, property);
        assert!(lines(&short.text) <= 12, "{lab}/{name} has {} lines:\n{}", lines(&short.text), short.text);
        // It is a scenario as any other, and it shows what it says.
        let plan = load(&short.text).plan.unwrap_or_else(|| panic!("{lab}/{name}:\n{}", short.text));
        let report = play(&plan, |_, _| {}).expect("it runs");
        assert!(report.passed, "{lab}/{name}: {:?}\n{}", report.judged, short.text);
        assert_eq!(splitbrain_scenarios::format(&short.text), short.text, "it is in its canonical form");
    }
}

#[test]
fn without_a_flaw_nothing_is_found() {
    for lab in labs::catalog() {
        let base = Base::of(&template(lab)).expect("a template is right");
        let found = first(&base, BLOCK / 8);
        assert!(found.is_none(), "{}: {found:?}", lab.id);
    }
}

#[test]
fn whoever_looks_at_a_part_of_the_seeds_finds_the_same() {
    let base = base("lease", "late-grant");
    let all = |first: u64, last: u64| {
        let mut hunt = Hunt::new(base.clone(), first, last);
        let mut found = Vec::new();
        while !hunt.is_over() {
            found.extend(hunt.attempt());
        }
        (found, hunt.count())
    };
    let (whole, (tries, steps)) = all(1, 4_000);
    assert!(!whole.is_empty());
    let parts = [all(1, 700), all(701, 1_030), all(1_031, 4_000)];
    let found: Vec<Finding> = parts.iter().flat_map(|(found, _)| found.clone()).collect();
    assert_eq!(found, whole);
    assert_eq!(parts.iter().map(|(_, count)| count.0).sum::<u64>(), tries);
    assert_eq!(parts.iter().map(|(_, count)| count.1).sum::<u64>(), steps);
}

#[test]
fn a_finding_says_which_of_its_lines_it_hangs_on() {
    let base = base("lease", "never-looks");
    let short = shortened(&first(&base, BLOCK).expect("it is found"), &base);
    let mut matters = Matters::new(&short, &base);
    while !matters.is_over() {
        matters.advance();
    }
    // Whatever did not matter is gone: what is left matters, the flaw among it.
    let known = matters.known();
    let flaw = lex(&short.text)
        .iter()
        .find(|line| line.span.of(&short.text).starts_with("flaw"))
        .expect("a flaw")
        .number;
    assert!(known.contains(&(flaw, true)), "{known:?}\n{}", short.text);
    assert!(known.iter().all(|(_, matters)| *matters), "{known:?}\n{}", short.text);
}

#[test]
fn a_text_that_is_wrong_cannot_be_searched() {
    let wrong = Base::of("lab raft\nat 1s crsh n1\n").expect_err("it is wrong");
    assert!(wrong[0].message.contains("crsh"), "{wrong:?}");
}
