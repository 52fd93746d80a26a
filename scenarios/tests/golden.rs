//! Determinism: the digest of every step of every canned scenario is as it was when `golden.txt` was written, on this
//! machine and in WebAssembly, the first time and the second, and after any seeks.
//!
//! Where a change is meant, rewrite the file and look at the difference:
//!
//! ```text
//! SPLITBRAIN_GOLDEN=rewrite cargo test -p splitbrain-scenarios --test golden
//! ```
//!
//! The same tests in WebAssembly, under Node:
//!
//! ```text
//! CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER=wasm-bindgen-test-runner \
//!     cargo test --target wasm32-unknown-unknown -p splitbrain-scenarios --test golden
//! ```

use std::fmt::Write as _;

use splitbrain_core::timeline::{Cursor, Timeline};
use splitbrain_core::unit::{Dice, Digest, Purpose, mix};
use splitbrain_scenarios::run::Session;
use splitbrain_scenarios::{Plan, catalog, load, run};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

const GOLDEN: &str = include_str!("golden.txt");
const HOW: &str =
    "If that is meant: SPLITBRAIN_GOLDEN=rewrite cargo test -p splitbrain-scenarios --test golden";
/// The digest after every so many steps stands in the file, to say where a run went astray.
const SAMPLES: u32 = 8;

/// A run that is longer than any lesson: five replicas, and a write every 10 ms.
fn long_run() -> String {
    let mut text = String::from(
        "lab lww\nnodes 5\nclients 8\nset order hlc\nseed 11\nnetwork latency 2ms..12ms\nclock n2 drift 150ppm offset 40ms\nstop at 100s\n",
    );
    for client in 1..=8 {
        let key = char::from(b'a' + client);
        writeln!(text, "every 80ms from {client}0ms until 99s  c{client} write {key} 1")
            .expect("a string takes all");
    }
    for fault in
        ["cut n1 <-> n2 for 3s", "pause n3 for 2s", "crash n4 for 4s", "jump n5 -1s", "loss 5% for 20s"]
    {
        writeln!(text, "every 30s from 10s until 90s  {fault}").expect("a string takes all");
    }
    text
}

fn plans() -> Vec<(String, Plan)> {
    let canned = catalog::shelves().flat_map(|shelf| shelf.scenarios);
    let texts = canned.map(|canned| (format!("{}/{}", canned.lab, canned.name), canned.text.to_owned()));
    let loaded = texts.chain([("long-run".to_owned(), long_run())]).map(|(name, text)| {
        let loaded = load(&text);
        let plan = loaded.plan.unwrap_or_else(|| panic!("{name}: {:?}", loaded.diagnostics));
        (name, plan)
    });
    loaded.collect()
}

fn played(plan: &Plan) -> Session {
    let mut session = Session::open(plan.clone()).expect("load has asked the lab");
    while !session.advance(10_000) {}
    session
}

fn digest(timeline: &Timeline, record: u32) -> Digest {
    timeline.row(record).expect("it is within the run").digest
}

/// One line of the file: name, steps, the digest of all digests, and some on the way.
fn line(name: &str, timeline: &Timeline) -> String {
    let steps = timeline.len();
    let chain = (0..steps).fold(0, |all, record| mix(all, digest(timeline, record).0));
    let mut line = format!("{name} steps {steps} chain {}", Digest(chain));
    for record in places(steps) {
        write!(line, " {record}:{}", digest(timeline, record)).expect("a string takes all");
    }
    line
}

fn places(steps: u32) -> impl Iterator<Item = u32> {
    (0..SAMPLES.min(steps))
        .map(move |sample| (steps - 1) * sample / SAMPLES.min(steps).saturating_sub(1).max(1))
}

/// Where two lines differ, in words.
fn difference(old: &str, new: &str) -> String {
    let words = || old.split(' ').zip(new.split(' ')).skip(5);
    match (words().find(|(old, new)| old != new), words().take_while(|(old, new)| old == new).last()) {
        (Some((_, new)), Some((same, _))) => format!("the same at {same}, but not at {new}"),
        (Some((_, new)), None) => format!("not the same at {new}"),
        (None, _) => format!("not the same between the samples: {new}"),
    }
}

#[test]
fn every_step_has_the_digest_that_was_written_down() {
    let lines: Vec<_> =
        plans().iter().map(|(name, plan)| (name.clone(), line(name, played(plan).timeline()))).collect();
    if std::env::var("SPLITBRAIN_GOLDEN").is_ok_and(|wish| wish == "rewrite") {
        let text: String = lines.iter().map(|(_, line)| format!("{line}\n")).collect();
        std::fs::write(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden.txt"), text)
            .expect("it can be written");
        return;
    }
    let mut wrong = Vec::new();
    for (name, line) in &lines {
        match GOLDEN.lines().find(|old| old.split(' ').next() == Some(name)) {
            None => wrong.push(format!("{name} is not in golden.txt")),
            Some(old) if old != line => wrong.push(format!("{name}: {}", difference(old, line))),
            Some(_) => {}
        }
    }
    for old in GOLDEN.lines().filter_map(|old| old.split(' ').next()) {
        if !lines.iter().any(|(name, _)| name == old) {
            wrong.push(format!("{old} is in golden.txt, but there is no such scenario"));
        }
    }
    assert!(wrong.is_empty(), "\n{}\n{HOW}", wrong.join("\n"));
}

#[test]
fn a_second_run_with_or_without_a_timeline_is_the_same() {
    for (name, plan) in plans() {
        let session = played(&plan);
        let timeline = session.timeline();
        assert_eq!(line(&name, timeline), line(&name, played(&plan).timeline()));
        let chain = (0..timeline.len()).fold(0, |all, record| mix(all, digest(timeline, record).0));
        assert_eq!(run::chain(&plan), Ok((timeline.len(), Digest(chain))), "{name}");
    }
}

#[test]
fn seeks_to_any_place_change_nothing() {
    for (name, plan) in plans() {
        let mut session = played(&plan);
        let before = line(&name, session.timeline());
        let timeline = session.timeline_mut();
        let mut dice = Dice::new(1, Purpose::Fuzz, 0, 0);
        for _ in 0..50 {
            let step = dice.between(0, timeline.len().into()) as u32;
            let cursor = Cursor { branch: timeline.active(), step };
            // A seek compares every step that it replays with the digest of the first time.
            let run = timeline.seek(cursor).unwrap_or_else(|error| panic!("{name}: {error}"));
            assert_eq!(run.kernel().records(), step, "{name}");
        }
        assert_eq!(line(&name, timeline), before);
    }
}

#[test]
fn a_run_that_goes_astray_is_noticed_and_the_place_is_named() {
    let (name, mut plan) = plans().swap_remove(0);
    let right = line(&name, played(&plan).timeline());
    plan.setup.seed += 1;
    let wrong = line(&name, played(&plan).timeline());
    assert_ne!(right, wrong);
    assert!(
        difference(&right, &wrong).starts_with("not the same at 0:")
            || difference(&right, &wrong).starts_with("the same at ")
    );
}
