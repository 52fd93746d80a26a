//! Sorts what WebAssembly is made of, so that a browser fetches less of it.
//!
//! Code is a row of instructions, each with its number: a local, an offset, a constant, whom it calls. Brotli finds what
//! repeats in a row of bytes, and here two rows are mixed: an instruction says much of the next one, and little of the number
//! between them. So each kind of number is put into a part of its own, and instructions stand side by side: a tenth and more is
//! saved. What kind a number is of, says its instruction, and of some numbers the next one: a constant that is added is another
//! thing than one that is stored. Nothing is lost, and a static host sends the file as it sends any other. `web/whole.js` puts
//! the code together again, byte by byte, before the browser compiles it.
//!
//! A file begins with the length of the module and of each part. Then come the parts: the first is all up to the first function,
//! but of what it takes from others and gives them, names and numbers stand in parts of their own ([`head`](super::head)). Then
//! comes what stands behind the functions.

use std::iter;

use super::head::bytes_of;
use super::spoken::spoken;

/// The parts, in the order of the file.
#[derive(Clone, Copy)]
pub(super) enum Part {
    /// All that stands before the first function.
    Head,
    /// How far a name of an import or an export is from the one before it.
    Names,
    /// The types of imports; how far an exported function is from the one before it.
    Functions,
    /// Instructions.
    Code,
    /// Locals, by function: how many types they have, and which.
    Locals,
    Blocks,
    Branches,
    Local,
    /// A local that is the address of a load.
    LocalLoaded,
    LocalStored,
    Offset,
    OffsetStored,
    Constant,
    ConstantAdded,
    ConstantMasked,
    ConstantShifted,
    /// A constant before `local.get`.
    ConstantBefore,
    ConstantStored,
    /// Constants of three bytes, the highest first: most are addresses.
    Address,
    Long,
    Float,
    Call,
    /// Whatever is rare.
    Other,
    /// How many locals there are of a type.
    Counts,
}

const PARTS: usize = Part::Counts as usize + 1;
/// Stands for `i32.const` where its number is an [`Part::Address`]. No instruction begins with this byte.
const ADDRESS: u8 = 0xff;

/// A module with its code sorted.
pub(super) fn sorted(wasm: &[u8]) -> Result<Vec<u8>, String> {
    let mut sorter = Sorter { reader: Reader { bytes: wasm, place: 8 }, parts: vec![Vec::new(); PARTS] };
    let end = sorter.head()?;
    for _ in 0..sorter.reader.number()?.0 {
        sorter.function()?;
    }
    if sorter.reader.place != end {
        return Err("the functions do not fill their section".into());
    }
    let instructions = &mut sorter.parts[Part::Code as usize];
    *instructions = spoken(instructions)?;
    let lengths = sorter.parts.iter().map(Vec::len);
    let mut file: Vec<u8> =
        iter::once(wasm.len()).chain(lengths).flat_map(|length| bytes_of(length as u64)).collect();
    sorter.parts.iter().for_each(|part| file.extend(part));
    file.extend(&wasm[end..]);
    Ok(file)
}

pub(super) struct Reader<'a> {
    pub(super) bytes: &'a [u8],
    pub(super) place: usize,
}

impl<'a> Reader<'a> {
    pub(super) fn byte(&mut self) -> Result<u8, String> {
        Ok(self.take(1)?[0])
    }

    pub(super) fn take(&mut self, count: usize) -> Result<&'a [u8], String> {
        let taken = self.bytes.get(self.place..self.place + count).ok_or("the WebAssembly is cut off")?;
        self.place += count;
        Ok(taken)
    }

    /// The byte that comes next. Behind a number there always is an instruction.
    fn next(&self) -> u8 {
        self.bytes.get(self.place).copied().unwrap_or_default()
    }

    /// A number of any length, as one without a sign, and its bytes.
    pub(super) fn number(&mut self) -> Result<(u64, &'a [u8]), String> {
        let start = self.place;
        let mut value = 0;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            value |= u64::from(byte & 127) << shift;
            if byte < 128 {
                return Ok((value, &self.bytes[start..self.place]));
            }
        }
        Err("a number of the WebAssembly is too long".into())
    }
}

pub(super) struct Sorter<'a> {
    pub(super) reader: Reader<'a>,
    parts: Vec<Vec<u8>>,
}

