//! Which constants of the page come with one of its parts, because nobody else reads them.
//!
//! Texts, tables and all else that never changes stand in memory where the linker has put them, and it tells where each begins and
//! ends ([`Layout`]). A constant is a part's where the functions of that part alone point to it, or constants that are the part's
//! as well. Nothing in the page changes when it moves: its place stays empty until the part fills it.
//!
//! Two things are known that functions do not tell. Labs stand in a list of the page; but what a lab's `INFO` points to is read
//! once the lab is here, apart from what the catalog says ([`at_once`]). And some sentences are read with one wing ([`later`]).

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use splitbrain_core::lab::LabInfo;
use splitbrain_core::labs;
use splitbrain_scenarios::STATEMENTS;
use walrus::ir::{Const, Load, Store, Value, Visitor, dfs_in_order};
use walrus::{ConstExpr, Data, DataKind, Memory, Module};

use super::split::{Place, SHARED};

/// Shorter pieces stay: to say where each is costs as much.
const SHORT: u32 = 12;
/// So far apart, two constants are written as one piece, with what stands between them.
const GAP: u32 = 8;

/// Where each constant begins, and behind it ends.
pub(super) struct Layout(BTreeMap<u32, u32>);

/// What moves into one part.
pub(super) struct Moving {
    /// What the part fills, by address: its constants, and what lies between two of them that are close together.
    pieces: BTreeMap<u32, Vec<u8>>,
    /// Where its constants stand.
    places: Vec<Range<u32>>,
}

impl Layout {
    /// Reads the linker's map: a line for each constant, with address, place in the file and size, and a name behind them.
    pub(super) fn of(map: &str) -> Self {
        let constant = |line: &str| {
            let (numbers, _) = line.split_once(":(.rodata")?;
            let mut numbers = numbers.split_whitespace().map(|word| u32::from_str_radix(word, 16));
            let (from, _, size) = (numbers.next()?.ok()?, numbers.next()?, numbers.next()?.ok()?);
            (size > 0).then_some((from, from + size))
        };
        Self(map.lines().filter_map(constant).collect())
    }

    /// Whether it is of this module: every lab's words stand where it says that something stands.
    pub(super) fn fits(&self, module: &Module) -> bool {
        labs::catalog().iter().all(|lab| self.found(module, lab.gist.as_bytes()).is_some())
    }

    /// The constant that is these bytes.
    fn found(&self, module: &Module, bytes: &[u8]) -> Option<u32> {
        let mut all = self.0.iter().filter(|(from, end)| (*end - *from) as usize == bytes.len());
        all.find(|(from, end)| read(module, **from..**end) == Some(bytes)).map(|(from, _)| *from)
    }

    /// The constant that a number points to: the one that it is in, or that ends there where no other one begins.
    fn around(&self, number: u32) -> Option<u32> {
        let (from, end) = self.0.range(..=number).next_back()?;
        (number <= *end).then_some(*from)
    }

    /// What each constant points to.
    fn pointers(&self, module: &Module) -> BTreeMap<u32, BTreeSet<u32>> {
        let of = |(from, end): (&u32, &u32)| {
            let bytes = read(module, from.next_multiple_of(4)..*end).unwrap_or_default();
            let word = |word: &[u8]| word.iter().rev().fold(0, |sum, byte| sum << 8 | u32::from(*byte));
            (*from, bytes.chunks_exact(4).filter_map(|four| self.around(word(four))).collect())
        };
        self.0.iter().map(of).collect()
    }
}

/// What is read with this wing alone.
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

/// What the page reads of a lab that is not here.
fn at_once(lab: &LabInfo) -> [&'static str; 4] {
    [lab.id, lab.title, lab.gist, lab.shelf]
}

/// Who points where, and where that leads.
struct Reach<'a> {
    pointers: BTreeMap<u32, BTreeSet<u32>>,
    /// The wing of what is read with one wing.
    later: BTreeMap<u32, &'a str>,
    /// By where a lab's `INFO` stands: the lab, and what it points to that is read at once.
    infos: BTreeMap<u32, (&'a str, BTreeSet<u32>)>,
}

