//! Changes of a text that leave every other byte as it was. A click is one of these, and so is its undoing.

use crate::columns::SETUP;
use crate::diagnostic::Span;
use crate::lexer::{Line, lex};
use crate::statement::{self, Id, Place};

use splitbrain_core::unit::Time;

/// One change: a part of the text gives way to another text.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Edit {
    /// What goes.
    pub span: Span,
    /// What comes.
    pub text: String,
}

impl Edit {
    /// The text after the change.
    #[must_use]
    pub fn apply(&self, text: &str) -> String {
        let (start, end) = (self.span.start as usize, self.span.end as usize);
        match (text.get(..start), text.get(end..)) {
            (Some(before), Some(after)) => [before, &self.text, after].concat(),
            _ => text.to_owned(),
        }
    }

    /// The change that takes this one back, for the text before it.
    #[must_use]
    pub fn inverse(&self, text: &str) -> Self {
        let start = self.span.start;
        let span = Span { start, end: start + self.text.len() as u32 };
        Self { span, text: self.span.of(text).to_owned() }
    }
}

fn head<'t>(text: &'t str, line: &Line) -> Option<&'t str> {
    line.tokens.first().map(|token| token.span.of(text))
}

fn is_cue(text: &str, line: &Line) -> bool {
    head(text, line).is_some_and(|word| statement::find(word, Place::When).is_some())
}

/// A new line behind a line, which ends as the line before it does.
fn behind(text: &str, line: Option<&Line>, new: &str) -> Edit {
    all_behind(text, line, &[new.to_owned()])
}

/// New lines behind a line, each of which ends as the line before it does.
fn all_behind(text: &str, line: Option<&Line>, new: &[String]) -> Edit {
    let each = |around: fn(&str) -> String| -> String {
        new.iter().map(|new| around(&new.replace(['\n', '\r'], " "))).collect()
    };
    let Some(line) = line else {
        return Edit { span: Span::new(0, 0), text: each(|new| format!("{new}\n")) };
    };
    let end = line.span.end;
    if text.as_bytes().get(end as usize) == Some(&b'\r') {
        let span = Span { start: end + 1, end: end + 1 };
        return Edit { span, text: each(|new| format!("\n{new}\r")) };
    }
    Edit { span: Span { start: end, end }, text: each(|new| format!("\n{new}")) }
}

/// Appends `at T WHAT` behind the last cue, so that no `after` is bound anew.
#[must_use]
pub fn append_cue(text: &str, time: Time, what: &str) -> Edit {
    append_cues(text, time, &[what.to_owned()])
}

/// The same for several lines of one moment, which come and go together.
#[must_use]
pub fn append_cues(text: &str, time: Time, what: &[String]) -> Edit {
    let lines = lex(text);
    let last_cue = lines.iter().rev().find(|line| is_cue(text, line));
    let last_setup = || {
        let setup = |line: &&Line| head(text, line).is_some_and(|word| word != "expect" && word != "stop");
        lines.iter().rev().find(setup)
    };
    let time = crate::amount::write_span(splitbrain_core::unit::Span(time.0));
    let cues: Vec<String> = what.iter().map(|what| format!("at {time} {what}")).collect();
    all_behind(text, last_cue.or_else(last_setup), &cues)
}

/// Takes a line out, counted from 1.
#[must_use]
pub fn remove_line(text: &str, number: u32) -> Option<Edit> {
    let lines = lex(text);
    let place = lines.iter().position(|line| line.number == number)?;
    let (start, end) = (lines[place].span.start, lines[place].span.end);
    let span = match lines.get(place + 1) {
        Some(next) => Span { start, end: next.span.start },
        // The last line goes together with the end of the one before it.
        None => Span { start: place.checked_sub(1).map_or(start, |before| lines[before].span.end), end },
    };
    Some(Edit { span, text: String::new() })
}

/// Sets what may stand once: `seed 7`, `set lease 10s`. The line is changed where there is one, else added.
#[must_use]
pub fn set(text: &str, words: &[&str], value: &str) -> Edit {
    let lines = lex(text);
    if let Some(line) = lines.iter().rev().find(|line| begins(text, line, words)) {
        let old =
            line.tokens.get(words.len()).map(|first| first.span.to(line.tokens[line.tokens.len() - 1].span));
        return match old {
            Some(span) => Edit { span, text: value.to_owned() },
            None => {
                Edit { span: Span { start: line.span.end, end: line.span.end }, text: format!(" {value}") }
            }
        };
    }
    behind(text, last_setup(text, &lines), &format!("{} {value}", padded(words)))
}

