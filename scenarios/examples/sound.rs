//! Searches every lab with all rules on, for so many minutes each: its template and its canned scenarios without their flaws. Nothing
//! is to be found; whatever is found is a mistake of the lab, or of what it promises, and is told as a scenario.
//!
//! ```text
//! cargo run --release -p splitbrain-scenarios --example sound            # a minute for each lab
//! cargo run --release -p splitbrain-scenarios --example sound 10         # ten minutes
//! cargo run --release -p splitbrain-scenarios --example sound 10 raft    # ten minutes for Raft
//! ```
//!
//! The clock says when to stop, and nothing else: each scenario is searched block by block, from seed 0 on.

use std::process::ExitCode;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use splitbrain_core::lab::LabInfo;
use splitbrain_core::labs;
use splitbrain_scenarios::search::{BLOCK, Base, Finding, Hunt, Shrink};
use splitbrain_scenarios::{catalog, template};

/// Searches at once.
const JOBS: usize = 2;

/// A scenario that is searched.
struct Place {
    name: String,
    base: Base,
    /// Whether something was found there: once is enough.
    is_done: AtomicBool,
}

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let minutes = args.first().map_or(Some(1), |word| word.parse().ok());
    let Some(minutes) = minutes else {
        eprintln!("how many minutes? `sound 10`, or `sound 10 raft` for one lab");
        return ExitCode::from(2);
    };
    let filter = args.get(1).map_or("", String::as_str);
    let mut found = 0;
    for lab in labs::catalog().iter().filter(|lab| lab.id.contains(filter)) {
        found += search(lab, Duration::from_secs(60 * minutes));
    }
    if found == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// What is searched of a lab.
fn places(lab: &'static LabInfo) -> Vec<Place> {
    let canned = catalog::shelves().flat_map(|shelf| shelf.scenarios).filter(|canned| canned.lab == lab.id);
    let without = |text: &str| {
        let rules: Vec<&str> = text.lines().filter(|line| !line.starts_with("flaw")).collect();
        rules.join("\n")
    };
    let texts = canned.map(|canned| (canned.name.to_owned(), without(canned.text)));
    [("template".to_owned(), template(lab))]
        .into_iter()
        .chain(texts)
        .map(|(name, text)| {
            let base = Base::of(&text).unwrap_or_else(|wrong| panic!("{}/{name}: {wrong:?}", lab.id));
            Place { name, base, is_done: AtomicBool::new(false) }
        })
        .collect()
}

/// Searches a lab. Gives in how many of its scenarios something was found.
fn search(lab: &'static LabInfo, time: Duration) -> usize {
    let places = places(lab);
    let (next, tries, steps) = (AtomicUsize::new(0), AtomicU64::new(0), AtomicU64::new(0));
    let told = Mutex::new(Vec::new());
    let begun = Instant::now();
    thread::scope(|scope| {
        for _ in 0..JOBS {
            scope.spawn(|| {
                while begun.elapsed() < time
                    && !places.iter().all(|place| place.is_done.load(Ordering::Relaxed))
                {
                    let turn = next.fetch_add(1, Ordering::Relaxed);
                    let place = &places[turn % places.len()];
                    if place.is_done.load(Ordering::Relaxed) {
                        continue;
                    }
                    let first = (turn / places.len()) as u64 * BLOCK;
                    let mut hunt = Hunt::new(place.base.clone(), first, first + BLOCK - 1);
                    let mut finding = None;
                    while finding.is_none() && !hunt.is_over() && begun.elapsed() < time {
                        finding = hunt.attempt();
                    }
                    tries.fetch_add(hunt.count().0, Ordering::Relaxed);
                    steps.fetch_add(hunt.count().1, Ordering::Relaxed);
                    if let Some(finding) = finding
                        && !place.is_done.swap(true, Ordering::Relaxed)
                    {
                        let words = tell(lab, place, &finding);
                        told.lock().unwrap_or_else(PoisonError::into_inner).push(words);
                    }
                }
            });
        }
    });
    let mut told = told.into_inner().unwrap_or_else(PoisonError::into_inner);
    told.sort_unstable();
    told.iter().for_each(|words| println!("{words}"));
    let (tries, steps) = (tries.into_inner(), steps.into_inner());
    println!(
        "lab {}: {} scenarios, {tries} tries, {steps} steps in {} s: {} with a finding",
        lab.id,
        places.len(),
        begun.elapsed().as_secs(),
        told.len()
    );
    told.len()
}

/// A finding, made short.
fn tell(lab: &LabInfo, place: &Place, finding: &Finding) -> String {
    let mut shrink = Shrink::new(finding, &place.base);
    while !shrink.is_over() {
        shrink.advance(100);
    }
    let short = shrink.finding(finding.seed);
    let Finding { seed, broken, text } = &short;
    format!("{}/{}: {} is {}, seed {seed}\n{text}", lab.id, place.name, broken.property, broken.word())
}
