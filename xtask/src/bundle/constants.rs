//! Constants that come with one of the parts of the page: how they leave the page's memory, and come into it again.
//!
//! Texts, tables and all else that never changes stand in memory where the linker has put them. Nothing in the page changes when
//! one of them moves: its place stays empty until the part fills it. Whose it is, [`reach`](super::reach) finds, and two things
//! that nobody sees in the program stand here: what is read with one wing ([`later`]), and what of a lab before it is here
//! ([`at_once`]).

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use splitbrain_core::lab::{KnobKind, LabInfo};
use splitbrain_core::labs;
use splitbrain_scenarios::STATEMENTS;
use walrus::ir::Value;
use walrus::{ConstExpr, Data, DataKind, Memory, Module};

/// Shorter pieces stay: to say where each is costs as much.
const SHORT: u32 = 12;
/// So far apart, two constants are written as one piece, with what stands between them.
const GAP: u32 = 8;

/// What moves into one part.
pub(super) struct Moving {
    /// What the part fills, by address: its constants, and what lies between two of them that are close together.
    pieces: BTreeMap<u32, Vec<u8>>,
    /// Where its constants stand.
    places: Vec<Range<u32>>,
}

/// What is read with this wing alone: and is not the same as what is read otherwise.
pub(super) fn later() -> [(&'static str, Vec<&'static str>); 4] {
    let of_labs =
        |words: fn(&LabInfo) -> Vec<&'static str>| labs::catalog().iter().flat_map(move |lab| words(lab));
    let otherwise: BTreeSet<&str> = of_labs(otherwise).collect();
    let explore = of_labs(|lab| lab.flaws.iter().flat_map(|flaw| [flaw.help, flaw.source]).collect());
    let build = of_labs(|lab| {
        let facts = lab.facts.iter().map(|fact| fact.help);
        let fields = lab.fields.iter().map(|field| field.help);
        let kinds = lab.kinds.iter().map(|kind| kind.help);
        let timers = lab.timers.iter().map(|timer| timer.help);
        let papers = lab.papers.iter().flat_map(|paper| [paper.authors, paper.title]);
        facts
            .chain(fields)
            .chain(kinds)
            .chain(timers)
            .chain(papers)
            .chain(lab.leaves_out.iter().copied())
            .collect()
    });
    let statements = STATEMENTS.iter().map(|statement| statement.help);
    let keys = include_str!("../../../web/src/actions/table.txt");
    let samples = include_str!("../../../web/src/history/samples.txt");
    [
        ("explore", explore.filter(|words| !otherwise.contains(words)).collect()),
        ("build", build.chain(statements).filter(|words| !otherwise.contains(words)).collect()),
        ("keys", vec![keys]),
        ("history", vec![samples]),
    ]
}

/// What is read of a lab with no wing.
fn otherwise(lab: &LabInfo) -> Vec<&'static str> {
    let requests = lab.requests.iter().map(|request| request.help);
    let properties = lab.properties.iter().flat_map(|property| [property.claim, property.meaning]);
    let options = lab.knobs.iter().filter_map(|knob| match knob.kind {
        KnobKind::Choice { options } => Some(options),
        _ => None,
    });
    let knobs = lab.knobs.iter().map(|knob| knob.help);
    let options = options.flatten().map(|option| option.help);
    requests.chain(properties).chain(knobs).chain(options).chain(at_once(lab)).collect()
}

/// What the page reads of a lab that is not here.
pub(super) fn at_once(lab: &LabInfo) -> [&'static str; 4] {
    [lab.id, lab.title, lab.gist, lab.shelf]
}

impl Moving {
    /// These places, in as few pieces as it takes. What lies between two constants is constant as well.
    pub(super) fn of(module: &Module, places: &[Range<u32>]) -> Self {
        let mut ranges: Vec<Range<u32>> = Vec::new();
        for place in places {
            match ranges.last_mut() {
                Some(last) if place.start <= last.end + GAP => last.end = last.end.max(place.end),
                _ => ranges.push(place.clone()),
            }
        }
        ranges.retain(|range| range.end - range.start >= SHORT);
        let is_in = |place: &&Range<u32>| ranges.iter().any(|range| range.contains(&place.start));
        let places = places.iter().filter(is_in).cloned().collect();
        let piece = |range: Range<u32>| Some((range.start, read(module, range)?.to_vec()));
        Self { places, pieces: ranges.into_iter().filter_map(piece).collect() }
    }
}

/// Empties these places.
pub(super) fn leave<'a>(module: &mut Module, moving: impl Iterator<Item = &'a Moving>) {
    let places: Vec<_> = moving.flat_map(|moving| &moving.places).collect();
    let all: Vec<_> = module.data.iter().map(Data::id).collect();
    for data in all {
        let data = module.data.get_mut(data);
        let DataKind::Active { offset: ConstExpr::Value(Value::I32(from)), .. } = data.kind else { continue };
        let from = from as u32;
        let own = from..from + data.value.len() as u32;
        for place in places.iter().filter(|place| own.contains(&place.start)) {
            data.value[(place.start - from) as usize..(place.end - from) as usize].fill(0);
        }
    }
}

/// Fills these places when the module is loaded.
pub(super) fn bring(module: &mut Module, moving: &Moving) {
    let Some(memory) = module.memories.iter().next().map(Memory::id) else { return };
    for (from, bytes) in &moving.pieces {
        let offset = ConstExpr::Value(Value::I32(*from as i32));
        let data = module.data.add(DataKind::Active { memory, offset }, bytes.clone());
        module.memories.get_mut(memory).data_segments.insert(data);
    }
}

fn segments(module: &Module) -> impl Iterator<Item = (u32, &Data)> {
    module.data.iter().filter_map(|data| match data.kind {
        DataKind::Active { offset: ConstExpr::Value(Value::I32(from)), .. } => Some((from as u32, data)),
        _ => None,
    })
}

/// What stands there in the beginning.
pub(super) fn read(module: &Module, range: Range<u32>) -> Option<&[u8]> {
    let (from, data) = segments(module)
        .find(|(from, data)| (*from..*from + data.value.len() as u32).contains(&range.start))?;
    data.value.get((range.start - from) as usize..(range.end - from) as usize)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn module(text: &str) -> Module {
        let wasm = wat::parse_str(text).expect("the text is right");
        Module::from_buffer(&wasm).expect("a module")
    }

    #[test]
    fn constants_leave_the_page_and_come_with_their_part() {
        let text = "what stays, what moves first, and last; and what stays, too";
        let mut page = module(&format!("(module (memory 1) (data (i32.const 64) \"{text}\"))"));
        let moving = Moving::of(&page, &[76..80, 86..102, 114..115]);
        assert_eq!(moving.places, [76..80, 86..102], "what is short stays");
        let mut part = module("(module (memory 1))");
        leave(&mut page, [&moving].into_iter());
        bring(&mut part, &moving);
        let (_, left) = segments(&page).next().expect("its data");
        let left = String::from_utf8_lossy(&left.value).replace('\0', ".");
        assert_eq!(left, "what stays, .... moves................; and what stays, too");
        let (place, brought) = segments(&part).next().expect("its data");
        assert_eq!((place, &*brought.value), (76, &b"what moves first, and last"[..]));
    }
}
