//! Which words of the page come with one of its wings, because nobody reads them before it is open.
//!
//! What labs say of themselves, and what the language says of its statements, is constant data: where it stands in memory, the
//! linker has decided. So nothing in the page changes when a sentence moves: its place stays empty until the wing fills it. A
//! sentence is told by its text, which the core has too.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use splitbrain_core::lab::{KnobKind, LabInfo};
use splitbrain_core::labs;
use splitbrain_scenarios::STATEMENTS;
use walrus::ir::Value;
use walrus::{ConstExpr, Data, DataKind, Memory, Module};

/// Shorter ones stay: to say where each is costs as much.
const SHORT: usize = 16;
/// So far apart, two pieces are written as one, with what stands between them.
const GAP: u32 = 8;

/// What moves into one wing.
pub(super) struct Moving {
    /// Where the words stand.
    places: Vec<Range<u32>>,
    /// What the wing fills, by address: the words, and what lies between two of them that are close together.
    pieces: BTreeMap<u32, Vec<u8>>,
}

/// What the page reads with this wing alone.
fn later() -> [(&'static str, Vec<&'static str>); 3] {
    let of_labs =
        |words: fn(&LabInfo) -> Vec<&'static str>| labs::catalog().iter().flat_map(move |lab| words(lab));
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
    [("explore", explore.collect()), ("build", build.chain(statements).collect()), ("side", vec![keys])]
}

/// What the page may read before: where one of these is the same, it stays.
fn at_once() -> Vec<&'static str> {
    let mut words: Vec<_> =
        STATEMENTS.iter().flat_map(|statement| [statement.form, statement.example]).collect();
    for lab in labs::catalog() {
        words.extend([lab.title, lab.gist]);
        words.extend(lab.requests.iter().map(|request| request.help));
        words.extend(lab.properties.iter().flat_map(|property| [property.claim, property.meaning]));
        for knob in lab.knobs {
            words.push(knob.help);
            if let KnobKind::Choice { options } = knob.kind {
                words.extend(options.iter().map(|option| option.help));
            }
        }
    }
    words
}

/// By wing, what moves.
pub(super) fn moving(module: &Module) -> BTreeMap<&'static str, Moving> {
    let stays = at_once();
    let of_wing = |words: Vec<&'static str>| {
        let moves = |word: &&str| word.len() >= SHORT && !stays.iter().any(|kept| kept.contains(word));
        let words: BTreeSet<&str> = words.into_iter().filter(moves).collect();
        let mut places: Vec<_> =
            words.into_iter().filter_map(|word| place(module, word.as_bytes())).collect();
        places.sort_unstable_by_key(|place| place.start);
        let pieces = pieces(module, &places);
        Moving { places, pieces }
    };
    later().into_iter().map(|(wing, words)| (wing, of_wing(words))).collect()
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

/// Where these bytes stand, if they do once.
fn place(module: &Module, bytes: &[u8]) -> Option<Range<u32>> {
    let mut found = segments(module).flat_map(|(from, data)| {
        let places = data.value.windows(bytes.len()).enumerate().filter(|(_, window)| *window == bytes);
        places.map(move |(place, _)| from + place as u32)
    });
    let start = found.next()?;
    found.next().is_none().then_some(start..start + bytes.len() as u32)
}

fn segments(module: &Module) -> impl Iterator<Item = (u32, &Data)> {
    module.data.iter().filter_map(|data| match data.kind {
        DataKind::Active { offset: ConstExpr::Value(Value::I32(from)), .. } => Some((from as u32, data)),
        _ => None,
    })
}

/// What stands at these places, in as few pieces as it takes. What lies between two places is constant as well.
fn pieces(module: &Module, places: &[Range<u32>]) -> BTreeMap<u32, Vec<u8>> {
    let mut ranges: Vec<Range<u32>> = Vec::new();
    for place in places {
        match ranges.last_mut() {
            Some(last) if place.start <= last.end + GAP => last.end = last.end.max(place.end),
            _ => ranges.push(place.clone()),
        }
    }
    let read = |range: Range<u32>| {
        let (from, data) = segments(module)
            .find(|(from, data)| (*from..*from + data.value.len() as u32).contains(&range.start))?;
        let bytes = data.value.get((range.start - from) as usize..(range.end - from) as usize)?;
        Some((range.start, bytes.to_vec()))
    };
    ranges.into_iter().filter_map(read).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_a_wing_leave_the_page_and_come_with_the_wing() {
        let flaw = labs::catalog()[0].flaws[0].help;
        let title = labs::catalog()[0].gist;
        let text = format!("(module (memory (export \"memory\") 1) (data (i32.const 64) \"{title}{flaw}\"))");
        let wasm = wat::parse_str(&text).expect("the text is right");
        let module = |wasm: &[u8]| Module::from_buffer(wasm).expect("a module");
        let moving = moving(&module(&wasm));
        let (mut page, mut wing) =
            (module(&wasm), module(&wat::parse_str("(module (memory 1))").expect("right")));
        leave(&mut page, moving.values());
        bring(&mut wing, &moving["explore"]);
        let (_, left) = segments(&page).next().expect("its data");
        assert!(left.value.starts_with(title.as_bytes()), "what is read at once stays");
        assert_eq!(left.value[title.len()..], vec![0; flaw.len()]);
        let (place, brought) = segments(&wing).next().expect("its data");
        assert_eq!((place, &*brought.value), (64 + title.len() as u32, flaw.as_bytes()));
    }
}
