//! The timeline: every run is a list of steps, and any state of it is a checkpoint and a short replay away.
//!
//! A cursor is a branch and a number of records. Going back and doing something else opens a branch; the old future stays.
//! Every replayed step is compared with the digest that was recorded when it happened first.

mod error;
mod room;
mod trace;

use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

pub use error::SeekError;
pub use trace::Row;

use crate::lab::Run;
use crate::simulation::Step;
use crate::trace::Record;
use crate::unit::Time;
use room::Room;
use trace::Trace;

/// Steps between two checkpoints. A replay of this length takes well under a millisecond.
const SPACING: u32 = 1_536;
/// What a checkpoint and what is asked up to the next one take, about; rather too much than too little.
const STATE: u64 = 64 << 10;

/// A line of history.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct BranchId(pub u32);

/// A place in a run: so many records of a branch have happened, those of its ancestors included.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct Cursor {
    /// Which branch.
    pub branch: BranchId,
    /// How many records; 0 is the start.
    pub step: u32,
}

struct Branch {
    /// Where it leaves its parent. The first branch leaves nothing, at 0.
    from: Cursor,
    trace: Trace,
    /// States after `from.step`, `from.step + SPACING`, … records.
    checkpoints: Vec<Box<dyn Run>>,
    tip: Box<dyn Run>,
    /// How it ended, once it has: by itself, or stopped.
    concluded: Option<bool>,
}

impl Branch {
    fn len(&self) -> u32 {
        self.from.step + self.trace.len()
    }

    /// Takes a run that has so many records on to where it has more, and compares every digest.
    fn play(&self, run: &mut dyn Run, from: u32, to: u32, record: &mut Record) -> Result<(), SeekError> {
        for at in from..to {
            let Some(row) = self.trace.row(at - self.from.step) else { break };
            run.apply(row.step, record);
            if record.digest != row.digest {
                return Err(SeekError::Diverged {
                    record: at,
                    recorded: row.digest,
                    replayed: record.digest,
                });
            }
        }
        Ok(())
    }
}

/// A run and all its branches.
pub struct Timeline {
    branches: Vec<Branch>,
    active: BranchId,
    view: Box<dyn Run>,
    cursor: Cursor,
    record: Record,
    room: Room,
}

impl fmt::Debug for Timeline {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Timeline")
            .field("cursor", &self.cursor)
            .field("length", &self.len())
            .finish_non_exhaustive()
    }
}

impl Timeline {
    /// The timeline of a run that has not begun.
    #[must_use]
    pub fn new(run: Box<dyn Run>) -> Self {
        let first = Branch {
            from: Cursor::default(),
            trace: Trace::new(),
            checkpoints: alloc::vec![run.fork()],
            tip: run,
            concluded: None,
        };
        let view = first.tip.fork();
        Self {
            branches: alloc::vec![first],
            active: BranchId(0),
            view,
            cursor: Cursor::default(),
            record: Record::default(),
            room: Room::new(),
        }
    }

    /// The branch that grows.
    #[must_use]
    pub fn active(&self) -> BranchId {
        self.active
    }

    /// How many records the active branch has, those of its ancestors included.
    #[must_use]
    pub fn len(&self) -> u32 {
        self.branch(self.active).len()
    }

    /// True before the first step.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The run at the end of the active branch.
    #[must_use]
    pub fn tip(&self) -> &dyn Run {
        &*self.branch(self.active).tip
    }

    /// Takes a step at the end of the active branch. A branch that was over goes on.
    pub fn apply(&mut self, step: Step) -> &Record {
        if self.branch(self.active).concluded.is_some() {
            self.reopen();
        }
        let branch = &mut self.branches[self.active.0 as usize];
        branch.tip.apply(step, &mut self.record);
        branch.trace.push(&self.record);
        if branch.trace.len().is_multiple_of(SPACING) {
            branch.checkpoints.push(branch.tip.fork());
            let states = branch.checkpoints.len() as u64 * STATE;
            self.room.make(branch.trace.bytes() + states);
        }
        &self.record
    }

