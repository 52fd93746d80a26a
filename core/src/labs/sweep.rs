//! Random faults over many seeds: the proof that a flaw breaks what it says, and that without flaws every promise is kept.

use alloc::string::String;
use alloc::vec::Vec;

use crate::lab::{Args, LabInfo, Run, Setup, Status};
use crate::simulation::{Fault, Latency, LinkChange, Step};
use crate::trace::{Record, Turn};
use crate::unit::{Dice, EnvelopeId, NodeId, Purpose, Ratio, Span, Time};

/// What a sweep does with a lab.
pub(crate) struct Sweep {
    pub(crate) lab: &'static LabInfo,
    /// Chooses sizes, knobs, clocks.
    pub(crate) vary: fn(&mut Setup, &mut Dice),
    /// Draws a request.
    pub(crate) ask: fn(&Setup, &mut Dice) -> Args,
    /// How long requests and faults come.
    pub(crate) horizon: Span,
    pub(crate) requests: u64,
    pub(crate) faults: u64,
}

/// What came of one seed.
pub(crate) struct Played {
    /// The first property violated or late, and in what words.
    pub(crate) first: Option<(&'static str, String)>,
    pub(crate) ended: bool,
}

/// How many seeds a sweep takes: 10,000, unless `SPLITBRAIN_SEEDS` said otherwise when the tests were built.
pub(crate) fn seeds() -> u64 {
    option_env!("SPLITBRAIN_SEEDS").and_then(|seeds| seeds.parse().ok()).unwrap_or(10_000)
}

impl Sweep {
    /// Plays all seeds without a flaw and panics at the first broken promise.
    pub(crate) fn keeps_every_promise(&self) {
        for seed in 0..seeds() {
            let played = self.play(seed, &[]);
            assert!(played.ended, "seed {seed} never ended");
            if let Some((property, words)) = played.first {
                panic!("{}: seed {seed} broke {property}: {words}", self.lab.id);
            }
        }
    }

    /// Plays seeds with each flaw until its property is the first one violated; panics where that never happens. It stops at
    /// the first find, so it may look at more seeds than the sweep that has to find nothing.
    pub(crate) fn every_flaw_breaks_its_property_first(&self) {
        for flaw in self.lab.flaws {
            let mut others = Vec::new();
            let found = (0..10 * seeds()).find(|seed| match self.play(*seed, &[flaw.id]).first {
                Some((property, _)) if property == flaw.breaks => true,
                Some((property, _)) => {
                    others.push(property);
                    false
                }
                None => false,
            });
            assert!(found.is_some(), "{}: no seed breaks {} first, but {others:?}", flaw.id, flaw.breaks);
        }
    }

