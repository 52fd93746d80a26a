//! Measures how soon a search finds each flaw of each lab, and how short it makes what it finds: from the first canned scenario that
//! shows the flaw, without its faults. Steps are counted, not time: they are the same on every machine.
//!
//! ```text
//! cargo run --release -p splitbrain-scenarios --example flaws             # every flaw, from three seeds
//! cargo run --release -p splitbrain-scenarios --example flaws raft/ 8     # those of Raft, from eight
//! ```

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use splitbrain_scenarios::catalog::{self, Canned};
use splitbrain_scenarios::search::{BLOCK, Base, Finding, Hunt, LANES, Shrink};
use splitbrain_scenarios::{lex, load};

/// A search goes on for so many steps, then it has failed.
const STEPS: u64 = 11_000_000;
/// As many blocks lie between the seeds from which searches begin.
const APART: u64 = 1_000;
/// Searches at once.
const JOBS: usize = 2;

/// What became of one search.
struct Row {
    tries: u64,
    steps: u64,
    shown: Option<Shown>,
}

/// What was found, made short.
struct Shown {
    property: &'static str,
    late: bool,
    lines: usize,
    long: usize,
    tries: u32,
    steps: u64,
    text: String,
}

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let filter = args.first().map_or("", String::as_str);
    let starts = args.get(1).and_then(|word| word.parse().ok()).unwrap_or(3);
    measure(filter, starts, args.get(2).is_some());
}

/// By lab and flaw, the first canned scenario that breaks what the flaw breaks.
fn flaws() -> BTreeMap<String, &'static Canned> {
    let mut out = BTreeMap::new();
    for canned in catalog::shelves().flat_map(|shelf| shelf.scenarios) {
        let Some(plan) = load(canned.text).plan else { continue };
        for flaw in &plan.setup.flaws {
            let info = plan.setup.lab.flaws.iter().find(|info| info.id == *flaw).expect("it is known");
            let says = |line: &str| line.starts_with("expect") && line.contains(info.breaks);
            if canned.text.lines().any(says) {
                out.entry(format!("{}/{flaw}", canned.lab)).or_insert(canned);
            }
        }
    }
    out
}

/// Does each task once, on a few threads, and gives what came of them in their order.
fn all<T: Send>(count: usize, task: impl Fn(usize) -> T + Sync) -> Vec<T> {
    let (next, done) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    thread::scope(|scope| {
        for _ in 0..JOBS {
            scope.spawn(|| {
                loop {
                    let place = next.fetch_add(1, Ordering::Relaxed);
                    if place >= count {
                        return;
                    }
                    let result = task(place);
                    done.lock().expect("nobody panics").push((place, result));
                }
            });
        }
    });
    let mut done = done.into_inner().expect("nobody panics");
    done.sort_by_key(|(place, _)| *place);
    done.into_iter().map(|(_, result)| result).collect()
}

fn measure(filter: &str, starts: u64, texts: bool) {
    for lab in splitbrain_core::labs::catalog() {
        for flaw in lab.flaws {
            let name = format!("{}/{}", lab.id, flaw.id);
            if !flaws().contains_key(&name) {
                println!("{name}: no canned scenario shows it");
            }
        }
    }
    let flaws: Vec<_> =
        flaws().into_iter().filter(|(name, _)| filter.split(',').any(|part| name.contains(part))).collect();
    println!(
        "| flaw | scenario | found | steps, thousands: median, worst | tries | lines | thousands of steps to make it short |"
    );
    println!("|---|---|---|---|---|---|---|");
    let bases: Vec<Base> = all(flaws.len(), |place| Base::of(flaws[place].1.text).expect("it is right"));
    let starts = starts as usize;
    let rows = all(flaws.len() * starts, |place| search(&bases[place / starts], (place % starts) as u64));
    for ((name, canned), rows) in flaws.iter().zip(rows.chunks(starts)) {
        tell(name, canned, rows, texts);
    }
}

/// A search as the page makes it: blocks side by side, each as far as another one has found nothing sooner. Steps are those of all.
fn search(base: &Base, start: u64) -> Row {
    let (mut tries, mut steps, mut found) = (0, 0, None);
    // The next ones have their turn when these have found nothing.
    for round in 0.. {
        for lane in 0..LANES {
            let block = start * APART + round * LANES + lane;
            let first = (block * BLOCK).max(1);
            let before = |(offset, _): &(u64, Finding)| block * BLOCK + offset;
            let last = found.as_ref().map_or((block + 1) * BLOCK, before) - 1;
            let mut hunt = Hunt::new(base.clone(), first, last);
            while !hunt.is_over() && steps + hunt.count().1 < STEPS {
                if let Some(finding) = hunt.attempt() {
                    found = Some((finding.seed % BLOCK, finding));
                    break;
                }
            }
            tries += hunt.count().0;
            steps += hunt.count().1;
        }
        if found.is_some() || steps >= STEPS {
            break;
        }
    }
    Row { tries, steps, shown: found.map(|(_, finding)| short(&finding, base)) }
}

fn short(finding: &Finding, base: &Base) -> Shown {
    let lines = |text: &str| lex(text).iter().filter(|line| !line.tokens.is_empty()).count();
    let mut shrink = Shrink::new(finding, base);
    while !shrink.is_over() {
        shrink.advance(10);
    }
    let text = shrink.finding(finding.seed).text;
    Shown {
        property: finding.broken.property,
        late: finding.broken.late,
        lines: lines(&text),
        long: lines(&finding.text),
        tries: shrink.tries(),
        steps: shrink.steps(),
        text,
    }
}

fn tell(name: &str, canned: &Canned, rows: &[Row], texts: bool) {
    let list = |numbers: &mut dyn Iterator<Item = u64>| {
        let words: Vec<String> = numbers.map(|number| number.to_string()).collect();
        words.join(" ")
    };
    let mut steps: Vec<u64> = rows.iter().map(|row| row.steps / 1_000).collect();
    steps.sort_unstable();
    let found: Vec<&Shown> = rows.iter().filter_map(|row| row.shown.as_ref()).collect();
    let mut broken: Vec<String> = found
        .iter()
        .map(|shown| format!("{}{}", shown.property, if shown.late { " late" } else { "" }))
        .collect();
    broken.sort_unstable();
    broken.dedup();
    println!(
        "| {name} | {} | {}/{}: {} | {}, {} | {} | {} (of {}) | {} ({} tries) |",
        canned.name,
        found.len(),
        rows.len(),
        broken.join(", "),
        steps[steps.len() / 2],
        steps[steps.len() - 1],
        list(&mut rows.iter().map(|row| row.tries)),
        list(&mut found.iter().map(|shown| shown.lines as u64)),
        list(&mut found.iter().map(|shown| shown.long as u64)),
        list(&mut found.iter().map(|shown| shown.steps / 1_000)),
        list(&mut found.iter().map(|shown| u64::from(shown.tries))),
    );
    if texts {
        found.iter().for_each(|shown| println!("{}\n", shown.text));
    }
}
