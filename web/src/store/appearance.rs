//! How the page is set up: what it looks like, how much of it is there, and what stands beside the stage.

use std::cell::Cell;

use super::drafts::setting;
use crate::shelf::{self, Wing};

/// What stands beside the stage.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(crate) enum Panel {
    /// The lab's lesson and promises.
    #[default]
    Lesson,
    /// The scenario's text.
    Script,
    /// The lab's flaws and knobs.
    Settings,
    /// What is chosen, field by field.
    Inspector,
    /// Curves over the whole run.
    Charts,
}

impl Panel {
    /// Every panel, in the order of the tabs, with its name and the depth from which on it is there.
    pub(crate) const ALL: [(Self, &str, Depth); 5] = [
        (Self::Lesson, "Lesson", Depth::Watch),
        (Self::Script, "Script", Depth::Build),
        (Self::Inspector, "Inspector", Depth::Explore),
        (Self::Charts, "Charts", Depth::Explore),
        (Self::Settings, "Flaws and knobs", Depth::Explore),
    ];

    /// The panels of a depth, in the order of the tabs.
    pub(crate) fn at(depth: Depth) -> impl Iterator<Item = (Self, &'static str)> {
        Self::ALL.into_iter().filter(move |(.., from)| *from <= depth).map(|(panel, name, _)| (panel, name))
    }

    /// The wing of the page that is there for this panel alone.
    pub(crate) const fn wing(self) -> Option<Wing> {
        match self {
            Self::Lesson | Self::Script => None,
            Self::Settings => Some(Wing::Settings),
            Self::Inspector => Some(Wing::Inspector),
            Self::Charts => Some(Wing::Charts),
        }
    }

    /// This panel, or where that is not there and its wing not open, the one that is always there.
    pub(crate) fn shown(self, depth: Depth) -> Self {
        let is_there =
            |(panel, _, from): (Self, &str, Depth)| panel == self && from <= depth && from.is_open();
        if Self::ALL.into_iter().any(is_there) { self } else { Self::Lesson }
    }
}

/// How much of the instrument is shown.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Default)]
pub(crate) enum Depth {
    /// Stage, caption, lesson, playback.
    #[default]
    Watch,
    /// And what happened when and why, what can be done to it, and the lab's flaws and knobs.
    Explore,
    /// And the scenario's text.
    Build,
}

impl Depth {
    /// Every depth with its name, from the least to the most.
    pub(crate) const ALL: [(Self, &str); 3] =
        [(Self::Watch, "Watch"), (Self::Explore, "Explore"), (Self::Build, "Build")];

    /// The word in storage.
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::Watch => "watch",
            Self::Explore => "explore",
            Self::Build => "build",
        }
    }

    /// The depth of this word, if it is one.
    pub(crate) fn find(word: &str) -> Option<Self> {
        Self::ALL.into_iter().map(|(depth, _)| depth).find(|depth| depth.word() == word)
    }

    /// Whether a run can be explored: it is asked for, and its wing is open.
    pub(crate) fn explores(self) -> bool {
        self >= Self::Explore && Self::Explore.is_open()
    }

    /// Whether all wings of it are open.
    fn is_open(self) -> bool {
        self.wings().iter().all(|wing| shelf::is_open(*wing))
    }

    /// The wings of the page that it shows.
    pub(crate) const fn wings(self) -> &'static [Wing] {
        match self {
            Self::Watch => &[Wing::Side, Wing::Keys],
            Self::Explore => &[Wing::Side, Wing::Keys, Wing::Explore],
            Self::Build => &[Wing::Side, Wing::Keys, Wing::Explore, Wing::Build],
        }
    }
}

/// Light, dark, or as the system says.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(crate) enum Theme {
    /// As the system says.
    #[default]
    System,
    /// Dark on light.
    Light,
    /// Light on dark.
    Dark,
}

impl Theme {
    /// The word in storage and in the page's root.
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    /// The theme of this word.
    pub(crate) fn of(word: &str) -> Self {
        [Self::Light, Self::Dark].into_iter().find(|theme| theme.word() == word).unwrap_or_default()
    }

    /// The next one, for a button that goes round.
    pub(crate) const fn next(self) -> Self {
        match self {
            Self::System => Self::Light,
            Self::Light => Self::Dark,
            Self::Dark => Self::System,
        }
    }
}

/// What lies over the page, and has the keyboard alone.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Sheet {
    /// The list of commands.
    Commands,
    /// All keys.
    Keys,
}

thread_local! {
    /// Whether keys of one letter do something: asked at every key, and so not of the storage each time.
    static LETTERS: Cell<Option<bool>> = const { Cell::new(None) };
}

/// Whether keys of one letter, digit or sign do something. Whoever speaks to a computer, or hits keys by chance, switches them off
/// (WCAG 2.2, 2.1.4).
pub(crate) fn letters() -> bool {
    LETTERS.get().unwrap_or_else(|| {
        let on = setting("letters").as_deref() != Some("off");
        set_letters(on);
        on
    })
}

/// They do, or do not.
pub(super) fn set_letters(on: bool) {
    LETTERS.set(Some(on));
}
