//! The text as lines of coloured parts: what lies under the field that a person types into. A text may be long; only the lines
//! in view are ever cut.

use std::ops::Range;

use splitbrain_core::kit::sort;
use splitbrain_scenarios::{Class, Diagnostic, highlight};

/// A part of a line that looks alike.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Part {
    pub(super) text: String,
    pub(super) class: Option<Class>,
    pub(super) wrong: bool,
}

/// How many lines a text has, and how many letters of the longest one stand side by side. Letters that may be wide count
/// double: a field that is too wide does no harm, one that is too narrow scrolls away from under its colours.
pub(super) fn size(text: &str) -> (usize, usize) {
    let (mut rows, mut widest, mut column) = (1, 0, 0);
    for letter in text.chars() {
        match letter {
            '\n' => {
                rows += 1;
                column = 0;
            }
            '\t' => column += TAB - column % TAB,
            letter => column += if letter.is_ascii() { 1 } else { 2 },
        }
        widest = widest.max(column);
    }
    (rows, widest)
}

/// As in the style.
const TAB: usize = 4;

/// Where some lines of a text stand, the first of them counted from 0.
fn range(text: &str, lines: &Range<usize>) -> Range<usize> {
    let mut ends = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(place, _)| place);
    let count = lines.len();
    let start = match lines.start.checked_sub(1) {
        None => 0,
        Some(before) => ends.nth(before).map_or(text.len(), |end| end + 1),
    };
    start..count.checked_sub(1).and_then(|last| ends.nth(last)).unwrap_or(text.len())
}

/// Cuts these lines of a text into parts. Put together again they are those lines, byte by byte.
pub(super) fn lines(text: &str, lines: &Range<usize>, diagnostics: &[Diagnostic]) -> Vec<Vec<Part>> {
    let range = range(text, lines);
    let text = &text[range.clone()];
    let within = |place: u32| (place as usize).clamp(range.start, range.end) - range.start;
    let wrong: Vec<(usize, usize)> = diagnostics
        .iter()
        .map(|wrong| (within(wrong.span.start), within(wrong.span.end)))
        .filter(|(start, end)| start < end)
        .collect();
    let classes = highlight(text);
    let mut edges: Vec<usize> =
        classes.iter().flat_map(|(span, _)| [span.start as usize, span.end as usize]).collect();
    edges.extend(wrong.iter().flat_map(|(start, end)| [*start, *end]));
    edges.extend([0, text.len()]);
    edges.retain(|edge| text.is_char_boundary(*edge));
    sort(&mut edges, |edge| *edge);
    edges.dedup();
    let mut lines = vec![Vec::new()];
    let mut next = classes.iter().peekable();
    for pair in edges.windows(2) {
        let [start, end] = [pair[0], pair[1]];
        while next.next_if(|(span, _)| span.end as usize <= start).is_some() {}
        let class = next.peek().filter(|(span, _)| span.start as usize <= start).map(|(_, class)| *class);
        let wrong = wrong.iter().any(|(from, to)| *from <= start && end <= *to);
        for (place, piece) in text[start..end].split('\n').enumerate() {
            if place > 0 {
                lines.push(Vec::new());
            }
            if let (Some(line), false) = (lines.last_mut(), piece.is_empty()) {
                line.push(Part { text: piece.to_owned(), class, wrong });
            }
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use splitbrain_scenarios::{catalog, load};

    use super::*;

    const ALL: Range<usize> = 0..usize::MAX;

    fn joined(lines: &[Vec<Part>]) -> String {
        let text: Vec<String> =
            lines.iter().map(|line| line.iter().map(|part| part.text.as_str()).collect()).collect();
        text.join("\n")
    }

    #[test]
    fn nothing_of_a_text_is_lost_or_added() {
        for canned in catalog::shelves().flat_map(|shelf| shelf.scenarios) {
            assert_eq!(joined(&lines(canned.text, &ALL, &[])), canned.text);
        }
        for text in ["", "\n", "lab lease\r\nat 1s crsh é # ü\n\n", "\t\"open"] {
            assert_eq!(joined(&lines(text, &ALL, &load(text).diagnostics)), text);
        }
    }

    #[test]
    fn a_part_of_a_text_looks_as_it_does_in_the_whole() {
        let text = "lab lease\nat 1s crsh c1 # é\n\ntitle at 1s\nexpct x\n";
        let wrong = load(text).diagnostics;
        let whole = lines(text, &ALL, &wrong);
        for start in 0..=whole.len() {
            for end in start + 1..=whole.len() + 2 {
                let part = lines(text, &(start..end), &wrong);
                match whole.get(start..end.min(whole.len())) {
                    Some(expected) if !expected.is_empty() => assert_eq!(part, expected, "{start}..{end}"),
                    _ => assert_eq!(joined(&part), ""),
                }
            }
        }
    }

    #[test]
    fn what_is_wrong_is_marked_where_it_stands() {
        let text = "lab lease\nat 1s crsh c1\n";
        let wrong: Vec<_> = lines(text, &ALL, &load(text).diagnostics)
            .concat()
            .into_iter()
            .filter(|part| part.wrong)
            .collect();
        assert_eq!(wrong.iter().map(|part| part.text.as_str()).collect::<Vec<_>>(), ["crsh"]);
    }

    #[test]
    fn a_field_is_as_wide_as_its_longest_line() {
        assert_eq!(size(""), (1, 0));
        assert_eq!(size("ab\n\tabc\n"), (3, 7));
        assert_eq!(size("日本"), (1, 4));
    }
}
