//! One run of a sweep: requests and faults at drawn times, then calm.

use alloc::boxed::Box;
use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;

use super::{Game, Played, Sweep, World, fault, std};
use crate::lab::{Run, Setup, Status};
use crate::simulation::{ClockSetting, Latency, LinkSetting, Step, Timing, Transport};
use crate::trace::{Record, Turn};
use crate::unit::{Dice, NodeId, Purpose, Ratio, Span, Time};
use crate::view::{Frame, Life, Ring};

/// What comes at a time.
#[derive(Clone, Copy)]
enum Planned {
    Request,
    Fault,
    /// The end of a fault.
    End(Step),
}

/// A run that is being played.
struct Play<'a> {
    sweep: &'a Sweep,
    setup: Setup,
    world: World,
    dice: Dice,
    run: Box<dyn Run>,
    record: Record,
    /// The first property that fell, and in what words.
    first: Option<(&'static str, String)>,
    /// What is to come, in the order of its times.
    agenda: BTreeMap<(Time, u64), Planned>,
    planned: u64,
}

impl Sweep {
    pub(crate) fn play(&self, game: Game<'_>) -> Played {
        let mut play = self.begin(game);
        while let Some(((time, _), what)) = play.agenda.pop_first() {
            play.go_on(time, false);
            play.apply(Step::advance(time));
            play.happen(what);
            if game.seed.is_multiple_of(64) {
                fits(&*play.run);
            }
            if play.first.is_some() {
                return Played { steps: play.steps(), first: play.first, ended: true, promised: Vec::new() };
            }
        }
        play.end()
    }

    fn begin(&self, game: Game<'_>) -> Play<'_> {
        let Game { seed, flaws, set, waived, .. } = game;
        let mut dice = Dice::new(seed, Purpose::Fuzz, 0, 0);
        let worlds = [World::Bounded, World::Bounded, World::Asynchronous, World::BadClocks];
        let drawn = worlds[dice.below(4) as usize];
        let world = game.world.unwrap_or(drawn);
        let mut setup = Setup { seed, flaws: flaws.to_vec(), ..Setup::new(self.lab) };
        (self.vary)(&mut setup, &mut dice, world);
        surround(&mut setup, &mut dice, world, self.horizon);
        set(&mut setup);
        (self.adapt)(&mut setup);
        let run = match (self.open)(&setup, waived) {
            Ok(run) => run,
            Err(refusal) => panic!("{}: {}", refusal.argument, refusal.message),
        };
        let (record, agenda) = (Record::default(), BTreeMap::new());
        let mut play = Play { sweep: self, setup, world, dice, run, record, first: None, agenda, planned: 0 };
        let faults = play.dice.below(self.faults + 1);
        for nth in 0..self.requests + faults {
            let time = Time(play.dice.below(self.horizon.0));
            play.plan(time, if nth < self.requests { Planned::Request } else { Planned::Fault });
        }
        play
    }
}

impl Play<'_> {
    fn plan(&mut self, time: Time, what: Planned) {
        self.planned += 1;
        self.agenda.insert((time, self.planned), what);
    }

    fn happen(&mut self, what: Planned) {
        match what {
            Planned::End(step) => self.apply(step),
            Planned::Fault => self.strike(None),
            Planned::Request => {
                let mut args = (self.sweep.ask)(&self.setup, &mut self.dice);
                let to_server = !self.run.roster().member(args.node).group.is_client();
                // Most commands are for whoever leads.
                if to_server && let Some(leader) = self.run.leader().filter(|_| self.dice.below(4) > 0) {
                    args.node = leader;
                }
                if let Ok(op) = self.run.admit(&args) {
                    self.apply(Step::Request(args.node, op));
                }
                // Most are struck a few steps later: that is where the races are.
                if self.dice.below(4) > 0 {
                    for _ in 0..self.dice.below(10) {
                        let Some((_, step)) = self.run.due() else { break };
                        self.apply(step);
                    }
                    self.strike(Some(args.node).filter(|_| !self.run.info().leads));
                }
            }
        }
    }

    /// A fault, with a preference for whom it strikes. Most end by themselves, after a few milliseconds or half a minute.
    fn strike(&mut self, whom: Option<NodeId>) {
        let Some(fault) = fault::draw(&*self.run, &mut self.dice, self.world, whom) else { return };
        self.apply(fault);
        if let Some(end) = fault::end(fault).filter(|_| self.dice.below(8) > 0) {
            let longest = 1 << self.dice.between(6, 15);
            let length = Span::millis(self.dice.below(longest));
            self.plan(self.run.kernel().now() + length, Planned::End(end));
        }
    }

