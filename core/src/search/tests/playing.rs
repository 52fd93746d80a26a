//! Running labs as spaces: states that count as equal go on equally, and what is found is found in a run as well.

use alloc::borrow::ToOwned;
use alloc::collections::BTreeMap;
use alloc::vec::Vec;

use super::BOTH;
use crate::lab::{Arg, Args, Roster, Setup};
use crate::labs;
use crate::search::{Bounds, Budget, Explore, Finding, Move, Order, Playing, Space, What};
use crate::simulation::{Step, Timing};
use crate::unit::{NodeId, Value, Word};

pub(super) fn setup(lab: &str, servers: u8, clients: u8, timing: Timing) -> Setup {
    let lab = labs::find(lab).expect("there is such a lab");
    let roster = Roster::new(lab, Some(servers), Some(clients));
    Setup { roster, timing, ..Setup::new(lab) }
}

/// The first request of a lab with this name, `verb x 1`.
pub(super) fn ask(setup: &Setup, verb: &str, client: &str) -> Args {
    let request = setup.lab.requests.iter().position(|request| request.id == verb).expect("such a request");
    let node = setup.roster.find(client).expect("such a client");
    let word = Word::new("x").expect("a word");
    let values = setup.lab.requests[request].args.iter().map(|arg| match arg.kind {
        crate::lab::ArgKind::Key => Some(Arg::Key(word)),
        crate::lab::ArgKind::Value => Some(Arg::Value(Value::Int(1))),
        _ => None,
    });
    Args { request: request as u8, node, values: values.collect() }
}

pub(super) fn explore(space: Playing, order: Order, bounds: Bounds) -> Explore<Playing> {
    let mut explore = Explore::new(space, order, bounds);
    explore.advance(u64::MAX);
    explore
}

