//! What stands on the bench for those who do something by hand, and what came of it: it comes with their wing.

use yew::prelude::*;

use crate::acts::Acts;
use crate::bench::Bench;
use crate::branches::Tree;
pub(crate) use crate::compare::choice;
use crate::compare::{Parting, side};
use crate::stage::Stage;

/// What can be done on the stage.
pub(crate) fn acts(bench: &Bench) -> Html {
    let Bench { scene, running, told, act, .. } = *bench;
    html! {
        <Acts running={running.clone()} view={told.clone()} selected={scene.selected} open={scene.menu}
            text={scene.text.clone()} tearing={scene.tearing} note={scene.note.clone()} act={act.clone()} />
    }
}

/// What stands above the stage of a run that is compared.
pub(crate) fn own_side(bench: &Bench) -> Html {
    let Bench { scene, running, told, .. } = *bench;
    let name = scene.other.as_ref().map(|other| side(&other.names[0], told, running, scene.over));
    name.unwrap_or_default()
}

/// The stage of the run that it is compared with.
pub(crate) fn other_side(bench: &Bench) -> Html {
    let Some(other) = &bench.scene.other else { return Html::default() };
    let Some(view) = &other.view else { return Html::default() };
    html! {
        <section class="stage across" aria-label="Stage of the other run">
            { side(&other.names[1], view, &other.running, other.over) }
            <div class="stage-box">
                <Stage info={other.running.info()} frame={view.frame.clone()} touched={view.touched}
                    playhead={bench.player.playhead()} selected={None} open={false} act={Callback::noop()} />
            </div>
        </section>
    }
}

/// Where the two part.
pub(crate) fn parting(bench: &Bench) -> Html {
    let Bench { scene, running, act, seek, .. } = *bench;
    let Some(other) = &scene.other else { return Html::default() };
    html! {
        <Parting running={running.clone()} over={scene.over} other={other.clone()} seek={seek.clone()} act={act.clone()} />
    }
}

/// The branches.
pub(crate) fn tree(bench: &Bench) -> Html {
    let Bench { scene, running, act, .. } = *bench;
    html! {
        <Tree branches={scene.branches.clone()} running={running.clone()} computed={scene.computed} speed={scene.speed}
            act={act.clone()} />
    }
}
