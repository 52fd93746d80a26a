//! The menu beside what is chosen: what can be done to it, each with its key.

use std::rc::Rc;

use gloo::events::EventListener;
use splitbrain_core::view::{MessageState, MessageView};
use splitbrain_scenarios::click::examples;
use web_sys::{Element, HtmlElement, KeyboardEvent};
use yew::prelude::*;

use super::dom;
use super::offer::{Offer, Page, Then, offers, skews};
use super::request::Request;
use super::space::beside;
use crate::actions::{Command, Place, heard};
use crate::marks::deed::mark;
use crate::store::{Action, Running, Selection, View};
use crate::ui::focus;
use crate::ui::icon::{Icon, icon};
use crate::ui::prose::seconds;

#[derive(Properties, PartialEq)]
pub(super) struct Props {
    pub(super) running: Rc<Running>,
    pub(super) view: View,
    pub(super) selected: Selection,
    pub(super) page: Page,
    /// Turns to another page.
    pub(super) turn: Callback<Page>,
    pub(super) text: Rc<str>,
    /// Why the last thing could not be done.
    pub(super) wrong: Option<Rc<str>>,
    pub(super) act: Callback<Action>,
}

/// What the menu is about, in a few words.
fn head(props: &Props) -> String {
    let (frame, info) = (&props.view.frame, props.running.info());
    let name =
        |node: splitbrain_core::unit::NodeId| frame.nodes.get(node.index()).map_or("", |node| &node.name);
    match (props.selected.node(frame), props.selected.message(frame)) {
        (Some(node), _) if node.role == node.name => node.name.clone(),
        (Some(node), _) => format!("{}, {}", node.name, node.role),
        (_, Some(message)) => {
            let kind = info.kind(message.kind);
            format!("{kind} from {} to {}, {}", name(message.from), name(message.to), fate(message))
        }
        _ => String::new(),
    }
}

fn fate(message: &MessageView) -> String {
    match message.state {
        MessageState::Held => "held back".to_owned(),
        MessageState::Stalled => "sent again and again".to_owned(),
        MessageState::Flying | MessageState::Lost(_) => format!("due at {}", seconds(message.due.0)),
    }
}

#[function_component]
pub(super) fn Menu(props: &Props) -> Html {
    let Props { running, view, selected, page, turn, text, wrong, act } = props;
    let place = use_node_ref();
    let all = use_memo((*selected, *page, view.clone()), |(selected, page, view)| {
        let offered = running.ask(view.step, |run| match (page, selected) {
            (Page::Skew, Selection::Node(node)) => skews(run, *node),
            (Page::Request, _) => Vec::new(),
            _ => offers(run, *selected),
        });
        offered.unwrap_or_default()
    });
    // What is wrong with a request makes the menu longer.
    use_effect_with(
        (*selected, *page, all.len(), place.clone(), wrong.clone()),
        |(selected, _, _, place, _)| {
            if let Some(menu) = place.cast::<HtmlElement>() {
                put(&menu, *selected);
                focus::find(".deeds :is([role=menuitem], input)");
            }
        },
    );
    use_effect_with(act.clone(), |act| {
        let act = act.clone();
        let away = move |event: &Event| {
            let target = event.target_dyn_into::<Element>();
            // The stage chooses something else by itself, or nothing.
            let own = ".deeds, .stage-view";
            if target.is_some_and(|target| target.closest(own).ok().flatten().is_none()) {
                act.emit(Action::Shut);
            }
        };
        let listener = EventListener::new(&gloo::utils::document(), "pointerdown", away);
        move || drop(listener)
    });
    let take = {
        let (act, turn) = (act.clone(), turn.clone());
        Callback::from(move |then: Then| match then {
            Then::Do(deed) => act.emit(Action::Do(deed)),
            Then::Page(page) => turn.emit(page),
        })
    };
    let back = {
        let turn = turn.clone();
        move |_| turn.emit(Page::All)
    };
    let title = match page {
        Page::All => head(props),
        Page::Skew => "Skew its clock by".to_owned(),
        Page::Request => "Send a request".to_owned(),
    };
    let item = |offer: &Offer| {
        let (take, then) = (take.clone(), offer.then.clone());
        let more = matches!(offer.then, Then::Page(_));
        let key = offer.key.and_then(Command::keys);
        html! {
            <button key={offer.words} role="menuitem" class="deed" tabindex="-1" aria-keyshortcuts={key.clone()}
                aria-haspopup={more.then_some("true")} onclick={move |_| take.emit(then.clone())}>
                { mark(offer.mark) }<span>{ offer.words }</span>
                if let Some(key) = key { <kbd aria-hidden="true">{ key }</kbd> }
            </button>
        }
    };
    let body = match (page, selected) {
        (Page::Request, Selection::Node(node)) => {
            let asked = running
                .ask(view.step, |run| (run.roster().name(*node).to_owned(), examples(text, run, *node)));
            let (name, examples) = asked.unwrap_or_default();
            html! { <Request node={*node} {name} {examples} wrong={wrong.clone()} act={act.clone()} /> }
        }
        _ if all.is_empty() => {
            html! { <p class="nothing" role="note">{ "It is lost: nothing can be done to it any more." }</p> }
        }
        _ => {
            html! { <div role="menu" aria-label={title.clone()} class="deedlist">{ for all.iter().map(item) }</div> }
        }
    };
    html! {
        <>
            <div class="shade" />
            <div class="deeds" ref={place} onkeydown={keys(&all, *page, &take, turn, act)}>
                <div class="deedhead">
                    if *page != Page::All {
                        <button class="btn ghost icononly" aria-label="Back" tabindex="-1" onclick={back}>{ icon(Icon::Jump) }</button>
                    }
                    <p>{ title }</p>
                </div>
                { body }
            </div>
        </>
    }
}

