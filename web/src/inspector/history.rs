//! The notes that a node has written up to the cursor. Nobody keeps them: a run is played once more with notes, a little at a
//! time, in pieces from the cursor backwards, until there are as many as are shown. So a run of any length costs what is shown.

use std::rc::Rc;

use splitbrain_core::lab::Run;
use splitbrain_core::timeline::Timeline;
use splitbrain_core::trace::Record;
use splitbrain_core::unit::NodeId;

/// As many of them are shown.
pub(super) const SHOWN: usize = 50;
/// Records of a piece: as many as lie between two checkpoints of a timeline.
const PIECE: u32 = 1_536;
/// Records between two looks at the watch.
const BETWEEN_LOOKS: u32 = 64;

/// A note, and its record.
pub(super) type Noted = (u32, Rc<str>);

/// What is known of a piece of the run: notes up to a record.
#[derive(Clone, Default, Debug)]
struct Piece {
    upto: u32,
    notes: Vec<Noted>,
}

/// The notes of one node of one run, as far as somebody wanted to see them.
pub(super) struct History {
    node: NodeId,
    pieces: Vec<Piece>,
    /// The piece that is being played, and how far it is.
    work: Option<(usize, Piece, Box<dyn Run>)>,
}

impl History {
    pub(super) fn of(node: NodeId) -> Self {
        Self { node, pieces: Vec::new(), work: None }
    }

    /// The last notes before a step, the newest first, and whether that is all that is wanted of them.
    pub(super) fn told(&self, step: u32) -> (Vec<Noted>, bool) {
        let mut out = Vec::new();
        for place in (0..=self.piece(step)).rev() {
            let Some(piece) = self.pieces.get(place) else { return (out, false) };
            out.extend(piece.notes.iter().rev().filter(|(record, _)| *record < step).cloned());
            if out.len() >= SHOWN {
                out.truncate(SHOWN);
                return (out, true);
            }
            if piece.upto < end(place).min(step) {
                return (out, false);
            }
        }
        (out, true)
    }

    /// Plays on while there is time for it. True once nothing is left to do for this step.
    pub(super) fn find(&mut self, timeline: &Timeline, step: u32, is_time: &dyn Fn() -> bool) -> bool {
        let step = step.min(timeline.len());
        loop {
            let Some(place) = self.missing(step) else { return true };
            if self.work.as_ref().is_none_or(|(other, ..)| *other != place) {
                let start = place as u32 * PIECE;
                let Ok(mut run) = timeline.fork_at(start) else { return true };
                run.keep_notes(true);
                self.work = Some((place, Piece { upto: start, notes: Vec::new() }, run));
            }
            if !self.play(timeline, end(place).min(timeline.len()), is_time) {
                return false;
            }
        }
    }

    /// Goes on with the piece that is being played. True once it is known up to its end.
    fn play(&mut self, timeline: &Timeline, end: u32, is_time: &dyn Fn() -> bool) -> bool {
        let Some((place, mut piece, mut run)) = self.work.take() else { return true };
        let mut record = Record::default();
        while piece.upto < end {
            if piece.upto.is_multiple_of(BETWEEN_LOOKS) && !is_time() {
                self.work = Some((place, piece, run));
                return false;
            }
            let Some(row) = timeline.row(piece.upto) else { break };
            run.apply(row.step, &mut record);
            if row.node() == Some(self.node) {
                piece.notes.extend(record.notes.drain(..).map(|note| (piece.upto, note.into())));
            }
            piece.upto += 1;
        }
        if self.pieces.len() <= place {
            self.pieces.resize_with(place + 1, Piece::default);
        }
        self.pieces[place] = piece;
        true
    }

    /// The next piece that has to be played.
    fn missing(&self, step: u32) -> Option<usize> {
        let mut count = 0;
        for place in (0..=self.piece(step)).rev() {
            let Some(piece) = self.pieces.get(place) else { return Some(place) };
            if piece.upto < end(place).min(step) {
                return Some(place);
            }
            count += piece.notes.iter().filter(|(record, _)| *record < step).count();
            if count >= SHOWN {
                return None;
            }
        }
        None
    }

    /// The piece in which the last record before a step lies.
    fn piece(&self, step: u32) -> usize {
        (step.saturating_sub(1) / PIECE) as usize
    }
}

fn end(place: usize) -> u32 {
    (place as u32 + 1) * PIECE
}

