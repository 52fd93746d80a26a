//! The definitions that go by who read whose writes, tried out over all orders.

use splitbrain_core::judge::{Consistency, Object};

use crate::brute::{ordered, real_time, sequential, session, snapshots};
use crate::raw::{Do, Raw, State};

/// A read: of what, who wrote the newest that it saw (`None`: nobody), and whether that was the newest.
type Source = (u32, Option<usize>, bool);

/// Registers and lists whose values are written once: the reads of each operation. Nothing where a read is wrong for every level.
fn sources(object: Object, all: &[Raw]) -> Option<Vec<Vec<Source>>> {
    let wrote = |at: u32, value: u32| {
        let mut found = None;
        for (place, raw) in all.iter().enumerate() {
            let mine: Vec<u32> = raw
                .acts
                .iter()
                .filter(|(other, _)| *other == at)
                .filter_map(|(_, act)| match act {
                    Do::Write(new) => Some(new[0]),
                    Do::Append(value) => Some(*value),
                    _ => None,
                })
                .collect();
            if mine.contains(&value) {
                found = Some((place, mine.last() == Some(&value)));
            }
        }
        found
    };
    let mut reads = Vec::new();
    for (place, raw) in all.iter().enumerate() {
        let mut mine = Vec::new();
        let mut own: Vec<(u32, u32)> = Vec::new();
        for (at, act) in &raw.acts {
            match act {
                Do::Read(Some(told)) => {
                    let written: Vec<u32> =
                        own.iter().filter(|(other, _)| other == at).map(|(_, value)| *value).collect();
                    let outer = if object == Object::Register {
                        match written.last() {
                            Some(last) if told[0] == *last => continue,
                            Some(_) => return None,
                            None => told.clone(),
                        }
                    } else {
                        told.strip_suffix(&written[..])?.to_vec()
                    };
                    match outer.last() {
                        None | Some(0) => mine.push((*at, None, true)),
                        Some(value) => match wrote(*at, *value)? {
                            (writer, true) if writer != place => mine.push((*at, Some(writer), true)),
                            _ => return None,
                        },
                    }
                    if object == Object::List {
                        for value in &outer {
                            mine.push((*at, Some(wrote(*at, *value)?.0), false));
                        }
                    }
                }
                Do::Write(new) => own.push((*at, new[0])),
                Do::Append(value) => own.push((*at, *value)),
                _ => {}
            }
        }
        reads.push(mine);
    }
    Some(reads)
}

fn writes(raw: &Raw, at: u32) -> bool {
    raw.acts.iter().any(|(other, act)| *other == at && matches!(act, Do::Write(_) | Do::Append(_)))
}

/// The lists that were read, without the reader's own appends.
fn outer(raw: &Raw) -> Vec<(u32, Vec<u32>)> {
    let (mut lists, mut own) = (Vec::new(), Vec::<(u32, u32)>::new());
    for (at, act) in &raw.acts {
        match act {
            Do::Append(value) => own.push((*at, *value)),
            Do::Read(Some(told)) => {
                let many = own.iter().filter(|(other, _)| other == at).count();
                lists.push((*at, told[..told.len().saturating_sub(many)].to_vec()));
            }
            _ => {}
        }
    }
    lists
}

/// A relation between operations.
type Relation = Vec<Vec<bool>>;

fn relation(length: usize, holds: impl Fn(usize, usize) -> bool) -> Relation {
    (0..length).map(|one| (0..length).map(|other| holds(one, other)).collect()).collect()
}

fn then(one: &Relation, other: &Relation) -> Relation {
    let length = one.len();
    relation(length, |from, to| (0..length).any(|by| one[from][by] && other[by][to]))
}

fn or(one: &Relation, other: &Relation) -> Relation {
    relation(one.len(), |from, to| one[from][to] || other[from][to])
}

fn closed(one: &Relation) -> Relation {
    let mut all = one.clone();
    loop {
        let more = or(&all, &then(&all, one));
        if more == all {
            return all;
        }
        all = more;
    }
}

fn permutations(length: usize, look: &mut dyn FnMut(&[usize]) -> bool) -> bool {
    fn go(length: usize, order: &mut Vec<usize>, look: &mut dyn FnMut(&[usize]) -> bool) -> bool {
        if order.len() == length {
            return look(order);
        }
        for next in 0..length {
            if !order.contains(&next) {
                order.push(next);
                if go(length, order, look) {
                    return true;
                }
                order.pop();
            }
        }
        false
    }
    go(length, &mut Vec::new(), look)
}

