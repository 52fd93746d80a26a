//! What the list of commands offers: what can be done, and where one can go.

use splitbrain_core::labs;
use splitbrain_core::unit::NodeId;

use crate::actions::Command;
use crate::route::Route;
use crate::shelf;
use crate::store::{Draft, Running, Scene, fallen};

/// What comes of it when an item is chosen.
#[derive(Clone, PartialEq, Debug)]
pub(super) enum Then {
    /// A command is done.
    Call(Command),
    /// The run goes to a step.
    Seek(u32),
    /// A branch is shown.
    Branch(u32),
    /// A node is looked into.
    Inspect(NodeId),
    /// The page goes there.
    Go(Route),
}

/// One line of the list.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Item {
    /// What it is called.
    pub(super) name: String,
    /// Of which kind it is.
    pub(super) group: &'static str,
    /// The keys that do the same.
    pub(super) keys: Option<String>,
    /// What comes of it.
    pub(super) then: Then,
}

fn item(group: &'static str, name: String, then: Then) -> Item {
    Item { name, group, keys: None, then }
}

/// Everything, in the order in which it is shown to somebody who has typed nothing.
pub(super) fn items(
    possible: &[Command],
    scene: Option<&Scene>,
    explores: bool,
    drafts: &[Draft],
) -> Vec<Item> {
    let commands = possible.iter().filter_map(|command| {
        let row = command.row()?;
        Some(Item {
            name: row.name.to_owned(),
            group: row.group,
            keys: command.keys(),
            then: Then::Call(*command),
        })
    });
    let mut all: Vec<Item> = commands.collect();
    if let Some(scene) = scene {
        of_scene(scene, explores, &mut all);
    }
    all.extend(
        drafts
            .iter()
            .map(|draft| item("Your drafts", draft.name.clone(), Then::Go(Route::Draft(draft.number)))),
    );
    let shelves = shelf::shelves();
    let labs = shelves.iter().filter_map(|shelf| {
        let first = shelf.scenarios.first()?;
        Some(item("Labs", labs::find(shelf.lab)?.title.to_owned(), Then::Go(Route::Scenario(first))))
    });
    all.extend(labs);
    for shelf in shelves {
        let lab = labs::find(shelf.lab).map_or("Scenarios", |lab| lab.title);
        let scenarios = shelf.scenarios.iter();
        all.extend(
            scenarios.map(|canned| item(lab, canned.title.to_owned(), Then::Go(Route::Scenario(canned)))),
        );
    }
    all
}

fn of_scene(scene: &Scene, explores: bool, all: &mut Vec<Item>) {
    let Some(running) = &scene.running else { return };
    // What comes after an open question is nobody's to see.
    if !scene.is_asked() {
        all.extend(to_fallen(running));
    }
    let branches = &scene.branches;
    let others = branches.all().iter().filter(|branch| branch.id != branches.here());
    all.extend(
        others.map(|branch| {
            item("Branches", format!("To the branch: {}", branch.name), Then::Branch(branch.id))
        }),
    );
    let frame = scene.view.as_ref().filter(|_| explores && scene.other.is_none()).map(|view| &view.frame);
    let nodes = frame.into_iter().flat_map(|frame| &frame.nodes);
    all.extend(nodes.map(|node| item("Nodes", format!("Look into {}", node.name), Then::Inspect(node.id))));
}

/// The way to each property that falls in what is computed of the run.
fn to_fallen(running: &Running) -> Vec<Item> {
    let timeline = running.timeline();
    let all = fallen(running.info(), timeline.tip().verdicts());
    all.map(|(id, word, why)| item("Properties", format!("To where {id} {word}"), Then::Seek(why.record + 1)))
        .collect()
}

/// The items in which every one of these words is found: first those whose name begins with all that is sought, then those in which
/// each begins a word, then those in which it stands anywhere, and last those whose kind it names.
pub(super) fn found<'a>(items: &'a [Item], sought: &str) -> Vec<&'a Item> {
    let sought = sought.trim().to_ascii_lowercase();
    let words: Vec<&str> = sought.split_whitespace().collect();
    let rank = |item: &Item| {
        let (name, group) = (item.name.to_ascii_lowercase(), item.group.to_ascii_lowercase());
        let begins = |word: &&str| name.starts_with(*word) || name.contains(&format!(" {word}"));
        match () {
            () if name.starts_with(&sought) => Some(0),
            () if words.iter().all(begins) => Some(1),
            () if words.iter().all(|word| name.contains(*word)) => Some(2),
            () if words.iter().all(|word| name.contains(*word) || group.contains(*word)) => Some(3),
            () => None,
        }
    };
    // Few ranks: a library's way of sorting is long.
    let ranked: Vec<_> = items.iter().filter_map(|item| Some((rank(item)?, item))).collect();
    (0..4)
        .flat_map(|rank| ranked.iter().filter(move |(own, _)| *own == rank).map(|(_, item)| *item))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_begins_with_what_is_sought_comes_first() {
        let of = |group, name: &str| item(group, name.to_owned(), Then::Seek(0));
        let all = [
            of("Raft", "A leader steps down"),
            of("Playback", "Slower"),
            of("Playback", "One step back"),
            of("Playback", "Step back"),
            of("Leases", "A backward jump"),
        ];
        let names =
            |sought| found(&all, sought).into_iter().map(|item| item.name.as_str()).collect::<Vec<_>>();
        assert_eq!(names("step"), ["Step back", "A leader steps down", "One step back"]);
        assert_eq!(names("back st"), ["One step back", "Step back"]);
        assert_eq!(names("PLAYBACK slow"), ["Slower"]);
        assert_eq!(names("ward"), ["A backward jump"]);
        assert_eq!(names("  ").len(), all.len());
        assert!(names("nothing of that kind").is_empty());
    }

    #[test]
    fn every_lab_and_scenario_is_offered_without_a_scene() {
        let all = items(&[], None, false, &[]);
        let scenarios: usize = shelf::shelves().iter().map(|shelf| shelf.scenarios.len()).sum();
        assert_eq!(all.len(), scenarios + shelf::shelves().len());
        let shelf = &shelf::shelves()[0];
        let first = &shelf.scenarios[0];
        assert!(
            all.iter().any(|item| item.name == first.title && item.then == Then::Go(Route::Scenario(first)))
        );
        assert!(all.iter().any(|item| item.group == "Labs"));
    }
}
