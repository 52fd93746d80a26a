//! Long work in slices, between which the browser has time for everything else.

use std::cell::RefCell;
use std::rc::Rc;

use gloo::timers::callback::Timeout;

use super::stretch::stretch;

/// Between two slices the browser has this much time for everything else, in milliseconds.
const REST: u32 = 12;
/// How long a slice may take, in milliseconds: a quarter of a frame.
const SLICE: f64 = 4.0;

/// Where the next slice waits for its turn. Once it is dropped, there is none.
pub(crate) type Slices = Rc<RefCell<Option<Timeout>>>;

/// Calls `work` again and again, each time with a watch that says whether there is time left, until it says that it is done. Then
/// calls `done`, unless what this gives was dropped before.
pub(crate) fn slices(
    work: impl FnMut(&dyn Fn() -> bool) -> bool + 'static,
    done: impl FnOnce() + 'static,
) -> Slices {
    let slices = Slices::default();
    next(&slices, work, done);
    slices
}

fn next(
    slices: &Slices,
    mut work: impl FnMut(&dyn Fn() -> bool) -> bool + 'static,
    done: impl FnOnce() + 'static,
) {
    let here = Rc::downgrade(slices);
    let timeout = Timeout::new(REST, move || {
        let is_done = work(&stretch(SLICE));
        match here.upgrade() {
            Some(_) if is_done => done(),
            Some(slices) => next(&slices, work, done),
            None => {}
        }
    });
    slices.replace(Some(timeout));
}
