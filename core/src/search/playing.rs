//! A running lab as a space: what could be next by itself, requests, and faults as far as a budget goes.

mod alike;
mod moves;

use alloc::boxed::Box;
use alloc::vec::Vec;

use super::{Foreseen, Space};
use crate::lab::{Args, Earlier, LabInfo, Limit, Pile, Refusal, Roster, Run, Running, Setup};
use crate::simulation::{Fault, Latency, Pending, Step, Timing};
use crate::trace::Record;
use crate::unit::{Digest, FaultId, NodeId, OpId, Ratio, Span, Time, digest_of, mix};

/// What may go wrong on one way through the space, how often at most.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub struct Budget {
    /// Nodes that crash. Each may come back at any time after.
    pub crashes: u32,
    /// Messages that are lost.
    pub losses: u32,
    /// Messages that arrive twice.
    pub repeats: u32,
    /// Nodes that stand still. Each may go on at any time after. Where timing is asynchronous this shows nothing new: any step may wait
    /// for any time as it is.
    pub pauses: u32,
    /// Partitions that keep one node apart from all others, one at a time. Each may heal at any time after.
    pub partitions: u32,
    /// Timers that fire although they were not due at once.
    pub timeouts: u32,
}

/// One step, and when it is taken.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Move {
    /// What happens.
    pub step: Step,
    /// When. Where timing is asynchronous time stands still.
    pub at: Time,
}

/// A running lab that is searched.
///
/// *Asynchronous*, any step may be next, and time stands still: what clocks read is the same in every state, so digests hold no
/// times, and a timer may fire however long it was set for. What is found has to be [replayed](Self::replay) in a run in which
/// time goes on, before it is believed.
///
/// *Bounded*, every message takes as long as the latency of its link allows, every timer fires when it is due, and every step
/// happens at the first or the last moment at which it may. Moments between are left out, and states at different times differ.
pub struct Playing {
    /// The run before the first step.
    first: Box<Running>,
    bounded: bool,
    /// By how much a message may be later than the earliest, for each link; none where timing is asynchronous.
    slack: Vec<Span>,
    requests: Vec<(NodeId, OpId)>,
    /// Nodes that the set-up or a request names: each is what no other one is.
    named: Vec<NodeId>,
    /// Nodes that count as alike; none unless somebody wants it so.
    alike: Vec<NodeId>,
    /// For each node the partition that keeps it apart; none where no partition may come.
    partitions: Vec<FaultId>,
    run: Box<Running>,
    /// What the steps so far have changed.
    earlier: Pile<Earlier>,
    left: Vec<Left>,
    /// Facts that happened in the last step, a bit for each.
    facts: u64,
    /// Whether the last step was silent.
    silent: bool,
    record: Record,
    pending: Vec<Pending>,
    spent: bool,
    drew: bool,
    limit: Option<Limit>,
}

/// What is left of the budget and of the requests.
#[derive(Clone, Copy, Debug)]
struct Left {
    budget: Budget,
    asked: u32,
    /// Of both.
    digest: u64,
}

impl Left {
    fn new(budget: Budget, asked: u32) -> Self {
        Self { budget, asked, digest: digest_of(&(budget, asked)) }
    }
}

impl core::fmt::Debug for Playing {
    fn fmt(&self, out: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        out.debug_struct("Playing").field("left", &self.left).finish_non_exhaustive()
    }
}

impl Playing {
    /// A lab to be searched, as it is set up, with these requests: they come in this order, each at any moment. What chance
    /// would lose or double is left to the budget. Timing is bounded or asynchronous; one that is partial counts as
    /// asynchronous.
    ///
    /// # Errors
    /// Where the lab refuses the set-up or a request, or where timing is bounded and the latency of a link is not.
    pub fn new(setup: &Setup, requests: &[Args], budget: Budget) -> Result<Self, Refusal> {
        let mut setup = setup.clone();
        let bounded = setup.timing == Timing::Bounded;
        if !bounded {
            setup.timing = Timing::Async;
        }
        let nodes = setup.roster.len();
        let mut slack = alloc::vec![Span::ZERO; nodes * nodes];
        let general = calm(&mut setup.network, bounded)?;
        slack.fill(general);
        for (from, to, link) in &mut setup.links {
            let own = calm(link, bounded)?;
            if let Some(slack) = slack.get_mut(from.index() * nodes + to.index()) {
                *slack = own;
            }
        }
        for node in 0..nodes {
            // What a node sends to itself passes no network.
            slack[node * nodes + node] = Span::ZERO;
        }
        let named = alike::named(&setup, requests);
        let first = Running::open(&setup)?;
        let admit = |args: &Args| Ok((args.node, first.admit(args)?));
        let requests = requests.iter().map(admit).collect::<Result<_, Refusal>>()?;
        let all = || (0..nodes as u8).map(NodeId);
        let alone = |node| {
            let others = all().filter(|other| *other != node).collect();
            first.admit_fault(Fault::Partition(alloc::vec![alloc::vec![node], others]))
        };
        let partitions = if budget.partitions > 0 { all().map(alone).collect() } else { Vec::new() };
        let mut run = first.clone();
        if !bounded {
            run.recall_calls();
        }
        Ok(Self {
            run,
            earlier: Pile::default(),
            drew: first.world().has_drawn(),
            first,
            bounded,
            slack,
            requests,
            named,
            alike: Vec::new(),
            partitions,
            left: alloc::vec![Left::new(budget, 0)],
            facts: 0,
            silent: false,
            record: Record::default(),
            pending: Vec::new(),
            spent: false,
            limit: None,
        })
    }

