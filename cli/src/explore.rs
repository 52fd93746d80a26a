//! `splitbrain explore`: every order of what could happen, within bounds, each state once.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use splitbrain_core::lab::Status;
use splitbrain_core::search::{Action, Bounds, Budget, Finding, Flaw, Move, Order, Playing, TwoPhase, What};
use splitbrain_core::simulation::Timing;
use splitbrain_scenarios::{Plan, load, tell};

use crate::course::{self, Way};
use crate::explored::{Aside, Explored, Found};
use crate::labs;
use crate::space::space;
use crate::text::{Source, sentences, with_flaws};

#[derive(Args)]
pub(crate) struct Options {
    /// The scenario whose set-up and requests are explored, or - for the standard input. Its own faults are left out.
    #[arg(required_unless_present_any = ["lab", "model"], conflicts_with_all = ["lab", "model"])]
    file: Option<PathBuf>,
    /// A lab, instead of a scenario.
    #[arg(long, value_name = "ID", conflicts_with = "model")]
    lab: Option<String>,
    /// A small model whose numbers of states are published, instead of a lab.
    #[arg(long, value_name = "ID")]
    model: Option<Model>,
    /// A rule that is switched off.
    #[arg(long, value_name = "ID")]
    flaw: Vec<String>,
    /// A knob of the lab, as in `set KNOB VALUE`.
    #[arg(long, num_args = 2, value_names = ["KNOB", "VALUE"], conflicts_with_all = ["file", "model"])]
    set: Vec<String>,
    /// How many nodes there are; of `two-phase`, resource managers.
    #[arg(long, value_name = "N", conflicts_with = "file")]
    nodes: Option<u8>,
    /// How many clients there are.
    #[arg(long, value_name = "N", conflicts_with_all = ["file", "model"])]
    clients: Option<u8>,
    /// A request, as in a scenario: `c1 write x 1`. Requests come in this order, each at any moment.
    #[arg(long, value_name = "WORDS", conflicts_with_all = ["file", "model"])]
    request: Vec<String>,
    /// Nodes that crash, at most. Each may come back.
    #[arg(long, value_name = "N", default_value_t = 0)]
    crashes: u32,
    /// Messages that are lost, at most.
    #[arg(long, value_name = "N", default_value_t = 0)]
    losses: u32,
    /// Messages that arrive twice, at most.
    #[arg(long, value_name = "N", default_value_t = 0)]
    repeats: u32,
    /// Nodes that stand still, at most. Each may go on.
    #[arg(long, value_name = "N", default_value_t = 0)]
    pauses: u32,
    /// Partitions, at most: one node is kept apart from all others, until it heals.
    #[arg(long, value_name = "N", default_value_t = 0)]
    partitions: u32,
    /// Timers that fire, at most. Those that are set to fire at once do not count.
    #[arg(long, value_name = "N", default_value_t = 3)]
    timeouts: u32,
    /// Any order, or only what delays and time-outs allow; as the lab's promises need it, unless said.
    #[arg(long, value_name = "TIMING", conflicts_with = "model")]
    timing: Option<When>,
    /// Steps from the first state, at most.
    #[arg(long, value_name = "N", default_value_t = Bounds::default().depth)]
    depth: u32,
    /// States that are looked at, at most.
    #[arg(long, value_name = "N", default_value_t = 1_000_000)]
    states: u64,
    /// The states that were found first are looked at first: what is found is as short as it can be. So it is unless said.
    #[arg(long, conflicts_with = "depth_first")]
    breadth: bool,
    /// The states that were found last are looked at first: it takes less memory.
    #[arg(long)]
    depth_first: bool,
    /// How many threads look at once; as many as there are processors, if it is 0. What comes of it is the same. Not depth-first.
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u16).range(0..=256), conflicts_with = "depth_first")]
    jobs: u16,
    /// Takes steps of different nodes in every order, even where that makes no difference. It takes longer, and finds the same.
    #[arg(long)]
    every_order: bool,
    /// States that differ only in which of several alike nodes did what count as one: of models, and of labs that say which nodes are.
    #[arg(long)]
    symmetric: bool,
    /// For programs: a report in JSON.
    #[arg(long)]
    json: bool,
    /// Where the report is written, instead of the standard output.
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

#[derive(Clone, Copy, ValueEnum)]
enum Model {
    /// Two-phase commit: Gray & Lamport 2006, as in `TwoPhase.tla`.
    TwoPhase,
}

#[derive(Clone, Copy, ValueEnum)]
enum When {
    /// Any step may be next.
    Async,
    /// Messages take as long as their links allow, and timers fire when they are due.
    Bounded,
}

/// Explores, and says what was found. True where no promise was broken.
pub(crate) fn explore(options: &Options) -> Result<bool, String> {
    let report = match options.model {
        Some(Model::TwoPhase) => two_phase(options)?,
        None => lab(options)?,
    };
    report.write(options.json, options.out.as_deref())?;
    Ok(report.found.is_none())
}

impl Options {
    fn order(&self) -> Order {
        if self.depth_first { Order::Depth } else { Order::Breadth }
    }

    fn way(&self) -> Way {
        let jobs = course::threads(usize::from(self.jobs));
        Way { order: self.order(), bounds: self.bounds(), reduced: !self.every_order, jobs }
    }

    fn bounds(&self) -> Bounds {
        Bounds { states: self.states, depth: self.depth }
    }

    fn budget(&self) -> Budget {
        let Self { crashes, losses, repeats, pauses, partitions, timeouts, .. } = *self;
        Budget { crashes, losses, repeats, pauses, partitions, timeouts }
    }
}

