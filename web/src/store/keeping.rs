//! What is kept of a scenario: a person's changes, drafts of their own, and where they were.

use std::rc::Rc;

use splitbrain_core::lab::LabInfo;
use splitbrain_scenarios::template;

use super::drafts::{self, Draft, Left};
use super::scene::Scene;
use super::{Action, State};
use crate::route::{self, Address, Route};
use crate::shelf::{Wing, is_open, through};

impl State {
    /// Keeps what was typed. Says once where that is impossible.
    pub(super) fn keep_draft(&mut self) {
        let Some(scene) = &mut self.scene else { return };
        let kept = match &scene.route {
            Route::Scenario(canned) => drafts::keep_canned(canned, &scene.original, &scene.text),
            Route::Draft(number) => {
                let name = drafts::draft(*number).map_or_else(|| scene.title(), |(name, _)| name);
                drafts::keep(*number, &name, &scene.text)
            }
            // Somebody's link becomes a draft of one's own with the first change, and not before.
            Route::Link(_) => match drafts::add(&scene.title(), &scene.text) {
                Ok(number) => {
                    scene.route = Route::Draft(number);
                    self.address.route = scene.route.clone();
                    self.address.step = None;
                    route::replace(&self.address);
                    self.drafts = drafts::all();
                    true
                }
                Err(sentence) => {
                    self.notice = Some(sentence.into());
                    return;
                }
            },
            Route::Catalog | Route::History | Route::Unknown => return,
        };
        let written = scene.branches.written(&scene.text);
        drafts::keep_branches(&scene.route.hash(), written.as_deref());
        if !kept {
            if !self.waived {
                self.notice = Some(drafts::SENTENCE.into());
            }
        } else if self.notice.as_deref() == Some(drafts::SENTENCE) {
            self.notice = None;
        }
    }

    /// The scenario of a link is there, or is none.
    pub(super) fn unpacked(&mut self, packed: &Rc<str>, result: Result<String, String>) {
        let is_awaited = |route: &Route| matches!(route, Route::Link(awaited) if awaited == packed);
        if self.scene.is_some() || !is_awaited(&self.address.route) {
            // The person has gone elsewhere since.
            return;
        }
        match result {
            Ok(text) => {
                let text: Rc<str> = text.into();
                let mut scene = Scene::begin(self.address.route.clone(), text.clone(), text, self.manner());
                if let Some(step) = self.address.step {
                    scene.start_at(step);
                }
                self.scene = Some(scene);
            }
            Err(sentence) => self.unfetched = Some(sentence.into()),
        }
    }

    /// A text comes from a file, as a draft of that name.
    pub(super) fn import(&mut self, name: &str, text: &str) {
        match drafts::add(name, text) {
            Ok(number) => {
                self.drafts = drafts::all();
                route::go(&Address { route: Route::Draft(number), step: None, depth: None });
            }
            Err(sentence) => self.notice = Some(sentence.into()),
        }
    }

    /// Writes a first scenario of a lab, and opens it as a draft.
    pub(super) fn begin(&mut self, lab: &'static LabInfo) {
        if is_open(Wing::Language) {
            self.import("New scenario", &through::<fn(&'static LabInfo) -> String>(template)(lab));
        } else if let Some(scene) = &mut self.scene {
            scene.wait_for(Wing::Language, Action::Begin(lab));
        }
    }

    /// Keeps the scenario that is open as a draft of this name, and goes on in that.
    pub(super) fn keep_as(&mut self, name: &str) {
        let Some(scene) = &self.scene else { return };
        match drafts::add(name, &scene.text) {
            Ok(number) => {
                let step = scene.view.as_ref().map(|view| view.step);
                self.drafts = drafts::all();
                route::go(&Address { route: Route::Draft(number), step, depth: None });
            }
            Err(sentence) => self.notice = Some(sentence.into()),
        }
    }

    pub(super) fn rename(&mut self, number: u32, name: &str) {
        if let Some((_, text)) = drafts::draft(number) {
            drafts::keep(number, name, &text);
            self.drafts = drafts::all();
        }
    }

    pub(super) fn remove(&mut self, number: u32) {
        let draft = self.drafts.iter().find(|draft| draft.number == number).cloned();
        if let (Some(draft), Some((_, text))) = (draft, drafts::draft(number)) {
            drafts::remove(number);
            drafts::keep_branches(&Route::Draft(number).hash(), None);
            self.drafts = drafts::all();
            self.removed = Some((draft, text.into()));
        }
    }

    /// Brings back the draft that was deleted last.
    pub(super) fn restore(&mut self) {
        if let Some((Draft { number, name, .. }, text)) = self.removed.take() {
            drafts::keep(number, &name, &text);
            self.drafts = drafts::all();
        }
    }

    /// Remembers where a person is, so that they can go on there another time.
    pub(super) fn leave(&self) {
        // Of a link nothing is kept before it is changed, and in a frame nobody comes back.
        let Some(scene) = self.scene.as_ref().filter(|_| !self.embedded) else { return };
        let Some(view) = scene.view.as_ref().filter(|view| view.step > 0) else { return };
        let title = match scene.route {
            Route::Scenario(_) => scene.title(),
            // By the name that its owner gave it: copies of one scenario have one title.
            Route::Draft(number) => drafts::draft(number).map_or_else(|| scene.title(), |(name, _)| name),
            _ => return,
        };
        drafts::leave(Left { hash: scene.route.hash(), step: view.step, of: scene.computed, title });
    }
}
