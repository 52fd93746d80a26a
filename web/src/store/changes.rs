//! What was changed in the text, by typing and by clicks alike, and the way back. A browser's own undo knows of no click, and
//! forgets what was typed as soon as a click writes into the field.

use splitbrain_scenarios::Span;
use splitbrain_scenarios::edit::Edit;

/// Changes that can be taken back.
const MOST: usize = 500;

/// The change that makes one text of another: what lies between the beginning and the end that both share.
pub(crate) fn between(old: &str, new: &str) -> Edit {
    let (a, b) = (old.as_bytes(), new.as_bytes());
    let mut start = a.iter().zip(b).take_while(|(a, b)| a == b).count();
    while !(old.is_char_boundary(start) && new.is_char_boundary(start)) {
        start -= 1;
    }
    let most = a.len().min(b.len()) - start;
    let same = a.iter().rev().zip(b.iter().rev()).take(most).take_while(|(a, b)| a == b);
    let mut end = same.count();
    while !old.is_char_boundary(a.len() - end) {
        end -= 1;
    }
    Edit { span: Span::new(start, a.len() - end), text: new[start..b.len() - end].to_owned() }
}

/// Every change of a text so far, as the change that takes it back.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(crate) struct Changes {
    past: Vec<Edit>,
    future: Vec<Edit>,
    /// The last change was typed, and what is typed next may belong to it.
    typing: bool,
}

impl Changes {
    /// Whether there is nothing to take back.
    pub(crate) fn is_empty(&self) -> bool {
        self.past.is_empty()
    }

    /// Takes note of a change that this text is about to undergo.
    pub(crate) fn note(&mut self, text: &str, edit: &Edit, typed: bool) {
        self.future.clear();
        let goes_on = typed && std::mem::replace(&mut self.typing, typed);
        if goes_on && self.past.last_mut().is_some_and(|last| joined(last, edit, text)) {
            return;
        }
        if self.past.len() == MOST {
            self.past.remove(0);
        }
        self.past.push(edit.inverse(text));
    }

    /// The change that takes the last one back, or brings back what was taken back last.
    pub(crate) fn step(&mut self, text: &str, back: bool) -> Option<Edit> {
        let (from, to) =
            if back { (&mut self.past, &mut self.future) } else { (&mut self.future, &mut self.past) };
        let edit = from.pop()?;
        to.push(edit.inverse(text));
        self.typing = false;
        Some(edit)
    }
}

/// Makes one change of two, where letters are typed or deleted one behind the other on one line.
fn joined(last: &mut Edit, edit: &Edit, text: &str) -> bool {
    let (start, end) = (edit.span.start, edit.span.end);
    if start == end {
        let joins = start == last.span.end
            && edit.text.chars().nth(1).is_none()
            && !last.span.of(text).ends_with('\n')
            && last.span.start < last.span.end;
        if joins {
            last.span.end += edit.text.len() as u32;
        }
        return joins;
    }
    if !edit.text.is_empty() || end != last.span.end {
        return false;
    }
    if start < last.span.start {
        last.text.insert_str(0, Span { start, end: last.span.start }.of(text));
        last.span.start = start;
    }
    last.span.end = start;
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A text with its changes, as the page keeps them.
    struct Field(String, Changes);

    impl Field {
        fn change(&mut self, new: &str, typed: bool) {
            let edit = between(&self.0, new);
            self.1.note(&self.0, &edit, typed);
            self.0 = edit.apply(&self.0);
            assert_eq!(self.0, new);
        }

        fn typed(&mut self, letters: &str) {
            for letter in letters.chars() {
                let new = format!("{}{letter}", self.0);
                self.change(&new, true);
            }
        }

        fn step(&mut self, back: bool) -> &str {
            if let Some(edit) = self.1.step(&self.0, back) {
                self.0 = edit.apply(&self.0);
            }
            &self.0
        }
    }

    #[test]
    fn a_change_is_what_lies_between_the_ends_that_stay() {
        for (old, new) in
            [("", ""), ("", "aé"), ("aé", ""), ("é", "è"), ("日本", "日x本"), ("aa", "aaa"), ("aaaa", "aa")]
        {
            let edit = between(old, new);
            assert_eq!(edit.apply(old), new);
            assert_eq!(edit.inverse(old).apply(new), old);
        }
        assert_eq!(between("seed 7", "seed 9"), Edit { span: Span::new(5, 6), text: "9".into() });
    }

    #[test]
    fn undo_goes_back_over_letters_and_clicks_in_their_order_and_redo_forward_again() {
        let mut field = Field("seed 7\n".into(), Changes::default());
        field.typed("at 1s é");
        field.change("seed 8\nat 1s é", false);
        field.typed("!\nmore");
        assert_eq!(field.step(true), "seed 8\nat 1s é!\n");
        assert_eq!(field.step(true), "seed 8\nat 1s é");
        assert_eq!(field.step(true), "seed 7\nat 1s é");
        assert_eq!(field.step(true), "seed 7\n");
        assert!(field.1.is_empty());
        assert_eq!(field.step(true), "seed 7\n");
        let again: Vec<String> = (0..5).map(|_| field.step(false).to_owned()).collect();
        assert_eq!(again[1..4], ["seed 8\nat 1s é", "seed 8\nat 1s é!\n", "seed 8\nat 1s é!\nmore"]);
    }

    #[test]
    fn letters_that_are_deleted_come_back_together() {
        let mut field = Field("store".into(), Changes::default());
        for text in ["stor", "sto", "st"] {
            field.change(text, true);
        }
        assert_eq!(field.step(true), "store");
        field.typed("xyz");
        field.change("storexy", true);
        field.change("stor", true);
        assert_eq!(field.step(true), "store");
    }

    #[test]
    fn what_is_typed_ends_what_could_be_brought_back() {
        let mut field = Field(String::new(), Changes::default());
        field.typed("ab");
        field.step(true);
        field.typed("c");
        assert_eq!(field.step(false), "c");
    }
}
