//! `splitbrain judge`: verdicts on histories of other systems.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser as _};
use serde_json::{Value, json};
use splitbrain_core::judge::{Consistency, Manner, Verdict, Why};
use splitbrain_scenarios::history::{self, Fail, Form, Judging, Model, Question};

use crate::text::{self, Source};

/// Operations of an order that are printed, from its end, unless all are asked for.
const SHOWN: usize = 10;

#[derive(Args)]
pub(crate) struct Options {
    /// What the history is compared with.
    #[arg(long, value_parser = PossibleValuesParser::new(Model::ALL.map(Model::name)).map(|name| model(&name)))]
    model: Model,
    /// What is asked of the history.
    #[arg(
        long,
        default_value = "linearizable",
        value_parser = PossibleValuesParser::new(Consistency::ALL.map(Consistency::name)).map(|name| consistency(&name))
    )]
    consistency: Consistency,
    /// What the objects hold at first, in EDN: a value for all (`0`, `nil`) or a map of some (`{x 0, y 0}`).
    #[arg(long, value_name = "EDN", value_parser = init, allow_hyphen_values = true)]
    init: Option<Form>,
    /// What `:fail` means: that an operation was not done, or that it was done and refused (a compare-and-set that found
    /// another value).
    #[arg(long, default_value = "absent", value_parser = PossibleValuesParser::new(["executed", "absent"]).map(|name| fail(&name)))]
    fail: Fail,
    /// Judges all keys as one. The verdict is the same, and may take longer.
    #[arg(long)]
    no_partition: bool,
    /// Leaves session order out, from read-committed to serializable.
    #[arg(long)]
    no_sessions: bool,
    /// Configurations to look at, before a history is given up.
    #[arg(long, value_name = "N", default_value_t = 10_000_000)]
    budget: usize,
    /// Prints whole orders, that of a history that is what was asked for among them.
    #[arg(long)]
    full: bool,
    /// For programs: one line of JSON a history.
    #[arg(long)]
    json: bool,
    /// Histories (EDN, Jepsen's log, or lines of JSON), or - for the standard input.
    #[arg(required = true)]
    files: Vec<PathBuf>,
}

fn model(name: &str) -> Model {
    Model::ALL.into_iter().find(|model| model.name() == name).unwrap_or(Model::Register)
}

fn consistency(name: &str) -> Consistency {
    Consistency::ALL.into_iter().find(|one| one.name() == name).unwrap_or(Consistency::Linearizable)
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

/// One history and its verdict.
struct Judged<'a> {
    options: &'a Options,
    name: String,
    text: &'a str,
    judging: Judging,
    verdict: Verdict,
}

fn one(options: &Options, source: &Source) -> Result<u8, String> {
    let text = source.read()?;
    let name = source.to_string();
    let question = Question {
        reading: history::Options { model: options.model, init: options.init.clone(), fail: options.fail },
        consistency: options.consistency,
        manner: Manner { partition: !options.no_partition, sessions: !options.no_sessions },
    };
    let begun = history::calls(&text).and_then(|calls| Judging::begin(&text, calls, &question));
    let mut judging = begun.map_err(|wrong| text::rendered(&name, &text, &wrong))?;
    let verdict = judging.advance(options.budget).unwrap_or_else(|| {
        Verdict::Unknown(format!(
            "the budget of {} configurations is spent; --budget gives more",
            options.budget
        ))
    });
    let judged = Judged { options, name, text: &text, judging, verdict };
    if options.json {
        text::say(judged.json())?;
    } else {
        for line in judged.lines() {
            text::say(line)?;
        }
    }
    Ok(match judged.verdict {
        Verdict::Holds(_) => 0,
        Verdict::Violated(_) => 1,
        Verdict::Unknown(_) => 2,
    })
}

impl Judged<'_> {
    fn verdict(&self) -> String {
        history::verdict(self.options.consistency, &self.verdict)
    }

    fn told(&self, operation: u32) -> String {
        self.judging.told(self.text, operation)
    }

    fn why(&self, why: Why) -> String {
        self.judging.subject.why(self.text, &self.judging.calls, why)
    }

    /// The verdict, what was judged, and why.
    fn lines(&self) -> Vec<String> {
        let mut lines = vec![self.verdict()];
        let operations = self.judging.subject.case.operations.len();
        let keys = self.judging.subject.keys.len();
        lines.push(format!(
            "{}: {operations} {} on {keys} {}, {} configurations",
            self.name,
            if operations == 1 { "operation" } else { "operations" },
            if keys == 1 { "object" } else { "objects" },
            self.judging.configurations(),
        ));
        lines.extend(self.options.consistency.assumes(!self.options.no_sessions).map(str::to_owned));
        match &self.verdict {
            Verdict::Unknown(words) => lines.push(words.clone()),
            Verdict::Holds(witness) if self.options.full => {
                for order in &witness.orders {
                    lines.push("an order:".to_owned());
                    self.order(order, &mut lines);
                }
            }
            Verdict::Holds(_) => {}
            Verdict::Violated(reason) => {
                lines.extend(reason.anomaly.map(|anomaly| format!("anomaly: {anomaly}")));
                if reason.cycle.is_empty() {
                    for operation in reason.operations.iter().take(SHOWN) {
                        lines.push(self.told(*operation));
                    }
                }
                lines.push(reason.words.clone());
                for edge in &reason.cycle {
                    lines.push(format!("  {}", self.told(edge.from)));
                    lines.push(format!("    {}", self.why(edge.why)));
                }
                lines.extend(reason.cycle.first().map(|edge| format!("  {}", self.told(edge.from))));
                for partial in &reason.partial {
                    let held = if partial.held.is_empty() {
                        String::new()
                    } else {
                        format!(", after which there was {}", partial.held)
                    };
                    lines.push(format!("an order of {}{held}:", partial.order.len()));
                    self.order(&partial.order, &mut lines);
                }
            }
        }
        lines
    }

    fn order(&self, order: &[u32], lines: &mut Vec<String>) {
        let from = if self.options.full { 0 } else { order.len().saturating_sub(SHOWN) };
        if from > 0 {
            lines.push(format!("  … {from} before"));
        }
        lines.extend(order[from..].iter().map(|operation| format!("  {}", self.told(*operation))));
    }

    fn json(&self) -> Value {
        let operation = |place: u32| {
            self.judging.subject.call(&self.judging.calls, place).map(|call| {
                json!({
                    "operation": place,
                    "process": call.process,
                    "from_byte": call.span.start,
                    "words": self.told(place),
                })
            })
        };
        let evidence = match &self.verdict {
            Verdict::Holds(witness) => json!({ "orders": witness.orders }),
            Verdict::Unknown(words) => json!({ "words": words }),
            Verdict::Violated(reason) => json!({
                "words": reason.words,
                "anomaly": reason.anomaly,
                "operations": reason.operations.iter().map(|place| operation(*place)).collect::<Vec<_>>(),
                "partial": reason.partial.iter().map(|partial| json!({ "order": partial.order, "held": partial.held })).collect::<Vec<_>>(),
                "cycle": reason.cycle.iter().map(|edge| json!({
                    "from": operation(edge.from),
                    "to": operation(edge.to),
                    "why": self.why(edge.why),
                })).collect::<Vec<_>>(),
            }),
        };
        json!({
            "file": self.name,
            "verdict": self.verdict(),
            "assumes": self.options.consistency.assumes(!self.options.no_sessions),
            "operations": self.judging.subject.case.operations.len(),
            "objects": self.judging.subject.keys.len(),
            "configurations": self.judging.configurations(),
            "evidence": evidence,
        })
    }
}
