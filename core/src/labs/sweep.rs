//! Random faults over many seeds: the proof that a flaw breaks what it says, and that without flaws every promise is kept.
//!
//! A seed draws a [`World`] (what may happen at all), sizes, knobs, clocks, disks and links, then requests and faults. In
//! half of the seeds the world is within the bounds that labs name, so that promises which need bounds are really tested;
//! in the others timing is asynchronous, or clocks are out of bounds, and what needs no bounds has to hold all the same.

extern crate std;

use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;

use super::sweep_faults as faults;
use crate::lab::{Args, KnobKind, KnobValue, LabInfo, Need, Refusal, Run, Setup, Status};
use crate::simulation::{ClockSetting, Latency, LinkSetting, Step, Timing, Transport};
use crate::trace::{Record, Turn};
use crate::unit::{Dice, NodeId, Purpose, Ratio, Span, Time};
use crate::view::{Frame, Life, Ring};

/// What a sweep does with a lab.
pub(crate) struct Sweep {
    pub(crate) lab: &'static LabInfo,
    /// Opens a run in which one need counts as given: [`crate::lab::open_waiving`] of the lab.
    pub(crate) open: fn(&Setup, Option<(usize, usize)>) -> Result<alloc::boxed::Box<dyn Run>, Refusal>,
    /// Chooses sizes, knobs, clocks.
    pub(crate) vary: fn(&mut Setup, &mut Dice, World),
    /// Draws a request.
    pub(crate) ask: fn(&Setup, &mut Dice) -> Args,
    /// How long requests and faults come.
    pub(crate) horizon: Span,
    pub(crate) requests: u64,
    pub(crate) faults: u64,
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
    /// For each property, whether it was promised to the end.
    pub(crate) promised: Vec<bool>,
}

/// What comes at a time.
enum Planned {
    Request,
    Fault,
    /// The end of a fault.
    End(Step),
}

/// How many seeds a sweep takes: 10,000, unless `SPLITBRAIN_SEEDS` said otherwise when the tests were built.
pub(crate) fn seeds() -> u64 {
    option_env!("SPLITBRAIN_SEEDS").and_then(|seeds| seeds.parse().ok()).unwrap_or(10_000)
}

