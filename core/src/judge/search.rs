//! One search for an order: is there one in which the objects would have answered just so?
//!
//! Wing & Gong 1993 with Lowe's memory of configurations and his just-in-time linearization (2017, §3 and §4): an operation is
//! put into the order only when a return comes that needs it. So a configuration is a place in the history, the state, and which
//! of the operations that are open there have been done; none is searched twice. Five rules leave out orders without leaving out
//! a verdict ([`Future`] adds a sixth):
//!
//! - An operation that only looks is put into the order as soon as it sees the right state: it stands in nobody's way.
//! - Before a return only operations on objects of the same group are tried: the others can as well be done at their own return.
//! - Of operations that do the same, the one that ends first is done first; those that nobody knows of come last.
//! - An operation that nobody knows of, and that only looks, is left out.
//! - A configuration that has used more of the operations that nobody knows of than another one is no better than that.

use alloc::vec::Vec;

use super::future::{Future, Interval, Now};
use super::machine::Machine;
use super::plan::{DeadEnd, End, Found, Planned, Tip, slots, twins};
use super::table::{Table, hash};

/// Dead ends that are kept, each with another state.
const KEPT: usize = 8;

#[derive(Clone, Debug)]
struct Frame {
    position: usize,
    state: u32,
    order: Tip,
    /// The next candidate: 0 is the operation that returns, then the slots.
    next: usize,
}

/// A search that can be interrupted.
#[derive(Clone, Debug)]
pub(super) struct Search {
    plan: Vec<Planned>,
    /// Twice an operation's place in the plan for its call, one more for its return.
    events: Vec<u32>,
    /// The slot of each operation: those that return take turns, the others have one each behind these.
    slots: Vec<u32>,
    /// The operation of the same class that comes before this one, or itself.
    twins: Vec<u32>,
    intervals: Vec<Interval>,
    future: Option<Future>,
    /// Machine words of slots for operations that return, and of all.
    certain: usize,
    width: usize,
    position: usize,
    state: u32,
    order: Tip,
    /// All orders as one tree: what was done, and where what was done before it stands.
    tree: Vec<(u32, u32)>,
    open: Vec<u64>,
    done: Vec<u64>,
    /// The operation in each slot.
    at: Vec<u32>,
    frames: Vec<Frame>,
    /// What was done when each frame was made.
    saved: Vec<u64>,
    seen: Table,
    /// Position and state, then what was done, of each configuration.
    configurations: Vec<u64>,
    count: usize,
    far: usize,
    ends: Vec<End>,
    going: bool,
}

impl Search {
    /// Without `ahead` a state is given up only at the answer that it contradicts.
    pub(super) fn new(machine: &Machine, start: u32, plan: Vec<Planned>, ahead: bool) -> Self {
        let mut plan = plan;
        plan.retain(|planned| planned.ends.is_some() || !planned.looks);
        let mut moments: Vec<(u32, u32, u32)> = Vec::new();
        for (place, planned) in plan.iter().enumerate() {
            let place = place as u32;
            moments.push((planned.begins, 0, 2 * place));
            moments.extend(planned.ends.map(|end| (end.max(planned.begins), 1, 2 * place + 1)));
        }
        moments.sort_unstable();
        let events: Vec<u32> = moments.into_iter().map(|(.., event)| event).collect();
        let mut intervals = alloc::vec![Interval { begins: 0, ends: usize::MAX }; plan.len()];
        for (at, event) in events.iter().enumerate() {
            let interval = &mut intervals[*event as usize / 2];
            *(if event % 2 == 0 { &mut interval.begins } else { &mut interval.ends }) = at;
        }
        let classes: Vec<u32> = plan.iter().map(|planned| planned.class).collect();
        let (slots, certain, all) = slots(&plan, &events);
        let certain = certain.div_ceil(64);
        let slots = plan
            .iter()
            .zip(slots)
            .map(|(planned, slot)| if planned.ends.is_some() { slot } else { slot + 64 * certain as u32 })
            .collect();
        let width = certain + all.div_ceil(64);
        Self {
            twins: twins(&plan),
            future: ahead.then(|| Future::new(machine, start, &classes, &intervals)),
            intervals,
            plan,
            events,
            slots,
            certain,
            width,
            position: 0,
            state: start,
            order: Tip::default(),
            tree: Vec::new(),
            open: alloc::vec![0; width],
            done: alloc::vec![0; width],
            at: alloc::vec![0; width * 64],
            frames: Vec::new(),
            saved: Vec::new(),
            seen: Table::new(),
            configurations: Vec::new(),
            count: 0,
            far: 0,
            ends: Vec::new(),
            going: true,
        }
    }

