//! Who read whose writes. Every judge of this folder goes by that alone.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::format;
use alloc::string::{String, ToString as _};
use alloc::vec::Vec;

use crate::judge::case::{Act, Case, Object, Operation};
use crate::judge::verdict::Reason;

/// The transaction that wrote everything that was there at first.
pub(super) const INITIAL: u32 = 0;

/// What a transaction saw of an object before it wrote it itself.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) struct Read {
    pub(super) object: u32,
    /// Whose write.
    pub(super) from: u32,
    /// Whether that was the newest that it saw; of a list it has seen all that is in it.
    pub(super) newest: bool,
}

/// One transaction: an operation that was done, or that somebody saw.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Txn {
    /// Its place in the case.
    pub(super) operation: u32,
    pub(super) process: u32,
    pub(super) begins: u32,
    pub(super) ends: Option<u32>,
    /// In order.
    pub(super) reads: Vec<Read>,
    /// The objects that it writes, each once.
    pub(super) writes: Vec<u32>,
}

/// The transactions of a case; the first is [`INITIAL`], the others are in the order of their calls.
#[derive(Clone, Debug)]
pub(in crate::judge) struct Txns {
    pub(super) all: Vec<Txn>,
    /// For each object, in what order they wrote it, as far as lists that were read say.
    pub(super) orders: Vec<Vec<u32>>,
    /// For each object those that wrote it after all these.
    pub(super) behind: Vec<Vec<u32>>,
}

/// Why there is nothing to judge any more.
#[derive(Clone, Debug)]
pub(in crate::judge) enum Trouble {
    Violated(Reason),
    Unknown(String),
}

/// Who wrote a value, and whether it is the last value that it wrote there.
type Writers = BTreeMap<(u32, u32), Vec<(u32, bool)>>;

/// The values that an operation writes into objects.
fn written<'a>(case: &'a Case, operation: &'a Operation) -> impl Iterator<Item = (u32, u32)> + 'a {
    operation.acts.iter().filter_map(|(object, act)| match *act {
        Act::Write(value) | Act::CompareAndSet(_, value) => Some((*object, value)),
        Act::Append(list) => Some((*object, *case.words.values(list).first()?)),
        _ => None,
    })
}

fn writers(case: &Case, operations: &[Operation]) -> Writers {
    let mut writers = Writers::new();
    for (place, operation) in operations.iter().enumerate() {
        let all: Vec<_> = written(case, operation).collect();
        for (number, (object, value)) in all.iter().enumerate() {
            let last = !all[number + 1..].iter().any(|(other, _)| other == object);
            writers.entry((*object, *value)).or_default().push((place as u32, last));
        }
    }
    writers
}

struct Reader<'a> {
    case: &'a Case,
    writers: Writers,
    failed: Writers,
    /// Of lists, the longest that was read of each object, and by whom.
    longest: Vec<(Vec<u32>, u32)>,
}

/// The object, the operation that wrote what was seen, or nothing where it was there at first; and whether that was the newest.
type External = (u32, Option<u32>, bool);

fn violated(anomaly: &'static str, operations: Vec<u32>, words: String) -> Trouble {
    Trouble::Violated(Reason { words, operations, anomaly: Some(anomaly), ..Reason::default() })
}

