//! Where the lines of a chart run. A band is drawn in a box of 1,000 by 100 that is stretched to the room there is.

use splitbrain_core::unit::Time;
use splitbrain_core::view::{Bar, Believed, Track};

use crate::ui::number;

/// The box of a band.
const WIDTH: f64 = 1_000.0;
const HEIGHT: f64 = 100.0;
/// What the highest band leaves free above and below.
const MARGIN: f64 = 8.0;

/// The least difference from true time that a chart is scaled to, in microseconds: where all clocks are exact, a flat line.
const LEAST: u64 = 100;

/// What all bands of a chart have in common.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) struct Scale {
    /// The time at the left edge and at the right one, in microseconds.
    from: u64,
    to: u64,
    /// The greatest difference from true time.
    most: u64,
}

impl Scale {
    /// Such that everything is seen.
    pub(super) fn of(tracks: &[Track], now: Time) -> Self {
        let points = || tracks.iter().flat_map(|track| &track.points);
        let most = points().map(|point| {
            let (low, high) = point.ends();
            low.unsigned_abs().max(high.unsigned_abs())
        });
        let from = tracks.iter().filter_map(|track| track.points.first()).map(|point| point.time.0).min();
        Self {
            from: from.unwrap_or(now.0).min(now.0.saturating_sub(1)),
            to: now.0.max(1),
            most: most.max().unwrap_or(0).max(LEAST),
        }
    }

    /// How long the chart goes back, in microseconds.
    pub(super) fn window(&self) -> u64 {
        self.to - self.from
    }

    fn x(&self, time: Time) -> f64 {
        time.0.saturating_sub(self.from) as f64 / self.window().max(1) as f64 * WIDTH
    }

    fn y(&self, ahead: i64) -> f64 {
        let half = HEIGHT / 2.0;
        half - ahead as f64 / self.most as f64 * (half - MARGIN)
    }
}

/// The lines of one clock.
#[derive(Clone, PartialEq, Debug, Default)]
pub(super) struct Band {
    /// Both ends of the interval, there and back.
    pub(super) area: String,
    /// What the clock read.
    pub(super) reading: String,
    /// The interval now, at the right edge.
    pub(super) now: String,
}

impl Band {
    pub(super) fn of(points: &[Believed], scale: &Scale) -> Self {
        let Some(last) = points.last() else { return Self::default() };
        let mut band = Self::default();
        let there = points.iter().map(|point| (point.time, point.ends().1));
        let back = points.iter().rev().map(|point| (point.time, point.ends().0));
        line(&mut band.area, scale, there.chain(back));
        band.area.push('z');
        line(&mut band.reading, scale, points.iter().map(|point| (point.time, point.error)));
        let (low, high) = last.ends();
        line(&mut band.now, scale, [(last.time, high), (last.time, low)].into_iter());
        band
    }
}

fn line(out: &mut String, scale: &Scale, points: impl Iterator<Item = (Time, i64)>) {
    for (nth, (time, ahead)) in points.enumerate() {
        out.push(if nth == 0 { 'M' } else { 'L' });
        number::write(out, scale.x(time), 1);
        out.push(' ');
        number::write(out, scale.y(ahead), 2);
    }
}

/// Milliseconds with a sign and so many digits that the last one says something: `+12.8`, `−0.25`, `0`.
pub(super) fn signed(micros: i64) -> String {
    let sign = match micros {
        0 => "",
        micros if micros < 0 => "−",
        _ => "+",
    };
    format!("{sign}{}", millis(micros.unsigned_abs()))
}

/// Milliseconds with three significant digits or so.
pub(super) fn millis(micros: u64) -> String {
    let digits = match micros {
        0..10_000 => 2,
        10_000..100_000 => 1,
        _ => 0,
    };
    number::number(micros as f64 / 1_000.0, digits)
}

/// A length of time for the head of an axis: `60 s`, `1.5 s`, `116 ms`.
pub(super) fn length(micros: u64) -> String {
    if micros < 1_000_000 {
        return format!("{} ms", millis(micros));
    }
    format!("{} s", number::number(micros as f64 / 1e6, 1))
}

