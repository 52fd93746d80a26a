//! Texts that have to fit.

use alloc::string::String;
use core::fmt;

/// As much of these words as fits, in letters.
pub(crate) fn fit(words: fmt::Arguments<'_>, most: usize) -> String {
    brief(&alloc::fmt::format(words), most)
}

/// As much of a text as fits, in letters.
pub(crate) fn brief(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.into();
    }
    text.chars().take(most - 1).chain(['…']).collect()
}
