//! Two-phase commit for stateright: the actions of `TwoPhase.tla`, which are those of our model too.

use std::collections::BTreeSet;

use splitbrain_core::search::{Action, Order};
use stateright::{Checker, Model, Property, RewritePlan};

/// How many states it sees.
pub fn search<M>(model: M, order: Order) -> u64
where
    M: Model + Send + Sync + 'static,
    M::State: std::fmt::Debug + std::hash::Hash + Send + Sync + Clone + PartialEq,
    M::Action: std::fmt::Debug + Clone + PartialEq,
{
    let checker = model.checker().threads(1);
    match order {
        Order::Depth => checker.spawn_dfs().join().unique_state_count() as u64,
        Order::Breadth => checker.spawn_bfs().join().unique_state_count() as u64,
    }
}

/// The same, with states as one that have the same representative.
pub fn search_symmetric<M>(model: M, representative: fn(&M::State) -> M::State) -> u64
where
    M: Model + Send + Sync + 'static,
    M::State: std::fmt::Debug + std::hash::Hash + Send + Sync + Clone + PartialEq,
    M::Action: std::fmt::Debug + Clone + PartialEq,
{
    let checker = model.checker().threads(1).symmetry_fn(representative);
    checker.spawn_dfs().join().unique_state_count() as u64
}

/// As in stateright's own example, `examples/2pc.rs`: lists and a set of messages.
#[derive(Clone)]
pub struct Example(pub u8);

#[derive(Clone, Debug, Hash, PartialEq, Eq)]
pub struct State {
    rms: Vec<Rm>,
    tm: Tm,
    prepared: Vec<bool>,
    messages: BTreeSet<Message>,
}

#[derive(Clone, Copy, Debug, Hash, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rm {
    Working,
    Prepared,
    Committed,
    Aborted,
}

#[derive(Clone, Copy, Debug, Hash, PartialEq, Eq)]
pub enum Tm {
    Init,
    Committed,
    Aborted,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, PartialOrd, Ord)]
pub enum Message {
    Prepared(u8),
    Commit,
    Abort,
}

/// As in its example: managers are put in order by `rms` alone, so that some states have more than one representative.
pub fn sorted(state: &State) -> State {
    let plan = RewritePlan::<usize, _>::from_values_to_sort(&state.rms);
    let message = |message: &Message| match message {
        Message::Prepared(rm) => Message::Prepared(plan.rewrite(&usize::from(*rm)) as u8),
        other => other.clone(),
    };
    State {
        rms: plan.reindex(&state.rms),
        tm: state.tm,
        prepared: plan.reindex(&state.prepared),
        messages: state.messages.iter().map(message).collect(),
    }
}

impl stateright::Rewrite<usize> for Rm {
    fn rewrite<S>(&self, _: &RewritePlan<usize, S>) -> Self {
        *self
    }
}

impl Model for Example {
    type State = State;
    type Action = Action;

    fn init_states(&self) -> Vec<State> {
        let all = usize::from(self.0);
        let (rms, prepared) = (vec![Rm::Working; all], vec![false; all]);
        vec![State { rms, tm: Tm::Init, prepared, messages: BTreeSet::new() }]
    }

    fn actions(&self, state: &State, out: &mut Vec<Action>) {
        let init = state.tm == Tm::Init;
        if init && state.prepared.iter().all(|prepared| *prepared) {
            out.push(Action::Commit);
        }
        if init {
            out.push(Action::Abort);
        }
        for rm in 0..self.0 {
            if init && state.messages.contains(&Message::Prepared(rm)) {
                out.push(Action::ReceivePrepared(rm));
            }
            if state.rms[usize::from(rm)] == Rm::Working {
                out.push(Action::Prepare(rm));
                out.push(Action::ChooseToAbort(rm));
            }
            if state.messages.contains(&Message::Commit) {
                out.push(Action::ReceiveCommit(rm));
            }
            if state.messages.contains(&Message::Abort) {
                out.push(Action::ReceiveAbort(rm));
            }
        }
    }

