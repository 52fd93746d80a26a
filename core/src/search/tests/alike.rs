//! Alike nodes: whoever takes them for one another misses nothing.

use alloc::collections::BTreeSet;
use alloc::vec::Vec;

use super::BOTH;
use super::playing::{explore, setup};
use crate::lab::{Arg, Args, KnobValue, Setup};
use crate::labs;
use crate::search::{Bounds, Budget, Explore, Order, Playing, Space};
use crate::simulation::Timing;
use crate::unit::{Dice, NodeId, Purpose};

fn raft(servers: u8, knobs: &[(&'static str, KnobValue)], flaw: Option<&'static str>) -> Setup {
    let setup = setup("raft", servers, 1, Timing::Async);
    Setup { knobs: knobs.to_vec(), flaws: flaw.into_iter().collect(), ..setup }
}

/// A request of a server, by its number, perhaps about another one.
fn asks(setup: &Setup, verb: &str, server: u8, other: Option<u8>) -> Args {
    let request = setup.lab.requests.iter().position(|request| request.id == verb).expect("such a request");
    let values = other.map(|other| Some(Arg::Node(NodeId(other)))).into_iter().collect();
    Args { request: request as u8, node: NodeId(server), values }
}

fn symmetric(setup: &Setup, requests: &[Args], budget: Budget) -> Playing {
    let space = Playing::new(setup, requests, budget).expect("the lab takes it");
    space.symmetric().expect("some servers are alike")
}

/// All ways to call these nodes by each other's numbers.
fn ways(nodes: &[NodeId]) -> Vec<Vec<NodeId>> {
    let Some((last, rest)) = nodes.split_last() else { return alloc::vec![Vec::new()] };
    let mut all = Vec::new();
    for way in ways(rest) {
        for place in 0..=way.len() {
            let mut longer = way.clone();
            longer.insert(place, *last);
            all.push(longer);
        }
    }
    all
}

fn steps<S: Space>(space: &mut S) -> Vec<S::Step> {
    let mut steps = Vec::new();
    space.steps(&mut steps);
    steps
}

const PRE_VOTE: (&str, KnobValue) = ("pre-vote", KnobValue::Switch(true));
const CHECK_QUORUM: (&str, KnobValue) = ("check-quorum", KnobValue::Switch(true));
const LEASES: (&str, KnobValue) = ("reads", KnobValue::Choice(2));
const SNAPSHOTS: (&str, KnobValue) = ("snapshots", KnobValue::Switch(true));

/// Set-ups with what is asked of servers in each, and how many of these stay alike.
fn cases() -> Vec<(Setup, Vec<Args>, usize)> {
    let every = [PRE_VOTE, CHECK_QUORUM, LEASES, SNAPSHOTS];
    let four = raft(4, &[CHECK_QUORUM], None);
    let handover = alloc::vec![asks(&four, "campaign", 0, None), asks(&four, "transfer", 0, Some(1))];
    // Under leases nobody stands who has just begun.
    let three = raft(3, &[PRE_VOTE, CHECK_QUORUM, SNAPSHOTS], None);
    let snapshot = alloc::vec![asks(&three, "campaign", 0, None), asks(&three, "snapshot", 0, None)];
    let mut cases = alloc::vec![
        (raft(3, &[], None), Vec::new(), 3),
        (raft(3, &every, None), Vec::new(), 3),
        (three, snapshot, 2),
        (four, handover, 2),
    ];
    let lab = labs::find("raft").expect("there is this lab");
    cases.extend(lab.flaws.iter().map(|flaw| (raft(3, &[], Some(flaw.id)), Vec::new(), 3)));
    cases
}

/// What a state's own names for nodes are does not matter: wherever a step leads, the mirror image of that step leads to the mirror
/// image from the mirror image, with the same facts and the same verdicts.
#[test]
fn a_run_among_alike_nodes_has_its_mirror_images() {
    let budget = Budget { crashes: 3, losses: 3, repeats: 3, pauses: 3, partitions: 3, timeouts: 12 };
    let mut taken = 0;
    for (setup, requests, alike) in cases() {
        let new = || symmetric(&setup, &requests, budget);
        assert_eq!(new().alike().len(), alike);
        let own = new().alike().to_vec();
        for (seed, way) in (0..).zip(ways(&own)) {
            let mut dice = Dice::new(seed, Purpose::Fuzz, 0, 0);
            let (mut here, mut there) = (new(), new());
            for _ in 0..60 {
                let all = steps(&mut here);
                if all.is_empty() {
                    assert!(steps(&mut there).is_empty());
                    break;
                }
                let step = all[dice.below(all.len() as u64) as usize];
                here.take(step);
                taken += 1;
                let image = here.digest_called(&way);
                let mirrored = steps(&mut there).into_iter().find(|step| {
                    there.take(*step);
                    let is = there.digest_called(&own) == image;
                    there.undo();
                    is
                });
                there.take(mirrored.unwrap_or_else(|| panic!("{:?} {way:?} {step:?}", setup.flaws)));
                assert_eq!(here.digest(), there.digest());
                assert_eq!((here.broken(), here.reached()), (there.broken(), there.reached()));
            }
        }
    }
    assert!(taken > 4_000, "{taken}");
}

/// All states that there are, one by one.
fn states(space: &mut Playing, seen: &mut BTreeSet<u64>, visit: &mut impl FnMut(&Playing)) {
    if !seen.insert(space.digest_called(space.alike())) {
        return;
    }
    visit(space);
    if space.broken().is_some() {
        return;
    }
    for step in steps(space) {
        space.take(step);
        states(space, seen, visit);
        space.undo();
    }
}

#[test]
fn there_are_as_many_states_as_there_are_sets_of_mirror_images() {
    let mut fewer = 0;
    for (setup, requests, _) in cases().into_iter().take(4) {
        // A campaign that is asked for is as good as a time-out.
        let once = Budget { timeouts: u32::from(requests.is_empty()), ..Budget::default() };
        let budgets = [
            Budget { timeouts: once.timeouts * 2, ..once },
            Budget { crashes: 1, ..once },
            Budget { partitions: 1, ..once },
            Budget { losses: 1, repeats: 1, ..once },
            Budget { pauses: 1, ..once },
        ];
        for budget in budgets {
            let mut space = symmetric(&setup, &requests, budget);
            let ways = ways(space.alike());
            let (mut all, mut keys, mut images) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
            states(&mut space, &mut all, &mut |space| {
                keys.insert(space.digest());
                images.extend(ways.iter().map(|way| space.digest_called(way)).min());
            });
            let plain = Playing::new(&setup, &requests, budget).expect("the lab takes it");
            let plain = explore(plain, Order::Breadth, Bounds::default()).count().distinct;
            assert_eq!(all.len() as u64, plain, "states are told apart as without symmetry");
            assert_eq!(keys.len(), images.len());
            let sizes = (images.len(), all.len(), ways.len());
            assert!(sizes.0 < sizes.1 && sizes.0 * sizes.2 >= sizes.1, "{sizes:?} {requests:?}");
            fewer += u32::from(images.len() * 3 < all.len());
            for order in BOTH {
                let space = || symmetric(&setup, &requests, budget);
                let mut less = Explore::new(space(), order, Bounds::default()).reduced();
                less.advance(u64::MAX);
                let every = explore(space(), order, Bounds::default());
                assert!(less.finding().is_none() && every.finding().is_none());
                let counts = [less.count().distinct, every.count().distinct];
                assert_eq!(counts, [images.len() as u64; 2], "{order:?} {budget:?}");
            }
        }
    }
    assert!(fewer > 3, "{fewer}");
}

/// Of all flaws: what is found is found, after as many steps.
#[test]
fn what_is_found_is_found_among_alike_nodes() {
    let mut found = 0;
    for (setup, requests, _) in cases() {
        for (crashes, timeouts, depth) in [(1, 2, 8), (0, 3, 8)] {
            let budget = Budget { crashes, timeouts, ..Budget::default() };
            let bounds = Bounds { depth, states: 30_000 };
            let plain = Playing::new(&setup, &requests, budget).expect("the lab takes it");
            let mut plain = Explore::new(plain, Order::Breadth, bounds).reduced();
            plain.advance(u64::MAX);
            let mut alike =
                Explore::new(symmetric(&setup, &requests, budget), Order::Breadth, bounds).reduced();
            alike.advance(u64::MAX);
            let what = |explore: &Explore<Playing>| {
                explore.finding().map(|finding| (finding.what, finding.steps.len()))
            };
            if let Some(finding) = plain.finding() {
                assert_eq!(what(&plain), what(&alike), "{:?}", setup.flaws);
                found += 1;
                // It is a way that a run can take.
                let steps = alike.finding().map_or(&[][..], |finding| &finding.steps);
                let broken = alike.space().replay(steps, |_, _| ());
                assert_eq!(broken, plain.space().replay(&finding.steps, |_, _| ()));
            } else if !plain.cut().states {
                assert!(alike.finding().is_none());
                assert_eq!((plain.count().depth, plain.reached()), (alike.count().depth, alike.reached()));
            }
        }
    }
    assert!(found > 0);
}

#[test]
fn whom_somebody_names_is_like_nobody() {
    let refused = |setup: &Setup, requests: &[Args]| {
        let space = Playing::new(setup, requests, Budget::default()).expect("the lab takes it");
        space.symmetric().is_err()
    };
    let plain = raft(3, &[], None);
    assert!(!refused(&plain, &[]) && !refused(&plain, &[asks(&plain, "campaign", 0, None)]));
    let two = [asks(&plain, "campaign", 0, None), asks(&plain, "campaign", 1, None)];
    assert!(refused(&plain, &two));
    assert!(refused(&Setup { timing: Timing::Bounded, ..plain.clone() }, &[]));
    assert!(refused(&raft(3, &[("membership", KnobValue::Choice(1))], None), &[]));
    assert!(refused(&raft(3, &[("members", KnobValue::Number(2))], None), &[]));
    let asked = super::playing::ask(&plain, "put", "c1");
    assert!(refused(&plain, &[asked]));
    let slow = Setup { disks: alloc::vec![(NodeId(0), crate::unit::Span(1), crate::unit::Span(2))], ..plain };
    assert!(refused(&slow, &[]));
    for lab in labs::catalog().iter().filter(|lab| lab.id != "raft") {
        assert!(refused(&setup(lab.id, 3, 2, Timing::Async), &[]), "{}", lab.id);
    }
}