impl Sorter<'_> {
    pub(super) fn put(&mut self, part: Part, bytes: &[u8]) {
        self.parts[part as usize].extend(bytes);
    }

    /// The next number, into this part.
    fn number(&mut self, part: Part) -> Result<u64, String> {
        let (value, bytes) = self.reader.number()?;
        self.put(part, bytes);
        Ok(value)
    }

    fn numbers(&mut self, part: Part, count: u64) -> Result<(), String> {
        (0..count).try_for_each(|_| self.number(part).map(drop))
    }

    fn bytes(&mut self, part: Part, count: usize) -> Result<(), String> {
        let bytes = self.reader.take(count)?;
        self.put(part, bytes);
        Ok(())
    }

    /// A count whose one byte says it.
    fn count(&mut self, part: Part) -> Result<u64, String> {
        let count = self.number(part)?;
        if count < 128 { Ok(count) } else { Err("a function is wider than `web/whole.js` can read".into()) }
    }

    /// One function: its size is not written down, as its last instruction ends it.
    fn function(&mut self) -> Result<(), String> {
        let size = self.reader.number()?.0 as usize;
        let end = self.reader.place + size;
        for _ in 0..self.count(Part::Locals)? {
            self.number(Part::Counts)?;
            self.bytes(Part::Locals, 1)?;
        }
        let mut depth = 1;
        while depth > 0 {
            depth += self.instruction()?;
        }
        if self.reader.place == end { Ok(()) } else { Err("a function does not end where it says".into()) }
    }

    /// One instruction. Gives by how much deeper the next one is.
    fn instruction(&mut self) -> Result<i32, String> {
        let code = self.reader.byte()?;
        if code == 0x41 {
            return self.constant().map(|()| 0);
        }
        self.put(Part::Code, &[code]);
        match code {
            0x02..=0x04 => return self.number(Part::Blocks).map(|_| 1),
            0x0b => return Ok(-1),
            0x0c | 0x0d => self.numbers(Part::Branches, 1)?,
            0x0e => {
                let count = self.count(Part::Branches)?;
                self.numbers(Part::Branches, count + 1)?;
            }
            0x10 => self.numbers(Part::Call, 1)?,
            0x11 | 0x1c => self.numbers(Part::Other, 2)?,
            0x20..=0x22 => {
                let (_, bytes) = self.reader.number()?;
                let part = match self.reader.next() {
                    0x28..=0x35 => Part::LocalLoaded,
                    0x36..=0x3e => Part::LocalStored,
                    _ => Part::Local,
                };
                self.put(part, bytes);
            }
            0x28..=0x3e => {
                // `alike` has seen to that.
                if self.reader.byte()? != 0 {
                    return Err("an address is said to be aligned".into());
                }
                self.numbers(if code < 0x36 { Part::Offset } else { Part::OffsetStored }, 1)?;
            }
            0x23..=0x26 | 0x3f | 0x40 | 0xd0 | 0xd2 => self.numbers(Part::Other, 1)?,
            0x42 => self.numbers(Part::Long, 1)?,
            0x43 => self.bytes(Part::Float, 4)?,
            0x44 => self.bytes(Part::Float, 8)?,
            0xfc => {
                let more = self.number(Part::Other)?;
                let count = match more {
                    0..8 => 0,
                    8 | 10 | 12 | 14 => 2,
                    9 | 11 | 13 | 15..=17 => 1,
                    _ => return Err(format!("`web/whole.js` does not know instruction 0xfc {more}")),
                };
                self.numbers(Part::Other, count)?;
            }
            0x00 | 0x05 | 0x0f | 0x1a | 0x1b | 0x45..=0xc4 | 0xd1 => {}
            _ => return Err(format!("`web/whole.js` does not know instruction {code:#x}")),
        }
        Ok(0)
    }

    /// What is behind `i32.const`.
    fn constant(&mut self) -> Result<(), String> {
        let (value, bytes) = self.reader.number()?;
        // At the end of a number stands its sign: an address has none, and takes no more bytes than it needs.
        if matches!((bytes.len(), value), (3, 0x2000..0x10_0000) | (4, 0x10_0000..0x100_0000)) {
            self.put(Part::Code, &[ADDRESS]);
            self.put(Part::Address, &(value as u32).to_be_bytes()[1..]);
        } else {
            let part = match self.reader.next() {
                0x20 => Part::ConstantBefore,
                0x36..=0x3e => Part::ConstantStored,
                0x6a | 0x6b => Part::ConstantAdded,
                0x71 => Part::ConstantMasked,
                0x74..=0x78 | 0x86..=0x8a => Part::ConstantShifted,
                _ => Part::Constant,
            };
            self.put(Part::Code, &[0x41]);
            self.put(part, bytes);
        }
        Ok(())
    }
}
