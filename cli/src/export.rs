//! `splitbrain export`: a run in the format of another tool.

use std::fs;
use std::io::{ErrorKind, Write as _, stdout};
use std::path::Path;

use splitbrain_scenarios::export::{self, Format};
use splitbrain_scenarios::run::Session;

use crate::run::complain;
use crate::text::Source;

/// Steps between two looks whether the run is over.
const SLICE: u32 = 1 << 12;

/// The formats, for the help of the command.
pub(crate) fn formats() -> String {
    let lines = Format::ALL.map(|format| format!("  {:<8} {}", format.id(), format.help()));
    format!("Formats:\n{}", lines.join("\n"))
}

pub(crate) fn export(
    format: &str,
    file: &Path,
    seed: Option<u64>,
    out: Option<&Path>,
) -> Result<bool, String> {
    let format = Format::find(format).ok_or_else(|| {
        let all = Format::ALL.map(Format::id);
        format!("there is no format `{format}`: the formats are {}", all.join(", "))
    })?;
    let mut plan = Source::of(file).plan()?;
    plan.setup.seed = seed.unwrap_or(plan.setup.seed);
    let mut session = Session::open(plan).map_err(|refusal| refusal.message)?;
    while !session.advance(SLICE) {}
    let text = export::export(&mut session, format).map_err(|trouble| trouble.to_string())?;
    let Some(report) = session.report() else { return Err("the run has no end".to_owned()) };
    complain(report);
    match out {
        Some(path) => {
            fs::write(path, text)
                .map_err(|error| format!("{} cannot be written: {error}", path.display()))?;
        }
        None => match stdout().lock().write_all(text.as_bytes()) {
            // Whoever reads has enough: `splitbrain export jsonl … | head`.
            Err(error) if error.kind() != ErrorKind::BrokenPipe => {
                return Err(format!("the export cannot be written: {error}"));
            }
            _ => {}
        },
    }
    Ok(report.passed)
}
