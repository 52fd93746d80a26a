//! Where the calls of a history lie: a lane for each process, a bar for each call, from left to right in the order of the events.

use std::collections::BTreeMap;

use splitbrain_scenarios::history::{Ending, Judging};

/// What came of a call.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Came {
    /// It was done.
    Done,
    /// It was not done, or is not judged.
    Not,
    /// Nobody knows.
    Unknown,
}

/// A call as it is drawn.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Bar {
    pub(super) lane: u32,
    /// The place of the call among all events.
    pub(super) begins: u32,
    /// Where the bar ends. That of a call that nobody knows of goes on until its process calls again, or to the end.
    pub(super) ends: u32,
    pub(super) came: Came,
}

/// All bars of a history. A bar has the place of its call.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) struct Bars {
    /// The processes, in order.
    pub(super) lanes: Vec<u64>,
    pub(super) all: Vec<Bar>,
    /// How many events there are: where the axis ends.
    pub(super) length: u32,
    /// For each operation of the case the place of its call.
    pub(super) calls: Vec<u32>,
    /// The bars of each lane, from left to right.
    by_lane: Vec<Vec<u32>>,
}

impl Bars {
    /// The bars of a history. With an object, only those of the calls that touch it.
    pub(super) fn of(judging: &Judging, object: Option<u32>) -> Self {
        let (calls, subject) = (&judging.calls, &judging.subject);
        let mut judged = vec![false; calls.len()];
        subject.calls.iter().for_each(|call| judged[*call as usize] = true);
        let mut touched = vec![object.is_none(); calls.len()];
        let done = subject.calls.iter().zip(&subject.case.operations);
        let failed = subject.failed.iter().zip(&subject.case.failed);
        for (call, operation) in done.chain(failed) {
            touched[*call as usize] |= operation.acts.iter().any(|(on, _)| Some(*on) == object);
        }
        let mut lanes: BTreeMap<u64, u32> = BTreeMap::new();
        for (_, call) in calls.iter().enumerate().filter(|(place, _)| touched[*place]) {
            lanes.insert(call.process, 0);
        }
        lanes.values_mut().zip(0..).for_each(|(lane, place)| *lane = place);
        let mut last = calls.iter().map(|call| call.ends.unwrap_or(call.begins) + 1).max().unwrap_or(0);
        // A call that is never answered must be seen at the right edge, too.
        last += u32::from(calls.iter().any(|call| call.ends.is_none()));
        let mut by_lane = vec![Vec::new(); lanes.len()];
        // What is not shown has a lane beyond all others.
        let mut all: Vec<Bar> = Vec::with_capacity(calls.len());
        for (place, call) in calls.iter().enumerate() {
            let lane = lanes.get(&call.process).copied().filter(|_| touched[place]);
            let came = match call.ending {
                Ending::Unknown => Came::Unknown,
                _ if judged[place] => Came::Done,
                Ending::Ok(_) | Ending::Fail => Came::Not,
            };
            if let Some(own) = lane.and_then(|lane| by_lane.get_mut(lane as usize)) {
                let before: Option<&mut Bar> =
                    own.last().and_then(|before: &u32| all.get_mut(*before as usize));
                if let Some(before) = before {
                    before.ends = before.ends.min(call.begins);
                }
                own.push(place as u32);
            }
            all.push(Bar {
                lane: lane.unwrap_or(u32::MAX),
                begins: call.begins,
                ends: call.ends.unwrap_or(last),
                came,
            });
        }
        Self { lanes: lanes.into_keys().collect(), all, length: last, calls: subject.calls.clone(), by_lane }
    }

    /// The bars of a lane that have a part between two places, from left to right.
    pub(super) fn between(&self, lane: u32, from: f64, to: f64) -> &[u32] {
        let Some(own) = self.by_lane.get(lane as usize) else { return &[] };
        let place = |bar: &u32| &self.all[*bar as usize];
        let low = own.partition_point(|bar| f64::from(place(bar).ends) < from);
        let high = own.partition_point(|bar| f64::from(place(bar).begins) <= to);
        own.get(low..high).unwrap_or_default()
    }

    /// The bar of an operation of the case, where it is shown.
    pub(super) fn bar(&self, operation: u32) -> Option<u32> {
        let place = *self.calls.get(operation as usize)?;
        self.is_shown(place).then_some(place)
    }

    /// Whether a bar is among those that are shown.
    pub(super) fn is_shown(&self, bar: u32) -> bool {
        self.all.get(bar as usize).is_some_and(|bar| bar.lane != u32::MAX)
    }

    /// The bar that is shown before or behind this one in the order of the calls; the first or the last where there is none yet.
    pub(super) fn beside(&self, from: Option<u32>, forward: bool) -> Option<u32> {
        let shown = |place: &u32| self.is_shown(*place);
        let end = self.all.len() as u32;
        match (from, forward) {
            (None, true) => (0..end).find(shown),
            (None, false) => (0..end).rev().find(shown),
            (Some(from), true) => (from + 1..end).find(shown),
            (Some(from), false) => (0..from).rev().find(shown),
        }
    }

