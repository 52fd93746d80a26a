//! Roles and states as small drawings, about thirteen units wide around the origin.

use splitbrain_core::view::{Glyph, Life, NodeView};
use yew::prelude::*;

/// What stands beside a node's name: its role, or the state that keeps it from it.
pub(crate) fn of(view: &NodeView) -> Html {
    if view.life == Life::Up { role(view.glyph) } else { life(view.life) }
}

/// The words and the drawing of a state that is not running as it should.
pub(crate) const fn state(life: Life) -> Option<&'static str> {
    match life {
        Life::Up => None,
        Life::Paused => Some("Paused"),
        Life::Suspended => Some("Suspended"),
        Life::Crashed => Some("Crashed"),
    }
}

/// The class of a state.
pub(crate) const fn class(life: Life) -> &'static str {
    match life {
        Life::Up => "st-up",
        Life::Paused => "st-paused",
        Life::Suspended => "st-suspended",
        Life::Crashed => "st-crashed",
    }
}

const LEADER: &str = "M-6.5 5V-3.5L-3 .2 0-5.5 3 .2l3.5-3.7V5z";
const HOLDER: &str = "M-7 0-3.5-6H3.5L7 0 3.5 6H-3.5z";

/// The glyph of a role.
pub(crate) fn role(glyph: Glyph) -> Html {
    match glyph {
        Glyph::Leader => html! { <path class="g-solid" d={LEADER} /> },
        Glyph::Follower => html! { <circle class="g-line" r="4.5" /> },
        Glyph::Candidate => html! {
            <><path class="g-line" d="M0-6 6 0 0 6-6 0z" /><circle class="g-solid" r="1.5" /></>
        },
        Glyph::Holder => html! { <path class="g-solid" d={HOLDER} /> },
        Glyph::Believer => html! {
            <path class="g-line" stroke-dasharray="3 2.2" d="M-6.5 0-3.3-5.7H3.3L6.5 0 3.3 5.7H-3.3z" />
        },
        Glyph::Lock => html! {
            <>
                <rect class="g-line" x="-5" y="-1.5" width="10" height="7.5" rx="1.5" />
                <path class="g-line" d="M-3-1.5v-1.5a3 3 0 0 1 6 0v1.5" />
            </>
        },
        Glyph::Store => html! {
            <path class="g-line" d="M-5.5-4c0-2.2 11-2.2 11 0v8c0 2.2-11 2.2-11 0zM-5.5-4c0 2.2 11 2.2 11 0" />
        },
        Glyph::Client => html! {
            <>
                <path class="g-line" d="M-4.5 5.5c0-3 1.7-4.5 4.5-4.5s4.5 1.5 4.5 4.5" />
                <circle class="g-line" cy="-3" r="2.6" />
            </>
        },
    }
}

/// The glyph of a state.
pub(crate) fn life(life: Life) -> Html {
    match life {
        Life::Up => Html::default(),
        Life::Paused => html! { <path class="g-heavy" d="M-3-4.5v9M3-4.5v9" /> },
        // A snowflake: not only does it stand still, its clock does too.
        Life::Suspended => html! { <path class="g-mid" d="M0-6V6M-5.2-3 5.2 3M-5.2 3 5.2-3" /> },
        Life::Crashed => html! { <path class="g-heavy" d="m-4.5-4.5 9 9M4.5-4.5l-9 9" /> },
    }
}

/// The mark of a role on the rim of its disc: who leads, holds, or believes so, is seen from afar.
pub(crate) fn crown(glyph: Glyph) -> Html {
    match glyph {
        Glyph::Leader => html! { <path class="crown" transform="translate(0 -30) scale(1.25)" d={LEADER} /> },
        Glyph::Holder => html! { <path class="crown" transform="translate(0 -30) scale(1.15)" d={HOLDER} /> },
        _ => Html::default(),
    }
}
