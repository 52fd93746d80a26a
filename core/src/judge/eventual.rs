//! Eventual consistency: converged after declared quiescence.

use alloc::borrow::ToOwned as _;
use alloc::format;
use alloc::vec::Vec;

use super::case::{Act, Case};
use super::verdict::{Reason, Verdict, Witness};

/// Judges whether all who read an object after its last change read the same. When all is quiet, nobody can tell from a history: it
/// is taken to be from the last answer to a change on, or from its call where there is no answer.
pub(super) fn eventual(case: &Case) -> Verdict {
    let mut quiet = alloc::vec![0; case.initial.len()];
    for operation in &case.operations {
        for (object, _) in operation.acts.iter().filter(|(_, act)| !act.looks()) {
            let quiet: &mut u32 = &mut quiet[*object as usize];
            *quiet = operation.ends.unwrap_or(operation.begins).max(*quiet);
        }
    }
    let mut first: Vec<Option<(u32, u32)>> = alloc::vec![None; case.initial.len()];
    let mut reads = 0;
    for (operation, place) in case.operations.iter().zip(0..) {
        for (object, act) in &operation.acts {
            let object = *object as usize;
            let Act::Read(Some(state)) = *act else { continue };
            if operation.begins < quiet[object] {
                continue;
            }
            reads += 1;
            let (before, other) = *first[object].get_or_insert((place, state));
            if other != state {
                let told = |state| case.words.told(case.object, state);
                let words = format!(
                    "when nobody changed it any more, one read {} and another {}",
                    told(other),
                    told(state)
                );
                let operations = alloc::vec![place, before];
                return Verdict::Violated(Reason { words, operations, ..Reason::default() });
            }
        }
    }
    if reads == 0 {
        return Verdict::Unknown("nobody reads anything after its last change".to_owned());
    }
    Verdict::Holds(Witness::default())
}
