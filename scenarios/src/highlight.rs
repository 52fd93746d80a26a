//! What each word of a text is, for the colours of an editor, and what could stand at a place.

use crate::diagnostic::Span;
use crate::lexer::{TokenKind, lex};
use crate::statement::{self, Place};

/// What a part of a text is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Class {
    /// A word of the language.
    Keyword,
    /// A time, a share, a number.
    Number,
    /// A text in quotation marks, a title.
    Text,
    /// `->`, `|`, `=` and the like.
    Sign,
    /// Everything behind a `#`.
    Comment,
    /// A name of the lab or of a person's own.
    Name,
}

/// The parts of a text that are more than space, in order.
#[must_use]
pub fn highlight(text: &str) -> Vec<(Span, Class)> {
    let mut parts = Vec::new();
    for line in lex(text) {
        let free = line.tokens.first().is_some_and(|first| matches!(first.span.of(text), "title" | "about"));
        for (place, token) in line.tokens.iter().enumerate() {
            let word = token.span.of(text);
            let class = match token.kind {
                _ if free && place > 0 => Class::Text,
                TokenKind::Text => Class::Text,
                TokenKind::Sign => Class::Sign,
                TokenKind::Word if word.starts_with(|first: char| first.is_ascii_digit() || first == '-') => {
                    Class::Number
                }
                TokenKind::Word if is_keyword(word) => Class::Keyword,
                TokenKind::Word => Class::Name,
            };
            parts.push((token.span, class));
        }
        parts.extend(line.comment.map(|span| (span, Class::Comment)));
    }
    parts
}

fn is_keyword(word: &str) -> bool {
    const SMALL: [&str; 16] = [
        "for", "from", "to", "until", "at", "by", "on", "off", "if", "next", "nd", "times", "any", "when",
        "after", "not",
    ];
    let stated = |place| statement::find(word, place).is_some();
    SMALL.contains(&word) || [Place::Setup, Place::When, Place::What, Place::Expect].into_iter().any(stated)
}