impl<'a> Reach<'a> {
    fn of(module: &Module, layout: &Layout) -> Self {
        let pointers = layout.pointers(module);
        let found = |words: &str| layout.found(module, words.as_bytes());
        let all =
            later().into_iter().flat_map(|(wing, words)| words.into_iter().map(move |word| (wing, word)));
        let later = all.filter_map(|(wing, word)| Some((found(word)?, wing))).collect();
        let info = |lab: &&'static LabInfo| {
            let (title, gist) = (found(lab.title)?, found(lab.gist)?);
            let names = |(_, to): &(&u32, &BTreeSet<u32>)| to.contains(&title) && to.contains(&gist);
            let (info, _) = pointers.iter().find(names)?;
            Some((*info, (lab.id, at_once(lab).into_iter().filter_map(found).collect())))
        };
        let infos = labs::catalog().iter().filter_map(info).collect();
        Self { pointers, later, infos }
    }

    /// All that is read by who reads these.
    fn spread(&self, mut open: Vec<u32>) -> BTreeSet<u32> {
        let mut reached = BTreeSet::new();
        while let Some(constant) = open.pop() {
            if self.later.contains_key(&constant) || !reached.insert(constant) {
                continue;
            }
            match self.infos.get(&constant) {
                Some((_, at_once)) => open.extend(at_once),
                None => open.extend(self.pointers.get(&constant).into_iter().flatten()),
            }
        }
        reached
    }

    /// What a lab says of itself once it is here.
    fn said(&self, lab: &str) -> impl Iterator<Item = u32> {
        let own = self.infos.iter().filter(move |(_, (of, _))| *of == lab);
        own.flat_map(|(info, (_, at_once))| self.pointers[info].difference(at_once)).copied()
    }
}

/// By part, what moves: what its functions and its constants alone point to.
pub(super) fn moving<'a>(
    module: &Module,
    layout: &Layout,
    parts: &BTreeMap<&'a str, &BTreeSet<Place>>,
) -> BTreeMap<&'a str, Moving> {
    let reach = Reach::of(module, layout);
    let owners: BTreeMap<Place, &str> =
        parts.iter().flat_map(|(part, own)| own.iter().map(|place| (*place, *part))).collect();
    let mut read: BTreeMap<Option<&str>, Vec<u32>> = BTreeMap::new();
    for (id, function) in module.funcs.iter_local() {
        let mut numbers = Numbers::default();
        dfs_in_order(&mut numbers, function, function.entry_block());
        let by = read.entry(owners.get(&id.index()).copied()).or_default();
        by.extend(numbers.0.into_iter().filter_map(|number| layout.around(number)));
    }
    let of_page = reach.spread(read.remove(&None).unwrap_or_default());
    let mut readers: BTreeMap<u32, BTreeSet<&'a str>> = BTreeMap::new();
    for part in parts.keys().copied() {
        let own = read.remove(&Some(part)).unwrap_or_default();
        for constant in reach.spread(own.into_iter().chain(reach.said(part)).collect()) {
            readers.entry(constant).or_default().insert(part);
        }
    }
    let mut places: BTreeMap<&'a str, Vec<Range<u32>>> = BTreeMap::new();
    for (from, end) in &layout.0 {
        let owner = match (reach.later.get(from), readers.get(from)) {
            (Some(wing), _) => parts.keys().find(|part| *part == wing).copied(),
            (None, Some(readers)) if !of_page.contains(from) => owner(readers),
            _ => None,
        };
        if let Some(part) = owner {
            places.entry(part).or_default().push(*from..*end);
        }
    }
    let moving = places.into_iter().map(|(part, places)| (part, Moving::of(module, &places)));
    moving.collect()
}

/// The part that brings what these read: there is one of them, or all are labs, which come after what they share.
fn owner<'a>(readers: &BTreeSet<&'a str>) -> Option<&'a str> {
    let is_lab = |part: &&&str| labs::catalog().iter().any(|lab| lab.id == **part);
    let others: Vec<&&str> = readers.iter().filter(|part| !is_lab(part)).collect();
    match (readers.len(), &*others) {
        (1, _) => readers.first().copied(),
        (_, [only]) if **only == SHARED => Some(SHARED),
        _ => None,
    }
}

