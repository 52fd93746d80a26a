//! Challenges: to mend the scenario that is open, and to break each promise of the lab with few lines. The judge says at once
//! whether it is done.

use std::rc::Rc;

use splitbrain_core::lab::{LabInfo, Status};
use splitbrain_scenarios::challenge;
use yew::prelude::*;

use crate::route::Route;
use crate::shelf::Shelf;
use crate::store::{Action, Running, Scene, Score};
use crate::ui::icon::verdict;

#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    pub(crate) shelf: &'static Shelf,
    pub(crate) running: Rc<Running>,
    pub(crate) scene: Scene,
    pub(crate) score: Rc<Score>,
    pub(crate) act: Callback<Action>,
}

/// What is done, and what is not yet.
struct Challenge {
    /// Its name among all that a person has done.
    id: String,
    words: Html,
    /// What is missing, or nothing where it is done.
    missing: Option<String>,
}

#[function_component]
pub(crate) fn Challenges(props: &Props) -> Html {
    let info = props.running.info();
    let all: Vec<Challenge> = mend(props).into_iter().chain(breaks(props, info)).collect();
    let newly: Vec<String> = all
        .iter()
        .filter(|challenge| challenge.missing.is_none() && !props.score.is_solved(&challenge.id))
        .map(|challenge| challenge.id.clone())
        .collect();
    let act = props.act.clone();
    use_effect_with(newly, move |newly| {
        newly.iter().for_each(|id| act.emit(Action::Solved(id.clone())));
    });
    let solved = all.iter().filter(|challenge| is_solved(props, challenge)).count();
    html! {
        <details class="challenges">
            <summary><h2>{ "Challenges" }</h2><span class="e">{ format!("{solved} of {} done", all.len()) }</span></summary>
            <ul>{ for all.iter().map(|challenge| row(props, challenge)) }</ul>
            <p class="e">{ "Write in Build, under Script: New scenario is a place to begin." }</p>
        </details>
    }
}

fn is_solved(props: &Props, challenge: &Challenge) -> bool {
    challenge.missing.is_none() || props.score.is_solved(&challenge.id)
}

fn row(props: &Props, challenge: &Challenge) -> Html {
    let (kind, word) = if is_solved(props, challenge) { ("holds", "Done.") } else { ("pending", "") };
    html! {
        <li key={challenge.id.clone()}>
            { verdict(kind) }
            <span>{ challenge.words.clone() }{ " " }
                if word.is_empty() { <span class="e">{ challenge.missing.clone() }</span> } else { <b>{ word }</b> }</span>
        </li>
    }
}

/// The run that is shown is not one of the text that is written.
const MISTAKES: &str = "The text has mistakes.";

/// What is broken now, at the end of the run.
fn fallen(running: &Running) -> Vec<&'static str> {
    let timeline = running.timeline();
    let verdicts = timeline.tip().verdicts().iter().zip(running.info().properties);
    verdicts
        .filter(|(status, _)| matches!(status, Status::Violated(_)))
        .map(|(_, property)| property.id)
        .collect()
}

/// To mend what is broken in the scenario that is open.
fn mend(props: &Props) -> Option<Challenge> {
    let Route::Scenario(canned) = props.scene.route else { return None };
    if !canned.fails {
        return None;
    }
    let most = challenge::MENDED_IN;
    let changed = challenge::changed(&props.scene.original, &props.scene.text);
    let fallen = fallen(&props.running);
    let missing = if changed == 0 {
        Some("Nothing is changed yet.".to_owned())
    } else if !props.scene.diagnostics.is_empty() {
        Some(MISTAKES.to_owned())
    } else if !props.scene.over {
        Some("The run is still being computed.".to_owned())
    } else if !fallen.is_empty() {
        Some(format!("{} is broken.", fallen.join(", ")))
    } else if changed > most {
        Some(format!("It takes {changed} lines."))
    } else if !props.scene.asks_as_much() {
        Some("A request of a client is missing.".to_owned())
    } else {
        None
    };
    let words = html! {<>
        <b>{ "Mend it. " }</b>
        { format!("Change at most {most} lines of this scenario, so that no promise is broken. What the clients ask for stays.") }
    </>};
    Some(Challenge { id: format!("mend {}/{}", canned.lab, canned.name), words, missing })
}

/// To break each promise of the lab.
fn breaks(props: &Props, info: &'static LabInfo) -> Vec<Challenge> {
    let own = matches!(props.scene.route, Route::Draft(_) | Route::Link(_))
        || props.scene.text != props.scene.original;
    let (fallen, lines) = (fallen(&props.running), challenge::lines(&props.scene.text));
    let one = |(property, most): &(&'static str, u32)| {
        let most = *most as usize;
        let missing = if !own {
            Some("In a scenario of your own.".to_owned())
        } else if !props.scene.diagnostics.is_empty() {
            Some(MISTAKES.to_owned())
        } else if !props.scene.over || !fallen.contains(property) {
            Some("Not broken yet.".to_owned())
        } else if lines > most {
            Some(format!("Broken, in {lines} lines."))
        } else {
            None
        };
        let words = html! {<>
            <b>{ "Break it. " }</b>{ "Make " }<code>{ *property }</code>
            { format!(" fail with at most {most} lines that do something.") }
        </>};
        Challenge { id: format!("break {} {property}", info.id), words, missing }
    };
    props.shelf.challenges.iter().map(one).collect()
}
