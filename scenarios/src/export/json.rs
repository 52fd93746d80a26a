//! JSON of texts, whole numbers, lists and objects. `serde_json`'s own value can hold every float as well, and brings tables for
//! them that weigh as much in the page as all exports do.

use std::collections::BTreeMap;
use std::fmt;

use serde::Serialize;

/// A value.
#[derive(Clone, Debug, Serialize)]
#[serde(untagged)]
pub(super) enum Json {
    Nothing,
    Number(u64),
    Word(String),
    List(Vec<Json>),
    /// In the order of its keys.
    Object(BTreeMap<String, Json>),
}

impl Json {
    pub(super) fn is_nothing(&self) -> bool {
        matches!(self, Self::Nothing)
    }
}

/// An object of these keys and values.
macro_rules! object {
    ($($key:literal : $value:expr),* $(,)?) => {
        $crate::export::json::Json::Object(
            [$(($key.to_owned(), $crate::export::json::Json::from($value))),*].into_iter().collect()
        )
    };
}
pub(super) use object;

/// A list of these values.
macro_rules! list {
    ($($value:expr),* $(,)?) => {
        $crate::export::json::Json::List(vec![$($crate::export::json::Json::from($value)),*])
    };
}
pub(super) use list;

impl fmt::Display for Json {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&written(self))
    }
}

/// As text. Objects of texts, numbers and lists can always be written.
pub(super) fn written(object: &impl Serialize) -> String {
    serde_json::to_string(object).unwrap_or_default()
}

impl From<&str> for Json {
    fn from(word: &str) -> Self {
        Self::Word(word.to_owned())
    }
}

impl From<String> for Json {
    fn from(word: String) -> Self {
        Self::Word(word)
    }
}

impl From<u32> for Json {
    fn from(number: u32) -> Self {
        Self::Number(number.into())
    }
}

impl From<u64> for Json {
    fn from(number: u64) -> Self {
        Self::Number(number)
    }
}

impl From<usize> for Json {
    fn from(number: usize) -> Self {
        Self::Number(number as u64)
    }
}

impl From<Option<u32>> for Json {
    fn from(number: Option<u32>) -> Self {
        number.map_or(Self::Nothing, Self::from)
    }
}

impl From<Vec<Self>> for Json {
    fn from(values: Vec<Self>) -> Self {
        Self::List(values)
    }
}
