//! Which lines of a finding it hangs on: what if one of them were missing?

use super::shrink::still;
use super::simpler::may_go;
use super::{Base, Broken, Finding};
use crate::{lex, load};

/// Leaves out one line after the other.
#[derive(Clone, Debug)]
pub struct Matters {
    text: String,
    broken: Broken,
    owed: Vec<&'static str>,
    /// Lines that could be missing, counted from 1.
    open: Vec<u32>,
    known: Vec<(u32, bool)>,
}

impl Matters {
    /// Asks of every line of a finding's text whether it matters.
    #[must_use]
    pub fn new(finding: &Finding, base: &Base) -> Self {
        let text = finding.text.clone();
        let lines = lex(&text).into_iter().filter(|line| {
            line.tokens
                .first()
                .is_some_and(|first| may_go(first.span.of(&text)) || first.span.of(&text) == "flaw")
        });
        let open = lines.map(|line| line.number).rev().collect();
        Self { open, owed: base.owed.clone(), broken: finding.broken.clone(), known: Vec::new(), text }
    }

    /// Whether every line was asked of.
    #[must_use]
    pub fn is_over(&self) -> bool {
        self.open.is_empty()
    }

    /// Asks of the next line.
    pub fn advance(&mut self) {
        let Some(number) = self.open.pop() else { return };
        let rest: Vec<&str> = (1..)
            .zip(self.text.lines())
            .filter(|(other, _)| *other != number)
            .map(|(_, line)| line)
            .collect();
        let plan = load(&rest.join("\n")).plan;
        let matters = plan.is_none_or(|plan| still(&plan, &self.broken, &self.owed).0.is_none());
        self.known.push((number, matters));
    }

    /// Of the lines asked of so far, counted from 1, whether the promise would be kept without it.
    #[must_use]
    pub fn known(&self) -> &[(u32, bool)] {
        &self.known
    }
}
