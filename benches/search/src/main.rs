//! Two-phase commit, searched by us and by stateright, one thread each, run after run in turn.
//!
//! `cargo run --release --manifest-path benches/search/Cargo.toml -- MANAGERS ROUNDS`
//!
//! `… -- symmetric MANAGERS ROUNDS` searches it with states as one that differ only in which manager did what. There are so few of
//! these that each is searched many times at once.
//!
//! `… -- raft ROUNDS [STATES [KINDS]]` searches Raft: three servers, no requests and no crashes, and then one of each, a million states
//! unless said, and the first so many kinds of search. It prints the median and the best, because a machine that is shared is uneven,
//! and what stateright does with its example right after each round: what the machine was good for just then.
//!
//! Ours is measured as it searches unless told otherwise, and taking every step in every order, as stateright does.
//! stateright is measured twice: with the model of its own example (`examples/2pc.rs`), and with the very state that our model
//! has, 64 bits. Times are those of the processors, so that it matters little who else uses them. Times and peaks are medians; a
//! peak is what was allocated at once, over what there was before.
//!
//! The same figures of ours, in WebAssembly under Node:
//!
//! ```text
//! cargo build --release --target wasm32-unknown-unknown --manifest-path benches/search/Cargo.toml
//! wasm-bindgen --target nodejs --out-dir target/figures benches/search/target/wasm32-unknown-unknown/release/splitbrain-bench.wasm
//! node target/figures/splitbrain-bench.js 7 7
//! ```

mod heap;
mod machine;
#[cfg(not(target_arch = "wasm32"))]
mod peer;

use std::time::Duration;

use machine::{arguments, processor_time, say};
use splitbrain_core::lab::{Arg, Args, Roster, Setup};
use splitbrain_core::labs;
use splitbrain_core::search::{Bounds, Budget, Explore, Order, Playing, TwoPhase};
use splitbrain_core::simulation::Timing;
use splitbrain_core::unit::{Value, Word};

/// What one search took.
struct Took {
    time: Duration,
    distinct: u64,
    peak: usize,
}

/// Somebody who searches, by name.
type Racer<'a> = (&'a str, Box<dyn FnMut() -> u64 + 'a>);

/// Searches so many times. How many states one search saw.
fn measure(times: u32, mut search: impl FnMut() -> u64) -> Took {
    let before = heap::begin();
    let begun = processor_time();
    let mut distinct = 0;
    (0..times).for_each(|_| distinct = search());
    Took { time: (processor_time() - begun) / times, distinct, peak: heap::peak() - before }
}

fn ours(space: TwoPhase, order: Order, reduced: bool) -> u64 {
    let mut explore = Explore::new(space, order, Bounds::default());
    if reduced {
        explore = explore.reduced();
    }
    while !explore.is_over() {
        explore.advance(4_096);
    }
    assert!(explore.finding().is_none() && !explore.cut().any() && explore.reached() == 0b11);
    explore.count().distinct
}

fn median(all: impl Iterator<Item = f64>) -> f64 {
    let mut all: Vec<f64> = all.collect();
    all.sort_by(f64::total_cmp);
    all[all.len() / 2]
}

/// All of them in turn, so many rounds; then a line for each, with how the first one of them compares.
fn race(title: &str, rounds: usize, times: u32, mut racers: Vec<Racer<'_>>) {
    let mut all: Vec<Vec<Took>> = racers.iter().map(|_| Vec::new()).collect();
    for _ in 0..rounds {
        for ((_, search), took) in racers.iter_mut().zip(&mut all) {
            took.push(measure(times, search));
        }
    }
    say(&format!("{title}, median of {rounds}:"));
    let mut first = None;
    for ((name, _), all) in racers.iter().zip(&all) {
        let distinct = all[0].distinct as f64;
        let time = median(all.iter().map(|took| took.time.as_secs_f64()));
        let peak = median(all.iter().map(|took| took.peak as f64));
        let (rate, bytes) = (distinct / time, peak / distinct);
        let (own_time, own_rate, own_peak) = *first.get_or_insert((time, rate, peak));
        say(&format!(
            "  {name:<24} {distinct:>10} states {rate:>10.0} a second {bytes:>7.1} bytes each {:>9.3} ms   ours: {:.2} times its rate, {:.2} of its memory, {:.2} times as soon",
            time * 1e3,
            own_rate / rate,
            own_peak / peak,
            time / own_time
        ));
    }
}

fn two_phase(managers: u8, rounds: usize) {
    for order in [Order::Depth, Order::Breadth] {
        let space = move || TwoPhase::new(managers, None);
        let mut racers: Vec<Racer<'_>> = vec![
            ("splitbrain", Box::new(move || ours(space(), order, true))),
            ("splitbrain, every order", Box::new(move || ours(space(), order, false))),
        ];
        racers.extend(peers(managers, order));
        race(&format!("{managers} resource managers, {order:?}"), rounds, 1, racers);
    }
}

/// States as one that differ only in which manager did what. stateright does that by depth alone.
fn symmetric(managers: u8, rounds: usize) {
    let space = move || TwoPhase::new(managers, None).symmetric();
    let mut racers: Vec<Racer<'_>> = vec![
        ("splitbrain", Box::new(move || ours(space(), Order::Depth, true))),
        ("splitbrain, every order", Box::new(move || ours(space(), Order::Depth, false))),
        ("splitbrain, by breadth", Box::new(move || ours(space(), Order::Breadth, true))),
    ];
    racers.extend(symmetric_peers(managers));
    race(&format!("{managers} resource managers, symmetric, Depth"), rounds, 20, racers);
}

