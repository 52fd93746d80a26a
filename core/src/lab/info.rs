//! What a lab says of itself: plain, constant data. Language, command line and page know labs by this alone.

use alloc::boxed::Box;

use super::{ArgInfo, Refusal, RequestInfo, Run, Setup};
use crate::judge::Model;
use crate::unit::Span;

/// A protocol made playable, described. Every list is in the order in which people should meet its entries.
#[derive(Debug)]
pub struct LabInfo {
    /// The name in scenarios and addresses: `lease`.
    pub id: &'static str,
    /// The name for people: `Leases and fencing tokens`.
    pub title: &'static str,
    /// One sentence for the catalog.
    pub gist: &'static str,
    /// The shelf of the catalog: `Time`, `Agreement`, `Replication`, ….
    pub shelf: &'static str,
    /// What it is built from.
    pub papers: &'static [Paper],
    /// What it leaves out or simplifies, a sentence each.
    pub leaves_out: &'static [&'static str],
    /// The kinds of nodes, in the order of node numbers.
    pub groups: &'static [Group],
    /// Variants that a scenario may choose: `set KNOB VALUE`.
    pub knobs: &'static [Knob],
    /// Rules that a scenario may switch off: `flaw ID`.
    pub flaws: &'static [Flaw],
    /// What clients, scripts and clicks may ask of nodes.
    pub requests: &'static [RequestInfo],
    /// The kinds of messages. [`Inspect::kind`](crate::view::Inspect::kind) of a message is its place in this list.
    pub kinds: &'static [KindInfo],
    /// The kinds of timers. [`Inspect::kind`](crate::view::Inspect::kind) of a timer is its place in this list.
    pub timers: &'static [TimerInfo],
    /// What a scenario can wait for or expect, beside what the kernel offers for every lab.
    pub facts: &'static [FactInfo],
    /// The fields that the inspector shows and `expect NODE.FIELD` reads.
    pub fields: &'static [FieldInfo],
    /// Which of the fields are worth a curve over time.
    pub curves: &'static [CurveInfo],
    /// Whether there is something to chart at every instant: [`Run::chart`](super::Run::chart).
    pub charts: bool,
    /// What must hold.
    pub properties: &'static [PropertyInfo],
    /// Whether one of the nodes leads: a scenario may then say `leader` and `followers`.
    pub leads: bool,
    /// The choice knob whose values differ in what they promise: the columns of the table of promises.
    pub mode: Option<&'static str>,
    /// What the clients' history is judged against.
    pub model: Option<Model>,
    /// Starts a run: the only place where a protocol's type is chosen.
    pub open: fn(&Setup) -> Result<Box<dyn Run>, Refusal>,
}

/// Labs are the same where their ids are.
impl PartialEq for LabInfo {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id
    }
}

impl LabInfo {
    /// The property of this id and its place.
    #[must_use]
    pub fn property(&self, id: &str) -> Option<(usize, &'static PropertyInfo)> {
        self.properties.iter().enumerate().find(|(_, property)| property.id == id)
    }

    /// The id of a kind of message, by its place.
    #[must_use]
    pub fn kind(&self, kind: u8) -> &'static str {
        self.kinds.get(usize::from(kind)).map_or("message", |kind| kind.id)
    }

    /// The knob of this id.
    #[must_use]
    pub fn knob(&self, id: &str) -> Option<&'static Knob> {
        self.knobs.iter().find(|knob| knob.id == id)
    }
}

/// A source: `Ongaro & Ousterhout, In Search of an Understandable Consensus Algorithm, 2014`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Paper {
    /// Who wrote it.
    pub authors: &'static str,
    /// What it is called.
    pub title: &'static str,
    /// When it came out.
    pub year: u16,
}

/// Nodes of one kind: the lock service, the replicas, the clients.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Group {
    /// The node's name where there is one of them (`store`), else its first letters (`n` for `n1`, `n2`, …).
    pub name: &'static str,
    /// The role in words: `lock service`, `replica`, `client`.
    pub role: &'static str,
    /// How many there are.
    pub size: Size,
}

impl LabInfo {
    /// Whether a key of this name would hide a field of a node that shows its keys.
    #[must_use]
    pub fn names_a_field(&self, key: &str) -> bool {
        let keyed = self.fields.iter().filter(|field| field.id == "KEY");
        let hidden = |id: &str| match id.strip_suffix("KEY") {
            Some(prefix) => !prefix.is_empty() && key.starts_with(prefix),
            None => id == key,
        };
        keyed
            .flat_map(|field| field.of)
            .any(|group| self.fields.iter().any(|field| field.of.contains(group) && hidden(field.id)))
    }
}

impl Group {
    /// True for the group whose members are clients: each has one operation at a time.
    #[must_use]
    pub const fn is_client(&self) -> bool {
        matches!(self.size, Size::Clients { .. })
    }
}

/// How many nodes a [`Group`] has.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Size {
    /// Exactly one, called as the group is.
    One,
    /// As many as `nodes N` says.
    Nodes {
        /// Without that statement.
        default: u8,
        /// At least.
        min: u8,
        /// At most.
        max: u8,
    },
    /// As many as `clients N` says.
    Clients {
        /// Without that statement.
        default: u8,
        /// At least.
        min: u8,
        /// At most.
        max: u8,
    },
}

