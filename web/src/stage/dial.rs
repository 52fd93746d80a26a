//! The bezel of a node: the node is a clock. Its hand shows what the node believes, the pointer outside shows true time, which
//! only the viewer can see; the arc between them is the error, the wedge around the hand what the clock itself admits.

use splitbrain_core::view::{ClockView, Life, NodeView};
use yew::prelude::*;

use crate::ui::geometry::{Point, path, short};
use crate::ui::number::Within as _;

/// Lengths of one turn, in microseconds: such that errors can be seen, and a person can say the number.
const TURNS: [u64; 15] = [
    200_000,
    500_000,
    1_000_000,
    2_000_000,
    5_000_000,
    10_000_000,
    30_000_000,
    60_000_000,
    120_000_000,
    300_000_000,
    600_000_000,
    1_800_000_000,
    3_600_000_000,
    12 * 3_600_000_000,
    24 * 3_600_000_000,
];
/// One turn where no clock is wrong.
const CALM: u64 = 1_000_000;
/// The largest error of all covers at most this part of a turn.
const PART: u64 = 5;

/// How long one turn of every bezel is: the largest error or uncertainty is seen, and does not go round.
pub(super) fn turn(nodes: &[NodeView]) -> u64 {
    let worst = nodes
        .iter()
        .filter(|node| node.life != Life::Crashed)
        .map(|node| node.clock.error.unsigned_abs().max(node.clock.uncertainty.0))
        .max()
        .unwrap_or(0);
    if worst == 0 {
        return CALM;
    }
    TURNS.into_iter().find(|turn| worst.saturating_mul(PART) <= *turn).unwrap_or(TURNS[TURNS.len() - 1])
}

/// The angle of a time on a bezel, in degrees clockwise from the top.
pub(super) fn degrees(micros: f64, turn: u64) -> f64 {
    let turns = micros / turn as f64;
    (turns - turns.floor()) * 360.0
}

/// What moves on a bezel between two steps.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) struct Hands {
    /// When the clock was read, in microseconds of true time.
    pub(super) read: f64,
    /// The error then.
    pub(super) error: f64,
    /// How fast it drifts, in parts per million.
    pub(super) drift: f64,
    /// What the node's own clock read when it froze with the node, if it did.
    pub(super) frozen: Option<f64>,
    pub(super) turn: u64,
}

impl Hands {
    pub(super) fn new(node: &NodeView, now: u64, turn: u64) -> Self {
        let ClockView { monotonic, error, drift, .. } = node.clock;
        // A suspended machine's own clock stands still; only the time of day will be right again when it wakes.
        let frozen = (node.life == Life::Suspended).then_some(monotonic.0 as f64 + error as f64);
        Self { read: now as f64, error: error as f64, drift: f64::from(drift), frozen, turn }
    }

    /// The angle of true time.
    pub(super) fn truth(&self, now: f64) -> f64 {
        degrees(now, self.turn)
    }

    /// The angle of the hand.
    pub(super) fn hand(&self, now: f64) -> f64 {
        let drifted = (now - self.read) * self.drift / 1e6;
        degrees(self.frozen.unwrap_or(now + self.error + drifted), self.turn)
    }
}

const MIDDLE: Point = Point::new(0.0, 0.0);
/// The top of the dial.
const TOP: f64 = -90.0;

/// A part of a ring, from one angle to another.
fn band(inner: i32, outer: i32, from: f64, to: f64) -> String {
    let (to, large) = (to.min(from + 359.9), i32::from(to - from > 180.0));
    let [a, b, c, d] = [(outer, from), (outer, to), (inner, to), (inner, from)]
        .map(|(r, angle)| MIDDLE.polar(f64::from(r), angle));
    let at = |point: Point| format!("{} {}", short(point.x), short(point.y));
    format!(
        "M{}A{outer} {outer} 0 {large} 1 {}L{}A{inner} {inner} 0 {large} 0 {}z",
        at(a),
        at(b),
        at(c),
        at(d)
    )
}

fn arc(radius: i32, from: f64, to: f64) -> String {
    let [a, b] = [from, to].map(|angle| MIDDLE.polar(f64::from(radius), angle));
    let large = i32::from(to - from > 180.0);
    format!("M{} {}A{radius} {radius} 0 {large} 1 {} {}", short(a.x), short(a.y), short(b.x), short(b.y))
}

