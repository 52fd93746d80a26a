//! Names and values of what can be looked into: a node, a message, an operation.

use alloc::borrow::Cow;
use alloc::vec::Vec;

use crate::unit::{EnvelopeId, NodeId, OpId, Value};

/// What can be looked into.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Subject {
    /// A node's state.
    Node(NodeId),
    /// A message in flight.
    Message(EnvelopeId),
    /// A client's operation.
    Operation(OpId),
}

/// A table of names and values, in the order of a reader's interest.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Fields {
    rows: Vec<(Cow<'static, str>, Value)>,
}

impl Fields {
    /// Adds a row. A name that stands in the program is not copied: whoever searches looks at every node after most steps.
    pub fn add(&mut self, name: impl Into<Cow<'static, str>>, value: impl Into<Value>) {
        self.rows.push((name.into(), value.into()));
    }

    /// The value of this name.
    #[must_use]
    pub fn find(&self, name: &str) -> Option<&Value> {
        self.rows.iter().find(|(row, _)| row == name).map(|(_, value)| value)
    }

    /// The same, and its place, where rows before `from` are looked at last: names that come in their order are found at once.
    #[must_use]
    pub fn find_from(&self, name: &str, from: usize) -> Option<(usize, &Value)> {
        let (first, rest) = self.rows.split_at_checked(from)?;
        let at = rest.iter().position(|(row, _)| row == name).map(|place| from + place);
        let place = at.or_else(|| first.iter().position(|(row, _)| row == name))?;
        Some((place, &self.rows[place].1))
    }

    /// The rows in order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.rows.iter().map(|(name, value)| (&**name, value))
    }

    /// Forgets all rows, keeps the memory.
    pub fn clear(&mut self) {
        self.rows.clear();
    }
}

/// What can be looked into field by field.
pub trait Inspect {
    /// The place of this message or timer among the lab's kinds.
    fn kind(&self) -> u8 {
        0
    }

    /// Adds names and values. A name that the lab's [`FieldInfo`](crate::lab::FieldInfo) declares can be read by
    /// `expect NODE.FIELD`.
    fn fields(&self, out: &mut Fields);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_found_wherever_one_begins() {
        let mut fields = Fields::default();
        for (name, value) in [("role", 1_u32), ("term", 2), ("last", 3)] {
            fields.add(name, value);
        }
        for from in 0..=3 {
            let found = fields.find_from("term", from);
            assert_eq!(found, Some((1, &Value::Int(2))), "from {from}");
            assert_eq!(fields.find_from("commit", from), None);
        }
        assert_eq!(fields.find_from("term", 4), None, "there is no such row to begin at");
    }
}