/// What an interval says of true time, in words.
pub(super) fn words(point: &Believed) -> String {
    let (low, high) = point.ends();
    if low == high {
        return if low == 0 { "exact".to_owned() } else { format!("{} ms", signed(low)) };
    }
    format!("{} to {} ms", signed(low), signed(high))
}

/// By how much true time is outside an interval, in microseconds.
pub(super) fn outside(point: &Believed) -> u64 {
    point.error.unsigned_abs().saturating_sub(point.uncertainty.0)
}

/// The longest wait of all, in microseconds.
pub(super) fn longest(bars: &[Bar]) -> u64 {
    bars.iter().map(total).max().unwrap_or(0).max(1)
}

/// What an operation has waited for altogether.
pub(super) fn total(bar: &Bar) -> u64 {
    bar.spans.iter().fold(0, |sum, span| sum.saturating_add(span.0))
}

/// How high each part of a bar is, in hundredths of the longest one.
pub(super) fn shares(bar: &Bar, longest: u64) -> impl Iterator<Item = f64> {
    bar.spans.iter().map(move |span| span.0 as f64 * 100.0 / longest as f64)
}

#[cfg(test)]
mod tests {
    use splitbrain_core::unit::{NodeId, Span};

    use super::*;

    fn at(time: u64, error: i64, uncertainty: u64) -> Believed {
        Believed { time: Time(time), error, uncertainty: Span(uncertainty) }
    }

    fn track(points: &[Believed]) -> Track {
        Track { node: NodeId(0), name: "n1".into(), points: points.to_vec() }
    }

    #[test]
    fn the_widest_interval_fills_the_box_and_true_time_is_in_the_middle() {
        let points = [at(0, 1_000, 1_000), at(30_000_000, 3_000, 7_000)];
        let scale = Scale::of(&[track(&points)], Time(30_000_000));
        assert_eq!((scale.most, scale.window()), (10_000, 30_000_000));
        assert_eq!(scale.y(0), HEIGHT / 2.0);
        assert_eq!(scale.y(10_000), MARGIN);
        assert_eq!(scale.y(-10_000), HEIGHT - MARGIN);
        assert_eq!((scale.x(Time::ZERO), scale.x(Time(30_000_000))), (0.0, WIDTH));
        let band = Band::of(&points, &scale);
        assert_eq!(band.area, "M0 41.6L1000 8L1000 66.8L0 50z");
        assert_eq!(band.reading, "M0 45.8L1000 37.4");
        assert_eq!(band.now, "M1000 8L1000 66.8");
    }

    #[test]
    fn where_there_is_nothing_to_see_nothing_breaks() {
        assert_eq!(Band::of(&[], &Scale::of(&[], Time::ZERO)), Band::default());
        let scale = Scale::of(&[track(&[at(0, 0, 0), at(0, 0, 0)])], Time::ZERO);
        assert!(scale.x(Time::ZERO).is_finite() && scale.y(0) == HEIGHT / 2.0);
        assert_eq!(longest(&[]), 1);
    }

    #[test]
    fn numbers_have_as_many_digits_as_say_something() {
        assert_eq!([0, 250, -1_004, 12_840, -250_400].map(signed), ["0", "+0.25", "−1", "+12.8", "−250"]);
        assert_eq!([60_000_000, 1_500_000, 116_007].map(length), ["60 s", "1.5 s", "116 ms"]);
        assert_eq!(words(&at(0, 0, 0)), "exact");
        assert_eq!(words(&at(0, 50_000, 0)), "+50 ms");
        assert_eq!(words(&at(0, 2_000, 7_000)), "−5 to +9 ms");
        assert_eq!((outside(&at(0, 50_000, 7_000)), outside(&at(0, -6_000, 7_000))), (43_000, 0));
    }

    #[test]
    fn the_parts_of_the_longest_bar_fill_it() {
        let bar = |spans: &[u64]| Bar {
            label: "c1".into(),
            time: Time::ZERO,
            spans: spans.iter().map(|span| Span(*span)).collect(),
        };
        let bars = [bar(&[9_000, 5_000]), bar(&[7_000, 0])];
        assert_eq!(longest(&bars), 14_000);
        assert_eq!(shares(&bars[0], 14_000).sum::<f64>(), 100.0);
        assert_eq!(shares(&bars[1], 14_000).collect::<Vec<_>>(), [50.0, 0.0]);
    }
}
