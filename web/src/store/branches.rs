//! What if: the ways in which a story could go. Whoever acts in the past leaves the run as it was, and opens a *branch*: the same
//! text with one line more. A later act on a branch belongs to that branch; an act before it opens another one.

use std::rc::Rc;

use splitbrain_core::unit::Time;

use super::changes::Changes;

/// So many branches are kept of a scenario: more of them nobody tells apart.
pub(crate) const MOST: usize = 16;
/// Letters of a name.
const NAME: usize = 60;

/// One way in which the story goes.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Branch {
    /// Its number. The run as it is written has 0.
    pub(crate) id: u32,
    /// What it is called: what was done first, as long as nobody says otherwise.
    pub(crate) name: Rc<str>,
    /// The branch that it left.
    pub(crate) parent: Option<u32>,
    /// When it left it.
    pub(crate) fork: Time,
    /// Whether a promise is broken on it, once that is known.
    pub(crate) fails: Option<bool>,
    /// When the last thing was done on it.
    last: Time,
    /// Its text, while another branch is shown.
    text: Rc<str>,
    changes: Rc<Changes>,
}

/// All of them, and which is shown. The text of that one is the scene's.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Branches {
    all: Vec<Branch>,
    here: u32,
    /// The branch that undo has taken back last.
    undone: Option<Branch>,
}

impl Default for Branches {
    fn default() -> Self {
        let root = Branch {
            id: 0,
            name: "As written".into(),
            parent: None,
            fork: Time::ZERO,
            fails: None,
            last: Time::ZERO,
            text: "".into(),
            changes: Rc::default(),
        };
        Self { all: vec![root], here: 0, undone: None }
    }
}

/// The text of a branch, and what was changed in it.
pub(super) type Taken = (Rc<str>, Rc<Changes>);

impl Branches {
    /// Every branch, each after the one that it left.
    pub(crate) fn all(&self) -> &[Branch] {
        &self.all
    }

    /// The number of the one that is shown.
    pub(crate) const fn here(&self) -> u32 {
        self.here
    }

    /// The branch of this number.
    pub(crate) fn get(&self, id: u32) -> Option<&Branch> {
        self.all.iter().find(|branch| branch.id == id)
    }

    fn mine(&mut self) -> Option<&mut Branch> {
        let here = self.here;
        self.all.iter_mut().find(|branch| branch.id == here)
    }

    /// The text of a branch that is not shown.
    pub(crate) fn text(&self, id: u32) -> Option<&Rc<str>> {
        self.get(id).map(|branch| &branch.text)
    }

    /// Whether something that is done at this time is done in the past of the branch that is shown.
    pub(super) fn is_past(&self, time: Time) -> bool {
        self.here == 0 || self.get(self.here).is_some_and(|branch| time < branch.last)
    }

    /// Something is done on the branch that is shown, with its text as it was until then.
    pub(super) fn done(&mut self, what: &str, time: Time, text: &Rc<str>) {
        let left = self.get(self.here).and_then(|branch| self.text(branch.parent?)).cloned();
        self.mine().into_iter().for_each(|branch| {
            branch.last = time;
            if left.as_ref() == Some(text) {
                // It was opened, and nothing more: now it has something to be called by.
                branch.name = named(what);
            }
        });
        self.undone = None;
    }

    /// Opens a branch, which leaves the shown one, with its text as it is now. False where there are too many.
    pub(super) fn fork(&mut self, name: &str, time: Time, (text, changes): Taken) -> bool {
        if self.all.len() >= MOST {
            return false;
        }
        let id = self.all.iter().map(|branch| branch.id).max().unwrap_or(0).saturating_add(1);
        self.keep((text.clone(), changes.clone()));
        let branch = Branch {
            id,
            name: named(name),
            parent: Some(self.here),
            fork: time,
            fails: None,
            last: time,
            text,
            changes,
        };
        self.put(branch);
        true
    }

    /// Puts a branch after the last one that comes from the same, and shows it.
    fn put(&mut self, branch: Branch) {
        let from = |mut id: u32| loop {
            if Some(id) == branch.parent {
                return true;
            }
            match self.get(id).and_then(|branch| branch.parent) {
                Some(parent) => id = parent,
                None => return false,
            }
        };
        let place =
            self.all.iter().rposition(|other| from(other.id)).map_or(self.all.len(), |place| place + 1);
        self.here = branch.id;
        self.undone = None;
        self.all.insert(place, branch);
    }

    /// Keeps the text of the branch that is shown.
    fn keep(&mut self, (text, changes): Taken) {
        if let Some(branch) = self.mine() {
            (branch.text, branch.changes) = (text, changes);
        }
    }

