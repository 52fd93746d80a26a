//! Random faults over many seeds: the proof that a flaw breaks what it says, and that without flaws every promise is kept.
//!
//! A seed draws a [`World`] (what may happen at all), sizes, knobs, clocks, disks and links, then requests and faults. In
//! half of the seeds the world is within the bounds that labs name, so that promises which need bounds are really tested;
//! in the others timing is asynchronous, or clocks are out of bounds, and what needs no bounds has to hold all the same.

mod fault;
mod play;

extern crate std;

use alloc::boxed::Box;
use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;

use crate::lab::{Args, KnobKind, KnobValue, LabInfo, Need, Refusal, Run, Setup};
use crate::unit::{Dice, NodeId, Span};

/// Opens a run in which a need of a property, by their places, counts as given.
pub(crate) type Open = fn(&Setup, Option<(usize, usize)>) -> Result<Box<dyn Run>, Refusal>;

/// What a sweep does with a lab.
pub(crate) struct Sweep {
    pub(crate) lab: &'static LabInfo,
    /// Opens a run in which one need counts as given: [`crate::lab::open_waiving`] of the lab.
    pub(crate) open: Open,
    /// Chooses sizes, knobs, clocks.
    pub(crate) vary: fn(&mut Setup, &mut Dice, World),
    /// Draws a request.
    pub(crate) ask: fn(&Setup, &mut Dice) -> Args,
    /// How long requests and faults come.
    pub(crate) horizon: Span,
    pub(crate) requests: u64,
    pub(crate) faults: u64,
    /// A last word on the set-up, after links and disks were drawn: what a flaw needs in order to show, say.
    pub(crate) adapt: fn(&mut Setup),
    /// Facts at which something is likely to go wrong next: that is where the races are.
    pub(crate) hot: &'static [&'static str],
    /// Flaws that chance alone finds too rarely: the lab hunts for them.
    pub(crate) hunts: fn(&str) -> bool,
    /// One seed in so many is played: fewer where runs are long.
    pub(crate) one_in: u64,
}

/// What may happen in a run.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) enum World {
    /// Delays and time-outs as given, clocks within the drift bound, however much else fails.
    Bounded,
    /// Any enabled step may be next, to the end or until some time.
    Asynchronous,
    /// Delays as given, but nodes are suspended, and clocks drift out of their bound.
    BadClocks,
}

/// One run to play.
#[derive(Clone, Copy)]
pub(crate) struct Game<'a> {
    pub(crate) seed: u64,
    pub(crate) flaws: &'a [&'static str],
    /// The world, unless the seed is to draw it.
    pub(crate) world: Option<World>,
    /// A last word on the set-up.
    pub(crate) set: &'a dyn Fn(&mut Setup),
    /// The places of a property and of a need of it that counts as given.
    pub(crate) waived: Option<(usize, usize)>,
}

impl Game<'_> {
    /// The run of this seed, with every rule on and every need minded.
    pub(crate) fn of(seed: u64) -> Self {
        Self { seed, flaws: &[], world: None, set: &|_| {}, waived: None }
    }
}

