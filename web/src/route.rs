//! Addresses: `#/` is the catalog, `#/history` where histories are judged, `#/lease/paused-holder` a scenario, `#/draft/3` a draft with a name of its own, `#/s/1…` a whole
//! scenario in the address. What follows a `?` says how it is seen: `step=212`, `depth=explore`.

use std::rc::Rc;

use wasm_bindgen::JsValue;

use crate::shelf::{self, Canned};
use crate::store::Depth;

/// What an address leads to.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Route {
    /// All labs and their scenarios.
    Catalog,
    /// Histories of any system, to be judged.
    History,
    /// A canned scenario, or a person's changes to it.
    Scenario(&'static Canned),
    /// A draft with a name of its own, by its number.
    Draft(u32),
    /// A scenario that the address itself holds, packed.
    Link(Rc<str>),
    /// Nothing that there is.
    Unknown,
}

/// An address: what it leads to, and how that is seen.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Address {
    /// What it leads to.
    pub(crate) route: Route,
    /// After how many records.
    pub(crate) step: Option<u32>,
    /// How much of the instrument is shown.
    pub(crate) depth: Option<Depth>,
}

impl Address {
    /// Reads the part of an address from the `#` on.
    pub(crate) fn read(hash: &str) -> Self {
        let (path, query) = hash.split_once('?').unwrap_or((hash, ""));
        // What is not ours is somebody else's, such as a mark of where a link was shared.
        let said = |key: &str| query.split('&').find_map(|part| part.strip_prefix(key)?.strip_prefix('='));
        Self {
            route: Route::read(path),
            step: said("step").and_then(|step| step.parse().ok()),
            depth: said("depth").and_then(Depth::find),
        }
    }

    /// The part of an address from the `#` on.
    pub(crate) fn written(&self) -> String {
        let step = self.step.map(|step| format!("step={step}"));
        let depth = self.depth.map(|depth| format!("depth={}", depth.word()));
        let query: Vec<String> = step.into_iter().chain(depth).collect();
        let mark = if query.is_empty() { "" } else { "?" };
        self.route.hash() + mark + &query.join("&")
    }

    /// Where the page stands now.
    pub(crate) fn here() -> Self {
        Self::read(&gloo::utils::window().location().hash().unwrap_or_default())
    }
}

impl Route {
    fn read(path: &str) -> Self {
        // Some programs write a hyphen like this, and no name has other signs.
        let path = path.trim_start_matches('#').replace("%2D", "-").replace("%2d", "-");
        let mut parts = path.trim_matches('/').split('/');
        match (parts.next(), parts.next(), parts.next()) {
            (Some("") | None, None, None) => Self::Catalog,
            (Some("history"), None, None) => Self::History,
            (Some("draft"), Some(number), None) => number.parse().map_or(Self::Unknown, Self::Draft),
            (Some("s"), Some(packed), None) => Self::Link(packed.into()),
            (Some(lab), None, None) => shelf::shelves()
                .iter()
                .find(|shelf| shelf.lab == lab)
                .and_then(|shelf| shelf.scenarios.first())
                .map_or(Self::Unknown, Self::Scenario),
            (Some(lab), Some(name), None) => shelf::find(lab, name).map_or(Self::Unknown, Self::Scenario),
            _ => Self::Unknown,
        }
    }

    /// The part of an address from the `#` on.
    pub(crate) fn hash(&self) -> String {
        match self {
            Self::Catalog | Self::Unknown => "#/".to_owned(),
            Self::History => "#/history".to_owned(),
            Self::Scenario(canned) => address(canned),
            Self::Draft(number) => format!("#/draft/{number}"),
            Self::Link(packed) => format!("#/s/{packed}"),
        }
    }
}

/// Goes there.
pub(crate) fn go(address: &Address) {
    // A browser that refuses stays where it is.
    let _ = gloo::utils::window().location().set_hash(&address.written());
}

/// The page stands there already: its address follows.
pub(crate) fn replace(address: &Address) {
    let history = gloo::utils::window().history();
    let written = address.written();
    let _ = history.map(|history| history.replace_state_with_url(&JsValue::NULL, "", Some(&written)));
}

/// Whether the page is a frame in somebody's page: `?embed` stands before the `#`, or behind it.
pub(crate) fn is_embedded() -> bool {
    let location = gloo::utils::window().location();
    let parts = [location.search(), location.hash()].into_iter().filter_map(Result::ok);
    parts
        .flat_map(|part| part.split(['?', '&']).skip(1).map(str::to_owned).collect::<Vec<_>>())
        .any(|word| word == "embed" || word.starts_with("embed="))
}

/// The address of a canned scenario.
pub(crate) fn address(canned: &Canned) -> String {
    format!("#/{}/{}", canned.lab, canned.name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn route(hash: &str) -> Route {
        Address::read(hash).route
    }

    #[test]
    fn an_address_and_what_it_leads_to_lead_to_each_other() {
        for canned in shelf::shelves().iter().flat_map(|shelf| shelf.scenarios) {
            assert_eq!(route(&address(canned)), Route::Scenario(canned));
        }
        for there in [Route::Catalog, Route::History, Route::Draft(7), Route::Link("1abc-_".into())] {
            assert_eq!(route(&there.hash()), there);
        }
    }

    #[test]
    fn an_address_may_be_written_in_other_letters_and_carry_a_query() {
        let expected = route("#/lease/no-fencing");
        assert_ne!(expected, Route::Unknown);
        for hash in ["#/lease/no%2Dfencing", "#/lease/no-fencing?t=3", "#/lease/no%2dfencing/?a=/b"] {
            assert_eq!(route(hash), expected, "{hash}");
        }
        assert_eq!(route("#/lease/no%C3%A9"), Route::Unknown);
    }

    #[test]
    fn a_query_says_how_it_is_seen_and_what_makes_no_sense_in_it_is_nothing() {
        let seen = |hash: &str| {
            let address = Address::read(hash);
            (address.step, address.depth)
        };
        assert_eq!(seen("#/lease/no-fencing?step=212&depth=explore"), (Some(212), Some(Depth::Explore)));
        assert_eq!(seen("#/lease/no-fencing?utm=x&depth=watch"), (None, Some(Depth::Watch)));
        for hash in ["#/draft/3", "#/draft/3?step=5", "#/draft/3?depth=build", "#/s/1ab?step=5&depth=watch"] {
            assert_eq!(Address::read(hash).written(), hash);
        }
        for nonsense in ["?step=-1&depth=deep", "?step=99999999999", "?step&depth", "?", ""] {
            assert_eq!(seen(&format!("#/lease/no-fencing{nonsense}")), (None, None), "{nonsense}");
        }
    }

    #[test]
    fn an_address_that_leads_nowhere_is_told_from_the_catalog() {
        assert_eq!(route(""), Route::Catalog);
        assert_eq!(route("#/"), Route::Catalog);
        for hash in ["#/no/such", "#/lease/paused-holder/more", "#/draft/x", "#/draft/-1", "#/s/a/b"] {
            assert_eq!(route(hash), Route::Unknown, "{hash}");
        }
    }
}