fn ticks() -> String {
    (0..12)
        .map(|hour| {
            let inner = if hour % 3 == 0 { 35.5 } else { 37.0 };
            let angle = f64::from(hour) * 30.0;
            path(&[MIDDLE.polar(inner, angle), MIDDLE.polar(40.0, angle)])
        })
        .collect()
}

/// Draws the bezel. Hand and pointer stand at the top; who follows the playhead turns them.
pub(super) fn draw(node: &NodeView, turn: u64) -> Html {
    let dead = node.life == Life::Crashed;
    let per = 360.0 / turn as f64;
    let error = (node.clock.error as f64 * per).within(-359.0, 359.0);
    let unsure = (node.clock.uncertainty.0 as f64 * per).min(179.9);
    let pointer =
        path(&[MIDDLE.polar(42.5, TOP), MIDDLE.polar(49.0, TOP - 6.0), MIDDLE.polar(49.0, TOP + 6.0)]);
    let still = matches!(node.life, Life::Suspended);
    let hand = if still { "hand frozen" } else { "hand" };
    html! {
        <g class="dial">
            <circle class="bezel" r="36" />
            <path class="tick" d={ticks()} />
            if !dead {
                <g data-hand={node.id.0.to_string()}>
                    if unsure > 0.5 {
                        <path class="unc" d={band(32, 40, TOP - unsure, TOP + unsure)} />
                    }
                    <path class={hand} d="M0 -31V-41.5" />
                </g>
                <g data-truth={node.id.0.to_string()}>
                    if error.abs() > 3.0 && !still {
                        <path class="driftarc" d={arc(44, TOP + error.min(0.0), TOP + error.max(0.0))} />
                    }
                    <path class="truth" d={format!("{pointer}z")} />
                </g>
            }
        </g>
    }
}

#[cfg(test)]
pub(super) mod tests {
    use splitbrain_core::unit::{LocalTime, Span};

    use super::*;
    use crate::marks::tests::node;

    fn wrong(error: i64, uncertainty: u64) -> NodeView {
        let clock = ClockView { error, uncertainty: Span(uncertainty), ..ClockView::default() };
        NodeView { clock, ..node() }
    }

    #[test]
    fn one_turn_lets_the_largest_error_be_seen() {
        assert_eq!(turn(&[node()]), 1_000_000);
        for error in [4_000, -38_000, 900_000, 3_600_000_000_i64] {
            let turn = turn(&[node(), wrong(error, 0)]);
            let part = error.unsigned_abs() as f64 / turn as f64;
            assert!(part <= 0.2 && part > 0.015, "{error} is {part} of {turn}");
        }
        assert_eq!(turn(&[wrong(0, 250_000)]), 2_000_000);
    }

    #[test]
    fn the_hand_goes_on_between_steps_and_drifts() {
        let clock = ClockView { error: 50_000, drift: 1_000, ..ClockView::default() };
        let hands = Hands::new(&NodeView { clock, ..node() }, 1_000_000, 1_000_000);
        assert!((hands.hand(1_000_000.0) - 18.0).abs() < 1e-9);
        // A second later the clock has gained a millisecond.
        assert!((hands.hand(2_000_000.0) - 18.36).abs() < 1e-9);
        assert!((hands.truth(1_250_000.0) - 90.0).abs() < 1e-9);
    }

    #[test]
    fn the_hand_of_a_suspended_node_stands_still() {
        let clock = ClockView { monotonic: LocalTime(250_000), ..ClockView::default() };
        let node = NodeView { clock, life: Life::Suspended, ..node() };
        let hands = Hands::new(&node, 9_000_000, 1_000_000);
        assert!((hands.hand(9_100_000.0) - 90.0).abs() < 1e-9);
        assert!((hands.hand(9_900_000.0) - 90.0).abs() < 1e-9);
    }

    #[test]
    fn arcs_take_the_long_way_only_where_it_is_long() {
        assert!(arc(44, -90.0, 60.0).contains("0 0 1"));
        assert!(arc(44, -90.0, 120.0).contains("0 1 1"));
        assert!(band(32, 40, 0.0, 90.0).ends_with('z'));
    }
}
