//! A running lab, object-safe: all that timeline, search, director and page may see of a protocol.

use alloc::boxed::Box;
use alloc::vec::Vec;
use core::any::Any;

use super::info::LabInfo;
use super::property::Status;
use super::refusal::Refusal;
use super::setup::Roster;
use crate::limit;
use crate::simulation::{Fault, Kernel, Step};
use crate::trace::{History, Record};
use crate::unit::{Digest, EnvelopeId, FaultId, NodeId, OpId, Span, Time, Value, Word};
use crate::view::{Chart, Fields, Frame, NodeView, Subject};

/// A request in words that were understood, but not yet as the lab's own type.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Args {
    /// The place of the verb among the lab's requests.
    pub request: u8,
    /// Whom it is for.
    pub node: NodeId,
    /// One entry for each of the request's arguments; nothing where an optional one was left out.
    pub values: Vec<Option<Arg>>,
}

/// One argument of a request or a fact.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Arg {
    /// A key.
    Key(Word),
    /// A value.
    Value(Value),
    /// A whole number.
    Number(u32),
    /// A length of time, or a time since the start.
    Span(Span),
    /// A node.
    Node(NodeId),
}

impl Args {
    /// The key at this place.
    #[must_use]
    pub fn key(&self, place: usize) -> Option<Word> {
        match self.values.get(place)? {
            Some(Arg::Key(key)) => Some(*key),
            _ => None,
        }
    }

    /// The key at this place, which has to be there.
    ///
    /// # Errors
    /// Where it is not.
    #[inline(never)]
    pub fn needs_key(&self, place: usize) -> Result<Word, Refusal> {
        self.key(place).ok_or_else(|| Refusal::new("K", "a key is missing"))
    }

    /// The value at this place, which has to be there.
    ///
    /// # Errors
    /// Where it is not.
    #[inline(never)]
    pub fn needs_value(&self, place: usize) -> Result<Value, Refusal> {
        self.value(place).cloned().ok_or_else(|| Refusal::new("V", "a value is missing"))
    }

    /// The value at this place.
    #[must_use]
    pub fn value(&self, place: usize) -> Option<&Value> {
        match self.values.get(place)? {
            Some(Arg::Value(value)) => Some(value),
            _ => None,
        }
    }

    /// The length of time at this place.
    #[must_use]
    pub fn span(&self, place: usize) -> Option<Span> {
        match self.values.get(place)? {
            Some(Arg::Span(span)) => Some(*span),
            _ => None,
        }
    }

    /// The node at this place.
    #[must_use]
    pub fn target(&self, place: usize) -> Option<NodeId> {
        match self.values.get(place)? {
            Some(Arg::Node(node)) => Some(*node),
            _ => None,
        }
    }
}

/// A state that may be true: a place among the lab's facts, of a node or of the whole system, with a number.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct StateFact {
    /// Its place among the lab's facts.
    pub fact: u8,
    /// Of which node; nothing for a fact of the whole system.
    pub node: Option<NodeId>,
    /// The number asked for: most facts mean "at least".
    pub number: Option<u32>,
}

/// A limit that a run has met. It goes no further.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Limit {
    /// [`limit::IN_FLIGHT`].
    InFlight,
    /// [`limit::TIMERS`].
    Timers,
    /// [`limit::OPERATIONS`].
    Operations,
    /// [`limit::FAULTS`].
    Faults,
    /// [`limit::STEPS`].
    Steps,
    /// [`limit::SENT_BY_ONE_STEP`].
    SentByOneStep,
    /// [`limit::END`].
    End,
}

impl Limit {
    /// What happened, in a sentence.
    #[must_use]
    pub fn words(self) -> alloc::string::String {
        use alloc::format;
        match self {
            Self::InFlight => format!("more than {} messages were in flight at once", limit::IN_FLIGHT),
            Self::Timers => format!("more than {} timers were set at once", limit::TIMERS),
            Self::Operations => format!("more than {} operations were called", limit::OPERATIONS),
            Self::Faults => format!("more than {} faults happened", limit::FAULTS),
            Self::Steps => format!("the run has more than {} steps", limit::STEPS),
            Self::SentByOneStep => format!("one step sent more than {} messages", limit::SENT_BY_ONE_STEP),
            Self::End => format!("the run went past {}", limit::END),
        }
    }
}