#[cfg(not(target_arch = "wasm32"))]
fn peers<'a>(managers: u8, order: Order) -> Vec<Racer<'a>> {
    vec![
        ("stateright, its example", Box::new(move || peer::search(peer::Example(managers), order))),
        ("stateright, our state", Box::new(move || peer::search(peer::Packed(managers), order))),
    ]
}

#[cfg(not(target_arch = "wasm32"))]
fn symmetric_peers<'a>(managers: u8) -> Vec<Racer<'a>> {
    vec![
        (
            "stateright, its example",
            Box::new(move || peer::search_symmetric(peer::Example(managers), peer::sorted)),
        ),
        (
            "stateright, our state",
            Box::new(move || peer::search_symmetric(peer::Packed(managers), peer::packed)),
        ),
    ]
}

#[cfg(target_arch = "wasm32")]
fn peers<'a>(_: u8, _: Order) -> Vec<Racer<'a>> {
    Vec::new()
}

#[cfg(target_arch = "wasm32")]
fn symmetric_peers<'a>(_: u8) -> Vec<Racer<'a>> {
    Vec::new()
}

/// A search of Raft.
#[derive(Clone, Copy)]
struct Kind {
    name: &'static str,
    order: Order,
    reduced: bool,
    /// Servers that are alike count as one.
    alike: bool,
    /// A client writes, and a server crashes.
    busy: bool,
    /// Timers that fire, at most.
    timeouts: u32,
}

/// Raft as the lab has it: with as many time-outs as it takes for a million states, unless said.
fn raft(rounds: usize, states: u64, first: usize) {
    let plain = Kind { name: "", order: Order::Depth, reduced: true, alike: false, busy: false, timeouts: 4 };
    let kinds = [
        plain,
        Kind { name: ", any number of time-outs", timeouts: u32::MAX, ..plain },
        Kind { name: ", every order", reduced: false, ..plain },
        Kind { name: ", a request and a crash", busy: true, ..plain },
        Kind { name: ", alike servers as one", alike: true, ..plain },
    ];
    let all =
        [Order::Depth, Order::Breadth].into_iter().flat_map(|order| kinds.map(|kind| Kind { order, ..kind }));
    for kind in all.take(first) {
        let (mut all, mut beside, mut generated) = (Vec::new(), Vec::new(), 0);
        for _ in 0..rounds {
            all.push(measure(1, || {
                let bounds = Bounds { states, ..Bounds::default() };
                let mut explore = Explore::new(raft_space(kind), kind.order, bounds);
                if kind.reduced {
                    explore = explore.reduced();
                }
                explore.advance(u64::MAX);
                generated = explore.count().generated;
                explore.count().distinct
            }));
            beside.extend(peers(7, Order::Depth).first_mut().map(|(_, search)| measure(1, search)));
        }
        let rate = |took: &Took| took.distinct as f64 / took.time.as_secs_f64();
        let rates = median(all.iter().map(rate));
        let best = all.iter().map(rate).fold(0.0, f64::max);
        let bytes = median(all.iter().map(|took| took.peak as f64 / took.distinct as f64));
        let (order, name, distinct) = (kind.order, kind.name, all[0].distinct);
        say(&format!(
            "Raft, 3 servers, {order:?}{name}, median of {rounds}: {distinct} of {generated} states {rates:.0} a second (at best {best:.0}) {bytes:.1} bytes each"
        ));
        if !beside.is_empty() {
            let times = median(all.iter().zip(&beside).map(|(ours, peer)| rate(ours) / rate(peer)));
            let peer = median(beside.iter().map(rate));
            say(&format!(
                "  stateright's example with 7 managers beside it {peer:.0} a second: {times:.2} times"
            ));
        }
    }
}

fn raft_space(kind: Kind) -> Playing {
    let lab = labs::find("raft").expect("there is this lab");
    let setup =
        Setup { roster: Roster::new(lab, Some(3), Some(1)), timing: Timing::Async, ..Setup::new(lab) };
    let put = Args {
        request: 0,
        node: setup.roster.find("c1").expect("a client"),
        values: vec![Word::new("x").ok().map(Arg::Key), Some(Arg::Value(Value::Int(1)))],
    };
    let budget = Budget { timeouts: kind.timeouts, crashes: u32::from(kind.busy), ..Budget::default() };
    let requests = if kind.busy { vec![put] } else { Vec::new() };
    let space = Playing::new(&setup, &requests, budget).expect("the lab takes it");
    if kind.alike { space.symmetric().expect("servers are alike") } else { space }
}

fn main() {
    let arguments = arguments();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let number = |place: usize| words.get(place).and_then(|word| word.parse::<u64>().ok());
    let managers = |place| number(place).unwrap_or(7).min(u64::from(TwoPhase::MOST)) as u8;
    let rounds = |place| number(place).unwrap_or(7).max(1) as usize;
    match words.first() {
        Some(&"raft") => raft(
            rounds(1),
            number(2).unwrap_or(1_000_000),
            number(3).map_or(usize::MAX, |first| first as usize),
        ),
        Some(&"symmetric") => symmetric(managers(1), rounds(2)),
        _ => two_phase(managers(0), rounds(1)),
    }
}