    /// The bar on the lane above or below that is nearest to this one.
    pub(super) fn across(&self, from: u32, down: bool) -> Option<u32> {
        let here = self.all.get(from as usize)?;
        let lane = if down { here.lane.checked_add(1)? } else { here.lane.checked_sub(1)? };
        let far = |bar: &&u32| {
            let there = &self.all[**bar as usize];
            there.begins.abs_diff(here.begins).min(there.ends.abs_diff(here.begins))
        };
        self.by_lane.get(lane as usize)?.iter().min_by_key(far).copied()
    }

    /// Where each operation of an order takes effect, as late as that is needed and as early as it may be: between the events
    /// before and behind it, so that places grow from one to the next.
    pub(super) fn points(&self, order: &[u32]) -> Vec<(f64, u32)> {
        let bars = order.iter().filter_map(|operation| self.bar(*operation));
        let mut after = 0;
        let gaps: Vec<(u32, u32)> = bars
            .map(|bar| {
                after = self.all[bar as usize].begins.max(after);
                (after, bar)
            })
            .collect();
        let mut points = Vec::with_capacity(gaps.len());
        for many in gaps.chunk_by(|one, other| one.0 == other.0) {
            let share = 1.0 / (many.len() + 1) as f64;
            let within = many.iter().enumerate();
            points.extend(within.map(|(nth, (gap, bar))| (f64::from(*gap) + share * (nth + 1) as f64, *bar)));
        }
        points
    }
}

#[cfg(test)]
mod tests {
    use splitbrain_core::judge::{Verdict, Witness};

    use super::super::tests::judged;
    use super::*;

    const TEXT: &str = "{:process 0, :type :invoke, :f :write, :key :x, :value 1}
{:process 1, :type :invoke, :f :read, :key :x, :value nil}
{:process 0, :type :ok, :f :write, :key :x, :value 1}
{:process 1, :type :ok, :f :read, :key :x, :value 1}
{:process 0, :type :invoke, :f :write, :key :y, :value 2}
{:process 0, :type :info, :f :write, :key :y, :value 2}
{:process 7, :type :invoke, :f :write, :key :y, :value 3}
{:process 0, :type :invoke, :f :write, :key :x, :value 4}
{:process 7, :type :fail, :f :write, :key :y, :value 3}
{:process 0, :type :ok, :f :write, :key :x, :value 4}";

    #[test]
    fn a_call_is_a_bar_from_its_call_to_its_answer_on_the_lane_of_its_process() {
        let judged = judged(TEXT);
        let bars = Bars::of(&judged.judging, None);
        assert_eq!((&bars.lanes[..], bars.all.len()), (&[0, 1, 7][..], 5));
        let spans: Vec<_> = bars.all.iter().map(|bar| (bar.lane, bar.begins, bar.ends, bar.came)).collect();
        // Nobody knows what came of the third: it goes on until its process calls again.
        let expected = [
            (0, 0, 2, Came::Done),
            (1, 1, 3, Came::Done),
            (0, 4, 7, Came::Unknown),
            (2, 6, 8, Came::Not),
            (0, 7, 9, Came::Done),
        ];
        assert_eq!(spans, expected);
        assert_eq!(bars.between(0, 2.5, 3.5), [] as [u32; 0]);
        assert_eq!(bars.between(0, 1.5, 7.0), [0, 2, 4]);
    }

    #[test]
    fn one_object_has_only_its_own_calls_and_those_that_failed_among_them() {
        let judged = judged(TEXT);
        let y =
            judged.judging.subject.keys.iter().position(|key| key.to_string() == "y").expect("it is there");
        let bars = Bars::of(&judged.judging, Some(y as u32));
        assert_eq!(bars.lanes, [0, 7]);
        let shown: Vec<u32> = (0..5).filter(|bar| bars.is_shown(*bar)).collect();
        assert_eq!(shown, [2, 3]);
        assert_eq!(bars.beside(None, true), Some(2));
        assert_eq!((bars.beside(Some(2), true), bars.beside(Some(3), true)), (Some(3), None));
        assert_eq!((bars.across(2, true), bars.across(2, false)), (Some(3), None));
    }

    #[test]
    fn an_order_takes_effect_within_its_bars_and_from_left_to_right() {
        let judged = judged(TEXT);
        let Verdict::Holds(Witness { orders }) = &judged.verdict else { panic!("{:?}", judged.verdict) };
        let bars = Bars::of(&judged.judging, None);
        for order in orders {
            let points = bars.points(order);
            assert_eq!(points.len(), order.len());
            assert!(points.windows(2).all(|pair| pair[0].0 < pair[1].0), "{points:?}");
            for (x, bar) in points {
                let bar = &bars.all[bar as usize];
                assert!(f64::from(bar.begins) < x && x < f64::from(bar.ends), "{x} of {bar:?}");
            }
        }
    }
}
