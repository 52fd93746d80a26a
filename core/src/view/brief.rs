//! Texts that have to fit.

use alloc::string::String;
use core::fmt;

use crate::unit::{Value, Word};

/// As much of these words as fits, in letters.
pub(crate) fn fit(words: fmt::Arguments<'_>, most: usize) -> String {
    brief(&alloc::fmt::format(words), most)
}

/// As much of a value as fits, in letters.
#[inline(never)]
pub(crate) fn value_in(most: usize, value: &Value) -> String {
    fit(format_args!("{value}"), most)
}

/// A key and its value, `x=1`, each cut to so many letters.
#[inline(never)]
pub(crate) fn pair(key: &Word, letters: usize, value: &Value, most: usize) -> String {
    brief(key.as_str(), letters) + "=" + &value_in(most, value)
}

/// A text behind a word: `stamp.x`.
#[inline(never)]
pub(crate) fn behind(word: &str, text: &str) -> String {
    String::from(word) + text
}

/// As much of a text as fits, in letters.
pub(crate) fn brief(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.into();
    }
    text.chars().take(most - 1).chain(['…']).collect()
}