    pub(crate) fn play(&self, seed: u64, flaws: &[&'static str]) -> Played {
        let mut dice = Dice::new(seed, Purpose::Fuzz, 0, 0);
        let mut setup = Setup { seed, flaws: flaws.to_vec(), ..Setup::new(self.lab) };
        (self.vary)(&mut setup, &mut dice);
        let mut run = match (self.lab.open)(&setup) {
            Ok(run) => run,
            Err(refusal) => panic!("{}: {}", refusal.argument, refusal.message),
        };
        let mut times: Vec<(Time, bool)> = Vec::new();
        let draw = |dice: &mut Dice, sweep: &Self| Time(dice.below(sweep.horizon.0));
        times.extend((0..self.requests).map(|_| (draw(&mut dice, self), true)));
        let faults = dice.below(self.faults + 1);
        times.extend((0..faults).map(|_| (draw(&mut dice, self), false)));
        times.sort_unstable();
        let mut record = Record::default();
        let mut first = None;
        for (time, request) in times {
            // Half of the faults come close after what happened last: that is where the races are.
            if !request && dice.below(2) == 0 {
                for _ in 0..dice.below(12) {
                    if let Some((_, step)) = run.due().filter(|(due, _)| *due <= time) {
                        apply(&mut *run, step, &mut record, &mut first);
                    }
                }
            } else {
                go_on(&mut *run, time, &mut record, &mut first);
                apply(&mut *run, Step::Advance(time), &mut record, &mut first);
            }
            if request {
                let args = (self.ask)(&setup, &mut dice);
                if let Ok(op) = run.admit(&args) {
                    apply(&mut *run, Step::Request(args.node, op), &mut record, &mut first);
                }
            } else if let Some(step) = fault(&*run, &mut dice) {
                apply(&mut *run, step, &mut record, &mut first);
            }
        }
        mend(&mut *run, &mut record, &mut first);
        let end = run.kernel().now() + Span::seconds(4 * 3_600);
        go_on(&mut *run, end, &mut record, &mut first);
        let ended = run.quiet();
        run.conclude(ended, &mut record);
        note(&*run, &record, &mut first);
        Played { first, ended }
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
        assert!(run.limit().is_none(), "a limit was met");
    }
}

fn fault(run: &dyn Run, dice: &mut Dice) -> Option<Step> {
    let nodes = run.roster().len() as u64;
    // Half of the faults strike a client: what makes them matter is what it does when it comes back.
    let clients: Vec<_> = run.roster().clients().collect();
    let node = match clients.get(dice.below(2 * clients.len() as u64) as usize) {
        Some(client) => *client,
        None => NodeId(dice.below(nodes) as u8),
    };
    let message = |dice: &mut Dice| {
        let flights = run.kernel().flights();
        flights.get(dice.below(flights.len() as u64) as usize).map(|flight| flight.id)
    };
    let link = |dice: &mut Dice| (node, NodeId(dice.below(nodes) as u8));
    let admit = |fault: Fault| Some(Step::Fault(run.admit_fault(fault)));
    Some(match dice.below(20) {
        0 => Step::Crash(node),
        1 => Step::Restart(node),
        2 | 3 => Step::Pause(node),
        4 | 5 => Step::Resume(node),
        6 => Step::Lose(message(dice)?),
        7 => Step::Repeat(message(dice)?),
        8 => Step::Hold(message(dice)?),
        9 => Step::Release(held(run)?),
        10 => {
            let id = message(dice)?;
            return admit(Fault::Delay(id, dice.span(Span::millis(1), Span::seconds(30))));
        }
        11 => {
            let mut sides = [Vec::new(), Vec::new()];
            (0..nodes).for_each(|node| sides[dice.below(2) as usize].push(NodeId(node as u8)));
            return admit(Fault::Partition(sides.to_vec()));
        }
        12 => return admit(Fault::Cut(alloc::vec![link(dice)])),
        13 | 14 => return admit(Fault::Heal),
        15 => {
            let latency = Latency::Uniform(Span::millis(1), dice.span(Span::millis(1), Span::seconds(3)));
            let links = alloc::vec![link(dice)];
            return admit(Fault::Link { links, change: LinkChange::latency(latency) });
        }
        16 => {
            let change = LinkChange {
                loss: Some(Ratio::percent(30)),
                duplicate: Some(Ratio::percent(20)),
                ..LinkChange::NONE
            };
            return admit(Fault::Link { links: Vec::new(), change });
        }
        17 => return admit(Fault::Drift(node, dice.between(0, 400) as i32 - 200)),
        18 => return admit(Fault::Disk(node, Span::ZERO, dice.span(Span::ZERO, Span::millis(50)))),
        _ => {
            let (fault, _) = run.kernel().faults().first()?;
            Step::Lift(*fault)
        }
    })
}

fn held(run: &dyn Run) -> Option<EnvelopeId> {
    let flights = run.kernel().flights();
    flights.iter().find(|flight| flight.kept == crate::simulation::Kept::Held).map(|flight| flight.id)
}

/// Ends every fault.
fn mend(run: &mut dyn Run, record: &mut Record, first: &mut First) {
    while let Some(id) = held(run) {
        apply(run, Step::Release(id), record, first);
    }
    let faults: Vec<_> = run.kernel().faults().iter().map(|(id, _)| *id).collect();
    for id in faults {
        apply(run, Step::Lift(id), record, first);
    }
    for node in 0..run.roster().len() {
        apply(run, Step::Restart(NodeId(node as u8)), record, first);
        apply(run, Step::Resume(NodeId(node as u8)), record, first);
    }
}