    /// What just happened may be the worst moment for a fault.
    fn strike_where_it_is_hot(&mut self, until: Time) {
        let lab = self.sweep.lab;
        let hot = |fact: u8| self.sweep.hot.contains(&lab.facts[usize::from(fact)].id);
        let place =
            self.record.facts.iter().find(|happened| hot(happened.fact)).map(|happened| happened.node);
        // After the horizon every fault is over.
        if let Some(node) = place.filter(|_| until <= Time(self.sweep.horizon.0))
            && self.dice.below(3) == 0
        {
            self.strike(Some(node));
        }
    }

    /// Every fault ends, and the run comes to rest.
    fn end(mut self) -> Played {
        for step in fault::mend(&*self.run, self.setup.network.transport) {
            self.apply(step);
        }
        // Nobody promises that a run ends while steps come in any order: there only safety is looked at.
        let endless = self.setup.timing == Timing::Async;
        let rest = match self.setup.flaws.as_slice() {
            _ if endless => self.sweep.horizon,
            [] => Span::seconds(4 * 3_600),
            // A flaw may keep a run from ever coming to rest. What it breaks, it has broken by then.
            _ => Span::seconds(15 * 60),
        };
        self.go_on(self.run.kernel().now() + rest, !endless);
        // A promise that is late already never has to come to rest.
        let ended = endless || self.first.is_some() || self.run.quiet();
        if !ended && self.setup.flaws.is_empty() {
            self.tell();
        }
        self.run.conclude(ended, &mut self.record);
        self.note();
        let verdicts = self.run.verdicts().iter();
        let promised = verdicts.map(|status| !matches!(status, Status::NotPromised { .. })).collect();
        Played { steps: self.steps(), first: self.first, ended, promised }
    }

    fn steps(&self) -> u64 {
        u64::from(self.run.kernel().records())
    }

    /// With `SPLITBRAIN_SHOW=SEED` when the tests are built, tells what happens in that seed.
    fn show(&self, step: Step) {
        if option_env!("SPLITBRAIN_SHOW").is_some_and(|seed| seed.parse() == Ok(self.setup.seed)) {
            let Record { number, time, node, facts, verdicts, message, .. } = &self.record;
            let kind =
                message.map(|message| (self.sweep.lab.kinds[usize::from(message.kind)].id, message.from));
            let facts: Vec<_> = facts
                .iter()
                .map(|fact| (self.sweep.lab.facts[usize::from(fact.fact)].id, fact.number))
                .collect();
            std::println!("{number} {time} {step:?} {node:?} {kind:?} {facts:?} {verdicts:?}");
        }
    }

    /// What a run looks like that never came to rest.
    fn tell(&self) {
        let mut frame = Frame::default();
        self.run.frame(&mut frame);
        std::println!(
            "seed {}, {:?}, {} calls open",
            self.setup.seed,
            self.setup.knobs,
            self.run.kernel().open()
        );
        for node in &frame.nodes {
            std::println!(
                "  {} {:?}: {}, {}, {}, {:?}",
                node.name,
                node.life,
                node.role,
                node.note,
                node.sub,
                node.widgets
            );
        }
    }

    fn apply(&mut self, step: Step) {
        self.run.apply(step, &mut self.record);
        self.show(step);
        self.note();
    }

    fn note(&mut self) {
        if self.first.is_some() {
            return;
        }
        let bad = self.record.verdicts.iter().find(|turned| matches!(turned.to, Turn::Violated | Turn::Late));
        let Some(place) = bad.map(|turned| usize::from(turned.property)) else { return };
        if let (Some(Status::Violated(why) | Status::Late(why)), Some(property)) =
            (self.run.verdicts().get(place), self.run.info().properties.get(place))
        {
            self.first = Some((property.id, String::from(&*why.words)));
        }
    }

    /// Takes every step that is due before a time; stops early where the run is quiet, if nothing comes from outside any more.
    fn go_on(&mut self, until: Time, rests: bool) {
        while let Some((_, step)) = self.run.due().filter(|(due, _)| *due <= until) {
            if self.first.is_some() {
                break;
            }
            if rests && self.run.quiet() {
                break;
            }
            self.apply(step);
            self.strike_where_it_is_hot(until);
            if let Some(limit) = self.run.limit() {
                panic!("seed {} at {}: {}", self.setup.seed, self.run.kernel().now(), limit.words());
            }
        }
    }
}

/// What is drawn at this instant has room: a stage that cuts a text says something else than the lab.
fn fits(run: &dyn Run) {
    let mut frame = Frame::default();
    run.frame(&mut frame);
    assert!(run.info().charts || run.chart().is_empty(), "{} charts, and does not say so", run.info().id);
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
