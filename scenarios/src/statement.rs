//! The table of statements. Parser, completion, highlighting, hover help, reference and "did you mean" all read it.

/// A statement of the language.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Statement {
    /// Its first word.
    pub name: &'static str,
    /// Where it may stand.
    pub place: Place,
    /// Which one it is: what the parser goes by.
    pub(crate) id: Id,
    /// What follows the first word.
    pub form: &'static str,
    /// One sentence.
    pub help: &'static str,
    /// How it looks.
    pub example: &'static str,
}

impl Statement {
    /// How it is written, with an example: the help of whatever is wrong with it.
    #[must_use]
    pub fn usage(&self) -> String {
        let Self { name, form, example, .. } = self;
        let before = if self.place == Place::Expect { "expect " } else { "" };
        let form = if form.is_empty() { String::new() } else { format!(" {form}") };
        format!("it is written `{before}{name}{form}`, for example `{example}`")
    }
}

/// Where a statement may stand.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Place {
    /// At the start of a line: how the run is set up.
    Setup,
    /// At the start of a line: when something happens.
    When,
    /// After a "when": what happens.
    What,
    /// After `expect`.
    Expect,
}

#[rustfmt::skip]
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Id {
    Lab, Title, About, Nodes, Clients, Seed, Set, Flaw, Network, Link, Clock, Disk, Stop, Expect,
    At, After, Then, When, Whenever, Also, Every,
    Crash, Restart, Pause, Suspend, Resume, Partition, Isolate, Cut, Heal,
    Lose, Hold, Repeat, Delay, Release, Deliver,
    Loss, Duplicate, Latency, Jump, Drift, Uncertainty, SyncTakes,
    Say, Ask, Break, Manual, Automatic, Fire,
    Violation, Holds, Late, NotPromised, Sometimes, Never, Not, History,
    /// A form that begins with a word of the lab: it stands in the table for its readers alone.
    Form,
}

const fn row(
    name: &'static str,
    place: Place,
    id: Id,
    form: &'static str,
    help: &'static str,
    example: &'static str,
) -> Statement {
    Statement { name, place, id, form, help, example }
}

