//! Links: how long a message takes, whether it arrives, and how often.

mod latency;
#[cfg(feature = "search")]
mod undo;

use alloc::collections::VecDeque;
use alloc::rc::Rc;
use alloc::vec::Vec;

pub use latency::Latency;
#[cfg(feature = "search")]
pub(super) use undo::{Passed, Wires};

#[cfg(feature = "search")]
use crate::kit::Journal;
use crate::kit::Sorted;
use crate::unit::{Dice, NodeId, Purpose, Ratio, Span, Time};

/// Delays as given, or any order of steps.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub enum Timing {
    /// Messages and timers come when they are due.
    #[default]
    Bounded,
    /// Any enabled step may be next: the seed draws, and time becomes the later of now and its due time.
    Async,
    /// Asynchronous until this time, bounded after it (Dwork, Lynch & Stockmeyer 1988: an unknown time of stabilisation).
    Partial(Time),
}

/// What carries messages.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub enum Transport {
    /// Each message for itself: may be lost, doubled, and overtaken where the link reorders.
    #[default]
    Datagram,
    /// Like TCP: first in first out, loss hidden by sending again, duplicates hidden, delays not.
    Stream,
}

/// How a link behaves.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct LinkSetting {
    /// How long messages take.
    pub latency: Latency,
    /// How many are lost.
    pub loss: Ratio,
    /// How many arrive twice.
    pub duplicate: Ratio,
    /// Whether a later message may overtake an earlier one.
    pub reorder: bool,
    /// What carries them.
    pub transport: Transport,
    /// Bits a second; 0 for as many as come.
    pub bandwidth: u64,
    /// Messages that may wait for their turn on a link of limited bandwidth; more are dropped.
    pub queue: u32,
}

impl Default for LinkSetting {
    /// 5 to 20 ms, nothing lost, nothing doubled, in order.
    fn default() -> Self {
        Self {
            latency: Latency::Uniform(Span::millis(5), Span::millis(20)),
            loss: Ratio::ZERO,
            duplicate: Ratio::ZERO,
            reorder: false,
            transport: Transport::Datagram,
            bandwidth: 0,
            queue: u32::MAX,
        }
    }
}

impl LinkSetting {
    fn leaves_nothing_to_chance(&self) -> bool {
        let same = matches!(self.latency, Latency::Uniform(low, high) if low == high);
        same && self.loss == Ratio::ZERO && self.duplicate == Ratio::ZERO
    }
}

/// What a fault changes about a link; the rest stays.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct LinkChange {
    /// Another latency.
    pub latency: Option<Latency>,
    /// Another loss.
    pub loss: Option<Ratio>,
    /// Another rate of duplicates.
    pub duplicate: Option<Ratio>,
    /// Another rule of order.
    pub reorder: Option<bool>,
}

impl LinkChange {
    /// No change.
    pub const NONE: Self = Self { latency: None, loss: None, duplicate: None, reorder: None };
}

/// Retransmission of a stream: the first time-out (RFC 6298 §2 has 1 s; systems in a data centre use 200 ms), doubled each time.
const RETRANSMIT: Span = Span::millis(200);
/// A stream sends the same segment at most so often; the last one arrives.
const ATTEMPTS: u32 = 8;

/// What the network does with one message.
pub(super) struct Passage {
    /// When it arrives.
    pub(super) due: Time,
    pub(super) fate: Passing,
    /// It stands behind another one of its stream that is kept.
    pub(super) behind: bool,
    /// When a second copy arrives.
    pub(super) twin: Option<Time>,
}

pub(super) enum Passing {
    Arrives,
    Lost,
    Dropped,
    Stalled,
}

/// A link as it is just now: the setting with all faults in force.
#[derive(Clone, Copy, Debug)]
pub(super) struct Link {
    pub(super) setting: LinkSetting,
    pub(super) cut: bool,
}

/// What a link remembers of the messages so far.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Traffic {
    /// How many were sent: names the stream of chance of the next one.
    count: u32,
    /// When the latest of them arrives.
    last: Time,
    /// How many of them are kept from arriving.
    kept: u32,
}

/// Of links of limited bandwidth: when those messages leave that have not left yet, in order.
type Lines = Sorted<(NodeId, NodeId), VecDeque<Time>>;

