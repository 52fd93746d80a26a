//! Measures how many steps a second a search takes, native and in WebAssembly under Node: Raft with five servers, as its canned
//! scenario `commit-old-term` has it, and no flaw.
//!
//! ```text
//! cargo run --release -p splitbrain-scenarios --example hunt
//!
//! cargo build --profile page --target wasm32-unknown-unknown -p splitbrain-scenarios --example hunt
//! wasm-bindgen --target nodejs --out-dir target/figures target/wasm32-unknown-unknown/page/examples/hunt.wasm
//! node target/figures/hunt.js
//! ```

#[path = "../benches/machine/mod.rs"]
mod machine;

use splitbrain_scenarios::catalog;
use splitbrain_scenarios::search::{Base, Hunt};

use machine::{now, say};

/// Searches, of so many tries each.
const RUNS: usize = 5;
const TRIES: u64 = 8_192;

fn main() {
    let canned = catalog::find("raft", "commit-old-term").expect("it is canned");
    let lines = canned.text.lines().filter(|line| !line.starts_with("flaw"));
    let base = Base::of(&lines.collect::<Vec<_>>().join("\n")).expect("it is right");
    let mut rates = Vec::new();
    let mut steps = 0;
    for _ in 0..RUNS {
        let mut hunt = Hunt::new(base.clone(), 0, TRIES - 1);
        let start = now();
        while !hunt.is_over() {
            hunt.attempt();
        }
        steps = hunt.count().1;
        rates.push(steps as f64 / (now() - start));
    }
    rates.sort_by(f64::total_cmp);
    say(&format!(
        "{TRIES} tries, {steps} steps: {:.0} thousand steps/s, the median of {RUNS} runs",
        rates[RUNS / 2]
    ));
}
