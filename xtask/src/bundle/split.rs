//! Takes the labs' code out of the page's WebAssembly, so that each is fetched when somebody opens the lab.
//!
//! A lab is reached through its table of [`Run`](../../../core/src/lab/run.rs) methods and its `open` alone: functions that
//! stand in the table of indirect calls. So nothing has to be rewritten where the page calls a lab. A lab's module fills its
//! places of the table when it is loaded; until then there stands a function that traps. What a lab calls of the page, the
//! page exports.
//!
//! What moves is what the page itself cannot reach ([`reach`](super::reach)). What only one lab can reach goes into that lab's
//! module; what several share goes into one of its own, which is loaded before any of them and gives them its functions.
//!
//! The same is done with parts of the page itself that not everybody opens, its wings: a component of Yew is reached through
//! tables of methods alone.

use std::collections::{BTreeMap, BTreeSet};

use walrus::ir::{Value, Visitor, dfs_in_order};
use walrus::{
    ConstExpr, Data, Element, ElementItems, ElementKind, Export, Function, FunctionBuilder, FunctionId,
    FunctionKind, GlobalKind, ImportKind, ImportedFunction, Memory, Module, TableId,
};

use super::alike::forget_alignment;
use super::constants::{self, Moving};
use super::entry::{entries, wings};
use super::origin::Origin;
use super::reach::{Own, Reach};

/// A function by its place in the module, which is the same whenever the same bytes are read.
pub(super) type Place = usize;

/// The page without labs, what labs share, what wings share, and each of them.
pub(crate) struct Parts {
    pub(crate) page: Vec<u8>,
    pub(crate) shared: Vec<u8>,
    pub(crate) more: Vec<u8>,
    /// By the lab's id.
    pub(crate) labs: BTreeMap<String, Vec<u8>>,
    /// By the wing's name.
    pub(crate) wings: BTreeMap<String, Vec<u8>>,
}

/// The names under which labs import what the page has, and what they share.
const PAGE: &str = "p";
pub(super) const SHARED: &str = "s";
/// What wings share and nobody needs who watches a scenario: it comes with the first of them, and before any of [`LATE`].
pub(super) const MORE: &str = "m";
/// What a scenario is watched with, beside its lab. `web/src/store/mod.rs` says when each is fetched.
pub(super) const WATCHED: [&str; 4] = ["start", "side", "keys", "chart"];
/// What reads texts, and whatever else several of [`READING`] share: it is loaded before any of them.
pub(super) const LANGUAGE: &str = "language";
/// The wings that wait for [`MORE`]. `web/src/shelf/mod.rs` knows them, too.
pub(super) const LATE: [&str; 4] = [LANGUAGE, "explore", "inspector", "build"];
/// The wings that wait for the language as well. `web/src/shelf/mod.rs` knows them, too.
pub(super) const READING: [&str; 4] = ["hand", "settings", "search", "share"];
/// The start page is there before any lab, and waits for nothing.
pub(super) const FIRST_WING: &str = "start";

/// Splits the page's module, whose functions still have their names. `origin` is the same program as the linker knows it.
pub(crate) fn split(wasm: &[u8], origin: &Origin) -> Result<Parts, String> {
    let module = parse(wasm)?;
    let mut graph = Graph::of(&module)?;
    let (labs, common) = entries(&module, &graph.slots);
    let wings = wings(&module, &graph.slots, &graph.calls);
    let all = labs.iter().chain(&wings).map(|(part, own)| (&**part, own.clone()));
    let all: BTreeMap<&str, BTreeSet<Place>> =
        all.chain([(SHARED, common), (MORE, BTreeSet::new())]).collect();
    let begun = all.values().flatten().copied().collect();
    let reach = Reach::of(&module, origin, &graph.calls, graph.called(&module), &graph.slots, begun);
    let owned = reach.owned(&all);
    graph.names = graph.named(&module, &owned);
    let moving: BTreeMap<&str, Moving> = owned
        .iter()
        .map(|(part, own)| {
            let place = |from: &u32| *from..origin.constants[from];
            (*part, Moving::of(&module, &own.constants.iter().map(place).collect::<Vec<_>>()))
        })
        .collect();
    let gone: BTreeSet<Place> = owned.values().flat_map(|own| &own.functions).copied().collect();
    let page = page(module, &graph, &gone, moving.values())?;
    let lent: Vec<_> = [SHARED, MORE, LANGUAGE]
        .iter()
        .filter_map(|part| Some((*part, &owned.get(part)?.functions)))
        .collect();
    let part = |name: &str| part(parse(wasm)?, &graph, &owned[name].functions, &lent, &moving[name]);
    let parts = |all: &BTreeMap<String, BTreeSet<Place>>| {
        all.keys().map(|name| Ok((name.clone(), part(name)?))).collect::<Result<_, String>>()
    };
    Ok(Parts { page, labs: parts(&labs)?, wings: parts(&wings)?, shared: part(SHARED)?, more: part(MORE)? })
}

