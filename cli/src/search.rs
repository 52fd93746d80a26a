//! `splitbrain search`: looks for runs that break a promise, over many seeds and on many threads, and makes their texts short.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;

use clap::Args;
use splitbrain_scenarios::search::{BLOCK, Base, Finding, Hunt, Matters, Shrink};
use splitbrain_scenarios::template;

use crate::labs;
use crate::progress::Progress;
use crate::report::{Found, Report};
use crate::text::{Source, sentences, with_flaws};

#[derive(Args)]
pub(crate) struct Options {
    /// The scenario whose set-up and requests are searched, or - for the standard input. Its own faults are left out.
    #[arg(required_unless_present = "lab", conflicts_with = "lab")]
    file: Option<PathBuf>,
    /// A lab, instead of a scenario: its first scenario to begin with.
    #[arg(long, value_name = "ID")]
    lab: Option<String>,
    /// A rule that is switched off, beside those that the scenario switches off.
    #[arg(long, value_name = "ID")]
    flaw: Vec<String>,
    /// The seeds that are tried, both ends included.
    #[arg(long, value_name = "A..B", value_parser = crate::run::seeds, default_value = "1..16000")]
    seeds: (u64, u64),
    /// How many threads try at once; as many as there are processors, unless said.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..=256))]
    jobs: Option<u64>,
    /// Tries one part of the seeds only, such as 2/8: the second of eight. `splitbrain merge` puts the reports together.
    #[arg(long, value_name = "I/N", value_parser = shard, default_value = "1/1")]
    shard: (u64, u64),
    /// Stops at the first seed that breaks a promise.
    #[arg(long)]
    first: bool,
    /// Leaves what is found as long as it is.
    #[arg(long)]
    long: bool,
    /// For programs: a report in JSON.
    #[arg(long)]
    json: bool,
    /// Where the report is written, instead of the standard output.
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

fn shard(text: &str) -> Result<(u64, u64), String> {
    let wrong = || format!("`{text}` is no part of the seeds: write the second of eight as 2/8");
    let (part, of) = text.split_once('/').ok_or_else(wrong)?;
    let (part, of) = (part.parse().map_err(|_| wrong())?, of.parse().map_err(|_| wrong())?);
    if part == 0 || part > of {
        Err(format!("there is no part {part} of {of}: they are counted from 1"))
    } else {
        Ok((part, of))
    }
}

/// Tries the seeds, and says what was found. True where every promise was kept.
pub(crate) fn search(options: &Options) -> Result<bool, String> {
    let base = base(options)?;
    let tally = try_all(&base, options);
    let mut report = Report::new(&base, options.seeds, options.shard);
    (report.tries, report.steps) = (tally.tries, tally.steps);
    for (finding, count) in tally.found.into_values() {
        let (finding, matters) =
            if options.long { (finding, Vec::new()) } else { shortened(&finding, &base) };
        report.found.push(Found::new(&finding, count, matters));
    }
    report.write(options.json, options.out.as_deref())?;
    Ok(report.found.is_empty())
}

fn base(options: &Options) -> Result<Base, String> {
    let text = match &options.file {
        Some(file) => {
            let source = Source::of(file);
            let text = source.read()?;
            source.check(&text).map_err(String::from)?;
            text
        }
        None => template(labs::find(options.lab.as_deref().unwrap_or_default())?),
    };
    Base::of(&with_flaws(text, &options.flaw)).map_err(|wrong| sentences(&wrong))
}

/// What all threads have found together: by promise, the finding of the lowest seed, and how many seeds broke it.
#[derive(Default)]
struct Tally {
    tries: u64,
    steps: u64,
    found: BTreeMap<(&'static str, bool), (Finding, u64)>,
}

impl Tally {
    fn take(&mut self, finding: Finding) {
        let key = (finding.broken.property, finding.broken.late);
        let known = self.found.entry(key).or_insert_with(|| (finding.clone(), 0));
        known.1 += 1;
        if finding.seed < known.0.seed {
            known.0 = finding;
        }
    }
}

/// Tries every block of this part. Which thread takes which does not matter.
fn try_all(base: &Base, options: &Options) -> Tally {
    let ((first, last), (part, of)) = (options.seeds, options.shard);
    let blocks: Vec<u64> = (first / BLOCK..=last / BLOCK).filter(|block| block % of == part - 1).collect();
    let jobs = options
        .jobs
        .map_or_else(|| thread::available_parallelism().map_or(1, usize::from), |jobs| jobs as usize);
    let (next, tally) = (AtomicU64::new(0), Mutex::new(Tally::default()));
    let progress = Mutex::new(Progress::new(blocks.len() as u64 * BLOCK));
    // The lowest seed that was found: with `--first` nobody looks beyond it.
    let lowest = AtomicU64::new(u64::MAX);
    let work = || {
        while let Some(block) = blocks.get(next.fetch_add(1, Ordering::Relaxed) as usize) {
            let (from, to) = ((block * BLOCK).max(first), (block * BLOCK + BLOCK - 1).min(last));
            let mut hunt = Hunt::new(base.clone(), from, to);
            while !hunt.is_over() && (!options.first || hunt.next() < lowest.load(Ordering::Relaxed)) {
                let before = hunt.count();
                let finding = hunt.attempt();
                let after = hunt.count();
                if let Some(finding) = &finding {
                    lowest.fetch_min(finding.seed, Ordering::Relaxed);
                }
                let mut tally = tally.lock().unwrap_or_else(PoisonError::into_inner);
                tally.tries += after.0 - before.0;
                tally.steps += after.1 - before.1;
                let (tries, steps) = (tally.tries, after.1);
                finding.into_iter().for_each(|finding| tally.take(finding));
                drop(tally);
                progress.lock().unwrap_or_else(PoisonError::into_inner).at(tries, steps as u32);
            }
        }
    };
    thread::scope(|scope| {
        (0..jobs.max(1)).for_each(|_| {
            scope.spawn(work);
        });
    });
    progress.into_inner().unwrap_or_else(PoisonError::into_inner).done();
    let mut tally = tally.into_inner().unwrap_or_else(PoisonError::into_inner);
    if options.first {
        // A thread may have gone on beyond the lowest seed before that was known.
        let lowest = lowest.into_inner();
        tally.found.retain(|_, (finding, _)| finding.seed == lowest);
    }
    tally
}

/// The finding as short as it can be made, and which of its lines it hangs on.
fn shortened(finding: &Finding, base: &Base) -> (Finding, Vec<(u32, bool)>) {
    let mut shrink = Shrink::new(finding, base);
    while !shrink.is_over() {
        shrink.advance(1);
    }
    let short = shrink.finding(finding.seed);
    let mut matters = Matters::new(&short, base);
    while !matters.is_over() {
        matters.advance();
    }
    let known = matters.known().to_vec();
    (short, known)
}

/// Puts the reports of the parts of one search together.
pub(crate) fn merge(files: &[PathBuf], json: bool) -> Result<bool, String> {
    let mut all: Option<Report> = None;
    for file in files {
        let text = Source::of(file).read()?;
        let report = Report::read(&text).map_err(|wrong| format!("{}: {wrong}", file.display()))?;
        all = Some(match all {
            None => report,
            Some(all) => all.and(report).map_err(|wrong| format!("{}: {wrong}", file.display()))?,
        });
    }
    let all = all.ok_or("there is no report to merge")?;
    let missing = all.missing();
    if !missing.is_empty() {
        let parts: Vec<String> = missing.iter().map(|part| format!("{part}/{}", all.shards)).collect();
        return Err(format!("some parts are missing: {}", parts.join(", ")));
    }
    all.write(json, None)?;
    Ok(all.found.is_empty())
}