/// Every statement, in the order of the reference.
#[rustfmt::skip]
pub const STATEMENTS: &[Statement] = &[
    row("lab", Place::Setup, Id::Lab, "ID", "Which protocol is played. The first statement, required.", "lab lease"),
    row("title", Place::Setup, Id::Title, "TEXT", "What the scenario is called.", "title A paused lease holder"),
    row("about", Place::Setup, Id::About, "TEXT", "What it is about, a sentence or two. May repeat.", "about The store cannot tell."),
    row("nodes", Place::Setup, Id::Nodes, "N", "How many servers there are.", "nodes 5"),
    row("clients", Place::Setup, Id::Clients, "N", "How many clients there are.", "clients 2"),
    row("seed", Place::Setup, Id::Seed, "N", "Decides all chance: the same seed gives the same run.", "seed 7"),
    row("set", Place::Setup, Id::Set, "KNOB VALUE", "Chooses a variant of the lab.", "set lease 10s"),
    row("flaw", Place::Setup, Id::Flaw, "ID…", "Switches a rule of the protocol off.", "flaw no-fencing"),
    row("network", Place::Setup, Id::Network, "SETTING…", "How every link behaves: latency, loss, duplicate, reorder, timing, transport, bandwidth.", "network latency 5ms..20ms"),
    row("link", Place::Setup, Id::Link, "A -> B SETTING…", "How one link behaves, one way (->) or both (<->).", "link n1 -> n2 latency 200ms"),
    row("clock", Place::Setup, Id::Clock, "NODE SETTING…", "How a node's clock differs from true time: drift, offset, uncertainty, growing, sync, at-bound.", "clock c2 drift 200ppm offset -30ms"),
    row("disk", Place::Setup, Id::Disk, "NODE sync A..B", "How long a write to a node's disk takes.", "disk n1 sync 5ms..20ms"),
    row("stop", Place::Setup, Id::Stop, "at T | when FACT", "Ends the run.", "stop at 30s"),
    row("expect", Place::Setup, Id::Expect, "CLAIM", "What must be true of the run.", "expect violation no-stale-write"),
    row("at", Place::When, Id::At, "T WHAT", "At a moment of simulated time.", "at 100ms c1 write x 1"),
    row("after", Place::When, Id::After, "T WHAT", "So long after the cue above.", "after 2s heal"),
    row("then", Place::When, Id::Then, "WHAT", "Right after the cue above, at the same instant.", "then crash n1"),
    row("when", Place::When, Id::When, "FACT WHAT", "Once the cue above has happened and this does.", "when c1 answered c1 read x"),
    row("whenever", Place::When, Id::Whenever, "FACT WHAT", "Every time from then on.", "whenever n1 crashed say \"n1 is down.\""),
    row("also", Place::When, Id::Also, "when FACT WHAT | after T WHAT", "Armed together with the cue above, not after it.", "also after 1s restart n1"),
    row("every", Place::When, Id::Every, "T from T until T WHAT", "Again and again.", "every 100ms from 0s until 2s c1 write x 1"),
    row("crash", Place::What, Id::Crash, "NODE… [for T]", "The process dies. What is not on its disk is gone.", "crash n1 for 2s"),
    row("restart", Place::What, Id::Restart, "NODE…", "It comes back, with what is on its disk.", "restart n1"),
    row("pause", Place::What, Id::Pause, "NODE… [for T]", "It stands still. Its clocks go on; what arrives waits.", "pause c1 for 20s"),
    row("suspend", Place::What, Id::Suspend, "NODE… [for T]", "It stands still, and its monotonic clock with it, as a frozen virtual machine does.", "suspend c1 for 20s"),
    row("resume", Place::What, Id::Resume, "NODE…", "It goes on.", "resume c1"),
    row("partition", Place::What, Id::Partition, "A… | B… [for T]", "Groups that no longer reach each other. Replaces an earlier partition.", "partition n1 n2 | n3 n4 n5"),
    row("isolate", Place::What, Id::Isolate, "NODE… [for T]", "Cuts these nodes off from all others.", "isolate n1"),
    row("cut", Place::What, Id::Cut, "A -> B [for T]", "Nothing passes, one way (->) or both (<->).", "cut n1 -> n2"),
    row("heal", Place::What, Id::Heal, "[A B]", "Mends links: all of them, or those between two nodes.", "heal"),
    row("lose", Place::What, Id::Lose, "[next | 2nd] KIND [from A] [to B]", "A message is lost: the next one sent, or one in flight.", "lose next write from c1 to store"),
    row("hold", Place::What, Id::Hold, "[next | 2nd] KIND [from A] [to B]", "A message is held back until it is released.", "hold next grant to c1"),
    row("repeat", Place::What, Id::Repeat, "[next | 2nd] KIND [from A] [to B]", "A message arrives twice.", "repeat next write from c1"),
    row("delay", Place::What, Id::Delay, "by T [next | 2nd] KIND [from A] [to B]", "A message takes longer.", "delay by 20s next write from c1 to store"),
    row("release", Place::What, Id::Release, "[2nd] KIND [from A] [to B]", "A held message goes on.", "release grant to c1"),
    row("deliver", Place::What, Id::Deliver, "[2nd] KIND [from A] [to B]", "A message arrives now.", "deliver write to store"),
    row("loss", Place::What, Id::Loss, "P [on A -> B] [for T]", "From now on so many messages are lost.", "loss 30% for 2s"),
    row("duplicate", Place::What, Id::Duplicate, "P [on A -> B] [for T]", "From now on so many messages arrive twice.", "duplicate 5%"),
    row("latency", Place::What, Id::Latency, "A..B [on A -> B] [for T]", "From now on messages take this long.", "latency 1s..2s on n1 -> n2 for 5s"),
    row("jump", Place::What, Id::Jump, "NODE T", "A wall clock jumps.", "jump n1 -3s"),
    row("drift", Place::What, Id::Drift, "NODE PPM", "A clock drifts by so much from now on.", "drift n1 300ppm"),
    row("uncertainty", Place::What, Id::Uncertainty, "NODE T", "A clock's uncertainty is this from now on.", "uncertainty n1 20ms"),
    row("disk", Place::What, Id::SyncTakes, "NODE sync A..B", "A write to a node's disk takes this long from now on.", "disk n1 sync 50ms"),
    row("say", Place::What, Id::Say, "TEXT", "A caption.", "say \"c1 still believes that it holds the lease.\""),
    row("ask", Place::What, Id::Ask, "TEXT OPTION | OPTION…", "A prediction: playback waits for an answer.", "ask \"What is x?\" \"1\" if store.x = 1 | \"2\" if store.x = 2"),
    row("break", Place::What, Id::Break, "", "Playback stops here.", "break"),
    row("manual", Place::What, Id::Manual, "", "From now on nothing happens that no line says.", "manual"),
    row("automatic", Place::What, Id::Automatic, "", "Time goes on by itself again.", "automatic"),
    row("fire", Place::What, Id::Fire, "TIMER at NODE", "A timer fires now.", "fire retry at c1"),
    row("NODE", Place::What, Id::Form, "REQUEST…", "A request of the lab, to a client or a server.", "c1 write x 1"),
    row("violation", Place::Expect, Id::Violation, "PROPERTY…", "This property, or one of these, is the first one violated.", "expect violation no-stale-write"),
    row("holds", Place::Expect, Id::Holds, "PROPERTY [at T]", "The property holds, at the end or at a time.", "expect holds tokens-increase"),
    row("late", Place::Expect, Id::Late, "PROPERTY [at T]", "What the property promises did not come in time.", "expect late write-completes"),
    row("not-promised", Place::Expect, Id::NotPromised, "PROPERTY [at T]", "What the property needs is not given.", "expect not-promised one-holder"),
    row("sometimes", Place::Expect, Id::Sometimes, "FACT [by T]", "It happens, or is true, at least once.", "expect sometimes c2 granted by 15s"),
    row("never", Place::Expect, Id::Never, "FACT [from T] [until T]", "It never happens, or is never true.", "expect never c1 granted from 5s"),
    row("not", Place::Expect, Id::Not, "FACT at T", "It is not true at that time.", "expect not c1 holds-lease at 5s"),
    row("FACT", Place::Expect, Id::Form, "at T | N times", "A state is true at a time; an event happens so many times.", "expect c1 answered 1 times"),
    row("NODE.FIELD", Place::Expect, Id::Form, "= VALUE [at T]", "A field that the inspector shows, or the answer of a client's latest operation of a kind; also !=, <, <=, >, >=.", "expect c1.write = ok"),
    row("history", Place::Expect, Id::History, "[not] linearizable", "Whether the clients' history is linearizable. Any other consistency is judged of an exported history, by `splitbrain judge`.", "expect history linearizable"),
];

/// The statement of this name at this place.
#[must_use]
pub(crate) fn find(name: &str, place: Place) -> Option<&'static Statement> {
    at(place).find(|statement| statement.name == name)
}

/// The names that may stand at a place.
pub(crate) fn names<'a>(place: Place) -> impl Iterator<Item = &'a str> {
    at(place).map(|statement| statement.name)
}

/// The statements of a place that begin with a word of the language.
pub(crate) fn at(place: Place) -> impl Iterator<Item = &'static Statement> {
    STATEMENTS.iter().filter(move |statement| statement.place == place && statement.id != Id::Form)
}
