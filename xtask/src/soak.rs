//! `cargo xtask soak`: many more seeds than the checks take.
//!
//! Half of the time goes to the labs (random faults; flaws break their property first, and without them every promise is
//! kept), half to the canned scenarios (the same story under other draws). A canned scenario may expect what only its own
//! seed shows, such as the value that a race leaves behind: how often it passes is told and is no failure. A crash, a met
//! limit, or a promise that the scenario does not expect to be broken is one.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::arguments::Soaking;
use crate::steps::canned;
use crate::workshop::{Workshop, run, spoken, words};

/// Seeds of the first round of the labs: what `cargo test` takes.
const FIRST_ROUND: u64 = 10_000;
/// Seeds of a scenario in one go.
const BLOCK: u64 = 500;

/// The test of each lab in which every rule is on.
const KEPT: &str = "with_every_rule_on_every_promise_is_kept";

pub(crate) fn soak(workshop: &Workshop, wishes: &Soaking) -> Result<(), String> {
    let half = Duration::from_secs(wishes.minutes * 30);
    if let Some(steps) = wishes.steps {
        println!("\nlabs: at least {steps} steps each");
        let mut test = sweep(workshop, FIRST_ROUND, KEPT);
        listen(test.env("SPLITBRAIN_STEPS", steps.to_string()))?;
    }
    labs(workshop, half)?;
    let files = canned(&workshop.root)?;
    run(&mut workshop.cargo(["build", "--release", "--package", "splitbrain"]))?;
    let program = workshop.target.join("release").join(format!("splitbrain{}", std::env::consts::EXE_SUFFIX));
    let mut tallies: Vec<Tally> = files.into_iter().map(Tally::of).collect();
    let started = Instant::now();
    let mut first = 1;
    while first == 1 || started.elapsed() < half {
        for tally in &mut tallies {
            tally.play(workshop, &program, first)?;
        }
        first += BLOCK;
        println!("scenarios: seeds 1 to {} in {}", first - 1, spoken(started.elapsed()));
    }
    for tally in &tallies {
        println!("{tally}");
    }
    let broken = tallies.iter().filter(|tally| tally.broken.is_some()).count();
    println!("\nscenarios: {} passed, {broken} failed", tallies.len() - broken);
    if broken == 0 { Ok(()) } else { Err("a promise was broken: see above for the seed".into()) }
}

/// Sweeps of the labs, each round over as many seeds as the time that is left allows.
fn labs(workshop: &Workshop, time: Duration) -> Result<(), String> {
    let mut left = time;
    let mut seeds = FIRST_ROUND;
    loop {
        println!("\nlabs: {seeds} seeds each");
        // Building is no part of the round.
        run(sweep(workshop, seeds, "labs::").arg("--no-run"))?;
        let begun = Instant::now();
        listen(&mut sweep(workshop, seeds, "labs::"))?;
        let took = begun.elapsed();
        println!("labs: {seeds} seeds in {}", spoken(took));
        left = left.saturating_sub(took);
        match next_round(seeds, took, left) {
            Some(more) => seeds = more,
            None => return Ok(()),
        }
    }
}

/// Tests of the labs. How many seeds and steps they take is settled when they are built.
fn sweep(workshop: &Workshop, seeds: u64, tests: &str) -> Command {
    let mut test = workshop.cargo(["test", "--release", "--package", "splitbrain-core", "--lib", tests]);
    test.env("SPLITBRAIN_SEEDS", seeds.to_string());
    test
}

/// Runs tests of the labs, and shows what each lab says of its steps.
fn listen(test: &mut Command) -> Result<(), String> {
    println!("$ {}", words(test));
    let mut running = test
        .args(["--", "--nocapture"])
        .stdout(Stdio::piped())
        .spawn()
        .map_err(|error| format!("`{}` cannot be run: {error}", words(test)))?;
    for line in running.stdout.take().into_iter().flat_map(|out| BufReader::new(out).lines()) {
        let line = line.map_err(|error| format!("`{}` is not understood: {error}", words(test)))?;
        if let Some(steps) = steps_of(&line) {
            println!("{steps}");
        }
    }
    let status = running.wait().map_err(|error| format!("`{}` never ended: {error}", words(test)))?;
    if status.success() { Ok(()) } else { Err(format!("`{}` failed ({status})", words(test))) }
}

/// What a sweep says of the steps that it took: `lab raft: 1,234,567 steps, 1,000 seeds, every promise kept`. The harness may
/// have begun the line.
fn steps_of(line: &str) -> Option<&str> {
    line.find("lab ").map(|begin| &line[begin..]).filter(|rest| rest.contains(" steps, "))
}