    /// Configurations that were met.
    pub(super) fn count(&self) -> usize {
        self.count
    }

    /// Goes on for at most so many configurations more. Nothing where that was not enough.
    pub(super) fn advance(&mut self, machine: &mut Machine, configurations: usize) -> Option<Found> {
        let limit = self.count.saturating_add(configurations);
        loop {
            if self.going && self.forward(machine) {
                return Some(Found::Order(self.named(self.order)));
            }
            if self.count >= limit {
                self.going = false;
                return None;
            }
            if !self.choose(machine) {
                return Some(self.evidence());
            }
        }
    }

    /// The operation at which the longest order ended, and the orders that ended at it.
    fn evidence(&self) -> Found {
        let longest = self.ends.iter().max_by_key(|end| end.order.length);
        let stuck = longest.map_or(0, |end| end.stuck);
        let ends = self.ends.iter().filter(|end| end.stuck == stuck);
        let ends = ends.map(|end| DeadEnd { order: self.named(end.order), state: end.state });
        let operation = self.plan.get(stuck as usize).map_or(0, |planned| planned.operation);
        Found::Stuck(operation, ends.collect())
    }

    fn named(&self, order: Tip) -> Vec<u32> {
        let mut named = Vec::with_capacity(order.length as usize);
        let mut at = order.at;
        while let Some((before, place)) = (at as usize).checked_sub(1).and_then(|at| self.tree.get(at)) {
            named.push(self.plan[*place as usize].operation);
            at = *before;
        }
        named.reverse();
        named
    }

    fn append(&mut self, place: u32) {
        self.tree.push((self.order.at, place));
        self.order = Tip { at: self.tree.len() as u32, length: self.order.length + 1 };
    }

    fn is_done(&self, place: u32) -> bool {
        let slot = self.slots[place as usize] as usize;
        self.done[slot / 64] >> (slot % 64) & 1 == 1
    }

    fn is_open(&self, place: u32) -> bool {
        let slot = self.slots[place as usize] as usize;
        self.open[slot / 64] >> (slot % 64) & 1 == 1 && self.at[slot] == place
    }

    /// Goes on to the next return of an operation that was not done yet. Whether there is none.
    fn forward(&mut self, machine: &mut Machine) -> bool {
        while let Some(event) = self.events.get(self.position) {
            let place = event / 2;
            let slot = self.slots[place as usize] as usize;
            let bit = 1 << (slot % 64);
            if event % 2 == 0 {
                self.open[slot / 64] |= bit;
                self.at[slot] = place;
                self.position += 1;
                let planned = &self.plan[place as usize];
                if planned.looks && machine.step(self.state, planned.class).is_some() {
                    self.done[slot / 64] |= bit;
                    self.append(place);
                }
                continue;
            }
            if self.done[slot / 64] & bit == 0 {
                let (position, state, order) = (self.position, self.state, self.order);
                self.frames.push(Frame { position, state, order, next: 0 });
                self.saved.extend_from_slice(&self.done);
                return false;
            }
            self.done[slot / 64] &= !bit;
            self.open[slot / 64] &= !bit;
            self.position += 1;
        }
        true
    }

    /// Goes back to a place before.
    fn rewind(&mut self, position: usize) {
        while self.position > position {
            self.position -= 1;
            let event = self.events[self.position];
            let slot = self.slots[event as usize / 2] as usize;
            if event.is_multiple_of(2) {
                self.open[slot / 64] &= !(1 << (slot % 64));
            } else {
                self.open[slot / 64] |= 1 << (slot % 64);
                self.at[slot] = event / 2;
            }
        }
    }

