//! What the editor asks: colours, words that could stand at a place, what a word means. Answers are JSON, places are counted as
//! JavaScript counts them.

use splitbrain_scenarios::utf16::{Units, byte_at};
use splitbrain_scenarios::{Class, Completion, Diagnostic, Hover, highlight};

use super::json;
use crate::shelf::through;
use crate::ui::text::sentence;

/// So many things that are wrong are marked at once.
const MARKED: usize = 200;

/// The words of a line: for each where it begins, where it ends, and what it is.
pub(super) fn colours(line: &str) -> String {
    let mut units = Units::of(line);
    let words = highlight(line).into_iter().flat_map(|(span, class)| {
        let class = match class {
            Class::Keyword => 0,
            Class::Number => 1,
            Class::Text => 2,
            Class::Sign => 3,
            Class::Comment => 4,
            Class::Name => 5,
        };
        [units.at(span.start), units.at(span.end), class]
    });
    json::numbers(&words.collect::<Vec<_>>())
}

/// What could stand at a place, and from where on it would be put there.
pub(super) fn complete(text: &str, at: u32) -> String {
    let completion =
        through::<fn(&str, u32) -> Completion>(splitbrain_scenarios::complete)(text, byte_at(text, at));
    let words = completion
        .candidates
        .iter()
        .map(|candidate| json::list([json::text(&candidate.word), json::text(&candidate.help)]));
    let from = Units::of(text).at(completion.span.start);
    format!(r#"{{"from":{from},"words":{}}}"#, json::list(words))
}

/// What the word at a place means. `times` says of the cue on this line when it happened.
pub(super) fn hover(text: &str, at: u32, times: impl FnOnce() -> Option<String>) -> Option<String> {
    let hover =
        through::<fn(&str, u32) -> Option<Hover>>(splitbrain_scenarios::hover)(text, byte_at(text, at))?;
    let before = &text[..hover.span.start as usize];
    let is_first = before[before.rfind('\n').map_or(0, |end| end + 1)..].trim().is_empty();
    let times = if is_first { times() } else { None };
    let usage = hover.usage.map(|usage| sentence(&usage));
    let help =
        [Some(hover.help), usage, hover.more, times].into_iter().flatten().map(|help| json::text(&help));
    let mut units = Units::of(text);
    let (from, to) = (units.at(hover.span.start), units.at(hover.span.end));
    Some(format!(r#"{{"from":{from},"to":{to},"help":{}}}"#, json::list(help)))
}

/// What is wrong with a text.
pub(super) fn wrong(text: &str, diagnostics: &[Diagnostic]) -> String {
    let mut units = Units::of(text);
    json::list(diagnostics.iter().take(MARKED).map(|wrong| {
        let (from, to) = (units.at(wrong.span.start), units.at(wrong.span.end));
        format!(
            r#"{{"line":{},"from":{from},"to":{to},"message":{},"help":{},"fix":{}}}"#,
            wrong.line,
            json::text(&wrong.message),
            json::maybe(wrong.help.as_deref()),
            json::maybe(wrong.fix.as_deref())
        )
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_told_as_javascript_counts_them() {
        assert_eq!(colours("at 1s say \"🧠\" # ü"), "[0,2,0,3,5,1,6,9,0,10,14,2,15,18,4]");
        let text = "lab lease\n# 🧠\nat 1s cr";
        assert_eq!(
            complete(text, text.encode_utf16().count() as u32),
            r#"{"from":21,"words":[["crash","The process dies. What is not on its disk is gone."]]}"#
        );
        let hover = hover("lab lease\n# 🧠\nat 1s crash c1", 15, || Some("In this run: at 1 s.".into()));
        let hover = hover.expect("`at` is known");
        assert!(
            hover.starts_with(r#"{"from":15,"to":17,"help":["At a moment of simulated time.","#),
            "{hover}"
        );
        assert!(hover.ends_with(r#""In this run: at 1 s."]}"#), "{hover}");
        let text = "lab lease\n# 🧠\nat 1s crsh c1\n";
        let told = wrong(text, &splitbrain_scenarios::load(text).diagnostics);
        assert!(
            told.contains(r#""line":3,"from":21,"to":25,"#) && told.contains(r#""fix":"crash""#),
            "{told}"
        );
    }

    #[test]
    fn the_time_of_a_cue_is_told_where_its_line_begins() {
        let text = "lab lease\nat 1s crash c1";
        let times = || Some("x".to_owned());
        assert!(hover(text, 11, times).is_some_and(|told| told.contains(r#""x""#)));
        assert!(hover(text, 17, times).is_some_and(|told| !told.contains(r#""x""#)));
        assert_eq!(hover(text, 14, times), None);
    }
}