/// A running lab.
pub trait Run: Any {
    /// What the lab says of itself.
    fn info(&self) -> &'static LabInfo;
    /// The nodes by name.
    fn roster(&self) -> &Roster;
    /// Time, network, clocks, lives, history: everything that is the same for every protocol.
    fn kernel(&self) -> &Kernel;
    /// The next step by the run's own timing, and when. Nothing where nothing is left to happen by itself.
    fn due(&self) -> Option<(Time, Step)>;
    /// Every step that could be next, whatever the time: what asynchronous timing and search choose from.
    fn enabled(&self, out: &mut Vec<Step>);
    /// Puts a request into the store that all forks share. It happens by [`Step::Request`].
    ///
    /// # Errors
    /// Where the lab does not understand it.
    fn admit(&self, request: &Args) -> Result<OpId, Refusal>;
    /// Puts a fault into the store that all forks share. It happens by [`Step::Fault`].
    fn admit_fault(&self, fault: Fault) -> FaultId;
    /// A fault of that store.
    fn fault(&self, id: FaultId) -> Option<Fault>;
    /// Takes one step, judges the properties, and fills the record.
    fn apply(&mut self, step: Step, record: &mut Record);
    /// The run is over: what is still owed is late if it ended by itself (`quiet`), else not yet.
    fn conclude(&mut self, quiet: bool, record: &mut Record);
    /// Until when something that is owed and judged may still come in time: after it, it is late. Nothing where nothing is
    /// owed, or where a fault that is on, or a need that is not given, keeps it from being judged.
    fn owes(&self) -> Option<Time>;
    /// Whether protocols write notes into records. A replay with notes gives the same digests.
    fn keep_notes(&mut self, keep: bool);
    /// Nobody will ask for digests of this run and of its records, so from here on they are zero. Whatever else there is to
    /// see of the run stays the same.
    fn leave_out_digests(&mut self);
    /// A digest of the state without ids and times: equal states of different histories have equal ones.
    fn digest(&self) -> Digest;
    /// One verdict for each of the lab's properties.
    fn verdicts(&self) -> &[Status];
    /// Whether a state is true now.
    fn holds(&self, fact: StateFact) -> bool;
    /// The live leader of the highest term or ballot, in labs that have leaders.
    fn leader(&self) -> Option<NodeId>;
    /// True where nothing more happens by itself that matters: nothing in flight, no request open, only timers that come
    /// again and again, and the lab has nothing left to do.
    fn quiet(&self) -> bool;
    /// The limit that was met, if one was.
    fn limit(&self) -> Option<Limit>;
    /// Draws this instant.
    fn frame(&self, out: &mut Frame);
    /// Draws the nodes of this instant and nothing between them: for who asks after every step how they look.
    fn nodes(&self, out: &mut Vec<NodeView>);
    /// What the lab charts at this instant, where [`LabInfo::charts`] says that it does.
    fn chart(&self) -> Chart;
    /// Looks into something.
    fn inspect(&self, subject: Subject, out: &mut Fields);
    /// What a message in flight says, in a few letters.
    fn label(&self, message: EnvelopeId) -> alloc::string::String;
    /// A request as a person would write it: `write x 1`.
    fn describe(&self, op: OpId) -> alloc::string::String;
    /// The clients' history so far, in the words of the lab's model.
    fn history(&self) -> History;
    /// A second run in the same state. Requests and faults admitted later are known to both.
    fn fork(&self) -> Box<dyn Run>;
    /// A second run in the same state that goes its own way: requests and faults admitted later are numbered as if the
    /// other had ended here.
    fn branch(&self) -> Box<dyn Run>;
}
