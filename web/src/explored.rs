//! What stands on the bench for those who explore a run: it comes with their wing.

use yew::prelude::*;

use crate::bench::Bench;
use crate::diagram::Diagram;
use crate::hand;
use crate::seeds::Seeds;
use crate::shelf::{Wing, is_open, through};
use crate::tools::{Tools, WhatIf, written};

/// A piece of what is done by hand, once that is here.
fn by_hand(bench: &Bench, piece: fn(&Bench) -> Html) -> Html {
    if is_open(Wing::Hand) { through(piece)(bench) } else { Html::default() }
}

/// What can be done on the stage, and what came of the last thing that was done.
pub(crate) fn deeds(bench: &Bench) -> Html {
    let Bench { scene, view, told, act, .. } = *bench;
    // Once nothing can be too early, nobody asks when it was.
    let step = if is_open(Wing::Hand) { 0 } else { view.step };
    html! {
        <>
            <Tools cut={!told.frame.groups.is_empty() || !told.frame.cuts.is_empty()} tearing={scene.tearing}
                {step} here={is_open(Wing::Hand)} act={act.clone()} />
            { by_hand(bench, hand::acts) }
            { written(scene.note.as_ref().filter(|_| !scene.menu), act) }
        </>
    }
}

/// Seeds, and what would have been.
pub(crate) fn tools(bench: &Bench) -> Html {
    let Bench { scene, running, act, .. } = *bench;
    html! {
        <div class="tools-row">
            <Seeds running={running.clone()} playing={scene.playing} over={scene.over} act={act.clone()} />
            <WhatIf info={running.info()} branches={scene.branches.clone()} text={scene.text.clone()}
                here={is_open(Wing::Hand)} against={scene.other.as_ref().map(|other| other.against.clone())} act={act.clone()} />
        </div>
    }
}

/// Branches, and the diagram.
pub(crate) fn times(bench: &Bench) -> Html {
    let Bench { scene, running, view, player, act, .. } = *bench;
    html! {
        <>
            { by_hand(bench, hand::tree) }
            <Diagram running={running.clone()} computed={scene.computed} over={scene.over} step={view.step}
                frame={view.frame.clone()} speed={scene.speed} playing={scene.playing} answers={scene.answers.clone()}
                selected={scene.selected} player={player.clone()} act={act.clone()} />
        </>
    }
}