fn two_phase(options: &Options) -> Result<Explored, String> {
    let managers = options.nodes.unwrap_or(3);
    if !(1..=TwoPhase::MOST).contains(&managers) {
        return Err(format!("two-phase has 1 to {} nodes, not {managers}", TwoPhase::MOST));
    }
    let flaw = match options.flaw.as_slice() {
        [] => None,
        [flaw] if flaw == "commit-early" => Some(Flaw::CommitEarly),
        [flaw, ..] => return Err(format!("two-phase has no flaw `{flaw}`; there is commit-early")),
    };
    let space = || {
        let space = TwoPhase::new(managers, flaw);
        Ok(if options.symmetric { space.symmetric() } else { space })
    };
    let believe = |_: &TwoPhase, finding: &Finding<Action>| {
        Some(Found {
            property: matches!(finding.what, What::Broken(_)).then(|| TwoPhase::CONSISTENT.to_owned()),
            words: match finding.what {
                What::Broken(_) => "one resource manager has committed, and another has aborted".to_owned(),
                What::Deadlock => "nothing could be next".to_owned(),
            },
            steps: finding.steps.iter().map(|step| step.words()).collect(),
        })
    };
    let course = course::run(options.way(), space, believe, |_| ())?;
    let mut report = Explored::new("two-phase", &options.flaw, options.way());
    report.nodes = Some(managers);
    report.symmetric = options.symmetric;
    report.counted(&course);
    for (place, fact) in ["committed", "aborted"].into_iter().enumerate() {
        report.saw(fact, course.reached >> place & 1 == 1);
    }
    report.found = course.found;
    Ok(report)
}

/// What the options say, as a scenario.
fn text(options: &Options) -> Result<String, String> {
    if let Some(file) = &options.file {
        let source = Source::of(file);
        let text = source.read()?;
        source.check(&text).map_err(String::from)?;
        return Ok(with_flaws(text, &options.flaw));
    }
    let lab = labs::find(options.lab.as_deref().unwrap_or_default())?;
    let mut lines = vec![format!("lab {}", lab.id)];
    lines.extend(options.nodes.map(|nodes| format!("nodes {nodes}")));
    lines.extend(options.clients.map(|clients| format!("clients {clients}")));
    lines.extend(options.set.chunks(2).map(|pair| format!("set {}", pair.join(" "))));
    lines.extend(options.flaw.iter().map(|flaw| format!("flaw {flaw}")));
    lines.extend(options.request.iter().map(|request| format!("at 0ms {request}")));
    Ok(lines.join("\n") + "\n")
}

fn plan(text: &str, options: &Options) -> Result<Plan, String> {
    let loaded = load(text);
    let Some(mut plan) = loaded.plan else {
        return Err(sentences(&loaded.diagnostics));
    };
    plan.setup.timing = match options.timing {
        Some(When::Async) => Timing::Async,
        Some(When::Bounded) => Timing::Bounded,
        None if plan.setup.timing != Timing::Bounded => Timing::Async,
        None if Playing::needs_bounds(&plan.setup) => Timing::Bounded,
        None => Timing::Async,
    };
    Ok(plan)
}

fn lab(options: &Options) -> Result<Explored, String> {
    let text = text(options)?;
    let plan_of = || plan(&text, options);
    let new = || {
        let space = space(&plan_of()?, options.budget());
        let space = space.and_then(|space| if options.symmetric { space.symmetric() } else { Ok(space) });
        space.map_err(|refusal| match refusal.help {
            Some(help) => format!("{}: {help}", refusal.message),
            None => refusal.message,
        })
    };
    let plan = plan_of()?;
    // What is not confirmed hangs on clocks that stand still: no run does that.
    let course = course::run(options.way(), new, confirmed, Aside::of)?;
    let info = plan.setup.lab;
    let flaws: Vec<String> = plan.setup.flaws.iter().map(|flaw| (*flaw).to_owned()).collect();
    let mut report = Explored::new(info.id, &flaws, options.way());
    report.nodes = u8::try_from(plan.setup.roster.len()).ok();
    report.symmetric = options.symmetric;
    report.budget = Some(options.budget());
    report.counted(&course);
    report.played(Aside::sum(&course.asides), plan.setup.seed);
    for (place, fact) in info.facts.iter().enumerate().take(64) {
        if fact.kind == splitbrain_core::lab::FactKind::Event {
            report.saw(fact.id, course.reached >> place & 1 == 1);
        }
    }
    report.found = course.found;
    Ok(report)
}

/// What was found, as a run in which time goes on has it. Nothing where that run breaks no promise.
fn confirmed(space: &Playing, finding: &Finding<Move>) -> Option<Found> {
    let mut steps = Vec::new();
    let mut words = "nothing could be next, and somebody waits for an answer".to_owned();
    let broken = space.replay(&finding.steps, |run, record| {
        steps.push(format!("{:<12} {}", record.time.to_string(), tell::told(run, record)));
        for status in run.verdicts() {
            if let Status::Violated(why) = status {
                words = why.words.to_string();
            }
        }
    });
    let property = match (finding.what, broken) {
        (What::Deadlock, None) => None,
        (What::Deadlock, Some(place)) | (What::Broken(_), Some(place)) => {
            Some(space.info().properties.get(usize::from(place))?.id.to_owned())
        }
        (What::Broken(_), None) => return None,
    };
    Some(Found { property, words, steps })
}
