//! `splitbrain judge`: verdicts on histories of other systems.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser as _};
use splitbrain_core::judge::{Linearizer, Verdict};
use splitbrain_scenarios::history::{self, Fail, Form, Model, Subject};

use crate::text::{self, Source};

#[derive(Args)]
pub(crate) struct Options {
    /// What the history is compared with.
    #[arg(long, value_parser = PossibleValuesParser::new(Model::ALL.map(Model::name)).map(|name| model(&name)))]
    model: Model,
    /// What the objects hold at first, in EDN: a value for all (`0`, `nil`) or a map of some (`{x 0, y 0}`).
    #[arg(long, value_name = "EDN", value_parser = init, allow_hyphen_values = true)]
    init: Option<Form>,
    /// What `:fail` means: that an operation was not done, or that it was done and refused (a compare-and-set that found
    /// another value).
    #[arg(long, default_value = "absent", value_parser = PossibleValuesParser::new(["executed", "absent"]).map(|name| fail(&name)))]
    fail: Fail,
    /// Judges all keys as one. The verdict is the same, and takes longer.
    #[arg(long)]
    no_partition: bool,
    /// Configurations to look at, before a history is given up.
    #[arg(long, value_name = "N", default_value_t = 20_000_000)]
    budget: usize,
    /// Histories, or - for the standard input.
    #[arg(required = true)]
    files: Vec<PathBuf>,
}

fn model(name: &str) -> Model {
    Model::ALL.into_iter().find(|model| model.name() == name).unwrap_or(Model::Register)
}

fn fail(name: &str) -> Fail {
    if name == "executed" { Fail::Executed } else { Fail::Absent }
}

fn init(text: &str) -> Result<Form, String> {
    history::value(text).map_err(|wrong| wrong.message)
}

pub(crate) fn judge(options: &Options) -> ExitCode {
    let mut status = 0;
    let mut broken = Vec::new();
    for path in &options.files {
        match one(options, &Source::of(path)) {
            Ok(code) => status = status.max(code),
            Err(message) => {
                status = 2;
                broken.push(message);
            }
        }
    }
    if !broken.is_empty() {
        eprintln!("{}", broken.join("\n\n"));
    }
    ExitCode::from(status)
}

fn one(options: &Options, source: &Source) -> Result<u8, String> {
    let text = source.read()?;
    let name = source.to_string();
    let broken = |wrong| text::rendered(&name, &text, &wrong);
    let events = history::read(&text).map_err(broken)?;
    let calls = history::pair(&text, &events).map_err(broken)?;
    let reading = history::Options { model: options.model, init: options.init.clone(), fail: options.fail };
    let subject = reading.case(&text, &calls).map_err(broken)?;
    let verdict = decide(options, &subject);
    let (line, status) = match &verdict {
        Verdict::Holds(_) => ("linearizable", 0),
        Verdict::Violated(_) => ("not linearizable", 1),
        Verdict::Unknown(_) => ("unknown", 2),
    };
    text::say(line)?;
    if let Verdict::Violated(reason) = &verdict {
        text::say(format!("{reason:?}"))?;
    }
    Ok(status)
}

fn decide(options: &Options, subject: &Subject) -> Verdict {
    let mut judge = Linearizer::new(&subject.case, !options.no_partition);
    let verdict = judge.advance(&subject.case, options.budget);
    verdict.unwrap_or_else(|| {
        Verdict::Unknown(format!("the budget of {} configurations was spent", options.budget))
    })
}
