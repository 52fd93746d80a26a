//! How far long work is: on a terminal only, and only where it takes long enough to wonder.

use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// Work that is done sooner needs no bar.
const PATIENCE: Duration = Duration::from_millis(700);
/// How often the bar moves.
const PERIOD: Duration = Duration::from_millis(100);

pub(crate) struct Progress {
    bar: ProgressBar,
    begun: Instant,
    shown: Option<Instant>,
}

impl Progress {
    pub(crate) fn new(seeds: u64) -> Self {
        let bar = ProgressBar::with_draw_target(Some(seeds), ProgressDrawTarget::hidden());
        if let Ok(style) = ProgressStyle::with_template("{bar:32} {pos}/{len} seeds, {msg}") {
            bar.set_style(style);
        }
        Self { bar, begun: Instant::now(), shown: None }
    }

    /// Work of which nobody knows how much there is.
    pub(crate) fn endless() -> Self {
        let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::hidden());
        if let Ok(style) = ProgressStyle::with_template("{spinner} {msg}") {
            bar.set_style(style);
        }
        Self { bar, begun: Instant::now(), shown: None }
    }

    /// So many seeds are done, and the next one has taken so many steps. On standard error, where that is a terminal.
    pub(crate) fn at(&mut self, seeds: u64, steps: u32) {
        if self.is_time() {
            self.bar.set_message(format!("step {steps}"));
            self.bar.set_position(seeds);
        }
    }

    /// How far it is, in words.
    pub(crate) fn says(&mut self, words: impl FnOnce() -> String) {
        if self.is_time() {
            self.bar.set_message(words());
            self.bar.tick();
        }
    }

    fn is_time(&mut self) -> bool {
        let now = Instant::now();
        match self.shown {
            None if now.duration_since(self.begun) < PATIENCE => return false,
            None => self.bar.set_draw_target(ProgressDrawTarget::stderr()),
            Some(shown) if now.duration_since(shown) < PERIOD => return false,
            Some(_) => {}
        }
        self.shown = Some(now);
        true
    }

    pub(crate) fn done(self) {
        self.bar.finish_and_clear();
    }
}