    fn next_state(&self, last: &State, action: Action) -> Option<State> {
        let mut state = last.clone();
        match action {
            Action::ReceivePrepared(rm) => state.prepared[usize::from(rm)] = true,
            Action::Commit => {
                state.tm = Tm::Committed;
                state.messages.insert(Message::Commit);
            }
            Action::Abort => {
                state.tm = Tm::Aborted;
                state.messages.insert(Message::Abort);
            }
            Action::Prepare(rm) => {
                state.rms[usize::from(rm)] = Rm::Prepared;
                state.messages.insert(Message::Prepared(rm));
            }
            Action::ReceiveCommit(rm) => state.rms[usize::from(rm)] = Rm::Committed,
            Action::ChooseToAbort(rm) | Action::ReceiveAbort(rm) => state.rms[usize::from(rm)] = Rm::Aborted,
        }
        Some(state)
    }

    fn properties(&self) -> Vec<Property<Self>> {
        vec![
            Property::<Self>::sometimes("committed", |_, state| state.rms.contains(&Rm::Committed)),
            Property::<Self>::sometimes("aborted", |_, state| state.rms.contains(&Rm::Aborted)),
            Property::<Self>::always("consistent", |_, state| {
                !(state.rms.contains(&Rm::Committed) && state.rms.contains(&Rm::Aborted))
            }),
        ]
    }
}

/// The same in 64 bits: four for each resource manager, and those of the transaction manager and its messages above.
#[derive(Clone)]
pub struct Packed(pub u8);

const SAID: u64 = 0b0100;
const HEARD: u64 = 0b1000;
const COMMIT: u64 = 1 << 62;
const ABORT: u64 = 1 << 63;

fn decided(managers: u8, state: u64) -> (bool, bool) {
    let all = ((1_u64 << (4 * managers)) - 1) & 0x1111_1111_1111_1111;
    let (low, high) = (state & all, state >> 1 & all);
    (high & !low != 0, high & low != 0)
}

/// Managers in order of their four bits: one representative for all that are alike.
pub fn packed(state: &u64) -> u64 {
    let mut managers: [u8; 15] = std::array::from_fn(|rm| (state >> (4 * rm) & 0xf) as u8);
    managers.sort_unstable();
    // Those that are not there have no bits, and come last.
    managers.iter().fold(0, |sorted, own| sorted << 4 | u64::from(*own)) | state >> 60 << 60
}

impl Model for Packed {
    type State = u64;
    type Action = Action;

    fn init_states(&self) -> Vec<u64> {
        vec![0]
    }

    fn actions(&self, state: &u64, out: &mut Vec<Action>) {
        let init = state >> 60 & 0b11 == 0;
        if init && (0..self.0).all(|rm| state >> (4 * rm) & HEARD != 0) {
            out.push(Action::Commit);
        }
        if init {
            out.push(Action::Abort);
        }
        for rm in 0..self.0 {
            let own = state >> (4 * rm);
            if init && own & SAID != 0 {
                out.push(Action::ReceivePrepared(rm));
            }
            if own & 0b11 == 0 {
                out.push(Action::Prepare(rm));
                out.push(Action::ChooseToAbort(rm));
            }
            if state & COMMIT != 0 {
                out.push(Action::ReceiveCommit(rm));
            }
            if state & ABORT != 0 {
                out.push(Action::ReceiveAbort(rm));
            }
        }
    }

    fn next_state(&self, last: &u64, action: Action) -> Option<u64> {
        let put = |rm: u8, state: u64| last & !(0b11 << (4 * rm)) | state << (4 * rm);
        Some(match action {
            Action::Commit => last | COMMIT | 2 << 60,
            Action::Abort => last | ABORT | 3 << 60,
            Action::ReceivePrepared(rm) => last | HEARD << (4 * rm),
            Action::Prepare(rm) => put(rm, 1) | SAID << (4 * rm),
            Action::ReceiveCommit(rm) => put(rm, 2),
            Action::ChooseToAbort(rm) | Action::ReceiveAbort(rm) => put(rm, 3),
        })
    }

    fn properties(&self) -> Vec<Property<Self>> {
        vec![
            Property::<Self>::sometimes("committed", |model, state| decided(model.0, *state).0),
            Property::<Self>::sometimes("aborted", |model, state| decided(model.0, *state).1),
            Property::<Self>::always("consistent", |model, state| decided(model.0, *state) != (true, true)),
        ]
    }
}
