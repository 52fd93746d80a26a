//! What a text means: a set-up, cues, and expectations, with every name resolved against its lab.

mod act;
mod claim;
mod fact;
mod load;
mod packed;
mod scene;
mod setting;

pub(crate) use load::listen;
pub use load::{Loaded, lab_of, load};
pub(crate) use scene::scene;

use splitbrain_core::lab::{Arg, Setup};
use splitbrain_core::simulation::LinkChange;
use splitbrain_core::trace::Turn;
use splitbrain_core::unit::{NodeId, Span as Length, Time, Value};

use crate::diagnostic::Span;

/// A scenario that can be run.
#[derive(Clone, PartialEq, Debug)]
pub struct Plan {
    /// Lab, nodes, seed, knobs, flaws, network, clocks, disks.
    pub setup: Setup,
    /// What it is called. A text without a title is called by what it expects to be broken, or else as its lab is.
    pub title: String,
    /// What it is about, a paragraph a line.
    pub about: Vec<String>,
    /// What happens, in the order of the lines.
    pub cues: Vec<Cue>,
    /// Where the run ends, if the text says.
    pub stop: Option<Stop>,
    /// The line that says so, counted from 1.
    pub stop_line: Option<u32>,
    /// What must be true of the run.
    pub expectations: Vec<Expectation>,
}

impl Plan {
    /// What a text is called that does not say so.
    fn untitled(&self) -> String {
        let lab = self.setup.lab;
        let broken = self.expectations.iter().find_map(|expected| match &expected.claim {
            Claim::Violation(any) => Some((*any.first()?, "violated")),
            Claim::Verdict(Turn::Late, property, _) => Some((*property, "late")),
            _ => None,
        });
        broken.map_or_else(
            || lab.title.to_owned(),
            |(property, how)| format!("{} is {how}", lab.properties[usize::from(property)].id),
        )
    }
}

/// Where a run ends.
#[derive(Clone, PartialEq, Debug)]
pub enum Stop {
    /// At a time.
    At(Time),
    /// As soon as something happens or is true.
    When(Fact),
}

/// One line that does something.
#[derive(Clone, PartialEq, Debug)]
pub struct Cue {
    /// The line, counted from 1.
    pub line: u32,
    /// Where it stands.
    pub span: Span,
    /// The line as it is written, without its comment.
    pub text: String,
    /// When it happens.
    pub when: When,
    /// Armed together with the cue above, not after it.
    pub also: bool,
    /// What it does.
    pub act: Act,
}

/// When a cue happens.
#[derive(Clone, PartialEq, Debug)]
pub enum When {
    /// At a time.
    At(Time),
    /// So long after the cue above.
    After(Length),
    /// Right after the cue above.
    Then,
    /// The next time that something happens, or once it is true.
    Fact(Fact),
    /// Every time from then on.
    Whenever(Fact),
    /// Again and again.
    Every {
        /// How often.
        period: Length,
        /// The first time.
        from: Time,
        /// Not after this time.
        until: Time,
    },
}

/// A node, or nodes that are found when the cue happens.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Who {
    /// A node by name.
    Node(NodeId),
    /// The live leader of the highest term or ballot.
    Leader,
    /// The live servers that do not lead.
    Followers,
    /// The nodes that `nodes N` counts.
    Servers,
    /// The clients.
    Clients,
    /// Every node.
    All,
    /// The nodes not yet named in the line.
    Others,
    /// A live server, drawn from the seed.
    Random,
}

/// Links, one way or both ways each.
pub type Links = Vec<(Who, Who, bool)>;

/// What a cue does.
#[derive(Clone, PartialEq, Debug)]
pub enum Act {
    /// Nodes go down, come back, stand still, go on.
    Life(LifeVerb, Vec<Who>, Option<Length>),
    /// Groups that no longer reach each other.
    Partition(Vec<Vec<Who>>, Option<Length>),
    /// Nodes that nobody reaches.
    Isolate(Vec<Who>, Option<Length>),
    /// Links through which nothing passes.
    Cut(Links, Option<Length>),
    /// Partition and cuts end.
    Heal,
    /// No cut between two nodes.
    HealBetween(Who, Who),
    /// Something is done to a message.
    Message(Verb, Pick, Pattern),
    /// Links behave differently.
    Links(LinkChange, Links, Option<Length>),
    /// A wall clock jumps by so many microseconds.
    Jump(Who, i64),
    /// A clock drifts by so many parts per million.
    Drift(Who, i32),
    /// A clock's uncertainty changes.
    Uncertainty(Who, Length),
    /// A disk becomes slower or faster.
    Disk(Who, Length, Length),
    /// A request of the lab: the place of its verb, and its arguments.
    Request(Who, u8, Vec<Option<Arg>>),
    /// A caption.
    Say(String),
    /// A prediction.
    Ask(Question),
    /// Playback stops.
    Break,
    /// Nothing happens any more that no line says.
    Manual,
    /// Time goes on by itself.
    Automatic,
    /// A timer fires.
    Fire(u8, Who),
}

