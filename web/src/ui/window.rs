//! The window on an axis that is too long to be seen whole: which part of it is seen, and where in it a place lies.
//!
//! The axis of a run is that of playback, the one that the rail has ([`crate::store::Pace`]), so that both have one cursor: by event a
//! place is in seconds of playback, at a true speed in seconds of true time. The axis of a history is the order of its events.

/// How many pixels wide a step is when nobody has zoomed: what one sees of it is its words.
const USUAL: f64 = 56.0;
/// The finest and the coarsest zoom, in pixels a second of the axis.
const FINEST: f64 = 4e7;
/// The share of the window at which the playhead stays while time goes on.
const HOLD: f64 = 0.62;
/// How much of what is missing the window makes up for at each frame: it starts and stops softly.
const SOFT: f64 = 0.12;

/// What is seen.
#[derive(Clone, Copy, PartialEq, Debug, Default)]
pub(crate) struct Window {
    /// The place at the left edge.
    pub(crate) start: f64,
    /// Pixels for each second of the axis.
    pub(crate) scale: f64,
    /// Pixels from edge to edge.
    pub(crate) width: f64,
    /// Where the axis ends.
    pub(crate) length: f64,
}

impl Window {
    /// The window as it opens at a place: `near` is how long the axis is around that place for some dozen steps.
    pub(crate) fn open(width: f64, length: f64, near: f64, at: f64) -> Self {
        let scale = if near > 0.0 { width / near } else { USUAL };
        let mut window = Self { start: 0.0, scale, width, length };
        window.scale = window.allowed(scale);
        window.start = at - HOLD * window.seconds();
        window.keep_inside();
        window
    }

    /// How long the part is that is seen.
    pub(crate) fn seconds(&self) -> f64 {
        self.width / self.scale.max(f64::MIN_POSITIVE)
    }

    /// Where a place lies, in pixels from the left edge.
    pub(crate) fn x(&self, place: f64) -> f64 {
        (place - self.start) * self.scale
    }

    /// The place that lies so many pixels from the left edge.
    pub(crate) fn place(&self, x: f64) -> f64 {
        self.start + x / self.scale.max(f64::MIN_POSITIVE)
    }

    /// No coarser than the whole axis, no finer than a microsecond that can be told from the next.
    fn allowed(&self, scale: f64) -> f64 {
        let whole = self.width / self.length.max(1e-6);
        scale.min(FINEST).max(whole.min(FINEST))
    }

    /// The axis may end in the window, but not far from its right edge, and it begins at the left edge at most.
    fn keep_inside(&mut self) {
        let last = self.length - self.seconds();
        self.start = self.start.min(last).max(0.0);
    }

    /// Makes everything so many times larger. What lies `x` pixels from the left edge stays there.
    pub(crate) fn zoom(&mut self, factor: f64, x: f64) {
        let place = self.place(x);
        self.scale = self.allowed(self.scale * factor);
        self.start = place - x / self.scale;
        self.keep_inside();
    }

    /// Moves on by so many pixels.
    pub(crate) fn pan(&mut self, pixels: f64) {
        self.start += pixels / self.scale;
        self.keep_inside();
    }

    /// Two fingers: what lies between them stays between them. Both pairs are pixels from the left edge.
    pub(crate) fn pinch(&mut self, (a, b): (f64, f64), (c, d): (f64, f64)) {
        let spread = |a: f64, b: f64| (a - b).abs().max(24.0);
        self.pan(f64::midpoint(a, b) - f64::midpoint(c, d));
        self.zoom(spread(c, d) / spread(a, b), f64::midpoint(c, d));
    }

    /// Moves, if it has to, so that a place is seen. One that has just left comes back near the edge where it left.
    pub(crate) fn show(&mut self, place: f64) {
        let x = self.x(place);
        let edge = (self.width * 0.06).min(40.0);
        if x >= edge && x <= self.width - edge {
            return;
        }
        let near = x > -self.width * 0.5 && x < self.width * 1.5;
        let share = match (near, x < edge) {
            (true, true) => 0.25,
            (true, false) => 0.75,
            (false, _) => 0.5,
        };
        self.start = place - share * self.seconds();
        self.keep_inside();
    }

    /// Follows a place that moves on by itself: it runs up to [`HOLD`], and from there on the window moves below it.
    pub(crate) fn follow(&mut self, place: f64) {
        let x = self.x(place);
        if x < 0.0 || x > self.width {
            self.show(place);
            return;
        }
        let over = x - HOLD * self.width;
        if over > 0.0 {
            self.pan(over * SOFT);
        }
    }

    /// The axis has another length, or the window another width.
    pub(crate) fn resize(&mut self, width: f64, length: f64) {
        (self.width, self.length) = (width, length);
        self.scale = self.allowed(self.scale);
        self.keep_inside();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn window() -> Window {
        Window::open(1_000.0, 100.0, 10.0, 50.0)
    }

    #[test]
    fn a_window_opens_around_a_place_and_never_beyond_the_ends() {
        assert!((window().x(50.0) - 620.0).abs() < 1e-9);
        assert_eq!(Window::open(1_000.0, 100.0, 10.0, 1.0).start, 0.0);
        assert!((Window::open(1_000.0, 100.0, 10.0, 100.0).x(100.0) - 1_000.0).abs() < 1e-9);
        // A run that is shorter than the window fills it.
        let short = Window::open(1_000.0, 4.0, 10.0, 2.0);
        assert_eq!((short.start, short.seconds()), (0.0, 4.0));
        // A run without a length has a window all the same.
        assert!(Window::open(1_000.0, 0.0, 0.0, 0.0).x(0.0).is_finite());
    }

    #[test]
    fn what_lies_under_the_pointer_stays_there_while_one_zooms() {
        for factor in [1.25, 3.0, 0.5] {
            let mut window = window();
            let place = window.place(300.0);
            window.zoom(factor, 300.0);
            assert!((window.x(place) - 300.0).abs() < 1e-6, "{factor}: {window:?}");
        }
        let mut far = window();
        (0..100).for_each(|_| far.zoom(0.5, 300.0));
        assert_eq!((far.start, far.seconds()), (0.0, 100.0), "no further out than the whole");
        (0..400).for_each(|_| far.zoom(2.0, 300.0));
        assert!(far.scale <= FINEST);
    }

    #[test]
    fn a_place_that_moves_on_is_followed_without_a_jump() {
        let mut window = Window::open(1_000.0, 100.0, 10.0, 0.0);
        let (mut place, mut before) = (0.0, window);
        while place < 99.9 {
            place += 0.016;
            window.follow(place);
            let x = window.x(place);
            assert!((0.0..=1_000.0).contains(&x), "{place} is out of sight");
            assert!((window.start - before.start) * window.scale < 2.5, "it jumps at {place}");
            assert!(window.start >= before.start, "it goes back at {place}");
            before = window;
        }
        window.pan(-5_000.0);
        window.follow(place);
        assert!((0.0..=1_000.0).contains(&window.x(place)));
    }

    #[test]
    fn a_place_that_is_seen_moves_nothing_and_another_is_brought_in() {
        let mut window = window();
        let before = window;
        window.show(50.0);
        assert_eq!(window, before);
        for place in [0.0, 43.0, 54.5, 99.0] {
            window.show(place);
            assert!((0.0..=1_000.0).contains(&window.x(place)), "{place}");
        }
    }
}
