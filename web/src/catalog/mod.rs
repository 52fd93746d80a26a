//! The start page: where a person was, what they keep, and every lab with its scenarios.

mod yours;

use std::cell::Cell;
use std::rc::Rc;

use gloo::timers::callback::Timeout;
use wasm_bindgen::JsCast;
use web_sys::Element;
use yew::prelude::*;

use crate::hero::Hero;
use crate::route;
use crate::shelf::{self, Canned, Shelf};
use crate::store::{Action, Draft, State};
use crate::ui::icon::{Icon, icon, verdict};
use crate::ui::prose::prose;
use crate::ui::sight::Sight;
use crate::ui::typed::typed;

/// So far outside of the window a picture is drawn.
const NEAR: &str = "400px";

thread_local! {
    /// How far the catalog was scrolled when it was left: inside of the page, and on a small screen the page itself.
    static LEFT: Cell<(i32, f64)> = const { Cell::new((0, 0.0)) };
}

/// Whoever comes back to the catalog finds the place that they left.
#[hook]
fn use_place(catalog: &NodeRef) {
    use_effect_with(catalog.clone(), |catalog| {
        let catalog = catalog.cast::<Element>();
        let (inside, outside) = LEFT.get();
        catalog.iter().for_each(|catalog| catalog.set_scroll_top(inside));
        let window = gloo::utils::window();
        window.scroll_to_with_x_and_y(0.0, outside);
        move || {
            LEFT.set(catalog.as_ref().map_or((0, 0.0), scrolled));
            // A scenario begins at its top.
            window.scroll_to_with_x_and_y(0.0, 0.0);
        }
    });
}

/// So many groups are there by now: one after another, as a slow machine has something else to do now and then. Whoever comes back
/// to where they were finds all of them.
#[hook]
fn use_turns(all: usize, back: bool) -> usize {
    let turn = use_state(|| if back { all } else { 1 });
    let next = (*turn < all).then(|| *turn + 1);
    let setter = turn.setter();
    use_effect_with(next, move |next| {
        let later = next.map(|next| Timeout::new(0, move || setter.set(next)));
        move || drop(later)
    });
    *turn
}

/// A picture is drawn when its card comes near: all of them at once would keep a slow machine from everything else.
#[hook]
fn use_pictures(catalog: &NodeRef, sought: &str, turn: usize) {
    use_effect_with((catalog.clone(), sought.to_owned(), turn), |(catalog, ..)| {
        let catalog = catalog.cast::<Element>();
        let sight = catalog.and_then(|catalog| {
            let all = catalog.query_selector_all(".mini:not(:has([href]))").ok()?;
            let sight = Sight::new(NEAR, |picture, is_near| {
                let drawn =
                    picture.first_element_child().filter(|drawn| is_near && !drawn.has_attribute("href"));
                let file = drawn.as_ref().and_then(|drawn| shelf::pictures(drawn.id().split_once('-')?.0));
                let _ = drawn
                    .zip(file)
                    .map(|(drawn, file)| drawn.set_attribute("href", &[&file, "#", &drawn.id()].concat()));
            });
            for picture in (0..all.length()).filter_map(|place| all.item(place)) {
                sight.watch(picture.unchecked_ref());
            }
            Some(sight)
        });
        move || drop(sight)
    });
}

/// How far the catalog is scrolled, inside and outside, once all of it is laid out: what is far from the window has a height that
/// is guessed.
fn scrolled(catalog: &Element) -> (i32, f64) {
    let outside = gloo::utils::window().scroll_y().unwrap_or_default();
    let top = |group: &Element| group.get_bounding_client_rect().top();
    let groups = catalog.query_selector_all(".grp").ok();
    let mut groups =
        groups.iter().flat_map(|all| (0..all.length()).filter_map(|place| all.item(place)?.dyn_into().ok()));
    let seen = groups.rfind(|group| top(group) < 0.0);
    let before = seen.as_ref().map_or(0.0, top);
    let _ = catalog.class_list().add_1("back");
    let moved = seen.as_ref().map_or(0.0, top) - before;
    match catalog.scroll_top() {
        0 => (0, outside + moved),
        inside => (inside + moved as i32, outside),
    }
}

#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    pub(crate) drafts: Rc<[Draft]>,
    pub(crate) removed: Option<(Draft, Rc<str>)>,
    pub(crate) act: Callback<Action>,
    /// What moves beside the first words.
    pub(crate) children: Html,
}

/// The start page.
pub(crate) fn shown(state: &State, act: &Callback<Action>) -> Html {
    html! {
        <Catalog drafts={state.drafts.clone()} removed={state.removed.clone()} act={act.clone()}><Hero /></Catalog>
    }
}