fn parse(wasm: &[u8]) -> Result<Module, String> {
    let module = Module::from_buffer(wasm);
    let mut module = module.map_err(|error| format!("the page's WebAssembly cannot be read: {error}"))?;
    forget_alignment(&mut module);
    for section in ["linking", "reloc.CODE", "reloc.DATA"] {
        module.customs.remove_raw(section);
    }
    Ok(module)
}

/// Who calls whom, and who stands where in the table.
struct Graph {
    /// The functions in the table, by their slot.
    slots: BTreeMap<u32, Place>,
    /// Direct calls.
    calls: BTreeMap<Place, BTreeSet<Place>>,
    /// What a place is called in the module that the graph is of.
    ids: BTreeMap<Place, FunctionId>,
    /// The names under which parts give each other their functions.
    names: BTreeMap<Place, String>,
}

struct Calls(BTreeSet<Place>);

impl Visitor<'_> for Calls {
    fn visit_function_id(&mut self, function: &FunctionId) {
        self.0.insert(function.index());
    }
}

impl Graph {
    fn of(module: &Module) -> Result<Self, String> {
        let table = module.tables.main_function_table().ok().flatten();
        let table = table.ok_or("the page's WebAssembly has no table of functions")?;
        let mut calls = BTreeMap::new();
        for (id, function) in module.funcs.iter_local() {
            let mut seen = Calls(BTreeSet::new());
            dfs_in_order(&mut seen, function, function.entry_block());
            calls.insert(id.index(), seen.0);
        }
        let ids = module.funcs.iter().map(|function| (function.id().index(), function.id())).collect();
        Ok(Self { slots: slots(module, table)?, calls, ids, names: BTreeMap::new() })
    }

    /// What is called from outside.
    fn called(&self, module: &Module) -> BTreeSet<Place> {
        let exported = module.exports.iter().filter_map(|export| match export.item {
            walrus::ExportItem::Function(function) => Some(function.index()),
            _ => None,
        });
        exported.chain(module.start.map(|start| start.index())).collect()
    }

    /// A name for whatever one of the parts calls of another: two letters, because a lab has a hundred of them. They follow the
    /// functions' own names, by which the optimiser orders functions: so names and numbers grow together, in the page and in
    /// whatever else lends some.
    fn named(&self, module: &Module, owned: &BTreeMap<&str, Own>) -> BTreeMap<Place, String> {
        let parts = || owned.values().map(|own| &own.functions);
        let called: BTreeSet<Place> = parts().flat_map(|own| self.foreign(own)).collect();
        let lender = |place: &Place| parts().position(|own| own.contains(place));
        let mut by_lender = BTreeMap::<_, BTreeSet<_>>::new();
        for place in called {
            let own_name = module.funcs.get(self.ids[&place]).name.clone();
            by_lender.entry(lender(&place)).or_default().insert((own_name, place));
        }
        let numbered = |called: BTreeSet<(_, Place)>| called.into_iter().map(|(_, place)| place).zip(0..);
        by_lender
            .into_values()
            .flat_map(numbered)
            .map(|(place, number): (_, u32)| (place, letters(number)))
            .collect()
    }

