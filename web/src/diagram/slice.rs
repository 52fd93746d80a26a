//! What happened in a part of a run: events on lanes, and messages between them, each in its place on the axis.

use splitbrain_core::simulation::Step;
use splitbrain_core::timeline::Timeline;
use splitbrain_core::trace::{Fate, Record, Sent};
use splitbrain_core::unit::{EnvelopeId, NodeId, Time};

use super::index::Index;
use crate::store::{Pace, Place, Speed};
use crate::ui::number::Within as _;

/// How far beyond its ends a part is searched for the other end of its messages, in records. Of a message that is under way
/// for longer than that, only the half is drawn whose end lies in the part.
const REACH: u32 = 1_024;

/// Where records and times lie on the axis of playback.
#[derive(Clone, Copy)]
pub(super) struct Axis<'a> {
    pub(super) pace: &'a Pace,
    pub(super) timeline: &'a Timeline,
    pub(super) speed: Speed,
}

impl Axis<'_> {
    /// Where a record happens.
    pub(super) fn record(&self, record: u32) -> f64 {
        self.pace.position(self.pace.after(record + 1), self.speed)
    }

    /// Where a moment of true time lies.
    pub(super) fn time(&self, time: Time) -> f64 {
        let step = self.timeline.step_at(time);
        self.pace.position(Place { step, time: time.0 as f64 }, self.speed)
    }

    /// How many records have happened at a place.
    pub(super) fn step(&self, place: f64) -> u32 {
        self.pace.place(place, self.speed).step
    }

    /// True time at a place, in microseconds.
    pub(super) fn true_time(&self, place: f64) -> u64 {
        self.pace.place(place, self.speed).time.max(0.0) as u64
    }
}

/// How a message ended.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) enum End {
    /// It is on its way still.
    Open,
    /// It arrived in this record.
    Arrives(u32),
    /// It came to a node that was down.
    Vain,
    /// It was lost, after this share of its way.
    Lost(f64),
}

/// A message. All places are on the axis.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) struct Arrow {
    pub(super) id: EnvelopeId,
    pub(super) kind: u8,
    pub(super) from: NodeId,
    pub(super) to: NodeId,
    /// The record that sent it, if one did.
    pub(super) cause: Option<u32>,
    pub(super) sent: f64,
    /// Where it would arrive if nothing kept it.
    pub(super) due: f64,
    pub(super) end: End,
    /// Where it ends.
    pub(super) ended: f64,
    /// Where somebody held it back, and where it went on, if it did.
    pub(super) held: Option<(f64, Option<f64>)>,
    /// It stood before a link that was cut.
    pub(super) stalled: bool,
}

impl Arrow {
    /// The share of its way that lies behind it at a place.
    pub(super) fn share(&self, place: f64) -> f64 {
        let way = self.due - self.sent;
        if way <= 0.0 { 1.0 } else { ((place - self.sent) / way).within(0.0, 1.0) }
    }
}

/// An event: what happened at one node in one record.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) struct Event {
    pub(super) record: u32,
    pub(super) node: NodeId,
    pub(super) at: f64,
    /// A message came.
    pub(super) receives: bool,
    /// Messages went out.
    pub(super) sends: bool,
    /// An operation began or ended.
    pub(super) calls: bool,
    /// Facts of the lab: where they begin among all of the slice, and how many there are.
    pub(super) facts: (u32, u8),
}

/// A fact of the lab, to be told beside an event.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Told {
    pub(super) fact: u8,
    pub(super) node: NodeId,
    pub(super) number: u32,
}

/// What happened.
#[derive(Clone, PartialEq, Debug, Default)]
pub(super) struct Slice {
    pub(super) events: Vec<Event>,
    pub(super) arrows: Vec<Arrow>,
    pub(super) facts: Vec<Told>,
}