impl Moving {
    /// These places, in as few pieces as it takes. What lies between two constants is constant as well.
    fn of(module: &Module, places: &[Range<u32>]) -> Self {
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

fn segments(module: &Module) -> impl Iterator<Item = (u32, &Data)> {
    module.data.iter().filter_map(|data| match data.kind {
        DataKind::Active { offset: ConstExpr::Value(Value::I32(from)), .. } => Some((from as u32, data)),
        _ => None,
    })
}

/// What stands there in the beginning.
fn read(module: &Module, range: Range<u32>) -> Option<&[u8]> {
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

    /// One constant behind the other, from address 64, with what each is.
    fn laid(constants: &[&[u8]]) -> (Layout, String) {
        let (mut map, mut data, mut at) = (String::new(), String::new(), 64);
        for constant in constants {
            let size = constant.len();
            map += &format!("{at:8x} {at:8x} {size:8x}         /a/program.o:(.rodata..Lanon.{at})\n");
            map += &format!("{at:8x} {at:8x} {size:8x}                 .Lanon.{at}\n");
            data.extend(constant.iter().map(|byte| format!("\\{byte:02x}")));
            at += size;
        }
        (Layout::of(&map), format!("(data (i32.const 64) \"{data}\")"))
    }

    fn moved(moving: &BTreeMap<&str, Moving>, part: &str) -> Vec<String> {
        let pieces = moving.get(part).into_iter().flat_map(|moving| moving.pieces.values());
        pieces.map(|bytes| String::from_utf8_lossy(bytes).into_owned()).collect()
    }

    #[test]
    fn words_of_a_wing_leave_the_page_and_come_with_the_wing() {
        let (title, flaw) = (labs::catalog()[0].gist, labs::catalog()[0].flaws[0].help);
        let (layout, data) = laid(&[title.as_bytes(), flaw.as_bytes()]);
        let text = format!("(module (memory (export \"memory\") 1) {data})");
        let own = BTreeSet::new();
        let moving = moving(&module(&text), &layout, &[("explore", &own)].into());
        let (mut page, mut wing) = (module(&text), module("(module (memory 1))"));
        leave(&mut page, moving.values());
        bring(&mut wing, &moving["explore"]);
        let (_, left) = segments(&page).next().expect("its data");
        assert!(left.value.starts_with(title.as_bytes()), "what is read at once stays");
        assert_eq!(left.value[title.len()..], vec![0; flaw.len()]);
        let (place, brought) = segments(&wing).next().expect("its data");
        assert_eq!((place, &*brought.value), (64 + title.len() as u32, flaw.as_bytes()));
    }

    #[test]
    fn a_constant_moves_where_one_part_alone_reads_it() {
        let texts: [&[u8]; 4] =
            [b"a text of one wing.", b"a text of the page..", b"a text that a table of the wing has.", b"\0"];
        let through = 64 + texts[0].len() as u32 + texts[1].len() as u32;
        let table = through.to_le_bytes();
        // Tables stand where four divides.
        let filled = [texts[0], texts[1], texts[2], texts[3], &table, b"between", b"a text of both wings"];
        let (layout, data) = laid(&filled);
        let at = |nth: usize| 64 + filled[..nth].iter().map(|constant| constant.len()).sum::<usize>();
        assert_eq!(at(4) % 4, 0);
        let reads = |all: &[usize]| -> String {
            let numbers = all.iter().map(|nth| format!("(drop (i32.const {}))", at(*nth)));
            format!("(func {})", numbers.collect::<String>())
        };
        let functions = reads(&[0, 1, 4, 6]) + &reads(&[6]) + &reads(&[1]);
        let module = module(&format!("(module (memory 1) {data} {functions})"));
        let functions: Vec<Place> = module.funcs.iter_local().map(|(id, _)| id.index()).collect();
        let (own, other) = ([functions[0]].into(), [functions[1]].into());
        let moving = moving(&module, &layout, &[("one", &own), ("two", &other)].into());
        let with_its_table =
            format!("a text that a table of the wing has.\0{}", String::from_utf8_lossy(&table));
        assert_eq!(moved(&moving, "one"), ["a text of one wing.", &*with_its_table]);
        assert!(moved(&moving, "two").is_empty());
    }

    #[test]
    fn what_labs_and_what_they_share_read_comes_with_what_they_share() {
        let (layout, data) = laid(&[b"a text of a lab and of all"]);
        let reads = "(func (drop (i32.const 64)))".repeat(2);
        let module = module(&format!("(module (memory 1) {data} {reads})"));
        let functions: Vec<Place> = module.funcs.iter_local().map(|(id, _)| id.index()).collect();
        let (one, other) = ([functions[0]].into(), [functions[1]].into());
        let with = |third| moving(&module, &layout, &[("lease", &one), (third, &other)].into());
        assert_eq!(moved(&with(SHARED), SHARED), ["a text of a lab and of all"]);
        assert!(with("explore").is_empty(), "a wing may come without the lab");
    }
}