#[function_component]
pub(crate) fn Catalog(props: &Props) -> Html {
    let place = use_node_ref();
    use_place(&place);
    let sought = use_state(String::new);
    let back = *use_memo((), |()| LEFT.get() != (0, 0.0));
    let turn = use_turns(shelf::shelves().len(), back);
    use_pictures(&place, &sought, turn);
    let words: Vec<String> = sought.split_whitespace().map(str::to_ascii_lowercase).collect();
    let found: Vec<(&Shelf, Vec<&'static Canned>)> = shelf::shelves()
        .iter()
        .map(|shelf| (shelf, shelf.scenarios.iter().filter(|canned| is_sought(canned, &words)).collect()))
        .filter(|(_, scenarios): &(_, Vec<_>)| !scenarios.is_empty())
        .collect();
    let shown = if words.is_empty() { turn } else { usize::MAX };
    let many: usize = found.iter().map(|(_, scenarios)| scenarios.len()).sum();
    let first = shelf::shelves().iter().find_map(|shelf| shelf.scenarios.first());
    let many_of_all: usize = shelf::shelves().iter().map(|shelf| shelf.scenarios.len()).sum();
    // A list of their own: in that of the page, one more of them would make everything before it anew.
    let groups: Html = found
        .into_iter()
        .take(shown)
        .map(|(shelf, scenarios)| html! { <LabGroup key={shelf.lab} lab={shelf.lab} {scenarios} /> })
        .collect();
    html! {
        <main class={classes!("cat", back.then_some("back"))} ref={place}>
            <section class="hero">
                <div class="hero-words">
                { welcome() }
                if let Some(first) = first {
                    <a class="btn primary big" href={route::address(first)}>{ icon(Icon::Play) }{ "Start with the first" }</a>
                }
                if let Some(canned) = shelf::front() {
                    <a class="btn big ghost" href={route::address(canned)}>{ "Play this one" }</a>
                }
                <p class="e">{ format!("{many_of_all} scenarios in {} labs. All of it runs in this page, and nothing is sent anywhere.", shelf::shelves().len()) }</p>
                </div>
                { props.children.clone() }
            </section>
            { yours::left() }
            { yours::kept(&props.drafts, props.removed.as_ref(), &props.act) }
            { yours::histories() }
            <div class="seek" role="search">
                <input type="search" class="field" aria-label="Search the scenarios" placeholder="Search the scenarios: stale read, split vote, drift"
                    value={(*sought).clone()} oninput={typed(&sought)} />
                <span class="e" role="status">{ match (words.is_empty(), many) {
                    (true, _) => String::new(),
                    (_, 0) => "No scenario has all of these words.".to_owned(),
                    (_, 1) => "1 scenario".to_owned(),
                    (_, many) => format!("{many} scenarios"),
                } }</span>
            </div>
            { groups }
        </main>
    }
}

/// The first words, which `index.html` shows before the program is here.
fn welcome() -> Html {
    Html::from_html_unchecked(include_str!("../../welcome.html").into())
}

/// Whether a scenario, or its lab, has all of these words.
fn is_sought(canned: &Canned, words: &[String]) -> bool {
    if words.is_empty() {
        return true;
    }
    let lab = splitbrain_core::labs::find(canned.lab).map_or("", |info| info.title);
    let text = [lab, canned.lab, canned.title, canned.gist].join(" ").to_ascii_lowercase();
    words.iter().all(|word| text.contains(word))
}

#[derive(Properties, PartialEq)]
struct Group {
    lab: &'static str,
    scenarios: Vec<&'static Canned>,
}

/// A lab with its scenarios.
#[function_component(LabGroup)]
fn group(Group { lab, scenarios }: &Group) -> Html {
    let Some(info) = splitbrain_core::labs::find(lab) else { return Html::default() };
    html! {
        <section class="grp" aria-label={info.title}>
            <div class="grp-h"><h2>{ info.title }</h2><p>{ info.gist }</p></div>
            <ol class="cards">{ for scenarios.iter().copied().map(card) }</ol>
        </section>
    }
}

fn card(canned: &'static Canned) -> Html {
    let (kind, word) =
        if canned.fails { ("bad", "a promise is broken") } else { ("holds", "every promise is kept") };
    html! {
        <li key={canned.name}>
            <a class="card" href={route::address(canned)}>
                <svg class="mini" viewBox="0 0 248 100" aria-hidden="true">
                    <use id={format!("{}-{}", canned.lab, canned.name)} />
                </svg>
                <span class="cardv">{ verdict(kind) }<span class="sr">{ word }</span></span>
                <span class="labt">{ canned.title }</span>
                <span class="labd">{ prose(canned.gist) }</span>
            </a>
        </li>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_search_wants_all_of_its_words_in_any_order_and_any_letters() {
        let found = |words: &str| {
            let words: Vec<String> = words.split_whitespace().map(str::to_ascii_lowercase).collect();
            let all = shelf::shelves().iter().flat_map(|shelf| shelf.scenarios);
            all.filter(|canned| is_sought(canned, &words)).count()
        };
        let raft =
            shelf::shelves().iter().find(|shelf| shelf.lab == "raft").expect("it is there").scenarios.len();
        assert!(found("") > raft && found("RAFT") >= raft);
        assert!((1..raft).contains(&found("vote split")));
        assert_eq!(found("vote zebra"), 0);
    }
}
