//! How playback spends its time. A lease lasts ten seconds and a message ten milliseconds: in true time one would see either
//! nothing or for ever the same. By event, every step gets the time that an eye needs, and waiting is cut short.

use crate::ui::number::Within as _;
use splitbrain_core::lab::KindInfo;
use splitbrain_core::simulation::Step;
use splitbrain_core::timeline::Timeline;
use splitbrain_core::trace::Record;
use splitbrain_scenarios::plan::{Act, Plan};
use splitbrain_scenarios::run::Moment;

/// How fast playback goes.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(crate) enum Speed {
    /// So many times the time that each event needs.
    ByEvent(f64),
    /// So many times true time.
    Real(f64),
}

impl Speed {
    /// Every speed there is, from slow to fast, with its name.
    pub(crate) const ALL: [(Self, &str); 9] = [
        (Self::ByEvent(0.5), "By event, slow"),
        (Self::ByEvent(1.0), "By event"),
        (Self::ByEvent(2.5), "By event, fast"),
        (Self::Real(0.05), "1/20 of real time"),
        (Self::Real(0.25), "1/4 of real time"),
        (Self::Real(1.0), "Real time"),
        (Self::Real(4.0), "4 × real time"),
        (Self::Real(20.0), "20 × real time"),
        (Self::Real(100.0), "100 × real time"),
    ];

    /// The speed that is so many places faster in that list, or slower.
    pub(crate) fn other(self, by: isize) -> Self {
        let here = Self::ALL.iter().position(|(other, _)| *other == self).unwrap_or(1);
        Self::ALL[here.saturating_add_signed(by).min(Self::ALL.len() - 1)].0
    }

    fn factor(self) -> f64 {
        match self {
            Self::ByEvent(factor) | Self::Real(factor) => factor,
        }
    }
}

/// A place between two steps.
#[derive(Clone, Copy, PartialEq, Debug, Default)]
pub(crate) struct Place {
    /// So many records have happened.
    pub(crate) step: u32,
    /// True time, in microseconds.
    pub(crate) time: f64,
}

/// One record on the axis of playback.
#[derive(Clone, Copy, Debug)]
struct Beat {
    /// True time, in microseconds.
    time: f64,
    /// Seconds of playback at which time begins to move towards it.
    from: f64,
    /// Seconds of playback at which it happens.
    at: f64,
}

/// Where every record of a run stands on the axis of playback.
#[derive(Debug)]
pub(crate) struct Pace {
    beats: Vec<Beat>,
    /// Moments that were looked at.
    moments: usize,
    /// The share of its time that the last step of the background got; without any, what makes the first one get [`BACKGROUND`].
    lull: f64,
    record: Record,
}

/// The shortest time that a step gets when it happens at the same instant as the one before, in seconds.
const SAME_INSTANT: f64 = 0.22;
/// The longest that waiting for one step takes, in seconds.
const LONGEST: f64 = 2.4;
/// How much of its time a step gets that comes again and again by itself; every further one gets less by the same factor
/// as the one before, so that an hour of gossip passes in two seconds.
const BACKGROUND: f64 = 0.35;
const LULL: f64 = 0.9;
/// Seconds that reading one letter of a caption takes.
const LETTER: f64 = 0.04;
/// After the last step.
const TAIL: f64 = 0.8;

impl Default for Pace {
    fn default() -> Self {
        Self { beats: Vec::new(), moments: 0, lull: BACKGROUND / LULL, record: Record::default() }
    }
}

impl Pace {
    /// Looks at what was computed since.
    pub(crate) fn extend(&mut self, plan: &Plan, timeline: &Timeline, moments: &[Moment]) {
        for number in self.beats.len() as u32..timeline.len() {
            if timeline.read(number, &mut self.record).is_none() {
                return;
            }
            let before = self.beats.last().copied().unwrap_or(Beat { time: 0.0, from: 0.0, at: 0.0 });
            let mut reading = 0.0;
            while let Some(moment) = moments.get(self.moments).filter(|moment| moment.step <= number) {
                if let Some(Act::Say(words)) = plan.cues.get(moment.cue as usize).map(|cue| &cue.act) {
                    reading += 0.8 + words.chars().count() as f64 * LETTER;
                }
                self.moments += 1;
            }
            let time = self.record.time.0 as f64;
            let quiet = matches!(self.record.step, Step::Advance(_)) || !self.record.effective;
            let mut wait = needed(time - before.time, quiet);
            if is_background(plan.setup.lab.kinds, &self.record) {
                self.lull *= LULL;
                wait *= self.lull;
            } else if !quiet {
                self.lull = BACKGROUND / LULL;
            }
            let from = before.at + reading;
            self.beats.push(Beat { time, from, at: from + wait });
        }
    }

    /// How long the axis is, in seconds of playback.
    pub(crate) fn length(&self, speed: Speed) -> f64 {
        match (self.beats.last(), speed) {
            (None, _) => 0.0,
            (Some(last), Speed::ByEvent(_)) => last.at + TAIL,
            (Some(last), Speed::Real(_)) => last.time / 1e6,
        }
    }

    /// How far the axis goes in so many seconds of a watch.
    pub(crate) fn travelled(seconds: f64, speed: Speed) -> f64 {
        seconds * speed.factor()
    }