/// A variant of the protocol.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Knob {
    /// The name in `set`.
    pub id: &'static str,
    /// What it takes, and what it is unless set.
    pub kind: KnobKind,
    /// One sentence.
    pub help: &'static str,
}

/// What a knob takes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum KnobKind {
    /// A length of time.
    Span {
        /// Unless set.
        default: Span,
    },
    /// A whole number.
    Number {
        /// Unless set.
        default: u32,
        /// At least.
        min: u32,
        /// At most.
        max: u32,
    },
    /// Parts per million.
    Ppm {
        /// Unless set.
        default: u32,
    },
    /// One of several words.
    Choice {
        /// The words; the first is the default.
        options: &'static [ChoiceInfo],
    },
    /// `on` or `off`.
    Switch {
        /// Unless set.
        default: bool,
    },
}

/// One word of a [`KnobKind::Choice`].
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ChoiceInfo {
    /// The word.
    pub id: &'static str,
    /// One sentence.
    pub help: &'static str,
}

/// One rule of the protocol that can be switched off, and what falls first without it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Flaw {
    /// The name in `flaw`.
    pub id: &'static str,
    /// What the protocol then no longer does, one sentence.
    pub help: &'static str,
    /// The property that is violated first.
    pub breaks: &'static str,
    /// Where the rule stands: paper and section.
    pub source: &'static str,
}

/// A kind of message.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct KindInfo {
    /// The name in facts and cues: `grant`.
    pub id: &'static str,
    /// How it is drawn.
    pub silhouette: Silhouette,
    /// How many bits it has on a link of limited bandwidth.
    pub bits: u32,
    /// Whether it comes again and again by itself, so that a run may end while it is on its way.
    pub background: bool,
    /// One sentence.
    pub help: &'static str,
}

/// The outline of a message: its kind by shape, never by colour alone.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Silhouette {
    /// A box with what it carries: appends, writes, replication.
    Parcel,
    /// A diamond with a question mark: asks for a vote or a promise.
    Ask,
    /// A diamond with a tick: grants what was asked.
    Grant,
    /// A circle with a tick: done.
    Ack,
    /// A circle with a bar: refused.
    Refusal,
    /// A pentagon that points where it goes: a client's request.
    Request,
    /// A notched pentagon: the answer to a client.
    Reply,
    /// A hexagon: a lease or a token.
    Lease,
}

/// A kind of timer.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct TimerInfo {
    /// The name in `fire TIMER at NODE`.
    pub id: &'static str,
    /// One sentence.
    pub help: &'static str,
}

/// Something that a scenario can wait for or expect.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct FactInfo {
    /// The word after the node: `granted` in `c1 granted`.
    pub id: &'static str,
    /// An event happens at an instant; a state is true for a while.
    pub kind: FactKind,
    /// The names of the groups that it can be true of; none for a fact of the whole system.
    pub of: &'static [&'static str],
    /// A number or a node that may follow.
    pub args: &'static [ArgInfo],
    /// One sentence.
    pub help: &'static str,
}

/// Whether a fact is an instant or a while.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum FactKind {
    /// It happens.
    Event,
    /// It is true from one moment to another.
    State,
}

/// A field that the inspector shows.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct FieldInfo {
    /// The word after the dot. `KEY` stands for any key that clients use.
    pub id: &'static str,
    /// The names of the groups that have it.
    pub of: &'static [&'static str],
    /// One sentence, with the unit.
    pub help: &'static str,
}

/// A field whose course over time tells more than its last value.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct CurveInfo {
    /// The field, as [`FieldInfo`] names it. Where `KEY` stands in it, there is a curve for each key.
    pub field: &'static str,
    /// What is drawn, and in which unit: `Smoothed round trips, in ms`.
    pub title: &'static str,
}

/// Something that must hold.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct PropertyInfo {
    /// The name in `expect violation`.
    pub id: &'static str,
    /// The claim in plain words.
    pub claim: &'static str,
    /// Its exact meaning: what is compared, and by which ghost state it is judged.
    pub meaning: &'static str,
    /// Safety or liveness.
    pub kind: PropertyKind,
    /// What it needs. While one of these fails, the property is not promised.
    pub needs: &'static [Need],
}

/// How a property is judged.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum PropertyKind {
    /// Nothing bad happens: judged at every step.
    Safety,
    /// Something good happens within this span after the last fault's end, else it is late.
    Liveness {
        /// How long the system may take.
        within: Span,
    },
    /// What clients were told fits one order, as of a single copy: judged at every answer, against [`LabInfo::model`].
    History,
}

/// A condition on the environment or on a knob, under which a property is promised.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Need {
    /// Delays and time-outs as given: `network timing bounded`.
    BoundedTiming,
    /// Every clock drifts by no more than the lab's `drift-bound`, and no node was suspended.
    DriftBound,
    /// Every wall clock is within its declared uncertainty, and none jumped.
    WallClocks,
    /// Messages of one link arrive in the order of sending.
    FirstInFirstOut,
    /// A choice knob has one of these values.
    Knob {
        /// The knob.
        id: &'static str,
        /// The values under which the property is promised.
        values: &'static [&'static str],
    },
    /// A condition that counts only while a knob has a value.
    While {
        /// The knob.
        id: &'static str,
        /// The value under which it is needed.
        value: &'static str,
        /// What is needed then.
        need: &'static Self,
    },
    /// A condition that the lab itself watches and reports, in words.
    Own(&'static str),
}
