//! Words of a line. Every byte of the text belongs to a word, to a space, or to a comment, so nothing is ever lost.

use crate::diagnostic::Span;

/// What a token is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum TokenKind {
    /// A name, a number, a range: `c1`, `20s`, `5ms..20ms`, `store.x`.
    Word,
    /// A text in quotation marks.
    Text,
    /// `|`, `=`, `<=`, `->`, `<->` and the like.
    Sign,
}

/// A word of a line and its place in the text.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Token {
    /// What it is.
    pub kind: TokenKind,
    /// Where it stands, in bytes; quotation marks included.
    pub span: Span,
    /// False for a text whose second quotation mark is missing.
    pub closed: bool,
}

/// One line: its words, and its comment.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Line {
    /// Counted from 1.
    pub number: u32,
    /// Where it stands, without the end of the line.
    pub span: Span,
    /// Its words.
    pub tokens: Vec<Token>,
    /// Its comment, with the `#`.
    pub comment: Option<Span>,
}

const SIGNS: [&str; 10] = ["<->", "->", "<=", ">=", "!=", "|", "=", "<", ">", ":"];
/// What they begin with.
const BEGINS: [char; 7] = ['<', '-', '>', '!', '|', '=', ':'];

/// Cuts a text into lines and words.
#[must_use]
pub fn lex(text: &str) -> Vec<Line> {
    let mut lines = Vec::new();
    let mut start = 0;
    for (index, raw) in text.split('\n').enumerate() {
        let content = raw.strip_suffix('\r').unwrap_or(raw);
        // A mark that some editors put before a text.
        let text = content.strip_prefix('\u{feff}').filter(|_| index == 0).unwrap_or(content);
        lines.push(line(text, index as u32 + 1, start + content.len() - text.len()));
        start += raw.len() + 1;
    }
    lines
}

fn line(content: &str, number: u32, start: usize) -> Line {
    let mut tokens = Vec::new();
    let mut comment = None;
    let mut rest = content;
    let at = |rest: &str| start + content.len() - rest.len();
    loop {
        rest = rest.trim_start();
        let Some(first) = rest.chars().next() else { break };
        if first == '#' {
            comment = Some(Span::new(at(rest), start + content.len()));
            break;
        }
        let (kind, length, closed) = if first == '"' {
            let (length, closed) = quoted(rest);
            (TokenKind::Text, length, closed)
        } else if let Some(sign) = SIGNS.iter().find(|sign| rest.starts_with(**sign)) {
            (TokenKind::Sign, sign.len(), true)
        } else {
            (TokenKind::Word, word(rest), true)
        };
        tokens.push(Token { kind, span: Span::new(at(rest), at(rest) + length), closed });
        rest = &rest[length..];
    }
    Line { number, span: Span::new(start, start + content.len()), tokens, comment }
}

/// The length of a text in quotation marks; `\"` and `\\` stand for themselves.
fn quoted(rest: &str) -> (usize, bool) {
    let mut escaped = false;
    for (place, letter) in rest.char_indices().skip(1) {
        match letter {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return (place + 1, true),
            _ => {}
        }
    }
    (rest.len(), false)
}

/// The length of a word. `-30ms` and `5ms..20ms` are words; `n1->n2` is a word, a sign, a word.
fn word(rest: &str) -> usize {
    rest.char_indices()
        .skip(1)
        .find(|(place, letter)| {
            letter.is_whitespace()
                || *letter == '"'
                || (*letter == '#' && rest[..*place].ends_with(char::is_whitespace))
                || (BEGINS.contains(letter) && SIGNS.iter().any(|sign| rest[*place..].starts_with(sign)))
        })
        .map_or(rest.len(), |(place, _)| place)
}

/// What a text in quotation marks says.
#[must_use]
pub fn unquote(text: &str) -> String {
    let inner = text.strip_prefix('"').unwrap_or(text);
    let inner = inner.strip_suffix('"').filter(|inner| !ends_escaped(inner)).unwrap_or(inner);
    let mut out = String::with_capacity(inner.len());
    let mut letters = inner.chars();
    while let Some(letter) = letters.next() {
        out.push(if letter == '\\' { letters.next().unwrap_or('\\') } else { letter });
    }
    out
}

/// A text as the language writes it.
#[must_use]
pub fn quote(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\"").replace(['\n', '\r'], " "))
}

fn ends_escaped(inner: &str) -> bool {
    inner.chars().rev().take_while(|letter| *letter == '\\').count() % 2 == 1
}
