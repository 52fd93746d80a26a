//! The one way to write a scenario.
//!
//! Set-up words are padded to one column. In a block of cues, which no empty line divides, what happens stands in one column.
//! Words are one space apart, empty lines come singly, and what is not understood is left as it is.

use crate::columns::{self, Column, Row, aligned};
use crate::lexer::{Line, TokenKind, lex};
use crate::plan;
use crate::statement::{self, Id, Place};
use crate::words::{Words, World};

/// What a line is made of.
struct Piece {
    /// The set-up word, or when a cue happens.
    head: String,
    /// What stands behind it, and the comment.
    rest: String,
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
    aligned(&rows(&pieces(text)))
}

/// A scenario in its canonical form, with a sign in place of the spaces before each column: [`unpacked`](crate::unpacked) puts them
/// back.
#[must_use]
pub fn packed(text: &str) -> String {
    columns::packed(&rows(&pieces(text)))
}

/// The lines of a text, in order; of empty ones one at a time, and none at the beginning and the end.
fn pieces(text: &str) -> Vec<Piece> {
    let lines = lex(text);
    let scene = plan::scene(text, &lines);
    let world = scene.as_ref().map(|(info, roster)| World { text, info, roster, ear: None });
    let mut pieces = Vec::<Piece>::new();
    for line in &lines {
        let piece = piece(text, line, world);
        if piece.kind != Kind::Empty || pieces.last().is_some_and(|last| last.kind != Kind::Empty) {
            pieces.push(piece);
        }
    }
    pieces.pop_if(|last| last.kind == Kind::Empty);
    pieces
}

fn rows(pieces: &[Piece]) -> Vec<Row<'_>> {
    let column = |kind| match kind {
        Kind::Setup => Column::Setup,
        Kind::Cue => Column::Cue,
        Kind::Empty | Kind::Comment | Kind::Expect | Kind::Unknown => Column::Next,
    };
    pieces
        .iter()
        .map(|piece| Row { head: &piece.head, column: column(piece.kind), rest: &piece.rest })
        .collect()
}

fn piece(text: &str, line: &Line, world: Option<World<'_>>) -> Piece {
    let comment = line.comment.map(|span| span.of(text).trim_end().to_owned()).unwrap_or_default();
    let Some(first) = line.tokens.first() else {
        let kind = if comment.is_empty() { Kind::Empty } else { Kind::Comment };
        return Piece { head: String::new(), rest: comment, kind };
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
    if comment.is_empty() {
        Piece { head, rest, kind }
    } else if rest.is_empty() {
        // A comment stands in no column.
        Piece { head: String::new(), rest: format!("{head}  {comment}"), kind }
    } else {
        Piece { head, rest: format!("{rest}  {comment}"), kind }
    }
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
    use super::{format, packed};
    use crate::{catalog, unpacked};

    #[test]
    fn words_and_columns_are_put_in_order_and_texts_are_left_alone() {
        let text = "lab lease\ntitle  A   title\n\n\n at 1s c1 write x 1#no comment here\nwhen c1 checked-lease   pause c1   for 20s # why\nthen say \"two  spaces\"\nexpect store.x=2";
        assert_eq!(
            format(text),
            "lab      lease\ntitle    A   title\n\nat 1s                 c1 write x 1#no comment here\nwhen c1 checked-lease pause c1 for 20s  # why\nthen                  say \"two  spaces\"\nexpect store.x = 2\n"
        );
    }

    #[test]
    fn columns_come_back_where_they_were() {
        for canned in catalog::shelves().flat_map(|shelf| shelf.scenarios) {
            let packed = packed(canned.text);
            assert!(packed.len() < canned.text.len(), "{}", canned.name);
            assert_eq!(unpacked(&packed), canned.text, "{}", canned.name);
        }
    }

    #[test]
    fn a_comment_stands_in_no_column() {
        let text = "lab lease # one\n\nat 1s # two\nwhen c1 answered crash c1\n  # three\nat   # four";
        let right = "lab      lease  # one\n\nat 1s  # two\nwhen c1 answered crash c1\n# three\nat  # four\n";
        assert_eq!(format(text), right);
        assert_eq!(format(right), right);
    }

    #[test]
    fn what_is_not_understood_stays() {
        let text = "lab lease\nfrobnicate   the  thing  # yes\nat 1s ask \"open";
        let once = format(text);
        assert_eq!(once, "lab      lease\nfrobnicate   the  thing  # yes\nat 1s ask \"open\n");
        assert_eq!(format(&once), once);
    }
}
