//! What a cue does, as steps of the run.

use splitbrain_core::lab::{Args, Run};
use splitbrain_core::simulation::{Fault, Kept, Step};
use splitbrain_core::trace::{Fate, Record};
use splitbrain_core::unit::{Dice, EnvelopeId, NodeId, Purpose, Span, Time};
use splitbrain_core::view::Life;

use super::director::{Director, Failure};
use super::occurrence::is;
use crate::plan::{Act, Cue, LifeVerb, Links, Pattern, Pick, Verb, Who};

/// Nodes of a line, in the order in which it names them.
struct Named<'a> {
    run: &'a dyn Run,
    nodes: Vec<NodeId>,
}

impl Director {
    /// Turns a cue into steps, or says why it cannot happen.
    pub(super) fn act(&mut self, cue: &Cue, run: &dyn Run) {
        if let Err(words) = self.try_act(cue, run) {
            self.failures.push(Failure { line: cue.line, words });
        }
    }

    fn try_act(&mut self, cue: &Cue, run: &dyn Run) -> Result<(), String> {
        let now = run.kernel().now();
        let mut named = Named { run, nodes: Vec::new() };
        match &cue.act {
            Act::Life(verb, who, span) => {
                for node in self.all(who, &mut named)? {
                    let (begin, end) = match verb {
                        LifeVerb::Crash => (Step::Crash(node), Step::Restart(node)),
                        LifeVerb::Pause => (Step::Pause(node), Step::Resume(node)),
                        LifeVerb::Suspend => (Step::Suspend(node), Step::Resume(node)),
                        LifeVerb::Restart => (Step::Restart(node), Step::Restart(node)),
                        LifeVerb::Resume => (Step::Resume(node), Step::Resume(node)),
                    };
                    self.queue.push_back(begin);
                    self.end(now, *span, end);
                }
            }
            Act::Partition(groups, span) => {
                let mut resolved = Vec::new();
                for group in groups {
                    resolved.push(self.all(group, &mut named)?);
                }
                self.fault(run, Fault::Partition(resolved), now, *span);
            }
            Act::Isolate(who, span) => {
                let inside = self.all(who, &mut named)?;
                let outside = run.roster().iter().map(|(node, _)| node).filter(|node| !inside.contains(node));
                let pairs =
                    outside.flat_map(|out| inside.iter().flat_map(move |node| [(*node, out), (out, *node)]));
                self.fault(run, Fault::Cut(pairs.collect()), now, *span);
            }
            Act::Cut(links, span) => {
                let pairs = self.pairs(links, &mut named)?;
                self.fault(run, Fault::Cut(pairs), now, *span);
            }
            Act::Heal => self.fault(run, Fault::Heal, now, None),
            Act::HealBetween(one, other) => {
                for one in self.each(*one, &mut named)? {
                    for other in self.each(*other, &mut named)? {
                        self.fault(run, Fault::HealBetween(one, other), now, None);
                    }
                }
            }
            Act::Message(verb, Pick::Next, pattern) => self.next.push((cue.line, *verb, *pattern)),
            Act::Message(verb, Pick::Nth(nth), pattern) => {
                let id = in_flight(run, *verb, pattern, *nth).ok_or("no such message is in flight")?;
                self.message(run, *verb, id);
            }
            Act::Links(change, links, span) => {
                let links = self.pairs(links, &mut named)?;
                self.fault(run, Fault::Link { links, change: *change }, now, *span);
            }
            Act::Jump(who, micros) => {
                self.clocks(run, *who, &mut named, |node| Fault::Jump(node, *micros))?
            }
            Act::Drift(who, drift) => {
                self.clocks(run, *who, &mut named, |node| Fault::Drift(node, *drift))?
            }
            Act::Uncertainty(who, span) => {
                self.clocks(run, *who, &mut named, |node| Fault::Uncertainty(node, *span))?;
            }
            Act::Disk(who, low, high) => {
                self.clocks(run, *who, &mut named, |node| Fault::Disk(node, *low, *high))?
            }
            Act::Request(who, request, values) => {
                let of = run.info().requests[usize::from(*request)].of;
                for node in self.each(*who, &mut named)? {
                    if !of.contains(&run.roster().member(node).group.name) {
                        continue;
                    }
                    let args = Args { request: *request, node, values: values.clone() };
                    let op = run.admit(&args).map_err(|refusal| refusal.message)?;
                    self.asked.insert(op, cue.line);
                    self.queue.push_back(Step::Request(node, op));
                }
            }
            Act::Fire(timer, who) => {
                for node in self.each(*who, &mut named)? {
                    let alarm =
                        run.kernel().alarms().find(|alarm| alarm.node == node && alarm.kind == *timer);
                    let alarm =
                        alarm.ok_or_else(|| format!("{} has not set that timer", run.roster().name(node)))?;
                    self.queue.push_back(Step::Fire(alarm.id));
                }
            }
            Act::Manual => self.manual = true,
            Act::Automatic => self.manual = false,
            Act::Say(_) | Act::Ask(_) | Act::Break => {}
        }
        Ok(())
    }