    /// Shows another branch: keeps the text of the one before, and gives that of the other.
    pub(super) fn go(&mut self, id: u32, now: Taken) -> Option<Taken> {
        let branch = self.get(id).filter(|branch| branch.id != self.here)?;
        let taken = (branch.text.clone(), branch.changes.clone());
        self.keep(now);
        self.here = id;
        self.undone = None;
        Some(taken)
    }

    /// Deletes a branch. What left it leaves what it left. Gives the text to show, where that was its own.
    pub(super) fn remove(&mut self, id: u32) -> Option<Taken> {
        let parent = self.get(id)?.parent?;
        self.all.retain(|branch| branch.id != id);
        for branch in self.all.iter_mut().filter(|branch| branch.parent == Some(id)) {
            branch.parent = Some(parent);
        }
        self.undone = None;
        if self.here != id {
            return None;
        }
        self.here = parent;
        self.get(parent).map(|branch| (branch.text.clone(), branch.changes.clone()))
    }

    /// Gives a branch another name.
    pub(super) fn rename(&mut self, id: u32, name: &str) {
        if let Some(branch) = self.all.iter_mut().find(|branch| branch.id == id) {
            branch.name = named(name);
        }
    }

    /// It is known whether a promise is broken on the branch that is shown.
    pub(super) fn judge(&mut self, fails: Option<bool>) {
        self.mine().into_iter().for_each(|branch| branch.fails = fails);
    }

    /// The text was changed by undo, or brought back: a branch that is what it left is none, and one that comes back is one.
    pub(super) fn stepped(&mut self, back: bool, text: &Rc<str>, changes: &Rc<Changes>) {
        if !back {
            if let Some(branch) = self.undone.take().filter(|branch| branch.text == *text) {
                self.put(branch);
            }
            return;
        }
        let mine = self.get(self.here).cloned();
        let left =
            mine.as_ref().and_then(|branch| self.text(branch.parent?)).is_some_and(|left| left == text);
        let is_left = self.all.iter().any(|branch| branch.parent == Some(self.here));
        if let Some(mut branch) = mine.filter(|_| left && !is_left) {
            self.all.retain(|other| other.id != branch.id);
            self.here = branch.parent.unwrap_or(0);
            // What redo gives back is the text with the line.
            let mut again = changes.as_ref().clone();
            if let Some(edit) = again.step(text, false) {
                branch.text = edit.apply(text).into();
                self.undone = Some(branch);
            }
        }
    }

    /// All of it as a text to keep; nothing where there is one branch alone.
    pub(super) fn written(&self, shown: &str) -> Option<String> {
        if self.all.len() < 2 {
            return None;
        }
        let mut out = format!("{}\n", self.here);
        for branch in &self.all {
            let text = if branch.id == self.here { shown } else { &branch.text };
            let parent = branch.parent.map_or_else(|| "-".to_owned(), |parent| parent.to_string());
            out += &format!(
                "{}\t{parent}\t{}\t{}\t{}\t{}\n{text}\n",
                branch.id,
                branch.fork.0,
                branch.last.0,
                text.len(),
                branch.name
            );
        }
        Some(out)
    }

    /// Reads what was kept, and gives the text of the branch that was shown. It may have been written by anybody.
    pub(super) fn read(kept: &str) -> Option<(Self, Rc<str>)> {
        let (here, mut rest) = kept.split_once('\n')?;
        let mut all: Vec<Branch> = Vec::new();
        while !rest.is_empty() && all.len() < MOST {
            let (head, behind) = rest.split_once('\n')?;
            let mut parts = head.splitn(6, '\t');
            let mut next = || parts.next();
            let (id, parent) = (next()?.parse().ok()?, next()?);
            let (fork, last) = (Time(next()?.parse().ok()?), Time(next()?.parse().ok()?));
            let (length, name) = (next()?.parse::<usize>().ok()?, named(next()?));
            let parent = if all.is_empty() { None } else { Some(parent.parse().ok()?) };
            let is_known = |id: u32| all.iter().any(|branch| branch.id == id);
            if is_known(id) || parent.is_some_and(|parent| !is_known(parent)) || parent.is_none() && id != 0 {
                return None;
            }
            let text: Rc<str> = behind.get(..length)?.into();
            rest = behind.get(length..)?.strip_prefix('\n')?;
            all.push(Branch { id, name, parent, fork, fails: None, last, text, changes: Rc::default() });
        }
        let here = here.parse().ok()?;
        let text = all.iter().find(|branch| branch.id == here)?.text.clone();
        Some((Self { all, here, undone: None }, text))
    }
}

fn named(name: &str) -> Rc<str> {
    let name: String = name.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(NAME).collect();
    if name.is_empty() { "Without a name".into() } else { name.into() }
}

#[cfg(test)]
mod tests {
    use splitbrain_scenarios::edit::Edit;