/// The axioms of Biswas & Enea: there is an order of all that keeps to sessions and sources, in which whoever is known to a reader and
/// wrote the same comes before the one that was read from.
fn axioms(object: Object, all: &[Raw], level: Consistency) -> bool {
    let Some(reads) = sources(object, all) else { return false };
    let length = all.len();
    let so = relation(length, |one, other| session(&all[one], &all[other]));
    let wr = relation(length, |one, other| reads[other].iter().any(|(_, from, _)| *from == Some(one)));
    let same = relation(length, |one, other| one == other);
    let later = or(&so, &same);
    let known = match level {
        Consistency::ReadAtomic => or(&so, &wr),
        Consistency::CausalConvergence => closed(&or(&so, &wr)),
        Consistency::ReadYourWrites => so.clone(),
        Consistency::MonotonicReads => then(&wr, &so),
        Consistency::MonotonicWrites => then(&then(&so, &wr), &later),
        Consistency::WritesFollowReads => then(&then(&then(&wr, &later), &wr), &later),
        _ => relation(length, |_, _| false),
    };
    let lists: Vec<(u32, Vec<u32>)> = match object {
        Object::List => all.iter().filter(|raw| raw.ends.is_some()).flat_map(outer).collect(),
        _ => Vec::new(),
    };
    permutations(length, &mut |order| {
        let at = |one: usize| order.iter().position(|other| *other == one).unwrap_or(0);
        for one in 0..length {
            for other in 0..length {
                if (so[one][other] || wr[one][other]) && at(one) >= at(other) {
                    return false;
                }
            }
        }
        for (reader, mine) in reads.iter().enumerate() {
            for (number, (key, from, newest)) in mine.iter().enumerate() {
                if !newest {
                    continue;
                }
                for writer in (0..length).filter(|writer| *writer != reader && Some(*writer) != *from) {
                    let knows = match level {
                        Consistency::ReadCommitted => {
                            mine[..number].iter().any(|(_, before, _)| *before == Some(writer))
                        }
                        _ => known[writer][reader],
                    };
                    if knows && writes(&all[writer], *key) && from.is_none_or(|from| at(writer) > at(from)) {
                        return false;
                    }
                }
            }
        }
        // What others had made of every list that was read is the beginning of what the order makes. The reader's own appends lie
        // on top of that: others may come between, of whom it did not know.
        lists.iter().all(|(key, told)| {
            let mut made = Vec::new();
            for place in order {
                for (at, act) in &all[*place].acts {
                    if let Do::Append(value) = act
                        && at == key
                    {
                        made.push(*value);
                    }
                }
            }
            made.starts_with(told)
        })
    })
}

/// All strict partial orders of so many.
pub(crate) fn partial_orders(length: usize) -> Vec<Relation> {
    let pairs: Vec<(usize, usize)> = (0..length)
        .flat_map(|one| (0..length).map(move |other| (one, other)))
        .filter(|(one, other)| one != other)
        .collect();
    let mut all = Vec::new();
    for bits in 0_u64..1 << pairs.len() {
        let mut order = vec![vec![false; length]; length];
        pairs
            .iter()
            .enumerate()
            .filter(|(bit, _)| bits >> bit & 1 == 1)
            .for_each(|(_, (one, other))| order[*one][*other] = true);
        let strict = pairs.iter().all(|(one, other)| !(order[*one][*other] && order[*other][*one]));
        if strict && closed(&order) == order {
            all.push(order);
        }
    }
    all
}

/// The definitions of Bouajjani et al. 2017, §3: for registers and operations of one act.
fn causal(all: &[Raw], level: Consistency, orders: &[Relation]) -> bool {
    let length = all.len();
    let so = relation(length, |one, other| session(&all[one], &all[other]));
    // Whether a sequence is right where these answers are looked at.
    let right = |sequence: &[usize], looked_at: &dyn Fn(usize) -> bool| {
        let mut states = std::collections::BTreeMap::new();
        sequence.iter().all(|place| {
            let (at, act) = &all[*place].acts[0];
            match act {
                Do::Write(new) => {
                    states.insert(*at, new.clone());
                    true
                }
                Do::Read(Some(told)) => !looked_at(*place) || states.get(at).unwrap_or(&vec![0]) == told,
                _ => true,
            }
        })
    };
    orders.iter().any(|co| {
        let keeps = (0..length).all(|one| (0..length).all(|other| !so[one][other] || co[one][other]));
        if !keeps {
            return false;
        }
        let past = |place: usize| -> Vec<usize> {
            (0..length).filter(|other| *other == place || co[*other][place]).collect()
        };
        let in_order = |sequence: &[usize]| {
            (0..sequence.len()).all(|one| (0..one).all(|before| !co[sequence[one]][sequence[before]]))
        };
        if level == Consistency::CausalConvergence {
            return permutations(length, &mut |order| {
                in_order(order)
                    && (0..length).all(|place| {
                        let past = past(place);
                        let sequence: Vec<usize> =
                            order.iter().copied().filter(|other| past.contains(other)).collect();
                        right(&sequence, &|other| other == place)
                    })
            });
        }
        (0..length).all(|place| {
            let past = past(place);
            permutations(past.len(), &mut |order| {
                let sequence: Vec<usize> = order.iter().map(|number| past[*number]).collect();
                let own =
                    |other: usize| other == place || level == Consistency::CausalMemory && so[other][place];
                in_order(&sequence) && right(&sequence, &own)
            })
        })
    })
}

/// Whether a history is what a consistency says. `orders`: all partial orders of so many operations, for the causal ones.
pub(crate) fn holds(
    object: Object,
    initial: &[State],
    all: &[Raw],
    level: Consistency,
    orders: &[Vec<Relation>],
) -> bool {
    match level {
        Consistency::Linearizable | Consistency::StrictSerializable => {
            return ordered(object, initial, all, &|one, other| {
                real_time(one, other) || level == Consistency::StrictSerializable && session(one, other)
            });
        }
        Consistency::Sequential | Consistency::Serializable => return sequential(object, initial, all),
        Consistency::Prefix => return snapshots(object, initial, all, false),
        Consistency::SnapshotIsolation => return snapshots(object, initial, all, true),
        _ => {}
    }
    // Those that never returned happened or not.
    let unknown: Vec<usize> = (0..all.len()).filter(|place| all[*place].ends.is_none()).collect();
    (0..1_u32 << unknown.len()).any(|bits| {
        let out = |place: usize| {
            unknown.iter().position(|other| *other == place).is_some_and(|bit| bits >> bit & 1 == 0)
        };
        let some: Vec<Raw> =
            all.iter().enumerate().filter(|(place, _)| !out(*place)).map(|(_, raw)| raw.clone()).collect();
        if level.is_causal() && all.iter().all(|raw| raw.acts.len() == 1) && object == Object::Register {
            causal(&some, level, &orders[some.len()])
        } else {
            let level = if level.is_causal() { Consistency::CausalConvergence } else { level };
            axioms(object, &some, level)
        }
    })
}
