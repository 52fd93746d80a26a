//! The text as lines of coloured parts: what lies under the field that a person types into.

use splitbrain_core::kit::sort;
use splitbrain_scenarios::{Class, Diagnostic, highlight};

/// A part of a line that looks alike.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Part {
    pub(super) text: String,
    pub(super) class: Option<Class>,
    pub(super) wrong: bool,
}

/// Cuts a text into lines of parts. Put together again they are the text, byte by byte.
pub(super) fn lines(text: &str, diagnostics: &[Diagnostic]) -> Vec<Vec<Part>> {
    let classes = highlight(text);
    let mut edges: Vec<usize> =
        classes.iter().flat_map(|(span, _)| [span.start as usize, span.end as usize]).collect();
    edges.extend(diagnostics.iter().flat_map(|wrong| [wrong.span.start as usize, wrong.span.end as usize]));
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
        let wrong = diagnostics
            .iter()
            .any(|wrong| wrong.span.start as usize <= start && end <= wrong.span.end as usize);
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

    fn joined(lines: &[Vec<Part>]) -> String {
        let text: Vec<String> =
            lines.iter().map(|line| line.iter().map(|part| part.text.as_str()).collect()).collect();
        text.join("\n")
    }

    #[test]
    fn nothing_of_a_text_is_lost_or_added() {
        for canned in catalog::shelves().flat_map(|shelf| shelf.scenarios) {
            assert_eq!(joined(&lines(canned.text, &[])), canned.text);
        }
        for text in ["", "\n", "lab lease\r\nat 1s crsh é # ü\n\n", "\t\"open"] {
            assert_eq!(joined(&lines(text, &load(text).diagnostics)), text);
        }
    }

    #[test]
    fn what_is_wrong_is_marked_where_it_stands() {
        let text = "lab lease\nat 1s crsh c1\n";
        let wrong: Vec<_> =
            lines(text, &load(text).diagnostics).concat().into_iter().filter(|part| part.wrong).collect();
        assert_eq!(wrong.iter().map(|part| part.text.as_str()).collect::<Vec<_>>(), ["crsh"]);
    }
}
