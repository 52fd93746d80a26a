//! `splitbrain`: runs scenarios, searches for runs that break a promise, explores every order, formats, exports, lists labs, judges histories.

mod course;
mod explore;
mod explored;
mod export;
mod judge;
mod labs;
mod progress;
mod report;
mod run;
mod search;
mod space;
mod text;
mod trace;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Distributed systems, played and judged.
///
/// The exit status is 0 where everything holds, 1 where something does not, and 2 where a file, a scenario or an option is
/// wrong.
#[derive(Parser)]
#[command(name = "splitbrain", version, about)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Plays scenarios and checks what they expect. Succeeds only where everything holds.
    Run(run::Options),
    /// Writes scenarios in their canonical form.
    Fmt {
        /// Only says which files would change; fails if one would.
        #[arg(long)]
        check: bool,
        /// Scenarios, folders of them, or - for the standard input.
        #[arg(required = true)]
        files: Vec<PathBuf>,
    },
    /// Lists the labs, or everything about one.
    Labs {
        /// Which lab.
        id: Option<String>,
        /// For programs.
        #[arg(long)]
        json: bool,
    },
    /// Prints a run, one record a line. Succeeds only where everything holds.
    Trace {
        /// The scenario, or - for the standard input.
        file: PathBuf,
        /// Another seed than the text says.
        #[arg(long)]
        seed: Option<u64>,
    },
    /// Writes a run in the format of another tool. Succeeds only where everything holds.
    #[command(after_help = export::formats())]
    Export {
        /// The format.
        format: String,
        /// The scenario, or - for the standard input.
        file: PathBuf,
        /// Another seed than the text says.
        #[arg(long)]
        seed: Option<u64>,
        /// Where to write it, instead of the standard output.
        #[arg(long, value_name = "FILE")]
        out: Option<PathBuf>,
    },
    /// Looks for runs that break a promise, over many seeds. Succeeds only where none does.
    Search(search::Options),
    /// Tries every order of what could happen, within bounds. Succeeds only where no promise is broken.
    ///
    /// Every message may be the next one to arrive, and every timer the next one to fire; nodes crash and messages are lost or
    /// doubled as often as is said. Each state is looked at once. The report says what was left out.
    Explore(explore::Options),
    /// Puts the reports of the parts of a search together. Succeeds only where no promise was broken.
    Merge {
        /// Reports in JSON.
        #[arg(required = true)]
        reports: Vec<PathBuf>,
        /// For programs.
        #[arg(long)]
        json: bool,
    },
    /// Judges histories of other systems: what their clients called, and what they were told.
    ///
    /// The first line is the verdict. The exit status is 0 where every history is what was asked for, 1 where one is not, and 2
    /// where it cannot be said: the budget was spent, or a file is wrong.
    Judge(judge::Options),
}

fn main() -> ExitCode {
    let done = match Arguments::parse().command {
        Command::Judge(options) => return judge::judge(&options),
        Command::Run(options) => run::run(&options),
        Command::Fmt { check, files } => text::format_all(&files, check),
        Command::Labs { id, json } => labs::list(id.as_deref(), json),
        Command::Trace { file, seed } => trace::trace(&file, seed),
        Command::Search(options) => search::search(&options),
        Command::Explore(options) => explore::explore(&options),
        Command::Merge { reports, json } => search::merge(&reports, json),
        Command::Export { format, file, seed, out } => export::export(&format, &file, seed, out.as_deref()),
    };
    match done {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(message) => {
            eprintln!("{message}");
            ExitCode::from(2)
        }
    }
}
