//! Measures what `benches/README.md` reports, native and in WebAssembly under Node: the same figures by the same code.
//!
//! ```text
//! cargo run --release -p splitbrain-scenarios --example figures
//!
//! cargo build --release --target wasm32-unknown-unknown -p splitbrain-scenarios --example figures
//! wasm-bindgen --target nodejs --out-dir target/figures target/wasm32-unknown-unknown/release/examples/figures.wasm
//! node target/figures/figures.js
//! ```

#[path = "../benches/machine/mod.rs"]
mod machine;
#[path = "../benches/workload/mod.rs"]
mod workload;

use splitbrain_core::timeline::Cursor;
use splitbrain_core::unit::{Dice, Purpose};
use splitbrain_scenarios::run::Session;
use splitbrain_scenarios::{catalog, load};
use workload::Workload;

use machine::{now, say};

/// How often a long run is measured.
const RUNS: usize = 9;

/// How long something takes, in milliseconds.
fn time<T>(what: impl FnOnce() -> T) -> (f64, T) {
    let start = now();
    let result = what();
    (now() - start, result)
}

fn percentiles(name: &str, mut samples: Vec<f64>) {
    samples.sort_by(f64::total_cmp);
    let at = |percent: usize| samples[(samples.len() * percent / 100).min(samples.len() - 1)] * 1e3;
    let (half, most, nearly) = (at(50), at(95), at(99));
    say(&format!("{name}: p50 {half:.1} us, p95 {most:.1} us, p99 {nearly:.1} us"));
}

/// Runs of a million steps. The first of them is told apart: it works on memory that nobody has touched before, which the
/// machine has to find for it page by page.
fn steps(name: &str, fresh: impl Fn() -> Workload) {
    say(name);
    let mut runs: Vec<(f64, f64)> = (0..RUNS)
        .map(|_| {
            let mut workload = fresh();
            let hundreds: Vec<f64> = (0..10).map(|_| time(|| workload.advance(100_000)).0).collect();
            (1_000.0 / hundreds.iter().sum::<f64>(), hundreds[9] / hundreds[0])
        })
        .collect();
    let first = runs[0].0;
    runs.sort_by(|one, other| one.0.total_cmp(&other.0));
    let (rate, _) = runs[RUNS / 2];
    runs.sort_by(|one, other| one.1.total_cmp(&other.1));
    let (_, growth) = runs[RUNS / 2];
    say(&format!(
        "  1,000,000 steps: {rate:.2} million steps/s, the median of {RUNS} runs; the first {first:.2}"
    ));
    say(&format!(
        "  steps 900,000 to 1,000,000 against the first 100,000: {growth:.2} times as long, the median"
    ));
    let mut workload = fresh();
    workload.advance(1_000_000);
    say(&format!("  trace: {:.1} bytes a step", workload.timeline.trace_bytes() as f64 / 1e6));
}

fn first_steps() {
    let mut rates: Vec<f64> = (0..9)
        .map(|_| {
            let mut workload = Workload::new();
            100.0 / time(|| workload.advance(100_000)).0
        })
        .collect();
    rates.sort_by(f64::total_cmp);
    say(&format!("100,000 steps: {:.2} million steps/s, the median of 9 runs", rates[4]));
}

fn seeks_and_branches() {
    let mut workload = Workload::new();
    workload.advance(100_000);
    let mut dice = Dice::new(1, Purpose::Fuzz, 0, 0);
    let branch = workload.timeline.active();
    let mut any = || Cursor { branch, step: dice.below(100_001) as u32 };
    let timeline = &mut workload.timeline;
    let seeks =
        (0..4_000).map(|_| time(|| timeline.seek(any()).map(|_| ()).expect("it is within the run")).0);
    percentiles("seek in 100,000 steps", seeks.collect());
    let branches = (0..1_000).map(|_| {
        time(|| {
            timeline.branch_at(any()).expect("it is within the run");
            if let Some((_, step)) = timeline.tip().due() {
                timeline.apply(step);
            }
        })
        .0
    });
    percentiles("branch and its first step, with the seek", branches.collect());
}

fn scenarios() {
    let mut slowest = (0.0, "");
    for canned in catalog::shelves().flat_map(|shelf| shelf.scenarios) {
        let mut samples: Vec<f64> = (0..5)
            .map(|_| {
                time(|| {
                    let plan = load(canned.text).plan.expect("it loads");
                    let mut session = Session::open(plan).expect("load has asked the lab");
                    while !session.advance(10_000) {}
                })
                .0
            })
            .collect();
        samples.sort_by(f64::total_cmp);
        if samples[2] > slowest.0 {
            slowest = (samples[2], canned.name);
        }
    }
    say(&format!("edit to re-run, the slowest canned scenario: {:.2} ms ({})", slowest.0, slowest.1));
}

fn main() {
    // Short runs until the engine has compiled what matters.
    for _ in 0..20 {
        Workload::new().advance(10_000);
    }
    steps("lww", Workload::new);
    steps("raft, every knob as it is", || Workload::raft(false));
    steps("raft, every knob on", || Workload::raft(true));
    first_steps();
    seeks_and_branches();
    scenarios();
}