/// What came of one seed.
pub(crate) struct Played {
    /// The first property violated or late, and in what words.
    pub(crate) first: Option<(&'static str, String)>,
    pub(crate) ended: bool,
    pub(crate) steps: u64,
    /// For each property, whether it was promised to the end.
    pub(crate) promised: Vec<bool>,
}

/// How many seeds a sweep takes: 10,000, unless `SPLITBRAIN_SEEDS` said otherwise when the tests were built.
pub(crate) fn seeds() -> u64 {
    option_env!("SPLITBRAIN_SEEDS").and_then(|seeds| seeds.parse().ok()).unwrap_or(10_000)
}

/// How many steps a sweep takes at least where every rule is on: a million, unless `SPLITBRAIN_STEPS` said otherwise when the
/// tests were built.
fn least_steps() -> u64 {
    option_env!("SPLITBRAIN_STEPS").and_then(|steps| steps.parse().ok()).unwrap_or(1_000_000)
}

/// A number as it is read: 1,234,567.
fn grouped(number: u64) -> String {
    let digits = alloc::format!("{number}");
    let breaks = |place: usize| place > 0 && (digits.len() - place).is_multiple_of(3);
    let marks = digits.chars().enumerate();
    marks.flat_map(|(place, digit)| breaks(place).then_some(',').into_iter().chain([digit])).collect()
}

/// The value of a choice knob that has this word.
pub(crate) fn choice(lab: &LabInfo, knob: &str, word: &str) -> KnobValue {
    let Some(KnobKind::Choice { options }) = lab.knob(knob).map(|knob| knob.kind) else {
        panic!("{knob} is not a choice");
    };
    let place = options.iter().position(|option| option.id == word);
    KnobValue::Choice(place.expect("the knob has this word") as u8)
}

impl World {
    /// What a wall clock jumps by, of what was drawn. Where somebody relies on wall clocks, and in a world of clocks that keep
    /// their bounds, it jumps within its uncertainty; else to anywhere.
    pub(crate) fn jump(self, run: &dyn Run, node: NodeId, drawn: i64) -> i64 {
        let properties = run.info().properties;
        let relied_on = properties.iter().any(|property| property.needs.contains(&Need::WallClocks));
        if self == Self::BadClocks || !relied_on {
            return drawn;
        }
        let (kernel, clock) = (run.kernel(), &run.kernel().hosts()[node.index()].clock);
        let (error, width) = (clock.error(kernel.now()), run.kernel().clock(node).uncertainty.0 as i64);
        drawn.rem_euclid(2 * width + 1) - width - error
    }
}

impl Sweep {
    /// Plays all seeds without a flaw, and more where these take too few steps. Panics at the first broken promise, and where a
    /// promise was hardly ever given.
    pub(crate) fn keeps_every_promise(&self) {
        let (mut seeds, mut steps) = (0, 0);
        let mut promised = alloc::vec![0_u64; self.lab.properties.len()];
        while seeds < self.seeds() || steps < least_steps() {
            let seed = seeds;
            let played = self.play(Game::of(seed));
            seeds += 1;
            steps += played.steps;
            assert!(played.ended, "{}: seed {seed} never ended", self.lab.id);
            if let Some((property, words)) = played.first {
                panic!("{}: seed {seed} broke {property}: {words}", self.lab.id);
            }
            promised.iter_mut().zip(&played.promised).for_each(|(count, to_the_end)| {
                *count += u64::from(*to_the_end);
            });
        }
        for (property, count) in self.lab.properties.iter().zip(promised) {
            std::println!(
                "{}: {} was promised to the end of {count} of {seeds} seeds",
                self.lab.id,
                property.id
            );
            assert!(
                count * 20 >= seeds,
                "{} was promised in {count} seeds only: that proves little",
                property.id
            );
        }
        // `cargo xtask soak` reads this line.
        std::println!(
            "lab {}: {} steps, {} seeds, every promise kept",
            self.lab.id,
            grouped(steps),
            grouped(seeds)
        );
    }

    fn seeds(&self) -> u64 {
        seeds() / self.one_in
    }