/// What happened in the records from `low` up to `high`, that one not included.
pub(super) fn cut(axis: Axis, index: &Index, low: u32, high: u32) -> Slice {
    let mut slice = Slice::default();
    let mut record = Record::default();
    let start = low.saturating_sub(REACH);
    let timeline = axis.timeline;
    let end = timeline.len();
    if start == 0 {
        for boot in &index.boot {
            let message = boot.message;
            let sent = Sent {
                id: message.id,
                kind: message.kind,
                from: message.from,
                to: message.to,
                due: boot.due,
                fate: Fate::Flying,
            };
            slice.arrows.push(launched(axis, &sent, None, Time::ZERO));
        }
    }
    let mut open = slice.arrows.len();
    for number in start..high.saturating_add(REACH).min(end) {
        // Whatever was sent in the part has ended: nothing behind it matters.
        if number >= high && open == 0 {
            break;
        }
        if timeline.read(number, &mut record).is_none() {
            break;
        }
        open -= follow(axis, &mut slice, &record, number >= low && number < high);
        if number < high {
            for sent in &record.sent {
                let arrow = launched(axis, sent, Some(number), record.time);
                open += usize::from(arrow.end == End::Open);
                slice.arrows.push(arrow);
            }
        }
    }
    let at = |record: u32| axis.record(record.min(end.saturating_sub(1)));
    let (from, to) = (at(low), at(high.max(1) - 1));
    let last = axis.pace.position(axis.pace.after(end), axis.speed);
    for arrow in slice.arrows.iter_mut().filter(|arrow| arrow.end == End::Open) {
        arrow.ended = last.max(arrow.sent);
    }
    slice.arrows.retain(|arrow| arrow.ended >= from && arrow.sent <= to);
    slice
}

fn launched(axis: Axis, sent: &Sent, cause: Option<u32>, time: Time) -> Arrow {
    let at = cause.map_or(0.0, |cause| axis.record(cause));
    let due = axis.time(sent.due).max(at);
    let mut arrow = Arrow {
        id: sent.id,
        kind: sent.kind,
        from: sent.from,
        to: sent.to,
        cause,
        sent: at,
        due,
        end: End::Open,
        ended: f64::INFINITY,
        held: None,
        stalled: sent.fate == Fate::Stalled,
    };
    match sent.fate {
        // On the stage it goes half of the way.
        Fate::Lost => {
            let half = Time(time.0 + sent.due.since(time).0 / 2);
            arrow.ended = axis.time(half).max(at);
            arrow.end = End::Lost(0.5);
        }
        Fate::Dropped => (arrow.end, arrow.ended) = (End::Lost(0.0), at),
        Fate::Flying | Fate::Twin | Fate::Stalled => {}
    }
    arrow
}

/// What a record does to messages that were sent before it; and its own event, where it is in the part. Gives how many messages
/// ended by it.
fn follow(axis: Axis, slice: &mut Slice, record: &Record, inside: bool) -> usize {
    let mut ended = 0;
    let at = axis.record(record.number);
    if let (true, Some(node)) = (inside, record.node) {
        let facts = (slice.facts.len() as u32, record.facts.len().min(255) as u8);
        slice.facts.extend(record.facts.iter().map(|fact| {
            let (fact, node, number) = (fact.fact, fact.node, fact.number);
            Told { fact, node, number }
        }));
        slice.events.push(Event {
            record: record.number,
            node,
            at,
            receives: record.message.is_some(),
            sends: !record.sent.is_empty(),
            calls: !record.calls.is_empty(),
            facts,
        });
    }
    let arrows = &mut slice.arrows;
    let find = |arrows: &mut Vec<Arrow>, id: EnvelopeId| {
        // Numbers are given in the order of sending.
        let place = arrows.partition_point(|arrow| arrow.id < id);
        (arrows.get(place).is_some_and(|arrow| arrow.id == id)).then_some(place)
    };
    for lost in &record.lost {
        if let Some(arrow) = find(arrows, *lost).map(|place| &mut arrows[place]) {
            let down = matches!(record.step, Step::Deliver(_)) && !record.effective;
            let share = arrow.share(at);
            ended += usize::from(arrow.end == End::Open);
            (arrow.end, arrow.ended) = (if down { End::Vain } else { End::Lost(share) }, at);
        }
    }
    match record.step {
        Step::Deliver(id) if record.effective => {
            if let Some(place) = find(arrows, id) {
                ended += usize::from(arrows[place].end == End::Open);
                (arrows[place].end, arrows[place].ended) = (End::Arrives(record.number), at);
            } else if let (true, Some(message)) = (inside, record.message) {
                let place = arrows.partition_point(|arrow| arrow.id < id);
                let sent = record.cause.map_or(0.0, |cause| axis.record(cause));
                arrows.insert(
                    place,
                    Arrow {
                        id,
                        kind: message.kind,
                        from: message.from,
                        to: message.to,
                        cause: record.cause,
                        sent,
                        due: at,
                        end: End::Arrives(record.number),
                        ended: at,
                        held: None,
                        stalled: false,
                    },
                );
            }
        }
        Step::Hold(id) => {
            if let (true, Some(place)) = (record.effective, find(arrows, id)) {
                arrows[place].held = Some((at, None));
            }
        }
        Step::Release(id) => {
            if let (true, Some(place)) = (record.effective, find(arrows, id))
                && let Some((_, released)) = &mut arrows[place].held
            {
                *released = Some(at);
            }
        }
        _ => {}
    }
    ended
}

