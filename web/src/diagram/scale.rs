//! The ruler of time: which moments have a name on it.

/// A line of the ruler.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Tick {
    /// True time, in microseconds.
    pub(super) time: u64,
    /// How many digits its name has behind the point.
    pub(super) digits: u32,
}

/// How near two names on the ruler may be, in pixels.
const APART: f64 = 62.0;
/// Times that are tried for each distance between ticks.
const TRIED: u64 = 400;

/// The ticks between two moments of true time. Where time does not go evenly, round times come first, and others where there
/// is room left. `x` gives where a time lies, in pixels.
pub(super) fn ticks(from: u64, to: u64, x: &dyn Fn(u64) -> f64) -> Vec<(Tick, f64)> {
    let mut out: Vec<(Tick, f64)> = Vec::new();
    let span = to.saturating_sub(from).max(1);
    let mut unit = 1_u64;
    while unit * 10 < span {
        unit *= 10;
    }
    for divisor in [1, 2, 10, 20, 100, 200, 1_000, 2_000, 10_000] {
        // 1, 0.5, 0.1, 0.05, …
        let step = unit / divisor;
        if step == 0 || span / step > TRIED {
            break;
        }
        let digits = (0..6).find(|digits| step.is_multiple_of(10_u64.pow(6 - digits))).unwrap_or(6);
        let mut time = from.div_ceil(step) * step;
        while time <= to {
            let at = x(time);
            let place = out.partition_point(|(_, other)| *other < at);
            let near = |place: Option<usize>| {
                place.and_then(|place| out.get(place)).is_some_and(|(_, other)| (other - at).abs() < APART)
            };
            if !near(Some(place)) && !near(place.checked_sub(1)) {
                out.insert(place, (Tick { time, digits }, at));
            }
            time += step;
        }
    }
    out
}

impl Tick {
    /// Its name, in seconds: `1.35`.
    pub(super) fn name(self) -> String {
        crate::ui::number::number(self.time as f64 / 1e6, self.digits)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_stand_apart_and_have_the_digits_that_they_need() {
        let names = |wide: f64| -> Vec<String> {
            let even = ticks(1_280_000, 1_680_000, &|time| (time - 1_280_000) as f64 * wide / 400_000.0);
            even.iter().map(|(tick, _)| tick.name()).collect()
        };
        assert_eq!(names(300.0), ["1.3", "1.4", "1.5", "1.6"]);
        assert_eq!(names(560.0), ["1.3", "1.35", "1.4", "1.45", "1.5", "1.55", "1.6", "1.65"]);
        // Ten seconds of waiting are as wide as ten milliseconds of work.
        let warped = |time: u64| libm::log(1.0 + time as f64) * 60.0;
        let uneven = ticks(0, 10_000_000, &warped);
        assert!(uneven.len() > 5, "{uneven:?}");
        assert!(uneven.windows(2).all(|pair| pair[1].1 - pair[0].1 >= APART), "{uneven:?}");
    }
}