impl Link {
    /// Sends one message of `bits` through this link.
    pub(super) fn pass(
        &self,
        traffic: &mut Traffic,
        lines: &mut Lines,
        seed: u64,
        ends: (NodeId, NodeId),
        now: Time,
        bits: u32,
    ) -> Passage {
        let LinkSetting { latency, loss, duplicate, reorder, transport, bandwidth, queue } = &self.setting;
        let who = u64::from(ends.0.0) << 8 | u64::from(ends.1.0);
        let nth = u64::from(traffic.count);
        let certain = self.setting.leaves_nothing_to_chance();
        let mut dice = if certain { Dice::idle() } else { Dice::new(seed, Purpose::Link, who, nth) };
        traffic.count += 1;
        let stream = *transport == Transport::Stream;
        let mut leaves = now;
        if *bandwidth > 0 {
            let line = lines.or_default(ends);
            let Some(enters) = enters(line, now, *queue, stream) else {
                let due = now + latency.draw(&mut dice);
                return Passage { due, fate: Passing::Dropped, behind: false, twin: None };
            };
            let turn = Span((u64::from(bits) * 1_000_000).div_ceil(*bandwidth).max(1));
            leaves = line.back().copied().unwrap_or_default().max(enters) + turn;
            line.push_back(leaves);
        }
        let mut lost = dice.hit(*loss);
        let mut due = leaves + latency.draw(&mut dice);
        if stream && !self.cut {
            let mut again = RETRANSMIT;
            for _ in 1..ATTEMPTS {
                if !lost {
                    break;
                }
                due += again;
                again = again.times(2);
                lost = dice.hit(*loss);
            }
            lost = false;
        }
        if (stream || !reorder) && !lost && !self.cut {
            due = due.max(traffic.last);
            traffic.last = due;
        }
        let fate = match (self.cut, stream) {
            (true, true) => Passing::Stalled,
            (true, false) => Passing::Lost,
            (false, _) if lost => Passing::Lost,
            (false, _) => Passing::Arrives,
        };
        let twin = (matches!(fate, Passing::Arrives) && !stream && dice.hit(*duplicate))
            .then(|| (leaves + latency.draw(&mut dice)).max(if *reorder { now } else { due }));
        if let Some(twin) = twin.filter(|_| !reorder) {
            traffic.last = twin;
        }
        Passage { due, fate, behind: stream && traffic.kept > 0, twin }
    }

    /// When a stream's message arrives that is sent again now.
    pub(super) fn resend(&self, traffic: &mut Traffic, seed: u64, ends: (NodeId, NodeId), now: Time) -> Time {
        let who = u64::from(ends.0.0) << 8 | u64::from(ends.1.0);
        let mut dice = Dice::new(seed, Purpose::Link, who, u64::from(traffic.count));
        traffic.count += 1;
        now + RETRANSMIT + self.setting.latency.draw(&mut dice)
    }
}

/// When a message takes its place in the queue; nothing where that is full and the message is dropped. A stream takes a
/// full queue for a loss and sends again, the last time in any case.
fn enters(line: &mut VecDeque<Time>, now: Time, queue: u32, stream: bool) -> Option<Time> {
    while line.front().is_some_and(|leaves| *leaves <= now) {
        line.pop_front();
    }
    // The first that has not left is on the wire, and does not count.
    let fits = |at: Time| line.len() - line.partition_point(|leaves| *leaves <= at) <= queue as usize;
    if !stream {
        return fits(now).then_some(now);
    }
    let (mut at, mut again) = (now, RETRANSMIT);
    for _ in 1..ATTEMPTS {
        if fits(at) {
            break;
        }
        at += again;
        again = again.times(2);
    }
    Some(at)
}

/// All links of a run, one way each.
#[derive(Clone, Debug)]
pub(super) struct Network {
    nodes: usize,
    /// As set up.
    base: Rc<Vec<LinkSetting>>,
    /// With the faults in force.
    links: Rc<Vec<Link>>,
    traffic: Vec<Traffic>,
    /// What `traffic` was before, by link.
    #[cfg(feature = "search")]
    changes: Journal<(usize, Traffic)>,
    lines: Lines,
}

impl Network {
    pub(super) fn new(nodes: usize, default: LinkSetting, special: &[(NodeId, NodeId, LinkSetting)]) -> Self {
        let mut base = alloc::vec![default; nodes * nodes];
        for (from, to, setting) in special.iter().filter(|(from, to, _)| from.index().max(to.index()) < nodes)
        {
            base[from.index() * nodes + to.index()] = *setting;
        }
        let links = base.iter().map(|setting| Link { setting: *setting, cut: false }).collect();
        Self {
            nodes,
            base: base.into(),
            links: Rc::new(links),
            traffic: alloc::vec![Traffic::default(); nodes * nodes],
            #[cfg(feature = "search")]
            changes: Journal::new(),
            lines: Lines::new(),
        }
    }

