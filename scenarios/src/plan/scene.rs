//! Which lab and which nodes a text speaks of: looked up before any line is read.

use splitbrain_core::lab::{LabInfo, Roster, Size};
use splitbrain_core::labs;

use crate::diagnostic::{Diagnostic, Span};
use crate::lexer::Line;

/// The lab and the nodes that a text speaks of, whatever else is wrong with it.
pub(crate) fn scene(text: &str, lines: &[Line]) -> Option<(&'static LabInfo, Roster)> {
    let mut ignored = Vec::new();
    let lab = find_lab(text, lines, &mut ignored)?;
    let nodes = size(text, lines, lab, "nodes", &mut ignored);
    let clients = size(text, lines, lab, "clients", &mut ignored);
    Some((lab, Roster::new(lab, nodes, clients)))
}

/// The words of a line as they are written.
pub(super) fn first<'t>(text: &'t str, line: &Line, place: usize) -> Option<(&'t str, Span)> {
    line.tokens.get(place).map(|token| (token.span.of(text), token.span))
}

/// The lab that the text names.
pub(super) fn find_lab(
    text: &str,
    lines: &[Line],
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<&'static LabInfo> {
    let all = || labs::catalog().iter().map(|lab| lab.id);
    let ids = || all().map(|id| format!("`{id}`")).collect::<Vec<_>>().join(", ");
    let Some(opening) = lines.iter().find(|line| !line.tokens.is_empty()) else {
        let wrong = Diagnostic::new(1, Span::new(0, 0), "the text is empty: it has to begin with `lab`");
        diagnostics.push(wrong.help(format!("the labs are {}", ids())));
        return None;
    };
    let stated = lines.iter().find(|line| first(text, line, 0).is_some_and(|(word, _)| word == "lab"));
    let Some(line) = stated else {
        let wrong = Diagnostic::new(opening.number, opening.span, "the first statement has to be `lab`");
        diagnostics.push(wrong.help(format!("the labs are {}", ids())));
        return None;
    };
    if line.number != opening.number {
        let wrong = Diagnostic::new(opening.number, opening.span, "the first statement has to be `lab`");
        diagnostics.push(wrong.help(format!("move line {} up here", line.number)));
    }
    let Some((id, span)) = first(text, line, 1) else {
        let wrong = Diagnostic::new(line.number, line.span, "which lab is missing here");
        diagnostics.push(wrong.help(format!("the labs are {}", ids())));
        return None;
    };
    let lab = labs::find(id);
    if lab.is_none() {
        let wrong = Diagnostic::new(line.number, span, format!("there is no lab `{id}`"));
        diagnostics.push(wrong.suggest(id, all()));
    }
    lab
}

/// How many servers or clients the text wants, brought within what the lab allows.
pub(super) fn size(
    text: &str,
    lines: &[Line],
    lab: &LabInfo,
    word: &str,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<u8> {
    let limits = lab.groups.iter().find_map(|group| match group.size {
        Size::Nodes { min, max, .. } if word == "nodes" => Some((min, max)),
        Size::Clients { min, max, .. } if word == "clients" => Some((min, max)),
        _ => None,
    });
    let line = lines.iter().find(|line| first(text, line, 0).is_some_and(|(found, _)| found == word))?;
    let (_, head) = first(text, line, 0)?;
    let Some((min, max)) = limits else {
        let message = format!("this lab always has the same nodes, so `{word}` says nothing here");
        diagnostics.push(Diagnostic::new(line.number, head, message).help("leave the line out"));
        return None;
    };
    let (number, span) = first(text, line, 1)?;
    match number.parse::<u8>() {
        Ok(count) if (min..=max).contains(&count) => Some(count),
        // The line itself reports what is not a number at all.
        Err(_) if number.parse::<i64>().is_err() => None,
        _ => {
            let message = format!("this lab cannot have {number} {word}");
            let wrong = Diagnostic::new(line.number, span, message);
            diagnostics.push(wrong.help(format!("it can have from {min} to {max}")));
            None
        }
    }
}
