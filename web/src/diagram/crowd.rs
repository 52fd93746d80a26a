//! Where there is more than can be told apart: densities instead of marks.

use super::canvas::Canvas;
use super::paint::Scene;

/// The width of a column, in pixels, and how many records in it are still drawn one by one. With more in it, a column shows how
/// much happened at each node, and nothing else but what fell and what was disturbed.
const COLUMN: f64 = 48.0;
pub(super) const CROWD: u32 = 24;
/// The width of a bar of a density, in pixels.
const BAR: f64 = 4.0;
/// Records that are looked at for the densities of one drawing; in a longer part, every second, third, … one counts.
const LOOKED_AT: u32 = 200_000;

/// The window in columns.
pub(super) struct Columns {
    from: f64,
    /// How long a column is on the axis.
    step: f64,
    /// How many records had happened at the left edge of each column, and at the right edge of the last.
    marks: Vec<u32>,
}

impl Columns {
    pub(super) fn new(scene: &Scene) -> Self {
        let count = (scene.width / COLUMN).ceil().max(1.0) as usize;
        let step = COLUMN / scene.scale;
        let end = scene.timeline().len();
        // A record that happens right at an edge belongs to the column on its right.
        let before = |place: f64| scene.axis.step(place - 1e-9 * step).min(end);
        let mut marks: Vec<u32> = (0..=count).map(|nth| before(scene.from + nth as f64 * step)).collect();
        if scene.from <= 0.0 {
            marks[0] = 0;
        }
        Self { from: scene.from, step, marks }
    }

    /// The first record in the window, and the one behind the last.
    pub(super) fn records(&self) -> (u32, u32) {
        (self.marks[0], self.marks[self.marks.len() - 1])
    }

    fn is_dense(&self, column: usize) -> bool {
        match (self.marks.get(column), self.marks.get(column + 1)) {
            (Some(from), Some(to)) => to - from > CROWD,
            _ => false,
        }
    }

    /// Whether marks are drawn at a place.
    pub(super) fn shows(&self, place: f64) -> bool {
        let column = (place - self.from) / self.step;
        column < 0.0 || !self.is_dense(column as usize)
    }

    /// Whether there is any column without marks.
    pub(super) fn crowded(&self) -> bool {
        (0..self.marks.len() - 1).any(|column| self.is_dense(column))
    }

    /// Records that are drawn one by one: from which to which.
    pub(super) fn thin(&self) -> Vec<(u32, u32)> {
        let mut out: Vec<(u32, u32)> = Vec::new();
        for column in (0..self.marks.len() - 1).filter(|column| !self.is_dense(*column)) {
            let (from, to) = (self.marks[column], self.marks[column + 1]);
            match out.last_mut().filter(|last| last.1 == from) {
                Some(last) => last.1 = to,
                None => out.push((from, to)),
            }
        }
        // Without a record a part is still a part: messages may be under way.
        out.retain(|(from, to)| from < to || out_is_single(*from, *to, self));
        out
    }
}

/// A window in which nothing happens at all.
fn out_is_single(from: u32, to: u32, columns: &Columns) -> bool {
    (from, to) == columns.records()
}

/// Bars as high as much happened at a node, on its lane.
pub(super) fn densities(scene: &Scene, columns: &Columns, out: &mut Canvas) {
    let dense: Vec<usize> = (0..columns.marks.len() - 1).filter(|column| columns.is_dense(*column)).collect();
    let all: u32 = dense.iter().map(|column| columns.marks[column + 1] - columns.marks[*column]).sum();
    let stride = (all / LOOKED_AT + 1).max(1);
    let bars = (COLUMN / BAR) as usize;
    let nodes = scene.lanes.y.len();
    let mut counts = vec![0_u32; nodes * bars];
    for column in dense {
        counts.fill(0);
        let left = columns.from + column as f64 * columns.step;
        let (from, to) = (columns.marks[column], columns.marks[column + 1]);
        // Places are asked for at the edges of bars alone.
        let mut next = from;
        for bar in 0..bars {
            let edge = left + columns.step * (bar + 1) as f64 / bars as f64;
            let end = if bar + 1 == bars { to } else { scene.axis.step(edge).clamp(next, to) };
            for record in (next..end).step_by(stride as usize) {
                let node = scene.timeline().row(record).and_then(splitbrain_core::timeline::Row::node);
                if let Some(count) = node.and_then(|node| counts.get_mut(node.index() * bars + bar)) {
                    *count += stride;
                }
            }
            next = end;
        }
        let mut pen = out.path("st-crowd");
        for node in &scene.lanes.order {
            let y = scene.y(*node);
            for bar in 0..bars {
                let count = counts[node.index() * bars + bar];
                if count > 0 {
                    let height =
                        2.0 * f64::from(32 - count.leading_zeros()).min(scene.lanes.pitch / 2.0 - 2.0);
                    let x = scene.x(left) + (bar as f64 + 0.5) * BAR;
                    pen.to(x, y - height / 2.0).down(height);
                }
            }
        }
    }
}
