//! What Plotters draws on: marks of an SVG picture. Colours are the style sheet's, so that they are those of light and dark, of
//! forced colours and of a projector; what Plotters is told as a colour is the number of an ink.

use std::cell::RefCell;
use std::convert::Infallible;
use std::rc::Rc;

use plotters::style::RGBColor;
use plotters_backend::text_anchor::{HPos, VPos};
use plotters_backend::{
    BackendColor, BackendCoord, BackendStyle, BackendTextStyle, DrawingBackend, DrawingErrorKind,
};

/// Units of the picture in one pixel of the screen: Plotters knows whole numbers alone.
pub(super) const UNITS: u32 = 10;
/// The size of letters, in units.
pub(super) const LETTERS: u32 = 11 * UNITS;
/// How wide a letter is for its height, in hundredths: figures of a sans serif.
const WIDE: u32 = 58;

/// What something is drawn with.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Ink {
    /// Axes and words.
    Frame,
    /// The lines of the grid.
    Grid,
    /// One of the six hues of data, from 1.
    Hue(u8),
    /// What did not go well.
    Bad,
    /// What nobody knows.
    Unsure,
}

impl Ink {
    /// The ink of the nth thing, dashed where the hues begin again.
    pub(super) const fn nth(nth: usize) -> Self {
        Self::Hue((nth % 6) as u8 + 1)
    }

    /// As Plotters is told.
    pub(super) const fn color(self) -> RGBColor {
        match self {
            Self::Frame => RGBColor(0, 0, 0),
            Self::Grid => RGBColor(1, 0, 0),
            Self::Hue(hue) => RGBColor(2, hue, 0),
            Self::Bad => RGBColor(3, 0, 0),
            Self::Unsure => RGBColor(4, 0, 0),
        }
    }

    const fn of(color: BackendColor) -> Self {
        match color.rgb {
            (1, ..) => Self::Grid,
            (2, hue, _) => Self::Hue(hue),
            (3, ..) => Self::Bad,
            (4, ..) => Self::Unsure,
            _ => Self::Frame,
        }
    }

    /// The name of its style.
    pub(super) fn class(self) -> String {
        match self {
            Self::Frame => "frame".into(),
            Self::Grid => "grid".into(),
            Self::Hue(hue) => format!("h{hue}"),
            Self::Bad => "bad".into(),
            Self::Unsure => "unsure".into(),
        }
    }
}

/// A mark of the picture.
#[derive(Clone, PartialEq, Debug)]
pub(super) enum Mark {
    /// Lines one after the other.
    Path { ink: Ink, d: String },
    /// A shape that is filled, faint where it lies behind something.
    Area { ink: Ink, d: String, faint: bool },
    /// Words, and where they are anchored: `start`, `middle` or `end`.
    Words { ink: Ink, x: i32, y: i32, anchor: &'static str, words: String },
}

/// A sheet, and what is on it.
pub(super) struct Paper {
    size: (u32, u32),
    marks: Rc<RefCell<Vec<Mark>>>,
}

type Drawn = Result<(), DrawingErrorKind<Infallible>>;

impl Paper {
    /// An empty one, in units, and where its marks will be.
    pub(super) fn new(size: (u32, u32)) -> (Self, Rc<RefCell<Vec<Mark>>>) {
        let marks = Rc::default();
        (Self { size, marks: Rc::clone(&marks) }, marks)
    }

    fn put(&self, mark: Mark) -> Drawn {
        self.marks.borrow_mut().push(mark);
        Ok(())
    }

    fn shape(&self, color: BackendColor, d: String, fill: bool) -> Drawn {
        let ink = Ink::of(color);
        self.put(if fill { Mark::Area { ink, d, faint: color.alpha < 1.0 } } else { Mark::Path { ink, d } })
    }
}

/// A path through these points.
fn path(points: impl IntoIterator<Item = BackendCoord>) -> String {
    use std::fmt::Write as _;
    let mut d = String::new();
    for (x, y) in points {
        let _ = write!(d, "{}{x} {y}", if d.is_empty() { 'M' } else { 'L' });
    }
    d
}

impl DrawingBackend for Paper {
    type ErrorType = Infallible;

    fn get_size(&self) -> (u32, u32) {
        self.size
    }

    fn ensure_prepared(&mut self) -> Drawn {
        Ok(())
    }

    fn present(&mut self) -> Drawn {
        Ok(())
    }

    fn draw_pixel(&mut self, (x, y): BackendCoord, color: BackendColor) -> Drawn {
        self.shape(color, format!("M{x} {y}h{UNITS}v{UNITS}h-{UNITS}z"), true)
    }

    fn draw_line<S: BackendStyle>(&mut self, from: BackendCoord, to: BackendCoord, style: &S) -> Drawn {
        self.shape(style.color(), path([from, to]), false)
    }

    fn draw_rect<S: BackendStyle>(
        &mut self,
        (left, top): BackendCoord,
        (right, bottom): BackendCoord,
        style: &S,
        fill: bool,
    ) -> Drawn {
        self.shape(style.color(), format!("M{left} {top}H{right}V{bottom}H{left}z"), fill)
    }

    fn draw_path<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(
        &mut self,
        points: I,
        style: &S,
    ) -> Drawn {
        self.shape(style.color(), path(points), false)
    }

    fn draw_circle<S: BackendStyle>(
        &mut self,
        (x, y): BackendCoord,
        radius: u32,
        style: &S,
        fill: bool,
    ) -> Drawn {
        // An arc has two ends that differ: a circle is two of them.
        let (left, wide) = (i64::from(x) - i64::from(radius), 2 * radius);
        let round =
            format!("M{left} {y}a{radius} {radius} 0 1 0 {wide} 0a{radius} {radius} 0 1 0 -{wide} 0z");
        self.shape(style.color(), round, fill)
    }

    fn fill_polygon<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(
        &mut self,
        points: I,
        style: &S,
    ) -> Drawn {
        self.shape(style.color(), path(points) + "z", true)
    }

    fn draw_text<T: BackendTextStyle>(&mut self, words: &str, style: &T, (x, y): BackendCoord) -> Drawn {
        let anchor = match style.anchor().h_pos {
            HPos::Left => "start",
            HPos::Center => "middle",
            HPos::Right => "end",
        };
        // From the edge that is meant to the line that letters stand on.
        let letters = LETTERS as i32;
        let y = y + match style.anchor().v_pos {
            VPos::Top => letters * 4 / 5,
            VPos::Center => letters * 7 / 20,
            VPos::Bottom => -letters / 5,
        };
        self.put(Mark::Words { ink: Ink::of(style.color()), x, y, anchor, words: words.to_owned() })
    }

    fn estimate_text_size<T: BackendTextStyle>(
        &self,
        words: &str,
        _style: &T,
    ) -> Result<(u32, u32), DrawingErrorKind<Infallible>> {
        Ok((words.chars().count() as u32 * LETTERS * WIDE / 100, LETTERS))
    }
}