#[cfg(test)]
mod tests {
    use super::super::tests::{paced, played};
    use super::*;

    fn whole(text: &str, speed: Speed) -> (Slice, u32) {
        let session = played(text);
        let pace = paced(&session);
        let axis = Axis { pace: &pace, timeline: session.timeline(), speed };
        let mut index = Index::default();
        index.extend(session.timeline());
        let end = session.timeline().len();
        let all = cut(axis, &index, 0, end);
        // In parts it is the same: every message is in the parts in which it is under way, as it is in the whole.
        let middle = end / 2;
        for (low, high) in [(0, middle), (middle, end)] {
            let part = cut(axis, &index, low, high);
            assert!(part.arrows.iter().all(|arrow| all.arrows.contains(arrow)), "{low}..{high}");
            let events = all.events.iter().filter(|event| (low..high).contains(&event.record));
            assert_eq!(part.events.len(), events.count());
        }
        (all, end)
    }

    const LOSSY: &str = "lab lww\nnodes 3\nclients 1\nset gossip 100ms\nstop at 2s\n\
                         link n1 -> n2 loss 100%\nat 0s c1 write x 1\n";

    #[test]
    fn every_message_has_two_ends() {
        for speed in [Speed::ByEvent(1.0), Speed::Real(1.0)] {
            let (all, _) = whole(
                "lab lww\nnodes 3\nclients 1\nset gossip 100ms\nstop at 2s\nat 0s c1 write x 1\n",
                speed,
            );
            assert!(all.arrows.len() > 20);
            for arrow in &all.arrows {
                assert!(arrow.sent <= arrow.ended && arrow.from != arrow.to, "{arrow:?}");
                assert!(matches!(arrow.end, End::Arrives(_) | End::Open), "{arrow:?}");
            }
        }
    }

    #[test]
    fn what_is_lost_ends_on_its_way() {
        let session = played(LOSSY);
        let lost = (0..session.timeline().len())
            .filter_map(|record| session.timeline().record(record))
            .flat_map(|record| record.sent)
            .filter(|sent| sent.fate == Fate::Lost)
            .count();
        let (all, _) = whole(LOSSY, Speed::ByEvent(1.0));
        let crosses = all.arrows.iter().filter(|arrow| matches!(arrow.end, End::Lost(_))).count();
        assert!(lost > 0);
        assert_eq!(crosses, lost);
    }

    #[test]
    fn what_is_held_knows_from_where_to_where() {
        let text = "lab lease\nclients 1\nstop at 3s\nat 0s hold next acquire\nat 0s c1 write x 1\n\
                    at 1s release acquire\n";
        let (all, _) = whole(text, Speed::Real(1.0));
        let held: Vec<_> = all.arrows.iter().filter_map(|arrow| arrow.held).collect();
        assert_eq!(held.len(), 1, "{all:?}");
        assert!(
            held[0].0 < 0.5 && held[0].1.is_some_and(|released| (released - 1.0).abs() < 1e-6),
            "{held:?}"
        );
    }
}
