//! How long the judge of linearizability takes, as medians over many runs.
//!
//! `cargo run --release -p splitbrain-scenarios --example judge` measures histories that it makes from seeds;
//! `… --example judge -- write FOLDER` writes them, for other judges; `… --example judge -- MODEL FILE…` measures files.
//! What is measured is the judging alone, from a history that is read to its verdict.
//!
//! The same in WebAssembly, under Node:
//!
//! ```text
//! cargo build --release --target wasm32-unknown-unknown -p splitbrain-scenarios --example judge
//! wasm-bindgen --target nodejs --out-dir target/figures target/wasm32-unknown-unknown/release/examples/judge.wasm
//! node target/figures/judge.js
//! ```

use splitbrain_core::judge::{Case, Linearizer, Verdict};
use splitbrain_scenarios::history::{Fail, Model, Options, pair, read};

mod generate;
#[path = "../../benches/machine/mod.rs"]
mod machine;
mod outside;

use generate::{Recipe, generate};
use machine::{now, say};
use outside::{arguments, read_file, write_file};

const RUNS: usize = 101;
/// For so many milliseconds before them it runs and does not count: V8 compiles what runs often once more, and better.
const BEFORE: f64 = 1_000.0;

fn recipes() -> Vec<(&'static str, Recipe, bool)> {
    let make = |clients, keys, calls, broken| Recipe { seed: 1, clients, keys, calls, broken };
    vec![
        ("10 clients, 10 keys", make(10, 10, 337, false), true),
        ("50 clients, 50 keys", make(50, 50, 2_200, false), true),
        ("50 clients, 50 keys, broken", make(50, 50, 2_200, true), true),
        ("50 clients, 10 keys", make(50, 10, 2_200, false), true),
        ("50 clients, 10 keys, broken", make(50, 10, 2_200, true), true),
        ("10 clients, 10 keys, as one", make(10, 10, 337, false), false),
        ("50 clients, 50 keys, as one", make(50, 50, 2_200, false), false),
    ]
}

fn case(text: &str, model: Model) -> Case {
    let options = Options { model, init: None, fail: Fail::Executed };
    let calls = read(text).and_then(|events| pair(text, &events));
    let subject = calls.and_then(|calls| options.case(text, &calls));
    subject.unwrap_or_else(|wrong| panic!("{wrong}")).case
}

fn measure(name: &str, case: &Case, partition: bool) {
    let mut times: Vec<f64> = Vec::new();
    let mut said = "unknown";
    let mut configurations = 0;
    let begun = now();
    while times.len() < RUNS && now() - begun < 20_000.0 {
        let start = now();
        let mut judge = Linearizer::new(case, partition);
        let verdict = judge.advance(case, 20_000_000);
        if start - begun > BEFORE || times.is_empty() {
            times.push(now() - start);
        }
        configurations = judge.configurations();
        said = match verdict {
            Some(Verdict::Holds(_)) => "linearizable",
            Some(Verdict::Violated(_)) => "not linearizable",
            _ => "unknown",
        };
    }
    times.sort_by(f64::total_cmp);
    let milliseconds = times[times.len() / 2];
    say(&format!("{name:<32} {said:<18} {configurations:>9} configurations {milliseconds:>9.3} ms"));
}

fn main() {
    let arguments = arguments();
    match arguments.split_first() {
        None => {
            for (name, recipe, partition) in recipes() {
                measure(name, &case(&generate(recipe), Model::Kv), partition);
            }
        }
        Some((first, rest)) if first == "write" => {
            for (name, recipe, _) in recipes() {
                let folder = rest.first().map_or(".", String::as_str);
                let path = format!("{folder}/{}.edn", name.replace(", ", "-").replace(' ', "-"));
                write_file(&path, &generate(recipe));
            }
        }
        Some((first, rest)) => {
            let model = Model::ALL.into_iter().find(|model| model.name() == first).expect("a model");
            for file in rest {
                let case = case(&read_file(file), model);
                for partition in [true, false] {
                    measure(&format!("{file}{}", if partition { "" } else { ", as one" }), &case, partition);
                }
            }
        }
    }
}
