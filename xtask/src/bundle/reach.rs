//! Which part of the page is whose: what is reached by whom.
//!
//! Functions are reached by calls and through the table, constants by pointers, and what a constant points to by whoever reads
//! it. The page reaches what its exports do, but for the entries of parts, which stand in the table: until a part is loaded there,
//! nobody calls them. What only one part reaches is that part's.

use std::collections::{BTreeMap, BTreeSet};

use splitbrain_core::labs;
use walrus::Module;
use walrus::ir::{Const, Value, Visitor, dfs_in_order};

use super::constants::{at_once, later, read};
use super::origin::{Origin, Pointers};
use super::split::{FIRST_WING, LANGUAGE, LATE, MORE, Place, READING, SHARED, WATCHED};

/// What can be reached.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) enum Node {
    Function(Place),
    /// By where it begins.
    Constant(u32),
}

/// What belongs to one part.
#[derive(Default)]
pub(super) struct Own {
    pub(super) functions: BTreeSet<Place>,
    /// By where they begin.
    pub(super) constants: BTreeSet<u32>,
}

/// Who reaches what in one step.
pub(super) struct Reach<'a> {
    calls: &'a BTreeMap<Place, BTreeSet<Place>>,
    /// By whom, the functions whose place in the table is known, and constants.
    points: BTreeMap<Node, BTreeSet<Node>>,
    /// Functions that somebody knows by their place in the table.
    taken: BTreeSet<Place>,
    /// Where parts begin.
    entries: BTreeSet<Place>,
    /// What the page reaches in the beginning.
    page: Vec<Node>,
    /// The wing of a constant that is read with one wing.
    later: BTreeMap<Node, &'static str>,
    /// What a lab says of itself once it is here.
    said: BTreeMap<&'static str, BTreeSet<Node>>,
}

impl<'a> Reach<'a> {
    /// `called`: functions that are called from outside; `slots`: the table; `entries`: what of it is the beginning of a part.
    pub(super) fn of(
        module: &Module,
        origin: &Origin,
        calls: &'a BTreeMap<Place, BTreeSet<Place>>,
        called: impl IntoIterator<Item = Place>,
        slots: &BTreeMap<u32, Place>,
        entries: BTreeSet<Place>,
    ) -> Self {
        let nodes = |pointers: &Pointers| -> BTreeSet<Node> {
            let functions = pointers.slots.iter().filter_map(|slot| slots.get(slot)).copied();
            let constants = pointers.constants.iter().copied();
            functions.map(Node::Function).chain(constants.map(Node::Constant)).collect()
        };
        let mut points: BTreeMap<Node, BTreeSet<Node>> = origin
            .of_constants
            .iter()
            .map(|(from, pointers)| (Node::Constant(*from), nodes(pointers)))
            .collect();
        for (id, function) in module.funcs.iter_local() {
            let name = module.funcs.get(id).name.as_deref().unwrap_or_default();
            let to = match origin.of_function(name) {
                Some(pointers) => nodes(pointers),
                // wasm-bindgen has made it: any number may be an address or a place in the table.
                None => {
                    let mut numbers = Numbers::default();
                    dfs_in_order(&mut numbers, function, function.entry_block());
                    nodes(&numbers.0.into_iter().fold(Pointers::default(), |mut all, number| {
                        all.slots.insert(number);
                        let constant = origin.constants.range(..=number).next_back();
                        all.constants
                            .extend(constant.filter(|(_, end)| number <= **end).map(|(from, _)| *from));
                        all
                    }))
                }
            };
            points.insert(Node::Function(id.index()), to);
        }
        let others = nodes(&origin.of_others);
        let all = points.values().flatten().chain(&others);
        let taken: BTreeSet<Place> = all.filter_map(|node| node.function()).collect();
        // Somebody knows them whom nobody knows.
        let unknown =
            slots.values().filter(|place| !taken.contains(place) && !entries.contains(place)).copied();
        let page = called.into_iter().chain(unknown).map(Node::Function).chain(others).collect();
        let (later, said) = (BTreeMap::new(), BTreeMap::new());
        let mut reach = Self { calls, points, taken, entries, page, later, said };
        reach.read_labs(module, origin);
        reach
    }

    /// Takes down what is read later than the program tells. The same words may stand in several places.
    fn read_labs(&mut self, module: &Module, origin: &Origin) {
        let mut by_bytes: BTreeMap<&[u8], BTreeSet<Node>> = BTreeMap::new();
        for (from, end) in &origin.constants {
            let bytes = read(module, *from..*end).unwrap_or_default();
            by_bytes.entry(bytes).or_default().insert(Node::Constant(*from));
        }
        let found = |words: &&str| by_bytes.get(words.as_bytes()).into_iter().flatten().copied();
        for (wing, words) in later() {
            self.later.extend(words.iter().flat_map(found).map(|node| (node, wing)));
        }
        for lab in labs::catalog() {
            let (titles, gists) = (found(&lab.title).collect(), found(&lab.gist).collect());
            let names =
                |(_, to): &(&Node, &BTreeSet<Node>)| !to.is_disjoint(&titles) && !to.is_disjoint(&gists);
            let Some(info) = self.points.iter().find(names).map(|(info, _)| *info) else { continue };
            let kept = at_once(lab).iter().flat_map(found).collect();
            let to = self.points.remove(&info).unwrap_or_default();
            self.said.insert(lab.id, &to - &kept);
            self.points.insert(info, &to & &kept);
        }
    }