    /// What these functions call beyond themselves.
    fn foreign<'a>(&'a self, own: &'a BTreeSet<Place>) -> impl Iterator<Item = Place> + 'a {
        let callees = own.iter().filter_map(|place| self.calls.get(place)).flatten();
        callees.copied().filter(|callee| !own.contains(callee))
    }
}

/// The letters of names, in the order of their bytes: so names stand in the order of their numbers.
pub(super) const ALPHABET: &[u8; 52] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// The name of this number. What wasm-bindgen itself exports has longer ones.
fn letters(number: u32) -> String {
    let letter = |number: u32| char::from(ALPHABET[number as usize % ALPHABET.len()]);
    let before = number / ALPHABET.len() as u32;
    let beginning = if before < 52 { letter(before).to_string() } else { letters(before) };
    beginning + &letter(number).to_string()
}

/// The functions in the table, by slot.
fn slots(module: &Module, table: TableId) -> Result<BTreeMap<u32, Place>, String> {
    let mut slots = BTreeMap::new();
    for segment in module.elements.iter() {
        let ElementKind::Active { table: of, offset } = &segment.kind else { continue };
        if *of != table {
            continue;
        }
        let (ConstExpr::Value(Value::I32(from)), ElementItems::Functions(functions)) =
            (offset, &segment.items)
        else {
            return Err("the table of functions is not filled as rustc fills it".into());
        };
        slots.extend((*from as u32..).zip(functions.iter().map(FunctionId::index)));
    }
    Ok(slots)
}

/// The page: without what is gone, and with exports of what that calls.
fn page<'a>(
    mut module: Module,
    graph: &Graph,
    gone: &BTreeSet<Place>,
    moving: impl Iterator<Item = &'a Moving>,
) -> Result<Vec<u8>, String> {
    constants::leave(&mut module, moving);
    let mut traps = BTreeMap::new();
    let segments: Vec<_> = module.elements.iter().map(Element::id).collect();
    for segment in segments {
        let ElementItems::Functions(mut functions) = module.elements.get(segment).items.clone() else {
            continue;
        };
        for function in functions.iter_mut().filter(|function| gone.contains(&function.index())) {
            // One for each signature: a call of the wrong one would be another error than the one that it is.
            let kind = module.funcs.get(*function).ty();
            *function = *traps.entry(kind).or_insert_with(|| trap(&mut module, kind));
        }
        module.elements.get_mut(segment).items = ElementItems::Functions(functions);
    }
    let foreign = graph.foreign(gone).map(|place| (&*graph.names[&place], graph.ids[&place]));
    for (name, function) in foreign.collect::<BTreeMap<_, _>>() {
        module.exports.add(name, function);
    }
    for (name, table) in tables(&module) {
        module.exports.add(&name, table);
    }
    for (name, global) in globals(&module) {
        module.exports.add(&name, global);
    }
    if !module.exports.iter().any(|export| export.name == "memory") {
        return Err("the page's WebAssembly does not export its memory".into());
    }
    walrus::passes::gc::run(&mut module);
    Ok(module.emit_wasm())
}

fn trap(module: &mut Module, kind: walrus::TypeId) -> FunctionId {
    let kind = module.types.get(kind);
    let (takes, gives) = (kind.params().to_vec(), kind.results().to_vec());
    let mut body = FunctionBuilder::new(&mut module.types, &takes, &gives);
    body.name("a lab that is not loaded".into()).func_body().unreachable();
    let arguments = takes.iter().map(|kind| module.locals.add(*kind)).collect();
    body.finish(arguments, &mut module.funcs)
}