/// Puts the menu beside what it is about. A small screen has it at its lower edge instead, as the style says.
fn put(menu: &HtmlElement, selected: Selection) {
    let (Some(anchor), Some(stage)) =
        (focus::element(&dom::selector(selected)), focus::element(".stage-box"))
    else {
        return;
    };
    let Some(origin) = menu.offset_parent().map(|parent| dom::area(&parent)) else { return };
    let bounds = dom::area(&stage);
    let style = menu.style();
    let _ = style.set_property("max-height", &format!("{}px", (bounds.h - 16.0) as i32));
    let size = dom::area(menu);
    let at = beside(dom::area(&anchor), (size.w, size.h), bounds);
    let _ = style.set_property("left", &format!("{}px", (at.x - origin.x) as i32));
    let _ = style.set_property("top", &format!("{}px", (at.y - origin.y) as i32));
}

/// Up and down through the menu, out of it, and every letter that does something.
fn keys(
    all: &[Offer],
    page: Page,
    take: &Callback<Then>,
    turn: &Callback<Page>,
    act: &Callback<Action>,
) -> Callback<KeyboardEvent> {
    let letters: Vec<_> = all.iter().filter_map(|offer| Some((offer.key?, offer.then.clone()))).collect();
    let (take, turn, act) = (take.clone(), turn.clone(), act.clone());
    Callback::from(move |event: KeyboardEvent| {
        let key = event.key();
        if focus::is_modified(&event) {
            return;
        }
        match key.as_str() {
            "Escape" | "ArrowLeft" if page != Page::All && is_item(&event) => turn.emit(Page::All),
            "Escape" => act.emit(Action::Shut),
            "Tab" if is_item(&event) => act.emit(Action::Shut),
            "ArrowDown" if is_item(&event) => step(&event, |here, all| (here + 1) % all),
            "ArrowUp" if is_item(&event) => step(&event, |here, all| (here + all - 1) % all),
            "Home" if is_item(&event) => step(&event, |_, _| 0),
            "End" if is_item(&event) => step(&event, |_, all| all - 1),
            _ if is_item(&event) => {
                let command = heard(&event, Place::Stage);
                let Some((_, then)) = letters.iter().find(|(key, _)| Some(*key) == command) else { return };
                take.emit(then.clone());
            }
            _ => return,
        }
        event.prevent_default();
    })
}

/// The item of the menu that an event is about.
fn item(event: &KeyboardEvent) -> Option<HtmlElement> {
    let target = event.target_dyn_into::<HtmlElement>()?;
    target.matches("[role=menuitem]").unwrap_or(false).then_some(target)
}

fn is_item(event: &KeyboardEvent) -> bool {
    item(event).is_some()
}

/// Puts the keyboard on another item, which is counted out by this one's place and their number.
fn step(event: &KeyboardEvent, to: impl Fn(u32, u32) -> u32) {
    let Some(item) = item(event) else { return };
    let Some(items) = item.parent_element().map(|menu| menu.children()) else { return };
    let here = (0..items.length()).find(|nth| items.item(*nth).as_ref() == Some(item.as_ref())).unwrap_or(0);
    focus::go(items.item(to(here, items.length())));
}
