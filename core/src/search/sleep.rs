//! Which steps need not be taken, because another order of them was looked at.
//!
//! Of two steps that happen apart ([`Space::apart`]) only one order has to be looked at. As with sleep sets (Godefroid, *Partial-Order
//! Methods for the Verification of Concurrent Systems*, LNCS 1032, 1996, §5), a step *sleeps* in a state where taking it would only lead
//! to where another way has led already. Only steps sleep that are silent: no invariant looks at them, whatever else has happened.
//!
//! Godefroid keeps the set of sleeping steps with every state that was seen, and looks at a state anew that is met again with fewer. Here
//! nothing is kept, and more is promised: *a step that sleeps would lead to a state that was seen before*. So a search with sleep is the same
//! search, in the same order, with the same ways and findings; what it leaves out changes nothing. Debug builds take every sleeping step,
//! and look whether that is so. It hangs on three conditions:
//!
//! - By depth, no step leads back to a state on the way. If one does, the search begins anew without sleep.
//! - Every state that was seen is gone on from. From the first one that is not, because an invariant is violated there or, by depth, because
//!   it is as deep as the bound lets it be, nothing sleeps any more.
//! - Two ways that differ in the order of steps apart lead to the same state: what [`Space::apart`] says is true.

use alloc::vec::Vec;

use super::Space;

/// By depth: the steps that sleep in the states on the way, and those that were tried there.
///
/// In the first state none does. When a step *a* leads from a state to a new one, those sleep in the new one that slept in the old one
/// or were tried there before *a*, that are silent, and that happen apart from *a*.
///
/// *Proof*. Let *b* sleep in *x*. It was tried in a state *q* on the way to *x*, before the way went on from there. Where it led to was
/// left before *x* was met, for no step leads back (if *b* changes nothing in *q*, it changes nothing in *x*), and by then all was seen that can be reached from there: wherever a step was taken
/// that is so because each state is left after those to which its steps lead, and where one slept it is so by the same proof. The steps that lead from *q*
/// to *x* lead from there to where *b* leads from *x*.
#[derive(Debug)]
pub(super) struct Sleepers {
    /// Of each step of each state on the way that sleeps or was tried, where it happens.
    places: Vec<u32>,
    /// The states on the way.
    states: Vec<Bed>,
    /// How many states on the way have digests with these lowest bits.
    passed: Vec<u32>,
}

/// Which steps of a state sleep, and which were tried: a bit for each, the first the lowest.
#[derive(Clone, Copy, Debug, Default)]
struct Bed {
    /// Where the places of its steps begin.
    first: usize,
    asleep: u64,
    tried: u64,
}

/// So many counts tell nearly always whether a state is on the way.
const COUNTS: usize = 1 << 12;

const fn count(digest: u64) -> usize {
    digest as usize & (COUNTS - 1)
}

impl Sleepers {
    /// A first state with so many steps is on the way, and nothing sleeps.
    pub(super) fn new(digest: u64, steps: usize) -> Self {
        let mut passed = alloc::vec![0; COUNTS];
        passed[count(digest)] += 1;
        Self { places: alloc::vec![0; steps], states: alloc::vec![Bed::default()], passed }
    }

    /// How many steps of the last state sleep, one after the other, from this one on.
    pub(super) fn asleep(&self, nth: usize) -> usize {
        let asleep = self.states.last().map_or(0, |state| state.asleep);
        if nth < BITS { (asleep >> nth).trailing_ones() as usize } else { 0 }
    }

    /// A silent step was tried in the last state.
    pub(super) fn tried(&mut self, nth: usize, place: u32) {
        if let Some(state) = self.states.last_mut().filter(|_| nth < BITS) {
            state.tried |= 1 << nth;
            self.places[state.first + nth] = place;
        }
    }

    /// A step at this place leads from the last state, which has the first of these steps, to a new one with the others, which is on the
    /// way from now on.
    #[inline]
    pub(super) fn enter<T: PartialEq>(&mut self, place: Option<u32>, digest: u64, before: &[T], steps: &[T]) {
        let last = self.states.last().copied().unwrap_or_default();
        let first = self.places.len();
        self.places.resize(first + steps.len(), 0);
        let mut left = if place.is_some() { last.asleep | last.tried } else { 0 };
        // What could be taken before comes in the same order here: the next one is never far.
        let (mut asleep, mut next) = (0, 0);
        while left != 0 {
            let nth = left.trailing_zeros() as usize;
            left &= left - 1;
            let other = self.places[last.first + nth];
            if Some(other) == place {
                continue;
            }
            let from = |from: usize| (from..steps.len().min(BITS)).find(|known| steps[*known] == before[nth]);
            if let Some(known) = from(next).or_else(|| from(0)) {
                asleep |= 1 << known;
                self.places[first + known] = other;
                next = known + 1;
            }
        }
        self.states.push(Bed { first, asleep, tried: 0 });
        self.passed[count(digest)] += 1;
    }

    /// The last state is left.
    pub(super) fn leave(&mut self, digest: u64) {
        if let Some(state) = self.states.pop() {
            self.places.truncate(state.first);
        }
        self.passed[count(digest)] -= 1;
    }

    /// False where no state with this digest is on the way.
    pub(super) fn may_pass(&self, digest: u64) -> bool {
        self.passed[count(digest)] > 0
    }
}

/// By breadth: what is known of each step of the state that is looked at.
///
/// In the first state none sleeps. When a step *a* leads from a state to a new one, those sleep in the new one that slept in the old one or
/// stand before *a* among its steps, that are silent, and that happen apart from *a*.
///
/// *Proof*. Let *b* sleep in *s*, to which *a* led from *p*. Where *b* leads from *p* was seen before *s* was: it was taken before *a*, or it slept in *p*,
/// for which this proof holds. States are gone on from in the order in which they were seen. So *a* was taken from there before *b*
/// comes up in *s*, or it slept there; and it leads to where *b* leads from *s*.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Look {
    /// Where it happens.
    pub(super) place: Option<u32>,
    pub(super) silent: bool,
    /// It is not taken.
    pub(super) sleeps: bool,
}

/// The bits of so many steps are in one word. Those after them never sleep.
const BITS: usize = 64;

impl Look {
    /// What is known of the steps of a state before they are taken, when these of the steps of the state before sleep.
    pub(super) fn around<S: Space>(
        space: &S,
        steps: &[S::Step],
        before: &[S::Step],
        asleep: u64,
        out: &mut Vec<Self>,
    ) {
        let sleeps = |step: &S::Step| {
            let mut known = before.iter().take(BITS).enumerate();
            asleep != 0 && known.any(|(place, other)| asleep >> place & 1 == 1 && other == step)
        };
        out.clear();
        out.extend(steps.iter().enumerate().map(|(nth, step)| {
            let place = if nth < BITS { space.apart(*step) } else { None };
            let sleeps = sleeps(step);
            Self { place, silent: sleeps, sleeps }
        }));
    }

    /// Which of the steps of a state sleep in the state to which one of them leads: a bit for each.
    pub(super) fn asleep_after(all: &[Self], taken: usize) -> u64 {
        let Some(place) = all.get(taken).and_then(|look| look.place) else { return 0 };
        let sleeps = |(nth, look): (usize, &Self)| {
            let sleeps = look.silent && (nth < taken || look.sleeps);
            u64::from(sleeps && look.place.is_some_and(|other| other != place)) << nth
        };
        all.iter().take(BITS).enumerate().map(sleeps).fold(0, |all, bit| all | bit)
    }
}
