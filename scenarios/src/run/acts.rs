//! What a cue does, as steps of the run.

use splitbrain_core::lab::{Args, Run};
use splitbrain_core::simulation::{Fault, Step};
use splitbrain_core::unit::{Dice, NodeId, Purpose, Span, Time};
use splitbrain_core::view::Life;

use super::director::{Director, Ending};
use super::occurrence::is;
use crate::limit;
use crate::plan::{Act, Cue, LifeVerb, Links, Pick, Who};

/// Nodes of a line, in the order in which it names them.
struct Named<'a> {
    run: &'a dyn Run,
    nodes: Vec<NodeId>,
}

impl Director {
    /// Turns a cue into steps, or says why it cannot happen.
    pub(super) fn act(&mut self, cue: &Cue, run: &dyn Run) -> Result<(), String> {
        let mut named = Named { run, nodes: Vec::new() };
        let named = &mut named;
        match &cue.act {
            Act::Life(verb, who, span) => self.live(*verb, who, *span, named)?,
            Act::Message(verb, Pick::Next, pattern) => self.next.push((cue.line, *verb, *pattern)),
            Act::Message(verb, Pick::Nth(nth), pattern) => self.message(*verb, *nth, pattern, run)?,
            Act::Jump(who, micros) => self.clocks(*who, named, |node| Fault::Jump(node, *micros))?,
            Act::Drift(who, drift) => self.clocks(*who, named, |node| Fault::Drift(node, *drift))?,
            Act::Uncertainty(who, span) => {
                self.clocks(*who, named, |node| Fault::Uncertainty(node, *span))?;
            }
            Act::Disk(who, low, high) => self.clocks(*who, named, |node| Fault::Disk(node, *low, *high))?,
            Act::Request(who, request, values) => {
                let of = run.info().requests[usize::from(*request)].of;
                for node in self.each(*who, named)? {
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
                for node in self.each(*who, named)? {
                    self.fire(*timer, node, run)?;
                }
            }
            Act::Manual => self.manual = true,
            Act::Automatic => self.manual = false,
            Act::Say(_) | Act::Ask(_) | Act::Break => {}
            links => self.network(links, named)?,
        }
        Ok(())
    }

    /// Nodes go down, come back, stand still, go on.
    fn live(
        &mut self,
        verb: LifeVerb,
        who: &[Who],
        span: Option<Span>,
        named: &mut Named<'_>,
    ) -> Result<(), String> {
        let kernel = named.run.kernel();
        let nodes = self.all(who, named)?;
        let can = |node: &NodeId| match (verb, kernel.life(*node)) {
            (LifeVerb::Crash, _) | (_, Life::Up) => true,
            (LifeVerb::Restart, life) => life == Life::Crashed,
            (_, life) => life != Life::Crashed,
        };
        // Whoever is named has to take part; of a set, those that can.
        let named_one = |who: &Who| if let Who::Node(node) = who { Some(*node) } else { None };
        let barred = who.iter().filter_map(named_one).find(|node| !can(node));
        if let Some(node) = barred.or_else(|| nodes.first().copied().filter(|_| !nodes.iter().any(can))) {
            let name = named.run.roster().name(node);
            return Err(match verb {
                LifeVerb::Restart => {
                    format!("{name} stands still, but it is not down: `resume` lets it go on")
                }
                LifeVerb::Resume => format!("{name} is down: `restart` brings it back"),
                _ => format!("{name} is down, so it cannot stand still"),
            });
        }
        for node in nodes.into_iter().filter(can) {
            let begin = match verb {
                LifeVerb::Crash => Step::Crash(node),
                LifeVerb::Pause => Step::Pause(node),
                LifeVerb::Suspend => Step::Suspend(node),
                LifeVerb::Restart => Step::Restart(node),
                LifeVerb::Resume => Step::Resume(node),
            };
            // What a line ends by name does not end a second time by itself; a crash ends a pause.
            let stands = |lasting: &Step| [Step::Pause(node), Step::Suspend(node)].contains(lasting);
            match verb {
                LifeVerb::Crash | LifeVerb::Resume => self.ends.retain(|(_, lasting)| !stands(lasting)),
                LifeVerb::Restart => self.ends.retain(|(_, lasting)| *lasting != Step::Crash(node)),
                LifeVerb::Pause | LifeVerb::Suspend => {}
            }
            // The clock of a suspended node stands still until the suspension is over, paused or not.
            if verb != LifeVerb::Pause || kernel.life(node) != Life::Suspended {
                self.queue.push_back(begin);
            }
            if span.is_some() || stands(&begin) {
                self.end(span.map_or(Time::NEVER, |span| kernel.now() + span), begin);
            }
        }
        Ok(())
    }

    /// Partitions, cuts, and links that behave differently.
    fn network(&mut self, act: &Act, named: &mut Named<'_>) -> Result<(), String> {
        let run = named.run;
        match act {
            Act::Partition(groups, span) => {
                let mut apart: Vec<Vec<NodeId>> = Vec::new();
                for group in groups {
                    let group = self.all(group, named)?;
                    let elsewhere = |node: &&NodeId| apart.iter().any(|other| other.contains(node));
                    if let Some(twice) = group.iter().find(elsewhere) {
                        let name = run.roster().name(*twice);
                        return Err(format!("{name} is in two groups of the partition"));
                    }
                    apart.push(group);
                }
                self.fault(run, Fault::Partition(apart), *span);
            }
            Act::Isolate(who, span) => {
                let inside = self.all(who, named)?;
                let outside = run.roster().iter().map(|(node, _)| node).filter(|node| !inside.contains(node));
                let both = |out| inside.iter().flat_map(move |node| [(*node, out), (out, *node)]);
                let pairs: Vec<_> = outside.flat_map(both).collect();
                if pairs.is_empty() {
                    return Err("no node is left that they could be cut off from".to_owned());
                }
                self.fault(run, Fault::Cut(pairs), *span);
            }
            Act::Cut(links, span) => {
                let pairs = self.pairs(links, named)?;
                self.fault(run, Fault::Cut(pairs), *span);
            }
            Act::Heal => self.fault(run, Fault::Heal, None),
            Act::HealBetween(one, other) => {
                for one in self.each(*one, named)? {
                    for other in self.each(*other, named)? {
                        self.fault(run, Fault::HealBetween(one, other), None);
                    }
                }
            }
            Act::Links(change, links, span) => {
                let links = self.pairs(links, named)?;
                self.fault(run, Fault::Link { links, change: *change }, *span);
            }
            _ => {}
        }
        Ok(())
    }

    /// A fault begins, and ends by itself where it lasts for a time.
    fn fault(&mut self, run: &dyn Run, fault: Fault, span: Option<Span>) {
        self.faults += 1;
        let met = if self.faults > splitbrain_core::limit::FAULTS {
            Some(format!("there were more than {} faults", splitbrain_core::limit::FAULTS))
        } else if fault.lasts() && run.kernel().faults().len() + self.queue.len() >= limit::FAULTS_AT_ONCE {
            Some(format!("more than {} faults were in force at once", limit::FAULTS_AT_ONCE))
        } else {
            None
        };
        if let Some(words) = met {
            self.ending = Some(Ending::Limit(words));
            return;
        }
        let id = run.admit_fault(fault);
        self.queue.push_back(Step::Fault(id));
        if let Some(span) = span {
            self.end(run.kernel().now() + span, Step::Fault(id));
        }
    }

    /// What a step begins lasts until this time.
    fn end(&mut self, time: Time, begun: Step) {
        if time < Time::NEVER || !self.ends.contains(&(time, begun)) {
            let place = self.ends.partition_point(|(other, _)| *other <= time);
            self.ends.insert(place, (time, begun));
        }
    }

    fn clocks(
        &mut self,
        who: Who,
        named: &mut Named<'_>,
        fault: impl Fn(NodeId) -> Fault,
    ) -> Result<(), String> {
        for node in self.each(who, named)? {
            self.fault(named.run, fault(node), None);
        }
        Ok(())
    }

    /// The links that a line names; none where it names none, which means every link.
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
        // A line that names links and finds none must not mean every link.
        if pairs.is_empty() && !links.is_empty() {
            return Err("there is no such link just now".to_owned());
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
        if nodes.is_empty() { Err("there is no such node just now".to_owned()) } else { Ok(nodes) }
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
