//! What the answers that are still to come say of a state: some states can be given up before the answer that they contradict.
//!
//! Every answer is known from the start, so the search need not wait for it. A value that was read must be written by somebody; a
//! text or list that was read must begin with what is there now, unless it is written anew; a set from which nobody removes only
//! grows; and what is taken out of a queue first must be put in first.

use alloc::collections::BTreeMap;
use alloc::vec::Vec;

use super::case::{Act, Object, Words};
use super::machine::Machine;

/// Where an operation begins and ends in the list of events; the end is past all where there is none.
#[derive(Clone, Copy, Debug)]
pub(super) struct Interval {
    pub(super) begins: usize,
    pub(super) ends: usize,
}

/// More comparisons than this are not worth it.
const COMPARISONS: usize = 4_000_000;

#[derive(Clone, Debug, Default)]
struct Seen {
    /// Operations that are known to have seen a state, in the order of their ends, with that state.
    reads: Vec<(usize, u32, u32)>,
    /// Of each state that was seen, the operations that can bring it about whatever was before, in the order of their beginnings.
    sources: BTreeMap<u32, Vec<(usize, u32)>>,
    /// Of each value of a queue, who takes it out.
    takes: BTreeMap<u32, u32>,
    /// Whether the answers tell anything.
    useful: bool,
}

/// The answers to come, by object.
#[derive(Clone, Debug)]
pub(super) struct Future {
    object: Object,
    of: Vec<Seen>,
}

/// Whether any of the operations that wait is one of those that the function knows.
type AnyWaiting<'a> = dyn Fn(&mut dyn FnMut(u32) -> bool) -> bool + 'a;

/// What the search knows of its operations.
pub(super) struct Now<'a> {
    pub(super) position: usize,
    pub(super) intervals: &'a [Interval],
    pub(super) is_done: &'a dyn Fn(u32) -> bool,
    /// Those that are open and not done.
    pub(super) waiting: &'a AnyWaiting<'a>,
}

impl Future {
    /// `classes`: what each operation does.
    pub(super) fn new(machine: &Machine, start: u32, classes: &[u32], intervals: &[Interval]) -> Self {
        let object = machine.object();
        let mut of: Vec<Seen> = Vec::new();
        of.resize_with(machine.width(), || Seen { useful: object != Object::Mutex, ..Seen::default() });
        let mut writes: Vec<Vec<(usize, u32, u32)>> = alloc::vec![Vec::new(); machine.width()];
        let mut puts: Vec<Vec<u32>> = alloc::vec![Vec::new(); machine.width()];
        if object == Object::Queue {
            for (at, puts) in puts.iter_mut().enumerate() {
                puts.extend_from_slice(machine.list(machine.part(start, at as u32)));
            }
        }
        for (place, class) in classes.iter().enumerate() {
            let Interval { begins, ends } = intervals[place];
            let known = ends < usize::MAX;
            let place = place as u32;
            let acts = machine.acts(*class);
            for (number, (at, act)) in acts.iter().enumerate() {
                let seen = &mut of[*at as usize];
                let first = acts[..number].iter().all(|(before, _)| before != at);
                match *act {
                    Act::Read(Some(told)) if first && known => seen.reads.push((ends, place, told)),
                    Act::CompareAndSet(old, new) => {
                        if first && known {
                            seen.reads.push((ends, place, old));
                        }
                        writes[*at as usize].push((begins, place, new));
                    }
                    Act::Write(new) => writes[*at as usize].push((begins, place, new)),
                    Act::Remove(_) => seen.useful = false,
                    Act::Dequeue(Some(value)) if known && acts.len() == 1 => {
                        // A value that is taken out twice says nothing of the order.
                        seen.useful &= seen.takes.insert(value, place).is_none();
                    }
                    Act::Dequeue(_) => seen.useful = false,
                    Act::Enqueue(value) => puts[*at as usize].push(value),
                    _ => {}
                }
            }
        }
        for ((seen, mut writes), mut puts) in of.iter_mut().zip(writes).zip(puts) {
            seen.reads.sort_unstable();
            writes.sort_unstable();
            let all = puts.len();
            puts.sort_unstable();
            puts.dedup();
            seen.useful &= puts.len() == all;
            let whole = object == Object::Register;
            if whole {
                for (begins, place, new) in &writes {
                    seen.sources.entry(*new).or_default().push((*begins, *place));
                }
            } else if seen.reads.len() * writes.len() > COMPARISONS {
                seen.useful = false;
            } else if !writes.is_empty() {
                for (_, _, told) in &seen.reads {
                    let text = machine.list(*told);
                    seen.sources.entry(*told).or_insert_with(|| {
                        let begin = |new: u32| begins_with(text, machine.list(new));
                        let those = writes.iter().filter(|(.., new)| begin(*new));
                        those.map(|(begins, place, _)| (*begins, *place)).collect()
                    });
                }
            }
        }
        Self { object, of }
    }

    /// An operation that cannot be answered any more as it was, after one of this class was done.
    pub(super) fn contradicted(
        &self,
        machine: &Machine,
        state: u32,
        class: u32,
        now: &Now<'_>,
    ) -> Option<u32> {
        for (at, act) in machine.acts(class) {
            let seen = &self.of[*at as usize];
            if !seen.useful || act.looks() {
                continue;
            }
            let state = machine.part(state, *at);
            if let Act::Enqueue(value) = act {
                if let Some(late) = self.overtaken(machine.list(state), *value, seen, now) {
                    return Some(late);
                }
                continue;
            }
            let from = seen.reads.partition_point(|(ends, ..)| *ends < now.position);
            let Some((ends, read, told)) =
                seen.reads[from..].iter().find(|(_, place, _)| !(now.is_done)(*place))
            else {
                continue;
            };
            let fits = match self.object {
                Object::Register => state == *told,
                Object::Set => within(machine.list(state), machine.list(*told)),
                _ => begins_with(machine.list(*told), machine.list(state)),
            };
            let nobody: &[_] = &[];
            let sources = seen.sources.get(told).map_or(nobody, |sources| &sources[..]);
            if !fits && !comes(sources, *ends, now) {
                return Some(*read);
            }
        }
        None
    }

    /// A value that is in the queue before this one, though it is taken out only after this one has been.
    fn overtaken(&self, queue: &[u32], value: u32, seen: &Seen, now: &Now<'_>) -> Option<u32> {
        let taker = *seen.takes.get(&value)?;
        let ends = now.intervals[taker as usize].ends;
        let before = |other: &u32| {
            *other != value
                && seen.takes.get(other).is_none_or(|other| now.intervals[*other as usize].begins > ends)
        };
        queue.iter().any(before).then_some(taker)
    }
}

/// Whether one of these operations is not done yet, and may be before an end.
fn comes(sources: &[(usize, u32)], ends: usize, now: &Now<'_>) -> bool {
    let next = sources.partition_point(|(begins, _)| *begins < now.position);
    sources.get(next).is_some_and(|(begins, _)| *begins < ends)
        || !sources.is_empty()
            && (now.waiting)(&mut |place| {
                let begins = now.intervals[place as usize].begins;
                sources.binary_search(&(begins, place)).is_ok()
            })
}

fn begins_with(text: &[u32], start: &[u32]) -> bool {
    Words::is_nothing(start) || text.starts_with(start)
}

/// Both in order.
fn within(few: &[u32], many: &[u32]) -> bool {
    few.len() <= many.len() && few.iter().all(|one| many.binary_search(one).is_ok())
}
