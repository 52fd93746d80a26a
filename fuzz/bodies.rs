//! What is done with an input, in the fuzzer and in the tests that try its corpus once more.

use splitbrain_core::judge::{Checker, Consistency, Manner};
use splitbrain_scenarios::history::{Fail, Model, Options, calls, guess};
use splitbrain_scenarios::run::Session;
use splitbrain_scenarios::{Loaded, edit, format, load};

/// Configurations of a judge, and steps of a run: the input may ask for many.
const MOST: u32 = 500;

/// Reads a history as every model does, and judges it by everything that can be asked.
///
/// # Panics
/// Where a mistake has no place in the text or no words, or an operation no line.
#[allow(dead_code, reason = "each target has one of the two")]
pub(crate) fn history(input: &[u8]) {
    let text = String::from_utf8_lossy(input);
    let calls = match calls(&text) {
        Ok(calls) => calls,
        Err(wrong) => return assert!(!wrong.message.is_empty() && wrong.span.end as usize <= text.len()),
    };
    let _ = guess(&text, &calls);
    for model in Model::ALL {
        for fail in [Fail::Absent, Fail::Executed] {
            let subject = match (Options { fail, ..Options::of(model) }).case(&text, &calls) {
                Ok(subject) => subject,
                Err(wrong) => {
                    assert!(!wrong.message.is_empty() && wrong.span.end as usize <= text.len());
                    continue;
                }
            };
            for level in Consistency::ALL {
                Checker::new(&subject.case, level, Manner::default()).advance(&subject.case, MOST as usize);
            }
            for place in 0..subject.case.operations.len() as u32 {
                assert!(subject.told(&text, &calls, place).starts_with("line "));
            }
        }
    }
}

/// Reads a scenario, writes it in the canonical form, edits it, and plays the beginning.
///
/// # Panics
/// Where the canonical form of a text that can be read means something else, or has another form.
#[allow(dead_code, reason = "each target has one of the two")]
pub(crate) fn scenario(input: &[u8]) {
    let text = String::from_utf8_lossy(input);
    let Loaded { plan, diagnostics, .. } = load(&text);
    for wrong in &diagnostics {
        assert!(!wrong.message.is_empty() && wrong.span.end as usize <= text.len());
    }
    let _ = load(&edit::set(&text, &["seed"], "7").apply(&text));
    let Some(plan) = plan else { return };
    let formatted = format(&text);
    assert_eq!(format(&formatted), formatted);
    if let Ok(mut session) = Session::open(plan) {
        session.advance(MOST);
    }
}