/// A module of its own functions, with everything else from the page, from what labs share, or from the language: by their first letters.
fn part(
    mut module: Module,
    graph: &Graph,
    own: &BTreeSet<Place>,
    lent: &[(&str, &BTreeSet<Place>)],
    constants: &Moving,
) -> Result<Vec<u8>, String> {
    let table = module.tables.main_function_table().ok().flatten().ok_or("the table is gone")?;
    let ids: Vec<FunctionId> = module.funcs.iter().map(Function::id).collect();
    empty(&mut module);
    // What others call of it is offered: to labs what they share, and to wings.
    let strangers = graph.calls.iter().filter(|(caller, _)| !own.contains(caller));
    let called: BTreeSet<Place> = strangers.flat_map(|(_, callees)| callees).copied().collect();
    for id in ids.iter().copied().filter(|id| own.contains(&id.index()) && called.contains(&id.index())) {
        module.exports.add(&graph.names[&id.index()], id);
    }
    let by_place: BTreeMap<Place, FunctionId> = ids.iter().map(|id| (id.index(), *id)).collect();
    let from = |place: &Place| {
        let lender = lent.iter().find(|(_, functions)| functions.contains(place));
        lender.map_or(PAGE, |(lender, _)| &lender[..1])
    };
    let foreign = graph.foreign(own).map(|place| ((from(&place), &*graph.names[&place]), place));
    for ((from, name), place) in foreign.collect::<BTreeMap<_, _>>() {
        import(&mut module, by_place[&place], from, name);
    }
    borrow(&mut module);
    constants::bring(&mut module, constants);
    fill(&mut module, table, graph, own, &ids);
    walrus::passes::gc::run(&mut module);
    Ok(module.emit_wasm())
}

/// Takes out what the page alone does and has: its start, its exports, its data.
fn empty(module: &mut Module) {
    module.start = None;
    let exports: Vec<_> = module.exports.iter().map(Export::id).collect();
    exports.into_iter().for_each(|export| module.exports.delete(export));
    let data: Vec<_> = module.data.iter().map(Data::id).collect();
    data.into_iter().for_each(|data| module.data.delete(data));
    for memory in module.memories.iter_mut() {
        memory.data_segments.clear();
    }
}

/// Makes a function one that is imported.
fn import(module: &mut Module, id: FunctionId, from: &str, name: &str) {
    let function = module.funcs.get(id);
    let kind = function.ty();
    if let FunctionKind::Import(import) = &function.kind {
        module.imports.delete(import.import);
    }
    let import = module.imports.add(from, name, ImportKind::Function(id));
    module.funcs.get_mut(id).kind = FunctionKind::Import(ImportedFunction { import, ty: kind });
}

/// Tables, memory and globals are the page's.
fn borrow(module: &mut Module) {
    for (name, table) in tables(module) {
        let imported = module.imports.add(PAGE, &name, ImportKind::Table(table));
        module.tables.get_mut(table).import = Some(imported);
    }
    let memories: Vec<_> = module.memories.iter().map(Memory::id).collect();
    for memory in memories {
        let imported = module.imports.add(PAGE, "memory", ImportKind::Memory(memory));
        module.memories.get_mut(memory).import = Some(imported);
    }
    for (name, global) in globals(module) {
        let imported = module.imports.add(PAGE, &name, ImportKind::Global(global));
        module.globals.get_mut(global).kind = GlobalKind::Import(imported);
    }
}

/// Puts a lab's functions into their slots of the table, and nothing else into any.
fn fill(module: &mut Module, table: TableId, graph: &Graph, own: &BTreeSet<Place>, ids: &[FunctionId]) {
    let segments: Vec<_> = module.elements.iter().map(Element::id).collect();
    segments.into_iter().for_each(|segment| module.elements.delete(segment));
    module.tables.get_mut(table).elem_segments.clear();
    let by_place: BTreeMap<Place, FunctionId> = ids.iter().map(|id| (id.index(), *id)).collect();
    let mut runs: Vec<(u32, Vec<FunctionId>)> = Vec::new();
    for (slot, place) in graph.slots.iter().filter(|(_, place)| own.contains(place)) {
        match runs.last_mut() {
            Some((from, run)) if *from + run.len() as u32 == *slot => run.push(by_place[place]),
            _ => runs.push((*slot, vec![by_place[place]])),
        }
    }
    for (from, run) in runs {
        let offset = ConstExpr::Value(Value::I32(from as i32));
        let segment =
            module.elements.add(ElementKind::Active { table, offset }, ElementItems::Functions(run));
        module.tables.get_mut(table).elem_segments.insert(segment);
    }
}