    /// All that is reached from these, but through the table none of the entries.
    fn spread(&self, mut open: Vec<Node>) -> BTreeSet<Node> {
        let mut reached: BTreeSet<Node> = open.iter().copied().collect();
        let is_entry = |node: &Node| node.function().is_some_and(|place| self.entries.contains(&place));
        while let Some(node) = open.pop() {
            let called = node.function().and_then(|place| self.calls.get(&place)).into_iter().flatten();
            let called =
                called.filter(|place| self.calls.contains_key(place)).map(|place| Node::Function(*place));
            let pointed = self.points.get(&node).into_iter().flatten().copied();
            let pointed = pointed.filter(|node| !is_entry(node) && !self.later.contains_key(node));
            open.extend(called.chain(pointed).filter(|node| reached.insert(*node)));
        }
        reached
    }

    /// What each part owns, by the entries of all parts. What parts share is one of them.
    pub(super) fn owned<'p>(&self, parts: &BTreeMap<&'p str, BTreeSet<Place>>) -> BTreeMap<&'p str, Own> {
        let mut page = self.page.clone();
        loop {
            let of_page = self.spread(page.clone());
            let mut readers: BTreeMap<Node, BTreeSet<&'p str>> = BTreeMap::new();
            for (part, own) in parts {
                let said = self.said.get(part).into_iter().flatten().copied();
                let open = own
                    .iter()
                    .copied()
                    .map(Node::Function)
                    .chain(said.filter(|node| !self.later.contains_key(node)));
                for node in self.spread(open.collect()).difference(&of_page) {
                    readers.entry(*node).or_default().insert(part);
                }
            }
            let mut all: BTreeMap<&'p str, Own> = parts.keys().map(|part| (*part, Own::default())).collect();
            let before = page.len();
            for (node, readers) in readers {
                match (self.owner(node, &readers).and_then(|part| all.get_mut(part)), node) {
                    (None, _) => page.push(node),
                    (Some(own), Node::Function(place)) => own.functions.extend([place]),
                    (Some(own), Node::Constant(from)) => own.constants.extend([from]),
                }
            }
            // What stays with the page keeps what it reaches.
            if page.len() == before {
                for (node, wing) in &self.later {
                    if let (Node::Constant(from), Some(own)) = (node, all.get_mut(wing)) {
                        own.constants.insert(*from);
                    }
                }
                return all;
            }
        }
    }

    /// The part whose something is that these reach, and the page does not; or nothing, where it has to stay. What parts share is
    /// there before labs, and before a part that calls it; but nobody asks for it who reads a constant, or finds a function in the
    /// table. What late wings share is always there before them, and so is the language before those that read.
    fn owner<'p>(&self, node: Node, readers: &BTreeSet<&'p str>) -> Option<&'p str> {
        let is_early = |part: &&str| *part == SHARED || labs::catalog().iter().any(|lab| lab.id == *part);
        let is_called = |place: Place| !self.taken.contains(&place) && !readers.contains(FIRST_WING);
        let is_watched = |part: &&str| is_early(part) || WATCHED.contains(part);
        let reads = |part: &&str| *part == LANGUAGE || READING.contains(part);
        let is_late = |part: &&str| reads(part) || *part == MORE || LATE.contains(part);
        match readers.first() {
            Some(only) if readers.len() == 1 => Some(only),
            _ if readers.iter().all(reads) => Some(LANGUAGE),
            _ if readers.iter().all(is_late) => Some(MORE),
            _ if !readers.iter().any(is_watched) => {
                node.function().filter(|place| is_called(*place)).map(|_| MORE)
            }
            _ if readers.iter().all(is_early) || node.function().is_some_and(is_called) => Some(SHARED),
            _ => None,
        }
    }
}

impl Node {
    const fn function(self) -> Option<Place> {
        match self {
            Self::Function(place) => Some(place),
            Self::Constant(_) => None,
        }
    }
}

/// All numbers of a function.
#[derive(Default)]
struct Numbers(BTreeSet<u32>);

