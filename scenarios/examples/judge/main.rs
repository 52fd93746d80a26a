//! How long the judge of linearizability takes, as medians over many runs.
//!
//! `cargo run --release -p splitbrain-scenarios --example judge` measures histories that it makes from seeds;
//! `… --example judge -- write FOLDER` writes them, for other judges; `… --example judge -- MODEL FILE…` measures files.
//! What is measured is the judging alone, from a history that is read to its verdict.

use std::time::{Duration, Instant};
use std::{env, fs};

use splitbrain_core::judge::{Case, Linearizer, Verdict};
use splitbrain_scenarios::history::{Fail, Model, Options, pair, read};

mod generate;

use generate::{Recipe, generate};

const RUNS: usize = 101;

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
    let mut times: Vec<Duration> = Vec::new();
    let mut said = "unknown";
    let mut configurations = 0;
    let begun = Instant::now();
    while times.len() < RUNS && begun.elapsed() < Duration::from_secs(20) {
        let start = Instant::now();
        let mut judge = Linearizer::new(case, partition);
        let verdict = judge.advance(case, 20_000_000);
        times.push(start.elapsed());
        configurations = judge.configurations();
        said = match verdict {
            Some(Verdict::Holds(_)) => "linearizable",
            Some(Verdict::Violated(_)) => "not linearizable",
            _ => "unknown",
        };
    }
    times.sort();
    let milliseconds = times[times.len() / 2].as_secs_f64() * 1e3;
    println!("{name:<32} {said:<18} {configurations:>9} configurations {milliseconds:>9.3} ms");
}

fn main() {
    let arguments: Vec<String> = env::args().skip(1).collect();
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
                fs::write(path, generate(recipe)).expect("the folder can be written");
            }
        }
        Some((first, rest)) => {
            let model = Model::ALL.into_iter().find(|model| model.name() == first).expect("a model");
            for file in rest {
                let case = case(&fs::read_to_string(file).expect("a text"), model);
                for partition in [true, false] {
                    measure(&format!("{file}{}", if partition { "" } else { ", as one" }), &case, partition);
                }
            }
        }
    }
}