    /// Does one operation more where the last frame stands, or leaves frames that have no more. Whether any was left.
    fn choose(&mut self, machine: &mut Machine) -> bool {
        while let Some(frame) = self.frames.last_mut() {
            let (position, state, order, next) = (frame.position, frame.state, frame.order, frame.next);
            frame.next += 1;
            let candidate = match next.checked_sub(1) {
                None => Some(self.events[position] / 2),
                Some(from) => {
                    self.rewind(position);
                    self.restore(state, order);
                    let slot = self.waiting(from);
                    if let Some(frame) = self.frames.last_mut() {
                        frame.next = slot.map_or(usize::MAX, |slot| slot + 2);
                    }
                    slot.map(|slot| self.at[slot])
                }
            };
            let Some(candidate) = candidate else {
                self.dead_end(position, self.events[position] / 2, state, order);
                self.frames.pop();
                self.saved.truncate(self.saved.len() - self.width);
                continue;
            };
            let returns = self.events[position] / 2;
            let (one, other) = (&self.plan[candidate as usize], &self.plan[returns as usize]);
            if next > 0 && (candidate == returns || one.group != other.group || self.has_twin(candidate)) {
                continue;
            }
            let Some(after) = machine.step(state, one.class) else { continue };
            if next == 0 {
                self.rewind(position);
                self.restore(state, order);
            }
            let changed = after != state;
            self.state = after;
            self.put(candidate);
            if changed {
                self.look(machine);
            }
            if let Some(contradicted) = self.contradicted(machine, candidate) {
                self.dead_end(position, contradicted, self.state, self.order);
                continue;
            }
            if !self.is_new() {
                continue;
            }
            if self.is_done(returns) {
                self.going = true;
            } else {
                let (state, order) = (self.state, self.order);
                self.frames.push(Frame { position, state, order, next: 0 });
                self.saved.extend_from_slice(&self.done);
                self.going = false;
            }
            return true;
        }
        false
    }

    fn restore(&mut self, state: u32, order: Tip) {
        self.state = state;
        self.order = order;
        let from = self.saved.len() - self.width;
        self.done.copy_from_slice(&self.saved[from..]);
    }

    /// The next slot whose operation is open and not done.
    fn waiting(&self, from: usize) -> Option<usize> {
        let mut word = from / 64;
        let mut mask = u64::MAX << (from % 64);
        while word < self.width {
            let waiting = self.open[word] & !self.done[word] & mask;
            if waiting != 0 {
                return Some(word * 64 + waiting.trailing_zeros() as usize);
            }
            word += 1;
            mask = u64::MAX;
        }
        None
    }

    fn has_twin(&self, place: u32) -> bool {
        let twin = self.twins[place as usize];
        twin != place && self.is_open(twin) && !self.is_done(twin)
    }

    fn put(&mut self, place: u32) {
        let slot = self.slots[place as usize] as usize;
        self.done[slot / 64] |= 1 << (slot % 64);
        self.append(place);
    }

    /// Does what only looks and now sees the right state.
    fn look(&mut self, machine: &mut Machine) {
        let mut from = 0;
        while let Some(slot) = self.waiting(from) {
            let place = self.at[slot];
            let planned = &self.plan[place as usize];
            if planned.looks && machine.step(self.state, planned.class).is_some() {
                self.put(place);
            }
            from = slot + 1;
        }
    }

    /// Remembers the configuration, unless one as good was met before.
    fn is_new(&mut self) -> bool {
        let stride = self.width + 1;
        let place = (self.position as u64) << 32 | u64::from(self.state);
        let (certain, uncertain) = self.done.split_at(self.certain);
        let hash = hash(core::iter::once(place).chain(certain.iter().copied()));
        let known = self.seen.find(hash, |index| {
            let entry = &self.configurations[index * stride..(index + 1) * stride];
            let (before, rest) = entry.split_at(1 + self.certain);
            before[0] == place
                && before[1..] == *certain
                && rest.iter().zip(uncertain).all(|(fewer, more)| fewer & !more == 0)
        });
        if known.is_some() {
            return false;
        }
        self.seen.insert(hash, self.count);
        self.configurations.push(place);
        self.configurations.extend_from_slice(&self.done);
        self.count += 1;
        true
    }

    fn contradicted(&self, machine: &Machine, candidate: u32) -> Option<u32> {
        let now = Now {
            position: self.position,
            intervals: &self.intervals,
            is_done: &|place| self.intervals[place as usize].begins < self.position && self.is_done(place),
            waiting: &|which| {
                let mut from = 0;
                while let Some(slot) = self.waiting(from) {
                    if which(self.at[slot]) {
                        return true;
                    }
                    from = slot + 1;
                }
                false
            },
        };
        let class = self.plan[candidate as usize].class;
        self.future.as_ref()?.contradicted(machine, self.state, class, &now)
    }

    fn dead_end(&mut self, position: usize, stuck: u32, state: u32, order: Tip) {
        if position < self.far {
            return;
        }
        if position > self.far || self.ends.is_empty() {
            self.far = position;
            self.ends.clear();
        }
        let room = self.ends.len() < KEPT;
        match self.ends.iter_mut().find(|end| (end.state, end.stuck) == (state, stuck)) {
            Some(longest) if longest.order.length < order.length => longest.order = order,
            None if room => self.ends.push(End { state, stuck, order }),
            _ => {}
        }
    }
}
