//! What there is to see of a node or a message, as names and values; and in what two such tables differ, line by line.

use splitbrain_core::lab::Run;
use splitbrain_core::view::{Fields, Subject};

/// Names and values, in the order of a reader's interest. A name may come more than once.
pub(crate) type Rows = Vec<(String, String)>;

/// What the lab says of something, in its own names.
pub(crate) fn fields(run: &dyn Run, subject: Subject) -> Rows {
    let mut out = Fields::default();
    run.inspect(subject, &mut out);
    out.iter().map(|(name, value)| (name.to_owned(), value.to_string())).collect()
}

/// A line of both tables.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Line {
    pub(crate) name: String,
    /// The value one record before, where there was one.
    pub(crate) was: Option<String>,
    /// The value now, where there is one.
    pub(crate) now: Option<String>,
}

impl Line {
    /// What became of it, in a word; nothing where it stayed as it was.
    pub(crate) fn change(&self) -> Option<&'static str> {
        match (&self.was, &self.now) {
            (None, Some(_)) => Some("new"),
            (Some(_), None) => Some("gone"),
            (was, now) => (was != now).then_some("changed"),
        }
    }
}

/// The lines of both tables, in the order of the second. What is gone stands where it stood.
pub(crate) fn compare(before: &[(String, String)], now: &[(String, String)]) -> Vec<Line> {
    let mut left: Vec<Option<&(String, String)>> = before.iter().map(Some).collect();
    let mut lines: Vec<(Option<usize>, Line)> = Vec::new();
    for (name, value) in now {
        // The first of this name that is not taken: what comes twice is compared in its order.
        let place = left.iter().position(|row| row.is_some_and(|(other, _)| other == name));
        let was = place.and_then(|place| left[place].take()).map(|(_, was)| was.clone());
        lines.push((place, Line { name: name.clone(), was, now: Some(value.clone()) }));
    }
    for (place, row) in left.into_iter().enumerate() {
        let Some((name, was)) = row else { continue };
        let after = lines.iter().rposition(|(other, _)| other.is_some_and(|other| other < place));
        let line = Line { name: name.clone(), was: Some(was.clone()), now: None };
        lines.insert(after.map_or(0, |after| after + 1), (Some(place), line));
    }
    lines.into_iter().map(|(_, line)| line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(pairs: &[(&str, &str)]) -> Rows {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    fn told(before: &[(&str, &str)], now: &[(&str, &str)]) -> Vec<(String, Option<&'static str>)> {
        compare(&rows(before), &rows(now))
            .into_iter()
            .map(|line| (line.name.clone(), line.change()))
            .collect()
    }

    #[test]
    fn what_stays_changes_comes_and_goes_is_told_apart() {
        let before = [("term", "2"), ("leader", "n1"), ("x", "1"), ("y", "2")];
        let now = [("term", "3"), ("leader", "n1"), ("y", "2"), ("z", "9")];
        let is = |name: &str, change| (name.to_owned(), change);
        assert_eq!(
            told(&before, &now),
            [
                is("term", Some("changed")),
                is("leader", None),
                is("x", Some("gone")),
                is("y", None),
                is("z", Some("new"))
            ]
        );
        assert!(told(&now, &now).iter().all(|(_, change)| change.is_none()));
    }

    #[test]
    fn everything_can_come_and_go_and_a_name_can_come_twice() {
        assert_eq!(told(&[], &[("a", "1")]), [("a".to_owned(), Some("new"))]);
        assert_eq!(told(&[("a", "1")], &[]), [("a".to_owned(), Some("gone"))]);
        let twice = told(&[("n1", "a"), ("n1", "b")], &[("n1", "a"), ("n1", "c")]);
        assert_eq!(twice, [("n1".to_owned(), None), ("n1".to_owned(), Some("changed"))]);
    }
}
