//! Roles are looked for a little at a time, so that no frame waits for them.

use gloo::timers::callback::Timeout;

use super::super::looks::MOST;
use super::Board;
use crate::ui::stretch::stretch;

/// For how long roles are looked for at a stretch, in milliseconds: a quarter of a frame.
const STRETCH: f64 = 4.0;
/// How long that waits in between while time goes on, in milliseconds.
const PAUSE: u32 = 40;

impl Board {
    /// Looks for the roles that are not known yet, a little at a time.
    pub(super) fn search(&mut self) {
        let (low, high) = self.picture.records;
        if high - low > MOST || self.looks.knows(low, high.min(self.computed)) {
            self.search = None;
            return;
        }
        let me = self.me.clone();
        self.search = Some(Timeout::new(if self.playing { PAUSE } else { 0 }, move || {
            if let Some(board) = me.upgrade() {
                board.borrow_mut().find();
            }
        }));
    }

    fn find(&mut self) {
        let Some(running) = self.running.clone() else { return };
        let (low, high) = self.picture.records;
        let mut more = stretch(STRETCH);
        let found = self.looks.find(&running.timeline(), low, high.min(self.computed), &mut more);
        if found && self.looks.knows(low, high.min(self.computed)) {
            self.redraw();
        } else {
            self.search();
        }
    }
}
