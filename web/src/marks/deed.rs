//! The small drawings of what can be done: the same marks that the stage shows when it was done.

use yew::prelude::*;

use crate::ui::icon::drawing;

/// Which drawing.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Mark {
    Pause,
    Resume,
    Crash,
    Skew,
    Isolate,
    Heal,
    Tear,
    Send,
    Lose,
    Repeat,
    Deliver,
}

/// Draws it on a grid of 16. It says nothing by itself: the words beside it do.
pub(crate) fn mark(which: Mark) -> Html {
    let line = match which {
        Mark::Pause => "M5.5 3v10M10.5 3v10",
        Mark::Resume => "M5 3l7.5 5L5 13z",
        Mark::Crash => "m4 4 8 8M12 4l-8 8",
        Mark::Skew => "M8 2.5a5.5 5.5 0 1 0 0 11 5.5 5.5 0 1 0 0-11zM8 5v3.2l2.4 1.4",
        Mark::Isolate => {
            "M8 5.5a2.5 2.5 0 1 0 0 5 2.5 2.5 0 1 0 0-5zM6 2.3a6 6 0 0 1 4 0M13.7 6a6 6 0 0 1 0 4M10 13.7a6 6 0 0 1-4 0M2.3 10a6 6 0 0 1 0-4"
        }
        Mark::Heal => "M2 8h12M5.5 5v6M10.5 5v6",
        Mark::Tear => "M1.5 6.5l2.6-2 2.6 2 2.6-2 2.6 2 2.6-2M1.5 11.5l2.6-2 2.6 2 2.6-2 2.6 2 2.6-2",
        Mark::Send => "M2.5 8h9M8 4.5 11.5 8 8 11.5M14 3v10",
        Mark::Lose => "M1.5 8h4M7.5 5l6 6M13.5 5l-6 6",
        Mark::Repeat => "M3 5.5h7v7H3zM6 5.5v-3h7v7h-3",
        Mark::Deliver => "M2.5 3.5v9M8.5 3.5l4.5 4.5-4.5 4.5M13 8H2.5",
    };
    drawing(which == Mark::Pause, html! { <path d={line} /> })
}