    /// Where a place is on the axis.
    pub(crate) fn position(&self, place: Place, speed: Speed) -> f64 {
        if matches!(speed, Speed::Real(_)) {
            return place.time / 1e6;
        }
        let step = place.step as usize;
        let before = step.checked_sub(1).and_then(|last| self.beats.get(last));
        let (start, from) = before.map_or((0.0, 0.0), |beat| (beat.at, beat.time));
        match self.beats.get(step).filter(|next| place.time > from && next.time > from) {
            Some(next) => {
                next.from + (next.at - next.from) * ((place.time - from) / (next.time - from)).min(1.0)
            }
            None => start,
        }
    }

    /// What is shown at a position of the axis.
    pub(crate) fn place(&self, position: f64, speed: Speed) -> Place {
        if matches!(speed, Speed::Real(_)) {
            let time = position.max(0.0) * 1e6;
            let step = self.beats.partition_point(|beat| beat.time <= time);
            // Nothing has happened before the first step, even where that is due at once.
            return Place { step: step as u32, time };
        }
        let step = self.beats.partition_point(|beat| beat.at <= position);
        let from = step.checked_sub(1).and_then(|last| self.beats.get(last)).map_or(0.0, |beat| beat.time);
        let time = match self.beats.get(step) {
            Some(next) if next.at > next.from => {
                let share = ((position - next.from) / (next.at - next.from)).within(0.0, 1.0);
                from + (next.time - from) * share
            }
            _ => from,
        };
        Place { step: step as u32, time }
    }

    /// The place right after so many records.
    pub(crate) fn after(&self, step: u32) -> Place {
        let time = (step as usize)
            .checked_sub(1)
            .and_then(|last| self.beats.get(last))
            .map_or(0.0, |beat| beat.time);
        Place { step, time }
    }
}

/// How long a step takes on the screen that comes so many microseconds after the one before.
fn needed(micros: f64, quiet: bool) -> f64 {
    match (micros <= 0.0, quiet) {
        (true, true) => 0.0,
        (true, false) => SAME_INSTANT,
        (false, _) => {
            (0.35 + 0.32 * libm::log(1.0 + micros / 1_000.0) / std::f64::consts::LN_10).min(LONGEST)
        }
    }
}

/// True for what comes again and again by itself, as long as nothing comes of it.
fn is_background(kinds: &[KindInfo], record: &Record) -> bool {
    let is = |kind: u8| kinds.get(usize::from(kind)).is_some_and(|kind| kind.background);
    let by_itself = match record.step {
        Step::Deliver(_) => record.message.is_some_and(|message| is(message.kind)),
        Step::Fire(_) => !record.sent.is_empty(),
        _ => false,
    };
    by_itself
        && record.facts.is_empty()
        && record.calls.is_empty()
        && record.verdicts.is_empty()
        && record.sent.iter().all(|sent| is(sent.kind))
}

#[cfg(test)]
mod tests {
    use splitbrain_scenarios::run::Session;
    use splitbrain_scenarios::{catalog, load};

    use super::*;

    fn pace(lab: &str, name: &str) -> (Pace, Session) {
        paced(catalog::find(lab, name).expect("it is canned").text)
    }

    fn paced(text: &str) -> (Pace, Session) {
        let plan = load(text).plan.expect("it loads");
        let mut session = Session::open(plan).expect("it opens");
        while !session.advance(1_000) {}
        let mut pace = Pace::default();
        pace.extend(session.plan(), session.timeline(), session.moments());
        (pace, session)
    }

    #[test]
    fn every_step_is_reached_and_none_is_jumped_over() {
        let (pace, session) = pace("lease", "paused-holder");
        for (speed, _) in Speed::ALL {
            let mut before = Place::default();
            let length = pace.length(speed);
            for tick in 0..=20_000 {
                let place = pace.place(length * f64::from(tick) / 20_000.0, speed);
                assert!(place.time >= before.time && place.step >= before.step);
                if matches!(speed, Speed::ByEvent(_)) {
                    assert!(place.step <= before.step + 2, "{speed:?} jumps from {before:?} to {place:?}");
                }
                before = place;
            }
            assert_eq!(before.step, session.timeline().len());
        }
    }

    #[test]
    fn a_place_and_its_position_lead_to_each_other() {
        let (pace, session) = pace("lww", "cart");
        for step in 0..=session.timeline().len() {
            let place = pace.after(step);
            let position = pace.position(place, Speed::ByEvent(1.0));
            let again = pace.place(position, Speed::ByEvent(1.0));
            // Steps without any time of their own share a position.
            assert!(
                again.step >= step && (again.time - place.time).abs() < 1.0,
                "{place:?} became {again:?}"
            );
        }
    }

    #[test]
    fn twenty_seconds_of_waiting_take_no_more_than_an_eye_needs() {
        let (pace, session) = pace("lease", "paused-holder");
        let real = pace.length(Speed::Real(1.0));
        assert!(
            real > 20.0 && pace.length(Speed::ByEvent(1.0)) < 60.0,
            "{real} s, {} steps",
            session.timeline().len()
        );
    }

    #[test]
    fn an_hour_of_gossip_passes_in_seconds() {
        let (pace, session) = paced("lab lww\nset gossip 500ms\nat 1s c1 write x 1\nat 1h c1 write x 2\n");
        assert!(session.timeline().len() > 10_000 && pace.length(Speed::ByEvent(1.0)) < 60.0);
    }
}
