//! What can be done to what is chosen, as it is just now.

use splitbrain_core::lab::Run;
use splitbrain_core::simulation::{Flight, Kept};
use splitbrain_core::unit::NodeId;
use splitbrain_core::view::Life;
use splitbrain_scenarios::click::Deed;
use splitbrain_scenarios::plan::{LifeVerb, Verb};

use crate::actions::Command;
use crate::marks::deed::Mark;
use crate::store::Selection;

/// A page of the menu.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(super) enum Page {
    /// Everything that can be done.
    #[default]
    All,
    /// By how much a clock is put wrong.
    Skew,
    /// What a node is asked.
    Request,
}

/// What comes of it when an offer is taken.
#[derive(Clone, PartialEq, Debug)]
pub(super) enum Then {
    /// It is done.
    Do(Deed),
    /// There is more to choose.
    Page(Page),
}

/// One thing that can be done.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Offer {
    pub(super) mark: Mark,
    pub(super) words: &'static str,
    /// The key that does it at once.
    pub(super) key: Option<Command>,
    pub(super) then: Then,
}

fn offer(mark: Mark, words: &'static str, key: Command, deed: Deed) -> Offer {
    Offer { mark, words, key: Some(key), then: Then::Do(deed) }
}

/// Everything that can be done to a node or a message.
pub(super) fn offers(run: &dyn Run, selection: Selection) -> Vec<Offer> {
    match selection {
        Selection::Node(node) => of_node(run, node),
        Selection::Message(id) => {
            run.kernel().flight(id).map_or_else(Vec::new, |flight| of_message(run, flight))
        }
        Selection::Event(_) | Selection::Operation(_) => Vec::new(),
    }
}

fn of_node(run: &dyn Run, node: NodeId) -> Vec<Offer> {
    let kernel = run.kernel();
    let life = |mark, words, key, verb| offer(mark, words, key, Deed::Life(verb, node));
    let mut all = match kernel.life(node) {
        Life::Up => vec![
            life(Mark::Pause, "Pause", Command::Pause, LifeVerb::Pause),
            life(Mark::Crash, "Crash", Command::Crash, LifeVerb::Crash),
        ],
        Life::Paused | Life::Suspended => vec![
            life(Mark::Resume, "Resume", Command::Pause, LifeVerb::Resume),
            life(Mark::Crash, "Crash", Command::Crash, LifeVerb::Crash),
        ],
        Life::Crashed => vec![life(Mark::Resume, "Restart", Command::Crash, LifeVerb::Restart)],
    };
    let runs = kernel.life(node) != Life::Crashed;
    if runs {
        let then = Then::Page(Page::Skew);
        all.push(Offer { mark: Mark::Skew, words: "Skew its clock", key: Some(Command::Skew), then });
    }
    let others = || run.roster().iter().map(|(other, _)| other).filter(|other| *other != node);
    let is_cut = |other: NodeId| (kernel.is_cut(node, other), kernel.is_cut(other, node));
    if !others().all(|other| is_cut(other) == (true, true)) {
        all.push(offer(Mark::Isolate, "Isolate", Command::Isolate, Deed::Isolate(node)));
    }
    if others().any(|other| is_cut(other) != (false, false)) {
        let then = Then::Do(Deed::Join(node));
        all.push(Offer { mark: Mark::Heal, words: "Heal its links", key: None, then });
    }
    let group = run.roster().member(node).group.name;
    if runs && run.info().requests.iter().any(|request| request.of.contains(&group)) {
        let then = Then::Page(Page::Request);
        all.push(Offer { mark: Mark::Send, words: "Send a request", key: None, then });
    }
    all
}

fn of_message(run: &dyn Run, flight: &Flight) -> Vec<Offer> {
    let kernel = run.kernel();
    let Flight { id, from, to, kept, .. } = *flight;
    let does = |mark, words, key, verb| offer(mark, words, key, Deed::Message(verb, id));
    let mut all = vec![does(Mark::Lose, "Lose", Command::Lose, Verb::Lose)];
    // A stream hides what arrives twice.
    if !kernel.is_stream(from, to) {
        all.push(does(Mark::Repeat, "Repeat", Command::Repeat, Verb::Repeat));
    }
    all.push(if kept == Kept::Held {
        does(Mark::Resume, "Release", Command::Hold, Verb::Release)
    } else {
        does(Mark::Pause, "Hold", Command::Hold, Verb::Hold)
    });
    if !kernel.is_cut(from, to) && kernel.life(to) == Life::Up {
        let then = Then::Do(Deed::Message(Verb::Deliver, id));
        all.push(Offer { mark: Mark::Deliver, words: "Deliver now", key: None, then });
    }
    all
}

/// By how much a clock can be put wrong with one click.
pub(super) fn skews(run: &dyn Run, node: NodeId) -> Vec<Offer> {
    let jumps = [("+1 s", 1_000_000), ("−1 s", -1_000_000), ("+50 ms", 50_000)];
    let plain = |words, deed| Offer { mark: Mark::Skew, words, key: None, then: Then::Do(deed) };
    let mut all: Vec<_> = jumps.map(|(words, by)| plain(words, Deed::Jump(node, by))).into();
    all.push(if run.kernel().hosts().get(node.index()).is_none_or(|host| host.clock.drift() == 0) {
        plain("Drift, 500 ppm fast", Deed::Drift(node, 500))
    } else {
        plain("Drift no more", Deed::Drift(node, 0))
    });
    all
}
