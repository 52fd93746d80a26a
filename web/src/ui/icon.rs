//! Small drawings on a grid of 16.

use yew::prelude::*;

/// Which drawing.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Icon {
    Play,
    Pause,
    Back,
    Forward,
    Start,
    Theme,
    Jump,
    Undo,
    Dice,
    Close,
    Original,
    Share,
    Present,
    New,
    Book,
    Search,
    Keys,
    Lines,
}

/// Draws an icon. It says nothing by itself: the button around it has the name.
pub(crate) fn icon(which: Icon) -> Html {
    let solid = "M0 0";
    let (line, fill) = match which {
        Icon::Play => (solid, "M4.5 2.8v10.4L13 8z"),
        Icon::Pause => ("M5.5 3.2v9.6M10.5 3.2v9.6", ""),
        Icon::Back => ("M3.5 3.5v9", "M11.5 3.5v9L5.5 8z"),
        Icon::Forward => ("M12.5 3.5v9", "M4.5 3.5v9l6-4.5z"),
        Icon::Start => ("M3 3.5v9", "M13 3.5v9L9 8zM9 3.5v9L5 8z"),
        Icon::Theme => ("M8 2.5a5.5 5.5 0 1 0 0 11 5.5 5.5 0 1 0 0-11z", "M8 2.5a5.5 5.5 0 0 1 0 11z"),
        Icon::Jump => ("M13 12.5v-5a3 3 0 0 0-3-3H3M6 1.5l-3 3 3 3", ""),
        Icon::Undo => ("M4 6.5h5.5a3.5 3.5 0 0 1 0 7H6M6.5 3.5l-3 3 3 3", ""),
        Icon::Dice => (
            "M5 2.5h6a2.5 2.5 0 0 1 2.5 2.5v6a2.5 2.5 0 0 1-2.5 2.5h-6a2.5 2.5 0 0 1-2.5-2.5v-6a2.5 2.5 0 0 1 2.5-2.5z",
            "M4.8 5.7a.9.9 0 1 0 1.8 0 .9.9 0 1 0-1.8 0M9.4 10.3a.9.9 0 1 0 1.8 0 .9.9 0 1 0-1.8 0M7.1 8a.9.9 0 1 0 1.8 0 .9.9 0 1 0-1.8 0",
        ),
        Icon::Close => ("m4 4 8 8M12 4l-8 8", ""),
        Icon::Share => ("M8 9.5v-8M5 4l3-3 3 3M4.5 7h-1v7h9V7h-1", ""),
        Icon::Present => ("M2 2.5h12v8H2zM8 10.5V13M5 14h6", ""),
        Icon::New => ("M4 2.5h5l3 3v8H4zM9 2.5v3h3M8 7.5v4M6 9.5h4", ""),
        Icon::Book => ("M3 3h4a1 1 0 0 1 1 1v9a1 1 0 0 0-1-1H3zM13 3H9a1 1 0 0 0-1 1v9a1 1 0 0 1 1-1h4z", ""),
        Icon::Search => ("M7 2.5a4.5 4.5 0 1 0 0 9 4.5 4.5 0 1 0 0-9zM10.3 10.3l3.2 3.2", ""),
        Icon::Keys => ("M1.5 4h13v8.5h-13zM4 6.7h.5M7 6.7h.5M10 6.7h.5M12.5 6.7h.1M5 9.8h6", ""),
        Icon::Lines => ("M3 3.5h10M3 6.5h10M3 9.5h10M3 12.5h6", ""),
        Icon::Original => ("M3 8a5 5 0 1 0 1.5-3.5M3 2.5v2.5h2.5", ""),
    };
    let parts = html! {<>
        if line != solid { <path d={line} /> }
        if !fill.is_empty() { <path d={fill} fill="currentColor" stroke="none" /> }
    </>};
    drawing(which == Icon::Pause, parts)
}

/// Lines on the grid of 16, heavy or not.
pub(crate) fn drawing(heavy: bool, parts: Html) -> Html {
    html! {
        <svg class="icon" viewBox="0 0 16 16" aria-hidden="true" fill="none" stroke="currentColor"
            stroke-width={if heavy { "2.5" } else { "1.5" }} stroke-linecap="round" stroke-linejoin="round">
            { parts }
        </svg>
    }
}

/// The sign of the house.
pub(crate) fn logo() -> Html {
    html! {
        <svg class="logo" width="22" height="22" viewBox="0 0 24 24" aria-hidden="true">
            <path fill="currentColor" d="M11.3 1.5A9.8 9.8 0 0 0 8.9 20.7l2.7-3.9-3.4-3.3 3.7-4.2-2.8-3.4z" />
            <path fill="currentColor" d="M14.4 3.2a9.8 9.8 0 0 1-1.6 19.2l1.9-4.7-3.5-3.2 3.8-4.4-2.7-3.3z" />
        </svg>
    }
}

/// What is known of a property, as a drawing: each verdict by its own shape.
pub(crate) fn verdict(kind: &'static str) -> Html {
    let inside = match kind {
        "bad" => html! {<>
            <path class="badoct" d="M5.7 1h6.6L17 5.7v6.6L12.3 17H5.7L1 12.3V5.7z" />
            <path class="badx" d="m5.9 5.9 6.2 6.2M12.1 5.9l-6.2 6.2" />
        </>},
        "holds" => html! {<><circle cx="9" cy="9" r="7.25" /><path d="m5.6 9.3 2.3 2.3 4.5-5.1" /></>},
        "none" => {
            html! {<><circle cx="9" cy="9" r="7.25" stroke-dasharray="2.5 2.5" /><path d="M6 9h6" /></>}
        }
        _ => html! {<>
            <circle cx="9" cy="9" r="7.25" />
            <circle class="d" cx="5.7" cy="9" r="1" /><circle class="d" cx="9" cy="9" r="1" />
            <circle class="d" cx="12.3" cy="9" r="1" />
        </>},
    };
    html! { <svg class={classes!("verdict", kind)} width="18" height="18" viewBox="0 0 18 18" aria-hidden="true">{ inside }</svg> }
}
