//! What the linker knows of the page's program, and the program that is sent does not: where each constant stands, and who points
//! to which one or takes the address of which function. It leaves its relocations in the file (`web/build.rs` asks it to), and
//! wasm-bindgen hands them on.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use wasmparser::{
    DataKind, KnownCustom, Linking, Name, Operator, Parser, Payload, RelocationEntry, RelocationType,
    SymbolInfo, TypeRef,
};

/// What somebody points to.
#[derive(Default)]
pub(super) struct Pointers {
    /// Constants, by where they begin.
    pub(super) constants: BTreeSet<u32>,
    /// Functions, by their places in the table.
    pub(super) slots: BTreeSet<u32>,
}

/// The program as it was linked.
#[derive(Default)]
pub(super) struct Origin {
    /// Where each constant begins, and behind it ends.
    pub(super) constants: BTreeMap<u32, u32>,
    /// What each of them points to, by where it begins.
    pub(super) of_constants: BTreeMap<u32, Pointers>,
    /// What functions of this name point to.
    of_functions: BTreeMap<String, Pointers>,
    /// What data points to that may change.
    pub(super) of_others: Pointers,
}

/// The file, read as far as it matters.
#[derive(Default)]
struct File<'a> {
    /// How many functions are imported.
    imported: u32,
    names: BTreeMap<u32, &'a str>,
    /// In the order of the file: where each function's code ends, and its number.
    bodies: BTreeMap<usize, u32>,
    /// By where they begin in the file, where segments begin in memory.
    segments: BTreeMap<usize, u32>,
    /// Whether a segment never changes, by its number.
    constant: Vec<bool>,
    symbols: Vec<SymbolInfo<'a>>,
    relocations: Vec<(u32, Vec<RelocationEntry>)>,
    /// Where the content of each section begins.
    sections: Vec<usize>,
}

impl Origin {
    /// Whether the page is made of this program: it has the same relocations.
    pub(super) fn is_of(linked: &[u8], page: &[u8]) -> bool {
        let relocations = |wasm| -> Option<Vec<&[u8]>> {
            let sections = Parser::new(0).parse_all(wasm).filter_map(|payload| match payload {
                Ok(Payload::CustomSection(custom)) if custom.name().starts_with("reloc.") => {
                    Some(Ok(custom.data()))
                }
                Ok(_) => None,
                Err(error) => Some(Err(error)),
            });
            sections.collect::<Result<_, _>>().ok()
        };
        relocations(linked).is_some_and(|all| !all.is_empty() && relocations(page) == Some(all))
    }

    /// Reads the linked program.
    ///
    /// # Errors
    /// Where it is none, or was linked without relocations.
    pub(super) fn of(wasm: &[u8]) -> Result<Self, String> {
        let file = File::of(wasm).map_err(|error| format!("the linked program cannot be read: {error}"))?;
        if file.relocations.is_empty() {
            return Err("the linked program has no relocations: `web/build.rs` asks for them".into());
        }
        let starts: Vec<u32> = file.segments.values().copied().collect();
        let constant = |symbol: &SymbolInfo| match symbol {
            SymbolInfo::Data { symbol: Some(data), .. }
                if file.constant.get(data.index as usize) == Some(&true) =>
            {
                let from = starts.get(data.index as usize)? + data.offset;
                (data.size > 0).then_some((from, from + data.size))
            }
            _ => None,
        };
        let constants: BTreeMap<u32, u32> = file.symbols.iter().filter_map(constant).collect();
        let mut origin = Self { constants, ..Self::default() };
        for name in file.bodies.values().filter_map(|number| file.names.get(number)) {
            origin.of_functions.entry(demangled(name)).or_default();
        }
        origin.tie();
        for (section, entries) in &file.relocations {
            let Some(begin) = file.sections.get(*section as usize) else { continue };
            for entry in entries {
                let at = begin + entry.offset as usize;
                let slot = match entry.ty {
                    RelocationType::TableIndexI32 => Some(word(wasm, at)),
                    RelocationType::TableIndexSleb => Some(number(wasm, at)),
                    _ => None,
                };
                let to = file.symbols.get(entry.index as usize).and_then(constant).map(|(from, _)| from);
                if slot.is_none() && to.is_none() {
                    continue;
                }
                let by = origin.by(&file, at);
                by.slots.extend(slot);
                by.constants.extend(to);
            }
        }
        Ok(origin)
    }

