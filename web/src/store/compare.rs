//! Two runs of one scenario side by side, on one playhead: another branch, the same text with one rule more or less, or another
//! mode of the lab. Up to the first record in which they differ both are the same run.

use std::rc::Rc;

use splitbrain_core::unit::Time;
use splitbrain_scenarios::edit;

use super::Action;
use super::reading;
use super::running::{Running, View};
use super::scene::Scene;

/// Records that are compared at once, so that the page stays alive.
const AT_ONCE: u32 = 20_000;

/// What a run is compared with.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Against {
    /// A branch, by its number.
    Branch(u32),
    /// The same text with this flaw on where it is off, or off where it is on.
    Flaw(&'static str),
    /// The same text with this knob set to something else.
    Knob(&'static str, &'static str),
}

/// The other run.
#[derive(Clone, PartialEq)]
pub(crate) struct Other {
    /// What it is.
    pub(crate) against: Against,
    /// What each side is called: the scene's own first.
    pub(crate) names: [Rc<str>; 2],
    /// The other run.
    pub(crate) running: Rc<Running>,
    /// How many of its records are computed.
    pub(crate) computed: u32,
    /// True once all of them are.
    pub(crate) over: bool,
    /// What is shown of it.
    pub(crate) view: Option<View>,
    /// The number of the first record in which both differ, once it is found.
    pub(crate) differs: Option<u32>,
    /// So many records are the same.
    same: u32,
}

impl Other {
    /// Its step when the scene is at this one.
    fn step(&self, step: u32, time: Time) -> u32 {
        match self.differs {
            Some(first) if step > first => self.running.step_at(time).max(first),
            _ => step.min(self.computed),
        }
    }

    /// Looks for the first difference in what is computed of both.
    fn compare(&mut self, mine: &Running, over: bool) {
        if self.differs.is_some() {
            return;
        }
        let (left, right) = (mine.timeline(), self.running.timeline());
        let (ours, theirs) = (left.len(), right.len());
        let until = ours.min(theirs).min(self.same + AT_ONCE);
        while self.same < until {
            let is_same = match (left.record(self.same), right.record(self.same)) {
                (Some(one), Some(other)) => {
                    (one.step, one.time, one.digest) == (other.step, other.time, other.digest)
                }
                _ => false,
            };
            if !is_same {
                self.differs = Some(self.same);
                return;
            }
            self.same += 1;
        }
        if over && self.over && ours != theirs && self.same == ours.min(theirs) {
            self.differs = Some(self.same);
        }
    }

    /// How far both are computed and compared: it grows as long as there is something to do.
    pub(crate) const fn compared_so_far(&self) -> u32 {
        self.computed.wrapping_add(self.same)
    }

    /// Whether all that both have was compared.
    pub(crate) fn is_compared(&self, mine: u32) -> bool {
        self.differs.is_some() || self.same >= mine.min(self.computed)
    }
}

impl Scene {
    /// Compares the run with another one, or no longer. Gives a sentence where there is no other one.
    pub(super) fn compare(&mut self, against: Option<Against>) -> Option<String> {
        self.other = None;
        let against = against?;
        let (text, names) = self.variant(&against)?;
        let Some(plan) = reading::read(&text)?.plan else {
            return Some(
                "The other run cannot be started: its text has mistakes. Mend this one first.".to_owned(),
            );
        };
        match Running::open(plan) {
            Ok(running) => {
                let (computed, over) = (running.len(), running.is_over());
                let running = Rc::new(running);
                let mut other =
                    Other { against, names, running, computed, over, view: None, differs: None, same: 0 };
                if let Some(mine) = &self.running {
                    other.compare(mine, self.over);
                }
                self.other = Some(other);
                self.look_across()
            }
            Err(sentence) => Some(sentence),
        }
    }

    /// The text of the other run, and what both are called.
    fn variant(&self, against: &Against) -> Option<(String, [Rc<str>; 2])> {
        let (text, mine, other): (String, String, String) = match against {
            Against::Branch(id) => {
                let name = |id: u32| self.branches.get(id).map(|branch| branch.name.to_string());
                let text = self.branches.text(*id).filter(|_| *id != self.branches.here())?;
                (text.to_string(), name(self.branches.here())?, name(*id)?)
            }
            Against::Flaw(flaw) => {
                let edit = edit::set_flaw(&self.text, flaw, true);
                let is_on = edit.is_none();
                let edit = edit.or_else(|| edit::set_flaw(&self.text, flaw, false))?;
                let (with, without) = (format!("With {flaw}"), format!("Without {flaw}"));
                let (mine, other) = if is_on { (with, without) } else { (without, with) };
                (edit.apply(&self.text), mine, other)
            }
            Against::Knob(knob, word) => {
                let stated = edit::stated(&self.text, &["set", knob]).unwrap_or("as it is").to_owned();
                let edit = edit::set(&self.text, &["set", knob], word);
                (edit.apply(&self.text), format!("{knob} {stated}"), format!("{knob} {word}"))
            }
        };
        Some((text, [mine.into(), other.into()]))
    }

    /// The text is another one: so is the other run.
    pub(super) fn compare_anew(&mut self) {
        if let Some(other) = self.other.take() {
            // A branch that is shown now, or is gone, is compared with nothing.
            let _ = self.explored(Action::Compare(Some(other.against)));
        }
    }

    /// More of one of both is computed.
    pub(super) fn compared(&mut self) -> Option<String> {
        if let (Some(other), Some(mine)) = (&mut self.other, &self.running) {
            other.computed = other.running.len();
            other.over = other.running.is_over();
            other.compare(mine, self.over);
        }
        self.look_across()
    }

    /// Shows the other run at the moment at which this one is shown.
    pub(super) fn look_across(&mut self) -> Option<String> {
        let view = self.view.as_ref()?;
        let other = self.other.as_mut()?;
        let step = other.step(view.step, view.time);
        if other.view.as_ref().is_some_and(|view| view.step == step) {
            return None;
        }
        match other.running.look(step) {
            Ok(view) => {
                other.view = Some(view);
                None
            }
            Err(sentence) => Some(sentence),
        }
    }
}
