//! A plan beside its text: whoever has both does not have to read the text, and does not need what reads texts.
//!
//! It is for canned scenarios, of which a page knows what they mean before anybody has changed a word. What a plan has from its text,
//! such as titles and captions, is told by its place there. All signs are of ASCII that can be seen: a number is written in digits
//! of 32, the lowest first, and one digit more follows a sign from the upper half.

mod basic;
mod kinds;
mod setup;

use splitbrain_core::lab::LabInfo;

use super::{Cue, Expectation, Plan};
use crate::diagnostic::Span;

/// The first of 64 signs: `?`, `@`, the letters, and what stands between them.
const FIRST: u8 = 0x3f;

impl Plan {
    /// The plan of this text, to be [unpacked](Plan::unpacked) with it.
    #[must_use]
    pub fn packed(&self, text: &str) -> String {
        let mut to = Packer { text, at: Place::BEGIN, out: String::new() };
        self.setup.pack(&mut to);
        self.title.pack(&mut to);
        self.about.pack(&mut to);
        to.at = Place::BEGIN;
        self.cues.pack(&mut to);
        self.stop.pack(&mut to);
        self.stop_line.pack(&mut to);
        to.at = Place::BEGIN;
        self.expectations.pack(&mut to);
        to.out
    }

    /// A plan that was packed with this text, in which this lab is named. Nothing, where it was another text or lab.
    #[must_use]
    pub fn unpacked(packed: &str, text: &str, lab: &'static LabInfo) -> Option<Self> {
        let from = &mut Unpacker { text, at: Place::BEGIN, signs: packed, lab };
        let (setup, title, about) = (Packed::unpack(from)?, Packed::unpack(from)?, Packed::unpack(from)?);
        from.at = Place::BEGIN;
        let (cues, stop, stop_line) = (Packed::unpack(from)?, Packed::unpack(from)?, Packed::unpack(from)?);
        from.at = Place::BEGIN;
        let plan = Self { setup, title, about, cues, stop, stop_line, expectations: Packed::unpack(from)? };
        from.signs.is_empty().then_some(plan)
    }
}

/// The place in the text behind what was named last.
#[derive(Clone, Copy)]
struct Place {
    /// Counted from 1.
    line: u32,
    /// In bytes.
    byte: usize,
}

impl Place {
    const BEGIN: Self = Self { line: 1, byte: 0 };

    /// The beginning of a line so many lines further on. From somewhere in a line it is not that line's own.
    fn lines_on(self, lines: usize, text: &str) -> Option<Self> {
        let skipped = text.get(self.byte..)?.split_inclusive('\n').take(lines);
        Some(Self { line: self.line + lines as u32, byte: self.byte + skipped.map(str::len).sum::<usize>() })
    }
}

/// The text between the next two quotation marks: where it begins in this one.
fn next_quoted(text: &str) -> Option<(usize, &str)> {
    let (before, rest) = text.split_once('"')?;
    Some((before.len() + 1, rest.split_once('"')?.0))
}

/// Where a plan is written to.
struct Packer<'a> {
    text: &'a str,
    at: Place,
    out: String,
}

impl Packer<'_> {
    fn number(&mut self, mut number: u64) {
        while number > 31 {
            self.out.push(char::from(FIRST + 32 + (number & 31) as u8));
            number >>= 5;
        }
        self.out.push(char::from(FIRST + number as u8));
    }
}

/// Where a plan is read from.
struct Unpacker<'a> {
    text: &'a str,
    at: Place,
    /// What is still to be read.
    signs: &'a str,
    lab: &'static LabInfo,
}

impl Unpacker<'_> {
    fn number(&mut self) -> Option<u64> {
        let mut number = 0;
        for shift in (0..64).step_by(5) {
            let (sign, rest) = self.signs.split_at_checked(1)?;
            self.signs = rest;
            let digit = sign.as_bytes()[0].checked_sub(FIRST)?;
            number |= u64::from(digit & 31) << shift;
            if digit < 32 {
                return Some(number);
            }
        }
        None
    }
}

