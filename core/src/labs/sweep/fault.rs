//! What goes wrong in a sweep.

use alloc::vec::Vec;

use super::World;
use crate::lab::Run;
use crate::simulation::{Fault, Kept, Latency, LinkChange, Step, Transport};
use crate::unit::{Dice, EnvelopeId, NodeId, Ratio, Span};

/// Draws what goes wrong next, of what may go wrong in this world.
pub(super) fn draw(run: &dyn Run, dice: &mut Dice, world: World, whom: Option<NodeId>) -> Option<Step> {
    let nodes = run.roster().len() as u64;
    // Most strike the client that has just begun something, or another one: what makes them matter is what it does when it
    // comes back.
    let leads = run.info().leads;
    let mut clients: Vec<_> = run.roster().clients().filter(|_| !leads).collect();
    if clients.is_empty() {
        // Servers that agree on a leader, or a lab without clients, whose requests are taken by servers.
        clients.extend(run.roster().servers());
    }
    let node = match (dice.below(3), whom.or_else(|| run.leader())) {
        (0, _) => NodeId(dice.below(nodes) as u8),
        (1, Some(client)) => client,
        _ => clients[dice.below(clients.len() as u64) as usize],
    };
    let message = |dice: &mut Dice| {
        let flights = run.kernel().flights();
        flights.get(dice.below(flights.len() as u64) as usize).map(|flight| flight.id)
    };
    let link = |dice: &mut Dice| (node, NodeId(dice.below(nodes) as u8));
    let admit = |fault: Fault| Some(Step::Fault(run.admit_fault(fault)));
    Some(match dice.below(24) {
        0 => Step::Crash(node),
        // Servers that agree are made to stand crashes.
        2 | 3 if leads => Step::Crash(node),
        1 => Step::Restart(node),
        2..=4 => Step::Pause(node),
        5 => Step::Resume(node),
        6 => Step::Lose(message(dice)?),
        7 => Step::Repeat(message(dice)?),
        8 => Step::Hold(message(dice)?),
        9 => Step::Release(held(run)?),
        10 => {
            let id = message(dice)?;
            return admit(Fault::Delay(id, dice.span(Span::millis(1), Span::seconds(10))));
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
                reorder: Some(true),
                ..LinkChange::NONE
            };
            return admit(Fault::Link { links: Vec::new(), change });
        }
        17 if world == World::BadClocks => {
            return admit(Fault::Drift(node, dice.between(0, 100_000) as i32 - 50_000));
        }
        17 => return admit(Fault::Drift(node, dice.between(0, 400) as i32 - 200)),
        18 if world == World::BadClocks => Step::Suspend(node),
        18 => Step::Pause(node),
        // Wall clocks jump in every world: what does not rely on them may not notice.
        19 | 20 => {
            let drawn = dice.below(4_000_000) as i64 - 2_000_000;
            return admit(Fault::Jump(node, world.jump(run, node, drawn)));
        }
        21 => return admit(Fault::Uncertainty(node, dice.span(Span::ZERO, Span::seconds(1)))),
        22 => return admit(Fault::Disk(node, Span::ZERO, dice.span(Span::ZERO, Span::millis(50)))),
        _ => {
            let (fault, _) = run.kernel().faults().first()?;
            Step::Lift(*fault)
        }
    })
}

/// What ends a fault.
pub(super) fn end(fault: Step) -> Option<Step> {
    match fault {
        Step::Crash(node) => Some(Step::Restart(node)),
        Step::Pause(node) | Step::Suspend(node) => Some(Step::Resume(node)),
        Step::Hold(message) => Some(Step::Release(message)),
        Step::Fault(fault) => Some(Step::Lift(fault)),
        _ => None,
    }
}

fn held(run: &dyn Run) -> Option<EnvelopeId> {
    let flights = run.kernel().flights();
    flights.iter().find(|flight| flight.kept == Kept::Held).map(|flight| flight.id)
}

/// The steps that end every fault.
pub(super) fn mend(run: &dyn Run, transport: Transport) -> Vec<Step> {
    let kernel = run.kernel();
    let flights = kernel.flights();
    let held = flights.iter().filter(|flight| flight.kept == Kept::Held);
    let mut steps: Vec<_> = held.map(|flight| Step::Release(flight.id)).collect();
    // What was delayed is late no longer. On a stream the last message brings all before it.
    let later = |at: usize, link: (NodeId, NodeId)| {
        flights[at + 1..].iter().any(|other| (other.from, other.to) == link)
    };
    for (at, flight) in flights.iter().enumerate() {
        if transport == Transport::Datagram || !later(at, (flight.from, flight.to)) {
            steps.push(Step::Fault(run.admit_fault(Fault::Hasten(flight.id))));
        }
    }
    steps.extend(kernel.faults().iter().map(|(id, _)| Step::Lift(*id)));
    for node in (0..run.roster().len()).map(|node| NodeId(node as u8)) {
        steps.extend([Step::Restart(node), Step::Resume(node)]);
    }
    steps
}