    /// Whether the lab promises something that must never happen only while time and clocks keep their bounds: then it should be
    /// searched so.
    #[must_use]
    pub fn needs_bounds(setup: &Setup) -> bool {
        crate::lab::needs_bounds(setup)
    }

    /// What the lab says of itself.
    #[must_use]
    pub fn info(&self) -> &'static LabInfo {
        self.first.info()
    }

    /// The nodes by name.
    #[must_use]
    pub fn roster(&self) -> &Roster {
        self.first.as_run().roster()
    }

    /// Whether timing is bounded.
    #[must_use]
    pub const fn is_bounded(&self) -> bool {
        self.bounded
    }

    /// Whether a timer was left that could have fired, because no time-outs were left.
    #[must_use]
    pub const fn left_out_timeouts(&self) -> bool {
        self.spent
    }

    /// Whether a node drew from its stream of chance: then only what this seed draws was looked at.
    #[must_use]
    pub const fn drew(&self) -> bool {
        self.drew
    }

    /// A limit of runs that was met. Behind it nothing was looked at.
    #[must_use]
    pub const fn limit(&self) -> Option<Limit> {
        self.limit
    }

    /// Plays the steps of a finding from the start, as a run in which time goes on, and tells of every record. The place of
    /// the property that is violated then, if one is.
    pub fn replay(&self, moves: &[Move], mut tell: impl FnMut(&dyn Run, &Record)) -> Option<u8> {
        let mut run = Running::clone(&self.first);
        let mut record = Record::default();
        for Move { step, at } in moves {
            if self.bounded {
                run.explore(*step, *at, &mut record);
            } else {
                run.apply(*step, &mut record);
            }
            tell(&run, &record);
        }
        run.violated()
    }

    /// What is left after a step.
    fn left_after(&self, step: Step) -> Left {
        let left = self.now_left();
        let (mut budget, mut asked) = (left.budget, left.asked);
        let Budget { crashes, losses, repeats, pauses, partitions, timeouts } = &mut budget;
        let spent = match step {
            Step::Crash(_) => Some(crashes),
            Step::Lose(_) => Some(losses),
            Step::Repeat(_) => Some(repeats),
            Step::Pause(_) => Some(pauses),
            Step::Fault(_) => Some(partitions),
            Step::Fire(id) if self.run.world().is_ahead(id) => Some(timeouts),
            _ => None,
        };
        let is_spent = spent.is_some();
        if let Some(spent) = spent {
            *spent = spent.saturating_sub(1);
        }
        let asks = matches!(step, Step::Request(..));
        asked += u32::from(asks);
        if is_spent || asks { Left::new(budget, asked) } else { left }
    }

    fn now_left(&self) -> Left {
        self.left.last().copied().unwrap_or_else(|| Left::new(Budget::default(), 0))
    }
}

/// Takes chance out of a link. By how much a message may be later than the earliest.
fn calm(link: &mut crate::simulation::LinkSetting, bounded: bool) -> Result<Span, Refusal> {
    link.loss = Ratio::ZERO;
    link.duplicate = Ratio::ZERO;
    if !bounded {
        // Whatever it is, time stands still.
        link.latency = Latency::Uniform(Span::ZERO, Span::ZERO);
        return Ok(Span::ZERO);
    }
    let Latency::Uniform(low, high) = link.latency else {
        return Err(Refusal::new("latency", "a search within bounds needs a latency that has bounds")
            .help("`network latency 5ms..20ms`, say; or search any order"));
    };
    link.latency = Latency::Uniform(low, low);
    Ok(Span(high.0.saturating_sub(low.0)))
}

impl Space for Playing {
    type Step = Move;

    fn steps(&mut self, out: &mut Vec<Move>) {
        if let Some(limit) = self.run.as_run().limit() {
            self.limit = Some(limit);
        } else if self.bounded {
            self.steps_in_time(out);
        } else {
            self.steps_at_once(out);
        }
    }

    fn take(&mut self, step: Move) {
        self.left.push(self.left_after(step.step));
        self.silent = !self.run.try_out(step.step, step.at, &mut self.record, &mut self.earlier);
        self.drew = self.drew || self.run.world().has_drawn();
        self.facts = self.record.facts_by_bits();
    }

    fn foresee(&mut self, step: Move) -> Option<Foreseen> {
        if self.bounded || !self.alike.is_empty() {
            return None;
        }
        let foreseen = self.run.foresee(step.step)?;
        self.drew |= foreseen.drew;
        let digest = Digest(mix(foreseen.key, self.left_after(step.step).digest));
        Some(Foreseen { digest, reached: foreseen.facts })
    }

    fn undo(&mut self) {
        if self.left.len() > 1 {
            self.left.pop();
            self.run.put_back(&mut self.earlier);
        }
    }

    fn digest(&self) -> Digest {
        let key = if self.alike.is_empty() {
            self.run.world().key(self.bounded)
        } else {
            self.run.key_of_alike(&self.alike)
        };
        Digest(mix(key, self.now_left().digest))
    }

    fn broken(&self) -> Option<u8> {
        self.run.violated()
    }

    fn reached(&self) -> u64 {
        self.facts
    }

    fn apart(&self, step: Move) -> Option<u32> {
        // Where time goes on, every step is before or after every other.
        let node = if self.bounded { None } else { self.run.world().apart(step.step) };
        node.map(|node| u32::from(node.0))
    }

    fn was_silent(&self) -> bool {
        self.silent
    }

    fn may_rest(&self) -> bool {
        let kernel = self.run.world();
        kernel.open() == 0 || kernel.has_timers() || self.limit.is_some()
    }
}