    /// A fault begins, and ends by itself where it lasts for a time.
    fn fault(&mut self, run: &dyn Run, fault: Fault, now: Time, span: Option<Span>) {
        let id = run.admit_fault(fault);
        self.queue.push_back(Step::Fault(id));
        self.end(now, span, Step::Lift(id));
    }

    fn end(&mut self, now: Time, span: Option<Span>, step: Step) {
        if let Some(span) = span {
            let time = now + span;
            let place = self.ends.partition_point(|(other, _)| *other <= time);
            self.ends.insert(place, (time, step));
        }
    }

    fn clocks(
        &mut self,
        run: &dyn Run,
        who: Who,
        named: &mut Named<'_>,
        fault: impl Fn(NodeId) -> Fault,
    ) -> Result<(), String> {
        let now = run.kernel().now();
        for node in self.each(who, named)? {
            self.fault(run, fault(node), now, None);
        }
        Ok(())
    }

    fn message(&mut self, run: &dyn Run, verb: Verb, id: EnvelopeId) {
        let step = match verb {
            Verb::Lose => Step::Lose(id),
            Verb::Hold => Step::Hold(id),
            Verb::Repeat => Step::Repeat(id),
            Verb::Release => Step::Release(id),
            Verb::Delay(by) => Step::Fault(run.admit_fault(Fault::Delay(id, by))),
            // While nothing happens by itself, a delivery moves time to where it is due.
            Verb::Deliver if self.manual => Step::Deliver(id),
            Verb::Deliver => Step::Fault(run.admit_fault(Fault::Hasten(id))),
        };
        self.queue.push_back(step);
    }

    /// Cues that wait for the next message of a kind look at what was sent.
    pub(super) fn watch_sent(&mut self, run: &dyn Run, record: &Record) {
        for sent in record.sent.iter().filter(|sent| sent.fate != Fate::Twin) {
            let fits =
                |(_, _, pattern): &(u32, Verb, Pattern)| fits(run, pattern, sent.kind, sent.from, sent.to);
            let Some(place) = self.next.iter().position(fits) else { continue };
            let (_, verb, _) = self.next.remove(place);
            if run.kernel().flight(sent.id).is_some() {
                self.message(run, verb, sent.id);
            }
        }
    }

    fn pairs(&mut self, links: &Links, named: &mut Named<'_>) -> Result<Vec<(NodeId, NodeId)>, String> {
        let mut pairs = Vec::new();
        for (from, to, both) in links {
            let from = self.each(*from, named)?;
            let to = self.each(*to, named)?;
            for (one, other) in from.iter().flat_map(|one| to.iter().map(move |other| (*one, *other))) {
                if one != other {
                    pairs.push((one, other));
                    pairs.extend(both.then_some((other, one)));
                }
            }
        }
        Ok(pairs)
    }

    fn all(&mut self, whos: &[Who], named: &mut Named<'_>) -> Result<Vec<NodeId>, String> {
        let mut nodes = Vec::new();
        for who in whos {
            for node in self.each(*who, named)? {
                if !nodes.contains(&node) {
                    nodes.push(node);
                }
            }
        }
        Ok(nodes)
    }

    /// The nodes that a word means just now.
    fn each(&mut self, who: Who, named: &mut Named<'_>) -> Result<Vec<NodeId>, String> {
        let run = named.run;
        let live = |node: &NodeId| run.kernel().life(*node) != Life::Crashed;
        let nodes: Vec<NodeId> = match who {
            Who::Leader => vec![run.leader().ok_or("nobody leads just now")?],
            Who::Followers => {
                run.roster().servers().filter(live).filter(|node| is(who, *node, run)).collect()
            }
            Who::Others => {
                let all = run.roster().iter().map(|(node, _)| node);
                all.filter(|node| !named.nodes.contains(node)).collect()
            }
            Who::Random => {
                let servers: Vec<_> = run.roster().servers().filter(live).collect();
                let mut dice = Dice::new(run.kernel().seed(), Purpose::Script, self.drawn, 0);
                self.drawn += 1;
                let drawn = servers.get(dice.below(servers.len() as u64) as usize);
                vec![*drawn.ok_or("no server is running")?]
            }
            who => run.roster().iter().map(|(node, _)| node).filter(|node| is(who, *node, run)).collect(),
        };
        named.nodes.extend(&nodes);
        Ok(nodes)
    }
}

fn fits(run: &dyn Run, pattern: &Pattern, kind: u8, from: NodeId, to: NodeId) -> bool {
    pattern.kind.is_none_or(|meant| meant == kind)
        && pattern.from.is_none_or(|who| is(who, from, run))
        && pattern.to.is_none_or(|who| is(who, to, run))
}

fn in_flight(run: &dyn Run, verb: Verb, pattern: &Pattern, nth: u32) -> Option<EnvelopeId> {
    let flights = run.kernel().flights();
    let mut fitting = flights.iter().filter(|flight| {
        fits(run, pattern, flight.kind, flight.from, flight.to)
            && (verb != Verb::Release || flight.kept == Kept::Held)
    });
    fitting.nth(nth as usize - 1).map(|flight| flight.id)
}