impl Sweep {
    /// Plays all seeds without a flaw and panics at the first broken promise, and where a promise was hardly ever given.
    pub(crate) fn keeps_every_promise(&self) {
        let mut promised = alloc::vec![0_u64; self.lab.properties.len()];
        for seed in 0..seeds() {
            let played = self.play(Game::of(seed));
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
                "{}: {} was promised to the end of {count} of {} seeds",
                self.lab.id,
                property.id,
                seeds()
            );
            assert!(
                count * 20 >= seeds(),
                "{} was promised in {count} seeds only: that proves little",
                property.id
            );
        }
    }

    /// Plays all seeds with each flaw on. Its property has to be the first one violated in some of them, and in more than all
    /// other properties together.
    pub(crate) fn every_flaw_breaks_its_property_first(&self) {
        for flaw in self.lab.flaws {
            let mut firsts: BTreeMap<&str, u64> = BTreeMap::new();
            for seed in 0..seeds() {
                let played = self.play(Game { flaws: &[flaw.id], ..Game::of(seed) });
                if let Some((property, _)) = played.first {
                    *firsts.entry(property).or_default() += 1;
                }
            }
            std::println!("{}: of {} seeds, {} breaks first: {firsts:?}", self.lab.id, seeds(), flaw.id);
            let own = firsts.remove(flaw.breaks).unwrap_or_default();
            let others: u64 = firsts.values().sum();
            // Twice unlucky at once is rare: a write that comes late, and just between the read and the write of another.
            assert!(own * 2_500 >= seeds(), "{} breaks {} first in {own} seeds only", flaw.id, flaw.breaks);
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
                        self.needs(game, property.id, World::Asynchronous, "bounds", &|_| {})
                    }
                    Need::DriftBound => self.needs(game, property.id, World::BadClocks, "clocks", &|_| {}),
                    Need::Own(words) => self.needs(game, property.id, World::Bounded, words, &|_| {}),
                    Need::Knob { id, values } => {
                        let Some(KnobKind::Choice { options }) = self.lab.knob(id).map(|knob| knob.kind)
                        else {
                            panic!("{id} is not a choice");
                        };
                        for (choice, option) in options.iter().enumerate() {
                            if !values.contains(&option.id) {
                                let set = |setup: &mut Setup| {
                                    setup.knobs.push((id, KnobValue::Choice(choice as u8)))
                                };
                                self.needs(game, property.id, World::Bounded, option.id, &set);
                            }
                        }
                    }
                    Need::WallClocks | Need::FirstInFirstOut => panic!("no lab needs this yet"),
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

    pub(crate) fn play(&self, game: Game<'_>) -> Played {
        let Game { seed, flaws, set, waived, .. } = game;
        let mut dice = Dice::new(seed, Purpose::Fuzz, 0, 0);
        let drawn =
            [World::Bounded, World::Bounded, World::Asynchronous, World::BadClocks][dice.below(4) as usize];
        let world = game.world.unwrap_or(drawn);
        let mut setup = Setup { seed, flaws: flaws.to_vec(), ..Setup::new(self.lab) };
        (self.vary)(&mut setup, &mut dice, world);
        surround(&mut setup, &mut dice, world, self.horizon);
        set(&mut setup);
        let mut run = match (self.open)(&setup, waived) {
            Ok(run) => run,
            Err(refusal) => panic!("{}: {}", refusal.argument, refusal.message),
        };
        let mut agenda = BTreeMap::new();
        let faults = dice.below(self.faults + 1);
        for nth in 0..self.requests + faults {
            let what = if nth < self.requests { Planned::Request } else { Planned::Fault };
            agenda.insert((Time(dice.below(self.horizon.0)), nth), what);
        }
        let mut ends = self.requests + faults;
        let mut record = Record::default();
        let mut first = None;
        while let Some(((time, _), what)) = agenda.pop_first() {
            go_on(&mut *run, time, &mut record, &mut first);
            apply(&mut *run, Step::Advance(time), &mut record, &mut first);
            // Whom a fault strikes, if one comes now, with a preference.
            let strikes = match what {
                Planned::Fault => Some(None),
                Planned::End(step) => {
                    apply(&mut *run, step, &mut record, &mut first);
                    None
                }
                Planned::Request => {
                    let args = (self.ask)(&setup, &mut dice);
                    if let Ok(op) = run.admit(&args) {
                        apply(&mut *run, Step::Request(args.node, op), &mut record, &mut first);
                    }
                    // A few steps after a request: that is where the races are.
                    let close = dice.below(4) > 0;
                    for _ in 0..if close { dice.below(10) } else { 0 } {
                        let Some((_, step)) = run.due() else { break };
                        apply(&mut *run, step, &mut record, &mut first);
                    }
                    close.then_some(Some(args.node))
                }
            };
            let fault = strikes.and_then(|whom| faults::draw(&*run, &mut dice, world, whom));
            if let Some(fault) = fault {
                apply(&mut *run, fault, &mut record, &mut first);
                // Most faults end by themselves, after a millisecond or after a minute.
                if let Some(end) = faults::end(fault).filter(|_| dice.below(8) > 0) {
                    let longest = 1 << dice.between(6, 15);
                    ends += 1;
                    agenda.insert(
                        (run.kernel().now() + Span::millis(dice.below(longest)), ends),
                        Planned::End(end),
                    );
                }
            }
            if seed % 64 == 0 {
                fits(&*run);
            }
            if first.is_some() {
                return Played { first, ended: true, promised: Vec::new() };
            }
        }
        faults::mend(&*run).into_iter().for_each(|step| apply(&mut *run, step, &mut record, &mut first));
        // Nobody promises that a run ends while steps come in any order: there only safety is looked at.
        let endless = setup.timing == Timing::Async;
        let rest = if endless { self.horizon } else { Span::seconds(4 * 3_600) };
        let end = run.kernel().now() + rest;
        go_on(&mut *run, end, &mut record, &mut first);
        let ended = endless || run.quiet();
        run.conclude(ended, &mut record);
        note(&*run, &record, &mut first);
        let promised =
            run.verdicts().iter().map(|status| !matches!(status, Status::NotPromised { .. })).collect();
        Played { first, ended, promised }
    }
}

