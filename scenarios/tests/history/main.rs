//! Histories as they are read, judged and told, from their texts.

mod anomalies;
mod broken;
mod formats;
mod mutated;

use splitbrain_core::judge::{Checker, Consistency, Manner, Verdict};
use splitbrain_scenarios::Diagnostic;
use splitbrain_scenarios::history::{Fail, Model, Options, Subject, pair, read, value};

fn options(model: Model, init: Option<&str>) -> Options {
    Options { model, init: init.map(|text| value(text).expect("a value")), fail: Fail::Absent }
}

fn subject(text: &str, options: &Options) -> Result<Subject, Diagnostic> {
    let calls = pair(text, &read(text)?)?;
    options.case(text, &calls)
}

fn verdict(text: &str, options: &Options, level: Consistency) -> Verdict {
    let subject = subject(text, options).unwrap_or_else(|wrong| panic!("{wrong} in {text}"));
    let mut checker = Checker::new(&subject.case, level, Manner::default());
    checker.advance(&subject.case, 100_000).expect("it is small")
}

fn holds(text: &str, options: &Options, level: Consistency) -> bool {
    match verdict(text, options, level) {
        Verdict::Holds(_) => true,
        Verdict::Violated(_) => false,
        Verdict::Unknown(words) => panic!("{words}: {text}"),
    }
}