    pub(super) fn link(&self, from: NodeId, to: NodeId) -> &Link {
        &self.links[from.index() * self.nodes + to.index()]
    }

    pub(super) fn is_stream(&self, from: NodeId, to: NodeId) -> bool {
        self.link(from, to).setting.transport == Transport::Stream && from != to
    }

    /// Whether whatever is sent on a link flies, once, and how long it takes is no matter of chance.
    #[cfg(feature = "search")]
    pub(super) fn is_certain(&self, from: NodeId, to: NodeId) -> bool {
        let Link { setting, cut } = self.link(from, to);
        !cut && setting.bandwidth == 0 && setting.leaves_nothing_to_chance()
    }

    pub(super) fn pass(&mut self, seed: u64, from: NodeId, to: NodeId, now: Time, bits: u32) -> Passage {
        let place = self.take_down(from, to);
        self.links[place].pass(&mut self.traffic[place], &mut self.lines, seed, (from, to), now, bits)
    }

    pub(super) fn resend(&mut self, seed: u64, from: NodeId, to: NodeId, now: Time) -> Time {
        let place = self.take_down(from, to);
        self.links[place].resend(&mut self.traffic[place], seed, (from, to), now)
    }

    /// Takes down the traffic of a link, which is about to change. Where it is.
    fn take_down(&mut self, from: NodeId, to: NodeId) -> usize {
        let place = from.index() * self.nodes + to.index();
        #[cfg(feature = "search")]
        self.changes.note(|| (place, self.traffic[place]));
        place
    }

    /// How many messages of a link are kept from arriving.
    pub(super) fn kept(&mut self, from: NodeId, to: NodeId) -> &mut u32 {
        let place = self.take_down(from, to);
        &mut self.traffic[place].kept
    }

    /// What comes later on a stream arrives no earlier than this.
    pub(super) fn not_before(&mut self, from: NodeId, to: NodeId, due: Time) {
        let place = self.take_down(from, to);
        let traffic = &mut self.traffic[place];
        traffic.last = traffic.last.max(due);
    }

    /// Computes every link anew from the set-up and the faults in force, in the order in which they began.
    pub(super) fn renew<'a>(&mut self, faults: impl Iterator<Item = &'a super::Fault>) {
        use super::Fault;
        let nodes = self.nodes;
        let mut links: Vec<Link> =
            self.base.iter().map(|setting| Link { setting: *setting, cut: false }).collect();
        let mut group = alloc::vec![usize::MAX; nodes];
        for fault in faults {
            match fault {
                Fault::Partition(groups) => {
                    for (number, members) in groups.iter().enumerate() {
                        members.iter().for_each(|node| group[node.index()] = number);
                    }
                    for from in 0..nodes {
                        for to in 0..nodes {
                            let apart = group[from] != group[to]
                                && group[from] != usize::MAX
                                && group[to] != usize::MAX;
                            links[from * nodes + to].cut |= apart;
                        }
                    }
                }
                Fault::Cut(pairs) => {
                    pairs.iter().for_each(|(from, to)| links[from.index() * nodes + to.index()].cut = true);
                }
                Fault::Link { links: pairs, change } => {
                    let alter = |link: &mut Link| {
                        let LinkChange { latency, loss, duplicate, reorder } = *change;
                        link.setting.latency = latency.unwrap_or(link.setting.latency);
                        link.setting.loss = loss.unwrap_or(link.setting.loss);
                        link.setting.duplicate = duplicate.unwrap_or(link.setting.duplicate);
                        link.setting.reorder = reorder.unwrap_or(link.setting.reorder);
                    };
                    match pairs.as_slice() {
                        [] => links.iter_mut().for_each(alter),
                        pairs => {
                            pairs
                                .iter()
                                .for_each(|(from, to)| alter(&mut links[from.index() * nodes + to.index()]));
                        }
                    }
                }
                _ => {}
            }
        }
        self.links = Rc::new(links);
    }

    /// True where some link lets later messages overtake earlier ones.
    pub(super) fn reorders(&self) -> bool {
        self.links.iter().any(|link| link.setting.reorder && link.setting.transport == Transport::Datagram)
    }
}