/// What is drawn at this instant has room: a stage that cuts a text says something else than the lab.
fn fits(run: &dyn Run) {
    let mut frame = Frame::default();
    run.frame(&mut frame);
    let letters = |text: &str, most: usize| {
        assert!(text.chars().count() <= most, "{}: `{text}` has more than {most} letters", run.info().id);
    };
    for node in &frame.nodes {
        letters(&node.role, 20);
        letters(&node.note, 24);
        letters(&node.sub, 6);
        assert!(
            node.life != Life::Crashed || node.ring == Ring::Thin,
            "{} is down and holds nothing",
            node.name
        );
    }
    frame.messages.iter().for_each(|message| letters(&message.label, 14));
}

/// Draws the world's timing, and disks, links and clocks that the lab did not choose.
fn surround(setup: &mut Setup, dice: &mut Dice, world: World, horizon: Span) {
    if world == World::Asynchronous {
        setup.timing = match dice.below(2) {
            0 => Timing::Async,
            _ => Timing::Partial(Time(dice.below(horizon.0))),
        };
    }
    let slow = Latency::Uniform(Span::millis(1), dice.span(Span::millis(50), Span::millis(250)));
    setup.network = LinkSetting {
        latency: if dice.below(2) == 0 { slow } else { LinkSetting::default().latency },
        loss: Ratio::percent([0, 0, 5][dice.below(3) as usize]),
        duplicate: Ratio::percent([0, 0, 5][dice.below(3) as usize]),
        reorder: dice.below(2) == 0,
        transport: [Transport::Datagram, Transport::Datagram, Transport::Stream][dice.below(3) as usize],
        ..LinkSetting::default()
    };
    for node in (0..setup.roster.len()).map(|node| NodeId(node as u8)) {
        if dice.below(3) == 0 {
            setup.disks.push((node, Span::ZERO, dice.span(Span::ZERO, Span::millis(30))));
        }
        if world == World::BadClocks && dice.below(2) == 0 {
            let drift = dice.below(100_000) as i32 - 50_000;
            setup.clocks.push((node, ClockSetting { drift, ..ClockSetting::default() }));
        }
    }
}

type First = Option<(&'static str, String)>;

fn apply(run: &mut dyn Run, step: Step, record: &mut Record, first: &mut First) {
    run.apply(step, record);
    note(run, record, first);
}

fn note(run: &dyn Run, record: &Record, first: &mut First) {
    if first.is_some() {
        return;
    }
    let bad = record.verdicts.iter().find(|turned| matches!(turned.to, Turn::Violated | Turn::Late));
    let Some(place) = bad.map(|turned| usize::from(turned.property)) else { return };
    if let (Some(Status::Violated(why) | Status::Late(why)), Some(property)) =
        (run.verdicts().get(place), run.info().properties.get(place))
    {
        *first = Some((property.id, String::from(&*why.words)));
    }
}

/// Takes every step that is due before a time; stops early where the run is quiet.
fn go_on(run: &mut dyn Run, until: Time, record: &mut Record, first: &mut First) {
    while let Some((_, step)) = run.due().filter(|(due, _)| *due <= until) {
        if run.quiet() && until > run.kernel().now() + Span::seconds(3_600) {
            break;
        }
        apply(run, step, record, first);
        if let Some(limit) = run.limit() {
            panic!("at {}: {}", run.kernel().now(), limit.words());
        }
    }
}
