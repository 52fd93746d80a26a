//! What stands before a module's functions: what it takes from others and gives them is set apart ([`sorted`](super::sorted)).
//!
//! Parts of the page give each other a thousand functions, whose names are numbers of two letters, in order. A name is sent as
//! how far it is from the one before it, and so is the number of the function that it exports.

use super::sorted::{Part, Reader, Sorter};
use super::split::ALPHABET;

const IMPORTS: u8 = 2;
const EXPORTS: u8 = 7;
const CODE: u8 = 10;
const FUNCTION: u8 = 0;

/// Imports or exports that follow each other: functions whose names have two letters.
#[derive(Default)]
struct Run {
    /// Where they begin and end in the module.
    from: usize,
    end: usize,
    entries: Vec<Entry>,
}

struct Entry {
    /// Of an import, the module's only letter.
    module: Option<u8>,
    name: u64,
    /// Of an import its type, of an export its function.
    index: u64,
}

impl Sorter<'_> {
    /// All before the first function. Gives where the section of functions ends.
    ///
    /// The head says three times how many bytes follow, these bytes, and how many entries follow: imports the first time, then
    /// exports, then none. Of an import the head has the module.
    pub(super) fn head(&mut self) -> Result<usize, String> {
        let (mut imports, mut exports) = (Run::default(), Run::default());
        let end = loop {
            let kind = self.reader.byte()?;
            let size = self.reader.number()?.0 as usize;
            let end = self.reader.place + size;
            match kind {
                IMPORTS => imports = run(&mut self.reader, true)?,
                EXPORTS => exports = run(&mut self.reader, false)?,
                CODE => break end,
                _ => {}
            }
            self.reader.place = end;
        };
        let mut from = 0;
        for run in [imports, exports] {
            let start = run.from.max(from);
            self.entries(&(from..start), &run.entries);
            from = run.end.max(from);
        }
        let code = self.reader.place;
        self.reader.number()?;
        self.entries(&(from..self.reader.place), &[]);
        self.reader.place = code;
        Ok(end)
    }

    /// Some bytes of the module as they are, and then some entries.
    fn entries(&mut self, before: &std::ops::Range<usize>, entries: &[Entry]) {
        self.put(Part::Head, &bytes_of(before.len() as u64));
        self.put(Part::Head, &self.reader.bytes[before.clone()]);
        self.put(Part::Head, &bytes_of(entries.len() as u64));
        let (mut name, mut index) = (0, 0);
        for entry in entries {
            self.put(Part::Names, &bytes_of(step(name, entry.name)));
            name = entry.name;
            if let Some(module) = entry.module {
                self.put(Part::Head, &[module]);
                self.put(Part::Functions, &bytes_of(entry.index));
            } else {
                self.put(Part::Functions, &bytes_of(step(index, entry.index)));
                index = entry.index;
            }
        }
    }
}

/// The first functions of a section that follow each other and have names of two letters.
fn run(reader: &mut Reader<'_>, imports: bool) -> Result<Run, String> {
    let mut run = Run::default();
    for _ in 0..reader.number()?.0 {
        let start = reader.place;
        let module = if imports { Some(text(reader)?) } else { None };
        let name = number_of(text(reader)?);
        let kind = reader.byte()?;
        let module = module.map(|module| <[u8; 1]>::try_from(module).ok().map(|[letter]| letter));
        let Some(name) = name.filter(|_| kind == FUNCTION && module != Some(None)) else {
            if run.entries.is_empty() {
                reader.place = start;
                skip(reader, imports)?;
                continue;
            }
            break;
        };
        if run.entries.is_empty() {
            run.from = start;
        }
        let index = reader.number()?.0;
        run.entries.push(Entry { module: module.flatten(), name, index });
        run.end = reader.place;
    }
    Ok(run)
}

fn text<'a>(reader: &mut Reader<'a>) -> Result<&'a [u8], String> {
    let count = reader.number()?.0 as usize;
    reader.take(count)
}

/// Goes past an entry of any kind.
fn skip(reader: &mut Reader<'_>, import: bool) -> Result<(), String> {
    if import {
        text(reader)?;
    }
    text(reader)?;
    let kind = reader.byte()?;
    match (import, kind) {
        (false, _) | (_, FUNCTION) => reader.number().map(drop),
        // Tables and memories have limits, and tables a type before them.
        (true, 1 | 2) => {
            if kind == 1 {
                reader.byte()?;
            }
            let has_most = reader.byte()? & 1 != 0;
            reader.number()?;
            if has_most { reader.number().map(drop) } else { Ok(()) }
        }
        (true, 3) => reader.take(2).map(drop),
        _ => Err(format!("an import of kind {kind} is none that rustc writes")),
    }
}

/// How far it is from one number to another; the lowest bit is the sign.
fn step(from: u64, to: u64) -> u64 {
    if to < from { (from - to) * 2 - 1 } else { (to - from) * 2 }
}

/// The bytes of a number without a sign.
pub(super) fn bytes_of(mut number: u64) -> Vec<u8> {
    let mut bytes = Vec::new();
    while number > 127 {
        bytes.push(number as u8 | 128);
        number >>= 7;
    }
    bytes.push(number as u8);
    bytes
}

/// A name of two letters, in the order of their bytes, as a number.
fn number_of(name: &[u8]) -> Option<u64> {
    let letter = |sign: u8| ALPHABET.iter().position(|letter| *letter == sign);
    let [first, second] = *name else { return None };
    Some((letter(first)? * ALPHABET.len() + letter(second)?) as u64)
}
