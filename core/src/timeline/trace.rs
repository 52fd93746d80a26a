//! The packed trace: some 40 bytes a step and 16 a message, in chunks that never move.

use alloc::vec::Vec;
use core::mem;

use crate::simulation::Step;
use crate::trace::{Called, Carried, Happened, Phase, Record, Sent, Turned};
use crate::unit::{Digest, EnvelopeId, NodeId, OpId, Time};

/// Items of a chunk. A chunk that is full is never copied; the first one grows, so that a short branch stays small.
const CHUNK: usize = 2_048;

/// A list that only grows, in chunks.
#[derive(Debug)]
struct Column<T> {
    full: Vec<Vec<T>>,
    /// The chunk that grows.
    last: Vec<T>,
}

impl<T: Copy> Column<T> {
    const fn new() -> Self {
        Self { full: Vec::new(), last: Vec::new() }
    }

    fn len(&self) -> u32 {
        (self.full.len() * CHUNK + self.last.len()) as u32
    }

    fn push(&mut self, item: T) {
        if self.last.len() == CHUNK {
            let full = mem::replace(&mut self.last, Vec::with_capacity(CHUNK));
            self.full.push(full);
        }
        self.last.push(item);
    }

    fn at(&self, place: u32) -> Option<&T> {
        let (chunk, place) = (place as usize / CHUNK, place as usize % CHUNK);
        self.full.get(chunk).or_else(|| (chunk == self.full.len()).then_some(&self.last))?.get(place)
    }

    fn range(&self, from: u32, count: u32) -> impl Iterator<Item = T> {
        (from..from.saturating_add(count)).filter_map(|place| self.at(place).copied())
    }

    fn bytes(&self) -> u64 {
        let chunks = self.full.iter().chain([&self.last]);
        chunks.map(|chunk| (chunk.capacity() * size_of::<T>()) as u64).sum()
    }
}

/// What is kept of a record at once; the rest stands in side columns.
#[derive(Clone, Copy, Debug)]
pub struct Row {
    /// What happened.
    pub step: Step,
    /// When.
    pub time: Time,
    /// The digest of the run after it.
    pub digest: Digest,
    cause: u32,
    /// Where its messages and the rest begin. Where the next row's begin, this one's end.
    sent: u32,
    extra: u32,
    node: u8,
    /// Of a delivery: from whom, and the kind of the message. To whom is `node`, and which one is in `step`.
    from: u8,
    kind: u8,
    effective: bool,
}

impl Row {
    /// The node that it touched.
    #[must_use]
    pub fn node(&self) -> Option<NodeId> {
        (self.node != NONE).then_some(NodeId(self.node))
    }

    /// The record that caused it.
    #[must_use]
    pub fn cause(&self) -> Option<u32> {
        (self.cause != u32::MAX).then_some(self.cause)
    }

    /// False where the step changed nothing.
    #[must_use]
    pub fn effective(&self) -> bool {
        self.effective
    }
}

const NONE: u8 = u8::MAX;

/// What only some records have.
#[derive(Clone, Copy, Debug)]
enum Extra {
    // Fields, not the structs of records: so an entry has eight bytes instead of twelve.
    Message { id: EnvelopeId, kind: u8, from: NodeId, to: NodeId },
    Lost(EnvelopeId),
    Fact { fact: u8, node: NodeId, number: u32 },
    Call { op: OpId, client: NodeId, phase: Phase },
    Verdict(Turned),
}

/// The trace of one branch.
#[derive(Debug)]
pub(super) struct Trace {
    rows: Column<Row>,
    sent: Column<Sent>,
    extra: Column<Extra>,
}

impl Trace {
    pub(super) const fn new() -> Self {
        Self { rows: Column::new(), sent: Column::new(), extra: Column::new() }
    }

    pub(super) fn len(&self) -> u32 {
        self.rows.len()
    }

    pub(super) fn row(&self, place: u32) -> Option<&Row> {
        self.rows.at(place)
    }

    pub(super) fn bytes(&self) -> u64 {
        self.rows.bytes() + self.sent.bytes() + self.extra.bytes()
    }

    pub(super) fn push(&mut self, record: &Record) {
        let (sent, extra) = (self.sent.len(), self.extra.len());
        record.sent.iter().for_each(|sent| self.sent.push(*sent));
        let is_delivered = matches!(record.step, Step::Deliver(_));
        if let Some(Carried { id, kind, from, to }) = record.message.filter(|_| !is_delivered) {
            self.extra.push(Extra::Message { id, kind, from, to });
        }
        record.lost.iter().for_each(|lost| self.extra.push(Extra::Lost(*lost)));
        for Happened { fact, node, number } in record.facts.iter().copied() {
            self.extra.push(Extra::Fact { fact, node, number });
        }
        for Called { op, client, phase } in record.calls.iter().copied() {
            self.extra.push(Extra::Call { op, client, phase });
        }
        record.verdicts.iter().for_each(|verdict| self.extra.push(Extra::Verdict(*verdict)));
        self.rows.push(Row {
            step: record.step,
            time: record.time,
            digest: record.digest,
            cause: record.cause.unwrap_or(u32::MAX),
            sent,
            extra,
            node: record.node.map_or(NONE, |node| node.0),
            from: record.message.map_or(NONE, |message| message.from.0),
            kind: record.message.map_or(NONE, |message| message.kind),
            effective: record.effective,
        });
    }

    /// Unpacks a record. `number` is its place in the whole run.
    pub(super) fn unpack(&self, place: u32, number: u32, out: &mut Record) -> Option<()> {
        let row = self.rows.at(place)?;
        out.begin(number, row.step, row.time);
        out.node = row.node();
        out.cause = row.cause();
        out.effective = row.effective;
        out.digest = row.digest;
        if let (Step::Deliver(id), Some(to), true) = (row.step, row.node(), row.from != NONE) {
            out.message = Some(Carried { id, kind: row.kind, from: NodeId(row.from), to });
        }
        let next = self.rows.at(place + 1);
        let (sent, end) = next.map_or((self.sent.len(), self.extra.len()), |next| (next.sent, next.extra));
        out.sent.extend(self.sent.range(row.sent, sent - row.sent));
        for extra in self.extra.range(row.extra, end - row.extra) {
            match extra {
                Extra::Message { id, kind, from, to } => out.message = Some(Carried { id, kind, from, to }),
                Extra::Lost(lost) => out.lost.push(lost),
                Extra::Fact { fact, node, number } => out.facts.push(Happened { fact, node, number }),
                Extra::Call { op, client, phase } => out.calls.push(Called { op, client, phase }),
                Extra::Verdict(verdict) => out.verdicts.push(verdict),
            }
        }
        Some(())
    }

    /// How many records happened at this time or before.
    pub(super) fn until(&self, time: Time) -> u32 {
        let (mut low, mut high) = (0, self.len());
        while low < high {
            let middle = low + (high - low) / 2;
            if self.rows.at(middle).is_some_and(|row| row.time <= time) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        low
    }
}
