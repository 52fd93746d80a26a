//! The playhead: true time as it is shown, between two steps too. Only what moves by itself listens to it.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

/// How it moves.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(crate) struct Move {
    /// It turns a page: another picture comes before the next frame.
    pub(crate) turns: bool,
    /// It glides on, and where it is will be told in words a little later.
    pub(crate) glides: bool,
}

type Listener = Rc<dyn Fn(f64, Move)>;

#[derive(Default)]
struct Inner {
    time: Cell<f64>,
    listeners: RefCell<Vec<(u32, Listener)>>,
    next: Cell<u32>,
}

/// A shared handle to the one playhead of the page. Its time is in microseconds of true time.
#[derive(Clone, Default)]
pub(crate) struct Playhead(Rc<Inner>);

impl PartialEq for Playhead {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

impl Playhead {
    /// Where it is, in microseconds.
    pub(crate) fn time(&self) -> f64 {
        self.0.time.get()
    }

    /// Moves it and tells everybody who listens.
    pub(crate) fn set(&self, time: f64, how: Move) {
        self.0.time.set(time);
        let listeners: Vec<Listener> =
            self.0.listeners.borrow().iter().map(|(_, listener)| Rc::clone(listener)).collect();
        for listener in listeners {
            listener(time, how);
        }
    }

    /// Calls this at every move, until the subscription is dropped.
    #[must_use]
    pub(crate) fn listen(&self, listener: impl Fn(f64, Move) + 'static) -> Subscription {
        let id = self.0.next.get();
        self.0.next.set(id.wrapping_add(1));
        self.0.listeners.borrow_mut().push((id, Rc::new(listener)));
        Subscription { playhead: self.clone(), id }
    }
}

/// Ends with it: a listener of the [`Playhead`].
pub(crate) struct Subscription {
    playhead: Playhead,
    id: u32,
}

impl Drop for Subscription {
    fn drop(&mut self) {
        self.playhead.0.listeners.borrow_mut().retain(|(id, _)| *id != self.id);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_listener_hears_every_move_until_its_subscription_ends() {
        let playhead = Playhead::default();
        let heard = Rc::new(Cell::new(0.0));
        let subscription = playhead.listen({
            let heard = Rc::clone(&heard);
            move |time, _| heard.set(time)
        });
        playhead.set(7.0, Move::default());
        assert!((heard.get() - 7.0).abs() < f64::EPSILON);
        drop(subscription);
        playhead.set(9.0, Move::default());
        assert!((heard.get() - 7.0).abs() < f64::EPSILON && (playhead.time() - 9.0).abs() < f64::EPSILON);
    }
}