    use super::super::changes::between;
    use super::*;

    /// A text with its branches, as a scene keeps them.
    struct Story(Rc<str>, Rc<Changes>, Branches);

    impl Story {
        fn new(text: &str) -> Self {
            Self(text.into(), Rc::default(), Branches::default())
        }

        fn edit(&mut self, edit: &Edit) {
            Rc::make_mut(&mut self.1).note(&self.0, edit, false);
            self.0 = edit.apply(&self.0).into();
        }

        fn act(&mut self, line: &str, time: u64) {
            if self.2.is_past(Time(time)) {
                assert!(self.2.fork(line, Time(time), (self.0.clone(), self.1.clone())));
            } else {
                self.2.done(line, Time(time), &self.0.clone());
            }
            let edit = between(&self.0, &format!("{}{line}\n", self.0));
            self.edit(&edit);
        }

        fn undo(&mut self, back: bool) {
            if let Some(edit) = Rc::make_mut(&mut self.1).step(&self.0, back) {
                self.0 = edit.apply(&self.0).into();
                self.2.stepped(back, &self.0, &self.1);
            }
        }

        fn go(&mut self, id: u32) {
            if let Some((text, changes)) = self.2.go(id, (self.0.clone(), self.1.clone())) {
                (self.0, self.1) = (text, changes);
            }
        }

        fn shape(&self) -> Vec<(u32, Option<u32>)> {
            self.2.all().iter().map(|branch| (branch.id, branch.parent)).collect()
        }
    }

    #[test]
    fn an_act_in_the_past_opens_a_branch_and_later_ones_belong_to_it() {
        let mut story = Story::new("a\n");
        story.act("x", 5);
        story.act("y", 9);
        assert_eq!((story.shape(), story.2.here()), (vec![(0, None), (1, Some(0))], 1));
        story.act("z", 7);
        assert_eq!((story.shape(), story.2.here()), (vec![(0, None), (1, Some(0)), (2, Some(1))], 2));
        assert_eq!(&*story.0, "a\nx\ny\nz\n");
        story.go(0);
        assert_eq!(&*story.0, "a\n");
        story.act("w", 3);
        story.go(1);
        assert_eq!(&*story.0, "a\nx\ny\n");
        // Each stands behind the one that it left, and behind what that had already.
        assert_eq!(story.shape(), [(0, None), (1, Some(0)), (2, Some(1)), (3, Some(0))]);
    }

    #[test]
    fn undo_takes_a_branch_back_and_redo_brings_it_again() {
        let mut story = Story::new("a\n");
        story.act("x", 5);
        story.act("y", 9);
        story.undo(true);
        assert_eq!((story.shape().len(), &*story.0), (2, "a\nx\n"));
        story.undo(true);
        assert_eq!((story.shape(), &*story.0), (vec![(0, None)], "a\n"));
        story.undo(false);
        assert_eq!((story.shape(), &*story.0), (vec![(0, None), (1, Some(0))], "a\nx\n"));
        story.undo(false);
        assert_eq!(&*story.0, "a\nx\ny\n");
        story.go(0);
        assert_eq!(&*story.0, "a\n", "what the branch left is as it was");
    }

    #[test]
    fn what_left_a_deleted_branch_leaves_what_that_left() {
        let mut story = Story::new("a\n");
        story.act("x", 5);
        story.act("y", 3);
        let shown = story.2.remove(1);
        assert_eq!((shown, story.shape()), (None, vec![(0, None), (2, Some(0))]));
        let shown = story.2.remove(2).map(|(text, _)| text);
        assert_eq!((shown.as_deref(), story.2.here()), (Some("a\n"), 0));
        assert_eq!(story.2.remove(0), None);
    }

    #[test]
    fn what_is_kept_is_read_again_and_nonsense_is_nothing() {
        let mut story = Story::new("a\n");
        assert_eq!(story.2.written(&story.0), None);
        story.act("é stands\tstill", 5);
        story.act("y", 3);
        story.2.rename(2, "mine\nand  yours");
        let kept = story.2.written(&story.0).expect("there are three");
        let (read, text) = Branches::read(&kept).expect("it was written so");
        assert_eq!((read.written(&text), &text), (Some(kept.clone()), &story.0));
        assert_eq!(read.get(2).map(|branch| &*branch.name), Some("mine and yours"));
        for end in 0..kept.len() {
            // Cut off anywhere, it is read in part or not at all, and never fails.
            let _ = kept.get(..end).map(Branches::read);
        }
        for nonsense in ["", "0", "0\n", "9\n0\t-\t0\t0\t1\tx\na\n", "0\n0\t-\t0\t0\t99999999999\tx\na\n"] {
            assert!(Branches::read(nonsense).is_none(), "{nonsense:?}");
        }
    }
}
