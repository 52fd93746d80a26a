//! Numbers, words, and what is made of several of one kind.

use std::rc::Rc;

use splitbrain_core::unit::Word;

use super::{Packed, Packer, Unpacker, next_quoted};

/// How a text is told: by the next quotation marks, by where it stands, or as it is.
const QUOTED: u64 = 0;
const FOUND: u64 = 1;
const ITSELF: u64 = 2;

macro_rules! numbers {
    ($($number:ty)+) => {$(
        impl Packed for $number {
            fn pack(&self, to: &mut Packer<'_>) {
                to.number(*self as u64);
            }
            fn unpack(from: &mut Unpacker<'_>) -> Option<Self> {
                from.number()?.try_into().ok()
            }
        }
    )+};
}

numbers! { u8 u32 u64 usize }

impl Packed for bool {
    fn pack(&self, to: &mut Packer<'_>) {
        u8::from(*self).pack(to);
    }
    fn unpack(from: &mut Unpacker<'_>) -> Option<Self> {
        Some(u8::unpack(from)? > 0)
    }
}

impl Packed for i64 {
    /// A small number of either sign is a small one without.
    fn pack(&self, to: &mut Packer<'_>) {
        to.number(((self << 1) ^ (self >> 63)) as u64);
    }
    fn unpack(from: &mut Unpacker<'_>) -> Option<Self> {
        let number = from.number()?;
        Some((number >> 1) as i64 ^ -((number & 1) as i64))
    }
}

impl Packed for i32 {
    fn pack(&self, to: &mut Packer<'_>) {
        i64::from(*self).pack(to);
    }
    fn unpack(from: &mut Unpacker<'_>) -> Option<Self> {
        i64::unpack(from)?.try_into().ok()
    }
}

impl Packed for String {
    /// What stands between the next two quotation marks of the text, or somewhere else behind what was named last, or itself.
    fn pack(&self, to: &mut Packer<'_>) {
        let rest = &to.text[to.at.byte..];
        let quoted = next_quoted(rest).filter(|(_, quoted)| quoted == self);
        // What is short takes no more signs than its place.
        let found = rest.find(self.as_str()).filter(|_| self.len() > 6);
        match (quoted, found) {
            (Some((start, _)), _) => {
                to.number(QUOTED);
                to.at.byte += start + self.len() + 1;
            }
            (_, Some(start)) => {
                to.number(FOUND);
                start.pack(to);
                self.len().pack(to);
                to.at.byte += start + self.len();
            }
            _ => {
                to.number(ITSELF);
                self.len().pack(to);
                to.out.push_str(self);
            }
        }
    }
    fn unpack(from: &mut Unpacker<'_>) -> Option<Self> {
        let rest = from.text.get(from.at.byte..)?;
        let (found, end) = match from.number()? {
            QUOTED => next_quoted(rest).map(|(start, found)| (found, start + found.len() + 1))?,
            FOUND => {
                let (start, length) = (usize::unpack(from)?, usize::unpack(from)?);
                let end = start.checked_add(length)?;
                (rest.get(start..end)?, end)
            }
            _ => {
                let length = usize::unpack(from)?;
                let (own, rest) = from.signs.split_at_checked(length)?;
                from.signs = rest;
                return Some(own.to_owned());
            }
        };
        from.at.byte += end;
        Some(found.to_owned())
    }
}

impl Packed for Word {
    fn pack(&self, to: &mut Packer<'_>) {
        self.as_str().to_owned().pack(to);
    }
    fn unpack(from: &mut Unpacker<'_>) -> Option<Self> {
        Self::new(&String::unpack(from)?).ok()
    }
}

impl<T: Packed> Packed for Option<T> {
    fn pack(&self, to: &mut Packer<'_>) {
        self.is_some().pack(to);
        self.iter().for_each(|inner| inner.pack(to));
    }
    fn unpack(from: &mut Unpacker<'_>) -> Option<Self> {
        if bool::unpack(from)? { T::unpack(from).map(Some) } else { Some(None) }
    }
}

impl<T: Packed> Packed for Vec<T> {
    fn pack(&self, to: &mut Packer<'_>) {
        self.len().pack(to);
        self.iter().for_each(|item| item.pack(to));
    }
    fn unpack(from: &mut Unpacker<'_>) -> Option<Self> {
        // As many as are there: a wrong count asks for no memory.
        let mut all = Self::new();
        for _ in 0..usize::unpack(from)? {
            all.push(T::unpack(from)?);
        }
        Some(all)
    }
}

impl<T: Packed + Clone> Packed for Rc<[T]> {
    fn pack(&self, to: &mut Packer<'_>) {
        self.to_vec().pack(to);
    }
    fn unpack(from: &mut Unpacker<'_>) -> Option<Self> {
        Vec::unpack(from).map(Into::into)
    }
}

macro_rules! tuples {
    ($($name:ident)+) => {
        impl<$($name: Packed),+> Packed for ($($name),+) {
            fn pack(&self, to: &mut Packer<'_>) {
                #[expect(non_snake_case, reason = "a part is called as its type")]
                let ($($name),+) = self;
                $($name.pack(to);)+
            }
            fn unpack(from: &mut Unpacker<'_>) -> Option<Self> {
                Some(($($name::unpack(from)?),+))
            }
        }
    };
}

tuples! { A B }
tuples! { A B C }
