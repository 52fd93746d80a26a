//! What is wrong with a text: where, in a sentence, and what would be right.

use std::fmt;

/// A part of the text, in bytes.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct Span {
    /// The first byte.
    pub start: u32,
    /// The byte after the last.
    pub end: u32,
}

impl Span {
    /// From one byte to before another.
    #[must_use]
    pub fn new(start: usize, end: usize) -> Self {
        Self { start: start as u32, end: end as u32 }
    }

    /// The part of the text. Empty where the text is another.
    #[must_use]
    pub fn of(self, text: &str) -> &str {
        text.get(self.start as usize..self.end as usize).unwrap_or_default()
    }

    /// From the start of this to the end of another.
    #[must_use]
    pub fn to(self, other: Self) -> Self {
        Self { start: self.start, end: other.end.max(self.start) }
    }
}

/// One thing that is wrong with a text.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Diagnostic {
    /// Where.
    pub span: Span,
    /// On which line, counted from 1.
    pub line: u32,
    /// What is wrong: a sentence without a full stop.
    pub message: String,
    /// What would be right.
    pub help: Option<String>,
    /// A text to put in the place of the span, if one is likely meant.
    pub fix: Option<String>,
}

impl Diagnostic {
    /// Something wrong, without help yet.
    #[must_use]
    pub fn new(line: u32, span: Span, message: impl Into<String>) -> Self {
        Self { span, line, message: message.into(), help: None, fix: None }
    }

    /// The same, with what would be right.
    #[must_use]
    pub fn help(self, help: impl Into<String>) -> Self {
        Self { help: Some(help.into()), ..self }
    }

    /// The same, with this help where there is none yet.
    #[must_use]
    pub fn or_help(self, help: impl FnOnce() -> String) -> Self {
        if self.help.is_some() { self } else { self.help(help()) }
    }

    /// The same, with the nearest of the words that are allowed, or else all of them.
    #[must_use]
    pub fn suggest<'a>(self, word: &str, allowed: impl IntoIterator<Item = &'a str>) -> Self {
        let allowed: Vec<&str> = allowed.into_iter().collect();
        match nearest(word, allowed.iter().copied()) {
            Some(meant) => {
                Self { help: Some(format!("did you mean `{meant}`?")), fix: Some(meant.into()), ..self }
            }
            None if allowed.is_empty() => self,
            None => self.help(format!("it can be {}", crate::words::listed(allowed))),
        }
    }
}

impl fmt::Display for Diagnostic {
    /// `line 9: no node is called `n7`: this lab has n1 to n5`
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "line {}: {}", self.line, self.message)?;
        self.help.as_ref().map_or(Ok(()), |help| write!(out, ": {help}"))
    }
}

/// The word that is most likely meant: few letters away, and fewer than a third of it.
#[must_use]
pub(crate) fn nearest<'a>(word: &str, allowed: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    allowed
        .into_iter()
        .map(|candidate| (distance(word, candidate), candidate))
        .filter(|(distance, candidate)| *distance <= 1 + candidate.len().max(word.len()) / 4)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// Letters to insert, to leave out, to change, or to swap with their neighbour (optimal string alignment).
fn distance(one: &str, other: &str) -> usize {
    let (one, other): (Vec<char>, Vec<char>) =
        (one.chars().take(40).collect(), other.chars().take(40).collect());
    let width = other.len() + 1;
    let mut table = vec![0; (one.len() + 1) * width];
    for i in 0..=one.len() {
        for j in 0..=other.len() {
            table[i * width + j] = if i == 0 || j == 0 {
                i + j
            } else {
                let change = usize::from(one[i - 1] != other[j - 1]);
                let mut best = (table[(i - 1) * width + j] + 1)
                    .min(table[i * width + j - 1] + 1)
                    .min(table[(i - 1) * width + j - 1] + change);
                if i > 1 && j > 1 && one[i - 1] == other[j - 2] && one[i - 2] == other[j - 1] {
                    best = best.min(table[(i - 2) * width + j - 2] + 1);
                }
                best
            };
        }
    }
    table[one.len() * width + other.len()]
}
