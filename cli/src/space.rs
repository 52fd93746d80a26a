//! A scenario as a space, for a search that tries every order. It stands here and not in the language, so that the page does not
//! carry it.

use splitbrain_core::lab::{Args, Refusal};
use splitbrain_core::search::{Budget, Playing};
use splitbrain_core::unit::NodeId;

use splitbrain_scenarios::plan::{Act, Plan, Who};

/// The set-up of a scenario and its requests, each once, in the order of its lines. Its faults are left out: what may go
/// wrong, and how often, is the budget's.
///
/// # Errors
/// Where the lab refuses something, or where nobody knows before the run whom a request is for.
pub(crate) fn space(plan: &Plan, budget: Budget) -> Result<Playing, Refusal> {
    let roster = &plan.setup.roster;
    let mut requests = Vec::new();
    for cue in &plan.cues {
        let Act::Request(who, request, values) = &cue.act else { continue };
        let nodes: Vec<NodeId> = match who {
            Who::Node(node) => vec![*node],
            Who::Servers => roster.servers().collect(),
            Who::Clients => roster.clients().collect(),
            Who::All => roster.iter().map(|(node, _)| node).collect(),
            Who::Leader | Who::Followers | Who::Others | Who::Random => {
                let words = format!("line {}: whom `{}` is for is known in a run alone", cue.line, cue.text);
                return Err(
                    Refusal::new("node", words).help("a search of every order needs a node by its name")
                );
            }
        };
        let of = plan.setup.lab.requests.get(usize::from(*request)).map_or(&[][..], |request| request.of);
        let takes = |node: &NodeId| of.contains(&roster.member(*node).group.name);
        let args = |node| Args { request: *request, node, values: values.clone() };
        requests.extend(nodes.into_iter().filter(takes).map(args));
    }
    Playing::new(&plan.setup, &requests, budget)
}
