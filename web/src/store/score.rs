//! What a person has predicted and solved so far. Of a question the first answer counts.

use std::rc::Rc;

use splitbrain_scenarios::challenge;

use super::State;
use super::drafts;
use super::reading;
use super::running::Running;
use super::scene::Scene;
use crate::route::Route;

/// Everything that is counted, kept in the browser.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(crate) struct Score {
    /// Each question that was answered, and whether it was answered right.
    predicted: Vec<(String, bool)>,
    /// Each challenge that was met.
    solved: Vec<String>,
}

impl Score {
    /// What was kept. It may have been written by anybody.
    pub(super) fn read(kept: &str) -> Self {
        let mut score = Self::default();
        for line in kept.lines() {
            match line.split_at_checked(1) {
                Some(("+", id)) => score.predict(id, true),
                Some(("-", id)) => score.predict(id, false),
                Some(("!", id)) => score.solve(id),
                _ => {}
            }
        }
        score
    }

    fn written(&self) -> String {
        let predicted =
            self.predicted.iter().map(|(id, right)| format!("{}{id}\n", if *right { '+' } else { '-' }));
        predicted.chain(self.solved.iter().map(|id| format!("!{id}\n"))).collect()
    }

    fn predict(&mut self, id: &str, right: bool) {
        if !self.predicted.iter().any(|(other, _)| other == id) {
            self.predicted.push((id.to_owned(), right));
        }
    }

    fn solve(&mut self, id: &str) {
        if !self.is_solved(id) {
            self.solved.push(id.to_owned());
        }
    }

    /// Whether this challenge was met.
    pub(crate) fn is_solved(&self, id: &str) -> bool {
        self.solved.iter().any(|other| other == id)
    }

    /// How many predictions were right, of how many.
    pub(crate) fn predictions(&self) -> (usize, usize) {
        (self.predicted.iter().filter(|(_, right)| *right).count(), self.predicted.len())
    }
}

impl State {
    /// Counts the answers of the scenario that is open, as soon as it is known what was right.
    pub(super) fn count(&mut self) {
        let Some((canned, scene)) = self.scene.as_ref().and_then(counted) else { return };
        let Some(report) = scene.running.as_ref().and_then(|running| running.report()) else { return };
        let mut score = self.score.as_ref().clone();
        for (cue, option) in scene.answers.iter() {
            let answer = report.answers.iter().find(|answer| answer.cue == *cue);
            if let Some(right) = answer.and_then(|answer| answer.right.get(*option)) {
                score.predict(&format!("{canned} {cue}"), *right);
            }
        }
        self.keep_score(score);
    }

    /// A challenge is met.
    pub(super) fn solve(&mut self, id: &str) {
        let mut score = self.score.as_ref().clone();
        score.solve(id);
        self.keep_score(score);
    }

    fn keep_score(&mut self, score: Score) {
        if score != *self.score {
            drafts::keep_score(&score.written());
            self.score = Rc::new(score);
        }
    }
}

impl Scene {
    /// Whether the scenario still makes all the requests that it came with, in the run as well as in the text.
    pub(crate) fn asks_as_much(&self) -> bool {
        let plan = |text: &str| reading::read(text).and_then(|loaded| loaded.plan);
        let asked = |text: &str| plan(text).map_or(0, |plan| challenge::requests(&plan));
        let came = |running: &Rc<Running>| challenge::came_to_all(&running.plan(), &running.moments());
        asked(&self.text) >= asked(&self.original) && self.running.as_ref().is_none_or(came)
    }
}

/// The scenario whose answers count: one that everybody has, as it is for everybody.
fn counted(scene: &Scene) -> Option<(String, &Scene)> {
    match &scene.route {
        Route::Scenario(canned) if scene.text == scene.original && !scene.answers.is_empty() => {
            Some((format!("{}/{}", canned.lab, canned.name), scene))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_answer_counts_and_what_is_kept_is_read_again() {
        let mut score = Score::default();
        score.predict("raft/churn 3", false);
        score.predict("raft/churn 3", true);
        score.predict("raft/churn 5", true);
        score.solve("mend raft/churn");
        assert_eq!(score.predictions(), (1, 2));
        assert_eq!(Score::read(&score.written()), score);
        assert!(score.is_solved("mend raft/churn") && !score.is_solved("mend raft"));
        assert_eq!(
            Score::read("é\n?x\n\n+"),
            Score { predicted: vec![(String::new(), true)], solved: vec![] }
        );
    }
}