    /// The linker lays a text that another one ends with into that one: whoever has one of them has both.
    fn tie(&mut self) {
        let mut before: Option<(u32, u32)> = None;
        for (from, end) in &self.constants {
            match before {
                Some((outer, reaches)) if *from < reaches => {
                    self.of_constants.entry(outer).or_default().constants.insert(*from);
                    self.of_constants.entry(*from).or_default().constants.insert(outer);
                }
                _ => before = Some((*from, *end)),
            }
        }
    }

    /// Who stands at this place of the file.
    fn by(&mut self, file: &File, at: usize) -> &mut Pointers {
        if let Some((begin, from)) = file.segments.range(..=at).next_back() {
            let address = from + (at - begin) as u32;
            let constant = self.constants.range(..=address).next_back().filter(|(_, end)| address < **end);
            return match constant {
                Some((from, _)) => self.of_constants.entry(*from).or_default(),
                None => &mut self.of_others,
            };
        }
        let name = file.bodies.range(at + 1..).next().and_then(|(_, number)| file.names.get(number));
        self.of_functions.entry(demangled(name.unwrap_or(&""))).or_default()
    }

    /// What a function points to, by its name in the page; nothing where the linker did not know it. wasm-bindgen counts those that
    /// have the same name.
    pub(super) fn of_function(&self, name: &str) -> Option<&Pointers> {
        let counted = || {
            let (before, count) = name.strip_suffix(']')?.rsplit_once('[')?;
            count.bytes().all(|sign| sign.is_ascii_digit()).then(|| self.of_functions.get(before))?
        };
        self.of_functions.get(name).or_else(counted)
    }
}

/// The name as wasm-bindgen writes it.
fn demangled(name: &str) -> String {
    rustc_demangle::try_demangle(name).map_or_else(|_| name.to_owned(), |name| name.to_string())
}

/// Four bytes of data.
fn word(wasm: &[u8], at: usize) -> u32 {
    wasm.get(at..at + 4).into_iter().flatten().rev().fold(0, |sum, byte| sum << 8 | u32::from(*byte))
}

/// A number of code, which the linker writes in five bytes.
fn number(wasm: &[u8], at: usize) -> u32 {
    wasm.get(at..at + 5).into_iter().flatten().rev().fold(0, |sum, byte| sum << 7 | u32::from(byte & 127))
}

impl<'a> File<'a> {
    fn of(wasm: &'a [u8]) -> wasmparser::Result<Self> {
        let mut file = Self::default();
        for payload in Parser::new(0).parse_all(wasm) {
            let payload = payload?;
            if let Some((_, Range { start, .. })) = payload.as_section() {
                file.sections.push(start);
            }
            match payload {
                Payload::ImportSection(imports) => {
                    for import in imports.into_imports() {
                        file.imported += u32::from(matches!(import?.ty, TypeRef::Func(_)));
                    }
                }
                Payload::CodeSectionEntry(body) => {
                    let number = file.imported + file.bodies.len() as u32;
                    file.bodies.insert(body.range().end, number);
                }
                Payload::DataSection(segments) => {
                    for segment in segments {
                        let segment = segment?;
                        let DataKind::Active { offset_expr, .. } = segment.kind else { continue };
                        let Operator::I32Const { value } = offset_expr.get_operators_reader().read()? else {
                            continue;
                        };
                        let begin = segment.data.as_ptr().addr() - wasm.as_ptr().addr();
                        file.segments.insert(begin, value as u32);
                    }
                }
                Payload::CustomSection(custom) => file.custom(custom.as_known())?,
                _ => {}
            }
        }
        Ok(file)
    }