/// What a text says after these words, where a line says it: the last one that does.
#[must_use]
pub fn stated<'t>(text: &'t str, words: &[&str]) -> Option<&'t str> {
    let lines = lex(text);
    let line = lines.iter().rev().find(|line| begins(text, line, words))?;
    line.tokens.get(words.len()).map(|token| token.span.of(text))
}

/// Whether a line begins with these words.
fn begins(text: &str, line: &Line, words: &[&str]) -> bool {
    let is = |(place, word): (usize, &&str)| {
        line.tokens.get(place).is_some_and(|token| token.span.of(text) == *word)
    };
    words.iter().enumerate().all(is)
}

/// Switches a flaw on or off.
#[must_use]
pub fn set_flaw(text: &str, flaw: &str, on: bool) -> Option<Edit> {
    let lines = lex(text);
    let mut stated = lines.iter().filter(|line| head(text, line) == Some("flaw"));
    let named = stated.find_map(|line| {
        let place = line.tokens.iter().skip(1).position(|token| token.span.of(text) == flaw)?;
        Some((line, place + 1))
    });
    match (named, on) {
        (None, true) => {
            Some(behind(text, last_setup(text, &lines), &format!("{} {flaw}", padded(&["flaw"]))))
        }
        (Some((line, _)), false) if line.tokens.len() == 2 => remove_line(text, line.number),
        (Some((line, place)), false) => {
            let span = Span { start: line.tokens[place - 1].span.end, end: line.tokens[place].span.end };
            Some(Edit { span, text: String::new() })
        }
        _ => None,
    }
}

/// The last line of the set-up's block: before the first cue and the first expectation.
fn last_setup<'l>(text: &str, lines: &'l [Line]) -> Option<&'l Line> {
    let ends = |line: &&Line| is_cue(text, line) || head(text, line) == Some("expect");
    let first_cue = lines.iter().find(ends).map_or(u32::MAX, |line| line.number);
    let setup = |line: &&Line| {
        line.number < first_cue
            && head(text, line)
                .and_then(|word| statement::find(word, Place::Setup))
                .is_some_and(|statement| statement.id != Id::Expect)
    };
    lines.iter().rev().find(setup)
}

fn padded(words: &[&str]) -> String {
    let mut all = words.iter();
    let first = all.next().copied().unwrap_or_default();
    let rest: String = all.map(|word| format!(" {word}")).collect();
    format!("{first:<width$}{}", rest.trim_start(), width = SETUP - usize::from(rest.is_empty()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str =
        "lab      lease\nseed     7 # lucky\n\nat 1s c1 write x 1   # first\nexpect store.x = 1\n";

    #[test]
    fn what_a_text_states_can_be_read_though_the_text_is_broken() {
        let text = "lab lease\nset lease 5s # short\nset lease 7s\nset  fence\nat 1s crsh";
        assert_eq!(stated(text, &["set", "lease"]), Some("7s"));
        assert_eq!(stated(text, &["set", "fence"]), None);
        assert_eq!(stated(text, &["set", "grace"]), None);
    }

    #[test]
    fn a_click_writes_one_line_behind_the_last_cue_and_undo_takes_it_out() {
        let edit = append_cue(TEXT, Time(1_484_001), "pause c1");
        let after = edit.apply(TEXT);
        assert_eq!(
            after,
            "lab      lease\nseed     7 # lucky\n\nat 1s c1 write x 1   # first\nat 1484001us pause c1\nexpect store.x = 1\n"
        );
        assert_eq!(edit.inverse(TEXT).apply(&after), TEXT);
        assert_eq!(remove_line(&after, 5).map(|edit| edit.apply(&after)).as_deref(), Some(TEXT));
    }

    #[test]
    fn a_seed_is_changed_in_place_and_a_knob_is_added_to_the_set_up() {
        let seed = set(TEXT, &["seed"], "8");
        assert_eq!(seed.apply(TEXT), TEXT.replace("seed     7 #", "seed     8 #"));
        let knob = set(TEXT, &["set", "lease"], "20s");
        assert_eq!(knob.apply(TEXT), TEXT.replace("lucky\n", "lucky\nset      lease 20s\n"));
        assert_eq!(knob.inverse(TEXT).apply(&knob.apply(TEXT)), TEXT);
    }

    #[test]
    fn a_flaw_comes_and_goes() {
        let on = set_flaw(TEXT, "no-fencing", true).expect("it was off");
        let with = on.apply(TEXT);
        assert_eq!(with, TEXT.replace("lucky\n", "lucky\nflaw     no-fencing\n"));
        let off = set_flaw(&with, "no-fencing", false).expect("it is on");
        assert_eq!(off.apply(&with), TEXT);
    }
}
