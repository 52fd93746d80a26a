//! The name of the moment, on the ruler. A name of the ruler that it would cut is hidden meanwhile.

use std::ops::Range;

use wasm_bindgen::JsCast as _;
use web_sys::Element;

use super::{Board, PAD, shifted};
use crate::ui::number::Within as _;

/// Half of its width, in pixels, as the style has it.
const HALF: f64 = 34.0;
/// What is free between it and a name of the ruler.
const APART: f64 = 4.0;

impl Board {
    /// Puts it at this place of the drawing, which is shifted by so much, but within the ruler.
    pub(super) fn place_chip(&mut self, x: f64, shift: f64) {
        let width = self.window.width + 2.0 * PAD;
        let seen = x + shift;
        let gone = seen < -4.0 || seen > width + 4.0;
        let middle = if gone { -9e3 } else { seen.within(HALF, (width - HALF).max(HALF)) - shift };
        shifted(&mut self.text, &self.parts.chip, middle, 0.0);
        let covered = below(&self.picture.names, middle);
        if covered == self.covered {
            return;
        }
        let sheet = self.parts.ruler_sheet.cast::<Element>();
        let Some(names) = sheet.and_then(|sheet| sheet.query_selector_all(".st-time").ok()) else { return };
        for (places, seen) in [(&self.covered, "visible"), (&covered, "hidden")] {
            let names = places.clone().filter_map(|place| names.item(place as u32));
            for name in names.filter_map(|name| name.dyn_into::<Element>().ok()) {
                // A name that stays is cut, and nothing is wrong.
                let _ = name.set_attribute("visibility", seen);
            }
        }
        self.covered = covered;
    }
}

/// Which of these names, each from one place to another and in their order, it would cut or touch.
fn below(names: &[(f64, f64)], middle: f64) -> Range<usize> {
    let (left, right) = (middle - HALF - APART, middle + HALF + APART);
    names.partition_point(|(_, to)| *to <= left)..names.partition_point(|(from, _)| *from < right)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_it_would_cut_is_hidden_and_nothing_else() {
        let names = [(0.0, 20.0), (70.0, 90.0), (140.0, 160.0)];
        assert_eq!(below(&names, 80.0), 1..2);
        assert_eq!(below(&names, 115.0), 1..3);
        assert_eq!(below(&names, 200.0), 3..3);
        assert!(below(&names, -9e3).is_empty());
    }
}