/// The module's own tables, by the names under which they are shared: one of functions, and one of the values of JavaScript.
fn tables(module: &Module) -> Vec<(String, TableId)> {
    let own = module.tables.iter().filter(|table| table.import.is_none());
    own.map(|table| (format!("t{}", table.id().index()), table.id())).collect()
}

/// The module's own globals, by the names under which they are shared: the stack pointer, in the main.
fn globals(module: &Module) -> Vec<(String, walrus::GlobalId)> {
    let own = module.globals.iter().filter(|global| matches!(global.kind, GlobalKind::Local(_)));
    own.map(|global| (format!("g{}", global.id().index()), global.id())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two labs whose entries call something of their own, something of the page, and an import of it. `shared` stands for an
    /// entry that the optimiser has made one of two: it bears the name of one lab alone.
    fn whole() -> Vec<u8> {
        let padding = "(drop (i32.const 1))".repeat(20);
        let entry = |lab: &str, method: &str, calls: &str| {
            format!(
                "(func $\"<core::lab::bench::Bench<core::labs::{lab}::node::Lab> as core::lab::run::Run>::{method}\" \
                 (param i32) {padding} {calls})"
            )
        };
        let text = format!(
            "(module
              (import \"browser\" \"now\" (func $now))
              (memory (export \"memory\") 1)
              (global $stack (mut i32) (i32.const 1024))
              (data (i32.const 0) \"data\")
              (table 8 funcref)
              (elem (i32.const 1) $page_only {a} {b} {shared})
              (func $page_only (export \"start\") (call $helper))
              (func $helper {padding})
              (func $raft_alone {padding} (global.set $stack (i32.const 2)) (call $raft_deeper))
              (func $raft_deeper {padding})
              (func $both {padding})
              {} {} {})",
            entry("raft", "apply", "(call $raft_alone) (call $helper) (call $now) (call $both)"),
            entry("lease", "apply", "(call $both)"),
            entry("lease", "kernel", ""),
            a = "$\"<core::lab::bench::Bench<core::labs::raft::node::Lab> as core::lab::run::Run>::apply\"",
            b = "$\"<core::lab::bench::Bench<core::labs::lease::node::Lab> as core::lab::run::Run>::apply\"",
            shared =
                "$\"<core::lab::bench::Bench<core::labs::lease::node::Lab> as core::lab::run::Run>::kernel\"",
        );
        wat::parse_str(text).expect("the text is right")
    }

    /// As if the linker had told nothing.
    fn taken_apart(wasm: &[u8]) -> Result<Parts, String> {
        split(wasm, &Origin::default())
    }

    fn names(module: &Module) -> BTreeSet<String> {
        module.funcs.iter_local().filter_map(|(id, _)| module.funcs.get(id).name.clone()).collect()
    }

    #[test]
    fn the_page_lets_the_same_wings_wait() {
        let page = include_str!("../../../web/src/shelf/mod.rs");
        let named = |function: &str| -> BTreeSet<String> {
            let (_, body) =
                page.split_once(&format!("const fn {function}(self) -> bool {{")).expect(function);
            let (body, _) = body.split_once("\n    }\n").expect("it ends");
            let names = body.split("Self::").skip(1);
            names.map(|rest| rest.split([' ', ')', '\n']).next().unwrap_or_default().to_lowercase()).collect()
        };
        assert_eq!(named("is_late"), LATE.map(String::from).into());
        assert_eq!(named("reads"), READING.map(String::from).into());
    }

    #[test]
    fn a_lab_takes_what_only_it_can_reach() {
        let parts = taken_apart(&whole()).expect("it can be split");
        let raft = parse(&parts.labs["raft"]).expect("a module");
        let own = names(&raft);
        assert_eq!(own.len(), 3, "{own:?}");
        assert!(own.contains("raft_alone") && own.contains("raft_deeper"), "{own:?}");
        assert_eq!(names(&parse(&parts.labs["lease"]).expect("a module")).len(), 1);
        let page = names(&parse(&parts.page).expect("a module"));
        assert_eq!(page, ["page_only", "helper", "a lab that is not loaded"].map(String::from).into());
        let shared = names(&parse(&parts.shared).expect("a module"));
        assert_eq!(shared.len(), 2, "{shared:?}");
        assert!(shared.contains("both") && shared.iter().any(|name| name.ends_with("kernel")), "{shared:?}");
    }

    #[test]
    fn a_lab_finds_all_that_it_asks_for() {
        let parts = taken_apart(&whole()).expect("it can be split");
        let exports = |wasm: &[u8]| -> BTreeSet<String> {
            parse(wasm).expect("a module").exports.iter().map(|export| export.name.clone()).collect()
        };
        let (page, shared) = (exports(&parts.page), exports(&parts.shared));
        let raft = parse(&parts.labs["raft"]).expect("a module");
        let asked: Vec<_> = raft.imports.iter().map(|import| (&*import.module, &*import.name)).collect();
        // Memory is not used by these functions; the table is filled.
        assert!(asked.contains(&(PAGE, "t0")), "{asked:?}");
        assert_eq!(asked.len(), 5, "helper, both, now, the table and the stack: {asked:?}");
        for (module, name) in asked {
            let offered = if module == SHARED { &shared } else { &page };
            assert!(offered.contains(name), "{module} {name}: {offered:?}");
        }
        assert!(raft.exports.iter().next().is_none() && raft.data.iter().next().is_none());
    }

    #[test]
    fn a_lab_fills_its_own_slots_and_the_page_leaves_them_to_it() {
        let parts = taken_apart(&whole()).expect("it can be split");
        let filled = |wasm: &[u8]| {
            let module = parse(wasm).expect("a module");
            let table = module.tables.main_function_table().expect("one table").expect("a table");
            let name = |place: Place| {
                let function = module.funcs.iter().find(|function| function.id().index() == place);
                function.and_then(|function| function.name.clone()).unwrap_or_default()
            };
            slots(&module, table)
                .expect("slots")
                .into_iter()
                .map(|(slot, place)| (slot, name(place)))
                .collect::<Vec<_>>()
        };
        let page = filled(&parts.page);
        let left: Vec<_> = page
            .iter()
            .filter(|(_, name)| name == "a lab that is not loaded")
            .map(|(slot, _)| *slot)
            .collect();
        assert_eq!((page.len(), left), (4, vec![2, 3, 4]));
        let lease = filled(&parts.labs["lease"]);
        assert!(matches!(&lease[..], [(3, name)] if name.ends_with("apply")), "{lease:?}");
    }

    #[test]
    fn a_wing_takes_what_somebody_wrote_for_it_alone() {
        let long = "(drop (i32.const 1))".repeat(60);
        let text = format!(
            "(module
              (memory (export \"memory\") 1)
              (table 8 funcref)
              (elem (i32.const 1) $\"<splitbrain_web[1a]::script::Script as yew[2b]::Component>::view\"
                $\"core[3c]::ptr::drop_in_place::<splitbrain_web[1a]::script::Props>\"
                $\"<splitbrain_web[1a]::script::Script as yew[2b]::Component>::changed\"
                $\"splitbrain_web[1a]::stage::script\")
              (func $\"<splitbrain_web[1a]::script::Script as yew[2b]::Component>::view\" {long} (call $own))
              (func $own {long})
              (func $\"core[3c]::ptr::drop_in_place::<splitbrain_web[1a]::script::Props>\" {long})
              (func $\"<splitbrain_web[1a]::script::Script as yew[2b]::Component>::changed\" (drop (i32.const 1)))
              (func $\"splitbrain_web[1a]::stage::script\" {long}))"
        );
        let parts = taken_apart(&wat::parse_str(text).expect("the text is right")).expect("it can be split");
        assert_eq!(parts.wings.keys().collect::<Vec<_>>(), ["build"]);
        let wing = names(&parse(&parts.wings["build"]).expect("a module"));
        assert!(wing.len() == 2 && wing.contains("own"), "{wing:?}");
        let page = names(&parse(&parts.page).expect("a module"));
        assert_eq!(
            page.len(),
            4,
            "what ends a value, what is small, what is not of it, and a trap: {page:?}"
        );
    }
}
