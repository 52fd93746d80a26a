//! `splitbrain trace`: a run as text, one record a line.

use std::io::{BufWriter, Write, stdout};
use std::path::Path;

use splitbrain_core::lab::Run;
use splitbrain_core::trace::Record;
use splitbrain_scenarios::run::play;
use splitbrain_scenarios::tell;

use crate::run::complain;
use crate::text::Source;

pub(crate) fn trace(file: &Path, seed: Option<u64>) -> Result<bool, String> {
    let mut plan = Source::of(file).plan()?;
    plan.setup.seed = seed.unwrap_or(plan.setup.seed);
    let mut out = BufWriter::new(stdout().lock());
    let mut result = Ok(());
    let report = play(&plan, |run, record| {
        if result.is_ok() {
            result = writeln!(out, "{}", line(run, record));
        }
    })
    .map_err(|refusal| refusal.message)?;
    let written = result.and_then(|()| out.flush());
    complain(&report);
    match written {
        // Whoever reads has enough: `splitbrain trace … | head`.
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Ok(report.passed),
        Err(error) => Err(format!("the trace cannot be written: {error}")),
        Ok(()) => Ok(report.passed),
    }
}

/// `17 0.131 s deliver write c1 -> store: store applied; sends written to c1`
fn line(run: &dyn Run, record: &Record) -> String {
    format!("{:>5} {:<12} {}", record.number, record.time.to_string(), tell::told(run, record))
}
