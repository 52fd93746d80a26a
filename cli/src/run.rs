//! `splitbrain run`: plays scenarios on one seed or many, and says what held.

use std::path::PathBuf;

use clap::Args;
use serde_json::{Value, json};
use splitbrain_scenarios::Plan;
use splitbrain_scenarios::run::{Ending, Report, play};

use crate::progress::Progress;
use crate::text;

#[derive(Args)]
pub(crate) struct Options {
    /// Scenarios, folders of them, or - for the standard input.
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// Plays every seed from A to B, both included, instead of the one in the text.
    #[arg(long, value_name = "A..B", value_parser = seeds)]
    seeds: Option<(u64, u64)>,
    /// It is enough that so many of the seeds pass.
    #[arg(long, value_name = "N", requires = "seeds", value_parser = clap::value_parser!(u64).range(1..))]
    some: Option<u64>,
    /// For programs: one line of JSON a scenario.
    #[arg(long)]
    json: bool,
}

pub(crate) fn seeds(text: &str) -> Result<(u64, u64), String> {
    let wrong = || format!("`{text}` is not a range of seeds: write it as 1..200");
    let (first, last) = text.split_once("..").ok_or_else(wrong)?;
    let (first, last) = (first.parse().map_err(|_| wrong())?, last.parse().map_err(|_| wrong())?);
    if last < first { Err(format!("`{text}` ends before it begins")) } else { Ok((first, last)) }
}

/// What came of the seeds of one scenario.
#[derive(Default)]
struct Outcome {
    passed: u64,
    failed: u64,
    /// The first seed that failed, and how.
    example: Option<(u64, Report)>,
    last: Option<Report>,
}

pub(crate) fn run(options: &Options) -> Result<bool, String> {
    if let (Some((first, last)), Some(some)) = (options.seeds, options.some)
        && some > (last - first).saturating_add(1)
    {
        return Err(format!("--some {some} can never hold: {first}..{last} has fewer seeds"));
    }
    let mut all_hold = true;
    let mut broken = Vec::new();
    for source in text::sources(&options.files)? {
        let plan = match source.plan() {
            Ok(plan) => plan,
            Err(found) => {
                if options.json {
                    text::say(broken_in_json(&source.to_string(), &found))?;
                }
                broken.push(found.message);
                continue;
            }
        };
        let outcome = play_seeds(&plan, options.seeds)?;
        let holds = match options.some {
            Some(enough) => outcome.passed >= enough,
            None => outcome.failed == 0,
        };
        all_hold &= holds;
        let name = source.to_string();
        if options.json {
            text::say(in_json(&name, &outcome, holds))?;
        } else {
            text::say(in_words(&name, &outcome, holds, options))?;
        }
    }
    if broken.is_empty() { Ok(all_hold) } else { Err(broken.join("\n\n")) }
}

fn play_seeds(plan: &Plan, seeds: Option<(u64, u64)>) -> Result<Outcome, String> {
    /// Steps between two looks at the clock.
    const SLICE: u32 = 1 << 12;
    let (first, last) = seeds.unwrap_or((plan.setup.seed, plan.setup.seed));
    let mut progress = Progress::new((last - first).saturating_add(1));
    let mut plan = plan.clone();
    let mut outcome = Outcome::default();
    for seed in first..=last {
        plan.setup.seed = seed;
        let report = play(&plan, |_, record| {
            if record.number % SLICE == 0 {
                progress.at(seed - first, record.number);
            }
        });
        let report = report.map_err(|refusal| refusal.message)?;
        if report.passed {
            outcome.passed += 1;
        } else {
            outcome.failed += 1;
            outcome.example.get_or_insert_with(|| (seed, report.clone()));
        }
        outcome.last = Some(report);
    }
    progress.done();
    Ok(outcome)
}

fn in_words(name: &str, outcome: &Outcome, holds: bool, options: &Options) -> String {
    let seeds = outcome.passed + outcome.failed;
    let verdict = if holds { "ok" } else { "FAILED" };
    let mut out = match (&options.seeds, &outcome.last) {
        (None, Some(report)) => format!("{verdict:<6} {name}: {} steps, {}", report.steps, report.time),
        _ => format!("{verdict:<6} {name}: {} of {seeds} seeds passed", outcome.passed),
    };
    if let Some((seed, report)) = outcome.example.as_ref().filter(|_| !holds) {
        for (line, words) in complaints(report) {
            let line = line.map_or(String::new(), |line| format!(", line {line}"));
            out += &format!("\n       seed {seed}{line}: {words}");
        }
    }
    out
}

/// Everything that did not hold, with its line.
fn complaints(report: &Report) -> Vec<(Option<u32>, String)> {
    let judged = report.judged.iter().filter(|judged| !judged.passed);
    let mut all: Vec<_> = judged
        .map(|judged| (judged.line, format!("expected {}, but {}", judged.text, judged.words)))
        .collect();
    all.extend(report.failures.iter().map(|failure| (Some(failure.line), failure.words.clone())));
    if let Ending::Limit(words) = &report.ending {
        all.push((None, format!("the run met a limit: {words}")));
    }
    all.sort_by_key(|(line, _)| *line);
    all
}

/// The same for a person who reads something else on the standard output.
pub(crate) fn complain(report: &Report) {
    for (line, words) in complaints(report) {
        let line = line.map_or(String::new(), |line| format!("line {line}: "));
        eprintln!("{line}{words}");
    }
}

fn broken_in_json(name: &str, broken: &text::Broken) -> Value {
    let diagnostics: Vec<_> = broken
        .diagnostics
        .iter()
        .map(|wrong| {
            json!({
                "line": wrong.line,
                "from_byte": wrong.span.start,
                "to_byte": wrong.span.end,
                "message": wrong.message,
                "help": wrong.help,
            })
        })
        .collect();
    let unreadable = diagnostics.is_empty().then_some(&broken.message);
    json!({ "file": name, "holds": false, "diagnostics": diagnostics, "unreadable": unreadable })
}

fn in_json(name: &str, outcome: &Outcome, holds: bool) -> Value {
    let example = outcome.example.as_ref().map(|(seed, report)| {
        let complaints: Vec<_> = complaints(report)
            .into_iter()
            .map(|(line, words)| json!({ "line": line, "words": words }))
            .collect();
        json!({ "seed": seed, "complaints": complaints })
    });
    let last = outcome.last.as_ref().map(|report| {
        json!({
            "steps": report.steps,
            "time_us": report.time.0,
            "first_violation": report.first.as_ref().map(|first| json!({
                "property": first.property, "record": first.record, "time_us": first.time.0, "words": first.words,
            })),
        })
    });
    json!({
        "file": name,
        "holds": holds,
        "passed": outcome.passed,
        "failed": outcome.failed,
        "failing": example,
        "last": last,
    })
}