impl Visitor<'_> for Numbers {
    fn visit_const(&mut self, number: &Const) {
        if let Value::I32(number) = number.value {
            self.0.insert(number as u32);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A program with these constants from address 64, one behind the other, and functions that have these numbers.
    fn program(constants: &[&[u8]], functions: &[&[u32]]) -> (Module, Origin) {
        let (mut data, mut origin, mut at) = (String::new(), Origin::default(), 64);
        for constant in constants {
            data.extend(constant.iter().map(|byte| format!("\\{byte:02x}")));
            origin.constants.insert(at, at + constant.len() as u32);
            at += constant.len() as u32;
        }
        let function = |numbers: &&[u32]| {
            let numbers: String =
                numbers.iter().map(|number| format!("(drop (i32.const {number}))")).collect();
            format!("(func {numbers})")
        };
        let functions: String = functions.iter().map(function).collect();
        let text = format!("(module (memory 1) (data (i32.const 64) \"{data}\") {functions})");
        let wasm = wat::parse_str(&text).expect("the text is right");
        (Module::from_buffer(&wasm).expect("a module"), origin)
    }

    /// What each of these parts owns, whose only functions these are; the page calls none.
    fn owned<'p>(module: &Module, origin: &Origin, parts: &[(&'p str, Place)]) -> BTreeMap<&'p str, Own> {
        let functions: Vec<Place> = module.funcs.iter_local().map(|(id, _)| id.index()).collect();
        let calls = functions.iter().map(|place| (*place, BTreeSet::new())).collect();
        let parts: BTreeMap<_, BTreeSet<Place>> =
            parts.iter().map(|(part, nth)| (*part, [functions[*nth]].into())).collect();
        let own: BTreeSet<Place> = parts.values().flatten().copied().collect();
        let called: Vec<Place> = functions.iter().copied().filter(|place| !own.contains(place)).collect();
        Reach::of(module, origin, &calls, called, &BTreeMap::new(), own).owned(&parts)
    }

    #[test]
    fn a_constant_is_of_the_part_that_alone_reads_it() {
        let constants: [&[u8]; 5] = [b"of one..", b"of page.", b"of table", b"a table.", b"of both."];
        let (module, mut origin) = program(&constants, &[&[64, 72, 88, 96], &[96], &[72]]);
        origin.of_constants.entry(88).or_default().constants.insert(80);
        let owned = owned(&module, &origin, &[("explore", 0), ("build", 1)]);
        assert_eq!(owned["explore"].constants, [64, 80, 88].into());
        assert!(owned["build"].constants.is_empty());
    }

    #[test]
    fn what_labs_and_what_they_share_read_comes_with_what_they_share() {
        let (module, origin) = program(&[b"of both"], &[&[64], &[64]]);
        let with = |other| owned(&module, &origin, &[("lease", 0), (other, 1)]);
        assert_eq!(with(SHARED)[SHARED].constants, [64].into());
        let apart = with("explore");
        assert!(apart.values().all(|own| own.constants.is_empty()), "a wing may come without the lab");
    }

    #[test]
    fn what_a_lab_says_comes_with_the_lab_and_what_explains_a_flaw_with_the_wing() {
        let lab = &labs::catalog()[0];
        let said = [lab.title, lab.gist, lab.properties[0].claim, lab.flaws[0].help].map(str::as_bytes);
        let (_, origin) = program(&said, &[]);
        let places: Vec<u32> = origin.constants.keys().copied().collect();
        let info = *origin.constants.values().last().expect("there are some");
        let constants: Vec<&[u8]> = said.iter().copied().chain([&b"its info"[..]]).collect();
        let (module, mut origin) = program(&constants, &[&[info], &[0], &[0]]);
        origin.of_constants.entry(info).or_default().constants.extend(&places);
        let owned = owned(&module, &origin, &[(lab.id, 1), ("explore", 2)]);
        assert_eq!(owned[lab.id].constants, [places[2]].into());
        assert_eq!(owned["explore"].constants, [places[3]].into());
    }

    #[test]
    fn a_function_that_stays_keeps_what_it_calls() {
        let (module, origin) = program(&[], &[&[], &[], &[], &[]]);
        let functions: Vec<Place> = module.funcs.iter_local().map(|(id, _)| id.index()).collect();
        let [one, other, found, called] = functions[..] else { panic!("four functions: {functions:?}") };
        // Both find a function in the table, which calls another one.
        let calls =
            [(one, [].into()), (other, [].into()), (found, [called].into()), (called, [].into())].into();
        let parts = [("explore", [one].into()), ("build", [other].into())].into();
        let slots = [(1, found)].into();
        let mut reach = Reach::of(&module, &origin, &calls, [], &slots, [one, other].into());
        reach.page.clear();
        for function in [one, other] {
            reach.points.insert(Node::Function(function), [Node::Function(found)].into());
        }
        reach.taken.insert(found);
        let owned = reach.owned(&parts);
        assert_eq!(
            (&owned["explore"].functions, &owned["build"].functions),
            (&[one].into(), &[other].into())
        );
    }
}