fn raft(flaws: &[&'static str], budget: Budget) -> Playing {
    let setup = Setup { flaws: flaws.to_vec(), ..setup("raft", 3, 1, Timing::Async) };
    Playing::new(&setup, &[], budget).expect("the lab takes it")
}

/// DESIGN: two digests, of which the one of the state has no ids and no times. Whatever counts as equal must go on equally.
#[test]
fn states_that_count_as_equal_go_on_equally() {
    let lww = setup("lww", 2, 2, Timing::Async);
    let lease = setup("lease", 1, 2, Timing::Bounded);
    let budget = Budget { crashes: 1, losses: 1, repeats: 1, pauses: 1, partitions: 1, timeouts: 2 };
    let spaces = [
        (raft(&[], budget), 4),
        (
            Playing::new(&lww, &[ask(&lww, "write", "c1"), ask(&lww, "write", "c2")], budget)
                .expect("it takes it"),
            5,
        ),
        (
            Playing::new(&lease, &[ask(&lease, "write", "c1"), ask(&lease, "write", "c2")], budget)
                .expect("so does it"),
            5,
        ),
    ];
    for (mut space, depth) in spaces {
        let mut known = BTreeMap::new();
        let mut again = 0;
        compare(&mut space, depth, &mut known, &mut again);
        assert!(again > 100, "{again} states were met twice");
    }
}

/// Goes every way, without leaving out what was seen, and compares where equal states lead to.
fn compare(space: &mut Playing, depth: u32, known: &mut BTreeMap<u64, Vec<u64>>, again: &mut u32) {
    let here = space.digest();
    let mut steps = Vec::new();
    space.steps(&mut steps);
    let mut next = Vec::new();
    for step in steps {
        space.take(step);
        next.push(space.digest().0);
        if depth > 0 {
            compare(space, depth - 1, known, again);
        }
        space.undo();
        assert_eq!(space.digest(), here, "{step:?} was taken back");
    }
    next.sort_unstable();
    next.dedup();
    match known.get(&here.0) {
        Some(known) => {
            assert_eq!(*known, next);
            *again += 1;
        }
        None => {
            known.insert(here.0, next);
        }
    }
}

/// What is taken back is back altogether: a way on which much was tried in vain is the way without.
#[test]
fn a_step_that_was_taken_back_never_was() {
    let budget = Budget { crashes: 2, losses: 2, repeats: 2, pauses: 2, partitions: 2, timeouts: 6 };
    let lww = setup("lww", 2, 2, Timing::Async);
    let lease = setup("lease", 1, 2, Timing::Bounded);
    let twice = |setup: &Setup| [ask(setup, "write", "c1"), ask(setup, "write", "c2")];
    let new = || {
        [
            raft(&["forget-vote"], budget),
            Playing::new(&lww, &twice(&lww), budget).expect("the lab takes it"),
            Playing::new(&lease, &twice(&lease), budget).expect("so does this one"),
        ]
    };
    for seed in 0..40 {
        let mut dice = crate::unit::Dice::new(seed, crate::unit::Purpose::Fuzz, 0, 0);
        for (mut tried, mut plain) in new().into_iter().zip(new()) {
            let mut way = 0;
            let mut some = |space: &mut Playing| {
                let mut steps = Vec::new();
                space.steps(&mut steps);
                (!steps.is_empty()).then(|| steps[dice.below(steps.len() as u64) as usize])
            };
            while let Some(step) = some(&mut tried) {
                let mut in_vain = 0;
                while in_vain < way % 5
                    && let Some(step) = some(&mut tried)
                {
                    tried.take(step);
                    in_vain += 1;
                }
                (0..in_vain).for_each(|_| tried.undo());
                tried.take(step);
                plain.take(step);
                way += 1;
                assert_eq!(tried.digest(), plain.digest());
                assert_eq!(tried.broken(), plain.broken());
                assert_eq!(tried.reached(), plain.reached());
                assert!(tried.is_like(&plain), "after {way} steps");
                if way > 60 {
                    break;
                }
            }
        }
    }
}

#[test]
fn both_orders_see_the_same_states_of_a_lab() {
    let budget = Budget { timeouts: 2, ..Budget::default() };
    let [breadth, depth] = BOTH.map(|order| {
        let explore = explore(raft(&[], budget), order, Bounds::default());
        assert!(!explore.cut().any() && explore.finding().is_none());
        assert!(explore.space().left_out_timeouts() && explore.space().drew());
        explore.count()
    });
    assert_eq!((breadth.distinct, breadth.generated), (depth.distinct, depth.generated));
    assert!(breadth.distinct > 500, "{breadth:?}");
}

/// Raft §5.2: a server votes for at most one candidate in a term, and remembers that over a crash (Figure 2).
#[test]
fn who_forgets_its_vote_is_found_and_nothing_is_without_the_flaw() {
    let budget = Budget { crashes: 1, timeouts: 2, ..Budget::default() };
    let found = explore(raft(&["forget-vote"], budget), Order::Breadth, Bounds::default());
    let Finding { what, steps } = found.finding().expect("two leaders in one term");
    let mut less = Explore::new(raft(&["forget-vote"], budget), Order::Breadth, Bounds::default()).reduced();
    less.advance(u64::MAX);
    assert_eq!((less.finding(), less.count().distinct), (found.finding(), found.count().distinct));
    assert!(less.count().generated < found.count().generated);
    let place = found.space().info().property("election-safety").map(|(place, _)| place as u8);
    assert_eq!(Some(*what), place.map(What::Broken));
    // Two campaign, three messages a leader's election at least, and whoever votes twice dies and comes back between.
    assert_eq!(steps.len(), 8, "{steps:?}");
    let mut records = 0;
    assert_eq!(found.space().replay(steps, |_, _| records += 1), place);
    assert_eq!(records, 8);
    let bounds = Bounds { depth: 8, ..Bounds::default() };
    let found = explore(raft(&[], budget), Order::Breadth, bounds);
    assert!(found.finding().is_none() && found.cut().depth);
}

/// A step of each kind that a budget pays for comes up, as often as it pays for and no more, and each can be taken back in time.
#[test]
fn a_budget_pays_for_pauses_and_partitions() {
    let lww = setup("lww", 2, 1, Timing::Async);
    let budget = Budget { pauses: 1, partitions: 1, ..Budget::default() };
    let mut space = Playing::new(&lww, &[], budget).expect("the lab takes it");
    let able = |space: &mut Playing, which: fn(Step) -> bool| {
        let mut steps = Vec::new();
        space.steps(&mut steps);
        steps.into_iter().filter(|step| which(step.step)).collect::<Vec<_>>()
    };
    let first = space.digest();
    for (begins, ends) in [
        (
            (|step| matches!(step, Step::Pause(_))) as fn(Step) -> bool,
            (|step| matches!(step, Step::Resume(_))) as fn(Step) -> bool,
        ),
        (|step| matches!(step, Step::Fault(_)), |step| matches!(step, Step::Lift(_))),
    ] {
        let nodes = able(&mut space, begins);
        assert_eq!(nodes.len(), space.roster().len(), "{nodes:?}");
        for begin in nodes {
            space.take(begin);
            assert!(space.digest() != first && able(&mut space, begins).is_empty());
            let [end] = able(&mut space, ends)[..] else { panic!("one way to end {begin:?}") };
            space.take(end);
            assert!(able(&mut space, begins).is_empty() && able(&mut space, ends).is_empty());
            space.undo();
            space.undo();
            assert_eq!(space.digest(), first);
        }
    }
}

#[test]
fn within_bounds_nothing_comes_later_than_it_may() {
    let lease = setup("lease", 1, 2, Timing::Bounded);
    assert!(Playing::needs_bounds(&lease));
    let requests = [ask(&lease, "write", "c1"), ask(&lease, "write", "c2")];
    let budget = Budget { timeouts: 2, ..Budget::default() };
    let mut space = Playing::new(&lease, &requests, budget).expect("the lab takes it");
    let mut late = 0;
    let mut dice = crate::unit::Dice::new(1, crate::unit::Purpose::Fuzz, 0, 0);
    for _ in 0..200 {
        let mut way: Vec<Move> = Vec::new();
        let mut sent = BTreeMap::new();
        loop {
            let mut steps = Vec::new();
            space.steps(&mut steps);
            if steps.is_empty() {
                break;
            }
            let step = steps[dice.below(steps.len() as u64) as usize];
            space.take(step);
            way.push(step);
        }
        way.iter().for_each(|_| space.undo());
        let mut now = crate::unit::Time::ZERO;
        space.replay(&way, |_, record| {
            assert!(record.time >= now, "time goes on");
            now = record.time;
            if let Step::Deliver(id) = record.step {
                let took = now.since(sent[&id]);
                // 5 to 20 ms, unless said; from one to itself at once.
                assert!(took.0 == 0 || (5_000..=20_000).contains(&took.0), "{took}");
                late += u32::from(took.0 > 5_000);
            }
            sent.extend(record.sent.iter().map(|sent| (sent.id, record.time)));
        });
    }
    assert!(late > 50, "{late} messages were late");
}

#[test]
fn requests_come_in_their_order_and_each_once() {
    let lww = setup("lww", 2, 2, Timing::Async);
    let requests = [ask(&lww, "write", "c2"), ask(&lww, "write", "c1")];
    let mut space = Playing::new(&lww, &requests, Budget::default()).expect("the lab takes it");
    let mut asked = Vec::new();
    for _ in 0..3 {
        let mut steps = Vec::new();
        space.steps(&mut steps);
        let mut requests = steps.into_iter().filter(|step| matches!(step.step, Step::Request(..)));
        if let Some(step) = requests.next() {
            assert!(requests.next().is_none());
            asked.extend(step.step.node());
            space.take(step);
        }
    }
    let name = |node: &NodeId| space.roster().name(*node).to_owned();
    assert_eq!(asked.iter().map(name).collect::<Vec<_>>(), ["c2", "c1"]);
}

/// A few requests of clients, whatever the lab is; none where it has none.
fn some_requests(setup: &Setup, most: usize) -> Vec<Args> {
    let value = |kind| match kind {
        crate::lab::ArgKind::Key => Arg::Key(Word::new("x").expect("a word")),
        crate::lab::ArgKind::Value => Arg::Value(Value::Int(1)),
        crate::lab::ArgKind::Number => Arg::Number(1),
        crate::lab::ArgKind::Span => Arg::Span(crate::unit::Span::millis(1)),
        crate::lab::ArgKind::Node(_) => Arg::Node(NodeId(0)),
    };
    let mut asked = Vec::new();
    for (place, request) in setup.lab.requests.iter().enumerate() {
        for (node, member) in setup.roster.iter() {
            if request.of.contains(&member.group.name) {
                let values = request.args.iter().map(|arg| (!arg.optional).then(|| value(arg.kind)));
                asked.push(Args { request: place as u8, node, values: values.collect() });
            }
        }
    }
    let fits = |args: &Args| Playing::new(setup, core::slice::from_ref(args), Budget::default()).is_ok();
    asked.into_iter().filter(fits).take(most).collect()
}

/// Of all labs, with each of their flaws: whoever leaves out orders sees the same states at the same depth, the same facts, and what is
/// found first is as far away and the same.
#[test]
fn orders_that_make_no_difference_may_be_left_out() {
    let mut left_out = 0;
    let mut found = 0;
    for lab in labs::catalog() {
        for flaw in core::iter::once(None).chain(lab.flaws.iter().map(|flaw| Some(flaw.id))) {
            for (timing, crashes, timeouts, depth) in
                [(Timing::Async, 0, 2, 9), (Timing::Async, 1, 2, 5), (Timing::Bounded, 1, 2, 4)]
            {
                let setup = Setup { flaws: flaw.into_iter().collect(), ..setup(lab.id, 3, 2, timing) };
                let budget = Budget { crashes, timeouts, ..Budget::default() };
                for requests in [0, 2] {
                    let requests = some_requests(&setup, requests);
                    let space = || Playing::new(&setup, &requests, budget).expect("the lab takes it");
                    let bounds = Bounds { depth, states: 2_000 };
                    let plain = explore(space(), Order::Breadth, bounds);
                    let mut less = Explore::new(space(), Order::Breadth, bounds).reduced();
                    less.advance(u64::MAX);
                    let what = |explore: &Explore<Playing>| {
                        let finding = explore.finding().cloned();
                        (finding, explore.cut().depth, explore.reached())
                    };
                    let (seen, all) = (less.count(), plain.count());
                    if !plain.cut().states {
                        assert_eq!(what(&plain), what(&less), "{} {flaw:?} {timing:?}", lab.id);
                    }
                    if plain.finding().is_none() {
                        assert_eq!(
                            (seen.distinct, seen.depth),
                            (all.distinct, all.depth),
                            "{} {flaw:?}",
                            lab.id
                        );
                    }
                    found += u32::from(plain.finding().is_some());
                    left_out += all.generated.saturating_sub(seen.generated);
                }
            }
        }
    }
    assert!(left_out > 10_000 && found > 0, "{left_out} left out, {found} found");
}

#[test]
fn by_depth_orders_may_be_left_out_as_well() {
    let spaces = [
        (
            raft(&[], Budget { timeouts: 3, ..Budget::default() }),
            raft(&[], Budget { timeouts: 3, ..Budget::default() }),
        ),
        (
            raft(&[], Budget { losses: 1, timeouts: 2, ..Budget::default() }),
            raft(&[], Budget { losses: 1, timeouts: 2, ..Budget::default() }),
        ),
    ];
    for (one, two) in spaces {
        let plain = explore(one, Order::Depth, Bounds::default());
        let mut less = Explore::new(two, Order::Depth, Bounds::default()).reduced();
        less.advance(u64::MAX);
        assert!(plain.finding().is_none() && less.finding().is_none());
        assert_eq!((plain.count().distinct, plain.reached()), (less.count().distinct, less.reached()));
        assert!(less.count().generated < plain.count().generated);
    }
}