    /// Plays seeds with each flaw on. Its property has to be the first one violated in some of them, and in more than all
    /// other properties together.
    pub(crate) fn every_flaw_breaks_its_property_first(&self) {
        for flaw in self.lab.flaws.iter().filter(|flaw| !(self.hunts)(flaw.id)) {
            let mut firsts: BTreeMap<&str, u64> = BTreeMap::new();
            let mut played = 0;
            // A quarter of the seeds tells enough, unless the flaw shows too rarely.
            while played < self.seeds() / 4
                || (played < 2 * self.seeds() && firsts.get(flaw.breaks) < Some(&20))
            {
                if let Some((property, _)) = self.play(Game { flaws: &[flaw.id], ..Game::of(played) }).first {
                    *firsts.entry(property).or_default() += 1;
                }
                played += 1;
            }
            std::println!("{}: of {played} seeds, {} breaks first: {firsts:?}", self.lab.id, flaw.id);
            let own = firsts.remove(flaw.breaks).unwrap_or_default();
            let others: u64 = firsts.values().sum();
            // Twice unlucky at once is rare: a write that comes late, and just between the read and the write of another.
            assert!(own * 2_500 >= played, "{} breaks {} first in {own} seeds only", flaw.id, flaw.breaks);
            assert!(
                own > others,
                "{} breaks {} first in {own} seeds, but also {firsts:?}",
                flaw.id,
                flaw.breaks
            );
        }
    }

    /// The table of promises says no less than is true: where a property is not promised for want of one need, a run is
    /// found that violates it. A need that is spared has its reason where it is spared.
    pub(crate) fn every_need_is_needed(&self, spared: &[(&str, Need)]) {
        for (place, property) in self.lab.properties.iter().enumerate() {
            for (nth, need) in property.needs.iter().enumerate() {
                if spared.contains(&(property.id, *need)) {
                    continue;
                }
                let game = Game { waived: Some((place, nth)), ..Game::of(0) };
                match *need {
                    Need::BoundedTiming => {
                        self.needs(game, property.id, World::Asynchronous, "bounds", &|_| {});
                    }
                    Need::DriftBound => self.needs(game, property.id, World::BadClocks, "clocks", &|_| {}),
                    Need::WallClocks => {
                        self.needs(game, property.id, World::BadClocks, "wall clocks", &|_| {});
                    }
                    Need::Own(words) => self.needs(game, property.id, World::Bounded, words, &|_| {}),
                    Need::Knob { id, values } => {
                        let Some(KnobKind::Choice { options }) = self.lab.knob(id).map(|knob| knob.kind)
                        else {
                            let set = |setup: &mut Setup| {
                                setup.knobs.push((id, KnobValue::Switch(!values.contains(&"on"))));
                            };
                            self.needs(game, property.id, World::Bounded, id, &set);
                            continue;
                        };
                        for (choice, option) in options.iter().enumerate() {
                            if !values.contains(&option.id) {
                                let set = |setup: &mut Setup| {
                                    setup.knobs.push((id, KnobValue::Choice(choice as u8)));
                                };
                                self.needs(game, property.id, World::Bounded, option.id, &set);
                            }
                        }
                    }
                    Need::While { id, value, need } => {
                        let set = |setup: &mut Setup| {
                            setup.knobs.push((id, choice(self.lab, id, value)));
                        };
                        let world = match need {
                            Need::BoundedTiming => World::Asynchronous,
                            Need::DriftBound => World::BadClocks,
                            _ => World::Bounded,
                        };
                        self.needs(game, property.id, world, value, &set);
                    }
                    Need::FirstInFirstOut => panic!("no lab needs this yet"),
                }
            }
        }
    }

    fn needs(&self, game: Game<'_>, property: &str, world: World, what: &str, set: &dyn Fn(&mut Setup)) {
        let found = (0..seeds()).find_map(|seed| {
            let played = self.play(Game { seed, world: Some(world), set, ..game });
            played.first.filter(|(first, _)| *first == property).map(|(_, words)| (seed, words))
        });
        let Some((seed, words)) = found else {
            panic!("{}: {property} is not promised ({what}), but no seed breaks it", self.lab.id)
        };
        std::println!(
            "{}: {property} is not promised ({what}), and seed {seed} breaks it: {words}",
            self.lab.id
        );
    }
}

#[test]
fn numbers_are_grouped_by_three() {
    let read = [0, 999, 1_000, 12_345, 1_234_567].map(grouped);
    assert_eq!(read, ["0", "999", "1,000", "12,345", "1,234,567"]);
}