/// How many seeds fit into what is left; nothing where a longer round than the last one would not.
fn next_round(seeds: u64, took: Duration, left: Duration) -> Option<u64> {
    let fit = left.as_secs_f64() / took.as_secs_f64().max(0.001) * seeds as f64 * 0.8;
    // Rounds begin at the same seed: one that is hardly longer than the last teaches nothing.
    (fit >= seeds as f64 * 2.0).then_some(fit as u64)
}

/// What came of one scenario.
struct Tally {
    file: PathBuf,
    passed: u64,
    failed: u64,
    broken: Option<String>,
}

impl std::fmt::Display for Tally {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let all = self.passed + self.failed;
        write!(f, "{}: {} of {all} seeds passed", self.file.display(), self.passed)?;
        self.broken.iter().try_for_each(|broken| write!(f, "\n  FAILED {broken}"))
    }
}

impl Tally {
    fn of(file: PathBuf) -> Self {
        Self { file, passed: 0, failed: 0, broken: None }
    }

    /// Plays a block of seeds at once, and where some failed each by itself: only so every complaint is heard.
    fn play(&mut self, workshop: &Workshop, program: &Path, first: u64) -> Result<(), String> {
        let last = first + BLOCK - 1;
        let said = self.ask(workshop, program, first, last)?;
        self.passed += said["passed"].as_u64().unwrap_or(0);
        let failed = said["failed"].as_u64().unwrap_or(0);
        self.failed += failed;
        if failed > 0 && self.broken.is_none() {
            for seed in first..=last {
                let said = self.ask(workshop, program, seed, seed)?;
                self.hear(&said);
            }
        }
        Ok(())
    }

    /// What `splitbrain run --json` says of these seeds; nothing at all where it crashes, which is kept as a failure.
    fn ask(&mut self, workshop: &Workshop, program: &Path, first: u64, last: u64) -> Result<Value, String> {
        let mut command = Command::new(program);
        command.current_dir(&workshop.root).args(["run", "--json", "--seeds"]);
        command.arg(format!("{first}..{last}")).arg(&self.file);
        let done = command.stdin(Stdio::null()).stderr(Stdio::inherit()).output();
        let done = done.map_err(|error| format!("`{}` cannot be run: {error}", words(&command)))?;
        let said = serde_json::from_slice(&done.stdout);
        Ok(said.unwrap_or_else(|_| {
            self.broken.get_or_insert_with(|| format!("`{}` ended with {}", words(&command), done.status));
            Value::Null
        }))
    }

    /// Keeps the first complaint that is a failure.
    fn hear(&mut self, said: &Value) {
        let complaints = said["failing"]["complaints"].as_array().into_iter().flatten();
        // What no line of the text asked for: the rule that holds in every scenario, or a limit.
        let unasked =
            complaints.filter(|complaint| complaint["line"].is_null()).filter_map(|c| c["words"].as_str());
        for words in unasked {
            self.broken.get_or_insert_with(|| format!("seed {}: {words}", said["failing"]["seed"]));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn rounds_grow_while_there_is_time() {
        let seconds = Duration::from_secs;
        assert_eq!(next_round(10_000, seconds(10), seconds(100)), Some(80_000));
        assert_eq!(next_round(10_000, seconds(10), seconds(20)), None);
        assert_eq!(next_round(10_000, seconds(10), Duration::ZERO), None);
    }

    #[test]
    fn what_a_lab_says_of_its_steps_is_heard() {
        let said = "lab raft: 1,234,567 steps, 1,000 seeds, every promise kept";
        assert_eq!(steps_of(said), Some(said));
        assert_eq!(steps_of(&format!("test labs::raft::tests::kept ... {said}")), Some(said));
        assert_eq!(steps_of("raft: linearizability was promised to the end of 936 of 1000 seeds"), None);
    }

    #[test]
    fn a_line_that_only_its_own_seed_fulfils_is_no_failure_but_a_broken_promise_is() {
        let mut tally = Tally::of(PathBuf::from("a.scn"));
        let failing = |line: Value| json!({ "failing": { "seed": 4, "complaints": [{ "line": line, "words": "it is 2" }] } });
        tally.hear(&failing(json!(15)));
        assert_eq!(tally.broken, None);
        tally.hear(&failing(Value::Null));
        assert_eq!(tally.broken.as_deref(), Some("seed 4: it is 2"));
    }
}
