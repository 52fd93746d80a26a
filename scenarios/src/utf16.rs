//! Places as JavaScript counts them. The language counts bytes of UTF-8, a browser units of UTF-16.

/// Turns places in bytes into places in units of UTF-16, quickly where they are asked for in their order.
#[derive(Debug)]
pub struct Units<'t> {
    text: &'t str,
    byte: usize,
    units: u32,
}

impl<'t> Units<'t> {
    /// For the places of this text.
    #[must_use]
    pub const fn of(text: &'t str) -> Self {
        Self { text, byte: 0, units: 0 }
    }

    /// The place in units of a place in bytes. Within a letter it is the beginning of that letter, behind the text its end.
    pub fn at(&mut self, byte: u32) -> u32 {
        let mut byte = (byte as usize).min(self.text.len());
        while !self.text.is_char_boundary(byte) {
            byte -= 1;
        }
        if byte < self.byte {
            (self.byte, self.units) = (0, 0);
        }
        self.units += self.text[self.byte..byte].chars().map(|letter| letter.len_utf16() as u32).sum::<u32>();
        self.byte = byte;
        self.units
    }
}

/// The place in bytes of a place in units of UTF-16. Within a letter it is the end of that letter, behind the text its end.
#[must_use]
pub fn byte_at(text: &str, units: u32) -> u32 {
    let mut before = 0;
    let here = text.char_indices().find(|(_, letter)| {
        let is_here = before >= units;
        before += letter.len_utf16() as u32;
        is_here
    });
    here.map_or(text.len(), |(byte, _)| byte) as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_place_between_two_letters_is_found_either_way() {
        for text in ["", "lab lease", "ä “日本” 🧠x\n🧠", "\u{feff}é\r\n"] {
            let units: Vec<u16> = text.encode_utf16().collect();
            let mut forward = Units::of(text);
            for (byte, _) in text.char_indices().chain([(text.len(), ' ')]) {
                let expected = text[..byte].encode_utf16().count() as u32;
                assert_eq!(forward.at(byte as u32), expected, "{text} {byte}");
                assert_eq!(byte_at(text, expected), byte as u32, "{text} {byte}");
                let before = String::from_utf16(&units[..expected as usize]).expect("whole letters");
                assert_eq!(before, text[..byte]);
            }
            assert_eq!(forward.at(0), 0, "and back");
        }
    }

    #[test]
    fn a_place_that_is_none_is_the_nearest_one() {
        let mut units = Units::of("a🧠b");
        assert_eq!((units.at(3), units.at(99), units.at(5)), (1, 4, 3));
        assert_eq!((byte_at("a🧠b", 2), byte_at("a🧠b", 99)), (5, 6));
    }
}