    fn custom(&mut self, section: KnownCustom<'a>) -> wasmparser::Result<()> {
        match section {
            KnownCustom::Linking(linking) => {
                for part in linking.subsections() {
                    match part? {
                        Linking::SegmentInfo(segments) => {
                            for segment in segments {
                                self.constant.push(segment?.name.starts_with(".rodata"));
                            }
                        }
                        Linking::SymbolTable(symbols) => {
                            self.symbols = symbols.into_iter().collect::<Result<_, _>>()?;
                        }
                        _ => {}
                    }
                }
            }
            KnownCustom::Reloc(all) => {
                let entries = all.entries().into_iter().collect::<Result<_, _>>()?;
                self.relocations.push((all.section_index(), entries));
            }
            KnownCustom::Name(parts) => {
                for part in parts {
                    if let Name::Function(names) = part? {
                        for name in names {
                            let name = name?;
                            self.names.insert(name.index, name.name);
                        }
                    }
                }
            }
            _ => {}
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A custom section of these bytes.
    fn custom(name: &str, bytes: &[u8]) -> String {
        let bytes: String = bytes.iter().map(|byte| format!("\\{byte:02x}")).collect();
        format!("(@custom \"{name}\" \"{bytes}\")")
    }

    fn named(name: &str) -> Vec<u8> {
        [&[name.len() as u8], name.as_bytes()].concat()
    }

    /// A part of a section: what it is, how long, and its bytes.
    fn part(kind: u8, bytes: &[u8]) -> Vec<u8> {
        [&[kind, bytes.len() as u8], bytes].concat()
    }

    /// A constant with the address of words and of a function, and a function that has the constant's address.
    fn linked(relocated: bool) -> Vec<u8> {
        // A constant is of kind 1: no flags, its name, its segment, where it begins there, and its size.
        let constant = |name, from| [&[1, 0], &*named(name), &[0, from, 8]].concat();
        let function = [&[0, 0, 0], &*named("f")].concat();
        let symbols = [&[3], &*constant("table", 0), &constant("words", 8), &function].concat();
        let segments = [&[1], &*named(".rodata..table"), &[0, 0]].concat();
        let linking = [&[2], &*part(5, &segments), &part(8, &symbols)].concat();
        // Of the fifth section, the code, and the sixth: what kind, where, which symbol, and how far behind it.
        let code = custom("reloc.CODE", &[5, 1, 4, 4, 0, 0]);
        let data = custom("reloc.DATA", &[6, 2, 5, 7, 1, 0, 2, 11, 2]);
        let relocations = if relocated { code + &data } else { String::new() };
        let text = format!(
            "(module (table 2 funcref) (memory 1) (elem (i32.const 1) $f)
               (func $f (drop (i32.const 64)))
               (data (i32.const 64) \"\\48\\00\\00\\00\\01\\00\\00\\00the word\") {} {relocations})",
            custom("linking", &linking)
        );
        wat::parse_str(text).expect("the text is right")
    }

    #[test]
    fn constants_and_functions_are_known_with_what_they_point_to() {
        let origin = Origin::of(&linked(true)).expect("it can be read");
        assert_eq!(origin.constants, [(64, 72), (72, 80)].into());
        let table = &origin.of_constants[&64];
        assert_eq!((&table.constants, &table.slots), (&[72].into(), &[1].into()));
        let function = origin.of_function("f").expect("it is known");
        assert_eq!((&function.constants, &function.slots), (&[64].into(), &[].into()));
        assert!(origin.of_function("f[1]").is_some() && origin.of_function("g").is_none());
    }

    #[test]
    fn texts_that_share_their_end_are_tied() {
        let mut origin =
            Origin { constants: [(64, 72), (68, 72), (70, 72), (72, 80)].into(), ..Origin::default() };
        origin.tie();
        let tied =
            |from| origin.of_constants.get(&from).map(|to| to.constants.iter().copied().collect::<Vec<_>>());
        assert_eq!(tied(64), Some(vec![68, 70]));
        assert_eq!((tied(68), tied(70), tied(72)), (Some(vec![64]), Some(vec![64]), None));
    }

    #[test]
    fn a_page_is_known_by_the_relocations_that_it_was_left() {
        let (one, other) = (linked(true), linked(false));
        assert!(Origin::is_of(&one, &one) && !Origin::is_of(&one, &other) && !Origin::is_of(&other, &other));
        let said = Origin::of(&other).err().unwrap_or_default();
        assert!(said.contains("no relocations"), "{said}");
    }
}