    /// The run at the end of the active branch, and the record that was filled last.
    #[must_use]
    pub fn last(&self) -> (&dyn Run, &Record) {
        (self.tip(), &self.record)
    }

    /// The active branch is over: by itself (`quiet`), or stopped. Verdicts that turn by it are the last record's.
    pub fn conclude(&mut self, quiet: bool) {
        let branch = &mut self.branches[self.active.0 as usize];
        self.record.verdicts.clear();
        branch.concluded = Some(quiet);
        branch.tip.conclude(quiet, &mut self.record);
    }

    /// Takes back that the active branch is over, and what was judged because of that.
    fn reopen(&mut self) {
        if let Ok(tip) = self.fork_at(self.len()) {
            let branch = &mut self.branches[self.active.0 as usize];
            (branch.tip, branch.concluded) = (tip, None);
        }
    }

    /// Opens a branch at a place in the past, or at an end, and makes it the one that grows. Nothing is lost.
    ///
    /// # Errors
    /// Where there is no such place.
    pub fn branch_at(&mut self, cursor: Cursor) -> Result<BranchId, SeekError> {
        // From the state before a verdict on the end was spoken: this branch goes on.
        let tip = self.replay(cursor)?.branch();
        let from = self.owner(cursor);
        let branch =
            Branch { from, trace: Trace::new(), checkpoints: alloc::vec![tip.fork()], tip, concluded: None };
        self.branches.push(branch);
        self.active = BranchId(self.branches.len() as u32 - 1);
        Ok(self.active)
    }

    /// Makes another branch the one that grows.
    ///
    /// # Errors
    /// Where there is no such branch.
    pub fn activate(&mut self, branch: BranchId) -> Result<(), SeekError> {
        if branch.0 as usize >= self.branches.len() {
            return Err(SeekError::Outside { cursor: Cursor { branch, step: 0 }, length: 0 });
        }
        self.active = branch;
        Ok(())
    }

    /// Every branch, with the place where it leaves its parent and its length.
    pub fn branches(&self) -> impl Iterator<Item = (BranchId, Cursor, u32)> {
        self.branches.iter().enumerate().map(|(id, branch)| (BranchId(id as u32), branch.from, branch.len()))
    }

    /// Where the view stands.
    #[must_use]
    pub fn cursor(&self) -> Cursor {
        self.cursor
    }

    /// The run at the cursor, as it was left by the last seek.
    #[must_use]
    pub fn view(&self) -> &dyn Run {
        &*self.view
    }

    /// Goes to a place: the nearest checkpoint before it, then a replay in which every digest is compared. At the end of a
    /// branch that is over, what was owed there is judged as it was when it ended.
    ///
    /// # Errors
    /// Where there is no such place, or a replay diverges. The view then stands at the last checkpoint before that.
    pub fn seek(&mut self, cursor: Cursor) -> Result<&dyn Run, SeekError> {
        self.replay(cursor)?;
        if let (true, Some(quiet)) = self.end(cursor) {
            self.view.conclude(quiet, &mut self.record);
        }
        Ok(&*self.view)
    }

    /// A run of its own as it was after so many records of the active branch. The view stays where it is.
    ///
    /// # Errors
    /// Where there is no such place, or a replay diverges.
    pub fn fork_at(&self, step: u32) -> Result<Box<dyn Run>, SeekError> {
        let (cursor, length) = (Cursor { branch: self.active, step }, self.len());
        if step > length {
            return Err(SeekError::Outside { cursor, length });
        }
        let branch = self.branch(self.owner(cursor).branch);
        let nearest = (step - branch.from.step) / SPACING;
        let mut run = branch.checkpoints[nearest as usize].fork();
        branch.play(&mut *run, branch.from.step + nearest * SPACING, step, &mut Record::default())?;
        Ok(run)
    }

    /// Whether a place is the end of its branch, and how that ended if it has.
    fn end(&self, cursor: Cursor) -> (bool, Option<bool>) {
        let branch = self.branch(cursor.branch);
        (cursor.step == branch.len(), branch.concluded)
    }

