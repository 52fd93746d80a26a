//! The course of an exhaustive search: by one thread, or by breadth by several, who come to the same.

use std::num::NonZero;
use std::sync::{Mutex, PoisonError, RwLock, mpsc};
use std::thread;
use std::time::{Duration, Instant};

use splitbrain_core::search::{
    Bounds, Count, Cut, Errand, Explore, Finding, Order, Scout, Sight, Space, Together,
};

use crate::explored::Found;
use crate::progress::Progress;

/// How a space is searched.
#[derive(Clone, Copy)]
pub(crate) struct Way {
    pub(crate) order: Order,
    pub(crate) bounds: Bounds,
    /// Orders that make no difference are left out.
    pub(crate) reduced: bool,
    /// How many threads look at once.
    pub(crate) jobs: usize,
}

/// What came of a search.
pub(crate) struct Course<T> {
    pub(crate) count: Count,
    pub(crate) cut: Cut,
    pub(crate) reached: u64,
    pub(crate) found: Option<Found>,
    /// What was found and not believed.
    pub(crate) unconfirmed: u64,
    pub(crate) took: Duration,
    /// What the spaces say of themselves in the end, one a thread.
    pub(crate) asides: Vec<T>,
}

/// So many states are generated between two looks at the clock.
const SLICE: u64 = 4_096;

/// How many threads there are at `--jobs N`: as many as there are processors at 0.
pub(crate) fn threads(jobs: usize) -> usize {
    if jobs > 0 { jobs } else { thread::available_parallelism().map_or(1, NonZero::get) }
}

/// Searches until something is found and believed, or nothing is left. Every thread has a space of its own.
pub(crate) fn run<S: Space, T: Send>(
    way: Way,
    new: impl Fn() -> Result<S, String> + Sync,
    believe: impl FnMut(&S, &Finding<S::Step>) -> Option<Found>,
    aside: impl Fn(&S) -> T + Sync,
) -> Result<Course<T>, String> {
    if way.jobs > 1 && way.order == Order::Breadth {
        together(way, new, believe, aside)
    } else {
        Ok(alone(way, new()?, believe, aside))
    }
}

fn says(count: Count, begun: Instant) -> String {
    let Count { generated, distinct, depth, frontier, .. } = count;
    let rate = distinct as f64 / begun.elapsed().as_secs_f64();
    format!("{generated} states, {distinct} distinct, depth {depth}, {frontier} waiting, {rate:.0} a second")
}

fn alone<S: Space, T>(
    way: Way,
    space: S,
    mut believe: impl FnMut(&S, &Finding<S::Step>) -> Option<Found>,
    aside: impl Fn(&S) -> T,
) -> Course<T> {
    let (begun, mut progress) = (Instant::now(), Progress::endless());
    let mut explore = Explore::new(space, way.order, way.bounds);
    if way.reduced {
        explore = explore.reduced();
    }
    let mut unconfirmed = 0;
    let found = loop {
        while !explore.is_over() {
            explore.advance(SLICE);
            progress.says(|| says(explore.count(), begun));
        }
        let Some(finding) = explore.finding() else { break None };
        if let Some(found) = believe(explore.space(), finding) {
            break Some(found);
        }
        unconfirmed += 1;
        explore.dismiss();
    };
    progress.done();
    Course {
        count: explore.count(),
        cut: explore.cut(),
        reached: explore.reached(),
        found,
        unconfirmed,
        took: begun.elapsed(),
        asides: vec![aside(explore.space())],
    }
}

fn together<S: Space, T: Send>(
    way: Way,
    new: impl Fn() -> Result<S, String> + Sync,
    mut believe: impl FnMut(&S, &Finding<S::Step>) -> Option<Found>,
    aside: impl Fn(&S) -> T + Sync,
) -> Result<Course<T>, String> {
    let (begun, mut progress) = (Instant::now(), Progress::endless());
    let (mut all, known) = Together::new(new()?, way.bounds, way.reduced);
    let known = RwLock::new(known);
    let (out, errands) = mpsc::channel::<(usize, Errand)>();
    let (back, sights) = mpsc::channel::<(usize, Sight)>();
    let errands = Mutex::new(errands);
    // Who looks around, as long as somebody is sent.
    let scout = |back: mpsc::Sender<(usize, Sight)>| -> Result<T, String> {
        let mut scout = Scout::new(new()?);
        loop {
            let next = errands.lock().unwrap_or_else(PoisonError::into_inner).recv();
            let Ok((number, errand)) = next else { break };
            let sight = scout.look(&known.read().unwrap_or_else(PoisonError::into_inner), &errand);
            if back.send((number, sight)).is_err() {
                break;
            }
        }
        Ok(aside(scout.space()))
    };
    let (mut unconfirmed, mut found) = (0, None);
    let asides = thread::scope(|scope| {
        let scout = &scout;
        let threads: Vec<_> = (0..way.jobs)
            .map(|_| {
                let back = back.clone();
                scope.spawn(move || scout(back))
            })
            .collect();
        drop(back);
        loop {
            if let Some(finding) = all.finding() {
                found = believe(all.space(), finding);
                if found.is_some() {
                    break;
                }
                unconfirmed += 1;
                all.dismiss(&mut known.write().unwrap_or_else(PoisonError::into_inner));
                continue;
            }
            let next = all.errands(&known.read().unwrap_or_else(PoisonError::into_inner));
            if next.is_empty() {
                break;
            }
            let sent = next.len();
            next.into_iter().enumerate().for_each(|errand| drop(out.send(errand)));
            let mut seen: Vec<(usize, Sight)> = sights.iter().take(sent).collect();
            seen.sort_by_key(|(number, _)| *number);
            let mut known = known.write().unwrap_or_else(PoisonError::into_inner);
            all.put_together(&mut known, seen.into_iter().map(|(_, sight)| sight).collect());
            progress.says(|| says(all.count(&known), begun));
        }
        drop(out);
        let join = |thread: thread::ScopedJoinHandle<'_, Result<T, String>>| {
            thread.join().unwrap_or_else(|_| Err("a thread of the search has died".to_owned()))
        };
        threads.into_iter().map(join).collect::<Result<Vec<T>, String>>()
    })?;
    progress.done();
    let count = all.count(&known.into_inner().unwrap_or_else(PoisonError::into_inner));
    Ok(Course {
        count,
        cut: all.cut(),
        reached: all.reached(),
        found,
        unconfirmed,
        took: begun.elapsed(),
        asides,
    })
}
