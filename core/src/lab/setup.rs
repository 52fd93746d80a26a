//! How a run is set up: what a scenario's first lines say, as plain data.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use core::mem;

use super::info::{Group, Knob, KnobKind, LabInfo, Size};
use super::refusal::Refusal;
use crate::limit;
use crate::simulation::{ClockSetting, LinkSetting, Timing};
use crate::unit::{NodeId, Span};

/// Everything that decides a run, besides the steps taken by hand.
#[derive(Clone, PartialEq, Debug)]
pub struct Setup {
    /// The lab.
    pub lab: &'static LabInfo,
    /// The nodes by name.
    pub roster: Roster,
    /// The seed of all chance.
    pub seed: u64,
    /// Knobs that were set; the others have their defaults.
    pub knobs: Vec<(&'static str, KnobValue)>,
    /// Flaws that are on.
    pub flaws: Vec<&'static str>,
    /// Delays as given, or any order.
    pub timing: Timing,
    /// Every link, unless [`Setup::links`] says otherwise.
    pub network: LinkSetting,
    /// Single links, one way each. A later entry for the same link wins.
    pub links: Vec<(NodeId, NodeId, LinkSetting)>,
    /// Clocks that are not perfect.
    pub clocks: Vec<(NodeId, ClockSetting)>,
    /// How long a write to disk takes, from and to. Nodes not named write in no time.
    pub disks: Vec<(NodeId, Span, Span)>,
}

/// The value of a knob.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum KnobValue {
    /// A length of time.
    Span(Span),
    /// A whole number.
    Number(u32),
    /// Parts per million.
    Ppm(u32),
    /// One of the options, by its place.
    Choice(u8),
    /// On or off.
    Switch(bool),
}

impl Setup {
    /// The set-up of a lab in which nothing was said: default sizes, seed 1, a perfect network and perfect clocks.
    #[must_use]
    pub fn new(lab: &'static LabInfo) -> Self {
        Self {
            lab,
            roster: Roster::new(lab, None, None),
            seed: 1,
            knobs: Vec::new(),
            flaws: Vec::new(),
            timing: Timing::Bounded,
            network: LinkSetting::default(),
            links: Vec::new(),
            clocks: Vec::new(),
            disks: Vec::new(),
        }
    }

    /// Whether a flaw is on.
    #[must_use]
    pub fn flaw(&self, id: &str) -> bool {
        self.flaws.contains(&id)
    }

    /// The value of a knob: as set, else its default.
    ///
    /// # Errors
    /// Where the lab has no such knob.
    pub fn knob(&self, id: &str) -> Result<KnobValue, Refusal> {
        let knob =
            self.lab.knob(id).ok_or_else(|| Refusal::new(id, format!("this lab has no knob `{id}`")))?;
        let set = self.knobs.iter().rev().find(|(name, _)| *name == id).map(|(_, value)| *value);
        Ok(set.unwrap_or_else(|| knob.default()))
    }

    /// Whether the lab has what is set, and each is what it should be.
    ///
    /// # Errors
    /// For the first that is not.
    pub(crate) fn check(&self) -> Result<(), Refusal> {
        for flaw in &self.flaws {
            if !self.lab.flaws.iter().any(|known| known.id == *flaw) {
                return Err(Refusal::new(*flaw, format!("this lab has no flaw `{flaw}`")));
            }
        }
        for (id, value) in &self.knobs {
            let default = self.lab.knob(id).map(Knob::default);
            let Some(default) = default else {
                return Err(Refusal::new(*id, format!("this lab has no knob `{id}`")));
            };
            if mem::discriminant(value) != mem::discriminant(&default) {
                return Err(Refusal::new(*id, format!("this is no value for `{id}`")));
            }
        }
        Ok(())
    }

    /// A knob that is a length of time. A set-up is checked before a lab reads it: what is something else gives nothing.
    #[must_use]
    pub fn span(&self, id: &str) -> Span {
        match self.knob(id) {
            Ok(KnobValue::Span(span)) => span,
            _ => Span::ZERO,
        }
    }

