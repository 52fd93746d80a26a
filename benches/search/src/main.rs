//! Two-phase commit, searched by us and by stateright, one thread each, run after run in turn.
//!
//! `cargo run --release --manifest-path benches/search/Cargo.toml -- MANAGERS ROUNDS`
//!
//! `cargo run --release --manifest-path benches/search/Cargo.toml -- raft ROUNDS [STATES]` searches Raft: three servers, no requests,
//! no crashes, a million states unless said. It prints the median and the best, because a machine that is shared is uneven.
//!
//! Ours is measured as it searches unless told otherwise, and taking every step in every order, as stateright does.
//! stateright is measured twice: with the model of its own example (`examples/2pc.rs`), and with the very state that our model
//! has, 64 bits. Times are those of the processors, so that it matters little who else uses them. Times and peaks are medians; a
//! peak is what was allocated at once, over what there was before.

mod heap;
mod peer;

use std::time::Duration;

use splitbrain_core::lab::{Roster, Setup};
use splitbrain_core::labs;
use splitbrain_core::search::{Bounds, Budget, Explore, Order, Playing, TwoPhase};
use splitbrain_core::simulation::Timing;
use stateright::{Checker, Model};

/// What one search took.
struct Took {
    time: Duration,
    distinct: u64,
    peak: usize,
}

/// What all threads of the program have had of the processors so far: others who use them do not count.
fn processor_time() -> Duration {
    let mut time = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: it is written to a place of our own, and this clock is there wherever the program runs.
    unsafe { libc::clock_gettime(libc::CLOCK_PROCESS_CPUTIME_ID, &mut time) };
    Duration::new(time.tv_sec as u64, time.tv_nsec as u32)
}

fn measure(search: impl FnOnce() -> u64) -> Took {
    let before = heap::begin();
    let begun = processor_time();
    let distinct = search();
    Took { time: processor_time() - begun, distinct, peak: heap::peak() - before }
}

fn ours(managers: u8, order: Order, reduced: bool) -> u64 {
    let mut explore = Explore::new(TwoPhase::new(managers, None), order, Bounds::default());
    if reduced {
        explore = explore.reduced();
    }
    while !explore.is_over() {
        explore.advance(4_096);
    }
    assert!(explore.finding().is_none() && !explore.cut().any() && explore.reached() == 0b11);
    explore.count().distinct
}

fn theirs<M>(model: M, order: Order) -> u64
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

fn median<T: Ord + Copy>(mut all: Vec<T>) -> T {
    all.sort();
    all[all.len() / 2]
}

/// Raft as the lab has it, with as many time-outs as it takes for a million states.
fn raft(rounds: usize, states: u64) {
    let lab = labs::find("raft").expect("there is this lab");
    let setup =
        Setup { roster: Roster::new(lab, Some(3), Some(1)), timing: Timing::Async, ..Setup::new(lab) };
    let budget = Budget { timeouts: 4, ..Budget::default() };
    // How it searches unless told otherwise, and every step in every order.
    let kinds = [Order::Depth, Order::Breadth].into_iter().flat_map(|order| [(order, true), (order, false)]);
    for (order, reduced) in kinds {
        let mut generated = 0;
        let all: Vec<Took> = (0..rounds)
            .map(|_| {
                measure(|| {
                    let space = Playing::new(&setup, &[], budget).expect("the lab takes it");
                    let mut explore = Explore::new(space, order, Bounds { states, ..Bounds::default() });
                    if reduced {
                        explore = explore.reduced();
                    }
                    explore.advance(u64::MAX);
                    generated = explore.count().generated;
                    explore.count().distinct
                })
            })
            .collect();
        let distinct = all[0].distinct as f64;
        let time = median(all.iter().map(|took| took.time).collect());
        let peak = median(all.iter().map(|took| took.peak).collect());
        let best = all.iter().map(|took| took.time).min().unwrap_or_default();
        println!(
            "Raft, 3 servers, {order:?}{}, median of {rounds}: {distinct} of {generated} states {:.0} a second (at best {:.0}) {:.1} bytes each",
            if reduced { "" } else { ", every order" },
            distinct / time.as_secs_f64(),
            distinct / best.as_secs_f64(),
            peak as f64 / distinct
        );
    }
}

fn main() {
    if std::env::args().nth(1).is_some_and(|word| word == "raft") {
        let number = |place| std::env::args().nth(place).and_then(|word| word.parse::<u64>().ok());
        return raft(number(2).unwrap_or(7) as usize, number(3).unwrap_or(1_000_000));
    }
    let mut arguments = std::env::args().skip(1).filter_map(|word| word.parse::<u8>().ok());
    let (managers, rounds) = (arguments.next().unwrap_or(7), arguments.next().unwrap_or(7).max(1));
    for order in [Order::Depth, Order::Breadth] {
        let mut all: [Vec<Took>; 4] = Default::default();
        for _ in 0..rounds {
            all[0].push(measure(|| ours(managers, order, true)));
            all[1].push(measure(|| ours(managers, order, false)));
            all[2].push(measure(|| theirs(peer::Example(managers), order)));
            all[3].push(measure(|| theirs(peer::Packed(managers), order)));
        }
        println!("{managers} resource managers, {order:?}, median of {rounds}:");
        let mut first = None;
        for (name, all) in
            ["splitbrain", "splitbrain, every order", "stateright, its example", "stateright, our state"]
                .iter()
                .zip(&all)
        {
            let distinct = all[0].distinct as f64;
            let time = median(all.iter().map(|took| took.time).collect());
            let peak = median(all.iter().map(|took| took.peak).collect());
            let (rate, bytes) = (distinct / time.as_secs_f64(), peak as f64 / distinct);
            let (own_rate, own_bytes) = *first.get_or_insert((rate, bytes));
            println!(
                "  {name:<24} {distinct:>10} states {rate:>10.0} a second {bytes:>7.1} bytes each   ours: {:.2} times its rate, {:.2} of its memory",
                own_rate / rate,
                own_bytes / bytes
            );
        }
    }
}