/// Reads of a case who read whose writes.
pub(in crate::judge) fn txns(case: &Case) -> Result<Txns, Trouble> {
    if !matches!(case.object, Object::Register | Object::List) {
        let kind = crate::judge::linear::name(case.object);
        return Err(Trouble::Unknown(format!(
            "this is judged for registers that are written whole and for lists, not for {kind}: who read whose writes is not told"
        )));
    }
    let mut reader = Reader {
        case,
        writers: writers(case, &case.operations),
        failed: writers(case, &case.failed),
        longest: alloc::vec![(Vec::new(), 0); case.initial.len()],
    };
    let mut reads: Vec<Option<Vec<External>>> = alloc::vec![None; case.operations.len()];
    let mut seen = alloc::vec![false; case.operations.len()];
    let mut next: Vec<usize> =
        (0..case.operations.len()).filter(|place| case.operations[*place].ends.is_some()).collect();
    // Of the operations that nobody knows of, those happened that somebody saw who happened.
    while let Some(place) = next.pop() {
        if reads[place].is_some() {
            continue;
        }
        let from = reader.reads(place as u32, &case.operations[place])?;
        for from in from.iter().filter_map(|(_, from, _)| *from) {
            seen[from as usize] = true;
            next.push(from as usize);
        }
        reads[place] = Some(from);
    }
    let mut orders = Vec::new();
    for (object, (list, by)) in reader.longest.iter().enumerate() {
        let mut order = Vec::new();
        for value in list {
            if let Some(writer) = reader.writer(object as u32, *value, *by)?
                && order.last() != Some(&writer)
            {
                order.push(writer);
            }
        }
        orders.push(order);
    }
    let first = Txn {
        operation: u32::MAX,
        process: u32::MAX,
        begins: 0,
        ends: Some(0),
        reads: Vec::new(),
        writes: (0..case.initial.len() as u32).collect(),
    };
    let mut all = alloc::vec![first];
    let mut number = alloc::vec![0; case.operations.len()];
    let mut behind = alloc::vec![Vec::new(); case.initial.len()];
    let listed: Vec<BTreeSet<u32>> =
        reader.longest.iter().map(|(list, _)| list.iter().copied().collect()).collect();
    for (place, operation) in case.operations.iter().enumerate() {
        if operation.ends.is_none() && !seen[place] {
            continue;
        }
        number[place] = all.len() as u32;
        let mut writes: Vec<u32> = written(case, operation).map(|(object, _)| object).collect();
        writes.sort_unstable();
        writes.dedup();
        if case.object == Object::List {
            for (object, value) in written(case, operation) {
                if !listed[object as usize].contains(&value) {
                    behind[object as usize].push(all.len() as u32);
                }
            }
        }
        let Operation { process, begins, ends, .. } = *operation;
        all.push(Txn { operation: place as u32, process, begins, ends, reads: Vec::new(), writes });
    }
    for (place, reads) in reads.into_iter().enumerate() {
        if number[place] > 0 {
            let read = |(object, from, newest): External| Read {
                object,
                from: from.map_or(INITIAL, |from| number[from as usize]),
                newest,
            };
            all[number[place] as usize].reads = reads.into_iter().flatten().map(read).collect();
        }
    }
    let orders = orders
        .into_iter()
        .map(|order| order.into_iter().map(|operation| number[operation as usize]).collect())
        .collect();
    behind.iter_mut().for_each(Vec::dedup);
    Ok(Txns { all, orders, behind })
}