    /// Refuses any of these lengths of time that is zero, and names one that would do.
    ///
    /// # Errors
    /// Where one is.
    pub fn need_time(&self, ids: &[&str], say: &str) -> Result<(), Refusal> {
        match ids.iter().find(|id| self.span(id) == Span::ZERO) {
            Some(id) => Err(Refusal::new(*id, "no time at all would flood the network")
                .help(format!("`set {id} {say}`, say"))),
            None => Ok(()),
        }
    }

    /// A knob that is a whole number or a rate in parts per million.
    #[must_use]
    pub fn number(&self, id: &str) -> u32 {
        match self.knob(id) {
            Ok(KnobValue::Number(number) | KnobValue::Ppm(number)) => number,
            _ => 0,
        }
    }

    /// A knob that is one of several words, by the word's place among the options.
    #[must_use]
    pub fn choice(&self, id: &str) -> u8 {
        match self.knob(id) {
            Ok(KnobValue::Choice(place)) => place,
            _ => 0,
        }
    }

    /// A knob that is on or off.
    #[must_use]
    pub fn switch(&self, id: &str) -> bool {
        matches!(self.knob(id), Ok(KnobValue::Switch(true)))
    }
}

impl Knob {
    /// What the knob is unless set.
    #[must_use]
    pub const fn default(&self) -> KnobValue {
        match self.kind {
            KnobKind::Span { default } => KnobValue::Span(default),
            KnobKind::Number { default, .. } => KnobValue::Number(default),
            KnobKind::Ppm { default } => KnobValue::Ppm(default),
            KnobKind::Choice { .. } => KnobValue::Choice(0),
            KnobKind::Switch { default } => KnobValue::Switch(default),
        }
    }
}

/// The nodes of a run: their names, and the groups they belong to.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Roster {
    members: Vec<Member>,
}

/// One node of a [`Roster`].
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Member {
    /// The name in scenarios: `n1`, `store`.
    pub name: String,
    /// The kind of node.
    pub group: &'static Group,
}

impl Roster {
    /// The nodes of a lab with so many servers and clients; without a number, the group's default. Numbers outside a
    /// group's limits are brought within them: the planner reports them before.
    #[must_use]
    pub fn new(lab: &'static LabInfo, nodes: Option<u8>, clients: Option<u8>) -> Self {
        let mut members = Vec::new();
        for group in lab.groups {
            let count = match group.size {
                Size::One => {
                    members.push(Member { name: group.name.into(), group });
                    continue;
                }
                Size::Nodes { default, min, max } => nodes.unwrap_or(default).clamp(min, max),
                Size::Clients { default, min, max } => clients.unwrap_or(default).clamp(min, max),
            };
            members.extend((1..=count).map(|nth| Member { name: format!("{}{nth}", group.name), group }));
        }
        members.truncate(limit::NODES);
        Self { members }
    }

    /// How many nodes there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.members.len()
    }

    /// True where a lab has no nodes at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.members.is_empty()
    }

    /// The nodes in order.
    pub fn iter(&self) -> impl Iterator<Item = (NodeId, &Member)> {
        self.members.iter().enumerate().map(|(index, member)| (NodeId(index as u8), member))
    }

    /// The node of this name.
    #[must_use]
    pub fn find(&self, name: &str) -> Option<NodeId> {
        self.iter().find(|(_, member)| member.name == name).map(|(id, _)| id)
    }

    /// What is known of a node. A number outside the roster gives the last node.
    #[must_use]
    pub fn member(&self, node: NodeId) -> &Member {
        &self.members[node.index().min(self.members.len() - 1)]
    }

    /// The name of a node.
    #[must_use]
    pub fn name(&self, node: NodeId) -> &str {
        &self.member(node).name
    }

    /// The nodes of the group of this name.
    pub fn group<'a>(&'a self, name: &'a str) -> impl Iterator<Item = NodeId> + 'a {
        self.iter().filter(move |(_, member)| member.group.name == name).map(|(id, _)| id)
    }

    /// The clients.
    pub fn clients(&self) -> impl Iterator<Item = NodeId> {
        self.iter().filter(|(_, member)| member.group.is_client()).map(|(id, _)| id)
    }

    /// The servers that `nodes N` counts: without clients and special nodes.
    pub fn servers(&self) -> impl Iterator<Item = NodeId> {
        self.iter().filter(|(_, member)| matches!(member.group.size, Size::Nodes { .. })).map(|(id, _)| id)
    }
}
