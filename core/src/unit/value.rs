//! The values that clients write and read.

use alloc::borrow::Cow;
use alloc::rc::Rc;
use alloc::string::String;
use core::cmp::Ordering;
use core::fmt;
use core::hash::{Hash, Hasher};

use crate::kit::put_in_order;

/// A short name or text, kept in place: a key, a value, the name of a field.
///
/// Its bytes, then zeros, then its length: two machine words that are compared and hashed as such, for keys are looked up all
/// the time.
#[derive(Clone, Copy, PartialEq, Eq, Default)]
pub struct Word([u8; 16]);

/// A text longer than [`Word::LIMIT`] bytes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct WordTooLong;

impl Word {
    /// The longest word, in bytes of UTF-8.
    pub const LIMIT: usize = 15;

    /// A word of this text.
    ///
    /// # Errors
    /// Where the text is longer than [`Word::LIMIT`] bytes.
    pub fn new(text: &str) -> Result<Self, WordTooLong> {
        let mut bytes = [0; Self::LIMIT + 1];
        bytes[..Self::LIMIT].get_mut(..text.len()).ok_or(WordTooLong)?.copy_from_slice(text.as_bytes());
        bytes[Self::LIMIT] = text.len() as u8;
        Ok(Self(bytes))
    }

    /// A word of this text, cut where it is too long. For names that the code itself gives.
    #[must_use]
    pub fn of(text: &str) -> Self {
        let mut end = text.len().min(Self::LIMIT);
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        Self::new(&text[..end]).unwrap_or_default()
    }

    /// The name of one of many, such as `n3`: a letter of ASCII, and its number.
    #[must_use]
    pub(crate) fn numbered(letter: u8, number: u8) -> Self {
        let digits = [number / 100, number / 10 % 10, number % 10];
        let first = digits.iter().position(|digit| *digit > 0).unwrap_or(2);
        let mut bytes = [0; Self::LIMIT + 1];
        bytes[0] = letter;
        for (byte, digit) in bytes[1..].iter_mut().zip(&digits[first..]) {
            *byte = b'0' + digit;
        }
        bytes[Self::LIMIT] = (1 + digits.len() - first) as u8;
        Self(bytes)
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        core::str::from_utf8(&self.0[..usize::from(self.0[Self::LIMIT])]).unwrap_or_default()
    }

    /// The two machine words, the first bytes the lowest.
    const fn halves(&self) -> (u64, u64) {
        let all = u128::from_le_bytes(self.0);
        (all as u64, (all >> 64) as u64)
    }
}

impl PartialOrd for Word {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Word {
    fn cmp(&self, other: &Self) -> Ordering {
        // The first byte that differs decides. WebAssembly cannot turn the bytes of a machine word round.
        let (mine, its) = (self.halves(), other.halves());
        let (mine, its) = if mine.0 == its.0 { (mine.1, its.1) } else { (mine.0, its.0) };
        let place = (mine ^ its).trailing_zeros() & 56;
        ((mine >> place) as u8).cmp(&((its >> place) as u8))
    }
}

impl Hash for Word {
    fn hash<H: Hasher>(&self, state: &mut H) {
        let (first, last) = self.halves();
        state.write_u64(first.swap_bytes());
        state.write_u64(last.swap_bytes());
    }
}

impl fmt::Display for Word {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.as_str())
    }
}

impl fmt::Debug for Word {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.as_str(), out)
    }
}

/// A value of the system under study.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub enum Value {
    /// Nothing was ever written, or it was deleted.
    #[default]
    Nil,
    /// A whole number.
    Int(i64),
    /// A short text.
    Word(Word),
    /// Several values at once, in order and without repetition: concurrent siblings.
    Set(Rc<[Value]>),
    /// Values one after the other, as they were appended.
    List(Rc<[Value]>),
}

impl Value {
    /// One value of several: none gives [`Value::Nil`], one gives itself.
    #[must_use]
    pub fn set(mut values: alloc::vec::Vec<Self>) -> Self {
        // There are two or three.
        put_in_order(&mut values, Self::clone);
        values.dedup();
        match values.len() {
            0 => Self::Nil,
            1 => values.swap_remove(0),
            _ => Self::Set(values.into()),
        }
    }

    /// The list that appending gives. Nothing and one more is that one; a value and one more are two.
    #[must_use]
    pub fn appended(&self, more: &Self) -> Self {
        match self {
            Self::Nil => more.clone(),
            Self::List(values) => Self::List(values.iter().chain([more]).cloned().collect()),
            one => Self::List([one, more].into_iter().cloned().collect()),
        }
    }

    /// Reads a value as a person types it: `nil`, a whole number, a word, or several of these with commas between; and
    /// several of all these at once, with `|` between.
    ///
    /// # Errors
    /// Where a word is too long.
    pub fn parse(text: &str) -> Result<Self, WordTooLong> {
        if text == "nil" {
            return Ok(Self::Nil);
        }
        if text.contains('|') {
            return text
                .split('|')
                .map(|one| Self::parse(one.trim()))
                .collect::<Result<_, _>>()
                .map(Self::set);
        }
        if text.contains(',') {
            return text.split(',').map(Self::parse).collect::<Result<Rc<[Self]>, _>>().map(Self::List);
        }
        match text.parse() {
            Ok(number) => Ok(Self::Int(number)),
            Err(_) => Word::new(text).map(Self::Word),
        }
    }
}

fn joined(values: &[Value], between: &str, out: &mut fmt::Formatter<'_>) -> fmt::Result {
    for (index, value) in values.iter().enumerate() {
        write!(out, "{}{value}", if index == 0 { "" } else { between })?;
    }
    Ok(())
}

impl fmt::Display for Value {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Nil => out.write_str("nil"),
            Self::Int(number) => write!(out, "{number}"),
            Self::Word(word) => write!(out, "{word}"),
            Self::Set(values) => joined(values, " | ", out),
            Self::List(values) => joined(values, ",", out),
        }
    }
}

impl From<i64> for Value {
    fn from(number: i64) -> Self {
        Self::Int(number)
    }
}

impl From<u32> for Value {
    fn from(number: u32) -> Self {
        Self::Int(i64::from(number))
    }
}

impl From<Word> for Value {
    fn from(word: Word) -> Self {
        Self::Word(word)
    }
}

/// A key is the name of the field that shows what it holds.
impl From<Word> for Cow<'static, str> {
    fn from(word: Word) -> Self {
        Self::Owned(String::from(word.as_str()))
    }
}

impl From<bool> for Value {
    fn from(yes: bool) -> Self {
        Self::Word(Word::of(if yes { "yes" } else { "no" }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_of_many_has_its_number_in_its_name() {
        for number in 0..=u8::MAX {
            assert_eq!(Word::numbered(b'n', number).as_str(), alloc::format!("n{number}"));
        }
    }

    #[test]
    fn words_have_the_order_of_their_texts() {
        let texts =
            ["", "a", "ab", "abcdefgh", "abcdefghi", "abcdefgz", "abd", "b", "x", "xyz", "é", "žluťoučký"];
        for one in texts {
            for other in texts {
                assert_eq!(Word::of(one).cmp(&Word::of(other)), one.cmp(other), "{one} and {other}");
            }
        }
    }
}
