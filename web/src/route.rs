//! Addresses: `#/` is the catalog, `#/lease/paused-holder` a scenario.

use crate::shelf::{self, Canned};

/// What an address leads to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Route {
    /// All labs and their scenarios.
    Catalog,
    /// A canned scenario, or a person's draft of it.
    Scenario(&'static Canned),
    /// Nothing that there is.
    Unknown,
}

impl Route {
    /// Reads the part of an address from the `#` on.
    pub(crate) fn read(hash: &str) -> Self {
        // A query is somebody else's, such as a mark of where a link was shared.
        let path = hash.trim_start_matches('#').split('?').next().unwrap_or_default();
        // Some programs write a hyphen like this, and no name has other signs.
        let path = path.replace("%2D", "-").replace("%2d", "-");
        let mut parts = path.trim_matches('/').split('/');
        match (parts.next(), parts.next(), parts.next()) {
            (Some("") | None, None, None) => Self::Catalog,
            (Some(lab), None, None) => shelf::shelves()
                .iter()
                .find(|shelf| shelf.lab == lab)
                .and_then(|shelf| shelf.scenarios.first())
                .map_or(Self::Unknown, Self::Scenario),
            (Some(lab), Some(name), None) => shelf::find(lab, name).map_or(Self::Unknown, Self::Scenario),
            _ => Self::Unknown,
        }
    }

    /// Where the page stands now.
    pub(crate) fn here() -> Self {
        Self::read(&gloo::utils::window().location().hash().unwrap_or_default())
    }
}

/// The address of a scenario.
pub(crate) fn address(canned: &Canned) -> String {
    format!("#/{}/{}", canned.lab, canned.name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_and_its_scenario_lead_to_each_other() {
        for canned in shelf::shelves().iter().flat_map(|shelf| shelf.scenarios) {
            assert_eq!(Route::read(&address(canned)), Route::Scenario(canned));
        }
    }

    #[test]
    fn an_address_may_be_written_in_other_letters_and_carry_a_query() {
        let expected = Route::read("#/lease/no-fencing");
        assert_ne!(expected, Route::Unknown);
        for hash in ["#/lease/no%2Dfencing", "#/lease/no-fencing?t=3", "#/lease/no%2dfencing/?a=/b"] {
            assert_eq!(Route::read(hash), expected, "{hash}");
        }
        assert_eq!(Route::read("#/lease/no%C3%A9"), Route::Unknown);
    }

    #[test]
    fn an_address_that_leads_nowhere_is_told_from_the_catalog() {
        assert_eq!(Route::read(""), Route::Catalog);
        assert_eq!(Route::read("#/"), Route::Catalog);
        assert_eq!(Route::read("#/no/such"), Route::Unknown);
        assert_eq!(Route::read("#/lease/paused-holder/more"), Route::Unknown);
    }
}