impl Reader<'_> {
    /// What an operation read that it had not written itself.
    fn reads(&mut self, place: u32, operation: &Operation) -> Result<Vec<External>, Trouble> {
        let mut reads = Vec::new();
        // What it wrote itself so far.
        let mut own: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
        for (object, act) in &operation.acts {
            let mine = own.entry(*object).or_default();
            match *act {
                Act::Read(Some(told)) if self.case.object == Object::List => {
                    let mine = mine.clone();
                    self.list(place, *object, told, &mine, &mut reads)?;
                }
                Act::Read(Some(told)) => reads.extend(self.register(place, *object, told, mine)?),
                Act::CompareAndSet(old, new) => {
                    reads.extend(self.register(place, *object, old, mine)?);
                    mine.push(new);
                }
                Act::Write(value) => mine.push(value),
                Act::Append(list) => mine.extend(self.case.words.values(list).first()),
                _ => {}
            }
        }
        Ok(reads)
    }

    fn told(&self, object: Object, state: u32) -> String {
        self.case.words.told(object, state)
    }

    fn register(&self, place: u32, object: u32, told: u32, own: &[u32]) -> Result<Option<External>, Trouble> {
        if let Some(mine) = own.last() {
            if *mine == told {
                return Ok(None);
            }
            let (told, mine) = (self.told(Object::Register, told), self.told(Object::Register, *mine));
            let words = format!("it read {told} after it had written {mine} itself");
            return Err(violated("internal", alloc::vec![place], words));
        }
        let writer = self.writer(object, told, place)?;
        if let Some(writer) = writer
            && !self.is_last(object, told, writer)
        {
            let told = self.told(Object::Register, told);
            let words = format!("it read {told}, which the other one wrote over before it was done");
            return Err(violated("G1b", alloc::vec![place, writer], words));
        }
        Ok(Some((object, writer, true)))
    }

    fn is_last(&self, object: u32, value: u32, writer: u32) -> bool {
        self.writers.get(&(object, value)).is_some_and(|all| all.contains(&(writer, true)))
    }

    /// Who wrote a value that was read; nothing where it was there at first.
    fn writer(&self, object: u32, value: u32, reader: u32) -> Result<Option<u32>, Trouble> {
        let first = self.case.initial[object as usize];
        let at_first = match self.case.object {
            Object::List => self.case.words.values(first).contains(&value),
            _ => first == value,
        };
        let nobody = Vec::new();
        let all = self.writers.get(&(object, value)).unwrap_or(&nobody);
        let mut others: Vec<u32> =
            all.iter().map(|(writer, _)| *writer).filter(|writer| *writer != reader).collect();
        others.dedup();
        let words = self.case.words.datum(value).to_string();
        match (&others[..], at_first) {
            ([one], false) if all.iter().filter(|(writer, _)| writer == one).count() == 1 => Ok(Some(*one)),
            ([], true) => Ok(None),
            ([], false) if !all.is_empty() => {
                let words = format!("it read {words}, which nobody but itself wrote, and later");
                Err(violated("G1c", alloc::vec![reader], words))
            }
            ([], false) if self.failed.contains_key(&(object, value)) => Err(violated(
                "G1a",
                alloc::vec![reader],
                format!("it read {words}, which only an operation wrote that failed"),
            )),
            ([], false) => {
                Err(violated("thin air", alloc::vec![reader], format!("it read {words}, which nobody wrote")))
            }
            _ => Err(Trouble::Unknown(format!(
                "values have to be written once to be judged so, and {words} was read, which may come from more than one write"
            ))),
        }
    }

    fn list(
        &mut self,
        place: u32,
        object: u32,
        told: u32,
        own: &[u32],
        reads: &mut Vec<External>,
    ) -> Result<(), Trouble> {
        let case = self.case;
        let list = case.words.values(told);
        let words = || case.words.told(Object::List, told);
        let Some(outer) = list.strip_suffix(own) else {
            let words = format!("it read {} without what it had appended itself at the end", words());
            return Err(violated("internal", alloc::vec![place], words));
        };
        let first = case.words.values(case.initial[object as usize]);
        let Some(rest) = outer.strip_prefix(first) else {
            let words = format!("it read {}, which does not begin with what was there at first", words());
            return Err(violated("incompatible order", alloc::vec![place], words));
        };
        let mut writers = Vec::new();
        for value in rest {
            writers.push(self.writer(object, *value, place)?);
        }
        for (number, (value, writer)) in rest.iter().zip(&writers).enumerate() {
            let Some(writer) = writer else { continue };
            let mut appended = written(case, &case.operations[*writer as usize]);
            let mut before = None;
            // What one appends in one go stands one behind the other.
            while let Some((at, one)) = appended.next()
                && (at != object || one != *value)
            {
                before = if at == object { Some(one) } else { before };
            }
            if before.is_some() && before != number.checked_sub(1).map(|place| rest[place]) {
                let words =
                    format!("it read {}, in which what the other one appended is not in its order", words());
                return Err(violated("incompatible order", alloc::vec![place, *writer], words));
            }
        }
        let mut sorted = outer.to_vec();
        sorted.sort_unstable();
        if sorted.windows(2).any(|pair| pair[0] == pair[1]) {
            return Err(violated(
                "duplicate elements",
                alloc::vec![place],
                format!("it read {}, a value twice", words()),
            ));
        }
        let (longest, by) = &self.longest[object as usize];
        let (shorter, longer) =
            if rest.len() > longest.len() { (&longest[..], rest) } else { (rest, &longest[..]) };
        if !longer.starts_with(shorter) {
            let other = case.words.told(Object::List, self.longest_state(*by, object).unwrap_or(told));
            let words =
                format!("it read {}, and the other one {other}: neither begins with the other", words());
            return Err(violated("incompatible order", alloc::vec![place, *by], words));
        }
        if rest.len() > longest.len() || longest.is_empty() {
            self.longest[object as usize] = (rest.to_vec(), place);
        }
        let newest = writers.last().copied().flatten();
        if let (Some(writer), Some(last)) = (newest, rest.last())
            && !self.is_last(object, *last, writer)
        {
            let words = format!("it read {}, before the other one had appended all", words());
            return Err(violated("G1b", alloc::vec![place, writer], words));
        }
        reads.push((object, newest, true));
        writers.dedup();
        let older = writers.into_iter().flatten().filter(|writer| Some(*writer) != newest);
        reads.extend(older.map(|writer| (object, Some(writer), false)));
        Ok(())
    }

    /// The longest list that an operation read.
    fn longest_state(&self, place: u32, object: u32) -> Option<u32> {
        let reads = self.case.operations.get(place as usize)?.acts.iter().filter_map(|(at, act)| match act {
            Act::Read(Some(told)) if *at == object => Some(*told),
            _ => None,
        });
        reads.max_by_key(|told| self.case.words.values(*told).len())
    }
}
