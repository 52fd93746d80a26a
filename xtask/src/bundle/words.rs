//! Which words of the page come with one of its wings, because nobody reads them before it is open.
//!
//! What labs say of themselves, and what the language says of its statements, is constant data: where it stands in memory, the
//! linker has decided. So nothing in the page changes when a sentence moves: its place stays empty until the wing fills it. A
//! sentence is told by its text, which the core has too. Other texts of the sources move where the functions of one wing alone
//! point to them.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use memchr::memmem::Finder;
use splitbrain_core::lab::{KnobKind, LabInfo};
use splitbrain_core::labs;
use splitbrain_scenarios::STATEMENTS;
use walrus::ir::{Const, Load, Store, Value, Visitor, dfs_in_order};
use walrus::{ConstExpr, Data, DataKind, Memory, Module};

use super::split::Place;

/// Shorter ones stay: to say where each is costs as much.
pub(super) const SHORT: usize = 16;
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
fn later() -> [(&'static str, Vec<&'static str>); 4] {
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
    let samples = include_str!("../../../web/src/history/samples.txt");
    [
        ("explore", explore.collect()),
        ("build", build.chain(statements).collect()),
        ("side", vec![keys]),
        ("history", vec![samples]),
    ]
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

/// By wing, what moves: what the lists above name, and those of the texts which its functions alone point to.
pub(super) fn moving(
    module: &Module,
    wings: &BTreeMap<String, BTreeSet<Place>>,
    texts: &BTreeSet<String>,
) -> BTreeMap<String, Moving> {
    let stays = at_once();
    let mut places: BTreeMap<&str, Vec<Range<u32>>> = BTreeMap::new();
    for (wing, words) in later() {
        let moves = |word: &&str| word.len() >= SHORT && !stays.iter().any(|kept| kept.contains(word));
        let words: BTreeSet<&str> = words.into_iter().filter(moves).collect();
        // Where it stands twice, nobody knows which one is read.
        let once = words.into_iter().map(|word| found(module, word.as_bytes()));
        places.entry(wing).or_default().extend(once.filter(|found| found.len() == 1).flatten());
    }
    let pointers = Pointers::of(module);
    let mut owners: BTreeMap<Place, &str> = BTreeMap::new();
    for (wing, own) in wings {
        owners.extend(own.iter().map(|place| (*place, &**wing)));
    }
    for text in texts {
        for place in found(module, text.as_bytes()) {
            if let Some(wing) = pointers.owner(&place, &owners) {
                places.entry(wing).or_default().push(place);
            }
        }
    }
    places.retain(|wing, _| wings.contains_key(*wing));
    let moving = places.into_iter().map(|(wing, mut places)| {
        places.sort_unstable_by_key(|place| (place.start, place.end));
        let pieces = pieces(module, &places);
        (wing.to_owned(), Moving { places, pieces })
    });
    moving.collect()
}

/// Who points where into the constant data.
struct Pointers {
    /// By address, the functions that have it as a number; nothing where constant data has it, or what begins a segment.
    by_address: BTreeMap<u32, Option<BTreeSet<Place>>>,
}

impl Pointers {
    fn of(module: &Module) -> Self {
        let ranges: Vec<Range<u32>> =
            segments(module).map(|(from, data)| from..from + data.value.len() as u32).collect();
        let is_data = |address: u32| ranges.iter().any(|range| range.contains(&address));
        let mut by_address: BTreeMap<u32, Option<BTreeSet<Place>>> = BTreeMap::new();
        for (id, function) in module.funcs.iter_local() {
            let mut numbers = Numbers::default();
            dfs_in_order(&mut numbers, function, function.entry_block());
            for number in numbers.0.into_iter().filter(|number| is_data(*number)) {
                let who = by_address.entry(number).or_insert_with(|| Some(BTreeSet::new()));
                who.iter_mut().for_each(|who| {
                    who.insert(id.index());
                });
            }
        }
        for (from, data) in segments(module) {
            by_address.insert(from, None);
            for word in data.value.chunks_exact(4) {
                let address = word.iter().rev().fold(0, |sum, byte| sum << 8 | u32::from(*byte));
                if is_data(address) {
                    by_address.insert(address, None);
                }
            }
        }
        Self { by_address }
    }

    /// The wing of which all functions are that point to what holds this place. Nobody may point into the place itself.
    fn owner<'a>(&self, place: &Range<u32>, owners: &BTreeMap<Place, &'a str>) -> Option<&'a str> {
        if self.by_address.range(place.start + 1..place.end).next().is_some() {
            return None;
        }
        let who = self.by_address.range(..=place.start).next_back()?.1.as_ref()?;
        let mut wings = who.iter().map(|function| owners.get(function).copied());
        let first = wings.next()??;
        wings.all(|wing| wing == Some(first)).then_some(first)
    }
}

/// The numbers of a function that may be addresses.
#[derive(Default)]
struct Numbers(BTreeSet<u32>);

impl Visitor<'_> for Numbers {
    fn visit_const(&mut self, number: &Const) {
        if let Value::I32(number) = number.value {
            self.0.insert(number as u32);
        }
    }

    fn visit_load(&mut self, load: &Load) {
        self.0.insert(load.arg.offset as u32);
    }

    fn visit_store(&mut self, store: &Store) {
        self.0.insert(store.arg.offset as u32);
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

/// Where these bytes stand.
fn found(module: &Module, bytes: &[u8]) -> Vec<Range<u32>> {
    let length = bytes.len() as u32;
    let finder = Finder::new(bytes);
    let all = segments(module)
        .flat_map(|(from, data)| finder.find_iter(&data.value).map(move |place| from + place as u32));
    all.map(|start| start..start + length).collect()
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
        let wings = [("explore".to_owned(), BTreeSet::new())].into();
        let moving = moving(&module(&wasm), &wings, &BTreeSet::new());
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

    #[test]
    fn a_text_moves_where_one_wing_alone_points_to_it() {
        let texts =
            ["a text of the wing alone", "a text that the page has as well", "a text that a table points to"];
        let places = [64, 128, 256];
        let data: String = (places.iter().zip(texts))
            .map(|(place, text)| format!("(data (i32.const {place}) \"{text}\")"))
            .collect();
        // Each segment begins with somebody's data: what begins one is known to nobody.
        let data = data.replace("(data (i32.const 64) \"", "(data (i32.const 60) \"....");
        let data = data.replace("(data (i32.const 128) \"", "(data (i32.const 124) \"....");
        let data = data.replace("(data (i32.const 256) \"", "(data (i32.const 252) \"\\00\\01\\00\\00");
        let functions = "(func (drop (i32.const 64)) (drop (i32.const 128)) (drop (i32.const 256))) (func (drop (i32.const 128)))";
        let wasm =
            wat::parse_str(format!("(module (memory 1) {data} {functions})")).expect("the text is right");
        let module = Module::from_buffer(&wasm).expect("a module");
        let first = module.funcs.iter_local().next().expect("a function").0.index();
        let wings = [("wing".to_owned(), [first].into())].into();
        let texts = texts.map(str::to_owned).into();
        let moving = moving(&module, &wings, &texts);
        let moved: Vec<_> =
            moving["wing"].pieces.values().map(|bytes| String::from_utf8_lossy(bytes)).collect();
        assert_eq!(moved, ["a text of the wing alone"]);
    }
}