    fn replay(&mut self, cursor: Cursor) -> Result<&dyn Run, SeekError> {
        let length = self.branches.get(cursor.branch.0 as usize).map_or(0, Branch::len);
        if cursor.step > length || cursor.branch.0 as usize >= self.branches.len() {
            return Err(SeekError::Outside { cursor, length });
        }
        let target = self.owner(cursor);
        let here = self.owner(self.cursor);
        let branch = self.branch(target.branch);
        let nearest = (target.step - branch.from.step) / SPACING;
        let checkpoint = branch.from.step + nearest * SPACING;
        let concluded = matches!(self.end(self.cursor), (true, Some(_)));
        let onward =
            here.branch == target.branch && (checkpoint..=target.step).contains(&here.step) && !concluded;
        let at = if onward { here.step } else { checkpoint };
        if !onward {
            self.view = branch.checkpoints[nearest as usize].fork();
        }
        let branch = &self.branches[target.branch.0 as usize];
        if let Err(error) = branch.play(&mut *self.view, at, target.step, &mut self.record) {
            // The view is of no use any more: back to a state that is known to be right.
            self.view = branch.checkpoints[nearest as usize].fork();
            self.cursor = Cursor { branch: target.branch, step: checkpoint };
            return Err(error);
        }
        self.cursor = cursor;
        Ok(&*self.view)
    }

    /// What is kept of a record, by its place on the active branch or its ancestors.
    #[must_use]
    pub fn row(&self, record: u32) -> Option<&Row> {
        let (branch, place) = self.place(record)?;
        branch.trace.row(place)
    }

    /// When a record of the active branch happened.
    #[must_use]
    pub fn time(&self, record: u32) -> Option<Time> {
        self.row(record).map(|row| row.time)
    }

    /// A whole record of the active branch.
    #[must_use]
    pub fn record(&self, record: u32) -> Option<Record> {
        let mut out = Record::default();
        self.read(record, &mut out).map(|()| out)
    }

    /// Unpacks a record of the active branch into memory that is used again.
    pub fn read(&self, record: u32, out: &mut Record) -> Option<()> {
        let (branch, place) = self.place(record)?;
        branch.trace.unpack(place, record, out)
    }

    /// How many records of the active branch happened at this time or before: the cursor of that moment.
    #[must_use]
    pub fn step_at(&self, time: Time) -> u32 {
        let mut id = self.active;
        loop {
            let branch = self.branch(id);
            let inside = branch.trace.until(time);
            if inside > 0 || branch.from.step == 0 {
                return branch.from.step + inside;
            }
            let before = self.row(branch.from.step - 1).is_some_and(|row| row.time <= time);
            if before {
                return branch.from.step;
            }
            id = branch.from.branch;
        }
    }

    /// The protocol's own words at a record, by replaying it with notes. The view stays where it is.
    #[must_use]
    pub fn notes(&self, record: u32) -> Vec<String> {
        let (Some(row), Ok(mut run)) = (self.row(record), self.fork_at(record)) else { return Vec::new() };
        run.keep_notes(true);
        let mut replayed = Record::default();
        run.apply(row.step, &mut replayed);
        replayed.notes
    }

    /// Bytes that the traces of all branches take, spare room included; checkpoints not counted.
    #[must_use]
    pub fn trace_bytes(&self) -> u64 {
        self.branches.iter().map(|branch| branch.trace.bytes()).sum()
    }

    fn branch(&self, id: BranchId) -> &Branch {
        &self.branches[id.0 as usize]
    }

    /// The branch that a place really belongs to: an ancestor's, where the place is no later than the fork.
    fn owner(&self, cursor: Cursor) -> Cursor {
        let mut branch = cursor.branch;
        while cursor.step < self.branch(branch).from.step {
            branch = self.branch(branch).from.branch;
        }
        Cursor { branch, step: cursor.step }
    }

    fn place(&self, record: u32) -> Option<(&Branch, u32)> {
        let mut branch = self.branch(self.active);
        while record < branch.from.step {
            branch = self.branch(branch.from.branch);
        }
        (record < branch.len()).then(|| (branch, record - branch.from.step))
    }
}
