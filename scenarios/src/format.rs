//! The one way to write a scenario.
//!
//! Set-up words are padded to one column. In a block of cues, which no empty line divides, what happens stands in one column.
//! Words are one space apart, empty lines come singly, and what is not understood is left as it is.

use crate::lexer::{Line, TokenKind, lex};
use crate::plan;
use crate::statement::{self, Id, Place};
use crate::words::{Words, World};

/// The width of a set-up word with the space behind it.
const SETUP: usize = 9;
/// The widest "when" that still pushes a block to the right.
const WIDEST: usize = 32;

/// What a line is made of.
struct Piece {
    /// The set-up word, or when a cue happens.
    head: String,
    rest: String,
    comment: String,
    kind: Kind,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Empty,
    Comment,
    Setup,
    Cue,
    Expect,
    Unknown,
}

/// Writes a scenario in its canonical form. Formatting twice changes nothing.
#[must_use]
pub fn format(text: &str) -> String {
    let lines = lex(text);
    let scene = plan::scene(text, &lines);
    let world = scene.as_ref().map(|(info, roster)| World { text, info, roster, ear: None });
    let pieces: Vec<_> = lines.iter().map(|line| piece(text, line, world)).collect();
    let mut out = String::with_capacity(text.len());
    let mut empty = true;
    for (place, piece) in pieces.iter().enumerate() {
        if piece.kind == Kind::Empty {
            if !empty {
                out.push('\n');
            }
            empty = true;
            continue;
        }
        empty = false;
        let width = match piece.kind {
            Kind::Setup => SETUP,
            Kind::Cue => column(&pieces, place),
            _ => 0,
        };
        let mut line = piece.head.clone();
        if !piece.rest.is_empty() {
            if !line.is_empty() {
                line = format!("{line:<width$}", width = width.saturating_sub(1)) + " ";
            }
            line.push_str(&piece.rest);
        }
        if !piece.comment.is_empty() {
            line.push_str(if line.is_empty() { "" } else { "  " });
            line.push_str(&piece.comment);
        }
        out.push_str(line.trim_end());
        out.push('\n');
    }
    while out.ends_with("\n\n") {
        out.pop();
    }
    out
}

/// The column of what happens, for the block of cues around a line.
fn column(pieces: &[Piece], place: usize) -> usize {
    let of_block = |piece: &&Piece| piece.kind != Kind::Empty;
    let before = pieces[..place].iter().rev().take_while(of_block);
    let after = pieces[place..].iter().take_while(of_block);
    let widths =
        before.chain(after).filter(|piece| piece.kind == Kind::Cue).map(|piece| piece.head.chars().count());
    widths.filter(|width| *width <= WIDEST).max().unwrap_or(0) + 1
}

fn piece(text: &str, line: &Line, world: Option<World<'_>>) -> Piece {
    let comment = line.comment.map(|span| span.of(text).trim_end().to_owned()).unwrap_or_default();
    let Some(first) = line.tokens.first() else {
        let kind = if comment.is_empty() { Kind::Empty } else { Kind::Comment };
        return Piece { head: String::new(), rest: String::new(), comment, kind };
    };
    let word = first.span.of(text);
    let (setup, when) = (statement::find(word, Place::Setup), statement::find(word, Place::When));
    let (kind, heads) = match (setup, when) {
        (Some(statement), _) if statement.id == Id::Expect => (Kind::Expect, 1),
        (Some(_), _) => (Kind::Setup, 1),
        (None, Some(statement)) => match world.and_then(|world| when_words(line, world, statement.id)) {
            Some(heads) => (Kind::Cue, heads),
            None => (Kind::Unknown, 0),
        },
        (None, None) => (Kind::Unknown, 0),
    };
    let free = setup.is_some_and(|statement| matches!(statement.id, Id::Title | Id::About));
    let last = line.tokens.last().unwrap_or(first);
    let (head, rest) = match kind {
        Kind::Unknown => (String::new(), first.span.to(last.span).of(text).to_owned()),
        // The words of a title are the author's.
        _ if free => {
            let rest = line.tokens.get(1).map(|second| second.span.to(last.span).of(text).to_owned());
            (word.to_owned(), rest.unwrap_or_default())
        }
        // So are those of a caption without quotation marks.
        _ if caption(text, line, heads) => {
            let words = line.tokens[heads + 1].span.to(last.span).of(text);
            (spaced(text, line, 0, heads), format!("say {words}"))
        }
        _ => (spaced(text, line, 0, heads), spaced(text, line, heads, line.tokens.len())),
    };
    Piece { head, rest, comment, kind }
}

/// Whether what happens is `say` and words without quotation marks.
fn caption(text: &str, line: &Line, heads: usize) -> bool {
    let says = line.tokens.get(heads).is_some_and(|token| token.span.of(text) == "say");
    says && line.tokens.get(heads + 1).is_some_and(|token| token.kind != TokenKind::Text)
}

/// Words of a line, one space apart.
fn spaced(text: &str, line: &Line, from: usize, to: usize) -> String {
    let words = line.tokens[from.min(to)..to].iter();
    words.map(|token| token.span.of(text)).collect::<Vec<_>>().join(" ")
}

/// How many words of a cue say when it happens.
fn when_words(line: &Line, world: World<'_>, id: Id) -> Option<usize> {
    if line.tokens.iter().any(|token| token.kind == TokenKind::Text && !token.closed) {
        return None;
    }
    let count = match id {
        Id::Then => 1,
        Id::At | Id::After => 2,
        Id::Every => 6,
        _ => {
            let mut words = Words::new(world, line);
            words.skip();
            if id == Id::Also {
                if words.eat("after") {
                    return Some(3.min(line.tokens.len()));
                }
                words.skip();
            }
            words.fact().ok()?;
            words.position()
        }
    };
    Some(count.min(line.tokens.len()))
}

#[cfg(test)]
mod tests {
    use super::format;

    #[test]
    fn words_and_columns_are_put_in_order_and_texts_are_left_alone() {
        let text = "lab lease\ntitle  A   title\n\n\n at 1s c1 write x 1#no comment here\nwhen c1 checked-lease   pause c1   for 20s # why\nthen say \"two  spaces\"\nexpect store.x=2";
        assert_eq!(
            format(text),
            "lab      lease\ntitle    A   title\n\nat 1s                 c1 write x 1#no comment here\nwhen c1 checked-lease pause c1 for 20s  # why\nthen                  say \"two  spaces\"\nexpect store.x = 2\n"
        );
    }

    #[test]
    fn what_is_not_understood_stays() {
        let text = "lab lease\nfrobnicate   the  thing  # yes\nat 1s ask \"open";
        let once = format(text);
        assert_eq!(once, "lab      lease\nfrobnicate   the  thing  # yes\nat 1s ask \"open\n");
        assert_eq!(format(&once), once);
    }
}