/// What a plan is made of.
trait Packed: Sized {
    fn pack(&self, to: &mut Packer<'_>);
    fn unpack(from: &mut Unpacker<'_>) -> Option<Self>;
}

/// A line of the text, or most of it: its number and its words are known by its place.
struct Row {
    line: u32,
    span: Span,
}

impl Packed for Row {
    fn pack(&self, to: &mut Packer<'_>) {
        let (start, end) = (self.span.start as usize, self.span.end as usize);
        let lines = (self.line - to.at.line) as usize;
        let begin = to.at.lines_on(lines, to.text).map_or(start, |at| at.byte);
        let rest = to.text[end..].split('\n').next().unwrap_or_default();
        lines.pack(to);
        (start - begin).pack(to);
        rest.len().pack(to);
        to.at = Place { line: self.line, byte: start };
    }
    fn unpack(from: &mut Unpacker<'_>) -> Option<Self> {
        let lines = usize::unpack(from)?;
        let Place { line, byte } = from.at.lines_on(lines.min(from.text.len()), from.text)?;
        let (indent, cut) = (usize::unpack(from)?, usize::unpack(from)?);
        let whole = from.text.get(byte.checked_add(indent)?..)?.split('\n').next()?;
        let words = whole.get(..whole.len().checked_sub(cut)?)?;
        let start = byte + indent;
        from.at = Place { line, byte: start };
        Some(Self { line, span: Span::new(start, start + words.len()) })
    }
}

impl Packed for Cue {
    fn pack(&self, to: &mut Packer<'_>) {
        let Self { line, span, text: _, when, also, act } = self;
        Row { line: *line, span: *span }.pack(to);
        when.pack(to);
        also.pack(to);
        act.pack(to);
    }
    fn unpack(from: &mut Unpacker<'_>) -> Option<Self> {
        let Row { line, span } = Packed::unpack(from)?;
        let (when, also, act) = Packed::unpack(from)?;
        Some(Self { line, span, text: span.of(from.text).to_owned(), when, also, act })
    }
}

impl Packed for Expectation {
    fn pack(&self, to: &mut Packer<'_>) {
        let Self { line, span, text: _, claim } = self;
        Row { line: *line, span: *span }.pack(to);
        claim.pack(to);
    }
    fn unpack(from: &mut Unpacker<'_>) -> Option<Self> {
        let Row { line, span } = Packed::unpack(from)?;
        Some(Self { line, span, text: span.of(from.text).to_owned(), claim: Packed::unpack(from)? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{catalog, load};

    #[test]
    fn a_canned_scenario_means_what_its_text_means() {
        for canned in catalog::shelves().flat_map(|shelf| shelf.scenarios) {
            let plan = load(canned.text).plan.expect("it is right");
            let lab = plan.setup.lab;
            let packed = plan.packed(canned.text);
            assert!(packed.bytes().all(|sign| (b' '..=b'~').contains(&sign)), "{packed}");
            assert_eq!(Plan::unpacked(&packed, canned.text, lab), Some(plan), "{} {}", lab.id, canned.name);
        }
    }

    #[test]
    fn what_was_packed_otherwise_gives_no_plan() {
        let canned = catalog::find("lease", "no-fencing").expect("it is there");
        let plan = load(canned.text).plan.expect("it is right");
        let (lab, packed) = (plan.setup.lab, plan.packed(canned.text));
        for end in 0..packed.len() {
            assert_eq!(Plan::unpacked(&packed[..end], canned.text, lab), None);
            // Whatever it is, nothing panics.
            let _ = Plan::unpacked(&packed[end..], canned.text, lab);
            for sign in ["", "~", " ", "?", "\u{e9}"] {
                let other = format!("{}{sign}{}", &packed[..end], &packed[end + 1..]);
                let _ = Plan::unpacked(&other, canned.text, lab);
            }
        }
        assert_eq!(Plan::unpacked(&format!("{packed}?"), canned.text, lab), None);
        assert_eq!(Plan::unpacked(&packed, "lab lease", lab), None);
    }
}