/// A note in two: where the rule stands (`Raft §5.4.1`), and what it says. Many are of the node's own words alone.
pub(super) fn section(note: &str) -> (Option<&str>, &str) {
    match note.split_once(": ") {
        // Papers have names; what a node says of itself begins small.
        Some((source, rest))
            if source.starts_with(|first: char| first.is_ascii_uppercase()) && names(source) =>
        {
            (Some(source), rest)
        }
        _ => (None, note),
    }
}

/// Whether this names a place in a paper: by a section, a year, or what a documentation calls it; and is no sentence.
fn names(source: &str) -> bool {
    let is_sentence =
        source.split(". ").skip(1).any(|rest| rest.starts_with(|first: char| first.is_ascii_uppercase()));
    let is_year = |word: &str| word.len() == 4 && word.bytes().all(|byte| byte.is_ascii_digit());
    let is_place = source.contains('§') || source.contains(", ");
    !is_sentence && (is_place || source.split(|sign: char| !sign.is_ascii_alphanumeric()).any(is_year))
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use splitbrain_scenarios::catalog;

    use super::*;
    use crate::diagram::tests::played;

    /// Every note of a node before a step, the newest first, straight from the run.
    fn all(timeline: &Timeline, node: NodeId, step: u32) -> Vec<(u32, String)> {
        let mut run = timeline.fork_at(0).expect("the start");
        run.keep_notes(true);
        let (mut out, mut record) = (Vec::new(), Record::default());
        for number in 0..step {
            run.apply(timeline.row(number).expect("a row").step, &mut record);
            if record.node == Some(node) {
                out.extend(record.notes.iter().map(|note| (number, note.clone())));
            }
        }
        // Several of one record are read in reverse, as the records are.
        out.reverse();
        out.truncate(SHOWN);
        out
    }

    #[test]
    fn the_last_notes_are_found_a_little_at_a_time() {
        let mut text = "lab raft\nnodes 3\nclients 1\nstop at 60s\n".to_owned();
        (1..50).for_each(|second| text += &format!("at {second}s c1 put x {second}\n"));
        let session = played(&text);
        let timeline = session.timeline();
        assert!(timeline.len() > 3 * PIECE, "{}", timeline.len());
        for node in [NodeId(0), NodeId(2), NodeId(3)] {
            let mut history = History::of(node);
            for step in [timeline.len(), 10, PIECE + 3, 0, 2 * PIECE] {
                let mut slices = 0;
                let left = Cell::new(0);
                let is_time = || left.replace(left.get() - 1) > 0;
                loop {
                    left.set(3);
                    slices += 1;
                    if history.find(timeline, step, &is_time) {
                        break;
                    }
                    assert!(!history.told(step).1, "it is not known yet");
                }
                let (told, whole) = history.told(step);
                let told: Vec<_> =
                    told.into_iter().map(|(record, note)| (record, note.to_string())).collect();
                assert!(whole && slices < 200);
                assert_eq!(told, all(timeline, node, step), "{node:?} after {step}");
            }
        }
    }

    #[test]
    fn a_section_is_set_apart_from_what_it_says() {
        assert_eq!(
            section("Raft §5.4.1: candidate's log is behind"),
            (Some("Raft §5.4.1"), "candidate's log is behind")
        );
        assert_eq!(section("Kleppmann 2016: token 3 is older"), (Some("Kleppmann 2016"), "token 3 is older"));
        for own in ["my clock says 1.2 s: token 3 is valid", "request 2 came before: the same answer", "idle"]
        {
            assert_eq!(section(own), (None, own));
        }
    }

    #[test]
    fn every_lab_names_the_sections_of_its_rules() {
        let mut named: Vec<(&str, usize)> = Vec::new();
        for canned in catalog::shelves().flat_map(|shelf| shelf.scenarios) {
            let session = played(canned.text);
            let timeline = session.timeline();
            let mut run = timeline.fork_at(0).expect("the start");
            run.keep_notes(true);
            let mut record = Record::default();
            for number in 0..timeline.len().min(2_000) {
                run.apply(timeline.row(number).expect("a row").step, &mut record);
                for note in &record.notes {
                    if let (Some(source), rest) = section(note) {
                        assert!(source.chars().count() < 70 && !rest.is_empty(), "{note}");
                        match named.iter_mut().find(|(lab, _)| *lab == canned.lab) {
                            Some((_, count)) => *count += 1,
                            None => named.push((canned.lab, 1)),
                        }
                    }
                }
            }
        }
        assert!(named.len() >= 6 && named.iter().all(|(_, count)| *count > 5), "{named:?}");
    }
}
