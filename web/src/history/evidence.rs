//! What a verdict rests on, as the picture and the list show it.

use splitbrain_core::judge::{Edge, Reason, Verdict, Why};

use super::bars::Bars;
use super::judged::Judged;

/// Orders that are offered. Whoever wants to see more of them asks the command line.
const MOST: usize = 200;

/// One thing that can be shown of a verdict.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Evidence {
    /// What it is called.
    pub(super) title: String,
    /// Operations in an order, by their places in the case.
    pub(super) order: Vec<u32>,
    /// What stands behind the last one of the order.
    pub(super) then: String,
    /// Operations each of which comes before the next.
    pub(super) cycle: Vec<Edge>,
}

/// Everything that can be shown of a verdict.
pub(super) fn evidence(judged: &Judged) -> Vec<Evidence> {
    let count = |order: &[u32]| match order.len() {
        1 => "1 operation".to_owned(),
        many => format!("{many} operations"),
    };
    match &judged.verdict {
        Verdict::Unknown(_) => Vec::new(),
        Verdict::Holds(witness) => {
            let orders = witness.orders.iter().filter(|order| !order.is_empty()).take(MOST);
            orders
                .map(|order| Evidence {
                    title: format!("An order of {}{}", count(order), about(judged, order)),
                    order: order.clone(),
                    then: String::new(),
                    cycle: Vec::new(),
                })
                .collect()
        }
        Verdict::Violated(reason) => {
            let partial = reason.partial.iter().map(|partial| Evidence {
                title: format!("An order of {}, and no further", count(&partial.order)),
                order: partial.order.clone(),
                then: partial.held.clone(),
                cycle: Vec::new(),
            });
            let cycle = Evidence {
                title: format!("A cycle of {}", reason.cycle.len()),
                order: Vec::new(),
                then: String::new(),
                cycle: reason.cycle.clone(),
            };
            partial.chain((!cycle.cycle.is_empty()).then_some(cycle)).take(MOST).collect()
        }
    }
}

/// Of which object an order is, where that has a name.
fn about(judged: &Judged, order: &[u32]) -> String {
    let key = order
        .first()
        .and_then(|first| judged.object(*first))
        .map(|object| judged.judging.subject.key(object));
    key.filter(|key| !key.is_empty()).map_or_else(String::new, |key| format!(" on {key}"))
}

/// What is marked in the picture.
#[derive(Clone, PartialEq, Debug, Default)]
pub(super) struct Marks {
    /// For each bar: nothing, in the order that is shown, in the cycle, or to blame.
    looks: Vec<u8>,
    /// Where the operations of the order take effect, with their bars.
    pub(super) points: Vec<(f64, u32)>,
    /// From bar to bar, and why in two letters.
    pub(super) arrows: Vec<(u32, u32, &'static str)>,
}

impl Marks {
    /// What there is to mark.
    pub(super) fn of(verdict: &Verdict, evidence: Option<&Evidence>, bars: &Bars) -> Self {
        let mut marks = Self { looks: vec![0; bars.all.len()], ..Self::default() };
        if let Some(evidence) = evidence {
            marks.points = bars.points(&evidence.order);
            for (_, bar) in &marks.points {
                marks.looks[*bar as usize] = 1;
            }
            for edge in &evidence.cycle {
                let (Some(from), Some(to)) = (bars.bar(edge.from), bars.bar(edge.to)) else { continue };
                marks.arrows.push((from, to, short(edge.why)));
                marks.looks[from as usize] = 2;
                marks.looks[to as usize] = 2;
            }
        }
        if let Verdict::Violated(reason) = verdict
            && reason.cycle.is_empty()
        {
            for bar in reason.operations.iter().filter_map(|operation| bars.bar(*operation)) {
                // Several may be to blame, and an order may hold some of them.
                if marks.looks[bar as usize] == 0 {
                    marks.looks[bar as usize] = 3;
                }
            }
        }
        marks
    }

    /// How a bar is marked, from 0 on.
    pub(super) fn looks(&self, bar: u32) -> usize {
        self.looks.get(bar as usize).copied().unwrap_or(0).into()
    }
}

/// The operation to begin with: who is to blame, or who is first in a cycle.
pub(super) fn blamed(reason: &Reason) -> Option<u32> {
    reason.cycle.first().map(|edge| edge.from).or_else(|| reason.operations.first().copied())
}

/// Why one comes before the other, as the papers write it.
fn short(why: Why) -> &'static str {
    match why {
        Why::Initial | Why::Own | Why::Session => "so",
        Why::RealTime => "rt",
        Why::Wrote(_) | Why::Older(..) | Why::Conflict(_) => "ww",
        Why::Read(_) => "wr",
        Why::Overwrote(_) => "rw",
    }
}
