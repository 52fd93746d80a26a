//! Linearizability while the run goes on: the violation is seen at the very answer that fits no order.
//!
//! Lowe 2017 (*Testing for linearizability*, §4, just-in-time linearization): a configuration is a value and the set of
//! pending operations that have taken effect already. Operations take effect only when an answer comes that needs them to.
//! An answer that no configuration can give is a violation, and what came later cannot mend it.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use super::step;
use crate::kit::Sorted;
use crate::limit;
use crate::trace::{Action, Outcome, Verb};
use crate::unit::{OpId, Value, Word};

/// What is known of the clients' history so far.
#[derive(Clone, Debug, Default)]
pub(crate) struct Watcher {
    keys: Sorted<Word, Object>,
    /// The key of every pending operation.
    pending: Sorted<OpId, Word>,
}

/// One key.
#[derive(Clone, Debug)]
struct Object {
    /// Operations that began and whose answer is not known, with the record of their beginning.
    pending: Sorted<OpId, (Verb, u32)>,
    configurations: Vec<Configuration>,
    /// The records in which the last operation began and ended that changed the value.
    changed: Option<[u32; 2]>,
}

/// One way in which it may have been so far.
#[derive(Clone, PartialEq, Debug)]
struct Configuration {
    value: Value,
    /// Pending operations that have taken effect, with what they will answer.
    done: Sorted<OpId, Value>,
}

/// What an answer says of the history.
pub(crate) enum Said {
    Fits,
    /// It fits no order: why, and the records that it contradicts.
    Violated(String, Vec<u32>),
    /// There are too many ways in which it may have been.
    TooMany,
}

impl Watcher {
    /// An operation begins.
    pub(crate) fn begins(&mut self, op: OpId, action: Action, record: u32) {
        let nothing = || Configuration { value: Value::Nil, done: Sorted::new() };
        let fresh =
            || Object { pending: Sorted::new(), configurations: alloc::vec![nothing()], changed: None };
        self.pending.insert(op, action.key);
        self.keys.or_insert_with(action.key, fresh).pending.insert(op, (action.verb, record));
    }

    /// An operation ends. `name` is its client's.
    pub(crate) fn ends(&mut self, op: OpId, outcome: &Outcome, name: &str, record: u32) -> Said {
        let Some(key) = self.pending.get(&op).copied() else { return Said::Fits };
        let Some(object) = self.keys.get_mut(&key) else { return Said::Fits };
        let looks = matches!(object.pending.get(&op), Some((Verb::Read, _)));
        match outcome {
            // It may take effect at any time, or never.
            Outcome::Info if !looks => return Said::Fits,
            Outcome::Info => object.configurations.iter_mut().for_each(|one| {
                one.done.remove(&op);
            }),
            Outcome::Ok(_) | Outcome::Fail => {
                let Some(fits) = object.answered(op, outcome) else { return Said::TooMany };
                if !fits {
                    let said = object.contradiction(key, op, outcome, name);
                    self.pending.remove(&op);
                    return said;
                }
                if !looks && *outcome != Outcome::Fail {
                    object.changed = object.pending.get(&op).map(|(_, began)| [*began, record]);
                }
            }
        }
        object.pending.remove(&op);
        self.pending.remove(&op);
        Said::Fits
    }
}

impl Object {
    /// Keeps the configurations in which this operation can have ended so, and says whether there are any. If not, they are
    /// as they were before; nothing where there are too many.
    fn answered(&mut self, op: OpId, outcome: &Outcome) -> Option<bool> {
        if let ([one], Some((verb, _)), 1) =
            (&mut *self.configurations, self.pending.get(&op), self.pending.len())
            && one.done.is_empty()
            && let Outcome::Ok(_) = outcome
        {
            // Nothing else is pending: it takes effect now.
            let Some((value, _)) = step(&one.value, verb, Some(outcome)) else { return Some(false) };
            one.value = value;
            return Some(true);
        }
        let left = self.left(op, outcome)?;
        let fits = !left.is_empty();
        if fits {
            self.configurations = left;
        }
        Some(fits)
    }

    /// The configurations in which this operation has ended so. Nothing where there are too many.
    fn left(&self, op: OpId, outcome: &Outcome) -> Option<Vec<Configuration>> {
        let Outcome::Ok(answer) = outcome else {
            let without = self.configurations.iter().filter(|one| !one.done.contains(&op));
            return Some(without.cloned().collect());
        };
        let mut work = self.configurations.clone();
        let mut seen = work.clone();
        let mut left: Vec<Configuration> = Vec::new();
        while let Some(mut one) = work.pop() {
            if let Some(told) = one.done.remove(&op) {
                if told == *answer && !left.contains(&one) {
                    left.push(one);
                }
                continue;
            }
            for (other, (verb, _)) in &self.pending {
                if one.done.contains(other) {
                    continue;
                }
                let known = (*other == op).then_some(outcome);
                let Some((value, told)) = step(&one.value, verb, known) else { continue };
                let mut next = Configuration { value, done: one.done.clone() };
                next.done.insert(*other, told);
                if !seen.contains(&next) {
                    if seen.len() >= limit::CONFIGURATIONS_AT_ONCE {
                        return None;
                    }
                    seen.push(next.clone());
                    work.push(next);
                }
            }
        }
        Some(left)
    }

    fn contradiction(&self, key: Word, op: OpId, outcome: &Outcome, name: &str) -> Said {
        let mut values: Vec<String> = Vec::new();
        for one in &self.configurations {
            let value = format!("{}", one.value);
            if !values.contains(&value) {
                values.push(value);
            }
        }
        let Some((verb, began)) = self.pending.get(&op) else { return Said::Fits };
        let told = match (verb, outcome) {
            (Verb::Read, Outcome::Ok(answer)) => format!("read {key} and was told {answer}"),
            (verb, Outcome::Fail) => format!("was told that it had not {} {key}", super::name(verb)),
            (verb, _) => format!("{} {key}, which was done", super::name(verb)),
        };
        let causes = self.changed.into_iter().flatten().chain([*began]).collect();
        Said::Violated(
            format!(
                "{name} {told}, but in every order that fits the answers before, {key} was {} by then",
                values.join(" or ")
            ),
            causes,
        )
    }
}