/// What happens to a node.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum LifeVerb {
    /// It goes down.
    Crash,
    /// It comes back.
    Restart,
    /// It stands still.
    Pause,
    /// It stands still, and its monotonic clock with it.
    Suspend,
    /// It goes on.
    Resume,
}

/// What is done to a message.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Verb {
    /// It is lost.
    Lose,
    /// It is held back.
    Hold,
    /// It arrives twice.
    Repeat,
    /// It takes longer.
    Delay(Length),
    /// A held one goes on.
    Release,
    /// It arrives now.
    Deliver,
}

/// Which of the messages that fit.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Pick {
    /// The next one sent.
    Next,
    /// One in flight, counted from 1 in the order of sending.
    Nth(u32),
}

/// Messages of a kind, between nodes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Pattern {
    /// The kind; none for any.
    pub kind: Option<u8>,
    /// The sender; none for any.
    pub from: Option<Who>,
    /// The receiver; none for any.
    pub to: Option<Who>,
}

/// A prediction.
#[derive(Clone, PartialEq, Debug)]
pub struct Question {
    /// The question.
    pub text: String,
    /// The answers to choose from.
    pub options: Vec<Choice>,
}

/// An answer to choose.
#[derive(Clone, PartialEq, Debug)]
pub struct Choice {
    /// The answer.
    pub text: String,
    /// When it is right; none for one that is right in every run.
    pub right: Right,
}

/// When an answer is right.
#[derive(Clone, PartialEq, Debug)]
pub enum Right {
    /// Always.
    Always,
    /// When this holds at the end of the run.
    If(Claim),
}

/// Something that happens, or is true.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Fact {
    /// An event of the lab: its place, at which node, with which number.
    Event(u8, Who, Option<u32>),
    /// A state of the lab: its place, of which node, with which number.
    State(u8, Option<Who>, Option<u32>),
    /// A message arrives.
    Receives(Who, Option<u8>, Option<Who>),
    /// A message is sent.
    Sends(Who, Option<u8>, Option<Who>),
    /// An operation of a client is answered.
    Answered(Who),
    /// Something happens to a node.
    Life(Who, LifeVerb),
    /// A promised property is violated.
    Violation(Option<u8>),
    /// A full queue drops a message.
    Drops(Option<Who>, Option<Who>),
    /// Nothing more happens by itself that matters.
    Quiet,
}

impl Fact {
    /// True for what lasts; false for what happens at an instant.
    #[must_use]
    pub const fn is_state(&self) -> bool {
        matches!(self, Self::State(..) | Self::Quiet)
    }
}

/// A line that says what must be true.
#[derive(Clone, PartialEq, Debug)]
pub struct Expectation {
    /// The line, counted from 1.
    pub line: u32,
    /// Where it stands.
    pub span: Span,
    /// The line as it is written, without `expect`.
    pub text: String,
    /// What it says.
    pub claim: Claim,
}

/// What can be said of a run.
#[derive(Clone, PartialEq, Debug)]
pub enum Claim {
    /// One of these properties is the first one violated.
    Violation(Vec<u8>),
    /// A property's verdict, at the end or at a time.
    Verdict(Turn, u8, Option<Time>),
    /// Something happens or is true, by some time.
    Sometimes(Fact, Option<Time>),
    /// Something never happens and is never true, in some time.
    Never(Fact, Option<Time>, Option<Time>),
    /// Something is true, or not, at a time.
    At(Fact, Time, bool),
    /// Something happens so many times.
    Times(Fact, u32),
    /// Two values compare so, at the end or at a time.
    Compare(Operand, Sign, Operand, Option<Time>),
    /// The clients' history is linearizable, or not.
    Linearizable(bool),
}

/// A value to compare.
#[derive(Clone, PartialEq, Debug)]
pub enum Operand {
    /// A field that the inspector shows.
    Field(NodeId, String),
    /// The answer of a client's latest operation of a kind.
    Answer(NodeId, u8),
    /// A value as it is written.
    Value(Value),
}

/// How two values compare.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Sign {
    /// `=`
    Equal,
    /// `!=`
    Differs,
    /// `<`
    Less,
    /// `<=`
    AtMost,
    /// `>`
    Greater,
    /// `>=`
    AtLeast,
}
